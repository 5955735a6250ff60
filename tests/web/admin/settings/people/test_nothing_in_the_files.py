"""Who is erased in the portal is in no file afterwards, though the portal goes on running."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from tests.web import road

CSV = (
    "id,first_name,last_name,email,status\n"
    "17,Ada,Lovelace,ada.lovelace@example.org,active\n"
    "18,Charles,Babbage,charles@example.org,active\n"
)
PAGE = "/settings/personal-data/"


class Tab:
    """A browser without a screen, which sends the forms that it is shown."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, follow_redirects=True, timeout=60)
        self.page = ""

    def close(self) -> None:
        self._client.close()

    def open(self, where: str) -> None:
        self.page = self._client.get(where).text

    def send(self, where: str, **form: str) -> None:
        (token, *_) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        answer = self._client.post(
            where,
            data={"csrfmiddlewaretoken": token, **form},
            headers={"Referer": str(self._client.base_url)},
        )
        assert answer.status_code == 200, answer.status_code
        self.page = answer.text


def holding(folder: Path, *words: str) -> list[str]:
    """The files below the folder in which one of the words stands, `-wal` files among them."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [
        file.name for file in files if any(word.encode() in file.read_bytes() for word in words)
    ]


@pytest.mark.slow
def test_nothing_is_left_in_the_files(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    data = tmp_path / "data"
    data.mkdir()
    people = tmp_path / "people.csv"
    people.write_text(CSV)
    with road.served(data) as portal:
        done = portal.terminal.run("import", "--source", "csv", str(people))
        assert done.returncode == 0, done.stderr
        for _ in range(2):
            portal.terminal.run("admin", "create", "ada.lovelace@example.org", "--no-password")
        assert holding(data, "Lovelace", "lovelace")
        tab = Tab(portal.address)
        request.addfinalizer(tab.close)
        tab.open(portal.first_link)
        tab.send(
            portal.first_link, email=road.EMAIL, password=road.PASSWORD, repeated=road.PASSWORD
        )
        tab.open(PAGE)
        tab.send(PAGE, action="find", person="17")
        (key,) = set(re.findall(r'name="person" value="(user:[^"]+)"', tab.page))
        tab.send(PAGE, action="erase", person=key)
        tab.send(PAGE, action="erase", person=key, typed="ada.lovelace")
        assert "The person is erased." in tab.page
        assert holding(data, "Lovelace", "lovelace") == []
        again = portal.terminal.run("import", "--source", "csv", str(people), "--json")
        assert '"erased"' in again.stdout
        assert holding(data, "Lovelace", "lovelace") == []
