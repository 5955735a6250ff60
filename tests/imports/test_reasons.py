"""The reason of a change names fields as the page does, in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from rollcall.imports import reasons

DIFFERS = {"code": "differs", "params": {"fields": "jobTitle, lastname, attributes.tshirt"}}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            "Personio's values differ from the directory's in Job title, Last name, "
            "attributes.tshirt.",
        ),
        (
            "de",
            "Die Werte in Personio weichen vom Verzeichnis ab in Stellenbezeichnung, Nachname, "
            "attributes.tshirt.",
        ),
    ],
)
def test_fields_are_called_by_their_labels(language: str, expected: str) -> None:
    with translation.override(language):
        assert reasons.text_of_record(DIFFERS, "Personio") == expected
