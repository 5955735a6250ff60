"""What stands in a veiled file can be read from it, and from nowhere else."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.core.veiled_file import veiled_file

SECRET = b"ada.lovelace@example.com;Ada;Lovelace\n"


@given(st.lists(st.binary(max_size=100), max_size=20), st.data())
def test_what_was_written_is_read_at_any_place(pieces: list[bytes], data: st.DataObject) -> None:
    written = b"".join(pieces)
    with veiled_file() as file:
        for piece in pieces:
            file.write(piece)
        place = data.draw(st.integers(0, len(written)))
        file.seek(place)
        assert file.read() == written[place:]
        file.seek(0)
        assert file.read() == written


def test_it_goes_on_behind_what_was_read() -> None:
    with veiled_file() as file:
        file.write(b"first\n" * 5000)
        file.seek(6)
        assert file.readline() == b"first\n"
        file.seek(0, io.SEEK_END)
        file.write(b"last\n")
        file.seek(30_000)
        assert file.readlines() == [b"last\n"]


def test_the_disk_holds_nothing_that_can_be_read() -> None:
    with veiled_file() as file:
        file.write(SECRET * 1000)
        file.flush()
        plain = file.raw._file.fileno()  # type: ignore[attr-defined]  # what is on the disk
        stored = os.pread(plain, 1_000_000, 0)
    assert len(stored) == len(SECRET) * 1000
    assert b"ada" not in stored
    assert b"\n" * 8 not in stored


def test_two_files_with_the_same_content_have_nothing_in_common() -> None:
    stored = []
    for _ in range(2):
        with veiled_file() as file:
            file.write(SECRET)
            file.flush()
            stored.append(os.pread(file.raw._file.fileno(), 100, 0))  # type: ignore[attr-defined]
    assert stored[0] != stored[1]


def test_nothing_is_written_twice_at_one_place() -> None:
    with veiled_file() as file:
        file.write(SECRET)
        file.flush()
        file.raw.seek(0)
        with pytest.raises(io.UnsupportedOperation):
            file.raw.write(SECRET)
        file.raw.seek(0, io.SEEK_END)
