"""What people read of an alert: short and plain, for a tired officer on a small screen. It accuses nobody.

A vessel can call itself anything. On every line here its name stays readable and has no power left: no line break in
a mail's subject, no markup, no mention of everybody, no link to press.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from anchorwatch.edges.notify.channel import ESCALATED, RISEN, WITHDRAWN, Message, Note, what
from anchorwatch.edges.records import plain, time_us
from anchorwatch.model import LEVELS, utc

MOST_TITLE = 120  # characters; a phone shows fewer
MOST_TEXT = 600  # characters of one text from outside
MOST_LISTED = 20  # alerts named in a digest
# Signs that chat programs, mail readers and HTML act upon, shown as their full-width forms (U+FF01 and on).
_LOOK_ALIKE = {ord(sign): ord(sign) + 0xFEE0 for sign in "<>&@*_`~|#[]\\"}
_LINK = re.compile(r"(?<=\w)\.(?=[^\W\d])|(?<=:)(?=//)")  # "evil.example", "http://": what programs turn into links


def harmless(text: Any, most: int = MOST_TEXT) -> str:
    """Return a text from outside on one line, cut to `most` characters, without anything a program acts upon."""
    cut = " ".join(str(text if text is not None else "").split())
    cut = cut if len(cut) <= most else cut[: most - 1] + "…"
    bare = plain(cut).replace("\\u", "u+")  # what `plain` makes of control characters
    return _LINK.sub(lambda m: ". " if m[0] else " ", bare.translate(_LOOK_ALIKE))


def message(notes: Sequence[Note], link: str = "") -> Message:
    """Return the message for one alert or, for several, the digest."""
    if len(notes) == 1:
        return _single(notes[0], link)
    worst = max((str(n.alert["level"]) for n in notes), key=LEVELS.index)
    ordered = sorted(notes, key=lambda n: (-LEVELS.index(n.alert["level"]), n.event.seq))
    lines = [f"{_moment(n.event.at_us)} {_head(n)} ({_work(n.work)})" for n in ordered[:MOST_LISTED]]
    lines += [f"... and {len(notes) - MOST_LISTED} more"] * (len(notes) > MOST_LISTED)
    lines += [f"Alerts: {link.partition('{id}')[0]}"] * bool(link)
    title = f"{len(notes)} messages on alerts, the worst: {worst.upper()}"
    return Message(title, "\n".join(_again(notes) + lines), worst, tuple(notes))


def trial(channel: str) -> Message:
    """Return what the test button sends."""
    body = f"This is a test of the channel {channel}, asked for by a person. There is no alert."
    return Message("TEST of Anchorwatch", body, LEVELS[0])


def _single(note: Note, link: str) -> Message:
    alert = note.alert
    lines = [
        _news(note),
        *_again([note]),
        f"Vessel: {_vessel(alert['vessel'])}" if alert["vessel"]["mmsi"] else "",
        *(f"Asset: {_asset(a)}" for a in alert["assets"][:3]),
        f"Since: {_moment(time_us(alert['start']))}",
        f"Position: {_place(alert['position'])}" if alert["position"] else "",
        f"Why: {harmless(alert['explanation'])}" if alert["explanation"] else "",
        _innocent(alert["alternatives"]),
        f"Work: {_work(note.work)}",
        f"Alert: {link.replace('{id}', alert['id'])}" if link else f"Alert: {alert['id']}",
    ]
    head = _head(note)
    head = head if len(head) <= MOST_TITLE else head[: MOST_TITLE - 1] + "…"
    return Message(head, "\n".join(filter(None, lines)), alert["level"], (note,))


def _head(note: Note) -> str:
    """Return level, kind, vessel and asset on one line."""
    alert, vessel = note.alert, note.alert["vessel"]
    level = "WITHDRAWN" if alert["status"] == "withdrawn" else str(alert["level"]).upper()
    about = [harmless(vessel["name"], 40) or f"MMSI {vessel['mmsi']}"] if vessel["mmsi"] else []
    about += [harmless(a["name"], 60) or harmless(a["id"], 60) for a in alert["assets"][:1]]
    mark = {RISEN: " (raised again)" if note.event.data.get("reopened") else "", ESCALATED: " (escalated)"}
    return f"{level}{mark.get(what(note.event), '')} {_spaced(alert['kind'])}: {', '.join(about) or 'no vessel named'}"


def _news(note: Note) -> str:
    """Return what happened, in one sentence."""
    event, at = note.event, _moment(note.event.at_us)
    by, data = harmless(event.actor, 60), event.data
    word = what(event)
    if event.verb == "escalate":
        return f"Escalated to {harmless(data.get('to'), 80)} by {by} at {at}: {harmless(data.get('reason'), 300)}"
    if word == WITHDRAWN:
        return f"Withdrawn at {at}: later data took the grounds away."
    if event.verb == "changed" and data.get("level") in LEVELS and data.get("was") in (*LEVELS, "withdrawn"):
        again = ", new again after it was closed" if data.get("reopened") else ""
        return f"Now {data['level']}, before {data['was']}, at {at}{again}."
    said = {"raised": "Raised", "changed": "Changed", "ended": "The behaviour ended", "reopen": f"Reopened by {by}"}
    return f"{said.get(event.verb, f'{_spaced(event.verb)} by {by}')} at {at}."


def _vessel(vessel: dict[str, Any]) -> str:
    length = vessel["length_m"]
    parts = [
        harmless(vessel["name"], 60) or "name not known",
        f"MMSI {vessel['mmsi']}",
        f"IMO {vessel['imo']}" if vessel["imo"] else "",
        f"call sign {harmless(vessel['callsign'], 20)}" if vessel["callsign"] else "",
        f"flag {harmless(vessel['flag'], 10)}" if vessel["flag"] else "",
        f"{length:.0f} m" if isinstance(length, int | float) else "",
    ]
    return ", ".join(filter(None, parts))


def _asset(asset: dict[str, Any]) -> str:
    metres = asset["distance_m"]
    where = f", {metres:.0f} m off" if isinstance(metres, int | float) and metres >= 0 else ""  # -1: never measured
    crossed = f", crossed {_moment(time_us(asset['crossed']))}" if asset["crossed"] else ""
    rough = ", route known roughly only" if asset.get("geometry") == "schematic" else ""
    return (
        f"{harmless(asset['name'], 80) or harmless(asset['id'], 80)} ({_spaced(asset['kind'])}){where}{crossed}{rough}"
    )


def _innocent(alternatives: Sequence[dict[str, Any]]) -> str:
    if not alternatives:
        return ""
    first = alternatives[0]
    check = f" (check: {harmless(first['check'], 200)})" if first["check"] else ""
    return f"Could also be: {harmless(first['cause'], 200)}{check}"


def _work(work: dict[str, Any]) -> str:
    state = _spaced(work.get("state") or "new")
    disposition = f", {_spaced(work['disposition'])}" if work.get("disposition") else ""
    holder = f", {harmless(work['assigned_to'], 60)}" if work.get("assigned_to") else ""
    return state + disposition + holder


def _again(notes: Sequence[Note]) -> list[str]:
    said = "This may have been sent before: nobody knows whether an earlier try arrived."
    return [said] if any(n.sent_before for n in notes) else []


def _place(position: dict[str, float]) -> str:
    """Return degrees and minutes, as charts and radios have them."""
    return f"{_angle(position['lat'], 'NS', 2)} {_angle(position['lon'], 'EW', 3)}"


def _angle(degrees: float, letters: str, width: int) -> str:
    tenths = round(abs(degrees) * 600)  # of a minute
    return f"{tenths // 600:0{width}d}°{tenths % 600 / 10:04.1f}'{letters[degrees < 0]}"


def _moment(at_us: int) -> str:
    return utc(at_us).strftime("%Y-%m-%d %H:%M UTC")


def _spaced(word: Any) -> str:
    return harmless(str(word).replace("_", " "), 60)
