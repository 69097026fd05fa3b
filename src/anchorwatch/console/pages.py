"""Two plain pages, made here and escaped: the login, and how the watch is. No script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from anchorwatch.edges.records import plain
from anchorwatch.model import rfc3339

FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="stylesheet" href="/plain.css"></head>
<body>{body}</body></html>
"""

LOGIN = """<main class="login"><h1>Anchorwatch</h1>{said}
<form method="post" action="/login"><input type="hidden" name="next" value="{next}">
<label>Name <input name="name" autocomplete="username" maxlength="64" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" maxlength="256" required></label>
<button>Log in</button></form></main>"""

LOGOUT = """<form method="post" action="/logout"><input type="hidden" name="csrf" value="{csrf}">
<span>{name}, {role}</span> <button>Log out</button></form>"""


def text(value: object) -> str:
    """Return any value for a page: on one line, without control characters, without power."""
    return escape(plain(str(value)), quote=True)


def style() -> bytes:
    """Return the style sheet of both pages."""
    return files("anchorwatch.console").joinpath("plain.css").read_bytes()


def login(next_path: str, said: str = "") -> str:
    """Return the login page; `said` is why the last try failed."""
    body = LOGIN.format(next=text(next_path), said=f'<p class="bad" role="alert">{text(said)}</p>' if said else "")
    return FRAME.format(title="Anchorwatch: log in", body=body)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> str:
    """Return a table; `empty` is what to say where there are no rows."""
    lines = ["<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    if not lines:
        return f"<p>{text(empty)}</p>"
    head = "".join(f"<th>{text(h)}</th>" for h in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def status(
    name: str,
    role: str,
    csrf: str,
    told: Sequence[tuple[str, object]],
    feeds: Iterable[Sequence[object]],
    alerts: Iterable[dict[str, Any]],
) -> str:
    """Return the status page: how the watch is, its feeds, the alerts that are not closed."""
    facts = "".join(f"<dt>{text(word)}</dt><dd>{text(value)}</dd>" for word, value in told)
    leave = LOGOUT.format(name=text(name), role=text(role), csrf=text(csrf)) if csrf else ""
    rows = [_alert_row(alert) for alert in alerts]
    body = (
        f"<header><h1>Anchorwatch</h1>{leave}</header><main><dl>{facts}</dl><h2>Alerts</h2>"
        + table(("Level", "State", "What", "Vessel", "Assets", "Raised (UTC)", "Why"), rows, "No open alerts.")
        + "<h2>Feeds</h2>"
        + table(("Feed", "State", "Last heard (UTC)", "Lines", "Trouble"), feeds, "No feeds.")
        + "</main>"
    )
    return FRAME.format(title="Anchorwatch", body=body)


def moment(time_us: int) -> str:
    """Return a time for a page; "never" where there is none."""
    return rfc3339(time_us) if time_us > 0 else "never"


def _alert_row(alert: dict[str, Any]) -> tuple[object, ...]:
    vessel = alert.get("vessel") or {}
    who = " ".join(str(part) for part in (vessel.get("name"), vessel.get("mmsi")) if part)
    assets = ", ".join(str(a.get("name") or a.get("id")) for a in alert.get("assets") or ())
    kind = str(alert.get("kind", "")).replace("_", " ")
    return (alert["level"], alert["state"], kind, who, assets, alert["raised"], alert.get("explanation", ""))
