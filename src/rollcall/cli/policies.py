"""`rollcall policies`: conditional access, looked at, tried out and foreseen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from rollcall.cli.console import output, print_json
from rollcall.cli.exits import Exit, stop
from rollcall.cli.operator import note_reading, operator
from rollcall.cli.setup import make_ready

if TYPE_CHECKING:
    from rollcall.access.policies.decision.deciding import Explanation
    from rollcall.access.policies.decision.facts import Facts
    from rollcall.access.policies.foresight import Foresight
    from rollcall.accounts.models import Account

policies_app = typer.Typer(
    help="Conditional access: who may sign in where, and why.", no_args_is_help=True
)

LARGEST_FILE: Final = 1_000_000
"""Bytes of a policy's file."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
HOLDS: Final = {True: "holds", False: "does not hold", None: "is not known"}
OUTCOMES: Final = {
    "allowed": "Allowed",
    "allowed_with_mfa": "Allowed with a second factor",
    "denied": "Denied",
}


@policies_app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show the access policies, and what becomes of whom none of them speaks of."""
    from rollcall.access.policies import books
    from rollcall.access.policies.decision.policy import DEFAULTS
    from rollcall.access.policies.models import AccessPolicy
    from rollcall.api.jumpcloud.v2.policies import shown_policy

    shown = [shown_policy(policy) for policy in AccessPolicy.objects.all()]
    defaults = {
        type_.value: default.value for type_, default in {**DEFAULTS, **books.defaults()}.items()
    }
    note_reading("policies", "json" if as_json else "table")
    if as_json:
        print_json({"policies": shown, "defaults": defaults})
        return
    table = Table()
    for name in ("Policy", "Status", "For", "Effect", "Id"):
        table.add_column(name, overflow="fold")
    for policy in shown:
        status = "off" if policy["disabled"] else "on"
        action = str(policy["effect"].get("action"))
        table.add_row(escape(policy["name"]), status, _resources(policy), action, policy["id"])
    console = output()
    console.print(table if shown else "No access policies yet.")
    for type_, default in defaults.items():
        console.print(f"Otherwise, {type_}: {default}", highlight=False)


@policies_app.command("test")
def try_out(
    user: Annotated[str, typer.Option(help="The user's e-mail, username or id.")],
    application: Annotated[str, typer.Option(help="The application's name or id.")] = "",
    portal: Annotated[
        str, typer.Option(help="Without an application: the portal, user or admin.")
    ] = "user",
    ip: Annotated[str, typer.Option(help="The address that they come from.")] = "",
    country: Annotated[str, typer.Option(help="The country that they come from, like DE.")] = "",
    at: Annotated[str, typer.Option(help="When, like 2026-11-27T09:30+01:00; now without.")] = "",
    proved: Annotated[
        str, typer.Option("--with", help="The second factor they give: totp or webauthn.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show what would become of somebody's sign-in, with the rule, the values and the time.

    What is left out is not known, and no condition that needs it holds.

    Exit status: 0 they would come in · 1 they would not · 2 wrong usage.
    """
    from rollcall.access.policies import admitting, what_if

    facts = _facts(user, application, portal, ip, country, at, proved)
    explanation = admitting.decide(facts)
    note_reading("policies", "json" if as_json else "table", user=user)
    if as_json:
        print_json(what_if.told(explanation))
    else:
        _explain(explanation)
    if not explanation.admitted:
        raise typer.Exit(int(Exit.ATTENTION))


@policies_app.command("foresee")
def foresee(
    file: Annotated[
        Path, typer.Argument(help="The policy as JSON, as the API takes it; with the id of one.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show what a policy would have done to the sign-ins of the last 30 days; nothing is saved.

    Exit status: 0 nobody would have been kept out · 1 somebody would · 2 the policy is malformed.
    """
    from rollcall.access.policies import foresight
    from rollcall.access.policies.decision.faults import Malformed
    from rollcall.access.policies.decision.parsing import Document

    given = _read(file)
    id_ = str(given.pop("id", ""))
    try:
        foreseen = foresight.of_policy(Document(**{"name": "", **given}), id_)
    except (Malformed, TypeError) as error:
        raise stop(Exit.USAGE, str(error)) from None
    if as_json:
        print_json(foreseen.as_json())
    else:
        _tell(foreseen)
    if foreseen.impact.share_shut_out or foreseen.shuts_out_everyone:
        raise typer.Exit(int(Exit.ATTENTION))


@policies_app.command("default")
def default(
    resource: Annotated[str, typer.Argument(help="user_portal, admin_portal or application.")],
    action: Annotated[str, typer.Argument(help="allow, allow_with_mfa, mfa_by_user or deny.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Say what becomes of whom no policy of a resource speaks of.

    Exit status: 0 done · 2 wrong usage.
    """
    from rollcall.access.policies import services
    from rollcall.access.policies.decision.facts import ResourceType
    from rollcall.access.policies.decision.policy import Default
    from rollcall.access.policies.errors import NeedsConfirmation

    try:
        type_, chosen = ResourceType(resource), Default(action)
    except ValueError as error:
        raise stop(Exit.USAGE, str(error)) from None
    try:
        services.set_default(operator(), type_, chosen, confirmed=yes)
    except NeedsConfirmation as error:
        typer.confirm(f"{error}. Do it all the same?", abort=True)
        services.set_default(operator(), type_, chosen, confirmed=True)
    output().print(f"Otherwise, {type_.value}: {chosen.value}", highlight=False)


@policies_app.command("break-glass")
def break_glass(
    email: Annotated[str, typer.Argument(help="The e-mail of an administrator.")],
    remove: Annotated[
        bool, typer.Option("--remove", help="Let policies hold for it again.")
    ] = False,
) -> None:
    """Name an administrator's account that no policy keeps out; each use of it sends an e-mail.

    Exit status: 0 done · 2 there is no such administrator.
    """
    from rollcall.access.policies import services

    account = _account(email)
    if account is None or not account.roles:
        raise stop(Exit.USAGE, f"there is no administrator {email}; see `rollcall admin`")
    services.set_break_glass(operator(), account, not remove)
    kept = "hold for it again" if remove else "no longer keep it out"
    output().print(f"{account.email}: policies {kept}.", highlight=False)


def _facts(
    user: str, application: str, portal: str, ip: str, country: str, at: str, proved: str
) -> Facts:
    from django.utils import timezone

    from rollcall.access.policies.decision.facts import Factor, ResourceType
    from rollcall.access.policies.what_if import Question, Unclear

    if proved not in ("", "totp", "webauthn"):
        raise stop(Exit.USAGE, f"--with {proved}: use totp or webauthn")
    if portal not in ("user", "admin"):
        raise stop(Exit.USAGE, f"--portal {portal}: use user or admin")
    question = Question(
        user,
        _moment(at) if at else timezone.now(),
        application,
        ResourceType(f"{portal}_portal"),
        ip,
        country,
        factor=Factor(proved) if proved else None,
    )
    try:
        return question.facts()
    except Unclear as error:
        raise stop(Exit.USAGE, str(error)) from None


def _account(email: str) -> Account | None:
    from rollcall.accounts.models import Account

    return Account.objects.by_email(email)


def _moment(text: str) -> datetime:
    from django.utils import timezone

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise stop(Exit.USAGE, f"--at {text}: write a time like 2026-11-27T09:30+01:00") from None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _explain(explanation: Explanation) -> None:
    from rollcall.access.policies import what_if

    console = output()
    word = OUTCOMES[explanation.outcome.value]
    who = (
        f"by the default, {explanation.default.value}"
        if explanation.default
        else "by " + ", ".join(policy.name for policy in explanation.deciding)
    )
    at = explanation.facts.at.isoformat(timespec="seconds")
    console.print(f"[bold]{word}[/] {escape(who)}, at {at}", highlight=False)
    for demand in explanation.missing:
        kinds = " or ".join(sorted(factor.value for factor in demand.factors))
        age = f", at most {demand.max_age} ago" if demand.max_age else ""
        console.print(f"  still to give: {kinds}{age}", highlight=False)
    for each in what_if.considered(explanation):
        line = f"{each['name']} ({each['action']}): {HOLDS[each['holds']]}"
        console.print(escape(line), highlight=False)
        for text in _lines(each["conditions"], 1):
            console.print(escape(text), highlight=False, soft_wrap=True)


def _lines(trace: Mapping[str, Any], depth: int) -> Iterator[str]:
    told = f"{'  ' * depth}{trace['condition']} {HOLDS[trace['holds']]}"
    if "asked" in trace:
        value = "not known" if trace["value"] is None else trace["value"]
        asked = json.dumps(trace["asked"], ensure_ascii=False)
        told += f": asked for {asked}" + (
            "" if trace["condition"] == "expression" else f", there is {value}"
        )
    yield told
    for part in trace.get("parts", ()):
        yield from _lines(part, depth + 1)


def _tell(foreseen: Foresight) -> None:
    impact = foreseen.impact
    console = output()
    console.print(
        f"Of {impact.sign_ins:,} sign-ins of {impact.people:,} people in the last 30 days:",
        highlight=False,
    )
    for text, people in (
        ("would have been denied", impact.denied),
        ("would have been asked for a factor and have none", impact.unable),
        ("would have been asked for a factor", impact.asked),
        ("would have been let in, and were not", impact.admitted),
    ):
        console.print(f"  {len(people):,} {text}", highlight=False)
    for reason in foreseen.reasons():
        console.print(f"To be confirmed: {escape(reason)}", highlight=False)


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise stop(Exit.USAGE, f"{file} is larger than {LARGEST_FILE:,} bytes")
        given = json.loads(content)
    except (OSError, ValueError, RecursionError) as error:
        line = f"{file} cannot be read as JSON ({type(error).__name__})"
        raise stop(Exit.USAGE, line) from None
    if not isinstance(given, dict):
        raise stop(Exit.USAGE, f"{file} holds no policy")
    return given


def _resources(policy: Mapping[str, Any]) -> str:
    listed = policy["targets"].get("resources") or [{"type": policy["type"]}]
    return ", ".join(sorted({str(resource.get("type")) for resource in listed}))


make_ready(policies_app)
