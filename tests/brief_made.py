"""Facts for briefs, made up for the tests: a busy night, a quiet one, and one full of hostile texts."""

from __future__ import annotations

from dataclasses import replace

from anchorwatch.desk.brief.facts import (
    AlertRow,
    AttentionRow,
    BriefFacts,
    Contradiction,
    FeedRow,
    IncidentRow,
    LedgerRow,
    Side,
    Told,
)
from anchorwatch.desk.ledgers import build_all
from anchorwatch.desk.report import Claim, Incident, Item, Report

HOUR = 3_600_000_000
T = 1_736_494_200_000_000  # 2025-01-10 07:30 UTC
FILE = "digest.txt"


def a_report(
    text: str,
    ledger: str = "presence",
    type_: str = "presence",
    modality: str = "fact",
    relevance: float = 0.5,
    line: int | None = None,
    source: str | None = None,
    **said: object,
) -> Report:
    """A report whose only claim is its first sentence."""
    item = Item(
        text, source=source, published_us=None if line else T - 3 * HOUR, line=line, file=FILE if line else None
    )
    quote = text[: text.find(". ") + 1] or text
    claim = Claim(type_, modality, quote, 0, len(quote), **said)  # type: ignore[arg-type]
    return Report(item, claims=(claim,), relevance=relevance, ledgers=(ledger,) if ledger else ())


def reports() -> list[Told]:
    """What was said in the night."""
    cable = (
        "Two telecommunication cables between Rostock and Hanko stopped working on Thursday. Their owner sent a ship."
    )
    return [
        Told(a_report(cable, "incidents", "infrastructure_damage", relevance=0.95, source="Harbour Post"), "s1-a", 2),
        Told(a_report("A cable to Hanko is out of service, its owner says.", "incidents", "outage", relevance=0.8,
                      source="Coast Radio", speaker="the owner"), "s1-a"),
        Told(a_report("The alliance will send four frigates to the Gulf of Finland.", modality="promise", relevance=0.7,
                      line=3, speaker="Anna Holm"), "s1-b"),
        Told(a_report("The island grid plans to disconnect from the old system next month.", "energy", "grid_change",
                      "plan", 0.6, 4, actors=("the island grid",)), "s1-c"),
        Told(a_report("Spending must rise to 4% of GDP, the minister demanded. He named no year.", "spending",
                      "spending", "demand", 0.3, 5, speaker="the minister"), "s1-d"),
        Told(a_report("Officials met in Oslo.", "calendar", "meeting", "fact", 0.2, 6, place="Oslo"), None),
        Told(a_report("A ranking of singers was printed.", "", "statement", relevance=0.0, line=7), None),
    ]  # fmt: skip


def alerts() -> tuple[AlertRow, ...]:
    """Alerts of all levels and states."""
    return (
        AlertRow("a1-0001", "alarm", "anchor_drag", "NORDVIK", ("Estlink 2",), T - 2 * HOUR, "open", "in_hand", "Anna",
                 alternatives=("engine trouble", "strong wind")),
        AlertRow("a1-0002", "warning", "ais_gap", "MMSI 230000001", ("Balticconnector",), T - HOUR),
        AlertRow("a1-0003", "caution", "loitering", "SEA LARK", (), T - 5 * HOUR, "ended", "closed", "", "innocent",
                 "waiting for a pilot"),
        AlertRow("a1-0004", "warning", "interference_area", "", (), T - 4 * HOUR, "withdrawn", "new"),
    )  # fmt: skip


def busy(since_us: int | None = T - 24 * HOUR) -> BriefFacts:
    """A night with something of everything."""
    said = reports()
    incident = Incident("i1-0001", "c-lion", "C-Lion 1", T - 9 * HOUR, T - 7 * HOUR, "Gulf of Finland",
                        opened_us=T - 6 * HOUR, reports=(said[0].report.id, said[1].report.id),
                        alerts=("a1-0002",))  # fmt: skip
    stories = {t.report.id: t.story for t in said if t.story}
    ledgers = build_all([t.report for t in said], stories)
    return BriefFacts(
        at_us=T,
        since_us=since_us,
        watched=True,
        alerts=alerts(),
        incidents=(IncidentRow(incident, "C-Lion 1"),),
        feeds=(FeedRow("digitraffic"), FeedRow("coast receiver", False, "traffic", T - 3 * HOUR, "no line for 3 hours"),
               FeedRow("harbour-post.example", False, "press", None, "HTTP 503, 4 times in a row")),
        reports=tuple(said),
        rows=tuple(LedgerRow(name, row) for name, ledger in ledgers.items() for row in ledger.rows),
        calendar=tuple(LedgerRow("calendar", row) for row in ledgers["calendar"].rows),
        contradictions=(
            Contradiction("number of cables", (Side("two", said[0].report.id, "Two telecommunication cables"),
                                               Side("one", said[1].report.id, "A cable to Hanko")), "s1-a"),
        ),
        attention=(AttentionRow("c-lion", "C-Lion 1", 0.9, "reported damage", (said[0].report.id,), ("i1-0001",),
                                T + 40 * HOUR),),
        warnings=(Told(a_report("BALTIC SEA NAV WARN 012/25 CABLE OPERATIONS BY C/V KABEL IN 59-40N 023-10E.", "energy",
                                "statement", source="NAVTEX")),),
    )  # fmt: skip


def quiet() -> BriefFacts:
    """A watch with one silent feed, to which nothing happened."""
    return BriefFacts(
        at_us=T, since_us=T - 24 * HOUR, watched=True, feeds=(FeedRow("pier", False, "traffic", T - HOUR),)
    )


def many(count: int) -> BriefFacts:
    """As many reports, alerts and incidents as are asked for."""
    told = [
        Told(a_report(f"Ship number {n} called at port {n}. Nothing else is known of it.", line=n + 1,
                      relevance=n / count), f"s1-{n}")
        for n in range(count)
    ]  # fmt: skip
    rows = build_all([t.report for t in told], {})
    return replace(
        busy(),
        reports=tuple(told),
        alerts=tuple(AlertRow(f"a1-{n}", "warning", "loitering", f"SHIP {n}", (), T - n) for n in range(count)),
        rows=tuple(LedgerRow(name, row) for name, ledger in rows.items() for row in ledger.rows),
    )
