"""`rollcall.toml` is read where only this user can have put it, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rollcall.core.configuration import ConfigurationError, load

NAME = "rollcall.toml"
ADDRESS = "https://planted.example"


def put(folder: Path, address: str = ADDRESS) -> Path:
    """A settings file in this folder, which only its owner can write."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    file = folder / NAME
    file.write_text(f'personio_url = "{address}"', encoding="utf-8")
    file.chmod(0o600)
    return file


def of(tmp_path: Path, **more: str) -> dict[str, str]:
    """The environment of a user with an empty data folder and no settings."""
    return {
        "ROLLCALL_DATA_DIR": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        **more,
    }


def test_the_folder_of_the_command_is_never_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "downloads")
    monkeypatch.chdir(tmp_path / "downloads")
    found = load(of(tmp_path))
    assert found.file is None
    assert found.get("PERSONIO_URL") == ""


@pytest.mark.parametrize("place", ["data", "config/rollcall"])
def test_the_data_folder_and_the_configuration_folder_are(tmp_path: Path, place: str) -> None:
    file = put(tmp_path / place)
    found = load(of(tmp_path))
    assert found.file == file
    assert found.get("PERSONIO_URL") == ADDRESS


def test_the_data_folder_comes_first_and_one_file_is_read(tmp_path: Path) -> None:
    put(tmp_path / "config" / "rollcall")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / NAME).touch(mode=0o600)
    assert load(of(tmp_path)).get("PERSONIO_URL") == ""


def test_without_a_word_the_configuration_folder_is_in_the_users_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    put(tmp_path / ".config" / "rollcall")
    # a relative one is none, says the XDG Base Directory Specification
    assert load(of(tmp_path, XDG_CONFIG_HOME="here")).get("PERSONIO_URL") == ADDRESS


@pytest.mark.parametrize("place", ["data", "config/rollcall", "named"])
@pytest.mark.parametrize("rights", [0o666, 0o602])
def test_a_file_that_others_can_write_is_refused(tmp_path: Path, place: str, rights: int) -> None:
    file = put(tmp_path / place)
    file.chmod(rights)
    environ = of(tmp_path, **({"ROLLCALL_CONFIG": str(file)} if place == "named" else {}))
    with pytest.raises(ConfigurationError, match="can be written by others"):
        load(environ)


@pytest.mark.parametrize("place", ["data", "config/rollcall", "named"])
def test_a_file_in_a_folder_that_others_can_write_is_refused(tmp_path: Path, place: str) -> None:
    file = put(tmp_path / place)
    file.parent.chmod(0o777)
    environ = of(tmp_path, **({"ROLLCALL_CONFIG": str(file)} if place == "named" else {}))
    with pytest.raises(ConfigurationError, match="can be written by others"):
        load(environ)


def test_a_link_to_a_file_is_judged_by_the_file(tmp_path: Path) -> None:
    open_to_all = put(tmp_path / "shared")
    open_to_all.parent.chmod(0o777)
    put(tmp_path / "data").unlink()
    (tmp_path / "data" / NAME).symlink_to(open_to_all)
    with pytest.raises(ConfigurationError, match="can be written by others"):
        load(of(tmp_path))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    file = put(tmp_path / "data")
    os.chown(file, 65534, 65534)
    with pytest.raises(ConfigurationError, match="belongs to another user"):
        load(of(tmp_path))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to a group")
def test_a_group_with_nobody_else_in_it_may_write_it(tmp_path: Path) -> None:
    file = put(tmp_path / "data")
    file.chmod(0o660)
    assert load(of(tmp_path)).file == file  # root's own group
    os.chown(file, 0, 65534)
    with pytest.raises(ConfigurationError, match="can be written by others"):
        load(of(tmp_path))


def test_in_a_sticky_folder_nobody_can_replace_it(tmp_path: Path) -> None:
    file = put(tmp_path / "data")
    file.parent.chmod(0o1777)
    assert load(of(tmp_path)).file == file


def test_a_link_in_a_folder_that_others_can_write_is_refused(tmp_path: Path) -> None:
    """They would let it lead elsewhere."""
    file = put(tmp_path / "mine")
    put(tmp_path / "data").unlink()
    (tmp_path / "data" / NAME).symlink_to(file)
    assert load(of(tmp_path)).get("PERSONIO_URL") == ADDRESS
    (tmp_path / "data").chmod(0o777)
    with pytest.raises(ConfigurationError, match="can be written by others"):
        load(of(tmp_path))


def test_each_link_on_the_way_is_looked_at(tmp_path: Path) -> None:
    file = put(tmp_path / "mine")
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "link").symlink_to(file)
    put(tmp_path / "data").unlink()
    (tmp_path / "data" / NAME).symlink_to(Path("..") / "open" / "link")
    assert load(of(tmp_path)).get("PERSONIO_URL") == ADDRESS
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(ConfigurationError, match="can be written by others"):
        load(of(tmp_path))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a link away")
def test_a_link_of_another_user_is_refused(tmp_path: Path) -> None:
    file = put(tmp_path / "mine")
    put(tmp_path / "data").unlink()
    link = tmp_path / "data" / NAME
    link.symlink_to(file)
    os.chown(link, 65534, 65534, follow_symlinks=False)
    with pytest.raises(ConfigurationError, match="belongs to another user"):
        load(of(tmp_path))


def test_a_folder_further_up_that_everybody_can_write_is_refused(tmp_path: Path) -> None:
    """Whoever can rename the folders between puts others in their place."""
    file = put(tmp_path / "shared" / "own" / "data")
    assert load(of(tmp_path, ROLLCALL_CONFIG=str(file))).file == file
    (tmp_path / "shared").chmod(0o777)
    with pytest.raises(ConfigurationError, match="can be written by others"):
        load(of(tmp_path, ROLLCALL_CONFIG=str(file)))
    (tmp_path / "shared").chmod(0o1777)
    assert load(of(tmp_path, ROLLCALL_CONFIG=str(file))).file == file


def test_a_relative_folder_of_data_in_the_environment_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The XDG Base Directory Specification says so; it would be the folder of the command."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "here" / "rollcall")
    found = load({"XDG_DATA_HOME": "here", "XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert found.file is None
    assert found.data_dir == tmp_path / ".local" / "share" / "rollcall"
