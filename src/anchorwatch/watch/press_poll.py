"""The thread of the watch that brings reports: feeds polled with patience, files read when they change."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from anchorwatch.desk.reading import About, read
from anchorwatch.desk.report import Item
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.press.addresses import is_url
from anchorwatch.edges.press.files import modified_us, read_bytes
from anchorwatch.edges.press.poll import Health, Poller, State, subscriptions
from anchorwatch.edges.store.reports import FeedState
from anchorwatch.errors import AnchorwatchError, BadUse
from anchorwatch.watch.look_backs import be_modest

if TYPE_CHECKING:
    from anchorwatch.edges.press.fetch import Fetcher
    from anchorwatch.watch.press import Press

LOOK_S = 1.0  # how often it is seen whether a feed is due, a file has changed, the watch stops
FAILING_US = 3_600_000_000  # a feed that fails for so long is a trouble: an hour of news is lacking
LATER_S = 10.0  # after the store could not be written
TROUBLE = "reports"


@dataclass
class ReportFile:
    """A file of reports, read when it changes."""

    name: str
    source: str | None = None
    read_us: int | None = None  # when it was written, as it was read last
    why: str = ""
    last_ok_us: int = 0
    new: int = 0
    known: int = 0
    rejects: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    waiting: list[Item] = field(default_factory=list)  # of a replay: what is not published yet

    def health(self) -> Health:
        """Return how it is; of its path the name only, since that is shown to all."""
        name = PurePath(self.name).name
        return Health(
            name, self.source or name, self.last_ok_us, self.why, 0, self.new, self.known,
            dict(self.rejects), dict(self.notes),
        )  # fmt: skip


class PressPoll:
    """Brings reports from feeds and files to the desk, in a thread of its own."""

    def __init__(self, press: Press, sources: Sequence[str], clock: Clock, fetcher: Fetcher | None = None) -> None:
        """Take `URL`, `NAME=URL` or files. Raises BadUse, BadInput where one cannot be meant or read."""
        self._press, self._clock = press, clock
        urls = [s for s in sources if is_url(s)]
        known = [State(*feed[:7]) for feed in press.reports.feeds()]
        self._poller = Poller(subscriptions(urls), clock, known, fetcher)
        self._files = [ReportFile(s) for s in sources if not is_url(s)]
        for file in self._files:
            if file.name == "-":
                raise BadUse("standard input is not polled", "--reports -", "Name a file, or use anchorwatch reports -")
            read_bytes(file.name)  # what cannot be read is said before the watch begins
        self._began_us = clock.now_us()
        self._told: set[str] = set()  # names of the troubles of feeds and files
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="anchorwatch-press", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def health(self) -> list[Health]:
        """Return how each feed and file is."""
        return [*self._poller.health(), *(file.health() for file in self._files)]

    def _run(self) -> None:
        be_modest()
        asyncio.run(self._keep_on())

    async def _keep_on(self) -> None:
        stopped = asyncio.create_task(self._stopped())
        while not self._stopping.is_set():
            work = asyncio.create_task(self.turn())
            await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():  # a feed that is slow to answer holds up no end
                work.cancel()
            with suppress(asyncio.CancelledError):
                wait_s = await work
                await asyncio.wait({stopped}, timeout=wait_s)

    async def _stopped(self) -> None:
        while not self._stopping.is_set():
            await asyncio.sleep(0.05)

    async def turn(self) -> float:
        """Bring what there is; returns after how many seconds to look again."""
        troubles = self._press.room.progress.troubles
        try:
            for file in self._files:
                await asyncio.to_thread(self._look_at, file)
            due = self._poller.due_us()
            if due is not None and due <= self._clock.now_us():
                await self._poll()
            await asyncio.to_thread(self._press.refresh)
        except AnchorwatchError as error:
            troubles[TROUBLE] = str(error)
            return LATER_S
        except Exception as error:  # a defect must not end the reading of reports unseen
            troubles[TROUBLE] = _defect(error)
            return LATER_S
        troubles.pop(TROUBLE, None)
        self._tell()
        return LOOK_S

    async def _poll(self) -> None:
        batches, defect = await self._poller.run_once(), None
        for number, batch in enumerate(batches):
            try:
                feed = FeedState(*batch.state)
                await asyncio.to_thread(self._press.take, batch.items, feed, self._stopping.is_set)
            except (AnchorwatchError, asyncio.CancelledError):
                for left in batches[number:]:
                    self._poller.forget(left)
                raise
            except Exception as error:  # what one feed says must not keep the others from being read
                self._poller.forget(batch)
                defect = error
        if defect is not None:
            raise defect

    def _look_at(self, file: ReportFile) -> None:
        """Bring what a file says; one that meets a defect keeps no other from being read, and waits for a change."""
        try:
            self._of_file(file)
        except AnchorwatchError:
            raise
        except Exception as error:
            file.waiting, file.why = [], _defect(error)

    def _of_file(self, file: ReportFile) -> None:
        """Read a file that has changed; one that went away is said, and looked for again."""
        written_us = modified_us(file.name)
        if written_us is None:
            file.why = "the file is not there"
        elif written_us != file.read_us:
            try:
                data, more = read_bytes(file.name)
            except AnchorwatchError as error:
                file.why = error.what
                return
            about = About(source=file.source, file=file.name, received_us=self._press.now_us())
            file.read_us = written_us
            found = read(data, about)
            file.rejects, file.notes = dict(found.rejects.counts), dict(found.notes.counts)
            file.waiting = list(found.items)
            file.why, file.last_ok_us = "only its beginning is read" if more else "", self._clock.now_us()
        self._take(file)

    def _take(self, file: ReportFile) -> None:
        """Take what is published by now: in a replay, nothing is told before it was."""
        now_us, replay = self._press.now_us(), bool(self._press.room.progress.replay_of)
        due, later = list[Item](), list[Item]()
        for item in file.waiting:
            early = replay and item.published_us is not None and item.published_us > now_us
            (later if early else due).append(item)
        if not due:
            return
        kept = self._press.take(due, stop=self._stopping.is_set)
        if not self._stopping.is_set():
            file.waiting = later
            file.new += len(kept.fresh)
            file.known += kept.copies

    def _tell(self) -> None:
        """Say which feed has failed for long."""
        troubles, now_us = self._press.room.progress.troubles, self._clock.now_us()
        said = {
            f"{TROUBLE} {one.url}": f"no reports from {one.source} for an hour: {one.why}"
            for one in self.health()
            if one.why and now_us - max(one.last_ok_us, self._began_us) >= FAILING_US
        }
        for name in self._told - said.keys():
            troubles.pop(name, None)
        troubles.update(said)
        self._told = set(said)


def _defect(error: Exception) -> str:
    return f"what came cannot be read ({type(error).__name__})"
