"""The history: tracks and pictures of any time, from memory and from disk alike."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import schema
from anchorwatch.edges import history, history_parts
from anchorwatch.edges.history import History
from anchorwatch.errors import BadStore

START_US = 1_764_547_200_000_000  # midnight
MINUTE_US = 60_000_000


class HandClock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.us, self.s = START_US, 0.0

    def now_us(self) -> int:
        return self.us

    def monotonic_s(self) -> float:
        return self.s

    async def sleep(self, seconds: float) -> None:
        self.s += seconds


def places(times_us: list[int], mmsi: list[int] | int, source: int = 0) -> pl.DataFrame:
    n = len(times_us)
    return pl.DataFrame(
        {
            "time_us": times_us,
            "mmsi": mmsi if isinstance(mmsi, list) else [mmsi] * n,
            "lon_deg": [20 + (t - START_US) / 1e12 for t in times_us],
            "lat_deg": [60.0] * n,
            "sog_kn": [np.nan] * n,
            "cog_deg": [12.3] * n,
            "heading_deg": [np.nan] * n,
            "rot_deg_min": [np.nan] * n,
            "nav_status": [0] * n,
            "source": [source] * n,
            "line": list(range(1, n + 1)),
        },
        schema=schema.POSITIONS,
    )


def expected_picture(rows: pl.DataFrame, at_us: int, within_s: float) -> pl.DataFrame:
    rows = rows.filter(pl.col("time_us") <= at_us, pl.col("time_us") > at_us - int(within_s * 1e6))
    return rows.sort("mmsi", "time_us").unique("mmsi", keep="last", maintain_order=True)


def test_the_same_answers_from_memory_and_from_disk_and_after_a_restart(tmp_path: Path) -> None:
    clock = HandClock()
    mine = History(tmp_path, clock)
    times = [START_US - 90 * MINUTE_US + k * 7_000_000 for k in range(1500)]  # over midnight
    rows = places(times, [211_000_000 + k % 40 for k in range(1500)])
    for part in rows.iter_slices(100):
        mine.add(part)
        mine.add(part.with_columns(source=pl.lit(1, pl.Int16)))  # heard by a second feed
        if part["line"][0] % 300 == 1:
            mine.flush()
    questions = [
        START_US - 91 * MINUTE_US,
        START_US,
        START_US + 13,
        START_US + 40 * MINUTE_US,
        times[-1],
        times[-1] + 1,
    ]

    def ask(it: History) -> None:
        for mmsi in (211_000_003, 211_000_016, 1):
            whole = rows.filter(pl.col("mmsi") == mmsi)
            assert it.track(mmsi, 0, 1 << 60).equals(whole)
            since_us, until_us = START_US - 20 * MINUTE_US, START_US + 20 * MINUTE_US
            cut = whole.filter(pl.col("time_us") >= since_us, pl.col("time_us") < until_us)
            assert it.track(mmsi, since_us, until_us).equals(cut)
        for at_us in questions:
            for within_s in (600.0, 3600.0, 9000.0):
                assert it.picture(at_us, within_s).equals(expected_picture(rows, at_us, within_s)), (at_us, within_s)

    ask(mine)
    mine.flush()
    ask(mine)
    mine.close()
    assert {p.name for p in tmp_path.glob("day=*")} == {"day=2025-11-30", "day=2025-12-01"}
    assert (tmp_path / "day=2025-12-01" / "bucket=08").is_dir() == (211_000_008 % 16 == 8)
    again = History(tmp_path, clock)
    ask(again)
    again.close()


def test_a_picture_after_a_restart_knows_who_was_there_before(tmp_path: Path) -> None:
    rows = places([START_US + k * MINUTE_US for k in range(50)], [1000 + k for k in range(50)])
    for part in rows.iter_slices(7):
        mine = History(tmp_path, HandClock())
        mine.add(part)
        mine.close()
    assert len(list((tmp_path / "pictures").iterdir())) == 7  # the last, a minute later, waits
    again = History(tmp_path, HandClock())
    for minute in (6, 13, 20, 33, 49):
        at_us = START_US + minute * MINUTE_US
        assert again.picture(at_us).equals(expected_picture(rows, at_us, 3600.0))
    again.close()


def test_what_is_on_disk_is_not_written_again_after_a_restart(tmp_path: Path) -> None:
    mine = History(tmp_path, HandClock())
    for seq in range(1, 6):
        mine.add(places([START_US + seq * MINUTE_US], 16), seq)
        if seq == 3:
            mine.flush()
    again = History(tmp_path, HandClock())  # the first one is killed: 4 and 5 were in memory only
    assert again.written_seq == 3
    for seq in range(1, 6):
        again.add(places([START_US + seq * MINUTE_US], 16), seq)
    assert again.track(16, 0, 1 << 60).height == 5
    assert again.track(16, START_US + 4 * MINUTE_US, 1 << 60).height == 2
    again.flush()
    assert (again.written_seq, len(list(tmp_path.glob("day=*/*/*.parquet")))) == (5, 2)
    again.begin_after(2)  # another raw log, whose numbers begin anew
    again.add(places([START_US + 9 * MINUTE_US], 16), 3)
    assert again.track(16, 0, 1 << 60).height == 6
    again.close()
    mine.close()


def test_a_long_track_is_thinned_and_keeps_its_ends(tmp_path: Path) -> None:
    mine = History(tmp_path, HandClock())
    rows = places([START_US + k * 1_000_000 for k in range(10_000)], 5)
    mine.add(rows)
    thin = mine.track(5, 0, 1 << 60, most=100)
    assert thin.height == 100
    assert (thin["time_us"][0], thin["time_us"][-1]) == (rows["time_us"][0], rows["time_us"][-1])
    assert thin["time_us"].diff().drop_nulls().max() <= 102_000_000  # type: ignore[operator]  # a number
    mine.close()


def test_small_parts_are_joined_and_nothing_is_lost(tmp_path: Path) -> None:
    clock = HandClock()
    mine = History(tmp_path, clock)
    rows = places([START_US + k * 60_000_000 for k in range(40)], 16)
    for part in rows.iter_slices(1):
        mine.add(part)
        mine.flush()
    assert len(list(tmp_path.glob("day=*/*/*.parquet"))) < history_parts.MOST_SMALL
    assert mine.track(16, 0, 1 << 60).equals(rows)
    mine.add(places([START_US + 3 * history_parts.DAY_US], 16))
    mine.flush()
    assert len(list(tmp_path.glob("day=2025-12-01/*/*.parquet"))) == 1  # the day is over
    assert mine.track(16, 0, 1 << 60).height == 41
    mine.close()


def test_what_a_killed_process_left_is_no_answer_twice(tmp_path: Path) -> None:
    mine = History(tmp_path, HandClock())
    rows = places([START_US + k * 60_000_000 for k in range(10)], 16)
    mine.add(rows)
    mine.close()
    path = next(tmp_path.glob("day=*/*/*.parquet"))
    twin = path.with_name(path.name.replace("part-00000001", "part-00000002"))
    twin.write_bytes(path.read_bytes())  # killed after joining, before removing
    (path.parent / "part-00000003.writing").write_bytes(b"half")
    again = History(tmp_path, HandClock())
    assert again.track(16, 0, 1 << 60).equals(rows)
    assert not list(tmp_path.rglob("*.writing"))
    again.close()


@pytest.mark.parametrize("content", [b"", b"PAR1", b"nonsense" * 100])
def test_a_damaged_part_costs_itself_alone(tmp_path: Path, content: bytes) -> None:
    mine = History(tmp_path, HandClock())
    rows = places([START_US + k * 60_000_000 for k in range(10)], 16)
    for part in rows.iter_slices(5):
        mine.add(part)
        mine.flush()
    paths = sorted(tmp_path.glob("day=*/*/*.parquet"))
    paths[0].write_bytes(content)
    for path in (tmp_path / "pictures").iterdir():
        path.write_bytes(content)
    again = History(tmp_path, HandClock())
    assert again.track(16, 0, 1 << 60).equals(rows[5:])
    assert again.picture(int(rows["time_us"][-1])).equals(rows[9:])
    for n in range(15):
        again.add(places([START_US + (100 + n) * 60_000_000], 16))
        again.flush()
    assert again.track(16, 0, 1 << 60).height == 20
    again.close()
    mine.close()


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = History(tmp_path, HandClock())
    rows = places([START_US + k * 60_000_000 for k in range(10)], 16)
    mine.add(rows)

    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_parquet", full)
        with pytest.raises(BadStore, match="No space left on device"):
            mine.flush()
        assert mine.track(16, 0, 1 << 60).equals(rows)
    mine.close()
    again = History(tmp_path, HandClock())
    assert again.track(16, 0, 1 << 60).equals(rows)
    again.close()


def test_memory_is_bounded_where_the_disk_does_not_keep_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_ROWS", 100)
    mine = History(tmp_path, HandClock())
    for n in range(30):
        mine.add(places([START_US + n * MINUTE_US + k for k in range(10)], 16))
    assert mine.track(16, 0, 1 << 60).height == 100
    assert mine.lost == 200
    mine.close()


def test_it_writes_by_itself_after_a_while(tmp_path: Path) -> None:
    clock = HandClock()
    mine = History(tmp_path, clock)
    mine.add(places([START_US], 16))
    mine.tick()
    assert not list(tmp_path.rglob("*.parquet"))
    clock.s += history.WRITE_S
    mine.tick()
    mine.flush()
    assert len(list(tmp_path.glob("day=*/*/*.parquet"))) == 1
    mine.close()


def test_old_days_are_removed_and_a_wrong_clock_removes_nothing(tmp_path: Path) -> None:
    clock = HandClock()
    mine = History(tmp_path, clock, keep_days=2)
    day_us = history_parts.DAY_US
    for day in range(6):
        mine.add(places([START_US + day * day_us], 16))
        clock.us = START_US + day * day_us
        mine.flush()
    assert mine.track(16, 0, 1 << 60).height == 3
    assert len(list(tmp_path.glob("day=*"))) == 3
    clock.us += 1000 * day_us
    mine.flush()
    assert mine.track(16, 0, 1 << 60).height == 3
    mine.close()


def test_a_feed_of_many_days_makes_few_folders(tmp_path: Path) -> None:
    mine = History(tmp_path, HandClock())
    mine.add(places([START_US] * 3 + [k * history_parts.DAY_US for k in range(-20, 1000)], 16))
    mine.flush()
    assert len(list(tmp_path.glob("day=*"))) <= history_parts.MOST_DAYS
    assert mine.lost >= 1000
    assert mine.track(16, START_US, START_US + 1).height == 1
    mine.close()


def test_questions_while_it_is_written(tmp_path: Path) -> None:
    mine = History(tmp_path, HandClock())
    mine.add(places([START_US], 16))
    wrong: list[int] = []
    stop = threading.Event()

    def ask() -> None:
        least = 1
        while not stop.is_set():
            rows = mine.track(16, 0, 1 << 60).height
            if rows < least:
                wrong.append(rows)
            least = max(least, rows)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for n in range(1, 60):
            mine.add(places([START_US + n * MINUTE_US], 16))
            mine.flush()
    finally:
        stop.set()
        asking.join()
    assert wrong == []
    assert mine.track(16, 0, 1 << 60).height == 60
    mine.close()


@given(st.data())
def test_any_order_of_arrival_gives_the_same_track(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    minutes = data.draw(st.lists(st.integers(0, 60), min_size=1, max_size=12))
    cuts = data.draw(st.sets(st.integers(0, 11), max_size=2))
    mine = History(tmp_path_factory.mktemp("history"), HandClock())
    for n, minute in enumerate(minutes):
        mine.add(places([START_US + minute * MINUTE_US], 16))
        if n in cuts:
            mine.flush()
    track = mine.track(16, 0, 1 << 60)
    assert track["time_us"].to_list() == [START_US + m * MINUTE_US for m in sorted(set(minutes))]
    mine.close()
