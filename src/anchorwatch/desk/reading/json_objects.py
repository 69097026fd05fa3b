"""JSON of strangers: whole, cut short, or with the faults that are seen in the wild."""

from __future__ import annotations

import json
import re
from typing import Any

_FAULTY = re.compile(r'\\(?:\'|(?![\\"/bfnrtu]))')
_DECODER = json.JSONDecoder(strict=False)  # line ends inside texts are let through
MOST_OBJECTS = 10_000


def document(text: str) -> Any:
    """Return a JSON document; None where it is none. A stray backslash in it is read as one."""
    for tried in (text, _mended(text)):
        try:
            return _DECODER.decode(tried)
        except (ValueError, RecursionError):
            continue
    return None


def _mended(text: str) -> str:
    """Return JSON whose stray backslashes are letters, and which quotes no apostrophe."""
    return _FAULTY.sub(lambda m: m[0][1:] if m[0] == "\\'" else "\\\\", text)


def members(text: str, name: str) -> list[dict[str, Any]]:
    """Return the objects of the list called `name` in a document that was cut short, as many as are whole."""
    start = re.search(rf'"{name}"\s*:\s*\[', text)
    found: list[dict[str, Any]] = []
    if start is None:
        return found
    text = _mended(text[start.end() :])
    at = 0
    while len(found) < MOST_OBJECTS and (at := text.find("{", at)) >= 0:
        try:
            one, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        if isinstance(one, dict):
            found.append(one)
    return found


def objects(record: Any, name: str) -> list[dict[str, Any]]:
    """Return the objects of a list in a JSON object; none where there is no such list."""
    listed = record.get(name) if isinstance(record, dict) else None
    return [one for one in listed if isinstance(one, dict)][:MOST_OBJECTS] if isinstance(listed, list) else []
