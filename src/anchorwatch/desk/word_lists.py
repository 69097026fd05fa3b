"""Lists of words, written as a line of text."""

from __future__ import annotations


def every(said: str) -> frozenset[str]:
    """Return the words of a line."""
    return frozenset(said.split())
