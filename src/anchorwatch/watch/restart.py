"""Going on after a start: the newest whole checkpoint, then the raw log behind it.

Where no checkpoint fits (all damaged, other assets) or a detector's rules are others than before, the watch learns
anew from the raw log, as far back as anything but an alert is remembered. What arrives meanwhile is written to the log
at once, and heard in its turn: nobody who sends is kept waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.decode import Decoded
from anchorwatch.decode.recognise import WHOLE
from anchorwatch.edges import checkpoint
from anchorwatch.edges.raw_folder import segments
from anchorwatch.edges.raw_log import Logged, RawLog, read
from anchorwatch.engine.batch import Tally
from anchorwatch.engine.feed_time import FeedTime
from anchorwatch.engine.live import Live
from anchorwatch.engine.pool import hands
from anchorwatch.picture import coverage
from anchorwatch.picture.clocks import Clocks
from anchorwatch.watch.desk import WARM_PIECES

if TYPE_CHECKING:
    from anchorwatch.watch.keeper import Keeper

RELEARN_US = coverage.KEEP_US  # four days: nothing but an alert is remembered longer
GROUP_BYTES = 8 << 20  # of the log, decoded at once
ATTEND_BYTES = 1 << 20  # heard from the log between two looks at what arrives
TURN_S = 1.0  # nobody is told of the sea yet: few large turns cost less
_Read = tuple[list[Logged], tuple[Decoded, "np.ndarray[Any, Any]"]]


class _Known(NamedTuple):
    """What a checkpoint says beside the memory."""

    numbers: dict[str, int]
    times: dict[int, FeedTime]
    clocks: Clocks | None
    heads: dict[str, str]
    reached: dict[str, int]


def resume(keeper: Keeper) -> dict[str, Any]:
    """Go on from the newest checkpoint that can be used; returns its `extra` (of a replay: how far it was)."""
    passed_over: list[str] = []
    found = checkpoint.load(keeper.job, keeper.kept.checkpoints, passed_over)
    if found is not None and found.forgotten:
        said = f"the rules of {', '.join(found.forgotten)} are others than before"
        if _reaches_back(keeper.kept.log, found.seq):
            passed_over.append(f"{said}: the checkpoints are passed over")
            found = None
        else:
            passed_over.append(f"{said}: their memory begins anew")
    known = None
    if found is not None:
        try:
            known = _known(keeper, found.extra)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            passed_over.append(f"checkpoint {found.seq} passed over: it is of another version ({error!r})")
    if found is None or known is None:
        said = "; ".join(passed_over)
        keeper.trouble("checkpoint", f"{said}; the watch learns anew from the raw log" if said else "")
        return {}
    keeper.trouble("checkpoint", "; ".join(passed_over))
    _go_on(keeper, found, known)
    return found.extra


def _known(keeper: Keeper, extra: dict[str, Any]) -> _Known:
    """Read what stands beside the memory; raises where another version wrote it."""
    feeds = extra.get("feeds", {})
    times = {}
    for name, said in feeds.items():
        time = FeedTime(**said["time"])
        hold_s = keeper.kept.hold_s.get(name)  # what is asked for now counts
        times[int(said["number"])] = time if hold_s is None else replace(time, hold_us=round(hold_s * 1e6))
    return _Known(
        {name: int(said["number"]) for name, said in feeds.items()},
        times,
        Clocks.from_json(extra["clocks"]) if "clocks" in extra else None,
        dict(extra.get("heads", {})),
        {name: int(mark) for name, mark in extra.get("reached", {}).items()},
    )


def _go_on(keeper: Keeper, found: checkpoint.Loaded, known: _Known) -> None:
    keeper.numbers, keeper.reached = known.numbers, known.reached
    keeper.live = Live(keeper.job, found.memory, known.times, Tally(keeper.count_rejects), known.clocks)
    keeper.seq = keeper.checked_seq = found.seq
    keeper.desk.go_on(known.heads)
    keeper.room.progress.checkpoint_us = keeper.clock.now_us()
    _people_the_picture(keeper)
    recorded, _ = keeper.room.store.progress()
    if recorded < found.seq:  # the store is older than the checkpoint: say all that stands
        keeper.record(list(found.memory.docket.alerts.values()))


def _people_the_picture(keeper: Keeper) -> None:
    """Show after a start who was there before: the last places on disk, the names that were remembered."""
    said = keeper.live.memory.sightings
    blank = {n: pl.lit("" if t == pl.String else 0).cast(t) for n, t in schema.STATICS.items()}
    known = [n for n in schema.STATICS if n in said.columns]
    statics = said.with_columns(
        time_us=pl.col("last_us"), **{n: b for n, b in blank.items() if n not in known and n != "time_us"}
    )
    places = keeper.room.history.picture(keeper.live.settled_us + 600_000_000)
    keeper.room.latest.update(places, statics.sort("time_us").select(list(schema.STATICS)), 0)


# ---- the raw log


def catch_up(keeper: Keeper, attend: Callable[[int], None]) -> bool:
    """Hear what the raw log holds behind the checkpoint; False where the watch was stopped before its end.

    `attend` is called now and then: it writes at most so many bytes of what has arrived meanwhile into the log.
    """
    log = keeper.kept.log
    assert log is not None
    told = _begin(keeper, log)
    keeper.live.hands = hands(1)  # nobody else needs the processor yet
    try:
        return _caught_up(keeper, log, attend, told)
    finally:
        keeper.live.hands = 1


def _caught_up(keeper: Keeper, log: RawLog, attend: Callable[[int], None], told: dict[str, None]) -> bool:
    warm_from, first = max(0, keeper.seq - WARM_PIECES), True
    while True:
        until, reading = log.last_seq, read(log.folder, warm_from)
        those = takewhile(lambda one, until=until: one.seq <= until, reading)  # type: ignore[misc]
        # what was there at the start is read in a thread of its own, ahead; the segments that grow are not
        whole = _hear(keeper, (_ahead if first else map)(_reader(keeper), _groups(those)), attend)
        first = False
        told |= dict.fromkeys(reading.damage)
        keeper.trouble("log", "; ".join(told))
        if not whole:
            return False
        if log.last_seq == until:
            return True
        warm_from = max(keeper.seq, until)


def _begin(keeper: Keeper, log: RawLog) -> dict[str, None]:
    """Know where to begin, and what is missing."""
    known = max(keeper.seq, keeper.room.store.progress()[0])
    told = f"it ends at piece {log.last_seq}, but {known} had come: what lies between is gone" * (log.last_seq < known)
    log.begin_after(known)
    keeper.room.history.begin_after(log.last_seq)
    if keeper.room.identities is not None:
        keeper.room.identities.begin_after(log.last_seq)
    if not keeper.seq:
        keeper.seq = _relearn_after(log)
    return {f"{log.folder}: {told}": None} if told else {}


def _hear(keeper: Keeper, reading: Iterable[_Read], attend: Callable[[int], None]) -> bool:
    size, turned_s = 0, keeper.clock.monotonic_s()
    for news, decoded in reading:
        if news:
            keeper.hear_decoded([one.piece for one in news], decoded, news[-1].seq)
            size += sum(len(one.piece.data) for one in news)
        if keeper.clock.monotonic_s() - turned_s >= TURN_S:
            keeper.turn()
            turned_s = keeper.clock.monotonic_s()
        if size >= ATTEND_BYTES:  # half as much as was heard: so it comes to an end
            attend(size // 2)
            size = 0
        if keeper.stopping.is_set():
            return False
    keeper.turn()
    return True


def _reader(keeper: Keeper) -> Callable[[list[Logged]], _Read]:
    """Return what decodes a group: (pieces not heard yet, what they say)."""
    known, desk = keeper.seq, keeper.desk

    def read_group(group: list[Logged]) -> _Read:
        warm = [one.piece for one in group if one.seq <= known]
        news = [one for one in group if one.seq > known]
        said = desk.read(warm) if warm else None
        if news:
            said = desk.read([one.piece for one in news])
        assert said is not None  # a group is never empty
        return news, said

    return read_group


def _ahead(read_group: Callable[[list[Logged]], _Read], groups: Iterable[list[Logged]]) -> Iterator[_Read]:
    """Read and decode each group in another thread while the one before is heard."""
    coming = iter(groups)

    def step() -> _Read | None:
        group = next(coming, None)
        return None if group is None else read_group(group)

    with ThreadPoolExecutor(1, "anchorwatch-reading") as thread:
        following = thread.submit(step)
        while (said := following.result()) is not None:
            following = thread.submit(step)
            yield said


def _groups(reading: Iterable[Logged]) -> Iterable[list[Logged]]:
    """Pieces of one feed and format that follow each other, some megabytes at a time."""

    def alike(one: Logged) -> tuple[str, str, int]:
        alone = one.seq if one.piece.format in WHOLE else 0  # a document is read by itself
        return one.piece.feed, one.piece.format, alone

    for _, run in groupby(reading, key=alike):
        group: list[Logged] = []
        size = 0
        for one in run:
            group.append(one)
            size += len(one.piece.data)
            if size >= GROUP_BYTES:
                yield group
                group, size = [], 0
        if group:
            yield group


def _reaches_back(log: RawLog | None, seq: int) -> bool:
    """Tell whether all can be learnt anew that is remembered up to piece `seq`."""
    if log is None:
        return True  # a replay: its files are its log
    those = [one for stream in segments(log.folder).values() for one in stream]
    if not those or log.last_seq < seq:
        return False
    newest_us = max(one.began_us for one in those)
    return min(one.seq for one in those) == 1 or min(one.began_us for one in those) <= newest_us - RELEARN_US


def _relearn_after(log: RawLog) -> int:
    """Return the piece after which to begin where nothing is remembered."""
    those = [one for stream in segments(log.folder).values() for one in stream]
    oldest_us = max((one.began_us for one in those), default=0) - RELEARN_US
    return max([one.seq - 1 for one in those if one.began_us <= oldest_us], default=0)
