"""How well the watch is kept on trials: random ones of seeds kept for reporting, and the built-in reconstructions."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from anchorwatch import chart
from anchorwatch.edges import chart_files
from anchorwatch.trials import draw, run, score
from anchorwatch.trials.scenario import Scenario
from anchorwatch.trials.scenario.read import built_in, load
from anchorwatch.trials.score import systems as score_systems
from anchorwatch.trials.score.bootstrap import Estimate
from anchorwatch.trials.score.ordinary import read_ordinary
from anchorwatch.trials.score.records import Trial
from anchorwatch.trials.score.table import as_rate, as_share
from anchorwatch.trials.score.verdict import judge
from benchmarks.injections.hosts import POWER, TELECOM
from benchmarks.injections.run import DATA
from benchmarks.table import Figure

REAL = "ais/kattegat_2025-11-01_02_1min.parquet"
SEED = 1  # of the bootstrap
RECALL_10, RECALL_5, FALSE_MADE, FALSE_REAL, AREA = 0.95, 0.7, 3.0, 5.0, 0.95  # issue 3


def measure(trials: int = 20, first: int = draw.REPORT) -> list[Figure]:
    """Score random trials from seed `first` on, and hold the built-in ones against what they expect."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        random = [_made(draw.draw(seed), folder / "random") for seed in range(first, first + trials)]
        known = [_made(load(name), folder / "known") for name in built_in()]
        return [*_random(random), *_known(known)]


def _made(scenario: Scenario, folder: Path) -> Trial:
    from anchorwatch.trials.score.records import read_trial

    print(f"trial {scenario.name} ...", file=sys.stderr)
    run.run(scenario, folder / scenario.name, formats=("parquet",))
    return read_trial(folder / scenario.name)


def _random(trials: list[Trial]) -> list[Figure]:
    real, guarded = _real()
    systems = [score_systems.watch(trials, real), *score_systems.others(trials, real, guarded)]
    cards = [score.card(system, SEED) for system in systems]
    ours, told = cards[0], score.compare(systems, cards, SEED)
    return [
        _least("drags that lose 10 % and more, found", ours.by_deficit["10 % and more"], RECALL_10),
        _least("drags that lose 5 to 10 %, found", ours.by_deficit["5-10 %"], RECALL_5),
        _most("false warnings per 1,000 vessel-hours, made traffic", ours.false["simulated"], FALSE_MADE),
        _most("false warnings per 1,000 vessel-hours, real days", ours.false["real"], FALSE_REAL),
        _least("ROC-AUC, vessels", ours.roc_auc, AREA),
        *(
            Figure(
                f"beside the rule: {a.name}",
                f"recall {a.recall}, false warnings {a.false}",
                "better on both axes",
                # A rule that hardly speaks has hardly a false warning: then at its own few ones we must find more.
                a.recall == "better" and "better" in (a.false, a.at_no_more_false),
                note=f"at no more innocent vessels: recall {as_share(a.matched)} to {as_share(a.theirs)}",
            )
            for a in told
        ),
    ]


def _real() -> tuple[list[Trial], chart.Chart | None]:
    """Return the two real days, where they are on this machine."""
    if not (DATA / REAL).is_file():
        return [], None
    guarded = chart_files.load([str(DATA / TELECOM), str(DATA / POWER)])
    return [read_ordinary(str(DATA / REAL), guarded)], guarded


def _least(what: str, e: Estimate, bar: float) -> Figure:
    return Figure(what, f"{as_share(e)} of {e.n}", f"at least {bar:g}", None if e.n == 0 else e.value >= bar)


def _most(what: str, e: Estimate, bar: float) -> Figure:
    return Figure(what, as_rate(e), f"at most {bar:g}", None if e.n == 0 else e.value <= bar)


def _known(trials: list[Trial]) -> list[Figure]:
    figures = []
    for trial in trials:
        kept = judge(trial).kept
        unmet = "; ".join(f"{k.wanted}: {k.seen}" for k in kept if not k.met)
        met = sum(k.met for k in kept)
        figures.append(
            Figure(f"trial {trial.name}", f"{met} of {len(kept)} expectations", "all", met == len(kept), note=unmet)
        )
    return figures
