"""Organisations, forces and places that no list knows, by the noun of their name: "Kiel Institute", "Finnish Navy"."""

from __future__ import annotations

from collections.abc import Iterator

from anchorwatch.desk.gazetteer import NATION
from anchorwatch.desk.scan import TIGHT, Found, Scan
from anchorwatch.desk.tokens import LOWER

MOST_WORDS = 10  # of one name; "Ministry of Foreign Affairs, Trade and Consumer Protection" has eight
_LINKS = frozenset({"of", "for", "on", "and", "the", "in"})
_WITHOUT_NATION = frozenset({"ministry", "parliament", "government", "senate", "cabinet", "congress"})
# Of these words is the name of a service of a nation: "Finnish Navy"; the "Russian Baltic Fleet" is the Baltic Fleet.
_OF_NATIONS = frozenset(
    {"navy", "army", "air", "force", "forces", "coast", "guard", "border", "armed", "defence", "defense", "home"}
    | {"marine", "corps", "land", "ground", "aerospace", "national", "naval", "special", "operations", "coastguard"}
    | {"royal", "territorial", "maritime", "sea", "command", "state", "service", "marines", "security", "fleet"}
)
_HEADS = {f"{kind}_heads": kind for kind in ("force", "place", "organisation", "asset")}
# Fields of ministers: before a title they are a part of it.
_PORTFOLIOS = frozenset({"defence", "defense", "energy", "maritime", "gas", "oil", "intelligence", "media", "power"})
# After these a name may go on with "of", "for" or "on".
_OPEN = frozenset(
    {"ministry", "department", "institute", "university", "bank", "council", "committee", "office", "agency", "bureau"}
    | {"chamber", "academy", "centre", "center", "board", "federation", "association", "union", "court", "college"}
    | {"museum", "directorate", "authority", "service", "commission", "group", "organisation", "organization", "fund"}
    | {"school", "administration", "inspectorate", "foundation", "society", "gulf", "bay", "strait", "port", "lake"}
    | {"cape", "isle", "house", "sea", "congress", "assembly", "company"}
)


def organisations(scan: Scan) -> Iterator[Found]:
    """Yield organisations, forces and places by the noun of their kind: "X Navy", "Ministry of X", "X Bay"."""
    cut = scan.cut
    if cut.shouting:
        return
    heads = [i for i, marks in enumerate(scan.marks) if marks and not _HEADS.keys().isdisjoint(marks)]
    for i in heads:
        kind = _kind_of_head(scan, i)
        if kind is None:
            continue
        begin = _left(scan, i, kind)
        end = _right(scan, i)
        if cut.folds[i] in _PORTFOLIOS and begin >= 2 and scan.cue(begin - 2, "titles") and cut.gap(begin) == " ":
            continue  # "Minister for Civil Defence"
        if end == i + 1 and (begin == i or not _is_named(scan, begin, i, kind)):
            continue
        yield Found(begin, end, kind)


def _kind_of_head(scan: Scan, i: int) -> str | None:
    """Return which kind of thing a word in capitals makes of a name that ends, or begins, with it."""
    if not scan.is_capital(i) or scan.in_title(i):
        return None
    if _goes_on(scan, i):
        return None
    return next((kind for name, kind in _HEADS.items() if scan.cue(i, name)), None)


def _goes_on(scan: Scan, head: int) -> bool:
    """Return whether the name goes on past a noun: "Defence Secretary", "Armed Forces Ministry", "Opera Festival"."""
    i = head + 1
    if i >= len(scan.cut.folds) or scan.cut.gap(i) != " " or not scan.is_capital(i) or scan.part[i] is not None:
        return False
    if scan.cue(i, "titles") or scan.cue(i, "offices"):
        return scan.cut.folds[head] in _PORTFOLIOS
    return not scan.cue(i, "first_names") and not scan.cue(i, "never")


def _left(scan: Scan, head: int, kind: str) -> int:
    """Return where the name before its last word begins."""
    cut, i = scan.cut, head
    while i > 0 and head - i < MOST_WORDS:
        if (
            cut.gap(i) == " "
            and cut.folds[i - 1] in ("and", "of")
            and _goes_on_left(scan, i - 2)
            and kind == "organisation"
        ):
            if cut.folds[i - 1] == "of" or cut.gap(i - 1) != " ":
                break
            i -= 2
            continue
        if not scan.joined(i) or not _goes_on_left(scan, i - 1):
            break
        match = scan.part[i - 1]
        i = match.i if match and match.j <= i else i - 1
    while i < head and (scan.opens(i) or cut.folds[i] == "the"):
        i += 1
    return _without_nation(scan, i, head, kind)


def _goes_on_left(scan: Scan, i: int) -> bool:
    """Return whether word i may be a part of a name that goes on to the right."""
    if i < 0 or not scan.is_capital(i) or scan.cue(i, "titles"):
        return False
    match = scan.part[i]
    if match is not None and match.form.entry.type in ("person", "vessel"):
        return False
    return not (scan.opens(i) and scan.cut.folds[i] in ("the", "a", "an", "in", "on", "at", "for"))


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
        elif not _links(scan, j, head):
            break
        j += 1
        if j < many and cut.gap(j) not in TIGHT and not (cut.gap(j) == ", " and _is_listed(scan, j)):
            break
    return head + 1 if scan.type_at(end - 1) == NATION else end


def _links(scan: Scan, j: int, head: int) -> bool:
    """Return whether a word in lower case goes on with the name: "of", "for", an "and" within it."""
    cut = scan.cut
    if cut.folds[j] not in _LINKS or cut.shapes[j] != LOWER or (cut.folds[j] in ("in", "on") and j > head + 1):
        return False
    after = cut.folds[j + 1] if j + 1 < len(cut.folds) else "the"
    return cut.folds[j] != "and" or not (after == "the" or after in _OPEN)


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
    real = [i for i in range(begin, head) if not (scan.opens(i) and scan.type_at(i) is None)]
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
