"""The raw log under torn ends, damage, kill -9, a full disk and a failing disk: what was appended is read again."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.edges import raw_log, raw_segments
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.raw_log import RawLog
from anchorwatch.errors import BadStore
from raw_log_made import HandClock, piece, settled, whole, written


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
    for _ in range(12):
        killed(tmp_path, chance.uniform(0.1, 0.6))


def killed(folder: Path, wait_s: float) -> None:
    """Start a writer, kill it, and compare."""
    before = RawLog(folder, SystemClock())
    first = before.last_seq + 1
    before.close()
    held = {x.seq for x in raw_log.read(folder)}
    source = str(Path(raw_log.__file__).parents[2])
    run = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("raw_log_writer.py")), str(folder)],
        stdout=subprocess.PIPE, bufsize=0, env={**os.environ, "PYTHONPATH": source},
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
    assert set(numbers) | held <= set(got)
    assert len(set(got) - held - set(numbers)) <= 1  # it may have written one more than it could say
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
