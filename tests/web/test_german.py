"""The portal speaks German: every text translated, compiled, and chosen by browser and profile."""

from __future__ import annotations

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from rollcall.imports import reasons
from rollcall.provisioning.reason import OF_ONE, SENTENCES, Reason
from tests.vendor_contracts import NO_GETTEXT, missing
from tests.web.catalogue import Entry, entries
from tests.web.world import World

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "rollcall"
CATALOGUE = PACKAGE / "locale" / "de" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")


@pytest.fixture(scope="module")
def catalogue() -> list[Entry]:
    return list(entries(CATALOGUE))


def translated(catalogue: list[Entry]) -> list[Entry]:
    return [one for one in catalogue if all(one.german) and not one.is_fuzzy]


def test_no_text_is_untranslated_or_guessed(catalogue: list[Entry]) -> None:
    bad = [one.english for one in catalogue if one.is_fuzzy or not all(one.german)]
    assert not bad, "run scripts/messages and translate: " + "; ".join(bad)


def test_every_translation_keeps_the_placeholders(catalogue: list[Entry]) -> None:
    for one in translated(catalogue):
        english = {*PLACEHOLDER.findall(one.english), *PLACEHOLDER.findall(one.plural or "")}
        for german in one.german:
            assert set(PLACEHOLDER.findall(german)) <= english, one.english
        assert set(PLACEHOLDER.findall(one.german[-1])) == english, one.english


def test_the_compiled_catalogue_is_that_of_the_text(catalogue: list[Entry]) -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for one in translated(catalogue):
        if one.plural is None:
            found = [compiled.gettext(one.key)]
        else:
            found = [compiled.ngettext(one.key, one.plural, n) for n in (1, 2)]
        assert found == one.german, "run scripts/messages"


@pytest.mark.slow
def test_no_text_is_missing_from_the_catalogue(catalogue: list[Entry], tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        missing(NO_GETTEXT)
    copy = tmp_path / "rollcall"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("static", "sandbox", "*.mo"))
    arguments = ["makemessages", "-l", "de", "--no-obsolete", "-e", "html,txt,py", "-v", "0"]
    subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        cwd=copy,
        check=True,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "rollcall.project.settings",
            "PYTHONPATH": str(PACKAGE.parent),
        },
    )
    fresh = {one.key for one in entries(copy / "locale" / "de" / "LC_MESSAGES" / "django.po")}
    assert fresh - {one.key for one in catalogue} == set(), "run scripts/messages"


def test_every_reason_has_a_german_sentence() -> None:
    for code, english in SENTENCES.items():
        params = {name.strip("{}"): "…" for name in PLACEHOLDER.findall(english)}
        params.pop("source", None)
        with translation.override("de"):
            assert reasons.text(Reason(code, params), "…") != english.format(
                source="…", **params
            ), code


def test_every_reason_of_a_single_one_has_a_german_sentence() -> None:
    for code, (param, english) in OF_ONE.items():
        params = {name.strip("{}"): "…" for name in PLACEHOLDER.findall(english)} | {param: "1"}
        params.pop("source", None)
        with translation.override("de"):
            said = reasons.text(Reason(code, params), "…")
        assert said != english.format(source="…", **params), code


def test_an_unknown_reason_of_another_version_shows_its_code() -> None:
    assert (
        reasons.text_of_record({"code": "from_the_future", "params": {}}, "") == "from_the_future"
    )
    assert reasons.text_of_record(None, "") == ""


@pytest.mark.django_db
def test_the_browser_chooses_the_language(client: Client) -> None:
    page = client.get("/account/sign-in/", headers={"accept-language": "de-AT,de;q=0.9"})
    assert 'lang="de"' in page.content.decode()
    assert "Anmelden" in page.content.decode()


@pytest.mark.django_db
def test_a_choice_before_sign_in_is_kept(client: Client) -> None:
    client.post("/language/", {"language": "de", "next": "/account/sign-in/"})
    assert "Anmelden" in client.get("/account/sign-in/").content.decode()


def test_the_profile_chooses_above_the_browser(admin: Client, world: World) -> None:
    admin.post("/profile/look/", {"language": "de", "next": "/"})
    page = admin.get("/", headers={"accept-language": "en"}).content.decode()
    assert "Benutzer nach Status" in page
    admin.post("/profile/look/", {"language": "en", "next": "https://elsewhere.example/"})
    assert "Users by state" in admin.get("/", headers={"accept-language": "de"}).content.decode()


def test_dates_are_written_as_the_reader_does(admin: Client, world: World) -> None:
    assert re.search(r">\d{1,2} \w{3} \d{4}<", admin.get("/").content.decode())
    world.people["administrator"].language = "de"
    world.people["administrator"].save()
    assert re.search(r">\d\d\.\d\d\.\d{4}<", admin.get("/").content.decode())


GLOSSARY = re.compile(r"^- (?P<english>[^:]+.*?): .*; nicht: (?P<others>.+)$", re.MULTILINE)


def glossary() -> dict[str, list[str]]:
    """What each entry of the glossary is never called, by its English."""
    text = (PACKAGE / "locale" / "de" / "glossary.md").read_text(encoding="utf-8")
    return {one["english"]: one["others"].split(", ") for one in GLOSSARY.finditer(text)}


def test_the_words_of_the_glossary_are_written_one_way(catalogue: list[Entry]) -> None:
    assert len(glossary()) > 20
    texts = [PLACEHOLDER.sub("…", german) for entry in catalogue for german in entry.german]
    for english, others in glossary().items():
        for other in others:
            word = re.compile(rf"(?<![\w.-]){re.escape(other)}(?![\w=-])", re.IGNORECASE)
            found = [text for text in texts if word.search(text)]
            assert not found, f"{english}: {other}: {found}"


def test_no_text_says_du(catalogue: list[Entry]) -> None:
    familiar = re.compile(r"\b(du|dich|dir|dein|deine|deinen|deiner|deinem|euch)\b", re.IGNORECASE)
    texts = [german for entry in catalogue for german in entry.german]
    assert [text for text in texts if familiar.search(text)] == []


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Recovery codes", "Wiederherstellungscodes"),
        ("Recovery Codes", "Wiederherstellungscodes"),
        (
            "You must type the same password each time.",
            "Geben Sie beide Male dasselbe Passwort ein.",
        ),
    ],
)
def test_allauths_texts_are_said_as_ours(english: str, german: str) -> None:
    with translation.override("de"):
        assert translation.gettext(english) == german
