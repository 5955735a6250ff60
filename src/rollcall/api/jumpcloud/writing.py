"""Users created, changed and deleted on behalf of a caller, through the directory's services."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from django.db import transaction

from rollcall.accounts import factor_services
from rollcall.api.jumpcloud import passwords
from rollcall.api.jumpcloud.errors import Problem
from rollcall.api.jumpcloud.refusals import SENTENCES, messages, problem_of
from rollcall.api.jumpcloud.request_schemas import UserFields
from rollcall.api.jumpcloud.serializers import LISTS
from rollcall.audit.actor import Actor
from rollcall.core.user_fields import PLAIN_TEXTS
from rollcall.directory import services
from rollcall.directory.models import User
from rollcall.directory.services import API, NewUser, Refused, UserChange, UserResult

Written: TypeAlias = "User | Problem"

TEXTS: Final = ("username", "email", *PLAIN_TEXTS, "alternateEmail")
"""In the order in which what is wrong with them is told."""

IDS: Final = ("employeeIdentifier", "manager")


@transaction.atomic
def create(
    batch: Sequence[UserFields], default_state: str, creation_source: str, actor: Actor
) -> list[Written]:
    """Make these users; in the batch's order, each one or why it was refused."""
    new = [
        NewUser(
            {
                **values(given),
                "state": default_state,
                **_state(given),
                "activated": bool(given.activated),
            },
            creation_source,
        )
        for given in batch
    ]
    problems = [_contradiction(given) for given in batch]
    made = _attempted(problems, new, lambda some: services.create_users(actor, API, some))
    return _with_factors(actor, batch, _with_passwords(actor, batch, made))


@transaction.atomic
def update(changes: Sequence[tuple[str, UserFields]], actor: Actor) -> list[Written]:
    """Change the users with these ids; in the given order, each one or why it was refused."""
    written: list[Written] = []
    # The services write a user once a call, and a later change must see what the earlier one did.
    for some in _each_user_once(changes):
        # Only who is suspended is woken by `suspended: false`: sent of somebody staged, as clients
        # do that send back what they read, it must not activate.
        suspended = _suspended(user_id for user_id, given in some if given.suspended is False)
        news = [
            UserChange(user_id, {**values(given), **_state(given, user_id in suspended)})
            for user_id, given in some
        ]
        problems = [_contradiction(given) or _return_to_staged(given) for _, given in some]
        changed = _attempted(problems, news, lambda each: services.update_users(actor, API, each))
        fields = [given for _, given in some]
        written += _with_factors(actor, fields, _with_passwords(actor, fields, changed))
    return written


def delete(user: User, cascade_manager: str | None, actor: Actor) -> None:
    """Delete a user; its reports get the manager `cascade_manager`, or none.

    Raises:
        Problem: 400 where `cascade_manager` is no other user's id; 404 where somebody else has just
            deleted the user.
    """
    successor = None if cascade_manager in {None, "", "null"} else cascade_manager
    (deleted,) = services.delete_users(actor, API, [user.pk], successor)
    if not isinstance(deleted, Refused):
        return
    if "gone" in deleted.codes:
        raise problem_of(deleted)
    # The directory speaks of the manager; the caller has sent it under this name.
    named = (replace(refusal, field="cascade_manager") for refusal in deleted.refusals)
    raise Problem(400, *messages(named))


def _with_passwords(
    actor: Actor, given: Sequence[UserFields], written: Sequence[Written]
) -> list[Written]:
    """Store the passwords that were sent with the users that are written.

    Where one is refused, a request for a single user does nothing at all; of many, the user stays
    without it, and the answer says why.
    """
    done: list[Written] = []
    for fields, result in zip(given, written, strict=True):
        if isinstance(result, Problem) or not fields.password:
            done.append(result)
            continue
        stored = passwords.store(actor, result, fields.password)
        if isinstance(stored, Problem) and len(given) == 1:
            raise stored
        done.append(stored)
    return done


def _with_factors(
    actor: Actor, given: Sequence[UserFields], written: list[Written]
) -> list[Written]:
    """Require a second factor of the written users of whom that is sent, or no longer."""
    for required in (True, False):
        users = [
            result.pk
            for fields, result in zip(given, written, strict=True)
            if isinstance(result, User) and fields.enable_user_portal_multifactor is required
        ]
        if users:
            factor_services.require_of(actor, users, required)
    return written


def set_fields(user: User, actor: Actor, **fields: Any) -> None:
    """Set single fields of a user (unlock, expire, activate).

    Raises:
        Problem: the user is gone or cannot have them.
    """
    (changed,) = services.update_users(actor, API, [UserChange(user.pk, fields)])
    if isinstance(changed, Refused):
        raise problem_of(changed)


def values(given: UserFields) -> dict[str, Any]:
    """The directory's fields that these fields set, except the state."""
    fields: dict[str, Any] = {}
    sent = given.model_fields_set
    fields.update((name, getattr(given, name) or "") for name in TEXTS if name in sent)
    for name in filter(sent.__contains__, LISTS):
        fields[name] = [entry.model_dump(exclude_none=True) for entry in getattr(given, name) or []]
    fields.update((name, getattr(given, name) or None) for name in IDS if name in sent)
    if "recoveryEmail" in given.model_fields_set:
        fields["recoveryEmail"] = given.recoveryEmail.address if given.recoveryEmail else ""
    if given.account_locked is not None:
        fields["account_locked"] = given.account_locked
    return fields


def _state(given: UserFields, suspended: bool = False) -> dict[str, str]:
    """The state that is asked for, if any; the older flag brings back who is suspended so far."""
    if given.state is not None:
        return {"state": given.state}
    if given.suspended:
        return {"state": "SUSPENDED"}
    return {"state": "ACTIVATED"} if suspended else {}


def _suspended(ids: Iterable[str]) -> frozenset[str]:
    """Those of these users who are suspended, and stay so until the transaction ends."""
    asked = list(ids)
    if not asked:
        return frozenset()
    rows = User.objects.select_for_update().filter(pk__in=asked, state="SUSPENDED")
    return frozenset(rows.order_by("id").values_list("id", flat=True))


def _attempted(
    problems: Sequence[Problem | None],
    wishes: Sequence[Any],
    write: Callable[[Sequence[Any]], Sequence[UserResult]],
) -> list[Written]:
    """Have those written that are no contradiction in themselves; in their order, what came."""
    fitting = [wish for wish, problem in zip(wishes, problems, strict=True) if problem is None]
    results: Iterator[UserResult] = iter(write(fitting) if fitting else [])
    return [_told(next(results)) if problem is None else problem for problem in problems]


def _told(result: UserResult) -> Written:
    return problem_of(result) if isinstance(result, Refused) else result


def _return_to_staged(given: UserFields) -> Problem | None:
    """JumpCloud takes this word for no user that there is, not even for one who is staged."""
    return Problem(400, SENTENCES["never_staged"]) if given.state == "STAGED" else None


def _contradiction(given: UserFields) -> Problem | None:
    """What no other client of the directory can say: fields of the API that exclude each other."""
    wrong = []
    # Null takes the manager away; the vendor takes an empty text for an id that nobody has.
    if given.manager == "":
        wrong.append("manager is not the id of a user of this organization")
    says_both = given.state is not None and given.suspended is not None
    if says_both and (given.state == "SUSPENDED") != given.suspended:
        word = str(given.suspended).lower()
        wrong.append(
            "Cannot save conflicting state and suspended fields. "
            f"(state={given.state} suspended={word})"
        )
    return Problem(400, *wrong) if wrong else None


def _each_user_once(
    changes: Sequence[tuple[str, UserFields]],
) -> Iterator[list[tuple[str, UserFields]]]:
    """The changes in rounds in which no user is named twice, in their order."""
    round_: dict[str, UserFields] = {}
    for user_id, given in changes:
        if user_id in round_:
            yield list(round_.items())
            round_ = {}
        round_[user_id] = given
    yield list(round_.items())
