"""Who a vessel has said it is, from the record and the picture, and what watch lists say of each of its names."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from anchorwatch import schema
from anchorwatch.edges.identities import FIELDS, Value, values_of
from anchorwatch.judgement.watch_list import Hit
from anchorwatch.model import Vessel
from anchorwatch.picture.flags import flag_of
from anchorwatch.picture.identity import valid_imo
from anchorwatch.picture.latest import NOTHING, Said
from anchorwatch.watch.room import Room

MOST_SHARING = 50  # a number that so many give is nobody's
MOST_NUMBERS = 5  # IMO numbers of one vessel that are followed: a hull has one
MOST_FORMER = 40  # names and numbers of earlier that are looked up


class Listed(NamedTuple):
    """A listing and how it was found."""

    hit: Hit
    former: bool


def said_of(room: Room, mmsi: int) -> list[Value]:
    """Return what a vessel gave, by field, the last heard first.

    What it gives now counts as given until its last place: tables say a name once, not with every place.
    """
    said, place = room.latest.said(mmsi), room.latest.one(mmsi)
    now = {(v.field, v.value): v for v in values_of(_report(mmsi, said))}
    found = room.identities.of(mmsi) if room.identities is not None else []
    last_us = int(place["time_us"]) if place is not None else 0
    values = [v._replace(until_us=max(v.until_us, last_us)) if (v.field, v.value) in now else v for v in found]
    values = values or list(now.values())  # a room without a record
    return sorted(values, key=lambda v: (FIELDS.index(v.field), -v.until_us, v.value))


def _report(mmsi: int, said: Said) -> pl.DataFrame:
    row = {"mmsi": mmsi, "time_us": said.time_us} | {field: getattr(said, field) for field in FIELDS}
    return pl.DataFrame([row], schema={name: schema.STATICS[name] for name in row})


def listings_of(room: Room, mmsi: int, said: list[Value], at_us: int) -> list[Listed]:
    """Return the listings of a vessel, by what it gives now and by what it gave earlier, the surest first."""
    if not room.watch_lists.lists:
        return []
    found: dict[tuple[str, str, int, str], Listed] = {}
    for number, vessel in enumerate(_faces(room, mmsi, said)):
        for hit in room.watch_lists.hits(vessel, at_us):
            key = hit.source.path, hit.entry.list, hit.entry.imo, hit.entry.name
            found.setdefault(key, Listed(hit, number > 0))
    return sorted(found.values(), key=lambda f: (not f.hit.sure, f.former))


def _faces(room: Room, mmsi: int, said: list[Value]) -> list[Vessel]:
    """Return the vessel as it gives itself now, then under each IMO number and name of earlier."""
    now, flag = room.latest.said(mmsi), flag_of(mmsi)
    imos = [int(v.value) for v in said if v.field == "imo" and valid_imo(int(v.value))]
    names = [v.value for v in said if v.field == "name"]
    imo = now.imo if valid_imo(now.imo) else (imos[0] if imos and now is NOTHING else None)
    name = now.name or (names[0] if names else "")
    faces = [Vessel(mmsi, imo, name, flag=flag)]
    faces += [Vessel(mmsi, other, "", flag=flag) for other in imos if other != imo]
    faces += [Vessel(mmsi, imo, other, flag=flag) for other in names if other != name]
    return faces[:MOST_FORMER]


def same_imo_of(room: Room, mmsi: int, said: list[Value]) -> list[tuple[int, str, int]]:
    """Return (MMSI, name, IMO number) of the others that gave a number that this vessel gives or gave."""
    if room.identities is None:
        return []
    numbers = [int(v.value) for v in said if v.field == "imo" and valid_imo(int(v.value))][:MOST_NUMBERS]
    shared = [(other, imo) for imo in numbers for other in room.identities.giving_imo(imo, MOST_SHARING + 1)]
    others = [(other, imo) for other, imo in shared if other != mmsi][:MOST_SHARING]
    return [(other, _name_of(room, other), imo) for other, imo in others]


def _name_of(room: Room, mmsi: int) -> str:
    name = room.latest.said(mmsi).name
    if name or room.identities is None:
        return name
    names = [v for v in room.identities.of(mmsi) if v.field == "name"]
    return max(names, key=lambda v: v.until_us).value if names else ""
