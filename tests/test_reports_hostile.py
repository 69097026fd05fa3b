"""Reports of ill intent: handled, counted, escaped, never followed; and never slow."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.desk.reading import About, Reading, read
from anchorwatch.desk.reading.html_text import has_html, plain_text
from anchorwatch.desk.report import MOST_TEXT
from anchorwatch.edges.records import time_us

NOW = time_us("2026-11-23T12:00:00Z")
PATIENCE_S = 4.0  # of this process; most take well under a second
SECRET = "/etc/passwd"
ATOM = "http://www.w3.org/2005/Atom"


def of(data: bytes) -> Reading:
    began = time.process_time()
    reading = read(data, About(received_us=NOW))
    assert time.process_time() - began < PATIENCE_S
    for item in reading.items:
        assert item.text.strip() and len(item.text) <= MOST_TEXT + 1 and "\0" not in item.text
        item.text.encode("utf-8")
        assert item.published_us is None or 0 < item.published_us <= NOW + 3 * 86_400_000_000
        assert item.url is None or item.url.startswith(("http://", "https://"))
    return reading


def rss(*entries: str, head: str = "") -> bytes:
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    return f"<?xml version='1.0'?>{head}<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


LONG = 200_000
HARD: dict[str, bytes] = {
    "one line of 10 MB": b"word " * 2_000_000,
    "10 MB of one letter": b"a" * 10_000_000,
    "10 MB of tags": b"<a " * 3_300_000,
    "10 MB of NUL": b"\0" * 10_000_000,
    "10 MB of no UTF-8": b"\xff" * 10_000_000,
    "a million short lines": b"a.\n" * 1_000_000,
    "a million broken lines": b"a\nb\n" * 500_000,
    "entries without end": b"<rss><channel>" + b"<item><title>a" * 500_000,
    "an entry without end": b"<rss><channel><item><title>" + b"a <b " * 1_000_000,
    "deep elements": b"<rss><channel><item>" + b"<a>" * LONG + b"</item>",
    "deep channels": b"<rss>" + b"<channel>" * LONG + b"<item><title>Words</title></item>",
    "entities": b"<!DOCTYPE x [" + b"<!ENTITY a 'x'>" * 50_000 + b"]><rss><item><title>x</title></item></rss>",
    "doctypes": b"<!DOCTYPE " * 20_000 + b"<rss><item><title>Words</title></item></rss>",
    "blanks": b"<?xml" + b" " * 1_000_000 + b"<rss>",
    "numbers as dates": rss(*(f"<title>Words {n}</title><pubDate>{'9' * 5000}</pubDate>" for n in range(200))),
    "markup in markup": rss(*(f"<title>W</title><description>{'&lt;a ' * 4000}</description>" for _ in range(200))),
    "marked sections": rss("<title>x</title><description><![CDATA[" + "<![CDATA[" * 20_000 + "]]></description>"),
    "ampersands": rss("<title>" + "&" * 4000 + "</title>"),
    "numbers of letters": rss("<title>" + "&#9999999" * 20_000 + "</title>"),
    "comments": rss("<title>" + "<!--" * 4000 + "</title>"),
    "deep JSON": b'{"articles":[' + b"[" * LONG,
    "deep objects": b'{"articles":[' + b'{"title":' * LONG,
    "a number of 5,000 digits": b'{"articles":[{"title":' + b"9" * 5000 + b"}]}",
    "backslashes": b'{"text":"' + b"\\x" * 1_000_000,
    "messages without end": b"ZCZC PA09\n" * 100_000,
    "headers": b"NAVAREA " + b"A " * 1_000_000,
    "cancellations": b"ZCZC AA01\n" + b"CANCEL " * 100_000,
    "half coordinates": b"ZCZC AA01\n" + b"59-40N " * 20_000,
    "coordinates without end": b"ZCZC AA01\n" + b"59-40.5N 024-30.5E " * 20_000,
    "date groups": b"ZCZC AA01\n" + b"172128 UTC " * 20_000,
    "warnings": json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "properties": {"contentsEn": "W"},
                    "geometry": {"type": "Polygon", "coordinates": [[[24, 59]] * 200_000]},
                }
            ]
            * 3,
        }
    ).encode(),
}


@pytest.mark.parametrize("name", HARD)
def test_nothing_takes_long(name: str) -> None:
    of(HARD[name])


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<a ",
        "<",
        "</",
        "<![CDATA[",
        "<!",
        "&",
        "<script>",
        "<script></",
        "<a b='",
        "&#",
        "<?",
        "</a",
        "<a/",
        '<a b="<',
        "&#9",
        "9",
        "<br>",
        " \n",
        "\n",
        "<style>a</styl",
    ],
)
def test_html_is_linear(piece: str) -> None:
    began = time.process_time()
    markup = (piece * LONG)[:LONG]
    plain_text(markup)
    has_html(markup)
    assert time.process_time() - began < PATIENCE_S


def test_a_text_of_10_mb_is_cut_and_counted() -> None:
    reading = of(HARD["one line of 10 MB"])
    assert [len(i.text) for i in reading.items] == [MOST_TEXT + 1] and reading.notes.counts == {"cut": 1}


def test_no_entity_is_expanded_and_no_file_is_opened() -> None:
    bomb = "<!DOCTYPE b [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
    )
    head = f"{bomb}<!ENTITY x SYSTEM 'file://{SECRET}'><!ENTITY y SYSTEM 'http://127.0.0.1:1/'>]>"
    reading = of(rss("<title>Ships &j; &x; &y; sail</title>", head=head))
    (item,) = reading.items
    assert "root:" not in item.text and len(item.text) < 100 and reading.notes.counts["entities_taken_out"] == 1
    (item,) = of(SECRET.encode()).items  # the words are no path
    assert item.text == SECRET


def test_html_and_scripts_are_taken_out() -> None:
    text = "<b>NATO</b> sends <script>alert(document.cookie)</script>ships<img src=x onerror=alert(1)><style>x</style>."
    for data in (text.encode(), rss(f"<title><![CDATA[{text}]]></title>"), json.dumps({"text": text}).encode()):
        (item,) = of(data).items
        assert item.text == "NATO sends ships."


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//x.example",
        "x",
        "http://ben:word@x.example/",
        "http://x.example/\u202e",
        "https://x.example/ y",
        "https://x.example/" + "a" * 3000,
        'https://x.example/"onclick=x',
    ],
)
def test_links_that_are_none_are_dropped(url: str) -> None:
    for data in (
        rss(f"<title>Words</title><link><![CDATA[{url}]]></link>"),
        json.dumps({"articles": [{"title": "Words", "url": url}]}).encode(),
        json.dumps({"text": "Words", "url": url}).encode(),
    ):
        (item,) = of(data).items
        assert item.url is None or (item.url == url.replace(" ", "") and " " in url)


@pytest.mark.parametrize("year", ["9999", "0001", "10000", "1900", "2100", "-5", "999999999"])
def test_years_that_cannot_be(year: str) -> None:
    day = f"{year}-11-23T00:00:00Z"
    for data in (
        rss(f"<title>Words</title><pubDate>Mon, 23 Nov {year} 03:00:00 GMT</pubDate>"),
        f"<feed xmlns='{ATOM}'><entry><title>Words</title><updated>{day}</updated></entry></feed>".encode(),
        json.dumps({"articles": [{"title": "Words", "seendate": f"{year}1123T000000Z"}]}).encode(),
        json.dumps({"text": "Words", "published": day, "reference_date": day}).encode(),
    ):
        reading = of(data)
        (item,) = reading.items
        assert item.published_us is None and item.reference_us is None and item.reference == "unknown"
        assert reading.notes.counts.keys() <= {"date_not_possible", "date_not_read"}


def test_control_characters_do_not_reach_a_terminal() -> None:
    from anchorwatch.cli.report_words import card
    from anchorwatch.desk.report import Report
    from anchorwatch.edges.records import json_line, plain

    text = "NATO \x1b[31m\x07sends\x9b2J \u202eships\u200b.\ud800"
    (item,) = of(json.dumps({"text": text, "source": "\x1b]0;x\x07Coast"}).encode()).items
    shown = [*card(Report(item), plain("\x1bname"), [], 80), json_line({"text": item.text})]
    assert all(c.isprintable() for line in shown for c in line)


def test_other_languages_are_items_too() -> None:
    lines = "Россия отключила кабель.\nLaiva katkaisi kaapelin.\n海底ケーブルが切断された。\nانقطع الكابل.\n"  # noqa: RUF001
    assert len(of(lines.encode()).items) == 4


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    of(data)


PIECES = [
    "<rss>",
    "<item>",
    "</item>",
    "<title>",
    "</title>",
    "<entry>",
    "<feed",
    ">",
    "&lt;",
    "ZCZC AA01\n",
    "NNNN\n",
    "\n",
    '{"articles": [',
    '{"text": "',
    '"',
    "}",
    "]",
    "\\",
    "59-40N 024-30E",
    "171035 UTC",
    " CANCEL 1/26",
    "\0",
    "\ufeff",
    "Ships sail. ",
    "<!--",
    "-->",
    "<script>",
    "<![CDATA[",
    "]]>",
    "&#0;",
    "&x;",
    "\u2028",
    "<!DOCTYPE html>",
    "\x1b",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_pieces_of_all_formats(text: str, encoding: str) -> None:
    of(text.encode(encoding, "ignore"))
