"""Credentials are gone once an import has ended, and nothing of a person reaches a log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from rollcall.directory.models import User
from rollcall.imports import runs
from rollcall.imports.models import Run
from rollcall.imports.options import Options
from rollcall.sandbox.company import Company
from rollcall.targets.errors import TargetUnreachable
from tests.actors import TESTER
from tests.imports.interruption import something_happens
from tests.imports.world import Personio, approved, imported, personio, request

pytestmark = pytest.mark.usefixtures("carrying_out")


def gone() -> None:
    raise TargetUnreachable("the directory does not answer")


def stumble() -> None:
    raise ValueError(f"duplicate key value: {User.objects.values_list('email', flat=True)[0]}")


def completed(company: Personio, _: pytest.MonkeyPatch) -> Run:
    return imported(company.account)


def waits_for_review(company: Personio, _: pytest.MonkeyPatch) -> Run:
    return imported(company.account, review=True)


def approved_later(company: Personio, _: pytest.MonkeyPatch) -> Run:
    return approved(imported(company.account, review=True))


def cancelled(company: Personio, _: pytest.MonkeyPatch) -> Run:
    return runs.cancel(TESTER, runs.start_here(request(company.account)).pk)


def stopped(company: Personio, _: pytest.MonkeyPatch) -> Run:
    imported(company.account)
    company.becomes(Company(5, peculiar=False))
    return imported(company.account)


def refused_by_personio(company: Personio, _: pytest.MonkeyPatch) -> Run:
    return imported(replace(company.account, client_secret="papi-wrong-words"))


def not_even_an_email(company: Personio, _: pytest.MonkeyPatch) -> Run:
    company.lets_read_all_but("email")
    return imported(company.account)


def directory_gone(company: Personio, monkeypatch: pytest.MonkeyPatch) -> Run:
    something_happens(monkeypatch, before=gone)
    return imported(company.account)


def error_of_our_own(company: Personio, monkeypatch: pytest.MonkeyPatch) -> Run:
    something_happens(monkeypatch, within=stumble)
    return imported(company.account)


ENDS = [
    (completed, "completed"),
    (waits_for_review, "review"),
    (approved_later, "completed"),
    (cancelled, "cancelled"),
    (stopped, "stopped"),
    (refused_by_personio, "failed"),
    (not_even_an_email, "failed"),
    (directory_gone, "failed"),
    (error_of_our_own, "failed"),
]


def private_words(company: Personio) -> Iterator[str]:
    """What must not be found outside of the directory and the run's own records."""
    yield company.account.client_id
    yield company.account.client_secret
    yield "papi-wrong-words"
    for person in company.company:
        yield person.last_name
        if person.email:
            yield person.email


def checkpoints() -> str:
    """All that DBOS has stored, as text."""
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        stored = [one for one in file.parent.glob(f"{file.stem}.dbos.db*") if one.is_file()]
        assert stored
        return "".join(one.read_bytes().decode("utf-8", "replace") for one in stored)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'dbos'")
        tables = [row[0] for row in cursor.fetchall()]
        assert tables
        text = []
        for table in tables:
            cursor.execute(f'SELECT x::text FROM dbos."{table}" x')  # noqa: S608
            text += [row[0] for row in cursor.fetchall()]
    return "\n".join(text)


@pytest.mark.parametrize(("end", "state"), ENDS, ids=[end.__name__ for end, _ in ENDS])
def test_however_an_import_ends_no_credentials_stay_and_no_log_tells_of_anybody(
    end: object,
    state: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert callable(end)
    with caplog.at_level(logging.DEBUG), personio() as company:
        run = end(company, monkeypatch)
        words = list(private_words(company))
    assert run.state == state
    assert not Run.objects.exclude(sealed_credentials=None).exists()
    said = "".join(f"{one.getMessage()} {one.exc_text or ''}\n" for one in caplog.records)
    printed = capfd.readouterr()
    for place in (said, printed.out, printed.err, run.error, checkpoints()):
        assert not [word for word in words if len(word) > 4 and word in place]


def test_while_personio_is_read_the_credentials_are_kept_sealed_only() -> None:
    with personio() as company:
        run = runs.start_here(request(company.account, options=Options()))
        run.refresh_from_db()
        sealed = bytes(run.sealed_credentials or b"")
        runs.cancel(TESTER, run.pk)
    assert sealed
    assert company.account.client_secret.encode() not in sealed
    assert company.account.client_id.encode() not in sealed
