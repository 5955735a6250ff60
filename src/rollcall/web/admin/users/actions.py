"""What is done to users, one or fifty thousand: activate, suspend, add to a group; asked once."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext

from rollcall.accounts.actors import actor_of
from rollcall.directory import services
from rollcall.directory.models import Application, UserGroup, UserQuerySet
from rollcall.directory.services import HAND
from rollcall.provisioning.user import State
from rollcall.web.shell import confirm
from rollcall.web.shell.text.numbers import told
from rollcall.web.shell.text.sentences import joined
from rollcall.web.shell.text.states import ACTIVATE, SUSPEND, StateWords

STATE_WORDS = {"activate": ACTIVATE, "reactivate": ACTIVATE, "suspend": SUSPEND}
ADD_TO_GROUP = "add-to-group"


def nobody_chosen(request: HttpRequest, back: str) -> HttpResponseBase:
    """Back to the list, saying that nobody was ticked."""
    messages.warning(
        request, gettext("Nobody was chosen. Tick people first, or choose all in this list.")
    )
    return redirect(back)


def change_state(
    request: HttpRequest, action: str, users: UserQuerySet, back: str
) -> HttpResponseBase:
    """Ask, then bring these users to the action's state; every one who changes is audited.

    `action` is a key of `STATE_WORDS`.
    """
    words = STATE_WORDS[action]
    if confirm.is_confirmed(request):
        changed = services.set_state(actor_of(request), HAND, users, words.state)
        messages.success(request, words.done(changed))
        return redirect(back)
    # Counted by state and not read: all fifty thousand may be chosen.
    counts = dict(users.order_by().values_list("state").annotate(Count("pk")))
    if not counts:
        return nobody_chosen(request, back)
    return _ask_state(request, words, counts, users, back)


def _ask_state(
    request: HttpRequest,
    words: StateWords,
    counts: dict[str, int],
    users: UserQuerySet,
    back: str,
) -> HttpResponseBase:
    # Whoever is in that state already is named, and left alone.
    already = counts.pop(words.state.value, 0)
    touched = sum(counts.values())
    if not touched:
        messages.info(request, words.already(already))
        return redirect(back)
    sentences = [words.effect(touched)]
    if already:
        sentences.append(words.already(already))
    if users.imported().exists():
        sentences.append(words.next_import())
    return confirm.ask(
        request,
        title=words.title(touched),
        sentences=sentences,
        yes=words.yes(),
        back=back,
        danger=words.state is State.SUSPENDED,
    )


def join_group(
    request: HttpRequest, group: UserGroup, users: UserQuerySet, back: str
) -> HttpResponseBase:
    """Ask, then put these users into the group; every one who joins is audited."""
    if confirm.is_confirmed(request):
        added = services.add_all(actor_of(request), group, users)
        messages.success(
            request,
            told(
                ngettext("One user joined {group}.", "{n} users joined {group}.", added),
                added,
                group=group.name,
            ),
        )
        return redirect(back)
    chosen = users.order_by().count()
    if not chosen:
        return nobody_chosen(request, back)
    # Said before it is done: of the chosen, some may be members already.
    joining = services.not_in(group, users).order_by().count()
    if not joining:
        messages.info(request, gettext("All of them are in {group} already.").format(group=group))
        return redirect(back)
    return confirm.ask(
        request,
        title=gettext("Add to {group}?").format(group=group.name),
        sentences=_joining(group, joining, chosen - joining),
        yes=gettext("Add to the group"),
        back=back,
        danger=False,
    )


def _joining(group: UserGroup, joining: int, members: int) -> list[str]:
    sentences = [
        told(
            ngettext(
                "One user becomes a member of {group}.",
                "{n} users become members of {group}.",
                joining,
            ),
            joining,
            group=group.name,
        )
    ]
    if members:
        sentences.append(
            told(ngettext("One is a member already.", "{n} are members already.", members), members)
        )
    reached = Application.objects.filter(association__group=group).order_by("displayLabel")
    labels = list(reached.values_list("displayLabel", flat=True))
    sentences.append(
        gettext("Through it they get: {applications}.").format(applications=joined(labels))
        if labels
        else gettext("No application is bound to this group yet.")
    )
    return sentences
