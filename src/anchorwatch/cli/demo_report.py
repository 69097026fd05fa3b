"""`anchorwatch demo --report`: a known incident scanned as a user's own file would be; a table and a page."""

from __future__ import annotations

import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from anchorwatch.model import Alert
    from anchorwatch.trials.run import Outcome
    from anchorwatch.trials.scenario import Scenario

TRIAL = "eagle-s-2024"
WIDTH = 100
LOUDEST_FIRST = {"alarm": 0, "warning": 1, "caution": 2}
MOST_LINES = 8  # of alerts about others


def run(folder: Path, as_json: bool, quiet: bool) -> None:
    """Scan the trial, print what the watch said, and leave page and records in a folder."""
    from anchorwatch.trials import run as trials
    from anchorwatch.trials.scenario.read import load

    quiet = quiet or as_json
    made = load(TRIAL)
    _tell(quiet, opening(made))
    began = time.perf_counter()
    done = trials.run(made, folder, formats=("csv",), tell=lambda text: _tell(quiet, stage(text)))
    if as_json:
        click.echo((folder / "alerts.jsonl").read_text(encoding="utf-8"), nl=False)
        return
    _tell(quiet, f"  {done.positions:,} positions, {time.perf_counter() - began:.1f} s in all.\n")
    click.echo(_table(done))
    _tell(quiet, _ending(done))


def _tell(quiet: bool, text: str) -> None:
    if not quiet:
        click.echo(text)


def opening(made: Scenario) -> str:
    """Return what is replayed, and what it is not."""
    return "\n".join(
        [f"{made.title}.", *textwrap.wrap(made.summary, WIDTH), "", *textwrap.wrap(warning(made), WIDTH), ""]
    )


def warning(made: Scenario) -> str:
    """Return what a reconstruction is not."""
    return (
        "The track is a reconstruction: it keeps the times and speeds that are public, and a ship model fills "
        f"what no fact says (`anchorwatch trial show {made.name}` lists both). All other ships are invented. "
        "It accuses nobody: it shows what a watch would have seen, if it was so."
    )


def stage(text: str) -> str:
    """Return what is being done; the first scan compiles itself."""
    words = text.split(": ", 1)[1]
    later = " (the first time it compiles itself: about a minute)" if words.startswith("scanning") else ""
    return f"  {words}{later} ..."


def _table(done: Outcome) -> str:
    """Return the alerts for a reader: those about the ship of the trial first, with why; then the loud ones."""
    from anchorwatch.cli import trial_words

    acting = {m for a in done.truth["actors"] for m in a["mmsis"]}
    alerts = sorted(done.alerts or (), key=lambda a: (LOUDEST_FIRST[a.level], a.raised_us))
    mine = [a for a in alerts if a.vessel.mmsi in acting]
    others = [a for a in alerts if a.vessel.mmsi not in acting]
    loud = [a for a in others if a.level != "caution"]
    head = f"{'LEVEL':<8} {'RAISED':<6} {'VESSEL':<18} {'WHAT':<18} WHERE"
    lines = [trial_words.outcome(done), head]
    explained: set[str] = set()
    for alert in mine:
        lines.append(_line(alert))
        if alert.level != "caution" and alert.kind not in explained:
            lines += textwrap.wrap(alert.explanation, WIDTH, initial_indent=" " * 9, subsequent_indent=" " * 9)
            explained.add(alert.kind)
    lines += [_line(alert) for alert in loud[:MOST_LINES]]
    more = len(loud) - MOST_LINES
    lines.append(f"and {more} more warnings, " * (more > 0) + f"{len(others) - len(loud)} cautions about others")
    return "\n".join(lines)


def _line(alert: Alert) -> str:
    from anchorwatch.model import utc

    where = textwrap.shorten(alert.assets[0].name, 40, placeholder=" ...") if alert.assets else "-"
    where += f" and {len(alert.assets) - 1} more" if len(alert.assets) > 1 else ""
    name = alert.vessel.name or f"MMSI {alert.vessel.mmsi}"
    raised = f"{utc(alert.raised_us):%H:%M}Z"
    return f"{alert.level:<8} {raised:<6} {name:<18} {alert.kind.replace('_', ' '):<18} {where}"


def _ending(done: Outcome) -> str:
    folder = done.folder
    return f"""
Look at the page in a browser: {(folder / "report.html").resolve()}
  Choose an alert: the map shows the vessel's track and the cable, the plot its speed beside its own normal
  speed with the crossings marked, the list the reasons for and against.
The same, as for your own files:
  cd {folder}
  anchorwatch scan traffic.csv --assets assets.geojson --zones zones.geojson --faults faults.json --report page.html
Other incidents, and exercises: anchorwatch trial list"""
