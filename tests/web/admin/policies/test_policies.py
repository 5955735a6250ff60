"""Security Management → Conditional Policies: made, foreseen, saved once, merged, explained."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rollcall.access.policies import admitting, services, what_if
from rollcall.access.policies.models import AccessPolicy, BreakGlass, IpList, ResourceDefault
from rollcall.accounts import services as accounts
from rollcall.accounts.actors import account_target
from rollcall.accounts.models import Account
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.models import Event
from rollcall.directory.models import UserGroup
from tests.access.policies.conftest import document
from tests.actors import ADMIN, TESTER
from tests.web.test_two_forms_on_settings import seen, seen_in
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db

NEW = "/conditional-policies/new/"
TYPED: dict[str, Any] = {
    "name": "Contractors",
    "description": "",
    "enabled": "on",
    "resources": ["user_portal"],
    "whom": "everybody",
    "users": "",
    "not_users": "",
    "effect": "deny",
    "minutes": "",
    "message": "",
    "link1_text": "",
    "link1_url": "",
    "link2_text": "",
    "link2_url": "",
    "conditions-mode": "rows",
    "conditions-join": "all",
}
SAVE = {"stage": "save"}
COUNTRY = {
    "conditions-group": ["g0"],
    "g0-join": "all",
    "g0-row": ["r0:locationIn"],
    "g0r0-is_or_not": "is-not",
    "g0r0-countries": "de, at",
}


def sent(client: Client, address: str, *parts: dict[str, Any]) -> str:
    """What the page says to a form of these parts."""
    form: dict[str, Any] = {}
    for part in parts:
        form |= part
    answer = client.post(address, form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def conditions_of(client: Client, *parts: dict[str, Any]) -> Any:
    """The conditions that a policy of these parts is saved with."""
    sent(client, NEW, TYPED, *parts, SAVE)
    return AccessPolicy.objects.get().conditions


def test_a_policy_is_foreseen_before_it_is_saved_and_then_listed(admin: Client) -> None:
    page = sent(admin, NEW, TYPED, COUNTRY, seen(admin, NEW))
    assert "What the policy would have done" in page
    assert not AccessPolicy.objects.exists()
    page = sent(admin, NEW, TYPED, COUNTRY, seen(admin, NEW), SAVE)
    policy = AccessPolicy.objects.get()
    assert (policy.name, policy.disabled, policy.type) == ("Contractors", False, "user_portal")
    assert policy.conditions == {"locationNotIn": {"countries": ["DE", "AT"]}}
    assert policy.targets["users"] == {"inclusions": ["ALL"], "exclusions": []}
    assert policy.effect == {"action": "deny"}
    for text in ("Contractors", "User portal", "Everybody", "Country", "Access denied"):
        assert text in page
    event = Event.objects.get(action="policy.create")
    assert event.actor_name == "administrator@example.com"


def test_a_form_that_is_sent_twice_makes_one_policy(admin: Client) -> None:
    for _ in range(2):
        sent(admin, NEW, TYPED, {"form": "a-key"}, SAVE)
    assert AccessPolicy.objects.count() == 1


def test_what_was_typed_stays_where_something_is_wrong(admin: Client) -> None:
    wrong = {
        "name": "",
        "description": "For who is no employee",
        "resources": [],
        "whom": "named",
        "users": "amelie.brandt\nnobody.at.all",
        "link1_url": "javascript:alert(1)",
        "g0r0-countries": "Germany",
    }
    page = sent(admin, NEW, TYPED, COUNTRY, wrong)
    for text in (
        "Policy Name: fill this in.",
        "For who is no employee",
        "Choose what the policy is for.",
        "Nobody is called nobody.at.all.",
        "Write a whole address",
        "Write countries as two letters each, like DE.",
        'value="Germany"',
    ):
        assert text in page, text
    assert not AccessPolicy.objects.exists()


def test_users_groups_applications_and_every_part_of_the_effect(
    admin: Client, world: World
) -> None:
    parts = {
        "resources": ["admin_portal"],
        "applications": [world.application.pk],
        "whom": "named",
        "users": "amelie.brandt\njonas.weiss@example.com",
        "groups": [world.group.pk],
        "not_users": "zofia.nowak",
        "effect": "mfa",
        "factors": ["WEBAUTHN"],
        "minutes": "15",
        "message": "Call us.",
        "link1_text": "How",
        "link1_url": "https://example.com/help",
    }
    sent(admin, NEW, TYPED, parts, SAVE, {"confirmed": "yes"})
    policy = AccessPolicy.objects.get()
    assert policy.targets["resources"] == [
        {"type": "admin_portal"},
        {"type": "application", "id": world.application.pk},
    ]
    assert len(policy.targets["users"]["inclusions"]) == 2
    assert policy.targets["userGroups"] == {"inclusions": [world.group.pk], "exclusions": []}
    assert policy.effect["obligations"] == {
        "mfa": {"required": True, "maxAgeMinutes": 15},
        "mfaFactors": [{"type": "WEBAUTHN"}],
    }
    assert policy.effect["custom_error_message"]["primary_help"]["url"] == (
        "https://example.com/help"
    )
    page = admin.get(f"/conditional-policies/{policy.pk}/").content.decode()
    for text in ("amelie.brandt\njonas.weiss", "zofia.nowak", "Call us.", 'value="15"'):
        assert text in page


def test_rows_and_groups_are_added_and_taken_away_without_a_script(admin: Client) -> None:
    page = sent(admin, NEW, TYPED, {"name": "", "act": "add-group"})
    assert 'name="conditions-group" value="g0"' in page
    assert "fill this in" not in page
    group = {"conditions-group": ["g0"], "g0-join": "any", "g0-new": "time"}
    page = sent(admin, NEW, TYPED, group, {"act": "add-row g0"})
    assert 'name="g0-row" value="r0:time"' in page
    assert 'name="g0r0-start" value="08:00"' in page
    page = sent(admin, NEW, TYPED, COUNTRY, {"act": "drop-row g0 r0"})
    assert "r0:locationIn" not in page
    page = sent(admin, NEW, TYPED, COUNTRY, {"act": "drop-group g0"})
    assert "conditions-group" not in page
    assert not AccessPolicy.objects.exists()


def test_every_kind_of_row_is_written(admin: Client) -> None:
    office = services.create_ip_list(ADMIN, {"name": "Office", "ips": ["192.0.2.0/24"]})
    kinds: dict[str, dict[str, Any]] = {
        "r0:ipAddressIn": {"lists": [office.pk]},
        "r1:mfaConfigured": {"wanted": "yes"},
        "r2:time": {
            "days": ["monday", "friday"],
            "start": "08:00",
            "until": "18:30",
            "zone": "Europe/Berlin",
        },
        "r3:deviceManaged": {"wanted": "no"},
        "r4:operatingSystem": {"systems": ["macos"]},
        "r5:osVersion": {"system": "macos", "at_least": "14.2", "at_most": ""},
        "r6:expression": {"text": "'g1' in group_ids"},
        "r7:deviceEncrypted": {"wanted": "yes"},
    }
    form: dict[str, Any] = {
        "conditions-group": ["g0"],
        "g0-join": "any",
        "g0-row": list(kinds),
    }
    for row, fields in kinds.items():
        prefix = f"g0{row.partition(':')[0]}"
        form[f"{prefix}-is_or_not"] = "is"
        form |= {f"{prefix}-{name}": value for name, value in fields.items()}
    hours = {"days": ["monday", "friday"], "from": "08:00", "until": "18:30"}
    assert conditions_of(admin, form) == {
        "any": [
            {"ipAddressIn": [office.pk]},
            {"mfaConfigured": True},
            {"time": {**hours, "zone": "Europe/Berlin"}},
            {"deviceManaged": False},
            {"operatingSystem": ["macos"]},
            {"osVersion": {"operatingSystem": "macos", "atLeast": "14.2"}},
            {"expression": "'g1' in group_ids"},
            {"deviceEncrypted": True},
        ]
    }
    page = admin.get(f"/conditional-policies/{AccessPolicy.objects.get().pk}/").content.decode()
    assert page.count('-row" value="') == len(kinds)


def test_a_tree_of_any_depth_is_written_as_json(admin: Client) -> None:
    deep = '{"all": [{"any": [{"all": [{"mfaConfigured": true}, {"any": []}]}]}]}'
    form = {"conditions-mode": "json", "conditions-json": deep}
    page = sent(admin, NEW, TYPED, form, {"act": "to-rows"})
    assert "nested too deep for rows" in page
    page = sent(admin, NEW, TYPED, form, {"conditions-json": '{"colour": "red"}'})
    assert "there is no such condition" in page
    page = sent(admin, NEW, TYPED, COUNTRY, {"act": "to-json"})
    assert "&quot;locationNotIn&quot;" in page
    assert conditions_of(admin, form)["all"][0]["any"][0]["all"][0] == {"mfaConfigured": True}
    address = f"/conditional-policies/{AccessPolicy.objects.get().pk}/"
    assert 'id="conditions-json"' in admin.get(address).content.decode()


def test_an_expression_that_is_wrong_is_told_with_its_place(admin: Client) -> None:
    form = {
        "conditions-group": ["g0"],
        "g0-row": ["r0:expression"],
        "g0r0-is_or_not": "is",
        "g0r0-text": "colour == 'red'",
    }
    page = sent(admin, NEW, TYPED, form)
    assert "undeclared reference" in page


def test_whoever_would_shut_out_the_last_administrator_is_asked_twice(admin: Client) -> None:
    grave = {"resources": ["admin_portal"]}
    page = sent(admin, NEW, TYPED, grave)
    assert "No administrator could sign in to the admin portal any more." in page
    page = sent(admin, NEW, TYPED, grave, SAVE)
    assert "Save Contractors all the same?" in page
    assert not AccessPolicy.objects.exists()
    sent(admin, NEW, TYPED, grave, SAVE, {"confirmed": "yes"})
    assert AccessPolicy.objects.count() == 1


def test_two_forms_on_a_policy_are_merged_and_a_clash_is_shown(admin: Client) -> None:
    policy = services.create_policy(ADMIN, document("A", "deny", type="user_portal"))
    address = f"/conditional-policies/{policy.pk}/"
    own = {"name": "A", "resources": ["user_portal"]}
    one, other = seen(admin, address), seen(admin, address)
    sent(admin, address, TYPED, own, {"name": "B"}, one, SAVE)
    sent(admin, address, TYPED, own, COUNTRY, other, SAVE)
    policy.refresh_from_db()
    assert policy.name == "B"
    assert policy.conditions == {"locationNotIn": {"countries": ["DE", "AT"]}}
    answer = admin.post(address, TYPED | own | {"name": "C"} | other | SAVE)
    assert "somebody else has written “B” meanwhile" in answer.content.decode()
    assert "somebody else has changed them meanwhile" not in answer.content.decode()
    again = seen_in(answer.content)
    sent(admin, address, TYPED, own, COUNTRY, {"name": "C"}, again, SAVE)
    policy.refresh_from_db()
    assert policy.name == "C"


def test_a_policy_that_is_left_as_it_was_stays_as_it_was_written(admin: Client) -> None:
    written: dict[str, Any] = {"all": [{"mfaConfigured": True}, {"mfaConfigured": True}]}
    policy = services.create_policy(ADMIN, document("A", "deny", written, type="user_portal"))
    address = f"/conditional-policies/{policy.pk}/"
    rows: dict[str, Any] = {"conditions-group": ["g0"], "g0-join": "all"}
    rows["g0-row"] = ["r0:mfaConfigured", "r1:mfaConfigured"]
    rows |= {"g0r0-is_or_not": "is", "g0r0-wanted": "yes"}
    rows |= {"g0r1-is_or_not": "is", "g0r1-wanted": "yes"}
    before = AccessPolicy.objects.values("targets", "conditions", "effect").get()
    sent(admin, address, TYPED, {"name": "B"}, rows, seen(admin, address), SAVE)
    assert AccessPolicy.objects.values("targets", "conditions", "effect").get() == before
    assert AccessPolicy.objects.get().name == "B"


def test_a_policy_is_deleted_after_asking(admin: Client) -> None:
    policy = services.create_policy(ADMIN, document("A", "deny", type="user_portal"))
    address = f"/conditional-policies/{policy.pk}/"
    page = sent(admin, address, {"action": "delete"})
    assert "the default decides about from then on" in page
    sent(admin, address, {"action": "delete", "confirmed": "yes"})
    assert not AccessPolicy.objects.exists()


def test_the_form_asks_who_it_is_again(client: Client, world: World) -> None:
    client.force_login(
        world.people["administrator"], backend="rollcall.accounts.backend.AccountBackend"
    )
    answer = client.post(NEW, TYPED)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/confirm/")


def test_whoever_only_reads_sees_policies_and_can_change_none(client: Client, world: World) -> None:
    policy = services.create_policy(ADMIN, document("A", "deny", type="user_portal"))
    client.force_login(
        world.people["read_only"], backend="rollcall.accounts.backend.AccountBackend"
    )
    page = client.get("/conditional-policies/").content.decode()
    assert "Create policy" not in page
    page = client.get(f"/conditional-policies/{policy.pk}/").content.decode()
    assert "<fieldset disabled>" in page
    assert "Continue</button>\n        <a" not in page


@pytest.fixture
def past(client: Client, world: World) -> Account:
    """Somebody who has signed in within the last days."""
    reader = world.people["read_only"]
    visitor = Client()
    visitor.post("/account/sign-in/", {"login": reader.email, "password": PASSWORD})
    assert Event.objects.filter(action="account.sign_in").exists()
    return reader


def test_who_would_have_been_denied_is_counted_and_searched(past: Account, admin: Client) -> None:
    form = {"resources": ["admin_portal"], "effect": "deny"}
    page = sent(admin, NEW, TYPED, form)
    assert "Sign-ins that it was held against: 1; people: 1." in page
    assert past.email in page
    assert "1 of 1 people who signed in" in page
    assert past.email in sent(admin, NEW, TYPED, form, {"find": "read"})
    assert past.email not in sent(admin, NEW, TYPED, form, {"find": "somebody else"})


def test_a_what_if_beside_an_unsaved_policy_shows_both_ways(admin: Client, world: World) -> None:
    asked = {"what-if": "yes", "w-user": "amelie.brandt", "w-resource": "user_portal"}
    page = sent(admin, NEW, TYPED, asked)
    assert page.index("As it is") < page.index("Allowed</span>") < page.index("With this policy")
    assert page.index("With this policy") < page.index("Denied</span>")
    assert "Nobody is called nobody." in sent(admin, NEW, TYPED, {**asked, "w-user": "nobody"})


def test_a_what_if_names_the_rule_the_value_and_the_time(admin: Client, world: World) -> None:
    office = services.create_ip_list(ADMIN, {"name": "Office", "ips": ["192.0.2.0/24"]})
    services.create_policy(
        ADMIN, document("Outside", "deny", {"ipAddressNotIn": [office.pk]}, type="user_portal")
    )
    address = "/conditional-policies/what-if/"
    asked = {
        "user": "amelie.brandt@example.com",
        "resource": "user_portal",
        "address": "198.51.100.1",
        "at": "2026-11-27T09:30",
    }
    page = sent(admin, address, asked)
    assert "asked for Office, there is 198.51.100.1" in page
    assert "Denied</span>" in page
    assert "2026-11-27T09:30" in page
    assert "Allowed</span>" in sent(admin, address, asked | {"address": "192.0.2.9"})
    page = sent(admin, address, asked | {"user": "nobody", "address": "not one"})
    assert 'value="not one"' in page
    assert "Nobody is called nobody." in sent(admin, address, asked | {"user": "nobody"})
    for at in ("0001-01-01T00:00", "9999-12-31T23:59"):
        assert "This time is out of range." in sent(admin, address, asked | {"at": at})


def test_a_decision_of_the_past_is_explained_from_the_log_and_from_the_person(
    admin: Client, world: World
) -> None:
    account = accounts.create(TESTER, "amelie.brandt@example.com", ())
    accounts.link(TESTER, account, world.user)
    services.create_policy(ADMIN, document("Nobody", "deny", type="user_portal"), confirmed=True)
    facts = what_if.Question(world.user.pk, world.user.created, address="192.0.2.7").facts()
    account.refresh_from_db()
    event = recording.record(
        ADMIN,
        Action.ACCOUNT_SIGN_IN_REFUSED,
        account_target(account),
        success=False,
        reason="denied by policy Nobody",
        details={"auth_context": admitting.context(admitting.decide(facts))},
    )
    link = f"/conditional-policies/decisions/{event.pk}/"
    assert link in admin.get("/insights/directory/").content.decode()
    assert link in admin.get(f"/users/{world.user.pk}/").content.decode()
    page = admin.get(link).content.decode()
    for text in ("Sign-in refused", "Nobody", "Denied", "192.0.2.7", "not known"):
        assert text in page
    other = Event.objects.exclude(pk=event.pk).latest("pk")
    assert admin.get(f"/conditional-policies/decisions/{other.pk}/").status_code == 404
    assert admin.get(f"/conditional-policies/decisions/{2**70}/").status_code == 404


def test_an_ip_list_is_made_merged_and_deleted_unless_a_policy_names_it(admin: Client) -> None:
    form = {"name": "Office", "description": "Munich", "ips": "192.0.2.0/24\r\n2001:db8::/32"}
    for _ in range(2):
        sent(admin, "/ip-lists/new/", form | {"form": "key"})
    office = IpList.objects.get()
    assert office.ips == ["192.0.2.0/24", "2001:db8::/32"]
    page = sent(admin, "/ip-lists/new/", form | {"ips": "192.0.2.0/24\n10.0.0.300"})
    assert "This is no address, network or range: 10.0.0.300" in page
    address = f"/ip-lists/{office.pk}/"
    one, other = seen(admin, address), seen(admin, address)
    sent(admin, address, form, {"name": "HQ"}, one)
    sent(admin, address, form, {"ips": "192.0.2.0/25"}, other)
    office.refresh_from_db()
    assert (office.name, office.ips) == ("HQ", ["192.0.2.0/25"])
    services.create_policy(
        ADMIN, document("Outside", "deny", {"ipAddressNotIn": [office.pk]}, type="user_portal")
    )
    page = sent(admin, address, {"action": "delete", "confirmed": "yes"})
    assert "is named by these policies, and stays: Outside" in page
    AccessPolicy.objects.all().delete()
    sent(admin, address, {"action": "delete", "confirmed": "yes"})
    assert not IpList.objects.exists()


def test_an_ip_list_that_would_shut_everybody_out_is_confirmed(admin: Client) -> None:
    office = services.create_ip_list(ADMIN, {"name": "Office", "ips": ["127.0.0.0/8"]})
    services.create_policy(ADMIN, document("Outside", "deny", {"ipAddressNotIn": [office.pk]}))
    address = f"/ip-lists/{office.pk}/"
    form = {"name": "Office", "description": "", "ips": "192.0.2.0/24"} | seen(admin, address)
    assert "Save Office all the same?" in sent(admin, address, form)
    sent(admin, address, form, {"confirmed": "yes"})
    office.refresh_from_db()
    assert office.ips == ["192.0.2.0/24"]


def test_defaults_are_saved_merged_and_confirmed_where_they_are_grave(admin: Client) -> None:
    address = "/conditional-policies/defaults/"
    form = {"user_portal": "mfa_by_user", "admin_portal": "mfa_by_user", "application": "allow"}
    one, other = seen(admin, address), seen(admin, address)
    sent(admin, address, form, {"application": "deny"}, one)
    sent(admin, address, form, {"user_portal": "allow_with_mfa"}, other)
    assert dict(ResourceDefault.objects.values_list("resource", "action")) == {
        "application": "deny",
        "user_portal": "allow_with_mfa",
    }
    grave = form | {"admin_portal": "deny"} | seen(admin, address)
    assert "Save the defaults all the same?" in sent(admin, address, grave)
    assert not ResourceDefault.objects.filter(resource="admin_portal").exists()


def test_a_break_glass_account_is_named_and_released(admin: Client, world: World) -> None:
    address = "/conditional-policies/defaults/"
    chosen = {"account": str(world.people["administrator"].pk)}
    page = sent(admin, address, chosen, {"action": "add"})
    assert "Each use of it sends an e-mail" in page
    assert BreakGlass.objects.count() == 1
    sent(admin, address, chosen, {"action": "remove"})
    assert not BreakGlass.objects.exists()
    assert "Choose an administrator." in sent(admin, address, {"action": "add", "account": "x"})


def test_lists_are_searched_and_filtered(admin: Client) -> None:
    services.create_policy(ADMIN, document("Night", "deny", type="user_portal"))
    services.create_policy(ADMIN, document("Day", "allow", type="user_portal", disabled=True))
    for query, there, gone in (
        ("q=nig", "Night", "Day"),
        ("status=off", "Day", "Night"),
        ("effect=deny", "Night", "Day"),
    ):
        page = admin.get(f"/conditional-policies/?{query}").content.decode()
        assert f">{there}</a>" in page
        assert f">{gone}</a>" not in page


def test_a_group_and_a_user_that_are_gone_do_not_hinder_saving(admin: Client, world: World) -> None:
    group = UserGroup.objects.create(name="Short-lived")
    targets = {
        "users": {"inclusions": ["0123456789abcdef01234567"]},
        "userGroups": {"inclusions": [group.pk]},
    }
    policy = services.create_policy(
        ADMIN, document("A", "deny", type="user_portal", targets=targets)
    )
    group.delete()
    address = f"/conditional-policies/{policy.pk}/"
    kept: dict[str, Any] = {"whom": "named", "users": "0123456789abcdef01234567"}
    kept |= {"groups": targets["userGroups"]["inclusions"]}
    sent(admin, address, TYPED, kept, {"name": "B"}, seen(admin, address), SAVE)
    policy.refresh_from_db()
    assert (policy.name, policy.targets) == ("B", targets)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "null",
        "1e999",
        '{"expression": "ip == \'\\u0000\'"}',
        '{"ipAddressIn": ["\\ud800"]}',
        '{"all": ' * 500 + "1" + "}" * 500,
        "[" * 20_000,
        '{"expression": ' + '"x' * 60_000,
    ],
)
def test_json_that_cannot_be_kept_is_refused_and_stays_to_be_mended(
    admin: Client, text: str
) -> None:
    page = sent(admin, NEW, TYPED, {"conditions-mode": "json", "conditions-json": text}, SAVE)
    assert 'id="conditions-json"' in page
    assert "invalid-feedback" in page
    assert not AccessPolicy.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        {"conditions-group": ["g0", "g0", "x", "g9999"], "g0-row": ["r0:colour", "r0", ""]},
        {"conditions-group": ["g0"], "g0-join": "xor", "g0-row": ["r0:time"] * 30},
        {"act": "drop-row g0 r9"},
        {"act": "add-row g7"},
        {"act": "explode"},
        {"act": " "},
        {"resources": ["moon"], "whom": "martians", "effect": "explode", "groups": ["x"]},
        {"minutes": "9" * 400, "seen": "[" * 1000},
        {"what-if": "yes", "w-at": "0001-01-01T00:00", "w-user": "x", "w-resource": "gone"},
    ],
)
def test_a_form_that_no_page_has_sent_breaks_nothing(admin: Client, form: dict[str, Any]) -> None:
    assert "<h1" in sent(admin, NEW, TYPED, form)
    assert not AccessPolicy.objects.exists()
