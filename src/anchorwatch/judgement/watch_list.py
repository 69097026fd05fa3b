"""Watch lists: vessels that somebody has listed, matched on IMO number first, and what that may do to an alert.

A listing says something about papers, not about anchors. It is shown with every alert that behaviour raises, with
its source and date. It never raises an alert by itself, and all that it may change is this: behaviour that falls
just short of a caution becomes a caution.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, log
from typing import Any, NamedTuple

from anchorwatch.model import Reason, Vessel, rfc3339
from anchorwatch.picture.identity import Registry

# Behaviour may lack this much (log-odds) of a caution and still become one: odds 1.65 times as high. A finding
# without any evidence of its own lacks 0.9, so no listing can raise it.
MOST = 0.5
SHORTEST_NAME = 4  # shorter names belong to too many ships
HITS_SHOWN = 8


class Entry(NamedTuple):
    """One vessel on a list. 0 and empty = the list does not say."""

    list: str  # who lists it: "OFAC SDN", "EU Council Official Journal", ...
    imo: int = 0
    mmsis: tuple[int, ...] = ()
    name: str = ""
    flag: str = ""  # ISO 3166 alpha-2
    listed_us: int = 0  # from when on
    note: str = ""  # programme, risk class: in the list's own words


@dataclass(frozen=True)
class WatchList:
    """One file of listed vessels."""

    path: str
    layout: str
    dated_us: int  # how old the file's content is
    dated_by: str  # "contents", or "file" where only the file's own time is known
    sha256: str
    entries: tuple[Entry, ...] = field(repr=False)
    counts: dict[str, int] = field(default_factory=dict)  # rows not used, by reason


class Hit(NamedTuple):
    """A vessel that is, or may be, on a list."""

    entry: Entry
    source: WatchList
    by: str  # imo, mmsi, name_and_flag
    sure: bool

    @property
    def name(self) -> str:
        """Name of the reason."""
        return "on_watch_list" if self.sure else "possibly_on_watch_list"


@dataclass(frozen=True)
class WatchLists:
    """All lists of a watch, ready to be asked about single vessels."""

    lists: tuple[WatchList, ...] = ()

    @cached_property
    def _index(self) -> dict[tuple[str, Any], list[tuple[Entry, WatchList]]]:
        index: dict[tuple[str, Any], list[tuple[Entry, WatchList]]] = {}
        for source in self.lists:
            for entry in source.entries:
                for key in _keys(entry.imo, entry.mmsis, entry.name, entry.flag):
                    index.setdefault(key, []).append((entry, source))
        return index

    def hits(self, vessel: Vessel, at_us: int) -> tuple[Hit, ...]:
        """Return the listings of a vessel as it was known then, the surest first.

        A listing that began later is left out: a watch at that time could not have known it.
        """
        found: dict[tuple[str, str, int | str], Hit] = {}  # a list names one ship several times, by its names of old
        for key in _keys(vessel.imo or 0, (vessel.mmsi,), vessel.name, vessel.flag):
            for entry, source in self._index.get(key, ()):
                other_hull = bool(entry.imo and vessel.imo and entry.imo != vessel.imo)
                if entry.listed_us > at_us or (other_hull and key[0] == "name_and_flag"):
                    continue
                sure = key[0] != "name_and_flag" and not other_hull
                found.setdefault((source.path, entry.list, entry.imo or entry.name), Hit(entry, source, key[0], sure))
        return tuple(sorted(found.values(), key=lambda h: not h.sure))[:HITS_SHOWN]

    @property
    def most(self) -> list[Reason]:
        """The most that a listing may add to any score."""
        return [Reason("most_from_watch_list", "", "", MOST)] if self.lists else []


def reasons_of(hits: Iterable[Hit], behaviour: float, caution_at: float) -> list[Reason]:
    """Name each listing; only the surest may weigh, and only as much as behaviour lacks of a caution.

    `behaviour` is the log-odds of all other reasons, `caution_at` the score at which a caution begins.
    """
    lacks = ceil((log(caution_at / (1 - caution_at)) - behaviour) * 1000) / 1000
    lift = lacks if 0 < lacks <= MOST else 0.0
    reasons = []
    for hit in hits:
        baseline = f"by {_matched(hit)}, list of {rfc3339(hit.source.dated_us)[:10]}"
        reasons.append(Reason(hit.name, hit.entry.list, "", lift if hit.sure else 0.0, baseline))
        lift = 0.0
    return reasons


def as_extra(hits: Iterable[Hit], mmsi: int) -> list[dict[str, Any]]:
    """Return listings as they stand in `extra.watch_lists` of an alert."""
    return [
        {
            "mmsi": mmsi,
            "list": hit.entry.list,
            "file": hit.source.path,
            "sha256": hit.source.sha256,
            "dated": rfc3339(hit.source.dated_us),
            "dated_by": hit.source.dated_by,
            "matched_on": hit.by,
            "sure": hit.sure,
            "name": hit.entry.name,
            "imo": hit.entry.imo or None,
            "flag": hit.entry.flag,
            "listed": rfc3339(hit.entry.listed_us) if hit.entry.listed_us else None,
            "note": hit.entry.note,
        }
        for hit in hits
    ]


def registry_facts(registry: Registry, vessel: Vessel, at_us: int) -> dict[str, Any]:
    """Return what the vessel's own numbers say: its flag by MMSI, and whether its IMO number can be one.

    Notes for whoever looks at the ship's papers. A wrong number is most often a slip of the crew: no accusation.
    """
    said = registry.said_imo(vessel.mmsi, at_us)
    notes = []
    if said and vessel.imo is None:
        notes.append(f"IMO number {said} fails its check digit")
    if not vessel.flag:
        notes.append(f"the MMSI {vessel.mmsi} begins with no country's digits")
    return {"flag": vessel.flag or None, "imo_said": said or None, "imo_valid": bool(vessel.imo) if said else None} | (
        {"notes": notes} if notes else {}
    )


def plain_name(name: str) -> str:
    """Return a ship's name as it compares: letters and digits, no accents, no M/V before it."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = re.sub(r"[^A-Z0-9]+", " ", re.sub(r"^\s*(M[/.]?[VT]|S[/.]?S)[. ]+", "", folded)).split()
    return " ".join(words)


def _keys(imo: int, mmsis: Iterable[int], name: str, flag: str) -> list[tuple[str, Any]]:
    """What a listing can be found by, the surest first."""
    keys: list[tuple[str, Any]] = [("imo", imo)] if imo else []
    keys += [("mmsi", mmsi) for mmsi in mmsis if mmsi]
    plain = plain_name(name)
    if flag and len(plain) >= SHORTEST_NAME:
        keys.append(("name_and_flag", (plain, flag)))
    return keys


def _matched(hit: Hit) -> str:
    if hit.by == "imo":
        return f"IMO number {hit.entry.imo}"
    if hit.by == "mmsi":
        return "MMSI" if hit.sure else "MMSI, but the IMO numbers differ"
    return "name and flag only"
