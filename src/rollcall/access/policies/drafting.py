"""Puts what somebody wrote into the row of a policy or an IP list, once it can be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rollcall.access.policies.decision import condition_parsing
from rollcall.access.policies.decision.address_lists import MOST_ENTRIES, malformed
from rollcall.access.policies.decision.faults import Fault, Malformed
from rollcall.access.policies.decision.parsing import Document, parse
from rollcall.access.policies.models import AccessPolicy, IpList
from rollcall.core import labels
from rollcall.core.labels import GROUP_LIMITS

MOST_CHARACTERS: Final = 200_000
"""How long the three documents of a policy may be together, as JSON."""


def is_writable(text: str) -> bool:
    """Whether this JSON holds neither U+0000 nor half of a pair of surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in text


def filled(policy: AccessPolicy, document: Document) -> AccessPolicy:
    """The row with what the document says.

    Raises:
        Malformed: it cannot be kept as it is.
    """
    faults = list(_wrong_texts({"name": document.name, "description": document.description}))
    _refuse_unwritable([document.targets, document.conditions, document.effect])
    try:
        parsed = parse(policy.pk, document)
        if not document.disabled and not parsed.targets.names_somebody:
            faults.append(Fault("targets", "name whom it is for: users, user groups, or ALL"))
        known = set(IpList.objects.values_list("pk", flat=True))
        for id_ in sorted(condition_parsing.address_lists(document.conditions) - known):
            faults.append(Fault("conditions", f"there is no IP list “{id_[:40]}”"))
    except Malformed as error:
        faults += error.faults
    if faults:
        raise Malformed(*faults)
    policy.name = labels.normalize(document.name)
    policy.description = labels.normalize(document.description)
    policy.disabled = document.disabled
    policy.type = document.first_type
    policy.targets = document.targets
    policy.conditions = document.conditions
    policy.effect = document.effect
    return policy


def listed(ip_list: IpList, values: Mapping[str, Any]) -> IpList:
    """The row with these of `name`, `description` and `ips`.

    Raises:
        Malformed: they cannot be kept as they are.
    """
    faults = list(_wrong_texts(values))
    ips = values.get("ips", ip_list.ips)
    if not isinstance(ips, list) or not all(isinstance(ip, str) for ip in ips):
        faults.append(Fault("ips", "write a list of addresses"))
    elif len(ips) > MOST_ENTRIES:
        faults.append(Fault("ips", f"at most {MOST_ENTRIES} entries, not {len(ips)}"))
    else:
        for entry in list(malformed(ips))[:10]:
            text = f"“{entry[:60]}” is no address, network or range"
            faults.append(Fault("ips", text))
    if faults:
        raise Malformed(*faults)
    for name in ("name", "description"):
        if name in values:
            setattr(ip_list, name, labels.normalize(values[name]))
    ip_list.ips = [ip.strip() for ip in ips]
    return ip_list


def _wrong_texts(values: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("name", "description"):
        if name in values:
            refusal = labels.refuse(name, labels.normalize(values[name]), GROUP_LIMITS)
            if refusal:
                yield Fault(name, refusal.text().partition(": ")[2] or refusal.text())


def _refuse_unwritable(documents: Sequence[object]) -> None:
    text = json.dumps(documents, ensure_ascii=False)
    if len(text) > MOST_CHARACTERS:
        raise Malformed(Fault("policy", f"more than {MOST_CHARACTERS} characters"))
    # PostgreSQL keeps neither in JSON.
    if not is_writable(text):
        raise Malformed(Fault("policy", "it holds a character that cannot be kept"))
