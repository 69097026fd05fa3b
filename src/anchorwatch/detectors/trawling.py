"""A vessel tows fishing gear over an asset: to and fro, again and again.

Fishing is the commonest cause of damage to cables (more than a third of faults, reference/domain.md B.2), yet fishing
vessels tow over buried cables every day and nothing happens. So a single crossing while towing is only noted; what
counts is to come back: at Svalbard in January 2022 one trawler passed about 30 times, with more than 140 crossings,
over the place where the cable was found damaged (nothing was proven).

Evidence is a position near an asset at towing speed, of a vessel that is classed as fishing, or of unknown class, or
that shows the status *engaged in fishing*; once it has towed for `tow_s`, it is told at the first crossing, or when it
has turned about near the asset, and again as crossings or turns double.

Limits: gear cannot be seen. Long-liners, potters and seiners keep the same speeds and do less harm; a vessel that
steams at 5 kn through a rolling sea looks as if it towed. Who sends nothing (small craft need not) is not seen.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import (
    METRES_PER_NM,
    MOORED,
    RUN,
    RUN_MEASURES,
    RUN_READS,
    begin,
    compilable,
    count_crossing,
    extend,
    lapsed,
    miles,
    minutes,
    named,
    near,
    place_reasons,
    seen,
    tell,
    turn_deg,
)
from anchorwatch.model import Alternative, Finding, Reason

FISHING_STATUS = 7  # engaged in fishing, ITU-R M.1371 table 45
ASSETS = 4  # how many assets' crossings are counted apart in one run


class Params(NamedTuple):
    """Thresholds of towing over an asset."""

    near_nm: float = 1.0  # between the guard zone of 0.5 nm and the watch zone of 2 nm, B.7: tows turn a mile off
    # Towing speeds: dredges 2 to 2.5 kn, beam and otter trawls 2.5 to 4 kn, pelagic and large beam trawls to 5.5 kn [K]
    slow_kn: float = 2.0
    fast_kn: float = 5.5
    tow_s: float = 1200.0  # towed for so long before anything is told: hauls last hours, slowing down minutes
    leave_s: float = 7200.0  # hauling, shooting, and a turn away from the asset between two passes
    leg_m: float = 500.0  # made on another course before it is that of a new pass
    turns: float = 2.0  # turns about near the asset that are told without a crossing


MEMORY = np.dtype(
    [
        *RUN,
        ("leg_deg", np.float64),  # course of this pass
        ("back_m", np.float64),  # way made against it
        ("turns", np.float64),  # turns about during the run
        ("told_turns", np.float64),
        ("way_m", np.float64),  # way made towing
        ("fishing", np.float64),  # 1 = classed as fishing, or shown the status, at some time of the run
        ("over", np.int32, (ASSETS,)),  # assets crossed while towing, index + 1; 0 = free
        ("times", np.float64, (ASSETS,)),  # and how often
        ("most", np.float64),  # crossings of the asset crossed most
    ]
)


@compilable
def _may_fish(rows: Any, i: int) -> bool:
    """Tell whether the vessel may be one that fishes."""
    trade = rows.ship_class[i]
    return bool(trade == schema.FISHING or trade == schema.UNKNOWN or rows.nav_status[i] == FISHING_STATUS)


@compilable
def _tows(rows: Any, i: int, p: Params) -> bool:
    """Tell whether row i may be a vessel with its gear down."""
    if not _may_fish(rows, i) or rows.nav_status[i] == MOORED:
        return False
    return bool(p.slow_kn <= rows.sog_kn[i] <= p.fast_kn)


@compilable
def _turns(rows: Any, i: int, me: Any, p: Params) -> None:
    """Follow the course of a pass, and count the turns about."""
    if math.isnan(rows.cog_deg[i]):
        return
    turned = turn_deg(me.leg_deg, rows.cog_deg[i])
    if turned <= 60.0:
        me.leg_deg = rows.cog_deg[i]
        me.back_m = 0.0
        return
    me.back_m += rows.step_m[i] if rows.step_m[i] > 0.0 else 0.0
    if me.back_m >= p.leg_m:
        me.turns += 1.0 if turned >= 120.0 else 0.0
        me.leg_deg = rows.cog_deg[i]
        me.back_m = 0.0


@compilable
def _begin(rows: Any, i: int, me: Any) -> None:
    begin(rows, i, me)
    me.leg_deg = 0.0 if math.isnan(rows.cog_deg[i]) else rows.cog_deg[i]
    me.back_m, me.turns, me.told_turns, me.way_m, me.fishing, me.most = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    me.over[:] = 0
    me.times[:] = 0.0


@compilable
def _count(rows: Any, i: int, me: Any) -> None:
    """Count a crossing for its asset; the run is about the one that is crossed most."""
    crossings, asset, asset_m, error_m, kp_km = me.crossings, me.asset, me.asset_m, me.error_m, me.kp_km
    count_crossing(rows, i, me)
    if me.crossings == crossings:
        return
    most = me.most
    for k in range(ASSETS):
        if me.over[k] == 0 or me.over[k] == rows.asset[i] + 1:
            me.over[k] = rows.asset[i] + 1
            me.times[k] += 1.0
            me.most = max(me.most, me.times[k])
            break
    if me.most == most and most > 1.0:
        me.asset, me.asset_m, me.error_m, me.kp_km = asset, asset_m, error_m, kp_km


@compilable
def _due(me: Any, p: Params) -> bool:
    """Tell whether there is something new: enough evidence, then crossings or turns doubled."""
    if me.start_us == 0 or me.held_s < p.tow_s or (me.most == 0.0 and me.turns < p.turns):
        return False
    if me.raised_us == 0:
        return True
    return bool(me.most >= 2.0 * max(me.told_crossings, 0.5) or me.turns >= 2.0 * max(me.told_turns, 1.0))


@compilable
def _tell(me: Any, found: Any, now_us: int, still_on: int) -> None:
    if me.raised_us == 0:
        me.raised_us = now_us
    tell(me, found, still_on)
    me.told_crossings = me.most
    me.told_turns = me.turns
    found.most = me.most
    found.turns = me.turns
    found.fishing = me.fishing
    found.mean_kn = me.way_m / max(me.held_s, 1.0) * 3600.0 / METRES_PER_NM


@compilable
def _close(me: Any, found: Any) -> bool:
    """End the run; True if it had been raised, and its last word is in `found`."""
    raised = bool(me.raised_us > 0)
    if raised:
        _tell(me, found, me.raised_us, 0)
    me.start_us = 0
    me.raised_us = 0
    return raised


@compilable
def _take(rows: Any, i: int, me: Any, p: Params) -> None:
    """Take a position at towing speed near an asset into the run."""
    if me.start_us == 0:
        _begin(rows, i, me)
    paused = me.paused
    extend(rows, i, me)
    if paused == 0 and rows.step_m[i] > 0.0:
        me.way_m += rows.step_m[i]
    if rows.ship_class[i] == schema.FISHING or rows.nav_status[i] == FISHING_STATUS:
        me.fishing = 1.0
    _turns(rows, i, me, p)


def step(rows: Any, i: int, me: Any, params: Params, found: Any) -> bool:
    """Follow one vessel with its gear down."""
    if me.start_us == 0 and not _may_fish(rows, i):
        return False
    t = rows.time_us[i]
    if rows.kind[i] == schema.TICK:
        return lapsed(me, t, params.leave_s) and _close(me, found)
    if rows.kind[i] == schema.CROSSING:
        if t < me.seen_us or me.paused or me.start_us == 0:
            return False
        _count(rows, i, me)
    elif t <= me.seen_us:
        return False
    else:
        ended = lapsed(me, t, params.leave_s) and _close(me, found)
        seen(rows, i, me)
        if near(rows, i, params.near_nm * METRES_PER_NM) and _tows(rows, i, params):
            _take(rows, i, me, params)
        else:
            me.paused = 1
        if ended:
            return True
    if not _due(me, params):
        return False
    _tell(me, found, t, 1)
    return True


def explain(finding: Finding) -> str:
    """Say how long, how often across, and how often back."""
    v = finding.values
    across = {0: "not across it yet", 1: "once across it"}.get(round(v["most"]), f"{v['most']:.0f} times across it")
    turns = f", turning about {v['turns']:.0f} times" if v["turns"] > 1 else ""
    who = "A fishing vessel" if v["fishing"] else "A vessel of unknown trade"
    return (
        f"{who} kept towing speed ({v['mean_kn']:.1f} kn) for {minutes(v['held_s'])} about {named(finding)}, "
        f"as near as {miles(finding.asset_m)}, {across}{turns}. "
        "Fishing vessels work over buried cables every day; its gear may also be up."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """One crossing is a caution at most; to come back over the same asset is what damages it."""
    v = finding.values
    reasons = []
    if v["most"] >= 1.0:
        over = min(3.6, 0.9 + 0.75 * math.log2(v["most"]))
        reasons.append(Reason("towed_across", v["most"], "times", round(over, 2)))
    if v["turns"] >= 2.0:
        reasons.append(Reason("to_and_fro", v["turns"], "turns", min(0.6, 0.2 * math.log2(v["turns"]))))
    if not v["fishing"]:
        reasons.append(Reason("trade_not_known", "unknown", "", -0.4))
    elif v["usual_kn"] >= 6.5:
        reasons.append(Reason("slower_than_usual", round(v["mean_kn"], 1), "kn", 0.3, f"usual {v['usual_kn']:.1f} kn"))
    return (*reasons, *place_reasons(finding))


DETECTOR = Detector(
    name="trawling",
    key="track",
    reads=(*RUN_READS, "nav_status", "ship_class", "cog_deg", "step_m"),
    params=Params(),
    memory=MEMORY,
    measures=(*RUN_MEASURES, "most", "turns", "fishing", "mean_kn"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("fishing where the asset is buried deep enough", "ask the owner of the asset; call the skipper"),
        Alternative(
            "gear that hardly touches the bottom (nets, lines, pots)", "look up its gear in the fleet register"
        ),
        Alternative("survey, or steaming slowly in heavy weather", "ask the vessel; look at the weather there"),
    ),
    step=step,
)
