"""One database, one writer at a time, readers from any thread."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Self

from sqlalchemy import Connection, Engine, insert, select

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.records import json_line, plain
from anchorwatch.edges.store import dialects, tables
from anchorwatch.errors import BadStore
from anchorwatch.judgement.work import Event

try:
    import fcntl
except ImportError:  # not on Windows: there two watches on one folder are not noticed
    fcntl = None  # type: ignore[assignment]


IN_USE = "another watch runs on this data"
Held = IO[bytes] | Connection  # whatever lets go of the lock when it is closed


class Base:
    """Opens, locks and closes the database; the parts of the store build on it."""

    def __init__(self, engine: Engine, clock: Clock, where: str, held: Held | None) -> None:
        """Take what `opened` made."""
        self.engine, self.clock, self.where = engine, clock, where
        self._held = held  # the lock that keeps a second watch out
        self._lock = threading.RLock()
        self._connection: Connection | None = None  # of the transaction that is open for writing
        self._writer: int | None = None  # thread that writes

    @classmethod
    def open(cls, where: str | Path, clock: Clock, *, alone: bool = True) -> Self:
        """Open or make a database: a file, a folder (its store.sqlite) or a URL.

        alone: nobody else may open it so: a second watch on the same data is refused. A command that works beside
        the watch says False. BadStore with one clear line where it is in use, damaged or of another version.
        """
        file = dialects.sqlite_file(where)
        shown = str(file) if file is not None else "the database server"
        if file is not None and not file.parent.is_dir():
            raise BadStore("the folder does not exist", str(file.parent), "Make it first.")
        try:
            with ExitStack() as undone:  # where anything fails, nothing stays open or locked
                held: Held | None = _hold(file) if alone and file is not None else None
                undone.callback(_let_go, held)
                engine = dialects.engine_of(where)
                undone.callback(engine.dispose)
                if alone and file is None:
                    held = dialects.hold_server(engine)
                    undone.callback(held.close)
                _prepare(engine, shown, check=alone)
                store = cls(engine, clock, shown, held)
                if alone:
                    store._taken_up()
                undone.pop_all()
        except dialects.FAILURES as error:
            raise dialects.in_words(error, shown) from error
        return store

    def close(self) -> None:
        """Close it; what was written is on disk already."""
        with self._lock:
            _let_go(self._held)
            self.engine.dispose()
            self._held = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, one writer at a time: all of it is kept, or nothing. Inside another, it is part of that."""
        with self._lock:
            if self._connection is not None:
                yield self._connection
                return
            try:
                with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                    self._connection, self._writer = connection, threading.get_ident()
                    yield connection
            except dialects.FAILURES as error:
                raise dialects.in_words(error, self.where) from error
            finally:
                self._connection = self._writer = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One reader's view of the database, from any thread; writers do not disturb it.

        Whoever writes sees what it has written so far.
        """
        if self._writer == threading.get_ident() and self._connection is not None:
            yield self._connection
            return
        try:
            with self.engine.connect() as connection:
                yield connection
        except dialects.FAILURES as error:
            raise dialects.in_words(error, self.where) from error

    def _taken_up(self) -> None:
        """Put in order what a killed process left; called once when the watch opens its store."""

    def _write_down(
        self, connection: Connection, alert_id: str, actor: str, verb: str, data: Mapping[str, Any],
        at_us: int, key: str = "",
    ) -> Event:  # fmt: skip
        """Add one line to the history."""
        row: dict[str, Any] = {
            "at_us": at_us, "recorded_us": self.clock.now_us(), "alert_id": alert_id, "actor": plain(actor),
            "verb": verb, "data": json_line(data), "key": key or None,
        }  # fmt: skip
        key_of = connection.execute(insert(tables.history).values(**row)).inserted_primary_key
        assert key_of is not None
        return Event(int(key_of[0]), at_us, alert_id, row["actor"], verb, json.loads(row["data"]))


def _prepare(engine: Engine, shown: str, *, check: bool) -> None:
    """Make the tables where there are none; refuse another version's, and (`check`) a damaged database."""
    with engine.connect() as connection:
        damage = dialects.check_sound(connection) if check else ""
    if damage:
        raise BadStore(f"the database is damaged ({plain(damage)[:200]})", shown, dialects.DAMAGED)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        tables.meta.create(connection, checkfirst=True)
        version = connection.execute(select(tables.meta.c.value).where(tables.meta.c.name == "version")).scalar()
        if version is not None and version != str(tables.VERSION):
            raise BadStore(
                f"the database is of version {plain(version)[:20]}, this program knows {tables.VERSION}",
                shown,
                "Use the program that made it, or another folder.",
            )
        tables.metadata.create_all(connection)
        dialects.keep_append_only(connection, tables.APPEND_ONLY)
        if version is None:
            connection.execute(insert(tables.meta).values(name="version", value=str(tables.VERSION)))


def _hold(file: Path) -> IO[bytes] | None:
    """Lock the database for this process; the lock goes with the process, however it ends."""
    lock = file.with_name(file.name + ".lock")
    try:
        held = lock.open("ab")
    except OSError as error:
        raise BadStore(f"cannot write ({error.strerror})", str(lock.parent), "Choose another folder.") from error
    try:
        if fcntl is not None:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        raise BadStore(IN_USE, str(file), "End it first, or use another folder.") from error
    os.truncate(held.fileno(), 0)
    held.write(f"{os.getpid()}\n".encode())
    held.flush()
    return held


def _let_go(held: Held | None) -> None:
    if held is not None:
        held.close()
