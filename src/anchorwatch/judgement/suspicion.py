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

# Log-odds that an alert of even odds lends to what follows from it: with the prior and the time to the crossing (0.2
# to 1.0), an approach within half an hour is as loud as the alert it rests on, and quieter before.
LENT = 1.0
LEAST = {"caution": 0.25, "warning": 0.55, "alarm": 0.9}  # a level once shown stands: judge.LEVEL_AT
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

    def capped(self, level: str | None) -> str | None:
        """The level, not more than one step above the alert it rests on; a fault alone allows a warning."""
        if level is None:
            return None
        most = LEVELS.index("warning") if self.fault is not None else 0
        if self.alert is not None:
            most = max(most, LEVELS.index(self.alert.level) + 1)
        return LEVELS[min(LEVELS.index(level), most)]


def standing(finding: Finding, alerts: Iterable[Alert], new: bool) -> Alert | None:
    """The loudest alert of its track that stands, or ended while it was being approached.

    Where the approach is new it must be news: not of an asset about which the vessel is under suspicion already.
    """
    found = [a for a in alerts if a.status != "withdrawn" and (a.status == "open" or a.end_us >= finding.start_us)]
    if new and any(_about(a, finding.asset) for a in found):
        return None
    return max(found, key=lambda a: (LEVELS.index(a.level), a.score, a.id), default=None)


def _about(alert: Alert, asset: str | None) -> bool:
    """Tell whether an alert is about an asset already; a drag towards one that it has not crossed yet is not."""
    ahead = alert.kind == "anchor_drag"
    return any(a.id == asset and not (ahead and a.crossed_us is None) for a in alert.assets)
