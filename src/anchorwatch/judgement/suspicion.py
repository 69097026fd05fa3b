"""What an approach rests on: an alert that stands on the same track, or a failed asset that it crossed. Pure.

An approach is what everybody does; it becomes an alert only with such grounds, follows their level, and is never
louder than an alert it rests on by more than one step.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log
from typing import NamedTuple

from anchorwatch.judgement import faults
from anchorwatch.model import LEVELS, Alert, Finding, Reason

# What an alert of even odds takes from what follows from it: with the prior and the time to the crossing (0.2 to 1.0),
# an approach rests at caution until the alert behind it is near an alarm. Its vessel has been called by then; a second
# call must be worth it. With more, three in ten false warnings on made traffic were approaches.
LENT = -0.5
LEAST = {"caution": 0.25, "warning": 0.55, "alarm": 0.9}  # a level once shown stands: judge.LEVEL_AT
DAY_US = 86_400_000_000
TOO_LATE_S = 300.0  # nobody gets there in five minutes
ENDED = Reason("suspicion_withdrawn", "", "", -5.0)


class Grounds(NamedTuple):
    """What an approach rests on."""

    alert: Alert | None
    fault: faults.Standing | None

    @property
    def reasons(self) -> list[Reason]:
        """The terms that it adds: of the stronger of the two."""
        by_alert = []
        if self.alert is not None:
            said = f"{self.alert.kind}, {self.alert.id}"
            score = min(0.99, max(self.alert.score, LEAST[self.alert.level]))
            weight = round(LENT + log(score / (1.0 - score)), 2)
            by_alert = [Reason("under_suspicion", self.alert.level, "", weight, said)]
        by_fault = list(self.fault.reasons) if self.fault is not None else []
        if not by_alert and not by_fault:
            return [ENDED]
        return max(by_fault, by_alert, key=lambda rs: sum(r.log_odds for r in rs) if rs else -99.0)

    def capped(self, level: str | None, shown: bool) -> str | None:
        """The level, not more than one step above the alert it rests on; a fault alone allows a warning.

        What was shown stays as long as it rests on something: it is not withdrawn because its time is nearly over.
        """
        if level is None:
            return LEVELS[0] if shown and (self.alert or self.fault) else None
        return LEVELS[min(LEVELS.index(level), self.most + 1)]

    @property
    def most(self) -> int:
        """Number of the level that it rests on; a fault alone is as good as a caution."""
        return max(0, LEVELS.index(self.alert.level) if self.alert is not None else 0)


def standing(finding: Finding, said: Iterable[tuple[Alert, int]], new: bool) -> Alert | None:
    """The loudest alert of its track that stands, or ended while it was being approached.

    `said` are the other alerts of the track, each with the time of its last word. Where the approach is new it must
    be news: not of an asset about which the vessel is under suspicion already.
    """
    found = [
        a for a, at_us in said if a.status == "open" or (a.status == "ended" and not new and at_us >= finding.start_us)
    ]
    if new and any(_about(a, finding.asset) for a in found):
        return None
    return max(found, key=lambda a: (LEVELS.index(a.level), a.score, a.id), default=None)


def _about(alert: Alert, asset: str | None) -> bool:
    """Tell whether an alert is about an asset already; a drag towards one that it has not crossed yet is not."""
    ahead = alert.kind == "anchor_drag"
    return any(a.id == asset and not (ahead and a.crossed_us is None) for a in alert.assets)


def no_news(finding: Finding, told: Iterable[Alert], most: int) -> bool:
    """Tell whether a new approach says nothing new: it is all but over, or was told of this asset not long ago.

    Who goes to and fro across an asset is announced once in three hours, and once a day unless it is suspected more.
    """
    recent = [a for a in told if a.start_us >= finding.start_us - DAY_US and finding.asset in {x.id for x in a.assets}]
    late_us = finding.start_us - DAY_US // 8
    if not finding.open or finding.values.get("eta_s", TOO_LATE_S) < TOO_LATE_S:
        return True
    return any(a.end_us >= late_us or LEVELS.index(a.level) >= most for a in recent)
