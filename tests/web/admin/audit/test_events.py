"""Insights → Directory: events drawn, listed, searched, filtered, exported; no secret in them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import translation
from django.utils.timezone import localdate

from rollcall.audit import chain, recording, verification
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.models import Event
from rollcall.audit.recording import Target
from rollcall.directory.models import User
from rollcall.directory.services import (
    HAND,
    NewGroup,
    NewUser,
    Refused,
    create_groups,
    create_users,
)
from rollcall.imports.events import record_start
from rollcall.imports.options import Options
from rollcall.web.admin.audit import labels as audit_words
from tests.actors import ADMIN, TESTER
from tests.web.world import World

pytestmark = pytest.mark.django_db
LOG = "/insights/directory/"


def _page(admin: Client, query: str = "") -> str:
    return admin.get(LOG + query).content.decode()


def test_it_lists_who_what_when_from_where_before_and_after(admin: Client) -> None:
    page = _page(admin)
    for text in ("administrator@example.com", "127.0.0.1", "CSV import: Staged", "<time"):
        assert text in page


def test_it_is_searched_and_filtered(admin: Client) -> None:
    recording.record(TESTER, Action.USER_SUSPEND, Target("user", name="zofia.nowak"))
    assert "zofia.nowak" in _page(admin, "?q=zofia")
    assert "CSV import: Staged" not in _page(admin, "?q=zofia")
    assert "CSV import: Staged" not in _page(admin, "?source=cli")
    assert "Nothing matches" in _page(admin, "?q=nobody-at-all")


def test_it_is_exported_as_csv_that_no_spreadsheet_runs(admin: Client) -> None:
    recording.record(TESTER, Action.USER_UPDATE, Target("user", name="=HYPERLINK(1)"))
    answer = admin.get(LOG + "?export=csv&q=HYPERLINK")
    assert isinstance(answer, StreamingHttpResponse)
    text = b"".join(answer).decode("utf-8-sig")
    heading, row = text.splitlines()
    assert heading.startswith("When,Who,")
    assert "'=HYPERLINK(1)" in row


def test_a_secret_is_never_written(admin: Client) -> None:
    recording.record(
        ADMIN,
        Action.APPLICATION_UPDATE,
        after={"client_secret": "s3cr3t", "name": "P"},
    )
    assert Event.objects.latest("pk").after == {"client_secret": recording.HIDDEN, "name": "P"}


def test_the_file_has_what_the_page_has_no_room_for(admin: Client, world: World) -> None:
    page = admin.get("/insights/directory/").content.decode()
    assert '<span class="d-block text-secondary">127.0.0.1</span>' in page
    answer = admin.get("/insights/directory/?export=csv")
    assert isinstance(answer, StreamingHttpResponse)
    heading = answer.getvalue().decode("utf-8-sig").splitlines()[0]
    assert "Through" in heading
    assert "From where" in heading


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_action_has_words_of_its_own(language: str) -> None:
    with translation.override(language):
        words = [audit_words.action_label(one.value) for one in Action]
    assert len(set(words)) == len(Action)
    assert not [one for one in words if "." in one]


def test_what_was_changed_is_told_in_the_readers_words(admin: Client) -> None:
    recording.record(
        ADMIN,
        Action.IMPORT_START,
        after={"default_state": "", "reactivation_allowed": False, "without": [], "run": 7},
    )
    page = _page(admin, "?q=import+started")
    assert "Reactivation allowed: no; Import: 7" in page
    with translation.override("de"):
        german = audit_words.values({"applicationImport": "STAGED", "groups": ["A", "B"]})
        assert audit_words.values({"role": "read_only"}) == "Rolle: Nur lesen"
    assert german == "Anwendungen / Verzeichnis-Integrationen: Vorbereitet; Benutzergruppen: A, B"


def test_an_action_of_another_version_is_shown_as_it_is() -> None:
    assert audit_words.action_label("user.teleport") == "user.teleport"


def test_it_says_until_when_it_is_sealed_and_whether_it_held(admin: Client) -> None:
    assert "Nothing of the log is sealed yet." in _page(admin)
    chain.seal_due()
    assert "is sealed: a change or a removal shows" in _page(admin)
    assert "Not verified yet." in _page(admin)
    verification.verify_and_note()
    assert "nothing was changed or removed" in _page(admin)
    first = Event.objects.order_by("pk")[0]
    Event.objects.filter(pk=first.pk).update(actor_name="somebody@example.com")
    verification.verify_and_note()
    page = _page(admin)
    assert "it does not hold from seal\n1 on" in page or "it does not hold from seal 1 on" in page
    assert "nothing was changed or removed" not in page


def test_what_an_import_was_started_with_is_told_in_words(world: World) -> None:
    world.run.options = Options(max_suspensions=3, max_emptied=3, min_read_share=0.5).to_record()
    record_start(ADMIN, world.run)
    event = Event.objects.get(action="import.start")
    assert set(event.after) <= set(audit_words.FIELDS)


def test_neither_case_nor_accents_keep_an_event_from_being_found(admin: Client) -> None:
    new = NewUser({"username": "oc", "email": "oc@example.org", "firstname": "Özlem"})
    (made,) = create_users(TESTER, HAND, [new])
    assert not isinstance(made, Refused)
    assert "oc" in _page(admin, "?q=ozlem")
    (group,) = create_groups(TESTER, [NewGroup("Größe und Übersicht")])
    assert not isinstance(group, Refused)
    for typed in ("ubersicht", "GRÖSSE", "grosse uber"):
        assert "Größe und Übersicht" in _page(admin, f"?q={typed}"), typed
    assert "Nothing matches" in _page(admin, "?q=grosse+nichts")


def test_an_action_is_found_without_accents(admin: Client, world: World) -> None:
    recording.record(TESTER, Action.USER_DELETE, Target("user", name="zofia.nowak"))
    answer = admin.get(f"{LOG}?q=geloscht", headers={"accept-language": "de"})
    assert "zofia.nowak" in answer.content.decode()


def test_a_search_finds_events_of_a_person_however_the_name_is_written(admin: Client) -> None:
    oezlem = User.objects.create(
        username="o.celik", email="o@example.org", firstname="Özlem", lastname="Çelik"
    )
    recording.record(TESTER, Action.USER_SUSPEND, Target("user", oezlem.pk, oezlem.username))
    recording.record(TESTER, Action.GROUP_CREATE, Target("user_group", "8", "Österreich"))
    for typed in ("ozlem", "ÇELİK"):
        assert "o.celik" in _page(admin, f"?q={typed}")
        assert "Österreich" not in _page(admin, f"?q={typed}")
    assert "Österreich" in _page(admin, "?q=ÖSTERREICH")


def test_it_is_filtered_by_every_side_of_an_event(admin: Client) -> None:
    lena = Actor(Initiator.USER, Door.SSO, "lena@example.org", "77")
    wiki = Target("application", "a1", "Wiki für alle")
    recording.record(lena, Action.SSO_REFUSED, wiki, success=False, reason="not bound")
    today = localdate().isoformat()
    for query in (
        "service=sso",
        "type=sso_auth",
        "who=LENA",
        "who=77",
        "what=fur",
        "what=a1",
        "result=failed",
        f"since={today}&until={today}&what=wiki",
    ):
        page = _page(admin, f"?{query}")
        assert "Wiki für alle" in page, query
        assert "CSV import: Staged" not in page, query
    for query in ("until=2020-01-01", "since=2999-01-01", "since=yesterday", "type=nothing"):
        assert "Nothing matches" in _page(admin, f"?{query}"), query


def test_the_chart_counts_what_matches_and_has_a_table(admin: Client) -> None:
    Event.objects.all().delete()
    recording.record(ADMIN, Action.USER_UPDATE, Target("user", "1", "zofia.nowak"))
    recording.record(TESTER, Action.ACCESS_REFUSED, success=False, reason="role")
    page = _page(admin)
    assert "2 events from" in page
    assert page.count('class="chart-succeeded" x=') == 30  # days
    assert "One event from" in _page(admin, "?result=failed")
    day = localdate()
    link = f"since={day.isoformat()}&amp;until={day.isoformat()}"
    assert f'<a href="?{link}">' in page
    # Hours for a day; a long time by weeks.
    assert "One event" in _page(admin, f"?result=failed&since={day}&until={day}")
    assert "2 events from" in _page(admin, f"?since={day - timedelta(days=300)}")
    # No style of its own, which the policy would not let through.
    assert "style=" not in page


def test_one_event_is_shown_with_all_that_it_holds(admin: Client) -> None:
    decision = {"policies_applied": [{"name": "Office only"}], "decision": {"outcome": "denied"}}
    event = recording.record(
        ADMIN,
        Action.USER_UPDATE,
        Target("user", "7", "zofia.nowak"),
        before={"jobTitle": "Buyer"},
        after={"jobTitle": "<b>Head</b>"},
        details={"auth_context": decision},
    )
    link = f"{LOG}{event.event_id}/"
    assert link in _page(admin)
    page = admin.get(link).content.decode()
    for text in ("zofia.nowak", "user_update", "Buyer", "&lt;b&gt;Head", "Office only", "denied"):
        assert text in page, text
    for other in ("f" * 24, "nothing", "0" * 24, "v1x"):
        assert admin.get(f"{LOG}{other}/").status_code == 404


def test_it_is_exported_as_json_which_is_an_event_itself(admin: Client) -> None:
    recording.record(TESTER, Action.USER_UPDATE, Target("user", "1", "=HYPERLINK(1)"))
    answer = admin.get(LOG + "?export=json&q=HYPERLINK")
    assert isinstance(answer, StreamingHttpResponse)
    [event] = json.loads(answer.getvalue())
    assert event["resource"]["displayname"] == "=HYPERLINK(1)"
    assert event["organization"]
    assert Event.objects.latest("pk").action == Action.DATA_EXPORT
    nothing = admin.get(LOG + "?export=json&q=nobody-at-all")
    assert isinstance(nothing, StreamingHttpResponse)
    assert json.loads(nothing.getvalue()) == []


def test_the_address_where_it_stood_before_leads_here(admin: Client) -> None:
    answer = admin.get("/settings/audit-log/?q=zofia")
    assert (answer.status_code, answer["Location"]) == (302, "/insights/directory/?q=zofia")


def test_whoever_may_only_read_reads_events(client: Client, world: World) -> None:
    client.force_login(
        world.people["read_only"], backend="rollcall.accounts.backend.AccountBackend"
    )
    assert client.get(LOG).status_code == 200
    assert client.get("/settings/events/").status_code == 403


def test_whoever_is_gone_is_found_without_accents(admin: Client) -> None:
    recording.record(TESTER, Action.USER_DELETE, Target("user", "9", "José Muñoz"))
    assert "José Muñoz" in _page(admin, "?q=jose+munoz")
    assert "José Muñoz" in _page(admin, "?what=MUNOZ")
