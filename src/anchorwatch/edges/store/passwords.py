"""Passwords: what counts as one, and how it is kept."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from anchorwatch.errors import BadUse

# NIST SP 800-63B-4: at least 15 characters where a password stands alone, at least 64 allowed, no rules on kinds of
# characters. We ask for 12: the watch is local, and guessing is slowed down.
LEAST, MOST = 12, 256

# argon2id as in RFC 9106, second recommendation (64 MiB, 3 passes), but in one lane: a guess costs as much, and a flood
# of logins takes one core from the watch, not four. One at a time: a hash takes its 64 MiB and some 0.1 s.
_turns = threading.Lock()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=64 << 10, parallelism=1)


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")


def hashed(password: str, name: str) -> str:
    """Return what to keep of a new password; BadUse where it is none."""
    text = unicodedata.normalize("NFKC", password)
    if not LEAST <= len(text) <= MOST:
        raise BadUse(f"a password has {LEAST} to {MOST} characters", next_step="Four words in a row are a good one.")
    if len(set(text)) < 5 or name.casefold() in text.casefold():
        raise BadUse("this password is easy to guess", next_step="Four words in a row are a good one.")
    return kept_form(password)


def kept_form(password: str) -> str:
    """Return what to keep of a password, whatever it is."""
    with _turns:
        return _hasher().hash(_bytes(password))


def matches(kept: str | None, password: str) -> bool:
    """Return whether this is the password; takes as long where there is no such user (`kept` None)."""
    try:
        with _turns:
            right = _hasher().verify(kept if kept is not None else _nobodys(), _bytes(password[:MOST]))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None and len(password) <= MOST


def _bytes(password: str) -> bytes:
    """Return the same bytes however the letters were composed; of broken text, too."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def outdated(kept: str) -> bool:
    """Return whether a password was kept with other costs than those of today."""
    return _hasher().check_needs_rehash(kept)
