"""Who loses which application when users leave a group, or the group leaves an application."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext, ngettext

from rollcall.directory.builtin.models import Application, Membership, UserGroup, UserQuerySet
from rollcall.portal.lists import joined
from rollcall.portal.numbers import told

NAMED = 10
"""How many people are named before the others are only counted."""

LABEL = "group__association__application__displayLabel"


def sentences(
    group: UserGroup, *, users: UserQuerySet | None = None, application: Application | None = None
) -> list[str]:
    """For each application that somebody loses, who: by name where they are few.

    `users` narrows it to these members, `application` to this one. Whoever reaches an application
    through another group keeps it and is not counted.
    """
    losing = _losing(group, users, application)
    counts = losing.values_list(LABEL).annotate(Count("pk")).order_by(LABEL)
    names: defaultdict[str, list[str]] = defaultdict(list)
    found = losing.order_by(LABEL, "user__lastname", "user__firstname", "user_id")
    for label, first, last, username in found.values_list(
        LABEL, "user__firstname", "user__lastname", "user__username"
    )[: NAMED * 10]:
        names[label].append(f"{first} {last}".strip() or username)
    told_of = [_sentence(label, count, names[label]) for label, count in counts]
    return told_of or [gettext("Nobody loses an application.")]


def _losing(
    group: UserGroup, users: UserQuerySet | None, application: Application | None
) -> QuerySet[Membership]:
    """One row for each member and application of the group that no other group gives them."""
    elsewhere = Membership.objects.filter(
        user=OuterRef("user"),
        group__association__application=OuterRef("group__association__application"),
    ).exclude(group=group)
    losing = Membership.objects.filter(group=group, group__association__isnull=False)
    if users is not None:
        losing = losing.filter(user__in=users.order_by().values("pk"))
    if application is not None:
        losing = losing.filter(group__association__application=application)
    return losing.filter(~Exists(elsewhere))


def _sentence(label: str, count: int, names: list[str]) -> str:
    people = joined(names[:NAMED], total=count)
    return told(
        ngettext(
            "One user loses {application}: {people}.",
            "{n} users lose {application}: {people}.",
            count,
        ),
        count,
        application=label,
        people=people,
    )
