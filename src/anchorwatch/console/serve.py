"""Listens, in the running loop of the watch. Refuses to where strangers could come in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import ssl
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from anchorwatch.console import slow
from anchorwatch.console.login import Door
from anchorwatch.console.sessions import Entrance
from anchorwatch.console.settings import Settings
from anchorwatch.edges.store.people import People
from anchorwatch.errors import BadUse

STOP_S = 3  # streams get so long to end when the watch ends
MESSAGE_BYTES = 64 << 10  # of one message that a stream's client sends: views are short


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the watch has those."""

    handshake_s: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen; a client that dawdles over the TLS handshake is cut off, which uvicorn leaves at a minute."""
        loop, config = asyncio.get_running_loop(), self.config

        def connection() -> asyncio.Protocol:
            made: Any = config.http_protocol_class
            protocol: asyncio.Protocol = made(config=config, server_state=self.server_state, app_state={}, _loop=loop)
            return protocol

        self.servers = [
            await loop.create_server(
                connection,
                sock=listening,
                ssl=config.ssl,
                ssl_handshake_timeout=self.handshake_s if config.ssl else None,
                backlog=config.backlog,
            )
            for listening in sockets or ()
        ]
        self.started = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@dataclass
class Serving:
    """A web server that runs."""

    port: int
    url: str
    visit: str  # what to open in a browser; with the local key in it where that lets in: for the terminal only
    task: asyncio.Task[None]
    _server: uvicorn.Server
    _door: Door

    async def stop(self) -> None:
        """End: no new connections, streams are closed, answers on their way are finished."""
        self._server.should_exit = True
        await asyncio.wait([self.task])
        self._door.close()
        self.task.result()


async def serve(app: FastAPI) -> Serving:
    """Start to listen as `app.state.settings` says; return when it does. BadUse where it cannot or must not."""
    settings: Settings = app.state.settings
    entrance: Entrance = app.state.entrance
    check(settings, app.state.people)
    _quiet()
    listening = _listen(settings)
    _more_files(settings.connections)
    server = _Server(_config(app, settings, listening))
    server.handshake_s = settings.header_s
    task = asyncio.create_task(server.serve(sockets=[listening]), name="web")
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    if task.done():
        listening.close()
        task.result()
    port = listening.getsockname()[1]
    host = "localhost" if settings.host in ("", "0.0.0.0", "::") else settings.host
    host = f"[{host}]" if ":" in host else host
    url = settings.public_url or f"{'https' if settings.tls_cert else 'http'}://{host}:{port}/"
    return Serving(port, url, entrance.visit(url), task, server, app.state.door)


def check(settings: Settings, people: People) -> None:
    """Refuse to let others than this machine's person reach a watch that has no users."""
    settings.check()
    if not settings.alone and not people.any():
        raise BadUse(
            "others could reach this watch, and it has no users",
            settings.public_url or f"--listen {settings.host}",
            "Add one first: anchorwatch users add NAME --role admin.",
        )


def warnings(settings: Settings) -> list[str]:
    """Return what to tell whoever starts the watch."""
    said = []
    if settings.data is not None and os.name == "posix" and _others_write(settings.data):
        said.append(f"others can write the data folder, and so let themselves in: chmod go-w {settings.data}")
    if settings.loopback or settings.tls_cert or settings.public_url:
        return said
    return [
        *said,
        "connections from other machines are not encrypted, so nobody can log in from there with a password: "
        "give --tls-cert and --tls-key, or put a proxy with TLS in front and give --public-url",
    ]


def _others_write(folder: Path) -> bool:
    return folder.is_dir() and bool(stat.S_IMODE(folder.stat().st_mode) & 0o022)


def _config(app: FastAPI, settings: Settings, listening: socket.socket) -> uvicorn.Config:
    requests, streams = slow.protocols(settings)
    config = uvicorn.Config(
        app,
        http=requests,
        ws=streams,
        ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False,  # costs memory for each client; the snapshots are dense already
        lifespan="off",
        log_config=None,
        access_log=False,  # addresses of requests hold what clients wrote; the audit says who did what
        server_header=False,
        proxy_headers=bool(settings.public_url),
        forwarded_allow_ips=["127.0.0.1", "::1"],
        timeout_keep_alive=settings.idle_s,
        timeout_graceful_shutdown=STOP_S,
        h11_max_incomplete_event_size=settings.header_bytes,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        listening.close()
        raise BadUse("cannot use the certificate or its key", str(settings.tls_cert), "Both as PEM files.") from error
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return config


def _listen(settings: Settings) -> socket.socket:
    where = f"--listen {settings.host}:{settings.port}"
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise BadUse("this address is not known", where, "Give an address of this machine.") from error
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise BadUse(f"cannot listen there ({error.strerror})", where, "Choose another port or address.") from error
    listening.setblocking(False)
    return listening


def _more_files(connections: int) -> None:
    """Ask for enough open files that clients who only connect leave the raw log its own."""
    if sys.platform == "win32":  # has no such limit
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096 + 4 * connections
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _quiet() -> None:
    """Keep the libraries from writing logs of their own: they quote what clients send, and print tracebacks."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "websockets"):
        log = logging.getLogger(name)
        log.propagate = False
        log.setLevel(logging.CRITICAL + 1)
        if not log.handlers:
            log.addHandler(logging.NullHandler())
