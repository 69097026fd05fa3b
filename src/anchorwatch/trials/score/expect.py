"""What a good watch would have said by when (`[[expect]]` of a scenario): met or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from anchorwatch.edges.records import time_us
from anchorwatch.errors import BadInput
from anchorwatch.model import LEVELS, rfc3339
from anchorwatch.trials.score.records import LOUD, MINUTE_US, Actor, Said, Trial


class Kept(NamedTuple):
    """One expectation, and what was seen of it."""

    wanted: str
    met: bool
    seen: str


def expectations(trial: Trial) -> tuple[Kept, ...]:
    """Return what the trial asked for and whether it was met."""
    where = str(trial.folder / "truth.json") if trial.folder else trial.name
    try:
        return tuple(_one(e, trial) for e in trial.expect)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"an expectation names {error}, which is not there" if isinstance(error, KeyError) else str(error)
        raise BadInput(what, where, "Make the trial again with `anchorwatch trial run`") from error


def _one(wanted: Mapping[str, Any], trial: Trial) -> Kept:
    if wanted.get("no_vessel"):
        return _no_vessel(trial)
    actor = {a.id: a for a in trial.actors}[wanted["actor"]]
    named = [a for a in trial.alerts if actor.mmsis & set(a.mmsis)]
    if wanted.get("at_most"):
        most = LEVELS.index(wanted["at_most"])
        above = [a for a in named if a.rank > most]
        seen = "; ".join(f"{a.kind or 'alert'} {LEVELS[a.rank]}" for a in above) or "nothing above it"
        return Kept(f"{actor.name} at most {wanted['at_most']}", not above, seen)
    return _said_in_time(wanted, actor, named)


def _said_in_time(wanted: Mapping[str, Any], actor: Actor, named: list[Said]) -> Kept:
    level, kinds = wanted.get("level") or "warning", tuple(wanted.get("kinds") or ())
    # A system that names no kinds is judged by the vessel and the level alone.
    fitting = [a for a in named if not a.withdrawn and (not kinds or not a.kind or a.kind in kinds)]
    first = min((at for a in fitting if (at := a.first_us(LEVELS.index(level))) is not None), default=None)
    latest, words = _latest(wanted, actor)
    text = f"{actor.name} {level} ({', '.join(kinds) or 'any kind'}){words}"
    if latest is None and words:
        return Kept(text, False, "in this trial it never crosses it")
    if first is None:
        highest = max((a.rank for a in fitting), default=-1)
        return Kept(text, False, f"only {LEVELS[highest]}" if highest >= 0 else "nothing")
    seen = f"{level} at {rfc3339(first)}"
    if latest is not None:
        spare = (latest - first) / MINUTE_US
        seen += f", {spare:.0f} min before that" if spare >= 0 else f", {-spare:.0f} min too late"
    return Kept(text, latest is None or first <= latest, seen)


def _latest(wanted: Mapping[str, Any], actor: Actor) -> tuple[int | None, str]:
    """Return the last moment at which it would have been in time."""
    spare_us = int(float(wanted.get("spare_min") or 0) * MINUTE_US)
    spare = f" with {wanted['spare_min']:g} min to spare" if spare_us else ""
    if wanted.get("before") is not None:
        return time_us(str(wanted["before"])) - spare_us, f" before {wanted['before']}{spare}"
    if wanted.get("before_asset") is None:
        return None, ""
    asset = str(wanted["before_asset"])
    crossed = next((c.time_us for c in actor.crossings if c.asset == asset), None)
    return None if crossed is None else crossed - spare_us, f" before {asset}{spare}"


def _no_vessel(trial: Trial) -> Kept:
    """No warning blames a vessel at an asset that failed; where no fault is told, at any asset."""
    failed = {str(f["asset"]) for f in trial.faults if f.get("asset")}
    blamed = [
        a for a in trial.alerts
        if a.rank >= LOUD and a.mmsis and (not failed or not a.assets or failed & set(a.assets))
    ]  # fmt: skip
    seen = "; ".join(f"{a.kind or 'alert'} on {a.mmsis[0]}" for a in blamed[:5]) or "none blamed"
    return Kept("no vessel warned of at the failed asset" if failed else "no vessel warned of", not blamed, seen)
