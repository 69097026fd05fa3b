"""Actors in a real archive: they look like everything else in it, and nothing else of it changes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from anchorwatch import schema
from anchorwatch.errors import BadInput, BadUse
from anchorwatch.trials import inject, traffic
from anchorwatch.trials.plan import SAIL, Event, Step, Voyage, Water, Who

HOUR_US = 3_600_000_000
KATTEGAT_US = 1_761_955_200_000_000  # 2025-11-01T00:00:00Z
WHO = Who(230_999_001, "KELP LIGHT", "OHAB", 3_000_007, 80, 140, 20, 8.5, "HANKO")


def actor(mmsi: int = WHO.mmsi, lon: float = 11.3) -> Voyage:
    later = WHO._replace(mmsi=mmsi, name="KELP DARK")
    said = Event(7200.0, "identity", who=later)
    steps = (Step(SAIL, lon, 57.2), Step(SAIL, lon, 56.0))
    return Voyage(WHO._replace(mmsi=mmsi), "tanker", 600.0, 14_000.0, lon, 57.5, steps, (said,), service_kn=11.0)


def small(folder: Path, name: str) -> Path:
    """A made archive, written in some layout."""
    made = traffic.day(None, vessels=12, hours=4.0, seed=5)
    traffic.write(made, folder / name)
    return folder / name


def test_an_archive_a_minute_gets_an_actor_a_minute(shared: Path) -> None:
    path = shared / "ais" / "kattegat_2025-11-01_02_1min.parquet"
    start_us = KATTEGAT_US + 5 * HOUR_US
    made = inject.inject(path, [actor()], Water(), seed=1, start_us=start_us)
    rows = made.positions.filter(pl.col("mmsi") == WHO.mmsi)
    assert rows.height == pytest.approx((14_000 - 600) / 60, abs=3)
    assert (rows["time_us"] % 60_000_000 == 0).all()
    assert rows["time_us"][0] == start_us + 600_000_000
    assert rows["heading_deg"].is_nan().all()  # the archive has none
    assert (rows["nav_status"] == schema.NAV_STATUS_UNDEFINED).all()
    assert {made.classes[k] for k in rows["ship"].unique()} == {"cargo_or_tanker"}
    assert {made.ships[k].name for k in rows["ship"].unique()} == {""}  # nobody in it has a name
    assert made.positions["time_us"].is_sorted()


def test_the_rest_of_the_archive_stays_as_it_is(shared: Path) -> None:
    path = shared / "ais" / "kattegat_2025-11-01_02_1min.parquet"
    made = inject.inject(path, [actor()], Water(), seed=1, start_us=KATTEGAT_US)
    others = made.positions.filter(pl.col("mmsi") != WHO.mmsi).sort("time_us", "mmsi")
    was = pl.read_parquet(path).sort("time", "mmsi")
    assert others["mmsi"].to_list() == was["mmsi"].to_list()
    assert float((others["lon_deg"] - was["lon_deg"]).abs().max()) < 2e-6  # type: ignore[arg-type]
    assert float((others["sog_kn"] - was["sog_kn"]).abs().max()) < 0.0501  # type: ignore[arg-type]
    assert [made.classes[k] for k in others["ship"]] == was["ship_class"].to_list()


def test_days_are_moved_to_the_trials(shared: Path) -> None:
    path = shared / "ais" / "kattegat_2025-11-01_02_1min.parquet"
    start_us = traffic.START_US + 7 * HOUR_US  # another month
    made = inject.inject(path, [actor()], Water(), seed=1, start_us=start_us, until_us=start_us + 3 * HOUR_US)
    assert made.positions["time_us"].min() == start_us
    assert made.positions["time_us"].max() == start_us + 3 * HOUR_US


@pytest.mark.parametrize("name", ["archive.csv", "archive.parquet", "archive.nmea"])
def test_an_archive_as_received_has_names_and_keeps_its_rate(tmp_path: Path, name: str) -> None:
    made = inject.inject(small(tmp_path, name), [actor()], Water(), seed=1, start_us=traffic.START_US)
    rows = made.positions.filter(pl.col("mmsi") == WHO.mmsi)
    said = [made.ships[k] for k in rows["ship"].unique(maintain_order=True)]
    assert [who.name for who in said] == ["KELP LIGHT", "KELP DARK"]
    assert 800 < rows.height < 3000  # every 10 s, or a little less often
    assert not rows["heading_deg"].is_nan().all()
    assert len({who.name for who in made.ships}) > 10


def test_the_same_seed_gives_the_same(tmp_path: Path) -> None:
    path = small(tmp_path, "archive.parquet")
    first = inject.inject(path, [actor()], Water(), seed=1, start_us=traffic.START_US)
    again = inject.inject(path, [actor()], Water(), seed=1, start_us=traffic.START_US)
    other = inject.inject(path, [actor()], Water(), seed=2, start_us=traffic.START_US)
    assert first.positions.equals(again.positions)
    assert not first.positions.equals(other.positions)


def test_who_cannot_be_in_it_is_refused(tmp_path: Path, shared: Path) -> None:
    path = shared / "ais" / "kattegat_2025-11-01_02_1min.parquet"
    taken = int(pl.read_parquet(path)["mmsi"][0])
    with pytest.raises(BadUse, match=f"MMSI of a vessel in the archive.*{taken}"):
        inject.inject(path, [actor(taken)], Water(), seed=1, start_us=KATTEGAT_US)
    with pytest.raises(BadUse, match="outside the archive's water"):
        inject.inject(path, [actor(lon=25.0)], Water(), seed=1, start_us=KATTEGAT_US)
    empty = tmp_path / "empty.csv"
    empty.write_text("time,mmsi,lon_deg,lat_deg\n")
    with pytest.raises(BadInput, match="no position"):
        inject.inject(empty, [actor()], Water(), seed=1, start_us=KATTEGAT_US)
