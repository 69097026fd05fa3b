"""Objects above the line: tens of things a person cares about. Frozen; made from findings, never from rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

LEVELS = ("caution", "warning", "alarm")  # the words of IMO bridge alert management, MSC.302(87)
# What an alert can be about, as the records say it (contracts.md).
ALERT_KINDS = (
    "anchor_drag", "anchored_on_asset", "loitering", "slow_crossing", "trawling", "following_asset", "approach",
    "ais_gap", "position_jump", "identity_change", "rendezvous", "dark_contact", "zone_breach", "interference_area",
    "feed_silence", "detector_storm",
)  # fmt: skip


def utc(time_us: int) -> datetime:
    """Return an aware datetime for int64 microseconds since 1970."""
    return datetime.fromtimestamp(time_us // 1_000_000, UTC).replace(microsecond=time_us % 1_000_000)


def rfc3339(time_us: int) -> str:
    """Return e.g. `2024-12-25T10:26:10Z`; fractions of a second only where there are any."""
    return utc(time_us).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Finding:
    """One behaviour seen by one detector over an interval."""

    id: str  # hash of (detector, track, start_us)
    detector: str
    track: int  # mmsi * 8 + number of the track on that MMSI; for an area its own key
    mmsi: int  # 0 where it is not about one vessel
    at_us: int
    start_us: int
    end_us: int
    raised_us: int
    open: bool
    asset: str | None  # id of the asset
    asset_m: float
    kp_km: float
    lon_deg: float
    lat_deg: float
    values: dict[str, float] = field(default_factory=dict)  # the detector's measures
    at_sog_kn: float = float("nan")  # speed, course and place when this was said
    at_cog_deg: float = float("nan")
    at_lon_deg: float = float("nan")
    at_lat_deg: float = float("nan")
    zone: str = ""  # name of the zone whose rules it is about


@dataclass(frozen=True)
class Fault:
    """What an operator says of a failed asset (an outage notice): when it failed, and since when that is known."""

    asset: str  # id
    from_us: int
    until_us: int  # it failed between these two
    known_us: int
    lon_deg: float = float("nan")  # where, if that was measured
    lat_deg: float = float("nan")
    radius_km: float = float("nan")


class Reason(NamedTuple):
    """One named term of a judgement; the terms add up. Made by the hundred thousand, most of them for nothing."""

    name: str
    value: float | str
    unit: str
    log_odds: float
    baseline: str | None = None


@dataclass(frozen=True)
class Alternative:
    """An innocent explanation, and what would confirm it."""

    cause: str
    check: str


@dataclass(frozen=True)
class Vessel:
    """A vessel as far as it is known at the time of an alert; empty and None = not known."""

    mmsi: int
    imo: int | None = None
    name: str = ""
    callsign: str = ""
    flag: str = ""  # ISO 3166 alpha-2 from the MID of the MMSI
    ship_type: int | None = None
    ship_class: str = "unknown"
    length_m: float | None = None


@dataclass(frozen=True)
class AlertAsset:
    """An asset in an alert."""

    id: str
    name: str
    kind: str
    distance_m: float
    crossed_us: int | None = None
    kp_km: float | None = None
    geometry: str = "surveyed"  # surveyed, charted, schematic: how far the route can be trusted


@dataclass(frozen=True)
class NextAsset:
    """The next asset on a vessel's way."""

    asset: str
    eta_us: int
    confidence: float


@dataclass(frozen=True)
class Alert:
    """A finding, or several, judged to matter to an asset and a person (contracts.md, anchorwatch.alert/1)."""

    id: str
    level: str
    kind: str
    status: str  # open, ended (the behaviour is over), withdrawn (later data took the grounds away)
    vessel: Vessel
    assets: tuple[AlertAsset, ...]
    start_us: int
    end_us: int
    raised_us: int
    lon_deg: float
    lat_deg: float
    score: float
    reasons: tuple[Reason, ...]
    explanation: str
    alternatives: tuple[Alternative, ...]
    next: tuple[NextAsset, ...]
    detectors: tuple[str, ...]
    ruleset: str
    revision: int
    extra: dict[str, Any] = field(default_factory=dict)
