"""A watch that has read reports, for tests of its desk in a browser: its own sentences, and those of hostile kinds."""

from __future__ import annotations

from anchorwatch.desk.report import Item
from anchorwatch.watch.press import press_of
from anchorwatch.watch.room import Room
from api_room import NOW
from night_room import furnished

HOUR_US = 3_600_000_000
SLIP = "George Maloney met Mark Rutte in Brussels to discuss security guarantees for Ukraine."
DAMAGE = "The power cable Estlink 2 between Estonia and Finland was damaged on Wednesday, the operator said."
NEEDS = "Ukraine urgently needs 20 air defense systems to protect critical infrastructure."
GIVES = "NATO Secretary General Mark Rutte expects to deliver 19 air defense systems to Ukraine."
SPENDS = "Donald Trump called for NATO defense spending of 5% of GDP instead of the current 2%."
SAME = (
    "NATO is stepping up its military presence in the Baltic Sea after submarine cables were damaged.",
    "NATO increases its military presence in the Baltic Sea after submarine cables are damaged.",
)
IDLE = "The cat of the lighthouse keeper has won a prize at the village fair."
TEXTS = (SLIP, DAMAGE, NEEDS, GIVES, SPENDS, *SAME, IDLE)


def items(texts: tuple[str, ...] = TEXTS, source: str = "Harbour Post") -> list[Item]:
    """Return the texts as of the hours before now, the first the newest."""
    return [
        Item(
            text=text,
            source=source,
            url=f"https://news.example/{n}",
            published_us=NOW - n * HOUR_US,
            reference_us=NOW - n * HOUR_US,
            reference="published",
        )
        for n, text in enumerate(texts, 1)
    ]


def read_reports(room: Room) -> None:
    """Six alerts, some vessels, and a desk that has read."""
    furnished(room)
    press = press_of(room)
    press.take(items())
    press.looks.wait()
