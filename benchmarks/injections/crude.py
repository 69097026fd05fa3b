"""The same threats as a second person would inject them in an afternoon: rows of a host stretched in time, plain noise
on top.

Nothing here is shared with drags.py, stays.py and negatives.py but the cables. A detector that does well there and
badly here has learnt our noise and not the behaviour. The host's own rows, jitter and course stay as they were;
speed is scaled with the stretch; stays are white noise about a point; following is a straight shuttle with turns on
the spot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from .hosts import KN, NM, Cables, Floats, to_metres

Rng = np.random.Generator


@dataclass
class Crude:
    """Rows a minute apart, and between which minutes something happens."""

    name: str
    group: str
    expects: tuple[str, ...]
    ship_class: str
    host: int
    minute: Floats
    xy: Floats
    sog_kn: Floats
    cog_deg: Floats
    start_min: float
    end_min: float
    params: dict[str, float | str | bool]


@dataclass(frozen=True)
class Passage:
    """The raw rows of one passage, in minutes, and where it crosses cables."""

    mmsi: int
    ship_class: str
    minute: Floats
    xy: Floats
    sog_kn: Floats
    cog_rad: Floats
    crossed_min: tuple[float, ...]


def passages_of(traffic: pl.DataFrame, cables: Cables) -> list[Passage]:
    """Whole passages of cargo ships, tankers and some passenger ships over at least one cable."""
    found = []
    kinds = traffic.filter(pl.col("ship_class").is_in(["cargo_or_tanker", "passenger"])).sort("mmsi", "time")
    parts = kinds.with_columns(
        part=(pl.col("time").diff().over("mmsi") > pl.duration(minutes=5)).fill_null(True).cum_sum()
    )
    for rows in parts.partition_by("part", maintain_order=True):
        sog = rows["sog_kn"].to_numpy()
        if len(rows) < 60 or sog.min() < 4 or np.ptp(sog) > 0.25 * np.median(sog):
            continue
        minute = (rows["time"] - rows["time"][0]).dt.total_seconds().to_numpy() / 60
        xy = to_metres(rows["lon_deg"].to_numpy(), rows["lat_deg"].to_numpy())
        over = tuple(float(np.interp(i, np.arange(len(minute)), minute)) for i, _ in cables.crossings(xy))
        if over:
            turn = np.unwrap(np.radians(rows["cog_deg"].to_numpy()))
            found.append(Passage(int(rows["mmsi"][0]), rows["ship_class"][0], minute, xy, sog, turn, over))
    return found


def _stretched(
    host: Passage, factor: Callable[[Floats], Floats], rng: Rng
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Minutes, places, speeds, courses, and the new minute of each host row, at `factor` of its speed."""
    fine = np.arange(host.minute[0], host.minute[-1], 0.1)
    new_fine = np.concatenate([[0.0], np.cumsum(0.1 / factor(fine)[:-1])])
    minute = np.arange(0.0, new_fine[-1], 1.0)
    old = np.interp(minute, new_fine, fine)
    xy = np.column_stack([np.interp(old, host.minute, host.xy[:, k]) for k in (0, 1)]) + rng.uniform(-400, 400, 2)
    sog = np.interp(old, host.minute, host.sog_kn) * factor(old) + rng.normal(0, 0.1, len(minute))
    cog = np.degrees(np.interp(old, host.minute, host.cog_rad)) + rng.normal(0, 1.0, len(minute))
    return minute, xy, np.maximum(sog, 0), cog % 360, np.interp(host.minute, fine, new_fine)


def _made(
    name: str,
    host: Passage,
    rows: tuple[Floats, Floats, Floats, Floats],
    start: float,
    end: float,
    params: dict[str, float | str | bool],
) -> Crude:
    group = "negative" if name in INNOCENT else "threat"
    return Crude(
        name, group, EXPECTS.get(name, ()), host.ship_class, host.mmsi, *rows, start, min(end, rows[0][-1]), params
    )


def _drag(name: str, loss: float, rng: Rng, host: Passage) -> Crude | None:
    """Steady, strong or with stops: one piece of arithmetic with other numbers."""
    target = float(rng.choice(host.crossed_min))
    lead, ramp = rng.uniform(5, 40), rng.uniform(1, 6)
    onset = target - lead * (1 - loss)
    if onset < 6 or host.minute[-1] - target < 6:
        return None
    stops = (
        []
        if name == "steady_drag"
        else [target + rng.uniform(-3, 20) for _ in range(int(rng.integers(name != "strong_drag", 3)))]
    )
    half, depth = rng.uniform(1.5, 3), rng.choice([0.0, rng.uniform(0.2, 0.6)])
    kn = float(np.median(host.sog_kn)) * (1 - loss)

    def factor(minute: Floats) -> Floats:
        out = 1 - loss * np.clip((minute - onset) / (ramp * (1 - loss / 2)), 0, 1)
        for over in host.crossed_min:
            out -= depth / kn * (np.abs(minute - over) < half) * (minute > onset)
        for stop in stops:
            out = np.where(np.abs(minute - stop) < 1.0, 0.08, out)  # 2 host minutes at 8 %: 25 minutes nearly stopped
        return np.maximum(out, 0.05)

    minute, xy, sog, cog, moved = _stretched(host, factor, rng)
    start = float(np.interp(onset, host.minute, moved))
    if name == "strong_drag":
        side = rng.uniform(50, 200) * np.sin(2 * np.pi * (minute - start) / rng.uniform(6, 15)) * (minute > start)
        xy = xy + side[:, None] * np.column_stack([np.cos(np.radians(cog)), -np.sin(np.radians(cog))])
        cog = (cog + rng.normal(0, 8, len(cog)) * (minute > start)) % 360
    params: dict[str, float | str | bool] = {
        "loss": loss,
        "lead_min": lead,
        "baseline_min": start,
        "ramp_min": ramp,
        "stops": len(stops),
        "dip_kn": float(depth),
    }
    return _made(name, host, (minute, xy, sog, cog), start, minute[-1], params)


def _stay(name: str, rng: Rng, host: Passage, cables: Cables) -> Crude | None:
    """Rows up to a point, a stay there, and half of the time the rest of the rows later."""
    target = float(rng.choice(host.crossed_min)) if name != "drift_far" else float(rng.choice(host.minute[8:-3]))
    near_min = 0.0 if name == "drift_far" else rng.uniform(-1, 1) if name == "anchored_on_asset" else rng.uniform(-5, 5)
    cut = int(np.searchsorted(host.minute, target + near_min))
    if not 5 <= cut < len(host.minute) - 3:
        return None
    lasts = int(rng.uniform(*{"anchored_on_asset": (30, 240), "loitering": (40, 240), "drift_far": (30, 120)}[name]))
    at, n = host.xy[cut - 1], lasts
    if name == "anchored_on_asset":
        xy, sog = at + rng.normal(0, rng.uniform(5, 40), (n, 2)), rng.uniform(0, 0.6, n)
        cog = rng.uniform(0, 360, n)
    else:
        turns = rng.normal(0, 0.1 if name == "drift_far" else rng.choice([0.15, 0.6]), n)
        to = rng.uniform(0, 2 * np.pi) + np.cumsum(turns)
        sog = (rng.uniform(0.3, 1.5) if name == "drift_far" else rng.uniform(0.5, 2.5)) + rng.normal(0, 0.2, n)
        sog = sog.clip(0.3, 3.0)
        xy = at + np.cumsum(sog[:, None] * KN * 60 * np.column_stack([np.sin(to), np.cos(to)]), axis=0)
        cog = np.degrees(to) % 360
    far = cables.distance_m(xy)
    if (name == "drift_far" and far.min() < 5 * NM) or (name == "anchored_on_asset" and far.max() > 0.3 * NM):
        return None
    if name == "loitering" and (far.max() > 2 * NM or np.median(far) > 1.2 * NM):
        return None
    rest = slice(cut, len(host.minute)) if rng.random() < 0.5 else slice(cut, cut)
    minute = np.arange(cut + n + len(host.minute[rest]), dtype=np.float64)
    course = np.degrees(host.cog_rad) % 360
    places = np.concatenate([host.xy[:cut], xy, host.xy[rest] + (xy[-1] - at)])
    rows = (
        minute,
        places,
        np.concatenate([host.sog_kn[:cut], sog, host.sog_kn[rest]]),
        np.concatenate([course[:cut], cog, course[rest]]),
    )
    return _made(name, host, rows, cut, cut + n, {"stay_min": float(n), "distance_m": float(np.median(far))})


def _follow(rng: Rng, host: Passage, cables: Cables) -> Crude | None:
    """A shuttle along one cable: out, back, and perhaps out again; the vessel is seen nowhere else."""
    line = cables.lines[int(rng.integers(3))]  # the telecom cables: the power link's ways are short
    leg, kn, passes = rng.uniform(4000, 12_000), rng.uniform(3, 9), int(rng.integers(2, 5))
    if line.length < leg + 4000:
        return None
    first = rng.uniform(2000, line.length - leg - 2000)
    n = int(passes * leg / (kn * KN * 60))
    along = leg - np.abs((np.arange(n) * kn * KN * 60) % (2 * leg) - leg) + first
    at = np.array([line.interpolate(a).coords[0] for a in along])
    ahead = np.array([line.interpolate(a + 50).coords[0] for a in along]) - at
    side = np.column_stack([ahead[:, 1], -ahead[:, 0]]) / 50 * rng.uniform(-300, 300)
    xy = at + side + rng.normal(0, 15, (n, 2))
    step = np.gradient(xy, axis=0)
    if n < 40 or n > 400 or np.abs(to_edge(xy)).max() > 1:
        return None
    rows = (
        np.arange(n, dtype=np.float64),
        xy,
        kn + rng.normal(0, 0.15, n),
        np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360,
    )
    return _made("following_asset", host, rows, 0, n, {"kn": kn, "legs": float(passes), "leg_m": leg})


def to_edge(xy: Floats) -> Floats:
    """Where places lie in the area of the traffic, -1 to 1 from edge to edge."""
    low, high = to_metres(np.array([10.60, 11.85]), np.array([57.16, 57.58]))
    return np.asarray(2 * (xy - low) / (high - low) - 1)


def _hide_or_leap(name: str, rng: Rng, host: Passage) -> Crude | None:
    minute, xy, sog, cog, _ = _stretched(host, lambda m: np.full(len(m), 1.0), rng)
    lasts = (
        rng.uniform(35, min(150, minute[-1] - 18)) if name == "ais_gap" else rng.uniform(10, min(60, minute[-1] - 15))
    )
    start = rng.uniform(8, minute[-1] - lasts - 5)
    inside = (minute > start) & (minute < start + lasts)
    if name == "ais_gap":
        if not any(start + 2 < over < start + lasts - 2 for over in host.crossed_min):
            return None
        rows = (minute[~inside], xy[~inside], sog[~inside], cog[~inside])
        return _made(name, host, rows, start, start + lasts, {"gap_min": lasts})
    to, far = rng.uniform(0, 2 * np.pi), rng.uniform(5000, 60_000)
    noise = rng.choice([0.0, 2000.0]) * rng.normal(0, 1, (len(minute), 2))
    leap = far * np.array([np.sin(to), np.cos(to)]) + noise
    xy = np.where(inside[:, None], xy + leap, xy)
    return _made(name, host, (minute, xy, sog, cog), start, start + lasts, {"leap_m": far, "lasts_min": lasts})


def _innocent(name: str, rng: Rng, host: Passage) -> Crude | None:
    start, loss = rng.uniform(5, 50), rng.uniform(0.08, 0.30)
    lasts, ramp = rng.uniform(10, 35), rng.choice([1.0, 3.0, 6.0, 15.0])
    end = start + lasts + ramp
    if name == "slow_steamer":
        level = rng.uniform(0.6, 0.85)
        rows = _stretched(host, lambda m: np.full(len(m), level), rng)[:4]
        return _made(name, host, rows, 0, rows[0][-1], {"scale": level})
    if name == "arrival_slowdown":
        loss, ramp = rng.uniform(0.15, 0.4), rng.uniform(20, 60)
        if not any(over > start for over in host.crossed_min):
            return None
        minute, xy, sog, cog, moved = _stretched(
            host, lambda m: 1 - loss * np.clip((m - start) / (ramp * (1 - loss / 2)), 0, 1), rng
        )
        return _made(name, host, (minute, xy, sog, cog), start, minute[-1], {"loss": loss, "ramp_min": ramp})
    later = [over for over in host.crossed_min if over > start - 5]
    if not later or later[0] < end + 10:
        return None
    minute, xy, sog, cog, moved = _stretched(
        host, lambda m: 1 - loss * np.interp(m, [start, start + ramp, end - 2, end], [0, 1, 1, 0]), rng
    )
    finish = float(np.interp(end, host.minute, moved))
    params: dict[str, float | str | bool] = {"loss": loss, "ramp_min": float(ramp), "lasts_min": finish - start}
    return _made(name, host, (minute, xy, sog, cog), start, finish, params)


INNOCENT = ("slow_steamer", "slowdown_ends_before", "arrival_slowdown", "drift_far")
EXPECTS = {
    "steady_drag": ("anchor_drag",),
    "strong_drag": ("anchor_drag", "slow_crossing", "loitering"),
    "drag_with_stops": ("anchor_drag", "slow_crossing", "loitering"),
    "anchored_on_asset": ("anchored_on_asset", "loitering"),
    "loitering": ("loitering", "anchored_on_asset", "slow_crossing"),
    "following_asset": ("following_asset", "loitering"),
    "ais_gap": ("ais_gap",),
    "position_jump": ("position_jump",),
}
COUNTS = {
    "steady_drag": 10,
    "strong_drag": 5,
    "drag_with_stops": 5,
    "anchored_on_asset": 5,
    "loitering": 5,
    "following_asset": 4,
    "ais_gap": 5,
    "position_jump": 4,
    "slow_steamer": 5,
    "slowdown_ends_before": 5,
    "arrival_slowdown": 5,
    "drift_far": 5,
}


def draw(name: str, hosts: list[Passage], cables: Cables, rng: Rng) -> Crude:
    """One injection of a class, or RuntimeError if no host fits."""
    for _ in range(3000):
        host = hosts[int(rng.integers(len(hosts)))]
        match name:
            case "steady_drag":
                made = _drag(name, rng.uniform(0.08, 0.25), rng, host)
            case "strong_drag":
                made = _drag(name, rng.uniform(0.25, 0.60), rng, host)
            case "drag_with_stops":
                made = _drag(name, rng.uniform(0.08, 0.30), rng, host)
            case "anchored_on_asset" | "loitering" | "drift_far":
                made = _stay(name, rng, host, cables)
            case "following_asset":
                made = _follow(rng, host, cables)
            case "ais_gap" | "position_jump":
                made = _hide_or_leap(name, rng, host)
            case _:
                made = _innocent(name, rng, host)
        if made is not None:
            return made
    raise RuntimeError(f"{name}: no host fits")
