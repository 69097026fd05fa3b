"""Crossings against shapely, and the rule for touching."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import chart
from anchorwatch.chart import Asset, Chart
from tries import tries


def line(*corners: tuple[float, float], name: str = "x") -> Asset:
    return Asset(id=name, name=name, kind="power_cable", lines=(np.array(corners, np.float64),))


def crossings(made: Chart, step: tuple[float, float, float, float], room: int = 64) -> list[tuple[Any, ...]]:
    asset, fraction, kp, bearing = np.zeros(room, np.int32), np.zeros(room), np.zeros(room), np.zeros(room)
    n = chart.crossings_one(made.grid, *step, asset, fraction, kp, bearing)
    columns = (c[:n].tolist() for c in (asset, fraction, kp, bearing))
    return list(zip(*columns, strict=True))


def test_like_shapely() -> None:
    rng = np.random.default_rng(11)
    # Short legs, so that charts and shapely draw the same line.
    assets = tuple(
        line(*(rng.uniform((19, 57), (20, 58)) + np.cumsum(rng.normal(0, 0.01, (60, 2)), axis=0)), name=f"a{k}")
        for k in range(12)
    )
    made = chart.make(assets)
    total = 0
    for reach in (0.01, 0.2, 1.5):
        for _ in range(80):
            a = rng.uniform((18.8, 56.8), (20.2, 58.2))
            b = a + rng.normal(0, reach, 2)
            found = crossings(made, (*a, *b))
            step = shapely.LineString([a, b])
            for k, asset in enumerate(assets):
                meets = shapely.get_parts(shapely.intersection(step, shapely.LineString(asset.lines[0])))
                want = sorted(step.project(p, normalized=True) for p in meets if not p.is_empty)
                assert [f for i, f, _, _ in found if i == k] == pytest.approx(want, abs=2e-5)
                total += len(want)
            assert [f for _, f, _, _ in found] == sorted(f for _, f, _, _ in found)
    assert total > 150


def test_where_and_at_what_angle() -> None:
    made = chart.make((line((20.0, 57.0), (20.0, 58.0)),))
    [(asset, fraction, kp, bearing)] = crossings(made, (19.9, 57.5, 20.1, 57.5))
    assert (asset, fraction) == (0, pytest.approx(0.5))
    assert kp == pytest.approx(55.7, abs=0.05)
    assert bearing == pytest.approx(0.0, abs=0.5)


def test_a_passage_is_counted_once_however_it_is_cut_into_steps() -> None:
    made = chart.make((line((20.0, 57.0), (20.0, 57.2), (20.0, 57.5), (20.0, 58.0)),))
    whole = crossings(made, (19.9, 57.2, 20.1, 57.2))  # through a corner
    halves = crossings(made, (19.9, 57.2, 20.0, 57.2)) + crossings(made, (20.0, 57.2, 20.1, 57.2))
    assert len(whole) == len(halves) == 1


def test_along_the_line_is_no_crossing() -> None:
    made = chart.make((line((20.0, 57.0), (20.0, 58.0)),))
    assert crossings(made, (20.0, 57.3, 20.0, 57.4)) == []


@tries(150)
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=2, max_size=8))
def test_crossings_are_odd_when_the_side_changes(walk: list[tuple[int, int]]) -> None:
    """On a lattice, where steps end on the line, run along it and go through its corners all the time."""
    path = [(20 + x / 64, 57 + y / 64) for x, y in walk]
    count = sum(len(crossings(WALL, (*a, *b))) for a, b in pairwise(path))
    left = [x <= 20.0 for x, _ in path]  # places on a line that runs north count as left of it
    assert count % 2 == (left[0] != left[-1])


WALL = chart.make((line(*[(20.0, 57 + y / 64) for y in range(-8, 9)]),))


def test_the_first_ones_are_kept_when_there_is_no_room() -> None:
    made = chart.make(tuple(line((20 + k / 10, 57.0), (20 + k / 10, 58.0), name=f"a{k}") for k in range(9)))
    assert [c[0] for c in crossings(made, (20.95, 57.5, 19.9, 57.5), room=3)] == [8, 7, 6]
    assert crossings(made, (20.95, 57.5, 19.9, 57.5), room=0) == []


def test_over_the_antimeridian() -> None:
    made = chart.make((line((179.9, 52.0), (-179.9, 52.2)), line((-179.95, 51.5), (-179.95, 52.5), name="y")))
    found = crossings(made, (179.99, 52.5, -179.90, 51.5))
    assert sorted(c[0] for c in found) == [0, 1]
    assert crossings(made, (179.0, 51.9, 178.0, 51.9)) == []


def test_no_place_no_crossing() -> None:
    for step in (
        (np.nan, 57.5, 20.1, 57.5),
        (19.9, 57.5, 20.1, np.inf),
        (19.9, 91.0, 20.1, 57.5),
        (0.0, 0.0, 1e300, 0.0),
    ):
        assert crossings(WALL, step) == []
    assert crossings(chart.make(()), (19.0, 57.0, 21.0, 57.0)) == []
