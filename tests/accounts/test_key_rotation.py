"""Rotation of the keys: everything stored is sealed anew, and old keys can be removed then."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from django.apps import apps
from django.db.models import BinaryField
from django.utils import timezone
from pytest_django.fixtures import Settings

from rollcall.accounts import key_rotation
from rollcall.accounts.models import Account
from rollcall.audit.models import Cut, Event, Seal
from rollcall.core import key_ring, sealing
from rollcall.database import sealed_columns
from rollcall.database.sealed_columns import SealedField, Tally
from rollcall.mail.models import OutgoingMessage
from tests.actors import TESTER

pytestmark = pytest.mark.django_db

TOTP_SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Settings) -> Path:
    """An installation with keys of its own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def message(number: int, content: bytes) -> OutgoingMessage:
    """An e-mail in the outbox."""
    now = timezone.now()
    return OutgoingMessage(
        message_id=f"{number}@example.org",
        content=content,
        due_at=now,
        expires_at=now + timedelta(days=1),
    )


@pytest.fixture
def account() -> Account:
    """Somebody with an authenticator app and recovery codes."""
    account = Account.objects.create(email="mara.voss@example.org")
    TOTP.activate(account, TOTP_SECRET)
    RecoveryCodes.activate(account)
    return account


def codes(account: Account) -> Any:
    """The recovery codes that the account has now."""
    factor = Authenticator.objects.get(user=account, type=Authenticator.Type.RECOVERY_CODES)
    return RecoveryCodes(factor).generate_codes()


def total() -> Tally:
    """What a rotation does to all that is stored."""
    return sum(key_rotation.rotate(TESTER).values(), Tally())


def test_after_a_rotation_the_old_key_can_go_and_everything_opens(account: Account) -> None:
    before = codes(account)
    sent = message(1, b"")
    waiting = message(2, sealing.seal_bytes(b"a link"))
    OutgoingMessage.objects.bulk_create([sent, waiting])
    assert total() == Tally(resealed=3)
    assert key_rotation.forget_old_keys(TESTER) == 1
    assert key_ring.size() == 1
    waiting.refresh_from_db()
    assert sealing.unseal_bytes(waiting.content) == b"a link"
    factor = Authenticator.objects.get(user=account, type=Authenticator.Type.TOTP)
    assert sealing.unseal(factor.data["secret"].encode()) == TOTP_SECRET
    assert codes(account) == before


def test_a_rotation_that_is_asked_for_again_goes_on_with_the_same_key(account: Account) -> None:
    total()
    late = message(1, Fernet(_keys()[-1]).encrypt(b"sealed by a process that was late"))
    late.save()
    assert total() == Tally(resealed=1, fresh=2)
    assert total() == Tally(fresh=3)
    assert key_ring.size() == 2


def test_an_old_key_stays_while_something_needs_it(account: Account) -> None:
    key_ring.add()
    with pytest.raises(key_rotation.OldKeysNeeded, match=r"2 stored secrets.*secrets rotate"):
        key_rotation.forget_old_keys(TESTER)
    assert key_ring.size() == 2


def test_what_opens_with_no_key_is_counted_and_left_alone(account: Account) -> None:
    foreign = message(1, Fernet(Fernet.generate_key()).encrypt(b"another installation's"))
    foreign.save()
    content = foreign.content
    assert total() == Tally(resealed=2, broken=1)
    foreign.refresh_from_db()
    assert bytes(foreign.content) == content
    assert key_rotation.forget_old_keys(TESTER) == 1


def test_a_rotation_in_stretches_reaches_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_columns, "CHUNK", 3)
    sealed = sealing.seal_bytes(b"a link")
    OutgoingMessage.objects.bulk_create([message(number, sealed) for number in range(8)])
    assert total() == Tally(resealed=8)


def test_who_rotated_and_what_came_of_it_is_in_the_audit_trail(account: Account) -> None:
    total()
    key_rotation.forget_old_keys(TESTER)
    events = Event.objects.filter(target_type="sealing_keys").order_by("pk")
    assert [event.action for event in events] == [
        "sealing.key.add",
        "sealing.reseal",
        "sealing.keys.forget",
    ]
    assert events[1].after == {"resealed": 2, "fresh": 0, "broken": 0}
    assert {event.actor_name for event in events} == {TESTER.name}


DIGESTS_ONLY = (Seal, Cut)
"""Models whose bytes are digests, signatures and salts: nothing that a key could open."""


def test_every_column_for_bytes_is_one_that_a_rotation_knows() -> None:
    columns = [
        field
        for model in apps.get_models()
        if model.__module__.startswith("rollcall.")
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField) and model not in DIGESTS_ONLY
    ]
    assert columns
    assert all(isinstance(field, SealedField) for field in columns)


def _keys() -> list[str]:
    return key_ring.key_file().read_text().split()
