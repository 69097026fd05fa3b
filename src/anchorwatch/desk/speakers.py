"""Who says it: "X said", "according to X", "X: ..."; None where the report itself says it."""

from __future__ import annotations

from collections.abc import Sequence

from anchorwatch.desk.cues import Cue, Found, Token
from anchorwatch.desk.places import Named, name_of

REACH = 9  # words between a speaker and the verb: "Robert Fico, prime minister of Slovakia, said"
KINDS = ("person", "organisation", "country", "force")
ANONYMOUS_REACH = 4  # words before "diplomat" that belong to it: "a senior EU diplomat"
STOPS = frozenset(
    {
        ",",
        ";",
        ":",
        ".",
        "(",
        ")",
        "“",
        "”",
        '"',
        "\u2013",
        "—",
        "that",
        "and",
        "but",
        "which",
        "according",
        "to",
        "while",
    }
)


def speaker_of(text: str, tokens: Sequence[Token], names: Sequence[Named], found: Found) -> str | None:
    """Return who says what a sentence says: a name, or the words for somebody unnamed."""
    for cue in found.get("according", ()):
        said = _named_after(names, cue) or _unnamed(text, tokens, found, cue.last + 1, cue.last + 8)
        if said:
            return said
    for cue in found.get("state", ()):
        if cue.form == "ing":
            continue
        said = _subject(text, tokens, names, found, cue)
        if said:
            return said
    return _before_colon(tokens, names)


def _named_after(names: Sequence[Named], cue: Cue) -> str | None:
    near = [n for n in names if cue.last < n.first <= cue.last + REACH and n.entity.type in KINDS]
    person = next((n for n in near if n.entity.type == "person"), None)
    chosen = person or max(near, key=lambda n: (-n.first, n.last), default=None)  # the ministry, not its country
    return name_of(chosen.entity) if chosen else None


def _subject(text: str, tokens: Sequence[Token], names: Sequence[Named], found: Found, cue: Cue) -> str | None:
    """Return who is the subject of a verb of speech: before it, or after it where a comma or a quote parts them."""
    if any(n.last == cue.first - 1 and _owns(text, tokens, n) for n in names):
        return None  # "NATO's calls": a noun
    behind = cue.first and tokens[cue.first - 1].text in ',"”'
    if behind:
        said = _named_after(names, cue) or _unnamed(text, tokens, found, cue.last + 1, cue.last + 6)
        if said:
            return said
    start = max(
        [0, *(b.last + 1 for b in found.get("background", ()) if b.last < cue.first and b.last + 1 < cue.first)]
    )
    before = [n for n in names if max(start, cue.first - REACH) <= n.last < cue.first and n.entity.type in KINDS]
    for kind in KINDS:
        chosen = next((n for n in reversed(before) if n.entity.type == kind), None)
        holder = _office(text, tokens, found, chosen) if chosen is not None and kind != "person" else None
        if holder:
            return holder
        if chosen is not None and (kind == "person" or not _role_between(found, chosen.last, cue.first)):
            return name_of(chosen.entity)
    return _unnamed(text, tokens, found, max(start, cue.first - 6), cue.first)


def _owns(text: str, tokens: Sequence[Token], named: Named) -> bool:
    """Return whether a name is a genitive."""
    return text[tokens[named.last].end :][:2] in ("'s", "\u2019s")


def _office(text: str, tokens: Sequence[Token], found: Found, named: Named) -> str | None:
    """Return the words for the holder of an office that stands before a name: "the minister of Latvia"."""
    for role in found.get("unnamed", ()):
        if role.last + 1 < named.first <= role.last + 3 and tokens[role.last + 1].text in ("of", "in"):
            first = role.first - 1 if role.first and tokens[role.first - 1].text in ("the", "a") else role.first
            return text[tokens[first].start : tokens[named.last].end]
    return None


def _role_between(found: Found, after: int, before: int) -> bool:
    return any(after < c.first < before for c in found.get("unnamed", ()))


def _unnamed(text: str, tokens: Sequence[Token], found: Found, first: int, end: int) -> str | None:
    """Return the words for somebody unnamed between two words: "EU diplomats", "the Foreign Ministry spokesperson"."""
    roles = [c for c in found.get("unnamed", ()) if first <= c.first < end]
    if not roles:
        return None
    role = roles[-1] if len(roles) > 1 and roles[-1].first == roles[-2].last + 1 else roles[0]
    left = role.first
    while left > 0 and role.first - left < ANONYMOUS_REACH and tokens[left - 1].text not in STOPS:
        left -= 1
    last = min(role.last, len(tokens) - 1)
    return text[tokens[left].start : tokens[last].end]


def _before_colon(tokens: Sequence[Token], names: Sequence[Named]) -> str | None:
    """Return the speaker of "Tusk: we shall ..."."""
    for named in names:
        colon = named.last <= 5 and named.last + 1 < len(tokens) and tokens[named.last + 1].text == ":"
        if colon and named.entity.type in KINDS:
            return name_of(named.entity)
    return None
