"""A trial to be shown to somebody: the ship that it is about, and when a watch first warns of her, by its data."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from anchorwatch.decode import Options
from anchorwatch.edges.archive import open_source
from anchorwatch.engine import batch
from anchorwatch.engine.job import Job
from anchorwatch.model import LEVELS
from anchorwatch.trials.scenario import Actor, Scenario


def ship(made: Scenario) -> Actor:
    """Return the actor that a trial is about: the first that is a threat, else the first."""
    return next((a for a in made.actors if a.role == "threat"), made.actors[0])


def reports() -> Path:
    """Return the file of reports that the demonstration shows: made for it, each says so."""
    return Path(__file__).with_name("demo_reports.json")


def first_warning_us(job: Job, traffic: Path, mmsi: int) -> int | None:
    """Return when a watch raises its first warning or alarm about a vessel; None = never.

    Her rows are looked at alone, which takes a hundredth of the time of a scan.
    """
    mine = pl.col("mmsi") == mmsi
    blocks = [
        batch.Block(decoded.positions.filter(mine), decoded.statics.filter(mine))
        for decoded in open_source(str(traffic), Options()).blocks()
    ]
    alerts = batch.run(job, [blocks]).alerts
    return min((a.raised_us for a in alerts if a.vessel.mmsi == mmsi and a.level != LEVELS[0]), default=None)
