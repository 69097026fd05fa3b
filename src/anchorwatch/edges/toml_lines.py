"""On which line of a TOML text each key stands: `tomllib` reads the values and forgets the places.

The text has been read by `tomllib` before, so only what is valid TOML 1.0 is walked here.
"""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]  # of keys and of places in arrays, from 0: ("actor", 1, "steps", 0, "to")

BLANK = re.compile(r"[ \t]*")
SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")  # between the elements of an array, with comments
BARE = re.compile(r"[A-Za-z0-9_-]+")
SCALAR = re.compile(r"[^,\]}#\r\n]+")  # numbers, booleans, dates, also with a blank in them
STRINGS = (
    re.compile(r'"""(?:[^\\"]|\\.|"(?!""))*"{3,5}', re.DOTALL),  # one or two quotes may stand before the end
    re.compile(r"'''(?:[^']|'(?!''))*'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^\\"\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


def lines(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each key, table and element of a valid TOML text."""
    walk = _Walk(text)
    walk.document()
    return walk.found


class _Walk:
    """One pass over a text."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line, self.counted = text, 0, 1, 0
        self.found: dict[Path, int] = {}
        self.sizes: dict[Path, int] = {}  # elements of each array of tables so far

    def document(self) -> None:
        """Walk from header to header and from key to key."""
        table: Path = ()
        self._skip(SPACE)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(SPACE)

    def _header(self) -> Path:
        """Take `[a.b]` or `[[a.b]]`; return the path of the table it opens."""
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        keys = self._keys()
        self.at += 2 if array else 1
        path: Path = ()
        for number, key in enumerate(keys, 1):
            path = (*path, key)
            self._put(path)
            if array and number == len(keys):
                self.sizes[path] = self.sizes.get(path, 0) + 1
            if path in self.sizes:  # `[a.b]` after `[[a]]` is in the last of them
                path = (*path, self.sizes[path] - 1)
                self._put(path)
        return path

    def _pair(self, table: Path) -> None:
        """Take `a.b = value`."""
        path = table
        for key in self._keys():
            path = (*path, key)
            self._put(path)
        self.at += 1  # the equals sign
        self._skip(BLANK)
        self._value(path)

    def _keys(self) -> list[str]:
        """Take a dotted key and the blanks about it."""
        keys: list[str] = []
        while True:
            self._skip(BLANK)
            bare = BARE.match(self.text, self.at)
            if bare:
                keys.append(bare[0])
                self.at = bare.end()
            else:
                start = self.at
                self._string()
                keys += tomllib.loads(f"{self.text[start : self.at]} = 0")
            self._skip(BLANK)
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline(path)
        elif opening in "\"'":
            self._string()
        else:
            self._skip(SCALAR)

    def _array(self, path: Path) -> None:
        self.at += 1
        self._skip(SPACE)
        number = 0
        while self.text[self.at] != "]":
            self._put((*path, number))
            self._value((*path, number))
            number += 1
            self._skip(SPACE)
            if self.text[self.at] == ",":
                self.at += 1
                self._skip(SPACE)
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        self._skip(SPACE)  # newlines here are TOML 1.1; harmless
        while self.text[self.at] != "}":
            self._pair(path)
            self._skip(SPACE)
            if self.text[self.at] == ",":
                self.at += 1
                self._skip(SPACE)
        self.at += 1

    def _string(self) -> None:
        for kind in STRINGS:
            found = kind.match(self.text, self.at)
            if found:
                self.at = found.end()
                return
        raise ValueError(f"no string at {self.at}")

    def _skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self.text, self.at)
        if found:
            self.at = found.end()

    def _put(self, path: Path) -> None:
        """Remember the line of a path, once."""
        if path not in self.found:
            self.line += self.text.count("\n", self.counted, self.at)
            self.counted = self.at
            self.found[path] = self.line
