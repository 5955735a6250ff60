"""Nothing that names people is kept by browsers or proxies; static files are."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from tests.web.world import World, address, readable_pages

pytestmark = pytest.mark.django_db


def test_no_page_may_be_kept(admin: Client, world: World) -> None:
    kept = {}
    for page in readable_pages():
        if page.name == "run-live":
            continue  # the test client cannot read an endless stream to its end
        told = admin.get(address(page, world)).get("Cache-Control", "")
        kept[page.name] = "" if "no-store" in told and "private" in told else told
    assert {name: told for name, told in kept.items() if told} == {}


def test_no_list_may_be_kept_as_a_file_either(admin: Client) -> None:
    assert "no-store" in admin.get("/users/?export=csv")["Cache-Control"]


@pytest.mark.parametrize("where", ["/api/systemusers", "/first-start/x/", "/set-password/x/"])
def test_neither_the_api_nor_what_one_time_links_show_may_be_kept(
    client: Client, where: str
) -> None:
    assert "no-store" in client.get(where)["Cache-Control"]


def test_static_files_are_kept(client: Client) -> None:
    answer = client.get(staticfiles_storage.url("portal/portal.js"))
    told = answer["Cache-Control"]
    answer.close()
    assert "max-age" in told
    assert "no-store" not in told
