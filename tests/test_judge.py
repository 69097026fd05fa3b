"""Judgement: reasons add up, innocent causes weigh by name, and every change of mind stays visible."""

from __future__ import annotations

import inspect
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import chart, schema
from anchorwatch.detectors import Detector, _run, anchor_drag, discover
from anchorwatch.engine import ruleset
from anchorwatch.engine.findings import finding_id
from anchorwatch.engine.ruleset import ruleset_of
from anchorwatch.judgement import context as ctx
from anchorwatch.judgement.judge import LEVEL_AT, PRIOR, Docket, judge, level_of, score_of
from anchorwatch.model import LEVELS, Alert, Alternative, Finding, Reason
from anchorwatch.picture import coverage, identity
from made_sea import HOUR_US, MINUTE_US, START_US, lat_of, lon_of, scan, sea, static_frame, two_days
from tries import tries

MMSI = 219_000_001


def detector(name: str, **changes: Any) -> Detector:
    """A detector whose findings weigh what they say: no rows are looked at here."""
    made = Detector(
        name, "track", (), None, np.dtype([("x", np.int8)]), ("w",), lambda f: f"Did {name} at {f.asset}.",
        weigh=lambda f: (Reason("behaviour", 1.0, "1", f.values["w"]),), alternatives=(Alternative("a", "b"),),
    )  # fmt: skip
    return replace(made, **changes)


KINDS = (
    "anchor_drag",
    "anchored_on_asset",
    "loitering",
    "following_asset",
    "position_jump",
    "interference_area",
    "ais_gap",
)
DETECTORS = {n: detector(n) for n in KINDS} | {"crossing": detector("crossing", fact=True)}


def finding(at_min: float = 30, w: float = 4.0, name: str = "anchor_drag", **changes: Any) -> Finding:
    """One finding that began at the start and is told at a minute."""
    start_us = changes.pop("start_us", START_US)
    track = changes.pop("track", MMSI * 8)
    at_us = START_US + round(at_min * MINUTE_US)
    one = Finding(
        finding_id(name, track, start_us), name, track, MMSI, at_us, start_us, at_us, at_us, True, "long-cable", 0.0,
        80.0, lon_of(0), lat_of(0), {"w": w}, 10.0, 90.0, lon_of(0), lat_of(-3000),
    )  # fmt: skip
    return replace(one, **changes)


def context(*zones: str, reports: list[dict[str, Any]] | None = None, error_m: float = 20.0) -> ctx.Context:
    """What is around: zones over the whole cable, what vessels said."""
    ring = np.array(
        [[lon_of(x), lat_of(y)] for x, y in ((-9e4, -5e4), (9e4, -5e4), (9e4, 5e4), (-9e4, 5e4), (-9e4, -5e4))]
    )
    areas = tuple(chart.Zone(kind, kind, kind, ((ring,),)) for kind in zones)
    said = identity.add(identity.start(), [static_frame(reports or [])])
    made = chart.make(tuple(replace(a, error_m=error_m) for a in sea().assets), areas)
    return ctx.Context(made, coverage.start(), np.zeros(0, coverage.SILENCE), identity.Registry(said), "sha256:test")


def heard(
    *findings: Finding, around: ctx.Context | None = None, docket: Docket | None = None
) -> tuple[list[Alert], Docket]:
    return judge(findings, DETECTORS, around or context(), docket or Docket())


def one(*findings: Finding, around: ctx.Context | None = None) -> Alert:
    (alert,) = heard(*findings, around=around)[0]
    return alert


def names(alert: Alert) -> set[str]:
    return {r.name for r in alert.reasons}


# ---- levels and reasons ---------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_begins_at_its_score(level: str) -> None:
    at = LEVEL_AT[level]
    assert level_of(at) == level
    below = level_of(math.nextafter(at, 0))
    assert below == (None if level == "caution" else LEVELS[LEVELS.index(level) - 1])


@given(w=st.floats(-8, 8))
@tries(60)
def test_reasons_add_up_to_the_score(w: float) -> None:
    score = 1 / (1 + math.exp(-(PRIOR + w)))
    alerts, _ = heard(finding(w=w))
    assert [a.level for a in alerts] == [level for level in [level_of(score)] if level]
    for alert in alerts:
        assert alert.score == pytest.approx(score, abs=1e-4)
        assert alert.score == pytest.approx(score_of(alert.reasons), abs=1e-4)
        assert alert.reasons[0] == Reason("prior", "anchor_drag", "", PRIOR)


def test_an_alert_says_what_the_contract_wants() -> None:
    alert = one(finding())
    assert (alert.kind, alert.status, alert.revision, alert.ruleset) == ("anchor_drag", "open", 1, "sha256:test")
    assert alert.raised_us == START_US + 30 * MINUTE_US
    assert alert.explanation == "Did anchor_drag at Long Cable."
    assert alert.alternatives == (Alternative("a", "b"),)
    assert (alert.assets[0].id, alert.assets[0].name, alert.assets[0].crossed_us) == ("long-cable", "Long Cable", None)
    assert alert.detectors == ("anchor_drag",)
    assert one(finding(open=False)).status == "ended"


def test_there_is_always_an_alternative() -> None:
    assert all(d.alternatives for d in discover().values() if not d.fact)
    bare = {"anchor_drag": detector("anchor_drag", alternatives=())}
    (alert,), _ = judge([finding()], bare, context(), Docket())
    assert alert.alternatives[0].cause and alert.alternatives[0].check
    assert all(a.alternatives and a.reasons and a.explanation for a in scan(two_days()).alerts)


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("port", "in_port"),
        ("anchorage", "in_anchorage"),
        ("pilot_station", "at_pilot_station"),
        ("fishing_ground", "on_fishing_ground"),
    ],
)
def test_places_weigh_against_by_name(zone: str, name: str) -> None:
    free, there = one(finding(w=6.0)), one(finding(w=6.0), around=context(zone))
    assert names(there) - names(free) == {name}
    assert there.score < free.score
    reason = next(r for r in there.reasons if r.name == name)
    assert reason.log_odds < 0


@pytest.mark.parametrize(
    ("ship_class", "name"),
    [(schema.FISHING, "fishing_vessel"), (schema.SERVICE, "service_craft_at_work"),
     (schema.PASSENGER, "passenger_service"),
     (schema.PLEASURE, "pleasure_craft"), (schema.MILITARY, "military_vessel")],
)  # fmt: skip
def test_trades_weigh_against_by_name(ship_class: int, name: str) -> None:
    said = [{"time_us": START_US + k, "mmsi": MMSI, "ship_class": ship_class} for k in (0, 1)]
    there = one(finding(w=6.0), around=context(reports=said))
    assert name in names(there)
    assert there.score < one(finding(w=6.0)).score


def test_a_trade_that_was_told_later_does_not_count_yet() -> None:
    said = [{"time_us": START_US + 31 * MINUTE_US + k, "mmsi": MMSI, "ship_class": schema.FISHING} for k in (0, 1)]
    assert "fishing_vessel" not in names(one(finding(30), around=context(reports=said)))
    assert "fishing_vessel" in names(one(finding(30), finding(40), around=context(reports=said)))


def test_a_schematic_route_weighs_against() -> None:
    assert "route_is_schematic" in names(one(finding(), around=context(error_m=5000.0)))
    assert "route_is_schematic" not in names(one(finding(), around=context(error_m=300.0)))


def test_only_reception_speaks_for_a_threat() -> None:
    """Judgement drops a weak finding before it asks who the vessel is; so nothing asked later may raise it again."""
    by_trade = [w for _, weights in ctx.AT_WORK.values() for w in weights.values()]
    assert max(by_trade) <= 0.0 and max(weight for _, _, weight, _ in ctx.BY_PLACE) <= 0.0


def test_flag_and_size_and_name_never_weigh() -> None:
    """Two vessels that do the same are judged the same, whoever they are."""
    said = [
        {"time_us": START_US + k, "mmsi": mmsi, "name": name, "imo": imo, "length_m": m, "ship_class": schema.TANKER}
        for k in (0, 1)
        for mmsi, name, imo, m in ((273_000_001, "SHADOW", 9_074_729, 250.0), (219_000_001, "FAIR", 9_329_760, 90.0))
    ]  # fmt: skip
    around = context(reports=said)
    suspect, friend = (one(finding(mmsi=m, track=m * 8), around=around) for m in (273_000_001, 219_000_001))
    assert (suspect.vessel.flag, friend.vessel.flag) == ("RU", "DK")
    assert (suspect.reasons, suspect.score, suspect.level) == (friend.reasons, friend.score, friend.level)


def test_without_behaviour_nothing_is_raised() -> None:
    assert heard(finding(w=0.0))[0] == []
    assert heard(finding(w=9.0, name="crossing"))[0] == []  # a fact is no alert


# ---- changes of mind ------------------------------------------------------------------------------


def test_a_level_does_not_fall_while_the_grounds_stand() -> None:
    alert = one(finding(30, 5.0), finding(40, 1.5))
    assert alert.level == "alarm"
    assert alert.score == pytest.approx(score_of(alert.reasons), abs=1e-4)
    assert alert.score < LEVEL_AT["warning"]  # the score says what it is worth now


def test_a_level_falls_only_by_withdrawal_and_the_alert_stays_visible() -> None:
    alert = one(finding(30, 5.0), finding(40, -1.0))
    assert (alert.status, alert.level, alert.revision) == ("withdrawn", "caution", 2)
    assert alert.raised_us == START_US + 30 * MINUTE_US
    back = one(finding(30, 5.0), finding(40, -1.0), finding(50, 3.0))
    assert (back.status, back.level, back.revision) == ("open", level_of(score_of(back.reasons)), 3)


def test_revisions_count_what_changed_for_the_reader() -> None:
    told = [finding(30, 2.0), finding(40, 2.0), finding(50, 5.0), finding(60, 5.0), finding(70, 5.0, open=False)]
    revisions = [one(*told[: n + 1]).revision for n in range(len(told))]
    assert revisions == [1, 1, 2, 2, 3]  # raised, same, higher, same, ended


def test_an_alert_never_shown_is_not_withdrawn() -> None:
    assert heard(finding(30, -3.0), finding(40, -5.0))[0] == []


def test_raised_is_when_the_level_was_first_reached() -> None:
    assert one(finding(30, 0.0), finding(45, 3.0), finding(60, 6.0)).raised_us == START_US + 45 * MINUTE_US


def area(at_min: float, start_min: float = 0, **changes: Any) -> Finding:
    """Interference over the cable."""
    values = {"w": 4.0, "vessels": 5.0, "jumps": 9.0, "radius_km": 10.0}
    start_us = START_US + round(start_min * MINUTE_US)
    return finding(
        at_min, name="interference_area", track=77, mmsi=0, start_us=start_us, asset=None, values=values, **changes
    )


def test_interference_withdraws_the_jumps_within_it() -> None:
    alerts, _ = heard(finding(10, name="position_jump"), area(20))
    jump, many = sorted(alerts, key=lambda a: a.kind, reverse=True)
    assert (jump.kind, jump.status) == ("position_jump", "withdrawn")
    assert "satellite_navigation_interference" in names(jump)
    assert jump.raised_us == START_US + 10 * MINUTE_US
    assert (many.kind, many.status) == ("interference_area", "open")
    assert "satellite_navigation_interference" not in names(many)


def test_interference_far_away_or_another_day_withdraws_nothing() -> None:
    far = area(20, lat_deg=lat_of(200_000))
    assert {a.kind: a.status for a in heard(finding(10, name="position_jump"), far)[0]}["position_jump"] == "open"
    later = area(600, start_min=500)
    assert {a.kind: a.status for a in heard(finding(10, name="position_jump"), later)[0]}["position_jump"] == "open"


def test_what_comes_during_interference_is_not_raised() -> None:
    assert [a.kind for a in heard(area(5), finding(30))[0]] == ["interference_area"]


def test_a_stay_that_is_something_more_definite_is_one_alert() -> None:
    assert [a.kind for a in heard(finding(20, name="anchored_on_asset"), finding(30, name="loitering"))[0]] == [
        "anchored_on_asset"
    ]
    assert (
        len(heard(finding(20, name="anchored_on_asset"), finding(30, name="loitering", track=8))[0]) == 2
    )  # another vessel
    later = finding(300, name="loitering", start_us=START_US + 4 * HOUR_US)
    assert len(heard(finding(20, name="anchored_on_asset"), later)[0]) == 2


# ---- assets, memory, rules ------------------------------------------------------------------------


def crossing(at_min: float, **changes: Any) -> Finding:
    crossed = START_US + round(at_min * MINUTE_US)
    return finding(at_min, name="crossing", start_us=crossed, end_us=crossed, open=False, **changes)


def test_crossings_go_with_the_alert_of_their_track_and_time() -> None:
    facts = [crossing(10), crossing(20), crossing(25, track=8), crossing(90)]
    alert = one(*facts, finding(30))
    assert alert.detectors == ("anchor_drag", "crossing")
    assert [(a.id, a.crossed_us) for a in alert.assets] == [("long-cable", START_US + 10 * MINUTE_US)]
    assert one(crossing(25, track=8), finding(30)).detectors == ("anchor_drag",)


def test_nothing_later_than_the_finding_is_used() -> None:
    late = crossing(20, at_us=START_US + 40 * MINUTE_US)  # crossed before, known after
    assert one(late, finding(30)).assets[0].crossed_us is None
    assert one(late, finding(30), finding(45)).assets[0].crossed_us == START_US + 20 * MINUTE_US


told = st.lists(
    st.tuples(st.integers(0, 300), st.floats(-3, 6), st.sampled_from(KINDS[:5]), st.integers(0, 1), st.booleans()),
    max_size=14,
    unique_by=lambda t: (t[0], t[2], t[3]),
)  # fmt: skip


@given(made=told, cut=st.integers(0, 300))
@tries(60)
def test_judged_in_two_parts_is_judged_at_once(made: list[tuple[int, float, str, int, bool]], cut: int) -> None:
    found = [finding(t, w, n, track=MMSI * 8 + k, open=o) for t, w, n, k, o in made] + [area(150)]
    whole, _ = heard(*found)
    edge = START_US + cut * MINUTE_US
    early, docket = heard(*(f for f in found if f.at_us < edge))
    kept = repr(docket)
    late, _ = heard(*(f for f in found if f.at_us >= edge), docket=docket)
    assert repr(docket) == kept  # what was given stays as it was
    assert {a.id: a for a in [*early, *late]} == {a.id: a for a in whole}
    for alert in early:  # and what was shown was neither unsaid nor said twice
        after = next(a for a in whole if a.id == alert.id)
        assert after.raised_us == alert.raised_us < edge
        assert after.revision >= alert.revision
        if after.status != "withdrawn" and alert.status != "withdrawn" and after.revision == alert.revision:
            assert after.level == alert.level


def test_what_no_later_finding_can_touch_is_forgotten() -> None:
    _, docket = heard(finding(30, open=False), crossing(20))
    assert docket.alerts and docket.crossings
    _, after = heard(finding(5 * 1440, track=8), docket=docket)
    assert [a.extra["track"] for a in after.alerts.values()] == [8]
    assert not after.crossings


def test_the_ruleset_changes_with_any_threshold_and_with_nothing_else() -> None:
    rules = discover()
    hashes = {ruleset_of(rules), ruleset_of(discover())}
    assert len(hashes) == 1
    for name, one_of in rules.items():
        for threshold, value in one_of.params._asdict().items():
            changed = replace(one_of, params=one_of.params._replace(**{threshold: value + 1}))
            hashes.add(ruleset_of(rules | {name: changed}))
    assert len(hashes) == 1 + sum(len(d.params) for d in rules.values())
    assert all(h.startswith("sha256:") for h in hashes)
    hashes.add(ruleset_of({n: d for n, d in rules.items() if n != "loitering"}))
    weighed = replace(rules["loitering"], weigh=rules["ais_gap"].weigh)
    assert ruleset_of(rules | {"loitering": weighed}) not in hashes


def test_the_ruleset_changes_with_the_text_of_any_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of what a rule calls: half of a detector is in the functions beside its step."""
    before = ruleset_of(discover())
    source = inspect.getsource
    for module in (anchor_drag, _run, ctx):
        text = {module: source(module).replace("0.", "1.", 1)}
        monkeypatch.setattr(inspect, "getsource", lambda one, text=text: text[one] if one in text else source(one))
        ruleset._ruleset.cache_clear()  # a program's text does not change while it runs: it is read once
        assert ruleset_of(discover()) != before, module
    monkeypatch.undo()
    ruleset._ruleset.cache_clear()
    assert ruleset_of(discover()) == before
