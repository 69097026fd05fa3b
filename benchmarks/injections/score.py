"""Score the alerts of a scan against the truth of a test set.

A threat is found when an alert of level warning or alarm names its vessel and overlaps [start, end + 30 min]. A hard negative is failed
when such an alert names its vessel at any time. Warnings about real vessels outside fishing count as false, per 1,000 vessel-hours.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import polars as pl

LOUD = ("warning", "alarm")
AFTER = timedelta(minutes=30)
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
    params: dict[str, object]
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
    """Alerts of a .jsonl file, every revision of each."""
    alerts = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        said = json.loads(line)
        vessels = [said.get("vessel") or {}, *(said.get("vessels") or [])]
        mmsis = tuple(int(v["mmsi"]) for v in vessels if v.get("mmsi"))
        raised = _time(said.get("raised")) or _time(said["start"])
        assert raised is not None
        start = _time(said.get("start")) or raised
        end = _time(said.get("end")) or max(raised, start)
        alerts.append(Alert(said["id"], said["kind"], said["level"], mmsis, start, end, raised))
    return alerts


def score(alerts: list[Alert], truth: Path, traffic: Path) -> Score:
    """Judge one set."""
    lines = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    by_vessel: dict[int, list[Alert]] = {}
    for alert in alerts:
        for mmsi in alert.mmsis:
            by_vessel.setdefault(mmsi, []).append(alert)
    out = Score(cases=[_case(line, alerts, by_vessel) for line in lines])
    injected = {line["mmsi"] for line in lines if line["mmsi"]}
    areas = [line for line in lines if not line["mmsi"]]
    out.bystanders = sum(len(a["mmsis"]) for a in areas if a["class"] == "interference")
    rows = pl.read_parquet(traffic, columns=["time", "mmsi", "ship_class"])
    out.vessel_hours = vessel_hours(rows.filter(~pl.col("mmsi").is_in(list(injected))))
    fishing = set(rows.filter(pl.col("ship_class") == "fishing")["mmsi"])
    _count_false(out, alerts, injected, fishing, areas)
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


def _window(line: dict[str, str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(line["start"]), datetime.fromisoformat(line["end"]) + AFTER


def _case(line: dict[str, object], alerts: list[Alert], by_vessel: dict[int, list[Alert]]) -> Case:
    start, end = _window(line)  # type: ignore[arg-type]  # one JSON line: texts where texts are asked
    named = _named(line, alerts, by_vessel)
    if line["group"] == "threat" or line["mmsi"] is None:
        named = [a for a in named if a.overlaps(start, end)]
    loud = [a for a in named if a.loud]
    expects = line["expects"]
    assert isinstance(expects, list)
    found = bool(named) if line["class"] == "interference" else bool(loud)
    right = any(a.kind in expects for a in (named if line["class"] == "interference" else loud))
    raised = min((a.raised for a in loud), default=None)
    return Case(
        str(line["class"]), str(line["group"]), found, right, bool(named), _leads(line, start, raised), dict(line["params"]),  # type: ignore[call-overload]
        str(line["id"]), sorted({f"{a.kind}:{a.level}" for a in named}),
    )  # fmt: skip


def _named(line: dict[str, object], alerts: list[Alert], by_vessel: dict[int, list[Alert]]) -> list[Alert]:
    if line["class"] == "interference":
        return [a for a in alerts if a.kind == "interference_area"]
    mmsis = line["mmsis"]
    assert isinstance(mmsis, list)
    return [a for mmsi in mmsis for a in by_vessel.get(mmsi, [])]


def _leads(line: dict[str, object], start: datetime, raised: datetime | None) -> list[float | None]:
    crossings = line["crossings"]
    assert isinstance(crossings, list)
    after = [t for c in crossings if (t := datetime.fromisoformat(c["time"])) >= start]
    after = [
        t for i, t in enumerate(after) if i == 0 or t - after[i - 1] > timedelta(minutes=3)
    ]  # two cables in one trench
    return [(t - raised).total_seconds() / 60 if raised else None for t in after[:2]]


def _count_false(
    out: Score, alerts: list[Alert], injected: set[int], fishing: set[int], areas: list[dict[str, object]]
) -> None:
    seen: set[str] = set()
    for alert in alerts:
        if not alert.loud or alert.ident in seen or any(m in injected for m in alert.mmsis):
            continue
        seen.add(alert.ident)
        inside = [
            a
            for a in areas
            if set(alert.mmsis) & set(a["mmsis"]) and alert.overlaps(*_window(a))  # type: ignore[call-overload,arg-type]
        ]
        if not alert.mmsis:
            out.without_vessel += 1
        elif inside:
            out.bystander_alerts += (
                any(a["class"] == "interference" for a in inside) and alert.kind != "interference_area"
            )
        elif not set(alert.mmsis) <= fishing:
            out.false_alerts.append(alert)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of a share."""
    if total == 0:
        return 0.0, 1.0
    z, p = 1.96, hits / total
    middle, half = p + z * z / (2 * total), z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return max(0.0, (middle - half) / (1 + z * z / total)), min(1.0, (middle + half) / (1 + z * z / total))


def summary(result: Score) -> dict[str, object]:
    """The figures, ready for JSON."""
    threats = [c for c in result.cases if c.group == "threat"]
    innocents = [c for c in result.cases if c.group == "negative"]
    hours = result.vessel_hours
    return {
        "threats": [_row(name, [c for c in threats if c.klass == name]) for name in _names(threats)]
        + [_row("all", threats)],
        "hard_negatives": [_row(name, [c for c in innocents if c.klass == name]) for name in _names(innocents)]
        + [_row("all", innocents)],
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


def _names(cases: Iterable[Case]) -> list[str]:
    return list(dict.fromkeys(c.klass for c in cases))


def _row(name: str, cases: list[Case]) -> dict[str, object]:
    n, hits = len(cases), sum(c.found for c in cases)
    low, high = wilson(hits, n)
    leads = [[c.lead_min[k] for c in cases if len(c.lead_min) > k] for k in (0, 1)]
    heard = [[x for x in lead if x is not None] for lead in leads]
    return {
        "class": name,
        "n": n,
        "raised": hits,
        "share": round(hits / n, 3) if n else None,
        "low": round(low, 3),
        "high": round(high, 3),
        "right_kind": sum(c.right_kind for c in cases),
        "any_level": sum(c.any_level for c in cases),
        "lead_1_min": round(median(heard[0]), 1) if heard[0] else None,
        "before_1": f"{sum(x > 0 for x in heard[0])}/{len(leads[0])}",
        "lead_2_min": round(median(heard[1]), 1) if heard[1] else None,
        "before_2": f"{sum(x > 0 for x in heard[1])}/{len(leads[1])}",
    }


def as_text(figures: dict[str, object]) -> str:
    """The figures as tables for a terminal or a note."""
    lines = []
    for part, title in (("threats", "Threats: found"), ("hard_negatives", "Hard negatives: raised a warning or alarm")):
        rows = figures[part]
        assert isinstance(rows, list)
        lines += [
            "",
            title,
            "| class | n | raised | share | 95 % | right kind | any level | lead 1st | before 1st | lead 2nd | before 2nd |",
        ]
        lines.append("|---|---|---|---|---|---|---|---|---|---|---|")
        for r in rows:
            lines.append(
                f"| {r['class']} | {r['n']} | {r['raised']} | {r['share']} | {r['low']}-{r['high']} | {r['right_kind']} | {r['any_level']} "
                f"| {r['lead_1_min']} | {r['before_1']} | {r['lead_2_min']} | {r['before_2']} |"
            )
    false = figures["false_warnings"]
    assert isinstance(false, dict)
    lines += ["", f"False warnings: {false['count']} in {false['vessel_hours']} vessel-hours outside fishing = "
              f"{false['per_1000_vessel_hours']} per 1,000; {false['loud_without_vessel']} loud alerts name no vessel"]  # fmt: skip
    lines += [f"  {k}" for k in false["kinds"][:20]]
    lines.append(f"Interference: {figures['interference']}")
    return "\n".join(lines)
