"""Calendar: meetings past and to come, with participants, place and purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from anchorwatch.desk.ledgers.ledger import (
    ABOUT,
    Column,
    Desk,
    Entry,
    Ledger,
    Plot,
    Row,
    Said,
    Series,
    about,
    day,
    table,
    times,
)
from anchorwatch.desk.report import Claim, Report

PAST, TO_COME = "past", "to come"
COLUMNS = (
    Column("participants", "who", many=True),
    Column("place", "where", many=True),
    Column("purpose", "what about", many=True),
    Column("date", "date"),
    Column("state", "past or to come"),
    *ABOUT,
)
# What a meeting is about: up to the end of the clause. Each begins with a fixed word: linear.
_PURPOSE = re.compile(
    r"\b(?:(?:spoke|talked|speak|talk|called)\s[^.;!?\n]{0,100}?\babout"
    r"|to (?:discuss|talk about|coordinate|agree on)|discuss(?:es|ed|ing)?"
    r"|(?:talks?|meeting|conversation|negotiations|summit|conference)"
    r" (?:on|about|regarding|concerning)|regarding|devoted to|dedicated to|for talks on)\s([^.;!?\n]{3,160})",
    re.IGNORECASE,
)


_MARGINS = re.compile(r"\b(on the (?:margins|sidelines) of\s[^.;!?\n]{3,160})", re.IGNORECASE)
_WITH_WHOM = re.compile(r"^with (?:his|her|its|their|the) \w+ (?=the |an? )", re.IGNORECASE)
_END = re.compile(r"[.!?](?:\s|$)")
# A sentence that tells of the same meeting.
_GOES_ON = re.compile(r"(?:The (?:parties|sides|two|leaders|ministers|presidents|meeting|talks)|They)\b")
# Behind these words it is said where and when.
_HELD = re.compile(
    r"\s(?:at|during) (?:the|an?)\s|\s(?:on|in) (?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b",
)
_AT = re.compile(r"\bat (?:the|an?) ((?:[\w'-]+ ){0,3}(?:summit|conference|council|forum))\b", re.IGNORECASE)
_UNNAMED = re.compile(
    r"((?:[\w'-]+ ){0,4}(?:ministers|leaders|presidents|heads|chiefs|officials|representatives|ambassadors)"
    r"(?: of [^,.;]{3,80}?)?) (?:will|are|were|have|had|met|meet|gather|gathered|agreed|discussed)\b"
)
_LONGEST = 300  # characters after a quote


def build(desk: Desk) -> Ledger:
    """Return the ledger. `at` of a row is when the meeting is, never when it was reported."""
    rows = table("calendar", COLUMNS, _entries(desk), desk, own_dates=True)
    undated = sum(row.cells["date"] is None for row in rows)
    none = "None has" if undated == len(rows) else f"{undated} of {len(rows)} have no"
    notes = (f"{none} {'a ' if undated == len(rows) else ''}date that is known.",) if undated else ()
    return Ledger("calendar", "Calendar", COLUMNS, rows, (_timeline(rows),), notes)


def _entries(desk: Desk) -> Iterator[Entry]:
    met: set[str] = set()
    for report, claim in desk.filed("calendar", ("meeting",)):
        at_us, until_us = times(report, claim)
        state = _state(claim, until_us or at_us, desk.now_us)
        # The first meeting of a report is that of its story; others in it stay apart.
        other = "" if report.id not in met else f"{claim.place or ''} {claim.start}"
        met.add(report.id)
        yield Entry(report, claim, ("meeting", other), _cells(report, claim, at_us, state), at_us, until_us)


def _state(claim: Claim, at_us: int | None, now_us: int | None) -> str:
    """Return whether it is past: by its date where both are known, else by how it is said."""
    if at_us is not None and now_us is not None:
        return PAST if at_us <= now_us else TO_COME
    return PAST if claim.modality == "fact" else TO_COME


def _cells(report: Report, claim: Claim, at_us: int | None, state: str) -> dict[str, Said]:
    said = _purpose(report, claim)
    purpose = _HELD.split(said, maxsplit=1)[0].strip()
    cells: dict[str, Said] = {
        "participants": _participants(claim),
        # "to discuss peacekeepers in Ukraine" is not held in Ukraine.
        "place": (claim.place,) if claim.place and claim.place not in purpose else _at(said),
        "purpose": (purpose,) if purpose else (),
        "date": None if at_us is None else day(at_us)[:10],
        "state": state,
    }
    return cells | about(report, claim)


def _participants(claim: Claim) -> tuple[str, ...]:
    """Return who meets: names, else the words for those who have none; "a Turku gathering" is not one of Turku."""
    named = tuple(n for n in (*claim.actors, *claim.to) if n != claim.place)
    if named:
        return named
    unnamed = _UNNAMED.match(claim.quote)
    return (unnamed[1],) if unnamed else ()


def _at(said: str) -> tuple[str, ...]:
    """Return at which gathering a meeting is, where that is all that is said: "at the EU summit"."""
    found = _AT.search(said)
    return (found[1],) if found else ()


def _purpose(report: Report, claim: Claim) -> str:
    """Return what it is about, up to the end of its sentence, which the quote may stop short of."""
    parts = _END.split(report.text[claim.start : claim.end + _LONGEST], maxsplit=2)
    found = _PURPOSE.search(parts[0]) or _MARGINS.search(parts[0])
    if found is None and len(parts) > 1 and _GOES_ON.match(parts[1].strip()):
        found = _PURPOSE.search(parts[1])
    return _WITH_WHOM.sub("", found[1].strip()) if found else ""


def _timeline(rows: Sequence[Row]) -> Plot:
    by_state: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        label = ", ".join(str(row.cells[k]) for k in ("participants", "place") if row.cells[k])
        state = str(row.cells["state"])
        by_state.setdefault(state, []).append((str(row.cells["date"] or "undated"), state, label))
    series = tuple(Series(state, tuple(points)) for state, points in sorted(by_state.items()))
    return Plot("timeline", "Meetings", "time", "state", series)
