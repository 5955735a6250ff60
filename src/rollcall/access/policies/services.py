"""The only writer of policies, IP lists, defaults and break-glass accounts.

Every verb records its event in the transaction of its change. A change that would keep out too
many, or the last administrator, is undone unless it was confirmed.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from django.db import transaction

from rollcall.access.policies import books, drafting, foresight
from rollcall.access.policies.decision import condition_parsing
from rollcall.access.policies.decision.facts import ResourceType
from rollcall.access.policies.decision.faults import Fault, Malformed
from rollcall.access.policies.decision.parsing import Document
from rollcall.access.policies.decision.policy import DEFAULTS, Default
from rollcall.access.policies.errors import Gone, InUse, NeedsConfirmation
from rollcall.access.policies.models import (
    AccessPolicy,
    BreakGlass,
    Edition,
    IpList,
    ResourceDefault,
)
from rollcall.accounts.actors import account_target
from rollcall.accounts.models import Account
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.recording import Target
from rollcall.core.actor import Actor
from rollcall.privacy.mentions import erase_mentions

MOST_POLICIES: Final = 500
MOST_LISTS: Final = 500
Row = TypeVar("Row", AccessPolicy, IpList)


def create_policy(actor: Actor, document: Document, *, confirmed: bool = False) -> AccessPolicy:
    """A new policy.

    Raises:
        Malformed: it cannot be kept as it is.
        NeedsConfirmation: see the module.
    """
    with _changing(actor, confirmed):
        _refuse_too_many(AccessPolicy.objects.count(), MOST_POLICIES, "policies")
        policy = drafting.filled(AccessPolicy(), document)
        policy.save(force_insert=True)
        recording.record(actor, Action.POLICY_CREATE, _target(policy), after=_shown(policy))
    return policy


def update_policy(
    actor: Actor, id_: str, changes: Mapping[str, Any], *, confirmed: bool = False
) -> AccessPolicy:
    """The policy with these fields of `Document` changed; those left out stay.

    Raises:
        Gone: there is no such policy.
        Malformed, NeedsConfirmation: as `create_policy`.
    """
    with _changing(actor, confirmed):
        policy = _held(AccessPolicy, id_)
        before = _shown(policy)
        now = books.document(policy)
        fields = {name: getattr(now, name) for name in Document.__dataclass_fields__}
        drafting.filled(policy, Document(**{**fields, **changes})).save()
        after = _shown(policy)
        recording.record(actor, Action.POLICY_UPDATE, _target(policy), before=before, after=after)
    return policy


def delete_policy(actor: Actor, id_: str, *, confirmed: bool = False) -> AccessPolicy:
    """Delete the policy; as it was.

    Raises:
        Gone: there is no such policy.
        NeedsConfirmation: what it let in, the default would not.
    """
    with _changing(actor, confirmed):
        policy = _held(AccessPolicy, id_)
        AccessPolicy.objects.filter(pk=id_).delete()
        recording.record(actor, Action.POLICY_DELETE, _target(policy), before=_shown(policy))
    return policy


def create_ip_list(actor: Actor, values: Mapping[str, Any], *, confirmed: bool = False) -> IpList:
    """A new IP list of `name`, `description` and `ips`.

    Raises:
        Malformed: it cannot be kept as it is.
    """
    with _changing(actor, confirmed):
        _refuse_too_many(IpList.objects.count(), MOST_LISTS, "IP lists")
        ip_list = drafting.listed(IpList(), {"name": "", **values})
        ip_list.save(force_insert=True)
        recording.record(actor, Action.IP_LIST_CREATE, _target(ip_list), after=_shown(ip_list))
    return ip_list


def update_ip_list(
    actor: Actor, id_: str, values: Mapping[str, Any], *, confirmed: bool = False
) -> IpList:
    """The IP list with these fields changed.

    Raises:
        Gone: there is no such list.
        Malformed: it cannot be kept as it is.
        NeedsConfirmation: see the module.
    """
    with _changing(actor, confirmed):
        ip_list = _held(IpList, id_)
        before = _shown(ip_list)
        drafting.listed(ip_list, values).save()
        after = _shown(ip_list)
        recording.record(actor, Action.IP_LIST_UPDATE, _target(ip_list), before=before, after=after)
    return ip_list


def delete_ip_list(actor: Actor, id_: str) -> IpList:
    """Delete the IP list; as it was.

    Raises:
        Gone: there is no such list.
        InUse: a policy names it.
    """
    with _changing(actor, confirmed=True):
        ip_list = _held(IpList, id_)
        naming = [
            policy.name
            for policy in AccessPolicy.objects.all()
            if id_ in condition_parsing.address_lists(policy.conditions)
        ]
        if naming:
            raise InUse(naming)
        IpList.objects.filter(pk=id_).delete()
        recording.record(actor, Action.IP_LIST_DELETE, _target(ip_list), before=_shown(ip_list))
    return ip_list


def set_default(
    actor: Actor, resource: ResourceType, default: Default, *, confirmed: bool = False
) -> None:
    """Say what becomes of whom no policy of this resource speaks of.

    Raises:
        NeedsConfirmation: see the module.
    """
    with _changing(actor, confirmed):
        before = books.defaults().get(resource, DEFAULTS[resource])
        if before is default:
            return
        ResourceDefault.objects.update_or_create(
            resource=resource.value, defaults={"action": default.value}
        )
        recording.record(
            actor,
            Action.POLICY_DEFAULT_SAVE,
            Target("authn_policy_default", name=resource.value),
            before={"action": before.value},
            after={"action": default.value},
        )


def set_break_glass(actor: Actor, account: Account, wanted: bool) -> bool:
    """Let no policy keep this account out, or take that away; whether anything changed."""
    with transaction.atomic():
        if wanted:
            _, changed = BreakGlass.objects.get_or_create(account=account)
        else:
            changed = bool(BreakGlass.objects.filter(account=account).delete()[0])
        if changed:
            recording.record(
                actor,
                Action.BREAK_GLASS_CHANGE,
                account_target(account),
                before={"break_glass": not wanted},
                after={"break_glass": wanted},
            )
    return changed


@contextmanager
def _changing(actor: Actor, confirmed: bool) -> Iterator[None]:
    """A change of the rulebook: one at a time, a new edition, undone where it must be confirmed."""
    with transaction.atomic():
        # First: whoever changes it at the same moment waits here, and sees what this one has done.
        _new_edition()
        before = None if confirmed else books.read()
        yield
        if before is not None:
            foreseen = foresight.foresee(before, books.read(), actor.address)
            if foreseen.is_grave:
                raise NeedsConfirmation(foreseen)


def hold() -> None:
    """Wait for whoever changes conditional access now; held until the caller's transaction ends.

    For whoever compares what is stored with what somebody saw, before it is changed.
    """
    _new_edition()


def forget_person(words: Collection[str]) -> int:
    """Take a person's id and e-mails out of the policies; out of how many."""
    with transaction.atomic():
        # What stands there instead names nobody: a policy for one person is then for none.
        rows = erase_mentions(AccessPolicy.objects.all(), ("targets", "conditions"), words)
        if rows:
            _new_edition()
    return rows


def _new_edition() -> None:
    Edition.objects.update_or_create(pk=1, defaults={"token": uuid.uuid4()})


def _held(model: type[Row], id_: str) -> Row:
    row = model._default_manager.select_for_update().filter(pk=id_).first()
    if row is None:
        raise Gone
    return row


def _refuse_too_many(count: int, most: int, what: str) -> None:
    if count >= most:
        raise Malformed(Fault(what, f"there are {most} already; delete one first"))


def _target(row: AccessPolicy | IpList) -> Target:
    kind = "authn_policy" if isinstance(row, AccessPolicy) else "ip_list"
    return Target(kind, row.pk, row.name)


def _shown(row: AccessPolicy | IpList) -> dict[str, Any]:
    if isinstance(row, IpList):
        return {"name": row.name, "description": row.description, "ips": row.ips}
    names = ("name", "description", "disabled", "type", "targets", "conditions", "effect")
    return {name: getattr(row, name) for name in names}
