"""A vessel crosses an asset much slower than its own usual speed, or than anything that passes normally.

An anchor that drags holds a ship back, however gently the slow-down began: Yi Peng 3 made 5 to 7 of 14.8 kn for
a day and a half and did not slow at once when its anchor fell (reference/domain.md A.2), so `anchor_drag`, which
looks for the bite, may see nothing. Here the crossing itself is looked at, with a memory of hours:

 - *usual speed*: what the vessel made in the fastest quarter of its last 48 hours under way. The slow hours that are
   in question do not teach it for a day;
 - where it was not seen for an hour before it slowed, the service speed of its class and length (weaker);
 - below 3 kn nobody passes a cable on business, whatever was usual before.

The speed is the mean over the last ten minutes or so, so a dip at the crossing alone is none. It is told at the
crossing, at each further one, and as it lasts; it ends when the speed is back.

Limits: who slows down for a pilot, an anchorage, an arrival time or fog crosses slowly too: shore, zones and trade
weigh against it, nothing here knows a voyage plan. Fishing vessels and tows are always slow: their own usual speed
tells them, where it was seen. A ship that drags at its usual speed (Newnew Polar Bear: 11 kn) is not slow.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import (
    AT_ANCHOR,
    MOORED,
    RUN,
    RUN_MEASURES,
    RUN_READS,
    UNDER_WAY_KN,
    begin,
    compilable,
    count_crossing,
    due,
    extend,
    lapsed,
    minutes,
    named,
    place_reasons,
    seen,
    tell,
)
from anchorwatch.model import Alternative, Finding, Reason

HOURS = 48  # hours under way that are remembered
BY_OWN, BY_CLASS, BY_ANY = 0.0, 1.0, 2.0  # what the speed was compared with


class Params(NamedTuple):
    """Thresholds of crossing slowly."""

    share: float = 0.6  # of the own usual speed: slow steaming for economy saves a third, not two fifths [K]
    # 210 cargo ships and tankers of two days in the Kattegat: one in twenty is below 7.7 kn, half are above 11.7.
    prior_share: float = 0.55  # of the service speed for class and length: 6.4 kn where the length is not known
    crawl_kn: float = 3.0  # nobody passes so slowly on business; a ship adrift makes 1 to 3 kn
    least_usual_kn: float = 6.0  # a tow or a tug that usually makes less is not slow
    again: float = 0.75  # of the usual speed: it is back
    level_s: float = 600.0  # over which the speed is averaged
    quartile: float = 0.25  # share of the remembered hours in which the usual speed was reached
    forget_s: float = 86_400.0  # a speed kept for longer than a day is the new usual one
    gap_s: float = 600.0  # longer between two positions, and nobody knows how fast it was meanwhile
    silent_s: float = 10_800.0  # after a silence no longer than this, the speed made good in it counts
    escalate_s: float = 7200.0
    leave_s: float = 7200.0  # a silence longer than this ends it


MEMORY = np.dtype(
    [
        *RUN,
        ("hour_kn", np.float64, (HOURS,)),  # mean speed of each hour under way
        ("hours", np.int64),  # hours filled so far
        ("part_s", np.float64),  # the hour that is being filled
        ("part_kns", np.float64),
        ("own_kn", np.float64),  # usual speed; 0 = not known yet
        ("level_kn", np.float64),  # mean over the last minutes
        ("level_known_s", np.float64),
        ("slow_us", np.int64),  # slow without a break since then; 0 = is not
        ("by", np.float64),
        ("base_kn", np.float64),  # what it is compared with while it is slow
        ("sum_kns", np.float64),  # speed integrated over the run
    ]
)


@compilable
def _upper_kn(me: Any, p: Params) -> float:
    """Speed reached in the fastest quarter of the remembered hours."""
    n = int(min(me.hours, HOURS))
    wanted = int(p.quartile * n)  # so many hours may be faster
    for a in range(n):
        faster = 0
        for b in range(n):
            if me.hour_kn[b] > me.hour_kn[a] or (me.hour_kn[b] == me.hour_kn[a] and b < a):
                faster += 1
        if faster == wanted:
            return float(me.hour_kn[a])
    return 0.0


@compilable
def _prior_kn(ship_class: int, length_m: float) -> float:
    """Service speed by class and length; 0 where the class says nothing.

    Cargo and tankers: 11 kn at 90 m, 13.5 kn at 225 m [K]; 11.7 kn is the median of the Kattegat days.
    """
    if ship_class == schema.CARGO or ship_class == schema.TANKER or ship_class == schema.CARGO_OR_TANKER:
        return 11.7 if not length_m > 0.0 else 9.3 + 0.019 * min(length_m, 250.0)
    return 0.0


@compilable
def _compare(rows: Any, i: int, me: Any, p: Params) -> bool:
    """Tell whether the vessel is slow, and note what it was compared with."""
    status = rows.nav_status[i]
    if status == MOORED or (status == AT_ANCHOR and me.level_kn < 1.0) or me.level_known_s < 0.5 * p.level_s:
        return False
    own, prior = me.own_kn, _prior_kn(rows.ship_class[i], rows.length_m[i])
    if 0.0 < own < p.least_usual_kn:
        return False
    if me.level_kn < p.share * own:
        me.by, me.base_kn = BY_OWN, own
    elif me.level_kn < p.prior_share * prior:
        me.by, me.base_kn = BY_CLASS, prior
    elif me.level_kn < p.crawl_kn:
        me.by, me.base_kn = BY_ANY, p.least_usual_kn
    else:
        return False
    return True


@compilable
def _learn(rows: Any, i: int, me: Any, p: Params, since_s: float) -> None:
    """Take a position into the mean of the last minutes, and into the hours unless it is slow."""
    sog, t = rows.sog_kn[i], rows.time_us[i]
    if since_s > p.gap_s or me.level_known_s == 0.0:
        me.level_kn, me.level_known_s = sog, 1.0
        if since_s <= p.silent_s and rows.made_kn[i] >= 0.0:  # what it made good in the silence is known too
            me.level_kn, me.level_known_s = max(sog, rows.made_kn[i]), since_s
    else:
        me.level_kn += min(1.0, since_s / p.level_s) * (sog - me.level_kn)
        me.level_known_s += since_s
    doubted = me.slow_us > 0 and t - me.slow_us < p.forget_s * 1e6
    if not doubted and sog >= UNDER_WAY_KN and since_s <= p.gap_s:
        me.part_s += since_s
        me.part_kns += sog * since_s
        if me.part_s >= 3600.0:
            me.hour_kn[me.hours % HOURS] = me.part_kns / me.part_s
            me.hours += 1
            me.part_s, me.part_kns = 0.0, 0.0
            me.own_kn = _upper_kn(me, p)
    if me.slow_us == 0 and me.level_kn < p.share * me.own_kn:
        me.slow_us = t
    elif me.slow_us > 0 and me.level_kn >= p.again * me.own_kn:
        me.slow_us = 0


@compilable
def _tell(me: Any, found: Any, still_on: int) -> None:
    known_s = 3600.0 * min(me.hours, HOURS) + me.part_s
    tell(me, found, still_on)
    found.usual_kn = me.base_kn
    found.mean_kn = me.sum_kns / max(me.held_s, 1.0) if me.held_s > 0.0 else me.level_kn
    found.by = me.by
    found.known_h = known_s / 3600.0
    found.before_s = max(0.0, (me.start_us - me.slow_us) / 1e6) if me.slow_us > 0 else 0.0


@compilable
def _close(me: Any, found: Any) -> bool:
    """End the run; True if it had been raised, and its last word is in `found`."""
    raised = bool(me.raised_us > 0)
    if raised:
        _tell(me, found, 0)
    me.start_us = 0
    me.raised_us = 0
    return raised


@compilable
def _cross(rows: Any, i: int, me: Any, p: Params, found: Any) -> bool:
    """Look at a crossing; the position that showed it has been taken in."""
    if rows.time_us[i] < me.seen_us or rows.crossed_us[i] <= me.crossed_us:
        return False
    if me.start_us == 0:
        if not _compare(rows, i, me, p):
            return False
        begin(rows, i, me)
        me.start_us = rows.crossed_us[i]
        me.sum_kns = 0.0
        me.raised_us = rows.time_us[i]
        extend(rows, i, me)
    count_crossing(rows, i, me)
    if not due(me, p.escalate_s):
        return False
    _tell(me, found, 1)
    return True


@compilable
def _position(rows: Any, i: int, me: Any, p: Params, found: Any) -> bool:
    """Take in a position; go on with the run, or end it where the speed is back."""
    since_s = seen(rows, i, me)
    if not math.isnan(rows.sog_kn[i]):
        _learn(rows, i, me, p, since_s)
    if me.start_us == 0:
        return False
    if me.level_kn >= p.again * me.base_kn:
        return bool(_close(me, found))
    held_s = me.held_s
    extend(rows, i, me)
    me.sum_kns += me.level_kn * (me.held_s - held_s)
    if not due(me, p.escalate_s):
        return False
    _tell(me, found, 1)
    return True


def step(rows: Any, i: int, me: Any, params: Params, found: Any) -> bool:
    """Follow the speed of one track, and look at it at each crossing."""
    t = rows.time_us[i]
    if rows.kind[i] == schema.TICK:
        return lapsed(me, t, params.leave_s) and _close(me, found)
    if rows.kind[i] == schema.CROSSING:
        return _cross(rows, i, me, params, found)
    if t <= me.seen_us:
        return False
    if lapsed(me, t, params.leave_s):
        ended = _close(me, found)
        since_s = seen(rows, i, me)
        if not math.isnan(rows.sog_kn[i]):
            _learn(rows, i, me, params, since_s)
        return bool(ended)
    return _position(rows, i, me, params, found)


def explain(finding: Finding) -> str:
    """Say how slow, against what, and for how long."""
    v = finding.values
    against = {
        BY_OWN: f"usually makes {v['usual_kn']:.1f} kn (fastest of its last {v['known_h']:.0f} h)",
        BY_CLASS: f"ships of its class and length make about {v['usual_kn']:.0f} kn",
        BY_ANY: "hardly any ship passes so slowly",
    }[v["by"]]
    lasting = f", slow for {minutes(v['before_s'])} before" if v["before_s"] > 600 else ""
    times = f" and {v['crossings'] - 1:.0f} more" if v["crossings"] > 1 else ""
    return (
        f"Crossed {named(finding)}{times} at {v['mean_kn']:.1f} kn{lasting}; it {against}. "
        "A dragging anchor would do that; so would a pilot, an anchorage or an arrival time ahead, or engine trouble."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """The slower against its own usual speed, and the longer, the more."""
    v = finding.values
    share = v["mean_kn"] / max(v["usual_kn"], 0.1)
    known = "of its class and length" if v["by"] == BY_CLASS else f"usual {v['usual_kn']:.1f} kn, {v['known_h']:.0f} h"
    if v["by"] == BY_OWN:
        slow = Reason("slower_than_usual", round(share, 2), "1", min(2.4, 1.2 + 5.0 * (0.6 - share)), known)
    elif v["by"] == BY_CLASS:
        slow = Reason("slower_than_its_class", round(share, 2), "1", min(1.2, 0.6 + 3.0 * (0.55 - share)), known)
    else:
        slow = Reason("slower_than_any_passage", round(v["mean_kn"], 1), "kn", 0.6)
    reasons = [slow]
    hours = (v["before_s"] + v["held_s"]) / 3600.0
    if hours >= 0.5 and v["by"] != BY_CLASS:  # who was always slow is a slow steamer
        reasons.append(Reason("slow_for", round(hours, 1), "h", min(1.2, 0.5 * math.log2(2.0 * hours) + 0.2)))
    if v["crossings"] > 1:
        reasons.append(Reason("assets_crossed_slowly", v["crossings"], "1", min(0.4, 0.2 * (v["crossings"] - 1))))
    if v["by"] == BY_OWN and v["known_h"] < 3.0:
        reasons.append(Reason("short_baseline", round(v["known_h"], 1), "h", -0.4))
    if 1000.0 <= v["shore_m"] < 5000.0:
        reasons.append(Reason("coastal_waters", round(v["shore_m"]), "m", -1.2))
    return (*reasons, *place_reasons(finding))


DETECTOR = Detector(
    name="slow_crossing",
    key="track",
    reads=(*RUN_READS, "made_kn", "nav_status", "ship_class", "length_m"),
    params=Params(),
    memory=MEMORY,
    measures=(*RUN_MEASURES, "mean_kn", "by", "known_h", "before_s"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("slowed down for a pilot, an anchorage or its arrival time", "ask the port or the traffic service"),
        Alternative("engine trouble or reduced power", "call the vessel; ask its operator for the engine log"),
        Alternative("towing, fishing or survey work", "look at the status it shows and at notices to mariners"),
    ),
    step=step,
)
