"""What a request asks, read from its text: anything is read or refused in words; and shapes as they are drawn."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.chart import Asset, Zone
from anchorwatch.chart.geodesy import DEGREE_M
from anchorwatch.console.routes import ask, geojson
from anchorwatch.errors import BadUse
from anchorwatch.model import rfc3339

lons, lats = st.floats(-180, 180), st.floats(-90, 90)


@given(st.one_of(st.text(), st.from_regex(r"[0-9TZ:+\-./ ]{0,30}", fullmatch=True)))
def test_any_text_is_a_time_or_is_refused_in_words(text: str) -> None:
    try:
        assert 0 <= ask.time_us(text, "at") < 253_370_764_800_000_000
    except BadUse as error:
        assert error.where == "at" and error.next_step == ask.HOW_TIME


@given(st.integers(0, 253_370_764_799_999_999))
def test_a_time_goes_out_and_comes_back(time_us: int) -> None:
    assert ask.time_us(rfc3339(time_us), "at") == time_us
    offset = rfc3339(time_us).replace("Z", " 00:00")  # a + that was sent as it is comes as a blank
    assert ask.time_us(offset, "at") == time_us


def test_a_time_without_zone_is_utc() -> None:
    noon = int(datetime(2024, 12, 25, 12, tzinfo=UTC).timestamp()) * 1_000_000
    assert ask.time_us("2024-12-25T12:00", "at") == ask.time_us("2024-12-25T14:00+02:00", "at") == noon
    assert ask.interval_us("2024-12-25T12:00/..") == (noon, None) and ask.interval_us("/2024-12-25T12:00") == (
        None,
        noon,
    )
    assert ask.interval_us(None) == (None, None) and ask.interval_us("2024-12-25T12:00") == (noon, noon)


@given(st.one_of(st.text(), st.lists(st.floats().map(repr), max_size=7).map(",".join)))
def test_any_text_is_a_box_or_is_refused_in_words(text: str) -> None:
    try:
        box = ask.box(text)
    except BadUse as error:
        assert error.where == "bbox" and error.next_step == ask.HOW_BOX
        return
    assert box is not None and box.south <= box.north and all(p.west <= p.east for p in box.parts())


@given(lons, lats, lons, lats, lons, lats)
def test_a_box_holds_what_its_parts_hold(
    west: float, south: float, east: float, north: float, lon: float, lat: float
) -> None:
    box = ask.Box(west, min(south, north), east, max(south, north))
    assert box.holds(lon, lat) == any(p.holds(lon, lat) for p in box.parts())
    assert box.holds(west, lat) == box.holds(east, lat)  # its edges belong to it


def test_six_numbers_are_a_box_with_heights() -> None:
    assert ask.box("1,2,-100,3,4,100") == ask.Box(1, 2, 3, 4)


@given(st.integers(4, 300), st.integers(0, 1000))
def test_a_line_with_fewer_corners_is_as_near_as_it_says(most: int, chance: int) -> None:
    along = np.linspace(0, 1, 2000)
    wobble = np.random.default_rng(chance).normal(0, 0.002, 2000).cumsum()
    line = np.column_stack([20 + 3 * along, 59 + wobble])
    drawn, corners, off_m = geojson.geometry_of(Asset("a", "A", "power_cable", (line,)), most)
    assert isinstance(drawn, geojson.MultiLineString) and corners == 2000 and off_m > 0
    (places,) = drawn.coordinates
    assert len(places) <= most and np.allclose([places[0], places[-1]], [line[0], line[-1]], atol=1e-6)
    narrow = np.cos(np.radians(line[:, 1].mean()))
    apart = shapely.hausdorff_distance(
        shapely.LineString(line * [narrow, 1.0]), shapely.LineString(np.array(places) * [narrow, 1.0])
    )
    assert apart * DEGREE_M <= off_m + 0.02  # corners are told to a centimetre


def test_a_thousand_short_parts_cannot_be_drawn_with_fewer_corners() -> None:
    parts = tuple(np.array([[20.0 + k / 1000, 59.0], [20.0005 + k / 1000, 59.0]]) for k in range(1000))
    drawn, corners, off_m = geojson.geometry_of(Asset("a", "A", "power_cable", parts), 4)
    assert corners == 2000 and off_m == 0.0 and isinstance(drawn, geojson.MultiLineString)


def test_short_lines_are_as_charted() -> None:
    line = np.array([[20.123456789, 59.0], [21.0, 59.5]])
    drawn, corners, off_m = geojson.geometry_of(Asset("a", "A", "pipeline", (line,), points=((20.5, 59.1),)))
    assert (corners, off_m) == (3, 0.0) and isinstance(drawn, geojson.GeometryCollection)
    assert drawn.geometries[0].coordinates == [[(20.1234568, 59.0), (21.0, 59.5)]]


@pytest.mark.parametrize(("box", "meets"), [((0, 0, 10, 10), True), ((4, 4, 6, 6), False), ((10.5, 0, 11, 1), False)])
def test_a_zone_with_a_hole_is_not_met_in_its_hole(box: tuple[float, float, float, float], meets: bool) -> None:
    outer = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10], [0, 0]])
    zone = Zone("z", "Z", "port", ((outer, outer * 0.8 + 1.0),))
    assert geojson.touches(zone, [box]) is meets
    assert geojson.bounds_of(zone) == (0, 0, 10, 10) and geojson.corners_of(zone) == 10
    assert len(geojson.zone_feature(zone).geometry.coordinates[0]) == 2
