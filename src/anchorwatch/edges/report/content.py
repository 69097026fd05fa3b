"""What the engine hands to the report: the tracks of alerted vessels, and what was watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Crossing:
    """A track crossed an asset."""

    time_us: int
    asset: str  # id
    name: str
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, eq=False)
class TrackPlot:
    """The track of an alerted vessel in time order: equal-length arrays, NaN = not known."""

    time_us: Ints
    lon_deg: Floats
    lat_deg: Floats
    sog_kn: Floats
    baseline_kn: Floats  # what the vessel usually runs, as the detector saw it
    offset_deg: Floats | None = None  # heading minus course, -180..180
    crossings: tuple[Crossing, ...] = ()

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.time_us)

    def at(self, kept: Ints) -> TrackPlot:
        """Return the track with only these points."""
        offset = None if self.offset_deg is None else self.offset_deg[kept]
        return TrackPlot(
            self.time_us[kept],
            self.lon_deg[kept],
            self.lat_deg[kept],
            self.sog_kn[kept],
            self.baseline_kn[kept],
            offset,
            self.crossings,
        )


@dataclass(frozen=True)
class Summary:
    """What was watched: without it, an empty list of alerts means nothing."""

    files: tuple[str, ...]
    since_us: int | None  # None where no row had a time
    until_us: int | None
    rows: int
    vessels: int
    vessel_hours: float
    ruleset: str
    rejects: Mapping[str, int] = field(default_factory=dict)  # reason -> rows
    detectors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # one sentence each: what the reader must know about this run
