"""The streams over a real server: what is sent, to whom, and that no client can hold up the watch or the others."""

from __future__ import annotations

import asyncio
import json
import random
import socket as sockets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode

from alerts_at_work import an_alert, next_word
from anchorwatch.chart import Asset
from anchorwatch.console import alert_socket, binary, socket_link, socket_protocol, vessel_socket, views
from anchorwatch.edges.feeds import CONNECTED, Health
from anchorwatch.errors import BadStore
from anchorwatch.judgement.work import STATES, Action, Actor
from stream_room import Stand, picture, said, standing

GULF = json.dumps({"view": [20, 58, 30, 61]})
ALL = json.dumps({"view": [-180, -90, 180, 90], "every_s": 0.05})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same streams, faster: seconds become hundredths."""
    for module, name, value in [
        (views, "LEAST_EVERY_S", 0.05),
        (vessel_socket, "SHARED_S", 0.01),
        (vessel_socket, "BETWEEN_S", 0.02),
        (alert_socket, "LOOK_EVERY_S", 0.05),
        (alert_socket, "HEARTBEAT_S", 0.2),
        (socket_protocol, "LINGER_S", 1.0),
    ]:
        monkeypatch.setattr(module, name, value)


async def refused(stand: Stand, stream: str, **options: Any) -> int:
    """Return the status that a stream is refused with."""
    with pytest.raises(InvalidStatus) as caught:
        async with stand.connect(stream, **options):
            pass
    body = json.loads(caught.value.response.body)
    assert body["error"]["what"]
    return caught.value.response.status_code


async def closing(socket: ClientConnection) -> tuple[int, str]:
    """Read until the server ends it; return code and reason."""
    async with asyncio.timeout(10):
        with pytest.raises(ConnectionClosed) as caught:
            while True:
                await socket.recv()
    assert caught.value.rcvd is not None
    return caught.value.rcvd.code, caught.value.rcvd.reason


def test_a_view_its_changes_and_another_view(tmp_path: Path) -> None:
    async def run() -> None:
        async with standing(tmp_path) as stand, stand.connect("vessels") as socket:
            stand.put([219000001, 230000002, 230000003], [25.0, 12.0, 25.1], 59.9)
            await socket.send(json.dumps({"view": [20, 58, 30, 61], "every_s": 0.05}))
            first = await picture(socket)
            assert (first.kind, first.view, first.in_view) == (binary.SNAPSHOT, 1, 2)
            assert first.columns.mmsi.tolist() == [219000001, 230000003]
            calm = await picture(socket)
            assert (calm.kind, len(calm.columns.mmsi), calm.in_view) == (binary.DIFF, 0, 2), "says that it is calm"
            stand.put([230000002, 230000003], [25.2, 11.0], 59.9)
            moved = await changed(socket)
            assert (moved.columns.mmsi.tolist(), moved.gone.tolist()) == ([230000002], [230000003])
            stand.room.latest.forget(stand.room.clock.now_us() + 50 * 3_600_000_000)
            assert (await changed(socket)).gone.tolist() == [219000001, 230000002]
            stand.put([230000003], [11.5], 56.0)
            await socket.send(json.dumps({"view": [10, 54, 13, 57], "every_s": 0.05}))
            second = await picture(socket, binary.SNAPSHOT)
            assert (second.view, second.columns.mmsi.tolist()) == (2, [230000003])
            stand.room.latest.set_levels({230000003: 3})
            assert (await changed(socket)).vessels()["level"].tolist() == [3]

    asyncio.run(run())


async def changed(socket: ClientConnection) -> binary.Message:
    """Return the next diff that says something."""
    while True:
        message = await picture(socket, binary.DIFF)
        if len(message.columns.mmsi) or len(message.gone):
            return message


def test_names_are_asked_for_and_nonsense_is_answered(tmp_path: Path) -> None:
    async def run() -> None:
        async with standing(tmp_path) as stand, stand.connect("vessels") as socket:
            stand.name(219000001, "<img src=x onerror=alert(1)>\u202e")
            await socket.send(json.dumps({"names": [219000001, 5]}))
            assert (await socket.recv()) == ('{"names": {"219000001": "<img src=x onerror=alert(1)>\\u202e", "5": ""}}')
            for nonsense in ("[1]", "{", '{"view": 3}', '{"names": ["x"]}', "[" * 5000, '{"view": [0, 0, 1e999, 1]}'):
                await socket.send(nonsense)
                assert (await said(socket))["error"]["what"]
            await socket.send(GULF)
            assert (await picture(socket)).kind == binary.SNAPSHOT, "it still works"
            for _ in range(30):
                await socket.send("nonsense")
            assert (await closing(socket))[0] == socket_link.POLICY
            async with stand.connect("vessels") as other:
                await other.send(b"bytes")
                assert (await closing(other))[0] == socket_link.POLICY

    asyncio.run(run())


def test_nobody_gets_in_without_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_link, "ALLOWED_EVERY_S", 0.05)

    async def run() -> None:
        async with standing(tmp_path) as stand:
            for stream in ("vessels", "alerts"):
                assert await refused(stand, stream, token="aw_0_wrong") == 401
                assert await refused(stand, stream, token=stand.token_for("anna", "metrics")) == 403
                assert await refused(stand, stream, origin="https://elsewhere.example") == 403
            assert await refused(stand, "alerts?after=-1") == 422
            assert await refused(stand, "alerts?after=x") == 422
            async with stand.connect("vessels") as one, stand.connect("alerts") as two:
                await said(two, "hello")
                stand.people.remove("anna", by="test")
                for socket in (one, two):
                    code, reason = await closing(socket)
                    assert (code, "over" in reason) == (socket_link.POLICY, True)

    asyncio.run(run())


async def narrow(stand: Stand, stream: str) -> ClientConnection:
    """Return a connection whose buffers are small, so that it is soon full."""
    small = sockets.create_connection(("127.0.0.1", stand.serving.port))
    small.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 32_768)
    return await stand.connect(stream, sock=small, max_queue=1)


@asynccontextmanager
async def busy_sea(stand: Stand) -> AsyncIterator[tuple[list[int], list[float]]]:
    """20,000 vessels that move, and a client that reads: give what waits for clients, and what that one waits."""
    fleet, waiting, gaps = [200_000_000 + n for n in range(20_000)], [0], [0.0]
    stand.put(fleet, 25.0, 59.9)

    async def sail() -> None:
        for step in count(1):
            stand.put(fleet, 25.0 + step / 1000, 59.9)
            waiting.extend(c.transport.get_write_buffer_size() for c in stand.connections())
            await asyncio.sleep(0.02)

    async def look_on() -> None:
        loop = asyncio.get_running_loop()
        async with stand.connect("vessels") as socket:
            await socket.send(ALL)
            while True:
                before = loop.time()
                await picture(socket)
                gaps.append(loop.time() - before)

    tasks = [asyncio.create_task(sail()), asyncio.create_task(look_on())]
    try:
        yield waiting, gaps
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.slow
def test_a_client_that_stops_reading_is_cut_off_and_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_link, "PATIENCE_S", 1.5)

    async def run() -> None:
        async with standing(tmp_path) as stand, busy_sea(stand) as (waiting, gaps), asyncio.timeout(30):
            stuck, dead = await narrow(stand, "vessels"), await narrow(stand, "vessels")
            await stuck.send(ALL)
            await dead.send(ALL)
            while sum(c.close_sent for c in stand.connections()) < 2:
                await asyncio.sleep(0.05)
            code, reason = await closing(stuck)  # it reads again, and is told why
            assert (code, "too slow" in reason) == (socket_link.TRY_LATER, True)
            while len(stand.connections()) > 1:  # the other never reads again: its connection ends all the same
                await asyncio.sleep(0.05)
            dead.transport.abort()
            assert max(waiting) < 1_000_000, "more than one message waited for a client"
            assert len(gaps) > 10
            assert max(gaps) < 1.5, "the others noticed"

    asyncio.run(run())


@pytest.mark.slow
def test_a_client_that_was_behind_is_told_anew_all_that_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vessel_socket, "BEHIND_S", 0.5)

    async def run() -> None:
        async with standing(tmp_path) as stand, busy_sea(stand), asyncio.timeout(30):
            tired = await narrow(stand, "vessels")
            await tired.send(ALL)
            assert (await picture(tired)).kind == binary.SNAPSHOT
            await asyncio.sleep(3.0)
            again = await picture(tired, binary.SNAPSHOT)
            assert (again.view, len(again.columns.mmsi)) == (1, 20_000)
            await tired.close()

    asyncio.run(run())


@pytest.mark.slow
def test_a_client_that_sends_pings_and_reads_no_answer_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_protocol, "MOST_UNREAD", 100_000)

    async def run() -> None:
        async with standing(tmp_path) as stand:
            client = await narrow(stand, "alerts")
            await said(client, "hello")
            client.transport.pause_reading()
            pings = Frame(Opcode.PING, b"x" * 125).serialize(mask=True) * 1000
            async with asyncio.timeout(20):
                while stand.connections():
                    client.transport.write(pings)
                    await asyncio.sleep(0.002)
            client.transport.abort()

    asyncio.run(run())


def test_the_alert_stream_goes_on_after_drops_without_loss_or_repetition(tmp_path: Path) -> None:
    chance = random.Random(7)

    def work(stand: Stand) -> None:
        """Record and act, as the watch and an officer do."""
        for number in range(1, 61):
            alert = an_alert(number)
            stand.room.store.record([alert], 2 * number - 1)
            stand.room.store.act(alert.id, Action("acknowledge"), Actor("anna", "officer"))
            stand.room.store.record([next_word(alert, "alarm")], 2 * number)
            for changed in stand.room.on_change:
                changed()

    async def follow(stand: Stand, until: asyncio.Task[None]) -> list[int]:
        """Follow the stream, dropping the connection at random; return the numbers of the events."""
        got: list[int] = []
        while True:
            async with stand.connect(f"alerts?after={got[-1] if got else 0}") as socket:
                patience = chance.randint(1, 40)
                while patience := patience - 1:
                    message = await said(socket)
                    if message["type"] == "event":
                        assert message["alert"]["id"] == message["alert_id"]
                        assert message["work"]["state"] in STATES
                        got.append(message["seq"])
                    if until.done() and got and got[-1] == stand.room.store.last_seq():
                        return got
                socket.transport.abort()

    async def run() -> None:
        async with standing(tmp_path) as stand:
            working = asyncio.create_task(asyncio.to_thread(work, stand))
            async with asyncio.timeout(30):
                followed = await asyncio.gather(*(follow(stand, working) for _ in range(3)))
                await working
            every = [event.seq for event in stand.room.store.events(0, 1000)]
            assert len(every) >= 180
            assert followed == [every] * 3

    asyncio.run(run())


def test_a_client_far_behind_and_one_from_another_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_socket, "KEPT", 10)
    monkeypatch.setattr(alert_socket, "PAGE", 7)

    async def run() -> None:
        async with standing(tmp_path) as stand, stand.connect("alerts") as now:
            assert (await said(now, "hello"))["seq"] == 0
            stand.room.store.record([an_alert(n) for n in range(1, 40)], 1)
            last = stand.room.store.last_seq()
            for after in (0, 3, last - 12, last - 1):
                async with stand.connect(f"alerts?after={after}") as socket:
                    got = [(await said(socket, "event"))["seq"] for _ in range(last - after)]
                    assert got == list(range(after + 1, last + 1))
            assert [(await said(now, "event"))["seq"] for _ in range(last)] == list(range(1, last + 1))
            async with stand.connect(f"alerts?after={last + 5}") as socket:
                hello = await said(socket, "hello")
                assert (hello["known"], hello["last"]) == (False, last)
                stand.room.store.tell("note", {"text": "feed lost"})
                event = await said(socket, "event")
                assert (event["seq"], event["alert_id"], event["alert"]) == (last + 1, None, None)

    asyncio.run(run())


@dataclass
class QuietFeed:
    """A feed that is connected and silent."""

    name: str = "harbour"
    url: str = "tcp://192.0.2.1:5631"
    format: str = "nmea"
    hold_back_s: float = 30.0
    silent_after_s: float = 120.0
    policy: str = ""
    health: Health = field(default_factory=lambda: Health(state=CONNECTED, since_us=1))

    async def run(self, put: Any) -> None:
        """Never."""


def test_the_heartbeat_says_how_the_watch_is(tmp_path: Path) -> None:
    async def run() -> None:
        async with standing(tmp_path) as stand, stand.connect("alerts") as socket:
            stand.room.feeds = [QuietFeed()]
            first = await said(socket, "heartbeat")
            assert (first["caught_up"], first["trouble"], first["seq"]) == (True, "", 0)
            stand.room.progress.troubles["disk"] = "disk full\x1b[2J"
            stand.room.progress.caught_up = False
            stand.room.store.record([an_alert(1)], 1)
            await said(socket, "event")
            second = await said(socket, "heartbeat")
            assert (second["caught_up"], second["trouble"], second["seq"]) == (False, "disk full\\u001b[2J", 1)
            assert second["time"] > first["time"]
            (feed,) = second["feeds"]
            assert (feed["name"], feed["healthy"]) == ("harbour", False)
            assert "nothing came" in feed["why"]

    asyncio.run(run())


def test_what_is_seen_of_a_restricted_asset_is_written_down(tmp_path: Path) -> None:
    secret = Asset("estlink-2", "Estlink 2", "power_cable", releasability="restricted")

    async def run() -> None:
        async with standing(tmp_path, (secret,)) as stand, stand.connect("alerts") as socket:
            await said(socket, "hello")
            assert "read asset" not in [entry.what for entry in stand.people.entries()]
            stand.room.store.record([an_alert(1)], 1)
            await said(socket, "event")
            assert ("anna", "read asset", "estlink-2") in [(e.actor, e.what, e.about) for e in stand.people.entries()]

    asyncio.run(run())


def test_a_store_that_cannot_be_read_ends_the_stream_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> list[Any]:
        raise BadStore("disk full", "store.sqlite")

    async def run() -> None:
        async with standing(tmp_path) as stand, stand.connect("alerts") as socket:
            await said(socket, "heartbeat")
            monkeypatch.setattr(stand.room.store, "events", failing)
            code, reason = await closing(socket)
            assert (code, "log" in reason) == (socket_link.DEFECT, True)
            async with stand.connect("vessels") as other:
                await other.send(GULF)
                assert (await picture(other)).kind == binary.SNAPSHOT, "the other stream does not need it"

    asyncio.run(run())


def test_when_the_watch_ends_its_streams_are_told(tmp_path: Path) -> None:
    async def run() -> None:
        async with standing(tmp_path) as stand, stand.connect("vessels") as one, stand.connect("alerts") as two:
            await one.send(GULF)
            await picture(one)
            await said(two, "hello")
            stopping = asyncio.create_task(stand.serving.stop())
            assert [(await closing(socket))[0] for socket in (one, two)] == [1012, 1012]
            await stopping

    asyncio.run(run())
