"""What happened at sea: alerts and the work on them, incidents, feeds that fell silent. It accuses nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from anchorwatch.desk.brief import sources
from anchorwatch.desk.brief.facts import AlertRow, BriefFacts, FeedRow, IncidentRow
from anchorwatch.desk.brief.page import Ref, Sentence
from anchorwatch.desk.brief.sources import WATCH, Sources
from anchorwatch.desk.brief.words import begun, clean, counted, listed, moment, named, number, plural
from anchorwatch.model import LEVELS

# What the sensors saw, never why: a dragging anchor, a broken engine and a storm look alike for a while.
KINDS = {
    "anchor_drag": "movement like that of a dragging anchor",
    "anchored_on_asset": "a vessel lying still, as at anchor",
    "loitering": "slow or turning movement in one place",
    "slow_crossing": "an unusually slow crossing",
    "trawling": "movement like trawling",
    "following_asset": "a course along an asset",
    "approach": "an approach",
    "ais_gap": "a gap in the reception of AIS",
    "position_jump": "a jump of the reported position",
    "identity_change": "a change of the reported identity",
    "rendezvous": "two vessels close together",
    "dark_contact": "a contact without AIS",
    "zone_breach": "movement against the rules of a zone",
    "interference_area": "an area of disturbed positions",
    "feed_silence": "a feed gone silent",
    "detector_storm": "unusually many findings at once",
}
STATES = {
    "new": "nobody has it in hand yet",
    "acknowledged": "acknowledged, in nobody's hand yet",
    "in_hand": "in hand",
    "escalated": "escalated",
    "closed": "closed",
}
INCIDENT_STATES = {
    "reported": "reported, not observed by this watch",
    "noticed": "noticed by the operator",
    "observed": "observed by this watch",
    "closed": "closed",
}
NEAR = "near in place and time, which says nothing of the cause"


def told(facts: BriefFacts, by: Sources) -> list[Sentence]:
    """Return the sentences, the most important first: silence of feeds, counts, alarms, incidents, other alerts."""
    if not facts.watched:
        return [
            Sentence(
                "No records of a watch were given, so nothing is known here of alerts, incidents and feeds: "
                "that nothing is told is no sign of calm.",
                (Ref("watch", "none", "no records of a watch (--data names its folder)"),),
            )
        ]
    silent = [_silent(feed, facts.at_us) for feed in facts.feeds if feed.silent_since_us is not None]
    ordered = in_order(facts.alerts)
    alarms = [_alert(row, facts.at_us) for row in ordered if row.level == "alarm"]
    others = [_alert(row, facts.at_us) for row in ordered if row.level != "alarm"]
    incidents = [_incident(row, by) for row in sorted(facts.incidents, key=_incident_order)]
    return [*silent[:3], _counts(facts), *alarms, *incidents, *([] if incidents else [_none(facts)]), *others]


def in_order(alerts: Sequence[AlertRow]) -> list[AlertRow]:
    """Return alerts: open before closed, then the worst, then the newest."""
    return sorted(alerts, key=lambda a: (is_over(a), -LEVELS.index(a.level), -a.raised_us, a.id))


def is_over(row: AlertRow) -> bool:
    """Tell whether there is no more to do about an alert."""
    return row.state == "closed" or row.status == "withdrawn"


def _counts(facts: BriefFacts) -> Sentence:
    if not facts.alerts:
        traffic = [f for f in facts.feeds if f.what == "traffic"]
        deaf = any(f.silent_since_us is not None for f in traffic)
        unknown = ", but it is not known here whether the feeds were heard"
        heard = ", but not every feed was heard" if deaf else "" if traffic else unknown
        return Sentence(f"No alerts{heard}.", (WATCH,), 9)
    by_level = Counter(row.level for row in facts.alerts)
    levels = listed([counted(by_level[level], level) for level in reversed(LEVELS) if by_level[level]])
    left = [row for row in facts.alerts if not is_over(row)]
    idle = sum(row.state in ("new", "acknowledged") for row in left)
    text = f"{levels}: {_left(len(facts.alerts), len(left), idle)}."
    return Sentence(begun(text), (WATCH,), len(levels))


def _left(total: int, left: int, idle: int) -> str:
    """Return how many alerts are open, and how many of these nobody has in hand."""
    if not left:
        return "none is open any more"
    work = f"{number(left)} of them {plural('is', left)} open"
    if left == total:
        work = "it is open" if left == 1 else "all are open"
    if not idle:
        return work
    if idle == left:
        return f"{work}, and in nobody's hand" if left == 1 else f"{work}, and none is in anybody's hand"
    return f"{work}, and {number(idle)} {plural('is', idle)} in nobody's hand"


def _none(facts: BriefFacts) -> Sentence:
    return Sentence("No incidents: none was opened or is open.", (WATCH,), 12)


def _alert(row: AlertRow, at_us: int) -> Sentence:
    lead = begun(row.level)
    what = KINDS.get(row.kind, clean(row.kind.replace("_", " "), 40))
    near = f"near {listed(map(named, row.assets), most=3)}" if row.assets else ""
    who = " ".join(filter(None, (named(row.vessel), near)))
    head = f"{who}, {what}" if row.vessel else f"{what} {near}".rstrip()
    text = f"{lead}: {head}, {moment(row.raised_us, at_us)}; {_work(row)}.{_innocent(row)}"
    return Sentence(text, (sources.alert(row),), len(lead) + 1, level=row.level)


def _work(row: AlertRow) -> str:
    if row.status == "withdrawn":
        return "withdrawn, later data took its grounds away"
    words = STATES.get(row.state, named(row.state))
    if row.state == "in_hand" and row.who:
        return f"{words} with {named(row.who)}"
    if row.state == "escalated" and row.who:
        return f"{words} to {named(row.who)}"
    if row.state == "closed" and row.disposition:
        cause = f" ({named(row.cause)})" if row.cause else ""
        return f"{words} as {clean(row.disposition.replace('_', ' '), 40)}{cause}"
    return words


def _innocent(row: AlertRow) -> str:
    if is_over(row) or not row.vessel:
        return ""
    if row.alternatives:
        return f" It could also be {listed(map(named, row.alternatives[:2]), 'or')}."
    return " The cause is not known."


def _incident(row: IncidentRow, by: Sources) -> Sentence:
    its = row.incident
    name = named(row.name or its.asset_said) or "an asset that is not named"
    place = f", {named(its.place)}" if its.place else ""
    near = len(its.alerts)
    alerts = f"; {counted(near, 'alert')} {NEAR}" if near else ""
    state = INCIDENT_STATES.get(its.state, named(its.state))
    text = f"Incident at {name}{place}{_between(row)}: {state}; {counted(len(its.reports), 'report')}{alerts}."
    refs = (sources.incident(its.id), *by.reports(its.reports, 2))
    return Sentence(text, refs, len(f"Incident at {name}"))


def _between(row: IncidentRow) -> str:
    from_us, until_us = row.incident.from_us, row.incident.until_us
    if from_us is not None and until_us is not None:
        return f", between {moment(from_us)} and {moment(until_us, from_us)}"
    if from_us is not None:
        return f", after {moment(from_us)}"
    return f", before {moment(until_us)}" if until_us is not None else ", at a time that is not known"


def _incident_order(row: IncidentRow) -> tuple[bool, int, str]:
    return row.incident.state == "closed", -row.incident.opened_us, row.incident.id


def _silent(row: FeedRow, at_us: int) -> Sentence:
    lead = f"The feed {named(row.name)} is silent"
    empty = "no news is no sign of calm" if row.what == "press" else "an empty sea there means nothing"
    since = f" since {moment(row.silent_since_us, at_us)}" if row.silent_since_us is not None else ""
    return Sentence(f"{lead}{since}: {empty}.", (sources.feed(row.name),), len(lead))
