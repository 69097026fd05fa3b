"""`kystverket:` against a TCP server that speaks as the Norwegian one does."""

from __future__ import annotations

import asyncio

from anchorwatch.decode import Options
from anchorwatch.decode.nmea import NMEA
from anchorwatch.edges.feeds.kystverket import open_kystverket
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import open_feed, parse
from feed_peers import CLOCK, run, running, until

LINE = rb"\s:2573555,c:1707873398*05\!BSVDM,1,1,,A,13mB7d001E1dDH0`KlKBjB?<0490,0*34" + b"\r\n"


def test_the_stream_with_its_times() -> None:
    async def main() -> None:
        async def peer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(LINE)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(peer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            feed = open_kystverket(parse("kystverket:"), CLOCK, Secrets({}), host="127.0.0.1", port=port)
            async with running(feed) as kept:
                await until(lambda: len(kept.pieces) > 0)
            decoded, _ = NMEA.decode(kept.pieces[0].data, NMEA.start(Options("test", None)))
            assert decoded.positions["time_us"].to_list() == [1707873398_000_000]
            assert kept.pieces[0].format == "nmea" and feed.name == "kystverket"

    run(main())


def test_it_goes_to_the_coastal_administration() -> None:
    feed = open_feed("kystverket:", CLOCK, secrets=Secrets({}))
    assert (feed.address.host, feed.address.port) == ("153.44.253.27", 5631)  # type: ignore[attr-defined]
    assert (feed.hold_back_s, feed.silent_after_s, feed.url) == (120, 120, "kystverket:")
    assert "no fishing vessels under 15 m" in feed.policy
