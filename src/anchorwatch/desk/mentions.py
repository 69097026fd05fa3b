"""Who is meant without a name: "Russian" means Russia, "the French president" an office of France.

These make actors of claims; they never are entities of a report, and an office is never taken for its holder.
"""

from __future__ import annotations

from typing import NamedTuple

from anchorwatch.desk.entities import scanned
from anchorwatch.desk.gazetteer import NATION, Words
from anchorwatch.desk.report import Entity
from anchorwatch.desk.scan import Scan

# Written in a report -> as the lists have it in `office`.
_OFFICES = (
    (("prime", "minister"), "prime minister"),
    (("defense", "minister"), "defence minister"),
    (("defence", "minister"), "defence minister"),
    (("minister", "of", "defense"), "defence minister"),
    (("minister", "of", "defence"), "defence minister"),
    (("defence", "secretary"), "defence minister"),
    (("defense", "secretary"), "secretary of defense"),
    (("foreign", "minister"), "foreign minister"),
    (("minister", "of", "foreign", "affairs"), "foreign minister"),
    (("secretary", "of", "state"), "secretary of state"),
    (("secretary", "general"), "secretary general"),
    (("vice", "president"), "vice president"),
    (("president",), "president"),
    (("chancellor",), "chancellor"),
    (("premier",), "prime minister"),
    (("top", "diplomat"), "high representative"),
    (("high", "representative"), "high representative"),
    (("chief", "diplomat"), "high representative"),
)
_FIRSTS = frozenset(words[0] for words, _ in _OFFICES)
_OWNERS = ("country", "organisation", NATION)


class Office(NamedTuple):
    """An office that a text speaks of, with whose it is."""

    text: str
    start: int
    end: int
    office: str  # "president"
    of: str  # name of the country or the organisation
    actor: str  # "President of Ukraine"
    possibly: str | None = None  # who holds it by the lists, which may be out of date


def nations(text: str, words: Words) -> list[Entity]:
    """Return the adjectives of nation, each as the country that it says; "the French" and "Finns", too."""
    scan, found = scanned(text, words), []
    for match in scan.matches:
        entry = match.form.entry
        if entry.type == NATION:
            start, end = scan.cut.starts[match.i], scan.cut.ends[match.j - 1]
            found.append(Entity(scan.cut.text[start:end], start, end, "country", entry.name, id=entry.iso))
    return found


def titles(text: str, words: Words) -> list[Office]:
    """Return the offices that are said to be of a country or an organisation: "Slovakia's Defense Minister"."""
    scan = scanned(text, words)
    cut, found, i = scan.cut, list[Office](), 0
    while i < len(cut.folds):
        step = 1
        if cut.folds[i] in _FIRSTS and scan.part[i] is None:
            for said, office in _OFFICES:
                if tuple(cut.folds[i : i + len(said)]) == said:
                    step = len(said)
                    found += _office(scan, i, i + step, office)
                    break
        i += step
    return found


def _office(scan: Scan, i: int, j: int, office: str) -> list[Office]:
    """Return an office with its owner, who stands before it or after "of"; nothing where none does."""
    cut, folds = scan.cut, scan.cut.folds
    before = scan.part[i - 1] if i else None
    if i and folds[i - 1] in ("deputy", "former", "ex", "acting", "assistant", "vice"):
        return []
    if before is not None and before.form.entry.type in _OWNERS and len(cut.gap(i)) <= 3:
        owner, begin, end = before, before.i, j
    else:
        at = j + 1 if j + 1 < len(folds) and folds[j] == "of" else len(folds)
        at += 1 if at < len(folds) and folds[at] == "the" else 0
        after = scan.part[at] if at < len(folds) else None
        if after is None or after.form.entry.type not in _OWNERS:
            return []
        owner, begin, end = after, i, after.j
    entry = owner.form.entry
    start, stop = cut.starts[begin], cut.ends[end - 1]
    holder = _holder(scan.words, office, entry.id)
    actor = f"{office.capitalize()} of {entry.name}"
    return [Office(cut.text[start:stop], start, stop, office, entry.name, actor, holder)]


def _holder(words: Words, office: str, of: str) -> str | None:
    """Return who holds an office by the lists."""
    return words.holders.get((office, of))
