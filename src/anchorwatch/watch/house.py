"""The running watch put together: feeds and web server in the loop, the keeper in its thread, and how it all ends."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.history import History
from anchorwatch.edges.identities import Identities
from anchorwatch.edges.raw_log import Policy, RawLog
from anchorwatch.edges.store import Store
from anchorwatch.edges.tile_files import TileFile
from anchorwatch.engine.job import Job
from anchorwatch.errors import AnchorwatchError, BadUse
from anchorwatch.judgement.work import Event
from anchorwatch.model import Alert
from anchorwatch.picture import passages
from anchorwatch.picture.latest import Latest
from anchorwatch.watch import restart
from anchorwatch.watch.intake import Intake
from anchorwatch.watch.keeper import CHECKPOINT_S, Keeper, Kept
from anchorwatch.watch.lookout import Lookout
from anchorwatch.watch.press import Press
from anchorwatch.watch.press_poll import PressPoll
from anchorwatch.watch.replay import FEED, Replay
from anchorwatch.watch.room import Demo, Progress, Room
from anchorwatch.watch.steady_clock import SteadyClock
from anchorwatch.watch.switchboard import HOLD_S, Switchboard

if TYPE_CHECKING:
    from anchorwatch.console.serve import Serving
    from anchorwatch.console.settings import Settings
    from anchorwatch.edges.notify import Notifier

TURN_S = 0.25  # how often what has come goes through the engine
REPLAY_HOLD_S = 120.0  # as a scan holds rows back (picture/order.py)

Told = Callable[[list[Alert], list[Event]], None]
Said = Callable[["Serving", list[str]], None]  # where the API is, and what to mind


@dataclass
class Orders:
    """What the watch is asked to do."""

    job: Job
    data: Path
    feeds: Sequence[Feed] = ()
    replay: Replay | None = None
    hold_s: float | None = None
    settings: Settings | None = None  # None = serve nobody
    stay: bool = True  # after the end of a replay
    policy: Policy = field(default_factory=Policy)
    keep_days: float | None = None
    notify: Callable[[Store, Clock], Notifier] | None = None
    checkpoint_s: float = CHECKPOINT_S
    secrets: Secrets = field(default_factory=lambda: Secrets({}))  # of feeds that are switched on later
    demo: Demo | None = None
    tiles: Mapping[str, TileFile] = field(default_factory=dict)  # charts of the user
    reports: Sequence[str] = ()  # feeds and files of reports: URL, NAME=URL or a path


class House:
    """One watch from start to end."""

    def __init__(
        self, orders: Orders, clock: SteadyClock, told: Told, serving: Callable[[Serving, list[str]], None]
    ) -> None:
        """Open everything on disk; raises BadUse or BadStore where that cannot be."""
        self.orders, self.clock, self.serving = orders, clock, serving
        data = orders.data
        with contextlib.ExitStack() as stack:
            store = Store.open(data, clock)
            stack.callback(store.close)
            log = None
            if orders.replay is None:
                log = RawLog(data / "raw", clock, orders.policy)
                stack.callback(log.close)
                clock.not_before(log.last_arrived_us)  # or lines without times would be late until it has caught up
            history = History(data / "history", clock, orders.keep_days)
            progress = Progress(started_us=clock.now_us(), replay_of=_replay_of(orders.replay))
            self.room = Room(
                orders.job.chart, clock, store, Latest(), history, progress, orders.feeds,
                demo=orders.demo, tiles=orders.tiles, watch_lists=orders.job.watch_lists, faults=orders.job.faults,
                identities=Identities(data / "identities.sqlite", clock),
            )  # fmt: skip
            if orders.notify is not None:
                self.room.notifier = orders.notify(store, clock)
            stack.callback(self._close_press)
            if orders.reports:
                self.room.press = Press(self.room, orders.job)
                self.room.press.poll = PressPoll(self.room.press, orders.reports, clock)
            self.intake = Intake(clock)
            if orders.replay is None:
                self.room.switchboard = Switchboard(self.room, data, orders.secrets, orders.feeds, self.intake.put)
            hold = HOLD_S | {f.name: f.hold_back_s for f in orders.feeds} | {FEED: REPLAY_HOLD_S}
            if orders.hold_s is not None:
                hold = dict.fromkeys(hold, orders.hold_s)
            self.keeper = Keeper(orders.job, self.room, Kept(data, hold, log, orders.checkpoint_s), clock, told)
            self.closing = stack.pop_all()
        self.failure: BaseException | None = None
        self.warn: Callable[[str], None] = lambda line: None  # told what the officer must know, as it begins and ends
        self._warned: set[str] = set()
        self._over, self._listening = threading.Event(), threading.Event()

    # ---- the keeper's thread

    def keep(self) -> None:
        """Go on from what is on disk, then work until told to stop."""
        try:
            extra = restart.resume(self.keeper)
            if self.orders.replay is not None:
                self._replay(self.orders.replay, extra.get("replay"))
            else:
                self._live()
        except BaseException as error:  # told in the main thread, whatever it is
            self.failure = error
        finally:
            self._over.set()

    def _live(self) -> None:
        keeper, progress = self.keeper, self.room.progress
        self._no_replay()
        for feed in self.room.feeds:
            resume = getattr(feed, "resume", None)
            log = keeper.kept.log
            if resume is not None and log is not None:
                resume(log.reached(feed.name) or keeper.reached.get(feed.name, 0))
        self._listening.set()
        lookout = Lookout(self.room)

        def look() -> None:
            lookout.look()
            progress.queue_bytes = self.intake.bytes
            keeper.tell_clock(self.clock.trouble)

        def attend(most_bytes: int) -> None:
            self._write_down(most_bytes)
            look()

        progress.caught_up = restart.catch_up(keeper, attend)
        if progress.caught_up:  # not where it was stopped meanwhile
            passages.ready(self.room.chart.grid)  # for whoever opens the first alert
        while not keeper.stopping.is_set():
            keeper.take(self.intake.take(TURN_S))
            keeper.turn()
            look()
        if progress.caught_up:
            keeper.take(self.intake.take(0.0, 1 << 62))
        else:
            self._write_down(1 << 62)  # heard after the next start, behind what has not been heard yet
        keeper.close()

    def _write_down(self, most_bytes: int) -> None:
        """Log what has arrived, to be heard from there."""
        for piece in self.intake.take(0.0, most_bytes):
            if self.keeper.write_down(piece) is None:
                return

    def _no_replay(self) -> None:
        """Refuse a folder that holds a replay: its time would hold up the watch, its alerts be mixed up with these."""
        if "replay" in self.room.store.progress()[1]:
            raise BadUse("this folder holds a replay", str(self.orders.data), "Name another one with --data")

    def _replay(self, replay: Replay, before: dict[str, object] | None) -> None:
        keeper = self.keeper
        self._same_replay(replay, before)
        if before:
            replay.skip(int(str(before["positions"])), int(str(before["statics"])))
        passages.ready(self.room.chart.grid)
        while not keeper.stopping.is_set():
            block = replay.take()
            if not replay.leading:
                self.room.progress.caught_up = True
                self._listening.set()
            if replay.over:
                keeper.end()
                self._look_on()
                break
            for frame in replay.rejects:
                keeper.reject(FEED, frame)
            replay.rejects.clear()
            if block is None:
                keeper.turn()
                keeper.stopping.wait(TURN_S / 5)
                continue
            keeper.hear_rows(FEED, block, 0, replay.positions + replay.statics)
            keeper.extra = {
                "replay": {"files": replay.fingerprint, "positions": replay.positions, "statics": replay.statics}
            }
            keeper.turn()
        keeper.close()

    def _look_on(self) -> None:
        """After a replay, while people still look at it: what they do shows."""
        while self.orders.stay and not self.keeper.stopping.wait(TURN_S * 2):
            self.keeper.show()

    def _same_replay(self, replay: Replay, before: dict[str, object] | None) -> None:
        """Refuse a folder that holds another watch: its times and alerts would be mixed up with these."""
        seq, data = self.room.store.progress()
        said = data.get("replay") or before
        if seq and (not isinstance(said, dict) or said.get("files") != replay.fingerprint):
            raise BadUse("this folder holds another watch", str(self.orders.data), "Name an empty one with --data")

    # ---- the loop

    async def run(self) -> None:
        """Run until a signal, or until a replay is over; raises what went wrong."""
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows
                loop.add_signal_handler(number, stop.set)
        thread = threading.Thread(target=self.keep, name="anchorwatch-keeper", daemon=True)
        tasks: list[asyncio.Task[None]] = []
        web: Serving | None = None
        try:
            if self.orders.settings is not None:
                web = await self._serve(self.orders.settings)
            thread.start()
            while not (self._listening.is_set() or self._over.is_set() or stop.is_set()):
                await asyncio.sleep(0.02)
            if web is not None and self._listening.is_set():
                self._announce(web)
            if self.room.switchboard is not None:
                self.room.switchboard.start()
            if self.room.press is not None and self.room.press.poll is not None:
                self.room.press.poll.start()
            if self.room.notifier is not None:
                tasks.append(asyncio.create_task(self.room.notifier.run(), name="notifier"))
            if web is not None:
                tasks.append(web.task)
            while not stop.is_set() and not self._ended(tasks):
                self._warn()
                await asyncio.sleep(0.05)
        finally:
            await self._close(tasks, web, thread)
        if self.failure is not None:
            raise self.failure

    def _warn(self) -> None:
        """Say at once what is wrong, and when it is over."""
        troubles = dict(self.room.progress.troubles)
        for what in troubles.keys() - self._warned:
            self.warn(f"{what}: {troubles[what]}")
        for what in self._warned - troubles.keys():
            self.warn(f"{what}: over")
        self._warned = set(troubles)

    def _ended(self, tasks: Sequence[asyncio.Task[None]]) -> bool:
        """Tell whether there is nothing more to come, or the watch itself has failed."""
        if self._over.is_set():
            return True
        for task in tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                if isinstance(error, AnchorwatchError):
                    self.room.progress.troubles[task.get_name()] = str(error)
                else:
                    self.failure = error
                    return True
        board = self.room.switchboard
        return board is not None and board.ended and not self.intake.bytes and not self.orders.stay

    async def _serve(self, settings: Settings) -> Serving:
        from anchorwatch.console import app, serve
        from anchorwatch.edges.store.people import People

        return await serve.serve(app.make(self.room, People(self.room.store, self.clock), settings))

    def _announce(self, web: Serving) -> None:
        """Say where the console is, once there is something to see."""
        from anchorwatch.console import serve

        assert self.orders.settings is not None
        self.serving(web, serve.warnings(self.orders.settings))

    async def _close(self, tasks: list[asyncio.Task[None]], web: Serving | None, thread: threading.Thread) -> None:
        others = [task for task in tasks if web is None or task is not web.task]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self.room.switchboard is not None:
            await self.room.switchboard.close()
        self.keeper.stopping.set()
        self.intake.wake()
        while thread.is_alive():
            await asyncio.sleep(0.02)
        if web is not None:
            await web.stop()
        await asyncio.to_thread(self._close_press)
        self.closing.close()

    def _close_press(self) -> None:
        """End the report desk, whoever began it: before the store is closed."""
        if self.room.press is not None:
            self.room.press.close()


def _replay_of(replay: Replay | None) -> str:
    return "" if replay is None else ", ".join(replay.names)
