"""A decision explained: each rule, each condition with the value that was there, and the time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.web.admin.policies import words

HOLDS: Final[Mapping[object, Promise]] = {
    True: _("holds"),
    False: _("does not hold"),
    None: _("is not known"),
}
CSS: Final[Mapping[object, str]] = {
    True: "state-active",
    False: "state-suspended",
    None: "state-staged",
}
DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One condition of a rule: how deep it stands, what it asks, and what came of it."""

    depth: int
    label: str
    holds: str
    css: str
    asked: str = ""
    value: str = ""
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy that decided, or was looked at."""

    id: str
    name: str
    effect: str
    lines: tuple[Line, ...]
    holds: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A decision in words."""

    outcome: str
    css: str
    at: datetime | None
    default: str
    rules: tuple[Rule, ...]
    missing: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    considered: int


def of(decision: Mapping[str, Any]) -> Told:
    """The words of a decision as an event keeps it, or a what-if says it.

    What an event keeps may have been shortened since, by an erasure: what is not there is left out.
    """
    admitted = bool(decision.get("admitted"))
    outcome = str(decision.get("outcome", ""))
    facts = decision.get("facts")
    policies = decision.get("policies")
    rules = policies if isinstance(policies, list) else decision.get("rules")
    default = decision.get("default")
    return Told(
        outcome=_outcome(outcome, admitted),
        css="state-active" if admitted else "needs-attention",
        at=_moment(decision.get("at")),
        default=str(words.DEFAULTS.get(str(default), default)) if default else "",
        rules=tuple(_rules(rules)),
        missing=tuple(_missing(decision.get("missing"))),
        facts=tuple(_facts(facts)) if isinstance(facts, dict) else (),
        considered=_number(decision.get("considered")),
    )


def _outcome(outcome: str, admitted: bool) -> str:
    if outcome == "allowed_with_mfa" and not admitted:
        return gettext("Asked for a second factor")
    return str(words.OUTCOMES.get(outcome, outcome))


def _moment(text: object) -> datetime | None:
    written = _as_written(text)
    try:
        return localtime(written) if written else None
    except (ValueError, OverflowError):
        return None


def _as_written(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _rules(rules: object) -> Iterator[Rule]:
    for rule in rules if isinstance(rules, list) else ():
        if not isinstance(rule, dict):
            continue
        trace = rule.get("conditions")
        denies = rule.get("action") == "deny"
        said = "holds" in rule
        yield Rule(
            id=str(rule.get("id", "")),
            name=str(rule.get("name", "")),
            effect=gettext("Access denied") if denies else gettext("Access allowed"),
            lines=tuple(_lines(trace, 0)) if isinstance(trace, dict) else (),
            holds=str(_word(rule["holds"])) if said else "",
            css=_css(rule["holds"]) if said else "",
        )


def _word(holds: object) -> Promise:
    return HOLDS[holds if isinstance(holds, bool) else None]


def _css(holds: object) -> str:
    return CSS[holds if isinstance(holds, bool) else None]


def _lines(trace: Mapping[str, Any], depth: int) -> Iterator[Line]:
    holds = trace.get("holds")
    name = str(trace.get("condition", ""))
    parts = trace.get("parts")
    if isinstance(parts, list) and name == "all" and not parts:
        yield Line(depth, gettext("Always"), str(_word(holds)), _css(holds))
        return
    asked, value = "", ""
    if "asked" in trace:
        asked = _asked(trace["asked"])
        value = _found(name, trace.get("value"))
    label = str(words.CONDITIONS.get(name, name))
    is_code = name == "expression"
    yield Line(depth, label, str(_word(holds)), _css(holds), asked, value, is_code)
    if isinstance(parts, list) and depth < DEEPEST:
        for part in parts:
            if isinstance(part, dict):
                yield from _lines(part, depth + 1)


def _found(name: str, value: object) -> str:
    """The value that was there; "" where none was known, which the line says already."""
    if value is None:
        return ""
    if name == "time" and (there := _as_written(value)):
        return date_format(there, "SHORT_DATETIME_FORMAT")
    return _value(value)


def _asked(asked: object) -> str:
    if isinstance(asked, bool):
        return gettext("yes") if asked else gettext("no")
    if isinstance(asked, list):
        return ", ".join(map(str, asked))
    if isinstance(asked, dict) and "days" in asked:
        listed = _days(asked["days"])
        days = ", ".join(str(words.DAYS[day]) for day in listed)
        named = gettext("every day") if len(listed) == len(words.DAYS) else days
        return f"{named}, {asked.get('from')}–{asked.get('until')} {asked.get('zone')}"
    if isinstance(asked, dict):
        return ", ".join(f"{value}" for value in asked.values() if value)
    return str(asked)


def _days(days: object) -> Sequence[int]:
    listed = days if isinstance(days, list) else []
    return [day for day in listed if isinstance(day, int) and 0 <= day < 7]


def _value(value: object) -> str:
    if value is None:
        return gettext("not known")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _missing(demands: object) -> Iterator[str]:
    for demand in demands if isinstance(demands, list) else ():
        if not isinstance(demand, dict):
            continue
        kinds = demand.get("one_of")
        listed = kinds if isinstance(kinds, list) else []
        names = " / ".join(str(words.FACTORS.get(str(kind), kind)) for kind in listed)
        minutes = demand.get("minutes")
        if minutes:
            yield gettext("{factors}, at most {minutes} minutes ago").format(
                factors=names, minutes=minutes
            )
        else:
            yield names


def _facts(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    resource = facts.get("resource")
    if isinstance(resource, dict):
        type_, id_ = str(resource.get("type", "")), str(resource.get("id", ""))
        named = gettext("Application {id}").format(id=id_) if id_ else words.RESOURCES.get(type_)
        yield gettext("Resource"), str(named or type_)
    proved = facts.get("proved")
    for label, value in (
        (gettext("Address"), facts.get("address") or None),
        (gettext("Country"), facts.get("country")),
        (gettext("MFA configured"), facts.get("mfa_configured")),
        (gettext("Device managed"), facts.get("managed")),
        (gettext("Device encrypted"), facts.get("encrypted")),
        (gettext("Operating system"), facts.get("operating_system")),
        (gettext("OS version"), facts.get("os_version")),
    ):
        yield label, _value(value)
    if isinstance(proved, dict):
        given = ", ".join(str(words.FACTORS.get(name, name)) for name in proved)
        yield gettext("Proved with"), given or "–"
