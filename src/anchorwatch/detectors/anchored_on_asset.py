"""A vessel lies still on an asset or close by: at anchor, or stopped where an anchor would hit.

Evidence is a position within `near_nm` of an asset (plus the error of the charted route) slower than
`still_kn`, or with the status *at anchor* and slower than `anchor_kn` (a ship drags or swings faster than it
lies). It is raised after `hold_s`, with the status after `hold_status_s`. Operators want this one at once:
warnings to vessels at anchor near a cable have prevented faults (ICPC, BT; reference/domain.md B.2).

Limits: *moored* is no finding. Ports, anchorages and the near shore are found all the same and weigh against
it. An archive that leaves out slow rows (some do below 0.5 kn) hides vessels at anchor from us.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import (
    AT_ANCHOR,
    METRES_PER_NM,
    MOORED,
    RUN,
    RUN_MEASURES,
    RUN_READS,
    begin,
    compilable,
    count_crossing,
    due,
    extend,
    flat_m,
    lapsed,
    miles,
    minutes,
    named,
    near,
    place_reasons,
    seen,
    tell,
)
from anchorwatch.model import Alternative, Finding, Reason


class Params(NamedTuple):
    """Thresholds of lying on an asset."""

    near_nm: float = 0.5  # inner guard zone, reference/domain.md B.7; about the swing of a ship on 8 shackles
    still_kn: float = 1.0  # B.7
    anchor_kn: float = 2.0  # a status left over from the last anchorage is common above this
    hold_s: float = 600.0  # three reports of a ship at anchor (every 3 min, ITU-R M.1371)
    hold_status_s: float = 180.0  # B.7: with the status it is immediate; one report more, against slips
    escalate_s: float = 7200.0
    leave_s: float = 1800.0  # a hole in reception, a gust on the chain


MEMORY = np.dtype(
    [
        *RUN,
        ("anchor_s", np.float64),  # time with evidence and the status at anchor
        ("first_lon_deg", np.float64),
        ("first_lat_deg", np.float64),
        ("spread_m", np.float64),  # farthest from there
    ]
)


@compilable
def _evidence(rows: Any, i: int, p: Params) -> bool:
    """Tell whether the vessel lies still near an asset at row i."""
    status = rows.nav_status[i]
    if status == MOORED or not near(rows, i, p.near_nm * METRES_PER_NM):
        return False
    return bool(rows.sog_kn[i] < (p.anchor_kn if status == AT_ANCHOR else p.still_kn))


@compilable
def _tell(me: Any, found: Any, still_on: int) -> None:
    tell(me, found, still_on)
    found.spread_m = me.spread_m
    found.at_anchor = min(1.0, me.anchor_s / max(me.held_s, 1.0))


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
def _take(rows: Any, i: int, me: Any, p: Params) -> None:
    """Take a position into the run, beginning one where there is none."""
    if me.start_us == 0:
        begin(rows, i, me)
        me.anchor_s, me.spread_m = 0.0, 0.0
        me.first_lon_deg, me.first_lat_deg = rows.lon_deg[i], rows.lat_deg[i]
    held_s = me.held_s
    extend(rows, i, me)
    if rows.nav_status[i] == AT_ANCHOR:
        me.anchor_s += me.held_s - held_s
    me.spread_m = max(me.spread_m, flat_m(me.first_lon_deg, me.first_lat_deg, rows.lon_deg[i], rows.lat_deg[i]))
    if me.raised_us == 0 and (me.held_s >= p.hold_s or me.anchor_s >= p.hold_status_s):
        me.raised_us = rows.time_us[i]


def step(rows: Any, i: int, me: Any, params: Params, found: Any) -> bool:
    """Follow one track that may lie down on an asset."""
    t = rows.time_us[i]
    if rows.kind[i] == schema.TICK:
        return lapsed(me, t, params.leave_s) and _close(me, found)
    if rows.kind[i] == schema.CROSSING:
        if t >= me.seen_us:
            count_crossing(rows, i, me)
        return False
    if t <= me.seen_us:
        return False
    ended = lapsed(me, t, params.leave_s) and _close(me, found)
    seen(rows, i, me)
    if not _evidence(rows, i, params):
        me.paused = 1
        return ended
    _take(rows, i, me, params)
    if ended or not due(me, params.escalate_s):
        return ended
    _tell(me, found, 1)
    return True


def explain(finding: Finding) -> str:
    """Say how near, how long, and what the vessel says of itself."""
    v = finding.values
    status = "with the status at anchor" if v["at_anchor"] > 0.5 else "without the status at anchor"
    return (
        f"Lies still {miles(finding.asset_m)} from {named(finding)} for {minutes(v['held_s'])}, {status}, "
        f"within {miles(v['spread_m'])} of the same place. It may be waiting, fishing or working there by permit."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """Nearer, longer, and by its own word at anchor weigh more."""
    v = finding.values
    hours = v["held_s"] / 3600.0
    reasons = [
        Reason("nearness", round(finding.asset_m), "m", 1.2 if finding.asset_m <= 463.0 else 0.5),
        Reason("time_on_asset", round(hours, 2), "h", min(2.0, 0.5 + 0.5 * math.log2(max(hours, 1 / 6) * 6))),
    ]
    if v["at_anchor"] > 0.5:
        reasons.append(Reason("status_at_anchor", round(v["at_anchor"], 2), "1", 1.0))
    if v["usual_kn"] >= 8.0:
        reasons.append(Reason("stopped_on_passage", round(v["usual_kn"], 1), "kn", 0.4, "usual speed"))
    return (*reasons, *place_reasons(finding))


DETECTOR = Detector(
    name="anchored_on_asset",
    key="track",
    reads=(*RUN_READS, "nav_status"),
    params=Params(),
    memory=MEMORY,
    measures=(*RUN_MEASURES, "spread_m", "at_anchor"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative(
            "waiting for a berth or for weather", "call the vessel, ask it to shift; ask the port for its slot"
        ),
        Alternative("service, survey or diving work on the asset", "ask the owner of the asset for permits"),
        Alternative("not under command", "call the vessel; ask the rescue centre"),
    ),
    step=step,
)
