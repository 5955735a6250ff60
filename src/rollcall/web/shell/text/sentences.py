"""Lists in sentences, joined as the reader's language joins them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext

from rollcall.web.shell.text.numbers import grouped

SHOWN = 10


def joined(names: Sequence[str], total: int | None = None) -> str:
    """The names as one text; where there are many, some of them and how many more.

    `total` is how many there are in all, where not all of them are given.
    """
    more = (len(names) if total is None else total) - SHOWN
    if more > 0:
        return get_text_list(
            [*names[:SHOWN], gettext("{n} more").format(n=grouped(more))], gettext("and")
        )
    return get_text_list(list(names), gettext("and"))
