"""One schema says of every setting what it means, what it may be, and what counts without it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from pydantic import SecretStr

from rollcall.core.sections import ConfigurationError, Section, form
from rollcall.project import schema
from rollcall.sources.personio.settings import PersonioSettings

SETTINGS = [(section, name) for section in schema.SECTIONS for name in section.model_fields]
SECRET_WORDS = ("secret", "key", "password", "database_url", "smtp_url")


@pytest.mark.parametrize(("section", "name"), SETTINGS)
def test_every_setting_has_a_meaning_a_form_and_a_default(
    section: type[Section], name: str
) -> None:
    field = section.model_fields[name]
    assert (field.description or "").endswith(".")
    assert form(field)
    assert not field.is_required()


@pytest.mark.parametrize(("section", "name"), SETTINGS)
def test_what_may_hold_a_secret_is_never_shown(section: type[Section], name: str) -> None:
    if not any(word in name for word in SECRET_WORDS):
        return
    assert isinstance(section.model_fields[name].default, SecretStr)
    found = section.of({section.environment_name(name): "hidden-word"})
    assert "hidden-word" not in repr(found)
    assert getattr(found, name).get_secret_value() == "hidden-word"


@pytest.mark.parametrize(("section", "name"), SETTINGS)
def test_a_value_out_of_all_bounds_is_refused_by_name_and_not_shown(
    section: type[Section], name: str
) -> None:
    variable = section.environment_name(name)
    with pytest.raises(ConfigurationError, match=f"^{variable} ") as caught:
        section.of({variable: "hidden-word" * 1000})
    assert caught.value.names == (variable,)
    assert "hidden-word" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("ROLLCALL_KEEP_RUNS_DAYS", "0", "must be a whole number from 1 to 99,999"),
        ("ROLLCALL_KEEP_RUNS_DAYS", "soon", "must be a whole number from 1 to 99,999"),
        ("ROLLCALL_BASE_URL", "people", "must be an address like https://rollcall.example.org"),
        ("PERSONIO_TIMEOUT", "nan", "must be a number above 0 to 3,600"),
    ],
)
def test_a_refusal_says_what_would_do(variable: str, value: str, complaint: str) -> None:
    (section,) = (
        section
        for section in schema.SECTIONS
        if variable in map(section.environment_name, section.model_fields)
    )
    with pytest.raises(ConfigurationError) as caught:
        section.of({variable: value})
    assert str(caught.value) == f"{variable} {complaint}"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = {"PERSONIO_TIMEOUT": "soon", "PERSONIO_REQUESTS_PER_MINUTE": "many"}
    with pytest.raises(ConfigurationError) as caught:
        PersonioSettings.of(wrong)
    assert set(caught.value.names) == set(wrong)


def test_no_two_rooms_read_the_same_setting() -> None:
    names = list(schema.names())
    assert len(names) == len(set(names))


def test_it_is_written_before_there_are_any_models() -> None:
    words = [
        sys.executable,
        "-c",
        "from rollcall.project import schema; print(len(list(schema.names())))",
    ]
    bare = {name: value for name, value in os.environ.items() if "DJANGO" not in name}
    done = subprocess.run(words, env=bare, capture_output=True, text=True)
    assert done.stderr == ""
    assert int(done.stdout) == len(list(schema.names()))
