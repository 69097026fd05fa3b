"""The distance kernel against the geodesic, on lines of every length, place and direction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anchorwatch import chart
from anchorwatch.chart import Asset, geodesy
from tries import tries

Floats = Any


def line(*corners: tuple[float, float], name: str = "x", kind: str = "power_cable") -> Asset:
    return Asset(id=name, name=name, kind=kind, lines=(np.array(corners, np.float64),))


def geodesic_m(leg: tuple[float, float, float, float], lon: Floats, lat: Floats, near_m: Floats) -> Floats:
    """Distance of places from a geodesic leg: ternary search around where they were made."""
    geod = geodesy.geod()
    azimuth, _, length = geod.inv(*leg)
    low, high = np.clip(near_m - 20_000, 0, length), np.clip(near_m + 20_000, 0, length)

    def apart(along_m: Floats) -> Floats:
        n = len(along_m)
        x, y, _ = geod.fwd(np.full(n, leg[0]), np.full(n, leg[1]), np.full(n, azimuth), along_m)
        return geod.inv(lon, lat, x, y)[2]

    for _ in range(60):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        nearer = apart(a) < apart(b)
        low, high = np.where(nearer, low, a), np.where(nearer, b, high)
    return apart((low + high) / 2)


def places_beside(
    leg: tuple[float, float, float, float], count: int, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Places up to 9.9 km to either side of a leg, and how far along it they were made."""
    geod = geodesy.geod()
    azimuth, _, length = geod.inv(*leg)
    along = rng.uniform(0, length, count)
    x, y, back = geod.fwd(np.full(count, leg[0]), np.full(count, leg[1]), np.full(count, azimuth), along)
    aside = rng.uniform(-9_900, 9_900, count)
    lon, lat, _ = geod.fwd(x, y, np.asarray(back) + 90.0, aside)
    return np.asarray(lon), np.asarray(lat), along


LEGS = [
    (24.5, 59.4, 24.6, 60.15),
    (16.2, 56.5, 21.1, 55.6),
    (13.0, 54.1, 28.0, 60.5),  # 1,100 km in one leg
    (10.5, 57.2, 10.501, 57.2005),
    (-5.0, -33.0, 3.0, -34.0),
    (100.0, 0.5, 104.0, -1.0),
    (15.0, 79.0, 20.0, 70.0),
    (179.2, 52.0, -178.9, 51.0),  # over the antimeridian
    (-179.9, -17.0, 179.5, -18.0),
]


@pytest.mark.parametrize("leg", LEGS)
def test_distance_is_the_geodesic_distance(leg: tuple[float, float, float, float]) -> None:
    made = chart.make((line(leg[:2], leg[2:]),))
    lon, lat, along = places_beside(leg, 300, np.random.default_rng(7))
    asset, distance, _, kp = chart.nearest(made.grid, lon, lat)
    error = np.abs(distance - geodesic_m(leg, lon, lat, along))
    assert (asset == 0).all()
    assert np.median(error) < 0.5
    assert error.max() < 2.5, f"{error.max():.2f} m"
    inside = distance < 9_800
    assert np.abs(kp[inside] - along[inside] / 1000).max() < 0.02


def test_bearing_is_along_the_line() -> None:
    made = chart.make((line((20.0, 57.0), (20.0, 58.0)), line((24.0, 59.0), (25.0, 59.0))))
    assert chart.nearest_one(made.grid, 20.05, 57.5, 1e4)[2] == pytest.approx(0.0, abs=0.5)
    assert chart.nearest_one(made.grid, 24.5, 59.05, 1e4)[2] == pytest.approx(90.0, abs=0.5)


def test_many_lines_like_looking_at_each_of_them() -> None:
    rng = np.random.default_rng(3)
    assets = []
    for k in range(40):
        start = rng.uniform((20, 58), (21, 58.5))
        corners = start + np.cumsum(rng.normal(0, 0.02, (30, 2)), axis=0)
        assets.append(Asset(f"a{k}", f"a{k}", "telecom_cable", (corners,)))
    made = chart.make(tuple(assets))
    lon, lat = rng.uniform(19.8, 21.2, 400), rng.uniform(57.9, 58.6, 400)
    asset, distance, _, _ = chart.nearest(made.grid, lon, lat)
    alone = np.array([chart.nearest(chart.make((a,)).grid, lon, lat)[1] for a in assets])
    alone = np.where(np.isnan(alone), np.inf, alone)
    none = ~np.isfinite(alone.min(axis=0))
    assert ((asset == -1) == none).all()
    assert np.allclose(distance[~none], alone.min(axis=0)[~none], atol=0.02)
    assert (alone[asset[~none], np.flatnonzero(~none)] <= alone.min(axis=0)[~none] + 0.02).all()


def test_nothing_beyond_the_limit_and_nothing_beyond_the_reach() -> None:
    made = chart.make((line((20.0, 57.0), (20.0, 58.0)),))
    metre = 0.1 / geodesy.geod().inv(20.0, 57.5, 20.1, 57.5)[2]  # in degrees of longitude
    for metres, limit, found in ((990, 1000, True), (1010, 1000, False), (9_990, 1e6, True), (10_020, 1e6, False)):
        asset, distance, _, _ = chart.nearest_one(made.grid, 20.0 + metres * metre, 57.5, float(limit))
        assert (asset == 0) is found
        assert (distance == pytest.approx(metres, rel=0.003)) if found else np.isnan(distance)


def test_one_and_many_agree() -> None:
    made = chart.make(chart.baltic())
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(12, 28, 3000), rng.uniform(54, 60.5, 3000)
    many = chart.nearest(made.grid, lon, lat)
    one = [chart.nearest_one(made.grid, x, y, 1e4) for x, y in zip(lon, lat, strict=True)]
    assert (many[0] >= 0).any()
    assert np.array_equal(np.array(one), np.column_stack(many), equal_nan=True)


def test_nowhere_is_near_nothing() -> None:
    empty, single = chart.make(()), chart.make((line((20.0, 57.0), (20.1, 57.1)),))
    for grid in (empty.grid, single.grid):
        for lon, lat in ((np.nan, 57.0), (20.0, np.nan), (181.0, 91.0), (-200.0, 57.0), (1e300, -1e300), (np.inf, 0.0)):
            assert chart.nearest_one(grid, lon, lat, 1e4)[0] == -1
    assert chart.nearest(empty.grid, np.array([20.0]), np.array([57.0]))[0].tolist() == [-1]
    assert chart.nearest(single.grid, np.empty(0), np.empty(0))[0].size == 0


def test_a_platform_is_a_place() -> None:
    rig = Asset("rig", "rig", "platform", points=((18.18, 55.48),))
    on_shore = Asset("lng", "lng", "energy_facility", points=((18.2, 55.48),))
    made = chart.make((on_shore, rig))
    asset, distance, bearing, kp = chart.nearest_one(made.grid, 18.19, 55.48, 1e4)
    assert (asset, kp) == (1, 0.0)
    assert distance == pytest.approx(geodesy.geod().inv(18.18, 55.48, 18.19, 55.48)[2], abs=0.1)
    assert np.isnan(bearing)


@tries(15)
@example([(55.0, 0.0), (-126.0, 90.0)], 0.0, 0.0)  # over the pole
@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=4),
    st.floats(-180, 180),
    st.floats(-90, 90),
)
def test_any_line_on_earth_can_be_asked_about(corners: list[tuple[float, float]], lon: float, lat: float) -> None:
    """Poles, antimeridian, half the way round the world: no crash, no hang, no nonsense."""
    made = chart.make((line(*corners),))
    asset, distance, _, kp = chart.nearest_one(made.grid, lon, lat, 1e4)
    assert asset == -1 or (0 <= distance <= 1e4 and 0 <= kp <= 41_000)
    total = geodesy.length_km(made.assets[0].lines)
    if total > 0 and abs(corners[0][1]) < 85:
        asset, distance, _, _ = chart.nearest_one(made.grid, *corners[0], 1e4)
        assert asset == 0
        assert distance < 1.0


def test_kilometre_points_run_on_through_parts() -> None:
    parts = (np.array([[20.0, 57.0], [20.0, 57.1]]), np.array([[20.5, 57.0], [20.5, 57.1]]))
    made = chart.make((Asset("two", "two", "pipeline", parts),))
    first = geodesy.length_km(parts[:1])
    assert chart.nearest_one(made.grid, 20.0, 57.05, 1e4)[3] == pytest.approx(first / 2, abs=0.01)
    assert chart.nearest_one(made.grid, 20.5, 57.05, 1e4)[3] == pytest.approx(first * 1.5, abs=0.01)
    for kp in (0.0, 3.0, first + 1.0, 2 * first):
        lon, lat = geodesy.point_at(parts, kp)
        assert chart.nearest_one(made.grid, lon, lat, 1e4)[1] < 1.0
        if kp not in (0.0,):
            assert chart.nearest_one(made.grid, lon, lat, 1e4)[3] == pytest.approx(kp, abs=0.01)


def test_longitudes_to_360_are_the_same_places() -> None:
    far = chart.make((line((200.0, 10.0), (201.0, 11.0)),))
    near = chart.make((line((-160.0, 10.0), (-159.0, 11.0)),))
    a, b = (chart.nearest_one(made.grid, -159.5, 10.52, 1e4) for made in (far, near))
    assert a[0] == b[0] == 0
    assert a == pytest.approx(b, abs=0.05)
