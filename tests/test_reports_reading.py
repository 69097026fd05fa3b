"""Reports are read by their content, whatever they are called; what is no item is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from anchorwatch.desk.reading import About, Reading, read
from anchorwatch.desk.reading.about import us_of
from anchorwatch.desk.reading.coordinates import points
from anchorwatch.desk.reading.html_text import has_html, plain_text
from anchorwatch.desk.record import to_json
from anchorwatch.desk.report import Report
from anchorwatch.edges.records import json_line, time_us

NOW = time_us("2026-11-23T12:00:00Z")

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Coast News</title><language>en-GB</language>
<item><title>Link Two out</title><link>https://news.example/a?x=1</link>
 <description>&lt;p&gt;The &lt;b&gt;cable&lt;/b&gt; failed &amp;amp; is dark.&lt;/p&gt;
 &lt;script&gt;x()&lt;/script&gt;</description>
 <pubDate>Mon, 23 Nov 2026 03:00:00 +0200</pubDate></item>
<item><title>Second.</title><link>javascript:alert(1)</link><pubDate>Fri, 31 Dec 9999 03:00:00 GMT</pubDate></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fi"><title>Ilmoitus</title>
<entry><title>First</title><link href="https://a.example/1"/><updated>2026-11-22T03:00:00+02:00</updated>
<content type="html">&lt;p&gt;Body here.&lt;/p&gt;</content></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Old</title></channel>
<item rdf:about="y"><title>One thing</title><link>http://b.example/2</link><dc:date>2026-11-20T01:02:03Z</dc:date></item>
</rdf:RDF>"""

RSS_091 = """<rss version="0.91"><channel><title>Oldest</title><item><title>Ships sail</title></item></channel></rss>"""

NAVTEX = """ZCZC PA09
NETHERLANDS COASTGUARD
NAVIGATIONAL WARNING NR. 9 172128 UTC AUG
PLATFORM L10-G 53-29.4N 004-11.7E
UNLIT
NNNN
noise between
ZCZC UB00
GALE WARNING
"""

NAVAREA = """171035 UTC NOV 26
BALTIC SEA NAV WARN 123/26
GULF OF FINLAND. CABLE WORK
BY SHIP FIBER IN AREA
59-40N 024-30E
59-41.5N 025-00E.
CANCEL 120/26 AND 121/26.

BALTIC SEA NAV WARN 124/26
BUOY UNLIT
"""

WARNING = {
    "id": 1, "typeEn": "COASTAL WARNING", "areasEn": "Gulf of Finland", "locationEn": None, "number": 5,
    "contentsEn": "Cable laying.", "contentsFi": "Kaapelinlasku.", "creationTime": "Invalid date",
    "publishingTime": "2026-11-20T10:00:00+02:00", "validityEndTime": None, "notificator": None,
}  # fmt: skip


def of(text: str | bytes, **about: object) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read(data, About(**{"received_us": NOW, **about}))  # type: ignore[arg-type]


def test_a_digest_has_one_item_a_line(shared: Path) -> None:
    data = (shared / "reports" / "digest.txt").read_bytes()
    reading = of(data, file="digest.txt")
    assert reading.form == "digest" and len(reading.items) == 30
    assert [i.line for i in reading.items] == list(range(1, 31))
    assert {i.reference for i in reading.items} == {"unknown"}
    assert not reading.rejects.counts and not reading.notes.counts
    assert all(i.text in data.decode() for i in reading.items)


def test_a_day_that_a_person_gives_goes_before_all_others() -> None:
    given = time_us("2025-01-14T00:00:00Z")
    for text in ("Ships sail next month.", RSS, ATOM):
        for item in of(text, reference_us=given).items:
            assert (item.reference_us, item.reference) == (given, "given")


def test_rss_is_title_and_summary_as_plain_text() -> None:
    reading = of(RSS)
    first, second = reading.items
    assert reading.form == "feed" and reading.title == "Coast News"
    assert first.text == "Link Two out. The cable failed & is dark."
    assert (first.source, first.url, first.language) == ("Coast News", "https://news.example/a?x=1", "en")
    assert first.published_us == first.reference_us == time_us("2026-11-23T01:00:00Z")
    assert (first.reference, first.kind, first.line) == ("published", "feed", None)
    assert (second.text, second.url, second.published_us, second.reference) == ("Second.", None, None, "unknown")
    assert reading.notes.counts == {"link_dropped": 1, "date_not_possible": 1}


@pytest.mark.parametrize(
    ("feed", "text", "url"),
    [
        (ATOM, "First. Body here.", "https://a.example/1"),
        (RDF, "One thing", "http://b.example/2"),
        (RSS_091, "Ships sail", None),
    ],
)
def test_all_kinds_of_feeds(feed: str, text: str, url: str | None) -> None:
    (item,) = of(feed).items
    assert (item.text, item.url) == (text, url)


def test_a_feed_in_another_encoding_says_so_itself() -> None:
    feed = (
        '<?xml version="1.0" encoding="windows-1251"?><rss><channel><item><title>Кабель</title></item></channel></rss>'
    )
    assert [i.text for i in of(feed.encode("cp1251")).items] == ["Кабель"]


def test_a_feed_that_was_cut_short_gives_its_whole_entries() -> None:
    for end in range(RSS.index("</item>") + 7, len(RSS), 7):
        reading = of(RSS[:end])
        assert reading.items[0].text.startswith("Link Two out.")
        assert len(reading.items) <= 2


def test_gdelt_articles() -> None:
    article = {
        "url": "https://x.example/1", "title": "Finland ' s ship seized , says police ( again )",
        "seendate": "20261120T063000Z", "domain": "x.example", "language": "Estonian", "sourcecountry": "Estonia",
    }  # fmt: skip
    reading = of(json.dumps({"articles": [article, {"title": 5}, None, {**article, "seendate": "99991120T063000Z"}]}))
    (item,) = reading.items
    assert item.text == "Finland's ship seized, says police (again)"
    assert (item.source, item.language, item.facts) == ("x.example", "et", (("country", "Estonia"),))
    assert item.published_us == time_us("2026-11-20T06:30:00Z")
    assert reading.rejects.counts == {"no_words": 1}
    assert reading.notes.counts == {"date_not_possible": 1, "copies": 1}
    assert of("{}", url="https://api.gdeltproject.org/api/v2/doc/doc?query=x").items == []


def test_gdelt_with_faults_and_its_errors() -> None:
    faulty = r'{"articles": [{"title": "It\'s a \ship", "url": "https://x.example/1"}, {"title": "Cut sh'
    reading = of(faulty)
    assert [i.text for i in reading.items] == [r"It's a \ship"]
    assert reading.rejects.counts == {"cut_short": 1}
    error = of("Please limit requests to one every 5 seconds", url="https://api.gdeltproject.org/api/v2/doc/doc")
    assert error.items == [] and error.rejects.counts == {"gdelt_error": 1}
    assert error.rejects.examples["gdelt_error"][1].startswith("Please limit")


def test_navtex_messages() -> None:
    reading = of(NAVTEX)
    first, second = reading.items
    assert first.text.startswith("NETHERLANDS COASTGUARD") and "ZCZC" not in first.text and "NNNN" not in first.text
    assert first.source == "NAVTEX station P" and first.line == 1 and first.kind == "navtex"
    assert first.published_us == time_us("2026-08-17T21:28:00Z")  # the last August before now
    assert first.points == ((4.195, 53.49),)
    assert dict(first.facts) == {"station": "P", "subject": "navigational warning", "serial": "09", "number": "9"}
    assert dict(second.facts)["urgent"] == "yes" and second.text == "GALE WARNING" and second.line == 8
    assert reading.rejects.counts == {"outside_message": 1} and reading.notes.counts == {"no_end": 1}


def test_pasted_warnings_and_what_they_cancel() -> None:
    first, second = of(NAVAREA).items
    assert first.published_us == time_us("2026-11-17T10:35:00Z")
    assert first.points == ((24.5, 59.666667), (25.0, 59.691667))
    assert dict(first.facts) == {"number": "123/26", "cancels": "120/26, 121/26"}
    assert first.text.splitlines()[2].startswith("GULF OF FINLAND. CABLE WORK BY SHIP")
    assert second.text == "BALTIC SEA NAV WARN 124/26\nBUOY UNLIT" and second.line == 9


@pytest.mark.parametrize(
    ("group", "sent"),
    [
        ("291200 UTC FEB", "2024-02-29T12:00:00Z"),
        ("231159 UTC", "2026-11-23T11:59:00Z"),
        ("301200 UTC", "2026-10-30T12:00:00Z"),
        ("241200Z NOV 25", "2025-11-24T12:00:00Z"),
        ("241200 UTC DEC", "2025-12-24T12:00:00Z"),
        ("311200 UTC FEB", None),
        ("999999 UTC", None),
    ],
)
def test_a_date_without_year_is_the_last_that_fits(group: str, sent: str | None) -> None:
    (item,) = of(f"ZCZC GA01\n{group}\nWRECK REPORTED\nNNNN").items
    assert item.published_us == (None if sent is None else time_us(sent))


def test_without_the_time_of_receipt_no_year_is_guessed() -> None:
    (item,) = of("ZCZC GA01\n231159 UTC NOV\nWRECK REPORTED\nNNNN", received_us=None).items
    assert item.published_us is None and item.reference == "unknown"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("53-29.4N 004-11.7E", (4.195, 53.49)),
        ("59-53-30N 024-30-00E", (24.5, 59.891667)),
        ("59°40,5'N, 24°30'E", (24.5, 59.675)),
        ("10-00S 170-30W", (-170.5, -10.0)),
        ("91-00N 010-00E", None),
        ("53-75N 004-11E", None),
        ("53-29N 004-11", None),
    ],
)
def test_coordinates(text: str, found: tuple[float, float] | None) -> None:
    assert points(f"IN POSITION {text}.") == (() if found is None else (found,))


def test_nautical_warnings_with_nulls_and_invalid_dates() -> None:
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [24.5, 59.9]}, "properties": WARNING},
        {"type": "Feature", "geometry": None, "properties": {**WARNING, "contentsEn": None, "publishingTime": None}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[24, 59], [25, 59], [999, 9]]]},
         "properties": {**WARNING, "contentsEn": "", "contentsFi": None}},
        {"type": "Feature", "properties": None},
    ]  # fmt: skip
    reading = of(json.dumps({"type": "FeatureCollection", "features": features}))
    english, finnish = reading.items
    assert english.text == "COASTAL WARNING, Gulf of Finland. Cable laying." and english.language == "en"
    assert english.points == ((24.5, 59.9),) and dict(english.facts) == {"number": "5"}
    assert english.published_us == time_us("2026-11-20T08:00:00Z") and english.source == "Fintraffic"
    assert (finnish.text, finnish.language, finnish.published_us) == ("Kaapelinlasku.", "fi", None)
    assert reading.rejects.counts == {"no_words": 1, "no_record": 1}
    assert reading.notes.counts == {"date_not_read": 1}


def test_our_own_records_come_back_as_they_went() -> None:
    items = [*of(RSS).items, *of(NAVAREA).items, *of("Plain words.\nMore words.").items]
    lines = "\n".join(json_line(to_json(Report(item))) for item in items)
    again = of(lines + "\nno json\n[1]\n")
    assert again.rejects.counts == {"no_record": 2}
    for one, other in zip(items, again.items, strict=True):
        assert (one.id, one.text, one.source, one.url) == (other.id, other.text, other.source, other.url)
        assert (one.published_us, one.reference_us, one.reference) == (
            other.published_us, other.reference_us, other.reference,
        )  # fmt: skip
        assert other.line is not None and one.kind == other.kind


def test_records_in_a_list() -> None:
    records = [{"text": "Ships sail.", "source": "Coast", "published": "2026-11-20T00:00:00Z"}, {"text": 5}, 7]
    for text in (json.dumps({"reports": records, "next": None}), json.dumps(records, indent=1)):
        reading = of(text)
        (item,) = reading.items
        assert (item.text, item.source, item.reference) == ("Ships sail.", "Coast", "published")
        assert reading.rejects.counts == {"no_record": 1}


@pytest.mark.parametrize(
    "marks", [("1. ", "2. ", "3. "), ("- ", "- ", "- "), ("  \u2022 ", "* ", "- "), ("1) ", "2) ", "10) ")]
)
def test_the_marks_of_a_list_are_no_words(marks: tuple[str, ...]) -> None:
    texts = ["Ships sail.", "19 systems come.", "Cables hum."]
    reading = of("\n".join(mark + text for mark, text in zip(marks, texts, strict=True)))
    assert [i.text for i in reading.items] == texts
    assert of("2. place for Poland.\nOther.\nMore.").items[0].text == "2. place for Poland."


def test_lines_that_are_broken_at_a_margin_are_paragraphs() -> None:
    reading = of(
        "The navy sends two frigates to the\nBaltic Sea because\ncables were cut.\n\nA second thing is\nhere.\n"
    )
    assert [(i.text, i.line) for i in reading.items] == [
        ("The navy sends two frigates to the Baltic Sea because cables were cut.", 1),
        ("A second thing is here.", 5),
    ]
    assert reading.form == "text"
    headlines = of("Navy sends ships\nCable cut near coast\nMinister resigns\n")
    assert [i.text for i in headlines.items] == ["Navy sends ships", "Cable cut near coast", "Minister resigns"]


def test_a_page_is_one_item() -> None:
    reading = of(
        "<!doctype html><html><head><title>T</title></head><body><h1>Navy sends</h1><p>Ships.</p></body></html>"
    )
    assert reading.form == "page" and [i.text for i in reading.items] == ["Navy sends Ships."]


def test_exact_copies_are_taken_once() -> None:
    reading = of("Ships sail.\nSHIPS  sail.\nOther.\n")
    assert [i.text for i in reading.items] == ["Ships sail.", "Other."]
    assert reading.notes.counts == {"copies": 1}


@pytest.mark.parametrize(
    ("data", "texts", "notes"),
    [
        ("Kõik hästi.".encode("utf-8-sig"), ["Kõik hästi."], {}),
        ("Kõik hästi.".encode("utf-16"), ["Kõik hästi."], {}),
        ("Ships sail.".encode("utf-16-le"), ["Ships sail."], {"encoding_guessed": 1}),
        ("Кабель цел.\nСудно ушло.".encode("cp1251"), ["Кабель цел.", "Судно ушло."], {"encoding_guessed": 2}),  # noqa: RUF001
        ("The café opens.".encode("cp1252"), ["The café opens."], {"encoding_guessed": 1}),
        (
            "Кабель.\n".encode("cp1251") + "Kõik.\n".encode() + b"caf\xe9.\nPlain.",
            ["Кабель.", "Kõik.", "café.", "Plain."],
            {"encoding_guessed": 2, "mixed_encodings": 1},
        ),
        (b"Ships\0 sail\0.\r\nMore.\r", ["Ships sail.", "More."], {"nul": 2}),
    ],
)
def test_encodings(data: bytes, texts: list[str], notes: dict[str, int]) -> None:
    reading = of(data)
    assert [i.text for i in reading.items] == texts and reading.notes.counts == notes


def test_html_is_what_a_reader_sees() -> None:
    assert plain_text("<p>Navy <b>sends</b> 5 < 6 ships&nbsp;&amp; more</p><style>p{}</style><p>Two</p>") == (
        "Navy sends 5 < 6 ships & more Two"
    )
    assert plain_text("a<br>b<!-- hidden -->c<script>if (a</b) x()</script>d", lines=True) == "a\nbcd"
    assert not has_html("5 < 6 and 7 > 3, <3") and has_html("see <a href='x'>this</a>")
    (item,) = of("Navy <img src=x onerror=alert(1)>sends <b>ships</b>.").items
    assert item.text == "Navy sends ships."


def test_what_is_nothing_is_said() -> None:
    assert of(b"").rejects.counts == of(b" \n\n").rejects.counts == {"empty": 1}
    assert of('{"some": "thing"}').rejects.counts == {"unknown_json": 1}
    assert of("<?xml version='1.0'?><rss").rejects.counts == {"no_feed": 1}
    assert of("---\n...\nWords.").rejects.counts == {"no_words": 2}


def test_times_are_kept_to_the_microsecond() -> None:
    from datetime import UTC, datetime

    assert us_of(datetime(2026, 11, 23, 12, tzinfo=UTC)) == NOW
