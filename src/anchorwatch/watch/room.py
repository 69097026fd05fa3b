"""The watch room: what the running watch lets others see. The API reads it and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anchorwatch.chart import Chart
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed
from anchorwatch.judgement.watch_list import WatchLists
from anchorwatch.model import Fault
from anchorwatch.picture.coverage import Coverage
from anchorwatch.picture.coverage import start as no_coverage

if TYPE_CHECKING:
    from anchorwatch.edges.history import History
    from anchorwatch.edges.identities import Identities
    from anchorwatch.edges.notify import Notifier
    from anchorwatch.edges.store import Store
    from anchorwatch.edges.tile_files import TileFile
    from anchorwatch.picture.latest import Latest
    from anchorwatch.watch.press import Press
    from anchorwatch.watch.switchboard import Switchboard


@dataclass
class FeedTimes:
    """What the engine knows of one feed, beside what the feed knows of itself."""

    number: int = -1  # `source` of its rows, in the picture and the coverage; -1 = its place among the room's feeds
    rows: int = 0
    rejects: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
    late: int = 0
    newest_us: int = 0  # newest time that its rows state
    watermark_us: int = 0  # up to here it lets nothing wait
    clock_error_s: float = float("nan")  # how far its times are ahead of the others' (or of this machine's clock)
    clock_from: str = ""  # what that was measured against


@dataclass
class Progress:
    """How far the watch is; written by the watch, read by all."""

    started_us: int = 0
    caught_up: bool = False  # False while the raw log is replayed after a start
    replay_of: str = ""  # what is replayed; "" = live
    now_us: int = 0  # the time of the picture: that of the clock, in a replay that of the data
    settled_us: int = 0  # everything before this is judged
    lag_s: float = 0.0  # from arrival to having gone through the detectors, the last turn
    positions: int = 0
    queue_bytes: int = 0
    checkpoint_us: int = 0
    troubles: dict[str, str] = field(default_factory=dict)  # what the officer must know, by kind: disk, clock, ...
    feeds: dict[str, FeedTimes] = field(default_factory=dict)

    @property
    def trouble(self) -> str:
        """What the officer must know in one text; "" = nothing."""
        return "; ".join(list(self.troubles.values()))


@dataclass(frozen=True)
class Demo:
    """What a demonstration shows, so that the page can speak of it."""

    title: str
    text: str  # what is replayed, and what it is not
    ship_mmsi: int  # the ship that it is about
    ship_name: str
    first_alert_us: int  # time of the picture at which the first alert about her shows
    speed: float  # data seconds a second from shortly before that on
    opened: threading.Event = field(default_factory=threading.Event, compare=False)  # somebody looks


@dataclass
class Room:
    """Everything a reader needs. All parts may be read from any thread."""

    chart: Chart
    clock: Clock
    store: Store  # alerts, work, users, outbox
    latest: Latest  # the picture now
    history: History  # the picture then
    progress: Progress
    feeds: Sequence[Feed] = ()
    notifier: Notifier | None = None
    coverage: Coverage = field(default_factory=no_coverage)  # who hears where; the watch puts the newest in
    switchboard: Switchboard | None = None  # None: a replay, which takes no feeds
    demo: Demo | None = None
    tiles: Mapping[str, TileFile] = field(default_factory=dict)  # charts of the user, by name
    on_change: list[Callable[[], None]] = field(default_factory=list)  # called from the watch's thread at each turn
    watch_lists: WatchLists = field(default_factory=WatchLists)  # of the job, as are the notices
    faults: tuple[Fault, ...] = ()  # outage notices
    identities: Identities | None = None  # what vessels have said of themselves, kept for good
    press: Press | None = None  # the report desk; `watch.press.press_of` makes it where there is none

    def feed_names(self) -> dict[int, str]:
        """Return the name of each feed by the number that its rows have, also of those that were switched off."""
        names = {times.number: name for name, times in list(self.progress.feeds.items()) if times.number >= 0}
        heard = set(names.values())
        for feed in self.feeds:  # the next that is heard for the first time will have the next number
            if feed.name not in heard:
                names[max(names, default=-1) + 1] = feed.name
        return names
