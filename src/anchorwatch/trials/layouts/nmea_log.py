"""Made traffic as a receiver's log: NMEA 0183 sentences behind NMEA 4.10 tag blocks, in the order of receipt.

Positions are messages 1 (class A) and 18 (class B). With the first position of an identity, and every six minutes
from then on (ITU-R M.1371-5, annex 1, 3.3), the vessel also says who it is: message 5, or 24 parts A and B.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from anchorwatch.trials.layouts import nmea_lines
from anchorwatch.trials.layouts.nmea_static import payloads

if TYPE_CHECKING:
    from anchorwatch.trials.traffic import Traffic

SLICE = 1 << 16  # rows encoded at a time: what bounds the memory
STATION_CHARS = 15  # of a source in a tag block (NMEA 4.10)
FLOATS = ("lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "rot_deg_min")


def chunks(made: Traffic) -> Iterator[bytes]:
    """Yield the log piece by piece."""
    static = payloads(made.ships)
    names = _names(made.stations)
    due_s, counters = np.zeros(len(made.ships), np.int64), np.zeros(2, np.int64)
    words, out = np.zeros(nmea_lines.WORDS, np.int64), np.empty(SLICE * nmea_lines.MOST_BYTES, np.uint8)
    for part in made.positions.iter_slices(SLICE):
        given: list[Any] = [*_columns(part), *names, *static, due_s, counters, words, out]
        size = nmea_lines.encode(*given)
        yield out[:size].tobytes()


def _names(stations: tuple[str, ...]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return the stations' names as bytes and their lengths."""
    texts = [name.encode("ascii", "replace")[:STATION_CHARS] for name in stations]
    chars = np.zeros((len(texts), STATION_CHARS), np.uint8)
    for k, name in enumerate(texts):
        chars[k, : len(name)] = np.frombuffer(name, np.uint8)
    return chars, np.array([len(name) for name in texts], np.int64)


def _columns(part: pl.DataFrame) -> list[Any]:
    numbers = [part[name].to_numpy() for name in ("time_us", "mmsi", "ship", "station", "second", "nav_status")]
    return [*numbers, *(part[name].to_numpy() for name in FLOATS)]


def lines(made: Traffic) -> Iterator[str]:
    """Yield the lines of the log."""
    for chunk in chunks(made):
        yield from chunk.decode("ascii").splitlines()


def write(made: Traffic, path: Path) -> None:
    """Write the log."""
    with path.open("wb") as file:
        for chunk in chunks(made):
            file.write(chunk)
