"""Who is meant without a name: "Russian" means Russia, "Finns" Finland.

These make actors of claims; they never are entities of a report.
"""

from __future__ import annotations

from anchorwatch.desk.entities import scanned
from anchorwatch.desk.gazetteer import NATION, Words
from anchorwatch.desk.report import Entity


def nations(text: str, words: Words) -> list[Entity]:
    """Return the adjectives of nation, each as the country that it says; "the French" and "Finns", too."""
    scan, found = scanned(text, words), []
    for match in scan.matches:
        entry = match.form.entry
        if entry.type == NATION:
            start, end = scan.cut.starts[match.i], scan.cut.ends[match.j - 1]
            found.append(Entity(scan.cut.text[start:end], start, end, "country", entry.name, id=entry.iso))
    return found
