"""What people do about an alert: states, verbs, who may do what. The rules only; `edges.store` keeps the record.

    new -> acknowledged -> in_hand -> escalated -> closed (with a disposition)

The watch speaks too, as the actor "watch": an alert is raised, changed, withdrawn or ended. What it says never
closes an alert, and neither does anything that a crew says by radio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from anchorwatch.errors import AnchorwatchError
from anchorwatch.model import LEVELS

NEW, ACKNOWLEDGED, IN_HAND, ESCALATED, CLOSED = STATES = ("new", "acknowledged", "in_hand", "escalated", "closed")
VIEWER, OFFICER, SUPERVISOR, ADMIN = ROLES = ("viewer", "officer", "supervisor", "admin")
DISPOSITIONS = ("innocent", "drill", "handed_over", "confirmed_damage", "false_detection")
WATCH = "watch"  # the actor of what the machine says
MOST_TEXT = 4000  # characters of one field: a page of notes, not a file

# What each verb takes: field -> must it be given.
FIELDS: dict[str, dict[str, bool]] = {
    "acknowledge": {"text": False},
    "take": {"text": False},
    "assign": {"to": True, "text": False},
    "note": {"text": True},
    "radio": {"text": True, "channel": False, "with": False},
    "escalate": {"to": True, "reason": True},
    "close": {"disposition": True, "cause": False, "to": False, "text": False},
    "reopen": {"reason": True},
}
VERBS = tuple(FIELDS)  # of people, on an alert
WATCH_VERBS = ("raised", "changed", "withdrawn", "ended")


class Refused(AnchorwatchError):
    """Something that this person may not do, or that makes no sense now."""


class Conflict(Refused):
    """Somebody else acted since this person looked; `done` says what."""

    def __init__(self, done: Sequence[Event]) -> None:
        """Take what was done in between, oldest first."""
        self.done = tuple(done)
        said = "; ".join(f"{e.actor}: {e.verb}" for e in self.done[-3:])
        super().__init__(f"the alert has changed since you looked ({said})", "", "Look again, then decide.")


class Event(NamedTuple):
    """One line of the history. `seq` is the resume token of the alert stream."""

    seq: int
    at_us: int  # of the watch: time of the data; of people: when they did it
    alert_id: str  # "" where it is about no alert (silences, feeds)
    actor: str
    verb: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Actor:
    """Who acts."""

    name: str
    role: str  # one of ROLES

    def at_least(self, role: str) -> bool:
        """Tell whether the actor's role is `role` or above."""
        return self.role in ROLES and ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True)
class Action:
    """What somebody does about one alert: a verb of VERBS and the fields of FIELDS[verb], all text."""

    verb: str
    data: Mapping[str, str] = field(default_factory=dict)
    key: str = ""  # chosen by the client: the same action sent twice is done once


@dataclass(frozen=True)
class Work:
    """How far the work on one alert is."""

    alert_id: str
    state: str = NEW
    assigned_to: str = ""
    acknowledged_by: str = ""
    escalated_to: str = ""
    disposition: str = ""
    cause: str = ""
    handed_to: str = ""
    closed_by: str = ""
    notes: int = 0
    radio: int = 0
    reopened: int = 0
    changed_us: int = 0  # when its state last changed

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON would hold it."""
        return asdict(self)


def apply(work: Work, action: Action, actor: Actor, at_us: int) -> Work:
    """Return the work after an action; Refused, with a sentence for the person, where it may not be done."""
    said = checked(action)
    if not actor.at_least(OFFICER):
        raise Refused(f"a {actor.role} may look but not act", "", "Ask an officer.")
    after = _STEPS[action.verb](work, said, actor)
    return replace(after, changed_us=at_us) if after.state != work.state else after


def checked(action: Action) -> dict[str, str]:
    """Return the fields of an action, trimmed; Refused where one is unknown, missing, too long or no text."""
    fields = FIELDS.get(action.verb)
    if fields is None:
        raise Refused(f"unknown verb {str(action.verb)[:40]!r}", "", f"Use one of: {', '.join(VERBS)}.")
    for name, value in action.data.items():
        if name not in fields:
            raise Refused(f"{action.verb} takes no field {str(name)[:40]!r}", "", f"It takes: {', '.join(fields)}.")
        if not isinstance(value, str) or len(value) > MOST_TEXT:
            raise Refused(f"{name} must be text of at most {MOST_TEXT} characters")
    said = {name: value.strip() for name, value in action.data.items() if value.strip()}
    for name in (n for n, needed in fields.items() if needed and n not in said):
        raise Refused(f"{action.verb} needs {name}", "", "Give it and try again.")
    return said


def _acknowledge(work: Work, said: dict[str, str], actor: Actor) -> Work:
    if work.state != NEW:
        by = f" by {work.acknowledged_by}" if work.acknowledged_by else ""
        raise Refused(f"the alert is {work.state.replace('_', ' ')} already{by}")
    return replace(work, state=ACKNOWLEDGED, acknowledged_by=actor.name)


def _take(work: Work, said: dict[str, str], actor: Actor) -> Work:
    _must_be_open(work)
    if work.assigned_to == actor.name and work.state == IN_HAND:
        raise Refused("you have it in hand already")
    _may_move(work, actor)
    return replace(work, state=IN_HAND, assigned_to=actor.name, acknowledged_by=work.acknowledged_by or actor.name)


def _assign(work: Work, said: dict[str, str], actor: Actor) -> Work:
    _must_be_open(work)
    _may_move(work, actor)
    if said["to"] == work.assigned_to:
        raise Refused(f"it is assigned to {work.assigned_to} already")
    state = ESCALATED if work.state == ESCALATED else IN_HAND
    return replace(work, state=state, assigned_to=said["to"], acknowledged_by=work.acknowledged_by or actor.name)


def _note(work: Work, said: dict[str, str], actor: Actor) -> Work:
    return replace(work, notes=work.notes + 1)


def _radio(work: Work, said: dict[str, str], actor: Actor) -> Work:
    """What was said by radio is written down, and changes nothing else."""
    return replace(work, radio=work.radio + 1)


def _escalate(work: Work, said: dict[str, str], actor: Actor) -> Work:
    """Anybody on watch may call for more, whoever holds the alert."""
    _must_be_open(work)
    return replace(work, state=ESCALATED, escalated_to=said["to"], acknowledged_by=work.acknowledged_by or actor.name)


def _close(work: Work, said: dict[str, str], actor: Actor) -> Work:
    _must_be_open(work)
    if work.assigned_to not in ("", actor.name) and not actor.at_least(SUPERVISOR):
        raise Refused(f"{work.assigned_to} has it in hand", "", "Let them close it, or ask a supervisor.")
    disposition = said["disposition"]
    if disposition not in DISPOSITIONS:
        raise Refused(f"unknown disposition {disposition[:40]!r}", "", f"Use one of: {', '.join(DISPOSITIONS)}.")
    if disposition == "innocent" and "cause" not in said:
        raise Refused("an innocent alert needs its cause by name", "", "Say which, e.g. cause: engine trouble.")
    if disposition == "handed_over" and "to" not in said:
        raise Refused("handed over to whom", "", "Give to.")
    return replace(
        work, state=CLOSED, disposition=disposition, cause=said.get("cause", ""), handed_to=said.get("to", ""),
        closed_by=actor.name, acknowledged_by=work.acknowledged_by or actor.name,
    )  # fmt: skip


def _reopen(work: Work, said: dict[str, str], actor: Actor) -> Work:
    if work.state != CLOSED:
        raise Refused("the alert is not closed")
    if work.closed_by != actor.name and not actor.at_least(SUPERVISOR):
        raise Refused(f"{work.closed_by} closed it", "", "Let them reopen it, or ask a supervisor.")
    return again(work, ACKNOWLEDGED)


def again(work: Work, state: str) -> Work:
    """Return closed work as open again, in `state`, held by nobody."""
    return replace(
        work, state=state, assigned_to="", disposition="", cause="", handed_to="", closed_by="", escalated_to="",
        acknowledged_by="" if state == NEW else work.acknowledged_by, reopened=work.reopened + 1,
    )  # fmt: skip


def _must_be_open(work: Work) -> None:
    if work.state == CLOSED:
        raise Refused(f"the alert is closed ({work.disposition}, by {work.closed_by})", "", "Reopen it first.")


def _may_move(work: Work, actor: Actor) -> None:
    if work.assigned_to not in ("", actor.name) and not actor.at_least(SUPERVISOR):
        raise Refused(
            f"{work.assigned_to} has it in hand", "", "Ask them or a supervisor to assign it; escalate if it presses."
        )


_STEPS = {
    "acknowledge": _acknowledge,
    "take": _take,
    "assign": _assign,
    "note": _note,
    "radio": _radio,
    "escalate": _escalate,
    "close": _close,
    "reopen": _reopen,
}


LONGEST_SILENCE_US = 24 * 3_600_000_000  # nobody on watch tomorrow need remember what was silenced today


@dataclass(frozen=True)
class Silence:
    """What need not be notified for a while: a vessel, an asset, an area, or those together. It stays visible."""

    id: str
    by: str
    at_us: int
    until_us: int
    reason: str
    mmsi: int | None = None
    asset: str | None = None
    area: tuple[tuple[float, float], ...] = ()  # ring of (lon_deg, lat_deg); () = anywhere
    kinds: tuple[str, ...] = ()  # () = all
    level: str = "warning"  # alerts above this level speak all the same
    ended_us: int | None = None
    ended_by: str = ""

    def running(self, now_us: int) -> bool:
        """Tell whether it is in force."""
        return self.at_us <= now_us < self.until_us and self.ended_us is None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON would hold it."""
        return asdict(self) | {"area": [list(p) for p in self.area], "kinds": list(self.kinds)}


def may_silence(silence: Silence, actor: Actor) -> None:
    """Refused where a silence makes no sense or is not this person's to set."""
    if not actor.at_least(OFFICER):
        raise Refused(f"a {actor.role} may look but not act", "", "Ask an officer.")
    if silence.mmsi is None and silence.asset is None and not silence.area:
        raise Refused("silence for what", "", "Name a vessel (mmsi), an asset or an area.")
    if not silence.reason.strip() or len(silence.reason) > MOST_TEXT:
        raise Refused("a silence needs a reason", "", f"Say why, in at most {MOST_TEXT} characters.")
    if not silence.at_us < silence.until_us <= silence.at_us + LONGEST_SILENCE_US:
        raise Refused("a silence ends within 24 hours from now", "", "Give an end; it can be set again.")
    if silence.level not in LEVELS:
        raise Refused(f"unknown level {silence.level[:40]!r}", "", f"Use one of: {', '.join(LEVELS)}.")
    if silence.level == LEVELS[-1] and not actor.at_least(SUPERVISOR):
        raise Refused("alarms are silenced by a supervisor", "", "Silence up to warning, or ask one.")
    if silence.area and (len(silence.area) < 3 or not all(map(_on_earth, silence.area))):
        raise Refused("an area needs three corners or more, as longitude and latitude", "", "Draw it again.")


def may_unsilence(silence: Silence, actor: Actor) -> None:
    """Refused where a silence is not this person's to end."""
    if not actor.at_least(OFFICER):
        raise Refused(f"a {actor.role} may look but not act", "", "Ask an officer.")
    if silence.ended_us is not None:
        raise Refused(f"{silence.ended_by} has ended it already")


def silenced_by(alert: Mapping[str, Any], silences: Sequence[Silence], now_us: int) -> Silence | None:
    """Return the silence that keeps an alert (`anchorwatch.alert/1`) from being notified at `now_us`, if any."""
    return next((s for s in silences if s.running(now_us) and _covers(s, alert)), None)


def _covers(silence: Silence, alert: Mapping[str, Any]) -> bool:
    if LEVELS.index(alert["level"]) > LEVELS.index(silence.level):
        return False
    if silence.kinds and alert["kind"] not in silence.kinds:
        return False
    if silence.mmsi is not None and alert["vessel"]["mmsi"] != silence.mmsi:
        return False
    if silence.asset is not None and all(a["id"] != silence.asset for a in alert["assets"]):
        return False
    place = alert["position"]
    return not silence.area or (place is not None and _inside(place["lon"], place["lat"], silence.area))


def _on_earth(point: tuple[float, float]) -> bool:
    return len(point) == 2 and -180 <= point[0] <= 180 and -90 <= point[1] <= 90


def _inside(lon_deg: float, lat_deg: float, ring: Sequence[tuple[float, float]]) -> bool:
    """Even-odd rule in plain degrees: the areas that people draw are small."""
    inside = False
    for (lon1, lat1), (lon2, lat2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (lat1 > lat_deg) != (lat2 > lat_deg) and lon_deg < lon1 + (lat_deg - lat1) * (lon2 - lon1) / (lat2 - lat1):
            inside = not inside
    return inside
