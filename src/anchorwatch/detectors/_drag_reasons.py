"""What speaks for a dragged anchor, and against it: the reasons behind findings of `anchor_drag`.

How the weights were set, and on what: docs/judgement.md.
"""

from __future__ import annotations

import math

from anchorwatch.detectors._minutes import BEFORE
from anchorwatch.model import Finding, Reason

# One a minute, each minute, as thinned archives keep them. Else it is a feed heard badly, where a loss proves less.
THINNED = (0.9, 1.05)
DENSE = 1.3  # reports a minute from which on roughness can be told from a mean that hides it


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """Weigh the loss, its suddenness, and what goes with it.

    The loss counts with the least of its three measures: at once, in the steepest minutes, and now. Ordinary
    ships lose up to 8 % at once every few hundred hours without a turn, and twice that in turns; above 10 % it
    is rare (measured on two days in the Kattegat, see docs/judgement.md). An engine order is smooth afterwards, an
    anchor on an uneven bottom is not: where reports are dense enough to tell, the loss alone counts for less.
    """
    v = finding.values
    least = min(v["bite"], v["deficit"], v["steepest"])
    if v["steepest"] >= 0.2:  # so steep that a slow bite (up to a quarter of an hour) is one all the same
        least = min(v["deficit"], max(v["bite"], 0.8 * v["steepest"]))
    dense = v["reports"] >= DENSE
    thinned = THINNED[0] <= v["reports"] <= THINNED[1]
    if dense:
        loss = _clip(7.5 * (least - 0.115), -3.0, 0.95)
    else:
        loss = _clip(2.3 + 45.0 * (least - 0.093), -3.0, 4.5 if thinned else 2.8)
    smooth = 0.4 if v["stops_min"] >= 4.0 else 1.0  # an engine that stops slows a ship smoothly too
    sharp = v["steepest"] / max(min(v["deficit"], v["bite"]), 0.03)
    reasons = [
        Reason("speed_deficit", round(least, 3), "1", loss, _baseline(v)),
        _over(v["turn_deg"], "turned_at_the_bite", "deg", 8.0, -0.2 if dense else -0.12, -3.5 if dense else -3.0),
        _over(-v["trend"], "still_slowing", "1 per 10 min", 0.05, -12.0 * smooth, -2.5 * smooth),
        _over(v["trend"], "speed_coming_back", "1 per 10 min", 0.05, -8.0, -1.5),
        _over(1.0 - sharp, "smooth_slowdown", "1", 0.2, -6.0 * smooth, -3.5 * smooth),
        _over(v["noise"], "unsteady_before", "1", 0.02, -40.0, -4.0),
        _over(v["stops_min"], "engine_stopped", "min", 4.0, 0.2, 0.8),
        _over(v["crossings"], "assets_crossed_since", "1", 1.0, 0.2 if dense else 0.05, 0.6 if dense else 0.15),
        _over(v["dip_kn"], "dip_at_crossing", "kn", 0.2, 1.0, 0.2),
        *(_unrest(v) if dense else _sparse(v)),
    ]
    if v["crossings"] == 0.0:  # most slow-downs end before a cable is reached: keep an eye on it until then
        reasons.append(Reason("no_asset_crossed_yet", 0, "assets", -2.7))
        if not finding.open:
            reasons.append(Reason("ended_before_an_asset", 0, "assets", -3.0))
    if v["crossings"] > 0.0 and not finding.open:  # its end is no reason to call anybody who was not called before
        reasons.append(Reason("it_is_over", round(v["held_s"] / 60.0), "min", -0.4))
    if v["held_s"] < 720.0:
        reasons.append(Reason("not_held_long", round(v["held_s"] / 60.0), "min", -1.2))
    if v["base_kn"] < 6.0:  # half a knot of current or sea is a tenth of so little speed
        reasons.append(Reason("slow_ship", round(v["base_kn"], 1), "kn", -1.2))
    if v["known_min"] < 14.0:
        reasons.append(Reason("short_baseline", v["known_min"], "min", -0.3))
    return tuple(r for r in reasons if r.log_odds != 0.0)


def _unrest(v: dict[str, float]) -> list[Reason]:
    """Weigh how much rougher speed and course have become: an anchor that ploughs does not pull evenly.

    Set on made drags and ordinary passages (tuning seeds 10 to 119); it rests on the ship model's bottom.
    """
    sure = min(v["rough_min"], 50.0) / 50.0
    rougher, rough = _against(v["rough_kn"], v["rough_before_kn"], 0.08, v)
    sways, sway = _against(v["sway_deg"], v["sway_before_deg"], 0.4, v)
    return [
        Reason(
            "speed_rougher_than_before", round(math.exp(rougher), 2), "times",
            round(_clip(sure * (2.8 * rougher + 0.3 * rough), 0.0, 4.0), 2), f"{v['rough_before_kn']:.2f} kn a minute",
        ),
        Reason(
            "course_sways_more_than_before", round(math.exp(sways), 2), "times",
            round(_clip(sure * (2.2 * sways + 0.7 * sway), -0.5, 2.1), 2), f"{v['sway_before_deg']:.1f} deg a minute",
        ),
    ]  # fmt: skip


def _against(now: float, before: float, usual: float, v: dict[str, float]) -> tuple[float, float]:
    """Logarithms of unrest against the vessel's own before, and against what is usual: few minutes tell little."""
    own = (v["known_min"] * before + 8.0 * usual) / (v["known_min"] + 8.0)
    since = (v["rough_min"] * now + 3.0 * own) / (v["rough_min"] + 3.0)
    return math.log(since / own), math.log(since / usual)


def _sparse(v: dict[str, float]) -> list[Reason]:
    """Weigh what a report a minute can still show of an unquiet course."""
    return [
        _over(abs(v["offset_deg"]), "heading_offset", "deg", 4.0, 0.15, 1.2),
        _over(v["wander_deg"], "course_wander", "deg/min", 3.0, 0.3, 0.8),
    ]


def _baseline(v: dict[str, float]) -> str:
    return f"{v['base_kn']:.1f} kn over the {min(v['known_min'], BEFORE):.0f} min before the bite"


def _clip(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))


def _over(value: float, name: str, unit: str, start: float, per_unit: float, most: float) -> Reason:
    """Weight that grows from `start` on, up to `most`; none below."""
    if not value > start:
        return Reason(name, round(value, 3), unit, 0.0)
    weight = per_unit * (value - start)
    return Reason(name, round(value, 3), unit, max(weight, most) if most < 0.0 else min(weight, most))
