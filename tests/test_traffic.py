"""Made traffic is right: the same from the same seed, on water, as dense as the sea, and alike in every layout."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from anchorwatch import chart, cli, schema
from anchorwatch.decode import Options
from anchorwatch.edges.archive import open_source
from anchorwatch.trials import traffic
from anchorwatch.trials.layouts import danish
from anchorwatch.trials.plan import ANCHORED, SAIL, Event, Step, Voyage, Water, Who
from anchorwatch.trials.sea import fleet, lanes, routes
from anchorwatch.trials.sea.ships import imo_number
from anchorwatch.trials.ship import motion

LAYOUTS = ("day.csv", "day.parquet", "day.nmea")
M_PER_DEG, KN = routes.M_PER_DEG, routes.KN


@pytest.fixture(scope="module")
def made() -> traffic.Traffic:
    return traffic.day(rows=20_000, vessels=60, hours=6.0, seed=3)


@pytest.fixture(scope="module")
def whole() -> list[Voyage]:
    """A tenth of the Baltic's vessels for half a day."""
    return fleet.fleet(200, 12.0, seed=8)


def test_it_has_exactly_the_rows_asked_for_in_time_order_with_copies(made: traffic.Traffic) -> None:
    rows = made.positions
    assert rows.height == 20_000
    assert rows["time_us"].is_sorted()
    assert rows.drop("line").unique().height == pytest.approx(20_000 * (1 - traffic.TWICE), abs=20)
    assert dict(rows.schema) == {**schema.POSITIONS, **traffic.EXTRA}


def test_the_same_seed_gives_the_same_traffic(made: traffic.Traffic) -> None:
    assert traffic.day(rows=20_000, vessels=60, hours=6.0, seed=3).positions.equals(made.positions)
    assert not traffic.day(rows=20_000, vessels=60, hours=6.0, seed=4).positions.equals(made.positions)


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_same_traffic_gives_the_same_bytes(made: traffic.Traffic, tmp_path: Path, name: str) -> None:
    sums = set()
    for k in range(3):
        traffic.write(made, tmp_path / str(k) / name)
        sums.add(hashlib.sha256((tmp_path / str(k) / name).read_bytes()).hexdigest())
    assert len(sums) == 1


def test_threads_do_not_change_what_is_sailed(whole: list[Voyage]) -> None:
    some = whole[::9]
    one, two = (motion.sail(some, Water(), seed=1, threads=n) for n in (1, 2))
    columns = [(getattr(one, name), getattr(two, name)) for name in one._fields]
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in columns)


def test_speed_agrees_with_the_distance_between_positions(made: traffic.Traffic) -> None:
    """No vessel says one speed and sails another: median difference under a quarter of a knot."""
    rows = made.positions.drop("line").unique().sort("mmsi", "time_us").filter(pl.col("sog_kn") > 2)
    step = rows.select(
        "mmsi",
        "sog_kn",
        seconds=pl.col("time_us").diff().over("mmsi") / 1e6,
        east=pl.col("lon_deg").diff().over("mmsi") * M_PER_DEG * pl.col("lat_deg").radians().cos(),
        north=pl.col("lat_deg").diff().over("mmsi") * M_PER_DEG,
    ).filter(pl.col("seconds").is_between(20, 120))
    made_kn = (step["east"].pow(2) + step["north"].pow(2)).sqrt() / step["seconds"] / KN
    assert step.height > 1000
    assert float((made_kn - step["sog_kn"]).abs().median()) < 0.25  # type: ignore[arg-type]


def test_a_fleet_has_every_class_and_nobody_twice(whole: list[Voyage]) -> None:
    classes = Counter(v.ship_class for v in whole)
    assert {"cargo", "tanker", "passenger", "fishing", "service", "pleasure"} <= set(classes)
    assert 1.3 < classes["cargo"] / classes["tanker"] < 2.3  # 1.7 among the identities that Fintraffic publishes
    assert len({v.who.mmsi for v in whole}) == len({v.who.name for v in whole}) == len(whole)
    assert {v.labels["trade"] for v in whole} >= {"cargo", "tanker", "ferry", "fishing", "tug", "pilot", "pleasure"}


def test_as_many_vessels_are_there_at_any_time(whole: list[Voyage]) -> None:
    """The number that was asked for, heard within 400 s; a little under half of them under way."""
    sent = motion.sail(whole, Water(), seed=2)
    for hour in (1.0, 6.0, 11.5):
        at = (sent.time_us <= hour * 3.6e9) & (sent.time_us > hour * 3.6e9 - 400e6)
        heard = np.unique(sent.voyage[at])
        assert len(heard) == pytest.approx(200, abs=10)
        under_way = len(np.unique(sent.voyage[at & (sent.sog_kn > 0.5)]))
        assert 0.35 < under_way / len(heard) < 0.6


def test_nobody_sails_over_land(whole: list[Voyage]) -> None:
    sent = motion.sail(whole, Water(), seed=2)
    shore = chart.shore()
    places = zip(sent.true_lon_deg[::20], sent.true_lat_deg[::20], sent.voyage[::20], strict=True)
    ashore = {whole[k].labels["trade"] for lon, lat, k in places if chart.shore_at(shore, lon, lat) <= 0.0}
    assert not ashore


def test_every_lane_keeps_to_water() -> None:
    lines = {**lanes.BALTIC.lanes, **{name: line for name, (_, line) in lanes.FERRIES.items()}}
    assert [name for name, line in lines.items() if not routes.clear(line, 100.0)] == []
    for ground in [*lanes.GROUNDS.values(), *lanes.ANCHORAGES.values()]:
        west, south, east, north = ground
        assert routes.clear([(west, south), (east, south), (east, north), (west, north), (west, south)], 100.0), ground


def test_every_harbour_is_reached_from_the_sea() -> None:
    reached = {route.destination for route in routes.ways(lanes.BALTIC)}
    assert reached == {name if name not in lanes.OPEN_SEA else "" for name in lanes.CALLS}


def test_a_piece_of_the_sea_has_its_own_traffic() -> None:
    box = lanes.Ground(23.0, 59.3, 26.5, 60.3)
    voyages = fleet.fleet(80, 6.0, 1, lanes.within(box))
    assert len([v for v in voyages if v.start_s == 0.0]) == 80
    sent = motion.sail(voyages, Water(), seed=1)
    inside = (sent.true_lon_deg > 22.9) & (sent.true_lon_deg < 26.6)
    inside &= (sent.true_lat_deg > 59.2) & (sent.true_lat_deg < 60.4)
    assert inside.mean() > 0.99


def test_a_sea_without_lanes_is_crossed_all_the_same() -> None:
    voyages = fleet.fleet(30, 6.0, 1, lanes.within(lanes.Ground(119.5, 23.5, 120.5, 24.5)))
    assert len([v for v in voyages if v.start_s == 0.0]) == pytest.approx(30, abs=3)
    assert {v.ship_class for v in voyages} >= {"cargo", "tanker"}


def test_some_wait_at_anchor_and_are_boarded_by_a_pilot() -> None:
    voyages = fleet.fleet(600, 48.0, seed=4)
    arriving = [v for v in voyages if v.labels.get("to") and v.labels["trade"] in ("cargo", "tanker")]
    waiting = [v for v in arriving if any(s.how == ANCHORED for s in v.steps)]
    assert waiting
    assert 0.5 < np.mean([any(s.how == SAIL and s.kn == 7.5 for s in v.steps) for v in arriving]) <= 1.0


def test_invented_imo_numbers_have_a_right_check_digit_and_no_real_range() -> None:
    for serial in range(500):
        digits = [int(d) for d in str(imo_number(serial))]
        assert len(digits) == 7
        assert digits[0] == 3
        assert sum(d * w for d, w in zip(digits[:6], range(7, 1, -1), strict=True)) % 10 == digits[6]


def test_a_path_beside_another_keeps_its_distance() -> None:
    path = np.array([[20.0, 59.0], [21.0, 59.0], [22.0, 59.4]])
    moved = routes.beside(path, np.full(3, 1000.0))
    assert moved[0, 1] == pytest.approx(59.0 - 1000 / M_PER_DEG)  # eastbound: starboard is south
    assert routes.length_m(moved) == pytest.approx(routes.length_m(path), rel=0.01)


def test_the_danish_layout_has_its_columns_and_phrases(made: traffic.Traffic, tmp_path: Path) -> None:
    traffic.write(made, tmp_path / "day.csv")
    table = pl.read_csv(tmp_path / "day.csv", infer_schema_length=None)
    assert table.shape == (20_000, 26)
    assert table.columns[0] == "# Timestamp"
    assert table["# Timestamp"].str.contains(r"^\d\d/\d\d/\d{4} \d\d:\d\d:\d\d$").all()
    assert set(table["Navigational status"]) <= {*danish.STATUS.values(), "Unknown value"}


def read(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    parts = list(open_source(str(path), Options()).blocks())
    assert sum(part.rejects.height for part in parts) == 0
    return pl.concat([p.positions for p in parts]), pl.concat([p.statics for p in parts])


def renamed() -> traffic.Traffic:
    """A vessel that changes its name and number of IMO at sea, heard by two stations."""
    who = Who(230_999_001, "KELP LIGHT", "OHAB", 3_000_007, 80, 140, 20, 8.5, "HANKO")
    later = who._replace(name="KELP DARK", imo=3_000_019)
    steps = (Step(SAIL, 21.0, 59.0), Step(SAIL, 22.0, 59.2))
    voyage = Voyage(who, "tanker", 0.0, 7000.0, 20.5, 58.9, steps, (Event(3000.0, "identity", who=later),))
    yacht = Voyage(
        Who(261_999_002, "TERN", "SFAB", 0, 36, 11, 4, 0.0, "", True), "pleasure", 0.0, 7000.0, 20.6, 58.9, steps
    )
    return traffic.traffic([voyage, yacht], Water(), seed=1)


def test_every_layout_says_the_same_of_positions_and_of_who_it_is(made: traffic.Traffic, tmp_path: Path) -> None:
    columns = [name for name in schema.POSITIONS if name not in ("source", "line")]
    for some in (renamed(), traffic.Traffic(*made)):
        told: list[dict[int, list[tuple[object, ...]]]] = []
        for name in LAYOUTS:
            traffic.write(some, tmp_path / name)
            positions, statics = read(tmp_path / name)
            assert positions.select(columns).equals(some.positions.select(columns)), name
            says = (
                statics.filter(pl.col("name") != "")
                .select("mmsi", "name", "imo", "callsign")
                .unique(maintain_order=True)
            )
            told.append({m: [r[1:3] for r in says.iter_rows() if r[0] == m] for m in says["mmsi"].unique().sort()})
        assert told[0] == told[1] == told[2]
        if len(some.ships) == 3:
            assert told[0][230_999_001] == [("KELP LIGHT", 3_000_007), ("KELP DARK", 3_000_019)]


def test_statics_are_those_of_the_schema(made: traffic.Traffic) -> None:
    some = renamed().statics
    assert dict(some.schema) == schema.STATICS
    assert some["name"].to_list()[:1] == ["KELP LIGHT"]
    assert sorted(some["name"]) == ["KELP DARK", "KELP LIGHT", "TERN"]
    assert made.statics.height == len({int(s) for s in made.positions["ship"]})


@pytest.mark.slow
def test_every_layout_gives_the_same_alerts(tmp_path: Path) -> None:
    voyages = fleet.fleet(120, 12.0, 6, lanes.within(lanes.Ground(22.3, 59.2, 27.5, 60.4)))
    some = traffic.traffic(voyages, Water(), seed=6, interval_scale=3.0)
    found = []
    for name in LAYOUTS:
        traffic.write(some, tmp_path / name)
        out = tmp_path / (name + ".jsonl")
        run = CliRunner().invoke(cli.root, ["scan", str(tmp_path / name), "--out", str(out), "--quiet"])
        assert run.exit_code == 0, run.output
        alerts = [json.loads(line) for line in out.read_text().splitlines()]
        found.append([(a["id"], a["level"], a["kind"], a["vessel"]["mmsi"], a["start"], a["raised"]) for a in alerts])
    assert found[0]
    assert found[0] == found[1] == found[2]
