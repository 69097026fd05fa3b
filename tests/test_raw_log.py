"""The raw log: written, rotated, sealed, kept, removed and read."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from anchorwatch.edges import raw_log, raw_segments
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import Piece
from anchorwatch.edges.raw_log import Policy, RawLog
from anchorwatch.errors import BadStore, BadUse
from raw_log_made import DAY_S, SECOND_US, HandClock, piece, settled, shown, whole, written


def test_what_was_appended_is_read_in_order_over_all_feeds(tmp_path: Path) -> None:
    pieces = [piece(n, "tcp-a" if n % 3 else "udp-b", data=b"" if n == 7 else None) for n in range(1, 40)]
    logged = written(tmp_path, pieces)
    assert [x.seq for x in logged] == list(range(1, 40))
    assert whole(tmp_path) == logged
    for after in (0, 1, 20, 38, 39, 100):
        assert whole(tmp_path, after) == logged[after:]
    again = RawLog(tmp_path, SystemClock())
    assert (again.last_seq, again.reached("tcp-a"), again.reached("udp-b"), again.reached("x")) == (39, 38, 39, 0)
    assert again.append(piece(40)) == 40
    again.begin_after(100)
    assert again.append(piece(101)) == 101
    again.close()
    assert [x.seq for x in whole(tmp_path, 38)] == [39, 40, 101]


def test_it_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    log = RawLog(tmp_path, SystemClock())
    for n in range(1, 4):
        log.append(piece(n))
        assert [x.seq for x in whole(tmp_path)] == list(range(1, n + 1))
    log.close()


def test_a_feed_with_two_formats_keeps_its_order(tmp_path: Path) -> None:
    logged = written(tmp_path, [piece(n, "digitraffic", ("a", "b")[n % 2]) for n in range(1, 11)])
    assert whole(tmp_path) == logged
    assert len(list(tmp_path.glob("digitraffic/*.zst"))) == 2


def test_segments_end_by_size_and_by_time(tmp_path: Path) -> None:
    clock = HandClock()
    log = RawLog(tmp_path, clock, Policy(segment_bytes=2000, segment_s=60))
    pieces = [piece(n, data=os.urandom(700)) for n in range(1, 9)]
    for p in pieces:
        log.append(p)
    assert len(list(tmp_path.glob("tcp-a/*.zst"))) == 3  # full with the third and the sixth
    clock.pass_(59)
    log.append(piece(9))
    clock.pass_(61)
    log.append(piece(10))
    assert len(list(tmp_path.glob("tcp-a/*.zst"))) == 4
    log.close()
    assert [x.piece for x in whole(tmp_path)][:8] == pieces
    assert [x.seq for x in whole(tmp_path, 8)] == [9, 10]


def test_a_sealed_segment_says_the_same_in_less_space(tmp_path: Path) -> None:
    data = [b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*%02X\n" % (n % 256) for n in range(3000)]
    logged = written(tmp_path, [piece(n, data=d) for n, d in enumerate(data, 1)])
    path = next(tmp_path.glob("*/*.zst"))
    size = path.stat().st_size
    log = RawLog(tmp_path, SystemClock())  # seals what an earlier run left
    settled(log, lambda: path.stat().st_size < size / 4)
    assert (log.last_seq, log.reached("tcp-a")) == (3000, 3000)
    log.append(piece(3001))
    log.close()
    assert whole(tmp_path)[:-1] == logged
    assert whole(tmp_path, 1234)[:-1] == logged[1234:]
    assert shown(path) == b"".join(data)
    assert not raw_segments.seal(path, 3, lambda: False)


def test_ordinary_tools_show_the_lines(tmp_path: Path) -> None:
    zstdcat = shutil.which("zstdcat")
    written(tmp_path, [piece(1), piece(2), piece(3)])
    path = next(tmp_path.glob("*/*.zst"))
    assert shown(path) == b"line 1\nline 2\nline 3\n"
    if zstdcat:
        assert subprocess.run([zstdcat, path], capture_output=True, check=True).stdout == shown(path)


def test_the_disk_has_it_after_the_stated_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, synced = HandClock(), [0]
    real = os.fsync

    def fsync(fd: int) -> None:
        synced[0] += os.fstat(fd).st_size > 0
        real(fd)

    monkeypatch.setattr(os, "fsync", fsync)
    log = RawLog(tmp_path / "a", clock, Policy(fsync_s=1.0))
    log.append(piece(1))
    clock.pass_(0.4)
    log.tick()
    time.sleep(0.02)
    assert synced[0] == 0
    clock.pass_(0.1)
    settled(log, lambda: synced[0] > 0)
    log.close()
    at_once = RawLog(tmp_path / "b", clock, Policy(fsync_s=0))
    before = synced[0]
    at_once.append(piece(1))
    assert synced[0] > before
    at_once.close()


def test_retention_never_takes_what_is_needed(tmp_path: Path) -> None:
    clock = HandClock()
    log = RawLog(tmp_path, clock, Policy(segment_s=3600, keep_days=2, keep_bytes=1 << 40))
    numbers = []
    for hour in range(24 * 5):
        numbers.append(log.append(Piece("tcp-a", "nmea", clock.us, b"hour %d\n" % hour)))
        if hour == 3:
            log.append(Piece("file-b", "nmea", clock.us, b"once\n", 77))
        clock.pass_(3600)
    log.tick()
    time.sleep(0.05)
    assert len(whole(tmp_path)) == 121  # nothing was allowed to go yet
    log.keep_from(60)
    clock.pass_(61)
    settled(log, lambda: len(list(raw_log.read(tmp_path))) < 121)
    log.keep_from(1000)
    clock.pass_(61)
    settled(log, lambda: len(list(raw_log.read(tmp_path))) <= 24 * 2 + 2)
    kept = [x.seq for x in raw_log.read(tmp_path)]
    assert kept[0] == 5  # the newest of a feed that is silent says how far it was
    assert kept[1:] == list(range(kept[1], 122))
    log.close()
    again = RawLog(tmp_path, clock)
    assert again.reached("file-b") == 77
    again.close()


def test_retention_keeps_what_a_checkpoint_needs_however_much_it_is(tmp_path: Path) -> None:
    clock = HandClock()
    log = RawLog(tmp_path, clock, Policy(segment_bytes=1000, keep_bytes=10_000))
    for n in range(1, 101):
        log.append(piece(n, data=os.urandom(600)))
    log.keep_from(41)
    clock.pass_(61)
    settled(log, lambda: next(raw_log.read(tmp_path)).seq >= 40)
    assert next(raw_log.read(tmp_path)).seq <= 41
    log.keep_from(101)
    clock.pass_(61)
    settled(log, lambda: next(raw_log.read(tmp_path)).seq > 80)
    log.close()
    assert sum(p.stat().st_size for p in tmp_path.glob("*/*.zst")) <= 10_000
    assert len(whole(tmp_path)) >= 10


def test_a_clock_that_jumps_ahead_removes_nothing(tmp_path: Path) -> None:
    clock = HandClock()
    log = RawLog(tmp_path, clock, Policy(segment_bytes=100, keep_days=2))
    for _ in range(20):
        log.append(Piece("tcp-a", "nmea", clock.us, os.urandom(80)))
    log.keep_from(1000)
    clock.us += int(3650 * DAY_S) * SECOND_US
    clock.s += 61
    log.tick()
    log.close()
    assert len(whole(tmp_path)) == 20


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    log = RawLog(tmp_path, SystemClock())
    with pytest.raises(BadStore, match="another watch is writing this raw log"):
        RawLog(tmp_path, SystemClock())
    log.close()
    RawLog(tmp_path, SystemClock()).close()


@pytest.mark.parametrize(("feed", "form"), [("../x", "nmea"), ("a/b", "nmea"), ("", "nmea"), ("a", "x.y"), ("A", "n")])
def test_a_name_that_is_no_name_makes_no_folder(tmp_path: Path, feed: str, form: str) -> None:
    log = RawLog(tmp_path / "raw", SystemClock())
    with pytest.raises(BadUse):
        log.append(piece(1, feed, form))
    assert log.append(piece(1)) == 1
    log.close()
    assert [p.name for p in tmp_path.iterdir()] == ["raw"]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadStore, match="cannot be written"):
        RawLog(tmp_path / "file", SystemClock())


def test_scan_reads_the_log_with_the_arrival_times(tmp_path: Path) -> None:
    from anchorwatch.cli.scan import command

    lines = [b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24\n", b"!AIVDM,1,1,,A,13eGcW0vit1everR;usanor00D00,0*65\n"]
    log = RawLog(tmp_path / "raw", SystemClock(), Policy(segment_bytes=150))
    for n in range(1, 31):
        log.append(Piece("tcp-a", "nmea", 1_700_000_000_000_000 + n * 10 * SECOND_US, lines[n % 2]))
    log.append(
        Piece("web-b", "digitraffic", 1, b'vessels-v2/230000000/location {"time": 1700000000, "lon": 25, "lat": 60}\n')
    )
    log.close()
    paths = sorted(map(str, (tmp_path / "raw").glob("*/*.zst")))
    assert len(paths) > 5
    random.Random(1).shuffle(paths)
    run = CliRunner().invoke(command, [*paths, "--out", str(tmp_path / "a.jsonl"), "--json"])
    assert run.exit_code == 0, run.output
    summary = json.loads(run.stderr)
    assert summary["positions"] == 31, run.stderr
    assert summary["since"].startswith("2023-11-14T22:13:20")
    assert summary["until"].startswith("2023-11-14T22:18:20")
