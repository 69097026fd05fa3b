"""Takes letters out of the outbox and sends them: one channel never waits for another, and the watch for none."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.notify import pacing, words
from anchorwatch.edges.notify.channel import ENDED, WITHDRAWN, Channel, Failed, Message, Note, what
from anchorwatch.edges.notify.sending import send, sender_of
from anchorwatch.edges.notify.state import LONGEST_WAIT_S, State, shown, wait_s
from anchorwatch.edges.records import plain
from anchorwatch.edges.toml_table import nearest
from anchorwatch.errors import AnchorwatchError, BadUse
from anchorwatch.judgement.work import Event, Work
from anchorwatch.model import LEVELS, Alert

if TYPE_CHECKING:
    from anchorwatch.edges.store import Letter, Store

POLL_S = 1.0
GIVE_UP_US = 24 * pacing.HOUR_US  # nobody can act on an older alert, and the history says that it was not told
MOST_DUE = 1000
JUMP_S = 5.0  # more than any clock is slewed between two turns
FOR_EVER_US = 2**62
T = TypeVar("T")


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
        self.ahead_s = float("inf")  # the clock's, of what never jumps; looked at in each turn
        self.anew: set[str] = set()  # channels whose letters are looked at whatever time they wait for
        self.owed: list[Callable[[], None]] = []  # what could not be written down yet

    def rules(self, event: Event, work: Work, alert: Alert) -> list[str]:
        """Return the names of the channels on which an event is told: `store.rules`."""
        return [c.name for c in self.by_name.values() if c.wants(event, alert)]

    def channels(self) -> list[dict[str, Any]]:
        """Return what may be known of each channel: for the API, without secrets."""
        waiting = Counter(letter.channel for letter in self.store.letters(state="waiting", limit=MOST_DUE))
        return [shown(c, self.states[c.name], waiting[c.name]) for c in self.by_name.values()]

    async def test(self, name: str) -> dict[str, Any]:
        """Send a test message, whatever the quiet hours; return how it went."""
        if name not in self.by_name:
            raise BadUse(f"there is no channel {plain(name[:60])!r}", "", nearest(name[:60], self.by_name))
        began_s = self.clock.monotonic_s()
        failed = await self._try(self.by_name[name], words.trial(name))
        if failed is None:
            self.states[name].worked()  # what waits need not wait for long any more
        took_s = round(self.clock.monotonic_s() - began_s, 3)
        return {"channel": name, "sent": failed is None, "why": "" if failed is None else str(failed), "took_s": took_s}

    async def run(self) -> None:
        """Send what is due, for ever; cancel it to end."""
        tasks: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                # Looked at before the outbox: what a task finishes meanwhile must not be taken for waiting.
                busy = {name for name, task in tasks.items() if not task.done()}
                for name, letters in (await self._due(busy)).items():
                    tasks[name] = asyncio.create_task(self._serve(name, letters), name=f"notify {name}")
                await self.clock.sleep(self.poll_s)
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)

    async def _due(self, busy: Container[str]) -> dict[str, list[Letter]]:
        """Letters by channel; none of those that are busy or rest after a failure."""
        now_us, at_s = self.clock.now_us(), self.clock.monotonic_s()
        self._look_at_the_clock(now_us / 1e6 - at_s)
        try:
            while self.owed:
                await self._kept(self.owed[0])
                del self.owed[0]
            letters = await self._kept(lambda: self.store.due(FOR_EVER_US if self.anew else now_us, MOST_DUE))
            self.trouble = ""
        except AnchorwatchError as error:  # disk full: the watch says so by itself, and this goes on when it can
            self.trouble = str(error)
            return {}
        by_channel: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            if letter.channel not in busy and (letter.next_us <= now_us or letter.channel in self.anew):
                by_channel[letter.channel].append(letter)
        due = {n: x for n, x in by_channel.items() if n not in self.states or self.states[n].ready(x, at_s)}
        self.anew -= {n for n in self.anew if n in due or (n not in busy and n not in by_channel)}
        return due

    def _look_at_the_clock(self, ahead_s: float) -> None:
        """At the start, and when the clock was set back, look at all letters of each channel anew.

        What was put off by a clock that was wrong would else wait as long as that was wrong.
        """
        if ahead_s < self.ahead_s - JUMP_S:
            self.anew = set(self.by_name)
        self.ahead_s = ahead_s

    async def _serve(self, name: str, letters: list[Letter]) -> None:
        """Send or put off what is due on one channel. Nothing that goes wrong here ends the notifier."""
        try:
            if name not in self.by_name:
                await self._put_off(letters, "the rules have no such channel any more", None)
                return
            messages = await self._messages(self.by_name[name], letters)
            while messages:
                group, message = messages.pop(0)
                if not await self._deliver(self.by_name[name], group, message):
                    rest = [letter for others, _ in messages for letter in others]
                    wait_us = int(wait_s(self.states[name].failures) * 1e6)
                    await self._put_off(rest, "the channel failed just before", self.clock.now_us() + wait_us)
                    return
        except AnchorwatchError as error:
            self.trouble = str(error)

    async def _messages(self, channel: Channel, letters: list[Letter]) -> list[tuple[list[Letter], Message]]:
        """Return what is to be sent now, and put off the rest."""
        try:
            found = {a.letter.id: a for a in await self._kept(lambda: self._addressed(letters))}
            waiting = [pacing.Waiting(a.letter.id, _urgency(a.note)) for a in found.values()]
            turn = pacing.turn(channel, waiting, self.states[channel.name].sent_us, self.clock.now_us())
            groups = [[found[i] for i in ids] for ids in turn.send]
            messages = [([a.letter for a in g], words.message([a.note for a in g], self.link)) for g in groups]
        except AnchorwatchError:
            raise
        except Exception as error:  # a defect: it must neither end the notifier nor be tried every second in silence
            why = f"it cannot be put into words ({type(error).__name__})"
            await self._put_off(letters, why, self.clock.now_us() + int(LONGEST_WAIT_S * 1e6))
            return []
        await self._put_off([x for x in letters if x.id not in found], "there is no such alert", None)
        for held in turn.hold:
            await self._put_off([found[i].letter for i in held.ids], held.why, held.until_us)
        return messages

    async def _deliver(self, channel: Channel, letters: list[Letter], message: Message) -> bool:
        """Make one try with one message; return whether it went out."""
        state, store, clock = self.states[channel.name], self.store, self.clock
        ids = [letter.id for letter in letters]
        try:
            await self._kept(lambda: self._all(ids, store.sending))
            failed = await self._try(channel, message)
        except asyncio.CancelledError:
            self._all(ids, lambda i: store.failed(i, "the watch was ended", clock.now_us(), perhaps_sent=True))
            raise
        if failed is None:
            state.worked()
            state.sent_us.append(clock.now_us())
            await self._owe(lambda: self._all(ids, store.sent))
            return True
        state.failed(clock.monotonic_s())
        await self._put_off(letters, str(failed), clock.now_us() + int(wait_s(state.failures) * 1e6), failed.perhaps)
        return False

    async def _try(self, channel: Channel, message: Message) -> Failed | None:
        """Send within the channel's time limit; return how it failed."""
        state = self.states[channel.name]
        async with state.one_at_a_time:
            state.last_try_s = self.clock.monotonic_s()
            failed = await send(state.sender, channel, message, self.clock.now_us())
        state.trouble = "" if failed is None else str(failed)
        return failed

    async def _put_off(self, letters: list[Letter], why: str, until_us: int | None, perhaps: bool = False) -> None:
        """Keep letters for later; give up those that are too old, and all where `until_us` is None."""
        if not letters:
            return
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

    def _all(self, ids: Sequence[int], note: Callable[[int], object]) -> None:
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


def _urgency(note: Note) -> str:
    """Return the level that decides about quiet hours: good news can wait."""
    good = what(note.event) in (WITHDRAWN, ENDED) or note.alert["status"] == "withdrawn"
    return LEVELS[0] if good else str(note.alert["level"])
