"""The alert as it goes out: `anchorwatch.alert/1` of the contracts, field by field."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from anchorwatch.console.routes.geojson import Utc


def _not_said(value: object) -> bool:
    """Leave out what the contract leaves out, so that `edges.alerts.read_alerts` reads what the API gave."""
    return value is None


class AlertPlace(BaseModel):
    """Where."""

    lon: float
    lat: float


class AlertVessel(BaseModel):
    """The vessel as far as it was known then. Texts come from the air: show them as text only."""

    mmsi: int = Field(description="0 where the alert is not about one vessel")
    imo: int | None
    name: str
    callsign: str
    flag: str = Field(description="ISO 3166 alpha-2, from the MMSI")
    ship_type: int | None = Field(description="ITU-R M.1371 table 53")
    length_m: float | None
    ship_class: str | None = Field(
        None, exclude_if=_not_said, description="Said only where the ship type does not say it"
    )


class AlertAsset(BaseModel):
    """An asset in an alert."""

    id: str
    name: str
    kind: str
    distance_m: float | None
    crossed: Utc | None
    kp_km: float | None = Field(description="Kilometre point along the asset")
    geometry: str | None = Field(
        None, exclude_if=_not_said, description="charted or schematic where the route is only roughly known"
    )


class AlertReason(BaseModel):
    """One named term of the judgement; the log odds add up."""

    name: str
    value: float | str | None
    unit: str
    baseline: str | None = None
    log_odds: float | None


class AlertAlternative(BaseModel):
    """An innocent explanation, and what would confirm it."""

    cause: str
    check: str


class AlertNext(BaseModel):
    """The next asset on the vessel's way."""

    asset: str
    eta: Utc
    confidence: float | None


class Alert(BaseModel):
    """A behaviour judged to matter to an asset and a person (anchorwatch.alert/1)."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["anchorwatch.alert/1"] = Field(alias="schema")
    id: str
    level: Literal["caution", "warning", "alarm"]
    kind: str = Field(examples=["anchor_drag", "ais_gap", "zone_breach"])
    status: Literal["open", "ended", "withdrawn"] = Field(
        description="ended: the behaviour is over; withdrawn: later data took the grounds away"
    )
    vessel: AlertVessel
    assets: list[AlertAsset]
    start: Utc
    end: Utc
    raised: Utc = Field(description="The data time at which the evidence sufficed")
    position: AlertPlace | None
    score: float | None
    reasons: list[AlertReason]
    explanation: str
    alternatives: list[AlertAlternative]
    next: list[AlertNext]
    detectors: list[str]
    ruleset: str
    revision: int
    extra: dict[str, Any] | None = Field(None, exclude_if=_not_said, description="What only this kind of alert says")
