"""Ledgers: rows from claims with their sources, the same in any order; what differs stands side by side."""

from __future__ import annotations

import json
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from anchorwatch.desk import gazetteer
from anchorwatch.desk.ledgers import LEDGERS, Ledger, build, build_all, flat, to_json
from anchorwatch.desk.ledgers.calendar_file import calendar_file
from anchorwatch.desk.ledgers.figures import Figures, read
from anchorwatch.desk.report import MOST_TEXT, Entity, Report, When
from anchorwatch.desk.stories import Stories
from anchorwatch.edges.records import csv_text
from anchorwatch.errors import BadUse
from desk_reports import DAY_US, NEW_YEAR_US, claim, labelled, quantity, report, reports, thirty
from tries import tries


def gift(text: str, words: str, low: float, kind: str = "delivery", modality: str = "plan", **more: object) -> Report:
    """A report of so many Patriots from Norway to Ukraine."""
    known = {"actors": ("Norway",), "to": ("Ukraine",), **more}
    start = text.index("Patriot")
    return report(
        text,
        claim(text, kind, modality, quantities=(0,), **known),
        quantities=(quantity(text, words, low, "given", "launchers"),),
        entities=(Entity("Patriot", start, start + 7, "system", "Patriot"),),
        ledgers=("assistance",),
    )


def part(ledger: Ledger, name: str) -> Ledger:
    return next(p for p in ledger.parts if p.name == f"assistance/{name}")


class TestDigest:
    """The thirty items of the digest, as the desk reads them."""

    def ledgers(self, shared: Path) -> tuple[list[tuple[str, Report]], dict[str, Ledger]]:
        items = [(name, one) for name, _, one in thirty(shared)]
        stories = Stories(gazetteer.packaged())
        for _, one in items:
            stories.add(one)
        return items, build_all([one for _, one in items], stories.story_of())

    def test_every_item_is_in_a_row_or_not_relevant(self, shared: Path) -> None:
        items, ledgers = self.ledgers(shared)
        rows = {name: {s.report for row in ledger.rows for s in row.sources} for name, ledger in ledgers.items()}
        for label, one in items:
            assert bool(one.ledgers) == (label != "t27"), label  # a ranking of persons is not relevant
            for name in one.ledgers:
                assert one.id in rows[name] or any(one.id in known for known in rows.values()), (label, name)

    def test_rows_rest_on_words_of_their_reports(self, shared: Path) -> None:
        items, ledgers = self.ledgers(shared)
        texts = {one.id: one.text for _, one in items}
        for ledger in ledgers.values():
            for source in [s for row in ledger.rows for s in row.sources]:
                assert texts[source.report][source.start : source.end] == source.quote

    def test_what_the_ledgers_say(self, shared: Path) -> None:
        items, ledgers = self.ledgers(shared)
        number = {one.id: name for name, one in items}

        def of(ledger: str, *names: str) -> list[dict[str, object]]:
            """Cells of the rows that rest on these items, and no others."""
            rows = ledgers[ledger].rows if "/" not in ledger else part(ledgers["assistance"], ledger.split("/")[1]).rows
            return [dict(r.cells) for r in rows if {number[s.report] for s in r.sources} == set(names)]

        assert [c["place"] for c in of("presence", "t12", "t13", "t16")] == ["Baltic Sea"]
        money = next(c for c in of("assistance", "t06") if c["system"] == "money")
        assert (money["giver"], money["low"], money["state"]) == ("Germany", 30_000_000_000, "promised")
        command = of("assistance/command", "t23")[0]
        assert command["takes_over_from"] == "Ukraine Defense Contact Group"
        assert {c["high"] for c in of("spending", "t10")} == {5, 2, 3}
        assert of("calendar", "t06", "t09")[0]["place"] == "Ramstein Air Base"
        assert "France" in str([c["party"] for c in of("positions", "t25")])

    def test_undated_rows_keep_the_order_of_the_file(self, shared: Path) -> None:
        items, ledgers = self.ledgers(shared)
        lines = {one.id: one.item.line or 0 for _, one in items}
        for ledger in ledgers.values():
            undated = [min(lines[s.report] for s in row.sources) for row in ledger.rows if row.at_us is None]
            assert undated == sorted(undated)


@pytest.mark.parametrize("name", ["tune_a", "tune_b", "tune_c"])
def test_relevant_items_are_in_a_row(name: str) -> None:
    items = [one for _, _, one in labelled(name)]
    found = {s.report for ledger in build_all(items).values() for row in ledger.rows for s in row.sources}
    assert found == {one.id for one in items if one.ledgers}


class TestRows:
    """One row for what one story tells of one thing."""

    def test_two_reports_that_agree_are_two_sources_of_one_cell(self) -> None:
        a, b = gift("Norway gives 3 Patriot.", "3", 3), gift("3 Patriot come from Norway.", "3", 3)
        rows = build("assistance", [a, b], {a.id: "s1-a", b.id: "s1-a"}).rows
        assert [(r.cells["low"], r.differs, len(r.sources), r.story) for r in rows] == [(3, (), 2, "s1-a")]

    def test_numbers_that_differ_stand_side_by_side(self) -> None:
        a, b = gift("Norway gives 3 Patriot.", "3", 3), gift("2 Patriot come from Norway.", "2", 2)
        rows = build("assistance", [a, b], {a.id: "s1-a", b.id: "s1-a"}).rows
        assert len(rows) == 1
        assert set(str(rows[0].cells["low"]).split(" | ")) == {"2", "3"}
        assert "low" in rows[0].differs
        assert len(build("assistance", [a, b]).rows) == 2  # of no story: two rows

    def test_dated_rows_come_first_the_latest_on_top(self) -> None:
        texts = [("a", None), ("b", NEW_YEAR_US), ("c", NEW_YEAR_US + DAY_US), ("d", 2**60)]
        some = [
            report(t, claim(t, "outage"), ledgers=("incidents",), published_us=at, line=n)
            for n, (t, at) in enumerate(texts)
        ]
        rows = build("incidents", some).rows
        assert [r.sources[0].quote for r in rows] == ["c", "b", "a", "d"]  # a year of 38,000 is no date
        assert rows[0].at_us == NEW_YEAR_US + DAY_US and rows[3].at_us is None

    def test_a_report_without_a_claim_still_has_its_row(self) -> None:
        rows = build("positions", [report("Nobody knows.", ledgers=("positions",))]).rows
        assert [r.sources[0].quote for r in rows] == ["Nobody knows."]

    def test_an_unknown_ledger_is_said(self) -> None:
        with pytest.raises(BadUse, match="no ledger"):
            build("gossip", [])

    @tries(50)
    @given(st.lists(reports(), max_size=5, unique_by=lambda r: r.id), st.randoms(use_true_random=False))
    def test_any_reports_in_any_order(self, some: list[Report], chance: object) -> None:
        stories = {one.id: "s1-x" for one in some[::2]}
        before = {name: to_json(ledger) for name, ledger in build_all(some, stories, NEW_YEAR_US).items()}
        json.dumps(before, allow_nan=False)
        mixed = [*some, *some]
        chance.shuffle(mixed)  # type: ignore[attr-defined]  # a Random
        assert {name: to_json(ledger) for name, ledger in build_all(mixed, stories, NEW_YEAR_US).items()} == before
        for ledger in build_all(some, stories).values():
            names, rows = flat(ledger)
            assert csv_text(dict.fromkeys(names, pl.String), rows).startswith("id,at,")
            assert len({row.id for row in ledger.rows}) == len(ledger.rows)
            Calendar.from_ical(calendar_file(ledger).content)


def test_a_cell_is_no_formula() -> None:
    text = "=HYPERLINK(1)"
    ledger = build("positions", [report(text, claim(text, "statement", topic=text), ledgers=("positions",))])
    names, rows = flat(ledger)
    lines = csv_text(dict.fromkeys(names, pl.String), rows).splitlines()
    assert ",=HYPER" not in lines[1] and "'=HYPERLINK(1)" in lines[1]


class TestOpen:
    """What is promised less what is delivered, only where all of it is said."""

    def test_promised_less_delivered(self) -> None:
        a = gift("Norway promises 5 Patriot.", "5", 5, "pledge", "promise")
        b = gift("Norway has sent 2 Patriot.", "2", 2, "delivery", "fact")
        ledger = build("assistance", [a, b])
        cells = part(ledger, "open").rows[0].cells
        assert (cells["promised"], cells["delivered"], cells["open"], cells["why"]) == (5, 2, 3, None)
        assert {s.report for s in part(ledger, "open").rows[0].sources} == {a.id, b.id}

    def test_it_says_where_nobody_knows(self) -> None:
        ledger = build(
            "assistance",
            [
                gift("Patriot 5 for some.", "5", 5, to=()),
                gift("Norway has sent 2 Patriot.", "2", 2, "delivery", "fact"),
            ],
        )
        assert [r.cells["why"] for r in part(ledger, "open").rows] == ["no promise of it was reported"]
        assert any("cannot be known" in note for note in ledger.notes)

    def test_shares_rest_on_the_figures_of_the_user(self) -> None:
        text = "Norway gives 10 billion kroner."
        one = report(
            text,
            claim(text, "pledge", "promise", actors=("Norway",), to=("Ukraine",), quantities=(0,)),
            quantities=(quantity(text, "10 billion kroner", 1e10, "given", unit="NOK"),),
            ledgers=("assistance",),
        )
        without = part(build("assistance", [one]), "shares").rows[0].cells
        assert without["of_gdp"] is None and "no rate for NOK" in str(without["why"])
        figures = read("[countries.Norway]\ngdp_usd = 5e11\npopulation = 5_000_000\n[usd_per]\nNOK = 0.1\n")
        known = part(build("assistance", [one], figures=figures), "shares").rows[0].cells
        assert (known["of_gdp"], known["a_head"], known["why"]) == (0.2, 200, None)

    @pytest.mark.parametrize(
        "text",
        ["a = ", "countries = 1", "[countries]\nNorway = 2", "[countries.Norway]\ngdp = 1", "[usd_per]\nEUR = -1",
         "[usd_per]\nEUR = nan", "[usd_per]\nEUR = true", "[" * 9_000],
    )  # fmt: skip
    def test_figures_that_are_none_are_one_clear_line(self, text: str) -> None:
        with pytest.raises(BadUse) as error:
            read(text)
        assert "countries.toml" in str(error.value) and "\n" not in str(error.value)

    def test_no_figures_are_built_in(self) -> None:
        assert read("") == Figures()


def test_who_takes_over_from_whom() -> None:
    text = "The Joint Force Command hands the reins to the Northern Corps."
    forces = tuple(
        Entity(n, text.index(n), text.index(n) + len(n), "force") for n in ("Joint Force Command", "Northern Corps")
    )
    one = report(text, claim(text, "command_change"), entities=forces, ledgers=("assistance",))
    cells = part(build("assistance", [one]), "command").rows[0].cells
    assert (cells["who"], cells["takes_over_from"]) == ("Northern Corps", "Joint Force Command")


class TestCalendar:
    """Meetings with a date as iCalendar, all others counted."""

    def meeting(self, text: str, at_us: int | None, until_us: int | None, modality: str = "plan") -> Report:
        when = When(text[:4], 0, 4, at_us, until_us)
        said = claim(text, "meeting", modality, when=text[:4], actors=("NATO, Ukraine; all",), place="Brussels")
        return report(text, said, dates=(when,), ledgers=("calendar",))

    def test_a_day_is_all_day_and_a_time_is_a_time(self) -> None:
        hour = DAY_US // 24
        some = [
            self.meeting("9 Jan: talks on cables.\nDTSTART:evil", NEW_YEAR_US, NEW_YEAR_US + DAY_US),
            self.meeting("9:00 talks.", NEW_YEAR_US + 9 * hour, NEW_YEAR_US + 10 * hour),
            self.meeting("soon talks.", None, None),
            self.meeting("2099 talks.", NEW_YEAR_US, NEW_YEAR_US + 800 * DAY_US),
            self.meeting("9999 talks.", 2**60, 2**60 + DAY_US),
        ]
        made = calendar_file(build("calendar", some))
        assert (made.meetings, made.undated) == (2, 3)
        events = Calendar.from_ical(made.content).walk("VEVENT")
        assert [str(e.decoded("dtstart")) for e in events] == ["2025-01-01", "2025-01-01 09:00:00+00:00"]
        assert [str(e.decoded("dtend")) for e in events] == ["2025-01-02", "2025-01-01 10:00:00+00:00"]
        assert str(events[0]["summary"]) == "Meeting: NATO, Ukraine; all"
        assert "DTSTART:evil" in str(events[0]["description"]) and str(events[0]["location"]) == "Brussels"
        assert len({str(e["uid"]) for e in events}) == 2
        assert made == calendar_file(build("calendar", some[::-1]))

    def test_what_is_past_is_known_by_the_date_or_by_the_words(self) -> None:
        one, other = self.meeting("9 Jan", NEW_YEAR_US, NEW_YEAR_US + DAY_US), self.meeting("soon", None, None, "fact")

        def states(now_us: int | None) -> list[object]:
            return [r.cells["state"] for r in build("calendar", [one, other], now_us=now_us).rows]

        assert states(None) == ["to come", "past"]
        assert states(NEW_YEAR_US + 9 * DAY_US) == ["past", "past"]
        assert states(NEW_YEAR_US - DAY_US) == ["to come", "past"]


def test_a_long_line_takes_no_time() -> None:
    start = time.perf_counter()
    for word in ("to discuss ", "after ", "take over from ", "air defense ", "a", "Germany's "):
        text = (word * 20_000)[:MOST_TEXT]
        kinds = ("meeting", "statement", "command_change", "need", "presence")
        one = report(text, *(claim(text, kind, stance="for") for kind in kinds), ledgers=LEDGERS)
        build_all([one])
    assert time.perf_counter() - start < 3
