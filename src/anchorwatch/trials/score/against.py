"""Another system's alerts, from CSV: `time, mmsi` and, if it has them, `asset, kind, level, score, end, trial`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from anchorwatch.edges.records import plain, time_us
from anchorwatch.errors import BadInput
from anchorwatch.judgement.judge import LEVEL_AT
from anchorwatch.model import LEVELS
from anchorwatch.trials.score.records import Said

NEEDED = ("time", "mmsi")
OPTIONAL = ("asset", "kind", "level", "score", "end", "trial")
HEADER = f"The header is {', '.join(NEEDED)} and, where known, {', '.join(OPTIONAL)}"
LARGEST_BYTES = 500_000_000  # a million alerts are 60 MB


class Cells(dict[str, str]):
    """One line of the file, which knows how to complain."""

    where = ""

    def bad(self, column: str, what: str, next_step: str) -> BadInput:
        """Return the error of one cell."""
        value = plain(self.get(column, ""))[:60]
        return BadInput(f"{what}: {value!r}", f"{self.where}, column {column}", next_step)

    def time(self, column: str) -> int:
        """Return a time; it must say its zone."""
        try:
            return time_us(self[column].strip())
        except ValueError:
            raise self.bad(column, "not a time with its zone", "Write it like 2024-12-25T10:26:00Z") from None


def read_against(path: Path, trials: Sequence[str]) -> dict[str, tuple[Said, ...]]:
    """Return the alerts by trial. With one trial the column `trial` may be left out."""
    out: dict[str, list[Said]] = {name: [] for name in trials}
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise BadInput("more than 500 MB, too large for a list of alerts", str(path), "Leave out what is no alert")
        with path.open(newline="", encoding="utf-8-sig") as file:
            for number, cells in enumerate(_lines(file, path, trials)):
                out[cells.get("trial", "").strip() or trials[0]].append(_said(cells, number))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"cannot be read ({error})", str(path), "Give a CSV file in UTF-8") from error
    return {name: tuple(alerts) for name, alerts in out.items()}


def _lines(file: Iterator[str], path: Path, trials: Sequence[str]) -> Iterator[Cells]:
    rows = csv.reader(file, strict=True)
    header = [name.strip().lower() for name in next(rows, [])]
    _check_header(header, path, trials)
    for row in rows:
        if not row or not any(cell.strip() for cell in row):
            continue
        where = f"{path}:{rows.line_num}"
        if len(row) != len(header):
            raise BadInput(f"{len(row)} cells where the header has {len(header)}", where, "Quote cells with commas")
        cells = Cells(zip(header, row, strict=True))
        cells.where = where
        if cells.get("trial", "").strip() not in ("", *trials):
            raise cells.bad("trial", "no such trial is scored", f"Scored are: {', '.join(trials)}")
        if not cells.get("trial", "").strip() and len(trials) > 1:
            raise cells.bad("trial", "empty", f"Name one of: {', '.join(trials)}")
        yield cells


def _check_header(header: Sequence[str], path: Path, trials: Sequence[str]) -> None:
    for name in NEEDED:
        if name not in header:
            raise BadInput(f"there is no column `{name}`", f"{path}:1", HEADER)
    for name in header:
        if name not in (*NEEDED, *OPTIONAL):
            raise BadInput(f"unknown column {plain(name)[:60]!r}", f"{path}:1", HEADER)
        if header.count(name) > 1:
            raise BadInput(f"two columns `{name}`", f"{path}:1", HEADER)
    if len(trials) > 1 and "trial" not in header:
        raise BadInput(f"{len(trials)} trials are scored, but there is no column `trial`", f"{path}:1", HEADER)


def _said(cells: Cells, number: int) -> Said:
    at_us = cells.time("time")
    end_us = cells.time("end") if cells.get("end", "").strip() else at_us
    if end_us < at_us:
        raise cells.bad("end", "before the time of the alert", "Give the time at which the behaviour ended")
    level = cells.get("level", "").strip().lower() or "warning"
    if level not in LEVELS:
        raise cells.bad("level", "not a level", f"Use {', '.join(LEVELS)}")
    asset = cells.get("asset", "").strip()
    mmsi = _mmsi(cells)
    return Said(
        id=f"against-{number}",
        kind=cells.get("kind", "").strip(),
        mmsis=(mmsi,) if mmsi else (),
        assets=(asset,) if asset else (),
        start_us=at_us,
        end_us=end_us,
        score=_score(cells, level),
        shown=((level, at_us),),
    )


def _mmsi(cells: Cells) -> int:
    """Return the MMSI; 0, for an alert about an area, where the cell is empty."""
    text = cells["mmsi"].strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise cells.bad("mmsi", "not an MMSI", "Give its nine digits; leave it empty for an alert about an area")
    return int(text)


def _score(cells: Cells, level: str) -> float:
    text = cells.get("score", "").strip()
    if not text:
        return LEVEL_AT[level]
    try:
        score = float(text)
    except ValueError:
        score = float("nan")
    if not 0.0 <= score <= 1.0:
        raise cells.bad("score", "not a number from 0 to 1", "Divide by the largest score that the system gives")
    return score
