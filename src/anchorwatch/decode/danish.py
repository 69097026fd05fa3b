"""CSV of the Danish Maritime Authority: 22 columns before about 2019, 26 since (A, B, C, D)."""

from __future__ import annotations

from anchorwatch.decode import Format, columns, delimited


def recognises(head: bytes) -> bool:
    """Tell whether the first line names its columns, with `Type of mobile` among them."""
    return {"mobile", *columns.REQUIRED} <= set(columns.find(delimited.header_of(head)[2]))


FORMAT = Format("danish", recognises, delimited.start, delimited.decode, delimited.finish)
