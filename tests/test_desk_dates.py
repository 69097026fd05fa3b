"""When something is said to happen: what is found, what it means next to a reference day."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.desk.dates import dates
from anchorwatch.desk.report import MOST_TEXT

TUESDAY = "2025-01-14"


def us(day: str | None) -> int | None:
    return None if day is None else int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 1_000_000


MEANS: tuple[tuple[str, str, str | None, str | None], ...] = (
    ("They will leave next month.", "next month", "2025-02-01", "2025-03-01"),
    ("About 300 were seen last year.", "last year", "2024-01-01", "2025-01-01"),
    ("They meet on January 9.", "January 9", "2025-01-09", "2025-01-10"),
    ("It broke on 25 December.", "25 December", "2024-12-25", "2024-12-26"),
    ("It will end on August 1.", "August 1", "2025-08-01", "2025-08-02"),
    ("It broke on Sunday morning.", "on Sunday morning", "2025-01-12", "2025-01-13"),
    ("They will gather on Thursday.", "on Thursday", "2025-01-16", "2025-01-17"),
    ("They met last Friday.", "last Friday", "2025-01-10", "2025-01-11"),
    ("They will hand it over, he announced on Monday.", "on Monday", "2025-01-13", "2025-01-14"),
    ("They meet next Tuesday.", "next Tuesday", "2025-01-21", "2025-01-22"),
    ("It happened three weeks ago.", "three weeks ago", "2024-12-24", "2024-12-25"),
    ("It happened two months ago.", "two months ago", "2024-11-14", "2024-11-15"),
    ("It will open in two weeks.", "in two weeks", "2025-01-28", "2025-01-29"),
    ("It broke yesterday evening.", "yesterday evening", "2025-01-13", "2025-01-14"),
    ("It broke this week.", "this week", "2025-01-13", "2025-01-20"),
    ("On the night of 24 to 25 December it broke.", "On the night of 24 to 25 December", "2024-12-24", "2024-12-26"),
    ("Shooting from 3 to 6 February.", "3 to 6 February", "2025-02-03", "2025-02-07"),
    ("Work in mid-February.", "in mid-February", "2025-02-10", "2025-02-20"),
    ("The second week of February.", "second week of February", "2025-02-08", "2025-02-15"),
    ("Out in the first quarter of 2025.", "in the first quarter of 2025", "2025-01-01", "2025-04-01"),
    ("It ends in spring 2026.", "in spring 2026", "2026-03-01", "2026-06-01"),
    ("WARNING 9 172128 UTC AUG", "172128 UTC AUG", "2024-08-17", "2024-08-18"),
    ("It lasted over the past three months.", "the past three months", "2024-10-14", "2025-01-14"),
    ("Ready by 2035.", "by 2035", None, "2036-01-01"),
    ("Nothing before 2027.", "before 2027", None, "2027-01-01"),
    ("Away since 2022.", "since 2022", "2022-01-01", None),
    ("Ready by the end of April.", "by the end of April", None, "2025-05-01"),
    ("Delivery between 2028 and 2030.", "between 2028 and 2030", "2028-01-01", "2031-01-01"),
    ("It left on 31 February 2025.", "31 February 2025", None, None),
    ("It will call at the port in June.", "in June", "2025-06-01", "2025-07-01"),
    ("Last night drones came.", "Last night", "2025-01-13", "2025-01-14"),
    ("Next month it ends.", "Next month", "2025-02-01", "2025-03-01"),
    ("In the year 9999 it ends.", "In the year 9999", None, None),
    ("In the year 0000 it began.", "In the year 0000", None, None),
)


@pytest.mark.parametrize(("text", "said", "begun", "ended"), MEANS, ids=[row[1] for row in MEANS])
def test_a_date_means_a_span(text: str, said: str, begun: str | None, ended: str | None) -> None:
    [one] = dates(text, us(TUESDAY))
    assert (one.text, one.from_us, one.until_us) == (said, us(begun), us(ended))


def test_without_a_reference_only_whole_dates_are_known() -> None:
    found = {w.text: (w.from_us, w.until_us) for w in dates("On 25 December 2024, in 2023 and next month.", None)}
    assert found == {
        "25 December 2024": (us("2024-12-25"), us("2024-12-26")),
        "in 2023": (us("2023-01-01"), us("2024-01-01")),
        "next month": (None, None),
    }


def test_a_length_of_time_is_no_date_unless_anchored() -> None:
    assert dates("It takes 15-20 years, at least six weeks.", None) == ()
    assert dates("The works will last two years, the drill is to last 16 days.", None) == ()
    [able] = dates("They are able to launch production in two years.", None)
    assert able.duration
    [one] = dates("It will be ready within three years.", us(TUESDAY))
    assert one.duration and one.until_us == us("2028-01-15")


@pytest.mark.parametrize(
    "text",
    (
        "8-10% of GDP may go one-on-one in 5-8 countries now.",
        "A force of 2000 soldiers with 2,024 tanks and 1998.5 tonnes.",
        "The March of the living; she may march.",
        "Estlink 2 and Section 3, 12 ships, 650 MW.",
        "to get through the winter; in the last quarter of the match they ran",
    ),
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert dates(text, us(TUESDAY)) == ()


SAID = (
    "on in by until the next last 3 two weeks ago within January 31 May 2024 9999 0000 to - \u2013 night of and Sunday"
    " morning early mid- end second quarter spring 172128 999999 UTC AUG 2025-13-45 31.02.2024 \u2019 . , \n \x00 é A"
)
WORDS = st.sampled_from(SAID.split(" "))
TEXTS = st.one_of(st.text(), st.lists(WORDS).map(" ".join), st.lists(WORDS).map("".join))


@given(TEXTS, st.one_of(st.none(), st.integers(-(2**62), 2**62), st.just(us(TUESDAY))))
def test_any_text_and_any_reference_give_exact_spans(text: str, reference_us: int | None) -> None:
    free = 0
    for one in dates(text, reference_us):
        assert 0 <= free <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        assert one.from_us is None or one.until_us is None or one.from_us < one.until_us
        free = one.end


def test_hostile_texts_take_linear_time() -> None:
    for piece in (
        "1",
        "1 ",
        "May ",
        "May 1 ",
        "1 May ",
        "the night of ",
        "in the ",
        "next ",
        "2024 ",
        "2024-",
        "end of ",
        " ",
    ):
        text = (piece * MOST_TEXT)[:MOST_TEXT]
        begun = time.perf_counter()
        dates(text, us(TUESDAY))
        assert time.perf_counter() - begun < 3.0, piece
