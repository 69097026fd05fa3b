"""The built-in trials: what the public record says holds in what was truly sailed, and nobody is accused by mistake."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from anchorwatch.trials import truth
from anchorwatch.trials.scenario import Scenario
from anchorwatch.trials.scenario import read as scenario_read
from anchorwatch.trials.scenario import track as scenario_track
from anchorwatch.trials.scenario import voyages as scenario_voyages
from anchorwatch.trials.scenario.track import Crossing, Track

NAMES = scenario_read.built_in()
RECONSTRUCTIONS = (
    "balticconnector-2023", "yi-peng-3-2024", "eagle-s-2024", "vezhen-2025", "fitburg-2025", "hong-tai-58-2025",
)  # fmt: skip
CLEARED = {
    "balticconnector-2023": {"sgv-flot", "sevmorput"},
    "vezhen-2025": {"silver-dania", "michalis-san"},
    "liepaja-2026": {"silver-copenhagen"},
}


@cache
def made(name: str) -> Scenario:
    return scenario_read.load(name)


@cache
def sailed(name: str) -> dict[str, tuple[Track, list[Crossing]]]:
    scenario = made(name)
    lines = scenario_track.Lines(scenario)
    actors = scenario_voyages.sail(scenario, scenario.seed)
    truth.check(scenario, actors)
    return {s.actor.id: (s.track, lines.crossings(s.track)) for s in actors}


def at(name: str, when: str) -> float:
    """Seconds of a trial at a time "MM-DD HH:MM" of its year."""
    start = made(name).start_us / 1e6
    year = datetime.fromtimestamp(start, UTC).year
    return datetime.fromisoformat(f"{year}-{when}:00+00:00").timestamp() - start


def crossing(name: str, actor: str, asset: str) -> Crossing:
    return next(c for c in sailed(name)[actor][1] if c.asset == asset)


def apart_min(name: str, actor: str, asset: str, when: str) -> float:
    """Minutes from a known time to the first crossing."""
    return (crossing(name, actor, asset).time_s - at(name, when)) / 60


def knots(name: str, actor: str, since: str, until: str) -> float:
    """Mean speed over the way between two times."""
    track = sailed(name)[actor][0]
    lon, lat = (np.interp((at(name, since), at(name, until)), track.time_s, v) for v in (track.lon_deg, track.lat_deg))
    within = (track.time_s >= at(name, since)) & (track.time_s <= at(name, until))
    path = [np.r_[lon[0], track.lon_deg[within], lon[1]], np.r_[lat[0], track.lat_deg[within], lat[1]]]
    return way_km(*path) / 1.852 / ((at(name, until) - at(name, since)) / 3600)


def way_km(lon: np.ndarray, lat: np.ndarray) -> float:
    east = np.diff(lon) * np.cos(np.radians(lat[:-1])) * 111.32
    return float(np.hypot(east, np.diff(lat) * 111.2).sum())


@pytest.mark.parametrize("name", NAMES)
def test_each_trial_loads_and_its_truth_is_what_was_sailed(name: str) -> None:
    scenario = made(name)
    assert sailed(name).keys() == {a.id for a in scenario.actors}
    assert scenario.expects, "a trial says what a good watch would have said"
    assert scenario.assumed, "what is invented is marked so"
    assert scenario.facts or scenario.kind == "exercise"


def test_every_case_of_the_record_is_there() -> None:
    asked = {*RECONSTRUCTIONS, "abha-2025", "sun-2025", "nord-stream-2022", "liepaja-2026", "combined-attack"}
    assert asked | {"mass-jamming", "ordinary-night", "engine-trouble", "trawlers"} <= set(NAMES)


@pytest.mark.parametrize("name", sorted(CLEARED))
def test_who_was_wrongly_named_may_not_be_warned_of(name: str) -> None:
    scenario = made(name)
    assert {a.id for a in scenario.actors if a.role == "cleared"} == CLEARED[name]
    assert {e.actor for e in scenario.expects if e.at_most == "caution"} >= CLEARED[name]
    assert not {t.actor for t in scenario.truths} & CLEARED[name]


@pytest.mark.parametrize("name", ["nord-stream-2022", "liepaja-2026"])
def test_where_no_vessel_is_shown_none_is_expected(name: str) -> None:
    assert any(e.no_vessel for e in made(name).expects)
    assert all(t.what == "none" for t in made(name).truths)


def test_names_and_numbers_are_those_of_the_record(shared: Path) -> None:
    """A name, an IMO number or an MMSI in a reconstruction is that of incidents.json where it has one."""
    record = json.loads((shared / "incidents" / "incidents.json").read_text())
    said = {s["name"].upper().split(" (")[0]: s for i in record["incidents"] for s in i["suspects"]}
    seen = 0
    for name in NAMES:
        for actor in made(name).actors:
            if made(name).kind == "exercise" or actor.role == "bystander":
                assert actor.who.name not in said
                continue
            known = said[actor.who.name]
            for key, ours in (("imo", actor.who.imo), ("mmsi", actor.who.mmsi)):
                if isinstance(known[key], int):
                    assert ours == known[key]
            seen += 1
    assert seen >= 13


# ---- Newnew Polar Bear --------------------------------------------------------------------------------------

BALTIC, BEAR = "balticconnector-2023", "newnew-polar-bear"


def test_four_assets_at_their_times() -> None:
    assert abs(apart_min(BALTIC, BEAR, "ee-s-1", "10-07 15:13")) < 3
    assert abs(apart_min(BALTIC, BEAR, "baltika", "10-07 20:30")) < 5
    assert abs(apart_min(BALTIC, BEAR, "balticconnector", "10-07 22:20")) < 2
    assert crossing(BALTIC, BEAR, "fec-1").time_s > at(BALTIC, "10-07 22:20")


def test_she_runs_at_eleven_knots_but_for_five_minutes_at_the_pipe() -> None:
    assert knots(BALTIC, BEAR, "10-07 15:13", "10-07 22:20") == pytest.approx(11.2, abs=0.15)
    assert knots(BALTIC, BEAR, "10-07 22:18", "10-07 22:20") == pytest.approx(9.5, abs=0.35)
    assert knots(BALTIC, BEAR, "10-07 22:24", "10-07 22:30") == pytest.approx(11.1, abs=0.25)
    before, after = knots(BALTIC, BEAR, "10-07 11:00", "10-07 14:00"), knots(BALTIC, BEAR, "10-07 16:00", "10-07 19:00")
    assert before == pytest.approx(after, abs=0.15), "no source says that she slowed when the anchor fell"


def test_the_pipe_broke_where_it_is_said_to_have_broken() -> None:
    pipe = crossing(BALTIC, BEAR, "balticconnector")
    assert way_km(np.array([24.10, pipe.lon_deg]), np.array([59.71, pipe.lat_deg])) < 10


def test_sevmorput_was_at_all_three_sites_and_sgv_flot_near_the_leak() -> None:
    assert {"ee-s-1", "baltika", "balticconnector"} <= {c.asset for c in sailed(BALTIC)["sevmorput"][1]}
    track, crossings = sailed(BALTIC)["sgv-flot"]
    assert not crossings
    assert track.metres_from((24.105, 59.719)).max() < 15_000


# ---- Yi Peng 3 ----------------------------------------------------------------------------------------------

YI, PENG = "yi-peng-3-2024", "yi-peng-3"


def test_two_cables_eighteen_hours_apart() -> None:
    assert abs(apart_min(YI, PENG, "bcs-east-west-interlink", "11-17 08:00")) < 30
    assert abs(apart_min(YI, PENG, "c-lion1", "11-18 02:04")) < 15
    assert len(sailed(YI)[PENG][1]) == 2, "each cable once"
    one, two = (crossing(YI, PENG, a) for a in ("bcs-east-west-interlink", "c-lion1"))
    assert 70 < way_km(np.array([one.lon_deg, two.lon_deg]), np.array([one.lat_deg, two.lat_deg])) < 137


def test_five_knots_in_the_mean_and_no_slowing_when_the_anchor_fell() -> None:
    assert knots(YI, PENG, "11-16 20:00", "11-18 08:00") == pytest.approx(5.0, abs=0.3)
    assert knots(YI, PENG, "11-16 23:00", "11-17 06:00") == pytest.approx(7.0, abs=0.4)
    before, after = knots(YI, PENG, "11-16 19:00", "11-16 20:00"), knots(YI, PENG, "11-16 20:00", "11-16 20:45")
    assert before == pytest.approx(after, abs=0.4)
    assert knots(YI, PENG, "11-18 03:30", "11-18 04:30") < 3


# ---- Eagle S ------------------------------------------------------------------------------------------------

EAGLE, S = "eagle-s-2024", "eagle-s"


def test_estlink_2_is_crossed_to_the_minute() -> None:
    assert abs(apart_min(EAGLE, S, "estlink-2", "12-25 10:26")) < 2
    assert knots(EAGLE, S, "12-25 10:20", "12-25 10:23") == pytest.approx(9.2, abs=0.25)
    assert 8.7 < knots(EAGLE, S, "12-25 10:25", "12-25 10:27") < 9.4


def test_two_stops_and_a_slow_hour() -> None:
    assert knots(EAGLE, S, "12-25 11:00", "12-25 11:10") == pytest.approx(8.2, abs=0.6)
    assert knots(EAGLE, S, "12-25 11:36", "12-25 11:48") == pytest.approx(6.3, abs=0.5)
    assert knots(EAGLE, S, "12-25 12:00", "12-25 12:15") < 1.5
    assert knots(EAGLE, S, "12-25 12:46", "12-25 13:04") < 1.5
    assert knots(EAGLE, S, "12-25 13:10", "12-25 13:30") == pytest.approx(7.5, abs=0.4)
    assert knots(EAGLE, S, "12-25 11:35", "12-25 13:05") * 1.5 == pytest.approx(3.0, abs=0.7)  # nautical miles


def test_four_more_cables_in_forty_minutes() -> None:
    cables = ("baltic-sea-submarine-cable", "fec-1", "c-lion1", "fec-2")
    minutes = [apart_min(EAGLE, S, cable, "12-25 16:04") for cable in cables]
    assert minutes[0] == pytest.approx(0, abs=4)
    assert minutes[-1] == pytest.approx(40, abs=4)
    dragged = knots(EAGLE, S, "12-25 09:17", "12-25 17:10") * (7 + 53 / 60) * 1.852
    assert 88 < dragged < 102


# ---- Vezhen, Fitburg, Hong Tai 58 ---------------------------------------------------------------------------


def test_vezhen_drags_for_more_than_a_day_and_passes_near_the_estimate() -> None:
    name = "vezhen-2025"
    assert abs(apart_min(name, "vezhen", "latvia-sweden-lvrtc", "01-26 00:45")) < 60
    cable = crossing(name, "vezhen", "latvia-sweden-lvrtc")
    assert way_km(np.array([19.49, cable.lon_deg]), np.array([57.78, cable.lat_deg])) < 15
    times = [c.time_s for c in sailed(name)["vezhen"][1] if c.asset == "c-lion1"]
    assert len(times) == 1 and times[0] > cable.time_s
    drop, up = (h.at_us or 0 for h in made(name).actor("vezhen").happenings)
    assert up - drop > 24 * 3.6e9


def test_fitburg_is_forty_kilometres_south_of_helsinki_when_found() -> None:
    name = "fitburg-2025"
    assert -40 <= apart_min(name, "fitburg", "fec-1", "12-31 02:53") <= 0
    track = sailed(name)["fitburg"][0]
    lon, lat = (float(np.interp(at(name, "12-31 05:34"), track.time_s, v)) for v in (track.lon_deg, track.lat_deg))
    assert way_km(np.array([24.94, lon]), np.array([60.17, lat])) == pytest.approx(43, abs=6)
    assert knots(name, "fitburg", "12-31 05:00", "12-31 05:30") > 3, "under way"


def test_hong_tai_58_stays_for_56_hours_half_a_mile_off() -> None:
    name, actor = "hong-tai-58-2025", "hong-tai-58"
    cable = crossing(name, actor, "tp3")
    assert at(name, "02-24 18:30") < cable.time_s < at(name, "02-24 19:24")
    assert len(sailed(name)[actor][1]) == 1, "once, at the end"
    assert knots(name, actor, "02-22 12:00", "02-24 18:00") < 1.5
    track = sailed(name)[actor][0]
    there = (track.time_s > at(name, "02-22 11:10")) & (track.time_s < at(name, "02-24 18:40"))
    assert track.metres_from((120.0, 23.2855))[there].max() < 2_500
