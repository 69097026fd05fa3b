"""Follow the stream of alerts as it comes, over drops of the connection; say it when nothing can come."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.sync.client import ClientConnection, connect

from anchorwatch.cli import alert_words as words
from anchorwatch.cli.watch_client import NotHere, WatchClient
from anchorwatch.edges.records import plain

SILENT_S = 20.0  # the watch speaks every 5 s: after four words missed it is gone, whatever TCP says
MOST_BYTES = 4 << 20  # of one message
FIRST_WAIT_S, MOST_WAIT_S = 1.0, 30.0  # between two tries
Message = dict[str, Any]


def follow(watch: WatchClient, after: int | None) -> Iterator[Message]:
    """Yield every message of the stream, for ever. Between: {"type": "lost" | "back"}. Answered where refused."""
    wait_s, lost = FIRST_WAIT_S, False
    while True:
        try:
            with _connected(watch, after) as socket:
                for message in _messages(socket):
                    if lost:
                        yield {"type": "back"}
                    wait_s, lost = FIRST_WAIT_S, False
                    if message.get("type") in ("hello", "event"):
                        after = int(message["seq"])
                    yield message
        except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake) as error:
            _raise_if_refused(watch, error)
            if after is None:  # never connected
                raise NotHere("no watch streams there", watch.url, "See whether it runs, and try again") from None
        if not lost:
            yield {"type": "lost"}
        lost = True
        time.sleep(wait_s)
        wait_s = min(2 * wait_s, MOST_WAIT_S)


def _connected(watch: WatchClient, after: int | None) -> ClientConnection:
    address = (
        watch.url.replace("http", "ws", 1) + "/api/v1/stream/alerts" + ("" if after is None else f"?after={after}")
    )
    try:
        return connect(
            address, additional_headers=watch.headers, ssl=watch.tls, proxy=None, max_size=MOST_BYTES,
            open_timeout=10, close_timeout=2,
        )  # fmt: skip
    except InvalidURI:
        raise NotHere("this is no address of a watch", watch.url, "Like http://127.0.0.1:8741") from None


def _messages(socket: ClientConnection) -> Iterator[Message]:
    while True:
        text = socket.recv(timeout=SILENT_S)
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        if isinstance(message, dict):
            yield message


def _raise_if_refused(watch: WatchClient, error: Exception) -> None:
    """Raise what the watch said where it will say it again: a wrong credential does not become right by waiting."""
    if isinstance(error, InvalidStatus) and error.response.status_code in (400, 401, 403, 404, 421, 422):
        raise watch.refusal(error.response.status_code, bytes(error.response.body or b"")) from None
    if isinstance(error, ConnectionClosed) and error.rcvd is not None and error.rcvd.code == 1008:
        raise watch.refusal(401, b'{"error": {}}') from None


class Teller:
    """Turns messages into lines: events at once, health only when it changes."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._health: str | None = None

    def lines(self, message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield (line, level) of a message; the level is for its colour."""
        kind = message.get("type")
        if kind == "event":
            yield _event(message)
        elif kind == "hello" and not message.get("known", True):
            yield "-- this watch has another store than before: some events may be missing", ""
        elif kind == "lost":
            yield "-- the connection is lost; trying again. Nothing is heard until then.", ""
        elif kind == "back":
            yield "-- connected again; what was missed follows", ""
        elif kind == "heartbeat":
            yield from self._heartbeat(message)

    def _heartbeat(self, message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        live = not message["replay_of"]
        said = [f"{f['name']}: {f['why']}" for f in message["feeds"] if live and not f["healthy"]]
        said += [f"TROUBLE: {message['trouble']}"] if message["trouble"] else []
        said += [] if message["caught_up"] else ["the watch reads its log again after a start"]
        health = plain("; ".join(said))
        if health != (self._health or ""):
            yield f"-- {health or 'all is well again'}", ""
        elif self._health is None:
            yield f"-- the watch is well at {words.moment(message['time'])}; alerts follow as they come", ""
        self._health = health


def _event(message: Mapping[str, Any]) -> tuple[str, str]:
    alert, at = message["alert"], words.moment(message["at"])[:-4]
    said = words.event_line(message)
    if alert is None:
        return f"{at}  {said}", ""
    about = f"{alert['level'].upper():<7}  {words.vessel(alert)}, {words.asset(alert)}"
    return f"{at}  {about}  {said}  {plain(alert['id'])}", alert["level"]
