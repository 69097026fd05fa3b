"""`anchorwatch scan`: an archive of traffic in, judged alerts out."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anchorwatch.errors import BadUse

if TYPE_CHECKING:
    from anchorwatch.edges.archive import Source
    from anchorwatch.edges.rejects import Rejects
    from anchorwatch.engine import batch

PROGRESS_AFTER_S = 1.0


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--assets",
    multiple=True,
    metavar="FILE",
    help="Cables, pipelines, ... to watch. Default: the built-in Baltic catalogue.",
)
@click.option(
    "--zones",
    multiple=True,
    metavar="FILE",
    help="Ports, anchorages, lanes, ...: places where behaviour has innocent reasons.",
)
@click.option(
    "--watch-list",
    "watch_lists",
    multiple=True,
    metavar="FILE",
    help="CSV of listed vessels (OpenSanctions, OFAC, UK, own): shown with alerts, raises none.",
)
@click.option(
    "--faults", metavar="FILE", help="Outage notices, JSON or CSV: who crossed a failed asset is followed to the next."
)
@click.option("--depth", metavar="FILE", help="Grid of water depths.")
@click.option("--since", metavar="TIME", help="Watch from this time on (UTC), e.g. 2024-12-25 or 2024-12-25T10:00Z.")
@click.option("--until", metavar="TIME", help="Watch up to this time.")
@click.option("--date", metavar="TIME", help="When lines without a time were received.")
@click.option("--out", metavar="PATH", help="Alerts: .jsonl .geojson .csv .parquet. Default: .jsonl on stdout.")
@click.option("--findings", metavar="PATH", help="What each detector saw, before judgement. Same formats.")
@click.option("--report", metavar="PAGE.html", help="One page for the browser that needs no network.")
@click.option("--memory", metavar="DIR", help="Go on where the last run with this folder ended.")
@click.option("--rejects", "rejects_path", metavar="PATH", help="Write every rejected line here.")
@click.option(
    "--jobs",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that share the work; one uses up to four cores.",
)
@click.option("--engine", default="local", show_default=True, type=click.Choice(["local", "spark"]))
@click.option("--quiet", is_flag=True, help="Print nothing on stderr.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on stderr.")
def command(
    files: tuple[str, ...], assets: tuple[str, ...], zones: tuple[str, ...], watch_lists: tuple[str, ...],
    faults: str | None, depth: str | None, since: str | None, until: str | None, date: str | None, out: str | None,
    findings: str | None, report: str | None, memory: str | None, rejects_path: str | None, jobs: int, engine: str,
    quiet: bool, as_json: bool,
) -> None:  # fmt: skip
    """Watch over an archive: AIS files of any kind in, judged alerts out.

    FILE is an AIVDM log, a Danish, MarineCadastre or own CSV, Parquet, or a Digitraffic, aisstream or
    AIS-catcher log; plain or .gz .zip .zst .xz; - is standard input.
    """
    if engine == "spark":
        raise BadUse("the spark engine is not part of this version", "--engine", "Use --jobs to share the work here")
    began = time.monotonic()
    from anchorwatch.cli.times import time_us
    from anchorwatch.decode import Options
    from anchorwatch.detectors import discover
    from anchorwatch.edges import chart_files
    from anchorwatch.edges import faults as notices
    from anchorwatch.edges import memory as remembered
    from anchorwatch.edges import watch_lists as listed
    from anchorwatch.edges.archive import open_sources
    from anchorwatch.edges.rejects import Rejects
    from anchorwatch.engine import batch

    chart = chart_files.load(list(assets) or None, list(zones) or None, depth)
    job = batch.Job(
        chart, discover(), time_us(since, "--since"), time_us(until, "--until"), plot=report is not None,
        watch_lists=listed.load(list(watch_lists)), faults=notices.read(faults, chart) if faults else (),
    )  # fmt: skip
    _check_outputs((out, findings), (report, rejects_path))
    before = remembered.load(job, Path(memory)) if memory else None
    sources = open_sources(files, Options(date_us=time_us(date, "--date")))
    with ExitStack() as stack:
        rejects = stack.enter_context(Rejects(rejects_path, [s.name for s in sources]))
        shown = Progress(sources, not (quiet or as_json) and sys.stderr.isatty(), began)
        result = batch.run(
            job, [blocks(s, rejects, shown) for s in sources], before, jobs, lambda frame: rejects.add(frame)
        )
        shown.clear()
    _write(result, job, files, rejects, out, findings, report)
    if memory:  # last: where the alerts could not be written, the next run must find them again
        remembered.save(result.memory, job, Path(memory))
    if not quiet:
        from anchorwatch.cli import scan_summary

        scan_summary.tell(result, rejects, time.monotonic() - began, out, report, as_json, job)


def _check_outputs(records: tuple[str | None, ...], others: tuple[str | None, ...]) -> None:
    """Refuse an output nobody can write before hours of work."""
    from anchorwatch.edges.records import ending_of

    for path in (*records, *others):
        if path and path != "-" and not Path(path).parent.is_dir():
            raise BadUse("the folder does not exist", str(Path(path).parent), "Make it first, or write elsewhere")
        if path and path != "-" and path in records:
            ending_of(path)


class Progress:
    """How far the files are, on a terminal, once the work takes more than a second."""

    def __init__(self, sources: list[Source], visible: bool, began: float) -> None:
        """Start with nothing read."""
        self.sources, self.visible, self.began, self.rows = sources, visible, began, 0

    def add(self, rows: int) -> None:
        """Count rows and show where we are."""
        self.rows += rows
        if self.visible and time.monotonic() - self.began > PROGRESS_AFTER_S:
            done = [s.done() for s in self.sources]
            share = sum(done) / len(done)
            percent = f"{share:4.0%}" if share == share else "    "  # NaN: nobody knows
            click.echo(f"\r{percent} {self.rows:,} rows ", err=True, nl=False)

    def clear(self) -> None:
        """Leave an empty line."""
        if self.visible and time.monotonic() - self.began > PROGRESS_AFTER_S:
            click.echo("\r" + " " * 60 + "\r", err=True, nl=False)


def blocks(source: Source, rejects: Rejects, shown: Progress) -> Iterator[batch.Block]:
    """Give the blocks of one file; count what could not be decoded."""
    from anchorwatch.engine import batch

    for decoded in source.blocks():
        rejects.add(decoded.rejects)
        shown.add(decoded.positions.height)
        yield batch.Block(decoded.positions, decoded.statics, decoded.others.height)


def _write(
    result: batch.Result, job: batch.Job, files: tuple[str, ...], rejects: Rejects,
    out: str | None, findings: str | None, report: str | None,
) -> None:  # fmt: skip
    from anchorwatch.edges.alerts import write_alerts
    from anchorwatch.edges.findings import write_findings

    write_alerts(result.alerts, out)
    if findings:
        write_findings(result.findings, findings)
    if report:
        from anchorwatch.edges.report import write_report
        from anchorwatch.edges.report.plots import summary, track_plots

        write_report(
            report,
            result.alerts,
            track_plots(result, job.chart),
            job.chart,
            summary(result, files, rejects.counts, job),
        )
