"""Several feeds, asked in turn: each at its own pace, one bad one never holds the others up.

    poller = Poller(subscriptions(urls), clock, states)
    while True:
        for batch in await poller.run_once():
            keep(batch.items, batch.state)      # in one transaction
            # where that fails: poller.forget(batch), and all of it comes again
        ...                                     # wait until poller.due_us()

A batch holds what was not seen since the start; the state is plain data, to be kept and given back at the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from anchorwatch.desk.reading import About, Reading, read
from anchorwatch.desk.reading.gdelt import is_of_gdelt
from anchorwatch.desk.report import MOST_TEXT, Item
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.press.addresses import Address, named, parse
from anchorwatch.edges.press.fetch import Failed, Fetched, Fetcher
from anchorwatch.edges.records import plain
from anchorwatch.errors import BadUse

USUAL_S, LEAST_S = 300.0, 60.0
GDELT_S = 900.0  # it looks at the press every quarter of an hour
MOST_BACKOFF_S = 3600.0
MOST_SEEN = 5000  # ids remembered of one feed
MOST_NEW, MOST_NEW_CHARACTERS = 5_000, 10_000_000  # of one feed in a day: a busy agency has a tenth of it
DAY_US = 86_400_000_000
MOST_FEEDS = 200
AT_ONCE = 4  # feeds asked side by side


class State(NamedTuple):
    """How the polling of one feed stands: plain data, to be kept."""

    url: str  # as shown: without secrets
    etag: str = ""
    modified: str = ""
    next_us: int = 0  # not before
    failures: int = 0  # in a row
    last_ok_us: int = 0  # 0 = never
    why: str = ""  # it failed the last time; "" = it did not


class Subscription(NamedTuple):
    """One feed that the user wants."""

    address: Address
    source: str | None = None  # name that the user gave it
    every_s: float = USUAL_S


class Health(NamedTuple):
    """How a feed is, for people."""

    url: str
    source: str  # its name
    last_ok_us: int
    why: str  # "" = well
    next_us: int
    new: int  # items since the start
    known: int
    rejects: dict[str, int]  # counted by reason since the start
    notes: dict[str, int]


class Batch(NamedTuple):
    """What one poll of one feed has brought."""

    url: str
    items: tuple[Item, ...]  # those that were not seen since the start
    state: State
    rejects: dict[str, int]
    notes: dict[str, int]
    why: str  # "" = it went well


def subscriptions(urls: Sequence[str], every_s: float | None = None) -> list[Subscription]:
    """Return the feeds of several `URL` or `NAME=URL`. Raises BadUse."""
    found = []
    for text in urls[: MOST_FEEDS + 1]:
        name, url = named(text)
        address = parse(url)
        least = GDELT_S if is_of_gdelt(f"{address.scheme}://{address.host}") else LEAST_S
        wanted = max(USUAL_S, least) if every_s is None else every_s
        found.append(Subscription(address, name, max(wanted, least)))
    shown = [s.address.shown for s in found]
    for one in shown:
        if shown.count(one) > 1:
            raise BadUse("this feed is named twice", one, "Name each once")
    if len(found) > MOST_FEEDS:
        raise BadUse(f"more than {MOST_FEEDS} feeds", "--press", "Leave some out")
    return found


@dataclass
class _Feed:
    wanted: Subscription
    state: State
    title: str = ""
    seen: dict[str, None] = field(default_factory=dict)  # ids, the oldest first
    new: int = 0
    known: int = 0
    rejects: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    day: int = -1  # since 1970
    today: int = 0  # new ones
    characters: int = 0  # of these

    def sift(self, items: Iterable[Item], now_us: int) -> tuple[tuple[Item, ...], int]:
        """Return what was not seen yet, and remember it; and how many are too many for a day: these are not."""
        fresh, over = [], 0
        if now_us // DAY_US != self.day:
            self.day, self.today, self.characters = now_us // DAY_US, 0, 0
        for item in items:
            if item.id in self.seen:
                self.known += 1
                del self.seen[item.id]  # to be put at the end: it is still there
            elif self.today >= MOST_NEW or self.characters >= MOST_NEW_CHARACTERS:
                over += 1
                continue
            else:
                self.new += 1
                self.today += 1
                self.characters += min(len(item.text), MOST_TEXT)
                fresh.append(item)
            self.seen[item.id] = None
        for old in list(self.seen)[: max(0, len(self.seen) - MOST_SEEN)]:
            del self.seen[old]
        return tuple(fresh), over


class Poller:
    """Polls feeds. Nothing is written here: what came, and how it stands, goes to whoever asked."""

    def __init__(
        self, wanted: Sequence[Subscription], clock: Clock, states: Iterable[State] = (), fetcher: Fetcher | None = None
    ) -> None:
        """Take the feeds, the clock, and how their polling stood when it last ended."""
        self._clock, self._fetcher = clock, fetcher or Fetcher(clock)
        kept = {state.url: state for state in states}
        self._feeds = {s.address.shown: _Feed(s, kept.get(s.address.shown, State(s.address.shown))) for s in wanted}
        self._places = asyncio.Semaphore(AT_ONCE)

    @property
    def states(self) -> list[State]:
        """Return how each feed stands."""
        return [feed.state for feed in self._feeds.values()]

    def due_us(self) -> int | None:
        """Return when the next feed is due, perhaps past; None without feeds."""
        return min((self._when_us(f) for f in self._feeds.values()), default=None)

    def _when_us(self, feed: _Feed) -> int:
        """Return when a feed is due; a time far ahead is from a clock that was wrong."""
        ahead_us = feed.state.next_us - self._clock.now_us()
        return feed.state.next_us if ahead_us <= 25 * 3_600_000_000 else 0

    async def run_once(self) -> list[Batch]:
        """Ask every feed that is due; one that fails is a batch without items, that says why."""
        now_us = self._clock.now_us()
        due = [feed for feed in self._feeds.values() if self._when_us(feed) <= now_us]
        return list(await asyncio.gather(*map(self._poll, due)))

    def forget(self, batch: Batch) -> None:
        """Take back what a batch said: it could not be kept, and is to come again."""
        feed = self._feeds[batch.url]
        for item in batch.items:
            feed.seen.pop(item.id, None)
        feed.new -= len(batch.items)
        feed.state = feed.state._replace(etag="", modified="")

    def health(self) -> list[Health]:
        """Return how each feed is."""
        return [
            Health(
                f.state.url, f.wanted.source or f.title or f.wanted.address.host, f.state.last_ok_us, f.state.why,
                f.state.next_us, f.new, f.known, dict(f.rejects), dict(f.notes),
            )
            for f in self._feeds.values()
        ]  # fmt: skip

    async def _poll(self, feed: _Feed) -> Batch:
        async with self._places:
            state, address = feed.state, feed.wanted.address
            try:
                came = await self._fetcher.get(address, state.etag, state.modified)
                reading = Reading() if came.same else await asyncio.to_thread(read, came.data, self._about(feed))
                why, wait_s = _wrong(came, reading), 0.0
            except Failed as failed:
                came, reading, why, wait_s = Fetched(b""), Reading(), failed.why, failed.wait_s
            except Exception as error:  # a defect in reading one feed must not end the others
                came, reading, wait_s = Fetched(b""), Reading(), 0.0
                why = f"it cannot be read ({type(error).__name__})"
        return self._batch(feed, came, reading, why, wait_s)

    def _about(self, feed: _Feed) -> About:
        url = feed.state.url
        return About(source=feed.wanted.source, file=url, url=url, received_us=self._clock.now_us())

    def _batch(self, feed: _Feed, came: Fetched, reading: Reading, why: str, wait_s: float) -> Batch:
        items, over = feed.sift(reading.items, self._clock.now_us())
        if over:  # what is left out is asked for again
            reading.rejects.add("too_many_in_a_day", 0, "", over)
            came = came._replace(etag="", modified="")
        feed.title = reading.title or feed.title
        notes = reading.notes
        if came.cut:
            notes.add("feed_cut", 0, came.cut)
        for mine, those in ((feed.rejects, reading.rejects.counts), (feed.notes, notes.counts)):
            for reason, number in those.items():
                mine[reason] = mine.get(reason, 0) + number
        feed.state = self._after(feed, came, why, wait_s)
        return Batch(feed.state.url, items, feed.state, dict(reading.rejects.counts), dict(notes.counts), why)

    def _after(self, feed: _Feed, came: Fetched, why: str, wait_s: float) -> State:
        now_us, state, every_s = self._clock.now_us(), feed.state, feed.wanted.every_s
        if why:
            failures = min(state.failures + 1, 1000)
            backoff_s = max(every_s, min(MOST_BACKOFF_S, every_s * 2.0 ** min(failures - 1, 10)))
            next_us = now_us + int(max(backoff_s, wait_s) * 1e6)
            return state._replace(next_us=next_us, failures=failures, why=plain(why)[:300])
        etag, modified = (came.etag or state.etag, came.modified or state.modified) if came.same else came[1:3]
        return State(state.url, etag, modified, now_us + int(every_s * 1e6), 0, now_us)


def _wrong(came: Fetched, reading: Reading) -> str:
    """Return why an answer is none; "" where it is one."""
    if came.same:
        return ""
    if reading.form == "page":
        reading.items.clear()
        return "this is a web page, not a feed"
    for reason, words in (
        ("empty", "the answer is empty"), ("no_feed", "this is XML, but no feed"), ("gdelt_error", "GDELT answers"),
        ("unknown_json", "this is JSON of a kind that is not known"),
    ):  # fmt: skip
        if reason in reading.rejects.counts and not reading.items:
            said = plain(reading.rejects.examples[reason][1])
            return f"{words}: {said}" if reason == "gdelt_error" else words
    return came.cut if came.cut and not reading.items else ""
