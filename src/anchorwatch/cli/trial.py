"""`anchorwatch trial`: scenarios with known truth, for exercises and for the proof of this and other systems."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anchorwatch.cli import trial_score
from anchorwatch.errors import BadUse

if TYPE_CHECKING:
    from anchorwatch.trials.scenario import Scenario

FORMATS = ("parquet", "csv", "nmea")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Run scenarios with known truth: exercises for a watch, and its proof.

    NAME is a built-in trial (`anchorwatch trial list`) or a file of your own (docs/trials.md).
    """


@command.command("list")
@JSON
def list_(as_json: bool) -> None:
    """List the built-in trials."""
    from anchorwatch.cli import trial_words
    from anchorwatch.trials.scenario.read import built_in, load

    found = [load(name) for name in built_in()]
    if as_json:
        click.echo(json.dumps([trial_words.facts(made) for made in found], ensure_ascii=False, indent=1))
        return
    click.echo(trial_words.table(found))


@command.command()
@click.argument("name")
@JSON
def show(name: str, as_json: bool) -> None:
    """Show what a trial is made from: facts, what is assumed, the truth, and what a good watch says."""
    from anchorwatch.cli import trial_words
    from anchorwatch.trials.scenario.read import load

    made = load(name)
    if as_json:
        click.echo(json.dumps(trial_words.whole(made), ensure_ascii=False, indent=1))
        return
    click.echo(trial_words.page(made))


@command.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out/trials"),
    show_default=True,
    help="Each trial gets a folder of its name in here.",
)
@click.option(
    "--format",
    "formats",
    default="parquet,csv,nmea",
    show_default=True,
    metavar="LIST",
    help="Layouts of the traffic. Parquet is always written.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), help="Other traffic around the actors. Default: the trial's."
)
@click.option("--random", "count", type=click.IntRange(1, 100_000), metavar="N", help="Run N trials drawn from --seed.")
@click.option("--sea", metavar="NAME", help="With --random: draw all in this sea, and not now here, now there.")
@click.option("--hours", type=float, metavar="H", help="With --random: how long each trial lasts. Default: 24.")
@click.option("--traffic", metavar="FILE", help="Put the actors into this archive instead of made traffic.")
@click.option("--no-scan", is_flag=True, help="Make the traffic and the truth; do not watch.")
@click.option("--against-none", is_flag=True, help="Also run the same traffic with no actor in it.")
@click.option("--quiet", is_flag=True, help="Print nothing on stderr.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a trial.")
def run(
    names: tuple[str, ...], folder: Path, formats: str, seed: int | None, count: int | None,
    sea: str | None, hours: float | None, traffic: str | None, no_scan: bool, against_none: bool, quiet: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Make the traffic of trials, watch it, and say what was expected and what the watch said.

    Each folder holds traffic.parquet, traffic.csv (Danish layout), traffic.nmea, assets.geojson, zones.geojson,
    faults.json, truth.json, alerts.jsonl, report.html and scenario.toml: what any other system needs to run it too.
    """
    if bool(names) == bool(count):
        raise BadUse("say which trials: names, or --random N", "trial run", "`anchorwatch trial list` has the names")
    for option, given in (("--sea", sea), ("--hours", hours)):
        if given is not None and (traffic or not count):
            raise BadUse("only made trials are drawn so", option, "Give --random N, and no --traffic")
    wanted = [word.strip() for word in formats.split(",")]
    for word in wanted:
        if word not in FORMATS:
            raise BadUse(f"there is no format {word!r}", "--format", f"Choose from {','.join(FORMATS)}")
    from anchorwatch.cli import trial_words
    from anchorwatch.edges.records import json_line
    from anchorwatch.trials import run as trials

    shown = _Shown(not (quiet or as_json) and sys.stderr.isatty())
    outcomes = []
    drawn = _drawn(count, seed or 0, sea, hours, traffic) if count else None
    for made in _scenarios(names, drawn, traffic, against_none):
        # A drawn trial has its seed in it already.
        outcome = trials.run(
            made, folder / made.name, seed=None if count else seed, formats=wanted, watch=not no_scan, tell=shown.tell
        )
        shown.clear()
        if as_json:
            click.echo(json_line(trial_words.outcome_record(outcome)))
        else:
            click.echo(trial_words.outcome(outcome))
        outcomes.append(outcome)
    if not (quiet or as_json):
        click.echo(trial_words.ending(outcomes, folder), err=True)


def _drawn(count: int, seed: int, sea: str | None, hours: float | None, traffic: str | None) -> list[Scenario]:
    """Return the trials of so many seeds."""
    from anchorwatch.trials import draw

    seeds = range(seed, seed + count)
    return [draw.draw_into(traffic, s) if traffic else draw.draw(s, hours=hours, sea=sea) for s in seeds]


def _scenarios(
    names: tuple[str, ...], drawn: list[Scenario] | None, traffic: str | None, against_none: bool
) -> list[Scenario]:
    """Return the trials asked for; all are read before the first is run."""
    from anchorwatch.trials import run as trials
    from anchorwatch.trials.scenario.read import load

    found = [load(name) for name in names] if drawn is None else drawn
    if len({made.name for made in found}) < len(found):
        raise BadUse("two trials have the same name", "trial run", "Run them into different folders (--out)")
    if traffic and drawn is None:
        found = [trials.with_traffic(made, traffic) for made in found]
    if against_none:
        found = [each for made in found for each in (made, trials.without_actors(made))]
    return found


class _Shown:
    """What is being done, on a terminal."""

    def __init__(self, visible: bool) -> None:
        self.visible = visible

    def tell(self, text: str) -> None:
        """Show one line in place of the last."""
        if self.visible:
            click.echo(f"\r{text[:100]:<100}", err=True, nl=False)

    def clear(self) -> None:
        """Leave an empty line."""
        if self.visible:
            click.echo("\r" + " " * 100 + "\r", err=True, nl=False)


command.add_command(trial_score.command, "score")
