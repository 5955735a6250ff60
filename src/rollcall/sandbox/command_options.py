"""The options of the command `sandbox`: what each is called, takes and means."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .company import LARGEST
from .faults import KINDS
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

EmployeesOption = Annotated[
    int,
    typer.Option(
        "--employees",
        "--people",
        min=1,
        max=LARGEST,
        help="How many people the company has on day 1.",
        rich_help_panel=_COMPANY,
    ),
]
SeedOption = Annotated[
    int,
    typer.Option(
        help="Another number, another company; it decides the credentials too.",
        rich_help_panel=_COMPANY,
    ),
]
DayOption = Annotated[
    int,
    typer.Option(
        min=1,
        max=2,
        help="2: the same company a day later, after hires, leavers, moves and marriages.",
        rich_help_panel=_COMPANY,
    ),
]
PeculiaritiesOption = Annotated[
    bool,
    typer.Option(
        help="Whether some people lack an e-mail, share one, supervise each other, and so on.",
        rich_help_panel=_COMPANY,
    ),
]
CsvOption = Annotated[
    Path | None,
    typer.Option(
        "--csv",
        metavar="FILE",
        help="Write the company into this file, as HR exports it, and serve nothing.",
        rich_help_panel=_COMPANY,
    ),
]
HostOption = Annotated[str, typer.Option(help="The address to listen on.", rich_help_panel=_SERVER)]
PortOption = Annotated[
    int,
    typer.Option(min=0, max=65535, help="The port; 0 takes a free one.", rich_help_panel=_SERVER),
]
JsonOption = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print one JSON object with url, client_id, client_secret and employees.",
        rich_help_panel=_SERVER,
    ),
]
PacedOption = Annotated[
    bool,
    typer.Option(
        "--paced", help="Refuse with 429 beyond Personio's limits.", rich_help_panel=_SERVER
    ),
]
FaultOption = Annotated[
    list[str] | None,
    typer.Option(metavar="KIND:PROBABILITY", help=_FAULT_HELP, rich_help_panel=_FAULTS),
]
TimeoutDelayOption = Annotated[
    float,
    typer.Option(help="Seconds until the answer of the fault `timeout`.", rich_help_panel=_FAULTS),
]
FaultSeedOption = Annotated[
    int, typer.Option(help="Another number, other moments.", rich_help_panel=_FAULTS)
]
ReadableOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEYS",
        help="The only attributes the credential may read, comma-separated. [default: all]",
        rich_help_panel=_RIGHTS,
    ),
]
UnreadableOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEYS",
        help="Attributes it may not read; they are left out without an error.",
        rich_help_panel=_RIGHTS,
    ),
]
ScopeOption = Annotated[
    list[str] | None,
    typer.Option(
        help=f"The credential's scopes, may be repeated. [default: {' '.join(SCOPES)}]",
        rich_help_panel=_RIGHTS,
    ),
]
TokenSecondsOption = Annotated[
    int,
    typer.Option(min=1, help="How long a token lives.", rich_help_panel=_RIGHTS),
]
QueryCredentialsOption = Annotated[
    QueryCredentials,
    typer.Option(help="Credentials in the query of POST /v1/auth.", rich_help_panel=_OPEN),
]
LargeLimitOption = Annotated[
    LargeLimit, typer.Option(help="A v1 limit above 100.", rich_help_panel=_OPEN)
]
UpdatedSinceOption = Annotated[
    UpdatedSince,
    typer.Option(help="updated_since with limit and offset.", rich_help_panel=_OPEN),
]
SupervisorOption = Annotated[
    SupervisorDetail,
    typer.Option(help="What v1 tells of a supervisor.", rich_help_panel=_OPEN),
]
EmptyObjectOption = Annotated[
    EmptyObject,
    typer.Option(help="An object attribute without a value in v1.", rich_help_panel=_OPEN),
]
RetryAfterOption = Annotated[
    RetryAfter, typer.Option(help="Retry-After on a 429.", rich_help_panel=_OPEN)
]
TokensOption = Annotated[Tokens, typer.Option(help="Tokens of v1 and v2.", rich_help_panel=_OPEN)]
V1RightOption = Annotated[
    V1Right,
    typer.Option(help="The right to read employees over v1.", rich_help_panel=_RIGHTS),
]
BetaHeaderOption = Annotated[
    BetaHeader,
    typer.Option(help="The header Beta: true on v2's lists of names.", rich_help_panel=_OPEN),
]
MissingRightOption = Annotated[
    MissingRight,
    typer.Option(help="The status of v2 where the scope is missing.", rich_help_panel=_OPEN),
]
TypeCaseOption = Annotated[
    TypeCase,
    typer.Option(help="The types of v2's custom attributes.", rich_help_panel=_OPEN),
]
NextLinkOption = Annotated[
    NextLink, typer.Option(help="v2's link to the next page.", rich_help_panel=_OPEN)
]
DriftOption = Annotated[
    Drift,
    typer.Option(help="People vanish while v1's pages are read.", rich_help_panel=_OPEN),
]
