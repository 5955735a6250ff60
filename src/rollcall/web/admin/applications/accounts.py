"""Whose account an application imports: two applications never share one by accident."""

from __future__ import annotations

from django.utils.translation import gettext

from rollcall.imports.models import Connection
from rollcall.sources.base import Account


def other_application(account: Account, application_id: str) -> str | None:
    """What to say where another application imports an account of this key; None where none does.

    Users carry the ids of their employees under the key: of two accounts that share one, an id
    would mean two people.
    """
    # Those without an application are the terminal's, which imports the same people on purpose.
    others = Connection.objects.filter(key=account.key, application__isnull=False)
    other = others.exclude(application=application_id).select_related("application").first()
    if other is None or other.application is None:
        return None
    return gettext(
        "{label} imports its employees under this name already. If these are other people, give "
        "them a name of their own here; else import them over there."
    ).format(label=other.application.displayLabel)
