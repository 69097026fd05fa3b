"""People, and other bare names, by what stands around them: titles, first names, verbs of speech, "in", "operator"."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from anchorwatch.desk.gazetteer import NATION
from anchorwatch.desk.scan import Found, Scan
from anchorwatch.desk.slips import possibly
from anchorwatch.desk.tokens import CAPITAL, LOWER, UPPER

_NUMERALS = frozenset({"ii", "iii", "iv"})
_MOST_NAMES = 4  # words of a person's name without particles
_WAYS = frozenset({"to", "from", "for", "at", "towards"})
_PLACE_WORDS = frozenset({"in", "near", "off", "between", "outside", "around", "towards", "toward"})


def runs(scan: Scan, taken: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield what is left in capitals, word after word: (first, end)."""
    cut, i, many = scan.cut, 0, len(scan.cut.folds)
    if cut.shouting:
        return
    while i < many:
        if taken[i] or not scan.is_capital(i) or scan.in_title(i) or _is_no_name(scan, i):
            i += 1
            continue
        j = i + 1
        while j < many and not taken[j] and scan.joined(j):
            if scan.is_capital(j) and (not scan.cue(j, "never") or cut.folds[j] in _NUMERALS):
                j += 1
            elif cut.shapes[j] == LOWER and scan.cue(j, "particles") and _end_of_particles(scan, taken, j):
                j = _end_of_particles(scan, taken, j)
            else:
                break
        yield from _parts(scan, i, j)
        i = j


def _is_no_name(scan: Scan, i: int) -> bool:
    """Return whether a word in capitals only begins a sentence, or never is a name."""
    return scan.cue(i, "never") or scan.type_at(i) == NATION or (scan.opens(i) and not scan.cue(i, "titles"))


def _end_of_particles(scan: Scan, taken: list[bool], i: int) -> int:
    """Return the word in capitals after "von der", past it; 0 where there is none."""
    for j in range(i + 1, min(i + 3, len(taken))):
        if taken[j] or scan.cut.gap(j) not in (" ", "-"):
            return 0
        if scan.is_capital(j):
            return j + 1
        if not scan.cue(j, "particles"):
            return 0
    return 0


def _parts(scan: Scan, i: int, j: int) -> Iterator[tuple[int, int]]:
    """Yield the run without the titles before it: "Deputy Defense Minister X Y" -> "X Y"."""
    last = max((k for k in range(i, j) if scan.cue(k, "titles")), default=-1)
    if last >= 0:
        begin = last + 1
    elif i >= 2 and scan.cut.folds[i - 1] in ("for", "of") and scan.cue(i - 2, "titles"):
        begin = next((k for k in range(i, j) if scan.cue(k, "first_names")), i)  # "Minister for Resilience X Y"
    else:
        begin = i
        while begin < j and scan.cue(begin, "offices") and not scan.cue(begin, "first_names"):
            begin += 1
    if begin < j:
        yield begin, j


def judged(scan: Scan, i: int, j: int, before: Found | None) -> str | None:
    """Return the type of a run of capitals that no list knows; None where nothing says what it is."""
    for judge in _JUDGES:
        kind = judge(scan, i, j, before)
        if kind is not None:
            return kind or None
    return None


def _by_noun(scan: Scan, i: int, j: int, _before: Found | None) -> str | None:
    """What the noun before or after it says: "operator Elering", "Kongsberg company", "the island of Utö"."""
    cut = scan.cut
    tight = i > 0 and cut.gap(i) in (" ", ' "', " “")
    if tight and scan.cue(i - 1, "organisation_nouns") and cut.shapes[i - 1] == LOWER:
        return "organisation"
    if (tight and scan.cue(i - 1, "exercise_nouns")) or _follows(scan, j, "exercise_nouns"):
        return "force"
    if tight and scan.cue(i - 1, "place_nouns"):
        return "place"
    if tight and cut.folds[i - 1] == "of" and scan.cue(i - 2, "place_nouns"):
        return "place"
    if _follows(scan, j, "organisation_nouns"):
        return "organisation"
    if _follows(scan, j, "place_nouns") and not scan.cue(i, "first_names"):
        return "place"
    return None


def _follows(scan: Scan, j: int, name: str) -> bool:
    """Return whether a word of this list, in lower case, comes next."""
    return scan.cue(j, name) and scan.cut.gap(j) in (" ", '" ', "” ") and scan.cut.shapes[j] == LOWER


def _by_title(scan: Scan, i: int, j: int, _before: Found | None) -> str | None:
    """What a title before it says, also with the country between: "Foreign Minister of Ukraine X Y"."""
    cut = scan.cut
    if i == 0 or j - i > _MOST_NAMES + 2 or cut.gap(i) not in (" ", ". ", "\u00a0"):
        return None
    if scan.cue(i - 1, "titles"):
        return "person" if cut.shapes[i] == CAPITAL else None
    match = scan.part[i - 1]
    if match is not None and match.i >= 2 and cut.folds[match.i - 1] == "of" and scan.cue(match.i - 2, "titles"):
        return "person"
    return None


def _by_first_name(scan: Scan, i: int, j: int, _before: Found | None) -> str | None:
    """A first name and one to three more."""
    if 2 <= j - i <= _MOST_NAMES + 2 and scan.cue(i, "first_names"):
        return "person"
    return None


def _by_slip(scan: Scan, i: int, j: int, _before: Found | None) -> str | None:
    """Somebody of the lists, as far as it sounds: "Georgia Maloni"."""
    if not 2 <= j - i <= _MOST_NAMES:
        return None
    cut = scan.cut
    return "person" if possibly(cut.text[cut.starts[i] : cut.ends[j - 1]], scan.words) else None


def _by_place(scan: Scan, i: int, j: int, before: Found | None) -> str | None:
    """In, near or off it; or listed beside a place."""
    cut = scan.cut
    if i == 0 or j - i > 3 or cut.shapes[i] != CAPITAL:
        return None
    if cut.folds[i - 1] in _PLACE_WORDS and cut.gap(i) == " ":
        return "place"
    if cut.folds[i - 1] in _WAYS and cut.gap(i) == " " and scan.cue(i - 2, "ways"):
        return "place"
    listed = cut.folds[i - 1] == "and" or cut.gap(i) == ", "
    if listed and before is not None and before.type == "place" and before.j in (i, i - 1):
        return "place"
    return None


def _by_verb(scan: Scan, i: int, j: int, _before: Found | None) -> str | None:
    """It speaks; one word alone may be a company, too."""
    cut = scan.cut
    if not _follows(scan, j, "verbs") or (j - i == 1 and scan.begins(i)):
        return None
    if j - i == 1:
        return "organisation" if cut.shapes[i] == UPPER or _is_company(cut.folds[i]) else "person"
    return "person" if not scan.opens(i) else None


def _by_apposition(scan: Scan, i: int, j: int, _before: Found | None) -> str | None:
    """What follows after a comma: "Raudsepp, a former rescuer", "Elering, the Estonian operator"."""
    cut = scan.cut
    if j >= len(cut.folds) or cut.gap(j) != ", ":
        return None
    for k in range(j, min(j + 6, len(cut.folds))):
        if k > j and not cut.gap(k).isspace():
            return None
        if scan.cue(k, "titles") or scan.cue(k, "person_nouns"):
            return "person"
        if scan.cue(k, "organisation_nouns"):
            return "organisation"
    return None


_COMPANIES = (
    "grid",
    "net",
    "gas",
    "gaz",
    "com",
    "tel",
    "bank",
    "energo",
    "energia",
    "nafta",
    "link",
    "kraft",
    "oil",
    "marine",
)


def _is_company(word: str) -> bool:
    """Return whether a word ends like the name of a company."""
    return word.endswith(_COMPANIES)


def _by_form(scan: Scan, i: int, j: int, _before: Found | None) -> str | None:
    """Letters only: an organisation. Two or three words: a person, or after "the" none: a ship, an organisation."""
    cut = scan.cut
    if j - i == 1:
        return "organisation" if cut.shapes[i] == UPPER and cut.ends[i] - cut.starts[i] >= 3 else None
    if j - i > 3 or scan.begins(i) or any(cut.shapes[k] != CAPITAL for k in range(i, j)):
        return None
    if any(len(cut.folds[k]) < 3 or any(scan.cue(k, name) for name in _THINGS) for k in range(i, j)):
        return None
    if i == 0 or cut.folds[i - 1] != "the":
        return "person"
    return "vessel" if any(word in scan.words.cue("at_sea") for word in cut.folds) else "organisation"


_THINGS = ("openers", "offices", "small", "things", "titles", "vessel_nouns")
_Judge = Callable[[Scan, int, int, Found | None], str | None]
_JUDGES: tuple[_Judge, ...] = (
    _by_noun,
    _by_title,
    _by_first_name,
    _by_slip,
    _by_place,
    _by_verb,
    _by_apposition,
    _by_form,
)
