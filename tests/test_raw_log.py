"""The raw log: what was appended is read again, whatever happens to the process, the disk or the file."""

from __future__ import annotations

from pathlib import Path

from anchorwatch.edges import raw_log
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import Piece


def piece(n: int, feed: str = "tcp-a", form: str = "nmea", data: bytes | None = None) -> Piece:
    return Piece(feed, form, 1_700_000_000_000_000 + n * 100_000, data if data is not None else b"line %d\n" % n, n)


def test_what_was_appended_is_read_in_order_over_all_feeds(tmp_path: Path) -> None:
    log = raw_log.RawLog(tmp_path, SystemClock())
    pieces = [piece(n, "tcp-a" if n % 3 else "udp-b") for n in range(1, 40)]
    assert [log.append(p) for p in pieces] == list(range(1, 40))
    log.close()
    reading = raw_log.read(tmp_path)
    assert list(reading) == [raw_log.Logged(n, p) for n, p in enumerate(pieces, 1)]
    assert reading.damage == []
    assert [x.seq for x in raw_log.read(tmp_path, 20)] == list(range(21, 40))
    again = raw_log.RawLog(tmp_path, SystemClock())
    assert (again.last_seq, again.reached("tcp-a"), again.reached("udp-b"), again.reached("x")) == (39, 38, 39, 0)
    again.close()
