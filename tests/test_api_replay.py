"""The hour again: what the replay holds, against a plain reckoning of the same; its bytes, limits and dangers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts_at_work import MINUTE
from anchorwatch import schema
from anchorwatch.console import heavy, replay_bytes
from anchorwatch.console.routes import replay
from anchorwatch.edges import history_spans
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.history import History
from anchorwatch.edges.history_spans import grown, inside, span, thinned
from anchorwatch.model import rfc3339
from api_room import NOW, Desk, desk_in, positions

S = 1_000_000
SINCE = NOW - 60 * MINUTE


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("room")) as opened:
        yield opened


def asked(desk: Desk, query: str = "", since_us: int = SINCE, until_us: int = NOW) -> replay_bytes.Message:
    times = f"since={rfc3339(since_us)}&until={rfc3339(until_us)}"
    answer = desk.ask("GET", f"/api/v1/replay?{times}{query}", "guest")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/octet-stream"
    return replay_bytes.decode(answer.content)


def test_the_last_hour_whole_from_its_first_frame_on(desk: Desk) -> None:
    said = asked(desk)
    assert (said.since_us, said.until_us, said.every_s, said.asked_s) == (SINCE, NOW, 30, 30)
    c = said.columns
    assert said.vessels == 5 and len(c.mmsi) == 4 * 7 + 1
    assert c.mmsi[:4].tolist() == [230_000_001, 230_000_002, 230_000_003, 230_000_004]  # at `since` itself
    assert c.t[:5].tolist() == [0, 0, 0, 0, 600] and (np.diff(c.t) >= 0).all() and c.t[-1] == 3600
    tanker = c.mmsi == 230_000_003
    assert set(c.craft[tanker].tolist()) == {schema.TANKER << 4} and set(c.length[tanker].tolist()) == {114}
    assert c.lon[tanker][-1] == 230_000_000 and c.sog[tanker][0] == 100 and c.cog[tanker][0] == 2700
    assert set(c.heading.tolist()) == {0xFFFF}
    fiji = c.mmsi == 503_000_005
    assert (c.sog[fiji].tolist(), c.craft[fiji].tolist(), c.length[fiji].tolist()) == ([0xFFFF], [15], [0])
    assert asked(desk).columns.mmsi.tolist() == c.mmsi.tolist()
    default = desk.ask("GET", "/api/v1/replay")
    assert replay_bytes.decode(default.content).columns.t.tolist() == c.t.tolist()


def test_places_before_the_span_have_their_own_time(desk: Desk) -> None:
    since_us = SINCE + 5 * MINUTE
    c = asked(desk, since_us=since_us).columns
    assert c.t[:4].tolist() == [-300] * 4 and c.t[4] == 300
    quiet = asked(desk, since_us=NOW + 10 * MINUTE, until_us=NOW + 20 * MINUTE).columns
    assert sorted(quiet.mmsi.tolist()) == [230_000_001, 230_000_002, 230_000_003, 230_000_004, 503_000_005]
    assert (quiet.t <= -600).all()
    assert len(asked(desk, since_us=NOW + 90 * MINUTE, until_us=NOW + 91 * MINUTE).columns.mmsi) == 0  # silent for long
    assert len(asked(desk, since_us=NOW, until_us=NOW).columns.mmsi) == 5


def test_of_a_box_vessels_are_seen_to_come_and_go(desk: Desk) -> None:
    c = asked(desk, "&bbox=20.95,58.5,21.0,59.5").columns  # 230000001 sails in at 30 minutes and stays to the end
    assert set(c.mmsi.tolist()) == {230_000_001}
    assert c.lon.tolist() == [209_333_333, 209_500_000, 209_666_667, 209_833_333, 210_000_000]  # the first is outside
    there = asked(desk, "&bbox=179,-18,-179,-17").columns
    assert there.mmsi.tolist() == [503_000_005]
    assert asked(desk, "&bbox=0,0,1,1").columns.mmsi.tolist() == []


@pytest.mark.parametrize(
    ("query", "status"),
    [("since=2024-12-25T00:00:00Z&until=2024-12-25T06:00:01Z", 400), ("every_s=0", 422), ("every_s=9999", 422),
     ("every_s=x", 422), ("bbox=1,2", 400), ("since=yesterday", 400), ("step=3", 400),
     ("since=2024-12-25T07:00:00Z&until=2024-12-25T06:00:00Z", 400)],
)  # fmt: skip
def test_what_makes_no_sense_is_said(desk: Desk, query: str, status: int) -> None:
    said = desk.get(f"/api/v1/replay?{query}", status=status)["error"]
    assert said["what"] and said["next"]


def test_only_those_who_may_read_see_it(desk: Desk) -> None:
    assert desk.ask("GET", "/api/v1/replay", who="").status_code == 401
    assert desk.ask("GET", "/api/v1/replay", who="scraper").status_code == 403


def test_too_many_places_come_at_longer_steps_and_say_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "MOST_ROWS", 20)
    said = asked(desk)
    assert said.every_s > 30 and said.asked_s == 30 and len(said.columns.mmsi) <= 20 and said.vessels == 5
    assert said.columns.t[-1] == 3600  # to the end, not cut off


def test_only_few_ask_much_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heavy, "WAIT_S", 0.01)
    with heavy.one_of_few(), heavy.one_of_few():
        answer = desk.ask("GET", "/api/v1/replay")
    assert answer.status_code == 503 and answer.headers["retry-after"] == "5"
    assert desk.ask("GET", "/api/v1/replay").status_code == 200


# ---- what is chosen, against a plain reckoning

rows_at = st.lists(
    st.tuples(st.integers(-4000, 4000), st.integers(1, 4), st.floats(-180, 180), st.floats(-80, 80)), max_size=60
)


def a_frame(rows: list[tuple[int, int, float, float]]) -> pl.DataFrame:
    once = {(t, m): (lon, lat) for t, m, lon, lat in rows}
    said: list[dict[str, Any]] = [
        {"time_us": SINCE + t * S, "mmsi": m, "lon_deg": lon, "lat_deg": lat} for (t, m), (lon, lat) in once.items()
    ]
    return positions(said)


@given(rows_at, st.integers(1, 2000), st.integers(0, 4000))
def test_one_place_of_each_vessel_in_each_step(
    rows: list[tuple[int, int, float, float]], every_s: int, length_s: int
) -> None:
    frame = a_frame(rows)
    history = InMemory(frame)
    found = span(history, SINCE, SINCE + length_s * S, every_s * S, 10**6)  # type: ignore[arg-type]
    expected: dict[tuple[int, int], int] = {}
    for t, mmsi in ((r[0], r[1]) for r in rows):
        if -3600 < t <= 0:
            step = -1
        elif 0 < t <= length_s:
            step = math.ceil(t / every_s)
        else:
            continue
        expected[mmsi, step] = max(t, expected.get((mmsi, step), -(10**9)))
    told = sorted((t, m) for (m, _), t in expected.items())
    seconds = (found.rows["time_us"] - SINCE) // S
    assert list(zip(seconds.to_list(), found.rows["mmsi"].to_list(), strict=True)) == told


@given(rows_at, st.tuples(st.floats(-180, 180), st.floats(-80, 79), st.floats(-180, 180), st.floats(0.001, 1)))
def test_a_box_has_what_is_in_it_and_one_place_before_and_after(
    rows: list[tuple[int, int, float, float]], corners: tuple[float, float, float, float]
) -> None:
    west, south, east, high = corners
    box = (west, south, east, south + high)
    frame = a_frame(rows)
    whole = span(InMemory(frame), SINCE, SINCE + 4000 * S, S, 10**6).rows  # type: ignore[arg-type]
    found = span(InMemory(frame), SINCE, SINCE + 4000 * S, S, 10**6, box).rows  # type: ignore[arg-type]
    within = whole.filter(inside(*box))
    assert within.join(found, on=["time_us", "mmsi"], how="anti").height == 0  # nothing in the box is missing
    assert found.height <= 3 * max(1, within.height) and set(found["mmsi"]) <= set(within["mmsi"])
    assert found.filter(~inside(*grown(box))).height == 0


class InMemory:
    """A history of one frame."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def picture(self, at_us: int) -> pl.DataFrame:
        held = self.frame.filter(pl.col("time_us").is_between(at_us - 3600 * S, at_us, closed="right"))
        return held.sort("mmsi", "time_us").unique("mmsi", keep="last", maintain_order=True)

    def between(self, since_us: int, until_us: int, columns: Any, wanted: Any, mmsi: Any) -> pl.DataFrame:
        assert until_us - since_us <= 2000 * S, "read piece by piece"
        held = self.frame.filter(pl.col("time_us").is_between(since_us, until_us, closed="left"))
        return (held if wanted is None else held.filter(wanted)).select(columns)


def test_the_same_from_memory_and_from_disk_and_of_some_vessels(tmp_path: Path) -> None:
    mine = History(tmp_path, SystemClock())
    frame = a_frame([(t, m, 20.0 + t / 1e4, 59.0) for m in range(1, 40) for t in range(-600, 3600, 7 + m % 5)])
    mine.add(frame)
    mine.add(frame.with_columns(source=pl.lit(1, pl.Int16)))  # heard by a second feed
    asked = (SINCE, SINCE + 3600 * S, 30 * S)
    held = span(mine, *asked, 10**6)
    some = span(mine, *asked, 10**6, mmsi=[3, 19])
    mine.flush()
    assert span(mine, *asked, 10**6).rows.equals(held.rows)
    assert span(mine, *asked, 10**6, mmsi=[3, 19]).rows.equals(some.rows)
    assert some.rows.equals(held.rows.filter(pl.col("mmsi").is_in([3, 19])))
    few = span(mine, *asked, 500)
    assert few.rows.height <= 500 and few.every_us > 30 * S and few.rows["mmsi"].n_unique() == 39
    assert few.rows.equals(span(mine, *asked[:2], few.every_us, 10**6).rows)  # as if it had been asked so
    mine.close()


def test_a_step_ends_with_its_last_moment() -> None:
    frame = a_frame([(t, 1, 0.0, 0.0) for t in (0, 1, 29, 30, 31, 60, 61)])
    assert ((thinned(frame, SINCE, 30 * S)["time_us"] - SINCE) // S).to_list() == [0, 30, 60, 61]
    assert history_spans.PIECE_US % (30 * S) == 0


# ---- bytes


def test_bytes_that_are_no_replay_are_refused() -> None:
    rows = a_frame([(1, 1, 179.9999999, -89.9999999)]).select(history_spans.COLUMNS)
    columns = replay_bytes.columns_of(rows, SINCE, np.array([99]), np.array([9999.0]))
    message = replay_bytes.encode(SINCE, NOW, 30, 30, columns)
    assert len(message) == 40 + 24 and message[:4] == b"AWRP"
    back = replay_bytes.decode(message).columns
    assert (back.lon[0], back.lat[0], back.craft[0], back.length[0]) == (1_799_999_999, -899_999_999, 0xFF, 255)
    longer = message[:6] + (44).to_bytes(2, "little") + message[8:40] + b"more" + message[40:]
    assert replay_bytes.decode(longer).columns.mmsi.tolist() == [1]  # a longer header is passed over
    for wrong in (b"", message[:-1], message + b"x", b"AWVS" + message[4:], message[:4] + b"\x02" + message[5:]):
        with pytest.raises(ValueError, match=r"no replay|do not make"):
            replay_bytes.decode(wrong)
