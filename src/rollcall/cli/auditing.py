"""`rollcall audit`: seal the audit log, and look whether anything of it was changed or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from rollcall.cli.console import output, print_json
from rollcall.cli.exits import Exit, stop
from rollcall.cli.importing import JsonOption
from rollcall.cli.setup import make_ready
from rollcall.core.text import counted

if TYPE_CHECKING:
    from rollcall.audit.known_end import KnownEnd
    from rollcall.audit.verification import Report

audit_app = typer.Typer(
    help="The audit log: sealed, so that a change or a removal shows.", no_args_is_help=True
)


@audit_app.command("verify")
def verify(
    known: Annotated[
        str,
        typer.Option(
            "--known",
            metavar="END",
            help="An end that this command printed before and that you kept elsewhere: it must "
            "still be in the log.",
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Look through the sealed audit log, and say where the first hole is.

    Every sealed event must be there and say what it said when it was sealed; what retention or
    erasing took out must be signed. The end that is printed can be kept elsewhere: who deletes the
    newest part of the log with its seals can otherwise only be told by this machine's data folder.

    Exit status: 0 the log holds · 1 it does not · 2 wrong usage, or the key of this installation is
    damaged · 4 the database could not be reached.
    """
    from rollcall.audit import verification

    report = verification.verify_and_note(_end(known))
    if as_json:
        print_json(_as_json(report))
    else:
        for line in _lines(report):
            output().print(line, highlight=False, markup=False, soft_wrap=True)
    # After the report, which says how far the log does hold.
    if report.hole:
        raise stop(Exit.ATTENTION, f"the audit log does not hold: {_hole(report)}")


@audit_app.command("seal")
def seal(as_json: JsonOption = False) -> None:
    """Seal what has been recorded since the last seal; `rollcall serve` and `worker` do so, too.

    Exit status: 0 done · 2 the key of this installation is damaged · 4 the database could not be
    reached.
    """
    from rollcall.audit import chain

    sealed = chain.seal_due()
    if as_json:
        print_json({"sealed": sealed})
    else:
        output().print(f"{counted(sealed, 'event')} {_were(sealed)} sealed.", highlight=False)


def _end(text: str) -> KnownEnd | None:
    from rollcall.audit.known_end import KnownEnd

    try:
        return KnownEnd.from_text(text) if text else None
    except ValueError as error:
        raise stop(Exit.USAGE, str(error)) from None


def _lines(report: Report) -> list[str]:
    if report.end is None:
        lines = ["Nothing holds yet."] if report.hole else ["Nothing is sealed yet."]
    else:
        until = f"{report.sealed_at:%Y-%m-%d %H:%M:%S} UTC"
        events, seals = counted(report.events, "event"), counted(report.seals, "seal")
        hold = "holds" if report.events == 1 else "hold"
        what = f"{events} in {seals} {hold}, sealed until {until}."
        lines = [what, f"End: {report.end.text()}"]
    if report.unsealed:
        since = f"{report.unsealed_since:%Y-%m-%d %H:%M:%S} UTC"
        events, are = counted(report.unsealed, "event"), "is" if report.unsealed == 1 else "are"
        lines.append(f"{events} {are} not sealed yet, the first of {since}.")
    return lines


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _hole(report: Report) -> str:
    hole = report.hole
    if hole is None:
        return ""
    event = f", event {hole.event}" if hole.event else ""
    return f"{hole.kind.line} (seal {hole.seal}{event})"


def _as_json(report: Report) -> dict[str, Any]:
    hole = report.hole
    return {
        "holds": hole is None,
        "seals": report.seals,
        "events": report.events,
        "sealed_until": report.sealed_at.isoformat() if report.sealed_at else None,
        "end": report.end.text() if report.end else None,
        "unsealed": report.unsealed,
        "hole": {"kind": hole.kind, "seal": hole.seal, "event": hole.event} if hole else None,
    }


make_ready(audit_app)
