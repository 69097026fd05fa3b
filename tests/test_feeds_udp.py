"""`udp://` against real sockets: to one, to a group, to all; what it is flooded with is counted."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys

import pytest

from anchorwatch.edges.feeds import CONNECTED, WAITING
from feed_peers import LINE, OTHER, Kept, free_port, opened, run, running, until

GROUP = "239.192.77.4"


def send(place: tuple[str, int], *datagrams: bytes, broadcast: bool = False, own: str = "127.0.0.1") -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((own, 0))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, broadcast)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        for datagram in datagrams:
            sock.sendto(datagram, place)


def test_datagrams_are_whole_lines_with_or_without_an_end() -> None:
    async def main() -> None:
        port = free_port(socket.SOCK_DGRAM)
        feed = opened(f"udp://127.0.0.1:{port}")
        async with running(feed) as kept:
            await until(lambda: feed.health.state == CONNECTED)
            send(("127.0.0.1", port), LINE, OTHER + b"\r\n" + LINE, b"", OTHER + b"\r", b"\0\xff\n", b"a\rb")
            await kept.bytes(LINE + b"\n" + OTHER + b"\r\n" + LINE + b"\n" + OTHER + b"\n\0\xff\na\nb\n")
            assert len(kept.pieces) <= 2 and feed.health.lines == 7
            assert kept.pieces[0].format == "nmea"

    run(main())


def test_only_those_named_are_heard() -> None:
    async def main() -> None:
        port = free_port(socket.SOCK_DGRAM)
        feed = opened(f"udp://127.0.0.1:{port}?from=127.0.0.7")
        async with running(feed) as kept:
            await until(lambda: feed.health.state == CONNECTED)
            send(("127.0.0.1", port), OTHER, own="127.0.0.1")
            send(("127.0.0.1", port), LINE, own="127.0.0.7")
            await kept.bytes(LINE + b"\n")

    run(main())


def multicast_works() -> str:
    """Return why a group cannot be used on loopback here, "" where it can."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind((GROUP, 0))
            wanted = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton("127.0.0.1"))
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, wanted)
            sock.settimeout(1.0)
            send((GROUP, sock.getsockname()[1]), b"x")
            return "" if sock.recv(10) == b"x" else "it says another thing"
        except OSError as error:
            return str(error)


@pytest.mark.parametrize("interface", ["127.0.0.1", "lo"])
def test_a_group_is_joined(interface: str) -> None:
    if why := multicast_works():
        pytest.skip(f"no multicast on loopback here: {why}")

    async def main() -> None:
        port = free_port(socket.SOCK_DGRAM)
        urls = [f"udp://{GROUP}:{port}?interface={interface}", f"udp://{GROUP}:{port}?interface={interface}&hold=1"]
        one, two = map(opened, urls)  # two watches on one machine may hear the same group
        async with running(one) as kept, running(two) as also:
            await until(lambda: one.health.state == two.health.state == CONNECTED)
            await _said(kept, also, (GROUP, port))

    run(main())


async def _said(kept: Kept, also: Kept, place: tuple[str, int]) -> None:
    send(place, LINE)
    await kept.bytes(LINE + b"\n")
    await also.bytes(LINE + b"\n")


def test_an_ipv6_group_is_joined() -> None:
    port = free_port(socket.SOCK_DGRAM)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        index = socket.if_nametoindex("lo") if sys.platform == "linux" else 0
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)

        async def main() -> None:
            feed = opened(f"udp://[ff02::7704%25lo]:{port}?interface=lo".replace("%25", "%"))
            async with running(feed) as kept:
                await until(lambda: feed.health.state in (CONNECTED, WAITING))
                if feed.health.state == WAITING:
                    pytest.skip(f"no IPv6 multicast here: {feed.health.trouble}")
                try:
                    sock.sendto(LINE, ("ff02::7704", port, 0, index))
                except OSError as error:
                    pytest.skip(f"no IPv6 multicast here: {error}")
                await kept.bytes(LINE + b"\n")

        run(main())


def test_broadcast_is_heard() -> None:
    async def main() -> None:
        port = free_port(socket.SOCK_DGRAM)
        feed = opened(f"udp://127.255.255.255:{port}")
        async with running(feed) as kept:
            await until(lambda: feed.health.state in (CONNECTED, WAITING))
            if feed.health.state == WAITING:
                pytest.skip(f"no broadcast on loopback here: {feed.health.trouble}")
            send(("127.255.255.255", port), LINE, broadcast=True)
            await kept.bytes(LINE + b"\n")

    run(main())


def test_an_interface_or_an_address_that_is_not_there_is_said() -> None:
    async def main(url: str, why: str) -> None:
        feed = opened(url)
        async with running(feed):
            await until(lambda: feed.health.state == WAITING)
            assert why in feed.health.trouble

    run(main(f"udp://{GROUP}:5000?interface=nowhere0", "nowhere0"))
    run(main("udp://198.51.100.9:5000", "assign"))


def test_after_silence_the_socket_is_opened_anew() -> None:
    async def main() -> None:
        port = free_port(socket.SOCK_DGRAM)
        feed = opened(f"udp://127.0.0.1:{port}?silent=0.05")
        async with running(feed) as kept:
            await until(lambda: feed.health.connects >= 2 and feed.health.state == CONNECTED)
            send(("127.0.0.1", port), LINE)
            await kept.bytes(LINE + b"\n")

    run(main())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how many were dropped")
def test_datagrams_that_the_system_drops_are_told() -> None:
    async def main() -> None:
        port = free_port(socket.SOCK_DGRAM)
        feed = opened(f"udp://127.0.0.1:{port}")
        async with running(feed) as kept:
            await until(lambda: feed.health.state == CONNECTED)
            many = [LINE * 20] * 20_000  # while nobody reads: 20 MB, more than any buffer here
            send(("127.0.0.1", port), *many)
            await until(lambda: len(kept.pieces) >= 1)
            await until(lambda: "datagrams were lost" in feed.health.trouble)
            await asyncio.sleep(0.2)
            said = int(feed.health.trouble.split()[0])
            assert feed.health.lines + said == len(many)

    run(main())
