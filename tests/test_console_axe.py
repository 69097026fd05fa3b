"""Every page for everybody: axe finds nothing serious, targets are large, nothing is cut off, the focus is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anchorwatch.edges.feeds import CONNECTED, WAITING, Health
from anchorwatch.model import rfc3339
from anchorwatch.watch.press import press_of
from anchorwatch.watch.room import Progress, Room
from api_room import MadeFeed, a_chart, sail
from browser import Shown, just_raised, needs_browser, now_us, shown, tab, until
from desk_room import DAMAGE, SAME, TEXTS, items

AXE = Path(__file__).parents[1] / "page/node_modules/axe-core/axe.min.js"
pytestmark = [
    pytest.mark.slow,
    *needs_browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there: make page"),
]
BEGAN_US = now_us()
LEVELS = ("caution", "warning", "alarm")
SIZES = ({"width": 1280, "height": 720}, {"width": 1024, "height": 768})

# Each page: its address, what must be seen before it is judged, and keys that open something on it.
PAGES: dict[str, tuple[str, str, list[str]]] = {
    "queue and map": ("", "[data-alert]", ["j"]),
    "alert": ("alerts/a1-0000000000000002", ".panel .actions button", []),
    "no such alert": ("alerts/a1-00000000000000ff", ".panel h2", []),
    "vessel": ("vessels/230000001", ".panel h2", []),
    "asset": ("assets/estlink-2", ".panel h2", []),
    "assets": ("assets", ".panel a", []),
    "zone": ("zones/bank", ".panel h2", []),
    "zones": ("zones", ".panel a", []),
    "feeds": ("feeds", ".panel a", []),
    "feed": ("feeds/digitraffic", ".panel h2", []),
    "search": ("search?q=e", ".panel a", []),
    "nothing found": ("search?q=zzzzzz", ".panel h2", []),
    "reports": ("reports?whole=1", ".report-row", []),
    "report": ("reports/{report}", ".claim-head", []),
    "stories": ("stories", ".panel .asset-row", []),
    "story": ("stories/{story}", ".beside .report-row", []),
    "ledgers": ("ledgers", ".ledger-row", []),
    "ledger": ("ledgers/spending", "table.ledger", []),
    "ledger of a matrix": ("ledgers/positions", ".desk-nav", []),
    "calendar": ("ledgers/calendar", ".meeting", []),
    "incidents": ("incidents", ".incident-sign", []),
    "incident": ("incidents/{incident}", ".incident-state", []),
    "brief": ("brief", ".brief h3", []),
    "welcome": ("welcome", ".welcome h2", []),
    "earlier": ("?t={earlier}", ".banner.earlier", []),
    "help": ("", "[data-alert]", ["j", "?"]),
    "silences": ("", "[data-alert]", ["j", "Shift+S"]),
    "chosen": ("", "[data-alert]", ["j", "Shift+J", "Shift+J"]),
    **{f"dialog {key}": ("", "[data-alert]", ["j", key]) for key in "gnvecs"},
    "login": ("login", "main.login", []),
    "handover": ("handover", "main", []),
    "plain": ("plain", "h1", []),
}
OF_THE_SERVER = ("login", "handover", "plain")  # pages without script, and without palettes of ours


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    well = Health(CONNECTED, BEGAN_US, BEGAN_US, 10, 1000, 60_000, 1)
    ill = Health(WAITING, BEGAN_US, BEGAN_US - 600_000_000, 10, 1000, 60_000, 9, "connection refused")
    feeds = (MadeFeed("mast", silent_after_s=1e6, health=well), MadeFeed("digitraffic", "digitraffic:", health=ill))
    with shown(tmp_path_factory.mktemp("axe"), a_chart(), feeds, progress=PROGRESS, fill=furnished) as opened:
        yield opened


PROGRESS = Progress(BEGAN_US, True, settled_us=BEGAN_US)


def furnished(room: Room) -> None:
    sail(room, BEGAN_US)
    room.store.record([just_raised(n, LEVELS[n % 3], BEGAN_US) for n in range(1, 13)], 12)
    press = press_of(room)
    press.take(items())
    press.looks.wait()


def ids(watch: Shown) -> dict[str, str]:
    """What the desk gave what it read."""
    kept = press_of(watch.room).reports
    told = {text: item.id for text, item in zip(TEXTS, items(), strict=True)}
    story = (kept.get(told[SAME[0]]) or {}).get("story")
    return {"report": told[DAMAGE], "story": str(story), "incident": kept.incidents()[0].id}


def visit(page: Any, watch: Shown, name: str) -> None:
    """Open one of the pages, as it is after its keys; from page to page as a link does."""
    path, seen, keys = PAGES[name]
    address = watch.url + path.format(earlier=rfc3339(BEGAN_US - 3_600_000_000), **ids(watch))
    if name in OF_THE_SERVER or not page.evaluate("Boolean(document.querySelector('#app'))"):
        page.goto(address)
    else:
        for _ in range(2):
            page.keyboard.press("Escape")
            page.locator("dialog[open]").wait_for(state="detached")
        page.evaluate(
            "(to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }", address
        )
    page.locator(seen).first.wait_for()
    for key in keys:
        page.keyboard.press(key)
    if name.startswith(("dialog", "help", "silences")):
        page.locator("dialog[open]").wait_for()
    until(page, "!/Loading|Asking/.test(document.body.innerText)")


AXE_RUN = """async (only) => (await axe.run(document, { runOnly: only, resultTypes: ["violations"] })).violations.map(
  ({ id, impact, nodes }) => `${impact} ${id}: ` +
    nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} (${n.failureSummary})`).join(" | "))"""
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}


def serious(page: Any) -> list[str]:
    """What axe finds that is serious or critical, in each palette."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text(encoding="utf-8"))  # in this way because the policy lets no other script in
    found = page.evaluate(AXE_RUN, WCAG)
    for look in ("day", "night"):  # only colours change
        page.evaluate("(look) => { document.documentElement.dataset.look = look; }", look)
        found += [f"{look}: {one}" for one in page.evaluate(AXE_RUN, CONTRAST)]
    page.evaluate("document.documentElement.dataset.look = 'dusk'")
    return [one for one in found if re.search("serious|critical", one)]


SHAPES = Path(__file__).with_name("console_shapes.js").read_text(encoding="utf-8").split("\n", 1)[1].strip().rstrip(";")
TARGET_PX = 44
SETTLED = 40  # looks at the page while it follows a new size; what is wrong must be so each time


def misshapen(page: Any) -> list[str]:
    """What is too small, cut off or covered, at both sizes."""
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        for _ in range(SETTLED):
            page.wait_for_timeout(60)
            if not (wrong := page.evaluate(SHAPES, TARGET_PX)):
                break
        found += [f"{size['width']}: {one}" for one in wrong]
    page.set_viewport_size(SIZES[0])
    return found


def test_every_page_is_for_everybody(browser: Any, watch: Shown) -> None:
    found: dict[str, list[str]] = {}
    with tab(browser) as sight:
        sight.page.goto(watch.visit)
        for name in PAGES:
            visit(sight.page, watch, name)
            found[name] = serious(sight.page)
            if name not in OF_THE_SERVER:
                found[name] += misshapen(sight.page)
    told = [f"{name}: {one}" for name, those in found.items() for one in those]
    assert not told, "\n".join(told)


def test_the_check_itself_finds_what_is_wrong(browser: Any, watch: Shown) -> None:
    with tab(browser) as sight:
        sight.page.goto(watch.url + "login")
        sight.page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<img src=/plain.css><button>small</button>')"
        )
        assert any("image-alt" in one for one in serious(sight.page))
        assert any("px: <button>small" in one for one in sight.page.evaluate(SHAPES, TARGET_PX))


FOCUS = """() => {
  const on = document.activeElement;
  if (!on || on === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(on);
  const box = on.getBoundingClientRect();
  const isSeen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0;
  const isMarked = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  on.dataset.stop ??= String(document.querySelectorAll("[data-stop]").length);
  return { stop: on.dataset.stop, html: on.outerHTML.slice(0, 140), isSeen, isMarked };
}"""


def test_the_focus_is_seen_wherever_tab_leads(browser: Any, watch: Shown) -> None:
    with tab(browser) as sight:
        sight.page.goto(watch.visit)
        for name in ("queue and map", "alert", "asset", "feeds", "reports", "report", "ledger", "welcome", "dialog s"):
            visit(sight.page, watch, name)
            stops = tab_through(sight.page)
            assert len(stops) >= 5, name
            assert not [stop for stop in stops if not (stop["isSeen"] and stop["isMarked"])], name


def tab_through(page: Any) -> list[dict[str, Any]]:
    """Press Tab until it comes round; what had the focus, and how."""
    page.evaluate("for (const stop of document.querySelectorAll('[data-stop]')) delete stop.dataset.stop")
    stops: dict[str, dict[str, Any]] = {}
    for _ in range(150):
        page.keyboard.press("Tab")
        on = page.evaluate(FOCUS)
        if on is None:
            continue
        if on["stop"] in stops:
            return list(stops.values())
        stops[on["stop"]] = on
    raise AssertionError("Tab comes to no end")
