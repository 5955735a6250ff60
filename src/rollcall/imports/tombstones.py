"""Tombstones: who was erased is not made anew by an import, though the source still lists them.

A tombstone holds no name, no e-mail and no id, but a digest (HMAC-SHA256) of the id that the
source knows the person by. Its key is the audit log's, which is sealed with a key outside of the
database: from the database alone nobody can tell whose a tombstone is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from rollcall.audit import signing
from rollcall.audit.actions import Action
from rollcall.audit.recording import Target, record
from rollcall.audit.signing import SigningKeys
from rollcall.core.actor import Actor
from rollcall.directory.models import ExternalIdentity
from rollcall.imports.models import Tombstone
from rollcall.provisioning.employee import Employee, Supervisor

PURPOSE: Final = "tombstone"
KEPT_FOR: Final = timedelta(days=365)
"""How long a tombstone outlives the last import that met the person."""


@dataclass(frozen=True, slots=True)
class Grave:
    """Who was erased, by the account and the id that somebody asked for, and on which day."""

    account: str
    employee_id: str
    day: date

    @property
    def name(self) -> str:
        """What names the person and nobody else."""
        return f"{self.account}:{self.employee_id}"


@dataclass(frozen=True, slots=True)
class Erased:
    """Whom of one account it has erased, as an import asks while it reads."""

    account: str
    _keys: SigningKeys
    _erased_at: Mapping[str, datetime]
    _bare: dict[str, bool] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._erased_at)

    def day(self, employee_id: str) -> date | None:
        """When this person was erased; None for anybody else."""
        if not self._erased_at:
            return None
        for digest in _digests(self._keys, self.account, employee_id):
            if moment := self._erased_at.get(digest):
                return timezone.localdate(moment)
        return None

    def among(self, employee_ids: Iterable[str]) -> dict[str, str]:
        """Those of these people who were erased, with the day (ISO 8601)."""
        days = ((employee_id, self.day(employee_id)) for employee_id in employee_ids)
        return {employee_id: day.isoformat() for employee_id, day in days if day is not None}

    def bare(self, employee_ids: Iterable[str]) -> dict[str, str]:
        """Those of whom nothing but the id is to be kept, with the day (ISO 8601)."""
        return {id_: day for id_, day in self.among(employee_ids).items() if self._is_bare(id_)}

    def without_words(self, employee: Employee) -> Employee:
        """The employee without what the source says of somebody who was erased, but for the id."""
        if self._is_bare(employee.id):
            return Employee(employee.id, row=employee.row)
        boss = employee.supervisor
        if isinstance(boss, Supervisor) and boss.email and self._is_bare(boss.id):
            return replace(employee, supervisor=Supervisor(boss.id))
        return employee

    def _is_bare(self, employee_id: str) -> bool:
        # many report to one person
        if employee_id not in self._bare:
            self._bare[employee_id] = self.day(employee_id) is not None and not _carried(
                self.account, employee_id
            )
        return self._bare[employee_id]


def put_up(identities: Iterable[tuple[str, str]]) -> int:
    """Remember that these people, each an account and an id there, were erased.

    Raises:
        SealBroken: the installation's keys are damaged.
    """
    graves = [
        Tombstone(account=account, digest=_digests(SigningKeys((key,)), account, employee_id)[0])
        for key in signing.load_or_make().keys[:1]
        for account, employee_id in identities
    ]
    Tombstone.objects.bulk_create(graves, ignore_conflicts=True)
    return len(graves)


def erased_of(account: str) -> Erased:
    """Whom of this account Rollcall has erased."""
    rows = dict(Tombstone.objects.filter(account=account).values_list("digest", "erased_at"))
    return Erased(account, signing.load() if rows else SigningKeys(()), rows)


def find(text: str) -> list[Grave]:
    """The erased people whom this may mean: an id at a source, alone or as `account:id`."""
    named, _, employee_id = text.strip().rpartition(":")
    accounts = Tombstone.objects.order_by("account").values_list("account", flat=True).distinct()
    if named:
        accounts = accounts.filter(account=named)
    days = ((account, erased_of(account).day(employee_id)) for account in accounts)
    return [Grave(account, employee_id, day) for account, day in days if day is not None]


@transaction.atomic
def readmit(actor: Actor, grave: Grave) -> bool:
    """Let this person be imported again; False where somebody else has done so just now."""
    digests = _digests(signing.load(), grave.account, grave.employee_id)
    gone, _ = Tombstone.objects.filter(account=grave.account, digest__in=digests).delete()
    if gone:
        # the account and the day, and not the person: they may be erased again
        after = {"account": grave.account, "erased_on": grave.day.isoformat()}
        record(actor, Action.PERSON_READMIT, Target("person"), after=after)
    return bool(gone)


def note_met(erased: Erased, employee_ids: Iterable[str], *, complete: bool) -> None:
    """Note who was met in an account; after a complete read, forget those long gone from it.

    The clock alone forgets nobody: somebody whom the source still lists keeps the tombstone.
    """
    now = timezone.now()
    signing_keys = signing.load() if erased else SigningKeys(())
    digests = [
        digest
        for employee_id in employee_ids
        for digest in _digests(signing_keys, erased.account, employee_id)
    ]
    of_account = Tombstone.objects.filter(account=erased.account)
    for start in range(0, len(digests), 500):
        of_account.filter(digest__in=digests[start : start + 500]).update(met_at=now)
    if complete:
        of_account.filter(met_at__lt=now - KEPT_FOR).delete()


def _digests(keys: SigningKeys, account: str, employee_id: str) -> list[str]:
    """What stands for the person, under each of the keys that open."""
    content = f"{account}\0{employee_id}".encode()
    return [SigningKeys((key,)).sign(PURPOSE, content).hex() for key in keys.keys]


def _carried(account: str, employee_id: str) -> bool:
    """Whether a user carries this employee: somebody has let the person in by another door."""
    return ExternalIdentity.objects.filter(source=account, external_id=employee_id).exists()
