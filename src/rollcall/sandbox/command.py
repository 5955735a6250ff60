"""The command `sandbox`: a stand-in Personio account to try everything against."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from . import csv_export, options
from .company import LARGEST, Company
from .credentials import Credentials
from .faults import KINDS
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

_COMPANY, _SERVER, _FAULTS, _RIGHTS = "The company", "The server", "Faults", "The credential"
_OPEN = "Where Personio's own answer is not settled"
_FAULT_HELP = "KIND:PROBABILITY, may be repeated: " + "; ".join(
    f"{kind} ({text})" for kind, text in KINDS.items()
)


def sandbox(
    employees: Annotated[
        int,
        typer.Option(
            "--employees",
            "--people",
            min=1,
            max=LARGEST,
            help="How many people the company has on day 1.",
            rich_help_panel=_COMPANY,
        ),
    ] = 87,
    seed: Annotated[
        int,
        typer.Option(
            help="Another number, another company; it decides the credentials too.",
            rich_help_panel=_COMPANY,
        ),
    ] = 1,
    day: Annotated[
        int,
        typer.Option(
            min=1,
            max=2,
            help="2: the same company a day later, after hires, leavers, moves and marriages.",
            rich_help_panel=_COMPANY,
        ),
    ] = 1,
    peculiarities: Annotated[
        bool,
        typer.Option(
            help="Whether some people lack an e-mail, share one, supervise each other, and so on.",
            rich_help_panel=_COMPANY,
        ),
    ] = True,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help="Write the company into this file, as HR exports it, and serve nothing.",
            rich_help_panel=_COMPANY,
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="The address to listen on.", rich_help_panel=_SERVER)
    ] = HOST,
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, help="The port; 0 takes a free one.", rich_help_panel=_SERVER
        ),
    ] = 0,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print one JSON object with url, client_id, client_secret and employees.",
            rich_help_panel=_SERVER,
        ),
    ] = False,
    paced: Annotated[
        bool,
        typer.Option(
            "--paced", help="Refuse with 429 beyond Personio's limits.", rich_help_panel=_SERVER
        ),
    ] = False,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND:PROBABILITY", help=_FAULT_HELP, rich_help_panel=_FAULTS),
    ] = None,
    timeout_delay: Annotated[
        float,
        typer.Option(
            help="Seconds until the answer of the fault `timeout`.", rich_help_panel=_FAULTS
        ),
    ] = 60.0,
    fault_seed: Annotated[
        int, typer.Option(help="Another number, other moments.", rich_help_panel=_FAULTS)
    ] = 1,
    readable: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEYS",
            help="The only attributes the credential may read, comma-separated. [default: all]",
            rich_help_panel=_RIGHTS,
        ),
    ] = None,
    unreadable: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEYS",
            help="Attributes it may not read; they are left out without an error.",
            rich_help_panel=_RIGHTS,
        ),
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help=f"The credential's scopes, may be repeated. [default: {' '.join(SCOPES)}]",
            rich_help_panel=_RIGHTS,
        ),
    ] = None,
    token_seconds: Annotated[
        int,
        typer.Option(min=1, help="How long a token lives.", rich_help_panel=_RIGHTS),
    ] = 86_400,
    query_credentials: Annotated[
        QueryCredentials,
        typer.Option(help="Credentials in the query of POST /v1/auth.", rich_help_panel=_OPEN),
    ] = QueryCredentials.REFUSE,
    large_limit: Annotated[
        LargeLimit, typer.Option(help="A v1 limit above 100.", rich_help_panel=_OPEN)
    ] = LargeLimit.REFUSE,
    updated_since: Annotated[
        UpdatedSince,
        typer.Option(help="updated_since with limit and offset.", rich_help_panel=_OPEN),
    ] = UpdatedSince.PAGED,
    supervisor: Annotated[
        SupervisorDetail,
        typer.Option(help="What v1 tells of a supervisor.", rich_help_panel=_OPEN),
    ] = SupervisorDetail.ID,
    empty_object: Annotated[
        EmptyObject,
        typer.Option(help="An object attribute without a value in v1.", rich_help_panel=_OPEN),
    ] = EmptyObject.NULL,
    retry_after: Annotated[
        RetryAfter, typer.Option(help="Retry-After on a 429.", rich_help_panel=_OPEN)
    ] = RetryAfter.NO,
    tokens: Annotated[
        Tokens, typer.Option(help="Tokens of v1 and v2.", rich_help_panel=_OPEN)
    ] = Tokens.SHARED,
    v1_right: Annotated[
        V1Right,
        typer.Option(help="The right to read employees over v1.", rich_help_panel=_RIGHTS),
    ] = V1Right.GRANTED,
    beta_header: Annotated[
        BetaHeader,
        typer.Option(help="The header Beta: true on v2's lists of names.", rich_help_panel=_OPEN),
    ] = BetaHeader.OPTIONAL,
    missing_right: Annotated[
        MissingRight,
        typer.Option(help="The status of v2 where the scope is missing.", rich_help_panel=_OPEN),
    ] = MissingRight.UNAUTHORIZED,
    type_case: Annotated[
        TypeCase,
        typer.Option(help="The types of v2's custom attributes.", rich_help_panel=_OPEN),
    ] = TypeCase.LOWER,
    next_link: Annotated[
        NextLink, typer.Option(help="v2's link to the next page.", rich_help_panel=_OPEN)
    ] = NextLink.ABSOLUTE,
    drift: Annotated[
        Drift,
        typer.Option(help="People vanish while v1's pages are read.", rich_help_panel=_OPEN),
    ] = Drift.NO,
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
    try:
        serve(app, lambda url: _announce(url, company, as_json=as_json), host, port)
    except OSError as error:
        raise typer.BadParameter(f"cannot listen on {host}:{port}: {error.strerror}") from None


def _write(company: Company, path: Path) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv_export.write(company, file)
    except OSError as error:
        raise typer.BadParameter(f"cannot write {path}: {error.strerror}") from None
    print(f"{len(company):,} people, day {company.day}: rollcall plan --source csv {path}")


def _announce(url: str, company: Company, *, as_json: bool) -> None:
    pair = Credentials.of_seed(company.seed)
    if as_json:
        line = {"url": url, "client_id": pair.client_id, "client_secret": pair.client_secret}
        print(json.dumps({**line, "employees": len(company)}), flush=True)
        return
    print(f"# A stand-in Personio account with {len(company):,} people, day {company.day}.")
    print("# Copy these three lines into another terminal; Ctrl-C here ends it.")
    print(options.environment(url, pair.client_id, pair.client_secret), flush=True)
