"""Make the test sets: the two real Kattegat days with injected threats and injected innocents.

Run as `python -m benchmarks.injections.make --data SHARED/data --seed 0 --out DIR`. Seeds 0-9 are for tuning, seeds
from 1000 only for reporting: whoever tunes on the second has no figure left to believe.

A threat is a real passage given a new MMSI, a new time and a small offset, and then changed physically: speeds are
integrated along the way, so a slower vessel really arrives later. Somebody else will implement the same words
otherwise. Variants considered, and covered:

* steady_drag: onset after earlier cables or before the first; loss that sets in within 1 to 6 min; with and without
  dips; held to the edge of the area or lifted after the cable; own noise from still to 0.2 kn; small yaw or none;
  baseline from 8 min up.
* strong_drag, drag_with_stops: stop before or after the cable, one or two of them, drift during the stop with
  leeway, restart at another speed; loss after the restart a little more or less; wander by a wavering sine.
* anchored: approach seen or first seen at anchor; status 1 or wrongly 0; every minute or every 3 min; rows below
  0.5 kn kept.
* loitering: zigzag, box, drift; over the cable or beside it (inside 2 nm); leaves again or is lost at the end.
* following: joins from a lane; two to four legs; offset 20-350 m and changing between legs; sharp or rounded turns.
* ais_gap: same speed, slower or stopped while dark; the cable early or late in the gap; others heard within 15 km
  meanwhile.
* position_jump: parallel offset, fixed point, circle, blinking between true and false; comes back or not.
* interference: scatter, each its own offset, one common offset, all at one place; ragged onset of a minute.
* reports: minute means as in the source, the same with heading and status, and single reports every 10 to 30 s.

crude.py holds a second, plain implementation of the same words, to see whether what was learnt here carries over.

Considered and not covered: only the reported speed changed and not the positions (no ship can do it); rows below
0.5 kn removed, as in the source (an anchored ship is then a gap); two vessels on one MMSI; a drag from the first
report on (nothing to compare with).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl

from . import crude, drags, negatives, stays
from .areas import AreaEvent, disturbed, interferences, reception_holes, silenced
from .draft import Draft, Stock
from .hosts import M_PER_LAT, M_PER_LON, hosts_of, read_cables, read_traffic, to_degrees
from .sampling import SCHEMA, VARIANTS, columns_of, real_rows, rows_of

TUNE_SEEDS = range(10)
REPORT_SEEDS = range(1000, 2000)

Maker = Callable[[Stock, np.random.Generator], Draft | None]
THREATS: list[tuple[Maker, int]] = [
    (drags.steady_drag, 10),
    (drags.strong_drag, 5),
    (drags.drag_with_stops, 5),
    (stays.anchored_on_asset, 5),
    (stays.loitering, 5),
    (stays.following_asset, 4),
    (stays.ais_gap, 5),
    (stays.position_jump, 4),
]
NEGATIVES: list[tuple[Maker, int]] = [
    (negatives.slow_steamer, 4),
    (negatives.slowdown_ends_before, 4),
    (negatives.arrival_slowdown, 4),
    (negatives.drift_far, 4),
    (negatives.turn_slowdown, 2),
    (negatives.current_wave, 2),
    (negatives.speed_glitches, 2),
    (negatives.pilot_boarding, 2),
]
HOLES = 2
INTERFERENCES = 4
AT_ONCE = 4  # injected vessels at one time: more would be company for each other

# Flags of open registers and of states in the known cases (ITU table of maritime identification digits).
MIDS = (273, 613, 511, 518, 636, 538, 352, 248, 255, 412, 209, 311, 620, 677, 671, 667)


@dataclass(frozen=True)
class TestSet:
    """One file of traffic and the truth about it."""

    traffic: Path
    truth: Path
    seed: int
    variant: str
    kind: str  # "vessels", "interference", "crude" or "plain"


def make(seed: int, out_dir: Path, variant: str, data: Path) -> list[TestSet]:
    """Write one seed's sets: single vessels, interference, the crude ones; the same seed gives the same bytes."""
    out_dir.mkdir(parents=True, exist_ok=True)
    traffic, stock = _load(data)
    rng = np.random.default_rng([seed, VARIANTS.index(variant), 1])
    rows, truth = _vessels(traffic, stock, seed, variant, rng)
    sets = [_write(rows, truth, out_dir, seed, variant, "vessels")]
    rng = np.random.default_rng([seed, VARIANTS.index(variant), 2])
    rows, truth = _interference(traffic, seed, variant, rng)
    sets.append(_write(rows, truth, out_dir, seed, variant, "interference"))
    if variant == "minute":
        rows, truth = _crude(traffic, stock, seed, np.random.default_rng([seed, 3]))
        sets.append(_write(rows, truth, out_dir, seed, variant, "crude"))
    return sets


@lru_cache(maxsize=1)
def _load(data: Path) -> tuple[pl.DataFrame, Stock]:
    traffic, cables = read_traffic(data), read_cables(data)
    return traffic, Stock(tuple(hosts_of(traffic, cables)), cables)


def make_plain(out_dir: Path, data: Path) -> TestSet:
    """The two days as they are."""
    out_dir.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    return _write(real_rows(read_traffic(data), "minute", rng), [], out_dir, 0, "minute", "plain")


def _write(
    rows: pl.DataFrame, truth: list[dict[str, object]], out: Path, seed: int, variant: str, kind: str
) -> TestSet:
    stem = f"{kind}-{variant}-{seed:04d}"
    made = TestSet(out / f"{stem}.parquet", out / f"{stem}.truth.jsonl", seed, variant, kind)
    rows.select(columns_of(variant)).sort("time", "mmsi").write_parquet(made.traffic)
    made.truth.write_text("".join(json.dumps(line) + "\n" for line in truth), encoding="utf-8")
    return made


def _vessels(
    traffic: pl.DataFrame, stock: Stock, seed: int, variant: str, rng: np.random.Generator
) -> tuple[pl.DataFrame, list[dict[str, object]]]:
    holes = reception_holes(traffic, HOLES, rng)
    drafts = [_draw(maker, stock, rng) for maker, count in THREATS + NEGATIVES for _ in range(count)]
    placed: list[tuple[Draft, datetime]] = []
    for draft in sorted(drafts, key=lambda d: -d.motion.minutes):  # the long ones first, while there is room
        start = _place(draft, placed, holes, traffic, rng)
        if start is not None:
            placed.append((draft, start))
    real = real_rows(traffic, variant, rng)
    for hole in holes:
        real = silenced(real, hole, rng)
    parts, used = [real], set(traffic["mmsi"].to_list())
    truth: list[dict[str, object]] = []
    for draft, start in sorted(placed, key=lambda p: p[1]):
        mmsi = _new_mmsi(used, rng)
        parts.append(rows_of(draft, mmsi, int(start.timestamp()) * 1_000_000, variant, rng))
        truth.append(_truth_of(f"{seed:04d}-{len(truth):03d}", draft, mmsi, start, stock))
    truth += [_truth_of_area(f"{seed:04d}-h{k}", hole, "negative", []) for k, hole in enumerate(holes)]
    return pl.concat(parts), truth


def _interference(
    traffic: pl.DataFrame, seed: int, variant: str, rng: np.random.Generator
) -> tuple[pl.DataFrame, list[dict[str, object]]]:
    rows = real_rows(traffic, variant, rng)
    truth = []
    for k, event in enumerate(interferences(traffic, INTERFERENCES, rng)):
        rows = disturbed(rows, event, rng)
        truth.append(_truth_of_area(f"{seed:04d}-i{k}", event, "threat", ["interference_area"]))
    return rows, truth


def _crude(
    traffic: pl.DataFrame, stock: Stock, seed: int, rng: np.random.Generator
) -> tuple[pl.DataFrame, list[dict[str, object]]]:
    hosts = crude.passages_of(traffic, stock.cables)
    parts, used = [traffic.select(columns_of("minute"))], set(traffic["mmsi"].to_list())
    truth: list[dict[str, object]] = []
    for name in (n for n, count in crude.COUNTS.items() for _ in range(count)):
        made = crude.draw(name, hosts, stock.cables, rng)
        start = _moment_with_others(made.minute[-1], traffic, rng)
        mmsi = _new_mmsi(used, rng)
        lon, lat = to_degrees(made.xy)
        rows = {
            "time": [start + timedelta(minutes=float(m)) for m in made.minute],
            "mmsi": np.full(len(lon), mmsi),
            "lon_deg": lon,
            "lat_deg": lat,
            "sog_kn": made.sog_kn,
            "cog_deg": made.cog_deg,
            "ship_class": [made.ship_class] * len(lon),
        }
        parts.append(pl.DataFrame(rows, schema=SCHEMA))
        crossings: list[dict[str, object]] = [
            {
                "asset": asset,
                "time": _stamp(start + timedelta(minutes=float(np.interp(i, np.arange(len(lon)), made.minute)))),
            }
            for i, asset in stock.cables.crossings(made.xy)
        ]
        ident = f"{seed:04d}-c{len(truth):03d}"
        truth.append(_record(ident, made, mmsi, start, [] if name == "position_jump" else crossings))
    return pl.concat(parts), truth


def _moment_with_others(minutes: float, traffic: pl.DataFrame, rng: np.random.Generator) -> datetime:
    first = datetime(2025, 11, 1, tzinfo=UTC)
    while True:
        start = first + timedelta(minutes=int(rng.integers(1, int(2880 - minutes))))
        near = traffic.filter(pl.col("time").is_between(start, start + timedelta(minutes=float(minutes))))
        if near["mmsi"].n_unique() >= 8:
            return start


def _draw(maker: Maker, stock: Stock, rng: np.random.Generator) -> Draft:
    for _ in range(3000):
        draft = maker(stock, rng)
        if draft is not None:
            return draft
    raise RuntimeError(f"{maker.__name__}: no voyage fits its conditions in these hosts")


def _place(
    draft: Draft,
    placed: list[tuple[Draft, datetime]],
    holes: list[AreaEvent],
    traffic: pl.DataFrame,
    rng: np.random.Generator,
) -> datetime | None:
    """A start within the days, away from holes, with few other injected vessels at the time."""
    first, last = datetime(2025, 11, 1, tzinfo=UTC), datetime(2025, 11, 3, tzinfo=UTC)
    length = timedelta(minutes=draft.motion.minutes + 1)
    room_min = int(((last - first) - length).total_seconds() // 60)
    hour = timedelta(hours=1)
    for attempt in range(400):
        start = first + timedelta(minutes=int(rng.integers(max(room_min, 1))))
        end = start + length
        if any(start - hour < hole.end and end + hour > hole.start for hole in holes):
            continue
        company = sum(s < end and start < s + timedelta(minutes=d.motion.minutes) for d, s in placed)
        if company > AT_ONCE + 3 * (attempt > 250) or (
            draft.name == "ais_gap" and not _others_heard(draft, start, traffic)
        ):
            continue
        return start
    return None


def _others_heard(draft: Draft, start: datetime, traffic: pl.DataFrame) -> bool:
    """Three other vessels or more within 15 km of the silent way, in each third of the silence."""
    assert draft.silent_min is not None
    a, b = draft.silent_min
    lon, lat = to_degrees(draft.motion.xy[int((a + b) * 3)][None, :])
    for k in range(3):
        begin, end = (start + timedelta(minutes=a + (b - a) * (k + d) / 3) for d in (0, 1))
        heard = traffic.filter(
            pl.col("time").is_between(begin, end)
            & (
                (((pl.col("lon_deg") - lon[0]) * M_PER_LON) ** 2 + ((pl.col("lat_deg") - lat[0]) * M_PER_LAT) ** 2)
                < 15_000**2
            )
        )["mmsi"].n_unique()
        if heard < 3:
            return False
    return True


def _new_mmsi(used: set[int], rng: np.random.Generator) -> int:
    while True:
        mmsi = int(rng.choice(MIDS)) * 1_000_000 + int(rng.integers(1_000, 999_999))
        if mmsi not in used:
            used.add(mmsi)
            return mmsi


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _truth_of(ident: str, draft: Draft, mmsi: int, start: datetime, stock: Stock) -> dict[str, object]:
    crossings: list[dict[str, object]] = [
        {"asset": name, "time": _stamp(start + timedelta(seconds=i * 10))}
        for i, name in stock.cables.crossings(draft.motion.xy)
    ]
    # Where a vessel truly was is not the question when its positions are false.
    return _record(ident, draft, mmsi, start, [] if draft.name == "position_jump" else crossings)


def _record(
    ident: str, made: Draft | crude.Crude, mmsi: int, start: datetime, crossings: list[dict[str, object]]
) -> dict[str, object]:
    return {
        "id": ident,
        "group": made.group,
        "class": made.name,
        "mmsi": mmsi,
        "mmsis": [mmsi],
        "ship_class": made.ship_class if isinstance(made, crude.Crude) else made.host.ship_class,
        "host": made.host if isinstance(made, crude.Crude) else made.host.mmsi,
        "first": _stamp(start),
        "start": _stamp(start + timedelta(minutes=made.start_min)),
        "end": _stamp(start + timedelta(minutes=made.end_min)),
        "crossings": crossings,
        "expects": list(made.expects),
        "params": {k: round(v, 3) if isinstance(v, float) else v for k, v in made.params.items()},
    }


def _truth_of_area(ident: str, event: AreaEvent, group: str, expects: list[str]) -> dict[str, object]:
    lon, lat = to_degrees(np.array([event.centre_m]))
    return {
        "id": ident,
        "group": group,
        "class": event.name,
        "mmsi": None,
        "mmsis": list(event.mmsis),
        "start": _stamp(event.start),
        "end": _stamp(event.end),
        "crossings": [],
        "expects": expects,
        "params": {**event.params, "lon_deg": round(float(lon[0]), 4), "lat_deg": round(float(lat[0]), 4)},
    }


def main() -> None:
    """Write the sets of one seed."""
    parser = argparse.ArgumentParser(description="Real Kattegat traffic with injected threats and innocents.")
    parser.add_argument("--data", type=Path, required=True, help="folder with ais/ and assets/")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--variant", choices=VARIANTS, default="minute")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    for made in make(given.seed, given.out, given.variant, given.data):
        print(made.traffic, made.truth)


if __name__ == "__main__":
    main()
