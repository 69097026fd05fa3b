"""What is different from one database to the next: how it is opened, locked and kept append-only. Nothing else is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError, OperationalError

from anchorwatch.edges.records import plain
from anchorwatch.errors import BadStore, BadUse

FILE_NAME = "store.sqlite"  # in the folder of a watch's data
BUSY_MS = 10_000  # another process (`anchorwatch users`) may hold the database for a moment
SERVER_LOCK = 0x416E63686F72  # "Anchor"
IN_USE = ("another watch runs on this data", "the database server", "End it first, or use another database.")
MOST_SAID = 300  # characters of what a database says of its failure
KNOWN = "Give a path, sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME."


def sqlite_file(where: str | Path) -> Path | None:
    """Return the file that a path or URL names; None where the database is a server. A folder holds store.sqlite."""
    text_of = str(where)
    if isinstance(where, str) and "://" in text_of:
        if not text_of.startswith("sqlite:///"):
            return None
        where = text_of.removeprefix("sqlite:///")
    path = Path(where)
    return path / FILE_NAME if path.is_dir() else path


def engine_of(where: str | Path) -> Engine:
    """Return the engine of a path or URL. BadUse where it cannot be one, BadStore where it cannot be opened."""
    path = sqlite_file(where)
    if path is not None:
        return _sqlite(path)
    try:
        engine = create_engine(str(where), pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:  # never show the URL: it may carry a password
        raise BadUse("this database URL cannot be used, or its driver is not installed", "", KNOWN) from error
    if engine.dialect.name != "postgresql":
        raise BadUse(f"databases of the kind {engine.dialect.name} are not known", "", KNOWN)
    return engine


def _sqlite(path: Path) -> Engine:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # names, notes and hashes of passwords are in it
    # As many readers as ask at once: the watch never waits for one of theirs.
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_MS / 1000}, max_overflow=-1)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, see _on_begin
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # what was acknowledged survives a power cut
    cursor.execute("PRAGMA trusted_schema=OFF")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def hold_server(engine: Engine) -> Connection:
    """Lock a server's database for this process, as long as the connection that is returned lives."""
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": SERVER_LOCK}).scalar_one():
        connection.close()
        raise BadStore(*IN_USE)
    return connection


def check_sound(connection: Connection) -> str:
    """Return what is damaged in the database, "" where nothing is."""
    if connection.dialect.name != "sqlite":
        return ""
    found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    return "" if found == "ok" else str(found)


def keep_append_only(connection: Connection, names: Iterable[str]) -> None:
    """Let the database itself refuse to change or delete rows of these tables."""
    for name in names:
        for statement in _SQL[connection.dialect.name]:
            connection.exec_driver_sql(statement.format(table=name))


def in_words(error: exc.SQLAlchemyError | sqlite3.Error | OSError, where: str) -> BadStore:
    """Return the one clear line for an error of the database."""
    said = plain(str(getattr(error, "orig", error)))[:MOST_SAID] or "unknown error"
    if "full" in said or "No space" in said:
        return BadStore("the disk is full", where, "Make room; nothing that was acknowledged is lost.")
    if isinstance(error, OperationalError) and "locked" in said:
        return BadStore("the database is held by another process", where, "Wait or end that process.")
    if "malformed" in said or "not a database" in said or "corrupt" in said or "disk image" in said:
        return BadStore("the database is damaged", where, DAMAGED)
    what = "cannot write" if "readonly" in said or "read-only" in said else "the database failed"
    return BadStore(f"{what} ({said})", where, "See that the disk works and may be written.")


DAMAGED = "Put it aside and start anew: recent alerts come again from the raw log; what people did is only in a backup."
FAILURES = (DatabaseError, DBAPIError, exc.TimeoutError, sqlite3.Error, OSError)

_SQL = {
    "sqlite": tuple(
        f"CREATE TRIGGER IF NOT EXISTS {{table}}_no_{verb} BEFORE {verb.upper()} ON {{table}} "
        "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        for verb in ("update", "delete")
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION anchorwatch_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
        "CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION anchorwatch_append_only()",
    ),
}
