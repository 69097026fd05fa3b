"""Shift handover: what is open, who did what, what is silenced, what failed, what to watch next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from anchorwatch.judgement.drafts import vessel_name
from anchorwatch.judgement.work import CLOSED, VERBS, WATCH, Event, Silence
from anchorwatch.model import LEVELS, rfc3339, utc

SCHEMA = "anchorwatch.handover/1"
AHEAD = timedelta(hours=12)  # the longest watch: what comes later is the business of the next but one
MOST_LINES = 40  # of one part of the text: a page that is read, not a log; the record holds all


class Handed(NamedTuple):
    """One alert and the work on it, as the store has them."""

    alert: Mapping[str, Any]  # anchorwatch.alert/1
    work: Mapping[str, Any]


def shift(
    alerts: Sequence[Handed], events: Sequence[Event], silences: Sequence[Silence], since_us: int, until_us: int
) -> dict[str, Any]:
    """Return the handover of a shift as JSON would hold it.

    alerts: all that are open at its end and all that its events are about. events: written down in [since, until).
    silences: those that still run.
    """
    by_id = {h.alert["id"]: h for h in alerts}
    still_open = [h for h in alerts if h.work["state"] != CLOSED]
    return {
        "schema": SCHEMA,
        "since": rfc3339(since_us),
        "until": rfc3339(until_us),
        "open": {level: _entries(still_open, level) for level in reversed(LEVELS)},
        "raised": sum(e.verb == "raised" for e in events),
        "closed": [_entry(by_id[i]) for i in _ids(events, "close") if i in by_id and not _is_open(by_id[i])],
        "withdrawn": [_entry(by_id[i]) for i in _ids(events, "withdrawn") if i in by_id],
        "done": _done(events),
        "silences": [s.as_dict() for s in silences],
        "watch": [_line(e) for e in events if e.actor == WATCH and not e.alert_id],
        "not_notified": [_line(e) for e in events if e.verb == "not_notified"],
        "next": _next(still_open, silences, until_us),
    }


def as_text(handover: Mapping[str, Any]) -> str:
    """Return a handover as plain text, to print or to read out."""
    lines = [f"SHIFT HANDOVER  {_when(handover['since'])} to {_when(handover['until'])} UTC", ""]
    count = {level: len(entries) for level, entries in handover["open"].items()}
    lines += ["OPEN: " + ", ".join(f"{n} {level}" for level, n in count.items()), ""]
    for level, entries in handover["open"].items():
        lines += _part(level.upper(), [_alert_line(e) for e in entries]) if entries else []
    lines += _part("WATCH NEXT", handover["next"] or ["nothing in particular"])
    lines += _part("CLOSED IN THIS SHIFT", [_closed_line(e) for e in handover["closed"]])
    lines += _part("WITHDRAWN BY LATER DATA", [_alert_line(e) for e in handover["withdrawn"]])
    lines += _part("DONE", [f"{d['by']}: {_counted(d['verbs'])}" for d in handover["done"]])
    lines += _part("SILENCED", [_silence_line(s) for s in handover["silences"]])
    lines += _part("FEEDS AND WATCH", [f"{_when(e['at'])} {_said(e)}" for e in handover["watch"]])
    lines += _part("NOT NOTIFIED", [f"{_when(e['at'])} {e['alert']} {_said(e)}" for e in handover["not_notified"]])
    return "\n".join(lines).rstrip() + "\n"


def _entries(alerts: Sequence[Handed], level: str) -> list[dict[str, Any]]:
    return [_entry(h) for h in sorted(alerts, key=lambda h: h.alert["raised"]) if h.alert["level"] == level]


def _entry(handed: Handed) -> dict[str, Any]:
    alert, work = handed
    names = ("id", "level", "kind", "status", "raised", "explanation", "next")
    worked = (
        "state",
        "assigned_to",
        "escalated_to",
        "disposition",
        "cause",
        "handed_to",
        "closed_by",
        "radio",
        "notes",
    )
    entry = {n: alert[n] for n in names} | {n: work.get(n, "") for n in worked}
    entry["mmsi"] = alert["vessel"]["mmsi"]
    entry["vessel"] = vessel_name(alert["vessel"]) if alert["vessel"]["mmsi"] else ""
    entry["assets"] = [a["name"] for a in alert["assets"]]
    return entry


def _done(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Who did what: by person, in order of their first act."""
    done: dict[str, list[Event]] = {}
    for event in events:
        if event.actor != WATCH:
            done.setdefault(event.actor, []).append(event)
    return [
        {"by": by, "verbs": _count([e.verb for e in theirs]), "acts": [_line(e) for e in theirs]}
        for by, theirs in done.items()
    ]


def _count(verbs: Sequence[str]) -> dict[str, int]:
    order = [*VERBS, *sorted(set(verbs) - set(VERBS))]
    return {v: verbs.count(v) for v in order if v in verbs}


def _next(still_open: Sequence[Handed], silences: Sequence[Silence], until_us: int) -> list[str]:
    """What the next shift must not miss, the most pressing first."""
    alarms = [h for h in still_open if h.alert["level"] == LEVELS[-1] and not h.work["assigned_to"]]
    lines = [f"{_who(h.alert)}: alarm that nobody has in hand" for h in alarms]
    until = utc(until_us)
    coming = []
    for handed in still_open:
        for ahead in handed.alert["next"]:
            eta = datetime.fromisoformat(ahead["eta"]).astimezone(UTC)
            if until <= eta <= until + AHEAD:
                coming.append((eta, f"{_who(handed.alert)} reaches {ahead['asset']} about {_when(ahead['eta'])}"))
    lines += [line for _, line in sorted(coming)]
    lines += [f"{_who(h.alert)}: escalated to {h.work['escalated_to']}" for h in still_open if _escalated(h)]
    ending = [s for s in silences if s.until_us <= until_us + AHEAD // timedelta(microseconds=1)]
    lines += [f"silence of {_of_what(s.as_dict())} ends {_when(rfc3339(s.until_us))}" for s in ending]
    return lines


def _escalated(handed: Handed) -> bool:
    return bool(handed.work["escalated_to"])


def _is_open(handed: Handed) -> bool:
    return bool(handed.work["state"] != CLOSED)


def _ids(events: Sequence[Event], verb: str) -> list[str]:
    return list(dict.fromkeys(e.alert_id for e in events if e.verb == verb))


def _line(event: Event) -> dict[str, Any]:
    line = {"seq": event.seq, "at": rfc3339(event.at_us), "alert": event.alert_id, "verb": event.verb}
    return {**line, "data": event.data}


def _part(title: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"  ... and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return [title, *(f"  {_plain(line)}" for line in lines[:MOST_LINES]), *more, ""]


def _alert_line(entry: Mapping[str, Any]) -> str:
    who = f"{entry['vessel']} ({entry['mmsi']})" if entry["mmsi"] else "area"
    where = f" at {', '.join(entry['assets'])}" if entry["assets"] else ""
    hand = f", {entry['assigned_to']}" if entry["assigned_to"] else ""
    over = f", behaviour {entry['status']}" if entry["status"] != "open" else ""
    state = entry["state"].replace("_", " ")
    return (
        f"{_when(entry['raised'])} {entry['kind'].replace('_', ' ')}: {who}{where} [{state}{hand}{over}] {entry['id']}"
    )


def _closed_line(entry: Mapping[str, Any]) -> str:
    why = ": ".join(w for w in (entry["disposition"].replace("_", " "), entry["cause"] or entry["handed_to"]) if w)
    return f"{_alert_line(entry)}: {why}, by {entry['closed_by']}"


def _silence_line(silence: Mapping[str, Any]) -> str:
    until = _when(rfc3339(silence["until_us"]))
    return f"{_of_what(silence)} up to {silence['level']} until {until}, by {silence['by']}: {silence['reason']}"


def _of_what(silence: Mapping[str, Any]) -> str:
    parts = [f"MMSI {silence['mmsi']}"] if silence["mmsi"] is not None else []
    parts += [f"asset {silence['asset']}"] if silence["asset"] is not None else []
    parts += ["an area"] if silence["area"] else []
    return " with ".join(parts)


def _said(line: Mapping[str, Any]) -> str:
    facts = ", ".join(f"{k} {v}" for k, v in line["data"].items())
    return f"{line['verb'].replace('_', ' ')}: {facts}" if facts else line["verb"].replace("_", " ")


def _counted(verbs: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {v.replace('_', ' ')}" for v, n in verbs.items())


def _who(alert: Mapping[str, Any]) -> str:
    what = alert["kind"].replace("_", " ")
    return f"{vessel_name(alert['vessel'])} ({what})" if alert["vessel"]["mmsi"] else what


def _when(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M}"


def _plain(text: str) -> str:
    """One line without control characters: texts come from the air and from people."""
    return "".join(c if c.isprintable() else " " for c in text)
