"""What vessels have said of themselves, kept for good: each value of each field, from when to when, how often.

    DATA/identities.sqlite      said(mmsi, field, value, since_us, until_us, times)

New values are written with every checkpoint; that a known one was heard again is written once an hour, so that a busy
sea does not wear out the disk. After a kill the raw log is heard again from the checkpoint: no value is lost, and of
`times` and `until_us` at most the last hour. The raw log is the truth; this can be lost.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.edges.clock import Clock
from anchorwatch.errors import BadStore

FIELDS = ("name", "callsign", "imo", "ship_type", "ship_class", "length_m", "beam_m", "destination")
KEYS = ["mmsi", "field", "value"]
COUNTED = {
    "mmsi": pl.Int32,
    "field": pl.String,
    "value": pl.String,
    "since_us": pl.Int64,
    "until_us": pl.Int64,
    "times": pl.Int64,
}
WRITE_S = 60.0  # as long as between two checkpoints
AGAIN_S = 3600.0  # that a known value was heard again is written so often
MOST_VALUES = 40  # of one field of one vessel: a trading year has some thirty destinations
FIRST_VALUES = 5  # of these the oldest that stay, so that a flood of names does not wash away the first
MOST_CHARS = 60  # AIS sends 20; tables may hold anything
GATHER_ROWS = 100_000  # reports in memory before they are counted
# Where the disk does not keep up, the oldest go: the raw log still has them. To write as many invented vessels, each
# with values of its own, takes 600 MB for some seconds.
MOST_ROWS = 300_000
MOST_HELD = 1_000_000  # values in memory before all are written: a flood
MOST_BYTES = 1 << 30  # some ten million values; then a tenth goes: what was heard once, and not for longest
PATIENCE_S = 10.0  # a writing takes a second at most
LAST_US = (1 << 63) - 1
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
NOT_OURS = (*DAMAGED, sqlite3.SQLITE_ERROR)  # at the start, also tables of another shape
AHEAD_US = 600_000_000  # as in picture/latest.py: a time further ahead of the clock is a broken clock


class Reports(NamedTuple):
    """Rows of schema.STATICS as they came; what states a later time is not believed."""

    statics: pl.DataFrame
    newest_us: int


class Value(NamedTuple):
    """One value of one field that a vessel gave."""

    field: str
    value: str
    since_us: int
    until_us: int
    times: int


class Identities:
    """Takes static reports as they arrive, answers who said what. For any number of threads."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Use a file, which is made where there is none; a damaged one is put aside and begun anew."""
        self.path, self.clock = path, clock
        self._lock = threading.Lock()
        self._recent: list[Reports] = []
        self._writing: list[Reports] = []
        self._rows = 0
        self._waiting = _nothing()  # counted, heard again, not written yet
        self._known = _nothing().select(KEYS)  # written within the hour
        self._write_s = self._again_s = clock.monotonic_s()
        _make_sure(path)
        self._seq = self.written_seq = self._kept_seq()
        self._thread = ThreadPoolExecutor(1, "anchorwatch-identities")
        self._job: Future[None] | None = None

    def begin_after(self, seq: int) -> None:
        """Numbers go on after this one: where the record knows higher ones, they were of another log."""
        if self.written_seq > seq:
            self._seq = self.written_seq = 0

    def add(self, statics: pl.DataFrame, seq: int = 0, now_us: int | None = None) -> None:
        """Take rows of schema.STATICS that came in piece `seq`; passed over up to `written_seq`.

        With `now_us`, what states a time far ahead of it is passed over as well. Costs nothing: reports are looked at
        when they are written or asked for.
        """
        if 0 < seq <= self.written_seq:
            return
        with self._lock:
            self._seq = max(self._seq, seq)
            if statics.height:
                self._recent.append(Reports(statics, LAST_US if now_us is None else now_us + AHEAD_US))
                self._rows += statics.height
            while self._rows > MOST_ROWS:
                self._rows -= self._recent.pop(0).statics.height

    def tick(self) -> None:
        """Call often: writes what has waited long enough, in a thread of its own; raises BadStore if that failed."""
        if self._job is not None:
            if not self._job.done():
                return
            done, self._job = self._job, None
            done.result()
        now_s = self.clock.monotonic_s()
        if self._rows >= GATHER_ROWS or (self._rows and now_s - self._write_s >= WRITE_S):
            self._write_s = now_s
            self._job = self._thread.submit(self._write)

    def flush(self) -> None:
        """Write new values, and wait for it; raises BadStore. To be called before a checkpoint is written."""
        self._thread.submit(self._write).result()

    def close(self) -> None:
        """Write everything, and end; raises BadStore."""
        try:
            self._thread.submit(self._write, True).result()
        finally:
            self._thread.shutdown()

    def _write(self, everything: bool = False) -> None:
        with self._lock:
            self._writing, self._recent, self._rows = self._recent, [], 0
            seq = self._seq
        try:
            self._write_down(seq, everything)
        except BaseException as error:
            with self._lock:  # they are tried again
                self._recent, self._writing = self._writing + self._recent, []
                self._rows = sum(r.statics.height for r in self._recent)
            if not isinstance(error, OSError | sqlite3.Error | pl.exceptions.PolarsError):
                raise
            said = str(error).split("\n", 1)[0]
            raise BadStore(
                f"what vessels say of themselves cannot be written ({said})", str(self.path), self._next_step(error)
            ) from None

    def _next_step(self, error: Exception) -> str:
        """Return what to do about an error; a damaged file is put aside here and now."""
        if not _says(error, DAMAGED):
            return "Free the disk"
        self._known = _nothing().select(KEYS)  # of the new file; what waits is written there
        with suppress(OSError, sqlite3.Error):
            _begin_anew(self.path)
        return f"The file is damaged: it is put aside as {self.path.stem}.damaged, and a new one begun"

    def _write_down(self, seq: int, everything: bool) -> None:
        heard, now_s = _counted(_believed(self._writing)), self.clock.monotonic_s()
        everything = everything or now_s - self._again_s >= AGAIN_S or self._known.height > MOST_HELD
        if everything:
            due = _together([self._waiting, heard])
            waiting, known = _nothing(), heard.select(KEYS)
        else:
            due = heard.join(self._known, on=KEYS, how="anti")
            again = heard.join(self._known, on=KEYS, how="semi")
            waiting, known = _together([self._waiting, again]), pl.concat([self._known, due.select(KEYS)])
        with closing(sqlite3.connect(self.path, timeout=PATIENCE_S)) as file, file:
            _put(file, due, seq)
        with self._lock:
            self._writing, self._waiting, self._known = [], waiting, known
            self.written_seq = max(self.written_seq, seq)
        if everything:
            self._again_s = now_s

    def of(self, mmsi: int) -> list[Value]:
        """Return all values that one vessel gave; raises BadStore."""
        with self._lock:  # before the file is read: what is written in between counts twice for a moment, not never
            reports, waiting = [*self._writing, *self._recent], self._waiting
        mine = pl.col("mmsi") == mmsi
        held = _together([waiting.filter(mine), _counted(_believed(reports).filter(mine))])
        chosen = "SELECT field, value, since_us, until_us, times FROM said WHERE mmsi = ?"
        values = {(f, v): Value(f, v, *rest) for f, v, *rest in self._asked(chosen, (mmsi,)) if f in FIELDS}
        for _, field, value, since_us, until_us, times in held.iter_rows():
            before = values.get((field, value), Value(field, value, since_us, until_us, 0))
            values[field, value] = Value(
                field, value, min(since_us, before.since_us), max(until_us, before.until_us), times + before.times
            )
        return list(values.values())

    def giving_imo(self, imo: int, most: int) -> list[int]:
        """Return the MMSIs that gave an IMO number, at most so many; raises BadStore."""
        chosen = "SELECT mmsi FROM said WHERE field = 'imo' AND value = ? ORDER BY mmsi LIMIT ?"
        written = [mmsi for (mmsi,) in self._asked(chosen, (str(imo), most))]
        with self._lock:
            reports = [*self._writing, *self._recent]
        heard = _believed(reports).filter(pl.col("imo") == imo)["mmsi"].unique().to_list()
        return sorted({*written, *heard})[:most]

    def _asked(self, chosen: str, values: tuple[Any, ...]) -> list[Any]:
        try:
            with closing(sqlite3.connect(self.path, timeout=PATIENCE_S)) as file:
                return file.execute(chosen, values).fetchall()
        except sqlite3.Error as error:
            raise BadStore(f"cannot be read ({error})", str(self.path), "Look at the disk") from None

    def _kept_seq(self) -> int:
        found = self._asked("SELECT seq FROM progress WHERE typeof(seq) = 'integer'", ())
        return int(found[0][0]) if found else 0


def values_of(reports: pl.DataFrame) -> list[Value]:
    """Return the values that reports (rows with mmsi, time_us, FIELDS) of one vessel give."""
    return [Value(*rest) for _, *rest in _counted(reports).iter_rows()]


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema=COUNTED)


def _together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Return each value once, over all frames of COUNTED."""
    return (
        pl.concat([_nothing(), *frames])
        .group_by(KEYS, maintain_order=True)
        .agg(pl.col("since_us").min(), pl.col("until_us").max(), pl.col("times").sum())
        .select(list(COUNTED))
    )


def _counted(reports: pl.DataFrame) -> pl.DataFrame:
    """Return the values that reports (mmsi, time_us, FIELDS) give, as COUNTED."""
    if not reports.height:
        return _nothing()
    alike = reports.group_by("mmsi", *FIELDS).agg(
        since_us=pl.col("time_us").min(), until_us=pl.col("time_us").max(), times=pl.len().cast(pl.Int64)
    )
    # The type says the class; archives that give only the class are why it is kept at all.
    alike = alike.with_columns(ship_class=pl.when(pl.col("ship_type") == 0).then("ship_class").otherwise(0))
    parts = [
        alike.select(
            "mmsi", field=pl.lit(name), value=_text(name), since_us="since_us", until_us="until_us", times="times"
        )
        for name in FIELDS
    ]
    return _together([part.filter(pl.col("value").fill_null("") != "") for part in parts])


def _believed(heard: list[Reports]) -> pl.DataFrame:
    """Return all rows in one frame, without those that state no time, or one that is not believed."""
    if not heard:
        return pl.DataFrame(schema=schema.STATICS)
    newest_us = np.repeat([r.newest_us for r in heard], [r.statics.height for r in heard])
    rows = pl.concat([r.statics for r in heard])
    return rows.filter((pl.col("time_us") > 0) & (pl.col("time_us") <= pl.Series(newest_us, dtype=pl.Int64)))


def _text(name: str) -> pl.Expr:
    """Return a field as the record keeps it; empty or null = not said."""
    column, kind = pl.col(name), schema.STATICS[name]
    if name == "ship_class":
        return column.replace_strict(
            dict(enumerate(("", *schema.SHIP_CLASSES[1:]))), default="", return_dtype=pl.String
        )
    if kind == pl.String:
        return column.str.slice(0, MOST_CHARS)
    if kind == pl.Float64:
        metres = pl.when(column.is_between(0.1, 10_000.0)).then(column.round(1))  # NaN is not between
        return metres.cast(pl.String).str.strip_suffix(".0")
    return pl.when(column != 0).then(column).cast(pl.String)


def _make_sure(path: Path) -> None:
    """Make the file where there is none; a damaged one is put aside."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _make(path)
        except sqlite3.DatabaseError as error:
            if not _says(error, NOT_OURS):  # locked, read-only, no room
                raise
            _begin_anew(path)
    except (OSError, sqlite3.Error) as error:
        raise BadStore(f"cannot be opened ({error})", str(path), "Look at the disk and its rights") from None


def _says(error: Exception, codes: tuple[int, ...]) -> bool:
    return getattr(error, "sqlite_errorcode", -1) & 0xFF in codes  # the rest of the code is detail


def _begin_anew(path: Path) -> None:
    path.replace(path.with_suffix(".damaged"))
    path.with_name(path.name + "-journal").unlink(missing_ok=True)
    _make(path)


def _make(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as file, file:
        file.execute(
            "CREATE TABLE IF NOT EXISTS said (mmsi INTEGER, field TEXT, value TEXT, since_us INTEGER, "
            "until_us INTEGER, times INTEGER, PRIMARY KEY (mmsi, field, value)) WITHOUT ROWID"
        )
        file.execute("CREATE INDEX IF NOT EXISTS said_imo ON said (value, mmsi) WHERE field = 'imo'")
        file.execute("CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER)")
        file.execute("SELECT mmsi, field, value, since_us, until_us, times, seq FROM said, progress LIMIT 1").fetchall()


def _put(file: sqlite3.Connection, due: pl.DataFrame, seq: int) -> None:
    """Write values and how far the record is, in one transaction."""
    file.executemany(
        "INSERT INTO said VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (mmsi, field, value) DO UPDATE SET "
        "since_us = min(since_us, excluded.since_us), until_us = max(until_us, excluded.until_us), "
        "times = times + excluded.times",
        due.iter_rows(),
    )
    file.execute("INSERT INTO progress VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq", (seq,))
    vessels = json.dumps(due["mmsi"].unique().to_list())
    too_many = (
        "SELECT DISTINCT mmsi FROM said WHERE mmsi IN (SELECT value FROM json_each(?)) "
        "GROUP BY mmsi, field HAVING count(*) > ?"
    )
    file.executemany(TRIM, file.execute(too_many, (vessels, MOST_VALUES)).fetchall())
    _bound(file)


def _bound(file: sqlite3.Connection) -> None:
    """Where the file is full, forget a tenth: first what was heard only once, as a flood of invented names is."""
    pages, free, size = (
        file.execute(f"PRAGMA {n}").fetchone()[0] for n in ("page_count", "freelist_count", "page_size")
    )
    if (pages - free) * size <= MOST_BYTES:
        return
    rows = file.execute("SELECT count(*) FROM said").fetchone()[0]
    file.execute(
        "DELETE FROM said WHERE (mmsi, field, value) IN "
        "(SELECT mmsi, field, value FROM said ORDER BY times > 1, until_us LIMIT ?)",
        (rows // 10 + 1,),
    )


TRIM = f"""
    DELETE FROM said WHERE (mmsi, field, value) IN (
        SELECT mmsi, field, value FROM (
            SELECT mmsi, field, value,
                row_number() OVER (PARTITION BY mmsi, field ORDER BY until_us DESC, value) AS late,
                row_number() OVER (PARTITION BY mmsi, field ORDER BY since_us, value) AS early
            FROM said WHERE mmsi = ?
        ) WHERE late > {MOST_VALUES - FIRST_VALUES} AND early > {FIRST_VALUES}
    )
"""
