"""Made traffic is right: it is in time order, repeats itself from its seed, and its columns agree with each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from anchorwatch import schema
from anchorwatch.trials import danish, nmea_log, traffic
from anchorwatch.trials.fleet import fleet, imo_number
from anchorwatch.trials.voyages import KN, M_PER_DEG, beside, path_length_m


@pytest.fixture(scope="module")
def made() -> traffic.Traffic:
    return traffic.day(rows=20_000, vessels=60, hours=6.0, seed=3)


def test_it_has_exactly_the_rows_asked_for_in_time_order_with_copies(made: traffic.Traffic) -> None:
    rows = made.positions
    assert rows.height == 20_000
    assert rows["time_us"].is_sorted()
    assert rows.drop("line").unique().height == pytest.approx(20_000 * (1 - traffic.TWICE), abs=20)
    assert dict(rows.drop("ship").schema) == schema.POSITIONS


def test_the_same_seed_gives_the_same_traffic(made: traffic.Traffic) -> None:
    assert traffic.day(rows=20_000, vessels=60, hours=6.0, seed=3).positions.equals(made.positions)
    assert not traffic.day(rows=20_000, vessels=60, hours=6.0, seed=4).positions.equals(made.positions)


def test_speed_agrees_with_the_distance_between_positions(made: traffic.Traffic) -> None:
    """No vessel says one speed and sails another: median difference under a quarter of a knot."""
    rows = made.positions.drop("line").unique().sort("mmsi", "time_us").filter(pl.col("sog_kn") > 2)
    step = rows.select(
        "mmsi",
        "sog_kn",
        seconds=pl.col("time_us").diff().over("mmsi") / 1e6,
        east=pl.col("lon_deg").diff().over("mmsi") * M_PER_DEG * pl.col("lat_deg").radians().cos(),
        north=pl.col("lat_deg").diff().over("mmsi") * M_PER_DEG,
    ).filter(pl.col("seconds").is_between(10, 120))
    made_kn = (step["east"].pow(2) + step["north"].pow(2)).sqrt() / step["seconds"] / KN
    assert step.height > 3000
    assert float((made_kn - step["sog_kn"]).abs().median()) < 0.25  # type: ignore[arg-type]


def test_a_fleet_has_every_trade_and_nobody_twice() -> None:
    ships = [v.ship for v in fleet(300, 6.0, 30.0, seed=5)]
    classes = {schema.SHIP_CLASSES[schema.class_of_ship_type(s.ship_type)] for s in ships}
    assert {"cargo", "tanker", "passenger", "fishing", "service", "pleasure"} <= classes
    assert len({s.mmsi for s in ships}) == len(ships)


def test_invented_imo_numbers_have_a_right_check_digit_and_no_real_range() -> None:
    for serial in range(500):
        digits = [int(d) for d in str(imo_number(serial))]
        assert len(digits) == 7
        assert digits[0] == 3
        assert sum(d * w for d, w in zip(digits[:6], range(7, 1, -1), strict=True)) % 10 == digits[6]


def test_a_path_beside_another_keeps_its_distance() -> None:
    path = np.array([[20.0, 59.0], [21.0, 59.0], [22.0, 59.4]])
    moved = beside(path, 1000.0)
    assert moved[0, 1] == pytest.approx(59.0 - 1000 / M_PER_DEG)  # eastbound: starboard is south
    assert path_length_m(moved) == pytest.approx(path_length_m(path), rel=0.01)


def test_the_danish_layout_has_its_columns_and_phrases(made: traffic.Traffic, tmp_path: Path) -> None:
    table = danish.frame(made.positions.head(1000), made.ships)
    assert table.width == 26
    assert table.columns[0] == "# Timestamp"
    assert table["# Timestamp"].str.contains(r"^\d\d/\d\d/\d{4} \d\d:\d\d:\d\d$").all()
    traffic.write(made, tmp_path / "day.csv")
    assert (tmp_path / "day.csv").read_text().count("\n") == 20_001


def test_the_log_decodes_to_what_was_sailed(made: traffic.Traffic) -> None:
    """The oracle is pyais."""
    from pyais import decode

    few = traffic.Traffic(made.positions.head(200), made.ships)
    log = [line.split("\\")[-1].encode() for line in nmea_log.lines(few)]
    positions = [m for m in (decode(s).asdict() for s in log if b"AIVDM,1,1" in s) if m["msg_type"] in (1, 18)]
    assert [p["mmsi"] for p in positions] == few.positions["mmsi"].to_list()
    assert [p["lat"] for p in positions] == pytest.approx(few.positions["lat_deg"].to_list(), abs=1e-5)
    assert [p["speed"] for p in positions] == pytest.approx(few.positions["sog_kn"].to_list(), abs=0.051)
