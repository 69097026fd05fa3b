"""Tables of who may come in: users, tokens, sessions, and the audit that only grows."""

from __future__ import annotations

from sqlalchemy import DDL, BigInteger, Column, Integer, MetaData, String, Table, Text, event

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
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False, index=True),
    Column("actor", String(128), nullable=False),
    Column("what", String(64), nullable=False),
    Column("about", Text, nullable=False),
    Column("address", String(64), nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice
)

for verb in ("UPDATE", "DELETE"):
    event.listen(
        audit,
        "after_create",
        DDL(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END"
        ).execute_if(dialect="sqlite"),
    )
    event.listen(
        audit,
        "after_create",
        DDL(f"CREATE RULE audit_no_{verb.lower()} AS ON {verb} TO audit DO INSTEAD NOTHING").execute_if(
            dialect="postgresql"
        ),
    )
