"""The layouts of watch lists, each told by its header: which column says what.

- our own: `imo, mmsi, name, flag, list, date, note`, any order, at least one of the first three
- OpenSanctions `targets.simple.csv` and `maritime.csv` (companies and persons are passed over)
- OFAC `SDN.CSV`, which has no header: 12 columns, `-0-` for nothing, numbers in the remarks
- UK Sanctions List (FCDO), and the OFSI consolidated list that it replaced on 28 January 2026
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from anchorwatch.edges.records import plain
from anchorwatch.judgement.watch_list import Entry
from anchorwatch.picture.flags import countries
from anchorwatch.picture.identity import valid_imo

NOTE_CHARS, NAME_CHARS = 160, 60
Row = Mapping[str, str]


class Said(NamedTuple):
    """What a row says, as text."""

    list: str
    imo: str = ""
    mmsi: str = ""
    name: str = ""
    flag: str = ""
    listed: str = ""
    note: str = ""


@dataclass(frozen=True)
class Layout:
    """One layout with the header of one file."""

    name: str
    columns: tuple[str, ...]
    is_vessel: Callable[[Row], bool]
    said: Callable[[Row], Said]
    dated_columns: tuple[str, ...] = ()  # the newest of these is how old the content is
    has_header: bool = True

    def row(self, cells: list[str]) -> Row:
        """Return the cells by column; a short row has empty cells."""
        cells = cells + [""] * (len(self.columns) - len(cells))
        return {c: "" if v.strip() == "-0-" else v.strip() for c, v in zip(self.columns, cells, strict=False)}

    def dated(self, row: Row) -> int:
        """Return the time a row says that the list was made at."""
        return max((time_of(row.get(c, "")) for c in self.dated_columns), default=0)

    def entry(self, row: Row, counts: Counter[str]) -> Entry | None:
        """Return the entry of a row; None where it is no vessel or nothing can be matched."""
        if not self.is_vessel(row):
            counts["not_a_vessel"] += 1
            return None
        said = self.said(row)
        imo, mmsis = _imo(said.imo, counts), _mmsis(said.mmsi, counts)
        name, flag = plain(said.name)[:NAME_CHARS], flag_code(said.flag)
        if not (imo or mmsis or (name and flag)):
            counts["nothing_to_match_on"] += 1
            return None
        note = plain(said.note)[:NOTE_CHARS]
        return Entry(plain(said.list)[:NAME_CHARS] or self.name, imo, mmsis, name, flag, time_of(said.listed), note)


def recognise(cells: list[str]) -> Layout | None:
    """Return the layout that a first row belongs to."""
    columns = tuple(_folded(c) for c in cells)
    have = set(columns)
    if {"schema", "identifiers", "dataset"} <= have:
        return Layout("OpenSanctions targets.simple", columns, *SIMPLE)
    if {"type", "caption", "risk"} <= have:
        return Layout("OpenSanctions maritime", columns, *MARITIME)
    if {"unique id", "designation type", "imo number"} <= have:
        return Layout("UK Sanctions List", columns, *UK)
    if {"name 6", "group type", "other information"} <= have:
        return Layout("OFSI consolidated list", columns, *OFSI)
    if {"sdn_name", "sdn_type", "remarks"} <= have or (len(cells) == len(SDN_COLUMNS) and cells[0].strip().isdigit()):
        has_header = "sdn_name" in have
        return Layout("OFAC SDN", columns if has_header else SDN_COLUMNS, *SDN, has_header=has_header)
    own = tuple(OWN_NAMES.get(c, c) for c in columns)
    if {"imo", "mmsi", "name"} & set(own) and len(set(own)) == len(own):
        return Layout("own layout", own, *OWN)
    return None


def _own(row: Row) -> Said:
    note = row.get("note", "")
    imo = row.get("imo", "") or _first(r"IMO(?: number)?\W*(\d{7})\b", note)
    mmsi = row.get("mmsi", "") or _first(r"\bMMSI\W*(\d{9})\b", note)
    return Said(row.get("list", ""), imo, mmsi, row.get("name", ""), row.get("flag", ""), row.get("date", ""), note)


def _simple(row: Row) -> Said:
    ids = row["identifiers"].split(";")
    imo = ";".join(i for i in ids if re.fullmatch(r"\s*IMO\W*\d{7}\s*", i, re.I))
    mmsi = ";".join(i for i in ids if re.fullmatch(r"\s*MMSI\W*\d{9}\s*", i, re.I))
    dates = re.findall(r"\d{4}-\d{2}-\d{2}", row.get("sanctions", ""))
    note = row.get("program_ids") or row.get("sanctions", "")
    return Said(
        row["dataset"], imo, mmsi, row.get("name", ""), _one(row.get("countries", "")), min(dates, default=""), note
    )


def _maritime(row: Row) -> Said:
    said = Said(row.get("datasets", ""), row.get("imo", ""), row.get("mmsi", ""), row["caption"])
    return said._replace(flag=_one(row.get("flag", "")), note=row["risk"])


def _sdn(row: Row) -> Said:
    remarks = row["remarks"]
    imo, mmsi = _first(r"\bIMO\W*(\d{7})\b", remarks), _first(r"\bMMSI\W*(\d{9})\b", remarks)
    return Said("OFAC SDN", imo, mmsi, row["sdn_name"], row.get("vess_flag", ""), "", row.get("program", ""))


def _uk(row: Row) -> Said:
    flag = row.get("current believed flag of ship", "")
    listed, note = row.get("date designated", ""), row.get("regime name", "")
    return Said("UK Sanctions List", row["imo number"], "", _uk_name(row), flag, listed, note)


def _ofsi(row: Row) -> Said:
    other = row["other information"]
    imo, flag = _first(r"\(IMO number\)\W*(\d{7})\b", other), _first(r"\(Flag of ship\)\W*([A-Za-z .&']+)", other)
    return Said("UK OFSI", imo, "", _uk_name(row), flag, row.get("listed on", ""), row.get("regime", ""))


SDN_COLUMNS = (
    "ent_num", "sdn_name", "sdn_type", "program", "title", "call_sign", "vess_type", "tonnage", "grt", "vess_flag",
    "vess_owner", "remarks",
)  # fmt: skip
OWN_NAMES = {
    "source": "list", "notes": "note", "flag_code": "flag", "country_flag": "flag", "vessel_name": "name",
    "imo_number": "imo", "imo number": "imo", "listed": "date", "vessel name": "name", "fetched_at": "dated",
    "ship_name": "name", "remarks": "note",
}  # fmt: skip
OWN = (lambda r: r.get("type", "vessel").lower() in ("", "vessel", "ship"), _own, ("dated",))
SIMPLE = (lambda r: r["schema"].lower() == "vessel", _simple, ("last_seen", "last_change"))
MARITIME = (lambda r: r["type"].lower() == "vessel", _maritime)
SDN = (lambda r: r["sdn_type"].lower() == "vessel", _sdn)
UK = (lambda r: r["designation type"].lower() == "ship", _uk, ("last updated",))
OFSI = (lambda r: r["group type"].lower() == "ship", _ofsi, ("last updated",))


def _folded(header: str) -> str:
    return " ".join(header.strip().lstrip("\ufeff").lower().split())


def _uk_name(row: Row) -> str:
    return " ".join(row[n] for n in ("name 1", "name 2", "name 3", "name 4", "name 5", "name 6") if row.get(n))


def _one(codes: str) -> str:
    """The flag, where a list names one country only: with several nobody knows which is the flag."""
    return codes if ";" not in codes else ""


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.IGNORECASE)
    return match[1] if match else ""


def _imo(text: str, counts: Counter[str]) -> int:
    """Return the first IMO number that can be one, also out of `IMO 9329760`, `9329760.0` and `="9329760"`."""
    numbers = [int(n) for n in re.findall(r"(?<!\d)\d{7}(?!\d)", text[:200])]
    good = [n for n in numbers if valid_imo(n)]
    if text.strip() and not good:
        counts["bad_imo"] += 1
    return good[0] if good else 0


def _mmsis(text: str, counts: Counter[str]) -> tuple[int, ...]:
    """Return the MMSIs of ships: 9 digits from 2 to 7 (ITU-R M.585)."""
    good = tuple(dict.fromkeys(int(n) for n in re.findall(r"(?<!\d)[2-7]\d{8}(?!\d)", text[:400])))
    if text.strip() and not good:
        counts["bad_mmsi"] += 1
    return good


DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%b-%Y", "%Y%m%d", "%d.%m.%Y")


@cache
def time_of(text: str) -> int:
    """Return the time of a date in any of the lists' ways of writing, in microseconds; 0 = none."""
    head = text.strip()[:32].split("T")[0].split(" ")[0]
    for way in DATE_FORMATS:
        try:
            moment = datetime.strptime(head, way).replace(tzinfo=UTC)
        except ValueError:
            continue
        return int(moment.timestamp()) * 1_000_000 if 1900 < moment.year < 2200 else 0
    return 0


def date_of(time_us: int) -> str:
    """Return a date for people."""
    return datetime.fromtimestamp(time_us / 1e6, UTC).strftime("%Y-%m-%d")


# Names of states on the lists that pyais' table of MIDs calls otherwise.
OTHER_NAMES = {
    "DEMOCRATIC PEOPLES REPUBLIC OF KOREA": "KP", "NORTH KOREA": "KP", "KOREA NORTH": "KP", "SOUTH KOREA": "KR",
    "UNITED STATES": "US", "UNITED ARAB EMIRATES": "AE", "RUSSIAN FEDERATION": "RU", "ESWATINI": "SZ",
    "REPUBLIC OF PALAU": "PW", "TURKIYE": "TR", "SINT MAARTEN": "SX", "EQUATORIAL GUINEA": "GQ",
    "DOMINICAN REPUBLIC": "DO", "COTE DIVOIRE": "CI", "ST VINCENT AND GRENADINES": "VC", "VIET NAM": "VN",
    "REPUBLIC OF THE MARSHALL IS": "MH", "HONG KONG CHINA": "HK",
}  # fmt: skip


@cache
def flag_code(text: str) -> str:
    """Return the ISO 3166 alpha-2 code of a flag, given as such or as a name; empty where it is not known."""
    name = _state(text[:80])
    return name if len(name) == 2 and name in _codes().values() else _codes().get(name, "")


def _state(text: str) -> str:
    folded = text.upper().replace("ISLANDS", "IS").replace("SAINT ", "ST ").replace("&", " ").replace("'", "")
    words = [w for w in re.sub(r"[^A-Z]+", " ", folded).split() if w not in ("AND", "THE", "OF", "FALSE")]
    return " ".join(words)


@cache
def _codes() -> dict[str, str]:
    codes = {_state(name): "GB" if code == "UK" else code for code, name in countries().values()}
    return codes | {_state(name): code for name, code in OTHER_NAMES.items()}
