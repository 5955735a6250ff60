"""The built-in directory as a Django app."""

from __future__ import annotations

import sqlite3
from typing import Any

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from rollcall.audit import organization
from rollcall.jobs.registry import Chore, Work, register
from rollcall.privacy import registry as privacy

DAY_SECONDS = 86_400.0


def allow_large_statements(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let a batch be one statement: Django assumes an older SQLite's limit."""
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit


class BuiltinDirectoryConfig(AppConfig):
    """Registers the models under the label `directory`."""

    name = "rollcall.directory"
    label = "directory"
    verbose_name = "Built-in directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Prepare every database connection for batches, and say what is kept, and for how long."""
        privacy.register("rollcall.directory.personal_data")
        shorten = Chore("directory: shorten the change feed", DAY_SECONDS, _shorten)
        register(Work(room=self.label, worker_chores=(shorten,)))
        organization.told_by(_organization_id)
        connection_created.connect(
            allow_large_statements, dispatch_uid="directory.allow_large_statements"
        )


def _organization_id() -> str:
    from rollcall.directory.models import Organization

    return str(Organization.the().id)


def _shorten() -> None:
    from rollcall.directory import feed

    feed.shorten()
