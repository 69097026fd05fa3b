"""The keeper of the watch: takes pieces, logs them, passes them through the engine, records what it says.

One thread. Its state is a function of the raw log: after a kill, the newest whole checkpoint and the log behind it
give the same alerts. What the store has recorded already is not recorded again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from anchorwatch.chart import nearest
from anchorwatch.decode import Decoded
from anchorwatch.edges import checkpoint
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Piece, offers
from anchorwatch.edges.history import History
from anchorwatch.edges.identities import Identities
from anchorwatch.edges.raw_log import RawLog
from anchorwatch.engine.batch import Block, Tally
from anchorwatch.engine.feed_time import FeedTime
from anchorwatch.engine.job import Job
from anchorwatch.engine.live import Live, Turn
from anchorwatch.errors import BadStore
from anchorwatch.judgement.work import Event
from anchorwatch.model import LEVELS, Alert
from anchorwatch.picture import policy
from anchorwatch.watch import feed_times
from anchorwatch.watch.desk import WARM_PIECES, Desk
from anchorwatch.watch.room import FeedTimes, Room

CHECKPOINT_S = 60.0
RECORD_S = 5.0  # how far the watch is, where there is nothing else to record
MARKS_S = 1.0
FORGET_S = 60.0
RETRY_S = 1.0  # a full disk may be freed
LACKING = {"history": "tracks may lack places", "identities": "what vessels said of themselves may be lacking"}

Told = Callable[[list[Alert], list[Event]], None]


@dataclass(frozen=True)
class Kept:
    """Where the watch keeps its own things, and how late each feed may be."""

    folder: Path
    hold_s: Mapping[str, float]
    log: RawLog | None  # None: a replay, whose file is its own log
    checkpoint_s: float = CHECKPOINT_S

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints."""
        return self.folder / "checkpoints"


class Keeper:
    """Works in one thread; `stopping` ends it from any other."""

    def __init__(self, job: Job, room: Room, kept: Kept, clock: Clock, told: Told) -> None:
        """Begin with nothing heard; `restart.resume` goes on from what is on disk."""
        self.job, self.room, self.kept, self.clock, self.told = job, room, kept, clock, told
        self.desk = Desk()
        self.numbers: dict[str, int] = {}
        self.live = Live(job, tally=Tally(self.count_rejects))
        self.seq = self.checked_seq = 0
        self.stopping = threading.Event()
        self.extra: dict[str, Any] = {}  # of a replay: how far it is
        self.reached: dict[str, int] = {}  # of feeds that can be read again
        self._due = dict.fromkeys(("checkpoint", "record", "marks", "tick", "forget"), clock.monotonic_s())
        self._writer = ThreadPoolExecutor(1, "anchorwatch-checkpoint")
        self._writing: Future[None] | None = None
        self._unwritten: BadStore | None = None  # what the watch was stopped over
        self._marked = -1
        self._arrived_us = 0

    # ---- the work

    def take(self, pieces: Iterable[Piece]) -> None:
        """Log pieces and pass them on; waits where the disk is full, until it is not or the watch stops."""
        for piece in pieces:
            seq = self.write_down(piece)
            if seq is None:
                return  # stopped while the disk was full: not logged, so not heard; `close` says so
            self.hear([piece], seq)

    def write_down(self, piece: Piece) -> int | None:
        """Log a piece and return its number; None where the watch was stopped while the disk was full."""
        log = self.kept.log
        assert log is not None
        seq: int | None = self._until_written(lambda: log.append(piece))
        if seq is not None:
            self.reached[piece.feed] = piece.reached
        return seq

    def hear(self, pieces: list[Piece], seq: int) -> None:
        """Decode pieces of one feed that are logged up to `seq`, and let the engine and the picture have them."""
        self.hear_decoded(pieces, self.desk.read(pieces), seq)

    def hear_decoded(self, pieces: list[Piece], read: tuple[Decoded, np.ndarray[Any, Any]], seq: int) -> None:
        """Let the engine and the picture have what the desk has read of pieces."""
        name, (decoded, arrivals_us) = pieces[0].feed, read
        self.reject(name, decoded.rejects)
        block = Block(decoded.positions, decoded.statics, decoded.others.height)
        self.hear_rows(name, block, pieces[-1].arrived_us, seq, arrivals_us)

    def hear_rows(
        self, name: str, block: Block, arrived_us: int, seq: int, arrivals_us: np.ndarray[Any, Any] | None = None
    ) -> None:
        """Let the engine and the picture have decoded rows of one feed."""
        number = self._number(name)
        if self.kept.log is not None and number not in (self.live.job.policies or {}):
            self._say_policies()
        kept = self.live.hear(number, block, arrived_us, arrivals_us)
        self.seq, self._arrived_us = seq, arrived_us
        now_us = self.clock.now_us() if arrived_us else None  # a broken clock must not hold a vessel's place
        self.room.latest.update(kept, block.statics, number, now_us)
        self.room.history.add(kept, seq)
        if self.room.identities is not None:
            self.room.identities.add(block.statics, seq, now_us)

    def _number(self, name: str) -> int:
        if name not in self.numbers:
            number = self.numbers[name] = len(self.numbers)
            self.live.feeds[number] = FeedTime(round(self.kept.hold_s.get(name, 120.0) * 1e6))
        return self.numbers[name]

    def _say_policies(self) -> None:
        """Let judgement know what each feed leaves out by rule: who is not heard there is not dark."""
        # Offers are named by their kind: one that is switched off has heard what it has heard, also before this start.
        kinds = {name: name for name in offers.BY_NAME}
        kinds |= {feed.name: feed.url.partition(":")[0] for feed in self.room.feeds}
        policies = {number: policy.of(kinds.get(name, "")) for name, number in self.numbers.items()}
        self.live.job = self.live.job._replace(policies=policies)

    def turn(self) -> Turn | None:
        """Judge what is in order; record and tell it."""
        turn = self.live.turn()
        now_s = self.clock.monotonic_s()
        if turn is not None and turn.alerts:
            self.record(turn.alerts)
        elif self._is_due("record", RECORD_S, now_s) and self.seq:
            self.record([])
        self._show(turn)
        self.room.coverage = self.live.coverage
        if self._is_due("marks", MARKS_S, now_s):
            self._marks()
        if self._is_due("tick", 0.5, now_s):
            self._tick()
        if self._is_due("forget", FORGET_S, now_s):
            self.room.latest.forget(max((f.newest_us for f in self.live.feeds.values()), default=0))
        if self._whole() and self._is_due("checkpoint", self.kept.checkpoint_s, now_s):
            self.checkpoint()
        self._tell_readers()
        return turn

    def show(self) -> None:
        """Nothing comes any more: show what people do."""
        self._mark()
        self._tell_readers()

    def _tell_readers(self) -> None:
        for call in list(self.room.on_change):
            call()

    def end(self) -> None:
        """The replay is over: say what a watch would say if the world ended here."""
        turn = self.live.end()
        self.record(turn.alerts, self.seq + 1)
        self._show(turn)
        self._mark()

    def close(self) -> None:
        """Write a last checkpoint where nothing waits, and end; raises BadStore where something was not written."""
        self.turn()
        self._settle_writing(wait=True)
        if self._whole():
            self.checkpoint()
        self._settle_writing(wait=True)
        self._writer.shutdown()
        with ExitStack() as closing:  # where one cannot be written, the others still are
            for _, record in self._records():
                closing.callback(record.close)
        if self._unwritten is not None:
            raise self._unwritten

    def record(self, alerts: list[Alert], seq: int | None = None) -> None:
        """Write down alerts and how far the watch is, and tell what is new; waits where the disk is full."""
        data = {"settled_us": self.live.settled_us, **self.extra}
        number = self.seq if seq is None else seq
        events = self._until_written(lambda: self.room.store.record(alerts, number, data))
        if events is not None:
            self._due["record"] = self.clock.monotonic_s()
            self._tell(alerts, events)

    def _tell(self, alerts: list[Alert], events: list[Event]) -> None:
        try:
            self.told(alerts, events)
        except OSError as error:  # nobody reads what is printed, or it goes to a full disk
            if self.kept.log is None:
                raise
            self.trouble("print", f"alerts are kept, but cannot be printed ({error.strerror})")

    def _until_written(self, write: Callable[[], Any]) -> Any:
        """Try until the disk takes it; None where the watch was stopped meanwhile."""
        while True:
            try:
                done = write()
            except BadStore as error:
                self.trouble("disk", str(error))
                if self.stopping.wait(RETRY_S):
                    self._unwritten = BadStore(
                        f"stopped while it could not write: {error.what}. What came last is not kept",
                        error.where, "Make room; then start the watch again",
                    )  # fmt: skip
                    return None
            else:
                self.trouble("disk", "")
                return done

    # ---- checkpoints

    def _whole(self) -> bool:
        """Tell whether there is something new, and nothing of it is on its way through the engine."""
        return self.seq > self.checked_seq and not self.live.outputs and not self.live.positions

    def checkpoint(self) -> None:
        """Copy the memory and write it in another thread; one at a time."""
        if self._writing is not None and not self._writing.done():
            return
        self._settle_writing(wait=False)
        feeds = {n: {"number": k, "time": asdict(self.live.feeds[k])} for n, k in self.numbers.items()}
        memory, seq = checkpoint.copied(self.live.memory), self.seq
        extra = {"feeds": feeds, "heads": dict(self.desk.heads), "reached": dict(self.reached), **self.extra}
        extra["clocks"] = self.live.clocks.to_json()
        self._writing = self._writer.submit(self._write_checkpoint, memory, extra, seq)

    def _write_checkpoint(self, memory: Any, extra: dict[str, Any], seq: int) -> None:
        for what, record in self._records():
            if self._written(what, record.flush):  # or a kill would lose what is from before the checkpoint
                self.trouble(what, "")
        try:
            checkpoint.save(memory, self.job, self.kept.checkpoints, extra, seq)
        except Exception as error:
            self.trouble("checkpoint", f"{error or repr(error)}. The watch goes on; a restart will take longer")
            return
        self.trouble("checkpoint", "")
        self.checked_seq = seq
        self.room.progress.checkpoint_us = self.clock.now_us()

    def _records(self) -> list[tuple[str, History | Identities]]:
        """What is kept beside the store, and can be lost, since the raw log has it."""
        identities = self.room.identities
        return [("history", self.room.history), *([("identities", identities)] if identities is not None else [])]

    def _written(self, what: str, write: Callable[[], None]) -> bool:
        """Write such a record; the watch is not ended by what the raw log still has."""
        try:
            write()
        except Exception as error:
            self.trouble(what, f"{error or repr(error)}. The watch goes on; {LACKING[what]}")
            return False
        return True

    def _settle_writing(self, wait: bool) -> None:
        if self._writing is not None and (wait or self._writing.done()):
            self._writing.result()
            self._writing = None
        if self.kept.log is not None and self.checked_seq:
            self.kept.log.keep_from(max(1, checkpoint.needed_from(self.kept.checkpoints) - WARM_PIECES))

    # ---- what is shown

    def _tick(self) -> None:
        try:
            if self.kept.log is not None:
                self.kept.log.tick()
        except BadStore as error:
            self.trouble("disk", str(error))
        for what, record in self._records():
            self._written(what, record.tick)
        self._settle_writing(wait=False)

    def _show(self, turn: Turn | None) -> None:
        progress, live = self.room.progress, self.live
        progress.settled_us = live.settled_us
        if turn is not None:
            progress.positions += turn.positions
        if self.kept.log is None:
            progress.now_us = max((f.newest_us for f in live.feeds.values()), default=0)
        else:
            progress.now_us = self.clock.now_us()
            if self._arrived_us:
                progress.lag_s = max(0.0, (progress.now_us - self._arrived_us) / 1e6)
            self._arrived_us = 0
        feed_times.show(progress, live, self.numbers)

    def _marks(self) -> None:
        with suppress(BadStore):  # the picture lacks new marks; whatever is written next says what is wrong
            self._mark()

    def _mark(self) -> None:
        """Mark vessels by the level of what stands against them, and by what lies near."""
        newest = self.room.store.last_seq()
        if newest != self._marked:
            self._marked = newest
            levels: dict[int, int] = {}
            states = ["new", "acknowledged", "in_hand", "escalated"]
            for item in self.room.store.alerts(state=states, limit=1000, order="level"):  # a flood hides no alarm
                mmsi = int(item.alert["vessel"]["mmsi"])
                if mmsi and item.alert["status"] != "withdrawn":
                    levels[mmsi] = max(levels.get(mmsi, 0), LEVELS.index(item.alert["level"]) + 1)
            self.room.latest.set_levels(levels)
        table = self.room.latest.rows()
        if len(table):
            lon, lat = (np.ascontiguousarray(table[n], np.float64) for n in ("lon_deg", "lat_deg"))
            asset, asset_m, *_ = nearest(self.job.chart.grid, lon, lat)
            self.room.latest.set_assets(table["mmsi"], asset, asset_m)

    def _is_due(self, what: str, every_s: float, now_s: float) -> bool:
        if now_s - self._due[what] < every_s:
            return False
        self._due[what] = now_s
        return True

    def trouble(self, what: str, said: str) -> None:
        """Say what the officer must know, by its kind; "" = it is over."""
        troubles = self.room.progress.troubles
        if said:
            troubles[what] = said
        else:
            troubles.pop(what, None)

    def tell_clock(self, said: str) -> None:
        """Say what is wrong with this machine's clock: what it did, and what the feeds agree on."""
        names = {number: name for name, number in self.numbers.items()}
        self.trouble("clock", "; ".join(t for t in (said, self.live.clocks.machine_trouble(names)) if t))

    def reject(self, name: str, frame: pl.DataFrame) -> None:
        """Count rejects of a feed."""
        self.count_rejects(frame.with_columns(source=pl.lit(name)))

    def count_rejects(self, frame: pl.DataFrame) -> None:
        """Count rejects whose `source` is the name or the number of a feed."""
        if frame.height == 0:
            return
        names = {number: name for name, number in self.numbers.items()}
        for reason, source, count in frame.group_by("reason", "source").len().iter_rows():
            name = source if isinstance(source, str) else names.get(source, "")
            rejects = self.room.progress.feeds.setdefault(name, FeedTimes()).rejects
            rejects[reason] = rejects.get(reason, 0) + count
