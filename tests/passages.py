"""How steady passages are: the same measures for real ones and for made ones.

PYTHONPATH=src:tests python -m passages FOLDER_OF_REAL_DATA      prints the table of docs/ship_model.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from anchorwatch.trials.plan import SAIL, Step, Voyage, Water, Weather, Who
from anchorwatch.trials.ship.handling import orders
from anchorwatch.trials.ship.motion import sail

Floats = npt.NDArray[np.float64]
REAL = "ais/kattegat_2025-11-01_02_1min.parquet"
TREND, LEVEL, GAP = 20, 10, 3  # minutes


class Passage(NamedTuple):
    """Minute by minute: mean speed, and course without jumps at north."""

    sog_kn: Floats
    cog_deg: Floats


class Made(NamedTuple):
    """How passages of a class are made for the comparison, after the real ones' lengths and speeds."""

    hours: float
    knots: tuple[float, float]  # mean and standard deviation
    lengths_m: tuple[int, int]
    turns_per_h: float


LIKE = {
    "cargo_or_tanker": ("cargo", Made(1.7, (11.3, 2.0), (80, 220), 0.34)),
    "passenger": ("passenger", Made(1.3, (14.5, 2.5), (100, 210), 0.2)),
}


def real(path: Path) -> dict[str, list[Passage]]:
    """Passages of the real file: at least 40 minutes without a hole of more than three, median above 5 kn."""
    found: dict[str, list[Passage]] = {}
    frame = pl.read_parquet(path).sort("mmsi", "time").with_columns(s=pl.col("time").dt.epoch("s"))
    for part in frame.partition_by("mmsi"):
        t = part["s"].to_numpy()
        sog, cog = part["sog_kn"].to_numpy(), part["cog_deg"].to_numpy()
        for k in np.split(np.arange(len(t)), np.flatnonzero(np.diff(t) > 180) + 1):
            if len(k) >= 40 and np.median(sog[k]) >= 5:
                every = np.arange(t[k[0]], t[k[-1]] + 1, 60)
                course = np.degrees(np.unwrap(np.radians(cog[k])))
                passage = Passage(np.interp(every, t[k], sog[k]), np.interp(every, t[k], course))
                found.setdefault(part["ship_class"][0], []).append(passage)
    return found


def made(ship_class: str, like: Made, count: int, seed: int) -> list[Passage]:
    """Made passages: legs with turns of 15 to 45 degrees, changes of engine order at their rates, some weather."""
    rng = np.random.default_rng(seed)
    passages = []
    for k in range(count):
        knots = float(np.clip(rng.normal(*like.knots), 6.0, 20.0))
        lon, lat, course, gone_m, steps = 11.3, 57.4, rng.uniform(0, 360), 0.0, []
        while gone_m < like.hours * knots * 1852 * 1.1:
            leg_m = rng.exponential(knots * 1852 / like.turns_per_h) + 1500
            lon += leg_m * np.sin(np.radians(course)) / (111_195 * np.cos(np.radians(57.4)))
            lat += leg_m * np.cos(np.radians(course)) / 111_195
            steps.append(Step(SAIL, lon, lat, knots))
            gone_m, course = gone_m + leg_m, course + rng.choice([-1, 1]) * rng.uniform(15, 45)
        air = Weather(0.0, abs(rng.normal(14, 6)), rng.uniform(0, 360), rng.uniform(0, 0.8), rng.uniform(0, 360))
        who = Who(230_000_000 + k, "A", "", 0, 70, int(rng.uniform(*like.lengths_m)), 0, 0.0, "")
        events = orders(rng, ship_class, like.hours)
        voyage = Voyage(
            who, ship_class, 0.0, like.hours * 3600, 11.3, 57.4, tuple(steps), events, service_kn=1.15 * knots
        )
        sent = sail([voyage], Water(weather=(air,)), seed=seed, threads=1)
        minute = sent.time_us // 60_000_000
        counts = np.bincount(minute)
        course_deg = np.degrees(np.unwrap(np.radians(sent.cog_deg)))
        passages.append(Passage(np.bincount(minute, sent.sog_kn) / counts, np.bincount(minute, course_deg) / counts))
    return passages


def residuals(passages: list[Passage]) -> Floats:
    """Standard deviation of speed about its trend over twenty minutes, every ten."""
    at = np.arange(TREND)
    return np.array(
        [
            np.std(p.sog_kn[k : k + TREND] - np.polyval(np.polyfit(at, p.sog_kn[k : k + TREND], 1), at))
            for p in passages
            for k in range(0, len(p.sog_kn) - TREND, 10)
        ]
    )


def autocorrelation(passages: list[Passage], minutes: int) -> float:
    """Median over passages of more than an hour."""
    found = []
    for p in passages:
        if len(p.sog_kn) > 60:
            off = p.sog_kn - p.sog_kn.mean()
            found.append(np.mean(off[minutes:] * off[:-minutes]) / np.mean(off * off))
    return float(np.median(found))


def levels(passages: list[Passage]) -> Iterator[tuple[Passage, int, float, float]]:
    """Every minute with the level of the ten minutes before and of ten minutes a little after."""
    for p in passages:
        for k in range(LEVEL, len(p.sog_kn) - LEVEL - GAP):
            before = float(np.median(p.sog_kn[k - LEVEL : k]))
            if before > 5:
                yield p, k, before, float(np.median(p.sog_kn[k + GAP : k + GAP + LEVEL]))


Level = tuple[Passage, int, float, float]


def sudden(seen: list[Level], share: float, hours: float) -> float:
    """Sudden losses (gains if negative) of that share of speed that are held, per 1,000 hours; overlaps count once."""
    count, sign = 0, np.sign(share)
    last: tuple[int, int] = (0, -99)
    for p, k, before, after in seen:
        drop = sign * (before - after) / before > abs(share)
        sharp = sign * (p.sog_kn[k - 1] - p.sog_kn[k + GAP]) > 0.6 * abs(share) * before
        if drop and sharp and not (last[0] == id(p) and k - last[1] < 15):
            count, last = count + 1, (id(p), k)
    return 1000 * count / hours


def lower(seen: list[Level], share: float) -> float:
    """Share of minutes after which the ship is slower by that share than before."""
    found = [(before - after) / before > share for _, _, before, after in seen]
    return float(np.mean(found))


def turns(passages: list[Passage]) -> Floats:
    """Loss of speed in turns of 15 degrees or more within five minutes."""
    losses = []
    for p in passages:
        k = 5
        while k < len(p.sog_kn) - 10:
            before = p.sog_kn[k - 5 : k].mean()
            turned = abs(p.cog_deg[k + 5] - p.cog_deg[k]) > 15 and before > 5
            if turned:
                losses.append(1 - p.sog_kn[k : k + 7].min() / before)
            k += 12 if turned else 1
    return np.array(losses)


def wander(passages: list[Passage]) -> Floats:
    """Standard deviation of course about its trend over twenty minutes, where it does not turn."""
    at, found = np.arange(TREND), []
    for p in passages:
        for k in range(0, len(p.cog_deg) - TREND, 10):
            fit = np.polyfit(at, p.cog_deg[k : k + TREND], 1)
            if abs(fit[0]) * TREND < 6:
                found.append(np.std(p.cog_deg[k : k + TREND] - np.polyval(fit, at)))
    return np.array(found)


def hours(passages: list[Passage]) -> float:
    return sum(len(p.sog_kn) - 1 for p in passages) / 60


def figures(passages: list[Passage]) -> dict[str, float]:
    """All the measures of a set of passages."""
    std, lost, off = residuals(passages), turns(passages), wander(passages)
    seen, long = list(levels(passages)), hours(passages)
    return {
        "hours": long,
        **{f"speed about its 20 min trend, {q} % [kn]": float(np.percentile(std, q)) for q in (25, 50, 75, 95)},
        **{f"autocorrelation of speed after {m} min": autocorrelation(passages, m) for m in (1, 5, 10, 20)},
        **{f"sudden losses of {s:.0%} held, per 1,000 h": sudden(seen, s, long) for s in (0.05, 0.08, 0.10, 0.15)},
        **{f"sudden gains of {s:.0%} held, per 1,000 h": sudden(seen, -s, long) for s in (0.05, 0.10)},
        **{f"share of minutes lower by {s:.0%} ten minutes on": lower(seen, s) for s in (0.03, 0.05, 0.10)},
        "loss in turns, median": float(np.median(lost)),
        "loss in turns, 75 %": float(np.percentile(lost, 75)),
        "course about its trend, median [deg]": float(np.median(off)),
        "course about its trend, 90 % [deg]": float(np.percentile(off, 90)),
    }


def main() -> None:
    known = real(Path(sys.argv[1]) / REAL)
    columns: list[dict[str, float]] = []
    for name, (ship_class, like) in LIKE.items():
        columns += [figures(known[name]), figures(made(ship_class, like, 400, 5))]
    print("| measure | " + " | ".join(f"{n}, {w}" for n in LIKE for w in ("real", "made")) + " |")
    print("|---|" + "---:|" * len(columns))
    for measure in columns[0]:
        print(f"| {measure} | " + " | ".join(f"{c[measure]:.3g}" for c in columns) + " |")


if __name__ == "__main__":
    main()
