"""A row of a ledger in words: for each ledger which cells are read out, in which order, and with which words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from anchorwatch.desk.brief.words import begun, clean, listed, named_within
from anchorwatch.desk.ledgers.ledger import BESIDE, Cell, Row

MOST_CELL = 90
# Cells of one ledger, as they are read out one after the other; {} is the cell, or the cells joined by "+".
READ_OUT: dict[str, tuple[tuple[str, str], ...]] = {
    "incidents": (("kind", "{}"), ("assets", ", {}"), ("place", "in {}"), ("count+counted", ", {}"),
                  ("actors", ", by {}, as said"), ("to", ", concerning {}"),
                  ("vessels", ", named in it, which accuses nobody: {}")),
    "presence": (("kind", "{}"), ("who", "of {}"), ("place", "in {}"), ("forces", "with {}"),
                 ("number+counted", ", {}"), ("state", ", {}")),
    "energy": (("kind", "{}"), ("who", "by {}"), ("to", "with or from {}"), ("assets", ", {}"), ("place", "in {}"),
               ("affected+counted", ", {} affected"), ("capacity", ", {} MW"), ("secret", ", becomes secret: “{}”"),
               ("public", ", stays public: “{}”")),
    "assistance": (("kind", "{}"), ("giver", "from {}"), ("receiver", "for {}"), ("said", ", “{}”"),
                   ("system", ", {}"), ("state", ", {}")),
    "spending": (("who", "{}"), ("level", ", “{}”"), ("of", "for {}"), ("role", ", {}"), ("stance", ", {}")),
    "positions": (("party", "{}"), ("topic", "on {}"), ("stance", ", {}"), ("condition", ", condition: “{}”"),
                  ("to", "towards {}"), ("number", ", “{}”")),
    "calendar": (("state", "{}"), ("participants", ": {}"), ("place", "in {}"), ("date", ", {}"),
                 ("purpose", ", about “{}”")),
}  # fmt: skip
# Places that have an article; bases and ports, at which one is.
_THE = re.compile(
    r"\b(?:Sea|Gulf|Straits?|States|states|Ocean|Channel|Kingdom|Netherlands|Gap|Balkans|Belt|Sound|Corridor)\b"
)
_THEIRS = re.compile(
    r"\b(?:Navy|Guard|Fleet|Forces?|Army|Ministry|Board|Group|Union|Seimas|Saeima|Riigikogu|Riksdag|Bundestag|Storting"
    r"|Rada|Corps|Command|Agency|Authority|Commission|Parliament|states|States|Kingdom|Netherlands)\b"
)
_AT = re.compile(r"\b(?:Base|Airport|[Tt]erminal|storage|[Hh]eadquarters|port)\Z")
HOW = {"fact": "reported", "plan": "planned", "promise": "promised", "demand": "demanded", "estimate": "estimated"}
# Words of the ledgers that are read differently in a sentence.
READ_AS = {
    "infrastructure_damage": "damage", "command_change": "change of command", "procurement": "purchase",
    "target": "a target", "current": "the level now", "from_to": "a change", "required": "what it would take",
    "for": "in favour", "conditional": "in favour on a condition", "other": "another matter",
    "to come": "meeting to come", "past": "meeting held", "attempted damage": "an attempt at damage",
    "attempted disruption": "an attempt at disruption", "airspace": "incident in the air",
    "planned, under way": "planned and under way", "under way, planned": "under way and planned",
    "disturbance of the grid": "disturbance of a grid", "coordinates": "at work", "zone": "zone of control",
}  # fmt: skip


def in_words(ledger: str, row: Row) -> str:
    """Return a row without its end: "NATO, “5% of GDP”, asked for (demanded, says Donald Trump)"."""
    cells = row.cells
    text = ""
    for keys, template in READ_OUT.get(ledger) or tuple((k, f", {k}: {{}}") for k in cells if k not in _APART):
        if keys in _KINDS and str(cells.get("kind")) not in _KINDS[keys]:
            continue
        values = [_value(cells.get(key), key in row.differs) for key in keys.split("+")]
        known = keys in _SAID_BEFORE and values[0].casefold() in text.casefold()
        if keys in _NAMES and values[0] and template != "{}":
            values = [_listed(values[0])]
        if keys == "place" and values[0]:
            values, template = [_placed(values[0])], template.replace("in {}", "{}")
        said = template.replace("{}", " ".join(filter(None, values))) if any(values) else ""
        if said and not known and _number_first(keys, values):
            text += said if said[0] in ",:" else f" {said}"
    when = _value(cells.get("when"))
    text += f", “{when}”" if when and when not in text else ""
    text = begun(text.lstrip(" ,:"))
    return text + how_said(cells, text)


def _listed(names: str) -> str:
    """Return names behind a preposition: "the Lithuanian Navy and NATO"."""
    return listed(
        f"the {n}" if _THEIRS.search(n) and not n.startswith(("the ", "The ")) else n for n in names.split(", ")
    )


def _placed(place: str) -> str:
    """Return where: "in the Baltic Sea", "at Ramstein Air Base"."""
    names = [f"the {name}" if _THE.search(name) and not name.startswith("the ") else name for name in place.split(", ")]
    return f"{'at' if _AT.search(names[0]) else 'in'} {listed(names)}"


def how_said(cells: Mapping[str, Cell], text: str = "") -> str:
    """Return how sure a row is and, where the text does not name them, who says it: " (plan, says NATO)"."""
    speaker = named_within(_value(cells.get("speaker")))
    words = [word for word in str(cells.get("modality") or "").split(", ") if word]
    how = [HOW.get(word, word) for word in words]
    modality = listed([clean(word, 40) for word in how if not text.endswith(f", {word}")])  # ", planned (planned)"
    named = speaker and re.search(rf"(?:\A|, |: |of |by |from ){re.escape(speaker)}\b", text, re.IGNORECASE)
    who = f"{'' if words == ['fact'] else 'says '}{speaker}" if speaker and not named else ""
    if who and words == ["fact"]:
        return f" (reported by {who})"
    said = ", ".join(filter(None, (modality, who)))
    return f" ({said})" if said else ""


def _value(value: Cell, differs: bool = False) -> str:
    """Return a cell in words; where its sources differ it holds several values, which stand beside each other."""
    if value in (None, ""):
        return ""
    if isinstance(value, int | float):
        return f"{value:,}"
    text = str(value)
    if differs:
        return ", or ".join(_word(side) for side in text.split(BESIDE))
    return _word(text)


def _word(text: str) -> str:
    return READ_AS.get(text) or clean(text.replace("_", " "), MOST_CELL)


def _number_first(keys: str, values: list[str]) -> bool:
    """Say no to the noun of a count where the count is missing."""
    return "+" not in keys or bool(values[0])


# Cells that say something of some kinds only. Who tells of damage is none who did it, whatever the cell is called.
_KINDS = {
    "actors": ("airspace", "exercise or attack scenario"),
    "to": ("connection of grids", "airspace", "exercise or attack scenario"),
}
_NAMES = frozenset({"who", "giver", "receiver", "participants", "to"})
_SAID_BEFORE = frozenset({"system", "of", "forces", "place"})  # not told again where other cells hold the same words
_APART = frozenset({"modality", "speaker", "when", "reported", "url"})
