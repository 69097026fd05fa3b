"""Findings to alerts: reasons add up, innocent causes are named, every change of mind stays visible.

Findings are judged in the order in which they were made (`at_us`), and each judgement uses nothing later,
so an alert's `raised` is exactly when a live watch would have shown it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from math import exp, isfinite
from typing import Any

from anchorwatch.detectors import Detector
from anchorwatch.judgement import (
    ahead,
    conditions,
    context,
    faults,
    particulars,
    storm,
    suspicion,
    watch_list,
)
from anchorwatch.judgement.context import Context
from anchorwatch.model import LEVELS, Alert, AlertAsset, Alternative, Finding, Reason, Vessel, rfc3339

# What a finding is worth before its evidence is looked at: most findings of a detector are innocent.
PRIOR = -2.0
# caution = keep an eye on it, warning = call the vessel now, alarm = send someone.
LEVEL_AT = {"caution": 0.25, "warning": 0.55, "alarm": 0.9}
# A stay that is also seen as something more definite is one alert, not two.
ABSORBED_BY = {
    "loitering": ("anchored_on_asset", "following_asset", "trawling"),
    "following_asset": ("anchored_on_asset", "trawling"),
    "slow_crossing": ("anchor_drag", "anchored_on_asset", "loitering", "trawling"),
}
# No surrounding speaks for a threat more than this: weaker evidence need not be looked at further.
MOST_FROM_CONTEXT = Reason("most_from_context", "", "", context.HEARD_THERE)
BY_RECEPTION = "ais_gap"  # and only for a silence: all else that surrounds a finding speaks against it, or not at all
FORGET_US = 72 * 3_600_000_000
FORGET_OPEN_US = 40 * 86_400_000_000  # a long stay speaks again only when it has doubled
UNKNOWN_CAUSE = Alternative("nothing that the sensors show", "call the vessel and look at the next hour of its track")


@dataclass(frozen=True)
class Docket:
    """What judgement remembers: alerts by id, the last finding behind each, facts and areas."""

    alerts: dict[str, Alert] = field(default_factory=dict)
    behind: dict[str, Finding] = field(default_factory=dict)
    areas: dict[str, Finding] = field(default_factory=dict)
    crossings: dict[int, list[Finding]] = field(default_factory=dict)  # by track
    doings: dict[int, list[Finding]] = field(default_factory=dict)  # by track: what could have damaged an asset
    approaching: dict[int, Finding] = field(default_factory=dict)  # by track: what it does under suspicion

    def copy(self) -> Docket:
        """Return an independent copy."""
        crossings, doings = ({t: list(f) for t, f in by.items()} for by in (self.crossings, self.doings))
        return Docket(dict(self.alerts), dict(self.behind), dict(self.areas), crossings, doings, dict(self.approaching))

    @cached_property
    def by_track(self) -> dict[int, list[str]]:
        """Ids of alerts by track."""
        tracks: dict[int, list[str]] = {}
        for key, finding in self.behind.items():
            tracks.setdefault(finding.track, []).append(key)
        return tracks

    def remember(self, key: str, finding: Finding) -> None:
        """Keep the last finding behind an alert."""
        if key not in self.behind:
            self.by_track.setdefault(finding.track, []).append(key)
        self.behind[key] = finding


def judge(
    findings: Iterable[Finding], detectors: Mapping[str, Detector], ctx: Context, docket: Docket
) -> tuple[list[Alert], Docket]:
    """Judge findings; return the alerts that are new or changed, in order of `raised`, and what to remember."""
    docket = docket.copy()
    touched: dict[str, None] = {}
    newest = 0
    for finding in sorted(findings, key=_order):
        newest = max(newest, finding.at_us)
        if detectors[finding.detector].fact:
            docket.crossings.setdefault(finding.track, []).append(finding)
            continue
        if finding.detector in conditions.KINDS:
            docket.areas[finding.id] = finding
        _note(finding, detectors[finding.detector], docket)
        heard = [finding, *_shaken(finding, docket)]
        for one in heard:
            before = docket.alerts.get(alert_id(one.id))
            if before is None and (held_by := storm.over(one, docket)) is not None:
                docket.alerts[held_by.id] = storm.with_one_more(held_by, one)
                touched[held_by.id] = None
                continue
            alert = _hear(one, finding.at_us, detectors, ctx, docket)
            if alert is None:
                continue
            docket.alerts[alert.id] = alert
            touched[alert.id] = None
            follower = docket.approaching.get(one.track)
            if follower is not None and follower not in heard and not _same_standing(before, alert):
                heard.append(follower)
    for key in touched:  # only now: what lies ahead is looked up for the last word on each
        ahead_of = ahead.next_assets(docket.behind[key], ctx.chart)
        docket.alerts[key] = replace(docket.alerts[key], next=ahead_of)
    changed = sorted((docket.alerts[i] for i in touched), key=lambda a: (a.raised_us, a.id))
    return changed, _forget(docket, newest)


def _order(finding: Finding) -> tuple[int, bool, str, int, int, bool]:
    """In time; of one time, a storm before what it holds back."""
    kind = finding.detector
    return finding.at_us, kind != storm.KIND, kind, finding.track, finding.start_us, finding.open


def score_of(reasons: Iterable[Reason]) -> float:
    """Probability-like score of added log-odds, 0..1."""
    return 1.0 / (1.0 + exp(-sum([r.log_odds for r in reasons])))


def could_matter(finding: Finding, detector: Detector) -> bool:
    """Tell whether a finding could become an alert by itself, whatever surrounds it."""
    if detector.fact or detector.follows:
        return False
    own = weighed(finding, detector)
    return level_of(score_of([Reason("prior", "", "", PRIOR), *own, MOST_FROM_CONTEXT])) is not None


def weighed(finding: Finding, detector: Detector) -> tuple[Reason, ...]:
    """What the detector says of its finding, weighed once: a finding is asked about several times."""
    kept: tuple[Reason, ...] | None = finding.__dict__.get("weighed")
    if kept is None:
        kept = finding.__dict__["weighed"] = detector.weigh(finding)
    return kept


def level_of(score: float) -> str | None:
    """Level of a score, None below caution."""
    if not score >= LEVEL_AT[LEVELS[0]]:
        return None
    return [level for level in LEVELS if score >= LEVEL_AT[level]][-1]


@lru_cache(1 << 14)
def alert_id(finding_id: str) -> str:
    """Id of the alert that a finding raises: the same in every run."""
    return "a1-" + hashlib.sha256(f"alert {finding_id}".encode()).hexdigest()[:16]


def _shaken(finding: Finding, docket: Docket) -> list[Finding]:
    """Findings whose alerts must be looked at again because of this one."""
    if finding.detector not in conditions.KINDS:
        return []
    open_ids = [i for i, a in docket.alerts.items() if a.status != "withdrawn" and a.kind != finding.detector]
    if finding.detector == "interference_area":
        return [docket.behind[i] for i in sorted(open_ids) if context.of_interference(docket.behind[i], [finding])]
    return [docket.behind[i] for i in sorted(open_ids) if conditions.shakes(finding, docket.behind[i])]


def _jammed(docket: Docket) -> list[Finding]:
    """Areas of interference."""
    return [area for area in docket.areas.values() if area.detector == "interference_area"]


def _note(finding: Finding, detector: Detector, docket: Docket) -> None:
    """Remember what may matter for what comes later, alert or not."""
    if finding.detector in faults.BEHAVIOUR:
        doings = docket.doings.setdefault(finding.track, [])
        doings[:] = [*(f for f in doings if f.id != finding.id), finding]
    if detector.follows:
        docket.approaching.pop(finding.track, None)
        if finding.open:
            docket.approaching[finding.track] = finding


def _same_standing(before: Alert | None, alert: Alert) -> bool:
    """Tell whether an alert speaks as loud as before to what follows it."""
    return before is not None and (before.level, before.status) == (alert.level, alert.status)


def _grounds(
    finding: Finding, at_us: int, detectors: Mapping[str, Detector], ctx: Context, docket: Docket
) -> suspicion.Grounds:
    """What a finding about a vessel under suspicion rests on."""
    mine = [k for k in docket.by_track.get(finding.track, ()) if k in docket.alerts]
    others = [k for k in mine if not detectors[docket.behind[k].detector].follows]
    new = alert_id(finding.id) not in docket.alerts
    by_fault = faults.standing(finding.track, at_us, ctx, docket.crossings, docket.doings, detectors)
    if new and by_fault is not None and by_fault.fault.asset == finding.asset:
        by_fault = None  # it has failed already
    said = [(docket.alerts[k], docket.behind[k].at_us) for k in others]
    grounds = suspicion.Grounds(suspicion.standing(finding, said, new), by_fault)
    told = [docket.alerts[k] for k in mine if docket.behind[k].detector == finding.detector]
    silent = new and suspicion.no_news(finding, told, grounds.most)
    return suspicion.Grounds(None, None) if silent else grounds


def _hear(
    finding: Finding, at_us: int, detectors: Mapping[str, Detector], ctx: Context, docket: Docket
) -> Alert | None:
    """Judge one finding at `at_us`; None where there is nothing to show."""
    key, detector = alert_id(finding.id), detectors[finding.detector]
    before = docket.alerts.get(key)
    if before is None and _absorbed(finding, docket):
        return None
    reasons = [Reason("prior", detector.name, "", PRIOR), *weighed(finding, detector)]
    reasons += conditions.of_conditions(finding, ctx.chart, list(docket.areas.values()))
    grounds = _grounds(finding, at_us, detectors, ctx, docket) if detector.follows else None
    reasons += grounds.reasons if grounds is not None else []
    if before is None and _hopeless(finding, reasons, ctx):
        return None
    place = context.of_place(finding, ctx)
    if before is None and place and _hopeless(finding, [*reasons, *place], ctx):
        return None
    vessel = ctx.registry.vessel(finding.mmsi, at_us)
    reasons += context.of_vessel(finding, vessel) + place
    reasons += context.of_reception(finding, ctx, vessel)
    if finding.detector != "interference_area":
        reasons += context.of_interference(finding, _jammed(docket))
    hits = ctx.watch_lists.hits(vessel, at_us)
    reasons += watch_list.reasons_of(hits, sum(r.log_odds for r in reasons), LEVEL_AT["caution"])
    score = score_of(reasons)
    level = level_of(score) if grounds is None else grounds.capped(level_of(score), before is not None)
    if grounds is not None and before is not None and not finding.open and level is not None:
        level = min(level, before.level, key=LEVELS.index)  # what is over is not news
    if before is None and level is None:
        return None
    docket.remember(key, finding)
    alert = _alert(finding, key, vessel, tuple(reasons), score, detector, ctx, docket)
    alert = storm.carried_on(before, particulars.told(alert, finding, ctx))
    if grounds is not None and grounds.fault is not None:
        alert = _with_fault(alert, grounds.fault, ctx)
    if finding.mmsi:
        alert.extra["registry"] = watch_list.registry_facts(ctx.registry, vessel, at_us)
    listed = watch_list.as_extra(hits, vessel.mmsi) + _other_listed(finding, at_us, ctx)
    if listed:
        alert.extra["watch_lists"] = listed
    return _revise(before, alert, level, at_us)


def _hopeless(finding: Finding, reasons: list[Reason], ctx: Context) -> bool:
    """Tell whether nothing that is still to be weighed can make an alert of it.

    Most findings end here, so this must be cheap: who the vessel is has not been asked yet.
    """
    most = [MOST_FROM_CONTEXT] if finding.detector == BY_RECEPTION else []
    return level_of(score_of([*reasons, *most, *ctx.watch_lists.most])) is None


def _other_listed(finding: Finding, at_us: int, ctx: Context) -> list[dict[str, Any]]:
    """Listings of the other vessel of a pair, or of what it was before: shown, and weighed with nobody's behaviour."""
    mmsi = finding.values.get("other_mmsi", 0.0)
    if not (ctx.watch_lists.lists and mmsi > 0):
        return []
    return watch_list.as_extra(ctx.watch_lists.hits(ctx.registry.vessel(int(mmsi), at_us), at_us), int(mmsi))


def _with_fault(alert: Alert, fault: faults.Standing, ctx: Context) -> Alert:
    """Say in an alert which failed asset it rests on, and how the vessel stands among those who crossed it."""
    said = faults.sentence(fault, ctx.chart.asset(fault.fault.asset).name)
    extra = {**alert.extra, "fault": faults.extra(fault)}
    return replace(alert, explanation=f"{alert.explanation} {said}", extra=extra)


def _absorbed(finding: Finding, docket: Docket) -> bool:
    """Tell whether a more definite alert already says this of the same track."""
    kinds = ABSORBED_BY.get(finding.detector, ())
    for key in docket.by_track.get(finding.track, ()) if kinds else ():
        other = docket.behind[key]
        overlaps = other.start_us <= finding.end_us and finding.start_us <= other.end_us
        if overlaps and other.detector in kinds and key in docket.alerts:
            return True
    return False


def _alert(
    finding: Finding, key: str, vessel: Vessel, reasons: tuple[Reason, ...], score: float,
    detector: Detector, ctx: Context, docket: Docket,
) -> Alert:  # fmt: skip
    """Compose the alert of one finding as of `finding.at_us`."""
    crossed = [
        c
        for c in docket.crossings.get(finding.track, [])
        if finding.start_us <= c.start_us <= finding.end_us and c.at_us <= finding.at_us
    ]
    return Alert(
        id=key,
        level="caution",
        kind=detector.name,
        status="open" if finding.open else "ended",
        vessel=vessel,
        assets=_assets(finding, crossed, ctx),
        start_us=finding.start_us,
        end_us=finding.end_us,
        raised_us=finding.at_us,
        lon_deg=finding.lon_deg,
        lat_deg=finding.lat_deg,
        score=round(score, 4),
        reasons=reasons,
        explanation=detector.explain(_by_name(finding, ctx)),
        alternatives=detector.alternatives or (UNKNOWN_CAUSE,),
        next=(),
        detectors=tuple(sorted({detector.name, *(c.detector for c in crossed)})),
        ruleset=ctx.ruleset,
        revision=1,
        extra={"track": finding.track, "values": finding.values} | ({"zone": finding.zone} if finding.zone else {}),
    )


def _revise(before: Alert | None, alert: Alert, level: str | None, at_us: int) -> Alert:
    """Give an alert its level and revision from what was shown before.

    A level once shown does not fall while the grounds stand; where they are gone, the alert is withdrawn
    and stays visible as such.
    """
    if before is None:
        assert level is not None
        alert = replace(alert, level=level, raised_us=at_us)
        return replace(alert, extra={**alert.extra, "levels": [_shown(alert, at_us)]})
    if level is None:
        alert = replace(alert, level="caution", status="withdrawn")
    else:
        shown = before.level if before.status != "withdrawn" else "caution"
        alert = replace(alert, level=max(level, shown, key=LEVELS.index))
    same = (before.level, before.status, before.assets) == (alert.level, alert.status, alert.assets)
    shown_as = before.extra.get("levels", [])
    if (before.level, before.status == "withdrawn") != (alert.level, alert.status == "withdrawn"):
        shown_as = [*shown_as, _shown(alert, at_us)]
    extra = {**alert.extra, "levels": shown_as}
    return replace(alert, raised_us=before.raised_us, revision=before.revision + (not same), extra=extra)


def _shown(alert: Alert, at_us: int) -> dict[str, str]:
    """One line of an alert's history: as what it was shown from when on."""
    return {"level": "withdrawn" if alert.status == "withdrawn" else alert.level, "at": rfc3339(at_us)}


def _assets(finding: Finding, crossed: list[Finding], ctx: Context) -> tuple[AlertAsset, ...]:
    """The asset a finding is about, then every other that was crossed while it lasted."""
    listed = {
        c.asset: _asset(c, ctx, c.start_us) for c in sorted(crossed, key=lambda c: -c.start_us) if c.asset is not None
    }
    if finding.asset is not None and finding.asset not in listed:
        return (_asset(finding, ctx, None), *reversed(listed.values()))
    if finding.asset is None:
        return tuple(reversed(listed.values()))
    first = listed.pop(finding.asset)
    return (first, *reversed(listed.values()))


def _asset(finding: Finding, ctx: Context, crossed_us: int | None) -> AlertAsset:
    asset = ctx.chart.asset(finding.asset or "")
    return AlertAsset(
        id=asset.id,
        name=asset.name,
        kind=asset.kind,
        distance_m=round(finding.asset_m, 1) if isfinite(finding.asset_m) else -1.0,
        crossed_us=crossed_us,
        kp_km=round(finding.kp_km, 2) if isfinite(finding.kp_km) else None,
        geometry=asset.geometry,
    )


def _by_name(finding: Finding, ctx: Context) -> Finding:
    """The same finding, with the asset's name for people in place of its id."""
    if finding.asset is None:
        return finding
    return replace(finding, asset=ctx.chart.asset(finding.asset).name)


def _forget(docket: Docket, newest_us: int) -> Docket:
    """Drop what no later finding can touch."""
    oldest = newest_us - FORGET_US
    behind = {
        k: f for k, f in docket.behind.items() if f.at_us >= newest_us - (FORGET_OPEN_US if f.open else FORGET_US)
    }
    return Docket(
        {k: a for k, a in docket.alerts.items() if k in behind},
        behind,
        {k: f for k, f in docket.areas.items() if f.at_us >= oldest},
        _since(docket.crossings, oldest),
        _since(docket.doings, oldest),
        {track: f for track, f in docket.approaching.items() if f.at_us >= oldest},
    )


def _since(by_track: dict[int, list[Finding]], oldest_us: int) -> dict[int, list[Finding]]:
    """Return the findings made since a time."""
    return {track: kept for track, found in by_track.items() if (kept := [f for f in found if f.at_us >= oldest_us])}
