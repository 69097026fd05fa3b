"""CSV of MarineCadastre (NOAA): `BaseDateTime,LAT,LON` until 2024, `base_date_time,longitude,latitude` since."""

from __future__ import annotations

from anchorwatch.decode import Format, columns, delimited


def recognises(head: bytes) -> bool:
    """Tell whether the first line names its columns, with `BaseDateTime` among them."""
    names = delimited.header_of(head)[2]
    return "basedatetime" in map(columns.plain, names) and set(columns.REQUIRED) <= set(columns.find(names))


FORMAT = Format("marinecadastre", recognises, delimited.start, delimited.decode, delimited.finish)
