"""The command `sandbox`: a stand-in Personio account to try everything against."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import typer
from starlette.applications import Starlette

from . import csv_export, options
from .command_options import (
    BetaHeaderOption,
    CsvOption,
    DayOption,
    DriftOption,
    EmployeesOption,
    EmptyObjectOption,
    FaultOption,
    FaultSeedOption,
    HostOption,
    JsonOption,
    LargeLimitOption,
    MissingRightOption,
    NextLinkOption,
    PacedOption,
    PeculiaritiesOption,
    PortOption,
    QueryCredentialsOption,
    ReadableOption,
    RetryAfterOption,
    ScopeOption,
    SeedOption,
    SupervisorOption,
    TimeoutDelayOption,
    TokenSecondsOption,
    TokensOption,
    TypeCaseOption,
    UnreadableOption,
    UpdatedSinceOption,
    V1RightOption,
)
from .company import Company
from .credentials import Credentials
from .server import HOST, create_app, serve
from .switches import (
    SCOPES,
    BetaHeader,
    Drift,
    EmptyObject,
    LargeLimit,
    MissingRight,
    NextLink,
    QueryCredentials,
    RetryAfter,
    SupervisorDetail,
    Switches,
    Tokens,
    TypeCase,
    UpdatedSince,
    V1Right,
)


def sandbox(
    employees: EmployeesOption = 87,
    seed: SeedOption = 1,
    day: DayOption = 1,
    peculiarities: PeculiaritiesOption = True,
    csv: CsvOption = None,
    host: HostOption = HOST,
    port: PortOption = 0,
    as_json: JsonOption = False,
    paced: PacedOption = False,
    fault: FaultOption = None,
    timeout_delay: TimeoutDelayOption = 60.0,
    fault_seed: FaultSeedOption = 1,
    readable: ReadableOption = None,
    unreadable: UnreadableOption = None,
    scope: ScopeOption = None,
    token_seconds: TokenSecondsOption = 86_400,
    query_credentials: QueryCredentialsOption = QueryCredentials.REFUSE,
    large_limit: LargeLimitOption = LargeLimit.REFUSE,
    updated_since: UpdatedSinceOption = UpdatedSince.PAGED,
    supervisor: SupervisorOption = SupervisorDetail.ID,
    empty_object: EmptyObjectOption = EmptyObject.NULL,
    retry_after: RetryAfterOption = RetryAfter.NO,
    tokens: TokensOption = Tokens.SHARED,
    v1_right: V1RightOption = V1Right.GRANTED,
    beta_header: BetaHeaderOption = BetaHeader.OPTIONAL,
    missing_right: MissingRightOption = MissingRight.UNAUTHORIZED,
    type_case: TypeCaseOption = TypeCase.LOWER,
    next_link: NextLinkOption = NextLink.ABSOLUTE,
    drift: DriftOption = Drift.NO,
) -> None:
    """Run a stand-in Personio account on this machine: an invented company behind Personio's API.

    It serves until Ctrl-C. Nothing is stored; the same seed is the same company, but for the first
    days of those who are still to start: they lie in the weeks after today.
    """
    try:
        switches = Switches(
            query_credentials=query_credentials,
            large_limit=large_limit,
            updated_since=updated_since,
            supervisor=supervisor,
            empty_object=empty_object,
            retry_after=retry_after,
            tokens=tokens,
            v1_right=v1_right,
            beta_header=beta_header,
            missing_right=missing_right,
            type_case=type_case,
            next_link=next_link,
            drift=drift,
            readable=options.attribute_keys(readable) if readable else None,
            unreadable=options.attribute_keys(unreadable or ()),
            scopes=tuple(scope or SCOPES),
            paced=paced,
            token_seconds=token_seconds,
        )
        faults = options.faults(fault or (), timeout_delay, fault_seed)
        company = Company(employees, seed, day, peculiarities, date.today())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if csv is not None:
        _write(company, csv)
        return
    app = create_app(company, switches, faults)
    _serve(app, lambda url: _announce(url, company, as_json=as_json), host, port)


def _serve(app: Starlette, announce: Callable[[str], None], host: str, port: int) -> None:
    try:
        serve(app, announce, host, port)
    except OSError as error:
        raise typer.BadParameter(f"cannot listen on {host}:{port}: {error.strerror}") from None


def _write(company: Company, path: Path) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv_export.write(company, file)
    except OSError as error:
        raise typer.BadParameter(f"cannot write {path}: {error.strerror}") from None
    print(f"{_people(company)}, day {company.day}: rollcall plan --source csv {path}")


def _people(company: Company) -> str:
    return f"{len(company):,} {'person' if len(company) == 1 else 'people'}"


def _announce(url: str, company: Company, *, as_json: bool) -> None:
    pair = Credentials.of_seed(company.seed)
    # Flushed, here and below: a program that started this one waits for the line in a pipe.
    if as_json:
        line = {"url": url, "client_id": pair.client_id, "client_secret": pair.client_secret}
        print(json.dumps({**line, "employees": len(company)}), flush=True)
        return
    print(f"# A stand-in Personio account with {_people(company)}, day {company.day}.")
    print("# Copy these three lines into another terminal; Ctrl-C here ends it.")
    print(options.environment(url, pair.client_id, pair.client_secret), flush=True)
