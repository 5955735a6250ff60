"""Mentions: a person's e-mail or id inside JSON that is about somebody or something else."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Final, TypeVar

from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

ERASED: Final = "erased"
"""What stands where somebody was named."""

M = TypeVar("M", bound=Model)


def mentioning(rows: QuerySet[M], columns: Collection[str], words: Collection[str]) -> QuerySet[M]:
    """The rows in whose columns of JSON one of the words stands as a whole value."""
    texts = {f"{column}_text": Cast(column, TextField()) for column in columns}
    condition = Q(pk__in=())
    for word in words:
        # JSON has two spellings for letters beyond ASCII, and which one is stored is the engine's
        for spelling in {json.dumps(word), json.dumps(word, ensure_ascii=False)}:
            for name in texts:
                # With its quotes, so that a word within a longer text is no mention.
                condition |= Q((f"{name}__icontains", spelling))
    matches: QuerySet[M] = rows.alias(**texts).filter(condition)
    return matches


def without(value: Any, words: Collection[str]) -> Any:
    """The value with `ERASED` in place of each of these words, however deep it stands."""
    if isinstance(value, dict):
        return {key: without(inner, words) for key, inner in value.items()}
    if isinstance(value, list):
        return [without(inner, words) for inner in value]
    return ERASED if isinstance(value, str) and value.lower() in words else value


def erase_mentions(rows: QuerySet[Any], columns: Collection[str], words: Collection[str]) -> int:
    """Take the words out of these columns of JSON; in how many rows they stood."""
    if not words:
        return 0
    folded = frozenset(word.lower() for word in words)
    mentions = list(mentioning(rows, columns, words))
    for row in mentions:
        for column in columns:
            setattr(row, column, without(getattr(row, column), folded))
    rows.model._default_manager.bulk_update(mentions, list(columns), batch_size=500)
    return len(mentions)
