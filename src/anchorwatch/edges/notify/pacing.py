"""When a message may go out: quiet hours, at most so many an hour, and what was held back as one digest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from anchorwatch.edges.notify.channel import Channel
from anchorwatch.model import LEVELS

HOUR_US = 3_600_000_000
ALARM_US = 60_000_000  # an alarm beyond the limit waits no longer than this
MOST_AT_ONCE = 3  # messages of their own; more that are due together come as a digest. Choice: nobody reads a burst


class Waiting(NamedTuple):
    """A letter that is due."""

    id: int
    level: str


class Held(NamedTuple):
    """Letters that wait, until when and why."""

    ids: tuple[int, ...]
    until_us: int
    why: str


class Turn(NamedTuple):
    """What is done now: each group is one message."""

    send: tuple[tuple[int, ...], ...] = ()
    hold: tuple[Held, ...] = ()


def turn(channel: Channel, due: Sequence[Waiting], sent_us: Sequence[int], now_us: int) -> Turn:
    """Decide about letters that are due. `sent_us`: when messages went out on this channel, in order."""
    if channel.for_machines:
        return Turn(tuple((w.id,) for w in due))
    hold: list[Held] = []
    if channel.quiet is not None and channel.quiet.covers(now_us):
        hushed = [w for w in due if w.level != LEVELS[-1] or channel.quiet_alarms]
        due = [w for w in due if w not in hushed]
        if hushed:
            hold.append(Held(_ids(hushed), channel.quiet.ends_us(now_us), "quiet hours"))
    if not due:
        return Turn((), tuple(hold))
    recent = [at for at in sent_us if now_us - HOUR_US < at <= now_us]
    if channel.most_per_hour is not None and len(recent) >= channel.most_per_hour:
        return _beyond(due, recent, now_us, hold)
    room = MOST_AT_ONCE if channel.most_per_hour is None else min(MOST_AT_ONCE, channel.most_per_hour - len(recent))
    return Turn(_grouped(due, room), tuple(hold))


def _beyond(due: Sequence[Waiting], recent: Sequence[int], now_us: int, hold: list[Held]) -> Turn:
    """Everything waits for the next free place, an alarm at most a minute."""
    alarm = any(w.level == LEVELS[-1] for w in due)
    free_us = recent[-1] + ALARM_US if alarm else recent[0] + HOUR_US
    if now_us >= free_us:
        return Turn((_ids(due),), tuple(hold))
    return Turn((), (*hold, Held(_ids(due), free_us, "most_per_hour")))


def _grouped(due: Sequence[Waiting], room: int) -> tuple[tuple[int, ...], ...]:
    """Alarms first and by themselves; what has no room of its own goes together as the last."""
    ordered = sorted(due, key=lambda w: (-LEVELS.index(w.level), w.id))
    if len(ordered) <= room:
        return tuple((w.id,) for w in ordered)
    alone = [w for w in ordered[: room - 1] if w.level == LEVELS[-1]]
    return (*((w.id,) for w in alone), _ids(ordered[len(alone) :]))


def _ids(waiting: Sequence[Waiting]) -> tuple[int, ...]:
    return tuple(w.id for w in waiting)
