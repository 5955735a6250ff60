"""Requests made to hurt the portal: refused, and never a way into a log or another site."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from rollcall.accounts import services
from rollcall.accounts.models import Account, Role
from rollcall.accounts.one_time_links import password_link
from rollcall.directory.models import User
from rollcall.web.shell.middleware import csp
from tests.actors import TESTER
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)")


@pytest.fixture(autouse=True)
def _nothing_logged_yet() -> None:
    csp._logged.clear()


@pytest.mark.parametrize(
    "where", ["/users/?state=%00", "/users/a%00b/", "/groups/?q=a%00&bound=%00"]
)
def test_no_address_holds_the_character_that_databases_refuse(admin: Client, where: str) -> None:
    assert admin.get(where).status_code == 400


def test_no_form_holds_the_character_that_databases_refuse(admin: Client, world: World) -> None:
    form = {"action": "suspend", "chosen": "a\0b", "scope": "ticked"}
    assert admin.post("/users/", form).status_code == 400


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_to_another_site(client: Client, world: World, elsewhere: str) -> None:
    form = {"login": "manager@example.com", "password": PASSWORD, "next": elsewhere}
    assert client.post("/account/sign-in/", form)["Location"] == "/"
    look = {"theme": "dark", "next": elsewhere}
    assert client.post("/profile/look/", look)["Location"] == "/profile/"
    assert (
        "evil" not in client.post("/language/", {"language": "de", "next": elsewhere})["Location"]
    )
    assert "evil" not in client.post("/account/sign-out/", {"next": elsewhere})["Location"]


@pytest.mark.parametrize("word", ["users", "no such page", "%", "²", "9" * 30])
def test_a_way_back_that_is_no_address_breaks_nothing(admin: Client, word: str) -> None:
    answer = admin.post("/profile/look/", {"theme": "dark", "next": word})
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")


@pytest.mark.parametrize(
    "where", ["/users/", "/profile/look/", "/account/sign-out/", "/account/sign-in/", "/language/"]
)
def test_no_form_is_taken_from_another_site(world: World, where: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(
        world.people["administrator"],
        backend="rollcall.accounts.backend.AccountBackend",
    )
    assert strict.post(where, {}).status_code == 403
    assert strict.post(where, {}, headers={"HX-Request": "true"}).status_code == 403


def test_a_report_of_a_violation_writes_one_line_into_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    told = {"effective-directive": "x\nERROR forged", "blocked-uri": "y\r\nERROR forged"}
    client.post("/csp-report/", json.dumps({"csp-report": told}), content_type="application/json")
    assert "\n" not in caplog.messages[0]
    assert "\r" not in caplog.messages[0]


@pytest.mark.parametrize("body", ["[" * 10_000, '{"csp-report":' * 1000 + "1" + "}" * 1000])
def test_a_report_nested_without_end_is_refused_and_breaks_nothing(
    client: Client, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    answer = client.post("/csp-report/", body, content_type="application/json")
    assert answer.status_code == 400
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_whoever_sends_reports_without_end_fills_no_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(csp.MOST_LINES + 20):
        told = {"effective-directive": "img-src", "blocked-uri": f"https://a{number}.example"}
        body = json.dumps({"csp-report": told})
        assert client.post("/csp-report/", body, content_type="application/json").status_code == 204
    assert len(caplog.messages) <= csp.MOST_LINES


def test_markup_in_a_users_values_stays_text_everywhere(admin: Client, world: World) -> None:
    markup = "<script>alert(1)</script>"
    values = dict.fromkeys(("firstname", "lastname", "jobTitle", "department", "location"), markup)
    User.objects.filter(pk=world.user.pk).update(**values)
    for where in ("/users/", f"/users/{world.user.pk}/", f"/users/{world.user.pk}/edit/", "/"):
        page = admin.get(where).content.decode()
        assert markup not in page, where
    assert "&lt;script&gt;" in admin.get("/users/").content.decode()


def test_an_invited_person_may_not_use_their_own_address_as_password(client: Client) -> None:
    account = services.create(TESTER, "wilhelmina.brandt@example.com", {Role.READ_ONLY})
    link = password_link(account, "")
    weak = "wilhelmina.brandt@example.com"
    answer = client.post(link, {"password": weak, "repeated": weak})
    assert answer.status_code == 200
    assert not Account.objects.get().has_usable_password()
