"""`rollcall.toml`: where it may stand, whether it can be trusted, and what it says.

The file names servers, hosts and secrets, so whoever can write it is an administrator. It is never
taken from the folder where a command happens to be started, and never where another user of the
machine could have written it.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rollcall.core.sections import ConfigurationError

FILE_NAME: Final = "rollcall.toml"


def find(environ: Mapping[str, str], data_dir: Path) -> Path | None:
    """The settings file: the one that `ROLLCALL_CONFIG` names, else the first that is there.

    Looked for in the data folder, then in the user's configuration folder (the XDG Base Directory
    Specification's `$XDG_CONFIG_HOME`, or `~/.config`).

    Raises:
        ConfigurationError: `ROLLCALL_CONFIG` names a file that is not there.
    """
    if named := environ.get("ROLLCALL_CONFIG"):
        file = Path(named).expanduser()
        if not file.is_file():
            raise ConfigurationError(f"ROLLCALL_CONFIG names `{named}`, and there is no such file")
        return file
    candidates = (data_dir / FILE_NAME, _user_folder(environ) / FILE_NAME)
    return next((file for file in candidates if file.is_file()), None)


def read(file: Path) -> dict[str, str]:
    """The file's settings by their environment names.

    Raises:
        ConfigurationError: others can write the file; it cannot be read, is not TOML, or holds a
            value that is not text or a number.
    """
    try:
        _refuse_foreign(file)
        content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{file.name} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file.name} is not valid TOML: {error}") from None
    values: dict[str, str] = {}
    for key, value in content.items():
        if not isinstance(value, str | int | float):
            raise ConfigurationError(f"{file.name}: `{key}` must be a text or a number")
        # Which prefixes there are is the rooms' matter: a key may be a whole name or lack ours.
        values |= {key.upper(): str(value), f"ROLLCALL_{key.upper()}": str(value)}
    return values


def _user_folder(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_CONFIG_HOME", "")
    # the specification: "if an implementation encounters a relative path … ignore it"
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".config") / "rollcall"


def _refuse_foreign(file: Path) -> None:
    # As it is named, and where its links lead: whoever can replace either says what is read.
    for step in _way(file):
        status = step.lstat()
        # Of root or of whoever runs this: anybody else's file could name servers and keys of theirs
        if status.st_uid not in (0, os.geteuid()):
            raise ConfigurationError(f"{step} belongs to another user, and is not read: `chown` it")
        # a link has the rights of its folder, whatever its own say
        if not stat.S_ISLNK(status.st_mode) and _others_write(status):
            raise ConfigurationError(
                f"{step} can be written by others, and is not read: `chmod go-w`"
            )
        _refuse_open_folders(step)


def _way(file: Path) -> Iterator[Path]:
    """The file by its name, each link on the way to it, and the file itself."""
    step = file.absolute()
    while step.is_symlink():
        yield step
        step = step.parent / step.readlink()
    yield file.resolve(strict=True)


def _refuse_open_folders(file: Path) -> None:
    own, *above = (folder.stat() for folder in file.parents)
    # Further up a group counts as trusted: several systems have folders of their administrators'.
    open_above = any(status.st_mode & stat.S_IWOTH and not _is_sticky(status) for status in above)
    if open_above or (not _is_sticky(own) and _others_write(own)):
        raise ConfigurationError(
            f"{file.parent} can be written by others, and so {file.name} in it is not read: "
            "`chmod go-w`"
        )


def _is_sticky(status: os.stat_result) -> bool:
    """Whether nobody there can replace a file that is not theirs, as in /tmp."""
    return bool(status.st_mode & stat.S_ISVTX)


def _others_write(status: os.stat_result) -> bool:
    if status.st_mode & stat.S_IWOTH:
        return True
    return bool(status.st_mode & stat.S_IWGRP) and not _is_private_group(status)


def _is_private_group(status: os.stat_result) -> bool:
    """Whether the group is its owner's alone: several systems give everybody one (umask 002)."""
    import grp
    import pwd

    try:
        owner, group = pwd.getpwuid(status.st_uid), grp.getgrgid(status.st_gid)
    except KeyError:
        return False
    return group.gr_name == owner.pw_name and set(group.gr_mem) <= {owner.pw_name}
