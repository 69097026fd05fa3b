"""The work on an alert as it goes out and comes in: its state, its history, silences, actions."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from anchorwatch.console.routes.alert_record import Alert
from anchorwatch.console.routes.geojson import Utc
from anchorwatch.edges.records import tame
from anchorwatch.edges.store import Event as StoredEvent
from anchorwatch.edges.store import Item as StoredItem
from anchorwatch.edges.store.reading import silence_of as stored_silence
from anchorwatch.judgement import work
from anchorwatch.judgement.work import MOST_TEXT
from anchorwatch.model import rfc3339

State = Literal["new", "acknowledged", "in_hand", "escalated", "closed"]
Level = Literal["caution", "warning", "alarm"]
Disposition = Literal["innocent", "drill", "handed_over", "confirmed_damage", "false_detection"]
Verb = Literal["acknowledge", "take", "assign", "note", "radio", "escalate", "close", "reopen"]


class Work(BaseModel):
    """How far the work on an alert is."""

    state: State
    assigned_to: str = Field(description="Empty = nobody, here and below")
    acknowledged_by: str
    escalated_to: str
    disposition: Disposition | Literal[""]
    cause: str = Field(description="The innocent cause by name")
    handed_to: str
    closed_by: str
    notes: int
    radio: int = Field(description="Entries of the radio log")
    reopened: int
    changed: Utc | None = Field(description="When the state last changed")


class Silence(BaseModel):
    """What need not be notified for a while. The alerts stay visible."""

    id: str
    by: str
    at: Utc
    until: Utc
    reason: str
    mmsi: int | None
    asset: str | None
    area: list[tuple[float, float]] = Field(description="Corners, longitude and latitude; empty = anywhere")
    kinds: list[str] = Field(description="Kinds of alert; empty = all")
    level: Level = Field(description="Alerts above this level speak all the same")
    ended: Utc | None = Field(description="Ended before its time")
    ended_by: str


class Item(BaseModel):
    """An alert and the work on it."""

    alert: Alert
    work: Work
    silenced: Silence | None = Field(description="The silence that it is under now")
    seq: int = Field(description="Number of its last event: send it as `seen` with an action")


class Event(BaseModel):
    """One line of the history: who did what when. Lines are never changed."""

    seq: int = Field(description="Number over all events: the resume token of the alert stream")
    at: Utc = Field(description="Of the watch: time of the data; of people: when they did it")
    alert_id: str = Field(description="Empty where it is about no alert")
    actor: str = Field(description='A person, or "watch"')
    verb: str = Field(description="acknowledge, take, note, ...; of the watch: raised, changed, withdrawn, ended, ...")
    data: dict[str, JsonValue] = Field(description="What the verb takes: text, to, reason, level, ...")


class Action(BaseModel):
    """What a person does about an alert."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    verb: Verb
    text: str | None = Field(None, max_length=MOST_TEXT, description="note, radio (must), acknowledge, take, close")
    to: str | None = Field(None, max_length=200, description="assign, escalate (must), close as handed_over (must)")
    reason: str | None = Field(None, max_length=MOST_TEXT, description="escalate, reopen (must)")
    disposition: Disposition | None = Field(None, description="close (must)")
    cause: str | None = Field(None, max_length=200, description="close as innocent (must): the cause by name")
    channel: str | None = Field(None, max_length=40, description='radio: e.g. "VHF 16"')
    with_: str | None = Field(None, max_length=200, alias="with", description="radio: who was spoken with")
    key: str = Field(
        "", max_length=80, pattern="^[!-~]*$", description="Your own number for it: sent twice, it is done once"
    )

    def as_work(self) -> work.Action:
        """Return it as the rules of work know it; work.Refused where a field is missing or out of place."""
        said = self.model_dump(exclude_none=True, by_alias=True, exclude={"verb", "key", "seen"})
        action = work.Action(self.verb, said, self.key)
        work.checked(action)
        return action


class SeenAction(Action):
    """What a person does about one alert."""

    seen: int | None = Field(
        None, ge=0, lt=1 << 62, description="`seq` of the alert as you saw it: 409 if another acted since"
    )


class SilenceWish(BaseModel):
    """A silence to begin: for a vessel, an asset, an area, or those together."""

    model_config = ConfigDict(extra="forbid")

    until: Utc = Field(max_length=40, description="At most 24 hours ahead")
    reason: str = Field(min_length=1, max_length=MOST_TEXT)
    mmsi: int | None = Field(None, ge=1, le=999_999_999)
    asset: str | None = Field(None, max_length=200, description="Id of an asset")
    area: list[tuple[float, float]] = Field([], max_length=1000, description="Corners, longitude and latitude")
    kinds: list[str] = Field([], max_length=50, description="Kinds of alert; empty = all")
    level: Level = Field("warning", description="Alerts above this level speak all the same")


def work_of(said: dict[str, object]) -> Work:
    """Return the work on an alert of its stored form."""
    kept = {k: tame(v) for k, v in said.items() if k in Work.model_fields}
    changed_us = said.get("changed_us")
    return Work.model_validate(
        kept | {"changed": rfc3339(changed_us) if isinstance(changed_us, int) and changed_us else None}
    )


def silence_of(silence: work.Silence) -> Silence:
    """Return a silence as it goes out."""
    said = tame(silence.as_dict())
    ended_us = silence.ended_us
    times: dict[str, str | None] = {"at": rfc3339(silence.at_us), "until": rfc3339(silence.until_us)}
    times |= {"ended": None if ended_us is None else rfc3339(ended_us)}
    return Silence.model_validate({k: v for k, v in said.items() if k in Silence.model_fields} | times)


def item_of(item: StoredItem) -> Item:
    """Return an alert with its work as it goes out."""
    silenced = None if item.silenced is None else silence_of(stored_silence(item.silenced))
    return Item(alert=Alert.model_validate(tame(item.alert)), work=work_of(item.work), silenced=silenced, seq=item.seq)


def event_of(event: StoredEvent) -> Event:
    """Return a line of the history as it goes out."""
    return Event(
        seq=event.seq,
        at=rfc3339(event.at_us),
        alert_id=event.alert_id,
        actor=event.actor,
        verb=event.verb,
        data=tame(event.data),
    )
