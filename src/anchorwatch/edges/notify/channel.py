"""A channel: where alerts are told, and which of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from anchorwatch.edges.notify.quiet import Quiet
from anchorwatch.edges.records import plain
from anchorwatch.judgement.work import VERBS, WATCH_VERBS, Event
from anchorwatch.model import LEVELS, Alert

# What can be told of an alert.
RAISED, RISEN, CHANGED, WITHDRAWN, ENDED = "raised", "risen", "changed", "withdrawn", "ended"
ESCALATED, WORKED = "escalated", "worked"
EVENTS = (RAISED, RISEN, CHANGED, WITHDRAWN, ENDED, ESCALATED, WORKED)
FOR_PEOPLE = (RAISED, RISEN, WITHDRAWN, ESCALATED)  # what is worth a beep
FOR_MACHINES = EVENTS
MOST_WHY = 200  # characters of why something failed


@dataclass(frozen=True)
class Channel:
    """One `[[channel]]` of the rules. `url` holds secrets: it is never shown."""

    name: str
    url: str = field(repr=False)
    shown: str  # what it is, without secrets: "mail, chat or web (mailto)", "mqtt://broker:1883/alerts"
    at_least: str = "warning"
    kinds: tuple[str, ...] = ()  # () = all
    assets: tuple[str, ...] = ()  # ids; () = all
    events: tuple[str, ...] = FOR_PEOPLE
    quiet: Quiet | None = None
    quiet_alarms: bool = False  # alarms are held back in quiet hours too
    most_per_hour: int | None = None
    limit_s: float = 30.0  # for one try
    where: str = ""  # it is written, for errors: file, line and key
    files: Mapping[str, Path] = field(default_factory=dict)  # authority, certificate, key: of TLS

    @property
    def scheme(self) -> str:
        """What the URL begins with, e.g. `mqtt`."""
        return self.url.partition("://")[0].lower()

    @property
    def for_machines(self) -> bool:
        """Tell whether a machine reads it: told at once, one by one, and of everything."""
        return is_for_machines(self.scheme)

    def wants(self, event: Event, alert: Alert) -> bool:
        """Tell whether this is to be told here."""
        return (
            what(event) in self.events
            and LEVELS.index(highest(event, alert)) >= LEVELS.index(self.at_least)
            and (not self.kinds or alert.kind in self.kinds)
            and (not self.assets or any(a.id in self.assets for a in alert.assets))
            and (not self.scheme.startswith("cot+") or alert.lon_deg == alert.lon_deg)  # NaN has no place on a map
        )


def is_for_machines(scheme: str) -> bool:
    """Tell whether a scheme is read by machines."""
    return scheme in ("mqtt", "mqtts") or scheme.startswith("cot+")


def what(event: Event) -> str:
    """Return the word of EVENTS for a line of the history, "" for none."""
    if event.verb == "changed":
        rose = _rank(event.data.get("was")) >= 0 and _rank(event.data.get("level")) > _rank(event.data["was"])
        returned = event.data.get("was") == "withdrawn" or bool(event.data.get("reopened"))
        return RISEN if rose or returned else CHANGED
    words = {"reopen": RISEN, "escalate": ESCALATED} | dict.fromkeys(WATCH_VERBS, event.verb)
    return words.get(event.verb, WORKED if event.verb in VERBS else "")


def highest(event: Event, alert: Alert) -> str:
    """Return the level that decides who hears of it: what it rose to, for other news the highest it ever had."""
    if what(event) in (RAISED, RISEN) and event.data.get("level") in LEVELS:
        return str(event.data["level"])
    levels = alert.extra.get("levels")
    said = [line.get("level") for line in levels if isinstance(line, dict)] if isinstance(levels, list) else []
    known = [str(x) for x in (*said, event.data.get("was")) if x in LEVELS]
    return max(alert.level, *known, key=LEVELS.index) if known else alert.level


def _rank(level: Any) -> int:
    return LEVELS.index(level) if level in LEVELS else -1


class Note(NamedTuple):
    """What is to be told of one alert: JSON objects, as the API gives them."""

    event: Event
    alert: dict[str, Any]  # anchorwatch.alert/1, as it is now
    work: dict[str, Any]
    sent_before: bool = False  # an earlier try may have arrived


class Message(NamedTuple):
    """What one try sends: the words for people, the notes for machines. No note = a test."""

    title: str
    body: str
    level: str
    notes: tuple[Note, ...] = ()


class Failed(Exception):
    """It did not go out; the text says why in one line without secrets."""

    def __init__(self, why: str, *, perhaps: bool = False) -> None:
        """Take why, and whether it may have arrived all the same."""
        super().__init__(plain(why)[:MOST_WHY])
        self.perhaps = perhaps


class Sender(Protocol):
    """One way of sending."""

    async def send(self, message: Message, now_us: int) -> None:
        """Send, or raise Failed, or OSError where nothing was sent. The caller sets the time limit."""
