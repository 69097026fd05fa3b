"""What the clients of services share: back-pressure, hostile messages, faults that are not hidden."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.edges.feeds import Piece
from anchorwatch.edges.feeds.aisstream import Stream
from anchorwatch.edges.feeds.lines import LINE_BYTES, Intake
from anchorwatch.edges.feeds.reconnect import Lost
from anchorwatch.edges.feeds.services import PART_BYTES, Service, one_line, parts_of
from anchorwatch.edges.feeds.urls import parse
from anchorwatch.edges.records import plain
from feed_peers import CLOCK, run, until

KEY = "k3y-of-somebody"


def test_a_service_waits_while_the_watch_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anchorwatch.edges.feeds.lines.MOST_BYTES", 1000)
    free, given_, got = asyncio.Event(), [0], bytearray()

    async def put(piece: Piece) -> None:
        await free.wait()
        got.extend(piece.data)

    async def source(intake: Intake, gate: asyncio.Event) -> str:
        for n in range(1000):
            await gate.wait()
            intake.add(b"%04d\n" % n)
            given_[0] += 1
            await asyncio.sleep(0)
        return "the end"

    async def main() -> str:
        feed = Service(parse("aisstream:"), CLOCK)
        pouring = asyncio.create_task(feed.pour(put, source))
        await asyncio.sleep(0.3)
        assert given_[0] <= 2 * 1000 // 5 + 1  # one piece on its way, one waiting
        free.set()
        return await pouring

    assert run(main()) == "the end"
    assert got.split() == [b"%04d" % n for n in range(1000)]


def test_a_fault_of_ours_is_not_taken_for_a_lost_connection() -> None:
    async def put(_piece: Piece) -> None:
        pass

    async def source(_intake: Intake, _gate: asyncio.Event) -> str:
        raise ZeroDivisionError

    async def main() -> None:
        await Service(parse("aisstream:"), CLOCK).pour(put, source)

    with pytest.raises(ZeroDivisionError):
        run(main())


def test_when_one_source_ends_the_others_are_stopped() -> None:
    stopped = []

    async def put(_piece: Piece) -> None:
        pass

    async def first(_intake: Intake, _gate: asyncio.Event) -> str:
        await asyncio.sleep(0.01)
        raise Lost("gone")

    async def second(_intake: Intake, _gate: asyncio.Event) -> str:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.append(True)
        return ""

    async def main() -> str:
        why = await Service(parse("aisstream:"), CLOCK).pour(put, first, second)
        await until(lambda: len(stopped) == 1)
        return why

    assert run(main()) == "gone"


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(KEY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["error", "MessageType", "x"]), inner),
    max_leaves=8,
)


@given(ANY | st.binary(max_size=200), st.booleans())
def test_no_message_breaks_the_client_or_shows_the_key(value: Any, as_text: bool) -> None:
    feed = Stream(parse("aisstream:"), CLOCK, KEY)
    frame = value if isinstance(value, bytes) else json.dumps(value).encode()
    try:
        line = feed._line(frame.decode("utf-8", "replace") if as_text else frame)
    except Lost as error:
        feed.enter("waiting", str(error))
        assert (
            KEY not in feed.health.trouble
            and plain(feed.health.trouble) == feed.health.trouble
            and len(feed.health.trouble) <= 200
        )
    else:
        assert line == b"" or (line.endswith(b"\n") and line.count(b"\n") == 1 and b"\r" not in line)


def test_records_as_lines_in_parts() -> None:
    records = [{"n": n, "text": "ä\n" * 20} for n in range(5000)]
    parts = parts_of(records)
    assert [json.loads(line) for part in parts for line in part.splitlines()] == records
    assert len(parts) > 1 and all(len(part) < PART_BYTES + 1000 for part in parts)
    assert parts_of([]) == [] and len(one_line(b"x" * 10**6)) == LINE_BYTES + 1
