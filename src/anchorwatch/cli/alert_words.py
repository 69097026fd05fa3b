"""Alerts in words for a terminal: widths, times, states, lines of the history. Everything shown passes `plain`."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Mapping
from typing import Any

import click

from anchorwatch.edges.records import json_line, plain, time_us, without_nan
from anchorwatch.model import rfc3339

NARROW, WIDE = 80, 200  # columns: a plain terminal; beyond the other, lines are too long to read
COLOURS = {"alarm": "red", "warning": "yellow"}
_SAID_APART = ("state", "text", "reason", "by", "at_us")  # fields of an event that `event_line` says elsewhere or not


def width() -> int:
    """Return the columns of the terminal, within bounds; COLUMNS where the output is no terminal."""
    return max(NARROW, min(shutil.get_terminal_size((NARROW, 24)).columns, WIDE))


def say(text: str = "", level: str = "", err: bool = False) -> None:
    """Print a line, coloured by level on a terminal; what its alphabet lacks is shown as an escape."""
    stream = sys.stderr if err else sys.stdout
    code = stream.encoding or "utf-8"
    text = text.encode(code, "backslashreplace").decode(code)
    coloured = level in COLOURS and not os.environ.get("NO_COLOR")  # no-color.org; click leaves colours to terminals
    click.echo(click.style(text, fg=COLOURS[level], bold=True) if coloured else text, err=err)


def say_json(record: Any) -> None:
    """Print a record as one line of JSON."""
    try:
        click.echo(json_line(record))
    except UnicodeEncodeError:  # an alphabet that lacks some of it
        click.echo(json.dumps(without_nan(record)))


def cells(text: str) -> int:
    """Return how many columns a text takes: 2 for wide letters, 0 for marks over others."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fitted(text: str, columns: int, keep: int = 0) -> str:
    """Return a text at exactly so many columns: filled with blanks, or cut with `..`; its last `keep` letters stay."""
    end = text[len(text) - keep :] if keep and cells(text) > columns else ""
    if cells(text) > columns:
        text = text[: len(text) - len(end)]
        while cells(end) > columns // 2:
            end = end[1:]
        while text and cells(text) > columns - 2 - cells(end):
            text = text[:-1]
        text += ".."
    return text + end + " " * (columns - cells(text + end))


def wrapped(text: str, columns: int, indent: str = "  ", first: str | None = None) -> list[str]:
    """Return a text in lines, indented; the first line may begin otherwise."""
    first = indent if first is None else first
    lines = textwrap.wrap(
        plain(text), columns, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    )  # fmt: skip
    return lines or [first.rstrip()]


def span(seconds: float) -> str:
    """Return a length of time in at most five letters: 45s, 12m, 2h10, 9d."""
    minutes = int(seconds // 60)
    if seconds < 60:
        return f"{max(0, int(seconds))}s"
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 24 * 60:
        return f"{minutes // 60}h{minutes % 60:02d}"
    return f"{minutes // 1440}d"


def moment(text: str | None) -> str:
    """Return an RFC 3339 time as people read it: 2024-12-25 10:26 UTC."""
    if not text:
        return "never"
    return f"{rfc3339(time_us(text))[:16].replace('T', ' ')} UTC"


def since_s(text: str, now_us: int) -> float:
    """Return the seconds from a time to `now_us`."""
    return (now_us - time_us(text)) / 1e6


def vessel(alert: Mapping[str, Any]) -> str:
    """Return what the vessel is called."""
    its = alert["vessel"]
    if not its["mmsi"]:
        return "no vessel"
    return plain(its["name"].strip()) or f"MMSI {its['mmsi']}"


def asset(alert: Mapping[str, Any]) -> str:
    """Return the first asset, and how many more there are."""
    assets = alert["assets"]
    if not assets:
        return "no asset"
    return plain(assets[0]["name"] or assets[0]["id"]) + (f" +{len(assets) - 1}" if len(assets) > 1 else "")


def state(work: Mapping[str, Any]) -> str:
    """Return how far the work is, and who has it."""
    word = str(work["state"]).replace("_", " ")
    who = {
        "acknowledged": "",
        "in_hand": work["assigned_to"],
        "escalated": work["escalated_to"],
        "closed": str(work["disposition"]).replace("_", " "),
    }.get(work["state"], "")
    return f"{word}: {plain(who)}" if who else plain(word)


def ahead(alert: Mapping[str, Any], now_us: int) -> tuple[str, str] | None:
    """Return the next asset that is still ahead, and how long until then; None = none is known."""
    for next_one in alert["next"]:
        left_s = -since_s(next_one["eta"], now_us)
        if left_s > 0:
            return plain(next_one["asset"]), span(left_s)
    return None


def reason(item: Mapping[str, Any]) -> str:
    """Return one line: why, and what to know of the alert beside its level."""
    alert = item["alert"]
    notes = [] if alert["status"] == "open" else [alert["status"]]
    notes += ["silenced"] if item["silenced"] else []
    head = f"({', '.join(notes)}) " if notes else ""
    return head + plain(f"{alert['kind'].replace('_', ' ')}: {alert['explanation']}")


def one_line(item: Mapping[str, Any]) -> str:
    """Return an alert in one line, after something was done about it."""
    alert = item["alert"]
    what = plain(alert["kind"].replace("_", " "))
    return f"{plain(alert['id'])}  {alert['level'].upper()} {what}, {vessel(alert)}, {asset(alert)}"


def event_line(event: Mapping[str, Any]) -> str:
    """Return a line of the history without its time: who, what, and what they said."""
    data = dict(event["data"])
    facts = [_named(name, data[name]) for name in data if name not in _SAID_APART and data[name]]
    text = "; ".join(str(data[name]) for name in ("reason", "text") if data.get(name))
    said = ", ".join(facts) + (" - " if facts and text else "") + text
    return plain(f"{event['actor']}: {event['verb'].replace('_', ' ')}" + (f" ({said})" if said else ""))


def _named(name: str, value: object) -> str:
    if name.endswith("_us") and isinstance(value, int):
        return f"{name.removesuffix('_us')} {moment(rfc3339(value))}"
    return f"{name.replace('_', ' ')} {_fact(value)}"


def _fact(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(_fact, value))
    if isinstance(value, Mapping):
        return " ".join(f"{name} {_fact(of)}" for name, of in value.items() if of)
    return str(value).replace("_", " ") if isinstance(value, str) else str(value)


def place(position: Mapping[str, float] | None) -> str:
    """Return a position as it is said by radio: degrees and minutes."""
    if position is None:
        return "not known"
    return f"{_angle(position['lat'], 'NS', 2)}  {_angle(position['lon'], 'EW', 3)}"


def _angle(degrees: float, names: str, digits: int) -> str:
    hundredths = round(abs(degrees) * 6000)  # of a minute, so that 59.999 does not become 60.00
    whole, rest = divmod(hundredths, 6000)
    return f"{whole:0{digits}d} {rest / 100:05.2f} {names[degrees < 0]}"
