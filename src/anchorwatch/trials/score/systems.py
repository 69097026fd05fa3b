"""The systems that stand side by side in a score: the watch, the three baselines, and whoever else is entered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from anchorwatch.chart import Chart
from anchorwatch.edges import chart_files
from anchorwatch.errors import BadInput, BadUse
from anchorwatch.trials.score import System, baselines
from anchorwatch.trials.score.against import read_against
from anchorwatch.trials.score.baselines import BASELINES, Marks, beside_assets, read_positions
from anchorwatch.trials.score.records import Trial, read_trial
from anchorwatch.trials.score.verdict import Verdict, judge

WATCH = "anchorwatch"


def find_trials(folders: Sequence[Path]) -> list[Trial]:
    """Read trial folders, or folders of trial folders; in order of their names."""
    paths: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            raise BadInput("no such folder", str(folder), "Make trials with `anchorwatch trial run`")
        inside = sorted(p.parent for p in folder.glob("*/truth.json"))
        if not inside and not (folder / "truth.json").is_file():
            raise BadInput(
                "no trial in it (a trial has a truth.json)", str(folder), "Make it with `anchorwatch trial run`"
            )
        paths += [folder] if (folder / "truth.json").is_file() else inside
    return [read_trial(path) for path in dict.fromkeys(p.resolve() for p in paths)]


def names_apart(trials: Sequence[Trial]) -> None:
    """Refuse two trials or archives of one name: another system's alerts could belong to either."""
    names = [t.name for t in trials]
    if twice := {n for n in names if names.count(n) > 1}:
        raise BadUse(f"two trials are called {sorted(twice)[0]!r}", "trial score", "Score them apart")


def watch(trials: Sequence[Trial], ordinary: Sequence[Trial]) -> System:
    """Return what the watch itself said."""
    return System(WATCH, "this watch, as scanned", _judged(trials), _judged(ordinary))


def others(trials: Sequence[Trial], ordinary: Sequence[Trial], chart: Chart | None) -> list[System]:
    """Run the baselines over the same traffic; `chart` is that of the ordinary archives."""
    marks = [_marks(trial, None) for trial in trials]
    real = [_marks(trial, chart) for trial in ordinary]
    return [
        System(
            name,
            baselines.MEANING[name],
            tuple(judge(t.saying(m[name].warnings)) for t, m in zip(trials, marks, strict=True)),
            tuple(judge(t.saying(m[name].warnings)) for t, m in zip(ordinary, real, strict=True)),
            tuple(judge(t.saying(m[name].sweep)) for t, m in zip(trials, marks, strict=True)),
        )
        for name in BASELINES
    ]


def against(path: Path, trials: Sequence[Trial], ordinary: Sequence[Trial]) -> System:
    """Return another system's alerts; it is only judged on the real archives that it names."""
    said = read_against(path, [t.name for t in (*trials, *ordinary)])
    covered = [t for t in ordinary if said[t.name]]
    return System(
        path.stem,
        f"alerts of {path.name}",
        _judged([t.saying(said[t.name]) for t in trials]),
        _judged([t.saying(said[t.name]) for t in covered]),
    )


def _judged(trials: Sequence[Trial]) -> tuple[Verdict, ...]:
    return tuple(judge(t) for t in trials)


def _marks(trial: Trial, chart: Chart | None) -> dict[str, Marks]:
    positions = trial.positions
    if trial.folder is not None:
        positions = read_positions(trial.folder / "traffic.parquet")
        assets = trial.folder / "assets.geojson"
        if not assets.is_file():
            raise BadInput("no assets.geojson in it", str(trial.folder), "Run the trial again, or give --no-baselines")
        chart = chart_files.load([str(assets)])
    assert positions is not None and chart is not None
    rows = beside_assets(positions, chart)
    return {name: rule(rows, chart) for name, rule in BASELINES.items()}
