"""Made-up alerts and tracks around a made-up cable off Gotland, for tests of what people see."""

from __future__ import annotations

import numpy as np

from anchorwatch import chart as charts
from anchorwatch.chart import Asset, Chart, Zone
from anchorwatch.edges.report import Crossing, Summary, TrackPlot
from anchorwatch.model import Alert, AlertAsset, Alternative, NextAsset, Reason, Vessel

DAY_US = 1_767_052_800_000_000  # 2025-12-30T00:00:00Z
MINUTE_US = 60_000_000


def at_us(hour: float) -> int:
    """Return the time so many hours after the start of the made-up day."""
    return DAY_US + round(hour * 3_600_000_000)


VESSELS = (
    Vessel(518998865, 9329760, "GREY HERON", "E5U4567", "CK", 80, "tanker", 228.0),
    Vessel(273456780, 9224984, "SEVERNY VETER", "UBXY7", "RU", 70, "cargo", 140.0),
    Vessel(265012340, None, "", "", "SE", None, "unknown", None),
    Vessel(219004711, None, "HAVØRNEN", "OU1234", "DK", 30, "fishing", 24.0),
    Vessel(636019876, 9313204, "POLAR LANTERN", "D5XX9", "LR", 71, "cargo", 169.0),
    Vessel(311000555, 9876543, "BALTIC MEADOW", "C6AB1", "BS", 60, "passenger", 190.0),
)
KINDS = ("anchor_drag", "anchored_on_asset", "ais_gap", "loitering", "following_asset", "position_jump")
LEVELS = ("alarm", "alarm", "warning", "caution", "warning", "caution")
SENTENCES = (
    "Ran 2.3 kn (24 %) below its own 6 h median for 41 minutes, with a dip of 1.1 kn as it crossed Gotland Link 1. "
    "An engine on reduced power would look the same.",
    "Anchored for 35 minutes 210 m from Gotland Link 1, outside any anchorage. "
    "A vessel waiting for orders may simply have chosen the place.",
    "Silent for 74 minutes across Gotland Link 1, while 14 other vessels in the same cell were heard. "
    "A failed transponder would look the same.",
    "Stayed within 800 m of Amber Telecom for 3 h 10 min at 0.9 kn. Fishing on the bank is usual here.",
    "Followed Amber Telecom for 21 km, out and back, never further than 400 m. Survey and repair ships do this.",
    "Three places in ten minutes that no ship could reach. Interference with satellite navigation is likely.",
)
REASONS = (
    (
        Reason("prior", "anchor_drag", "", -2.0),
        Reason("speed_deficit", 0.24, "1", 3.6, "6 h median 9.6 kn"),
        Reason("dip_at_crossing", 1.1, "kn", 2.4, "spread 0.3 kn"),
        Reason("heading_offset", 7.5, "deg", 0.8, "usual 1.2 deg"),
        Reason("ship_type", "tanker", "", 0.2, "share of cases"),
        Reason("in_traffic_lane", 1.0, "1", -0.5, None),
        Reason("sea_state", 2.4, "m", -0.9, "forecast 1.1 m"),
    ),
)


def alert(number: int = 0, **changes: object) -> Alert:
    """Return the made-up alert of that number, with changes."""
    k = number % len(KINDS)
    start = at_us(9.5 + 0.35 * number % 12)
    values: dict[str, object] = {
        "id": f"a1-{number:012x}",
        "level": LEVELS[k],
        "kind": KINDS[k],
        "status": ("open", "ended", "ended", "withdrawn", "open", "ended")[k],
        "vessel": VESSELS[k],
        "assets": (
            AlertAsset("gotland-1", "Gotland Link 1", "power_cable", 0.0, start + 20 * MINUTE_US, 41.2),
            AlertAsset("amber", "Amber Telecom", "telecom_cable", 640.0, None, 12.5, "schematic"),
        ),
        "start_us": start,
        "end_us": start + 41 * MINUTE_US,
        "raised_us": start + 24 * MINUTE_US,
        "lon_deg": 19.2 + 0.07 * k,
        "lat_deg": 57.6 + 0.04 * k,
        "score": (0.97, 0.91, 0.72, 0.31, 0.66, 0.28)[k],
        "reasons": REASONS[0],
        "explanation": SENTENCES[k],
        "alternatives": (
            Alternative("engine trouble", "Ask for rpm and load; watch whether speed recovers after the cable."),
            Alternative("slow steaming to an arrival time", "Compare the ETA; a smooth slow-down has no dip."),
        ),
        "next": (NextAsset("amber", start + 95 * MINUTE_US, 0.8), NextAsset("nordlink", start + 260 * MINUTE_US, 0.35)),
        "detectors": (KINDS[k], "crossing"),
        "ruleset": "sha256:" + "3f9a" * 16,
        "revision": 1 + k % 2,
    }
    return Alert(**(values | changes))  # type: ignore[arg-type]  # a test may break any field


# The made-up cables run west to east, so that ships on their way north cross them.
GOTLAND_LINK = np.array([[18.85, 57.42], [19.15, 57.527], [19.6, 57.784], [20.1, 57.9], [21.1, 57.8]])
AMBER = np.array([[18.85, 57.62], [19.3, 57.8], [20.2, 57.5], [21.3, 57.4]])
ISLAND = np.array([[18.1, 57.3], [18.4, 57.0], [18.7, 57.3], [18.9, 57.45], [18.8, 57.75], [18.5, 57.82], [18.1, 57.3]])


def track(one: Alert, minutes: int = 600, step_s: int = 20) -> TrackPlot:
    """Return a track through the alert's place: slowed in its interval, with a dip where it crosses, silent if dark."""
    rng = np.random.default_rng(one.start_us % 1000 + 7)
    middle = (one.start_us + one.end_us) // 2
    time_us = middle + np.arange(-minutes * 30, minutes * 30, step_s, dtype=np.int64) * 1_000_000
    during = (time_us >= one.start_us) & (time_us <= one.end_us)
    crossing_us = one.assets[0].crossed_us or middle
    baseline = 9.6 + 0.15 * np.sin(np.arange(len(time_us)) / 300)
    speed = baseline + rng.normal(0, 0.12, len(time_us)) - np.where(during, 1.9, 0)
    speed -= 1.1 * np.exp(-(((time_us - crossing_us) / 1.2e8) ** 2))
    made_nm = np.cumsum(speed) * step_s / 3600
    lat = one.lat_deg + (made_nm - np.interp(one.end_us, time_us, made_nm)) / 60
    lon = one.lon_deg + 0.06 * np.sin(lat * 9) - 0.06 * np.sin(one.lat_deg * 9)
    offset = rng.normal(1, 0.8, len(time_us)) + np.where(during, 7.0, 0)
    kept = ~during if one.kind == "ais_gap" else np.ones(len(time_us), dtype=bool)
    at = int(np.searchsorted(time_us, crossing_us))
    crossings = (
        Crossing(crossing_us, "gotland-1", "Gotland Link 1", float(lon[at]), float(lat[at])),
        Crossing(int(time_us[at + 130]), "amber", "Amber Telecom", float(lon[at + 130]), float(lat[at + 130])),
    )
    return TrackPlot(time_us[kept], lon[kept], lat[kept], speed[kept], baseline[kept], offset[kept], crossings)


def chart() -> Chart:
    """Return a chart with a surveyed power cable, a roughly drawn telecom cable, a pipeline and two zones."""
    square = np.array([[19.6, 57.1], [19.9, 57.1], [19.9, 57.25], [19.6, 57.25], [19.6, 57.1]])
    return charts.make(
        (
            Asset("gotland-1", "Gotland Link 1", "power_cable", (GOTLAND_LINK,), owner="Nobody", capacity="650 MW"),
            Asset("amber", "Amber Telecom", "telecom_cable", (AMBER,), geometry="schematic", error_m=10_000.0),
            Asset("tube", "Long Tube", "pipeline", (np.array([[19.0, 56.4], [20.6, 58.4]]),), geometry="charted"),
            Asset("rig", "Lone Rig", "platform", points=((20.3, 57.35),)),
            Asset("beach", "Sandy Beach", "landing_point", points=((18.85, 57.42),)),
        ),
        (Zone("z1", "Middle Bank", "fishing_ground", ((square,),)), Zone("z2", "", "lane", ((square + 0.5,),))),
    )


SUMMARY = Summary(
    files=("aisdk-2025-12-30.csv", "gotland_receiver.nmea.gz"),
    since_us=at_us(0),
    until_us=at_us(24),
    rows=10_214_556,
    vessels=1_204,
    vessel_hours=17_530.4,
    ruleset="sha256:" + "3f9a" * 16,
    rejects={"bad_checksum": 1_822, "no_position": 23_100, "bad_time": 4},
    detectors=("anchor_drag", "anchored_on_asset", "ais_gap", "loitering"),
    notes=("Digitraffic carries no fishing vessels and no class B.",),
)
