"""An asset along its kilometre points: traffic over it, threat to it, depth."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from anchorwatch.console.heavy import one_of_few
from anchorwatch.console.profile import LONGEST_US, NEAR_M, SLOW_KN, Profile, measure
from anchorwatch.console.routes.ask import HOUR_US, SinceText, UntilText, span_us
from anchorwatch.console.routes.counter import Here, Reader, not_found, picture_us
from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.console.routes.identity import LevelCounts
from anchorwatch.console.routes.vessel_record import known
from anchorwatch.model import Fault, rfc3339

under_assets = APIRouter()  # part of routes.assets: its own path would else be taken for the id of an asset


class ProfileBin(Answer):
    """A stretch of the asset."""

    kp_km: float = Field(description="Where it begins; it is `bin_km` long, the last one shorter")
    lon_deg: float = Field(description="Of its middle, as is the latitude")
    lat_deg: float
    vessels: int = Field(description=f"Different vessels heard nearest to it, within {NEAR_M / 1852:g} nautical mile")
    crossings: int = Field(description="How often vessels passed over it")
    slow: int = Field(description=f"Of these at less than {SLOW_KN:g} kn")
    alerts: int = Field(
        description="Raised in this time that name this stretch; not those withdrawn, nor closed as false"
    )
    threat: float = Field(
        ge=0, le=1, description="That one of these is true, taking scores as chances, of each vessel its worst"
    )
    depth_m: float | None = Field(description="In its middle; null = not known")


class ProfileFault(Answer):
    """An outage notice of this asset."""

    since: Utc = Field(description="It failed between this and `until`")
    until: Utc
    known: Utc
    lon_deg: float | None = Field(description="null = not said where")
    lat_deg: float | None
    radius_km: float | None


class AssetProfile(Answer):
    """Traffic and threat along an asset."""

    asset: str = Field(description="Id")
    since: Utc
    until: Utc
    traffic_since: Utc = Field(description="Traffic is counted from here on: `since`, or later where that is too much")
    length_km: float = Field(description="As drawn on the chart; 0 = it is no line")
    bin_km: float
    bins: list[ProfileBin] = Field(description="From the charted start; the parts of a line follow without gaps")
    open: LevelCounts = Field(description="Alerts that name it and are not closed, of whatever time")
    faults: list[ProfileFault]
    note: str = Field(description="What was thinned or left out; empty = nothing")


@under_assets.get("/assets/{asset_id:path}/profile", operation_id="get_asset_profile")
def get_asset_profile(
    asset_id: Annotated[str, Path(max_length=200)],
    room: Here,
    reader: Reader,
    since: SinceText = None,
    until: UntilText = None,
) -> AssetProfile:
    """Return traffic, alerts and depth along an asset; nothing said = the last 24 hours. At most 31 days."""
    if asset_id not in room.chart.index:
        raise not_found(f"no asset {asset_id[:60]!r}", "asset_id", "See /api/v1/assets")
    first, last = span_us(since, until, picture_us(room), 24 * HOUR_US, LONGEST_US)
    reader.saw([asset_id])
    with one_of_few():
        found = measure(room, room.chart.asset(asset_id), first, last)
    return AssetProfile(
        asset=asset_id,
        since=rfc3339(first),
        until=rfc3339(last),
        traffic_since=rfc3339(found.traffic_since_us),
        length_km=round(found.length_km, 3),
        bin_km=found.bin_km,
        bins=_bins(found),
        open=LevelCounts(**room.store.counts_of(asset=asset_id, opened=True)),
        # A replay has the notices of the whole day: nothing is told before it was known then.
        faults=[_fault(f) for f in room.faults if f.asset == asset_id and f.known_us <= last],
        note=found.note,
    )


def _bins(found: Profile) -> list[ProfileBin]:
    columns = found.columns
    return [
        ProfileBin(
            kp_km=round(n * found.bin_km, 3),
            lon_deg=round(float(columns["lon_deg"][n]), 6),
            lat_deg=round(float(columns["lat_deg"][n]), 6),
            vessels=int(columns["vessels"][n]),
            crossings=int(columns["crossings"][n]),
            slow=int(columns["slow"][n]),
            alerts=int(columns["alerts"][n]),
            threat=round(float(columns["threat"][n]), 4),
            depth_m=known(columns["depth_m"][n]),
        )
        for n in range(len(columns["lon_deg"]))
    ]


def _fault(fault: Fault) -> ProfileFault:
    return ProfileFault(
        since=rfc3339(fault.from_us),
        until=rfc3339(fault.until_us),
        known=rfc3339(fault.known_us),
        lon_deg=known(fault.lon_deg),
        lat_deg=known(fault.lat_deg),
        radius_km=known(fault.radius_km),
    )
