"""A look back: the same detectors over a stretch of archive, about some assets, with lower thresholds. Pure.

Somebody says that a cable was damaged, and nobody saw it. What was too weak for an alert may be worth a look then: so
the thresholds are lowered by a table that anybody can read, and what is found is told with its measures. It raises no
alert and changes none, and it names no cause: most of what so low a bar lets through is ordinary traffic. That nobody
is found is a result, too, as far as vessels would have been heard there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import cos, isfinite, radians
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch.chart import Asset, Chart, make
from anchorwatch.chart.geodesy import pieces
from anchorwatch.detectors import Detector
from anchorwatch.engine import batch
from anchorwatch.engine.batch import Block, Result
from anchorwatch.engine.job import Job
from anchorwatch.engine.ruleset import ruleset_of
from anchorwatch.judgement import context
from anchorwatch.judgement.context import Context
from anchorwatch.judgement.judge import LEVEL_AT, PRIOR, score_of, weighed
from anchorwatch.model import Finding, Reason, rfc3339
from anchorwatch.picture import coverage as heard
from anchorwatch.picture.identity import Registry

# Thresholds here, beside those of the watch (the detectors say what each means and where it is from). About two thirds
# of what the watch asks for: in made traffic of ordinary days that is some findings a day along a cable, which a person
# can still read.
LOWER: dict[str, dict[str, float]] = {
    "anchor_drag": {"bite_min": 0.025, "ahead_bite": 0.05, "held_s": 720.0, "weak_bite": 0.05},
    "slow_crossing": {"share": 0.75, "prior_share": 0.7, "crawl_kn": 4.0},
    "anchored_on_asset": {"near_nm": 1.0, "still_kn": 1.5, "hold_s": 360.0},
    "trawling": {"near_nm": 1.5, "tow_s": 720.0},
    "loitering": {"near_nm": 3.0, "hold_s": 1200.0, "slow_kn": 2.5},
    "ais_gap": {"silence_s": 1200.0, "rhythms": 6.0, "near_nm": 3.0},
    "following_asset": {"near_nm": 1.0, "along_m": 6_000.0},
}
ALSO = ("crossing", "interference_area")  # as they are: a fact, and what explains findings away
LEAST_SCORE = 0.08  # shown from here on; the watch begins at LEVEL_AT["caution"]
MARGIN_DEG = 1.0  # 60 nautical miles about the assets: who went dark before may be heard again only far behind
MOST_FINDINGS = 50  # that are kept, those of the highest score
MOST_ROWS = 3_000_000
MOST_PLACES = 60  # along an asset at which is asked who would have been heard
LONGEST_US = 4 * 86_400_000_000  # as long as coverage is remembered
SLOW_KN = 5.0  # as the profile of an asset counts slow crossings


class Asked(NamedTuple):
    """What is looked at."""

    assets: tuple[str, ...]  # ids
    since_us: int
    until_us: int  # exclusive


@dataclass
class Limits:
    """How much is looked at before it is enough; `over` says True when time is up or the watch stops."""

    rows: int = MOST_ROWS
    over: Callable[[], bool] = lambda: False
    why: str = ""  # what was not looked at, as it turns out
    read: int = 0
    reached_us: int = 0


@dataclass(frozen=True)
class Found:
    """What a look back found. Nothing in it says who did it."""

    asked: Asked
    rows: int
    vessels: int
    passages: int  # crossings of the assets
    crossed_by: int  # different vessels that crossed
    slow: int  # passages below SLOW_KN
    findings: tuple[tuple[Finding, float], ...]  # with their scores, the highest first
    more: int  # findings that were not kept
    heard_share: float  # of places along the assets and ten-minute slots, where vessels were heard; NaN = not known
    incomplete: str = ""  # why not all was looked at; "" = all was
    left_out: tuple[str, ...] = field(default=())  # what the feeds do not carry by rule

    @property
    def nobody(self) -> bool:
        """Return whether nobody crossed, and nothing was found."""
        return not (self.passages or self.findings)


def lowered(detectors: Mapping[str, Detector]) -> dict[str, Detector]:
    """Return the detectors that look back, with their thresholds here; those of third parties are left out."""
    kept = {name: detectors[name] for name in ALSO if name in detectors}
    for name, lower in LOWER.items():
        if name in detectors:
            kept[name] = replace(detectors[name], params=detectors[name].params._replace(**lower))
    return kept


def job_of(job: Job, asked: Asked) -> Job:
    """Return the job of a look back: only the assets in question are on its chart."""
    wanted = tuple(job.chart.asset(a) for a in asked.assets if a in job.chart.index)
    chart = make(wanted, job.chart.zones, job.chart.depth, job.chart.shore)
    return Job(chart, lowered(job.detectors), asked.since_us, asked.until_us)


def box_of(chart: Chart) -> tuple[float, float, float, float]:
    """Return west, south, east, north of the assets with a margin."""
    places = np.concatenate([np.zeros((0, 2)), *(_corners(a) for a in chart.assets)])
    if not len(places):
        return 0.0, 0.0, 0.0, 0.0
    (west, south), (east, north) = places.min(axis=0), places.max(axis=0)
    wide = MARGIN_DEG / max(0.1, cos(radians(min(80.0, max(abs(south), abs(north))))))
    return float(west - wide), float(south - MARGIN_DEG), float(east + wide), float(north + MARGIN_DEG)


def _corners(asset: Asset) -> np.ndarray[Any, Any]:
    points = np.array(asset.points, np.float64).reshape(-1, 2)
    return np.concatenate([points, *(np.asarray(line)[:, :2] for line in asset.lines)])


def inside(box: tuple[float, float, float, float]) -> pl.Expr:
    """Return what holds for rows within a box."""
    west, south, east, north = box
    return pl.col("lon_deg").is_between(west, east) & pl.col("lat_deg").is_between(south, north)


def look_back(job: Job, blocks: Iterable[Block], asked: Asked, limits: Limits | None = None) -> Found:
    """Look at blocks of an archive, in order of time. job: that of the watch, or of a scan."""
    limits = limits or Limits()
    mine = job_of(job, asked)
    if not mine.chart.assets:
        return Found(asked, 0, 0, 0, 0, 0, (), 0, float("nan"), "the chart knows none of the assets")
    result = batch.run(mine, [_limited(blocks, box_of(mine.chart), limits)])
    passed = [f for f in result.findings if f.detector == "crossing" and _within(f, asked)]
    scored = _scored(mine, result, asked)
    reached_us = min(asked.until_us, limits.reached_us + 1) if limits.why else asked.until_us
    return Found(
        asked=asked,
        rows=result.positions,
        vessels=result.vessels,
        passages=len(passed),
        crossed_by=len({f.mmsi for f in passed}),
        slow=sum(1 for f in passed if f.at_sog_kn < SLOW_KN),
        findings=tuple(scored[:MOST_FINDINGS]),
        more=max(0, len(scored) - MOST_FINDINGS),
        heard_share=_heard_share(mine.chart, result.memory.coverage, asked.since_us, reached_us),
        incomplete=limits.why,
    )


def _limited(blocks: Iterable[Block], box: tuple[float, float, float, float], limits: Limits) -> Iterator[Block]:
    """Give what lies about the assets, until it is enough."""
    wanted = inside(box)
    for block in blocks:
        if limits.over():
            limits.why = "the time that a look back may take was over"
        elif limits.read >= limits.rows:
            limits.why = f"more than {limits.rows:,} positions"
        if limits.why:
            return
        near = block.positions.filter(wanted)
        limits.read += near.height
        newest = block.positions["time_us"].max()
        limits.reached_us = max(limits.reached_us, int(newest) if isinstance(newest, int) else 0)
        yield Block(near, block.statics.filter(pl.col("mmsi").is_in(near["mmsi"].unique().implode())))


def _within(finding: Finding, asked: Asked) -> bool:
    return finding.asset in asked.assets and finding.start_us < asked.until_us and finding.end_us >= asked.since_us


def _scored(job: Job, result: Result, asked: Asked) -> list[tuple[Finding, float]]:
    """Return what is above the bar here, the highest score first: of the detector, the vessel's trade and the place."""
    memory = result.memory
    registry = Registry(memory.sightings)
    ctx = Context(job.chart, memory.coverage, memory.silences, registry, ruleset_of(job.detectors))
    jammed = [f for f in result.findings if f.detector == "interference_area"]
    found = []
    for finding in result.findings:
        if finding.detector not in LOWER or not _within(finding, asked):
            continue
        vessel = registry.vessel(finding.mmsi, finding.at_us)
        reasons = [Reason("prior", "", "", PRIOR), *weighed(finding, job.detectors[finding.detector])]
        reasons += [*context.of_vessel(finding, vessel), *context.of_place(finding, ctx)]
        reasons += [*context.of_reception(finding, ctx, vessel), *context.of_interference(finding, jammed)]
        score = score_of(reasons)
        if score >= LEAST_SCORE:
            found.append((finding, round(score, 3)))
    return sorted(found, key=lambda f: (-f[1], f[0].start_us, f[0].id))


def _heard_share(chart: Chart, coverage: heard.Coverage, since_us: int, until_us: int) -> float:
    """Return in how many of the ten-minute slots, along the assets, any vessel was heard about there."""
    lon, lat = along(chart.assets)
    first, last = -(-since_us // heard.SLOT_US), until_us // heard.SLOT_US
    slots = np.arange(first, min(last, first + LONGEST_US // heard.SLOT_US), dtype=np.int64)
    if not len(lon) or not len(slots):
        return float("nan")
    lons, times = np.meshgrid(lon, slots * heard.SLOT_US)
    lats = np.broadcast_to(lat, lons.shape)
    known = heard.heard_about(coverage, lons.ravel(), lats.ravel(), times.ravel()) > 0
    return round(float(known.mean()), 3)


def along(assets: Iterable[Asset]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return places along assets, evenly thinned."""
    places = [np.zeros((0, 2))]
    for asset in assets:
        cut = pieces(asset.lines)
        places += [cut[:, :2], np.array(asset.points, np.float64).reshape(-1, 2)]
    every = np.concatenate(places)
    chosen = every[np.linspace(0, len(every) - 1, min(len(every), MOST_PLACES)).round().astype(np.int64)]
    return chosen[:, 0], chosen[:, 1]


# ---- in words


def as_record(found: Found, job: Job, made_us: int) -> dict[str, Any]:
    """Return it as it is kept with an incident and shown: JSON, times as text."""
    return {
        "made": rfc3339(made_us),
        "since": rfc3339(found.asked.since_us),
        "until": rfc3339(found.asked.until_us),
        "assets": list(found.asked.assets),
        "text": in_words(found),
        "positions": found.rows,
        "vessels": found.vessels,
        "passages": found.passages,
        "crossed_by": found.crossed_by,
        "slow_passages": found.slow,
        "nobody": found.nobody,
        "findings": [_finding(f, score, job) for f, score in found.findings],
        "more_findings": found.more,
        "heard_share": found.heard_share if isfinite(found.heard_share) else None,
        "left_out": list(found.left_out),
        "incomplete": found.incomplete,
        "thresholds": {name: _thresholds(job.detectors[name], name) for name in LOWER if name in job.detectors},
        "least_score": {"here": LEAST_SCORE, "watch": LEVEL_AT["caution"]},
    }


def _finding(finding: Finding, score: float, job: Job) -> dict[str, Any]:
    return {
        "kind": finding.detector, "asset": finding.asset, "since": rfc3339(finding.start_us),
        "until": rfc3339(finding.end_us), "mmsi": finding.mmsi, "score": score,
        "lon_deg": round(finding.lon_deg, 5), "lat_deg": round(finding.lat_deg, 5),
        "asset_m": round(finding.asset_m) if isfinite(finding.asset_m) else None,
        "kp_km": round(finding.kp_km, 2) if isfinite(finding.kp_km) else None,
        "measures": {n: round(v, 4) for n, v in finding.values.items() if isfinite(v)},
        "text": job.detectors[finding.detector].explain(_by_name(finding, job.chart)),
    }  # fmt: skip


def _by_name(finding: Finding, chart: Chart) -> Finding:
    return finding if finding.asset is None else replace(finding, asset=chart.asset(finding.asset).name)


def _thresholds(detector: Detector, name: str) -> dict[str, dict[str, float]]:
    usual = detector.params._asdict()
    return {key: {"here": value, "watch": float(usual[key])} for key, value in LOWER[name].items()}


def in_words(found: Found) -> str:
    """Say it to a person, without naming anybody."""
    said = [_who(found)]
    number = len(found.findings) + found.more
    if number:
        said.append(
            f"With lower thresholds {number} finding{_s(number)} would be worth a look; most such are innocent."
        )
    elif found.rows:
        said.append("With lower thresholds, too, nothing stands out.")
    said.append(_reception(found))
    if found.incomplete:
        said.append(f"Not all was looked at: {found.incomplete}.")
    if found.left_out:
        said.append(f"By rule not all are heard: {'; '.join(found.left_out)}.")
    return " ".join(said)


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _who(found: Found) -> str:
    if not found.rows:
        return "The archive holds no position of anybody about there in this time."
    if not found.passages:
        return "Nobody that was heard crossed it in this time."
    slow = f", {found.slow} of them below {SLOW_KN:g} knots" if found.slow else ""
    return (
        f"{found.crossed_by} vessel{_s(found.crossed_by)} that were heard crossed it, "
        f"{found.passages} time{_s(found.passages)}{slow}."
    )


def _reception(found: Found) -> str:
    if not isfinite(found.heard_share):
        return "Who would have been heard there is not known."
    share = f"{found.heard_share:.0%} of the time along the route"
    if found.heard_share >= 0.8:
        return f"Vessels were heard there {share}: who sailed with AIS on would most likely have been heard."
    if found.heard_share >= 0.3:
        return f"Vessels were heard there {share}: some may have passed unheard."
    return f"Vessels were heard there only {share}: that nobody is seen says little."
