"""Takes letters out of the outbox and sends them: one channel never waits for another, and the watch for none."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.notify import pacing, words
from anchorwatch.edges.notify.channel import ENDED, WITHDRAWN, Channel, Failed, Message, Note, Sender, what
from anchorwatch.edges.records import plain
from anchorwatch.edges.toml_table import nearest
from anchorwatch.errors import AnchorwatchError, BadUse
from anchorwatch.judgement.work import Event, Work
from anchorwatch.model import LEVELS, Alert, rfc3339

if TYPE_CHECKING:
    from anchorwatch.edges.store import Letter, Store

POLL_S = 1.0
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 3600.0  # between tries, doubled each time
GIVE_UP_US = 24 * pacing.HOUR_US  # nobody can act on an older alert, and the history says that it was not told
MOST_DUE = 1000
T = TypeVar("T")


@dataclass
class State:
    """How a channel is."""

    sender: Sender
    sent_us: deque[int] = field(default_factory=lambda: deque(maxlen=3600))
    last_try_s: float = float("-inf")  # monotonic
    failures: int = 0  # in a row
    rest_until_s: float = float("-inf")
    trouble: str = ""

    def ready(self, letters: Sequence[Letter], at_s: float) -> bool:
        """Tell whether to try now. A new letter is not kept waiting for the long pauses of an old one."""
        new = any(letter.tries == 0 for letter in letters)
        return at_s >= self.rest_until_s or (new and at_s >= self.last_try_s + FIRST_WAIT_S)


class Addressed(NamedTuple):
    """A letter and what it says."""

    letter: Letter
    note: Note


class Notifier:
    """Sends what the rules ask for."""

    def __init__(
        self, channels: Sequence[Channel], store: Store, clock: Clock, *, link: str = "", poll_s: float = POLL_S
    ) -> None:
        """Take channels and where letters are kept. BadInput where a channel cannot be used."""
        self.by_name = {c.name: c for c in channels}
        self.store, self.clock, self.link, self.poll_s = store, clock, link, poll_s
        self.states = {c.name: State(sender_of(c)) for c in channels}
        self.trouble = ""  # with the store; that of a channel is its own
        self.owed: list[Callable[[], None]] = []  # what could not be written down yet

    def rules(self, event: Event, work: Work, alert: Alert) -> list[str]:
        """Return the names of the channels on which an event is told: `store.rules`."""
        return [c.name for c in self.by_name.values() if c.wants(event, alert)]

    def channels(self) -> list[dict[str, Any]]:
        """Return what may be known of each channel: for the API, without secrets."""
        return [_shown(channel, self.states[channel.name]) for channel in self.by_name.values()]

    async def test(self, name: str) -> dict[str, Any]:
        """Send a test message, whatever the quiet hours; return how it went."""
        if name not in self.by_name:
            raise BadUse(f"there is no channel {plain(name[:60])!r}", "", nearest(name[:60], self.by_name))
        began_s = self.clock.monotonic_s()
        failed = await self._try(self.by_name[name], words.trial(name))
        took_s = round(self.clock.monotonic_s() - began_s, 3)
        return {"channel": name, "sent": failed is None, "why": "" if failed is None else str(failed), "took_s": took_s}

    async def run(self) -> None:
        """Send what is due, for ever; cancel it to end."""
        tasks: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                for name, letters in (await self._due()).items():
                    if name not in tasks or tasks[name].done():
                        tasks[name] = asyncio.create_task(self._serve(name, letters), name=f"notify {name}")
                await self.clock.sleep(self.poll_s)
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)

    async def _due(self) -> dict[str, list[Letter]]:
        """Letters by channel; none of those that rest after a failure."""
        try:
            while self.owed:
                await self._kept(self.owed[0])
                del self.owed[0]
            letters = await self._kept(lambda: self.store.due(self.clock.now_us(), MOST_DUE))
            self.trouble = ""
        except AnchorwatchError as error:  # disk full: the watch says so by itself, and this goes on when it can
            self.trouble, letters = str(error), []
        by_channel: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            by_channel[letter.channel].append(letter)
        at_s = self.clock.monotonic_s()
        return {
            n: found for n, found in by_channel.items() if n not in self.states or self.states[n].ready(found, at_s)
        }

    async def _serve(self, name: str, letters: list[Letter]) -> None:
        """Send or put off what is due on one channel. Nothing that goes wrong here ends the notifier."""
        try:
            if name in self.by_name:
                await self._turn(self.by_name[name], letters)
            else:
                await self._put_off(letters, "the rules have no such channel any more", None)
        except AnchorwatchError as error:
            self.trouble = str(error)

    async def _turn(self, channel: Channel, letters: list[Letter]) -> None:
        state, now_us = self.states[channel.name], self.clock.now_us()
        found = {a.letter.id: a for a in await self._kept(lambda: self._addressed(letters))}
        waiting = [pacing.Waiting(a.letter.id, _urgency(a.note)) for a in found.values()]
        turn = pacing.turn(channel, waiting, state.sent_us, now_us)
        for held in turn.hold:
            await self._put_off([found[i].letter for i in held.ids], held.why, held.until_us)
        for number, group in enumerate(turn.send):
            if not await self._deliver(channel, state, [found[i] for i in group]):
                rest = [found[i].letter for ids in turn.send[number + 1 :] for i in ids]
                wait_us = int((state.rest_until_s - self.clock.monotonic_s()) * 1e6)
                await self._put_off(rest, "the channel failed just before", self.clock.now_us() + max(wait_us, 0))
                return

    async def _deliver(self, channel: Channel, state: State, group: list[Addressed]) -> bool:
        """Make one try with one message; return whether it went out."""
        ids = [a.letter.id for a in group]
        try:
            await self._kept(lambda: self._all(ids, self.store.sending))
            failed = await self._try(channel, words.message([a.note for a in group], self.link))
        except asyncio.CancelledError:
            self._all(
                ids, lambda i: self.store.failed(i, "the watch was ended", self.clock.now_us(), perhaps_sent=True)
            )
            raise
        if failed is None:
            state.sent_us.append(self.clock.now_us())
            await self._owe(lambda: self._all(ids, self.store.sent))
            return True
        await self._put_off(
            [a.letter for a in group],
            str(failed),
            self.clock.now_us() + int(_wait_s(state.failures) * 1e6),
            failed.perhaps,
        )
        return False

    async def _try(self, channel: Channel, message: Message) -> Failed | None:
        """Send within the channel's time limit; return how it failed."""
        state = self.states[channel.name]
        state.last_try_s = self.clock.monotonic_s()
        failed = await _sent(state.sender, channel, message, self.clock.now_us())
        state.failures = 0 if failed is None else state.failures + 1
        state.trouble = "" if failed is None else str(failed)
        state.rest_until_s = self.clock.monotonic_s() + (0 if failed is None else _wait_s(state.failures))
        return failed

    async def _put_off(self, letters: list[Letter], why: str, until_us: int | None, perhaps: bool = False) -> None:
        """Keep letters for later; give up those that are too old, and all where `until_us` is None."""
        now_us = self.clock.now_us()

        def put_off() -> None:
            with self.store.writing():
                for letter in letters:
                    too_old = now_us - letter.made_us >= GIVE_UP_US
                    self.store.failed(letter.id, why, None if too_old else until_us, perhaps_sent=perhaps)

        await self._owe(put_off)

    async def _owe(self, write: Callable[[], None]) -> None:
        """Write down how a try ended, as soon as that is possible: else it would stay "being sent" until a restart."""
        try:
            await self._kept(write)
        except AnchorwatchError:
            self.owed.append(write)
            raise

    def _addressed(self, letters: list[Letter]) -> list[Addressed]:
        found = []
        for letter in letters:
            item, events = self.store.alert(letter.alert_id), self.store.events(letter.event_seq - 1, 1)
            if item is not None and events:
                note = Note(events[0], item.alert, item.work, letter.perhaps_sent)
                found.append(Addressed(letter, note))
        return found

    def _all(self, ids: list[int], note: Callable[[int], object]) -> None:
        """Note something of several letters in one transaction."""
        with self.store.writing():
            for letter_id in ids:
                note(letter_id)

    async def _kept(self, work: Callable[[], T]) -> T:
        """Work with the store in a thread: a slow disk holds up nobody. Cancelled, it is still waited for."""
        task = asyncio.ensure_future(asyncio.to_thread(work))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise


async def _sent(sender: Sender, channel: Channel, message: Message, now_us: int) -> Failed | None:
    try:
        async with asyncio.timeout(channel.limit_s):
            await sender.send(message, now_us)
    except TimeoutError:
        return Failed(f"no answer within {channel.limit_s:g} s", perhaps=True)
    except Failed as failed:
        return failed
    except OSError as error:
        return Failed(plain(error.strerror or type(error).__name__))
    except Exception as error:  # a defect of a library must not end the notifier
        return Failed(f"it cannot be sent ({type(error).__name__})", perhaps=True)
    return None


def sender_of(channel: Channel) -> Sender:
    """Return what sends for a channel; only its own library is loaded."""
    if channel.scheme in ("mqtt", "mqtts"):
        from anchorwatch.edges.notify.broker import BrokerSender

        return BrokerSender(channel)
    if channel.for_machines:
        from anchorwatch.edges.notify.cot import CotSender

        return CotSender(channel)
    from anchorwatch.edges.notify.chat import ChatSender

    return ChatSender(channel)


def _urgency(note: Note) -> str:
    """Return the level that decides about quiet hours: good news can wait."""
    good = what(note.event) in (WITHDRAWN, ENDED) or note.alert["status"] == "withdrawn"
    return LEVELS[0] if good else str(note.alert["level"])


def _wait_s(failures: int) -> float:
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(max(failures, 1) - 1, 20))


def _shown(channel: Channel, state: State) -> dict[str, Any]:
    return {
        "name": channel.name,
        "sends_to": getattr(state.sender, "service", channel.shown),
        "at_least": channel.at_least,
        "kinds": list(channel.kinds),
        "assets": list(channel.assets),
        "events": list(channel.events),
        "quiet": channel.quiet.said if channel.quiet else None,
        "quiet_alarms": channel.quiet_alarms,
        "most_per_hour": channel.most_per_hour,
        "last_sent": rfc3339(state.sent_us[-1]) if state.sent_us else None,
        "trouble": state.trouble or None,
    }
