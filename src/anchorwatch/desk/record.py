"""The record of a report: `anchorwatch.report/1` (contracts.md) as plain data, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from anchorwatch.desk.report import Claim, Entity, Item, Quantity, Report, When
from anchorwatch.model import rfc3339

SCHEMA = "anchorwatch.report/1"


def to_json(report: Report, story: str | None = None, related: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the record. Beside the contract it says what else is known: `dates`, `notes`, where the text came from."""
    item = report.item
    return {
        "schema": SCHEMA,
        "id": report.id,
        "line": item.line,
        "text": item.text,
        "source": item.source,
        "published": _time(item.published_us),
        "reference_date": _time(item.reference_us),
        "relevance": round(report.relevance, 3),
        "assets": list(report.assets),
        "entities": [_entity(e) for e in report.entities],
        "quantities": [_quantity(q) for q in report.quantities],
        "events": [_event(c) for c in report.claims],
        "story": story,
        "related": list(related),
        "ledgers": list(report.ledgers),
        "reference_date_quality": item.reference,
        "url": item.url,
        "file": item.file,
        "received": _time(item.received_us),
        "language": report.language,
        "kind": item.kind,
        "points": [list(point) for point in item.points],  # longitude, latitude
        "facts": dict(item.facts),
        "dates": [_when(w) for w in report.dates],
        "notes": list(report.notes),
    }


def from_json(record: Mapping[str, Any]) -> Report:
    """Return the report of a record that `to_json` made. Raises KeyError, TypeError, ValueError on anything else."""
    item = Item(
        text=str(record["text"]),
        source=record["source"],
        url=record.get("url"),
        published_us=_us(record["published"]),
        received_us=_us(record.get("received")),
        reference_us=_us(record["reference_date"]),
        reference=record.get("reference_date_quality", "unknown"),
        language=record.get("language"),
        line=record["line"],
        file=record.get("file"),
        kind=record.get("kind", "text"),
        points=tuple((float(lon), float(lat)) for lon, lat in record.get("points", ())),
        facts=tuple((str(k), str(v)) for k, v in record.get("facts", {}).items()),
    )
    quantities = tuple(Quantity(**q) for q in record["quantities"])
    return Report(
        item=item,
        language=record.get("language", "en"),
        entities=tuple(Entity(**e) for e in record["entities"]),
        quantities=quantities,
        dates=tuple(_when_of(w) for w in record.get("dates", ())),
        claims=tuple(_claim_of(e, len(quantities)) for e in record["events"]),
        relevance=float(record["relevance"]),
        assets=tuple(record["assets"]),
        ledgers=tuple(record["ledgers"]),
        notes=tuple(record.get("notes", ())),
    )


def _entity(entity: Entity) -> dict[str, Any]:
    return entity._asdict()


def _quantity(quantity: Quantity) -> dict[str, Any]:
    said = quantity._asdict()
    return said | {"low": _number(quantity.low), "high": _number(quantity.high)}


def _event(claim: Claim) -> dict[str, Any]:
    return {
        "type": claim.type,
        "modality": claim.modality,
        "actors": list(claim.actors),
        "place": claim.place,
        "when": claim.when,
        "speaker": claim.speaker,
        "quote": claim.quote,
        "start": claim.start,
        "end": claim.end,
        "to": list(claim.to),
        "stance": claim.stance,
        "topic": claim.topic,
        "assets": list(claim.assets),
        "quantities": list(claim.quantities),
    }


def _when(when: When) -> dict[str, Any]:
    return {
        "text": when.text,
        "start": when.start,
        "end": when.end,
        "from": _time(when.from_us),
        "until": _time(when.until_us),
        "duration": when.duration,
    }


def _when_of(said: Mapping[str, Any]) -> When:
    return When(said["text"], said["start"], said["end"], _us(said["from"]), _us(said["until"]), said["duration"])


def _claim_of(said: Mapping[str, Any], count: int) -> Claim:
    known = {n for n in said.get("quantities", ()) if 0 <= n < count}
    return Claim(
        type=said["type"],
        modality=said["modality"],
        quote=said["quote"],
        start=said["start"],
        end=said["end"],
        actors=tuple(said["actors"]),
        to=tuple(said.get("to", ())),
        place=said["place"],
        when=said["when"],
        speaker=said["speaker"],
        stance=said.get("stance"),
        topic=said.get("topic"),
        quantities=tuple(sorted(known)),
        assets=tuple(said.get("assets", ())),
    )


def _number(value: float) -> float | int:
    """Return whole numbers as such: 19 systems, not 19.0."""
    return int(value) if value == int(value) else value


def _time(us: int | None) -> str | None:
    return None if us is None else rfc3339(us)


def _us(text: str | None) -> int | None:
    if text is None:
        return None
    since = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
