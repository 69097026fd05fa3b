"""How long the hours behind take with 3,000 vessels; wide margins for busy machines. Figures are in docs/api.md."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from alerts_at_work import MINUTE, T0
from anchorwatch import schema
from anchorwatch.console import replay_bytes
from anchorwatch.edges.history_heard import Heard
from anchorwatch.model import rfc3339
from api_room import desk_in

VESSELS, HOURS = 3000, 2


def traffic(minute: int) -> pl.DataFrame:
    """Five minutes: half of the vessels report every 10 s, half every 3 minutes."""
    frames = []
    for every, ships in ((10, np.arange(0, VESSELS, 2)), (180, np.arange(1, VESSELS, 2))):
        seconds = np.tile(np.arange(0, 300, every), len(ships)) + np.repeat(
            ships % every, 300 // every + (300 % every > 0)
        )
        number = np.repeat(ships, 300 // every + (300 % every > 0))
        blank = {n: np.nan if kind == pl.Float64 else 0 for n, kind in schema.POSITIONS.items()}
        said = {
            "time_us": T0 + minute * MINUTE + seconds * 1_000_000,
            "mmsi": 230_000_000 + number,
            "lon_deg": 18.0 + number / 300 + seconds / 1e4,
            "lat_deg": 56.0 + number / 700,
        }
        rows = {n: said.get(n, np.full(len(number), blank[n])) for n in schema.POSITIONS}
        frames.append(pl.DataFrame(rows).cast(schema.POSITIONS))  # type: ignore[arg-type]
    return pl.concat(frames).sort("time_us")


@pytest.mark.slow
def test_an_hour_of_three_thousand_vessels_is_there_at_once(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        for minute in range(0, HOURS * 60, 5):
            desk.room.history.add(traffic(minute))
            desk.room.history.flush()
        span = f"since={rfc3339(T0 + 60 * MINUTE)}&until={rfc3339(T0 + 120 * MINUTE)}"
        began = time.monotonic()
        answer = desk.ask("GET", f"/api/v1/replay?{span}")
        assert time.monotonic() - began < 4.0
        said = replay_bytes.decode(answer.content)
        assert said.vessels >= VESSELS and 200_000 < len(said.columns.mmsi) < 300_000 and said.every_s == 30
        began = time.monotonic()
        counts = Heard(desk.room.history).counts(T0, T0 + 120 * MINUTE)
        assert time.monotonic() - began < 2.0 and counts[2:-2].min() >= VESSELS - 1
