"""What surrounds a finding and speaks for an innocent cause, each by its name and weight.

Weights are additive log-odds. They were set so that ordinary traffic stays within the alert budget (see
docs/judgement.md for what was measured), and rest on what is known of each trade rather than on one file.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot, isfinite, log
from typing import NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.chart import Chart, zone_at
from anchorwatch.judgement.reception import listeners
from anchorwatch.judgement.watch_list import WatchLists
from anchorwatch.model import Fault, Finding, Reason, Vessel
from anchorwatch.picture import coverage as cov
from anchorwatch.picture.identity import Registry
from anchorwatch.picture.policy import Policy

# Ferries change speed, turn about and fall silent in port all day.
SHUTTLES = {"anchor_drag": -1.2, "following_asset": -1.2, "ais_gap": -1.2, "slow_crossing": -1.2}
# Trades that stop, turn and slow down at sea as their daily work.
AT_WORK = {
    "fishing": (
        "fishing_vessel",
        {"*": -2.0, "ais_gap": -0.5, "position_jump": 0.0, "anchored_on_asset": -1.0, "trawling": 0.0},
    ),
    "service": ("service_craft_at_work", {"*": -1.5, "ais_gap": -0.5, "position_jump": 0.0, "anchored_on_asset": -1.0}),
    "passenger": (
        "passenger_service",
        {"*": -0.7, "position_jump": 0.0, "anchored_on_asset": 0.0, "loitering": -1.0} | SHUTTLES,
    ),
    "high_speed": ("fast_craft", {"*": -0.5, "position_jump": 0.0, "anchored_on_asset": 0.0} | SHUTTLES),
    "pleasure": ("pleasure_craft", {"*": -1.5, "position_jump": -0.5}),
    "military": ("military_vessel", {"*": -1.0, "position_jump": 0.0}),
}
# Places where the behaviour is what everybody does there.
BY_PLACE = (
    (
        schema.PORT,
        "in_port",
        -3.0,
        ("anchored_on_asset", "loitering", "following_asset", "anchor_drag", "ais_gap", "slow_crossing"),
    ),
    (schema.ANCHORAGE, "in_anchorage", -2.5, ("anchored_on_asset", "loitering", "anchor_drag", "slow_crossing")),
    (schema.PILOT_STATION, "at_pilot_station", -2.0, ("loitering", "anchor_drag", "slow_crossing")),
    (schema.LANE, "in_traffic_lane", -0.3, ("following_asset",)),
    (
        schema.FISHING_GROUND,
        "on_fishing_ground",
        -1.0,
        ("loitering", "following_asset", "anchor_drag", "slow_crossing", "trawling"),
    ),
    (schema.WIND_FARM, "in_wind_farm", -0.7, ("loitering", "following_asset", "anchored_on_asset")),
)
# What a route's error cannot excuse: a crossing of the corridor is a crossing of the cable somewhere.
BY_CROSSING = ("anchor_drag", "slow_crossing")
# Trade, place and route are not weighed again: an approach follows what was weighed so, a rule names whom it is for.
FOLLOWS = ("approach", "zone_breach")
SCHEMATIC_M = 3000.0
HEARD_THERE = 1.2  # others were heard all along where this vessel was silent
HOLE_VESSELS = 4  # lost and found at the same two places within two days: that is the place, not the vessels
INTERFERENCE_US = 30 * 60_000_000
INTERFERENCE_KM = 60.0  # positions of a jammed vessel may be this far from where it is


class Context(NamedTuple):
    """All that judgement may look at besides the findings themselves."""

    chart: Chart
    coverage: cov.Coverage
    silences: cov.Array  # coverage.SILENCE
    registry: Registry
    ruleset: str
    watch_lists: WatchLists = WatchLists()
    faults: tuple[Fault, ...] = ()  # outage notices
    policies: Mapping[int, Policy] | None = None  # of feeds by number; None = sources are parts of one archive


def of_vessel(finding: Finding, vessel: Vessel) -> list[Reason]:
    """Weigh the vessel's trade."""
    if vessel.ship_class not in AT_WORK or finding.detector in FOLLOWS:
        return []
    name, weights = AT_WORK[vessel.ship_class]
    weight = weights.get(finding.detector, weights["*"])
    return [Reason(name, vessel.ship_class, "", weight)] if weight else []


def of_place(finding: Finding, context: Context) -> list[Reason]:
    """Weigh the zone, and how well the asset's route is known."""
    reasons = []
    bits = int(zone_at(context.chart.zone_grid, finding.lon_deg, finding.lat_deg))
    for bit, name, weight, kinds in BY_PLACE:
        if bits & bit and finding.detector in kinds:
            reasons.append(Reason(name, "yes", "", weight))
    if finding.asset is not None and finding.detector not in FOLLOWS:
        reasons += of_route(finding, context.chart.asset(finding.asset).error_m)
    return reasons


def of_route(finding: Finding, error_m: float) -> list[Reason]:
    """Weigh how well the asset's route is known."""
    if not error_m >= SCHEMATIC_M:
        return []
    # To lie in the corridor is most likely to lie beside the cable.
    weight = -0.3 if finding.detector in BY_CROSSING else -max(0.7, log(error_m / 1000.0))
    return [Reason("route_is_schematic", round(error_m), "m", round(weight, 2))]


def of_reception(finding: Finding, context: Context, vessel: Vessel) -> list[Reason]:
    """Weigh a silence by whether others were heard where the vessel must have been.

    Only ten-minute slots that were over when the finding was made are asked, so the answer is the same
    whenever it is asked again.
    """
    if finding.detector != "ais_gap":
        return []
    path = silent_path(finding)
    if path is None:
        return [Reason("reception", "not known", "", -1.0)]
    lon, lat, time_us = path
    coverage, of_whom = context.coverage, "share of ten-minute slots"
    if context.policies is not None and len(context.policies) > 1:
        who = listeners(finding, vessel, coverage, context.silences, context.policies)
        if len(who) < len(context.policies):
            coverage = cov.of_sources(coverage, who)
            of_whom += f", by {len(who)} of {len(context.policies)} feeds: those that would have heard it"
    share = float(np.mean(cov.heard_about(coverage, lon, lat, time_us) > 0))
    weight = HEARD_THERE if share >= 0.8 else 0.3 if share >= 0.5 else -3.0
    reasons = [Reason("others_heard_there", round(share, 2), "1", weight, of_whom)]
    together = cov.silent_together(context.silences, _silence(finding), finding.at_us)
    if together > 1.5:
        weight = -1.6 * min(together - 0.5, 3.0)
        reasons.append(Reason("silent_together", round(together, 1), "more than usual", weight))
    before = cov.silent_before(context.silences, _silence(finding), finding.at_us)
    if before >= HOLE_VESSELS:
        weight = -0.7 * min(before - 2, 4)
        reasons.append(Reason("others_fell_silent_here_before", before, "vessels", round(weight, 2)))
    return reasons


def _silence(finding: Finding) -> cov.Array:
    """A gap as a note of silence."""
    v = finding.values
    note = np.zeros((), cov.SILENCE)
    note["mmsi"], note["start_us"], note["end_us"] = (
        finding.mmsi,
        finding.start_us,
        0 if finding.open else finding.end_us,
    )
    note["lon_deg"], note["lat_deg"] = v["from_lon_deg"], v["from_lat_deg"]
    note["to_lon_deg"], note["to_lat_deg"] = v["to_lon_deg"], v["to_lat_deg"]
    return note


def silent_path(finding: Finding) -> tuple[cov.Array, cov.Array, cov.Array] | None:
    """Where the vessel must have been during its silence, at each whole slot: straight, or at its last course."""
    v = finding.values
    first = finding.start_us // cov.SLOT_US + 1
    last = min(finding.end_us if not finding.open else finding.at_us, finding.at_us) // cov.SLOT_US
    slots = np.arange(first, max(last, first + 1), dtype=np.int64)[:288]
    seconds = (slots * cov.SLOT_US + cov.SLOT_US // 2 - finding.start_us) / 1e6
    lon0, lat0 = v.get("from_lon_deg", finding.lon_deg), v.get("from_lat_deg", finding.lat_deg)
    lon1, lat1 = v.get("to_lon_deg", float("nan")), v.get("to_lat_deg", float("nan"))
    if isfinite(lon1) and isfinite(lat1):
        share = np.clip(seconds / max((finding.end_us - finding.start_us) / 1e6, 1.0), 0.0, 1.0)
        return lon0 + share * (lon1 - lon0), lat0 + share * (lat1 - lat0), slots * cov.SLOT_US
    sog, cog = v.get("from_sog_kn", float("nan")), v.get("from_cog_deg", float("nan"))
    if not (isfinite(sog) and isfinite(cog)):
        return None
    way_m = sog * 1852.0 / 3600.0 * seconds
    north, east = way_m * np.cos(np.radians(cog)) / 111_195.0, way_m * np.sin(np.radians(cog)) / 111_195.0
    return lon0 + east / np.cos(np.radians(lat0)), lat0 + north, slots * cov.SLOT_US


def of_interference(finding: Finding, areas: list[Finding]) -> list[Reason]:
    """Weigh a finding down where many vessels' positions went wrong at once, by how much of it that explains."""
    least: list[Reason] = []
    for area in areas:
        apart_km = (
            hypot((finding.lon_deg - area.lon_deg) * np.cos(np.radians(area.lat_deg)), finding.lat_deg - area.lat_deg)
            * 111.2
        )
        last_us = area.end_us + (INTERFERENCE_US if area.open else 0)  # an area that goes on is told every half hour
        begin, end = area.start_us - INTERFERENCE_US, last_us + INTERFERENCE_US
        if apart_km > area.values.get("radius_km", 0.0) + INTERFERENCE_KM:
            continue
        if finding.start_us > end or finding.end_us < begin:
            continue
        # A stay of hours that was seen before positions went wrong is not explained by half an hour of jamming.
        explained_us = min(finding.end_us, end) - max(finding.start_us, begin)
        share = (explained_us + 1) / (finding.end_us - finding.start_us + 1)
        weight = round(-4.0 * min(1.0, 2.0 * share), 2)
        if not least or weight < least[0].log_odds:
            many = area.values.get("vessels", float("nan"))
            least = [Reason("satellite_navigation_interference", many, "vessels", weight)]
    return least
