"""What a brief tells of a watch: its alerts, incidents, feeds, what its desk has read. Gathered here, told there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anchorwatch.desk import attention as attentions
from anchorwatch.desk.attention import Attention
from anchorwatch.desk.brief.facts import AlertRow, AttentionRow, BriefFacts, FeedRow, IncidentRow, Told
from anchorwatch.desk.brief.from_reports import WARNINGS, differences, of_today, rows_of
from anchorwatch.desk.incidents import CLOSED
from anchorwatch.desk.report import LEDGERS, Incident, Report
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import unhealthy
from anchorwatch.edges.records import time_us
from anchorwatch.edges.store import Item, Store
from anchorwatch.edges.store.report_reading import Wanted
from anchorwatch.edges.store.reports import Reports
from anchorwatch.watch.ledgers import Ledgers

if TYPE_CHECKING:
    from anchorwatch.watch.press import Press

MOST_ALERTS = 500  # of the span, and as many that are still open
MOST_REPORTS = 2_000  # of the span
MOST_EARLIER = 500  # older ones that something rests on
ATTENTIVE = 0.1  # less attention than this is not worth a line
FAILING_US = 3_600_000_000  # a press feed that fails for so long is told


def of_watch(press: Press, since_us: int, at_us: int) -> BriefFacts:
    """Return the facts of a running watch."""
    room = press.room
    names = {asset.id: asset.name for asset in room.chart.assets}
    feeds = [FeedRow(f.name, **_well(f, at_us)) for f in room.feeds]
    return _gather(press.reports, press.ledgers, names, press.attention(), feeds, since_us, at_us)


def of_folder(folder: str | Path, since_us: int, at_us: int) -> BriefFacts:
    """Return the facts of a watch's folder; a watch may be running on it."""
    from anchorwatch.chart.catalogue import baltic

    reports = Reports.open(folder, SystemClock())
    try:
        read = [r for r, _ in reports.latest(MOST_REPORTS, Wanted(since_us=at_us - 21 * 86_400_000_000))]
        spoken = attentions.attention(read, reports.incidents(), at_us)
        names = {asset.id: asset.name for asset in baltic()}
        return _gather(reports, Ledgers(reports), names, spoken, [], since_us, at_us)
    finally:
        reports.close()


def _gather(
    reports: Reports, ledgers: Ledgers, names: Mapping[str, str], spoken: Mapping[str, Attention],
    feeds: Sequence[FeedRow], since_us: int, at_us: int,
) -> BriefFacts:  # fmt: skip
    wanted = Wanted(since_us=since_us, until_us=at_us + 1)
    filed = reports.latest(MOST_REPORTS, wanted)
    fresh = {report.id: report for report, _ in filed}
    story_of = {report.id: story for report, story in filed if story is not None}
    built = {name: ledgers.get(name) for name in LEDGERS}
    rows = [new for new in rows_of(built) if any(s.report in fresh for s in new.row.sources)]
    members = [p for story in sorted(set(story_of.values())) for p in reports.latest(50, Wanted(story=story))]
    told_before = {r.id: r for r, _ in members if r.id not in fresh}
    stories = {report.id: story for report, story in members if story is not None}
    incidents = _incidents(reports, since_us, at_us)
    lacking = {r for i in incidents for r in i.reports} | {s.report for new in rows for s in new.row.sources}
    earlier = told_before | _records(reports, lacking - fresh.keys() - told_before.keys())
    said = [Told(r, s, len(reports.copies(r.id)) - 1) for r, s in filed]
    over = len(filed) >= MOST_REPORTS
    return BriefFacts(
        at_us=at_us,
        since_us=since_us,
        watched=True,
        alerts=tuple(_alerts(reports.store, since_us, at_us)),
        incidents=tuple(IncidentRow(i, names.get(i.asset or "", "")) for i in incidents),
        feeds=(*feeds, *_press(reports, at_us)),
        reports=tuple(t for t in said if t.report.item.kind not in WARNINGS),
        earlier=tuple(list(earlier.values())[:MOST_EARLIER]),
        rows=tuple(rows),
        calendar=of_today(built["calendar"], at_us),
        contradictions=differences([*fresh.values(), *told_before.values()], stories),
        attention=tuple(_attended(spoken.values(), names)),
        warnings=tuple(t for t in said if t.report.item.kind in WARNINGS),
        names=dict(names),
        notes=(f"only the last {MOST_REPORTS:,} reports of this time are told of",) if over else (),
    )


def _records(reports: Reports, ids: Iterable[str]) -> dict[str, Report]:
    from anchorwatch.desk import record

    wanted = sorted(set(ids))[:MOST_EARLIER]
    return {i: record.from_json(said) for i, said in reports.several(wanted).items()}


def _incidents(reports: Reports, since_us: int, at_us: int) -> list[Incident]:
    known = [i for i in reports.incidents() if i.opened_us <= at_us]
    return [i for i in known if i.opened_us >= since_us or i.state != CLOSED]


def _alerts(store: Store, since_us: int, at_us: int) -> list[AlertRow]:
    span = store.alerts(since_us=since_us, until_us=at_us + 1, limit=MOST_ALERTS)
    still = store.alerts(state="open", until_us=since_us, limit=MOST_ALERTS)
    return [_alert(item) for item in (*span, *still)]


def _alert(item: Item) -> AlertRow:
    alert, work = item.alert, item.work
    vessel = alert["vessel"]
    mmsi = f"MMSI {vessel['mmsi']}" if vessel["mmsi"] else ""
    return AlertRow(
        id=alert["id"],
        level=alert["level"],
        kind=alert["kind"],
        vessel=str(vessel["name"] or mmsi),
        assets=tuple(str(a["name"]) for a in alert["assets"]),
        raised_us=time_us(alert["raised"]),
        status=alert["status"],
        state=str(work.get("state", "new")),
        who=str(work.get("escalated_to") or work.get("assigned_to") or ""),
        disposition=str(work.get("disposition", "")),
        cause=str(work.get("cause", "")),
        alternatives=tuple(str(a["cause"]) for a in alert["alternatives"]),
    )


def _attended(spoken: Iterable[Attention], names: Mapping[str, str]) -> list[AttentionRow]:
    chosen = sorted((a for a in spoken if a.level >= ATTENTIVE), key=lambda a: (-a.level, a.asset))
    return [
        AttentionRow(
            asset=one.asset,
            name=names.get(one.asset, one.asset),
            level=one.level,
            why=one.why[0].text,
            reports=tuple(dict.fromkeys(r for why in one.why for r in why.reports)),
            incidents=tuple(dict.fromkeys(i for why in one.why for i in why.incidents)),
            until_us=one.until_us,
        )
        for one in chosen
    ]


def _well(feed: Any, at_us: int) -> dict[str, Any]:
    why = unhealthy(feed, at_us)
    last_us = int(feed.health.last_us)
    return {"well": not why, "why": why, "silent_since_us": last_us if why and last_us else None}


def _press(reports: Reports, at_us: int) -> list[FeedRow]:
    failing = [f for f in reports.feeds() if f.why and at_us - f.last_ok_us > FAILING_US]
    return [FeedRow(f.url, False, "press", f.last_ok_us or None, f.why) for f in failing]
