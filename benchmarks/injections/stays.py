"""Threats that stay by a cable, hide, or lie about where they are.

Ranges from reference domain.md: anchoring near a cable, < 1 kn within 0.5 nm (B.7); loitering, Hong Tai 58 held 0.5
nm off for 56 h and published rules ask 20 min to 4 h (B.1); gaps, published rules ask 50 min to 12 h, 30 min in
dense coverage (B.7).
"""

from __future__ import annotations

import numpy as np

from .draft import MILE, Draft, Params, Stock, shifted
from .hosts import KN, Floats, Host
from .motion import STEP_S, Dips, Knots, Motion, Sailing, rejoin, run_along, sail, swinging, wavering


def _approach(host: Host, stop_m: float, down_min: float, scale: float, rng: np.random.Generator) -> Motion | None:
    """Sail the way and take the way off her so as to lie near a place on it."""
    kn = float(np.interp(stop_m, host.along_m, host.sog_kn)) * scale
    brake_m = stop_m - kn * KN * down_min * 30
    if brake_m < 500:
        return None
    start = host.minutes_to(brake_m, scale)
    how = Sailing([(start, scale), (start + down_min, 0.0)], stop_minute=start + down_min)
    return sail(host, how, rng)


def _crossing(host: Host, rng: np.random.Generator) -> float:
    return host.crossings_m[int(rng.integers(len(host.crossings_m)))][0] if host.crossings_m else -1.0


def anchored_on_asset(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """Stops within 0.3 nm of a cable for 30 min to 5 h and swings on its anchor; some never say "at anchor"."""
    host = shifted(stock.host(rng), rng)
    scale, stay = rng.uniform(0.85, 1.05), float(np.exp(rng.uniform(np.log(30), np.log(300))))
    stop_m = _crossing(host, rng) + rng.uniform(-450, 450)
    came = _approach(host, stop_m, rng.uniform(6, 20), scale, rng)
    if came is None:
        return None
    n, at_m = int(stay * 6), came.xy[-1]
    radius = float(np.exp(rng.uniform(np.log(10), np.log(220))))
    fastest = rng.uniform(0.15, 0.55) * KN * STEP_S / radius
    swing = rng.uniform(0, 2 * np.pi) + swinging(rng, n, rng.uniform(0.15, 0.8), rng.uniform(15, 60), fastest)
    swing += np.linspace(0, rng.normal(0, 1.5), n)  # the stream turns
    out = np.column_stack([np.sin(swing), np.cos(swing)])
    anchor = at_m - radius * out[0]
    status = 1.0 if rng.random() < 0.6 else 0.0
    slow_every = 180.0 if status == 1.0 and rng.random() < 0.6 else 0.0  # class A at anchor reports every 3 min
    ring = Motion(anchor + radius * out, (np.degrees(swing) + 180) % 360, np.zeros(n), np.full(n, status), slow_every)
    fresh = rng.random() < 0.12
    motion = Motion(came.xy[-30:]).then(ring) if fresh else came.then(ring)
    start = motion.minutes - stay
    if rng.random() < 0.65:
        motion = rejoin(host, motion, stop_m, [(0, 0.0), (12, scale)], rng)
    near = stock.near_miss_m(motion, start, start + stay)
    if near.max() > 0.3 * MILE:
        return None
    params: Params = {
        "stay_min": stay,
        "radius_m": radius,
        "distance_m": float(near.mean()),
        "status": status,
        "first_seen_there": fresh,
    }
    expects = ("anchored_on_asset", "loitering")
    made = Draft("anchored_on_asset", "threat", expects, host, motion, start, start + stay, params)
    made.jitter_kn = rng.choice([0.0, rng.uniform(0.05, 0.3)])
    return made


def loitering(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """40 min to 5 h within 2 nm of a cable at 0.3 to 3 kn: zigzag legs, a box, or a drift."""
    host = shifted(stock.host(rng), rng)
    scale, stay = rng.uniform(0.85, 1.05), float(np.exp(rng.uniform(np.log(40), np.log(300))))
    stop_m = _crossing(host, rng) + rng.uniform(-1.2, 1.2) * MILE
    came = _approach(host, stop_m, rng.uniform(6, 20), scale, rng)
    if came is None:
        return None
    how = str(rng.choice(["zigzag", "drift", "box", "walk"]))
    n = int(stay * 6)
    track = {"drift": _drift, "walk": _walk}[how](n, rng) if how in ("drift", "walk") else _legs(n, how, rng)
    motion = came.then(Motion(came.xy[-1] + track, status=np.full(n, rng.choice([0.0, 0.0, 2.0]))))
    start = motion.minutes - stay
    if rng.random() < 0.65:
        motion = rejoin(host, motion, stop_m, [(0, 0.0), (12, scale)], rng)
    near = stock.near_miss_m(motion, start, start + stay)
    if near.max() > 2 * MILE or np.quantile(near, 0.25) > 1.2 * MILE:
        return None
    params: Params = {"stay_min": stay, "how": how, "distance_m": float(near.mean()), "scale": scale}
    expects = ("loitering", "anchored_on_asset", "slow_crossing")
    return Draft("loitering", "threat", expects, host, motion, start, start + stay, params)


def _drift(n: int, rng: np.random.Generator) -> Floats:
    """Wind and stream: slow, one way for hours, turning gently."""
    to = rng.uniform(0, 2 * np.pi) + wavering(rng, n, 0.5, 60)
    step = (rng.uniform(0.4, 1.4) + wavering(rng, n, 0.15, 20)).clip(0.2, 2.5) * KN * STEP_S
    return np.cumsum(step[:, None] * np.column_stack([np.sin(to), np.cos(to)]), axis=0)


def _walk(n: int, rng: np.random.Generator) -> Floats:
    """No plan: a new speed and a new bearing every few minutes, turned home when a mile off."""
    track, here = np.zeros((n, 2)), np.zeros(2)
    to, kn, left = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 3), 0
    for i in range(n):
        if left == 0:
            to, kn, left = to + rng.normal(0, 1.2), rng.uniform(0.3, 3), int(rng.integers(6, 60))
            if float(np.hypot(*here)) > 1400:
                to = np.arctan2(-here[0], -here[1]) + rng.normal(0, 0.4)
        left -= 1
        here = here + kn * KN * STEP_S * np.array([np.sin(to), np.cos(to)])
        track[i] = here
    return track


def _legs(n: int, how: str, rng: np.random.Generator) -> Floats:
    """Legs of 5 to 20 min up and down about one bearing, drawn back when far off."""
    base, swing = rng.uniform(0, 2 * np.pi), (np.radians(rng.uniform(30, 75)) if how == "zigzag" else np.pi / 2)
    kn = (rng.uniform(0.8, 2.6) + wavering(rng, n, 0.3, 8)).clip(0.3, 3.0)
    points, here = [np.zeros(2)], np.zeros(2)
    side = 1
    while len(points) < 400:
        length = rng.uniform(5, 20) * 60 * float(kn.mean()) * KN
        if how == "box":
            base += swing * rng.uniform(0.8, 1.2)
            to = base
        else:
            to, side = base + side * swing, -side
            if float(np.hypot(*here)) > 1500 and float(here @ [np.sin(base), np.cos(base)]) > 0:
                base += np.pi
        here = here + length * np.array([np.sin(to), np.cos(to)])
        points.append(here)
    return run_along(np.array(points), kn)[:n]


def following_asset(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """Leaves its way at a cable and runs along it within a few hundred metres, at 3 to 9 kn, and turns back."""
    host = shifted(stock.host(rng), rng)
    crossings = [c for c in host.crossings_m if c[0] > 3000]
    if not crossings:
        return None
    place, name = crossings[int(rng.integers(len(crossings)))]
    line = _whole_line(stock, name)
    came = sail(host, Sailing([(0, rng.uniform(0.85, 1.05))]), rng)
    here = int(
        np.argmin(np.hypot(*(came.xy - np.array([np.interp(place, host.along_m, host.xy[:, k]) for k in (0, 1)])).T))
    )
    came = Motion(came.xy[: max(here - 10, 10)])
    legs, leg_m, off_m = int(rng.integers(2, 5)), rng.uniform(3500, 14_000), rng.uniform(20, 350) * rng.choice([-1, 1])
    points = _along(line, came.xy[-1], legs, leg_m, off_m, rng)
    if points is None:
        return None
    kn = rng.uniform(3, 9) + wavering(rng, 60_00, 0.25, 10)
    sharp, fresh = rng.random() < 0.25, rng.random() < 0.2
    if fresh:
        came = Motion(came.xy[-6:])
    motion = came.then(Motion(run_along(points, kn.clip(2.5, 9.5), rounds=0 if sharp else 4)))
    start = came.minutes
    end = motion.minutes
    near = stock.near_miss_m(motion, start, end)
    if end - start < 40 or end - start > 420 or np.quantile(near, 0.8) > 600:
        return None
    if rng.random() < 0.6:
        motion = rejoin(host, motion, place, [(0, 0.5), (12, 1.0)], rng)
    params: Params = {
        "legs": legs,
        "leg_m": leg_m,
        "offset_m": off_m,
        "kn": float(kn.mean()),
        "distance_m": float(np.median(near)),
    }
    expects = ("following_asset", "loitering")
    return Draft("following_asset", "threat", expects, host, motion, start, end, params)


def _whole_line(stock: Stock, name: str) -> Floats:
    """The cable's line; the short ways of the power link are joined to one."""
    if "Konti-Skan" not in name:
        return np.array(stock.cables.lines[stock.cables.names.index(name)].coords)
    parts = [
        np.array(ln.coords) for nm, ln in zip(stock.cables.names, stock.cables.lines, strict=True) if "Konti-Skan" in nm
    ]
    mine = np.array(stock.cables.lines[stock.cables.names.index(name)].coords)
    east = [p for p in parts if (p[0, 0] > 0) == (mine[0, 0] > 0)]  # the link has a gap in the middle of the map
    ends = np.vstack(east)
    return ends[np.argsort(ends[:, 0])]


def _along(
    line: Floats, here: Floats, legs: int, leg_m: float, off_m: float, rng: np.random.Generator
) -> Floats | None:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    fine = np.arange(0, along[-1], 200.0)
    xy = np.column_stack([np.interp(fine, along, line[:, k]) for k in (0, 1)])
    to = np.gradient(xy, axis=0)
    normal = np.column_stack([to[:, 1], -to[:, 0]]) / np.hypot(*to.T)[:, None]
    first = int(np.argmin(np.hypot(*(xy - here).T)))
    way = 1 if rng.random() < 0.5 else -1
    points, at_i = [here], first
    for leg in range(legs):
        until = int(np.clip(at_i + way * leg_m * rng.uniform(0.8, 1.2) / 200, 0, len(xy) - 1))
        if abs(until - at_i) < 12:
            return None
        span = np.arange(at_i + 3 * way, until, 3 * way)
        side = off_m + (0 if leg % 2 == 0 else rng.uniform(-300, 300)) + rng.normal(0, 25, len(span))
        points += list(xy[span] + side[:, None] * normal[span])
        at_i, way = until, -way
    return np.array(points)


def ais_gap(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """Under way and silent for 35 to 150 min with a cable between; some are slow, stop or wander while dark."""
    host = shifted(stock.host(rng), rng)
    scale = rng.uniform(0.75, 1.05)
    place = _crossing(host, rng)
    dark = str(rng.choice(["same speed", "slower", "stops"], p=[0.5, 0.25, 0.25]))
    gap = rng.uniform(35, 150)
    over = host.minutes_to(max(place, 1.0), scale)
    start = over - gap * rng.uniform(0.15, 0.85)
    if place < 0 or start < 10:
        return None
    speed: Knots = [(0, scale)]
    if dark == "slower":
        left = rng.uniform(0.5, 0.9)
        speed = [(start, scale), (start + 4, scale * left), (start + gap - 6, scale * left), (start + gap - 2, scale)]
    elif dark == "stops":
        halt = rng.uniform(start + 5, start + 0.4 * gap)
        stay = rng.uniform(0.2, 0.4) * gap
        speed = [(halt, scale), (halt + 5, 0.05), (halt + 5 + stay, 0.05), (halt + 10 + stay, scale)]
    motion = sail(host, Sailing(speed, Dips(), leeway_kn=0.4), rng)
    if motion.minutes < start + gap + 6:
        return None
    inside = motion.xy[int(start * 6) : int((start + gap) * 6) : 6]
    if not stock.cables.crossings(np.array([inside[0], inside[-1]])):
        return None
    params: Params = {"gap_min": gap, "dark": dark, "scale": scale}
    return Draft(
        "ais_gap", "threat", ("ais_gap",), host, motion, start, start + gap, params, silent_min=(start, start + gap)
    )


def position_jump(stock: Stock, rng: np.random.Generator) -> Draft | None:
    """One vessel's positions leap 5 to 60 km for 10 to 60 min: offset, fixed, circling, blinking; some stay away."""
    host = shifted(stock.host(rng), rng)
    motion = sail(host, Sailing([(0, rng.uniform(0.85, 1.05))]), rng)
    lasts = rng.uniform(10, 60)
    back = rng.random() < 0.75
    start = rng.uniform(8, max(motion.minutes - lasts - 5, 9)) if back else motion.minutes - lasts
    if start < 8 or start + lasts > motion.minutes:
        return None
    how = str(rng.choice(["offset", "fixed", "circle", "blink"], p=[0.45, 0.2, 0.2, 0.15]))
    shown = motion.xy.copy()
    part = slice(int(start * 6), int((start + lasts) * 6))
    bearing, leap_m = rng.uniform(0, 2 * np.pi), rng.uniform(5_000, 60_000)
    shown[part] = _false(shown[part], how, leap_m * np.array([np.sin(bearing), np.cos(bearing)]), rng)
    own = how in ("fixed", "circle") and rng.random() < 0.5
    params: Params = {"leap_m": leap_m, "lasts_min": lasts, "how": how, "comes_back": back, "speed_agrees": own}
    return Draft(
        "position_jump",
        "threat",
        ("position_jump",),
        host,
        motion,
        start,
        start + lasts,
        params,
        shown_xy=shown,
        shown_speed=own,
    )


def _false(true_xy: Floats, how: str, leap: Floats, rng: np.random.Generator) -> Floats:
    n = len(true_xy)
    if how == "offset":
        return true_xy + leap
    if how == "fixed":
        return np.asarray(true_xy[0] + leap + rng.normal(0, 15, (n, 2)))
    if how == "circle":
        radius = rng.uniform(400, 2500)
        turn = np.arange(n) * STEP_S * rng.uniform(8, 20) * KN / radius
        return np.asarray(true_xy[0] + leap + radius * np.column_stack([np.sin(turn), np.cos(turn)]))
    away = (np.arange(n) // int(rng.integers(6, 30))) % 2 == 0
    return np.asarray(np.where(away[:, None], true_xy + leap, true_xy))
