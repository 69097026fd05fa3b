"""Appends to a raw log until it is killed, and says on standard output what `append` has returned for."""

from __future__ import annotations

import sys
from pathlib import Path

from anchorwatch.edges import raw_log
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import Piece

log = raw_log.RawLog(Path(sys.argv[1]), SystemClock(), raw_log.Policy(segment_bytes=20_000, fsync_s=0.02))
while True:
    number = log.last_seq + 1
    data = b"!AIVDM,%d\n" % number * (number % 97)
    log.append(Piece(f"feed-{number % 3}", "nmea", number, data, number))
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()
