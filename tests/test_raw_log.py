"""The raw log: what was appended is read again, whatever happens to the process, the disk or the file."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import pytest
import zstandard
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.edges import raw_log, raw_segments
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import Piece
from anchorwatch.edges.raw_log import Logged, Policy, RawLog
from anchorwatch.errors import BadStore, BadUse

SECOND_US = 1_000_000
DAY_S = 86_400.0


class HandClock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.us, self.s = 1_700_000_000 * SECOND_US, 0.0

    def now_us(self) -> int:
        return self.us

    def monotonic_s(self) -> float:
        return self.s

    async def sleep(self, seconds: float) -> None:
        self.pass_(seconds)

    def pass_(self, seconds: float) -> None:
        self.us += int(seconds * SECOND_US)
        self.s += seconds


def piece(n: int, feed: str = "tcp-a", form: str = "nmea", data: bytes | None = None) -> Piece:
    return Piece(feed, form, 1_700_000_000_000_000 + n * 100_000, data if data is not None else b"line %d\n" % n, n)


def whole(folder: Path, after_seq: int = 0) -> list[Logged]:
    """All pieces of a log that has no damage."""
    reading = raw_log.read(folder, after_seq)
    pieces = list(reading)
    assert reading.damage == []
    return pieces


def written(folder: Path, pieces: list[Piece], policy: Policy | None = None) -> list[Logged]:
    log = RawLog(folder, SystemClock(), policy)
    numbers = [log.append(p) for p in pieces]
    log.close()
    return [Logged(n, p) for n, p in zip(numbers, pieces, strict=True)]


def shown(path: Path) -> bytes:
    """What any reader of zstd files sees."""
    return zstandard.ZstdDecompressor().stream_reader(path.read_bytes(), read_across_frames=True).read()


def settled(log: RawLog, done: Callable[[], bool]) -> None:
    """Wait until the log's own thread has done what it was told."""
    until = time.monotonic() + 5
    while not done():
        assert time.monotonic() < until, "the thread of the log did not do it"
        log.tick()
        time.sleep(0.002)


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


@given(st.data())
def test_a_torn_end_costs_no_whole_frame(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("torn")
    logged = written(folder, [piece(n) for n in range(1, 6)])
    path = next(folder.glob("*/*.zst"))
    content = path.read_bytes()
    ends = [0, *(content.find(raw_segments.MARK, at) for at in _starts(content)[1:]), len(content)]
    cut = data.draw(st.integers(0, len(content) - 1))
    path.write_bytes(content[:cut])
    reading = raw_log.read(folder)
    got = list(reading)
    assert got == logged[: sum(e <= cut for e in ends[1:])]
    assert len(reading.damage) == (cut not in ends)
    log = RawLog(folder, SystemClock())
    assert log.append(piece(9)) == max(len(got), 1) + 1
    log.close()
    assert [x.seq for x in raw_log.read(folder)] == [*(x.seq for x in got), max(len(got), 1) + 1]


def _starts(content: bytes) -> list[int]:
    found, at = [], content.find(raw_segments.MARK)
    while at >= 0:
        found.append(at)
        at = content.find(raw_segments.MARK, at + 1)
    return found


@given(st.data())
def test_damage_costs_only_the_frames_it_hits(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("damage")
    logged = written(folder, [piece(n, data=b"line %d\n" % n * n) for n in range(1, 9)])
    path = next(folder.glob("*/*.zst"))
    content = bytearray(path.read_bytes())
    bounds = [*_starts(bytes(content)), len(content)]
    at = data.draw(st.integers(0, len(content) - 1))
    bad = data.draw(st.binary(min_size=1, max_size=200))
    kind = data.draw(st.sampled_from(["over", "in", "out"]))
    if kind == "over":
        content[at : at + len(bad)] = bad[: len(content) - at]
    elif kind == "in":
        content[at:at] = bad
    else:
        del content[at : at + len(bad)]
    path.write_bytes(content)
    hit = {n for n, (a, b) in enumerate(pairwise(bounds), 1) if a < at + (0 if kind == "in" else len(bad)) and at < b}
    if kind == "in":
        hit = {n for n, (a, b) in enumerate(pairwise(bounds), 1) if a < at < b}
    reading = raw_log.read(folder)
    got = list(reading)
    assert [x for x in logged if x.seq not in hit] == [x for x in got if x.seq not in hit]
    assert all(x in logged for x in got)  # never a piece that was not appended
    gone_whole = kind == "out" and at in bounds and (at + len(bad) in bounds or at + len(bad) >= bounds[-1])
    assert reading.damage or got == logged or gone_whole


@given(st.binary(max_size=300))
def test_a_file_of_anything_is_no_crash(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = folder / "a" / "20231114T221320Z-000000000001.nmea.zst"
    path.parent.mkdir()
    for data in (content, raw_segments.MARK + content):
        path.write_bytes(data)
        reading = raw_log.read(folder)
        assert list(reading) == []
        assert len(reading.damage) == bool(data)


def test_a_header_that_claims_too_much_is_not_believed(tmp_path: Path) -> None:
    lines = zstandard.ZstdCompressor().compress(bytes(1 << 20))
    said = raw_segments.FIXED.pack(b"AWLG", 1, 0, 1, 10, len(lines), crc32(lines))
    said += raw_segments.ENTRY.pack(1, 1, 0, 10)
    path = tmp_path / "a" / "20231114T221320Z-000000000001.nmea.zst"
    path.parent.mkdir()
    check = raw_segments.CHECK.pack(crc32(said))
    path.write_bytes(raw_segments.START.pack(raw_segments.MAGIC, len(said) + 4) + said + check + lines)
    reading = raw_log.read(tmp_path)
    assert list(reading) == []
    assert "not as long as its header says" in reading.damage[0]


@pytest.mark.parametrize("wait_s", [0.15, 0.3, 0.45])
def test_a_killed_writer_loses_nothing_that_append_returned_for(tmp_path: Path, wait_s: float) -> None:
    killed(tmp_path, wait_s)


@pytest.mark.slow
def test_a_writer_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random(4)
    for _ in range(20):
        killed(tmp_path, chance.uniform(0.1, 0.6))


def killed(folder: Path, wait_s: float) -> None:
    """Start a writer, kill it, and compare."""
    before = RawLog(folder, SystemClock())
    first = before.last_seq + 1
    before.close()
    source = str(Path(raw_log.__file__).parents[2])
    run = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("raw_log_writer.py")), str(folder)],
        stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": source},
    )  # fmt: skip
    assert run.stdout is not None
    said = [run.stdout.readline()]
    reader = os.dup(run.stdout.fileno())
    stop = time.monotonic() + wait_s
    rest = b""
    os.set_blocking(reader, False)
    while time.monotonic() < stop:
        try:
            rest += os.read(reader, 1 << 16)
        except BlockingIOError:
            time.sleep(0.001)
    run.kill()
    run.wait()
    os.set_blocking(reader, True)
    while more := os.read(reader, 1 << 16):
        rest += more
    os.close(reader)
    run.stdout.close()
    said += rest.splitlines(keepends=True)
    numbers = [int(line) for line in said if line.endswith(b"\n")]
    got = {x.seq: x.piece.data for x in raw_log.read(folder)}
    assert numbers[0] == first
    assert numbers[-1] > first
    assert set(range(1, numbers[-1] + 1)) <= set(got)  # it may have written one more than it could say
    assert max(got) <= numbers[-1] + 1
    assert all(got[n] == b"!AIVDM,%d\n" % n * (n % 97) for n in got)


def test_a_full_disk_is_one_clear_line_and_the_log_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RawLog(tmp_path, SystemClock())
    log.append(piece(1))
    real, room = os.write, [10]

    def write(fd: int, data: bytes) -> int:
        if room[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        part = real(fd, bytes(data)[: room[0]])
        room[0] -= part
        return part

    monkeypatch.setattr(os, "write", write)
    for _ in range(3):
        with pytest.raises(BadStore, match="No space left on device"):
            log.append(piece(2))
    assert (log.last_seq, log.reached("tcp-a")) == (1, 1)
    monkeypatch.setattr(os, "write", real)
    assert log.append(piece(2)) == 2
    log.close()
    assert [x.piece for x in whole(tmp_path)] == [piece(1), piece(2)]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", tmp_path], capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        log = RawLog(tmp_path / "raw", SystemClock())
        ballast = tmp_path / "ballast"
        ballast.write_bytes(bytes(100_000))
        with pytest.raises(BadStore, match="No space left on device"):
            for n in range(1, 100):
                log.append(piece(n, data=os.urandom(5000)))
        held = log.last_seq
        assert held > 10
        ballast.unlink()
        assert log.append(piece(held + 1)) == held + 1
        log.close()
        assert [x.seq for x in whole(tmp_path / "raw")] == list(range(1, held + 2))
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_a_disk_that_fails_later_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = HandClock()
    log = RawLog(tmp_path, clock)
    real = os.fsync

    def fsync(fd: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fsync)
    log.append(piece(1))
    clock.pass_(1)
    with pytest.raises(BadStore, match="Input/output error"):
        settled(log, lambda: False)
    monkeypatch.setattr(os, "fsync", real)
    log.append(piece(2))
    log.close()
    assert len(whole(tmp_path)) == 2


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
