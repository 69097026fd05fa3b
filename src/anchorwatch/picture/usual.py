"""What a vessel usually runs: the line that its speed is shown against."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
USUAL_US = 3_600_000_000  # the usual speed is the median of the hour before
UNDER_WAY_KN = 3.0
LEAST = 5  # speeds under way within that hour; fewer say nothing


def usual_kn(time_us: Array, sog_kn: Array, at: Array | None = None) -> Array:
    """Median speed under way over the hour before each point (in order of time); NaN where there was none.

    at: rows that are asked for, None = all.
    """
    wanted = np.arange(len(sog_kn)) if at is None else np.asarray(at, np.int64)
    usual = np.full(len(wanted), np.nan)
    firsts = np.searchsorted(time_us, time_us[wanted] - USUAL_US)
    for place, (first, last) in enumerate(zip(firsts.tolist(), wanted.tolist(), strict=True)):
        before = sog_kn[first:last]
        before = before[before >= UNDER_WAY_KN]
        if len(before) >= LEAST:
            usual[place] = np.median(before)
    return usual
