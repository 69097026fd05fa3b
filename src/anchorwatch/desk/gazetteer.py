"""The word lists of the desk, compiled: which names there are, and the words that give a name away.

The lists are TOML texts (docs/desk_words.md); a later list wins over an earlier one by the id of an entry.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from anchorwatch.chart.assets import Asset
from anchorwatch.chart.catalogue import baltic
from anchorwatch.desk.report import ENTITY_TYPES
from anchorwatch.desk.tokens import CAPITAL, DIGITS, UPPER, Tokens, fold, tokens
from anchorwatch.errors import BadInput

NOTHING = "nothing"  # type of what is no name, though it looks like one
NATION = "nation"  # type of an adjective of nation while it is matched; never an entity of a report
_KEYS = frozenset(
    {"id", "name", "type", "also", "iso", "adjectives", "people", "capital", "mmsi", "imo", "common", "full"}
    | {"office", "of", "asset", "remove"}
)
_MOST_ENTRIES = 50_000  # of all lists together: more would be a register, not a list of names to read
_LONGEST_NAME = 200  # characters of an asset's name
_BRACKETS = re.compile(r" ?\([^()]*\)|, (?:string|phase) .*$|, \w+ side$")


class Entry(NamedTuple):
    """One thing that has a name."""

    id: str
    name: str
    type: str
    also: tuple[str, ...] = ()
    iso: str | None = None  # of a country
    adjectives: tuple[str, ...] = ()  # of a country, and its people: never entities
    capital: str | None = None
    number: str | None = None  # MMSI or IMO of a vessel, id of an asset
    common: bool = False  # also a common word: counts only in exactly this case, never in a text of capitals
    full: bool = False  # of a person: the surname alone says too little
    office: str | None = None  # of a person: "president"
    of: str | None = None  # of a person: id of the country or the organisation of the office


class Form(NamedTuple):
    """One way to write one entry."""

    entry: Entry
    exact: tuple[str, ...]  # its words as written in the list
    dotted: bool  # ends with a full stop
    surname: bool = False
    sure: bool = True  # False where several people have this surname


Node = dict[str, Any]  # folded word -> Node; "" -> list[Form]


@dataclass(frozen=True, eq=False)
class Words:
    """All lists, ready to be looked up in."""

    version: str
    ruleset: str  # "sha256:..." of all texts
    entries: Mapping[str, Entry]
    tree: Node
    cues: Mapping[str, frozenset[str]]  # "titles", "first_names", ... -> folded words
    marks: Mapping[str, frozenset[str]]  # the same from the other side: folded word -> its lists
    people: tuple[tuple[str, Entry], ...]  # (usual spelling, whom)
    surnames: Mapping[str, Entry | None] = field(default_factory=dict)  # folded -> whom; None = several
    holders: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (office, id of whose) -> name

    def cue(self, name: str) -> frozenset[str]:
        """Return a list of single words; empty where there is none."""
        return self.cues.get(name, frozenset())


@cache
def packaged() -> Words:
    """Return the lists of the package."""
    return load({})


@cache
def _packaged_texts() -> tuple[tuple[str, str], ...]:
    """Return name and text of each list of the package."""
    folder = files("anchorwatch.desk").joinpath("words")
    lists = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    return tuple((path.name, path.read_text("utf-8")) for path in lists)


def load(texts: Mapping[str, str], assets: Iterable[Asset] | None = None) -> Words:
    """Return the lists of the package and those of the user (file name -> TOML); of the same id the later wins.

    `assets` are those of the chart in use; without them the built-in ones.
    """
    entries = {entry.id: entry for entry in _catalogue(baltic() if assets is None else assets)}
    cues: dict[str, set[str]] = {}
    digest = hashlib.sha256(repr(sorted(entries)).encode())
    version = ""
    for place, (where, text) in enumerate([*_packaged_texts(), *texts.items()]):
        table = _parsed(text, where)
        digest.update(f"{where}\0{text}\0".encode("utf-8", "replace"))
        version = max(version, table["version"]) if place < len(_packaged_texts()) else version
        for entry in _entries(table, where, entries):
            entries[entry.id] = entry
        for gone in table.get("remove", ()):
            entries.pop(gone, None)
        for name, listed in table.get("words", {}).items():
            cues.setdefault(name, set()).update(fold(word) for word in listed)
    if len(entries) > _MOST_ENTRIES:
        raise BadInput(f"{len(entries)} entries, at most {_MOST_ENTRIES}", "word lists", "Keep what reports speak of")
    return _compiled(version, "sha256:" + digest.hexdigest(), entries, cues)


def _parsed(text: str, where: str) -> dict[str, Any]:
    """Return one list, checked for what all lists have."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(f"not TOML: {error}", where, "See docs/desk_words.md for the format") from None
    version = table.get("version")
    if not isinstance(version, str) or not version:
        raise BadInput("no version", where, 'Begin with a line like version = "2026-11-23"')
    unknown = sorted(set(table) - {"version", "type", "entries", "words", "remove"})
    if unknown:
        raise BadInput(f"unknown key {unknown[0]!r}", where, "Known: version, type, entries, words, remove")
    words = table.get("words", {})
    if not isinstance(words, dict) or not all(_is_texts(listed) for listed in words.values()):
        raise BadInput("[words] holds something else than lists of texts", where, 'Write titles = ["minister"]')
    if not _is_texts(table.get("remove", [])):
        raise BadInput("remove is no list of ids", where, 'Write remove = ["id"]')
    return table


def _is_texts(value: object) -> bool:
    """Return whether this is a list of texts that say something."""
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


def _entries(table: dict[str, Any], where: str, known: Mapping[str, Entry]) -> Iterator[Entry]:
    """Yield the entries of one list."""
    listed = table.get("entries", [])
    if not isinstance(listed, list):
        raise BadInput("entries is no list", where, "Write entries = [ {name = ...}, ... ]")
    for number, raw in enumerate(listed, 1):
        at = f"{where}, entry {number}"
        if isinstance(raw, str):
            raw = {"name": raw}
        if not isinstance(raw, dict):
            raise BadInput("neither a table nor a text", at, 'Write {name = "Estlink 2", type = "asset"}')
        yield _entry(raw, at, table.get("type"), known)


def _entry(raw: dict[str, Any], at: str, usual: object, known: Mapping[str, Entry]) -> Entry:
    """Return one entry, or say what is wrong with it."""
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise BadInput(f"unknown key {unknown[0]!r}", at, "Known: " + ", ".join(sorted(_KEYS)))
    texts = {key: raw[key] for key in ("id", "name", "type", "iso", "capital", "office", "of", "asset") if key in raw}
    for key, value in sorted(texts.items()):
        if not isinstance(value, str) or not value.strip():
            raise BadInput(f"{key} is no text", at, f'Write {key} = "..."')
    for listed in ("also", "adjectives", "people"):
        if not _is_texts(raw.get(listed, [])):
            raise BadInput(f"{listed} is no list of texts", at, f'Write {listed} = ["...", "..."]')
    if "name" not in raw:
        raise BadInput("no name", at, 'Write name = "..."')
    kind = raw.get("type", usual)
    if kind not in (*ENTITY_TYPES, NOTHING):
        raise BadInput(f"type is {kind!r}", at, "One of " + ", ".join((*ENTITY_TYPES, NOTHING)))
    if not any(map(str.isalnum, raw["name"])):
        raise BadInput("name holds no letter", at, "Give the usual name")
    chart = known.get(str(raw.get("asset", "")))
    number = chart.number if chart else next((str(raw[key]) for key in ("mmsi", "imo") if key in raw), None)
    return Entry(
        id=raw.get("id") or (chart.id if chart else _slug(raw["name"])),
        name=raw["name"],
        type=kind,
        also=(*raw.get("also", ()), *(chart.also if chart else ())),
        iso=raw.get("iso"),
        adjectives=(*raw.get("adjectives", ()), *raw.get("people", ())),
        capital=raw.get("capital"),
        number=number,
        common=bool(raw.get("common", False)),
        full=bool(raw.get("full", False)),
        office=raw.get("office"),
        of=raw.get("of"),
    )


def _slug(name: str) -> str:
    """Return an id made of a name."""
    return "-".join(tokens(name).folds)


def _catalogue(assets: Iterable[Asset]) -> Iterator[Entry]:
    """Yield the assets of the chart under their names without what is in brackets; landing points are places."""
    for asset in assets:
        name = _BRACKETS.sub("", asset.name[:_LONGEST_NAME]).strip()
        if asset.kind != "landing_point" and any(map(str.isalnum, name)):
            yield Entry(asset.id, name, "asset", number=asset.id)


def _compiled(version: str, ruleset: str, entries: Mapping[str, Entry], cues: Mapping[str, set[str]]) -> Words:
    """Return the lists with everything that is looked up in them."""
    tree: Node = {}
    people: list[tuple[str, Entry]] = []
    surnames: dict[str, Entry | None] = {}
    for entry in [*_capitals(entries), *entries.values()]:
        for name in (entry.name, *entry.also):
            _plant(tree, entry, name)
        for name in entry.adjectives:
            _plant(tree, entry._replace(type=NATION), name)
        if entry.type == "person":
            people += [(name, entry) for name in (entry.name, *entry.also) if " " in name]
            if not entry.full:
                key = " ".join(tokens(entry.name.split()[-1]).folds)
                surnames[key] = None if key in surnames and surnames[key] != entry else entry
    for entry in entries.values():
        if entry.type == "person" and not entry.full and " " in entry.name:
            surname = entry.name.split()[-1]
            _plant(tree, entry, surname, True, surnames[" ".join(tokens(surname).folds)] is not None)
    fixed = {name: frozenset(words) for name, words in cues.items()}
    holders = {(e.office, e.of): e.name for e in entries.values() if e.office and e.of}
    marks: dict[str, set[str]] = {}
    for listed, listing in fixed.items():
        for word in listing:
            marks.setdefault(word, set()).add(listed)
    known = {word: frozenset(lists) for word, lists in marks.items()}
    return Words(version, ruleset, entries, tree, fixed, known, tuple(people), surnames, holders)


def _capitals(entries: Mapping[str, Entry]) -> Iterator[Entry]:
    """Yield the capitals of the countries as places; a list that names the place itself wins."""
    for entry in entries.values():
        if entry.capital:
            yield Entry(_slug(entry.capital), entry.capital, "place", of=entry.id)


def _plant(tree: Node, entry: Entry, name: str, surname: bool = False, sure: bool = True) -> None:
    """Put one way to write an entry into the tree. Of two entries under one name the later stands."""
    cut = tokens(name)
    node = tree
    for place in range(len(cut.folds)):
        node = node.setdefault(_key(cut, place, place > 0), {})
    exact = tuple(name[s:e] for s, e in zip(cut.starts, cut.ends, strict=True))
    forms: list[Form] = node.setdefault("", [])
    if surname and any(not form.surname and form.exact == exact for form in forms):
        return  # the surname is the name of something else, too, or stands in the list by itself
    forms[:] = [form for form in forms if form.exact != exact]
    forms.append(Form(entry, exact, name.endswith("."), surname, sure))


class Match(NamedTuple):
    """An entry found: words i to j (exclusive)."""

    i: int
    j: int
    form: Form


_GAPS = frozenset({" ", "-", "'", "\u2019", "", "\n", "\r\n", "\u00a0", "\u2013", "\u2011", "  ", "/", " & ", "&"})
_OWNER = frozenset({"'s ", "\u2019s ", "\u02bcs "})  # between an owner and what is owned


def _key(cut: Tokens, i: int, inside: bool) -> str:
    """Return under which key word i stands in the tree: after an owner's "'s" and after a comma under its own."""
    gap = cut.gap(i) if inside else " "
    return "'" + cut.folds[i] if gap in _OWNER else "," + cut.folds[i] if gap == ", " else cut.folds[i]


def _joins(cut: Tokens, i: int) -> bool:
    """Return whether word i goes on where word i - 1 ended."""
    gap = cut.gap(i)
    if gap in (". ", "."):
        return cut.ends[i - 1] - cut.starts[i - 1] <= 2  # "St. Petersburg", "U.S."
    return gap in _GAPS or gap in _OWNER or gap in (" (", ") ", ", ")


def matches(cut: Tokens, words: Words) -> list[Match]:
    """Return the longest names of the lists, from left to right."""
    found: list[Match] = []
    i, many, tree = 0, len(cut.folds), words.tree
    while i < many:
        node = tree.get(cut.folds[i])
        best = None if node is None else _longest(cut, i, many, node)
        if best is None:
            i += 1
        else:
            found.append(best)
            i = best.j
    return found


def _longest(cut: Tokens, i: int, many: int, start: Node) -> Match | None:
    """Return the longest name that begins with word i; `start`: what the tree has of it."""
    best: Match | None = None
    node: Node | None = start
    j = i + 1
    while node is not None:
        forms = node.get("")
        for form in reversed(forms or ()):
            if _is_written(form, cut, i) and (form.entry.type == "system" or not _is_cut(cut, j)):
                best = Match(i, _past_letters(cut, j), form)
                break
        if j >= many or len(node) == (1 if forms else 0):
            break
        node = node.get(_key(cut, j, True))
        if node is not None and not _joins(cut, j):
            break
        j += 1
    return best


def _is_cut(cut: Tokens, j: int) -> bool:
    """Return whether a name would end within what is written as one: the "Estlink" of "Estlink3"."""
    return j < len(cut.folds) and cut.gap(j) == ""


def _past_letters(cut: Tokens, j: int) -> int:
    """Return the end of a weapon's name with the letters of its version: "Su-34M", "F-16s"."""
    for end in range(j, j + 3):
        if not _is_cut(cut, end):
            return end
    return j


def _is_written(form: Form, cut: Tokens, i: int) -> bool:
    """Return whether the words are in the case of a name: capitals where the list has them."""
    if cut.shouting:
        return not form.entry.common and not (len(form.exact) == 1 and len(form.exact[0]) <= 2)
    for place, word in enumerate(form.exact, i):
        shape = cut.shapes[place]
        if word.isupper() and len(word) > 1:
            if shape != UPPER and (len(word) <= 3 or shape != CAPITAL or form.entry.common):
                return False
        elif word[0].isupper():
            if shape not in (CAPITAL, UPPER, DIGITS):
                return False
            if form.entry.common and cut.text[cut.starts[place] : cut.ends[place]] != word:
                return False
    return True


def known(words: Words, kind: str) -> Iterable[Entry]:
    """Return the entries of one type."""
    return (entry for entry in words.entries.values() if entry.type == kind)
