"""`anchorwatch reports`: what news, notices and warnings say."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anchorwatch.desk.report import LEDGERS
from anchorwatch.errors import BadUse

if TYPE_CHECKING:
    from anchorwatch.desk.report import Report

PROGRESS_AFTER_S = 1.0


@click.command()
@click.argument("names", nargs=-1, metavar="FILE_OR_URL...")
@click.option("--json", "as_json", is_flag=True, help="Print one anchorwatch.report/1 a line.")
@click.option("--date", metavar="TIME", help='The day that "next month" is next to, where the texts do not say theirs.')
@click.option("--source", metavar="NAME", help="Who says it, where the texts do not say so themselves.")
@click.option("--ledger", type=click.Choice(LEDGERS), help="Print this ledger instead of the items.")
@click.option("--figures", metavar="FILE.toml", help="Your GDP, population and rates of countries, for the shares.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the ledger as CSV.")
@click.option("--min-relevance", default=0.0, show_default=True, type=click.FloatRange(0.0, 1.0), metavar="X",
              help="Print only items that concern the watch at least so much.")  # fmt: skip
@click.option("--words", metavar="DIR", help="Your own word lists (.toml), beside those of the package.")
@click.option("--rules", metavar="DIR", help="Your own rules of events (.toml), beside those of the package.")
@click.option("--model", is_flag=False, flag_value="", metavar="[FOLDER]",
              help="Use the model of English too (extra `nlp`), or the one in a folder.")  # fmt: skip
@click.option("--llm", metavar="URL#MODEL", help="Ask a language model of yours too; http on this machine, else https.")
@click.option("--data", metavar="DIR", help="Keep the reports in this watch's folder, with what was put right there.")
@click.option("--quiet", is_flag=True, help="Print nothing on stderr.")
def command(
    names: tuple[str, ...], as_json: bool, date: str | None, source: str | None, ledger: str | None,
    figures: str | None, as_csv: bool,
    min_relevance: float, words: str | None, rules: str | None, model: str | None, llm: str | None, data: str | None,
    quiet: bool,
) -> None:  # fmt: skip
    """Read reports and say what is in them: events, names, numbers, stories, and what contradicts.

    FILE_OR_URL is a digest with one item a line, plain text, RSS or Atom, a GDELT answer, NAVTEX or NAVAREA text,
    nautical warnings (GeoJSON), or what this command has printed with --json; - is standard input. It is recognised
    by its content.
    """
    from anchorwatch.cli import report_run
    from anchorwatch.cli.times import time_us
    from anchorwatch.desk.reading import About
    from anchorwatch.edges.clock import SystemClock

    if model and not Path(model).is_dir():  # `--model digest.txt`: a file to read, not a folder
        names, model = (model, *names), ""
    if not names:
        raise BadUse("nothing to read", "reports", "Name a file or an address, or - for standard input")
    if as_csv and not ledger:
        raise BadUse("only a ledger is printed as CSV", "--csv", f"Add --ledger, one of {', '.join(LEDGERS)}")
    if model is not None and llm:
        raise BadUse("only one model is asked", "--llm", "Leave out --model or --llm")
    if figures is not None and ledger != "assistance":
        raise BadUse("figures of countries are for shares of assistance only", "--figures", "Add --ledger assistance")
    mine = report_run.figures_of(figures, data)
    clock = SystemClock()
    about = About(source, received_us=clock.now_us(), reference_us=time_us(date, "--date"))
    run = report_run.Run(clock, report_run.desk_parts(words, rules, model, llm, data), data, Progress(quiet))
    with run:
        run.read(names, about)
        if ledger:
            report_run.print_ledger(run, ledger, as_json, as_csv, mine)
        else:
            report_run.print_items(run, as_json, min_relevance)
        if not quiet:
            report_run.tell(run)


class Progress:
    """How many items are read, on a terminal, once it takes more than a second."""

    def __init__(self, quiet: bool) -> None:
        """Start with none."""
        self.visible, self.began, self.shown = not quiet and sys.stderr.isatty(), time.monotonic(), False

    def over(self, reports: Iterable[Report], total: int) -> Iterator[Report]:
        """Give reports on, and show how far it is."""
        last = self.began
        for number, report in enumerate(reports, 1):
            now = time.monotonic()
            if self.visible and now - self.began > PROGRESS_AFTER_S and now - last > 0.2:
                click.echo(f"\r{number:,} of {total:,} items ", err=True, nl=False)
                last, self.shown = now, True
            yield report
        if self.shown:
            click.echo("\r" + " " * 40 + "\r", err=True, nl=False)
