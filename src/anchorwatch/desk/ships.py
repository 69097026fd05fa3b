"""Ships, bases, plants, cables and weapons by their form: "HMS Dauntless", "tanker Meridian Grace", "Su-27"."""

from __future__ import annotations

from collections.abc import Iterator

from anchorwatch.desk.gazetteer import NATION, Match
from anchorwatch.desk.scan import Found, Scan
from anchorwatch.desk.tokens import CAPITAL, DIGITS, LOWER, UPPER

_QUOTED = frozenset({" ", ' "', " \u201c", " «", " '", " \u2018", " \u201e"})
_LISTED = frozenset({", ", '", ', '", "', "\u201d, \u201c"})
_FACILITIES = (
    ("nuclear", "power", "plant"), ("power", "plant"), ("lng", "terminal"), ("oil", "terminal"), ("gas", "terminal"),
    ("wind", "farm"), ("offshore", "wind", "farm"), ("refinery",), ("substation",), ("converter", "station"),
    ("hydroelectric", "power", "plant"), ("thermal", "power", "plant"), ("gas", "storage"),
    ("terminal",), ("dam",), ("hydropower", "plant"), ("gas", "field"), ("converter",), ("compressor", "station"),
    ("platform",),
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


def vessels(scan: Scan) -> Iterator[Found]:
    """Yield names of ships: after a prefix (HMS), which belongs to them, or after "tanker", which does not."""
    cut = scan.cut
    if cut.shouting:
        return
    i, many = 0, len(cut.folds)
    while i < many:
        if not scan.marks[i] and cut.folds[i] != "hswms":
            i += 1
            continue  # most words are in no list
        if (cut.shapes[i] == UPPER and scan.cue(i, "vessel_prefixes")) or cut.folds[i] == "hswms":
            end = _ship_name(scan, i + 1)
            if end > i + 1:
                yield Found(i, end, "vessel")
                i = end
                continue
        if scan.cue(i, "vessel_nouns") and scan.part[i] is None and not scan.in_title(i):
            for found in _after_noun(scan, i + 1, cut.folds[i].endswith("s")):
                yield found
                i = found.j - 1
        i += 1


def _after_noun(scan: Scan, i: int, several: bool) -> Iterator[Found]:
    """Yield the ships named after a noun; after a plural there may be several: "the frigates A, B and C"."""
    cut, many = scan.cut, len(scan.cut.folds)
    first = i
    while i < many:
        gap = cut.gap(i)
        if gap not in _QUOTED and not (i > first and gap in _LISTED):
            return
        end = _ship_name(scan, i)
        match = scan.part[i]
        if end == i or (match and match.j >= end and not _may_be_ship(match, several)):
            return
        if i > first and match is not None and match.form.entry.type != "vessel":
            return  # "the frigates A, Poland said"
        yield Found(i, end, "vessel")
        if not several or end >= many:
            return
        i = end + 1 if cut.folds[end] == "and" else end
        if i == end and cut.gap(end) not in _LISTED:
            return


def _may_be_ship(match: Match, several: bool) -> bool:
    """Return whether a name of something else may be that of a ship: "frigate Hamburg", but not "carrier Finnair"."""
    kind = match.form.entry.type
    return kind in ("vessel", "place", "person", "system", "asset") or (kind == "country" and not several)


def _ship_name(scan: Scan, i: int) -> int:
    """Return the end of the name of a ship that begins with word i; i where there is none."""
    cut, j = scan.cut, i
    match = scan.part[i] if i < len(scan.part) else None
    if match is not None and match.i == i and match.form.entry.type == "vessel":
        return match.j
    if scan.cue(i, "vessel_prefixes") and i < len(cut.shapes) and cut.shapes[i] == UPPER:
        return i  # the prefix begins the name: HMS
    while j < min(len(cut.folds), i + 5):
        if j > i and not scan.joined(j):
            break
        if cut.shapes[j] == LOWER and not (j > i and scan.cue(j, "particles")):
            break
        if cut.shapes[j] == DIGITS and (j == i or cut.ends[j] - cut.starts[j] > 3):
            break
        if scan.type_at(j) in (NATION, "organisation", "force") or (j == i and scan.cue(j, "titles")):
            break
        j += 1
    while j > i and cut.shapes[j - 1] == LOWER:
        j -= 1
    return j


def facilities(scan: Scan) -> Iterator[Found]:
    """Yield bases and plants whose noun is in lower case: "Ramstein base", "Olkiluoto nuclear power plant"."""
    cut = scan.cut
    for i, word in enumerate(cut.folds):
        if i and word in _FIRSTS and cut.shapes[i] == LOWER and scan.is_capital(i - 1) and cut.gap(i) == " ":
            for nouns, kind in _NOUNS:
                if tuple(cut.folds[i : i + len(nouns)]) == nouns and _is_site(scan, i - 1):
                    match = scan.part[i - 1]
                    begin = match.i if match else i - 1
                    while begin and cut.gap(begin) == "-" and scan.is_capital(begin - 1) and not scan.part[begin - 1]:
                        begin -= 1  # "Novo-Ufa refinery"
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
        if cut.shapes[i - 1] == LOWER or scan.cue(i - 1, "never") or scan.opens(i - 1):
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
