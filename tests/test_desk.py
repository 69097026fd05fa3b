"""The desk decodes pieces of many feeds, and knows after a restart what stood in the first of them."""

from __future__ import annotations

from anchorwatch.edges.feeds import Piece
from anchorwatch.watch.desk import Desk

HEADER = b"time,mmsi,lon_deg,lat_deg,sog_kn\n"
ROW = b"2024-12-25T10:00:00Z,%d,25.1,59.9,10.0\n"


def test_a_table_goes_on_behind_its_header_after_a_restart() -> None:
    before = Desk()
    assert before.read([Piece("shore", "own", 1, HEADER + ROW % 219000001)])[0].positions.height == 1
    after = Desk()
    after.go_on(before.heads)
    decoded, _ = after.read([Piece("shore", "own", 2, ROW % 219000002)])
    assert decoded.positions["mmsi"].to_list() == [219000002]
    assert decoded.rejects.height == 0


def test_lines_without_a_time_get_that_of_their_arrival() -> None:
    line = b"!AIVDM,1,1,,A,13mB7d001E1dDH0`KlKBjB?<0490,0*2D\n"
    decoded, _ = Desk().read([Piece("mast", "nmea", 1_700_000_000_000_000, line)])
    rejected = decoded.rejects["reason"].to_list()
    assert decoded.positions["time_us"].to_list() == [1_700_000_000_000_000], rejected


def test_an_unknown_format_is_a_counted_reject() -> None:
    decoded, _ = Desk().read([Piece("mast", "morse", 0, b"... --- ...\n")])
    assert decoded.rejects["reason"].to_list() == ["unknown_format"]
