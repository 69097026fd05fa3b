"""Several feeds polled, against real servers on loopback: each at its pace, none at the cost of another."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from anchorwatch.edges.press.fetch import Fetcher
from anchorwatch.edges.press.poll import Batch, Poller, State, subscriptions
from anchorwatch.errors import BadUse
from notify_receivers import SkippingClock
from press_servers import QUICK, RSS, Request, always, answer, got, site

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def fetcher() -> Fetcher:
    return Fetcher(SkippingClock(), QUICK)


class Pages:
    """A server whose pages a test changes."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}

    async def reply(self, request: Request, writer: Any) -> None:
        writer.write(self.pages.get(request.path, answer(b"", "404 Not Found")))


def brought(batches: list[Batch]) -> dict[str, list[str]]:
    return {batch.url.rpartition("/")[2]: [item.text for item in batch.items] for batch in batches}


def test_a_bad_feed_never_stops_the_others() -> None:
    async def work() -> None:
        pages, clock = Pages(), SkippingClock()
        async with site(pages.reply) as here:
            pages.pages = {
                "/good": answer(ETag='"1"'), "/page": answer("<!doctype html><html><body>Log in</body></html>"),
                "/empty": answer(""), "/json": answer('{"a": 1}'), "/plain": answer("Ships sail.\nCables hum."),
            }  # fmt: skip
            urls = [here.url(f"/{name}") for name in ("gone", "good", "page", "empty", "json", "plain")]
            poller = Poller(subscriptions([f"Coast={urls[1]}", *urls[:1], *urls[2:]]), clock, fetcher=fetcher())
            batches = await poller.run_once()
            assert brought(batches) == {
                "good": ["The cable failed.", "A ship was boarded."], "gone": [], "page": [], "empty": [], "json": [],
                "plain": ["Ships sail.", "Cables hum."],
            }  # fmt: skip
            why = {h.url.rpartition("/")[2]: h.why for h in poller.health()}
            assert why == {
                "good": "", "gone": "it answers with HTTP status 404", "page": "this is a web page, not a feed",
                "empty": "the answer is empty", "json": "this is JSON of a kind that is not known", "plain": "",
            }  # fmt: skip
            assert poller.health()[0].source == "Coast" and batches[0].items[0].source == "Coast"
            assert await poller.run_once() == []  # nothing is due

    run(work())


def test_each_at_its_pace_new_items_once_and_patience_with_those_that_fail() -> None:
    async def work() -> None:
        pages, clock = Pages(), SkippingClock()
        async with site(pages.reply) as here:
            pages.pages = {"/a": answer(ETag='"1"')}
            poller = Poller(subscriptions([here.url("/a"), here.url("/b")]), clock, fetcher=fetcher())
            await poller.run_once()
            waits = []
            for _ in range(7):
                due = poller.due_us()
                assert due is not None
                clock.skip((due - clock.now_us()) / 1e6)
                for batch in await poller.run_once():
                    if batch.url.endswith("/b"):
                        waits.append((batch.state.next_us - clock.now_us()) / 1e6)
                    else:
                        assert batch.items == () and not batch.why
            assert waits[:3] == [600.0, 1200.0, 2400.0][: len(waits)]
            assert max(waits) <= 3600
            pages.pages["/a"] = answer(RSS.replace("boarded", "freed"), ETag='"2"')
            pages.pages["/b"] = answer(RSS)
            clock.skip(7200)
            assert brought(await poller.run_once())["a"] == ["A ship was freed."]
            assert [s.failures for s in poller.states] == [0, 0] and poller.health()[0].known > 2

    run(work())


def test_validators_are_kept_and_given_back() -> None:
    async def work() -> None:
        async def reply(request: Request, writer: Any) -> None:
            same = request.headers.get("if-none-match") == '"1"'
            writer.write(answer(b"", "304 Not Modified") if same else answer(ETag='"1"'))

        clock = SkippingClock()
        async with site(reply) as here:
            first = Poller(subscriptions([here.url()]), clock, fetcher=fetcher())
            (batch,) = await first.run_once()
            assert len(batch.items) == 2 and batch.state.etag == '"1"'
            kept = [State(**state._asdict()) for state in first.states]
            clock.skip(301)
            again = Poller(subscriptions([here.url()]), clock, kept, fetcher())
            (batch,) = await again.run_once()
            assert batch.items == () and not batch.why and batch.state.etag == '"1"'
            assert batch.state.last_ok_us == clock.now_us()
            again.forget(batch)  # it could not be kept
            clock.skip(301)
            (batch,) = await again.run_once()
            assert len(batch.items) == 2
            again.forget(batch)
            clock.skip(301)
            (batch,) = await again.run_once()
            assert len(batch.items) == 2

    run(work())


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [("7", 300.0), ("5000", 5000.0), ("999999999", 86_400.0), ("Mon, 23 Nov 2026 05:00:00 GMT", 7200.0),
     ("soon", 300.0), ("-5", 300.0), ("Mon, 99 Nov 2026 05:00:00 GMT", 300.0)],
)  # fmt: skip
def test_who_asks_for_time_gets_it(header: str, wait_s: float) -> None:
    async def work() -> None:
        clock = SkippingClock()
        reply = answer(b"", "429 Slow", Retry_After=header, Date="Mon, 23 Nov 2026 03:00:00 GMT")
        async with site(always(reply)) as here:
            poller = Poller(subscriptions([here.url()]), clock, fetcher=fetcher())
            (batch,) = await poller.run_once()
            assert (batch.state.next_us - clock.now_us()) / 1e6 == wait_s and batch.state.failures == 1

    run(work())


def test_a_clock_that_was_wrong_does_not_silence_a_feed() -> None:
    async def work() -> None:
        clock = SkippingClock()
        async with site(always(answer())) as here:
            far = State(here.url(), next_us=clock.now_us() + 400 * 86_400_000_000)
            poller = Poller(subscriptions([here.url()]), clock, [far], fetcher())
            assert len(await poller.run_once()) == 1

    run(work())


def test_pace_of_gdelt() -> None:
    async def work() -> None:
        clock = SkippingClock()
        waits: list[float] = []

        class Counting(SkippingClock):
            async def sleep(self, seconds: float) -> None:
                waits.append(seconds)
                self.skip(seconds)

        async def lookup(host: str, port: int) -> list[str]:
            return []

        clock = Counting()
        mine = Fetcher(clock, QUICK, lookup=lookup)
        for _ in range(3):
            await got(mine, "https://api.gdeltproject.org/api/v2/doc/doc?query=cable")
        assert waits == [5.0, 5.0]

    run(work())
    (gdelt,) = subscriptions(["https://api.gdeltproject.org/api/v2/doc/doc?query=cable"])
    assert gdelt.every_s == 900.0
    assert [s.every_s for s in subscriptions(["http://a/", "http://b/"], 5.0)] == [60.0, 60.0]


def test_feeds_named_twice_or_too_many() -> None:
    for urls in (
        ["http://a/", "http://a/"],
        ["http://a/?key=1", "http://a/?key=2"],
        [f"http://a/{n}" for n in range(201)],
    ):
        with pytest.raises(BadUse):
            subscriptions(urls)
    assert Poller([], SkippingClock()).due_us() is None


def test_a_defect_in_reading_is_that_feeds_trouble_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from anchorwatch.edges.press import poll

    def broken(data: bytes, about: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(poll, "read", broken)

    async def work() -> None:
        async with site(always(answer())) as here:
            (batch,) = await Poller(subscriptions([here.url()]), SkippingClock(), fetcher=fetcher()).run_once()
            assert batch.why == "it cannot be read (ZeroDivisionError)"

    run(work())
