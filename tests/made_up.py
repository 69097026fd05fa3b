"""Made-up alerts and tracks around a made-up cable off Gotland, for tests of what people see."""

from __future__ import annotations

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
        Reason("speed_deficit", 0.24, "1", 2.6, "6 h median 9.6 kn"),
        Reason("dip_at_crossing", 1.1, "kn", 1.4, "spread 0.3 kn"),
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
