"""Who is under suspicion from when to when, what lies ahead of it, and what an approach may be judged as."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from anchorwatch import schema
from anchorwatch.detectors import approach
from anchorwatch.judgement.judge import Docket, judge
from anchorwatch.model import LEVELS, Alert, Finding
from anchorwatch.picture import suspicion
from anchorwatch.picture.weave import blank
from made_sea import MINUTE_US, START_US, sea
from scenario_rows import rows_of
from test_judge import DETECTORS, MMSI, context, detector, finding

FOUND = [("track", np.int64), ("at_us", np.int64), ("open", np.uint8)]


def passage(kn: float = 10.0, **more: Any) -> schema.Rows:
    """Northward over the cable at y = 0, two hours before and half an hour after."""
    return rows_of({"at": [0, -37_000], "legs": [{"to": [0, 9000], "kn": kn}], **more})


def marked(rows: schema.Rows, words: list[tuple[int, int, int]], cuts: tuple[int, ...] = ()) -> schema.Rows:
    """Return rows with the columns of suspicion; words are (minute, bit, goes on), each given with its own rows."""
    memory = np.zeros(8, suspicion.SUSPICION)
    times = [int(rows.time_us[0]) + minute * MINUTE_US for minute, _, _ in words]
    parts = []
    for first, end in zip((0, *cuts), (*cuts, rows.time_us.size), strict=True):
        part = schema.Rows._make(column[first:end].copy() for column in rows)
        told = [
            (bit, np.array([(rows.track[0], t, still_on)], FOUND))
            for t, (_, bit, still_on) in zip(times, words, strict=True)
            if part.time_us[0] <= t <= part.time_us[-1]
        ]
        suspicion.mark(part, memory, told, np.zeros(0, suspicion.FAULT), sea().grid, blank(1).crossed)
        parts.append(part)
    return schema.Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


WORDS = [(20, 1, 1), (30, 2, 1), (50, 1, 0), (90, 2, 0)]


def test_under_suspicion_from_the_row_after_the_first_word_to_that_after_the_last() -> None:
    rows = passage()
    made = marked(rows, WORDS)
    minute = (rows.time_us - rows.time_us[0]) // MINUTE_US
    np.testing.assert_array_equal(made.suspect > 0, (minute > 20) & (minute <= 90))


@pytest.mark.parametrize("cuts", [(15,), (21,), (20, 22, 51), (91, 95), tuple(range(1, 100, 7))])
def test_however_the_rows_are_cut_the_columns_are_the_same(cuts: tuple[int, ...]) -> None:
    rows = passage()
    whole, parts = marked(rows, WORDS), marked(rows, WORDS, cuts)
    for name in ("suspect", *(n for n in schema.BLANK if n.startswith("next_"))):
        np.testing.assert_array_equal(getattr(whole, name), getattr(parts, name), err_msg=name)


def test_what_lies_ahead_is_the_cable_at_the_time_at_which_it_is_crossed() -> None:
    rows = passage()
    made = marked(rows, [(5, 1, 1)])
    crossed_us = int(rows.crossed_us[rows.kind == schema.CROSSING][0])
    ahead = np.flatnonzero((made.next_asset == 0) & (made.kind == schema.POSITION))
    assert len(ahead) > 60
    left_s = (crossed_us - rows.time_us[ahead]) / 1e6
    assert np.all(left_s > -60)
    np.testing.assert_allclose(made.next_eta_s[ahead], left_s, rtol=0.01, atol=10.0)
    np.testing.assert_allclose(made.next_kp_km[ahead], 80.0, atol=0.3)
    assert np.all(np.diff(made.next_share[ahead]) >= 0) and made.next_share[ahead][0] < 0.9
    assert np.all(made.next_spread_s[ahead] <= 0.2 * np.maximum(made.next_eta_s[ahead], 60))
    after = (rows.time_us > crossed_us + MINUTE_US) & (made.suspect > 0)
    assert np.all(made.next_asset[after] == -1) and after.any()


def test_a_vessel_adrift_has_nothing_ahead() -> None:
    made = marked(passage(kn=0.8), [(5, 1, 1)])
    assert (made.suspect > 0).any() and np.all(made.next_asset == -1)


def test_the_room_is_blank_again_for_the_next_rows() -> None:
    out = blank(100)
    rows = schema.Rows._make(c[:100] for c in out.rows)
    for name in schema.BLANK:
        getattr(rows, name)[3:5] = 1
    suspicion.wipe(rows, np.array([3, 4]))
    assert np.all(rows.next_asset == -1) and np.all(np.isnan(rows.next_eta_s))


# ---- judgement ---------------------------------------------------------------------------------------

KINDS = DETECTORS | {"approach": replace(approach.DETECTOR)}


def nearing(at_min: float = 31, eta_min: float = 20.0, **changes: Any) -> Finding:
    """An approach of the made cable."""
    values = {"eta_s": eta_min * 60, "eta_us": START_US + 60e6 * (at_min + eta_min), "spread_s": 60.0, "share": 0.9}
    return finding(at_min, name="approach", **{"values": values | {"why": 1.0, "crossed": 0.0}} | changes)


def told(*findings: Finding) -> list[Alert]:
    return judge(findings, KINDS, context(), Docket())[0]


def drag(w: float, **changes: Any) -> Finding:
    """A standing alert of the same vessel, about another asset, or none yet."""
    return finding(30, w, asset=None, **changes)


def test_an_approach_without_a_suspicion_is_no_alert() -> None:
    assert told(nearing()) == []
    assert [a.kind for a in told(drag(0.5), nearing())] == []  # a finding, but no alert
    assert [a.kind for a in told(drag(4.0, track=MMSI * 8 + 16), nearing())] == ["anchor_drag"]  # another vessel's


@pytest.mark.parametrize("w", [1.0, 1.8, 2.3, 3.0, 4.5, 7.0])
@pytest.mark.parametrize("eta_min", [10.0, 25.0, 50.0, 110.0])
def test_an_approach_follows_the_level_that_it_rests_on(w: float, eta_min: float) -> None:
    by_kind = {a.kind: LEVELS.index(a.level) for a in told(drag(w), nearing(eta_min=eta_min))}
    assert by_kind.get("approach", -1) <= by_kind["anchor_drag"]
    if w >= 7.0 or (w >= 4.5 and eta_min <= 50.0):  # behind an alarm, and sooner rather than later
        assert by_kind["approach"] >= LEVELS.index("warning")
    if w <= 1.0:
        assert "approach" not in by_kind


def test_it_becomes_louder_with_the_alert_that_it_rests_on_and_goes_with_it() -> None:
    loud = replace(drag(4.8), at_us=START_US + 40 * MINUTE_US)
    alert = next(a for a in told(drag(3.0), nearing(eta_min=25), loud) if a.kind == "approach")
    assert (alert.level, alert.extra["levels"][-1]["at"]) == ("warning", alert.extra["levels"][-1]["at"])
    assert alert.extra["levels"][-1]["level"] == "warning" and len(alert.extra["levels"]) == 2
    gone = replace(drag(-6.0), at_us=START_US + 40 * MINUTE_US)
    alert = next(a for a in told(drag(3.0), nearing(eta_min=25), gone) if a.kind == "approach")
    assert alert.status == "withdrawn"
    assert alert.reasons[-1].name == "suspicion_withdrawn"


def test_an_approach_that_is_no_news_is_not_told() -> None:
    assert "approach" not in {a.kind for a in told(finding(30, 4.0, name="loitering"), nearing())}  # about it already
    assert "approach" not in {a.kind for a in told(drag(4.0), nearing(eta_min=3.0))}  # too late
    first = nearing(31, start_us=START_US + 31 * MINUTE_US)
    over = replace(nearing(50, start_us=START_US + 31 * MINUTE_US), open=False)
    again = nearing(100, start_us=START_US + 100 * MINUTE_US)
    assert [a.kind for a in told(drag(4.0), first, over, again)].count("approach") == 1


def test_an_approach_is_not_withdrawn_because_it_is_nearly_over() -> None:
    start_us = START_US + 31 * MINUTE_US
    alert = next(
        a for a in told(drag(3.0), nearing(31, 20.0, start_us=start_us), nearing(49, 2.0, start_us=start_us))
        if a.kind == "approach"
    )  # fmt: skip
    assert (alert.status, alert.level, len(alert.extra["levels"])) == ("open", "caution", 1)


def test_other_detectors_do_not_follow() -> None:
    assert KINDS["approach"].follows and not detector("anchor_drag").follows
