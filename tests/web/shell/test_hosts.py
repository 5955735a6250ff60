"""Which host names the portal answers to, since links in e-mails are made of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from rollcall.core.configuration import allowed_hosts, load


def _hosts(tmp_path: Path, **environ: str) -> list[str]:
    return allowed_hosts(load(environ | {"HOME": str(tmp_path)}, tmp_path).installation)


def test_only_this_machine_unless_told_otherwise(tmp_path: Path) -> None:
    assert {"localhost", "127.0.0.1", "[::1]"} <= set(_hosts(tmp_path))
    assert "*" not in _hosts(tmp_path)


def test_the_base_url_and_the_named_ones_are_answered_to(tmp_path: Path) -> None:
    base = "https://rollcall.example.com/"
    assert "rollcall.example.com" in _hosts(tmp_path, ROLLCALL_BASE_URL=base)
    assert _hosts(tmp_path, ROLLCALL_ALLOWED_HOSTS="a.example, b.example") == [
        "a.example",
        "b.example",
    ]


@pytest.mark.django_db
def test_a_forged_host_name_is_told_what_to_set(client: Client) -> None:
    answer = client.get("/account/sign-in/", headers={"host": "forged.example"})
    assert answer.status_code == 400
    assert "ROLLCALL_BASE_URL" in answer.content.decode()
