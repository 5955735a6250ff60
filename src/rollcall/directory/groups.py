"""User groups: who is in them, which applications they reach, and who reaches none."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from rollcall.directory.models import (
    Application,
    Association,
    Membership,
    User,
    UserQuerySet,
)

CHUNK = 5000
"""How many rows one statement writes at the most."""


def applications_of(user: User) -> QuerySet[Application]:
    """The applications that the user reaches through groups, each once, by label."""
    # Here and below a subquery and no join: who is in several groups comes once, without DISTINCT.
    reached = Association.objects.filter(application=OuterRef("pk"), group__membership__user=user)
    return Application.objects.filter(Exists(reached)).order_by("displayLabel", "id")


def users_of(application: Application) -> UserQuerySet:
    """The users that reach the application through groups, each once, by name."""
    memberships = Membership.objects.filter(
        user=OuterRef("pk"), group__association__application=application
    )
    return User.objects.filter(Exists(memberships)).by_name()


def users_in_no_bound_group(application: Application | None = None) -> UserQuerySet:
    """The users who are in no group bound to the application (without one: to any), by name."""
    memberships = Membership.objects.filter(user=OuterRef("pk"))
    if application is None:
        memberships = memberships.filter(group__association__isnull=False)
    else:
        memberships = memberships.filter(group__association__application=application)
    return User.objects.filter(~Exists(memberships)).by_name()
