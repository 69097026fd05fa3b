"""Tables of the store. Times are int64 microseconds UTC; JSON is kept as text, as it was written."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

VERSION = 1  # of these tables; another version in the database is refused

metadata = MetaData()

BIG = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in an INTEGER key

meta = Table("meta", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))

alerts = Table(
    "alerts",
    metadata,
    Column("id", String, primary_key=True),
    Column("level", String, nullable=False),
    Column("rank", Integer, nullable=False),  # of the level: 0 caution .. 2 alarm
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("mmsi", BigInteger, nullable=False),
    Column("raised_us", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("seq", BigInteger, nullable=False),  # of its last event
    Column("words", Text, nullable=False),  # what a search looks in, in lower case
    Column("record", Text, nullable=False),  # anchorwatch.alert/1
    Column("work", Text, nullable=False),
    Index("alerts_by_raised", "raised_us", "id"),
    Index("alerts_by_state", "state", "raised_us"),
    Index("alerts_by_level", "rank", "raised_us", "id"),
    Index("alerts_by_change", "seq"),
    Index("alerts_by_vessel", "mmsi"),
)

alert_assets = Table(
    "alert_assets",
    metadata,
    Column("asset", String, primary_key=True),
    Column("alert_id", String, primary_key=True),
)

history = Table(
    "history",
    metadata,
    Column("seq", BIG, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),  # by the clock of this machine
    Column("alert_id", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("verb", String, nullable=False),
    Column("data", Text, nullable=False),
    Column("key", String, unique=True),  # of an action whose client chose one
    Index("history_by_alert", "alert_id", "seq"),
    Index("history_by_time", "at_us"),
    sqlite_autoincrement=True,  # a number is never given twice
)

revisions = Table(
    "revisions",
    metadata,
    Column("alert_id", String, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),  # of the event with which it was first shown so
    Column("record", Text, nullable=False),  # anchorwatch.alert/1
)

silences = Table(
    "silences",
    metadata,
    Column("id", String, primary_key=True),
    Column("until_us", BigInteger, nullable=False),
    Column("ended_us", BigInteger),
    Column("record", Text, nullable=False),
    Index("silences_by_end", "until_us"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=True),
    Column("event_seq", BigInteger, nullable=False),
    Column("alert_id", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("state", String, nullable=False),  # waiting, sending, sent, given_up
    Column("tries", Integer, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("next_us", BigInteger, nullable=False),
    Column("why", String, nullable=False),  # it failed the last time
    Column("perhaps_sent", Boolean, nullable=False),
    Index("outbox_by_state", "state", "next_us"),
    Index("outbox_by_alert", "alert_id"),
    sqlite_autoincrement=True,
)

progress = Table(
    "progress",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("data", Text, nullable=False),
)

APPEND_ONLY = ("history", "revisions")  # rows are never changed nor deleted: triggers see to it
