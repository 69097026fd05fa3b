"""From motion to reports: what a receiver would have logged, in three shapes.

minute: one row a minute with the means of that minute, as the real days are. status: the same with heading and status.
dense: a report every 10 to 30 s with single-report noise; the real traffic is interpolated to the same rate.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from .draft import Draft
from .hosts import KN, Floats, to_degrees, to_metres
from .motion import STEP_S, at, wavering

VARIANTS = ("minute", "status", "dense")
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "time": pl.Datetime("us", "UTC"),
    "mmsi": pl.UInt32,
    "lon_deg": pl.Float64,
    "lat_deg": pl.Float64,
    "sog_kn": pl.Float64,
    "cog_deg": pl.Float64,
    "ship_class": pl.String,
}
EXTRA = {"heading_deg": pl.Float64, "nav_status": pl.Int8}


def columns_of(variant: str) -> list[str]:
    """Columns of a data set."""
    return [*SCHEMA, *(EXTRA if variant == "status" else {})]


def rows_of(draft: Draft, mmsi: int, start_us: int, variant: str, rng: np.random.Generator) -> pl.DataFrame:
    """The reports of one injected vessel; start_us falls on a full minute."""
    n = len(draft.motion.xy)
    picks = _picks(n, variant, rng)
    picks = _thinned(draft, picks)
    minutes = picks * STEP_S / 60
    if draft.silent_min:
        picks = picks[(minutes <= draft.silent_min[0]) | (minutes >= draft.silent_min[1])]
    dense = variant == "dense"
    late_s = rng.integers(-2, 3, len(picks)).astype(np.float64) if dense else np.zeros(len(picks))
    xy = _noisy_places(draft, picks, rng, late_s, along_s=0.3 if dense else 0.6)
    sog = _noisy_speed(draft, picks, rng, mean_of=1 if dense else 6)
    course = _noisy_course(draft, picks, rng, 0.5 if dense else 0.15)
    lon, lat = to_degrees(xy)
    offset_us = ((picks * STEP_S + late_s) * 1e6).astype(np.int64)
    return pl.DataFrame(
        {
            "time": pl.Series(start_us + offset_us).cast(pl.Datetime("us", "UTC")),
            "mmsi": np.full(len(picks), mmsi, dtype=np.uint32),
            "lon_deg": lon.round(6),
            "lat_deg": lat.round(6),
            "sog_kn": sog,
            "cog_deg": course,
            "ship_class": [draft.host.ship_class] * len(picks),
            "heading_deg": _heading(draft, picks, rng),
            "nav_status": draft.motion.status[picks].astype(np.int8),
        }
    ).select(columns_of(variant))


def _picks(n: int, variant: str, rng: np.random.Generator) -> np.ndarray:
    if variant == "dense":
        steps = np.cumsum(rng.choice([1, 1, 2, 3], n))
        return np.asarray(steps[steps < n])
    every = np.arange(0, n, 6)
    return every[rng.random(len(every)) > 0.004]  # the real days lack few minutes


def _thinned(draft: Draft, picks: np.ndarray) -> np.ndarray:
    """Class A with status "at anchor" reports every 3 minutes."""
    if not draft.motion.every_s:
        return picks
    kept, last = [], -1e9
    for i in picks:
        if draft.motion.status[i] != 1 or i * STEP_S - last >= draft.motion.every_s:
            kept.append(i)
            last = i * STEP_S
    return np.array(kept)


def _noisy_places(draft: Draft, picks: np.ndarray, rng: np.random.Generator, late_s: Floats, along_s: float) -> Floats:
    """Receiver error of a few metres that wanders, and the time error of a resampled position along the course.

    The real minutes have a median error of half a second and a long tail: 95 % within about 3.5 s.
    """
    shown = draft.motion.xy if draft.shown_xy is None else draft.shown_xy
    n = len(shown)
    wander = np.column_stack([wavering(rng, n, 4.0, 10), wavering(rng, n, 4.0, 10)])[picks]
    speed = np.gradient(draft.motion.xy, axis=0)[picks] / STEP_S
    error_s = rng.normal(0, along_s, len(picks)) * rng.choice([1.0, 1.0, 1.0, 1.0, 4.0], len(picks))
    return np.asarray(shown[picks] + wander + speed * (late_s + error_s)[:, None])


def _noisy_speed(draft: Draft, picks: np.ndarray, rng: np.random.Generator, mean_of: int) -> Floats:
    sog = draft.said_sog_kn()
    out = np.zeros(len(picks))
    for k in range(mean_of):
        one = sog[np.minimum(picks + k, len(sog) - 1)] + rng.normal(0, 0.035, len(picks))
        out += np.maximum(one, 0).round(1)
    out /= mean_of
    out += np.abs(rng.normal(0, 1, len(picks))) * draft.jitter_kn * (out < 1.0)
    wrong = np.array([draft.wrong_sog.get(int(m), 1.0) for m in picks * STEP_S / 60])
    return np.asarray((out * wrong).round(6))


def _noisy_course(draft: Draft, picks: np.ndarray, rng: np.random.Generator, quiet_deg: float) -> Floats:
    """A course over ground is a good figure under way and worthless when stopped."""
    spread = np.minimum(quiet_deg + 2.5 / np.maximum(draft.motion.sog_kn()[picks], 0.05), 60)
    return np.asarray(((draft.said_course_deg()[picks] + rng.normal(0, 1, len(picks)) * spread) % 360).round(3))


def _heading(draft: Draft, picks: np.ndarray, rng: np.random.Generator) -> Floats:
    motion = draft.motion
    own = wavering(rng, len(motion.xy), 1.5, 20) + rng.normal(0, 1.0)
    course = motion.course_deg()
    slow = motion.sog_kn() < 1.0
    if slow.any() and not slow.all():  # without way the bow keeps, more or less, where it pointed
        index = np.maximum.accumulate(np.where(slow, 0, np.arange(len(slow))))
        course = np.where(slow, course[index] + wavering(rng, len(slow), 25, 40), course)
    heading = np.where(np.isnan(motion.bow_deg), course + motion.crab_deg, motion.bow_deg) + own
    return np.asarray((heading[picks] % 360).round(0) % 360)


def real_rows(traffic: pl.DataFrame, variant: str, rng: np.random.Generator) -> pl.DataFrame:
    """The real traffic in the shape of a variant."""
    if variant == "minute":
        return traffic.select(columns_of(variant))
    if variant == "status":
        return traffic.with_columns(
            heading_deg=((pl.col("cog_deg") + pl.Series(rng.normal(0, 2, len(traffic)))) % 360).round(0) % 360,
            nav_status=pl.when(pl.col("ship_class") == "fishing").then(7).otherwise(0).cast(pl.Int8),
        ).select(columns_of(variant))
    parts = traffic.sort("mmsi", "time").partition_by("mmsi", maintain_order=True)
    return pl.concat([_denser(part, rng) for part in parts])


def _denser(part: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One vessel's minutes interpolated to 10 to 30 s, with the noise of single reports; its gaps stay gaps."""
    seconds = part["time"].dt.epoch("us").to_numpy() / 1e6
    wanted = seconds[0] + np.cumsum(
        rng.choice([8.0, 9.0, 10.0, 11.0, 12.0, 20.0, 29.0, 30.0], int((seconds[-1] - seconds[0]) / 10) + 1)
    )
    left = np.clip(np.searchsorted(seconds, wanted, side="right") - 1, 0, max(len(seconds) - 2, 0))
    if len(part) < 2:
        return part.select(columns_of("dense"))
    keep = (wanted < seconds[-1]) & (seconds[left + 1] - seconds[left] <= 180)
    wanted, left = wanted[keep], left[keep]
    xy = to_metres(part["lon_deg"].to_numpy(), part["lat_deg"].to_numpy())
    smooth = xy.copy()  # minute means jitter by a second or two; single reports do not
    inner = np.flatnonzero((np.diff(seconds)[:-1] <= 180) & (np.diff(seconds)[1:] <= 180)) + 1
    smooth[inner] = 0.25 * xy[inner - 1] + 0.5 * xy[inner] + 0.25 * xy[inner + 1]
    at_xy = np.column_stack([np.interp(wanted, seconds, smooth[:, k]) for k in (0, 1)]) + rng.normal(
        0, 2.5, (len(wanted), 2)
    )
    turn = np.unwrap(np.radians(part["cog_deg"].to_numpy()))
    cog = np.degrees(at(list(zip(seconds, turn, strict=True)), wanted)) + rng.normal(0, 0.8, len(wanted))
    sog = np.interp(wanted, seconds, part["sog_kn"].to_numpy()) + rng.normal(0, 0.06, len(wanted))
    lon, lat = to_degrees(at_xy)
    return pl.DataFrame(
        {
            "time": pl.Series((wanted * 1e6).astype(np.int64)).cast(pl.Datetime("us", "UTC")),
            "mmsi": np.full(len(wanted), part["mmsi"][0], dtype=np.uint32),
            "lon_deg": lon.round(6),
            "lat_deg": lat.round(6),
            "sog_kn": np.maximum(sog, 0).round(1),
            "cog_deg": (cog % 360).round(1) % 360,
            "ship_class": [part["ship_class"][0]] * len(wanted),
        }
    )


def knots_between(xy: Floats, seconds: Floats) -> Floats:
    """Speed made good between places."""
    return np.asarray(np.hypot(*np.diff(xy, axis=0).T) / np.diff(seconds) / KN)
