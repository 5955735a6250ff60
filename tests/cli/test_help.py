"""Every command explains itself, and docs/cli.md says the same."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import rollcall
from rollcall.cli.exits import OF_ERROR_CODE, Exit
from rollcall.cli.main import COMMANDS, app
from tests.cli.reference import PAGE, commands, options, page

WORDS = [words for words, _ in commands()]
PROMISED = ("rollcall plan", "rollcall import", "rollcall doctor")


def shown(words: str, option: str = "--help") -> str:
    result = CliRunner().invoke(app, [*words.split()[1:], option])
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


@pytest.mark.parametrize("words", WORDS)
def test_every_command_has_help_that_says_what_it_does_and_what_its_options_do(words: str) -> None:
    command = dict(commands())[words]
    said = shown(words)
    assert said == shown(words, "-h")
    assert command.help
    for option in options(command):
        assert option.help, option.opts
        assert option.opts[0] in said


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_of_each_what_the_command_says_of_itself(name: str) -> None:
    command = dict(commands())[f"rollcall {name}"]
    assert COMMANDS[name].line == " ".join(command.help.split("\n\n")[0].split())


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.output) == (0, f"rollcall {rollcall.__version__}\n")


def test_a_mistyped_command_is_told_what_was_meant() -> None:
    result = CliRunner().invoke(app, ["uesrs"])
    assert result.exit_code == 2
    assert "Did you mean 'users'?" in result.output


@pytest.mark.parametrize("words", PROMISED)
def test_help_promises_the_exit_statuses(words: str) -> None:
    said = shown(words)
    assert "Exit status: 0" in said
    assert "3 the source refused or could not be reached" in said


def test_no_option_takes_a_secret() -> None:
    secret = ("secret", "token", "api-key", "client-id")
    taking = [
        f"{words} {name}"
        for words, command in commands()
        for option in options(command)
        for name in option.opts
        if any(word in name for word in secret) and not option.is_flag
    ]
    assert set(taking) == {"rollcall sandbox --token-seconds", "rollcall sandbox --tokens"}


def test_the_page_in_docs_is_the_commands_own_help() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.cli.reference"


def test_the_page_in_docs_lists_every_exit_status_and_error_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for status in Exit:
        assert f"\n| {int(status)} | " in text
    for code in filter(None, OF_ERROR_CODE):
        assert f"`{code}`" in text
