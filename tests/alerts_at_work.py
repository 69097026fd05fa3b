"""Alerts, people and a clock for tests of the work on alerts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from anchorwatch.judgement.work import Actor
from anchorwatch.model import Alert, AlertAsset, Alternative, NextAsset, Reason, Vessel, rfc3339

T0 = 1_735_122_370_000_000  # 2024-12-25T10:26:10Z
MINUTE = 60_000_000
ANNA, BEN, CHIEF = Actor("anna", "officer"), Actor("ben", "officer"), Actor("chief", "supervisor")
GUEST = Actor("guest", "viewer")
HOSTILE = "<img src=x onerror=alert(1)>\x1b[2J\u202e"


class StandingClock:
    """A clock that a test sets."""

    def __init__(self, us: int = T0) -> None:
        self.us = us

    def now_us(self) -> int:
        return self.us

    def monotonic_s(self) -> float:
        return self.us / 1e6

    async def sleep(self, seconds: float) -> None:
        self.us += int(seconds * 1e6)


def an_alert(number: int = 1, level: str = "warning", **changes: Any) -> Alert:
    """A first statement about vessel `number`."""
    raised_us = T0 + number * MINUTE
    alert = Alert(
        id=f"a1-{number:016x}",
        level=level,
        kind="anchor_drag",
        status="open",
        vessel=Vessel(mmsi=230_000_000 + number, name=f"SHIP {number}", callsign="OJ2A"),
        assets=(AlertAsset("estlink-2", "Estlink 2", "power_cable", 120.0),),
        start_us=raised_us - 10 * MINUTE,
        end_us=raised_us,
        raised_us=raised_us,
        lon_deg=25.6,
        lat_deg=59.9,
        score=0.7,
        reasons=(Reason("prior", "anchor_drag", "", -2.0),),
        explanation="Slows to 7.4 kn over Estlink 2.",
        alternatives=(Alternative("engine trouble", "call the vessel"),),
        next=(NextAsset("estlink-1", raised_us + 180 * MINUTE, 0.8),),
        detectors=("anchor_drag",),
        ruleset="sha256:0",
        revision=1,
        extra={"levels": [{"level": level, "at": rfc3339(raised_us)}]},
    )
    return replace(alert, **changes)


def next_word(alert: Alert, shown: str = "", status: str = "open", after_us: int = 5 * MINUTE) -> Alert:
    """What the watch says next of an alert; shown: a new level, or "withdrawn"."""
    at_us = alert.end_us + after_us
    shown = shown or ("withdrawn" if alert.status == "withdrawn" else alert.level)
    levels = list(alert.extra["levels"])
    if levels[-1]["level"] != shown:
        levels.append({"level": shown, "at": rfc3339(at_us)})
    level, status = ("caution", "withdrawn") if shown == "withdrawn" else (shown, status)
    changed = (level, status) != (alert.level, alert.status)
    extra = {**alert.extra, "levels": levels}
    return replace(alert, level=level, status=status, end_us=at_us, extra=extra, revision=alert.revision + changed)
