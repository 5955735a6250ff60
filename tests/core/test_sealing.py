"""One scheme for every secret at rest: the first key of the file seals, each of them opens."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pytest_django.fixtures import Settings

import rollcall
from rollcall.core import key_ring, sealing
from rollcall.core.key_ring import SealBroken


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
    assert users == {"core/key_ring.py", "core/sealing.py"}
