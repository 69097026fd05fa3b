"""Who was heard where and when, and who fell silent together."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import schema
from anchorwatch.picture import coverage
from anchorwatch.picture.weave import blank
from tries import tries

Array = np.ndarray[Any, Any]
MINUTE_US = 60_000_000
DAY_US = 1440 * MINUTE_US
NOON_US = 20_000 * DAY_US + DAY_US // 2

notes = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), max_size=12)


def array(made: list[tuple[int, int, int]]) -> Array:
    return np.array(made, np.int64).reshape(-1, 3)


@tries(80)
@given(one=notes, two=notes, three=notes)
def test_notes_add_up_in_any_order_and_split(one: Any, two: Any, three: Any) -> None:
    whole = coverage.add(coverage.start(), [array(one), array(two), array(three)])
    split = coverage.add(coverage.add(coverage.start(), [array(three)]), [array(one), array(two)])
    np.testing.assert_array_equal(whole.keys, split.keys)
    np.testing.assert_array_equal(whole.vessels, split.vessels)
    every = [*one, *two, *three]
    assert {tuple(k): v for k, v in zip(whole.keys.tolist(), whole.vessels.tolist(), strict=True)} == {
        n: every.count(n) for n in every
    }


def test_heard_counts_vessels_of_all_sources_in_one_cell_and_slot() -> None:
    lon, lat, when = (
        np.array([11.05, 11.05, 11.25, 11.05]),
        np.full(4, 57.05),
        np.array([NOON_US] * 3 + [NOON_US + 10 * MINUTE_US]),
    )
    cells, slots = coverage.cell_of(lon, lat), when // coverage.SLOT_US
    seen = [(int(cells[0]), int(slots[0]), s) for s in (0, 0, 1)] + [(int(cells[2]), int(slots[2]), 0)]
    learned = coverage.add(coverage.start(), [array(seen)])
    assert coverage.heard(learned, lon, lat, when).tolist() == [3, 3, 1, 0]
    assert coverage.heard(coverage.start(), lon, lat, when).tolist() == [0, 0, 0, 0]
    assert coverage.heard(learned, -lon, lat, when).tolist() == [0, 0, 0, 0]


def test_old_slots_are_forgotten_and_young_ones_are_not() -> None:
    now = NOON_US // coverage.SLOT_US
    keep = coverage.KEEP_US // coverage.SLOT_US
    learned = coverage.add(coverage.start(), [array([(7, now, 0), (7, now - keep, 0), (7, now - keep - 1, 0)])])
    assert coverage.forget(learned, NOON_US).keys[:, 1].tolist() == [now - keep, now]


def silence(
    mmsi: int, start_min: float, end_min: float = 0.0, lon: float = 11.0, known_min: float | None = None
) -> Array:
    """One silence, in minutes after noon; without an end it goes on."""
    note = np.zeros((), coverage.SILENCE)
    note["mmsi"], note["start_us"] = mmsi, NOON_US + start_min * MINUTE_US
    note["end_us"] = NOON_US + end_min * MINUTE_US if end_min else 0
    note["known_us"] = NOON_US + (end_min or start_min + 20 if known_min is None else known_min) * MINUTE_US
    note["lon_deg"], note["lat_deg"], note["to_lon_deg"], note["to_lat_deg"] = lon, 57.0, lon, 57.0
    return note


def together(*others: Array, one: Array | None = None, known_min: float = 500.0) -> float:
    known = NOON_US + int(known_min * MINUTE_US)
    return coverage.silent_together(
        np.array([o.item() for o in others], coverage.SILENCE), silence(1, 0, 90) if one is None else one, known
    )


def test_others_that_fell_silent_with_one_are_counted_once_each() -> None:
    assert together() == 0
    assert together(silence(2, 1), silence(3, -4), silence(4, 4.9)) == 3
    assert together(silence(2, 1), silence(2, 1, 200)) == 1  # noted at its tick, and again when it was heard
    assert together(silence(1, 0), silence(1, 0, 90)) == 0  # itself


def test_what_was_elsewhere_at_another_time_or_not_known_yet_does_not_count() -> None:
    assert together(silence(2, 1, lon=12.0)) == 0  # 60 km off
    assert together(silence(2, 30)) == 0
    assert together(silence(2, 1, known_min=501)) == 0
    assert together(silence(2, 1, known_min=500)) == 1


def test_coming_back_together_counts_too() -> None:
    back = [silence(m, -100 - 30 * m, 90 + m / 10) for m in (2, 3, 4)]
    assert together(*back) == 3
    assert together(*back, one=silence(1, 0)) <= 0  # it is still silent


def test_what_is_usual_there_is_taken_off() -> None:
    """Ships leave the picture at its edge all day: one more is nothing."""
    usual = [silence(100 + k, -11 - 10 * k) for k in range(100)]
    assert abs(together(silence(2, 1), *usual)) < 0.2


def test_silences_are_noted_at_their_first_tick_and_their_end() -> None:
    rows = blank(6).rows
    rows.kind[:] = [schema.POSITION, schema.TICK, schema.TICK, schema.POSITION, schema.POSITION, schema.CROSSING]
    rows.dt_s[:] = [60.0, 1000.0, 4000.0, 5000.0, 5000.0, 5000.0]
    rows.jump[4] = 1
    rows.time_us[:] = NOON_US + np.arange(6)
    noted = coverage.silences_in(rows, np.full(6, 3))
    assert (noted["known_us"] - NOON_US).tolist() == [1, 3]
    assert (noted["end_us"] - NOON_US).tolist() == [-NOON_US, 3]
    assert (noted["start_us"] - noted["known_us"]).tolist() == [-1_000_000_000, -5_000_000_000]


def test_ships_that_sailed_silent_between_the_same_places_make_a_hole() -> None:
    def silence(mmsi: int, hour: float, lon_deg: float = 14.5, way_deg: float = 0.3) -> Array:
        note = np.zeros(1, coverage.SILENCE)
        note["mmsi"], note["lon_deg"], note["lat_deg"] = mmsi, lon_deg, 55.25
        note["to_lon_deg"], note["to_lat_deg"] = lon_deg + way_deg, 55.25
        note["start_us"] = int(hour * 3.6e9)
        note["end_us"] = note["known_us"] = note["start_us"] + 2_400_000_000
        return note

    one = silence(1, 30.0)[0]
    several = [silence(10 + k, 5.0 + k) for k in range(5)]
    assert coverage.silent_before(np.concatenate(several), one, int(one["known_us"])) == 5
    assert coverage.silent_before(np.concatenate(several[:2] * 3), one, int(one["known_us"])) == 2  # vessels, not times
    elsewhere = [silence(20 + k, 5.0 + k, lon_deg=14.7) for k in range(5)]
    lying = [silence(30 + k, 5.0 + k, way_deg=0.01) for k in range(5)]
    later = [silence(40 + k, 31.0 + k) for k in range(5)]
    others = np.concatenate([*elsewhere, *lying, *later])
    assert coverage.silent_before(others, one, int(one["known_us"])) == 0
