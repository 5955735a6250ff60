"""Between the form of a policy and the vendor's JSON in which it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from rollcall.access.policies import books
from rollcall.access.policies.decision.facts import SECOND_FACTORS, Factor, ResourceType
from rollcall.access.policies.decision.faults import Malformed
from rollcall.access.policies.decision.parsing import Document, parse
from rollcall.access.policies.decision.policy import Action, Policy
from rollcall.access.policies.models import AccessPolicy
from rollcall.web.admin.policies import editor, people
from rollcall.web.admin.policies.forms import ALLOW, DENY, EVERYBODY, MFA, NAMED

TARGETS: Final = ("resources", "applications", "whom", "users", "groups", "not_users", "not_groups")
EFFECT: Final = (
    "effect",
    "factors",
    "minutes",
    "message",
    "link1_text",
    "link1_url",
    "link2_text",
    "link2_url",
)

NEW: Final[Mapping[str, Any]] = {
    "name": "",
    "description": "",
    "enabled": True,
    "resources": [ResourceType.USER_PORTAL.value],
    "applications": [],
    "whom": EVERYBODY,
    "users": "",
    "groups": [],
    "not_users": "",
    "not_groups": [],
    "conditions": "{}",
    "effect": MFA,
    "factors": [],
    "minutes": None,
    "message": "",
    "link1_text": "",
    "link1_url": "",
    "link2_text": "",
    "link2_url": "",
}
"""What the form of a new policy shows. It asks for a factor: a slip then locks nobody out."""

_WRITTEN: Final = {Factor.TOTP: "TOTP", Factor.WEBAUTHN: "WEBAUTHN"}


def values_of(policy: AccessPolicy) -> dict[str, Any]:
    """The policy as its form shows it; one that cannot be read shows a new one's values."""
    document = books.document(policy)
    known = {
        "name": policy.name,
        "description": policy.description,
        "enabled": not policy.disabled,
    }
    try:
        read = parse(policy.pk, document)
    except Malformed:
        return {**NEW, **known}
    conditions = editor.settled(dict(document.conditions))
    return {
        **known,
        **_targets(read),
        "conditions": editor.canonical(conditions),
        **_effect(read),
    }


def document(values: Mapping[str, Any], kept: Iterable[str] = ()) -> Document:
    """The policy that these values of the form say; of `kept`, ids pass that are gone.

    Raises:
        people.Unknown: a line names no user.
    """
    return Document(
        name=values["name"],
        description=values["description"],
        disabled=not values["enabled"],
        targets=targets(values, kept),
        conditions=json.loads(values["conditions"] or "{}"),
        effect=effect(values),
    )


def targets(values: Mapping[str, Any], kept: Iterable[str] = ()) -> dict[str, Any]:
    """Whom and what it is for, in the vendor's JSON."""
    resources: list[dict[str, str]] = [{"type": type_} for type_ in values["resources"]]
    if ResourceType.APPLICATION.value not in values["resources"]:
        resources += [
            {"type": ResourceType.APPLICATION.value, "id": id_} for id_ in values["applications"]
        ]
    known = list(kept)
    everybody = values["whom"] == EVERYBODY
    included = ["ALL"] if everybody else people.ids(values["users"], known)
    return {
        "resources": resources,
        "users": {"inclusions": included, "exclusions": people.ids(values["not_users"], known)},
        "userGroups": {
            "inclusions": [] if everybody else list(values["groups"]),
            "exclusions": list(values["not_groups"]),
        },
    }


def effect(values: Mapping[str, Any]) -> dict[str, Any]:
    """What it does, in the vendor's JSON."""
    written: dict[str, Any] = {"action": "deny" if values["effect"] == DENY else "allow"}
    if values["effect"] == MFA:
        mfa: dict[str, Any] = {"required": True}
        if values["minutes"]:
            mfa["maxAgeMinutes"] = values["minutes"]
        written["obligations"] = {"mfa": mfa}
        if values["factors"]:
            factors = [{"type": type_} for type_ in values["factors"]]
            written["obligations"]["mfaFactors"] = factors
    if values["message"]:
        written["custom_error_message"] = {
            "enabled": True,
            "message": values["message"],
            "primary_help": {"text": values["link1_text"], "url": values["link1_url"]},
            "secondary_help": {"text": values["link2_text"], "url": values["link2_url"]},
        }
    return written


def _targets(read: Policy) -> dict[str, Any]:
    given = read.targets
    whole = [type_.value for type_, ids in given.resources.items() if not ids]
    return {
        "resources": sorted(whole),
        "applications": sorted(given.resources.get(ResourceType.APPLICATION, ())),
        "whom": EVERYBODY if given.everybody else NAMED,
        "users": people.written(given.user_ids),
        "groups": sorted(given.group_ids),
        "not_users": people.written(given.not_user_ids),
        "not_groups": sorted(given.not_group_ids),
    }


def _effect(read: Policy) -> dict[str, Any]:
    demand = read.demand
    allowed = MFA if demand else ALLOW
    whole = demand is None or demand.factors == SECOND_FACTORS
    factors = [] if whole or demand is None else [_WRITTEN[each] for each in demand.factors]
    age = demand.max_age if demand else None
    texts = {"message": "", **{f"link{n}_{part}": "" for n in (1, 2) for part in ("text", "url")}}
    if read.message:
        texts["message"] = read.message.text
        for number, link in enumerate(read.message.links, 1):
            texts |= {f"link{number}_text": link.text, f"link{number}_url": link.url}
    return {
        "effect": DENY if read.action is Action.DENY else allowed,
        "factors": sorted(factors),
        "minutes": int(age.total_seconds() // 60) if age else None,
        **texts,
    }
