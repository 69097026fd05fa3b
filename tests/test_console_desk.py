"""The report desk in a real browser: read, put right, followed to ledgers, incidents and assets; by keys, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anchorwatch.desk.report import LEDGERS
from anchorwatch.watch.press import press_of
from browser import Shown, needs_browser, tab, until
from desk_room import DAMAGE, GIVES, IDLE, NEEDS, SAME, SLIP, TEXTS, items, read_reports
from night_room import opened, set_clock, watching
from test_console_names import HOSTILE_NAMES, LOW, WIDE

pytestmark = [pytest.mark.slow, *needs_browser]


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with watching(tmp_path_factory.mktemp("desk"), fill=read_reports) as there:
        yield there


@pytest.fixture
def page(browser: Any, watch: Shown) -> Iterator[Any]:
    with tab(browser) as sight:
        set_clock(sight.page)
        opened(sight.page, watch)
        yield sight.page
        assert [c for c in sight.complaints if "Failed to load resource" not in c] == []


def go(page: Any, watch: Shown, path: str, wanted: str = ".panel h2") -> None:
    page.goto(watch.url + path)
    page.locator(wanted).first.wait_for()
    until(page, "!/Loading/.test(document.querySelector('.panel')?.innerText ?? 'Loading')")


def id_of(watch: Shown, text: str) -> str:
    return next(i.id for i in items() if i.text == text and press_of(watch.room).reports.get(i.id))


def words(page: Any, selector: str = ".panel") -> str:
    return str(page.locator(selector).first.inner_text())


def test_the_stream_by_its_filters(page: Any, watch: Shown) -> None:
    go(page, watch, "reports", ".report-row")
    assert page.locator(".report-row").count() == len(TEXTS) - 1
    assert IDLE not in words(page)
    assert "“George Maloney”: possibly Giorgia Meloni" in words(page)
    assert page.locator(".report-row .said.person").first.inner_text() == "George Maloney"
    page.get_by_role("button", name="With those of no relevance").click()
    page.get_by_text(IDLE).wait_for()
    assert "whole=1" in page.url
    assert "not relevant" in words(page)
    page.get_by_label("Ledger").select_option("spending")
    until(page, "document.querySelectorAll('.report-row').length === 1")
    page.go_back()
    until(page, "document.querySelectorAll('.report-row').length > 1")
    page.get_by_label("Words in the text").fill("zzzz")
    page.get_by_text("No report is as asked for").wait_for()
    page.keyboard.press("Escape")


def test_words_of_a_claim_are_marked_where_it_has_the_focus(page: Any, watch: Shown) -> None:
    go(page, watch, f"reports/{id_of(watch, GIVES)}", ".claim-head")
    quote = page.locator(".claim-quote bdi").first.inner_text()
    before = page.locator(".report-quote").bounding_box()
    page.locator(".claim-head").first.focus()
    marked = "".join(page.locator("#report-words .claimed").all_inner_texts())
    assert marked == quote
    assert page.locator(".report-quote").bounding_box() == before
    assert "19" in words(page, "section:has(> #report-quantities)")
    page.locator("#report-rows").scroll_into_view_if_needed()
    assert "Assistance" in words(page)


def test_a_name_is_put_right_by_keys_and_taken_back(page: Any, watch: Shown) -> None:
    go(page, watch, f"reports/{id_of(watch, SLIP)}", ".claim-head")
    page.get_by_role("button", name="Put right: George Maloney").press("Enter")
    name = page.get_by_label("Whose full name is")
    assert name.input_value() == "Giorgia Meloni"
    name.press("Enter")
    page.locator("#report-corrections").wait_for()
    assert "“George Maloney” is a person, Giorgia Meloni" in words(page)
    assert "local" in words(page, ".stack section:has(#report-corrections)")
    assert "possibly" not in words(page, ".stack section:has(#report-entities)")
    page.reload()
    page.get_by_role("button", name="Take back").press("Enter")
    page.locator("#report-corrections").wait_for(state="detached")
    assert "possibly Giorgia Meloni" in words(page)


def test_words_are_chosen_or_typed_to_add_a_name(page: Any, watch: Shown) -> None:
    go(page, watch, f"reports/{id_of(watch, NEEDS)}", ".claim-head")
    box = page.locator("#report-words").get_by_text("critical", exact=False).first
    box.evaluate(
        """(all) => {
          const walk = document.createTreeWalker(document.querySelector("#report-words"), NodeFilter.SHOW_TEXT);
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const at = node.data.indexOf("critical infrastructure");
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + "critical infrastructure".length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
          }
        }"""
    )
    field = page.get_by_label("Overlooked: choose the words above, or type them")
    until(page, "[...document.querySelectorAll('.correct input')].some((i) => i.value === 'critical infrastructure')")
    field.fill("Critical")
    page.get_by_text("These words do not stand in the text").wait_for()
    field.fill("critical infrastructure")
    form = page.locator("form[aria-label='Add a name']")
    form.get_by_label("It is a").select_option("asset")
    field.press("Enter")
    page.get_by_text("“critical infrastructure” is an asset").wait_for()
    assert page.locator("#report-words .said.asset").inner_text() == "critical infrastructure"
    page.get_by_role("button", name="Take back").click()
    page.locator("#report-corrections").wait_for(state="detached")


def test_a_claim_and_its_relevance_are_put_right(page: Any, watch: Shown) -> None:
    go(page, watch, f"reports/{id_of(watch, NEEDS)}", ".claim-head")
    page.locator(".claim-head").first.press("Enter")
    page.get_by_label("It tells of").select_option("pledge")
    page.get_by_label("How it is said").select_option("promise")
    page.get_by_role("button", name="Keep").click()
    page.locator(".claim-head strong").get_by_text("pledge, promise").wait_for()
    page.get_by_role("button", name="Not relevant").click()
    page.get_by_text("Found not relevant").wait_for()
    for left in (1, 0):
        page.get_by_role("button", name="Take back").first.click()
        until(page, f"document.querySelectorAll('[aria-label^=\"Take back\"]').length === {left}")
    page.locator(".claim-head strong").get_by_text("need, ").wait_for()


def test_a_pasted_text_is_read(page: Any, watch: Shown) -> None:
    go(page, watch, "reports", ".paste textarea")
    page.get_by_label("Text: one item, or one a line").fill(
        "Poland will buy 12 patrol ships next month, its minister said."
    )
    page.get_by_label("Its day, if known").fill("2024-12-20")
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("One report read").wait_for()
    page.locator(".paste + div a").click()
    page.locator(".claim-head").first.wait_for()
    assert "1 Jan 2025 to 31 Jan 2025" in words(page)
    go(page, watch, "reports", ".paste textarea")
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("There is nothing to read").wait_for()


def test_a_ledger_is_sorted_opened_and_saved(page: Any, watch: Shown) -> None:
    go(page, watch, "ledgers", ".ledger-row")
    assert page.locator(".ledger-row").count() == 7
    page.locator(".ledger-row", has_text="Assistance").click()
    page.locator("table.ledger").first.wait_for()
    assert page.locator(".queue").is_hidden()  # the table takes its room
    box = page.locator("section.ledger-box").first
    box.get_by_role("button", name="at most").click()
    assert box.locator("th[aria-sort=ascending]").inner_text().startswith("at most")
    box.get_by_role("button", name="at most").click()
    assert box.locator("tbody tr").first.locator("td.number").first.inner_text() == "20"
    box.locator("tbody button").first.press("Enter")
    box.locator("tr.sources a").first.click()
    page.locator("#report-words").wait_for()
    assert words(page, "#report-words") == NEEDS
    for path in ("ledgers/assistance.csv", "ledgers/calendar.ics", "brief.md", "brief.html"):
        assert page.request.get(f"{watch.url}api/v1/{path}").ok, path


def test_every_ledger_stays_in_its_panel(page: Any, watch: Shown) -> None:
    for name in LEDGERS:
        go(page, watch, f"ledgers/{name}", ".desk-nav")
        page.locator(".panel .finds").wait_for()
        wide = page.evaluate(
            "[document.body, document.querySelector('.panel .body')].map((e) => e.scrollWidth - e.clientWidth)"
        )
        assert max(wide) <= 1, name


def test_one_story_has_both(page: Any, watch: Shown) -> None:
    go(page, watch, f"reports/{id_of(watch, SAME[0])}", "#report-words")
    page.get_by_role("link", name="Its story").click()
    page.locator(".beside .report-row").nth(1).wait_for()
    told = words(page, ".beside")
    assert all(text in told for text in SAME)
    go(page, watch, "stories", ".panel .asset-row")


def test_an_incident_is_reported_and_accuses_nobody(page: Any, watch: Shown) -> None:
    go(page, watch, "incidents", ".incident-sign")
    assert "reported, unobserved" in words(page)
    page.locator(".asset-row", has_text="Estlink").first.click()
    page.locator(".incident-state").wait_for()
    until(page, "!/Loading/.test(document.querySelector('.panel').innerText)")
    said = words(page)
    assert "no vessel is accused" in said
    assert "suspect" not in said.lower()
    assert DAMAGE in said
    page.locator("dl.facts a", has_text="estlink-2").first.click()
    page.locator("#asset-reports").wait_for()
    until(page, "document.querySelectorAll('section:has(#asset-reports) .report-row').length > 0")
    assert "reported, unobserved" in words(page, "section:has(#asset-reports)")
    assert DAMAGE in words(page, "section:has(#asset-reports)")
    assert "Attention 0." in words(page, "section:has(#asset-reports)")
    until(page, "anchorwatch.map.queryRenderedFeatures({ layers: ['hexagons'] }).length > 0")
    page.locator("section:has(#asset-reports) .report-open").first.click()
    page.get_by_role("link", name="Alerts about estlink-2").wait_for()


def test_the_brief_leads_to_its_sources(page: Any, watch: Shown) -> None:
    go(page, watch, "brief", ".brief h3")
    page.locator(".brief .source").first.wait_for()
    links = page.locator(".brief a.source").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
    assert any(link.startswith("/reports/") for link in links)


def test_keys_lead_to_the_desk_and_the_top_bar_does(page: Any, watch: Shown) -> None:
    for key, title in (("d", "Reports"), ("i", "Incidents"), ("l", "Ledgers"), ("b", "Brief")):
        page.keyboard.press(key)
        page.locator("#panel-title", has_text=title).wait_for()
    page.keyboard.press("Escape")
    page.locator(".panel").wait_for(state="detached")
    page.get_by_role("link", name="Reports", exact=True).first.click()
    page.locator(".report-row").first.wait_for()


def test_an_empty_desk_says_what_to_do(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path / "empty") as watch, tab(browser) as sight:
        opened(sight.page, watch)
        go(sight.page, watch, "reports", ".nothing")
        assert "anchorwatch watch --reports URL" in words(sight.page)
        for path in ("stories", "ledgers", "ledgers/energy", "ledgers/calendar", "incidents", "brief", "reports/r1-no"):
            go(sight.page, watch, path, ".desk-nav")
            assert sight.page.locator("#panel-title").inner_text()


def test_texts_of_hostile_kinds_are_only_text(browser: Any, tmp_path: Path) -> None:
    told = tuple(f"Estlink 2 was damaged, {name} said." for name in HOSTILE_NAMES)

    def fill(room: Any) -> None:
        read_reports(room)
        for n, name in enumerate(HOSTILE_NAMES):
            press_of(room).take(items((told[n],), source=name))

    with watching(tmp_path / "hostile", fill=fill) as watch, tab(browser) as sight:
        page = sight.page
        page.add_init_script("window.runs = 0; window.ran = () => { window.runs += 1; };")
        page.on("dialog", lambda dialog: sight.complaints.append("a dialog"))
        opened(page, watch)
        ids = [i.id for text in told for i in items((text,))]
        known = [i for i in ids if press_of(watch.room).reports.get(i)]
        assert len(known) > 15
        found = []
        paths = ["reports?whole=1", "stories", "ledgers/incidents", "ledgers/calendar", "incidents", "brief"]
        paths += [f"reports/{i}" for i in known]
        paths += [f"incidents/{i.id}" for i in press_of(watch.room).reports.incidents()[:3]]
        for path in paths:
            go(page, watch, path, ".desk-nav")
            page.wait_for_timeout(30)
            if page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") != [
                1280,
                720,
            ]:
                found.append((path, page.evaluate(LOW)[:2]))
            wide = [one for one in page.evaluate(WIDE) if "ledger-box" not in one and "scrolled" not in one]
            found += [(path, wide[:2])] if wide else []
        assert found == []
        assert page.evaluate("runs") == 0
        assert page.locator("img[src=x], svg[onload], .panel script").count() == 0
        assert [said for said in sight.complaints if "Failed to load resource" not in said] == []
