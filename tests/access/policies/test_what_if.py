"""The what-if is what happens: over random policies, people and places."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from rollcall.access.policies import foresight, services
from rollcall.access.policies.decision.condition_parsing import DAYS, SYSTEMS
from rollcall.access.policies.decision.parsing import Document
from rollcall.accounts import admission
from rollcall.accounts import services as accounts
from rollcall.accounts.admission import Decision, Factor, SignIn
from rollcall.accounts.models import Account, Role
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.cli.policies import policies_app
from rollcall.directory.models import Membership, User, UserGroup
from tests.access.policies.mmdb import written as written_countries
from tests.access.policies.strategies import EFFECTS
from tests.actors import ADMIN, TESTER

pytestmark = pytest.mark.django_db
PLACES = ("192.0.2.7", "198.51.100.1", "2001:db8::7", "203.0.113.5")
COUNTRIES = {
    "192.0.2.0/24": {"country": {"iso_code": "DE"}},
    "198.51.100.0/24": {"country": {"iso_code": "AT"}},
    "2001:db8::/32": {"country": {"iso_code": "US"}},
}
"""Of the last place nobody knows where it is."""
RANDOM = hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

LEAVES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.sampled_from(
        [
            {"ipAddressIn": ["{office}"]},
            {"ipAddressNotIn": ["{office}"]},
            {"ipAddressIn": ["{vpn}", "{office}"]},
            {"all": [{"ipAddressNotIn": ["{vpn}"]}, {"locationIn": {"countries": ["DE", "AT"]}}]},
            {"locationIn": {"countries": ["DE"]}},
            {"locationNotIn": {"countries": ["DE", "US"]}},
            {"time": {"days": list(DAYS[:4]), "zone": "UTC"}},
            {"time": {"days": [DAYS[5]], "from": "00:00", "until": "23:59", "zone": "UTC"}},
            {"deviceManaged": True},
            {"not": {"deviceManaged": True}},
            {"operatingSystem": list(SYSTEMS)},
            {"mfaConfigured": True},
            {"mfaConfigured": False},
            {"expression": "mfa"},
            {"expression": "'{group}' in group_ids"},
            {"expression": "country == 'DE' || ip.startsWith('192.')"},
            {"expression": "country != 'US' && now.getFullYear() > 2000"},
        ]
    )
)
CONDITIONS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.just({}) | LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=5,
)
TARGETS: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda types, users, left_out: {
        "resources": [{"type": type_} for type_ in types],
        "users": {"inclusions": users},
        "userGroups": {"exclusions": left_out},
    },
    st.lists(st.sampled_from(["admin_portal", "user_portal"]), min_size=1, max_size=2),
    st.lists(st.sampled_from(["ALL", "{ada}", "{mara}"]), min_size=1, max_size=2),
    st.lists(st.just("{group}"), max_size=1),
)
POLICIES = st.builds(
    lambda targets, conditions, effect: {
        "targets": targets,
        "conditions": conditions,
        "effect": effect,
    },
    TARGETS,
    CONDITIONS,
    EFFECTS,
)
SIGN_INS = st.tuples(
    st.sampled_from(["ada", "mara"]),
    st.sampled_from(PLACES),
    st.sampled_from(["", "totp", "webauthn"]),
)


class Company:
    """An administrator with a TOTP and a user without, one group with one of them, an IP list."""

    def __init__(self) -> None:
        self.people: dict[str, Account] = {}
        for name, roles in (("ada", {Role.ADMINISTRATOR}), ("mara", set[Role]())):
            user = User.objects.create(username=name, email=f"{name}@example.org")
            self.people[name] = accounts.create(TESTER, user.email, roles)
            accounts.link(ADMIN, self.people[name], user)
            self.people[name].refresh_from_db()
        Authenticator.objects.create(user=self.people["ada"], type="totp", data={})
        group = UserGroup.objects.create(name="Contractors")
        Membership.objects.create(group=group, user_id=self.people["mara"].user_id or "")
        office = services.create_ip_list(ADMIN, {"name": "Office", "ips": ["192.0.2.0/24"]})
        vpn = services.create_ip_list(ADMIN, {"name": "VPN", "ips": ["198.51.100.0-198.51.100.9"]})
        self.ids = {
            "ada": self.people["ada"].user_id or "",
            "mara": self.people["mara"].user_id or "",
            "group": group.pk,
            "office": office.pk,
            "vpn": vpn.pk,
        }

    def document(self, name: str, written: dict[str, Any]) -> Document:
        """A random policy, with this company's ids in it."""
        text = json.dumps(written)
        for place, id_ in self.ids.items():
            text = text.replace(f"{{{place}}}", id_)
        return Document(name, **json.loads(text))

    def sign_in(self, name: str, address: str, factor: str) -> Decision:
        """What the port makes of a sign-in, kept with its event as the adapter keeps it."""
        account = self.people[name]
        sign_in = SignIn(
            account_id=account.pk,
            user_id=account.user_id or "",
            roles=account.roles,
            proved=frozenset({Factor.PASSWORD, *([Factor.SECOND_FACTOR] if factor else [])}),
            address=address,
            methods=frozenset({factor} if factor else ()),
        )
        decision = admission.decide(sign_in)
        action = Action.ACCOUNT_SIGN_IN
        recording.record(ADMIN, action, details={"auth_context": dict(decision.context)})
        return decision


@contextmanager
def undone() -> Iterator[None]:
    """Everything that is written inside is not there afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(tmp_path: Path, settings: Any) -> Company:
    file = tmp_path / "countries.mmdb"
    file.write_bytes(written_countries(COUNTRIES))
    settings.COUNTRY_FILE = str(file)
    return Company()


@RANDOM
@given(policies=st.lists(POLICIES, max_size=4), sign_in=SIGN_INS)
def test_what_the_terminal_says_is_what_becomes_of_the_sign_in(
    company: Company, policies: list[dict[str, Any]], sign_in: tuple[str, str, str]
) -> None:
    name, address, factor = sign_in
    with undone():
        for number, written in enumerate(policies):
            document = company.document(f"P{number}", written)
            services.create_policy(ADMIN, document, confirmed=True)
        words = ["test", "--user", name, "--portal", "admin" if name == "ada" else "user"]
        words += ["--ip", address, "--json", *(["--with", factor] if factor else [])]
        told = json.loads(CliRunner().invoke(policies_app, words).output)
        decision = company.sign_in(name, address, factor)
        happened: Any = decision.context["decision"]
        same = ("outcome", "admitted", "default", "demands", "missing")
        assert {key: told[key] for key in same} == {key: happened[key] for key in same}
        assert [rule["name"] for rule in told["rules"]] == [
            applied["name"] for applied in decision.context["policies_applied"]
        ]
        assert decision.admitted is told["admitted"]


@RANDOM
@given(
    there=st.lists(POLICIES, max_size=3),
    new=POLICIES,
    sign_ins=st.lists(SIGN_INS, min_size=1, max_size=6),
)
def test_what_was_foreseen_of_a_policy_is_what_it_does_once_it_is_saved(
    company: Company,
    there: list[dict[str, Any]],
    new: dict[str, Any],
    sign_ins: list[tuple[str, str, str]],
) -> None:
    with undone():
        for number, written in enumerate(there):
            document = company.document(f"P{number}", written)
            services.create_policy(ADMIN, document, confirmed=True)
        before = [company.sign_in(*sign_in) for sign_in in sign_ins]
        document = company.document("New", new)
        foreseen = foresight.of_policy(document).impact
        services.create_policy(ADMIN, document, confirmed=True)
        after = [company.sign_in(*sign_in) for sign_in in sign_ins]
        expected: dict[str, set[str]] = {"denied": set(), "asked": set(), "admitted": set()}
        for (name, *_), then, now in zip(sign_ins, before, after, strict=True):
            if kind := _difference(then, now):
                expected[kind].add(company.ids[name])
        assert set(foreseen.denied) == expected["denied"]
        assert {*foreseen.asked, *foreseen.unable} == expected["asked"]
        assert set(foreseen.admitted) == expected["admitted"]
        assert (foreseen.sign_ins, foreseen.people) == (
            len(sign_ins),
            len({name for name, *_ in sign_ins}),
        )


def _difference(before: Decision, after: Decision) -> str:
    """What the person would notice of the new policy."""
    was: Any = before.context["decision"]
    is_: Any = after.context["decision"]
    if is_["outcome"] == "denied":
        return "denied" if was["outcome"] != "denied" else ""
    if [demand for demand in is_["missing"] if demand not in was["missing"]]:
        return "asked"
    return "admitted" if after.admitted and not before.admitted else ""
