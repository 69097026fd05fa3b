"""Innocent voyages that look like threats: at most 15 % of them may raise a warning or an alarm."""

from __future__ import annotations

import numpy as np

from .draft import MILE, Draft, Params, Stock, shifted
from .hosts import KN, Host
from .motion import Knots, Motion, Sailing, rejoin, sail


def _draft(name: str, host: Host, motion: Motion, start: float, end: float, params: Params) -> Draft:
    return Draft(name, "negative", (), host, motion, max(start, 0.0), min(end, motion.minutes), params)


def _steady(stock: Stock, rng: np.random.Generator) -> Host:
    """A host whose own speed holds, so that what is judged is what we did."""
    return shifted(stock.host(rng, unsteady=0.0), rng)


def slow_steamer(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """The whole passage at 60 to 85 % of its host's speed, steady."""
    host, scale = _steady(stock, rng), rng.uniform(0.60, 0.85)
    motion = sail(host, Sailing([(0, scale)], noise_kn=rng.uniform(0.05, 0.25)), rng)
    return _draft("slow_steamer", host, motion, 0, motion.minutes, {"scale": scale})


def slowdown_ends_before(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """A loss of 8 to 30 %, sharp or not, over well before the next cable: at least 1 nm and 5 min short of it."""
    host, scale = _steady(stock, rng), rng.uniform(0.9, 1.05)
    loss, lasts, ramp = (
        rng.uniform(0.08, 0.30),
        rng.uniform(10, 40),
        rng.choice([rng.uniform(1, 6), rng.uniform(8, 15)]),
    )
    start = rng.uniform(5, 60)
    up = rng.uniform(2, 8)
    speed: Knots = [(start, scale), (start + ramp, scale * (1 - loss))]
    speed += [(start + lasts, scale * (1 - loss)), (start + lasts + up, scale)]
    if lasts < ramp + 2:
        return None
    motion = sail(host, Sailing(speed, noise_kn=rng.uniform(0.04, 0.2)), rng)
    end = start + lasts + up
    crossed = [i / 6 for i, _ in stock.cables.crossings(motion.xy)]
    after = [c for c in crossed if c > end]
    if any(start - 5 <= c <= end + 5 for c in crossed) or not after or min(after) > end + 60:
        return None
    if stock.near_miss_m(motion, start, end).min() < MILE:
        return None
    return _draft(
        "slowdown_ends_before", host, motion, start, end, {"loss": loss, "ramp_min": ramp, "lasts_min": lasts}
    )


def arrival_slowdown(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """Eases down by 10 to 45 % over 20 to 60 min for an arrival time and keeps the lower speed over the cable."""
    host, scale = _steady(stock, rng), rng.uniform(0.9, 1.05)
    loss, ramp = rng.uniform(0.10, 0.45), rng.uniform(20, 60)
    start = rng.uniform(2, 50)
    minutes = np.linspace(0, ramp, 13)
    curve = (1 - np.cos(np.pi * minutes / ramp)) / 2 if rng.random() < 0.5 else minutes / ramp
    speed = [(start + float(m), scale * (1 - loss * float(c))) for m, c in zip(minutes, curve, strict=True)]
    motion = sail(host, Sailing(speed, noise_kn=rng.uniform(0.04, 0.15)), rng)
    crossed = [i / 6 for i, _ in stock.cables.crossings(motion.xy)]
    if not any(c > start + 0.3 * ramp for c in crossed):
        return None
    return _draft("arrival_slowdown", host, motion, start, motion.minutes, {"loss": loss, "ramp_min": ramp})


def drift_far(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """Engine stopped or drifting for 30 to 180 min, always more than 5 nm from any cable, then on."""
    host, scale = _steady(stock, rng), rng.uniform(0.9, 1.05)
    far = [m for m in np.arange(1500.0, host.length_m - 500, 500.0) if _far(stock, host, m)]
    if not far:
        return None
    stop_m = float(far[int(rng.integers(len(far)))])
    down, stay = rng.uniform(5, 15), rng.uniform(30, 180)
    kn = float(np.interp(stop_m, host.along_m, host.sog_kn)) * scale
    start = host.minutes_to(max(stop_m - kn * KN * down * 30, 1.0), scale)
    how = Sailing(
        [(start, scale), (start + down, 0.0)],
        leeway_kn=rng.uniform(0.2, 1.5),
        stop_minute=start + down + stay,
        noise_kn=0.1,
    )
    motion = rejoin(host, sail(host, how, rng), stop_m, [(0, 0.0), (12, scale)], rng)
    end = start + down + stay
    if stock.near_miss_m(motion, start, end).min() < 5 * MILE:
        return None
    return _draft("drift_far", host, motion, start, end, {"stay_min": stay, "leeway_kn": how.leeway_kn})


def _far(stock: Stock, host: Host, along_m: float) -> bool:
    place = np.array([[np.interp(along_m, host.along_m, host.xy[:, k]) for k in (0, 1)]])
    return bool(stock.cables.distance_m(place)[0] > 5.1 * MILE)


def turn_slowdown(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """Loses 5 to 12 % for 4 to 10 min at the sharpest turn of its way, as hulls do under helm."""
    host, scale = _steady(stock, rng), rng.uniform(0.9, 1.05)
    ahead = np.diff(host.xy, axis=0)
    course = np.unwrap(np.arctan2(ahead[:, 0], ahead[:, 1]))
    turn = np.abs(course[6:] - course[:-6])
    if len(turn) < 20 or np.degrees(turn.max()) < 12:
        return None
    at_min = host.minutes_to(float(host.along_m[int(np.argmax(turn)) + 3]), scale)
    loss, lasts = rng.uniform(0.05, 0.12), rng.uniform(4, 10)
    speed = [(at_min - lasts / 2, scale), (at_min, scale * (1 - loss)), (at_min + lasts / 2 + 2, scale)]
    motion = sail(host, Sailing(speed), rng)
    return _draft(
        "turn_slowdown", host, motion, at_min - lasts / 2, at_min + lasts / 2 + 2, {"loss": loss, "lasts_min": lasts}
    )


def current_wave(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """A slow rise and fall of 3 to 8 % with a period of 40 to 240 min, as with streams."""
    host, scale = _steady(stock, rng), rng.uniform(0.85, 1.05)
    size, period, phase = rng.uniform(0.03, 0.08), rng.uniform(40, 240), rng.uniform(0, 2 * np.pi)
    minutes = np.arange(0.0, 500, 2)
    speed = [(float(m), scale * (1 + size * float(np.sin(2 * np.pi * m / period + phase)))) for m in minutes]
    motion = sail(host, Sailing(speed), rng)
    return _draft("current_wave", host, motion, 0, motion.minutes, {"size": size, "period_min": period})


def speed_glitches(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """5 to 20 single reports with a wrong speed; the positions show that it never slowed."""
    host, scale = _steady(stock, rng), rng.uniform(0.85, 1.05)
    motion = sail(host, Sailing([(0, scale)]), rng)
    count = int(rng.integers(5, 21))
    minutes = rng.choice(int(motion.minutes), size=min(count, int(motion.minutes / 4)), replace=False)
    draft = _draft("speed_glitches", host, motion, 0, motion.minutes, {"count": float(len(minutes))})
    draft.wrong_sog = {int(m): float(rng.choice([0.0, rng.uniform(0.2, 0.9), rng.uniform(1.1, 1.8)])) for m in minutes}
    return draft


def pilot_boarding(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """Slows to 5-8 kn within 5 to 10 min, holds it 8 to 20 min, speeds up again; at least 1 nm from any cable."""
    host, scale = _steady(stock, rng), rng.uniform(0.9, 1.05)
    kn = host.normal_kn * scale
    slow = rng.uniform(5, 8)
    if kn < slow + 2:
        return None
    start, down, hold, up = rng.uniform(5, 90), rng.uniform(5, 10), rng.uniform(8, 20), rng.uniform(5, 12)
    low = scale * slow / kn
    end = start + down + hold + up
    motion = sail(host, Sailing([(start, scale), (start + down, low), (start + down + hold, low), (end, scale)]), rng)
    if motion.minutes < end + 5 or stock.near_miss_m(motion, start, end).min() < MILE:
        return None
    return _draft("pilot_boarding", host, motion, start, end, {"slow_kn": slow, "hold_min": hold})
