"""The store: alerts, the work on them, their history, silences, letters to be sent. SQLite, or PostgreSQL by URL.

What belongs together is written in one transaction. The history only grows: the database itself refuses to change it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from anchorwatch.edges.alerts import from_json, to_json
from anchorwatch.edges.records import json_line, without_nan
from anchorwatch.edges.store import tables
from anchorwatch.edges.store.outbox import Letter, Outbox
from anchorwatch.edges.store.reading import Item, Reading, event_of, progress_of, silence_of, silences_of
from anchorwatch.edges.store.tables import alert_assets, alerts, history, progress, revisions, silences
from anchorwatch.judgement import heard, work
from anchorwatch.judgement.work import WATCH, Action, Actor, Conflict, Event, Refused, Silence, Work
from anchorwatch.model import LEVELS, Alert

__all__ = ["Event", "Item", "Letter", "Rules", "Silence", "Store", "tables"]

MOST_KEY = 100  # characters that a client may call an action by: a UUID has 36
Rules = Callable[[Event, Work, Alert], list[str]]  # the channels on which an event is told


def tell_nobody(event: Event, work: Work, alert: Alert) -> list[str]:
    """Stand in where no channels are set."""
    return []


class Store(Reading, Outbox):
    """Everything that must survive: opened by `Store.open(where, clock)`."""

    rules: Rules = staticmethod(tell_nobody)

    def record(self, statements: Sequence[Alert], seq: int, data: Mapping[str, Any] | None = None) -> list[Event]:
        """Write down what the watch says, as of number `seq` of the raw log; return what is new, in order.

        One transaction: alerts, history, letters that are due, and how far the watch is. What was recorded before is
        not recorded again: older statements and repetitions write nothing. At or before the recorded `seq` the log is
        being replayed, and only what was never said is new: by other detectors or assets than before, or from a log
        that began anew.
        """
        with self.writing() as connection:
            known, _ = progress_of(connection)
            running = silences_of(connection, self.clock.now_us()) if statements else []
            events = [e for alert in statements for e in self._hear(connection, alert, running, seq <= known)]
            if seq <= known:
                return events
            row = {"seq": seq, "data": json_line(dict(data or {}))}
            if not connection.execute(update(progress).where(progress.c.id == 1).values(**row)).rowcount:
                connection.execute(insert(progress).values(id=1, **row))
        return events

    def act(self, alert_id: str, action: Action, actor: Actor, *, seen: int | None = None) -> Event:
        """Do what a person decided about an alert; Refused where it may not be, Conflict where others were first.

        seen: number of the last event of the alert that the person saw; None = does not matter.
        """
        with self.writing() as connection:
            row = _row(connection, alert_id)
            before = Work(**json.loads(row.work))
            key = _key(alert_id, action, actor)
            done = _by_key(connection, key)
            if done is not None:
                return done
            if seen is not None:
                _no_conflict(connection, alert_id, action, actor, seen)
            now_us = self.clock.now_us()
            after = work.apply(before, action, actor, now_us)
            said: dict[str, Any] = dict(work.checked(action))
            if after.state != before.state:
                said["state"] = after.state
            event = self._write_down(connection, alert_id, actor.name, action.verb, said, now_us, key)
            values = {"work": json_line(after.as_dict()), "state": after.state, "seq": event.seq}
            connection.execute(update(alerts).where(alerts.c.id == alert_id).values(**values))
            self._tell(connection, event, after, from_json(json.loads(row.record)), silences_of(connection, now_us))
            return event

    def tell(self, verb: str, data: Mapping[str, Any], *, alert_id: str = "", at_us: int | None = None) -> Event:
        """Write down something else that the watch has to say, e.g. a feed lost; nobody is notified."""
        at_us = self.clock.now_us() if at_us is None else at_us
        with self.writing() as connection:
            event = self._write_down(connection, alert_id, WATCH, verb, data, at_us)
            connection.execute(update(alerts).where(alerts.c.id == alert_id).values(seq=event.seq))
            return event

    def silence(self, silence: Silence, actor: Actor) -> Silence:
        """Begin a silence; its id, author and beginning are set here."""
        now_us = self.clock.now_us()
        silence = replace(silence, id="s1-" + secrets.token_hex(6), by=actor.name, at_us=now_us, ended_us=None)
        work.may_silence(silence, actor)
        with self.writing() as connection:
            values = {"id": silence.id, "until_us": silence.until_us, "record": json_line(silence.as_dict())}
            connection.execute(insert(silences).values(**values))
            self._write_down(connection, "", actor.name, "silence", silence.as_dict(), now_us)
        return silence

    def unsilence(self, silence_id: str, actor: Actor) -> Silence:
        """End a silence before its time."""
        now_us = self.clock.now_us()
        with self.writing() as connection:
            text = connection.execute(select(silences.c.record).where(silences.c.id == silence_id)).scalar()
            if text is None:
                raise Refused("there is no such silence", silence_id[:40])
            silence = silence_of(json.loads(text))
            work.may_unsilence(silence, actor)
            silence = replace(silence, ended_us=now_us, ended_by=actor.name)
            values = {"ended_us": now_us, "record": json_line(silence.as_dict())}
            connection.execute(update(silences).where(silences.c.id == silence_id).values(**values))
            self._write_down(connection, "", actor.name, "unsilence", {"id": silence_id}, now_us)
        return silence

    def _hear(self, connection: Connection, alert: Alert, running: Sequence[Silence], replayed: bool) -> list[Event]:
        """Write down one statement of the watch."""
        row = connection.execute(select(alerts).where(alerts.c.id == alert.id)).one_or_none()
        record = json_line(to_json(alert))
        before = None if row is None else from_json(json.loads(row.record))
        if (row is not None and row.record == record) or not heard.is_news(before, alert, replayed=replayed):
            return []
        done, said = heard.heard(None if row is None else Work(**json.loads(row.work)), before, alert)
        events = [self._write_down(connection, alert.id, WATCH, s.verb, s.data, s.at_us) for s in said]
        seq = events[-1].seq if events else 0 if row is None else row.seq
        values = _values(alert, record, done, seq)
        if row is None:
            connection.execute(insert(alerts).values(id=alert.id, **values))
        else:
            connection.execute(update(alerts).where(alerts.c.id == alert.id).values(**values))
        if events:
            connection.execute(insert(revisions).values(alert_id=alert.id, seq=events[0].seq, record=record))
        _set_assets(connection, before, alert)
        for event in events:
            self._tell(connection, event, done, alert, running)
        return events

    def _tell(self, connection: Connection, event: Event, done: Work, alert: Alert, running: Sequence[Silence]) -> None:
        """Put the letters of an event into the outbox, unless a silence holds them back."""
        if work.silenced_by(to_json(alert), running, self.clock.now_us()) is None:
            self._post(connection, event, self.rules(event, done, alert))


def _row(connection: Connection, alert_id: str) -> Any:
    row = connection.execute(select(alerts.c.record, alerts.c.work).where(alerts.c.id == alert_id)).one_or_none()
    if row is None:
        raise Refused("there is no such alert", alert_id[:40], "Look at the list again.")
    return row


def _key(alert_id: str, action: Action, actor: Actor) -> str:
    """What a client calls an action by is its own affair: nobody else's action is met with it."""
    if len(action.key) > MOST_KEY:
        raise Refused(f"the key of an action has at most {MOST_KEY} characters")
    return json_line([alert_id, actor.name, action.verb, action.key]) if action.key else ""


def _by_key(connection: Connection, key: str) -> Event | None:
    """The event of an action that was sent before with the same key."""
    columns = [history.c[n] for n in Event._fields]
    row = connection.execute(select(*columns).where(history.c.key == key)).one_or_none() if key else None
    return None if row is None else event_of(row)


def _no_conflict(connection: Connection, alert_id: str, action: Action, actor: Actor, seen: int) -> None:
    """Conflict where somebody else acted since `seen`; for closing, also where the watch said something new."""
    columns = [history.c[n] for n in Event._fields]
    chosen = select(*columns).where(history.c.alert_id == alert_id, history.c.seq > seen).order_by(history.c.seq)
    since = [event_of(row) for row in connection.execute(chosen)]
    minds_watch = action.verb == "close"
    done = [
        e for e in since
        if (e.verb in work.WATCH_VERBS and minds_watch if e.actor == WATCH else e.actor != actor.name)
    ]  # fmt: skip
    if done:
        raise Conflict(done)


def _values(alert: Alert, record: str, done: Work, seq: int) -> dict[str, Any]:
    vessel = alert.vessel
    words = [alert.id, vessel.name, vessel.mmsi or "", vessel.imo or "", vessel.callsign, alert.kind]
    words += [w for a in alert.assets for w in (a.id, a.name)] + [alert.explanation]
    return {
        "level": alert.level,
        "rank": LEVELS.index(alert.level),
        "kind": alert.kind,
        "status": alert.status,
        "mmsi": vessel.mmsi,
        "raised_us": alert.raised_us,
        "state": done.state,
        "seq": seq,
        "words": str(without_nan(" ".join(map(str, words)))).casefold(),
        "record": record,
        "work": json_line(done.as_dict()),
    }


def _set_assets(connection: Connection, before: Alert | None, alert: Alert) -> None:
    now, was = {a.id for a in alert.assets}, set() if before is None else {a.id for a in before.assets}
    if was - now:
        gone = alert_assets.c.asset.in_(was - now)
        connection.execute(delete(alert_assets).where(alert_assets.c.alert_id == alert.id, gone))
    if now - was:
        connection.execute(insert(alert_assets), [{"asset": a, "alert_id": alert.id} for a in sorted(now - was)])
