"""Numbers in sentences, grouped as the reader's language groups them."""

from __future__ import annotations

from django.utils.formats import number_format


def grouped(number: int) -> str:
    """1234567 as 1,234,567 or 1.234.567."""
    return number_format(number, use_l10n=True, force_grouping=True)


def told(sentence: str, number: int, **values: str) -> str:
    """The sentence (from `ngettext`) with `{n}` and the other values filled in."""
    return sentence.format(n=grouped(number), **values)
