"""`raised` is honest: a watch that had heard only what was sent by then shows the alert at exactly that time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import polars as pl
import pytest

from anchorwatch.detectors import discover
from anchorwatch.engine import batch
from anchorwatch.model import Alert
from made_sea import MINUTE_US, Traffic, picked, position_frame, scan, traffic_of, two_days


@cache
def sea() -> Traffic:
    """Return the made days with a beacon far away, so that every tick is passed soon after it is due."""
    days = two_days()
    times = days.positions["time_us"]
    beat = np.arange(int(times[0]), int(times[-1]), 5 * MINUTE_US)
    beacon = position_frame(time_us=beat, mmsi=230_000_000, lon_deg=20.0, lat_deg=56.0, sog_kn=0.0, cog_deg=0.0)
    spoken = days.positions.select("line", "time_us", "mmsi")
    said = (
        days.statics.drop("line")
        .join(spoken.unique(("time_us", "mmsi")), on=("time_us", "mmsi"), how="left")
        .to_dicts()
    )
    return traffic_of(pl.concat([days.positions, beacon]), said)


@cache
def whole() -> batch.Result:
    """Return the answer with all rows."""
    return scan(sea())


@cache
def heard_until(time_us: int) -> dict[str, Alert]:
    """Return the alerts of a watch that has heard what was sent up to a time, that time included."""
    return {a.id: a for a in scan(picked(sea(), pl.col("time_us") <= time_us)).alerts}


def one_of_each_kind() -> list[Alert]:
    """Return the last alert of each kind, at warning or above where there is one."""
    found = {a.kind: a for a in sorted(whole().alerts, key=lambda a: a.level != "caution")}
    assert set(found) >= set(discover()) - {"crossing"}
    return list(found.values())


def some() -> list[Alert]:
    """Return every fourth of those."""
    return one_of_each_kind()[::4]


def many() -> list[Alert]:
    """Return all that are above caution, and every third caution."""
    loud = [a for a in whole().alerts if a.level != "caution"]
    quiet = [a for a in whole().alerts if a.level == "caution"]
    assert len(loud) >= 10 and len(quiet) >= 20
    return [*loud, *quiet[::3]]


@pytest.mark.parametrize("chosen", [some, *(pytest.param(c, marks=pytest.mark.slow) for c in (one_of_each_kind, many))])
def test_an_alert_is_there_at_its_time_and_not_before(chosen: Callable[[], list[Alert]]) -> None:
    times = sea().positions["time_us"]
    for alert in chosen():  # each costs two scans
        assert alert.id not in heard_until(alert.raised_us - 1), alert
        # A tick is no row: it has passed when anything of that time or later is heard.
        first = int(times.filter(times >= alert.raised_us).min())  # type: ignore[arg-type]
        assert first - alert.raised_us <= 5 * MINUTE_US, alert
        then = heard_until(first)
        assert alert.id in then, alert
        assert then[alert.id].raised_us == alert.raised_us, alert


def test_raised_is_never_before_the_behaviour_nor_after_the_last_row() -> None:
    last = int(sea().positions["time_us"].max())  # type: ignore[arg-type]
    assert whole().alerts
    for alert in whole().alerts:
        assert alert.start_us <= alert.raised_us <= last


@pytest.mark.parametrize("hour", range(2, 50, 8))
def test_what_was_shown_stays_shown(hour: int) -> None:
    """Later data may change or withdraw an alert, never make it as if it had not been raised."""
    first = int(sea().positions["time_us"].min())  # type: ignore[arg-type]
    until_us = first + hour * 60 * MINUTE_US + 17_000_000
    known = {a.id: a for a in whole().alerts}
    for alert in heard_until(until_us).values():
        assert known[alert.id].raised_us == alert.raised_us <= until_us
        assert known[alert.id].revision >= alert.revision
    assert {a.id for a in whole().alerts if a.raised_us <= until_us} == set(heard_until(until_us))
