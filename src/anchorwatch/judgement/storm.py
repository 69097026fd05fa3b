"""While one detector storms, its further alerts are held back and counted in the alert of the storm.

Alerts that were raised before stay and are kept up to date. Nothing is lost: every finding is written with the
others, the storm's alert counts and lists those held back, and one that goes on when the storm is over is judged
like any other then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from anchorwatch import schema
from anchorwatch.model import Alert, Finding

if TYPE_CHECKING:
    from anchorwatch.judgement.judge import Docket

KIND = "detector_storm"
MOST_LISTED = 200
COUNTED = ("detector", "held_back", "held_back_ids")


def over(finding: Finding, docket: Docket) -> Alert | None:
    """Return the alert of the storm that now holds back new alerts like this one, if any."""
    for key in docket.by_track.get(schema.code_of(finding.detector), ()):
        alert, storm = docket.alerts.get(key), docket.behind[key]
        if alert is not None and alert.status == "open" and storm.detector == KIND:
            return alert
    return None


def with_one_more(alert: Alert, finding: Finding) -> Alert:
    """Return the alert of a storm with one more finding held back; each counts once."""
    ids = alert.extra.get("held_back_ids", [])
    if finding.id in ids:
        return alert
    said = {
        "detector": finding.detector,
        "held_back": alert.extra.get("held_back", 0) + 1,
        "held_back_ids": [*ids, finding.id][:MOST_LISTED],
    }
    return replace(alert, extra={**alert.extra, **said})


def carried_on(before: Alert | None, alert: Alert) -> Alert:
    """Return the next word on a storm with what was held back so far."""
    if before is None or alert.kind != KIND:
        return alert
    return replace(alert, extra={**alert.extra, **{n: before.extra[n] for n in COUNTED if n in before.extra}})
