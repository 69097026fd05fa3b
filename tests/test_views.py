"""A client that puts the messages together sees the picture of its view, whatever happens in between."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import schema
from anchorwatch.console import binary, views
from anchorwatch.console.views import Client, View, look, view_of
from anchorwatch.errors import BadInput
from anchorwatch.picture.latest import Latest
from tries import tries
from words_heard import NO_STATICS, T0, position, positions, statics

HOUR_US = 3_600_000_000

heard = st.tuples(st.just("heard"), st.integers(1, 25), st.floats(-180, 180), st.floats(-90, 90))
levels = st.tuples(st.just("level"), st.integers(1, 25), st.integers(0, 3))
called = st.tuples(st.just("called"), st.integers(1, 25), st.integers(1, 10))
boxes = st.tuples(st.floats(-200, 200), st.floats(-90, 0), st.floats(-200, 200), st.floats(0, 90))
asked = st.tuples(st.just("asked"), boxes.filter(lambda b: abs(b[2] - b[0]) < 360))
steps = st.lists(heard | heard | heard | levels | called | asked | st.just(("sent",)) | st.just(("silence",)))


class Screen:
    """What a client makes of the messages."""

    def __init__(self) -> None:
        self.shown: dict[int, tuple[int, ...]] = {}

    def take(self, message: bytes) -> binary.Message:
        got = binary.decode(message)
        c = got.columns
        if got.kind == binary.SNAPSHOT:
            self.shown = {}
        for mmsi in got.gone.tolist():
            del self.shown[mmsi]  # KeyError: never said to be there
        marks = zip(c.lon.tolist(), c.lat.tolist(), c.craft.tolist(), c.mark.tolist(), strict=True)
        self.shown.update(zip(c.mmsi.tolist(), marks, strict=True))
        return got


@tries(60)
@given(steps)
def test_snapshot_and_diffs_make_the_picture(done: Any) -> None:
    latest, client, screen, now_us = Latest(), Client(), Screen(), T0
    client.ask(view_of({"view": [-180, -90, 180, 90]}))
    for what, *more in [*done, ("sent",)]:
        now_us += 1_000_000
        if what == "heard":
            latest.update(positions(position(more[0], now_us, more[1], more[2])), NO_STATICS, 0)
        elif what == "level":
            latest.set_levels({more[0]: more[1]})
        elif what == "called":
            latest.update(positions(), statics({"time_us": now_us, "mmsi": more[0], "ship_class": more[1]}), 0)
        elif what == "asked":
            client.ask(view_of({"view": list(more[0])}))
        elif what == "silence":
            now_us += 30 * HOUR_US
            latest.forget(now_us)
        else:
            screen.take(client.message(look(latest, now_us)))
    assert client.view is not None
    columns = binary.columns_of(latest.rows(client.view.box), now_us)
    marks = zip(*(c.tolist() for c in (columns.lon, columns.lat, columns.craft, columns.mark)), strict=True)
    assert screen.shown == dict(zip(columns.mmsi.tolist(), marks, strict=True))


def test_far_out_only_what_can_be_seen_is_sent_but_nothing_grows_old() -> None:
    latest, client, screen = Latest(), Client(), Screen()
    client.ask(view_of({"view": [0, 50, 30, 70], "zoom": 5}))
    sent = []
    for second in range(0, 70, 10):
        now_us = T0 + second * 1_000_000
        places = position(1, now_us, 20 + second * 1e-5), position(2, now_us, 21 + second / 10)
        latest.update(positions(*places), NO_STATICS, 0)
        sent.append(screen.take(client.message(look(latest, now_us))).columns.mmsi.tolist())
    assert sent == [[1, 2], [2], [2], [1, 2], [2], [2], [1, 2]]
    latest.set_levels({1: 3})
    assert screen.take(client.message(look(latest, now_us))).columns.mmsi.tolist() == [1], "an alarm does not wait"


def test_where_there_are_too_many_those_with_alerts_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_SENT", 50)
    latest, client, screen = Latest(), Client(), Screen()
    client.ask(View((-180, -90, 180, 90)))
    latest.update(positions(*(position(n, T0) for n in range(1, 401))), NO_STATICS, 0)
    latest.set_levels({77: 1, 399: 3})
    got = screen.take(client.message(look(latest, T0)))
    assert (got.in_view, len(screen.shown)) == (400, 50)
    assert {77, 399} <= set(screen.shown)
    latest.set_levels({78: 2})
    screen.take(client.message(look(latest, T0)))
    assert len(screen.shown) == 50
    assert 78 in screen.shown
    assert len(screen.take(client.message(look(latest, T0))).columns.mmsi) == 0, "the choice stays the same"


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"view": [1, 2, 3]},
        {"view": [1, 2, 3, "4"]},
        {"view": [1, 2, 3, float("nan")]},
        {"view": [1, 2, True, 4]},
        {"view": [0, 60, 1, 50]},
        {"view": [0, 0, 1e9, 1]},
        {"view": [0, 0, 1, 1], "zoom": -1},
        {"view": [0, 0, 1, 1], "every_s": 0.001},
        {"view": [0, 0, 1, 1], "every_s": None},
        {"view": [0, 0, 1, 1], "speed": 1},
        {"view": [0, 0, 10**400, 1]},
    ],
)
def test_a_view_that_makes_no_sense_is_refused(request_: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        view_of(request_)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5),
)


@given(st.dictionaries(st.sampled_from(["view", "zoom", "every_s"]) | st.text(max_size=3), anything))
def test_whatever_is_asked_is_a_view_or_refused(request_: dict[str, Any]) -> None:
    try:
        view = view_of(request_)
    except BadInput as error:
        assert error.what
    else:
        west, south, east, north = view.box
        assert -180 <= min(west, east) <= max(west, east) <= 180
        assert -90 <= south <= north <= 90
        assert view.half_pixel >= 0


def test_a_view_may_lie_across_the_antimeridian_or_round_the_world() -> None:
    assert view_of({"view": [170, -10, 190, 10]}).box == (170, -10, -170, 10)
    assert view_of({"view": [-190, -10, -170, 10]}).box == (170, -10, -170, 10)
    assert view_of({"view": [-300, -10, 300, 10]}).box == (-180, -10, 180, 10)


@pytest.mark.slow
def test_twenty_thousand_vessels_are_sent_in_time_and_space() -> None:
    """Bars of the plan: a snapshot under 0.5 MB, and cheap; a fifth of the vessels move each second."""
    rng = np.random.default_rng(4)
    latest, client = Latest(), Client()
    client.ask(view_of({"view": [-180, -90, 180, 90]}))
    fleet = pl.DataFrame(
        {"mmsi": 200_000_000 + np.arange(20_000), "lon_deg": rng.uniform(9, 30, 20_000), "lat_deg": 59.0, "time_us": T0}
    )
    blank = {n: pl.lit(0) for n in schema.POSITIONS if n not in fleet.columns}
    fleet = fleet.with_columns(**blank).select(list(schema.POSITIONS)).cast(pl.Schema(schema.POSITIONS))
    latest.update(fleet, NO_STATICS, 0)
    snapshot = client.message(look(latest, T0))
    moved = fleet.gather_every(5).with_columns(pl.col("lon_deg") + 0.001, pl.col("time_us") + 1_000_000)
    latest.update(moved, NO_STATICS, 0)
    diff = client.message(look(latest, T0 + 1_000_000))
    assert (len(snapshot), len(diff)) == (480_032, 32 + 24 * 4000)
