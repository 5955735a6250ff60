"""What is kept of a connection for its schedule: each verb records its event with its change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target, record
from rollcall.imports.models import Connection
from rollcall.imports.runs import Starter
from rollcall.imports.source_accounts import seal_account
from rollcall.sources.base import Account


@transaction.atomic
def keep_credentials(actor: Actor, connection: Connection, account: Account) -> None:
    """Keep this account, sealed, for scheduled imports; one that was kept before is replaced."""
    kept = bool(connection.sealed_credentials)
    connection.sealed_credentials = seal_account(account)
    connection.save(update_fields=["sealed_credentials"])
    record(
        actor,
        Action.CREDENTIALS_KEEP,
        _target(connection),
        before={"kept": kept, "replaced": False},
        after={"kept": True, "replaced": kept},
    )


@transaction.atomic
def remove_credentials(actor: Actor, connection: Connection) -> None:
    """Keep no account any longer: scheduled imports stop."""
    connection.sealed_credentials = None
    connection.save(update_fields=["sealed_credentials"])
    sides = {"kept": True}, {"kept": False}
    record(actor, Action.CREDENTIALS_REMOVE, _target(connection), before=sides[0], after=sides[1])


@transaction.atomic
def set_schedule(
    actor: Actor, connection: Connection, schedule: Mapping[str, Any], starter: Starter
) -> None:
    """Import by this schedule (values by `Connection`'s column names), and tell the starter.

    Whoever calls has the engine follow it afterwards (`schedule.keep`).
    """
    stored = Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    before = {name: str(getattr(stored, name)) for name in schedule}
    told = {
        # kept with the schedule, since nobody is signed in when its imports run
        "schedule_notify": starter.notify,
        "schedule_language": starter.language,
        "portal_url": starter.portal_url,
    }
    for name, value in {**schedule, **told}.items():
        setattr(connection, name, value)
    connection.save(update_fields=[*schedule, *told])
    after = {name: str(value) for name, value in schedule.items()}
    record(actor, Action.SCHEDULE_CHANGE, _target(connection), before=before, after=after)


@transaction.atomic
def end_schedule(actor: Actor, connection: Connection) -> None:
    """Import by itself no longer; see `set_schedule` for what the caller does afterwards."""
    before = connection.schedule
    connection.schedule = Connection.Schedule.NEVER.value
    connection.save(update_fields=["schedule"])
    sides = {"schedule": before}, {"schedule": connection.schedule}
    record(actor, Action.SCHEDULE_CHANGE, _target(connection), before=sides[0], after=sides[1])


def _target(connection: Connection) -> Target:
    """The application that the connection belongs to, as people know it."""
    application = connection.application
    if application is None:
        return Target("connection", str(connection.pk), connection.name)
    return Target("application", str(application.pk), application.displayLabel)
