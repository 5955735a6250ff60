"""Who loses which application when users leave a group, or the group leaves an application."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext, ngettext

from rollcall.directory.models import Application, Membership, UserGroup, UserQuerySet
from rollcall.web.admin.users.names import full_name
from rollcall.web.shell.text import sentences as lists
from rollcall.web.shell.text.numbers import told


def describe(
    group: UserGroup, leaving: UserQuerySet, applications: Iterable[Application] | None = None
) -> list[str]:
    """For each application that somebody of those leaving loses, who: by name where they are few.

    `leaving` are members of the group, `applications` those that are taken away; None for all that
    are bound to the group. Whoever reaches an application through another group keeps it.
    """
    taken = (
        group.applications.order_by("displayLabel", "pk") if applications is None else applications
    )
    told = [_sentence(item, _losing(group, leaving, item)) for item in taken]
    return [sentence for sentence in told if sentence] or [gettext("Nobody loses an application.")]


def _losing(group: UserGroup, leaving: UserQuerySet, application: Application) -> UserQuerySet:
    # Whoever reaches the application through another group loses nothing.
    elsewhere = Membership.objects.filter(
        user=OuterRef("pk"), group__association__application=application
    ).exclude(group=group)
    return leaving.filter(~Exists(elsewhere))


def _sentence(application: Application, losing: UserQuerySet) -> str:
    count = losing.order_by().count()
    if not count:
        return ""
    names = [full_name(user) for user in losing.by_name()[: lists.SHOWN]]
    return told(
        ngettext(
            "One user loses {application}: {people}.",
            "{n} users lose {application}: {people}.",
            count,
        ),
        count,
        application=application.displayLabel,
        people=lists.joined(names, total=count),
    )
