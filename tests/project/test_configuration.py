"""Settings are read from the environment first, else from rollcall.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollcall.core.configuration import ConfigurationError, allowed_hosts, load


def written(folder: Path, text: str) -> dict[str, str]:
    """The environment of a user whose data folder holds this settings file."""
    file = folder / "rollcall.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return {"ROLLCALL_DATA_DIR": str(folder), "HOME": str(folder)}


def test_the_file_is_read(tmp_path: Path) -> None:
    found = load(written(tmp_path, 'personio_url = "https://a.example"\ntime_zone = "UTC"'))
    assert found.get("PERSONIO_URL") == "https://a.example"
    assert found.get("ROLLCALL_TIME_ZONE") == "UTC"


def test_the_environment_wins(tmp_path: Path) -> None:
    environ = written(tmp_path, 'personio_url = "https://a.example"')
    found = load({**environ, "PERSONIO_URL": "https://b.example"})
    assert found.get("PERSONIO_URL") == "https://b.example"


def test_an_empty_variable_leaves_the_file_its_say(tmp_path: Path) -> None:
    environ = written(tmp_path, 'personio_url = "https://a.example"')
    assert load({**environ, "PERSONIO_URL": ""}).get("PERSONIO_URL") == "https://a.example"


def test_numbers_may_be_written_as_numbers(tmp_path: Path) -> None:
    found = load(written(tmp_path, "personio_requests_per_minute = 120"))
    assert found.get("PERSONIO_REQUESTS_PER_MINUTE") == "120"


@pytest.mark.parametrize(
    ("text", "said"),
    [("data_dir = ", "rollcall.toml is not valid TOML"), ("hosts = ['a']", "`hosts` must be")],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        load(written(tmp_path, text))


def test_another_file_can_be_named(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('personio_url = "https://c.example"', encoding="utf-8")
    found = load({**written(tmp_path, 'personio_url = "x"'), "ROLLCALL_CONFIG": str(other)})
    assert found.get("PERSONIO_URL") == "https://c.example"


def test_a_named_file_that_is_not_there_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such file"):
        load({**written(tmp_path, ""), "ROLLCALL_CONFIG": str(tmp_path / "mistyped.toml")})


def test_a_relative_data_folder_begins_where_it_is_written(tmp_path: Path) -> None:
    beside_the_command = load({"ROLLCALL_DATA_DIR": "data"}, tmp_path)
    assert beside_the_command.data_dir == tmp_path / "data"
    file = tmp_path / "named.toml"
    file.write_text('data_dir = "data"', encoding="utf-8")
    beside_the_file = load({"ROLLCALL_CONFIG": str(file)}, tmp_path / "elsewhere")
    assert beside_the_file.data_dir == tmp_path / "data"


def test_without_a_word_the_data_is_in_the_users_own_folder(tmp_path: Path) -> None:
    found = load({"XDG_DATA_HOME": str(tmp_path / "share")}, tmp_path)
    assert found.data_dir == tmp_path / "share" / "rollcall"
    assert found.database_url == f"sqlite:///{tmp_path}/share/rollcall/rollcall.db"


def test_the_portal_answers_to_its_own_address_and_this_machine(tmp_path: Path) -> None:
    found = load({"ROLLCALL_BASE_URL": "https://people.example"}, tmp_path)
    assert {"people.example", "localhost", "127.0.0.1"} <= set(allowed_hosts(found.installation))


def test_the_portal_answers_to_the_hosts_that_are_named(tmp_path: Path) -> None:
    found = load({"ROLLCALL_ALLOWED_HOSTS": "a.example, b.example"}, tmp_path)
    assert allowed_hosts(found.installation) == ["a.example", "b.example"]
