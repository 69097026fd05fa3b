"""The parts of the history on disk: what there is, written, read, joined and removed."""

from __future__ import annotations

import math
import re
import shutil
import threading
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from anchorwatch import schema

Floats = npt.NDArray[np.float64]

BUCKETS = 16
PICTURE_S = 3600.0  # a picture holds vessels heard within this time
DAY_US = 86_400_000_000
SLOT_US = 300_000_000  # rows of a part are in order of such slots, then by vessel: both questions read little
GROUP_ROWS = 32_768  # of a row group: the least that is read
LATE_US = 120_000_000  # as late as services' rows may come (their hold-back)
SMALL_BYTES = 8 << 20
MOST_SMALL = 12  # small parts of a day and bucket; then they are joined: an hour's at WRITE_S
MOST_DAYS = 8  # in one writing; more is a feed with a broken clock
SAME = ["time_us", "mmsi", "lon_deg", "lat_deg"]  # one place, however often it was heard
PART = re.compile(r"part-(\d{1,18})-(-?\d{1,18})-(-?\d{1,18})\.parquet")
PICTURE = re.compile(r"(\d{1,18})-(-?\d{1,18})\.parquet")


class Part(NamedTuple):
    """One file."""

    number: int
    first_us: int
    last_us: int
    path: Path


WRITTEN = "written"  # the file that says how far all is written

Place = tuple[int, int]  # number of the day since 1970, bucket


def day_name(day: int) -> str:
    """Return e.g. `day=2026-11-23`."""
    return f"day={datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day):%Y-%m-%d}"


class Parts:
    """All parts of a history. One thread writes; any number read."""

    def __init__(self, folder: Path) -> None:
        """Look what there is."""
        self.folder = folder
        self._lock = threading.Lock()
        self._parts: dict[Place, list[Part]] = {}
        self._pictures: list[tuple[int, Path]] = []  # (last us, file), the oldest first
        self._last: pl.DataFrame | None = None
        self._number = 0
        self._changed: set[int] = set()  # slots that rows were added to, until somebody asks
        for path in folder.glob("day=*/bucket=*/part-*.parquet"):
            self._find(path)
        for path in (folder / "pictures").glob("*.parquet"):
            if said := PICTURE.fullmatch(path.name):
                self._number = max(self._number, int(said[1]))
                self._pictures.append((int(said[2]), path))
        self._pictures.sort()
        for torn in folder.rglob("*.writing"):
            torn.unlink(missing_ok=True)

    def _find(self, path: Path) -> None:
        said = PART.fullmatch(path.name)
        try:
            day = datetime.strptime(path.parts[-3], "day=%Y-%m-%d").replace(tzinfo=UTC)
            bucket = int(path.parts[-2].removeprefix("bucket="))
        except ValueError:
            return
        if said:
            part = Part(int(said[1]), int(said[2]), int(said[3]), path)
            self._number = max(self._number, part.number)
            self._parts.setdefault((int(day.timestamp()) // 86_400, bucket), []).append(part)

    def written_seq(self) -> int:
        """Return up to which number all is written; 0 where that is not known."""
        try:
            return int((self.folder / WRITTEN).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    def note_written(self, seq: int) -> None:
        """Keep up to which number all is written. Raises OSError."""
        fresh = self.folder / f"{WRITTEN}.writing"
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh.write_text(str(seq), encoding="ascii")
        fresh.replace(self.folder / WRITTEN)

    def write(self, rows: pl.DataFrame) -> int:
        """Write rows as new parts; returns how many were of too many days, and are left out. Raises OSError."""
        rows = rows.with_columns(day=pl.col("time_us") // DAY_US, bucket=pl.col("mmsi") % BUCKETS)
        days = rows["day"].value_counts(sort=True)["day"].head(MOST_DAYS)
        kept = rows.filter(pl.col("day").is_in(days.implode()), pl.col("day").is_between(0, 47_481))  # to 2099
        with self._lock:
            self._changed.update((kept["time_us"] // SLOT_US).unique().to_list())
        for (day, bucket), part in kept.partition_by("day", "bucket", as_dict=True, include_key=False).items():
            self._add((int(day), int(bucket)), part)
        self._keep_picture(kept.select(list(schema.POSITIONS)))
        return rows.height - kept.height

    def _add(self, place: Place, rows: pl.DataFrame) -> Part:
        rows = rows.sort(pl.col("time_us") // SLOT_US, "mmsi", "time_us")
        folder = self.folder / day_name(place[0]) / f"bucket={place[1]:02}"
        self._number += 1
        first_us, last_us = int(rows["time_us"].min()), int(rows["time_us"].max())  # type: ignore[arg-type]  # not empty
        part = Part(self._number, first_us, last_us, folder / f"part-{self._number:08}-{first_us}-{last_us}.parquet")
        _put(rows, part.path)
        with self._lock:
            self._parts.setdefault(place, []).append(part)
        return part

    def _keep_picture(self, rows: pl.DataFrame) -> None:
        """Write the last place of each vessel every few minutes, so that a picture does not have to read an hour."""
        if not rows.height:
            return
        newest_us = int(rows["time_us"].max())  # type: ignore[arg-type]  # not empty
        if self._last is None:  # after a start: what was there before
            before, from_us = self.picture(newest_us, PICTURE_S)
            first_us = max(from_us - LATE_US, newest_us - int(PICTURE_S * 1e6))
            later = self.rows(first_us, newest_us, pl.col("time_us").is_between(first_us, newest_us))
            self._last = pl.concat([before, later])
        last = last_of_each([self._last, rows])
        newest_us = int(last["time_us"].max())  # type: ignore[arg-type]  # not empty
        self._last = last.filter(pl.col("time_us") > newest_us - int(PICTURE_S * 1e6))
        with self._lock:
            kept_us = self._pictures[-1][0] if self._pictures else -SLOT_US
        if newest_us < kept_us + SLOT_US:
            return
        path = self.folder / "pictures" / f"{self._number:08}-{newest_us}.parquet"
        _put(self._last, path)
        with self._lock:
            self._pictures.append((newest_us, path))
            self._pictures.sort()

    def picture(self, at_us: int, within_s: float) -> tuple[pl.DataFrame, int]:
        """Return the newest picture kept up to a time, and its time; parts from then on say the rest."""
        with self._lock:
            fit = [p for p in self._pictures if at_us - int(PICTURE_S * 1e6) < p[0] <= at_us]
        # A picture holds an hour before its own time: it does not serve who asks for longer.
        for newest_us, path in reversed(fit if within_s <= PICTURE_S else []):
            try:
                return pl.read_parquet(path), newest_us
            except (OSError, pl.exceptions.PolarsError):
                continue
        return pl.DataFrame(schema=schema.POSITIONS), -(1 << 62)

    def changed_slots(self) -> set[int]:
        """Return the slots of SLOT_US that rows were added to since this was asked before."""
        with self._lock:
            changed, self._changed = self._changed, set()
            return changed

    def ends_us(self) -> tuple[int, int] | None:
        """Return the times of the oldest and the newest place on disk; None where there is none."""
        with self._lock:
            parts = [part for parts in self._parts.values() for part in parts]
        return (min(p.first_us for p in parts), max(p.last_us for p in parts)) if parts else None

    def rows(self, first_us: int, last_us: int, wanted: pl.Expr, buckets: Collection[int] = range(BUCKETS),
             columns: Sequence[str] = tuple(schema.POSITIONS)) -> pl.DataFrame:  # fmt: skip
        """Return the rows that are wanted, of parts that reach into [first_us, last_us]; a damaged part is left out."""
        with self._lock:
            found = sorted(
                part
                for place, parts in self._parts.items()
                if place[1] in buckets
                for part in parts
                if part.first_us <= last_us and part.last_us >= first_us
            )
        if not found:
            return pl.DataFrame(schema=schema.POSITIONS).select(columns)
        try:
            written = pl.scan_parquet([p.path for p in found], hive_partitioning=False)
            return written.filter(wanted).select(columns).collect()
        except (OSError, pl.exceptions.PolarsError):  # one was joined meanwhile, or is damaged
            return self._one_by_one(first_us, last_us, wanted, buckets).select(columns)

    def _one_by_one(self, first_us: int, last_us: int, wanted: pl.Expr, buckets: Collection[int]) -> pl.DataFrame:
        frames = [pl.DataFrame(schema=schema.POSITIONS)]
        with self._lock:
            found = [p for place, parts in self._parts.items() if place[1] in buckets for p in parts]
            for part in sorted(found):  # under the lock: nothing is joined meanwhile
                if part.first_us <= last_us and part.last_us >= first_us:
                    try:
                        frames.append(pl.read_parquet(part.path, hive_partitioning=False).filter(wanted))
                    except (OSError, pl.exceptions.PolarsError):
                        continue
        return pl.concat(frames)

    def reach_back(self, since_us: int, until_us: int, most_bytes: int) -> int:
        """Return since when parts hold about `most_bytes` up to `until_us`, at the earliest from `since_us` on."""
        with self._lock:
            parts = [p for those in self._parts.values() for p in those if p.first_us < until_us]
        parts = [p for p in parts if p.last_us >= since_us]
        sizes = np.array([_size(p.path) for p in parts], np.float64)
        firsts, lasts = (np.array([p[k] for p in parts], np.float64) for k in (1, 2))
        early, late = float(since_us), float(until_us)
        for _ in range(40 if self._within(sizes, firsts, lasts, early, until_us) > most_bytes else 0):
            middle = (early + late) / 2
            if self._within(sizes, firsts, lasts, middle, until_us) > most_bytes:
                early = middle
            else:
                late = middle
        return math.ceil(early)

    @staticmethod
    def _within(sizes: Floats, firsts: Floats, lasts: Floats, since_us: float, until_us: float) -> float:
        """Return how much of parts lies between two times, taking their rows as evenly spread."""
        inside = np.minimum(lasts, until_us) - np.maximum(firsts, since_us)
        return float((sizes * np.clip(inside / np.maximum(lasts - firsts, 1.0), 0.0, 1.0)).sum())

    def join(self) -> None:
        """Join small parts where there are many, or where the day is over; raises OSError."""
        newest_day = max((place[0] for place in self._parts), default=0)
        for place in sorted(self._parts):
            small = [p for p in self._parts[place] if _size(p.path) < SMALL_BYTES]
            if len(small) >= (MOST_SMALL if place[0] >= newest_day - 1 else 2):
                self._join(place, small)

    def _join(self, place: Place, small: list[Part]) -> None:
        frames, read = [], []
        for part in sorted(small):
            try:
                frames.append(pl.read_parquet(part.path, hive_partitioning=False))
                read.append(part)
            except pl.exceptions.PolarsError:  # damaged: it stays, and is not tried again in this run
                with self._lock:
                    self._parts[place].remove(part)
        if len(read) < 2:
            return
        self._add(place, pl.concat(frames).unique(SAME, keep="first", maintain_order=True))
        with self._lock:
            self._parts[place] = [p for p in self._parts[place] if p not in read]
            for part in read:
                part.path.unlink(missing_ok=True)

    def forget(self, now_us: int, keep_days: float) -> None:
        """Remove days that are older; a clock that is ahead of the newest place counts for no more than that."""
        newest_us = max((p.last_us for parts in self._parts.values() for p in parts), default=0)
        oldest_us = min(now_us, newest_us) - int(keep_days * DAY_US)
        for place in [p for p in self._parts if (p[0] + 1) * DAY_US <= oldest_us]:
            with self._lock:
                del self._parts[place]
            shutil.rmtree(self.folder / day_name(place[0]) / f"bucket={place[1]:02}", ignore_errors=True)
            if not any(p[0] == place[0] for p in self._parts):
                shutil.rmtree(self.folder / day_name(place[0]), ignore_errors=True)
        with self._lock:
            gone = [p for p in self._pictures if p[0] < oldest_us]
            self._pictures = [p for p in self._pictures if p[0] >= oldest_us]
        for _, path in gone:
            path.unlink(missing_ok=True)


def last_of_each(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the last place of each vessel, by MMSI."""
    rows = pl.concat([pl.DataFrame(schema=schema.POSITIONS), *frames])
    rows = rows.sort("mmsi", "time_us", "source", descending=[False, False, True])  # of two feeds the first
    return rows.unique("mmsi", keep="last", maintain_order=True)


def _put(rows: pl.DataFrame, path: Path) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".writing")
    try:
        rows.write_parquet(fresh, compression="zstd", compression_level=1, row_group_size=GROUP_ROWS)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return SMALL_BYTES
