"""`anchorwatch brief`: one page for the morning, each sentence with its source."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anchorwatch.cli import data_folder
from anchorwatch.cli.times import time_us
from anchorwatch.errors import BadUse

if TYPE_CHECKING:
    from anchorwatch.desk.brief.facts import BriefFacts
    from anchorwatch.desk.brief.page import Brief
    from anchorwatch.desk.corrections import Correction

ENDINGS = (".md", ".html", ".pdf")
_AGO = re.compile(r"([0-9]{1,5})([mhd])")
_UNITS_US = {"m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
_DAY_US = _UNITS_US["d"]
DATABASE = "store.sqlite"


@click.command("brief")
@click.argument("sources", nargs=-1, metavar="[FILE_OR_URL]...")
@click.option("--data", metavar="DIR", help="Folder of a watch. Default: the usual one, where no file is named.")
@click.option(
    "--since", metavar="TIME", help="From this time on; or so long ago: 90m, 24h, 2d. Default: 24h of a watch."
)
@click.option(
    "--date", metavar="TIME", help="Make the page as of this time, and read undated reports next to it. Default: now."
)
@click.option("--out", metavar="PATH", help="Write it here: .md, .html or .pdf. Default: Markdown on standard output.")
@click.option("--quiet", is_flag=True, help="Print nothing on stderr.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, anchorwatch.brief/1.")
def command(
    sources: tuple[str, ...], data: str | None, since: str | None, date: str | None, out: str | None, quiet: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Tell the morning on one page: at sea, in the press, in the ledgers, what contradicts, what to watch.

    Reads reports from files, addresses and - (standard input), and what a watch keeps in its folder. Every sentence
    names what it rests on; it is put together by templates, no model writes it.
    """
    _check(out, as_json)
    from anchorwatch.desk.brief.compose import brief
    from anchorwatch.edges.clock import SystemClock

    day_us = time_us(date, "--date")
    at_us = SystemClock().now_us() if day_us is None else day_us
    page = brief(_facts(sources, data, _since_us(since, at_us), at_us, day_us, quiet))
    _give(page, out, as_json)


def _check(out: str | None, as_json: bool) -> None:
    """Say what is wrong before anything is read."""
    if out is not None and not out.lower().endswith(ENDINGS):
        raise BadUse(f"{out!r} has another ending", "--out", f"Give a path that ends in {', '.join(ENDINGS)}")
    if out is not None and as_json:
        raise BadUse("both --out and --json are given", "brief", "Give one of them; --json goes to standard output")


def _since_us(said: str | None, at_us: int) -> int | None:
    """Return the beginning of the span: a time, or so long before the page's own time."""
    if said is None:
        return None
    ago = _AGO.fullmatch(said)
    since_us = at_us - int(ago[1]) * _UNITS_US[ago[2]] if ago else time_us(said, "--since")
    if since_us is not None and since_us > at_us:
        raise BadUse("it is after the time of the page", "--since", "Give an earlier time, or a later --date")
    return since_us


def _facts(
    sources: tuple[str, ...], data: str | None, since_us: int | None, at_us: int, day_us: int | None,
    quiet: bool,
) -> BriefFacts:  # fmt: skip
    """Return the facts. day_us: the time of the page where a person gave it; undated reports are read next to it."""
    folder = Path(data) if data is not None else None if sources else data_folder.usual()
    if folder is None:
        return _of_files(sources, since_us, at_us, day_us, quiet)
    if not (folder / DATABASE).is_file():
        where = "--data" if data is not None else "brief"
        raise BadUse(f"no watch has kept anything in {folder}", where, "Name files of reports, or its folder by --data")
    from anchorwatch.desk.brief.from_reports import joined
    from anchorwatch.watch.brief_facts import of_folder

    kept = of_folder(folder, at_us - _DAY_US if since_us is None else since_us, at_us)
    return joined(kept, _of_files(sources, since_us, at_us, day_us, quiet, folder)) if sources else kept


def _of_files(
    sources: tuple[str, ...], since_us: int | None, at_us: int, day_us: int | None, quiet: bool,
    folder: Path | None = None,
) -> BriefFacts:  # fmt: skip
    """Return the facts of files. folder: of a watch, whose word lists, rules and corrections hold for them, too."""
    from anchorwatch.chart.catalogue import baltic
    from anchorwatch.cli.report_run import desk_parts
    from anchorwatch.cli.reports import Progress
    from anchorwatch.desk.brief.from_reports import of_reports
    from anchorwatch.desk.reading import About
    from anchorwatch.desk.understand import Desk
    from anchorwatch.edges.clock import SystemClock
    from anchorwatch.edges.press.gathering import gather

    clock = SystemClock()
    found = gather(sources, About(received_us=clock.now_us(), reference_us=day_us), clock)
    words, rules, _, _ = desk_parts(None, None, None, None, None if folder is None else str(folder))
    desk = Desk(words, rules, None, _corrections(folder))
    read = Progress(quiet).over(desk.reading(found.items), len(found.items))
    left = [f"Not read: {n:,} of {reason.replace('_', ' ')}." for reason, n in sorted(found.rejects.counts.items())]
    left += ["Not all of a file or address was read: it is too long."] if "file_cut" in found.notes.counts else []
    return of_reports(read, at_us, since_us, words, {asset.id: asset.name for asset in baltic()}, left)


def _corrections(folder: Path | None) -> list[Correction]:
    """Return what people put right in a watch's folder."""
    if folder is None:
        return []
    from contextlib import closing

    from anchorwatch.edges.clock import SystemClock
    from anchorwatch.edges.store.reports import Reports

    with closing(Reports.open(folder, SystemClock())) as kept:
        return list(kept.corrections())


def _give(page: Brief, out: str | None, as_json: bool) -> None:
    from anchorwatch.desk.brief import markdown
    from anchorwatch.desk.brief.page import to_json
    from anchorwatch.edges.records import json_line, replacing

    if out is None:
        click.echo(_printable(json_line(to_json(page)) + "\n" if as_json else markdown.render(page)), nl=False)
        return
    with replacing(Path(out)) as part:
        part.write_bytes(_formed(page, Path(out).suffix.lower()))


def _formed(page: Brief, ending: str) -> bytes:
    """Return the page in the form that an ending asks for."""
    if ending == ".pdf":
        from anchorwatch.edges.brief_pdf import pdf

        return pdf(page)
    from anchorwatch.desk.brief import html, markdown

    return (html.render(page) if ending == ".html" else markdown.render(page)).encode("utf-8", "replace")


def _printable(text: str) -> str:
    """Return the text with what the alphabet of the terminal lacks shown as an escape."""
    code = sys.stdout.encoding or "utf-8"
    return text.encode(code, "backslashreplace").decode(code)
