"""The picture now is what arrived, however it was cut, and may be read while it is written."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import schema
from anchorwatch.picture import latest
from anchorwatch.picture.latest import NOTHING, Latest
from words_heard import DAY_US, NAN, NO_POSITIONS, NO_STATICS, T0, position, positions, statics

pieces = st.lists(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 30), st.floats(-180, 180), st.floats(-90, 90)), max_size=30),
    max_size=6,
)


@given(pieces, st.integers(1, 3))
def test_it_holds_the_newest_row_of_each_vessel_however_it_was_cut(chunks: Any, cut: int) -> None:
    """The oracle is a dict; rows are the same in pieces of any size."""
    rows = [position(200_000_000 + m * 4096, T0 + t * 1_000_000, lon, lat) for c in chunks for m, t, lon, lat in c]
    wanted: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row["mmsi"] not in wanted or row["time_us"] >= wanted[row["mmsi"]]["time_us"]:
            wanted[row["mmsi"]] = row
    for step in (cut, 1000):
        now = Latest()
        for begin in range(0, len(rows), step):
            now.update(positions(*rows[begin : begin + step]), NO_STATICS, 0)
        got = now.rows()
        assert len(got) == len(now) == len(wanted)
        for record in got:
            row = wanted[int(record["mmsi"])]
            assert [record[n] for n in ("time_us", "lon_deg", "lat_deg")] == [
                row[n] for n in ("time_us", "lon_deg", "lat_deg")
            ]


def test_more_vessels_than_there_was_room_for() -> None:
    now = Latest()
    many = positions(*(position(200_000_000 + n, T0 + n) for n in range(5000)))
    now.update(many, NO_STATICS, 3)
    assert sorted(now.rows()["mmsi"].tolist()) == [200_000_000 + n for n in range(5000)]
    assert set(now.rows()["feed"].tolist()) == {3}
    found = now.one(200_004_999)
    assert found is not None
    assert found["time_us"] == T0 + 4999
    assert now.one(1) is None


def test_only_changes_have_a_new_version() -> None:
    now = Latest()
    first = now.update(positions(position(1, T0), position(2, T0)), NO_STATICS, 0)
    now.update(positions(position(1, T0), position(2, T0 - 5)), NO_STATICS, 1)
    assert len(now.changed_since(first)[1]) == 0, "heard again by another feed, or late"
    now.update(positions(position(2, T0 + 1, 26.0)), NO_STATICS, 1)
    version, changed = now.changed_since(first)
    assert changed["mmsi"].tolist() == [2]
    assert len(now.changed_since(version)[1]) == 0
    now.set_assets(np.array([1, 9]), np.array([4, 4]), np.array([120.0, 3.0]))
    assert now.changed_since(version)[1]["asset"].tolist() == [4]
    version = now.version
    now.set_assets(np.array([1, 2]), np.array([4, -1]), np.array([120.0, NAN]))
    assert len(now.changed_since(version)[1]) == 0
    now.set_levels({2: 3, 77: 1}, frozenset({2}))
    version, changed = now.changed_since(version)
    assert [(int(r["mmsi"]), int(r["level"]), int(r["silenced"])) for r in changed] == [(2, 3, 1)]
    now.set_levels({2: 3, 77: 1}, frozenset({2}))
    assert now.version == version
    now.update(positions(position(77, T0)), NO_STATICS, 0)
    assert now.changed_since(version)[1]["level"].tolist() == [1], "the alert was known before the place"
    now.set_levels({})
    assert not now.rows()["level"].any()


def test_a_broken_clock_holds_no_place() -> None:
    now = Latest()
    now.update(positions(position(1, T0 + DAY_US, 10.0)), NO_STATICS, 0)
    now.update(positions(position(1, T0 + DAY_US, 11.0), position(1, T0, 12.0)), NO_STATICS, 0, now_us=T0)
    assert now.rows()["lon_deg"].tolist() == [12.0]


def test_what_a_vessel_says_is_put_together_and_an_older_word_does_not_win() -> None:
    now = Latest()
    now.update(NO_POSITIONS, statics({"time_us": T0, "mmsi": 7, "name": "OLD NAME", "imo": 9329760}), 0)
    before = now.update(positions(position(7, T0)), NO_STATICS, 0)
    now.update(NO_POSITIONS, statics({"time_us": T0 + 9, "mmsi": 7, "name": "EAGLE S", "length_m": 228.0}), 0)
    assert now.changed_since(before)[1]["length_m"].tolist() == [228.0]
    late = {"time_us": T0 + 3, "mmsi": 7, "name": "NAME BETWEEN", "ship_type": 80, "ship_class": schema.TANKER}
    version = now.update(NO_POSITIONS, statics(late), 0)
    said = now.said(7)
    assert (said.name, said.imo, said.ship_type, said.length_m, said.time_us) == ("EAGLE S", 9329760, 80, 228, T0 + 9)
    assert now.rows()["ship_class"].tolist() == [schema.TANKER]
    now.update(NO_POSITIONS, statics(late), 0)
    assert len(now.changed_since(version)[1]) == 0
    assert now.said(8) is NOTHING


def test_vessels_are_found_by_what_they_say_and_by_number() -> None:
    now = Latest()
    words = statics(
        {"time_us": T0, "mmsi": 518998865, "name": "EAGLE S", "imo": 9329760, "callsign": "E5U4487"},
        {"time_us": T0, "mmsi": 230000001, "name": "<img src=x onerror=alert(1)>"},
    )
    now.update(positions(position(230999999, T0)), words, 0)
    assert [mmsi for mmsi, _ in now.named("eagle")] == [518998865]
    assert [mmsi for mmsi, _ in now.named("e5u")] == [518998865]
    assert [mmsi for mmsi, _ in now.named("9329760")] == [518998865]
    assert [mmsi for mmsi, _ in now.named("230")] == [230000001, 230999999]
    assert len(now.named("230", limit=1)) == 1
    assert now.named("  ") == []


@pytest.mark.parametrize(
    ("box", "wanted"),
    [((20, 55, 30, 60), [1]), ((170, -10, -170, 10), [2, 3]), ((-180, -90, 180, 90), [1, 2, 3]), ((0, 0, 1, 1), [])],
)
def test_a_box_may_cross_the_antimeridian(box: latest.Box, wanted: list[int]) -> None:
    now = Latest()
    places = [position(1, T0, 25.0, 59.0), position(2, T0, 175.0, 0.0), position(3, T0, -175.0, 5.0)]
    now.update(positions(*places), NO_STATICS, 0)
    assert now.rows(box)["mmsi"].tolist() == wanted


def test_the_silent_are_forgotten_and_made_up_numbers_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latest, "MOST", 100)
    now = Latest()
    words = statics({"time_us": T0, "mmsi": 1, "name": "GONE"}, {"time_us": T0 + 2 * DAY_US, "mmsi": 2, "name": "HERE"})
    now.update(positions(position(1, T0), position(2, T0 + 2 * DAY_US)), words, 0)
    assert now.forget(T0 + 2 * DAY_US + 1) == 1
    assert now.rows()["mmsi"].tolist() == [2]
    assert (now.said(1), now.said(2).name) == (NOTHING, "HERE")
    now.update(positions(*(position(1000 + n, T0 + 2 * DAY_US + n) for n in range(500))), NO_STATICS, 0)
    assert len(now) == 100
    now.forget(T0 + 2 * DAY_US + 1)
    assert 50 < len(now) < 100, "room again"
    now.update(NO_POSITIONS, statics(*({"time_us": T0, "mmsi": n, "name": "X"} for n in range(500))), 0)
    assert sum(now.said(n) != NOTHING for n in range(500)) == 100


def test_a_reader_never_sees_half_a_change() -> None:
    """Longitude and latitude are written together; a reader in another thread never sees one without the other."""
    now, over, wrong = Latest(), threading.Event(), []

    def read() -> None:
        while not over.is_set():
            rows = now.rows()
            wrong.extend(rows[rows["lon_deg"] != rows["lat_deg"]].tolist())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for step in range(150):
            place = float(step % 80)
            rows = pl.DataFrame({"mmsi": 200_000_000 + np.arange(2000), "lon_deg": place, "lat_deg": place})
            rest = {n: pl.lit(0) for n in schema.POSITIONS if n not in rows.columns} | {"time_us": pl.lit(T0 + step)}
            now.update(
                rows.with_columns(**rest).select(list(schema.POSITIONS)).cast(pl.Schema(schema.POSITIONS)),
                NO_STATICS,
                0,
            )
            if step % 50 == 49:
                now.forget(T0 + step)
    finally:
        over.set()
        reader.join()
    assert not wrong
    assert len(now) == 2000
