"""Verdicts of many trials together, and how their units are drawn again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np

from anchorwatch.trials.score.bootstrap import FEWEST_TRIALS, Draws, Estimate, Ints, median, share
from anchorwatch.trials.score.curves import Scored, curve
from anchorwatch.trials.score.verdict import Found, Verdict


class Pool:
    """Verdicts of many trials, and how their units are drawn again."""

    def __init__(self, verdicts: Sequence[Verdict], seed: int) -> None:
        """Take the verdicts; with few trials, single vessels are drawn and not trials."""
        self.verdicts, self.seed = tuple(verdicts), seed
        self.by_trial = len(self.verdicts) >= FEWEST_TRIALS
        self._draws: dict[int, Draws] = {}

    def drawn(self, trial: Sequence[int] | Ints) -> tuple[Ints, Draws]:
        """Return the cluster of each unit, and the draws, for units of these trials."""
        cluster = np.asarray(trial, np.int64) if self.by_trial else np.arange(len(trial))
        size = len(self.verdicts) if self.by_trial else len(trial)
        if size not in self._draws:
            self._draws[size] = Draws(size, self.seed)
        return cluster, self._draws[size]

    def units(self, of: Callable[[Verdict], Iterable[Found]]) -> list[tuple[int, Found]]:
        """Return (trial, unit) over all verdicts."""
        return [(k, unit) for k, v in enumerate(self.verdicts) for unit in of(v)]

    @cached_property
    def threats(self) -> list[tuple[int, Found]]:
        """Return the vessels that threatened."""
        return self.units(lambda v: (a for a in v.actors if a.role == "threat"))

    @cached_property
    def innocents(self) -> list[tuple[int, Found]]:
        """Return the vessels that only looked like it, or were wrongly named."""
        return self.units(lambda v: (a for a in v.actors if a.role != "threat"))

    @cached_property
    def areas(self) -> list[tuple[int, Found]]:
        """Return what happened to many at once."""
        return self.units(lambda v: v.areas)

    def share(self, units: Sequence[tuple[int, Found]], hit: Callable[[Found], bool]) -> Estimate:
        """Return the share of units that are hit."""
        cluster, draws = self.drawn([k for k, _ in units])
        return share(np.array([hit(u) for _, u in units], np.bool_), cluster, draws)

    def median(self, units: Sequence[tuple[int, Found]], of: Callable[[Found], float | None]) -> Estimate:
        """Return the median of what is known of them."""
        known = [(k, x) for k, u in units if (x := of(u)) is not None]
        cluster, draws = self.drawn([k for k, _ in known])
        return median(np.array([x for _, x in known], np.float64), cluster, draws)

    def scored_vessels(self) -> Scored:
        """Return each vessel once per trial: threats against everyone else."""
        trial, score, threat = [], [], []
        for k, verdict in enumerate(self.verdicts):
            others = verdict.ordinary["score"].to_list()
            trial += [k] * (len(verdict.actors) + len(others))
            score += [a.score for a in verdict.actors] + others
            threat += [a.role == "threat" for a in verdict.actors] + [False] * len(others)
        cluster, _ = self.drawn(trial)
        return Scored(np.array(score, np.float64), np.array(threat, np.bool_), cluster)

    def scored_alerts(self) -> Scored:
        """Return each alert's score, and whether it was right."""
        said = [(k, mark) for k, v in enumerate(self.verdicts) for mark in v.scored]
        cluster, _ = self.drawn([k for k, _ in said])
        scores, rights = [m.score for _, m in said], [m.right for _, m in said]
        return Scored(np.array(scores, np.float64), np.array(rights, np.bool_), cluster)

    def precision(self) -> Estimate:
        """Return the share of warnings that were right."""
        loud = [(k, mark.right) for k, v in enumerate(self.verdicts) for mark in v.scored if mark.loud]
        cluster, draws = self.drawn([k for k, _ in loud])
        return share(np.array([right for _, right in loud], np.bool_), cluster, draws)

    def draws_for(self, units: Scored) -> Draws:
        """Return the draws that belong to these units."""
        return self.drawn(units.cluster)[1]

    def flagged(self) -> Estimate:
        """Return the share of innocent vessels that were warned of, each once per trial."""
        trial, hit = [], []
        for k, verdict in enumerate(self.verdicts):
            flags = [a.found for a in verdict.actors if a.role != "threat"] + verdict.ordinary["loud"].to_list()
            trial += [k] * len(flags)
            hit += flags
        cluster, draws = self.drawn(trial)
        return share(np.array(hit, np.bool_), cluster, draws)

    def recall_within(self, false_share: float) -> Estimate:
        """Return the recall at the lowest threshold that flags no larger share of innocent vessels."""
        units = self.scored_vessels()
        line = curve(units)
        allowed = line.threshold[line.false_rate <= false_share]
        lowest = float(allowed.min()) if len(allowed) else float("inf")
        # A score of nothing is no flag: nobody would have been called.
        hit = (units.score >= max(lowest, np.nextafter(0.0, 1.0)))[units.threat]
        trial = np.repeat(
            np.arange(len(self.verdicts)), [sum(a.role == "threat" for a in v.actors) for v in self.verdicts]
        )
        cluster, draws = self.drawn(trial)
        return share(hit, cluster, draws)
