"""What goes wrong in a night, in a real browser: the page says so, loses no action, shows nothing old as live."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from alerts_at_work import MINUTE, T0, an_alert, next_word
from anchorwatch.watch.room import Room
from api_room import NOW, sail
from browser import needs_browser, tab, until
from night_room import (
    LIVE,
    OUTBOX,
    free_port,
    logged_in,
    number,
    opened,
    press,
    said,
    set_clock,
    told,
    watching,
    work_of,
)
from room import PASSWORD

pytestmark = [pytest.mark.slow, *needs_browser]


def test_a_server_that_goes_away_in_the_night_and_comes_back(browser: Any, tmp_path: Path) -> None:
    port = free_port()
    with tab(browser) as sight:
        page = sight.page
        set_clock(page)
        with watching(tmp_path, port) as watch:
            opened(page, watch)
            page.locator(f"[data-alert='{number(5)}'] a").click()
            page.locator(".panel .actions").wait_for()
        gone = time.monotonic()
        page.get_by_text("Connection to the watch lost").wait_for()
        assert time.monotonic() - gone < 15
        assert page.locator(".watch-sign strong").inner_text() == "OLD"
        assert page.title().startswith("OLD")
        press(page, "a")
        press(page, "n")
        page.locator("dialog textarea").fill("Called on VHF 16, no answer.")
        press(page, "Control+Enter")
        page.locator(f"[data-alert='{number(6)}'] a").first.focus()
        press(page, "a")
        page.get_by_text("3 actions wait").wait_for()
        assert page.evaluate(OUTBOX) == 3
        page.locator(".map-old").wait_for()
        context = page.context
        page.close()
        with watching(tmp_path, port, fill=lambda room: None) as watch:
            page = context.new_page()
            set_clock(page)
            page.goto(f"{watch.url}alerts/{number(5)}")
            until(page, LIVE)
            until(page, f"{OUTBOX} === 0")
            assert work_of(watch, number(5)) == [("local", "acknowledge"), ("local", "note")]
            assert work_of(watch, number(6)) == [("local", "acknowledge")]


def another(room: Room) -> None:
    room.store.record([an_alert(8)], 8)


def test_a_page_left_open_sends_what_waits_by_itself(browser: Any, tmp_path: Path) -> None:
    """And another store behind the same address is not taken for the one before."""
    port = free_port()
    with tab(browser) as sight:
        page = sight.page
        set_clock(page)
        with watching(tmp_path / "one", port) as watch:
            opened(page, watch)
            page.locator(f"[data-alert='{number(5)}'] a").click()
            page.locator(".panel .actions").wait_for()
            shutil.copytree(tmp_path / "one", tmp_path / "saved")
            watch.room.store.record([an_alert(9, "alarm")], 9)
            told(watch)
            page.locator(f"[data-alert='{number(9)}']").wait_for()
        page.get_by_text("Connection to the watch lost").wait_for()
        press(page, "a")
        with watching(tmp_path / "saved", port, fill=another, begins_us=NOW + MINUTE) as watch:
            page.get_by_text("The watch was started anew").wait_for()
            until(page, f"{OUTBOX} === 0")
            page.locator(f"[data-alert='{number(8)}']").wait_for()
            page.locator(f"[data-alert='{number(9)}']").wait_for(state="detached")
            assert work_of(watch, number(5)) == [("local", "acknowledge")]
            assert work_of(watch, number(6)) == []


def test_a_clock_that_is_off_by_an_hour(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page, 3600)
        opened(page, watch)
        page.get_by_text("This machine's clock is not that of the watch").wait_for()
        assert re.search(r"(1 h|59 min) ahead of", said(page))
        assert page.locator(".watch-sign b").inner_text().startswith("12:2")
        assert re.search(r"\b1(\.9 h| h 5\d min)", page.locator(f"[data-alert='{number(5)}']").inner_text())


def test_an_alert_that_is_withdrawn_while_it_is_open(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        opened(page, watch, f"alerts/{number(5)}")
        page.locator(".panel .actions").wait_for()
        watch.room.store.record([next_word(an_alert(5, "alarm"), "withdrawn")], 7)
        told(watch)
        page.get_by_text("Withdrawn while you look").wait_for()
        press(page, "n")
        page.locator("dialog textarea").fill("Seen.")
        press(page, "Control+Enter")
        until(page, f"{OUTBOX} === 0")
        assert work_of(watch, number(5)) == [("local", "note")]


def test_two_officers_on_one_alert(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as one, tab(browser) as two:
        for name, sight in (("anna", one), ("ben", two)):
            set_clock(sight.page)
            watch.people.add(name, "officer", PASSWORD, by="test")
            logged_in(sight.page, watch, name, f"alerts/{number(5)}")
            sight.page.locator(".panel .actions").wait_for()
        press(one.page, "c")
        one.page.locator("dialog").wait_for()
        press(two.page, "t")
        two.page.get_by_text("in hand", exact=False).first.wait_for()
        one.page.get_by_text("ben acted, its state is in hand").wait_for()
        press(one.page, "2")
        until(one.page, "document.activeElement?.value === 'false_detection'")
        one.page.wait_for_timeout(1100)  # what nobody can have read yet lets no Enter through
        press(one.page, "Enter")
        one.page.get_by_text("Not done:").wait_for()
        one.page.get_by_text("ben has it in hand").first.wait_for()
        assert one.page.evaluate(OUTBOX) == 1, "what was refused is kept until it was read"
        assert work_of(watch, number(5)) == [("ben", "take")]


def test_thousands_of_alerts(browser: Any, tmp_path: Path) -> None:
    def fill(room: Room) -> None:
        sail(room)
        vessel = an_alert(1).vessel
        room.store.record(
            [
                an_alert(n, ("caution", "warning", "alarm")[n % 3], vessel=vessel, raised_us=T0 + n * 1_000_000)
                for n in range(1, 5001)
            ],
            6,
        )

    with watching(tmp_path, fill=fill) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        opened(page, watch)
        until(page, "[...document.querySelectorAll('.bar .figure')].every((figure) => figure.textContent === '1.7k')")
        assert page.locator("button.fresh").count() == 0, "what is loaded is not new"
        begun = time.monotonic()
        press(page, *"jjjjjjjjjjjjjjjjjjjj")
        assert (time.monotonic() - begun) / 20 < 0.25  # some 0.05 where nothing else runs
        assert page.locator("[data-alert]").count() < 40
        press(page, "a")
        until(page, f"{OUTBOX} === 0")
        page.goto(f"{watch.url}vessels/230000001")
        page.get_by_text("All alerts about it: 5,000").wait_for()
        assert page.evaluate("document.querySelectorAll('*').length") < 3000
