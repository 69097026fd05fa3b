"""What numbers are of and for, over all roles: sentences of our own, answered before the rules were run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from anchorwatch.desk import event_rules
from anchorwatch.desk.dates import dates
from anchorwatch.desk.gazetteer import packaged
from anchorwatch.desk.ledgers import build
from anchorwatch.desk.quantities import quantities
from anchorwatch.desk.report import ROLES, Item, Quantity
from anchorwatch.desk.understand import Desk

TABLE = Path(__file__).parent / "desk_items" / "numbers.txt"
ANY = "-"


class Wanted(NamedTuple):
    text: str
    unit: str | None
    role: str
    of: str


class Counts(NamedTuple):
    """Of all wanted numbers: those found, with their role, with their noun; and those that nobody wanted."""

    wanted: int
    found: int
    roles: int
    nouns: int
    extra: int


def table() -> list[tuple[str, list[Wanted]]]:
    rows = []
    for line in TABLE.read_text("utf-8").splitlines():
        text, _, said = line.partition(" || ")
        if said and not line.startswith("#"):
            cells = [[cell.strip() for cell in one.split(";")] for one in said.split(" | ")]
            rows.append((text, [Wanted(a, None if b == ANY else b, c, d) for a, b, c, d in cells]))
    return rows


def head(noun: str | None) -> str:
    words = re.findall(r"\w+", re.split(r"\s(?:of|for|in|on|to)\s", noun or "")[0].casefold())
    return words[-1].removesuffix("s") if words else ""


def read(text: str) -> Sequence[Quantity]:
    return quantities(text, [(when.start, when.end) for when in dates(text, None) if not when.duration])


def counted(missed: list[str]) -> Counts:
    wanted = found = roles = nouns = extra = 0
    for text, numbers in table():
        told = {q.text: q for q in read(text)}
        extra += len(told.keys() - {one.text for one in numbers})
        for one in numbers:
            q = told.get(one.text)
            wanted += 1
            if q is None or q.unit != one.unit:
                missed.append(f"{text}: {one.text}")
                continue
            role, noun = one.role in (ANY, q.role), one.of == ANY or head(q.of) == head(one.of)
            found, roles, nouns = found + 1, roles + role, nouns + noun
            if not (role and noun):
                missed.append(f"{text}: {one.text} is {q.role} of {q.of}")
    return Counts(wanted, found, roles, nouns, extra)


def test_numbers_are_of_what_they_are_said_of() -> None:
    missed: list[str] = []
    counts = counted(missed)
    assert counts.wanted >= 300
    assert min(counts.found, counts.roles, counts.nouns) >= 0.97 * counts.wanted, "\n".join(missed)
    assert counts.extra <= 0.01 * counts.wanted


def test_all_roles_are_in_the_table() -> None:
    assert set(ROLES) <= {one.role for _, numbers in table() for one in numbers}


AMOUNTS = (
    ("Of these, 11 billion fall on Germany.", "given", "assistance"),
    ("Another 3 billion will be provided in the form of loans.", "given", "loans"),
    ("The reserve will be 9 billion euros.", "total", "reserve"),
)


@pytest.mark.parametrize(("text", "role", "of"), AMOUNTS)
def test_an_amount_goes_on_from_the_one_before(text: str, role: str, of: str) -> None:
    last = read("The partners announced assistance totalling 21 billion euros. " + text)[-1]
    assert (last.role, head(last.of)) == (role, head(of))


def test_what_is_bought_is_named_in_the_sentence_before() -> None:
    last = read("Kyiv needs ten Patriot systems. It will buy them for 15 billion dollars.")[-1]
    assert (last.role, last.of) == ("cost", "Patriot systems")


def test_years_are_no_level_of_spending() -> None:
    text = (
        "Mark Rutte said that setting up a separate European defense alliance would"
        " require 8-10% of GDP and 15-20 years."
    )
    reports = Desk(packaged(), event_rules.packaged()).read([Item(text)])
    levels = [row.cells.get("level") for row in build("spending", reports).rows]
    assert levels == ["8-10% of GDP"]
