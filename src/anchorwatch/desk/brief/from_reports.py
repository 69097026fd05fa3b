"""Facts from reports alone, where there is no watch: their stories, rows of ledgers, contradictions, warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from anchorwatch.desk.attention import attention
from anchorwatch.desk.brief.facts import AttentionRow, BriefFacts, Contradiction, LedgerRow, Side, Told
from anchorwatch.desk.contradictions import Contradiction as Said
from anchorwatch.desk.contradictions import contradictions
from anchorwatch.desk.gazetteer import Words
from anchorwatch.desk.ledgers import build_all
from anchorwatch.desk.ledgers.ledger import Ledger
from anchorwatch.desk.report import Report
from anchorwatch.desk.stories import Stories

DAY_US = 86_400_000_000
WARNINGS = ("navtex", "warning")  # kinds of items that are in force while they are sent


def of_reports(
    reports: Iterable[Report], at_us: int, since_us: int | None = None, words: Words | None = None,
    names: Mapping[str, str] | None = None, notes: Sequence[str] = (),
) -> BriefFacts:  # fmt: skip
    """Return the facts of what was published since then; a report without a date is told, too."""
    every = list({r.id: r for r in reports}.values())
    fresh = [r for r in every if is_fresh(r, at_us, since_us)]
    stories = Stories(words)
    related = {report.id: stories.add(report).related for report in fresh}
    story_of = stories.story_of()
    ledgers = build_all(fresh, story_of, at_us)
    said = [r for r in fresh if r.item.kind not in WARNINGS]
    return BriefFacts(
        at_us=at_us,
        since_us=since_us,
        reports=tuple(Told(r, story_of.get(r.id)) for r in said),
        rows=rows_of(ledgers),
        calendar=of_today(ledgers["calendar"], at_us),
        contradictions=differences(fresh, story_of, related),
        attention=attended(fresh, at_us, names or {}),
        warnings=tuple(Told(r) for r in fresh if r.item.kind in WARNINGS),
        names=names or {},
        notes=tuple(notes),
    )


def joined(kept: BriefFacts, given: BriefFacts) -> BriefFacts:
    """Return the facts of a watch and those of reports that were given beside it, each report and row once."""
    known = {t.report.id for t in (*kept.reports, *kept.warnings)} | {r.id for r in kept.earlier}
    rows, days = ({new.row.id for new in some} for some in (kept.rows, kept.calendar))
    attended_to = {one.asset for one in kept.attention}
    return replace(
        kept,
        reports=(*kept.reports, *(t for t in given.reports if t.report.id not in known)),
        warnings=(*kept.warnings, *(t for t in given.warnings if t.report.id not in known)),
        rows=(*kept.rows, *(new for new in given.rows if new.row.id not in rows)),
        calendar=(*kept.calendar, *(new for new in given.calendar if new.row.id not in days)),
        contradictions=tuple(dict.fromkeys((*kept.contradictions, *given.contradictions))),
        attention=(*kept.attention, *(one for one in given.attention if one.asset not in attended_to)),
        names={**given.names, **kept.names},
        notes=(*kept.notes, *given.notes),
    )


def is_fresh(report: Report, at_us: int, since_us: int | None) -> bool:
    """Tell whether a report belongs into the span: by when it was published, where that is known."""
    published_us = report.item.published_us
    if published_us is None:
        return True
    return published_us <= at_us + DAY_US and (since_us is None or published_us >= since_us)


def rows_of(ledgers: Mapping[str, Ledger]) -> tuple[LedgerRow, ...]:
    """Return the rows of some ledgers."""
    return tuple(LedgerRow(name, row) for name, ledger in ledgers.items() for row in ledger.rows)


def of_today(calendar: Ledger, at_us: int) -> tuple[LedgerRow, ...]:
    """Return the rows of the calendar that are of the day of `at_us`, and known to the day."""
    begin_us = at_us // DAY_US * DAY_US
    found = []
    for row in calendar.rows:
        until_us = row.until_us if row.until_us is not None else (row.at_us or 0) + 1
        known = row.cells.get("date") is not None and row.at_us is not None
        if known and row.at_us is not None and row.at_us < begin_us + DAY_US and until_us > begin_us:
            found += (
                [LedgerRow("calendar", row)] if until_us - row.at_us <= 7 * DAY_US else []
            )  # "in January" is no day
    return tuple(found)


def differences(
    reports: Sequence[Report], story_of: Mapping[str, str], related: Mapping[str, Sequence[str]] | None = None
) -> tuple[Contradiction, ...]:
    """Return what the reports of each story say differently, and what those that are related do."""
    by_id = {report.id: report for report in reports}
    together: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if story := story_of.get(report.id):
            together[story].append(report)
    found: list[tuple[Said, str | None]] = [
        (said, story) for story, members in together.items() if len(members) > 1 for said in contradictions(members)
    ]
    for one, others in (related or {}).items():
        pairs = [[by_id[one], by_id[other]] for other in others if one in by_id and other in by_id]
        found += [(c, None) for pair in pairs for c in contradictions(pair, same_event=False)]
    once = {(c.about, *sorted((s.report, s.start) for s in c.sides)): (c, story) for c, story in reversed(found)}
    return tuple(
        Contradiction(c.about, tuple(Side(s.value, s.report, s.quote) for s in c.sides), story)
        for c, story in reversed(once.values())
    )


def attended(reports: Sequence[Report], at_us: int, names: Mapping[str, str]) -> tuple[AttentionRow, ...]:
    """Return the attention that reports give to assets; one without a date speaks of now."""
    dated = [
        r if r.item.published_us is not None else replace(r, item=replace(r.item, published_us=at_us)) for r in reports
    ]
    found = attention(dated, (), at_us).values()
    return tuple(
        AttentionRow(
            asset=one.asset,
            name=names.get(one.asset, one.asset),
            level=one.level,
            why=one.why[0].text if one.why else "",
            reports=tuple(dict.fromkeys(r for why in one.why for r in why.reports)),
            until_us=one.until_us,
        )
        for one in sorted(found, key=lambda a: (-a.level, a.asset))
    )
