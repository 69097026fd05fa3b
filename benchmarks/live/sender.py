"""A sender of lines as a process of its own, over TCP or UDP: at a stated rate, or each line when its own time is.

Prints what it did as JSON: lines, seconds, and by how much it was behind its own rate (a TCP peer may let it wait).
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

STEP_S = 0.01
DATAGRAM = 1400  # bytes: what goes through an Ethernet in one packet
TAG = re.compile(rb"c:\d{10}\*([0-9A-F]{2})")
STAMP = re.compile(rb"c:(\d{10})\*")


class Part(NamedTuple):
    """Lines that are sent at once."""

    at_s: float  # after the beginning; or since 1970
    data: bytes


def by_rate(path: Path, rate: float, first: int, most: int) -> Iterator[Part]:
    """Share the lines out over hundredths of a second."""
    sent, step = 0, 0
    with path.open("rb") as file:
        lines = islice(file, first, first + most)
        while True:
            step += 1
            due = round(step * STEP_S * rate) - sent
            data = b"".join(islice(lines, due))
            if due and not data:
                return
            sent += due
            yield Part(step * STEP_S, data)


def by_time(path: Path) -> Iterator[Part]:
    """Send each line within the second that its tag block states, spread evenly."""
    for second, lines in seconds_of(path):
        steps = round(1 / STEP_S)
        for step in range(steps):
            first, last = (len(lines) * k // steps for k in (step, step + 1))
            if last > first:
                yield Part(second + step * STEP_S, b"".join(lines[first:last]))


def seconds_of(path: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the lines of each second; a line without a time belongs to the one before."""
    second = 0
    lines: list[bytes] = []
    with path.open("rb") as file:
        for line in file:
            stamp = STAMP.search(line, 0, 60)
            if stamp and int(stamp[1]) != second:
                if lines:
                    yield second, lines
                second, lines = int(stamp[1]), []
            lines.append(line)
    if lines:
        yield second, lines


def shifted(lines: list[bytes], second: int, by_s: int) -> bytes:
    """Return the lines of a second as if it were another; the checksums of the tag blocks follow."""
    now = b"c:%d*" % (second + by_s)
    change = 0
    for digit in b"%d%d" % (second, second + by_s):
        change ^= digit
    sums = [b"%02X" % (k ^ change) for k in range(256)]
    return TAG.sub(lambda found: now + sums[int(found[1], 16)], b"".join(lines))


def datagrams(data: bytes) -> Iterator[bytes]:
    """Cut whole lines into datagrams."""
    at = 0
    while at < len(data):
        end = len(data) if len(data) - at <= DATAGRAM else data.rfind(b"\n", at, at + DATAGRAM) + 1
        yield data[at:end]
        at = end


def connected(scheme: str, host: str, port: int) -> socket.socket:
    """Connect; waits some minutes for somebody who listens."""
    if scheme == "udp":
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.connect((host, port))
        return sock
    end = time.monotonic() + 300
    while True:
        try:
            return socket.create_connection((host, port), timeout=120)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def send(said: argparse.Namespace) -> dict[str, float]:
    """Send, and return what was done."""
    parts = list(by_rate(said.file, said.rate, said.first, said.lines) if said.rate else by_time(said.file))
    with connected(said.scheme, said.host, said.port) as sock:
        began = time.time() if said.rate else 0.0
        started, worst, behind = time.time(), 0.0, 0.0
        for part in parts:
            due = began + part.at_s
            if (ahead := due - time.time()) > 0:
                time.sleep(ahead)
            if said.scheme == "udp":
                for one in datagrams(part.data):
                    sock.send(one)
            else:
                sock.sendall(part.data)
            behind = time.time() - due
            worst = max(worst, behind)
        seconds = time.time() - started
        time.sleep(said.stay)
    lines = sum(part.data.count(b"\n") for part in parts)
    return {"lines": lines, "seconds": seconds, "worst_behind_s": worst, "behind_s": behind}


def main() -> None:
    """Send a file."""
    ask = argparse.ArgumentParser(prog="python -m benchmarks.live.sender")
    ask.add_argument("scheme", choices=("tcp", "udp"))
    ask.add_argument("host")
    ask.add_argument("port", type=int)
    ask.add_argument("file", type=Path)
    ask.add_argument("--rate", type=float, help="lines a second; default: as the lines say (times to come)")
    ask.add_argument("--first", type=int, default=0, help="lines of the file to leave out")
    ask.add_argument("--lines", type=int, default=1 << 40, help="at most so many")
    ask.add_argument("--stay", type=float, default=0.0, help="seconds to stay connected afterwards")
    print(json.dumps(send(ask.parse_args())))


if __name__ == "__main__":
    main()
