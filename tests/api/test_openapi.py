"""The description of the API, for machines and for people, and random calls made from it."""

from __future__ import annotations

import os
import re

from django.test import Client

from rollcall.api.openapi import description

FULL = os.environ.get("CI") == "true"


def test_every_call_is_described_with_its_answers(db: None) -> None:
    served = description()
    for address in (
        "/api/systemusers",
        "/api/v2/bulk/users",
        "/api/v2/applications/{application_id}/import/jobs",
        "/scim/v2/Users",
    ):
        for operation in served["paths"][address].values():
            assert operation["summary"]
            assert operation["responses"]
    assert set(served["components"]["securitySchemes"]) == {"KeyHeader", "Bearer"}


def test_the_page_shows_every_call_and_needs_no_script_and_no_other_host(db: None) -> None:
    answer = Client().get("/api/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    for address in description()["paths"]:
        assert f"<code>{address}</code>" in text
    assert "<script" not in text
    assert "style=" not in text
    loaded = re.findall(r"<(?:link|img)[^>]+(?:href|src)=\"([^\"]+)\"", text)
    assert loaded
    assert all(one.startswith("/static/") for one in loaded)


def test_the_description_is_served_without_a_key(db: None) -> None:
    answer = Client().get("/api/openapi.json")
    assert answer.json()["info"]["title"] == "Rollcall directory"
