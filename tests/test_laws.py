"""The laws of design.md: every detector x every law, over made streams in which findings really happen."""

from __future__ import annotations

import io
import math
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
from anchorwatch.engine import lift
from scenario_rows import SCENARIOS, TICK_US, UNKNOWN, Told, cases, stacked, stream_of, told_of
from tries import tries

DETECTORS = discover()
Array = np.ndarray[Any, Any]
MOST_KEYS = 64  # vessels in a stream
every_detector = pytest.mark.parametrize("name", sorted(DETECTORS))
few = tries(12, *HealthCheck)


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
says = st.builds(
    lambda at, name, imo, length: {"min": at, "name": name, "imo": imo, "length_m": length},
    st.integers(0, 600),
    st.sampled_from(("EAGLE", "EAGLE S", "TWO", "")),
    st.sampled_from((0, 9_074_729, 9_329_760)),
    st.sampled_from((math.nan, 90.0, 228.0)),
)
vessels = st.builds(
    lambda at, legs, every, start, ship, says: {
        "at": at,
        "legs": [{"to": [at[0] + 3000, at[1]], "kn": 12.0}, *legs],
        "every_s": every,
        "start_min": start,
        "class": ship,
        "says": says,
    },
    place,
    st.lists(legs, min_size=1, max_size=5),
    st.sampled_from((60, 120)),
    st.integers(0, 90),
    st.sampled_from(("cargo", "fishing", "unknown")),
    st.lists(says, max_size=6),
)
made_streams = st.builds(
    lambda several, error: told_of({"vessel": several, "error_m": error}),
    st.lists(vessels, min_size=1, max_size=4),
    st.sampled_from((0.0, 200.0, 3000.0)),
)


@cache
def scenario_streams() -> tuple[Told, ...]:
    """Return the rows and statements of every scenario: each detector fires on some of them."""
    return tuple(
        told_of(case) for name in sorted(DETECTORS) for case in cases(SCENARIOS / f"{name}.toml") if case["fires"]
    )


streams = st.one_of(made_streams, st.integers(0, 10_000).map(lambda k: scenario_streams()[k % len(scenario_streams())]))


# ---- running -------------------------------------------------------------------------------------


def stream(detector: Detector, told: Told) -> Any:
    """Return what a detector is given: rows of all columns, or records of its stream."""
    return told.rows if detector.scan is None else stream_of(detector, told)


def scan(detector: Detector, shown: Any, memory: Array | None = None, mode: str = "compiled") -> tuple[Array, Array]:
    """Pass a stream through a detector of either form; return its findings and its memory."""
    if detector.scan is not None:
        before = np.zeros(0, detector.memory) if memory is None else memory
        kept = before.copy()
        found, after = detector.scan(shown, before, detector.params)
        assert before.tobytes() == kept.tobytes()  # pure: what it was given stays as it was
        return found, after
    assert detector.step is not None
    memory = np.zeros(MOST_KEYS, detector.memory) if memory is None else memory.copy()
    loop = None if mode == "compiled" else lift.plain(detector.step, detector.reads)
    return lift.run(detector, shown, memory, loop), memory


def part(rows: Any, chosen: Any) -> Any:
    """Choose rows by slice, mask or index."""
    return schema.Rows(*(column[chosen] for column in rows)) if isinstance(rows, schema.Rows) else rows[chosen]


def times(rows: Any) -> Array:
    """Times of the rows of a stream."""
    return np.asarray(rows.time_us if isinstance(rows, schema.Rows) else rows["time_us"])


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
@given(told=streams, cuts=st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_chunk(name: str, told: Told, cuts: list[float]) -> None:
    """Law 1: scan(a + b) = scan(a), then scan(b) with the memory."""
    detector = DETECTORS[name]
    rows = stream(detector, told)
    size = len(times(rows))
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
@given(told=made_streams)
def test_key(name: str, told: Told) -> None:
    """Law 2: keys do not influence each other."""
    detector, rows = DETECTORS[name], told.rows
    here = stream(detector, told)
    together, _ = scan(detector, here)
    if detector.scan is None:
        for key in np.unique(rows.key):
            mine = rows.key == key
            alone, _ = scan(detector, part(rows, mine))
            same(together[together["track"] == rows.track[mine][0]], alone)
        return
    there = elsewhere(detector, told, here)
    both = np.concatenate([here, there])
    kinds = [n for n in ("area", "detector", "track", "mmsi") if n in detector.reads]
    both = both[np.lexsort((*(both[n] for n in kinds[::-1]), both["time_us"]))]
    assert last_words(together).items() <= last_words(scan(detector, both)[0]).items()


def elsewhere(detector: Detector, told: Told, here: Array) -> Array:
    """The same again of other vessels in another sea, or of another detector."""
    if detector.takes == "findings":
        there = here.copy()
        there["detector"] += 1
        return there
    far = told.rows._replace(
        track=told.rows.track + 8_000,
        mmsi=told.rows.mmsi + 1_000,
        lon_deg=told.rows.lon_deg + 40.0,
        last_lon_deg=told.rows.last_lon_deg + 40.0,
    )
    statements = told.statements.copy()
    statements["mmsi"] += 1_000
    statements["imo"] = 0  # that would be the same hull
    there = stream_of(detector, Told(far, statements))
    return there[there["area"] != schema.EVERYWHERE] if detector.takes == "heard" else there


@every_detector
@few
@given(told=streams)
def test_tick(name: str, told: Told) -> None:
    """Law 3: more ticks change nothing but latency."""
    detector, rows = DETECTORS[name], told.rows
    if detector.takes == "findings":
        return  # there, latency itself is what is seen
    as_rows = (part(rows, rows.kind != schema.TICK), rows, with_ticks(rows, TICK_US // 7))
    none, some, more = (scan(detector, stream(detector, told._replace(rows=r)))[0] for r in as_rows)
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
@given(told=streams, again=st.floats(0, 1))
def test_replay(name: str, told: Told, again: float) -> None:
    """Law 4: seeing rows again adds nothing."""
    detector = DETECTORS[name]
    rows = stream(detector, told)
    once, memory = scan(detector, rows)
    first = int(np.searchsorted(times(rows), np.quantile(times(rows), again))) if len(times(rows)) else 0
    twice, _ = scan(detector, part(rows, slice(first, None)), memory)
    assert last_words(np.concatenate([once, twice])) == last_words(once)


@every_detector
@few
@given(told=streams, cut=st.floats(0, 1))
def test_round_trip(name: str, told: Told, cut: float) -> None:
    """Law 5: memory -> Arrow -> memory changes nothing."""
    detector = DETECTORS[name]
    rows = stream(detector, told)
    _, memory = scan(detector, part(rows, slice(0, int(cut * len(times(rows))))))
    file = io.BytesIO()
    pl.DataFrame({field: memory[field] for field in memory.dtype.names or ()}).write_ipc(file)
    file.seek(0)
    table = pl.read_ipc(file)
    back = np.zeros(len(memory), detector.memory)
    for field in memory.dtype.names or ():
        back[field] = table[field].to_numpy()
    same(memory, back)
    rest = part(rows, slice(int(cut * len(times(rows))), None))
    same(scan(detector, rest, memory)[0], scan(detector, rest, back)[0])


@every_detector
@few
@given(told=streams)
def test_two_modes(name: str, told: Told) -> None:
    """Law 6: compiled = plain Python, and plain Python has only the columns that the detector says it reads."""
    detector = DETECTORS[name]
    rows = stream(detector, told)
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
@given(told=streams, missing=st.sets(st.sampled_from(sorted(OPTIONAL))))
def test_quiet(name: str, told: Told, missing: set[str]) -> None:
    """Law 7: no rows, no findings; missing optional columns never raise."""
    detector, rows = DETECTORS[name], told.rows
    nothing, _ = scan(detector, part(stream(detector, told), slice(0, 0)))
    assert nothing.size == 0
    poor = rows._replace(**{c: np.full_like(getattr(rows, c), OPTIONAL[c]) for c in missing})
    fast, _ = scan(detector, stream(detector, told._replace(rows=poor)))
    slow, _ = scan(detector, stream(detector, told._replace(rows=poor)), mode="plain")
    assert fast.size == slow.size
    open_sea = rows._replace(
        asset=np.full_like(rows.asset, -1),
        asset_m=np.full_like(rows.asset_m, np.nan),
        kp_km=np.full_like(rows.kp_km, np.nan),
    )
    away = told._replace(rows=part(open_sea, open_sea.kind != schema.CROSSING))
    scan(detector, stream(detector, away), mode="plain")


def test_the_streams_are_not_idle() -> None:
    """The laws would hold of detectors that never find anything: most must find something in made streams."""
    found: dict[str, int] = dict.fromkeys(DETECTORS, 0)

    @settings(max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(told=made_streams)
    def count(told: Told) -> None:
        for name, detector in DETECTORS.items():
            found[name] += len(scan(detector, stream(detector, told))[0])

    count()
    assert 2 * sum(n > 0 for n in found.values()) > len(found), found  # which ones is a matter of the draw
    for name, detector in DETECTORS.items():  # the rest takes hours, crowds or rules: scenarios have them
        assert any(len(scan(detector, stream(detector, told))[0]) for told in scenario_streams()), name


def test_a_column_that_is_not_read_does_not_exist() -> None:
    """Plain mode is the proof that `reads` is true; without it the proof would be empty."""
    rows = scenario_streams()[0].rows
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
