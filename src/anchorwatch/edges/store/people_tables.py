"""Tables of who may come in: users, tokens, sessions, and the audit that only grows."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, String, Table, Text

from anchorwatch.edges.store.tables import BIG

people_metadata = MetaData()

users = Table(
    "users",
    people_metadata,
    Column("name", String(64), primary_key=True),
    Column("folded", String(128), nullable=False, unique=True),  # the same name in other letters is the same user
    Column("role", String(16), nullable=False),
    Column("password", Text, nullable=False),  # argon2id, with its salt and its costs
    Column("made_us", BigInteger, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
)

tokens = Table(
    "tokens",
    people_metadata,
    Column("id", String(16), primary_key=True),  # the part of a token that may be shown
    Column("secret", String(64), nullable=False),  # SHA-256 of the rest: 256 random bits need no slow hash
    Column("user", String(64), nullable=False, index=True),
    Column("scopes", String(64), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    people_metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of what the cookie holds
    Column("user", String(64), nullable=False, index=True),
    Column("made_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
)

audit = Table(
    "audit",
    people_metadata,
    Column("seq", BIG, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False, index=True),
    Column("actor", String(128), nullable=False),
    Column("what", String(64), nullable=False),
    Column("about", Text, nullable=False),
    Column("address", String(64), nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice
)
