"""Cues: words that carry meaning, found by one look-up a word, in all forms of a verb and both numbers of a noun."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from anchorwatch.desk.tokens import fold

WORD = re.compile(r"[^\W_]+|[,;:()“”\"«»\u2013\u2014.!?]")
_ASCII_WORD = re.compile(r"[a-z0-9]+|[,;:()\".!?]")  # the same of most texts in small letters, faster
FORMS = ("base", "s", "past", "ing", "noun", "word")
_OPENS = frozenset('.!?"“:')
_BEFORE_MONTH = frozenset({
    "in", "of", "since", "until", "till", "by", "from", "to", "last", "next", "this", "early", "late", "mid", "on",
    "end", "before", "after", "and", "during", "for", "the", "a",
})  # fmt: skip
VERBS = frozenset({"base", "s", "past", "ing"})
DETERMINERS = frozenset({"a", "an", "the", "this", "its", "their", "his", "her", "no", "any"})  # no verb stands behind
BASE = frozenset({"base"})
NOTHING = ("not_", "r_not_")
VOWELS = frozenset("aeiou")
_new = tuple.__new__  # half the time of Token(...)


class Token(NamedTuple):
    """A word or a mark, in lower case, and where it stands in the text."""

    text: str
    start: int
    end: int


_token = partial(_new, Token)


class Cue(NamedTuple):
    """A group of words found in a sentence: from the token `first` up to and with `last`."""

    first: int
    last: int
    form: str  # of FORMS


Found = dict[str, list[Cue]]  # by group, in order
Meanings = tuple[tuple[str, str], ...]  # (group, form)


class Entry(NamedTuple):
    """A phrase of a lexicon, by what follows its second word."""

    rest: tuple[str, ...]
    more: int  # words after the first
    meanings: Meanings
    nothing: bool  # it takes the meaning from its words
    noun: bool


Lexicon = dict[str, tuple[Meanings, dict[str, list[Entry]] | None]]  # by first word: alone; in phrases by second word


def tokens_of(text: str) -> list[Token]:
    """Return the words and marks of a text; a genitive 's is left out."""
    plain = text.isascii()
    found = list(_ASCII_WORD.finditer(text.lower()) if plain else WORD.finditer(text))
    if "'" in text or "\u2019" in text:
        found = [match for match in found if not _is_genitive(text, match)]
    words = [match[0] if plain else fold(match[0]) for match in found]
    starts, ends = [match.start() for match in found], [match.end() for match in found]
    for i in range(1, len(words)) if "may" in words else ():
        if words[i] == "may" and text[starts[i]] == "M" and _is_month(text, words[i - 1], ends[i]):
            words[i] = "may (month)"  # never a cue
    return list(map(_token, zip(words, starts, ends, strict=True)))


def _is_genitive(text: str, match: re.Match[str]) -> bool:
    """Return whether a word is the s behind an apostrophe."""
    start = match.start()
    return match[0] in "sS" and start > 0 and text[start - 1] in "'\u2019"


def _is_month(text: str, before: str, end: int) -> bool:
    """Return whether "May" behind a word is the month: in headlines "Putin and Trump May Meet", it is none."""
    if before in _OPENS or text[end - 1] == "Y":
        return False
    following = text[end : end + 2].strip()
    return not following.isalpha() or following.islower() or before in _BEFORE_MONTH or before.isdigit()


def verb_forms(verb: str, irregular: Mapping[str, str]) -> dict[str, str]:
    """Return every form of a verb or of a phrase that begins with one, with the name of the form."""
    head, _, rest = verb.partition(" ")
    tail = f" {rest}" if rest else ""
    forms = {f"{head}ing": "ing", f"{head}s": "s"}
    if head.endswith("e") and not head.endswith("ee"):
        forms = {f"{head[:-1]}ing": "ing", f"{head}s": "s"}
    elif head.endswith(("s", "sh", "ch", "x", "z", "o")):
        forms = {f"{head}ing": "ing", f"{head}es": "s"}
    elif head.endswith("y") and head[-2:-1] not in VOWELS:
        forms = {f"{head}ing": "ing", f"{head[:-1]}ies": "s"}
    if _doubles(head):
        forms[f"{head}{head[-1]}ing"] = "ing"
    past = irregular.get(head)
    for word in past.split() if past is not None else _regular_past(head):
        forms[word] = "past"
    forms.setdefault(head, "base")
    if head == "be":
        forms = {"be": "base", "is": "s", "are": "base", "was": "past", "were": "past", "been": "past", "being": "ing"}
    return {word + tail: form for word, form in forms.items()}


def _doubles(verb: str) -> bool:
    """Return whether a verb may double its last letter: patrol, patrolled; stop, stopped."""
    return len(verb) > 2 and verb[-1] not in VOWELS | set("wxyh") and verb[-2] in VOWELS and verb[-3] not in VOWELS


def _regular_past(verb: str) -> list[str]:
    if verb.endswith("e"):
        return [f"{verb}d"]
    if verb.endswith("y") and verb[-2:-1] not in VOWELS:
        return [f"{verb[:-1]}ied"]
    return [f"{verb}ed", f"{verb}{verb[-1]}ed"] if _doubles(verb) else [f"{verb}ed"]


def noun_forms(noun: str) -> tuple[str, ...]:
    """Return a noun or phrase in singular and plural; in "act of sabotage" the plural is that of the first word."""
    head, of, rest = noun.partition(" of ")
    if head.endswith(("s", "sh", "ch", "x")):
        plural = f"{head}es"
    elif head.endswith("y") and head[-2:-1] not in VOWELS:
        plural = f"{head[:-1]}ies"
    else:
        plural = f"{head}s"
    return (noun, plural + of + rest)


def compiled(
    verbs: Mapping[str, Iterable[str]],
    nouns: Mapping[str, Iterable[str]],
    words: Mapping[str, Iterable[str]],
    irregular: Mapping[str, str],
) -> Lexicon:
    """Return one look-up of all groups by their first word."""
    meant: dict[tuple[str, ...], dict[tuple[str, str], None]] = {}

    def put(phrase: str, group: str, form: str) -> None:
        key = tuple(t.text for t in tokens_of(phrase))
        if key:
            meant.setdefault(key, {})[(group, form)] = None

    for group, members in words.items():
        for word in members:
            put(word, group, "word")
    for group, members in nouns.items():
        for noun in members:
            for phrase in noun_forms(noun):
                put(phrase, group, "noun")
    for group, members in verbs.items():
        for verb in members:
            for phrase, form in verb_forms(verb, irregular).items():
                put(phrase, group, form)
    return _by_first_word(meant)


def _by_first_word(meant: Mapping[tuple[str, ...], Mapping[tuple[str, str], None]]) -> Lexicon:
    alone: dict[str, Meanings] = {}
    phrases: dict[str, dict[str, list[Entry]]] = {}
    for key, meanings in sorted(meant.items(), key=lambda item: -len(item[0])):  # longer phrases first
        if len(key) == 1:
            alone[key[0]] = tuple(meanings)
        else:
            nothing = any(group.startswith(NOTHING) for group, _ in meanings)
            noun = any(form == "noun" for _, form in meanings)
            entry = Entry(key[2:], len(key) - 1, tuple(meanings), nothing, noun)
            phrases.setdefault(key[0], {}).setdefault(key[1], []).append(entry)
    return {first: (alone.get(first, ()), phrases.get(first)) for first in alone.keys() | phrases.keys()}


def cues_of(words: Sequence[str], lexicon: Lexicon) -> Found:
    """Return every group of the lexicon that is in the words, with its places in order."""
    found: Found = {}
    verbs_from = nothing_until = 0  # words inside a phrase that is a noun are no verbs; inside a "not_" phrase, nothing
    end = len(words) - 1
    for i, meant in enumerate(map(lexicon.get, words)):
        if meant is None:
            continue
        alone, phrases = meant
        if phrases is not None and i < end:
            for entry in phrases.get(words[i + 1], ()):
                last = i + entry.more
                if entry.more > 1 and tuple(words[i + 2 : last + 1]) != entry.rest:
                    continue
                if entry.nothing and last >= nothing_until:
                    nothing_until = last + 1
                if entry.noun and last >= verbs_from:
                    verbs_from = last + 1
                _put(found, entry.meanings, i, last)
        if alone and i >= nothing_until:
            if i < verbs_from or (i and words[i - 1] in DETERMINERS):
                alone = _nouns(alone, i < verbs_from)
            _put(found, alone, i, i)
    return found


def _put(found: Found, meanings: Meanings, first: int, last: int) -> None:
    for group, form in meanings:
        cue = _new(Cue, (first, last, form))
        if group in found:
            found[group].append(cue)
        else:
            found[group] = [cue]


def _nouns(meanings: Meanings, no_verb: bool) -> Meanings:
    """Return the meanings that a word has behind an article, or inside a phrase where it is `no_verb`."""
    return tuple(m for m in meanings if m[1] not in (VERBS if no_verb else BASE))


def nearest(cues: list[Cue], to: Cue, within: int, order: str) -> Cue | None:
    """Return the cue that stands nearest to another one, not over it; `order` says on which side."""
    at = bisect_left(cues, (to.first,))
    best: Cue | None = None
    best_gap = within + 1
    for i in range(max(0, at - 3), min(len(cues), at + 4)):  # three to each side: phrases that overlap it stand between
        cue = cues[i]
        if cue.first > to.last:
            gap = cue.first - to.last
            if order == "before":
                break
        elif cue.last < to.first:
            gap = to.first - cue.last
            if order == "after":
                continue
        else:
            continue
        if gap < best_gap:
            best, best_gap = cue, gap
    return best


@lru_cache(maxsize=4)
def read(text: str) -> tuple[tuple[Token, ...], tuple[str, ...]]:
    """Return the tokens of a text and their words; remembered for the next question on the same text."""
    tokens = tokens_of(text)
    return tuple(tokens), tuple([t.text for t in tokens])


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return read(text)[1]
