"""Random facts, conditions and policies, in the vendor's JSON as an administrator would send it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from rollcall.access.policies.decision.address_lists import AddressList
from rollcall.access.policies.decision.condition_parsing import DAYS, SYSTEMS
from rollcall.access.policies.decision.facts import (
    Device,
    Factor,
    Facts,
    Resource,
    ResourceType,
)

ADDRESSES = ("192.0.2.7", "192.0.2.200", "198.51.100.1", "2001:db8::7", "")
COUNTRIES = ("DE", "AT", "US")
GROUPS = ("g1", "g2", "g3")
USERS = ("u1", "u2", "")
LISTS = {
    "office": AddressList.of("office", "Office", ["192.0.2.0/25", "2001:db8::/64"]),
    "vpn": AddressList.of("vpn", "VPN", ["198.51.100.1-198.51.100.9"]),
}
TIMES = st.datetimes(
    min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31), timezones=st.just(UTC)
)
KNOWN_OR_NOT = st.sampled_from([True, False, None])


@st.composite
def facts(draw: st.DrawFn, *, types: tuple[ResourceType, ...] = tuple(ResourceType)) -> Facts:
    type_ = draw(st.sampled_from(types))
    ids = ["a1", "a2"] if type_ is ResourceType.APPLICATION else [""]
    at = draw(TIMES)
    return Facts(
        user_id=draw(st.sampled_from(USERS)),
        resource=Resource(type_, draw(st.sampled_from(ids))),
        at=at,
        group_ids=draw(st.frozensets(st.sampled_from(GROUPS))),
        address=draw(st.sampled_from(ADDRESSES)),
        country=draw(st.sampled_from([*COUNTRIES, None])),
        device=Device(
            draw(KNOWN_OR_NOT),
            draw(KNOWN_OR_NOT),
            draw(st.sampled_from([*SYSTEMS, None])),
            draw(st.sampled_from(["14.1", "14.2.1", "11", None])),
        ),
        mfa_configured=draw(KNOWN_OR_NOT),
        proved=dict.fromkeys(draw(st.frozensets(st.sampled_from(Factor))), at),
    )


LEAVES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(
        lambda name, ids: {name: ids},
        st.sampled_from(["ipAddressIn", "ipAddressNotIn"]),
        st.lists(st.sampled_from(["office", "vpn"]), min_size=1, max_size=2),
    ),
    st.builds(
        lambda name, codes: {name: {"countries": codes}},
        st.sampled_from(["locationIn", "locationNotIn"]),
        st.lists(st.sampled_from(COUNTRIES), min_size=1, max_size=2),
    ),
    st.builds(
        lambda name, wanted: {name: wanted},
        st.sampled_from(["deviceManaged", "deviceEncrypted", "mfaConfigured"]),
        st.booleans(),
    ),
    st.builds(
        lambda systems: {"operatingSystem": systems},
        st.lists(st.sampled_from(SYSTEMS), min_size=1, max_size=3),
    ),
    st.builds(
        lambda system, version: {"osVersion": {"operatingSystem": system, "atLeast": version}},
        st.sampled_from(SYSTEMS),
        st.sampled_from(["14", "14.2", "12"]),
    ),
    st.builds(
        lambda days, start, until: {
            "time": {"days": days, "from": start, "until": until, "zone": "Europe/Berlin"}
        },
        st.lists(st.sampled_from(DAYS), min_size=1, max_size=7),
        st.sampled_from(["00:00", "08:00", "22:00"]),
        st.sampled_from(["00:00", "06:30", "18:00"]),
    ),
    st.builds(
        lambda text: {"expression": text},
        st.sampled_from(
            [
                "country == 'DE'",
                "'g1' in group_ids",
                "device_managed || mfa",
                "now.getHours() < 12",
                "ip.startsWith('192.')",
            ]
        ),
    ),
)

CONDITIONS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.just({}) | LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda one, other: {**one, **other}, inner, LEAVES),
    ),
    max_leaves=8,
)

EFFECTS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({"action": "deny"}),
    st.just({"action": "allow"}),
    st.just({"action": "allow", "obligations": {"mfa": {"required": True}}}),
    st.just(
        {
            "action": "allow",
            "obligations": {
                "mfa": {"required": True, "maxAgeMinutes": 5},
                "mfaFactors": [{"type": "WEBAUTHN"}],
            },
        }
    ),
)


def targets(
    *, users: tuple[str, ...] = ("u1", "u2"), groups: tuple[str, ...] = GROUPS
) -> st.SearchStrategy[dict[str, Any]]:
    resources = st.one_of(
        st.builds(lambda type_: {"type": type_.value}, st.sampled_from(ResourceType)),
        st.just({"type": "application", "id": "a1"}),
    )
    return st.fixed_dictionaries(
        {
            "resources": st.lists(resources, min_size=1, max_size=3),
            "users": st.fixed_dictionaries(
                {
                    "inclusions": st.lists(
                        st.sampled_from(["ALL", *users]), min_size=1, max_size=2
                    ),
                    "exclusions": st.lists(st.sampled_from(users), max_size=1),
                }
            ),
            "userGroups": st.fixed_dictionaries(
                {
                    "inclusions": st.lists(st.sampled_from(groups), max_size=2),
                    "exclusions": st.lists(st.sampled_from(groups), max_size=1),
                }
            ),
        }
    )
