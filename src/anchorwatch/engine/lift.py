"""Lift a detector's `step` over single rows into a scan over columns: compiled, or plain Python.

The compiled loop is cached on disk by numba. Its key holds the code of the step and, through
`SOURCES`, the text of every pure module it may call, so an edited file is never served stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.picture.compiled import OPTIONS
from anchorwatch.picture.records import together

Array = np.ndarray[Any, Any]
# (rows, memory, one blank record, params, findings, first row, show jumps) -> (rows read, findings written);
# stops when findings is full.
Loop = Callable[[schema.Rows, Array, Array, Any, Array, int, bool], tuple[int, int]]


@cache
def _sources_tag() -> int:
    """Number that changes with the text of any module a step could call."""
    root = Path(schema.__file__).parent
    files = [root / "schema.py", *sorted((root / "detectors").glob("*.py")), *sorted((root / "chart").glob("*.py"))]
    digest = hashlib.sha256(b"".join(f.read_bytes() for f in files)).digest()
    return int.from_bytes(digest[:4], "little")


@cache
def compiled(step: Callable[..., bool]) -> Loop:
    """Return the loop over `step`, compiled on first call and cached on disk."""
    import numba
    from numba.extending import register_jitable

    inner = register_jitable(forceinline=True)(step)
    tag = _sources_tag()
    jit: Callable[[Loop], Loop] = numba.njit(**OPTIONS)

    @jit
    def loop(rows: Any, memory: Any, blank: Any, params: Any, found: Any, first: int, jumps: bool) -> tuple[int, int]:
        tag  # noqa: B018 - part of the cache key, see the module's docstring
        limits = params[0]
        written = 0
        for i in range(first, rows.time_us.size):
            if written == found.size:
                return i, written
            if rows.fresh[i]:
                memory[rows.key[i]] = blank[0]
            if rows.jump[i] and not jumps:
                continue
            out = found[written]
            if inner(rows, i, memory[rows.key[i]], limits, out):
                out.track = rows.track[i]
                out.mmsi = rows.mmsi[i]
                out.at_us = rows.time_us[i]
                out.at_sog_kn = rows.sog_kn[i]
                out.at_cog_deg = rows.cog_deg[i]
                out.at_lon_deg = rows.lon_deg[i]
                out.at_lat_deg = rows.lat_deg[i]
                written += 1
        return rows.time_us.size, written

    def with_record(
        rows: schema.Rows, memory: Array, blank: Array, params: Any, found: Array, first: int, jumps: bool
    ) -> tuple[int, int]:
        return loop(rows, memory, blank, as_record(params), found, first, jumps)

    return with_record


def as_record(params: Any) -> Array:
    """Thresholds as one record: numba's index on disk would name a NamedTuple's module, and a process without
    that module (a third party's detector) could then read none of the compiled loops.
    """
    fields = [(name, np.int64 if isinstance(value, int) else np.float64) for name, value in params._asdict().items()]
    return np.array([tuple(params)], fields)


def plain(step: Callable[..., bool], reads: tuple[str, ...] = schema.COLUMNS) -> Loop:
    """Return the same loop as plain Python; a column that is not in `reads` does not exist for it."""

    def loop(
        rows: schema.Rows, memory: Array, blank: Array, params: Any, found: Array, first: int, jumps: bool
    ) -> tuple[int, int]:
        seen = SimpleNamespace(**{name: getattr(rows, name) for name in reads})
        records, out_records = memory.view(np.recarray), found.view(np.recarray)
        written = 0
        for i in range(first, rows.time_us.size):
            if written == found.size:
                return i, written
            if rows.fresh[i]:
                memory[rows.key[i]] = blank[0]
            if rows.jump[i] and not jumps:
                continue
            out = out_records[written]
            if step(seen, i, records[rows.key[i]], params, out):
                out.track, out.mmsi, out.at_us = rows.track[i], rows.mmsi[i], rows.time_us[i]
                out.at_sog_kn, out.at_cog_deg = rows.sog_kn[i], rows.cog_deg[i]
                out.at_lon_deg, out.at_lat_deg = rows.lon_deg[i], rows.lat_deg[i]
                written += 1
        return rows.time_us.size, written

    return loop


def run(detector: Detector, rows: schema.Rows, memory: Array, loop: Loop | None = None) -> Array:
    """Pass rows through a first-form detector; `memory` (one record per key) is changed in place."""
    assert detector.step is not None
    loop = loop or compiled(detector.step)
    jumps = "jump" in detector.reads
    blank = np.zeros(1, detector.memory)
    parts, first = [], 0
    while first < rows.time_us.size:
        room = np.zeros(max(64, rows.time_us.size // 64), detector.found)
        first, written = loop(rows, memory, blank, detector.params, room, first, jumps)
        parts.append(room[:written])
    return together(parts, detector.found)
