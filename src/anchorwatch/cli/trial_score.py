"""`anchorwatch trial score`: how well a watch was kept, against known truth, beside others."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anchorwatch.errors import BadUse

if TYPE_CHECKING:
    from anchorwatch.chart import Chart
    from anchorwatch.trials.score import System
    from anchorwatch.trials.score.records import Trial


@click.command()
@click.argument("folders", nargs=-1, metavar="DIR...")
@click.option("--ordinary", multiple=True, metavar="FILE", help="A real archive, taken as innocent; may be repeated.")
@click.option("--assets", multiple=True, metavar="FILE", help="Assets for --ordinary. Default: the Baltic catalogue.")
@click.option("--zones", multiple=True, metavar="FILE", help="Zones for --ordinary.")
@click.option("--against", multiple=True, metavar="CSV", help="Another system's alerts: time, mmsi, ...; repeatable.")
@click.option("--baselines/--no-baselines", default=True, help="Score three rules that others describe, too.")
@click.option("--report", metavar="PAGE.html", help="The score as one page with plots, for the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON (anchorwatch.score/1).")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Seed of the bootstrap.")
@click.option("--quiet", is_flag=True, help="Say nothing on stderr.")
def command(
    folders: tuple[str, ...], ordinary: tuple[str, ...], assets: tuple[str, ...], zones: tuple[str, ...],
    against: tuple[str, ...], baselines: bool, report: str | None, as_json: bool, seed: int, quiet: bool,
) -> None:  # fmt: skip
    """Score the watch on trials: what was found, when, and what was raised for nothing.

    DIR is a folder that `anchorwatch trial run` made, or a folder of such folders.
    """
    _check(folders, ordinary, assets, zones, report)
    from anchorwatch.trials import score
    from anchorwatch.trials.score import systems as score_systems
    from anchorwatch.trials.score import table as score_table

    tell = _Teller(quiet)
    tell(f"Reading {len(folders)} folders ...")
    trials = score_systems.find_trials([Path(f) for f in folders])
    real, chart = _ordinary(ordinary, assets, zones, tell)
    score_systems.names_apart([*trials, *real])
    systems = [score_systems.watch(trials, real)]
    if baselines:
        tell("Running the baselines over the same traffic ...")
        systems += score_systems.others(trials, real, chart)
    systems += [score_systems.against(Path(path), trials, real) for path in against]
    _names_apart(systems)
    tell("Drawing again for the intervals ...")
    cards = [score.card(system, seed) for system in systems]
    beside = score.compare(systems, cards, seed)
    tell.clear()
    if report:
        from anchorwatch.trials.score.page import write_page

        write_page(Path(report), cards, systems, beside)
    if as_json:
        from anchorwatch.edges.records import json_line

        click.echo(json_line(score_table.record(cards, systems, beside, seed)))
        return
    click.echo(score_table.text(cards, systems, beside))
    if report and not quiet:
        click.echo(f"Open {report} in a browser.", err=True)


class _Teller:
    """What is being done, on one line of a terminal."""

    def __init__(self, quiet: bool) -> None:
        self.shown = not quiet and sys.stderr.isatty()

    def __call__(self, words: str) -> None:
        if self.shown:
            click.echo(f"\r{words:<70}", err=True, nl=False)

    def clear(self) -> None:
        """Leave an empty line."""
        if self.shown:
            click.echo("\r" + " " * 70 + "\r", err=True, nl=False)


def _check(
    folders: tuple[str, ...], ordinary: tuple[str, ...], assets: tuple[str, ...], zones: tuple[str, ...],
    report: str | None,
) -> None:  # fmt: skip
    if not folders and not ordinary:
        raise BadUse("nothing to score", "trial score", "Name the folders that `anchorwatch trial run` made")
    if (assets or zones) and not ordinary:
        raise BadUse("only for --ordinary: a trial brings its own", "--assets, --zones", "Leave them out")
    if report and not Path(report).parent.is_dir():
        raise BadUse("the folder does not exist", str(Path(report).parent), "Make it first, or write elsewhere")


def _ordinary(
    paths: tuple[str, ...], assets: tuple[str, ...], zones: tuple[str, ...], tell: _Teller
) -> tuple[list[Trial], Chart | None]:
    if not paths:
        return [], None
    from anchorwatch.edges import chart_files
    from anchorwatch.trials.score.ordinary import read_ordinary

    chart = chart_files.load(list(assets) or None, list(zones) or None)
    read = []
    for path in paths:
        tell(f"Scanning {path} ...")
        read.append(read_ordinary(path, chart))
    return read, chart


def _names_apart(systems: list[System]) -> None:
    names = [s.name for s in systems]
    for name in names:
        if names.count(name) > 1:
            raise BadUse(f"two systems are called {name!r}", "--against", "Rename the file: its name is the system's")
