"""Who may come in and what they did: users, tokens, sessions and the audit, in the store of the watch."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Update, delete, insert, select, update

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.records import plain
from anchorwatch.edges.store import dialects, names, passwords
from anchorwatch.edges.store.base import Base
from anchorwatch.edges.store.people_tables import audit, people_metadata, sessions, tokens, users
from anchorwatch.errors import BadStore, BadUse

ROLES = ("viewer", "officer", "supervisor", "admin")
SCOPES = ("read", "work", "metrics", "admin")
_TOKEN = re.compile(r"aw_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
LOCAL = "local"  # the person at this machine, while there are no users

HOUR_US = 3_600_000_000
IDLE_US, LONGEST_US = 12 * HOUR_US, 24 * HOUR_US  # a watch is 4 to 12 hours; nobody stays in for two days
SEEN_EVERY_US = 60_000_000  # a session's last use is noted once a minute, not at each request
MOST_DAYS = 366  # a token is renewed at least once a year
READ_AGAIN_US = 600_000_000  # the same thing read again by the same person within ten minutes is the same reading


class User(NamedTuple):
    """One user, without the password."""

    name: str
    role: str
    made_us: int


class Token(NamedTuple):
    """One token, without its secret."""

    id: str
    user: str
    scopes: tuple[str, ...]
    made_us: int
    until_us: int


class Entry(NamedTuple):
    """One line of the audit."""

    seq: int
    at_us: int
    actor: str
    what: str
    about: str
    address: str


class People:
    """Users, tokens, sessions, audit. May be used from any thread."""

    def __init__(self, base: Base, clock: Clock) -> None:
        """Take the store; its tables for people are made where they are missing."""
        self._base, self._clock = base, clock
        self._recent: dict[tuple[str, str, str], int] = {}
        self._lock = threading.Lock()
        with base.writing() as link:
            people_metadata.create_all(link)
            dialects.keep_append_only(link, (audit.name,))

    # users

    def users(self) -> list[User]:
        """Return all users by name."""
        with self._base.reading() as link:
            rows = link.execute(select(users.c.name, users.c.role, users.c.made_us).order_by(users.c.name))
            return [User(*row) for row in rows]

    def any(self) -> bool:
        """Return whether there is a user at all."""
        with self._base.reading() as link:
            return link.execute(select(users.c.name).limit(1)).first() is not None

    def known(self, name: str) -> bool:
        """Return whether there is a user of this name."""
        with self._base.reading() as link:
            return link.execute(select(users.c.name).where(users.c.folded == names.folded(name))).first() is not None

    def add(self, name: str, role: str, password: str, by: str) -> None:
        """Add a user; BadUse where the name, the role or the password will not do."""
        name = names.checked(name)
        _check_role(role)
        kept, now = passwords.hashed(password, name), self._clock.now_us()
        with self._base.writing() as link:
            if link.execute(select(users.c.name).where(users.c.folded == names.folded(name))).first():
                raise BadUse("there is a user of this name", name, "See `anchorwatch users list`.")
            row = {"name": name, "folded": names.folded(name), "role": role, "password": kept}
            link.execute(insert(users).values(**row, made_us=now, changed_us=now))
            link.execute(delete(sessions).where(sessions.c.user.in_((name, LOCAL))))  # the local key ends here
            self._note(link, by, "user added", f"{name}, {role}")

    def remove(self, name: str, by: str) -> None:
        """Remove a user with all sessions and tokens; what they did stays."""
        with self._base.writing() as link:
            name = self._known(link, name)
            for table, column in ((users, users.c.name), (sessions, sessions.c.user), (tokens, tokens.c.user)):
                link.execute(delete(table).where(column == name))
            self._note(link, by, "user removed", name)

    def set_password(self, name: str, password: str, by: str) -> None:
        """Change a password; all sessions of the user end."""
        kept = passwords.hashed(password, name)
        with self._base.writing() as link:
            name = self._known(link, name)
            link.execute(_user_row(name).values(password=kept, changed_us=self._clock.now_us()))
            link.execute(delete(sessions).where(sessions.c.user == name))
            self._note(link, by, "password changed", name)

    def set_role(self, name: str, role: str, by: str) -> None:
        """Change a role; it holds at once, also for open sessions and tokens."""
        _check_role(role)
        with self._base.writing() as link:
            name = self._known(link, name)
            link.execute(_user_row(name).values(role=role, changed_us=self._clock.now_us()))
            self._note(link, by, "role changed", f"{name}, {role}")

    def check_password(self, name: str, password: str) -> User | None:
        """Return the user whose password this is. It takes as long for a name that nobody has."""
        with self._base.reading() as link:
            row = link.execute(select(users).where(users.c.folded == names.folded(name))).first()
        if not passwords.matches(row.password if row else None, password) or row is None:
            return None
        if passwords.outdated(row.password):
            with self._base.writing() as link:
                link.execute(_user_row(row.name).values(password=passwords.kept_form(password)))
        return User(row.name, row.role, row.made_us)

    # sessions

    def open_session(self, user: str) -> str:
        """Return what the cookie of a new session holds."""
        secret, now = secrets.token_urlsafe(32), self._clock.now_us()
        with self._base.writing() as link:
            link.execute(delete(sessions).where(sessions.c.made_us < now - LONGEST_US))
            link.execute(insert(sessions).values(id=digest(secret), user=user, made_us=now, seen_us=now))
        return secret

    def session(self, secret: str, *, use: bool = True) -> User | None:
        """Return whose session this is, with the role of today; None where it is over. `use` keeps it from idling."""
        now, key = self._clock.now_us(), digest(secret)
        with self._base.reading() as link:
            row = link.execute(select(sessions).where(sessions.c.id == key)).first()
            if row is None or now - row.seen_us > IDLE_US or now - row.made_us > LONGEST_US:
                return None
            found = link.execute(select(users).where(users.c.name == row.user)).first()
        if use and now - row.seen_us > SEEN_EVERY_US:
            # On a full disk the officers must still be able to look.
            with suppress(BadStore), self._base.writing() as link:
                link.execute(update(sessions).where(sessions.c.id == key).values(seen_us=now))
        if row.user == LOCAL:
            return User(LOCAL, "supervisor", row.made_us)
        return User(found.name, found.role, found.made_us) if found else None

    def close_session(self, secret: str) -> None:
        """End a session."""
        with self._base.writing() as link:
            link.execute(delete(sessions).where(sessions.c.id == digest(secret)))

    # tokens

    def make_token(self, user: str, scopes: Sequence[str], days: float, by: str) -> tuple[Token, str]:
        """Make a token; return it and its full text, which is shown once and kept nowhere."""
        if not scopes or not set(scopes) <= set(SCOPES):
            raise BadUse(f"a token has scopes among {', '.join(SCOPES)}", ", ".join(scopes))
        if not 0 < days <= MOST_DAYS:
            raise BadUse(f"a token is good for at most {MOST_DAYS} days", f"--days {days:g}")
        now, made, secret = self._clock.now_us(), secrets.token_hex(6), secrets.token_urlsafe(32)
        until = now + round(days * 24 * HOUR_US)
        with self._base.writing() as link:
            token = Token(made, self._known(link, user), tuple(sorted(set(scopes))), now, until)
            row = {**token._asdict(), "scopes": " ".join(token.scopes)}
            link.execute(insert(tokens).values(**row, secret=digest(secret)))
            self._note(link, by, "token made", f"{token.id} of {token.user}: {' '.join(token.scopes)}")
        return token, f"aw_{made}_{secret}"

    def token(self, text: str) -> tuple[User, Token] | None:
        """Return whose token this is and what it may; None where it is none, or over."""
        parts = _TOKEN.fullmatch(text)
        if parts is None:
            return None
        with self._base.reading() as link:
            row = link.execute(select(tokens).where(tokens.c.id == parts[1])).first()
            kept = row.secret if row else digest("")
            if not hmac.compare_digest(kept, digest(parts[2])) or row is None or row.until_us <= self._clock.now_us():
                return None
            user = link.execute(select(users).where(users.c.name == row.user)).first()
        return user and (User(user.name, user.role, user.made_us), _token(row))

    def tokens(self) -> list[Token]:
        """Return all tokens, without their secrets."""
        with self._base.reading() as link:
            return [_token(row) for row in link.execute(select(tokens).order_by(tokens.c.user, tokens.c.made_us))]

    def remove_token(self, token_id: str, by: str) -> None:
        """End a token by the part of it that may be shown."""
        with self._base.writing() as link:
            if link.execute(delete(tokens).where(tokens.c.id == plain(token_id))).rowcount == 0:
                raise BadUse("there is no such token", plain(token_id), "See `anchorwatch users list`.")
            self._note(link, by, "token removed", token_id)

    # audit

    def audit(self, actor: str, what: str, about: str = "", address: str = "") -> None:
        """Note for good that somebody did something."""
        with self._base.writing() as link:
            self._note(link, actor, what, about, address)

    def audit_reading(self, actor: str, what: str, about: str, address: str = "") -> None:
        """Note that somebody read something; within ten minutes the same reading is noted once."""
        now, key = self._clock.now_us(), (actor, what, about)
        with self._lock:
            if 0 <= now - self._recent.get(key, -READ_AGAIN_US) < READ_AGAIN_US:
                return
            if len(self._recent) >= 10_000:
                self._recent.clear()
        self.audit(actor, what, about, address)
        with self._lock:
            self._recent[key] = now

    def entries(self, after: int = 0, limit: int = 500) -> list[Entry]:
        """Return the audit after a sequence number, oldest first."""
        with self._base.reading() as link:
            rows = link.execute(select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(limit))
            return [Entry(*row) for row in rows]

    def last_entries(self, count: int) -> list[Entry]:
        """Return the last lines of the audit, oldest first."""
        with self._base.reading() as link:
            rows = link.execute(select(audit).order_by(audit.c.seq.desc()).limit(count))
            return [Entry(*row) for row in rows][::-1]

    def _note(self, link: Connection, actor: str, what: str, about: str, address: str = "") -> None:
        row = {"actor": plain(actor)[:128], "what": plain(what)[:64], "about": plain(about)[:2000]}
        link.execute(insert(audit).values(**row, at_us=self._clock.now_us(), address=plain(address)[:64]))

    def _known(self, link: Connection, name: str) -> str:
        row = link.execute(select(users.c.name).where(users.c.folded == names.folded(name))).first()
        if row is None:
            raise BadUse("there is no such user", plain(name), "See `anchorwatch users list`.")
        return str(row.name)


def digest(secret: str) -> str:
    """Return the SHA-256 of a random secret, in hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise BadUse(f"a role is one of {', '.join(ROLES)}", plain(role))


def _user_row(name: str) -> Update:
    return update(users).where(users.c.name == name)


def _token(row: Row[Any]) -> Token:
    return Token(row.id, row.user, tuple(row.scopes.split()), row.made_us, row.until_us)
