"""The report desk in a real browser: read, put right, followed to ledgers, incidents and assets; by keys, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from anchorwatch.desk.report import EVENT_TYPES, LEDGERS
from anchorwatch.watch.press import press_of
from api_room import NOW
from browser import SIZE, Shown, Sight, needs_browser, tab, until
from desk_room import (
    DAMAGE,
    FROM_FILE,
    GIVES,
    IDLE,
    NEEDS,
    SAME,
    SHIP,
    SLIP,
    SPENDS,
    TEXTS,
    choose,
    go,
    items,
    read_more,
    words,
)
from night_room import opened, set_clock, watching
from test_console_axe import AXE, serious

pytestmark = [
    pytest.mark.slow,
    *needs_browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there: make page"),
]


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with watching(tmp_path_factory.mktemp("desk"), fill=read_more) as there:
        yield there


@pytest.fixture(scope="module")
def sight(browser: Any, watch: Shown) -> Iterator[Sight]:
    """One tab for all: a map takes seconds to begin."""
    with tab(browser) as one:
        set_clock(one.page)
        opened(one.page, watch)
        yield one


@pytest.fixture
def page(sight: Sight) -> Iterator[Any]:
    sight.complaints.clear()
    yield sight.page
    sight.page.set_viewport_size(SIZE)
    assert [c for c in sight.complaints if "Failed to load resource" not in c] == []


def id_of(watch: Shown, text: str) -> str:
    return next(i.id for i in (*items(), FROM_FILE) if i.text == text and press_of(watch.room).reports.get(i.id))


def story_of(watch: Shown, text: str) -> str | None:
    record = press_of(watch.room).reports.get(id_of(watch, text))
    return None if record is None else record["story"]


def test_the_stream_by_its_filters(page: Any, watch: Shown) -> None:
    go(page, "reports", ".report-row")
    assert page.locator(".report-row").count() == len(TEXTS)  # one is idle, one is of a file
    assert IDLE not in words(page)
    assert "“George Maloney”: possibly Giorgia Meloni" in words(page)
    assert page.locator(".report-row .said.person").first.inner_text() == "George Maloney"
    tall = page.locator(".report-row").first.bounding_box()
    assert tall["y"] < 330, tall  # the reports begin under one row of filters
    assert page.get_by_label("Ledger").is_hidden()
    page.get_by_role("button", name="Filters").press("Enter")
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
    go(page, f"reports/{id_of(watch, GIVES)}", ".claim-head")
    quote = page.locator(".claim-quote bdi").first.inner_text()
    before = page.locator(".report-quote").bounding_box()
    page.locator(".claim-head").first.focus()
    until(page, "document.querySelector('#report-words .claimed') !== null")
    marked = "".join(page.locator("#report-words .claimed").all_inner_texts())
    assert marked == quote
    assert page.locator(".report-quote").bounding_box() == before
    assert "19" in words(page, "section:has(> #report-quantities)")
    page.locator("#report-rows").scroll_into_view_if_needed()
    assert "Assistance" in words(page)


def test_a_name_is_put_right_by_keys_and_taken_back(page: Any, watch: Shown) -> None:
    go(page, f"reports/{id_of(watch, SLIP)}", ".claim-head")
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
    go(page, f"reports/{id_of(watch, NEEDS)}", ".claim-head")
    page.wait_for_load_state("networkidle")  # what is drawn anew meanwhile drops a choice of words
    choose(page, "critical infrastructure")
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
    go(page, f"reports/{id_of(watch, NEEDS)}", ".claim-head")
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


def test_words_after_a_ship_are_counted_as_the_watch_counts(page: Any, watch: Shown) -> None:
    go(page, f"reports/{id_of(watch, SHIP)}", ".claim-head")
    page.locator(".claim-head").first.focus()
    until(page, "document.querySelector('#report-words .claimed') !== null")
    marked = "".join(page.locator("#report-words .claimed").all_inner_texts())
    assert marked == page.locator(".claim-quote bdi").first.inner_text()
    assert "officials said" in marked
    choose(page, "Repairs")
    until(page, "[...document.querySelectorAll('.correct input')].some((i) => i.value === 'Repairs')")
    form = page.locator("form[aria-label='Add a name']")
    form.get_by_label("It is a").select_option("organisation")
    form.locator("input").first.press("Enter")
    page.get_by_text("“Repairs” is an organisation").wait_for()
    assert page.locator("#report-words .said.organisation").inner_text() == "Repairs"
    assert page.locator("#report-words .report-text").inner_text() == SHIP
    page.get_by_role("button", name="Take back").press("Enter")
    page.locator("#report-corrections").wait_for(state="detached")


def test_what_a_report_tells_is_added_by_keys(page: Any, watch: Shown) -> None:
    go(page, f"reports/{id_of(watch, SHIP)}", ".claim-head")
    page.get_by_role("button", name="Add what it tells").press("Enter")
    form = page.locator("form[aria-label='Add what it tells']")
    sentence = form.get_by_label("Sentence")
    sentence.focus()
    page.keyboard.press("End")  # the last sentence, as keys choose in a list
    assert form.get_by_label("The words that say it").input_value() == "Repairs will take months."
    form.get_by_label("It tells of").select_option("outage")
    form.get_by_label("How it is said").select_option("estimate")
    assert serious(page) == []
    form.get_by_role("button", name="Add it").press("Enter")
    page.get_by_text("“Repairs will take months.” tells of outage, estimate").wait_for()
    page.locator(".claim-head strong").get_by_text("outage, estimate").wait_for()
    page.get_by_role("button", name="Take back").press("Enter")
    page.locator("#report-corrections").wait_for(state="detached")
    assert page.locator(".claim-head strong").get_by_text("outage, estimate").count() == 0


def test_a_report_is_moved_to_another_story_by_keys(page: Any, watch: Shown) -> None:
    story = story_of(watch, SAME[0])
    assert story
    go(page, f"reports/{id_of(watch, SPENDS)}", ".claim-head")
    page.get_by_role("button", name="Put into a story").press("Enter")
    form = page.locator("form[aria-label='Move it to another story']")
    form.get_by_label("Words of the story").fill("no such story")
    page.get_by_text("No other story is known").wait_for()
    form.get_by_label("Words of the story").fill("military presence")
    assert form.get_by_label("It belongs to").input_value() == story
    assert serious(page) == []
    form.get_by_role("button", name="Move it").press("Enter")
    page.get_by_text("It belongs to another story", exact=True).wait_for()
    assert story_of(watch, SPENDS) == story
    page.get_by_role("button", name="Another story", exact=True).press("Enter")
    form.get_by_label("It belongs to").select_option("no story")
    form.get_by_role("button", name="Move it").press("Enter")
    page.get_by_text("It belongs to no story", exact=True).wait_for()
    for left in (1, 0):
        page.get_by_role("button", name="Take back").first.press("Enter")
        until(page, f"document.querySelectorAll('[aria-label^=\"Take back\"]').length === {left}")


def test_a_report_of_a_file_says_its_line(page: Any, watch: Shown) -> None:
    go(page, f"reports/{id_of(watch, SHIP)}", ".claim-head")
    assert "line 5 of digest.txt" in words(page)
    assert "secret" not in page.content()
    assert "javascript:" not in page.content()
    go(page, f"reports/{id_of(watch, DAMAGE)}", ".claim-head")
    link = page.locator("a[target=_blank][href^='https://news.example']").first
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_the_feeds_page_has_the_feeds_of_reports(page: Any, watch: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    go(page, "feeds", "#press-health")
    assert re.search(r"None is polled\. \d+ reports are kept\.", words(page, "section:has(> #press-health)"))
    feed = {"last_ok_us": NOW, "next_us": NOW, "new": 3, "known": 1, "rejects": {"no text": 2}, "notes": {}}
    feeds = [
        SimpleNamespace(url="https://news.example/rss", source="Harbour Post", why="", **feed),
        SimpleNamespace(url="/var/digest.txt", source="/var/digest.txt", why="no such file", **feed),
    ]
    monkeypatch.setattr(press_of(watch.room), "poll", SimpleNamespace(health=lambda: feeds))
    go(page, "feeds", ".press-feed")
    said = words(page, "section:has(> #press-health)")
    assert "1 of 2 bring nothing now." in said
    assert "Trouble: no such file" in said
    assert "Left out: no text (2)" in said
    assert said.index("digest.txt") < said.index("Harbour Post")  # what is ill comes first
    assert serious(page) == []
    go(page, "reports", ".panel .outage")
    page.get_by_role("link", name="How they are").click()
    page.locator("#press-health").wait_for()


def test_the_top_bar_fits(page: Any) -> None:
    for wide in (1920, 1760, 1500, 1440, 1401, 1361, 1280, 1241, 1240, 1101, 1100, 1024):
        page.set_viewport_size({"width": wide, "height": 768})
        page.wait_for_timeout(100)
        beyond = page.evaluate(
            """[...document.querySelectorAll(".top > *, .top .looks button")].filter((one) => one.checkVisibility()
              && one.getBoundingClientRect().right > innerWidth - 4).map((one) => one.className)"""
        )
        assert beyond == [], wide
        small = page.evaluate(
            """[...document.querySelectorAll(".top a, .top button")].filter((one) => one.checkVisibility() &&
              Math.min(one.offsetWidth, one.offsetHeight) < 44).map((one) => one.outerHTML.slice(0, 90))"""
        )
        assert small == [], wide


def test_a_pasted_text_is_read(page: Any, watch: Shown) -> None:
    go(page, "reports", ".paste textarea")
    page.get_by_label("Text: one item, or one a line").fill(
        "Poland will buy 12 patrol ships next month, its minister said."
    )
    page.get_by_label("Its day, if known").fill("2024-12-20")
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("One report read").wait_for()
    page.locator(".paste + div a").click()
    page.locator(".claim-head").first.wait_for()
    assert "1 Jan 2025 to 31 Jan 2025" in words(page)
    go(page, "reports", ".paste textarea")
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("There is nothing to read").wait_for()


def test_a_ledger_is_sorted_opened_and_saved(page: Any, watch: Shown) -> None:
    go(page, "ledgers", ".ledger-row")
    assert page.locator(".ledger-row").count() == 7
    page.locator(".ledger-row", has_text="Assistance").click()
    page.locator("table.ledger").first.wait_for()
    assert page.locator(".queue").is_hidden()  # the table takes its room
    box = page.locator("section.ledger-box").first
    box.get_by_role("button", name="at most").click()
    assert box.locator("th[aria-sort=ascending]").inner_text().startswith("at most")
    box.get_by_role("button", name="at most").click()
    assert box.locator("tbody tr").first.locator("td.number").first.inner_text() == "20"
    part = page.locator("section.ledger-box").nth(1)  # what is still open
    part.locator("button.sort").first.click()
    assert part.locator("th[aria-sort=ascending]").count() == 1
    assert box.locator("th[aria-sort=descending]").count() == 1
    box.locator("tbody button").first.press("Enter")
    box.locator("tr.sources a").first.click()
    page.locator("#report-words").wait_for()
    assert words(page, "#report-words") == NEEDS
    for path in ("ledgers/assistance.csv", "ledgers/calendar.ics", "brief.md", "brief.html"):
        assert page.request.get(f"{watch.url}api/v1/{path}").ok, path


def test_every_ledger_stays_in_its_panel(page: Any, watch: Shown) -> None:
    for name in LEDGERS:
        go(page, f"ledgers/{name}", ".desk-nav", by=())
        page.locator(".panel .finds").wait_for()
        wide = page.evaluate(
            "[document.body, document.querySelector('.panel .body')].map((e) => e.scrollWidth - e.clientWidth)"
        )
        assert max(wide) <= 1, name
        said = words(page) + page.request.get(f"{watch.url}api/v1/ledgers/{name}.csv").text()
        assert not [kind for kind in EVENT_TYPES if "_" in kind and kind in said], name


def test_one_story_has_both(page: Any, watch: Shown) -> None:
    go(page, f"reports/{id_of(watch, SAME[0])}", "#report-words")
    page.get_by_role("link", name="Its story").click()
    page.locator(".beside .report-row").nth(1).wait_for()
    told = words(page, ".beside")
    assert all(text in told for text in SAME)
    go(page, "stories", ".panel .asset-row")


def test_an_incident_is_reported_and_accuses_nobody(page: Any, watch: Shown) -> None:
    go(page, "incidents", ".incident-sign")
    assert "reported, unobserved" in words(page)
    page.locator(".asset-row", has_text="Estlink").first.click()
    page.locator(".incident-state").wait_for()
    until(page, "!/Loading/.test(document.querySelector('.panel').innerText)")
    said = words(page)
    assert "no vessel is accused" in said
    assert "suspect" not in said.lower()
    assert DAMAGE in said
    assert page.locator("#incident-times").count() == 0 or page.locator(".ledger-plot .dot").count() > 0
    page.locator("dl.facts a", has_text="Estlink 2").first.click()
    page.locator("#asset-reports").wait_for()
    page.locator("section:has(> #asset-reports) .report-row").first.wait_for()
    page.locator("section:has(> #asset-reports) .asset-row", has_text="reported, unobserved").first.wait_for()
    assert DAMAGE in words(page, "section:has(> #asset-reports)")
    assert "Attention 0." in words(page, "section:has(> #asset-reports)")
    until(page, "anchorwatch.map.queryRenderedFeatures({ layers: ['hexagons'] }).length > 0")
    page.locator("section:has(> #asset-reports) .report-open").first.click()
    page.get_by_role("link", name="Alerts about Estlink 2").wait_for()


def test_assets_that_it_may_be_have_names(page: Any) -> None:
    go(page, "incidents", ".incident-sign")
    page.locator(".asset-row", has_text="a power cable").first.click()
    page.locator(".incident-state").wait_for()
    page.locator(".names-in-row a").first.wait_for()
    assert page.locator(".names-in-row a").all_inner_texts() == ["Estlink 2", "Estlink 1"]
    name, term = page.locator(".names-in-row a").first, page.locator("dt", has_text="It may be")
    middle = [box["y"] + box["height"] / 2 for box in (name.bounding_box(), term.bounding_box())]
    assert abs(middle[0] - middle[1]) < 3
    assert serious(page) == []


def test_the_brief_leads_to_its_sources(page: Any, watch: Shown) -> None:
    go(page, "brief", ".brief h3")
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
