"""What to watch today: open incidents, attention, warnings in force, meetings, feeds that are not well."""

from __future__ import annotations

from anchorwatch.desk.brief import sources
from anchorwatch.desk.brief.facts import AttentionRow, BriefFacts, FeedRow, IncidentRow, LedgerRow, Told
from anchorwatch.desk.brief.page import Sentence
from anchorwatch.desk.brief.rows import in_words
from anchorwatch.desk.brief.sources import READ, WATCH, Sources
from anchorwatch.desk.brief.words import begun, clean, counted, moment, named, quoted

MOST_WARNING = 150  # characters of a navigational warning: its head says where and what


def told(facts: BriefFacts, by: Sources) -> list[Sentence]:
    """Return the sentences, the most important first."""
    still = [row for row in facts.incidents if row.incident.state != "closed"]
    sentences = [
        *(_attention(row, by) for row in sorted(facts.attention, key=lambda a: (-a.level, a.asset))),
        *(_incident(row) for row in sorted(still, key=lambda r: (-r.incident.opened_us, r.incident.id))),
        *(_feed(row) for row in facts.feeds if not row.well),
        *(_warning(row, by) for row in facts.warnings),
        *(_meeting(row, by) for row in facts.calendar),
    ]
    return [*(sentences or [_nothing(facts)]), *_undated(facts, by)]


def _attention(row: AttentionRow, by: Sources) -> Sentence:
    name = named(row.name or row.asset)
    why = f": {clean(row.why, 160)}" if row.why else ""
    until = f", until {moment(row.until_us)}" if row.until_us is not None else ""
    refs = (*map(sources.incident, row.incidents[:2]), *by.reports(row.reports, 3))
    return Sentence(f"Attention to {name}{why}{until}.", refs or (WATCH,), len(f"Attention to {name}"))


def _incident(row: IncidentRow) -> Sentence:
    its = row.incident
    name = named(row.name or its.asset_said) or "an asset that is not named"
    lead = f"Open incident at {name}"
    text = f"{lead}, since {moment(its.opened_us)}: {named(its.state)}, its cause is not established."
    return Sentence(text, (sources.incident(its.id),), len(lead))


def _feed(row: FeedRow) -> Sentence:
    name = named(row.name)
    lead = f"The {'press ' if row.what == 'press' else ''}feed {name} is not well"
    return Sentence(f"{lead}{f': {clean(row.why, 120)}' if row.why else ''}.", (sources.feed(row.name),), len(lead))


def _warning(told: Told, by: Sources) -> Sentence:
    lead = "Navigational warning in force"
    text = f"{lead}: {quoted(told.report.text, MOST_WARNING)}"
    return Sentence(text, (by.report(told.report.id),), len(lead) + 1)


def _meeting(new: LedgerRow, by: Sources) -> Sentence:
    text = f"Today in the calendar: {in_words(new.ledger, new.row)}."
    return Sentence(text, by.row(new.ledger, new.row), 22)


def _undated(facts: BriefFacts, by: Sources) -> list[Sentence]:
    """Return that meetings are to come of which nobody said when: any may be today."""
    unknown = [new.row for new in facts.rows if new.ledger == "calendar" and new.row.cells.get("date") is None]
    ahead = [row for row in unknown if row.cells.get("state") == "to come"]
    if not ahead:
        return []
    lead = begun(counted(len(ahead), "meeting"))
    verb = "is" if len(ahead) == 1 else "are"
    refs = by.reports((source.report for row in ahead for source in row.sources), 6)
    return [Sentence(f"{lead} {verb} to come at a date that is not known.", refs, len(lead))]


def _nothing(facts: BriefFacts) -> Sentence:
    what = "no asset has attention, no incident is open, no warning and no meeting of today is known"
    return Sentence(f"Nothing particular: {what}.", (WATCH if facts.watched else READ,), 18)
