"""One scheme for every secret at rest: the first key of the file seals, each of them opens."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.fernet import Fernet
from pytest_django.fixtures import Settings

import rollcall
from rollcall.core import key_ring, sealing
from rollcall.core.key_ring import SealBroken

SEALING_NOTHING = {
    "access/oidc/signing_keys.py": "signatures; the keys themselves are sealed as everything is",
    "access/saml/certificates.py": "signatures; the keys themselves are sealed as everything is",
    "access/saml/connections.py": "fingerprints of certificates",
    "access/saml/configuration.py": "certificates of applications",
    "access/saml/messages/bindings.py": "signatures of applications",
    "access/saml/messages/encryption.py": "assertions, for the key of their application",
    "access/saml/messages/responses.py": "certificates of applications",
    "access/saml/messages/signatures.py": "signatures",
    "access/saml/views/reading.py": "signatures of applications",
    "accounts/password_hashing.py": "hashes",
    "accounts/ssh_keys.py": "people's public keys, read to be checked",
    "core/veiled_file.py": "what is gone with the process, and its key with it",
}
"""What else cryptography is used for."""


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Settings) -> Path:
    """Where the keys of an installation of our own are kept."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "sealing.key"


def test_an_old_key_still_opens_what_it_sealed() -> None:
    sealed = sealing.seal("a secret")
    key_ring.add()
    assert sealing.unseal(sealed) == "a secret"


def test_the_newest_key_seals(key_file: Path) -> None:
    sealing.seal("the first key is made here")
    key_ring.add()
    newest = Fernet(key_file.read_text().split()[0])
    assert newest.decrypt(sealing.seal("a secret")) == b"a secret"


def test_what_an_old_key_sealed_is_sealed_anew_once() -> None:
    sealed = sealing.seal("a secret")
    assert sealing.resealed(sealed) is None
    key_ring.add()
    renewed = sealing.resealed(sealed)
    assert renewed is not None
    assert sealing.resealed(renewed) is None
    key_ring.keep_newest()
    assert sealing.unseal(renewed) == "a secret"


def test_a_wrong_key_says_which_setting_and_which_file_to_mend(key_file: Path) -> None:
    sealed = sealing.seal("a secret")
    key_file.write_text(Fernet.generate_key().decode())
    for open_it in (sealing.unseal, sealing.resealed):
        with pytest.raises(SealBroken, match=r"sealing\.key.*ROLLCALL_DATA_DIR"):
            open_it(sealed)


@pytest.mark.parametrize("content", [b"", b"no key\n", b"\xff\xfe\x00"], ids=repr)
def test_a_damaged_file_of_keys_is_never_written_over(key_file: Path, content: bytes) -> None:
    key_file.write_bytes(content)
    for attempt in (key_ring.add, key_ring.keep_newest, lambda: sealing.seal("a secret")):
        with pytest.raises(SealBroken, match="damaged"):
            attempt()
    assert key_file.read_bytes() == content


def test_nobody_else_may_read_the_keys(key_file: Path) -> None:
    key_ring.size()
    key_ring.add()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_there_is_no_second_scheme() -> None:
    package = Path(rollcall.__file__).parent
    users = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if "cryptography" in file.read_text(encoding="utf-8")
    }
    assert users - set(SEALING_NOTHING) == {"core/key_ring.py", "core/sealing.py"}


def test_threads_that_need_the_first_key_at_once_get_the_same_one(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_file.unlink(missing_ok=True)
    threads = 8
    together = Barrier(threads)
    generate = Fernet.generate_key

    def generated_together() -> bytes:
        together.wait()
        return generate()

    monkeypatch.setattr(Fernet, "generate_key", generated_together)
    with ThreadPoolExecutor(threads) as pool:
        sealed = list(pool.map(lambda _: key_ring.ring().encrypt(b"word"), range(threads)))
    assert {key_ring.ring().decrypt(one) for one in sealed} == {b"word"}
    assert [file.name for file in key_file.parent.iterdir()] == [key_file.name]
