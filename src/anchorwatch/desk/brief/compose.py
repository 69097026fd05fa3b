"""From facts to one page: a bounded number of sentences, the most important first, and how to see the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from anchorwatch.desk.brief import changed, said, sea, sides, today
from anchorwatch.desk.brief.facts import BriefFacts
from anchorwatch.desk.brief.page import Brief, Section, Sentence
from anchorwatch.desk.brief.sources import Sources
from anchorwatch.desk.brief.words import begun, clean, counted, day, moment, number, plural

MOST = 36  # sentences: what an A4 page holds in letters that can be read
NEUTRAL = (
    "Alerts and incidents tell what was measured and what is reported: they accuse no vessel. "
    "Words in quotation marks are of their sources, and nobody has checked them."
)
# key, title, fair share of the page, what is counted where there is more, and where that is to be seen
PARTS = (
    ("sea", "What happened at sea", 9, "alert or incident", "anchorwatch alerts list --state all"),
    ("said", "What was said", 9, "story", "anchorwatch reports FILE, or Reports in the console"),
    ("ledgers", "What is new in the ledgers", 7, "row", "Ledgers in the console"),
    ("contradictions", "What contradicts", 4, "contradiction", "Stories in the console"),
    ("today", "What to watch today", 7, "matter", "the console"),
)


def brief(facts: BriefFacts) -> Brief:
    """Return the page of some facts; the same facts give the same page."""
    by = Sources(facts)
    every = [part.told(facts, by) for part in (sea, said, changed, sides, today)]
    counts = shares([len(sentences) for sentences in every], [part[2] for part in PARTS], MOST)
    sections = tuple(
        _section(part, sentences, count) for part, sentences, count in zip(PARTS, every, counts, strict=True)
    )
    return Brief("Morning brief", _span(facts), facts.at_us, sections, _notes(facts))


def shares(wanted: Sequence[int], fair: Sequence[int], most: int) -> list[int]:
    """Return how many each part may have: its fair share; of what others leave, the first take half as much again."""
    given = [min(want, share) for want, share in zip(wanted, fair, strict=True)]
    for i, want in enumerate(wanted):
        given[i] += max(0, min(want - given[i], fair[i] // 2, most - sum(given)))
    return given


def _section(part: tuple[str, str, int, str, str], sentences: Sequence[Sentence], count: int) -> Section:
    key, title, _, what, where = part
    shown = changed.together(sentences[:count]) if key == "ledgers" else said.grouped(sentences[:count])
    left = len(sentences) - count
    more = f"{begun(number(left))} more {plural(what, left)}: see {where}." if left else ""
    return Section(key, title, tuple(shown), more)


def _span(facts: BriefFacts) -> str:
    since = "of all that was read" if facts.since_us is None else f"since {moment(facts.since_us)}"
    return f"{day(facts.at_us)}, {moment(facts.at_us, facts.at_us)}; tells {since}"


def _notes(facts: BriefFacts) -> tuple[str, ...]:
    """Return what stands at the foot: what was left out or read in part, how the page was made, how to read it."""
    in_part = Counter(note for t in facts.reports for note in t.report.notes)
    limits = [f"{begun(counted(n, 'report'))}: {clean(note, 120)}." for note, n in in_part.most_common(3)]
    return (*_read(facts), *limits, *(clean(n, 200) for n in facts.notes[:5]), NEUTRAL)


def _read(facts: BriefFacts) -> list[str]:
    total = len(facts.reports)
    aside = total - sum(bool(t.report.ledgers) for t in facts.reports)
    if not total:
        return []
    read = begun(f"{counted(total, 'report')} read")
    if aside in (0, total):
        return [f"{read}{'' if not aside else '; none is in a ledger' if total > 1 else '; it is in no ledger'}."]
    return [f"{read}; {number(aside)} of them {plural('is', aside)} in no ledger and left out."]
