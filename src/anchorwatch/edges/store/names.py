"""Names of users: readable in a log, a page and a history, and not to be taken for one another."""

from __future__ import annotations

import unicodedata

from anchorwatch.edges.records import plain
from anchorwatch.errors import BadUse

MOST = 64
_BESIDE = frozenset(" .'@_-")  # what a name may hold beside letters, marks and digits
_TAKEN = frozenset({"local", "watch", "nobody", "anonymous", "system"})  # actors that are no users


def checked(name: str) -> str:
    """Return the name in its normal form; BadUse where it will not do."""
    text = unicodedata.normalize("NFC", name)
    wrong = [c for c in text if c not in _BESIDE and unicodedata.category(c)[0] not in "LNM"]
    if wrong or text != text.strip() or "  " in text or not 1 <= len(text) <= MOST or not text[0].isalnum():
        what = f"a user name has 1 to {MOST} letters or digits, with single blanks and . ' @ _ - between"
        raise BadUse(what, plain(name[: 2 * MOST]))
    if folded(text) in _TAKEN:
        raise BadUse("this name is kept for the watch itself", text, "Choose another.")
    return text


def folded(name: str) -> str:
    """Return the form in which two names are the same; of what is no name, one that no user has."""
    return plain(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name[: 2 * MOST]).casefold()))[: 2 * MOST]
