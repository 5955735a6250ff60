"""Files that are written beside their place first, so that nobody ever reads half of one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def draft_of(file: Path) -> Iterator[IO[bytes]]:
    """A new file beside this one, open for writing, that only its owner can read; `name` is where.

    Flush it and put it in place within the block; what was not put in place is gone after it. Its
    name is nobody else's, another thread's of this process included: of two who shared a draft one
    would empty what the other has just put in place. The folder is made where it is missing.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = tempfile.NamedTemporaryFile(prefix=f"{file.name}.", dir=file.parent, delete=False)  # noqa: SIM115 - closed below
    try:
        with draft:
            yield draft
    finally:
        Path(draft.name).unlink(missing_ok=True)
