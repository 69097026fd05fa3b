"""A trial from end to end: sail, send, receive, write, watch, and hold what was said against what was expected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from anchorwatch import chart
from anchorwatch.edges import chart_files, chart_writing
from anchorwatch.edges.alerts import write_alerts
from anchorwatch.edges.archive import open_source
from anchorwatch.edges.records import json_line
from anchorwatch.edges.rejects import Rejects
from anchorwatch.engine import batch
from anchorwatch.errors import BadInput, BadUse
from anchorwatch.model import Alert
from anchorwatch.trials import traffic, truth
from anchorwatch.trials.plan import Voyage
from anchorwatch.trials.scenario import Background, Scenario
from anchorwatch.trials.scenario import chart as scenario_chart
from anchorwatch.trials.scenario import voyages as scenario_voyages
from anchorwatch.trials.score.expect import Kept

FORMATS = {"parquet": "traffic.parquet", "csv": "traffic.csv", "nmea": "traffic.nmea"}
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What came of a trial."""

    scenario: Scenario
    folder: Path
    positions: int
    vessels: int
    truth: dict[str, Any]
    alerts: tuple[Alert, ...] | None = None  # None = nobody watched
    kept: tuple[Kept, ...] = ()


def run(
    made: Scenario, folder: Path, *, seed: int | None = None, formats: Sequence[str] = tuple(FORMATS),
    watch: bool = True, tell: Tell = lambda _text: None,
) -> Outcome:  # fmt: skip
    """Run one trial into a folder. The same scenario and seed give the same files, byte for byte.

    The seed is that of the traffic around the actors; they sail as told, whatever it is.
    """
    if seed is not None:
        made = _noted(replace(made, traffic=replace(made.traffic, seed=seed)), f"--seed {seed}")
    _make(folder)
    tell(f"{made.name}: sailing {len(made.actors)} actors")
    sailed = scenario_voyages.sail(made, made.seed)
    truth.check(made, sailed)
    heard = _heard(made, [s.voyage for s in sailed], tell)
    try:
        sums = _write(made, heard, folder, formats, tell)
        said = truth.record(made, sailed, _with_class(heard), sums)
        _write_json(folder / "truth.json", said)
    except OSError as error:
        raise BadUse(
            f"the folder cannot be written ({error.strerror})", str(folder), "Name another with --out"
        ) from None
    vessels = heard.positions["mmsi"].n_unique()
    outcome = Outcome(made, folder, heard.positions.height, vessels, said)
    if not watch:
        return outcome
    tell(f"{made.name}: scanning {heard.positions.height:,} positions of {vessels:,} vessels")
    alerts = scan(folder, bool(zones_of(made)))
    return replace(outcome, alerts=tuple(alerts), kept=_kept(folder))


def without_actors(made: Scenario) -> Scenario:
    """Return the same sea and traffic with nobody that the trial is about."""
    bare = replace(made, name=f"{made.name}-none", actors=(), truths=(), expects=(), faults=())
    return _noted(bare, "--against-none: the same sea without the actors")


def with_traffic(made: Scenario, file: str) -> Scenario:
    """Return the same scenario with its actors put into a real archive."""
    if not Path(file).is_file():
        raise BadUse(f"there is no archive {file!r}", "--traffic", "Check its name")
    return _noted(replace(made, traffic=Background(file=str(Path(file).resolve()))), f"--traffic {file}")


def _noted(made: Scenario, option: str) -> Scenario:
    """Return a scenario whose written copy says with what it was run."""
    return replace(made, text=f"# Run with {option}\n{made.text}")


def _heard(made: Scenario, actors: list[Voyage], tell: Tell) -> traffic.Traffic:
    """Return what is received of the actors and of the traffic around them."""
    sea = scenario_voyages.water(made)
    if made.traffic.file:
        from anchorwatch.trials import inject

        archive = _archive(made)
        tell(f"{made.name}: putting them into {archive}")
        return inject.inject(archive, actors, sea, seed=made.seed, start_us=made.start_us, until_us=made.end_us)
    others = background(made, {v.who.mmsi for v in actors})
    tell(f"{made.name}: sailing {len(others)} voyages around them, {made.hours:g} hours")
    return traffic.traffic(
        [*actors, *others], sea, seed=made.seed, start_us=made.start_us, interval_scale=made.interval_scale
    )


def _archive(made: Scenario) -> Path:
    """Return the archive of a trial: beside its file, or from where the command runs."""
    file = Path(made.traffic.file)
    beside = Path(made.place.file).parent / file
    if beside.is_file() or file.is_file():
        return beside if beside.is_file() else file
    raise made.place.of("traffic", "file").wrong(f"there is no archive {str(file)!r}", "Check its name")


def background(made: Scenario, taken: set[int]) -> list[Voyage]:
    """Return the made traffic of a scenario, under no number that an actor has."""
    if not made.traffic.vessels:
        return []
    from anchorwatch.trials.sea import fleet, lanes

    sea = lanes.within(lanes.Ground(*made.box))
    if made.traffic.lanes:
        wanted = set(made.traffic.lanes)
        sea = sea._replace(
            lanes={n: lane for n, lane in sea.lanes.items() if n in wanted or n not in lanes.LANES},  # and the leads
            ferries={n: line for n, line in sea.ferries.items() if n in wanted},
        )
    return [v for v in fleet.fleet(made.traffic.vessels, made.hours, made.traffic.seed, sea) if v.who.mmsi not in taken]


def zones_of(made: Scenario) -> tuple[chart.Zone, ...]:
    """Return the zones of a trial: its own, and the ports and anchorages of the traffic that is made."""
    named = {z.id for z in made.zones}
    used = scenario_chart.around(made.box) if made.traffic.vessels else ()
    return (*made.zones, *(z for z in used if z.id not in named))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in ("alerts.jsonl", "truth.json", "report.html", *FORMATS.values()):
            (folder / old).unlink(missing_ok=True)  # nothing of an earlier run stays beside the new
    except OSError as error:
        raise BadUse(
            f"the folder cannot be written ({error.strerror})", str(folder), "Name another with --out"
        ) from None


def _write(made: Scenario, heard: traffic.Traffic, folder: Path, formats: Sequence[str], tell: Tell) -> dict[str, str]:
    """Write everything that another system needs to run the trial; return the hashes of the traffic."""
    if not heard.positions.height:
        raise BadInput("nothing of this trial is heard", made.place.file, "Check its stations, times and places")
    for name in dict.fromkeys(("parquet", *formats)):
        tell(f"{made.name}: writing {FORMATS[name]}")
        traffic.write(heard, folder / FORMATS[name])
    chart_writing.write(chart.make(made.assets), str(folder / "assets.geojson"))
    chart_writing.write(chart.make((), zones_of(made)), str(folder / "zones.geojson"))
    _write_json(folder / "faults.json", truth.faults(made))
    (folder / "scenario.toml").write_text(made.text, "utf-8")
    written = [folder / FORMATS[n] for n in FORMATS if (folder / FORMATS[n]).is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in written}


def _write_json(path: Path, said: Any) -> None:
    path.write_text(json.dumps(json.loads(json_line(said)), indent=1, ensure_ascii=False) + "\n", "utf-8")


def _with_class(heard: traffic.Traffic) -> pl.DataFrame:
    classes = pl.Series("ship_class", heard.classes)
    return heard.positions.select("time_us", "mmsi", "lon_deg", "lat_deg", classes.gather(heard.positions["ship"]))


def scan(folder: Path, zones: bool) -> list[Alert]:
    """Watch the traffic of a trial folder as a user's own would be; write alerts and the page."""
    from anchorwatch.decode import Options
    from anchorwatch.detectors import discover
    from anchorwatch.edges import faults as notices
    from anchorwatch.edges.report import write_report
    from anchorwatch.edges.report.plots import summary, track_plots

    file = str(folder / FORMATS["parquet"])
    guarded = chart_files.load([str(folder / "assets.geojson")], [str(folder / "zones.geojson")] if zones else None)
    job = batch.Job(guarded, discover(), plot=True, faults=notices.read(str(folder / "faults.json"), guarded))
    with Rejects(None, (file,)) as rejects:
        result = batch.run(job, [_blocks(file, Options(), rejects)], reject=rejects.add)
        counts = dict(rejects.counts)
    write_alerts(result.alerts, folder / "alerts.jsonl")
    page = summary(result, (FORMATS["parquet"],), counts, job)
    write_report(str(folder / "report.html"), result.alerts, track_plots(result, guarded), guarded, page)
    return result.alerts


def _blocks(file: str, options: Any, rejects: Rejects) -> Any:
    for decoded in open_source(file, options).blocks():
        rejects.add(decoded.rejects)
        yield batch.Block(decoded.positions, decoded.statics, decoded.others.height)


def _kept(folder: Path) -> tuple[Kept, ...]:
    from anchorwatch.trials.score.expect import expectations
    from anchorwatch.trials.score.records import read_trial

    return expectations(read_trial(folder))
