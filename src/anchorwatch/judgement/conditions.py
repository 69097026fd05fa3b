"""What holds for a while and changes how other findings are judged: a silence of the feed, another identity."""

from __future__ import annotations

from math import isfinite

from anchorwatch.chart import Chart
from anchorwatch.judgement.silence import reach, unwatched
from anchorwatch.model import Finding, Reason

# Findings that are remembered for what they mean for others.
KINDS = ("interference_area", "feed_silence", "identity_change")
ABOUT_NOBODY = ("interference_area", "feed_silence", "detector_storm")
SLOT_US = 10 * 60_000_000
IDENTITY_US = 48 * 3_600_000_000
KNOWN_US = 60 * 3_600_000_000  # less than judgement remembers


def of_conditions(finding: Finding, chart: Chart, known: list[Finding]) -> list[Reason]:
    """Weigh a finding by what holds there and then, and for its vessel."""
    reasons = []
    if finding.detector == "feed_silence" and not unwatched(finding, chart):
        reasons.append(Reason("no_asset_there", 0.0, "assets", -1.5))
    silent = next((k for k in known if k.detector == "feed_silence" and _within(finding, k)), None)
    if silent is not None:
        reasons.append(Reason("feed_was_silent", round(silent.values["vessels"]), "vessels", -4.0))
    changes = [k for k in known if k.detector == "identity_change" and _of_same(finding, k)]
    weight = max((_weight(change) for change in changes), default=0.0)
    if weight:
        reasons.append(Reason("identity_changed", len(changes), "1", weight))
    return reasons


def shakes(condition: Finding, finding: Finding) -> bool:
    """Tell whether an alert must be looked at again because of what holds now."""
    return condition.detector in KINDS and (_within(finding, condition) or _of_same(finding, condition))


def _within(finding: Finding, silence: Finding) -> bool:
    """Tell whether a vessel's gap began where everything fell silent."""
    if finding.detector != "ais_gap" or silence.detector != "feed_silence":
        return False
    lon, lat = finding.values["from_lon_deg"], finding.values["from_lat_deg"]
    west, east, south, north = reach(silence)
    here = isfinite(lon + lat) and west <= lon <= east and south <= lat <= north
    began = silence.start_us - 2 * SLOT_US <= finding.start_us <= silence.end_us
    return here and began and finding.at_us <= silence.at_us + KNOWN_US


def _of_same(finding: Finding, change: Finding) -> bool:
    """Tell whether a finding is about a vessel that changed its identity not long before or meanwhile."""
    if change.detector != "identity_change" or finding.detector in (*ABOUT_NOBODY, "identity_change"):
        return False
    near = change.start_us - IDENTITY_US <= finding.end_us <= change.end_us + IDENTITY_US
    return finding.mmsi == change.mmsi > 0 and near and finding.at_us <= change.at_us + KNOWN_US


def _weight(change: Finding) -> float:
    """Another hull or to and fro counts, a mere renaming a little, two hulls on one MMSI not at all."""
    v = change.values
    if v["two_hulls"]:
        return 0.0
    return 0.8 if v["new_imo"] or v["other_mmsi"] or v["back"] else 0.3
