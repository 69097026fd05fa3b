"""Which format a file is in, by its content and never by its name."""

from __future__ import annotations

import string

from anchorwatch.decode import (
    Format,
    aiscatcher,
    aisstream,
    barentswatch,
    columns,
    danish,
    delimited,
    digitraffic,
    marinecadastre,
    own,
)
from anchorwatch.decode.nmea import NMEA
from anchorwatch.errors import BadInput

HEAD_BYTES = 64 * 1024

# Formats that are one document, not lines.
DOCUMENTS = (aisstream.DOCUMENT, digitraffic.DOCUMENT, barentswatch.DOCUMENT, aiscatcher.DOCUMENT)
WHOLE = frozenset(form.name for form in DOCUMENTS)

# The more particular before the more general.
JSON: tuple[Format, ...] = (digitraffic.FORMAT, aisstream.FORMAT, barentswatch.FORMAT, aiscatcher.FORMAT, *DOCUMENTS)
TEXT: tuple[Format, ...] = (danish.FORMAT, marinecadastre.FORMAT, own.FORMAT, NMEA)

READ = (
    "Anchorwatch reads NMEA AIVDM logs, Danish and MarineCadastre CSV, Digitraffic MQTT logs and REST JSON, aisstream, "
    "BarentsWatch and AIS-catcher JSON, and CSV or Parquet with columns time, mmsi, lon_deg, lat_deg"
)


def named(name: str) -> Format | None:
    """Return the format of a name, or None."""
    return next((form for form in (*JSON, *TEXT) if form.name == name), None)


def seen(head: bytes) -> str:
    """Say in a few words what a file begins with."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "the text is in UTF-16; save it as UTF-8"
    text = head[:4096]
    strange = sum(b < 9 or 13 < b < 32 for b in text)
    if strange > len(text) // 20:
        return f"the content is binary (it begins with bytes {head[:8].hex(' ')})"
    found = columns.find(delimited.header_of(head)[2])
    if "mmsi" in found:
        absent = [name for name in columns.REQUIRED if name not in found]
        return f"the table has no column for {', '.join(absent)}"
    first = text.lstrip().split(b"\n", 1)[0][:80].decode("utf-8", "backslashreplace")
    return (
        "no AIS format is recognised in text that begins with: "
        + "".join(c if c in string.printable or c.isprintable() else "?" for c in first).rstrip()
    )


def recognise(head: bytes, where: str) -> Format:
    """Return the format of content that begins with `head`, or say what was seen instead."""
    begins_as_json = head.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] in (b"{", b"[")
    for known in (*JSON, *TEXT) if begins_as_json else (*TEXT, *JSON):
        if known.recognises(head):
            return known
    raise BadInput(seen(head), where, READ)
