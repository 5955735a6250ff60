"""E-mails about accounts: what may stand in them, and that nothing in them becomes markup."""

from __future__ import annotations

from email import message_from_bytes

import pytest
from django.core import mail
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.accounts import activation, activation_mail, letters, mail_texts
from rollcall.accounts.activation_mail import Mailbox
from rollcall.accounts.letters import Kind, Look, Text
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from rollcall.directory.models import Organization, User
from rollcall.directory.services import HAND
from rollcall.mail import outbox
from tests.actors import ADMIN

LOOK = Look("Müller & Söhne <GmbH>")
DOT = "data:image/png;base64,iVBORw0KGgo="


def test_unknown_placeholders_are_named() -> None:
    found = letters.unknown(Kind.WELCOME, "Hi {first_name}, {days} {password} {link} {}")
    assert found == ("{days}", "{password}", "{}")


@pytest.mark.parametrize(
    ("kind", "body", "lacks"),
    [
        (Kind.ACTIVATION, "Come here: {link}", False),
        (Kind.ACTIVATION, "Come here", True),
        (Kind.LOCK_OUT, "You are locked", False),
    ],
)
def test_what_is_for_its_link_needs_it(kind: Kind, body: str, lacks: bool) -> None:
    assert letters.lacks_link(kind, body) is lacks


def test_what_has_no_value_is_left_out() -> None:
    assert letters.filled("Hello {first_name}!", {}) == "Hello !"


def test_names_and_texts_are_escaped_and_the_link_is_one() -> None:
    values = {"first_name": "<b>{link}</b>", "link": "https://x.example/?a=1&b=2"}
    html = letters.as_html("Hi {first_name} & <i>\n\n{link}", values, LOOK)
    assert "Müller &amp; Söhne &lt;GmbH&gt;" in html
    assert "&lt;b&gt;{link}&lt;/b&gt; &amp; &lt;i&gt;" in html
    assert 'href="https://x.example/?a=1&amp;b=2"' in html
    assert "<b>" not in html
    assert "<i>" not in html


def test_a_colour_that_is_none_is_not_written_into_the_page() -> None:
    assert "red;}" not in letters.as_html("Hi", {}, Look("X", 'red;}"'))


@settings(max_examples=30, deadline=None)
@given(name=st.text(max_size=20), body=st.text(max_size=60))
def test_nothing_that_is_typed_opens_a_tag(name: str, body: str) -> None:
    plain = letters.as_html("x", {}, Look("X"))
    html = letters.as_html(f"{body} {{first_name}}", {"first_name": name}, Look("X"))
    tags = html.count("<") - html.count("<br>") - html.count("<p ") - html.count("</p>")
    ours = plain.count("<") - plain.count("<p ") - plain.count("</p>")
    assert tags == ours


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("language", ["en", "de"])
def test_our_own_words_are_such_as_we_would_take(kind: Kind, language: str) -> None:
    text = mail_texts.default_text(kind, language)
    assert letters.unknown(kind, text.subject + text.body) == ()
    assert not letters.lacks_link(kind, text.body)
    assert len(text.body) <= letters.LONGEST_BODY
    assert len(text.subject) <= letters.LONGEST_SUBJECT


def test_our_own_words_are_german_too() -> None:
    assert mail_texts.default_text(Kind.WELCOME, "de").subject.startswith("Willkommen")


@pytest.mark.django_db
def test_the_activation_email_is_in_the_organizations_words_colour_and_logo() -> None:
    Organization.objects.create(displayName="Example Ltd")
    mail_texts.save_text(
        ADMIN, Kind.ACTIVATION, "en", Text("Come to {organization}", "Dear {first_name}: {link}")
    )
    mail_texts.save_look(ADMIN, color="#aa3300", logo=DOT, welcomes=False)
    ines = User.objects.create(username="ines", email="ines@example.com", firstname="Inés")
    [done] = activation.activate(ADMIN, HAND, [ines.pk])
    assert done.account is not None
    letter = activation_mail.letters([done.account], Mailbox.COMPANY)
    activation_mail.send(ADMIN, letter, "https://rollcall.example")
    outbox.send_due()
    [message] = mail.outbox
    whole = message_from_bytes(message.message().as_bytes())
    parts = {part.get_content_type(): part for part in whole.walk()}
    assert message.subject == "Come to Example Ltd"
    assert message.body.startswith("Dear Inés: https://rollcall.example/set-password/")
    html = parts["text/html"].get_payload(decode=True).decode()  # type: ignore[union-attr]  # a leaf
    assert "#aa3300" in html
    assert 'src="cid:logo"' in html
    assert parts["image/png"]["Content-ID"] == "<logo>"


@pytest.mark.django_db
@pytest.mark.parametrize("welcomes", [True, False])
def test_whoever_sets_a_first_password_is_welcomed_where_the_organization_wants_that(
    client: object, welcomes: bool
) -> None:
    mail_texts.save_look(ADMIN, color="#aa3300", logo=None, welcomes=welcomes)
    ines = User.objects.create(username="ines", email="ines@example.com", state="ACTIVATED")
    [done] = activation.activate(ADMIN, HAND, [ines.pk])
    assert done.account is not None
    link = activation.issue_links(ADMIN, [done.account], "")[done.account.pk]
    form = {"password": "a quiet river in may", "repeated": "a quiet river in may"}
    client.post(link, form)  # type: ignore[attr-defined]  # pytest-django's client
    assert Account.objects.get().has_usable_password()
    outbox.send_due()
    assert [message.subject for message in mail.outbox] == ["Welcome at Rollcall"] * welcomes


@pytest.mark.django_db
def test_words_are_taken_back_and_each_change_is_an_event() -> None:
    mail_texts.save_text(ADMIN, Kind.WELCOME, "en", Text("Hi", "Hello"))
    assert mail_texts.text_of(Kind.WELCOME, "en") == Text("Hi", "Hello")
    mail_texts.save_text(ADMIN, Kind.WELCOME, "en", None)
    mail_texts.save_text(ADMIN, Kind.WELCOME, "en", None)
    assert mail_texts.text_of(Kind.WELCOME, "en").subject == "Welcome at {organization}"
    assert Event.objects.filter(action="email_text.save").count() == 2
