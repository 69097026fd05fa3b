"""Proper names of a text: what the lists know, and what looks like a name by its form and by what stands around it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from anchorwatch.desk.forms import organisations
from anchorwatch.desk.gazetteer import NATION, NOTHING, Entry, Match, Words, matches
from anchorwatch.desk.people import judged, runs
from anchorwatch.desk.report import MOST_TEXT, Entity
from anchorwatch.desk.scan import Found, Scan, titled
from anchorwatch.desk.services import is_of_nation, name_of
from anchorwatch.desk.ships import facilities, systems, vessels
from anchorwatch.desk.slips import possibly, possibly_thing, surely
from anchorwatch.desk.tokens import CAPITAL, DIGITS, LOWER, UPPER, tokens

_UNMARKED: frozenset[str] = frozenset()


@lru_cache(maxsize=16)
def scanned(text: str, words: Words) -> Scan:
    """Return the words of a text and what the lists find in it."""
    cut = tokens(text[:MOST_TEXT])
    marks = [words.marks.get(word, _UNMARKED) for word in cut.folds]
    scan = Scan(cut, words, [], [None] * len(cut.folds), marks, titled(cut, words))
    for match in matches(cut, words):
        if not _is_name_of_another(scan, match):
            match = _with_its_part(scan, match)
            scan.matches.append(match)
            scan.part[match.i : match.j] = [match] * (match.j - match.i)
    return scan


def _with_its_part(scan: Scan, match: Match) -> Match:
    """Return a place with the part of it after a hyphen: "Kiel-Holtenau"."""
    cut, j = scan.cut, match.j
    if match.form.entry.type != "place" or match.j - match.i > 1 or j >= len(cut.folds) or cut.gap(j) != "-":
        return match
    grows = cut.shapes[j] == CAPITAL and cut.folds[j] not in scan.words.tree
    entry = Entry("", cut.text[cut.starts[match.i] : cut.ends[j]], "place")
    return Match(match.i, j + 1, match.form._replace(entry=entry)) if grows else match


def _is_name_of_another(scan: Scan, match: Match) -> bool:
    """Return whether a name is only a part of a person's: "Jordan Miller", "Anna Kallas"."""
    cut, i, j = scan.cut, match.i, match.j
    if j - i > 1 or cut.shouting:
        return False
    if scan.cue(i, "adjective_places") and _is_adjective(scan, j):
        return True
    if match.form.surname:
        return i > 0 and cut.gap(i) in (" ", "-") and _has_first_name(scan, i)
    if j >= len(cut.folds) or cut.gap(j) != " " or cut.shapes[j] not in (CAPITAL, UPPER) or scan.cue(j, "titles"):
        return False
    if scan.words.tree.get(cut.folds[j]) is not None or any(scan.cue(j, kind) for kind in _NO_SURNAMES):
        return False
    return scan.cue(i, "first_names") or _is_slip(scan, i)


def _is_adjective(scan: Scan, j: int) -> bool:
    """Return whether a noun in lower case comes next: "Baltic leaders", but not "the Baltic will"."""
    cut = scan.cut
    if j >= len(cut.folds) or cut.gap(j) != " " or cut.shapes[j] != LOWER:
        return False
    return not any(scan.cue(j, name) for name in ("small", "verbs", "auxiliaries"))


_NO_SURNAMES = ("things", "force_heads", "organisation_heads", "place_heads", "asset_heads", "offices", "never")


def _has_first_name(scan: Scan, surname: int) -> bool:
    """Return whether the word before a surname of the lists is a first name, so that it is somebody else's."""
    i = surname - 1
    if scan.cut.shapes[i] != CAPITAL or scan.part[i] is not None or any(scan.cue(i, kind) for kind in _NO_NAMES):
        return False
    return scan.cue(i, "first_names") or not (scan.begins(i) or scan.in_title(i)) or _is_slip(scan, i)


_NO_NAMES = ("titles", "offices", "never", "small", "openers")


def _is_slip(scan: Scan, i: int) -> bool:
    """Return whether two words sound like somebody of the lists: "Meta Fredrickson", "Kir Starmer"."""
    return possibly(scan.cut.text[scan.cut.starts[i] : scan.cut.ends[i + 1]], scan.words) is not None


def entities(text: str, words: Words) -> tuple[Entity, ...]:
    """Return the names of a text in their order; they do not overlap, and `text[start:end]` is always the very name."""
    scan = scanned(text, words)
    taken = [False] * len(scan.cut.folds)
    found: list[Found] = []
    _take(found, taken, vessels(scan))
    _take(found, taken, (f for f in organisations(scan) if _holds_whole(scan, f)))
    _take(found, taken, (f for f in facilities(scan) if _holds_whole(scan, f)))
    _take(found, taken, (Found(m.i, m.j, m.form.entry.type, m) for m in scan.matches))
    _take(found, taken, systems(scan))
    found = [f for f in found if f.type not in (NATION, NOTHING)]
    found.sort()
    _take(found, taken, _bare(scan, taken, found))
    found.sort()
    return tuple(_told(scan, found))


def _take(found: list[Found], taken: list[bool], more: Iterable[Found]) -> None:
    """Add what stands on words that nobody has taken."""
    for one in more:
        if not any(taken[one.i : one.j]):
            taken[one.i : one.j] = [True] * (one.j - one.i)
            found.append(one)


def _holds_whole(scan: Scan, found: Found) -> bool:
    """Return whether every listed name that a form touches lies within it, and says less than it."""
    for i in range(found.i, found.j):
        match = scan.part[i]
        if match is not None and (match.i < found.i or match.j > found.j or (match.i, match.j) == (found.i, found.j)):
            return False
    return True


def _bare(scan: Scan, taken: list[bool], found: list[Found]) -> Iterable[Found]:
    """Yield what is left in capitals and what it is by its neighbours; a surname alone after the full name."""
    surnames = {scan.cut.folds[f.j - 1]: f.j for f in found if f.type == "person" and f.j - f.i > 1}
    ends = {f.j: f for f in found}
    for i, j in runs(scan, taken):
        before = ends.get(i) or ends.get(i - 1)
        kind = judged(scan, i, j, before)
        if kind is None and j - i == 1 and surnames.get(scan.cut.folds[i], j) < j:
            kind = "person"
        if kind is None:
            continue
        one = Found(i, _past_year(scan, j) if kind == "force" else j, kind)
        j = one.j
        ends[j] = one
        if kind == "person" and j - i > 1:
            surnames.setdefault(scan.cut.folds[j - 1], j)
        yield one


def _past_year(scan: Scan, j: int) -> int:
    """Return the end of the name of an exercise with its year: "Orion 26", "Zapad-2025"."""
    cut = scan.cut
    is_year = j < len(cut.folds) and cut.shapes[j] == DIGITS and cut.gap(j) in (" ", "-")
    return j + 1 if is_year and cut.ends[j] - cut.starts[j] in (2, 4) else j


def _told(scan: Scan, found: Sequence[Found]) -> Iterable[Entity]:
    """Yield what was found as entities, with the names that are known for sure."""
    cut, full = scan.cut, dict[str, Entity]()
    for one in found:
        start, end = cut.starts[one.i], cut.ends[one.j - 1]
        if one.match is not None and one.match.form.dotted and cut.text[end : end + 1] == ".":
            end += 1
        entity = Entity(cut.text[start:end], start, end, one.type)
        if is_of_nation(scan, one):
            entity = entity._replace(name=name_of(scan, one, entity.text))
        elif one.match is not None:
            entity = _known(entity, one.match, full.get(cut.folds[one.j - 1]))
        elif one.type == "person":
            entity = _stranger(entity, full.get(cut.folds[one.j - 1]), one.j - one.i, scan.words)
        else:
            entity = _by_form(entity, scan, one)
        if one.type == "person" and one.j - one.i > 1:
            full[cut.folds[one.j - 1]] = entity
        yield entity


def _known(entity: Entity, match: Match, earlier: Entity | None) -> Entity:
    """Return an entity of the lists."""
    entry: Entry = match.form.entry
    if match.form.surname and not match.form.sure:
        return entity._replace(name=earlier.name if earlier else None)
    if match.form.surname and earlier is not None and earlier.name != entry.name:
        return entity._replace(name=earlier.name, possibly=earlier.possibly)  # a namesake who was told of before
    return entity._replace(name=entry.name, id=_id(entry))


def _id(entry: Entry) -> str | None:
    """Return the id that the rest of the watch knows it by."""
    return entry.iso if entry.type == "country" else entry.number


def _stranger(entity: Entity, earlier: Entity | None, many: int, words: Words) -> Entity:
    """Return a person whom no list knows, or knows under another spelling."""
    if many == 1 and earlier is not None:
        return entity._replace(name=earlier.name, possibly=earlier.possibly)
    sure = surely(entity.text, words)
    if sure is not None:
        return entity._replace(name=sure)
    whom = possibly(entity.text, words)
    if whom is not None:
        return entity._replace(possibly=whom)
    return entity._replace(name=entity.text if many > 1 else None)


def _by_form(entity: Entity, scan: Scan, one: Found) -> Entity:
    """Return what was found by its form; a ship or a force under the name that the lists have for a part of it."""
    first = bisect_left(scan.matches, one.i, key=lambda m: m.i)  # in order; a text may hold thousands
    inside = [m for m in scan.matches[first : first + one.j - one.i] if m.j <= one.j and m.form.entry.type == one.type]
    if len(inside) == 1 and one.type == "vessel":
        return entity._replace(name=inside[0].form.entry.name, id=inside[0].form.entry.number)
    near = possibly_thing(entity.text, one.type, scan.words) if one.type in ("vessel", "asset", "place") else None
    if near is not None:
        return entity._replace(possibly=near)
    if one.type in ("vessel", "force", "asset", "system", "place") or one.j - one.i > 1:
        return entity._replace(name=entity.text)
    return entity


def merged(text: str, found: Sequence[Entity], more: Sequence[Entity]) -> tuple[Entity, ...]:
    """Return the names that lists and rules found, and those of a model that touch none of them."""
    named = list(found)
    for entity in more:
        if entity.text != text[entity.start : entity.end] or not entity.text.strip():
            continue
        if all(entity.end <= other.start or entity.start >= other.end for other in named):
            named.append(entity)
    return tuple(sorted(named, key=lambda e: (e.start, e.end)))
