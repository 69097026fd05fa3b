"""Bytes to text: UTF-8 as it should be; UTF-16 and the code pages of Windows as they are guessed."""

from __future__ import annotations

import codecs
import re

from anchorwatch.desk.reading.about import Tally

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_PAIR = re.compile(rb"[\xc0-\xff\xa8\xb8]{2}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_PROBE = 4096


def decoded(data: bytes, tally: Tally) -> str:
    """Return the text of a file; what is not clean UTF-8 is counted."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return clean(data[len(mark) :].decode(name, "replace"), tally)
    wide = _wide(data[:_PROBE])
    if wide:
        tally.add("encoding_guessed", 0, wide)
        return clean(data.decode(wide, "replace"), tally)
    try:
        return clean(data.decode("utf-8"), tally)
    except UnicodeDecodeError:
        return clean(_by_lines(data, tally), tally)


def clean(text: str, tally: Tally) -> str:
    """Return a text with no NUL and no half of a letter in it, and with one kind of line end."""
    if "\0" in text:
        tally.add("nul", text[: text.index("\0")].count("\n") + 1, "", text.count("\0"))
        text = text.replace("\0", "")
    if _SURROGATES.search(text):
        text = _SURROGATES.sub("\ufffd", text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _wide(head: bytes) -> str:
    """Return the kind of UTF-16 that a text without a mark is in, where every other byte is NUL; "" = none."""
    half = len(head) // 2
    if half < 2:
        return ""
    even, odd = head[0 : 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.1 * half else ""


def _by_lines(data: bytes, tally: Tally) -> str:
    """Return each line in the encoding that fits it: files are glued together from several sources."""
    kinds: dict[str, int] = {}
    lines = []
    for number, line in enumerate(data.split(b"\n"), 1):
        text, kind = _line(line)
        lines.append(text)
        if kind:
            kinds[kind] = kinds.get(kind, 0) + 1
            if kind != "utf-8":
                tally.add("encoding_guessed", number, kind)
    if len(kinds) > 1:
        tally.add("mixed_encodings", 0, ", ".join(sorted(kinds)))
    return "\n".join(lines)


def _line(line: bytes) -> tuple[str, str]:
    """Return a line and its encoding; "" where it is plain ASCII."""
    head = line[:_PROBE]
    if line.isascii():
        return line.decode("ascii"), ""
    try:
        return line.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        # Letters of Windows-1251 stand beside each other in words, accented ones of 1252 between plain ones.
        high, pairs = len(_HIGH.findall(head)), len(_HIGH_PAIR.findall(head))
        kind = "windows-1251" if pairs * 3 >= high else "windows-1252"
        return line.decode(kind, "replace"), kind
