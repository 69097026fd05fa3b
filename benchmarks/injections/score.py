"""Score the alerts of a scan against the truth of a test set.

A threat is found when an alert of level warning or alarm names its vessel and overlaps [start, end + 30 min]. A
hard negative is failed when such an alert names its vessel at any time. Warnings about real vessels outside fishing
count as false, per 1,000 vessel-hours.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

Figures = dict[str, Any]  # JSON

LOUD = ("warning", "alarm")
AFTER = timedelta(minutes=30)
ONE_TRENCH = timedelta(minutes=3)  # cables crossed so close together are one blow
LONGEST_STEP = timedelta(minutes=10)  # a longer silence is not time in which the vessel was watched


@dataclass(frozen=True)
class Alert:
    """What the scoring needs of an alert line (contracts: anchorwatch.alert/1)."""

    ident: str
    kind: str
    level: str
    mmsis: tuple[int, ...]
    start: datetime
    end: datetime
    raised: datetime

    @property
    def loud(self) -> bool:
        """Someone is called or sent."""
        return self.level in LOUD

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether it speaks of that time."""
        return (self.start <= end and self.end >= start) or start <= self.raised <= end


@dataclass
class Case:
    """One injection and what became of it."""

    klass: str
    group: str
    found: bool
    right_kind: bool
    any_level: bool
    lead_min: list[float | None]  # before the first and the second crossing after onset; negative = after it
    params: dict[str, Any]
    ident: str
    kinds: list[str]


@dataclass
class Score:
    """Everything measured on one or more sets."""

    cases: list[Case] = field(default_factory=list)
    vessel_hours: float = 0.0
    false_alerts: list[Alert] = field(default_factory=list)
    without_vessel: int = 0
    bystander_alerts: int = 0  # loud alerts on vessels inside an interference
    bystanders: int = 0

    def add(self, other: Score) -> None:
        """Pool another set's figures with these."""
        self.cases += other.cases
        self.false_alerts += other.false_alerts
        self.vessel_hours += other.vessel_hours
        self.without_vessel += other.without_vessel
        self.bystander_alerts += other.bystander_alerts
        self.bystanders += other.bystanders


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def read_alerts(path: Path) -> list[Alert]:
    """Alerts of a .jsonl file, every revision of each; raised is when it was first loud, where the alert says so."""
    alerts = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        said = json.loads(line)
        vessels = [said.get("vessel") or {}, *(said.get("vessels") or [])]
        mmsis = tuple(int(v["mmsi"]) for v in vessels if v.get("mmsi"))
        loud_at = [said_as["at"] for said_as in said.get("extra", {}).get("levels", []) if said_as["level"] in LOUD]
        raised = _time(loud_at[0] if loud_at else said.get("raised")) or _time(said["start"])
        assert raised is not None
        start = _time(said.get("start")) or raised
        end = _time(said.get("end")) or max(raised, start)
        alerts.append(Alert(said["id"], said["kind"], said["level"], mmsis, start, end, raised))
    return alerts


@dataclass(frozen=True)
class Truth:
    """One line of a truth file."""

    ident: str
    group: str
    klass: str
    mmsi: int | None  # None: an area
    mmsis: frozenset[int]
    start: datetime
    end: datetime
    crossings: tuple[datetime, ...]
    expects: tuple[str, ...]
    params: dict[str, Any]

    @property
    def area_threat(self) -> bool:
        """Interference: judged by the area's own alert, of any level."""
        return self.group == "threat" and self.mmsi is None


def read_truth(path: Path) -> list[Truth]:
    """What is in a set."""
    said = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Truth(
            ident=t["id"],
            group=t["group"],
            klass=t["class"],
            mmsi=t["mmsi"],
            mmsis=frozenset(t["mmsis"]),
            start=datetime.fromisoformat(t["start"]),
            end=datetime.fromisoformat(t["end"]),
            crossings=tuple(datetime.fromisoformat(c["time"]) for c in t["crossings"]),
            expects=tuple(t["expects"]),
            params=t["params"],
        )
        for t in said
    ]


def score(alerts: list[Alert], truth: Path, traffic: Path) -> Score:
    """Judge one set."""
    lines = read_truth(truth)
    out = Score(cases=[_case(line, alerts) for line in lines])
    injected = [line.mmsi for line in lines if line.mmsi is not None]
    areas = [line for line in lines if line.mmsi is None]
    out.bystanders = sum(len(a.mmsis) for a in areas if a.area_threat)
    rows = pl.read_parquet(traffic, columns=["time", "mmsi", "ship_class"])
    out.vessel_hours = vessel_hours(rows.filter(~pl.col("mmsi").is_in(injected)))
    fishing = set(rows.filter(pl.col("ship_class") == "fishing")["mmsi"])
    _count_false(out, alerts, set(injected), fishing, areas)
    return out


def vessel_hours(rows: pl.DataFrame) -> float:
    """Hours in which vessels outside fishing were watched: the sum of their steps of at most 10 minutes."""
    steps = (
        rows.filter(pl.col("ship_class") != "fishing")
        .sort("mmsi", "time")
        .select(step=pl.col("time").diff().over("mmsi"))
        .filter(pl.col("step") <= LONGEST_STEP)
    )
    return float(steps["step"].dt.total_seconds().sum()) / 3600


def _case(line: Truth, alerts: list[Alert]) -> Case:
    if line.area_threat:
        named = [a for a in alerts if a.kind == "interference_area"]
    else:
        named = [a for a in alerts if line.mmsis & set(a.mmsis)]
    if line.group == "threat" or line.mmsi is None:
        named = [a for a in named if a.overlaps(line.start, line.end + AFTER)]
    counted = named if line.area_threat else [a for a in named if a.loud]
    raised = min((a.raised for a in counted), default=None)
    return Case(
        klass=line.klass,
        group=line.group,
        found=bool(counted),
        right_kind=any(a.kind in line.expects for a in counted),
        any_level=bool(named),
        lead_min=_leads(line, raised),
        params=line.params,
        ident=line.ident,
        kinds=sorted({f"{a.kind}:{a.level}" for a in named}),
    )


def _leads(line: Truth, raised: datetime | None) -> list[float | None]:
    after = [t for t in line.crossings if t >= line.start]
    apart = [t for i, t in enumerate(after) if i == 0 or t - after[i - 1] > ONE_TRENCH]
    return [(t - raised).total_seconds() / 60 if raised else None for t in apart[:2]]


def _count_false(out: Score, alerts: list[Alert], injected: set[int], fishing: set[int], areas: list[Truth]) -> None:
    seen: set[str] = set()
    for alert in alerts:
        mmsis = set(alert.mmsis)
        if not alert.loud or alert.ident in seen or mmsis & injected:
            continue
        seen.add(alert.ident)
        inside = [a for a in areas if mmsis & a.mmsis and alert.overlaps(a.start, a.end + AFTER)]
        if not mmsis:
            out.without_vessel += 1
        elif inside:  # a hole's vessels are counted as hard negatives
            out.bystander_alerts += any(a.area_threat for a in inside) and alert.kind != "interference_area"
        elif not mmsis <= fishing:
            out.false_alerts.append(alert)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of a share."""
    if total == 0:
        return 0.0, 1.0
    z, p = 1.96, hits / total
    middle, half = p + z * z / (2 * total), z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return max(0.0, (middle - half) / (1 + z * z / total)), min(1.0, (middle + half) / (1 + z * z / total))


def summary(result: Score) -> Figures:
    """The figures, ready for JSON."""
    threats = [c for c in result.cases if c.group == "threat"]
    innocents = [c for c in result.cases if c.group == "negative"]
    hours = result.vessel_hours
    return {
        "threats": [*_by_class(threats), _row("all", threats)],
        "hard_negatives": [*_by_class(innocents), _row("all", innocents)],
        "steady_drags": _by_loss([c for c in threats if c.klass == "steady_drag"]),
        "false_warnings": {
            "count": len(result.false_alerts),
            "vessel_hours": round(hours, 1),
            "per_1000_vessel_hours": round(1000 * len(result.false_alerts) / hours, 2) if hours else None,
            "kinds": sorted(f"{a.kind}:{a.level}:{','.join(map(str, a.mmsis))}" for a in result.false_alerts),
            "loud_without_vessel": result.without_vessel,
        },
        "interference": {"vessels_disturbed": result.bystanders, "loud_alerts_on_them": result.bystander_alerts},
        "missed": [[c.ident, c.klass, c.kinds, c.params] for c in threats if not c.found],
        "raised_on_innocents": [[c.ident, c.klass, c.kinds, c.params] for c in innocents if c.found],
    }


def _by_class(cases: list[Case]) -> list[Figures]:
    return [_row(name, [c for c in cases if c.klass == name]) for name in sorted({c.klass for c in cases})]


def _by_loss(cases: list[Case]) -> list[Figures]:
    """Where the steady drags are missed: the small losses, the short baselines, or the late onsets."""
    bands = [("loss", 0.08, 0.12), ("loss", 0.12, 0.18), ("loss", 0.18, 0.26)]
    bands += [("baseline_min", 0, 20), ("baseline_min", 20, 999), ("lead_min", 0, 15), ("lead_min", 15, 99)]
    return [
        _row(f"{key} {low:g}-{high:g}", [c for c in cases if low <= c.params[key] < high]) for key, low, high in bands
    ]


def _row(name: str, cases: list[Case]) -> Figures:
    n, hits = len(cases), sum(c.found for c in cases)
    low, high = wilson(hits, n)
    row: Figures = {
        "class": name,
        "n": n,
        "raised": hits,
        "share": round(hits / n, 3) if n else None,
        "95 %": f"{low:.2f}-{high:.2f}",
        "right kind": sum(c.right_kind for c in cases),
        "any level": sum(c.any_level for c in cases),
    }
    for k, which in enumerate(("1st", "2nd")):
        leads = [c.lead_min[k] for c in cases if len(c.lead_min) > k]
        known = [x for x in leads if x is not None]
        row[f"before {which}"] = f"{sum(x > 0 for x in known)}/{len(leads)}"
        row[f"lead {which} min"] = round(median(known), 1) if known else None
    return row


def _table(rows: list[Figures]) -> list[str]:
    head = list(rows[0])
    body = [[str(row[key]) for key in head] for row in rows]
    return [f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *body]]


def as_text(figures: Figures) -> str:
    """The figures as tables for a terminal or a note."""
    lines: list[str] = []
    for part, title in (
        ("threats", "Threats: found"),
        ("steady_drags", "Steady drags: found"),
        ("hard_negatives", "Hard negatives: raised a warning or alarm"),
    ):
        if figures[part][-1]["n"]:
            lines += ["", title, "", *_table(figures[part])]
    false, area = figures["false_warnings"], figures["interference"]
    lines += [
        "",
        f"False warnings: {false['count']} in {false['vessel_hours']} vessel-hours outside fishing = "
        f"{false['per_1000_vessel_hours']} per 1,000. Loud alerts that name no vessel: {false['loud_without_vessel']}.",
        *(f"  {kind}" for kind in false["kinds"][:20]),
        f"Interference: {area['loud_alerts_on_them']} loud alerts on {area['vessels_disturbed']} disturbed vessels.",
    ]
    return "\n".join(lines)
