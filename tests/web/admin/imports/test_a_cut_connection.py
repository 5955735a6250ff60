"""The connection is cut during live results: the import goes on, and so does the stream."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.terminal import Terminal, halt, sandbox
from tests.web import road
from tests.web.connection import wire_to

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = "6000"


@contextmanager
def worker(terminal: Terminal) -> Iterator[subprocess.Popen[str]]:
    """`rollcall worker` in a process of its own, ready."""
    with terminal.running("worker") as process:
        assert process.stdout is not None
        assert "ready" in process.stdout.readline()
        yield process


def show_all_live(tab: Tab) -> None:
    """Settings → Notifications: results come in live however many people there are."""
    road.follow(tab, "Settings")
    road.follow(tab, "Notifications")
    tab.get_by_label("Threshold for live results").fill("100000")
    road.press(tab, "Save")


def expect_at_work(tab: Tab) -> None:
    """The page shows people and a progress that is not at its end."""
    expect(tab.locator("#people [data-employee]").first).to_be_visible()
    expect(tab.locator("#progress")).to_contain_text(re.compile("Writing users|Linking managers"))


def test_serving_stops_at_once_although_somebody_watches(browser: Browser, tmp_path: Path) -> None:
    with sandbox("--people", "12") as personio, ExitStack() as serving:
        portal = serving.enter_context(road.served(tmp_path, "--no-worker"))
        with road.tab_of(browser, portal) as tab:
            road.become_the_first_administrator(tab, portal)
            road.configure_personio(tab)
            tab.get_by_role("tab", name="Identity Management").click()
            road.follow(tab, "manual import")
            road.confirm_credentials(tab, personio)
            expect(tab.locator("#progress")).to_contain_text("Waiting for a worker")
            began = time.monotonic()
            serving.close()
            assert time.monotonic() - began < 5


def test_nothing_is_imported_twice_and_the_stream_goes_on(browser: Browser, tmp_path: Path) -> None:
    with (
        sandbox("--people", PEOPLE) as personio,
        road.served(tmp_path, "--no-worker") as portal,
        wire_to(portal.address) as wire,
        worker(portal.terminal) as working,
        road.tab_of(browser, replace(portal, address=wire.address)) as tab,
    ):
        road.become_the_first_administrator(
            tab, replace(portal, first_link=portal.first_link.replace(portal.address, wire.address))
        )
        show_all_live(tab)
        road.configure_personio(tab)
        road.preview(tab, personio)
        stale = tab.context.new_page()
        stale.goto(tab.url)
        road.carry_out(tab)
        expect(tab.locator("#people [data-employee]").first).to_be_visible(timeout=30_000)
        halt(working, portal.terminal.folder / "rollcall.db")
        expect_at_work(tab)

        wire.cut()
        with pytest.raises(Exception, match="ERR_"):
            tab.context.new_page().goto("/imports/1/")
        wire.mend()
        second = tab.context.new_page()
        second.goto("/imports/1/")
        expect_at_work(second)
        second.reload()
        expect_at_work(second)

        working.send_signal(signal.SIGCONT)
        counts = road.counts(tab)
        assert road.counts(second) == counts
        assert sum(counts.values()) == int(PEOPLE)
        road.press(stale, "Import")
        expect(stale.locator("main")).to_contain_text("nothing was done twice")
        assert len(portal.terminal.json("runs")) == 1
        assert len(portal.terminal.users("--limit", "0")) == counts["Created"]
