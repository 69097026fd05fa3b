"""`file:` with real files that grow, are rotated and cut; `stdin:` with real pipes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import zlib
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.edges.feeds import CONNECTED, ENDED, WAITING, Feed
from anchorwatch.edges.feeds.files import Tail
from anchorwatch.edges.feeds.lines import LINE_BYTES
from anchorwatch.edges.feeds.stdin import StandardInput
from anchorwatch.edges.feeds.urls import parse
from feed_peers import CLOCK, LINE, Kept, opened, run, running, until
from tries import tries


def line(number: int) -> bytes:
    return LINE + b" %d\n" % number


def lines(start: int, stop: int) -> bytes:
    return b"".join(map(line, range(start, stop)))


def add(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def tail(path: Path, reached: int = 0, poll_s: float = 0.04) -> Tail:
    feed = opened(f"file:{path}")
    assert isinstance(feed, Tail)
    feed.resume(reached)
    feed.poll_s = poll_s
    return feed


def read(path: Path, wanted: bytes, reached: int = 0) -> int:
    """Follow a file until exactly `wanted` has come; return where it was read to."""

    async def main() -> int:
        async with running(tail(path, reached)) as kept:
            await kept.bytes(wanted)
            await asyncio.sleep(0.05)
            assert kept.data == wanted
            return kept.pieces[-1].reached

    return run(main())


def test_a_file_is_read_from_its_beginning_and_on_as_it_grows(tmp_path: Path) -> None:
    log = tmp_path / "ais.log"
    add(log, lines(0, 3) + b"half")

    async def main() -> None:
        feed = tail(log)
        async with running(feed) as kept:
            await kept.bytes(lines(0, 3))
            add(log, b" line\r")
            add(log, b"\n" + lines(3, 5))
            await kept.bytes(lines(0, 3) + b"half line\r\n" + lines(3, 5))
            assert feed.health.state == CONNECTED and feed.format == "nmea"

    run(main())


def test_a_file_that_comes_later_is_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "ais.log"

    async def main() -> None:
        feed = tail(log)
        async with running(feed) as kept:
            await until(lambda: feed.health.state == WAITING)
            assert "No such file" in feed.health.trouble
            add(log, lines(0, 2))
            await kept.bytes(lines(0, 2))

    run(main())


def test_reading_goes_on_where_any_piece_ended(tmp_path: Path) -> None:
    log = tmp_path / "ais.log"
    whole = lines(0, 20_000)
    add(log, whole + b"half")

    async def first() -> Kept:
        async with running(tail(log)) as kept:
            await kept.bytes(whole)
            return kept

    pieces = run(first()).pieces
    assert len(pieces) > 3 and all(p.reached < 2**63 for p in pieces)
    for k in (0, 2, len(pieces) - 2):
        read(log, b"".join(p.data for p in pieces[k + 1 :]), pieces[k].reached)
    add(log, b"\n")
    read(log, b"half\n", pieces[-1].reached)


@pytest.mark.parametrize("how", ["renamed", "copied and cut", "cut"])
def test_rotation_while_it_is_followed(tmp_path: Path, how: str) -> None:
    log = tmp_path / "ais.log"
    add(log, lines(0, 100))

    async def main() -> None:
        async with running(tail(log)) as kept:
            await kept.bytes(lines(0, 100))
            if how == "renamed":
                log.rename(tmp_path / "ais.log.1")
                await asyncio.sleep(0.1)
                add(tmp_path / "ais.log.1", lines(100, 110) + b"unfinished")  # the writer has not noticed yet
                add(log, lines(200, 210))
                expected = lines(0, 110) + b"unfinished\n" + lines(200, 210)
            elif how == "copied and cut":
                add(log, lines(100, 110))
                (tmp_path / "ais.log.1").write_bytes(log.read_bytes())
                log.write_bytes(lines(200, 210))
                expected = lines(0, 110) + lines(200, 210)
            else:
                log.write_bytes(lines(200, 210))
                expected = lines(0, 100) + lines(200, 210)
            await kept.bytes(expected)

    run(main())


DEEDS = st.lists(
    st.tuples(st.sampled_from(["write", "rename", "copy and cut", "stop", "go on"]), st.integers(1, 5000)), max_size=12
)


@tries(25)
@given(DEEDS)
def test_whatever_is_done_to_a_log_each_line_comes_once_and_in_order(deeds: list[tuple[str, int]]) -> None:
    async def main(folder: Path) -> None:
        log, written, reached, kept = folder / "ais.log", 0, 0, Kept()
        add(log, line(0))
        written, wanted = 1, line(0)
        async with AsyncExitStack() as stack:
            for what, amount in [("go on", 0), *deeds, ("go on", 0)]:
                if what == "stop" or what == "go on":
                    await stack.aclose()
                    reached = kept.pieces[-1].reached if kept.pieces else 0
                if what != "write" and what != "stop":
                    # No log is rotated twice between two looks at it.
                    if what == "go on" or kept.data != wanted:
                        await stack.aclose()
                        reached = kept.pieces[-1].reached if kept.pieces else 0
                        more = await stack.enter_async_context(running(tail(log, reached, 0.002)))
                        more.pieces, kept = kept.pieces, more
                    await kept.bytes(wanted)
                if what in ("write", "rename", "copy and cut"):
                    old, new = lines(written, written + amount // 2), lines(written + amount // 2, written + amount)
                    written, wanted = written + amount, wanted + old + new
                    rotate(log, what, old, new)

    with TemporaryDirectory() as folder:
        run(main(Path(folder)))


def rotate(log: Path, how: str, old: bytes, new: bytes) -> None:
    """Write some lines into the old log and some, at least one, into the new one."""
    add(log, old)
    before = log.with_name(f"ais.log.{zlib.crc32(new)}")
    if how == "rename":
        log.rename(before)
    elif how == "copy and cut":
        before.write_bytes(log.read_bytes())
        os.truncate(log, 0)
    add(log, new)


def test_a_file_that_was_written_anew_at_once_is_noticed_by_its_first_line(tmp_path: Path) -> None:
    log = tmp_path / "ais.log"
    add(log, lines(0, 10))

    async def main() -> None:
        async with running(tail(log)) as kept:
            await kept.bytes(lines(0, 10))
            with log.open("r+b") as file:  # the same file, longer than before
                file.write(lines(20, 40))
            await kept.bytes(lines(0, 10) + lines(20, 40))

    run(main())


@pytest.mark.parametrize("how", ["renamed", "copied and cut", "gone"])
def test_rotation_while_nobody_watched(tmp_path: Path, how: str) -> None:
    log, old = tmp_path / "ais.log", tmp_path / "ais.log-20261123"
    add(log, lines(0, 100))
    reached = read(log, lines(0, 100))
    add(log, lines(100, 110))
    if how == "renamed":
        log.rename(old)
    elif how == "copied and cut":
        old.write_bytes(log.read_bytes())
    log.unlink(missing_ok=True)
    add(tmp_path / "ais.log.7", lines(70, 300))  # another old one
    add(log, lines(200, 400))  # longer than what was read of the old one
    left = b"" if how == "gone" else lines(100, 110)
    read(log, left + lines(200, 400), reached)


def test_a_symbolic_link_that_is_pointed_elsewhere_is_followed(tmp_path: Path) -> None:
    log = tmp_path / "now.log"
    add(tmp_path / "monday", lines(0, 5))
    add(tmp_path / "tuesday", lines(5, 9))
    log.symlink_to("monday")

    async def main() -> None:
        async with running(tail(log)) as kept:
            await kept.bytes(lines(0, 5))
            (tmp_path / "new").symlink_to("tuesday")
            (tmp_path / "new").rename(log)
            await kept.bytes(lines(0, 9))

    run(main())


def test_a_long_line_and_no_text_at_all(tmp_path: Path) -> None:
    log = tmp_path / "ais.log"
    long = b"y" * 10_000_000
    add(log, b"\n\0\xff\n" + long + b"\n" + line(1))
    reached = read(log, b"\n\0\xff\n" + b"y" * LINE_BYTES + b"\n" + line(1))
    add(log, line(2))
    read(log, line(2), reached)


def test_a_table_keeps_its_format_when_reading_goes_on_behind_its_header(tmp_path: Path) -> None:
    log = tmp_path / "own.csv"
    head = b"time,mmsi,lon_deg,lat_deg\n"
    row = b"2026-01-01T00:00:00Z,265547250,11.8,57.6\n"
    add(log, head + row)
    reached = read(log, head + row)
    add(log, row)

    async def main() -> None:
        async with running(tail(log, reached)) as kept:
            await kept.bytes(row)
            assert kept.pieces[0].format == "own"

    run(main())


def test_a_folder_or_a_pipe_or_a_packed_file_that_comes_in_its_place_is_said(tmp_path: Path) -> None:
    log = tmp_path / "ais.log"

    async def main(why: str) -> None:
        feed = tail(tmp_path / "first.log")
        feed.path = log
        async with running(feed):
            await until(lambda: why in feed.health.trouble)
            assert feed.health.state == WAITING

    log.mkdir()
    run(main("not a plain file"))
    log.rmdir()
    os.mkfifo(log)
    run(main("not a plain file"))
    log.unlink()
    log.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(20))
    run(main("compressed"))


def piped(fd: int) -> Feed:
    return StandardInput(parse("stdin:"), CLOCK, fd)


def test_standard_input_ends_with_its_pipe() -> None:
    async def main() -> None:
        out, into = os.pipe()
        feed, kept = piped(out), Kept()
        task = asyncio.create_task(feed.run(kept.put))
        os.write(into, line(0) + b"ha")
        await kept.bytes(line(0))
        assert feed.health.state == CONNECTED and not task.done()
        os.write(into, b"lf")
        os.close(into)
        await asyncio.wait_for(task, 2.0)
        assert kept.data == line(0) + b"half\n" and feed.health.state == ENDED
        os.close(out)

    run(main())


def test_standard_input_that_says_nothing_is_left_at_once() -> None:
    async def main() -> None:
        out, into = os.pipe()
        async with running(piped(out)):
            await asyncio.sleep(0.05)
        os.close(out)
        os.close(into)

    run(main())


PROGRAM = """
import asyncio, sys
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import open_feed
feed = open_feed("stdin:", SystemClock(), secrets=Secrets({}))
async def put(piece): sys.stdout.buffer.write(piece.data)
asyncio.run(feed.run(put))
print(feed.health.state)
"""


def test_standard_input_that_is_a_file_or_nothing_or_a_folder(tmp_path: Path) -> None:
    add(tmp_path / "log", lines(0, 20_000) + b"half")

    async def main(path: Path, wanted: bytes) -> str:
        fd = os.open(path, os.O_RDONLY)
        feed, kept = piped(fd), Kept()
        try:
            await asyncio.wait_for(feed.run(kept.put), 5.0)
        finally:
            os.close(fd)
        assert kept.data == wanted and feed.health.state == ENDED
        return feed.health.trouble

    assert run(main(tmp_path / "log", lines(0, 20_000) + b"half\n")) == "the input has ended"
    assert run(main(Path("/dev/null"), b"")) == "the input has ended"
    assert "directory" in run(main(tmp_path, b""))


@pytest.mark.parametrize("how", ["pipe", "closed"])
def test_standard_input_of_a_program(tmp_path: Path, how: str) -> None:
    add(tmp_path / "log", lines(0, 2000))
    words = {"pipe": "cat log |", "closed": "<&-"}[how]
    command = f'"{sys.executable}" -W error -c "$PROGRAM"'
    command = f"{words} {command}" if how == "pipe" else f"{command} {words}"
    environment = {**os.environ, "PROGRAM": PROGRAM, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, timeout=60)
    if how == "closed":
        assert b"there is no standard input" in done.stderr
    else:
        assert done.stdout == lines(0, 2000) + b"ended\n", done.stderr
