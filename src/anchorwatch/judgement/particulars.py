"""What an alert of some kinds says beyond the rest: both vessels, who it was before, what lies unwatched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from anchorwatch.judgement import silence
from anchorwatch.judgement.context import Context
from anchorwatch.model import Alert, AlertAsset, Finding, Vessel


def told(alert: Alert, finding: Finding, ctx: Context) -> Alert:
    """Return an alert with what its kind says beyond the rest."""
    if finding.detector == "rendezvous":
        return _pair(alert, finding, ctx)
    if finding.detector == "identity_change":
        return _before_and_after(alert, finding, ctx)
    if finding.detector == "feed_silence":
        return _unwatched(alert, finding, ctx)
    return alert


def _pair(alert: Alert, finding: Finding, ctx: Context) -> Alert:
    other = ctx.registry.vessel(int(finding.values["other_mmsi"]), finding.at_us)
    text = alert.explanation
    if other.name:
        text = text.replace(f"MMSI {other.mmsi}", f"{other.name} (MMSI {other.mmsi})", 1)
    both = [_vessel(alert.vessel), _vessel(other)]
    return replace(alert, explanation=text, extra={**alert.extra, "vessels": both})


def _before_and_after(alert: Alert, finding: Finding, ctx: Context) -> Alert:
    before = ctx.registry.vessel(finding.mmsi, finding.start_us - 1)
    if finding.values["other_mmsi"] and not before.name:
        before = ctx.registry.vessel(int(finding.values["other_mmsi"]), finding.start_us - 1)
    text = alert.explanation
    if before.name and alert.vessel.name and before.name != alert.vessel.name:
        text += f" It was {before.name} and is {alert.vessel.name}."
    said = {"before": _vessel(before), "after": _vessel(alert.vessel)}
    return replace(alert, explanation=text, extra={**alert.extra, "identity": said})


def _unwatched(alert: Alert, finding: Finding, ctx: Context) -> Alert:
    found = silence.unwatched(finding, ctx.chart)
    if not found:
        return alert
    assets = tuple(
        AlertAsset(a.id, a.name, a.kind, distance_m=0.0, geometry=a.geometry) for a in found[: silence.MOST_ASSETS]
    )
    names = ", ".join(a.name for a in found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
    extra = {**alert.extra, "unwatched": [a.id for a in found]}
    return replace(alert, assets=assets, explanation=f"{alert.explanation} Unwatched: {names}.", extra=extra)


def _vessel(vessel: Vessel) -> dict[str, Any]:
    return {"mmsi": vessel.mmsi, "imo": vessel.imo, "name": vessel.name, "callsign": vessel.callsign,
            "flag": vessel.flag, "length_m": vessel.length_m}  # fmt: skip
