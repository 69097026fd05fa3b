"""A row of a ledger in words: for each ledger which cells are read out, in which order, and with which words."""

from __future__ import annotations

from collections.abc import Mapping

from anchorwatch.desk.brief.words import begun, clean, listed, named_within
from anchorwatch.desk.ledgers.ledger import BESIDE, Cell, Row

MOST_CELL = 90
# Cells of one ledger, read out with commas between; {} is the cell, or the cells that are joined by "+".
READ_OUT: dict[str, tuple[tuple[str, str], ...]] = {
    "incidents": (("kind", "{}"), ("count+counted", "{}"), ("assets", "{}"), ("place", "place: {}"),
                  ("actors", "who, as said: {}"), ("vessels", "named in it, which accuses nobody: {}")),
    "presence": (("who", "{}"), ("kind", "{}"), ("number+counted", "{}"), ("forces", "with {}"), ("place", "place: {}"),
                 ("state", "{}")),
    "energy": (("kind", "{}"), ("who", "{}"), ("to", "with or from {}"), ("assets", "{}"), ("place", "place: {}"),
               ("affected+counted", "{} affected"), ("capacity", "{} MW")),
    "assistance": (("kind", "{}"), ("said", "“{}”"), ("system", "{}"), ("giver", "from {}"), ("receiver", "for {}"),
                   ("state", "{}")),
    "spending": (("who", "{}"), ("level", "“{}”"), ("role", "{}"), ("of", "of {}"), ("stance", "{}")),
    "positions": (("party", "{}"), ("topic", "on {}"), ("stance", "{}"), ("condition", "condition: “{}”"),
                  ("to", "to {}")),
    "calendar": (("state", "{}"), ("participants", "{}"), ("place", "place: {}"), ("date", "{}"),
                 ("purpose", "about “{}”")),
}  # fmt: skip
# Words of the ledgers that are read differently in a sentence.
READ_AS = {
    "infrastructure_damage": "damage", "command_change": "change of command", "procurement": "purchase",
    "target": "a target", "current": "the level now", "from_to": "a change", "required": "what it would take",
    "for": "in favour", "conditional": "in favour on a condition", "other": "another matter",
    "to come": "meeting to come", "past": "meeting held",
}  # fmt: skip


def in_words(ledger: str, row: Row) -> str:
    """Return a row without its end: "NATO, “5% of GDP”, a target (demand, says Donald Trump)"."""
    cells = row.cells
    parts: list[str] = []
    for keys, template in READ_OUT.get(ledger) or tuple((key, f"{key}: {{}}") for key in cells if key not in _APART):
        if keys in _KINDS and str(cells.get("kind")) not in _KINDS[keys]:
            continue
        values = [_value(cells.get(key), key in row.differs) for key in keys.split("+")]
        said = template.replace("{}", " ".join(filter(None, values))) if any(values) else ""
        if said and said not in parts and _number_first(keys, values):
            parts.append(said)
    when = _value(cells.get("when"))
    parts += [f"“{when}”"] if when and not any(when in part for part in parts) else []
    text = begun(", ".join(parts))
    return text + how_said(cells, text)


def how_said(cells: Mapping[str, Cell], text: str = "") -> str:
    """Return how sure a row is and, where the text does not name them, who says it: " (plan, says NATO)"."""
    speaker = named_within(_value(cells.get("speaker")))
    words = [word for word in str(cells.get("modality") or "").split(", ") if word]
    modality = listed([clean("reported" if word == "fact" else word, 40) for word in words])
    who = f"says {speaker}" if speaker and speaker.lower() not in text.lower() else ""
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
        return "either " + " or ".join(_word(side) for side in text.split(BESIDE))
    return _word(text)


def _word(text: str) -> str:
    return READ_AS.get(text) or clean(text.replace("_", " "), MOST_CELL)


def _number_first(keys: str, values: list[str]) -> bool:
    """Say no to the noun of a count where the count is missing."""
    return "+" not in keys or bool(values[0])


# Cells that say something of some kinds only. Who tells of damage is none who did it, whatever the cell is called.
_KINDS = {"actors": ("airspace", "exercise or attack scenario"), "to": ("grid",)}
_APART = frozenset({"modality", "speaker", "when", "reported", "url"})
