"""A watch that has read reports, for tests of its desk in a browser: its own sentences, and those of hostile kinds."""

from __future__ import annotations

from typing import Any

from anchorwatch.desk.report import Item
from anchorwatch.watch.press import press_of
from anchorwatch.watch.room import Room
from api_room import NOW
from browser import until
from night_room import furnished

HOUR_US = 3_600_000_000
SLIP = "George Maloney met Mark Rutte in Brussels to discuss security guarantees for Ukraine."
DAMAGE = "The power cable Estlink 2 between Estonia and Finland was damaged on Wednesday, the operator said."
NEEDS = "Ukraine urgently needs 20 air defense systems to protect critical infrastructure."
GIVES = "NATO chief Mark Rutte expects to deliver 19 air defense systems to Ukraine."
SPENDS = "Donald Trump called for NATO defense spending of 5% of GDP instead of the current 2%."
SAME = (
    "NATO is stepping up its military presence in the Baltic Sea after submarine cables were damaged.",
    "NATO is increasing its military presence in the Baltic Sea now that submarine cables are damaged.",
)
IDLE = "The cat of the lighthouse keeper has won a prize at the village fair."
TEXTS = (SLIP, DAMAGE, NEEDS, GIVES, SPENDS, *SAME, IDLE)
SHIP = "🚢⚓ A power cable in the Gulf of Finland was damaged on Sunday, officials said. Repairs will take months."
LONG_AGO_US = NOW - 400 * 24 * HOUR_US  # another incident than those of this year
FROM_FILE = Item(
    text=SHIP,
    url="javascript:alert(1)",
    published_us=LONG_AGO_US,
    reference_us=LONG_AGO_US,
    reference="published",
    line=5,
    file="/home/officer/secret/digest.txt",
)


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


def read_more(room: Room) -> None:
    """The same, and a text of a file, whose words stand behind signs that JavaScript counts twice."""
    read_reports(room)
    press_of(room).take([FROM_FILE])
    press_of(room).looks.wait()


def go(page: Any, path: str, wanted: str = ".panel h2", by: tuple[str, ...] = ("/",)) -> None:
    """From page to page as a link does: by way of the map, so that nothing of the last one is left."""
    for to in (*by, f"/{path}"):
        page.evaluate(
            """(to) => {
              history.pushState(null, "", to);
              dispatchEvent(new PopStateEvent("popstate"));
              return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            }""",
            to,
        )
    page.locator(wanted).first.wait_for()
    until(page, "!/Loading/.test(document.querySelector('.panel')?.innerText ?? 'Loading')")


def words(page: Any, selector: str = ".panel") -> str:
    return str(page.locator(selector).first.inner_text())


def choose(page: Any, words: str) -> None:
    """Choose words of the text, as a pointer does."""
    page.evaluate(
        """(words) => {
          const walk = document.createTreeWalker(document.querySelector("#report-words"), NodeFilter.SHOW_TEXT);
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const at = node.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
          }
        }""",
        words,
    )
