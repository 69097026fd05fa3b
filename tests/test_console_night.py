"""A night by keys alone: thirty alerts reviewed, acknowledged, noted and closed, and no hand on the mouse."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anchorwatch.edges.feeds import CONNECTED, Health
from anchorwatch.watch.room import Room
from api_room import MadeFeed, a_chart, sail
from browser import Shown, chromium, focus_of, just_raised, needs_browser, now_us, shown, tab, until
from room import PASSWORD

pytestmark = [pytest.mark.slow, *needs_browser]

BEGAN_US = now_us()
LEVELS = ("caution", "warning", "alarm")
# Counts what a hand on a mouse, a pen or a screen would bring about; Enter on a button is a click without a pointer.
POINTED = """
window.pointed = 0;
for (const kind of ["pointerdown", "mousedown", "mousemove", "wheel", "touchstart"])
  addEventListener(kind, (event) => { if (event.isTrusted) window.pointed += 1; }, true);
"""


def number(n: int) -> str:
    return f"a1-{n:016x}"


def level_of(n: int) -> str:
    return LEVELS[n % 3]


def raise_alerts(room: Room, *numbers: int) -> None:
    """Let the watch say something new; each at a later place of its log."""
    room.store.record([just_raised(n, level_of(n), BEGAN_US) for n in numbers], max(numbers))
    for changed in room.on_change:
        changed()


class Night:
    """An officer at the page, and a list of what was meant to be done."""

    def __init__(self, page: Any, watch: Shown) -> None:
        self.page, self.watch = page, watch
        self.meant: list[tuple[str, str]] = []  # (alert, verb) in the order of the keys
        self.dispositions: dict[str, str] = {}

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def focus(self) -> str:
        """The alert whose row has the focus; "" where it is on something else of the page."""
        on = self.page.evaluate("[document.activeElement?.closest('[data-alert]')?.dataset.alert ?? '', "
                                "document.activeElement?.tagName ?? 'BODY']")  # fmt: skip
        assert on[1] != "BODY", "the focus is lost"
        return str(on[0])

    def stands_on(self, alert_id: str) -> None:
        self.until(f"document.activeElement?.closest('[data-alert]')?.dataset.alert === '{alert_id}'")

    def until(self, question: str) -> None:
        until(self.page, question)

    def quickly(self, verb: str, key: str, *alerts: str) -> None:
        """What needs no dialog."""
        self.press(key)
        self.meant += [(alert_id, verb) for alert_id in alerts]

    def ask(self, key: str) -> None:
        """Open a dialog; its first field has the focus."""
        self.press(key)
        self.until("document.activeElement?.matches('dialog input, dialog select, dialog textarea')")

    def answered(self, verb: str, *alerts: str) -> None:
        self.until("!document.querySelector('dialog')")
        self.meant += [(alert_id, verb) for alert_id in alerts]

    def note(self, text: str, *alerts: str) -> None:
        self.ask("n")
        self.type(text)
        self.press("Control+Enter")
        self.answered("note", *alerts)

    def close(self, disposition: str, *alerts: str) -> None:
        """By numbers: 1 innocent (with a cause), 2 false detection, 3 drill, 4 handed over (to whom)."""
        self.ask("c")
        self.press(str(["innocent", "false_detection", "drill", "handed_over"].index(disposition) + 1))
        self.until(f"document.activeElement?.value === '{disposition}'")
        if disposition in ("innocent", "handed_over"):
            self.press("Tab")
            self.type("engine trouble" if disposition == "innocent" else "VTS Tallinn")
        self.press("Enter")
        self.answered("close", *alerts)
        self.dispositions |= dict.fromkeys(alerts, disposition)

    def log_in(self) -> None:
        self.page.goto(f"{self.watch.url}login")
        self.until("document.activeElement?.name === 'name'")
        self.type("anna")
        self.press("Tab")
        self.type(PASSWORD)
        self.press("Enter")
        self.page.locator("[data-alert]").first.wait_for()


def test_a_night_by_keys_alone(browser: Any, tmp_path: Path) -> None:
    health = Health(CONNECTED, BEGAN_US, BEGAN_US, 10, 1000, 60_000, 1)
    with (
        shown(tmp_path, a_chart(), (MadeFeed("mast", silent_after_s=1e6, health=health),), fill=furnished) as watch,
        tab(browser) as sight,
    ):
        watch.people.add("anna", "officer", PASSWORD, by="test")
        sight.page.add_init_script(POINTED)
        night = Night(sight.page, watch)
        night.log_in()
        sight.complaints.clear()  # the plain page has no icon
        evening(night)
        alone_with_the_list(night)
        with_the_alert_open(night)
        many_at_once(night)
        until_nothing_is_left(night)
        check_the_record(night)
        assert sight.complaints == []
        assert sight.page.evaluate("pointed") == 0


def furnished(room: Room) -> None:
    sail(room, BEGAN_US)
    raise_alerts(room, *range(1, 25))


# The order of the queue: the worst first, of these the newest.
ALARMS = [number(n) for n in (23, 20, 17, 14, 11, 8, 5, 2)]
WARNINGS = [number(n) for n in (22, 19, 16, 13, 10, 7, 4, 1)]


def evening(night: Night) -> None:
    """The watch is taken over: the keys are looked up, one vessel is searched for."""
    night.press("j")
    night.stands_on(ALARMS[0])
    night.press("?")
    night.page.get_by_role("dialog", name="Keys").wait_for()
    night.press("Escape")
    night.stands_on(ALARMS[0])
    night.press("/")
    night.type("SHIP 23")
    night.until("document.querySelectorAll('[data-alert]').length === 1")
    night.press("Escape", "u")
    night.until("document.querySelectorAll('[data-alert]').length > 5")
    night.stands_on(ALARMS[0])


def alone_with_the_list(night: Night) -> None:
    """Four alarms are worked in the list; two new alerts come meanwhile and move nothing."""
    for at, alert_id in enumerate(ALARMS[:4]):
        night.stands_on(alert_id)
        night.press("r")
        night.quickly("acknowledge", "a", alert_id)
        if at == 1:
            come(night, 25, 26)
        night.note(f"Called on VHF 16, {alert_id}.", alert_id)
        night.close("false_detection", alert_id)
    night.stands_on(ALARMS[4])


def come(night: Night, *numbers: int) -> None:
    """New alerts wait until they are let in; the row stood on keeps the focus, and its place on the screen."""
    before = night.focus(), top_of(night)
    raise_alerts(night.watch.room, *numbers)
    waiting = night.page.locator("button.fresh")
    waiting.wait_for()
    assert waiting.inner_text().startswith(f"{len(numbers)} new")
    assert (night.focus(), top_of(night)) == before
    night.press(".")
    waiting.wait_for(state="detached")
    assert night.focus() == before[0]


def top_of(night: Night) -> int:
    top_px: float = night.page.evaluate("document.activeElement.getBoundingClientRect().top")
    return round(top_px)


def with_the_alert_open(night: Night) -> None:
    """Four more alarms, each read on its page; Enter leads from one to the next."""
    night.press("Enter")
    for at, alert_id in enumerate(ALARMS[4:]):
        night.until(f"location.pathname === '/alerts/{alert_id}'")
        night.page.locator(".panel .actions").wait_for()
        night.quickly("take", "t", alert_id)
        night.ask("v")
        night.type("The master says that he has engine trouble.")
        night.press("Tab")
        night.type("the master")
        night.press("Enter")
        night.answered("radio", alert_id)
        night.note("Engine trouble, a tug is on the way.", alert_id)
        night.focus()
        night.close("innocent", alert_id)
        if at < 3:
            night.until("document.activeElement?.closest('.next-alert')")
            night.press("Enter")
    night.press("Escape")
    night.page.locator(".panel").wait_for(state="detached")
    night.focus()


def many_at_once(night: Night) -> None:
    """Five warnings of one exercise at once, one silenced, one passed on, one called for."""
    go_to(night, WARNINGS[0])
    five = WARNINGS[:5]
    night.press("x", "Shift+J", "Shift+J", "Shift+J", "Shift+J")
    night.until("document.querySelectorAll('[data-alert] input:checked').length === 5")
    night.quickly("acknowledge", "a", *five)
    night.note("An exercise of the coast guard.", *five)
    night.close("drill", *five)
    night.stands_on(WARNINGS[5])
    silence(night)
    night.ask("g")
    night.type("anna")  # who would assign it to another could not close it
    night.press("Enter")
    night.answered("assign", WARNINGS[5])
    night.close("handed_over", WARNINGS[5])
    night.stands_on(WARNINGS[6])
    night.ask("e")
    night.type("the coast guard")
    night.press("Tab")
    night.type("She slows down again.")
    night.press("Control+Enter")
    night.answered("escalate", WARNINGS[6])
    night.close("false_detection", WARNINGS[6])


def go_to(night: Night, alert_id: str) -> None:
    """By j and k, as an officer would."""
    for _ in range(40):
        if night.focus() == alert_id:
            return
        night.press("j")
    for _ in range(40):
        if night.focus() == alert_id:
            return
        night.press("k")
    raise AssertionError(f"{alert_id} cannot be reached")


def silence(night: Night) -> None:
    """Two hours for this vessel, and a reason."""
    night.ask("s")
    night.press("Tab", "Tab", "Tab", "Tab")
    night.type("Works on the cable by order.")
    night.press("Enter")
    night.until("!document.querySelector('dialog')")
    night.until("document.activeElement?.closest('[data-alert]')?.textContent.includes('silenced')")


def until_nothing_is_left(night: Night) -> None:
    """The rest, in the order in which the queue leads through it; the last two come while it is worked."""
    everything = {number(n) for n in range(1, 31)}
    come(night, 27, 28)
    while left := everything - night.dispositions.keys():
        alert_id = night.focus()
        assert alert_id in left, f"{focus_of(night.page)} is stood on, {len(left)} are left"
        night.quickly("acknowledge", "a", alert_id)
        night.note("Seen.", alert_id)
        if len(left) == 6:
            come(night, 29, 30)
        night.close("false_detection", alert_id)
        night.until(f"document.activeElement?.closest('[data-alert]')?.dataset.alert !== '{alert_id}'")
    night.page.get_by_text("No open alerts").wait_for()
    night.focus()


def check_the_record(night: Night) -> None:
    """What the store says was done, by whom, in which order; nothing twice, nothing left behind in the browser."""
    store = night.watch.room.store
    night.until("!Object.keys(localStorage).some((name) => name.startsWith('anchorwatch-outbox/'))")
    people = [event for event in store.events(0, 5000) if event.actor != "watch"]
    assert {event.actor for event in people} == {"anna"}
    done = [(event.alert_id, event.verb) for event in people if event.alert_id]
    assert done == night.meant
    assert set(Counter(done).values()) == {1}
    items = [store.alert(number(n)) for n in range(1, 31)]
    assert all(item is not None for item in items)
    closed = {item.alert["id"]: item.work for item in items if item is not None}
    assert {work["state"] for work in closed.values()} == {"closed"}
    assert {work["closed_by"] for work in closed.values()} == {"anna"}
    assert {alert_id: work["disposition"] for alert_id, work in closed.items()} == night.dispositions
    assert Counter(night.dispositions.values()).keys() == {"false_detection", "innocent", "drill", "handed_over"}
    assert all(work["notes"] >= 1 for alert_id, work in closed.items() if alert_id not in WARNINGS[5:7])
    assert [(s.by, s.mmsi, s.reason) for s in store.silences()] == [
        ("anna", 230_000_007, "Works on the cable by order.")
    ]
    reviewed = json.loads(night.page.evaluate("localStorage['anchorwatch-reviewed/anna']"))
    assert {alert_id for alert_id, _ in reviewed} == closed.keys()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened
