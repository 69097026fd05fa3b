"""Looking back for incidents, in a thread of low priority: one after the other, bounded in time and rows."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.desk import incidents as rules
from anchorwatch.desk.report import Incident
from anchorwatch.edges.store.reports import Reports
from anchorwatch.engine import look_back
from anchorwatch.engine.batch import Block
from anchorwatch.engine.job import Job
from anchorwatch.engine.look_back import Asked, Limits
from anchorwatch.errors import AnchorwatchError
from anchorwatch.model import rfc3339

if TYPE_CHECKING:
    from anchorwatch.watch.room import Room

TIME_S = 180.0  # that one look back may take
HOUR_US = 3_600_000_000
ABOUT_US = 6 * HOUR_US  # before and after a time that is known: a ship drags for hours before a cable gives way
NICE = 15  # the watch goes first
MOST_WAITING = 100


class LookBacks:
    """Looks back, and keeps what it found with the incident."""

    def __init__(self, room: Room, reports: Reports, job: Job | None) -> None:
        """Take the watch. job: its detectors and chart; None = those of the package."""
        self._room, self._reports, self._job = room, reports, job
        self._stopping = threading.Event()
        self._waiting: set[str] = set()
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def ask(self, incident_id: str) -> None:
        """Look back for an incident when there is time; asked twice, it is done once."""
        with self._lock:
            if self._stopping.is_set() or incident_id in self._waiting or len(self._waiting) >= MOST_WAITING:
                return
            self._waiting.add(incident_id)
            if self._pool is None:
                self._pool = ThreadPoolExecutor(1, "anchorwatch-look-back", be_modest)
            self._pool.submit(self._work, incident_id)

    def resume(self) -> None:
        """Ask again for what was not looked back for, e.g. because the watch was stopped."""
        for incident in self._reports.incidents():
            if not incident.looked_back:
                self.ask(incident.id)

    def wait(self) -> None:
        """Wait until all that was asked is done; for tests and commands."""
        pool = self._pool
        if pool is not None:
            pool.submit(lambda: None).result()

    def close(self) -> None:
        """Stop: what is being looked at is left, and asked again after the next start."""
        self._stopping.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, incident_id: str) -> None:
        with self._lock:
            self._waiting.discard(incident_id)
        if self._stopping.is_set():
            return
        try:
            self._look(incident_id)
        except AnchorwatchError as error:
            self._room.progress.troubles["look back"] = str(error)
        except Exception as error:  # a defect must not pass unseen: nobody asks for the answer of this thread
            self._room.progress.troubles["look back"] = f"{incident_id} cannot be looked at ({type(error).__name__})"

    def _look(self, incident_id: str) -> None:
        incident = self._reports.incident(incident_id)
        asked = None if incident is None else asked_of(incident)
        if incident is None or asked is None or _is_known(incident, asked):
            return
        record = self.found(asked)
        if self._stopping.is_set():
            return
        with self._reports.writing():
            now = self._reports.incident(incident_id)
            if now is not None:
                self._reports.keep_incidents([replace(now, looked_back=record)], "looked back")
        self._room.progress.troubles.pop("look back", None)

    def found(self, asked: Asked) -> dict[str, Any]:
        """Look at the history of the watch, and return what there is to tell."""
        clock, job = self._room.clock, self._job_of()
        until_s = clock.monotonic_s() + TIME_S
        limits = Limits(over=lambda: self._stopping.is_set() or clock.monotonic_s() > until_s)
        seen = look_back.look_back(job, self._blocks(asked, job), asked, limits)
        left_out = tuple(f"{f.name} carries {f.policy}" for f in self._room.feeds if f.policy)
        return look_back.as_record(replace(seen, left_out=left_out), job, clock.now_us())

    def _blocks(self, asked: Asked, job: Job) -> Iterator[Block]:
        """Give the history about the assets an hour at a time, with what the vessels say of themselves."""
        near = look_back.inside(look_back.box_of(look_back.job_of(job, asked).chart))
        ends = self._room.history.ends_us()
        if ends is None:
            return
        first, last = max(asked.since_us, ends[0]), min(asked.until_us, ends[1] + 1)
        told: set[int] = set()
        for at in range(first, last, HOUR_US):
            rows = self._room.history.between(at, min(at + HOUR_US, last), wanted=near)
            rows = rows.unique(["time_us", "mmsi", "lon_deg", "lat_deg"], keep="first").sort("time_us", "mmsi")
            fresh = [m for m in rows["mmsi"].unique().to_list() if m not in told]
            told.update(fresh)
            yield Block(rows, self._statics(fresh, at))

    def _statics(self, mmsi: list[int], at_us: int) -> pl.DataFrame:
        """Return what vessels say of themselves today: whose trade is known is judged by it."""
        blank: dict[str, Any] = {
            n: "" if k == pl.String else np.nan if k == pl.Float64 else 0 for n, k in schema.STATICS.items()
        }
        rows = []
        for one in mmsi:
            said = self._room.latest.said(one)
            known = {n: getattr(said, n, None) for n in schema.STATICS}
            known = {n: v for n, v in known.items() if v not in (None, 0, "")}
            rows.append(blank | known | {"time_us": at_us, "mmsi": one})
        return pl.DataFrame(rows, schema=schema.STATICS)

    def _job_of(self) -> Job:
        if self._job is None:
            from anchorwatch.detectors import discover

            self._job = Job(self._room.chart, discover())
        return self._job


def asked_of(incident: Incident) -> Asked | None:
    """Return what is to be looked at for an incident; None where no asset of the chart is meant."""
    assets = (incident.asset,) if incident.asset is not None else incident.candidates
    if not assets:
        return None
    first, last = rules.span(incident)
    if incident.from_us is not None:
        first, last = first - ABOUT_US, last + ABOUT_US
    return Asked(tuple(assets), max(0, first, last - look_back.LONGEST_US), max(1, last))


def _is_known(incident: Incident, asked: Asked) -> bool:
    """Tell whether just this was looked at already."""
    said = incident.looked_back
    same = (said.get("since"), said.get("until")) == (rfc3339(asked.since_us), rfc3339(asked.until_us))
    return same and said.get("assets") == list(asked.assets)


def be_modest() -> None:
    """Let the watch go first; where a thread has no priority of its own, nothing is changed."""
    with suppress(OSError, AttributeError):
        if os.uname().sysname == "Linux":  # elsewhere it would be the priority of the whole process
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
