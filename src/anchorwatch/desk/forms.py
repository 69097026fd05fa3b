"""Names that no list knows, by their form: "Kiel Institute", "HMS Dauntless", "tanker Meridian Grace", "Su-27"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from anchorwatch.desk.gazetteer import NATION, Match, Words
from anchorwatch.desk.tokens import CAPITAL, DIGITS, LOWER, UPPER, Tokens

MOST_WORDS = 10  # of one name; "Ministry of Foreign Affairs, Trade and Consumer Protection" has eight
_QUOTED = frozenset({" ", ' "', " \u201c", " «", " '", " \u2018", " \u201e"})
_TIGHT = frozenset({" ", "-", "'", "\u2019", "\u00a0", "\u2011", "\n"})
_LINKS = frozenset({"of", "for", "on", "and", "the", "in"})
_WITHOUT_NATION = frozenset({"ministry", "parliament", "government", "senate", "cabinet", "congress"})
# Of these words is the name of a service of a nation: "Finnish Navy"; the "Russian Baltic Fleet" is the Baltic Fleet.
_OF_NATIONS = frozenset(
    {"navy", "army", "air", "force", "forces", "coast", "guard", "border", "armed", "defence", "defense", "home"}
    | {"marine", "corps", "land", "ground", "aerospace", "national", "naval", "special", "operations", "coastguard"}
    | {"royal", "territorial", "maritime", "sea", "command", "state", "service", "marines", "security", "fleet"}
)
_FACILITIES = (
    ("nuclear", "power", "plant"), ("power", "plant"), ("lng", "terminal"), ("oil", "terminal"), ("gas", "terminal"),
    ("wind", "farm"), ("offshore", "wind", "farm"), ("refinery",), ("substation",), ("converter", "station"),
    ("hydroelectric", "power", "plant"), ("thermal", "power", "plant"), ("gas", "storage"),
    ("terminal",), ("dam",), ("hydropower", "plant"), ("gas", "field"), ("converter",), ("compressor", "station"),
)  # fmt: skip
_BASES = (("air", "base"), ("airbase",), ("naval", "base"), ("military", "base"), ("base",), ("training", "area"))
_LINES = frozenset({"cable", "pipeline", "interconnector", "link"})
_LINE_WORDS = frozenset(
    {
        "undersea",
        "submarine",
        "power",
        "gas",
        "data",
        "telecom",
        "oil",
        "electricity",
        "sea",
        "dc",
        "telecommunications",
    }
)


_HEADS = ("force_heads", "place_heads", "organisation_heads", "asset_heads")
# After these a name may go on with "of", "for" or "on".
_OPEN = frozenset(
    {"ministry", "department", "institute", "university", "bank", "council", "committee", "office", "agency", "bureau"}
    | {"chamber", "academy", "centre", "center", "board", "federation", "association", "union", "court", "college"}
    | {"museum", "directorate", "authority", "service", "commission", "group", "organisation", "organization", "fund"}
    | {"school", "administration", "inspectorate", "foundation", "society", "gulf", "bay", "strait", "port", "lake"}
    | {"cape", "isle", "house", "sea", "congress", "assembly", "company"}
)


class Found(NamedTuple):
    """Words i to j (exclusive) are a name of this type."""

    i: int
    j: int
    type: str
    match: Match | None = None  # what the lists say of it


@dataclass
class Scan:
    """A text under work: its words, what the lists found, and which word belongs to which find."""

    cut: Tokens
    words: Words
    matches: list[Match]
    part: list[Match | None]  # of each word

    def is_capital(self, i: int) -> bool:
        """Return whether word i is written as a name."""
        return self.cut.shapes[i] in (CAPITAL, UPPER)

    def begins(self, i: int) -> bool:
        """Return whether word i begins a sentence, or what is said in quotation marks."""
        gap = self.cut.gap(i) if i else "."
        return any(mark in gap for mark in '.!?:;\n“"') and not self.is_initial(i - 1)

    def is_initial(self, i: int) -> bool:
        """Return whether word i is one capital with a full stop: "J. D. Vance"."""
        cut = self.cut
        return (
            i >= 0
            and cut.ends[i] - cut.starts[i] == 1
            and cut.shapes[i] == CAPITAL
            and cut.text[cut.ends[i] :][:1] == "."
        )

    def joined(self, i: int) -> bool:
        """Return whether word i goes on in the same name as word i - 1, as far as what is between them says."""
        gap = self.cut.gap(i)
        return gap in _TIGHT or (gap in (". ", ".") and self.is_initial(i - 1))

    def cue(self, i: int, name: str) -> bool:
        """Return whether word i is in this list of words."""
        return 0 <= i < len(self.cut.folds) and self.cut.folds[i] in self.words.cue(name)

    def type_at(self, i: int) -> str | None:
        """Return the type of what the lists say about word i."""
        match = self.part[i] if 0 <= i < len(self.part) else None
        return match.form.entry.type if match else None


def vessels(scan: Scan) -> Iterator[Found]:
    """Yield names of ships: after a prefix (HMS), which belongs to them, or after "tanker", which does not."""
    cut = scan.cut
    if cut.shouting:
        return
    i, many = 0, len(cut.folds)
    while i < many:
        if (cut.shapes[i] == UPPER and scan.cue(i, "vessel_prefixes")) or cut.folds[i] == "hswms":
            end = _ship_name(scan, i + 1)
            if end > i + 1:
                yield Found(i, end, "vessel")
                i = end
                continue
        if scan.cue(i, "vessel_nouns"):
            for found in _after_noun(scan, i + 1, cut.folds[i].endswith("s")):
                yield found
                i = found.j - 1
        i += 1


def _after_noun(scan: Scan, i: int, several: bool) -> Iterator[Found]:
    """Yield the ships named after a noun; after a plural there may be several."""
    cut = scan.cut
    while i < len(cut.folds) and cut.gap(i) in _QUOTED:
        if scan.cue(i, "vessel_prefixes") and cut.shapes[i] == UPPER:
            return
        end = _ship_name(scan, i)
        match = scan.part[i]
        if end == i or (match and match.j >= end and not _may_be_ship(match, several)):
            return
        yield Found(i, end, "vessel")
        if not several or end >= len(cut.folds):
            return
        i = end + 1 if cut.folds[end] == "and" else end
        if i == end and cut.gap(end) != ", ":
            return
        if i == end:  # "the ships A, B and C": the gap before B holds the comma
            second = _ship_name(scan, i)
            if second == i or scan.part[i]:
                return
            yield Found(i, second, "vessel")
            return


def _may_be_ship(match: Match, several: bool) -> bool:
    """Return whether a name of something else may be that of a ship: "frigate Hamburg", but not "carrier Finnair"."""
    kind = match.form.entry.type
    return kind in ("vessel", "place", "person", "system", "asset") or (kind == "country" and not several)


def _ship_name(scan: Scan, i: int) -> int:
    """Return the end of the name of a ship that begins with word i; i where there is none."""
    cut, j = scan.cut, i
    while j < min(len(cut.folds), i + 5):
        if j > i and not scan.joined(j):
            break
        if cut.shapes[j] == LOWER and not (j > i and scan.cue(j, "particles")):
            break
        if cut.shapes[j] == DIGITS and (j == i or cut.ends[j] - cut.starts[j] > 3):
            break
        if scan.type_at(j) in (NATION, "organisation", "force") or scan.cue(j, "titles"):
            break
        j += 1
    while j > i and cut.shapes[j - 1] == LOWER:
        j -= 1
    return j


def organisations(scan: Scan) -> Iterator[Found]:
    """Yield organisations, forces and places by the noun of their kind: "X Navy", "Ministry of X", "X Bay"."""
    cut = scan.cut
    if cut.shouting:
        return
    for i in range(len(cut.folds)):
        kind = _kind_of_head(scan, i)
        if kind is None:
            continue
        begin = _left(scan, i, kind)
        end = _right(scan, i)
        if end == i + 1 and (begin == i or not _is_named(scan, begin, i, kind)):
            continue
        yield Found(begin, end, kind)


def _kind_of_head(scan: Scan, i: int) -> str | None:
    """Return which kind of thing a word in capitals makes of a name that ends, or begins, with it."""
    if not scan.is_capital(i):
        return None
    if _goes_on(scan, i + 1):
        return None
    for name in _HEADS:
        if scan.cue(i, name):
            return name.removesuffix("_heads")
    return None


def _goes_on(scan: Scan, i: int) -> bool:
    """Return whether word i takes the name further: "Defence Secretary", "Armed Forces Ministry"."""
    if i >= len(scan.cut.folds) or scan.cut.gap(i) != " " or not scan.is_capital(i) or scan.part[i] is not None:
        return False
    return any(scan.cue(i, name) for name in ("titles", "offices", *_HEADS))


def _left(scan: Scan, head: int, kind: str) -> int:
    """Return where the name before its last word begins."""
    cut, i = scan.cut, head
    while i > 0 and head - i < MOST_WORDS:
        if (
            cut.gap(i) == " "
            and cut.folds[i - 1] in ("and", "of")
            and _goes_on_left(scan, i - 2, kind)
            and kind == "organisation"
        ):
            if cut.folds[i - 1] == "of" or cut.gap(i - 1) != " ":
                break
            i -= 2
            continue
        if not scan.joined(i) or not _goes_on_left(scan, i - 1, kind):
            break
        match = scan.part[i - 1]
        i = match.i if match and match.j <= i else i - 1
    while i < head and ((scan.begins(i) and scan.cue(i, "small")) or cut.folds[i] == "the"):
        i += 1
    return _without_nation(scan, i, head, kind)


def _goes_on_left(scan: Scan, i: int, kind: str) -> bool:
    """Return whether word i may be a part of a name that goes on to the right."""
    if i < 0 or not scan.is_capital(i) or scan.cue(i, "titles"):
        return False
    match = scan.part[i]
    if match is not None and match.form.entry.type in ("person", "vessel"):
        return False
    return not (
        scan.begins(i) and scan.cue(i, "small") and scan.cut.folds[i] in ("the", "a", "an", "in", "on", "at", "for")
    )


def _without_nation(scan: Scan, begin: int, head: int, kind: str) -> int:
    """Return where a name begins that the adjective of its nation is no part of: "Lithuanian Ministry of Defense"."""
    match = scan.part[begin]
    if match is None or begin == head or match.j > head:
        return begin
    drop = match.form.entry.type == NATION and (
        scan.cut.folds[head] in _WITHOUT_NATION
        or kind in ("place", "asset")
        or (kind == "force" and not _OF_NATIONS.issuperset(scan.cut.folds[match.j : head + 1]))
    )
    if kind in ("force", "organisation") and match.form.entry.id in ("nato", "european-union") and match.j < head:
        drop = True
    return match.j if drop else begin


def _right(scan: Scan, head: int) -> int:
    """Return where a name ends that goes on after its noun: "Ministry of Economic Affairs and Employment"."""
    cut, many = scan.cut, len(scan.cut.folds)
    j = end = head + 1
    if cut.folds[head] not in _OPEN or j >= many or cut.gap(j) != " " or cut.folds[j] not in ("of", "for", "on"):
        return end
    while j < many and j - head < MOST_WORDS:
        if scan.is_capital(j) and not scan.cue(j, "titles") and not scan.cue(j, "never"):
            if cut.folds[head] == "ministry" and scan.type_at(j) == "country":
                break  # "Ministry of Defense of Ukraine" is the Ministry of Defense, and Ukraine
            end = j + 1
        elif cut.folds[j] not in _LINKS or cut.shapes[j] != LOWER or (cut.folds[j] in ("in", "on") and j > head + 1):
            break
        j += 1
        if j < many and cut.gap(j) not in _TIGHT and not (cut.gap(j) == ", " and _is_listed(scan, j)):
            break
    return head + 1 if scan.type_at(end - 1) == NATION else end


def _is_listed(scan: Scan, j: int) -> bool:
    """Return whether after a comma a list goes on to an "and" within the name: "Education, Science and Culture"."""
    folds = scan.cut.folds
    return (
        scan.is_capital(j)
        and scan.part[j] is None
        and j + 2 < len(folds)
        and folds[j + 1] == "and"
        and scan.is_capital(j + 2)
    )


def _is_named(scan: Scan, begin: int, head: int, kind: str) -> bool:
    """Return whether the words before the last one make a name of it, and are not only "The" or an adjective."""
    folds = scan.cut.folds
    if kind == "asset" and all(scan.type_at(i) == NATION for i in range(begin, head)):
        return False
    real = [i for i in range(begin, head) if not (scan.begins(i) and scan.cue(i, "small") and scan.type_at(i) is None)]
    if not real:
        return folds[head] in ("ministry", "navy")
    if kind in ("place", "asset") and all(folds[i] in scan.words.cue("never") for i in real):
        return False
    if scan.type_at(begin) == NATION and all(scan.type_at(i) == NATION for i in real):
        return kind in ("force", "organisation") and folds[head] not in (
            "alliance",
            "union",
            "office",
            "company",
            "group",
            "party",
            "defence",
            "defense",
        )
    return True


def facilities(scan: Scan) -> Iterator[Found]:
    """Yield bases and plants whose noun is in lower case: "Ramstein base", "Olkiluoto nuclear power plant"."""
    cut = scan.cut
    for i, word in enumerate(cut.folds):
        if i and word in _FIRSTS and cut.shapes[i] == LOWER and scan.is_capital(i - 1) and cut.gap(i) == " ":
            for nouns, kind in _NOUNS:
                if tuple(cut.folds[i : i + len(nouns)]) == nouns and _is_site(scan, i - 1):
                    begin = scan.part[i - 1].i if scan.part[i - 1] else i - 1  # type: ignore[union-attr]
                    yield Found(begin, i + len(nouns), kind)
                    break
        elif i and word in _LINES and cut.shapes[i] == LOWER:
            yield from _line(scan, i)


_NOUNS = [(nouns, "asset") for nouns in _FACILITIES] + [(nouns, "place") for nouns in _BASES]
_FIRSTS = frozenset(nouns[0] for nouns, _ in _NOUNS)


def _is_site(scan: Scan, i: int) -> bool:
    """Return whether word i may name a site."""
    match = scan.part[i]
    if match is None:
        return (
            not scan.begins(i)
            and not scan.cue(i, "never")
            and not scan.cue(i, "small")
            and scan.cut.shapes[i] == CAPITAL
        )
    return match.form.entry.type == "place" and len(scan.cut.folds[match.i]) > 2


def _line(scan: Scan, noun: int) -> Iterator[Found]:
    """Yield the name before "cable" or "pipeline", where it is the name of nothing else."""
    cut, j = scan.cut, noun
    while j > 1 and cut.folds[j - 1] in _LINE_WORDS and cut.shapes[j - 1] == LOWER:
        j -= 1
    if j == 0 or cut.gap(j) != " ":
        return
    i = j
    while i > 0 and j - i < 4 and scan.part[i - 1] is None and (i == j or scan.joined(i)):
        if cut.shapes[i - 1] == LOWER or scan.cue(i - 1, "never") or (scan.begins(i - 1) and scan.cue(i - 1, "small")):
            break
        i -= 1
    if i < j and scan.is_capital(i):
        yield Found(i, j, "asset")


def systems(scan: Scan) -> Iterator[Found]:
    """Yield weapons by their form: one to three letters, a hyphen, a number, perhaps letters: "Su-27", "P-8A"."""
    cut = scan.cut
    for i in range(len(cut.folds) - 1):
        if cut.shapes[i + 1] != DIGITS or scan.part[i] or cut.shapes[i] not in (CAPITAL, UPPER):
            continue
        letters, digits = cut.ends[i] - cut.starts[i], cut.ends[i + 1] - cut.starts[i + 1]
        if letters > 3 or digits > 4 or cut.gap(i + 1) not in ("-", "\u2011") or scan.cue(i, "never"):
            continue
        if i and cut.ends[i - 1] == cut.starts[i] - 1 and cut.text[cut.ends[i - 1]] in "-/":
            continue
        j = i + 2
        if j < len(cut.folds) and cut.gap(j) == "" and cut.shapes[j] in (CAPITAL, UPPER) and len(cut.folds[j]) <= 2:
            j += 1
            if j < len(cut.folds) and cut.gap(j) == "" and cut.shapes[j] == DIGITS:
                j += 1
        yield Found(i, j, "system")
