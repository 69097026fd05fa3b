"""The shift handover: what is open, who did what, what to watch next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alerts_at_work import ANNA, BEN, CHIEF, HOSTILE, MINUTE, T0, StandingClock, an_alert, next_word
from anchorwatch.edges.store import Store
from anchorwatch.judgement import handover
from anchorwatch.judgement.work import Action, Silence
from anchorwatch.model import Vessel

HOUR = 60 * MINUTE


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = Store.open(tmp_path, StandingClock())
    yield opened
    opened.close()


def shift(store: Store, since_us: int, until_us: int) -> dict[str, Any]:
    handed = [handover.Handed(i.alert, i.work) for i in store.alerts()]
    return handover.shift(handed, store.between(since_us, until_us), store.silences(until_us), since_us, until_us)


def test_a_quiet_shift(store: Store) -> None:
    record = shift(store, T0, T0 + 8 * HOUR)
    assert record["open"] == {"alarm": [], "warning": [], "caution": []}
    assert handover.as_text(record) == (
        "SHIFT HANDOVER  2024-12-25 10:26 to 2024-12-25 18:26 UTC\n\n"
        "OPEN: 0 alarm, 0 warning, 0 caution\n\nWATCH NEXT\n  nothing in particular\n"
    )


def test_a_busy_shift(store: Store) -> None:
    clock = store.clock
    assert isinstance(clock, StandingClock)
    before, alarm, innocent = an_alert(1), an_alert(2, "alarm"), an_alert(3, "caution")
    store.record([before], 1)
    store.act(before.id, Action("take"), BEN)
    clock.us = begun = T0 + 4 * HOUR
    store.record([alarm, innocent, next_word(before, "withdrawn")], 2)
    store.act(before.id, Action("radio", {"text": "crew says anchors are up"}), BEN)
    store.act(innocent.id, Action("close", {"disposition": "innocent", "cause": "pilot transfer"}), ANNA)
    store.silence(Silence("", "", 0, clock.us + 9 * HOUR, "cable layer", asset="estlink-2"), CHIEF)
    store.tell("feed_lost", {"feed": "digitraffic", "why": "connection refused"})
    store.rules = lambda event, work, alert: ["mail"]
    store.act(alarm.id, Action("note", {"text": "x"}), ANNA)
    store.failed(store.due(clock.us)[0].id, "mail server said no", None)
    record = shift(store, begun, begun + 1)
    assert [e["id"] for e in record["open"]["alarm"]] == [alarm.id]
    assert (record["raised"], len(record["withdrawn"]), len(record["silences"])) == (2, 1, 1)
    assert [(d["by"], d["verbs"]) for d in record["done"]] == [
        ("ben", {"radio": 1}), ("anna", {"note": 1, "close": 1}), ("chief", {"silence": 1}),
    ]  # fmt: skip
    text = handover.as_text(record)
    for line in (
        "OPEN: 1 alarm, 0 warning, 1 caution",
        "  SHIP 2 (anchor drag): alarm that nobody has in hand",
        f"  2024-12-25 10:29 anchor drag: SHIP 3 (230000003) at Estlink 2 [closed] {innocent.id}"
        ": innocent: pilot transfer, by anna",
        "  silence of asset estlink-2 ends 2024-12-25 23:26",
        "  asset estlink-2 up to warning until 2024-12-25 23:26, by chief: cable layer",
        "  2024-12-25 14:26 feed lost: feed digitraffic, why connection refused",
    ):
        assert line in text.splitlines()
    assert "mail server said no" in text and "behaviour withdrawn" in text


def test_what_comes_next_is_what_the_next_shift_will_see(store: Store) -> None:
    store.record([an_alert(1)], 1)  # next: estlink-1 about three hours after it was raised
    assert any("reaches estlink-1 about 2024-12-25 13:27" in line for line in shift(store, T0, T0 + 1)["next"])
    assert shift(store, T0, T0 + 4 * HOUR)["next"] == []  # it is past


def test_long_lists_and_hostile_names_stay_readable(store: Store) -> None:
    hostile = [an_alert(n, vessel=Vessel(mmsi=230_000_000 + n, name=HOSTILE)) for n in range(1, 60)]
    store.record(hostile, 1)
    store.act(hostile[0].id, Action("close", {"disposition": "innocent", "cause": HOSTILE}), ANNA)
    text = handover.as_text(shift(store, T0, T0 + 1))
    assert "... and 18 more" in text and len(text.splitlines()) < 100
    assert all(c.isprintable() or c == "\n" for c in text)
