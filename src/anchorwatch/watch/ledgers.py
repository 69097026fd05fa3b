"""Ledgers as they stand: built from the reports that are kept, again only when a report has changed."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import NamedTuple

from anchorwatch.desk.ledgers import Figures, Ledger, build
from anchorwatch.desk.report import LEDGERS
from anchorwatch.edges import desk_files
from anchorwatch.edges.store.report_reading import Wanted
from anchorwatch.edges.store.reports import Reports
from anchorwatch.errors import AnchorwatchError

MOST = 20_000  # reports that one ledger is built from, the newest: two years of a busy desk
REMEMBERED = 32  # ledgers, each for one span
SLOW_S, PATIENCE = 1.0, 5.0  # one that took longer is built anew after five times as long at the earliest


class Span(NamedTuple):
    """Which reports a ledger is built from."""

    since_us: int | None = None
    until_us: int | None = None


ALWAYS = Span()


class Ledgers:
    """Builds ledgers, and remembers them until a report changes."""

    def __init__(self, reports: Reports) -> None:
        """Take where the reports are."""
        self._reports = reports
        self._lock = threading.Lock()
        self._state: tuple[int, int, int] | None = None  # of the reports, and of the figures of countries
        self._until_s = 0.0  # what took long to build is good for a while, though a report has come since
        self._built: dict[tuple[str, Span], Ledger] = {}

    def get(self, name: str, span: Span = ALWAYS) -> Ledger:
        """Return one ledger."""
        with self._lock:
            state, clock = (*self._reports.state(), self._figures_changed()), self._reports.clock
            old = state != self._state and clock.monotonic_s() >= self._until_s
            if old or len(self._built) >= REMEMBERED:
                self._state, self._built = state, {}
            if (name, span) not in self._built:
                began_s = clock.monotonic_s()
                self._built[name, span] = self._build(name, span)
                took_s = clock.monotonic_s() - began_s
                if took_s > SLOW_S:
                    self._until_s = max(self._until_s, clock.monotonic_s() + PATIENCE * took_s)
            return self._built[name, span]

    def _build(self, name: str, span: Span) -> Ledger:
        wanted = Wanted(ledger=name, since_us=span.since_us, until_us=span.until_us)
        filed = self._reports.latest(MOST, wanted)
        stories = {report.id: story for report, story in filed if story is not None}
        figures, why = self._figures() if name == "assistance" else (Figures(), "")
        built = build(name, [report for report, _ in filed], stories, self._reports.clock.now_us(), figures)
        return replace(built, notes=(*built.notes, why)) if why else built

    def _figures(self) -> tuple[Figures, str]:
        """Return the figures of countries that lie in the watch's folder, or why they are not used."""
        try:
            return desk_files.countries_kept(self._reports.folder), ""
        except AnchorwatchError as error:
            return Figures(), f"{desk_files.COUNTRIES} is not used: {error}"

    def _figures_changed(self) -> int:
        """Return when the figures were written; 0 where there are none."""
        folder = self._reports.folder
        try:
            return (folder / desk_files.COUNTRIES).stat().st_mtime_ns if folder is not None else 0
        except OSError:
            return 0

    def all(self) -> list[Ledger]:
        """Return all ledgers, in the order of the contract."""
        return [self.get(name) for name in LEDGERS]
