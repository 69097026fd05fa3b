"""What was said: one sentence a story, in its own words, with who says it and how sure that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from anchorwatch.desk.brief.facts import BriefFacts, Told
from anchorwatch.desk.brief.page import Ref, Sentence
from anchorwatch.desk.brief.sources import Sources
from anchorwatch.desk.brief.words import MOST_QUOTED, begun, clean, counted, listed, named_within, quoted
from anchorwatch.desk.filing import BY_TYPE
from anchorwatch.desk.report import Claim, Report
from anchorwatch.desk.sentences import sentences

MOST_LOOKED_AT = 4000  # characters of a report: its first claim stands at its beginning
# In the order of an officer on watch: what lies on the seabed first, talks last.
GROUPS = {
    "incidents": "Incidents", "presence": "Forces at sea and in the air", "energy": "Energy",
    "assistance": "Assistance", "spending": "Spending", "positions": "Positions", "calendar": "Meetings",
}  # fmt: skip
TYPES = {
    "infrastructure_damage": "damage", "outage": "outage", "presence": "presence", "control_zone": "control zone",
    "airspace_incident": "incident in the air", "exercise": "exercise", "facility_security": "security of facilities",
    "grid_change": "connection of grids",
    "need": "need", "pledge": "pledge", "licence": "licence", "procurement": "purchase",
    "delivery": "delivery", "command_change": "command", "spending": "spending", "legislation": "law",
    "meeting": "meeting", "appointment": "appointment", "statement": "position",
}  # fmt: skip
# Who is behind the words, said so that a plan stays a plan. Without a name the word alone stands.
MODALITIES = {
    "fact": ("reported", "says {}"),
    "plan": ("planned", "planned, says {}"),
    "promise": ("promised", "promised by {}"),
    "demand": ("demanded", "demanded by {}"),
    "estimate": ("estimated", "estimated by {}"),
    "opinion": ("an opinion", "opinion of {}"),
}


def told(facts: BriefFacts, by: Sources) -> list[Sentence]:
    """Return a sentence for each story that is in a ledger, the most relevant first and grouped."""
    if not facts.reports:
        return [Sentence("No reports were read, so nothing is known of what was said.", (_read(facts),), 21)]
    stories = list(by_story(t for t in facts.reports if t.report.ledgers))
    if not stories:
        return [_nothing(facts)]
    return [_story(story, by) for story in sorted(stories, key=lambda s: _order(s[0]))]


def by_story(reports: Iterable[Told]) -> Iterable[Sequence[Told]]:
    """Yield the reports of each story, the most relevant report first."""
    stories: dict[str, list[Told]] = defaultdict(list)
    for t in reports:
        stories[t.story or t.report.id].append(t)
    for story in stories.values():
        yield sorted(story, key=_order)


def grouped(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences with each group together; a group stands where its first sentence stood."""
    order = list(dict.fromkeys(s.group for s in sentences))
    return sorted(sentences, key=lambda s: order.index(s.group))


def how(claim: Claim) -> str:
    """Return who says it and how sure it is: "promised by Mark Rutte"."""
    alone, by = MODALITIES.get(claim.modality, ("reported", "says {}"))
    if claim.speaker:
        return by.format(named_within(claim.speaker))
    if claim.modality in ("plan", "promise", "demand") and claim.actors:
        return f"{alone} by {listed(map(named_within, claim.actors), most=3)}"
    return alone


def about(report: Report) -> str:
    """Return what a report is about and how sure that is: "presence, promised by Mark Rutte"."""
    if not report.claims:
        return "told"
    claim = report.claims[0]
    return f"{TYPES.get(claim.type, clean(claim.type, 40))}, {how(claim)}"


def words_of(report: Report) -> str:
    """Return the report's own words that its first claim rests on: whole sentences of the text."""
    text = report.text[:MOST_LOOKED_AT]
    claim = report.claims[0] if report.claims else None
    spans = sentences(text)
    if claim is not None and claim.start < len(text):
        spans = [(a, b) for a, b in spans if a < claim.end and claim.start < b]
        if spans and claim.start - spans[0][0] > MOST_QUOTED // 2:
            return claim.quote  # the sentence is so long that its cut would lose the claim
    begin = _begin(text, spans[0]) if spans else 0
    return text[begin : spans[-1][1]] if spans else (claim.quote if claim else text)


def _begin(text: str, span: tuple[int, int]) -> int:
    """Return where to begin: a sentence that begins with "He" needs the one before it, where both fit."""
    if text[span[0] : span[1]].partition(" ")[0] not in ("He", "She", "It", "They", "This"):
        return span[0]
    before = [a for a, b in sentences(text) if b <= span[0]]
    return before[-1] if before and span[1] - before[-1] <= MOST_QUOTED else span[0]


def _story(story: Sequence[Told], by: Sources) -> Sentence:
    first = story[0].report
    lead = begun(about(first))
    copies = sum(t.copies for t in story)
    others = len(story) - 1
    further = [f"{counted(others, 'further report')} of the same story"] if others else []
    further += [counted(copies, "copy")] if copies else []
    also = f" {begun(listed(further))}." if further else ""
    text = f"{lead}: {quoted(words_of(first))}{also}"
    refs = by.reports((t.report.id for t in story), 6)
    main = BY_TYPE.get(first.claims[0].type, "") if first.claims else ""  # what it tells first, not in passing
    ledger = main if main in first.ledgers else next((ledger for ledger in first.ledgers if ledger in GROUPS), "")
    return Sentence(text, refs, len(lead) + 1, GROUPS.get(ledger, "Other"))


def _nothing(facts: BriefFacts) -> Sentence:
    read = begun(counted(len(facts.reports), "report"))
    none = "; it says nothing" if len(facts.reports) == 1 else "; none of them says anything"
    return Sentence(f"{read} read{none} for the ledgers.", (_read(facts),), len(read))


def _read(facts: BriefFacts) -> Ref:
    return Ref("file", "reports", f"{counted(len(facts.reports), 'report')} read")


def _order(t: Told) -> tuple[float, int, int, str]:
    item = t.report.item
    return (-round(t.report.relevance, 2), -(item.published_us or 0), item.line or 0, t.report.id)
