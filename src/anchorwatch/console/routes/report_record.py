"""The report as it goes out: `anchorwatch.report/1` of the contracts, field by field. Text from outside stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator

from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.desk.report import Incident as StoredIncident
from anchorwatch.edges.records import plain, without_nan
from anchorwatch.model import rfc3339

Span = tuple[int, int]
LedgerName = Literal["incidents", "presence", "energy", "assistance", "spending", "positions", "calendar"]


class ReportEntity(Answer):
    """A proper name, where it stands: `text[start:end]` of the report."""

    text: str
    start: int
    end: int
    type: str = Field(description="person, country, organisation, place, force, asset, vessel, system")
    name: str | None = Field(None, description="Full usual name, where it is known for sure")
    possibly: str | None = Field(None, description="Whom it may mean, by the sound; never put in place of the text")
    id: str | None = Field(None, description="Of an asset of the chart; of a country its ISO 3166 code")


class ReportQuantity(Answer):
    """A number with its meaning."""

    text: str
    start: int
    end: int
    low: float
    high: float = Field(description="As `low` for a single value")
    unit: str | None
    role: str = Field(description="from_to, target, current, required, needed, total, given, size, cost, ...")
    qualifier: str | None = None
    of: str | None = None


class ReportEvent(Answer):
    """One event that the report speaks of, with the words it rests on."""

    type: str = Field(description="infrastructure_damage, outage, presence, ... as in the contracts")
    modality: str = Field(description="fact, plan, promise, demand, estimate, opinion")
    actors: list[str]
    place: str | None = None
    when: str | None = Field(None, description="As said")
    speaker: str | None = Field(None, description="Who says it; null = the report itself")
    quote: str
    start: int
    end: int
    to: list[str]
    stance: str | None = None
    topic: str | None = None
    assets: list[str]
    quantities: list[int] = Field(description="Places in the report's quantities")


class ReportDate(Answer):
    """A time as it is said, resolved only where there is a reference date."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    text: str
    start: int
    end: int
    from_: Utc | None = Field(None, alias="from")
    until: Utc | None = Field(None, description="Exclusive")
    duration: bool = False


class Report(Answer):
    """A text from outside and what was understood of it (anchorwatch.report/1)."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["anchorwatch.report/1"] = Field(alias="schema")
    id: str = Field(examples=["r1-5e0e88a07b1d21c4"])
    line: int | None = None
    text: str
    source: str | None
    url: str | None = Field(None, description="As the source gave it; nothing here follows it")
    published: Utc | None
    received: Utc | None = None
    reference_date: Utc | None
    reference_date_quality: str = "unknown"
    relevance: float
    language: str = "en"
    kind: str = "text"
    file: str | None = None
    assets: list[str]
    entities: list[ReportEntity]
    quantities: list[ReportQuantity]
    events: list[ReportEvent]
    dates: list[ReportDate]
    story: str | None
    related: list[str]
    ledgers: list[str] = Field(description="Empty = not relevant")
    notes: list[str] = Field(description="What the reader must know")

    @field_validator("file")
    @classmethod
    def _name_only(cls, file: str | None) -> str | None:
        """Leave out where a file lies on this machine: folders, and queries of feeds, are nobody's business."""
        if file is None:
            return None
        return re.split(r"[?#]", file)[0] if "://" in file else re.split(r"[\\/]", file)[-1]


class ReportLink(Answer):
    """A report that others speak of."""

    id: str
    text: str
    at: Utc | None = Field(description="Published, or else received")
    source: str | None = None


class IncidentAlert(Answer):
    """An alert of the watch near an incident in place and time, which accuses nobody."""

    id: str
    level: str
    kind: str
    raised: Utc
    explanation: str


class Incident(Answer):
    """Something that happened to an asset, or is said to have happened. Nothing in it accuses a vessel."""

    id: str = Field(examples=["i1-4f0c11aa09d2"])
    asset: str | None = Field(description="Id; null where no report names one that the chart knows for sure")
    asset_said: str = Field(description="As the reports name it")
    since: Utc | None = Field(description="It happened between this and `until`; null = not known")
    until: Utc | None
    place: str = Field(description="As said")
    lon_deg: float | None
    lat_deg: float | None
    radius_km: float | None
    state: str = Field(description="reported (unobserved), noticed (by an operator), observed (by the watch), closed")
    opened: Utc
    reports: list[str] = Field(description="Ids of the reports that it rests on")
    alerts: list[str] = Field(description="Ids of alerts of the watch near it in place and time")
    notices: list[str] = Field(description="Outage notices")
    notes: list[str]
    candidates: list[str] = Field(description="Ids of assets that the words may mean, where they name none for sure")


class IncidentRecord(Incident):
    """An incident with all that is tied to it. Nothing in it accuses a vessel."""

    report_records: list[Report]
    alert_records: list[IncidentAlert]
    looked_back: dict[str, JsonValue] = Field(description="What the look back over the archive found; {} = none yet")


class Side(Answer):
    """One side of a contradiction."""

    value: str
    report: str
    quote: str


class Contradiction(Answer):
    """What reports say differently; which is right nobody has decided."""

    about: str
    sides: list[Side]


def shown(text: str) -> str:
    """Return a text that can do nothing to whoever looks at it, every character in its place: quotes stay where they
    are. What moves a cursor, turns the reading direction or hides words is shown as U+FFFD."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" or plain(c) == c else "\ufffd" for c in text)


def harmless(value: Any) -> Any:
    """Return a JSON value whose every text is as `shown` shows it."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, Mapping):
        return {k: harmless(v) for k, v in value.items()}
    return [harmless(v) for v in value] if isinstance(value, list | tuple) else value


def report_of(record: dict[str, Any]) -> Report:
    """Return a record as it goes out."""
    return Report.model_validate(harmless(record))


def reports_of(found: Iterable[dict[str, Any]]) -> list[Report]:
    """Return records as they go out."""
    return [report_of(record) for record in found]


def link_of(record: dict[str, Any]) -> ReportLink:
    """Return what another page says of a report."""
    said = harmless(record)
    at = said["published"] or said.get("received")
    return ReportLink(id=said["id"], text=said["text"], at=at, source=said["source"])


def incident_said(incident: StoredIncident) -> dict[str, Any]:
    """Return the fields of an incident as they go out."""
    said = without_nan(asdict(incident))
    times = {"since": time_or_none(incident.from_us), "until": time_or_none(incident.until_us)}
    return dict(harmless(said | times | {"opened": rfc3339(incident.opened_us)}))


def incident_of(incident: StoredIncident) -> Incident:
    """Return an incident as it goes out."""
    return Incident.model_validate(incident_said(incident))


def time_or_none(time_us: int | None) -> str | None:
    """Return a time as text."""
    return None if time_us is None else rfc3339(time_us)


class Strict(BaseModel):
    """What a client sends: a field misspelt is refused."""

    model_config = ConfigDict(extra="forbid")
