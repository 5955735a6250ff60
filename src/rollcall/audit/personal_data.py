"""What the audit trail keeps of a person: events about them, by them, and that mention them.

Erasing keeps the events, without what they say of the person: what was done, when and through
which door is the organization's record. Signed cuts vouch for what is left.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from rollcall.audit import cuts
from rollcall.audit.actions import Action
from rollcall.audit.models import CutReason, Event
from rollcall.audit.recording import Target, record
from rollcall.audit.search import called
from rollcall.core import emails
from rollcall.core.actor import Actor, Door
from rollcall.privacy.mentions import ERASED, mentioning, without
from rollcall.privacy.registry import Impersonal, PersonalRecords, Rows, Statement
from rollcall.privacy.subject import Subject

JSON = ("changes", "details")
MOST_FOUND = 20
DOORS = (Door.PORTAL, Door.SSO)
"""Where who acts is an account."""


def _identify(text: str) -> Iterable[Subject]:
    """Users who are deleted: only their events still know whom a name meant."""
    gone = Event.objects.filter(action=Action.USER_DELETE).exclude(target_name="")
    address = emails.normalize(text)
    asked = Q(target_name__iexact=text) | Q(target_id=text.removeprefix("user:"))
    asked |= Q(pk__in=mentioning(gone, JSON, {address}).values("pk"))
    yield from map(_gone, gone.filter(asked).order_by("pk"))


def _search(text: str) -> Iterable[Subject]:
    """Users who are deleted and were called so, neither case nor accents counting."""
    if not text.strip():
        return
    gone = Event.objects.filter(called("target_name", text), action=Action.USER_DELETE)
    yield from map(_gone, gone.exclude(target_name="").order_by("pk")[:MOST_FOUND])


def _gone(event: Event) -> Subject:
    # A deletion keeps username and e-mail (`directory/services/deletions.py`).
    known = str(event.before.get("email") or "")
    return Subject(
        user_id=event.target_id,
        usernames=frozenset({event.target_name}),
        emails=frozenset({known} if known else ()),
    )


def _about(subject: Subject) -> Q:
    about = Q(pk__in=())
    if subject.user_id:
        about |= Q(target_type="user", target_id=subject.user_id)
    if subject.account_id:
        about |= Q(target_type="administrator", target_id=subject.account_id)
    return about | Q(target_name__in=subject.emails)


def _by(subject: Subject) -> Q:
    by = Q(actor_name__in=subject.emails)
    # At other doors the same id may be another's: a key's, say.
    return by | Q(door__in=DOORS, actor_id=subject.account_id) if subject.account_id else by


def _events(subject: Subject) -> QuerySet[Event]:
    mentions = mentioning(Event.objects.all(), JSON, _words(subject))
    return Event.objects.filter(_about(subject) | _by(subject) | Q(pk__in=mentions.values("pk")))


def _words(subject: Subject) -> frozenset[str]:
    return subject.words | subject.usernames


def _rows(subject: Subject) -> Rows:
    return (_events(subject),)


def _erase(subject: Subject, actor: Actor) -> int:
    """Take the person out of the events, and write down that somebody did."""
    about, by = _keys(_about(subject)), _keys(_by(subject))
    words = frozenset(word.lower() for word in _words(subject))

    def redact(event: Event) -> None:
        if event.pk in by:
            event.actor_name, event.client_ip = ERASED, ""
        if event.pk in about:
            event.target_name, event.details = ERASED, {}
            # Which fields were changed stays: it says nothing of the person, and what was done.
            event.changes = [{"field": change["field"]} for change in event.changes]
        event.changes = without(event.changes, words)
        event.details = without(event.details, words)

    # By their keys: once redacted, they are no longer found by what they said.
    events = Event.objects.filter(pk__in=list(_events(subject).values_list("pk", flat=True)))
    count = cuts.redact(actor, events, redact, CutReason.ERASURE)
    # By an id that means nobody any more: the record of erasing must not name whom it erased.
    target = Target("person", subject.user_id or subject.account_id)
    record(actor, Action.PERSON_ERASE, target, after={"events": count})
    return count


def _keys(condition: Q) -> frozenset[int]:
    return frozenset(Event.objects.filter(condition).values_list("pk", flat=True))


STATEMENT = Statement(
    records=(
        PersonalRecords(
            name="audit log",
            columns=("audit.Event",),
            rows=_rows,
            erase=_erase,
            identify=_identify,
            search=_search,
        ),
    ),
    impersonal=(
        Impersonal(("audit.Seal", "audit.SigningKey"), "salted digests, signatures and a key"),
        Impersonal(
            ("audit.Cut",), "numbers of events; who cut, by an id or the operating system's name"
        ),
        Impersonal(("audit.Verification",), "how the chain was"),
        Impersonal(("audit.Keeping",), "how long events are kept"),
        Impersonal(("audit.Stream",), "where events are handed on to, how far, and a sealed token"),
    ),
)
