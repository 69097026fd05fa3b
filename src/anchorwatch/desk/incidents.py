"""Incidents: a report about damage opens one that nobody observed, or joins the one that it is about. Pure.

By asset, place and time: the same asset, or one that the words may mean; times that overlap, three days about. Alerts
and notices near it are linked. A link accuses nobody, and nothing here changes an alert.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import NamedTuple

from anchorwatch.chart import Chart
from anchorwatch.desk.attempts import attempted
from anchorwatch.desk.meant import Area, apart_km, area_of, candidates, kinds_of, reaches
from anchorwatch.desk.report import Claim, Incident, Report, normal
from anchorwatch.model import Fault, rfc3339

DAY_US = 86_400_000_000
TYPES = ("infrastructure_damage", "outage")
SLACK_US = 3 * DAY_US  # reports are a day late, and say "on Tuesday" of Monday night
UNKNOWN_US = 2 * DAY_US  # where no time is said: it happened so long before the report at most
LONGEST_US = 31 * DAY_US  # "last year" is no time to look for a cable at
MOST_REPORTS = 200  # of one incident
MOST_NOTES = 20
ALERT_US = 12 * 3_600_000_000  # an alert so near in time is linked: a damaged cable may fail hours later
NO_NAME = "the report names no asset"
REPORTED, NOTICED, CLOSED = "reported", "noticed", "closed"
# What tells of something that happened, in a claim that is an opinion or an estimate: "believed to have been cut".
HAPPENED = re.compile(
    r"\b(?:was|were|been|after|since|following|damaged|severed|cut|broke|broken|ruptured|failed|struck|disabled|tripped"
    r"|sabotaged|disrupted|destroyed|leaked|leaking)\b",
    re.IGNORECASE,
)
NEVER = ("plan", "promise", "demand")


class Told(NamedTuple):
    """What one claim says of one asset, or of one that is not known for sure."""

    report: str
    asset: str | None
    said: str  # as the report names it
    candidates: tuple[str, ...]
    kinds: tuple[str, ...]
    from_us: int | None
    until_us: int | None
    place: str
    area: Area
    at_us: int  # when it was reported
    story: str | None

    @property
    def window(self) -> tuple[int, int]:
        """Return when it may have happened."""
        return window(self.from_us, self.until_us, self.at_us)


def window(from_us: int | None, until_us: int | None, at_us: int) -> tuple[int, int]:
    """Return when something may have happened that was reported at `at_us`."""
    if from_us is None:
        return at_us - UNKNOWN_US, at_us
    return from_us, max(from_us, until_us if until_us is not None else from_us)


def span(incident: Incident) -> tuple[int, int]:
    """Return when an incident may have happened: two days up to the report, where nobody says it."""
    return window(incident.from_us, incident.until_us, incident.opened_us)


def told(report: Report, chart: Chart, now_us: int, story: str | None = None) -> list[Told]:
    """Return what a report says of damage to what lies on the seabed; nothing where it speaks of plans or of others."""
    found: dict[str | None, Told] = {}
    if not report.ledgers:  # not relevant, by the rules or because a person said so
        return []
    for claim in report.claims:
        if claim.type in TYPES and _happened(claim):
            for one in _of_claim(report, claim, chart, now_us, story):
                found.setdefault(one.asset, one)
    if len(found) > 1:  # the asset that it names is the one that it speaks of elsewhere, too
        found.pop(None, None)
    return list(found.values())


def _happened(claim: Claim) -> bool:
    if attempted(claim):
        return False
    if claim.modality == "fact":
        return True
    return claim.modality not in NEVER and HAPPENED.search(claim.quote) is not None


def _of_claim(report: Report, claim: Claim, chart: Chart, now_us: int, story: str | None) -> Iterator[Told]:
    named = [a for a in dict.fromkeys(claim.assets) if a in chart.index]
    kinds = kinds_of(claim.quote)
    if not named and not kinds:
        return  # about something on land, or in the air
    item = report.item
    at_us = min(now_us, next((t for t in (item.published_us, item.received_us) if t is not None), now_us))
    from_us, until_us = _time(report, claim, at_us)
    area = _area(report, claim)
    common = (kinds, from_us, until_us, (claim.place or "")[:200], area, max(0, at_us), story)
    for asset in named:
        yield Told(report.id, asset, _said(report, claim, asset, chart), (), *common)
    if not named:
        meant = candidates(report, claim, chart.assets)
        yield Told(report.id, None, _words(kinds), meant, *common)


def _said(report: Report, claim: Claim, asset: str, chart: Chart) -> str:
    spoken = [e for e in report.entities if e.id == asset]
    spoken.sort(key=lambda e: (not claim.start <= e.start < claim.end, e.start))
    return spoken[0].text if spoken else chart.asset(asset).name


def _words(kinds: Sequence[str]) -> str:
    """Return words of ours for what a report speaks of without a name."""
    if len(kinds) == 1:
        return "a " + kinds[0].replace("_", " ")
    return "a cable" if "pipeline" not in kinds else "something on the seabed"


def _time(report: Report, claim: Claim, at_us: int) -> tuple[int | None, int | None]:
    """Return when a claim says that it happened; (None, None) where that is not known, or no time to look for it at."""
    said = [d for d in report.dates if d.from_us is not None and not d.duration]
    fitting = [d for d in said if d.text == claim.when] or [d for d in said if claim.start <= d.start < claim.end]
    for when in fitting:
        first, last = int(when.from_us or 0), int(when.until_us if when.until_us is not None else when.from_us or 0)
        if 0 <= first <= at_us and first <= last <= first + LONGEST_US:
            return first, min(last, max(at_us, first))
    return None, None


def _area(report: Report, claim: Claim) -> Area:
    """Return where it is said to be: the places of a notice, else the part of the sea that is named."""
    points = [p for p in report.item.points if isfinite(p[0]) and isfinite(p[1])]
    if points:
        lon, lat = (sum(p[n] for p in points) / len(points) for n in (0, 1))
        reach = max(apart_km(Area(lon, lat, 0.0), Area(*p, 0.0)) for p in points)
        return Area(lon, lat, max(10.0, reach))
    return area_of(claim.place)


# ---- open or join


def take(
    known: Sequence[Incident], said: Iterable[Told], chart: Chart, stories: Mapping[str, str | None] | None = None
) -> list[Incident]:
    """Return the incidents that are new or have changed. The same report again changes nothing.

    stories: of the reports that incidents rest on; what has no place and no asset joins its own story only.
    """
    by_id = {incident.id: incident for incident in known}
    changed: dict[str, None] = {}
    for one in said:
        before = _same(list(by_id.values()), one, chart, stories or {})
        after = _opened(one) if before is None else joined(before, one)
        if after.id not in by_id or by_id[after.id] != after:
            by_id[after.id] = after
            changed[after.id] = None
    return [by_id[i] for i in changed]


def _same(known: Sequence[Incident], one: Told, chart: Chart, stories: Mapping[str, str | None]) -> Incident | None:
    """Return the incident that a claim is about: of several the nearest in time, then the oldest."""
    fitting = [i for i in known if one.report in i.reports and one.asset in (None, i.asset)]
    fitting = fitting or [i for i in known if _fits(i, one, chart, stories)]
    middle = sum(one.window) / 2

    def order(incident: Incident) -> tuple[bool, float, int, str]:
        apart_us = abs(sum(span(incident)) / 2 - middle)
        return incident.asset != one.asset, apart_us, incident.opened_us, incident.id

    return min(fitting, key=order, default=None)


def _fits(incident: Incident, one: Told, chart: Chart, stories: Mapping[str, str | None]) -> bool:
    """Tell whether a claim is about an incident: by time, then asset, story or place."""
    (first, last), (begin, end) = span(incident), one.window
    if incident.state == CLOSED:
        return False
    if begin > last + SLACK_US or end < first - SLACK_US:
        return False
    mine, theirs = {incident.asset, *incident.candidates} - {None}, {one.asset, *one.candidates} - {None}
    if mine and theirs:
        return bool(mine & theirs) and (incident.asset is None or one.asset is None or incident.asset == one.asset)
    if one.story is not None and any(stories.get(r) == one.story for r in incident.reports):
        return True
    if not set(_kinds(incident.asset, kinds_of(incident.asset_said), chart)) & set(_kinds(one.asset, one.kinds, chart)):
        return False
    if incident.place and normal(incident.place) == normal(one.place):
        return True
    area = Area(incident.lon_deg, incident.lat_deg, incident.radius_km)
    if apart_km(area, one.area) == 0.0:
        return True
    return _passes(incident.asset, one.area, chart) or _passes(one.asset, area, chart)


def _kinds(asset: str | None, said: Sequence[str], chart: Chart) -> Sequence[str]:
    return said if asset is None or asset not in chart.index else (chart.asset(asset).kind,)


def _passes(asset: str | None, area: Area, chart: Chart) -> bool:
    """Tell whether an asset comes within a place that is named."""
    return asset in chart.index and isfinite(area.lon_deg) and reaches(chart.asset(str(asset)), area)


def _opened(one: Told) -> Incident:
    said = f"{one.report} {one.asset or one.said}"
    return Incident(
        id="i1-" + hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16],
        asset=one.asset,
        asset_said=one.said,
        from_us=one.from_us,
        until_us=one.until_us,
        place=one.place,
        lon_deg=one.area.lon_deg,
        lat_deg=one.area.lat_deg,
        radius_km=one.area.radius_km,
        state=REPORTED,
        opened_us=one.at_us,
        reports=(one.report,),
        candidates=one.candidates,
        notes=_notes_of(one),
    )


def _notes_of(one: Told) -> tuple[str, ...]:
    if one.asset is not None:
        return ()
    if one.candidates:
        fit = "1 of the chart fits its words" if len(one.candidates) == 1 else f"{len(one.candidates)} of the chart fit"
        return (f"{NO_NAME}; {fit}, and none is chosen",)
    return (f"{NO_NAME}, and none of the chart fits its words",)


def joined(incident: Incident, one: Told) -> Incident:
    """Return an incident with one report more. What is known stays; what the report knows better is added."""
    if one.report in incident.reports or len(incident.reports) >= MOST_REPORTS:
        return incident
    better = one.asset is not None or bool(one.candidates and not incident.candidates)
    unknown = incident.asset is None and better  # what was noted of the words before is no longer so
    notes = [n for n in incident.notes if not (unknown and n.startswith(NO_NAME))]
    after = replace(incident, reports=(*incident.reports, one.report))
    if incident.asset is None and one.asset is not None:
        after = replace(after, asset=one.asset, asset_said=one.said, candidates=())
        notes.append(f"named as {one.asset} by {one.report}")
    elif incident.asset is None and one.candidates:
        both = tuple(c for c in incident.candidates if c in one.candidates) if incident.candidates else one.candidates
        after = replace(after, candidates=both or incident.candidates)
        notes = [*_notes_of(one), *notes] if unknown else notes
    if incident.from_us is None and one.from_us is not None:
        after = replace(after, from_us=one.from_us, until_us=one.until_us)
    elif one.from_us is not None and _differ((incident.from_us or 0, incident.until_us), one):
        notes.append(f"{one.report} gives another time: {rfc3339(one.from_us)}")
    if not incident.place and one.place:
        after = replace(after, place=one.place)
    if not isfinite(incident.lon_deg) and isfinite(one.area.lon_deg):
        lon, lat, radius_km = one.area
        after = replace(after, lon_deg=lon, lat_deg=lat, radius_km=radius_km)
    return replace(after, notes=tuple(dict.fromkeys(notes))[:MOST_NOTES])


def _differ(mine: tuple[int, int | None], one: Told) -> bool:
    first, last = window(mine[0], mine[1], mine[0])
    begin, end = one.window
    return begin > last or end < first


# ---- what else is known of it


def with_notices(incident: Incident, faults: Iterable[Fault], now_us: int) -> Incident:
    """Return an incident with the outage notices that are about it, as known at a time."""
    first, last = span(incident)
    meant = (incident.asset,) if incident.asset is not None else incident.candidates
    fitting = [
        f for f in faults
        if f.known_us <= now_us and f.asset in meant and f.from_us <= last + SLACK_US and f.until_us >= first - SLACK_US
    ]  # fmt: skip
    if not fitting:
        return incident
    keys = tuple(dict.fromkeys((*incident.notices, *(f"{f.asset} {rfc3339(f.from_us)}" for f in fitting))))
    state = NOTICED if incident.state == REPORTED else incident.state
    after = replace(incident, notices=keys, state=state)
    if incident.asset is None and len({f.asset for f in fitting}) == 1:
        note = f"the operator's notice names {fitting[0].asset}: of those that fit the words, it is taken"
        after = replace(after, asset=fitting[0].asset, candidates=(), notes=(*incident.notes, note)[:MOST_NOTES])
    if incident.from_us is None and after.asset is not None:
        after = replace(after, from_us=fitting[0].from_us, until_us=fitting[0].until_us)
    placed = next((f for f in fitting if isfinite(f.lon_deg)), None)
    if placed is not None and not isfinite(incident.lon_deg):
        after = replace(after, lon_deg=placed.lon_deg, lat_deg=placed.lat_deg, radius_km=placed.radius_km)
    return after


def with_alerts(incident: Incident, alerts: Iterable[str]) -> Incident:
    """Return an incident with alerts of the watch near it in place and time. They accuse nobody."""
    return replace(incident, alerts=tuple(dict.fromkeys((*incident.alerts, *alerts)))[:MOST_REPORTS])


def rebuilt(incident: Incident, said: Sequence[Told]) -> Incident:
    """Return an incident as it follows from what its reports say now; closed where nothing is left of it."""
    if not said:
        note = "closed: the reports on which it rested speak of something else"
        return replace(incident, reports=(), state=CLOSED, notes=(*incident.notes, note)[-MOST_NOTES:])
    after = replace(_opened(said[0]), id=incident.id, opened_us=incident.opened_us)
    for one in said[1:]:
        after = joined(after, one)
    return replace(after, alerts=incident.alerts, looked_back=incident.looked_back)
