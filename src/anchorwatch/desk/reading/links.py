"""Links and names as feeds give them: text of strangers, kept only where it is what it should be."""

from __future__ import annotations

import re

from anchorwatch.desk.reading.html_text import plain_text

MOST_LINK, MOST_NAME = 2000, 120  # characters
# No user and password, no blank, nothing that is not printed.
_LINK = re.compile(
    r"https?://(?![^/?#]*@)[^\s/?#<>\"\\^`{|}\x00-\x20\x7f-\xa0][^\s<>\"\\^`{|}\x00-\x20\x7f-\xa0]*", re.I
)
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][A-Za-z0-9]{1,8}){0,3}", re.I)
_NAMES = {
    "arabic": "ar", "bulgarian": "bg", "chinese": "zh", "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl",
    "english": "en", "estonian": "et", "finnish": "fi", "french": "fr", "german": "de", "greek": "el",
    "hungarian": "hu", "italian": "it", "japanese": "ja", "korean": "ko", "latvian": "lv", "lithuanian": "lt",
    "norwegian": "no", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru", "slovak": "sk",
    "slovenian": "sl", "spanish": "es", "swedish": "sv", "turkish": "tr", "ukrainian": "uk",
}  # fmt: skip


def link(said: object) -> str | None:
    """Return a link that a browser may be given; None for anything else (javascript:, file:, users in it)."""
    if not isinstance(said, str) or len(said) > MOST_LINK:
        return None
    said = said.strip()
    return said if said.isprintable() and _LINK.fullmatch(said) else None


def name(said: object) -> str | None:
    """Return the name of a medium on one line."""
    return (plain_text(said[: 4 * MOST_NAME])[:MOST_NAME] or None) if isinstance(said, str) else None


def language(said: object) -> str | None:
    """Return the ISO 639-1 code of "en-GB" or "Russian"; None where it says nothing."""
    if not isinstance(said, str):
        return None
    code = _LANGUAGE.fullmatch(said.strip())
    return code[1].lower() if code else _NAMES.get(said.strip().lower())
