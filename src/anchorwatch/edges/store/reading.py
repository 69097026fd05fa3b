"""What the store can tell: alerts, events, silences. Every list is a page; every question has an index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, func, select, tuple_

from anchorwatch.edges.store.base import Base
from anchorwatch.edges.store.tables import alert_assets, alerts, history, progress, revisions, silences
from anchorwatch.errors import BadUse
from anchorwatch.judgement.work import CLOSED, Event, Silence, silenced_by

MOST = 1000  # of one page
AT_ONCE = 500  # ids in one question: databases allow a thousand or more
ORDERS = {
    "raised": (alerts.c.raised_us, alerts.c.id),  # newest first
    "level": (alerts.c.rank, alerts.c.raised_us, alerts.c.id),  # worst first
    "changed": (alerts.c.seq, alerts.c.id),  # last event first
}
_EVENT = (history.c.seq, history.c.at_us, history.c.alert_id, history.c.actor, history.c.verb, history.c.data)
_ITEM = (alerts.c.record, alerts.c.work, alerts.c.seq)


class Item(NamedTuple):
    """An alert and the work on it."""

    alert: dict[str, Any]  # anchorwatch.alert/1
    work: dict[str, Any]
    silenced: dict[str, Any] | None  # the silence it is under now
    seq: int  # of the last that was said or done about it: what `seen` means in Store.act


class Reading(Base):
    """Questions to the store; from any thread."""

    def progress(self) -> tuple[int, dict[str, Any]]:
        """Up to where the raw log is recorded, and what the watch put beside it."""
        with self.reading() as connection:
            return progress_of(connection)

    def events(self, after: int = 0, limit: int = 500) -> list[Event]:
        """Events after a number, in order: what the alert stream resumes with."""
        chosen = select(*_EVENT).where(history.c.seq > after).order_by(history.c.seq)
        return self._events(chosen.limit(max(1, min(limit, MOST))))

    def last_seq(self) -> int:
        """Return the number of the last event; 0 = none."""
        with self.reading() as connection:
            return int(connection.execute(select(func.coalesce(func.max(history.c.seq), 0))).scalar_one())

    def history(self, alert_id: str) -> list[Event]:
        """Everything that was said and done about one alert, in order."""
        return self._events(select(*_EVENT).where(history.c.alert_id == alert_id).order_by(history.c.seq))

    def between(self, since_us: int, until_us: int) -> list[Event]:
        """Events written down in an interval, in order: a shift."""
        inside = history.c.recorded_us.between(since_us, until_us - 1)
        return self._events(select(*_EVENT).where(inside).order_by(history.c.seq))

    def alert(self, alert_id: str) -> Item | None:
        """One alert; None where there is no such."""
        found = self._items(select(*_ITEM).where(alerts.c.id == alert_id))
        return found[0] if found else None

    def several(self, alert_ids: Iterable[str]) -> list[Item]:
        """Return the alerts of these ids that there are; far cheaper than one by one."""
        ids = sorted(set(alert_ids))
        parts = [ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE)]
        return [item for part in parts for item in self._items(select(*_ITEM).where(alerts.c.id.in_(part)))]

    def as_of(self, alert_id: str, seq: int) -> dict[str, Any] | None:
        """Return the alert as it was shown when event `seq` was written: what a person knew who acted then."""
        shown = revisions.c.alert_id == alert_id, revisions.c.seq <= seq
        chosen = select(revisions.c.record).where(*shown).order_by(revisions.c.seq.desc()).limit(1)
        with self.reading() as connection:
            record = connection.execute(chosen).scalar()
        return None if record is None else dict(json.loads(record))

    def alerts(
        self, *, state: str | Sequence[str] | None = None, level: str | Sequence[str] | None = None,
        kind: str | Sequence[str] | None = None, mmsi: int | None = None, asset: str | None = None,
        since_us: int | None = None, until_us: int | None = None, text: str | None = None,
        limit: int = 100, after: str | None = None, order: str = "raised",
    ) -> list[Item]:  # fmt: skip
        """Alerts, newest raised first (or worst, or last changed); `after` is the id of the last of the page before.

        state: one or several; "open" = not closed. since_us, until_us: raised in [since, until).
        text: found in name, MMSI, IMO number, call sign, kind, asset or explanation, in any case of letters.
        """
        chosen = select(*_ITEM)
        if state is not None:
            chosen = chosen.where(alerts.c.state != CLOSED if state == "open" else alerts.c.state.in_(_several(state)))
        for column, wanted in ((alerts.c.level, level), (alerts.c.kind, kind)):
            chosen = chosen if wanted is None else chosen.where(column.in_(_several(wanted)))
        if mmsi is not None:
            chosen = chosen.where(alerts.c.mmsi == mmsi)
        if asset is not None:
            with_it = select(alert_assets.c.alert_id).where(alert_assets.c.asset == asset)
            chosen = chosen.where(alerts.c.id.in_(with_it))
        if since_us is not None:
            chosen = chosen.where(alerts.c.raised_us >= since_us)
        if until_us is not None:
            chosen = chosen.where(alerts.c.raised_us < until_us)
        if text:
            chosen = chosen.where(alerts.c.words.contains(text.casefold(), autoescape=True))
        return self._page(chosen, order, after, limit)

    def counts(self) -> dict[tuple[str, str], int]:
        """How many alerts there are by (level, state)."""
        chosen = select(alerts.c.level, alerts.c.state, func.count()).group_by(alerts.c.level, alerts.c.state)
        with self.reading() as connection:
            return {(level, state): number for level, state, number in connection.execute(chosen)}

    def raised(self, since_us: int, until_us: int, step_us: int) -> list[tuple[int, str, int]]:
        """How many alerts were raised in [since, until), by (step from `since`, level now); withdrawn ones left out."""
        step = ((alerts.c.raised_us - since_us) // step_us).label("step")
        within = alerts.c.raised_us >= since_us, alerts.c.raised_us < until_us, alerts.c.status != "withdrawn"
        found = select(step, alerts.c.level).where(*within).subquery()  # PostgreSQL groups by names, not parameters
        chosen = select(found.c.step, found.c.level, func.count()).group_by(found.c.step, found.c.level)
        with self.reading() as connection:
            return [(int(number), level, int(count)) for number, level, count in connection.execute(chosen)]

    def told(self, verbs: Sequence[str], limit: int) -> list[Event]:
        """Events about no alert, of some verbs, the newest first."""
        chosen = select(*_EVENT).where(history.c.alert_id == "", history.c.verb.in_(verbs))
        return self._events(chosen.order_by(history.c.seq.desc()).limit(limit))

    def counts_of(self, *, mmsi: int | None = None, asset: str | None = None, opened: bool = False) -> dict[str, int]:
        """How many alerts of a vessel, or that name an asset, there are by level; opened: only those not closed."""
        chosen = select(alerts.c.level, func.count()).group_by(alerts.c.level)
        if mmsi is not None:
            chosen = chosen.where(alerts.c.mmsi == mmsi)
        if asset is not None:
            with_it = select(alert_assets.c.alert_id).where(alert_assets.c.asset == asset)
            chosen = chosen.where(alerts.c.id.in_(with_it))
        if opened:
            chosen = chosen.where(alerts.c.state != CLOSED)
        with self.reading() as connection:
            return {level: number for level, number in connection.execute(chosen)}

    def silences(self, now_us: int | None = None, *, ended: bool = False) -> list[Silence]:
        """Silences that run at `now_us` (None = now); with `ended` also those of before, newest end first."""
        now_us = self.clock.now_us() if now_us is None else now_us
        with self.reading() as connection:
            return silences_of(connection, None if ended else now_us)

    def _page(self, chosen: Select[Any], order: str, after: str | None, limit: int) -> list[Item]:
        keys = ORDERS.get(order)
        if keys is None:
            raise BadUse(f"unknown order {order[:40]!r}", "", f"Use one of: {', '.join(ORDERS)}.")
        if after is not None:
            with self.reading() as connection:
                last = connection.execute(select(*keys).where(alerts.c.id == after)).one_or_none()
            if last is None:
                raise BadUse("the page before is not known", "", "Begin with the first page.")
            chosen = chosen.where(tuple_(*keys) < tuple_(*last))
        return self._items(chosen.order_by(*(k.desc() for k in keys)).limit(max(1, min(limit, MOST))))

    def _items(self, chosen: Select[Any]) -> list[Item]:
        now_us = self.clock.now_us()
        with self.reading() as connection:
            rows = connection.execute(chosen).all()
            running = silences_of(connection, now_us) if rows else []
        return [_item(row, running, now_us) for row in rows]

    def _events(self, chosen: Select[Any]) -> list[Event]:
        with self.reading() as connection:
            return [event_of(row) for row in connection.execute(chosen)]


def event_of(row: Row[Any]) -> Event:
    """Return the event of a row of history, its columns in the order of Event."""
    told = list(row)
    return Event._make([*told[:-1], json.loads(told[-1])])


def _item(row: Row[Any], running: Sequence[Silence], now_us: int) -> Item:
    record = json.loads(row.record)
    silence = silenced_by(record, running, now_us)
    return Item(record, json.loads(row.work), None if silence is None else silence.as_dict(), row.seq)


def progress_of(connection: Connection) -> tuple[int, dict[str, Any]]:
    """Up to where the raw log is recorded, and what the watch put beside it; (0, {}) at the beginning."""
    row = connection.execute(select(progress.c.seq, progress.c.data)).one_or_none()
    return (0, {}) if row is None else (row.seq, json.loads(row.data))


def silences_of(connection: Connection, now_us: int | None) -> list[Silence]:
    """Silences that run at a time; all for None."""
    chosen = select(silences.c.record).order_by(silences.c.until_us.desc(), silences.c.id)
    if now_us is not None:
        chosen = chosen.where(silences.c.until_us > now_us, silences.c.ended_us.is_(None))
    return [silence_of(json.loads(text)) for text in connection.execute(chosen).scalars()]


def silence_of(record: dict[str, Any]) -> Silence:
    """Return the silence of its JSON object."""
    area = tuple((p[0], p[1]) for p in record["area"])
    return Silence(**{**record, "area": area, "kinds": tuple(record["kinds"])})


def _several(wanted: str | Sequence[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else list(wanted)
