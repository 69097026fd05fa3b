"""Threats under way: an anchor on the ground behind a vessel that sails on.

Ranges from reference domain.md A.3 and B.7: the known cases dragged at 5 to 11 kn with a loss of 5 to 30 % against
their own speed, one held it for 330 km, one stopped its engine twice, and dips at the cables were 0.5 to 1.5 kn for
about 5 minutes.
"""

from __future__ import annotations

import numpy as np

from .draft import Draft, Params, Stock, shifted
from .hosts import KN, Host
from .motion import Dips, Knots, Sailing, sail, wavering

BASELINE_MIN = 8.0  # with less of its own normal speed seen there is nothing to compare with


def _onset(
    host: Host, scale: float, left: float, lead_min: float, rng: np.random.Generator
) -> tuple[float, float] | None:
    """Place of onset and of the first crossing after it: crossed lead_min later, at `left` of the speed."""
    places = [m for m, _ in host.crossings_m]
    rng.shuffle(places)
    for place in places:
        kn = float(np.interp(place, host.along_m, host.sog_kn)) * scale * left
        onset = place - kn * KN * lead_min * 60
        between = any(onset < other < place for other, _ in host.crossings_m)
        if onset > 0 and not between and host.length_m - place > 2000 and host.length_m - onset > 9000:
            return onset, place
    return None


def steady_drag(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """A sharp loss of 8 to 25 % before a cable, then steady; some with small dips at the cables, some lifted later."""
    host = shifted(stock.host(rng), rng)
    scale, loss, lead = rng.uniform(0.88, 1.08), rng.uniform(0.08, 0.25), rng.uniform(5, 40)
    found = _onset(host, scale, 1 - loss, lead, rng)
    kn = host.normal_kn * scale * (1 - loss)
    if found is None or not 5 <= kn <= 14 or host.minutes_to(found[0], scale) < BASELINE_MIN:
        return None
    start, ramp = host.minutes_to(found[0], scale), rng.uniform(1, 6)
    speed: Knots = [(start, scale), (start + ramp, scale * (1 - loss))]
    lifted = rng.random() < 0.2
    if lifted:
        end = start + lead + rng.uniform(30, 80)
        speed += [(end, scale * (1 - loss)), (end + rng.uniform(2, 8), scale * rng.uniform(0.96, 1.0))]
    dipping = rng.random() < 0.5
    dips = Dips(tuple(m for m, _ in host.crossings_m if m > found[0]), rng.uniform(0.2, 0.6), rng.uniform(3, 6))
    how = Sailing(
        speed,
        dips if dipping else Dips(),
        noise_kn=rng.choice([0.0, rng.uniform(0.04, 0.2)]),
        wander_m=rng.choice([0.0, rng.uniform(5, 25)]),
    )
    motion = sail(host, how, rng)
    yaw = rng.uniform(0, 4) * rng.choice([-1, 1])
    motion.crab_deg = _crab(motion.minutes, len(motion.xy), start, motion.minutes, yaw, rng)
    end = min(speed[2][0], motion.minutes) if lifted else motion.minutes
    params: Params = {
        "loss": loss,
        "ramp_min": ramp,
        "lead_min": lead,
        "drag_kn": kn,
        "baseline_min": start,
        "dips": dipping,
        "lifted": lifted,
    }
    return Draft("steady_drag", "threat", ("anchor_drag",), host, motion, start, end, params)


def _crab(total: float, n: int, start: float, end: float, yaw_deg: float, rng: np.random.Generator) -> np.ndarray:
    minutes = np.arange(n) * total / max(n, 1)
    inside = np.clip((minutes - start) / 3, 0, 1) * np.clip((end - minutes) / 3, 0, 1)
    return inside * (yaw_deg + wavering(rng, n, abs(yaw_deg) * 0.3 + 0.3, 6))


def strong_drag(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """A loss of 25 to 60 % with yaw, wander and a bow that no longer points along the course; some engine stops."""
    host = shifted(stock.host(rng), rng)
    scale, loss, lead = rng.uniform(0.9, 1.05), rng.uniform(0.25, 0.60), rng.uniform(5, 40)
    found = _onset(host, scale, 1 - loss, lead, rng)
    if found is None or host.minutes_to(found[0], scale) < BASELINE_MIN or host.normal_kn * scale * (1 - loss) < 3:
        return None
    start, ramp = host.minutes_to(found[0], scale), rng.uniform(1, 12)
    speed: Knots = [(start, scale), (start + ramp, scale * (1 - loss))]
    stops = int(rng.integers(0, 3))
    clock = start + ramp
    for _ in range(stops):
        clock = _stop(
            speed, clock + rng.uniform(15, 50), rng.uniform(8, 35), scale * (1 - loss * rng.uniform(0.7, 1.1)), rng
        )
    how = Sailing(
        speed,
        Dips(tuple(m for m, _ in host.crossings_m if m > found[0]), rng.uniform(0.2, 1.0), rng.uniform(3, 6)),
        noise_kn=rng.uniform(0.15, 0.45),
        noise_minutes=rng.uniform(2, 6),
        leeway_kn=rng.uniform(0.2, 1.0),
        wander_m=rng.uniform(30, 180),
        wander_minutes=rng.uniform(6, 18),
    )
    motion = sail(host, how, rng)
    yaw = rng.uniform(5, 25) * rng.choice([-1, 1])
    motion.crab_deg = _crab(motion.minutes, len(motion.xy), start, motion.minutes, yaw, rng)
    params: Params = {
        "loss": loss,
        "ramp_min": ramp,
        "lead_min": lead,
        "stops": stops,
        "baseline_min": start,
        "yaw_deg": yaw,
    }
    expects = ("anchor_drag", "slow_crossing", "loitering")
    return Draft("strong_drag", "threat", expects, host, motion, start, motion.minutes, params)


def _stop(speed: Knots, begin: float, stay: float, after: float, rng: np.random.Generator) -> float:
    """Append an engine stop and a restart; return when it is over."""
    down, up = rng.uniform(4, 12), rng.uniform(4, 12)
    low = rng.uniform(0.0, 0.15)
    speed += [(begin, speed[-1][1]), (begin + down, low), (begin + down + stay, low), (begin + down + stay + up, after)]
    return begin + down + stay + up


def drag_with_stops(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """As Eagle S: over the first cable with little loss, later low revolutions, engine stop, restart, stop again."""
    host = shifted(stock.host(rng), rng)
    scale, loss, lead = rng.uniform(0.9, 1.05), rng.uniform(0.06, 0.30), rng.uniform(5, 40)
    found = _onset(host, scale, 1 - loss, lead, rng)
    if found is None or host.minutes_to(found[0], scale) < BASELINE_MIN:
        return None
    start, ramp = host.minutes_to(found[0], scale), rng.uniform(1, 8)
    speed: Knots = [(start, scale), (start + ramp, scale * (1 - loss))]
    # Eagle S: low revolutions 39 min after the cable, stop at 83, restart 27 later, zero again 26 after that. The area
    # is an hour or two across, so the same order is kept and the times are pressed together.
    first_stop = start + lead + rng.uniform(-0.5 * lead, 35)
    low = scale * (1 - loss) * rng.uniform(0.55, 0.9)
    speed += [(first_stop, scale * (1 - loss)), (first_stop + rng.uniform(2, 6), low)]
    clock = _stop(speed, speed[-1][0] + rng.uniform(0, 12), rng.uniform(10, 40), low * rng.uniform(0.8, 1.2), rng)
    again = rng.random() < 0.6
    if again:
        clock = _stop(speed, clock + rng.uniform(8, 25), rng.uniform(8, 40), low, rng)
    how = Sailing(speed, noise_kn=rng.uniform(0.08, 0.25), leeway_kn=rng.uniform(0.3, 1.2), wander_m=rng.uniform(0, 60))
    motion = sail(host, how, rng)
    if motion.minutes < speed[5][0]:
        return None  # left the area before the first stop was over
    motion.crab_deg = _crab(motion.minutes, len(motion.xy), start, motion.minutes, rng.uniform(-12, 12), rng)
    params: Params = {"loss": loss, "ramp_min": ramp, "lead_min": lead, "stops": 1 + again, "baseline_min": start}
    expects = ("anchor_drag", "slow_crossing", "loitering")
    return Draft("drag_with_stops", "threat", expects, host, motion, start, motion.minutes, params)
