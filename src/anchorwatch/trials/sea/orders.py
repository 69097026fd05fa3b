"""How ordinary passages lose speed: engine orders on the straight and at turns, some for minutes, some for hours.

Set so that losses of 6 to 15 % within minutes are as frequent, as often held, and as often without a turn as on two
real days in the Kattegat (docs/traffic.md; `python -m benchmarks.fidelity`). They are what makes a watch hard.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from anchorwatch.schema import Floats
from anchorwatch.trials.plan import Event
from anchorwatch.trials.sea.routes import KN, Rng, along_m, bearing_deg

STRAIGHT_PER_H = 0.33  # losses on the straight
LEAST, STEEP, MOST = 0.04, 2.9, 0.3  # a loss is larger than x with the chance (LEAST / x) ** STEEP
TURN_DEG, TURN_SURE_DEG, AT_TURN = 8.0, 32.0, 0.8  # the chance of a loss grows with the turn, up to this
TURN_LEAST, TURN_STEEP, TURN_MOST = 0.06, 1.8, 0.4
BRIEF, BRIEF_TURN = 0.4, 0.75  # share of losses that are made good after minutes: a fishing boat, a ferry, a turn
BRIEF_MIN = (5.0, 20.0)
HELD_H = 2.5  # how long the others are held, on average


def passage_orders(path: Floats, service_kn: float, start_s: float, lasts_s: float, rng: Rng) -> tuple[Event, ...]:
    """Return the changes of engine order on a passage, as shares of what its steps say."""
    straight = rng.uniform(0.0, lasts_s, rng.poisson(STRAIGHT_PER_H * lasts_s / 3600))
    turns = [at for at, chance in turns_s(path, service_kn) if at < lasts_s and rng.random() < chance]
    events: list[Event] = []
    level, regained_s = 1.0, 0.0
    for at, turning in sorted([*((float(t), False) for t in straight), *((t, True) for t in turns)]):
        if events and at < events[-1].at_s - start_s:
            continue  # still busy with the last one
        if level < 1.0 and at >= regained_s:
            level = 1.0
            events.append(Event(start_s + regained_s, "order_share", level))
        loss = _loss(rng, TURN_LEAST, TURN_STEEP, TURN_MOST) if turning else _loss(rng, LEAST, STEEP, MOST)
        if level * (1.0 - loss) < 0.6:
            continue
        events.append(Event(start_s + at, "order_share", level * (1.0 - loss)))
        if rng.random() < (BRIEF_TURN if turning else BRIEF):
            events.append(Event(start_s + at + 60.0 * float(rng.uniform(*BRIEF_MIN)), "order_share", level))
        else:
            level *= 1.0 - loss
            regained_s = at + 3600.0 * float(rng.exponential(HELD_H))
    if level < 1.0 and regained_s < lasts_s and not (events and events[-1].at_s > start_s + regained_s):
        events.append(Event(start_s + regained_s, "order_share", 1.0))
    return tuple(events)


def _loss(rng: Rng, least: float, steep: float, most: float) -> float:
    return min(most, least * float(np.power(rng.random(), -1.0 / steep)))


def turns_s(path: Floats, service_kn: float) -> list[tuple[float, float]]:
    """When a vessel comes to the turns of its path, in seconds from its start, and the chance that it loses speed."""
    ways = [bearing_deg(path[k], path[k + 1]) for k in range(len(path) - 1)]
    marks = along_m(path)[1:-1]
    turned = [abs((b - a + 180.0) % 360.0 - 180.0) for a, b in pairwise(ways)]
    return [
        (float(mark / KN / service_kn), AT_TURN * min(1.0, (turn - TURN_DEG) / (TURN_SURE_DEG - TURN_DEG)))
        for mark, turn in zip(marks, turned, strict=True)
        if turn > TURN_DEG
    ]
