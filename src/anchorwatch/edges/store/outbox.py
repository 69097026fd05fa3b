"""Letters to be sent: made in the transaction that makes them due, kept until they are sent or given up."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, Row, Select, insert, select, update

from anchorwatch.edges.records import plain
from anchorwatch.edges.store.base import Base
from anchorwatch.edges.store.tables import outbox
from anchorwatch.judgement.work import WATCH, Event

WAITING, SENDING, SENT, GIVEN_UP = "waiting", "sending", "sent", "given_up"
MOST_WHY = 500  # characters kept of why a letter could not be sent


class Letter(NamedTuple):
    """One event to be told on one channel."""

    id: int
    event_seq: int
    alert_id: str
    channel: str
    tries: int  # begun so far
    next_us: int  # not before
    state: str = WAITING
    made_us: int = 0
    why: str = ""  # it failed the last time
    perhaps_sent: bool = False  # a try was cut off: it may have arrived, and the next one says so


_COLUMNS = [outbox.c[name] for name in Letter._fields]


class Outbox(Base):
    """What is to be sent, and what became of it."""

    def due(self, now_us: int, limit: int = 100) -> list[Letter]:
        """Letters to be sent now, oldest first; those being sent are not among them."""
        chosen = select(*_COLUMNS).where(outbox.c.state == WAITING, outbox.c.next_us <= now_us)
        return self._letters(chosen.order_by(outbox.c.id).limit(limit))

    def letters(self, *, alert_id: str | None = None, state: str | None = None, limit: int = 500) -> list[Letter]:
        """Letters of an alert or in a state, newest first."""
        chosen = select(*_COLUMNS).order_by(outbox.c.id.desc()).limit(limit)
        if alert_id is not None:
            chosen = chosen.where(outbox.c.alert_id == alert_id)
        return self._letters(chosen if state is None else chosen.where(outbox.c.state == state))

    def sending(self, letter_id: int) -> None:
        """Note, before it is sent, that it is: if the process dies now, it may have arrived."""
        with self.writing() as connection:
            connection.execute(
                update(outbox).where(outbox.c.id == letter_id).values(state=SENDING, tries=outbox.c.tries + 1)
            )

    def sent(self, letter_id: int) -> Event:
        """Note that it was sent; the history says so."""
        with self.writing() as connection:
            letter = _one(connection, letter_id)
            connection.execute(update(outbox).where(outbox.c.id == letter_id).values(state=SENT, why=""))
            data = {"channel": letter.channel, "event": letter.event_seq, "perhaps_before": letter.perhaps_sent}
            return self._write_down(connection, letter.alert_id, WATCH, "notified", data, self.clock.now_us())

    def failed(self, letter_id: int, why: str, next_us: int | None, *, perhaps_sent: bool = False) -> Event | None:
        """Note that it was not sent, and when to try again; None gives up, and the history says so.

        perhaps_sent: nobody knows whether it arrived (no answer came in time).
        """
        why = plain(why)[:MOST_WHY]
        with self.writing() as connection:
            letter = _one(connection, letter_id)
            values: dict[str, object] = {"state": GIVEN_UP if next_us is None else WAITING, "why": why}
            values |= {"next_us": letter.next_us if next_us is None else next_us}
            values |= {"perhaps_sent": letter.perhaps_sent or perhaps_sent}
            connection.execute(update(outbox).where(outbox.c.id == letter_id).values(**values))
            if next_us is not None:
                return None
            data = {"channel": letter.channel, "event": letter.event_seq, "why": why, "tries": letter.tries}
            return self._write_down(connection, letter.alert_id, WATCH, "not_notified", data, self.clock.now_us())

    def _post(self, connection: Connection, event: Event, channels: list[str]) -> None:
        """Put a letter for each channel into the outbox, in the transaction of the event."""
        now_us = self.clock.now_us()
        rows = [
            {
                "event_seq": event.seq, "alert_id": event.alert_id, "channel": channel, "state": WAITING, "tries": 0,
                "made_us": now_us, "next_us": now_us, "why": "", "perhaps_sent": False,
            }
            for channel in dict.fromkeys(channels)
        ]  # fmt: skip
        if rows:
            connection.execute(insert(outbox), rows)

    def _taken_up(self) -> None:
        """What was being sent when the process ended is sent again, and says that it may have been before."""
        with self.writing() as connection:
            cut_off = update(outbox).where(outbox.c.state == SENDING)
            connection.execute(cut_off.values(state=WAITING, perhaps_sent=True))

    def _letters(self, chosen: Select[tuple[object, ...]]) -> list[Letter]:
        with self.reading() as connection:
            return [_letter(row) for row in connection.execute(chosen)]


def _one(connection: Connection, letter_id: int) -> Letter:
    return _letter(connection.execute(select(*_COLUMNS).where(outbox.c.id == letter_id)).one())


def _letter(row: Row[tuple[object, ...]]) -> Letter:
    return Letter._make(row)
