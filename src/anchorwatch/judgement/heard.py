"""What the watch says of an alert, as lines of its history. The same statements give the same lines.

An alert carries its own history of levels (`extra["levels"]`), so that nothing is missed where several statements
were put together to one, and nothing is said twice where one is repeated.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from anchorwatch.judgement.work import CLOSED, NEW, Work, again
from anchorwatch.model import LEVELS, Alert

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_US = timedelta(microseconds=1)


class Said(NamedTuple):
    """One line of history by the watch, before it has its number."""

    at_us: int  # time of the data
    verb: str  # raised, changed, withdrawn, ended
    data: dict[str, Any]


def is_news(before: Alert | None, alert: Alert, *, replayed: bool = False) -> bool:
    """Tell whether a statement is no older than the one before; one that is replayed must be newer."""
    return before is None or _age(alert) > _age(before) or (_age(alert) == _age(before) and not replayed)


def heard(work: Work | None, before: Alert | None, alert: Alert) -> tuple[Work, list[Said]]:
    """Return the work after a statement of the watch, and what the history says of it.

    `work` and `before` are what was known of this alert; None = nothing. Only a rise of the level, or the return
    of one that was withdrawn, changes the work: a closed alert is then new again.
    """
    work = work or Work(alert.id, changed_us=alert.raised_us)
    said: list[Said] = []
    level = "" if before is None else _shown(before)
    for at_us, shown in _steps(before, alert):
        line = _line(level, shown, at_us, alert)
        if line is not None:
            work, line = _reopened(work, line, level, shown)
            said.append(line)
        level = shown
    return work, _in_time(said + _rest(before, alert, bool(said)), alert)


def _steps(before: Alert | None, alert: Alert) -> list[tuple[int, str]]:
    """Levels that were not told before."""
    levels = _levels(alert)
    if before is None:
        return levels
    if "levels" not in alert.extra:  # not made by our judgement: only the last is known
        return [(alert.end_us, _shown(alert))]
    return levels[len(_levels(before)) :]


def _line(level: str, shown: str, at_us: int, alert: Alert) -> Said | None:
    if not level:
        first = {"level": shown, "kind": alert.kind, "mmsi": alert.vessel.mmsi, "assets": [a.id for a in alert.assets]}
        return Said(at_us, "raised", first)
    if shown == level:
        return None
    verb = "withdrawn" if shown == "withdrawn" else "changed"
    return Said(at_us, verb, {"level": shown, "was": level})


def _reopened(work: Work, line: Said, level: str, shown: str) -> tuple[Work, Said]:
    """A closed alert that rises is looked at again, whatever it was closed as."""
    if work.state != CLOSED or _rank(shown) <= _rank(level):
        return work, line
    closed = {"reopened": True, "was_closed_as": work.disposition, "by": work.closed_by}
    return replace(again(work, NEW), changed_us=line.at_us), line._replace(data={**line.data, **closed})


def _rest(before: Alert | None, alert: Alert, told: bool) -> list[Said]:
    """What is no matter of level: the end of a behaviour, its going on, another asset."""
    was = "open" if before is None or before.status == "withdrawn" else before.status
    if alert.status == "ended" and was != "ended":
        return [Said(alert.end_us, "ended", {"level": _level_at(alert, alert.end_us)})]
    if before is None or alert.status == "withdrawn":
        return []
    if alert.status == "open" and was == "ended":
        return [Said(alert.end_us, "changed", {"level": alert.level, "status": "open", "was": "ended"})]
    known = {a.id for a in before.assets}
    more = [a.id for a in alert.assets if a.id not in known]
    return [Said(alert.end_us, "changed", {"level": alert.level, "assets": more})] if more and not told else []


def _in_time(said: list[Said], alert: Alert) -> list[Said]:
    """Order the lines of one statement as several statements would have come; what ended was raised before."""
    return sorted(said, key=lambda line: max(line.at_us, alert.raised_us))


def _level_at(alert: Alert, at_us: int) -> str:
    """As what an alert was shown at a time; before it was shown at all, its first level."""
    levels = _levels(alert)
    return [level for since_us, level in levels if since_us <= max(at_us, levels[0][0])][-1]


def _levels(alert: Alert) -> list[tuple[int, str]]:
    """As what an alert was shown from when on: (time, level or "withdrawn")."""
    levels = alert.extra.get("levels")
    if not isinstance(levels, list) or not levels:
        return [(alert.raised_us, _shown(alert))]
    return [((datetime.fromisoformat(line["at"]) - _EPOCH) // _ONE_US, str(line["level"])) for line in levels]


def _shown(alert: Alert) -> str:
    return "withdrawn" if alert.status == "withdrawn" else alert.level


def _rank(shown: str) -> int:
    return LEVELS.index(shown) if shown in LEVELS else -1


def _age(alert: Alert) -> tuple[int, int, int, int]:
    return alert.raised_us, alert.revision, len(_levels(alert)), alert.end_us
