"""Public SSH keys: what is taken as one, and what is not."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from rollcall.accounts import ssh_keys
from rollcall.accounts.errors import SshKeyRefusedError
from rollcall.accounts.ssh_keys import Fault
from rollcall.accounts.user_models import SshKey
from rollcall.audit.models import Event
from rollcall.directory.models import User
from tests.actors import ADMIN

KNOWN = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
    "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
)
"""GitHub's published host key, with the fingerprint that GitHub publishes for it."""


def line(key: object) -> str:
    """The line of a `.pub` file."""
    public = key.public_key()  # type: ignore[attr-defined]  # any kind of private key
    return str(public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())


def fault_of(text: str) -> Fault:
    with pytest.raises(SshKeyRefusedError) as caught:
        ssh_keys.parse(text)
    return caught.value.fault


def test_the_fingerprint_is_the_one_that_ssh_keygen_tells() -> None:
    parsed = ssh_keys.parse(f"  {KNOWN[0]} somebody@laptop\n")
    assert (parsed.line, parsed.fingerprint) == KNOWN


def test_the_usual_types_are_taken() -> None:
    for key in (
        ed25519.Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP521R1()),
        rsa.generate_private_key(65537, 2048),
    ):
        assert ssh_keys.parse(line(key)).line == line(key)


def test_a_private_key_is_told_as_one_and_is_in_no_message() -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    text = private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    assert fault_of(text) is Fault.PRIVATE
    assert text.split()[5] not in Fault.PRIVATE.value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 !!!!",
        "hello there",
        'command="rm" ' + KNOWN[0],
        KNOWN[0] + "\n" + KNOWN[0],
        KNOWN[0].replace("ssh-ed25519", "ssh-rsa"),
        KNOWN[0][:-8],
        "ssh-ed25519 " + "A" * 9000,
    ],
)
def test_what_is_no_line_of_a_key_is_refused(text: str) -> None:
    assert fault_of(text) is Fault.MALFORMED


def test_weak_and_outdated_keys_are_refused() -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it is to be refused
    assert fault_of(line(weak)) is Fault.WEAK
    encoded = base64.b64encode(b"\0\0\0\x07ssh-dss" + b"\0" * 20).decode()
    assert fault_of(f"ssh-dss {encoded}") is Fault.TYPE


@pytest.mark.django_db
def test_a_key_is_there_once_and_removed_by_its_owner_alone() -> None:
    mara = User.objects.create(username="mara", email="mara@example.org")
    lena = User.objects.create(username="lena", email="lena@example.org")
    key = ssh_keys.add(ADMIN, mara, "Laptop", KNOWN[0])
    with pytest.raises(SshKeyRefusedError) as caught:
        ssh_keys.add(ADMIN, mara, "Again", KNOWN[0])
    assert caught.value.fault is Fault.THERE
    ssh_keys.add(ADMIN, lena, "Shared", KNOWN[0])
    assert not ssh_keys.remove(ADMIN, lena, key.pk)
    assert ssh_keys.remove(ADMIN, mara, key.pk)
    assert [row.user_id for row in SshKey.objects.all()] == [lena.pk]
    events = Event.objects.filter(action__startswith="user.ssh_key.").order_by("pk")
    assert [event.action.rpartition(".")[2] for event in events] == ["add", "add", "remove"]
    assert KNOWN[0].split()[1] not in str(list(events.values()))


@pytest.mark.django_db
def test_a_user_has_a_bounded_number_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_keys, "MOST", 1)
    mara = User.objects.create(username="mara", email="mara@example.org")
    ssh_keys.add(ADMIN, mara, "Laptop", KNOWN[0])
    with pytest.raises(SshKeyRefusedError) as caught:
        ssh_keys.add(ADMIN, mara, "Other", line(ed25519.Ed25519PrivateKey.generate()))
    assert caught.value.fault is Fault.TOO_MANY


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "  ", "x" * 256, "a\u202eb"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    mara = User.objects.create(username="mara", email="mara@example.org")
    with pytest.raises(SshKeyRefusedError) as caught:
        ssh_keys.add(ADMIN, mara, name, KNOWN[0])
    assert caught.value.fault is Fault.NAME
