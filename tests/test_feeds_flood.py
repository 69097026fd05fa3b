"""A flood of 100,000 lines a second from another process: what it costs, and that nothing is lost untold."""

from __future__ import annotations

import asyncio
import resource
import socket
import subprocess
import sys
import time

import pytest

from anchorwatch.edges.feeds import CONNECTED
from feed_peers import free_port, opened, run, running, until

LINES_A_SECOND, SECONDS = 100_000, 3
SENDER = """
import socket, sys, time
kind, port, rate, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
LINE = b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24\\r\\n"
with socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as sock:
    sock.connect(("127.0.0.1", port))
    began, sent = time.monotonic(), 0
    while sent < rate * seconds:
        due = min(int((time.monotonic() - began) * rate), rate * seconds) - sent
        if kind == "tcp":
            sock.sendall(LINE * due)
        else:
            for _ in range(due):
                sock.send(LINE)
        sent += due
        time.sleep(0.001)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["tcp", "udp"])
def test_a_flood_costs_little_and_memory_stays_flat(kind: str) -> None:
    async def main() -> None:
        port = free_port(socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
        feed = opened(f"{'tcp-listen' if kind == 'tcp' else 'udp'}://127.0.0.1:{port}")
        async with running(feed) as kept:
            await until(lambda: feed.health.state == CONNECTED or "listening" in feed.health.trouble)
            kept.pieces = Forgetful()
            memory, cpu = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
            command = [sys.executable, "-c", SENDER, kind, str(port), str(LINES_A_SECOND), str(SECONDS)]
            sender = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE)
            _, said = await sender.communicate()
            assert not said
            await asyncio.sleep(0.3)
            spent_s = time.process_time() - cpu
            lost = int(feed.health.trouble.split()[0]) if "were lost" in feed.health.trouble else 0
            print(f"{kind}: {feed.health.lines / spent_s:.0f} lines/s a core, {lost} lost")
            assert feed.health.lines + lost == LINES_A_SECOND * SECONDS
            assert kind == "udp" or lost == 0
            assert feed.health.lines / spent_s > LINES_A_SECOND  # one core is enough by far: 1.5 M and 0.36 M
            assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 32 * 1024

    run(main())


class Forgetful(list):  # type: ignore[type-arg]
    """A list that keeps nothing."""

    def append(self, _piece: object) -> None:
        pass
