"""Bytes to whole lines and pieces: the same in whatever chunks they come, and in bounded memory."""

from __future__ import annotations

import asyncio
import socket
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.edges.feeds.lines import FULL_BYTES, LINE_BYTES, MOST_BYTES, Cutter, Intake, Recogniser
from anchorwatch.edges.feeds.reconnect import LEAST_S, MOST_S, STEADY_S, Backoff, Lost, words
from feed_peers import CLOCK, LINE, run

TEXTS = st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"0123456789"]), max_size=40)


def cut_all(chunks: list[bytes], most: int = LINE_BYTES) -> tuple[bytes, int]:
    cutter = Cutter(most)
    out = b"".join([*(cutter.cut(c) for c in chunks), cutter.rest()])
    return out, cutter.too_long


def test_lines_end_with_lf_crlf_or_cr() -> None:
    assert cut_all([b"a\nb\r\nc\rd"])[0] == b"a\nb\r\nc\nd\n"
    cutter = Cutter()
    assert [cutter.cut(c) for c in (b"a\r", b"\nb", b"\r", b"c", b"\n")] == [b"", b"a\r\n", b"", b"b\n", b"c\n"]


@given(TEXTS, st.integers(1, 12))
def test_the_chunks_make_no_difference(chunks: list[bytes], most: int) -> None:
    whole = b"".join(chunks)
    got = cut_all(chunks, most)
    assert got == cut_all([whole], most) == cut_all([whole[i : i + 1] for i in range(len(whole))], most)
    lines = got[0].split(b"\n")
    assert lines[-1] == b"" and all(len(line) <= most for line in lines)
    as_written = whole.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    assert [x[:most].rstrip(b"\r") for x in lines if x.strip()] == [x[:most] for x in as_written if x.strip()]


@given(TEXTS, st.integers(0, 40), st.integers(3, 12))
def test_what_was_held_can_be_read_again(chunks: list[bytes], at: int, most: int) -> None:
    first = Cutter(most)
    given_ = b"".join(first.cut(c) for c in chunks[:at])
    taken = sum(map(len, chunks[:at])) - first.held
    again = b"".join(chunks)[taken:]
    assert given_ + cut_all([again], most)[0] == cut_all(chunks, most)[0]


def test_a_line_of_ten_megabytes_costs_no_memory_and_no_line_behind_it() -> None:
    chunk = b"x" * 65536
    cutter = Cutter()
    tracemalloc.start()
    try:
        for _ in range(160):
            assert cutter.cut(chunk) == b""
        assert tracemalloc.get_traced_memory()[1] < 4 * LINE_BYTES
    finally:
        tracemalloc.stop()
    assert cutter.cut(b"y\n" + LINE + b"\n") == b"x" * LINE_BYTES + b"\n" + LINE + b"\n"
    assert cutter.too_long == 1
    assert cut_all([b"a\n" + b"x" * 10_000_000 + b"\nb\n"]) == (b"a\n" + b"x" * LINE_BYTES + b"\nb\n", 1)


@pytest.mark.parametrize(
    ("lines", "form"),
    [
        (b"half a line\n" + LINE + b"\n", "nmea"),
        (b"$GPGGA,,,,,,0,,,,,,,,*66\n", "nmea"),
        (b'{"class":"AIS","type":1,"mmsi":265547250,"lon":11.8,"lat":57.6,"rxuxtime":1790467197.3}\n', "aiscatcher"),
        (b"time,mmsi,lon_deg,lat_deg\n2026-01-01T00:00:00Z,265547250,11.8,57.6\n", "own"),
        (b"what is this\n", "nmea"),
        (b"\0\xff\xfe\n", "nmea"),
    ],
)
def test_the_format_is_seen_in_the_first_lines(lines: bytes, form: str) -> None:
    assert Recogniser().see(lines) == form
    assert Recogniser("danish").see(lines) == "danish"


def test_a_format_that_shows_later_is_still_seen_but_not_for_ever() -> None:
    table = b"time,mmsi,lon_deg,lat_deg\n2026-01-01T00:00:00Z,265547250,11.8,57.6\n"
    seen = Recogniser()
    assert [seen.see(b"noise\n"), seen.see(b'{"class":"AIS","mmsi":1,"type":1}\n')] == ["nmea", "aiscatcher"]
    late = Recogniser()
    assert [late.see(b"noise\n" * 20_000), late.see(table)] == ["nmea", "nmea"]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_wait_grows_to_a_minute_and_starts_anew_after_a_good_connection(chances: list[float]) -> None:
    backoff = Backoff(iter(chances).__next__)
    for k, chance in enumerate(chances):
        assert backoff.wait_s(0.0) == pytest.approx(max(LEAST_S, chance * min(MOST_S, 2.0**k)))
    certain = Backoff(lambda: 1.0)
    assert [certain.wait_s(0.0) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [certain.wait_s(STEADY_S - 1), certain.wait_s(STEADY_S), certain.wait_s(0.0)] == [60, 1, 2]


def test_what_went_wrong_is_told_in_one_plain_line() -> None:
    assert words(socket.gaierror(-2, "Name or service not known")).startswith("the name cannot be looked up")
    assert words(TimeoutError()) == "no answer in time"
    assert words(Lost("\x1b[2J\nover")) == "\\u001b[2J\\u000aover"
    assert words(EOFError()) == "EOFError"
    assert len(words(Lost("x" * 5000))) == 200


def test_the_source_is_told_to_pause_while_the_watch_is_behind() -> None:
    async def main() -> None:
        told: list[str] = []
        intake = Intake(CLOCK, lambda: told.append("pause"), lambda: told.append("go on"))
        block = b"x" * (FULL_BYTES - 1) + b"\n"
        for _ in range(MOST_BYTES // FULL_BYTES + 1):
            intake.add(block)
        assert told == ["pause"]
        taken = await intake.take(1.0)
        assert taken is not None and len(taken[0]) == MOST_BYTES + FULL_BYTES and told == ["pause", "go on"]
        with pytest.raises(TimeoutError):
            await intake.take(0.02)
        intake.add(b"last\n")
        intake.end("over")
        intake.end("too late")
        last = await intake.take(1.0)
        assert last is not None and last[0] == b"last\n"
        assert await intake.take(1.0) is None and intake.ended == "over"
        await asyncio.sleep(0)

    run(main())
