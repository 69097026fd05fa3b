"""`anchorwatch demo`: made traffic over the built-in cables, scanned as a user's own file would be."""

from __future__ import annotations

import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anchorwatch.errors import BadUse

if TYPE_CHECKING:
    from anchorwatch.model import Alert
    from anchorwatch.trials.story_traffic import Traffic

WIDTH = 100
LOUDEST_FIRST = {"alarm": 0, "warning": 1, "caution": 2}


@click.command()
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out/demo"),
    show_default=True,
    help="Folder for the traffic, the alerts and the page.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the alerts, one JSON object a line, and nothing else.")
@click.option("--quiet", is_flag=True, help="Print the table only.")
def command(folder: Path, as_json: bool, quiet: bool) -> None:
    """See the watch at work on made traffic: nothing to configure, no network.

    Eight hours in the Gulf of Finland. Four vessels do what a watch must see; some eighty others do not.
    """
    quiet = quiet or as_json
    traffic, chart, alerts, page = (folder / n for n in ("traffic.csv", "chart.geojson", "alerts.jsonl", "report.html"))
    made = _make(traffic, chart, quiet)
    _tell(quiet, "Scanning it, as you would (the first time it compiles itself: about a minute) ...")
    _tell(quiet, f"  anchorwatch scan {traffic} --assets {chart} --out {alerts} --report {page}")
    began = time.perf_counter()
    _scan(traffic, chart, alerts, page)
    seconds = time.perf_counter() - began
    if as_json:
        click.echo(alerts.read_text(encoding="utf-8"), nl=False)
        return
    _tell(quiet, f"  {made.positions.height:,} positions in {seconds:.1f} s.\n")
    click.echo(_table(_read(alerts)))
    _tell(quiet, _ending(page, alerts))


def _tell(quiet: bool, text: str) -> None:
    if not quiet:
        click.echo(text)


def _make(path: Path, chart: Path, quiet: bool) -> Traffic:
    """Make the story's traffic and chart, and write them."""
    from anchorwatch.edges import chart_writing
    from anchorwatch.trials import story
    from anchorwatch.trials import story_traffic as traffic

    _tell(quiet, f"Making {story.HOURS:g} hours of traffic in the Gulf of Finland (invented ships, real waters) ...")
    waters = story.waters()
    made = story.story(waters)
    try:
        traffic.write(made, path)
        chart_writing.write(waters, str(chart))
    except OSError as error:
        raise BadUse(
            f"the folder cannot be written ({error.strerror})", str(path.parent), "Name another with --out"
        ) from None
    _tell(quiet, f"  {len(made.ships)} vessels. Four do what a watch must see:")
    for ship, does in zip(made.ships, story.DOES, strict=False):
        _tell(quiet, f"  - {ship.name} (MMSI {ship.mmsi}) {does}")
    return made


def _scan(traffic: Path, chart: Path, alerts: Path, page: Path) -> None:
    """Scan as the command line does."""
    from anchorwatch.cli.scan import command as scan

    scan.main(
        [str(traffic), "--assets", str(chart), "--out", str(alerts), "--report", str(page), "--quiet"],
        standalone_mode=False,
    )


def _read(path: Path) -> list[Alert]:
    from anchorwatch.edges.alerts import read_alerts

    return sorted(read_alerts(path), key=lambda a: (LOUDEST_FIRST[a.level], a.raised_us))


def _table(alerts: list[Alert]) -> str:
    """The alerts for a reader: one line each, then why."""
    from anchorwatch.model import utc

    lines = [f"{'LEVEL':<8} {'RAISED':<6} {'VESSEL':<18} {'WHAT':<18} WHERE"]
    for alert in alerts:
        where = ", ".join(a.name for a in alert.assets[:2]) or "-"
        where += f" and {len(alert.assets) - 2} more" if len(alert.assets) > 2 else ""
        name = alert.vessel.name or f"MMSI {alert.vessel.mmsi}"
        raised = f"{utc(alert.raised_us):%H:%M}Z"
        lines.append(f"{alert.level:<8} {raised:<6} {name:<18} {alert.kind.replace('_', ' '):<18} {where}")
        if alert.level != "caution":
            lines += textwrap.wrap(alert.explanation, WIDTH, initial_indent=" " * 9, subsequent_indent=" " * 9)
    return "\n".join(
        lines if alerts else ["No alerts: something is wrong, since the traffic holds four. Run `anchorwatch doctor`."]
    )


def _ending(page: Path, alerts: Path) -> str:
    return f"""
Look at the page in a browser: {page.resolve()}
  Choose an alert: the map shows the vessel's track and the cable, the plot its speed beside its own normal
  speed with the crossings marked, the list the reasons for and against.
The alerts as records: {alerts.resolve()}
Next, your own traffic: anchorwatch scan FILE --report page.html"""
