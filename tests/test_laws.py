"""The laws of design.md: every detector x every law, over made streams in which findings really happen."""

from __future__ import annotations

import io
from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anchorwatch import schema
from anchorwatch.detectors import Detector, discover
from anchorwatch.engine import lift, streams
from scenario_rows import SCENARIOS, TICK_US, UNKNOWN, cases, rows_of, stacked

DETECTORS = discover()
Array = np.ndarray[Any, Any]
every_detector = pytest.mark.parametrize("name", sorted(DETECTORS))
few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


# ---- streams -------------------------------------------------------------------------------------

near_x, near_y = (
    st.integers(-9, 9).map(lambda k: k * 1000),
    st.sampled_from((-6000, -2500, -700, -60, 60, 400, 1500, 5000)),
)
place = st.tuples(near_x, near_y).map(list)
legs = st.one_of(
    st.builds(
        lambda to, kn, weave: {"to": to, "kn": kn, "weave_m": weave},
        place,
        st.sampled_from((1.2, 2.5, 5.0, 9.0, 13.0)),
        st.sampled_from((0.0, 300.0)),
    ),
    st.builds(
        lambda m, status: {"stay_min": m, "wander_m": 50.0, "kn": 0.2, "status": status},
        st.sampled_from((5.0, 45.0, 240.0)),
        st.sampled_from((0, 1, 5, 15)),
    ),
    st.builds(lambda m, to: {"silent_min": m, "to": to}, st.sampled_from((12.0, 45.0, 300.0)), place),
    st.builds(lambda m: {"jump": [20_000, 60_000], "stay_min": m}, st.sampled_from((2.0, 6.0))),
)
vessels = st.builds(
    lambda at, legs, every, start, ship: {
        "at": at,
        "legs": [{"to": [at[0] + 3000, at[1]], "kn": 12.0}, *legs],
        "every_s": every,
        "start_min": start,
        "class": ship,
    },
    place,
    st.lists(legs, min_size=1, max_size=5),
    st.sampled_from((60, 120)),
    st.integers(0, 90),
    st.sampled_from(("cargo", "fishing", "unknown")),
)
made_streams = st.builds(
    lambda several, error: rows_of({"vessel": several, "error_m": error}),
    st.lists(vessels, min_size=1, max_size=4),
    st.sampled_from((0.0, 200.0, 3000.0)),
)


@cache
def scenario_streams() -> tuple[schema.Rows, ...]:
    """Return the rows of every scenario: each detector fires on some of them."""
    return tuple(
        rows_of(case) for name in sorted(DETECTORS) for case in cases(SCENARIOS / f"{name}.toml") if case["fires"]
    )


streams = st.one_of(made_streams, st.integers(0, 10_000).map(lambda k: scenario_streams()[k % len(scenario_streams())]))


# ---- running -------------------------------------------------------------------------------------


def scan(
    detector: Detector, rows: schema.Rows, memory: Array | None = None, mode: str = "compiled"
) -> tuple[Array, Array]:
    """Pass rows through a detector of either form; return its findings and its memory."""
    if detector.scan is not None:
        shown = streams.marked(detector, rows)
        before = np.zeros(0, detector.memory) if memory is None else memory
        kept = before.copy()
        found, after = detector.scan(shown, before, detector.params)
        assert before.tobytes() == kept.tobytes()  # pure: what it was given stays as it was
        return found, after
    assert detector.step is not None
    memory = np.zeros(8, detector.memory) if memory is None else memory.copy()
    loop = None if mode == "compiled" else lift.plain(detector.step, detector.reads)
    return lift.run(detector, rows, memory, loop), memory


def part(rows: schema.Rows, chosen: Any) -> schema.Rows:
    """Choose rows by slice, mask or index."""
    return schema.Rows(*(column[chosen] for column in rows))


def last_words(found: Array) -> dict[tuple[int, int], tuple[Any, ...]]:
    """Return the last word on each finding, without the row at which it was said."""
    kept = [n for n in found.dtype.names or () if not n.startswith("at_")]
    said = {n: np.nan_to_num(found[n], nan=-9e9).tolist() for n in kept}
    words = zip(*said.values(), strict=True)
    return dict(zip(zip(said["track"], said["start_us"], strict=True), words, strict=True))


def same(a: Array, b: Array) -> None:
    """Assert that two runs said the same, word for word."""
    assert a.dtype == b.dtype
    for field in a.dtype.names or ():
        np.testing.assert_array_equal(a[field], b[field], err_msg=field)


# ---- laws ----------------------------------------------------------------------------------------


@every_detector
@few
@given(rows=streams, cuts=st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_chunk(name: str, rows: schema.Rows, cuts: list[float]) -> None:
    """Law 1: scan(a + b) = scan(a), then scan(b) with the memory."""
    detector, size = DETECTORS[name], rows.time_us.size
    whole, whole_memory = scan(detector, rows)
    bounds = [0, *sorted(int(c * size) for c in cuts), size]
    parts, memory = [], None
    for first, end in pairwise(bounds):
        found, memory = scan(detector, part(rows, slice(first, end)), memory)
        parts.append(found)
    same(whole, np.concatenate(parts))
    assert memory is not None
    same(whole_memory, memory)


@every_detector
@few
@given(rows=made_streams)
def test_key(name: str, rows: schema.Rows) -> None:
    """Law 2: keys do not influence each other."""
    detector = DETECTORS[name]
    together, _ = scan(detector, rows)
    if detector.scan is None:
        for key in np.unique(rows.key):
            mine = rows.key == key
            alone, _ = scan(detector, part(rows, mine))
            same(together[together["track"] == rows.track[mine][0]], alone)
        return
    far = rows._replace(  # the same again in another sea
        track=rows.track + 8_000,
        mmsi=rows.mmsi + 1_000,
        lon_deg=rows.lon_deg + 40.0,
        last_lon_deg=rows.last_lon_deg + 40.0,
    )
    order = np.argsort(np.concatenate([rows.time_us, far.time_us]), kind="stable")
    pairs = zip(rows, far, strict=True)
    both, _ = scan(detector, schema.Rows(*(np.concatenate([a, b])[order] for a, b in pairs)))
    assert last_words(together).items() <= last_words(both).items()


@every_detector
@few
@given(rows=streams)
def test_tick(name: str, rows: schema.Rows) -> None:
    """Law 3: more ticks change nothing but latency."""
    detector = DETECTORS[name]
    none, _ = scan(detector, part(rows, rows.kind != schema.TICK))
    some, _ = scan(detector, rows)
    more, _ = scan(detector, with_ticks(rows, TICK_US // 7))
    assert last_words(none) == last_words(some) == last_words(more)
    for few_ticks, many_ticks in ((none, some), (none, more)):
        late = {key: int(f["at_us"]) for f in few_ticks[::-1] for key in [(int(f["track"]), int(f["start_us"]))]}
        soon = {key: int(f["at_us"]) for f in many_ticks[::-1] for key in [(int(f["track"]), int(f["start_us"]))]}
        assert all(soon[key] <= late[key] for key in late)


def with_ticks(rows: schema.Rows, every_us: int) -> schema.Rows:
    """Put ticks between all positions of each track."""
    records: list[dict[str, Any]] = []
    for key in np.unique(rows.key):
        mine = part(rows, rows.key == key)
        heard, last_heard_us = dict[str, Any](), 0
        for i in range(mine.time_us.size):
            row = {c: getattr(mine, c)[i] for c in schema.COLUMNS}
            if records and row["kind"] == schema.POSITION and last_heard_us:
                tick = heard | UNKNOWN | {"kind": schema.TICK}
                records += [
                    tick | {"time_us": t, "dt_s": (t - last_heard_us) / 1e6}
                    for t in range(last_heard_us + every_us, int(row["time_us"]), every_us)
                    if t > records[-1]["time_us"]
                ]
            if row["kind"] != schema.TICK:
                records.append(row)
            if row["kind"] == schema.POSITION and not row["jump"]:
                heard, last_heard_us = row, int(row["time_us"])
    return stacked(sorted(records, key=lambda r: (r["time_us"], r["key"])))


@every_detector
@few
@given(rows=streams, again=st.floats(0, 1))
def test_replay(name: str, rows: schema.Rows, again: float) -> None:
    """Law 4: seeing rows again adds nothing."""
    detector = DETECTORS[name]
    once, memory = scan(detector, rows)
    first = int(np.searchsorted(rows.time_us, rows.time_us[int(again * (rows.time_us.size - 1))]))
    twice, _ = scan(detector, part(rows, slice(first, None)), memory)
    assert last_words(np.concatenate([once, twice])) == last_words(once)


@every_detector
@few
@given(rows=streams, cut=st.floats(0, 1))
def test_round_trip(name: str, rows: schema.Rows, cut: float) -> None:
    """Law 5: memory -> Arrow -> memory changes nothing."""
    detector = DETECTORS[name]
    _, memory = scan(detector, part(rows, slice(0, int(cut * rows.time_us.size))))
    file = io.BytesIO()
    pl.DataFrame({field: memory[field] for field in memory.dtype.names or ()}).write_ipc(file)
    file.seek(0)
    table = pl.read_ipc(file)
    back = np.zeros(len(memory), detector.memory)
    for field in memory.dtype.names or ():
        back[field] = table[field].to_numpy()
    same(memory, back)
    rest = part(rows, slice(int(cut * rows.time_us.size), None))
    same(scan(detector, rest, memory)[0], scan(detector, rest, back)[0])


@every_detector
@few
@given(rows=streams)
def test_two_modes(name: str, rows: schema.Rows) -> None:
    """Law 6: compiled = plain Python, and plain Python has only the columns that the detector says it reads."""
    detector = DETECTORS[name]
    fast, _ = scan(detector, rows)
    slow, _ = scan(detector, rows, mode="plain")
    assert fast.size == slow.size
    for field in fast.dtype.names or ():
        if fast[field].dtype.kind == "f":
            np.testing.assert_allclose(fast[field], slow[field], rtol=1e-9, atol=1e-9, err_msg=field)
        else:
            np.testing.assert_array_equal(fast[field], slow[field], err_msg=field)


@every_detector
def test_names_are_free(name: str) -> None:
    """A field called like a method of numpy's records (`sum`, `min`) is a number compiled and a method in Python."""
    detector = DETECTORS[name]
    fields = [*(detector.memory.names or ()), *detector.measures]
    assert [n for n in fields if hasattr(np.record, n)] == []
    assert [n for n in detector.params._fields if hasattr(tuple, n)] == []


OPTIONAL = {
    "heading_deg": np.nan, "nav_status": schema.NAV_STATUS_UNDEFINED, "ship_class": schema.UNKNOWN, "length_m": np.nan,
    "depth_m": np.nan, "shore_m": np.nan, "zone": 0, "cog_deg": np.nan, "sog_kn": np.nan, "asset_angle_deg": np.nan,
}  # fmt: skip


@every_detector
@few
@given(rows=streams, missing=st.sets(st.sampled_from(sorted(OPTIONAL))))
def test_quiet(name: str, rows: schema.Rows, missing: set[str]) -> None:
    """Law 7: no rows, no findings; missing optional columns never raise."""
    detector = DETECTORS[name]
    nothing, _ = scan(detector, part(rows, slice(0, 0)))
    assert nothing.size == 0
    poor = rows._replace(**{c: np.full_like(getattr(rows, c), OPTIONAL[c]) for c in missing})
    fast, _ = scan(detector, poor)
    slow, _ = scan(detector, poor, mode="plain")
    assert fast.size == slow.size
    open_sea = rows._replace(
        asset=np.full_like(rows.asset, -1),
        asset_m=np.full_like(rows.asset_m, np.nan),
        kp_km=np.full_like(rows.kp_km, np.nan),
    )
    scan(detector, part(open_sea, open_sea.kind != schema.CROSSING), mode="plain")


def test_the_streams_are_not_idle() -> None:
    """The laws would hold of detectors that never find anything: nearly all must find something in made streams."""
    found: dict[str, int] = dict.fromkeys(DETECTORS, 0)

    @settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(rows=made_streams)
    def count(rows: schema.Rows) -> None:
        for name, detector in DETECTORS.items():
            found[name] += len(scan(detector, rows)[0])

    count()
    assert sum(n > 0 for n in found.values()) >= 0.75 * len(found), found
    assert not any(name for name in found if len(scenario_streams()) == 0)


def test_a_column_that_is_not_read_does_not_exist() -> None:
    """Plain mode is the proof that `reads` is true; without it the proof would be empty."""
    rows = scenario_streams()[0]
    with pytest.raises(AttributeError):
        lift.plain(lambda rows, i, me, params, found: bool(rows.depth_m[i] > 0), ("time_us",))(
            rows,
            np.zeros(8, [("x", "f8")]),
            np.zeros(1, [("x", "f8")]),
            SimpleNamespace(),
            np.zeros(4, [("x", "f8")]),
            0,
            True,
        )
