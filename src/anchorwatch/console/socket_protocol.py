"""WebSockets that end when the watch wants them to: given to uvicorn as `ws=SocketProtocol`.

uvicorn closes a connection only after what was written has gone out. A client that reads nothing would so keep its
connection, and what waits for it, for as long as it likes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

CUT = "anchorwatch.cut"  # name of the extension in the scope
# How long a client that is cut off has to read why. A page in a hidden tab wakes up once a second.
LINGER_S = 5.0
# Pings are answered at once, whether or not the client reads. The largest message takes 1.2 MB; so many bytes on top
# of that are answers to a client that only ever asks.
MOST_UNREAD = 4 << 20

Cut = Callable[[int, str], None]


class SocketProtocol(WebSocketsSansIOProtocol):
    """One WebSocket; its scope has the extension CUT, which ends it for certain."""

    def handle_connect(self, event: Request) -> None:
        """Let the application know how to end this connection."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions = cast(dict[str, Any], self.scope["extensions"])
            extensions[CUT] = self.cut

    def handle_ping(self) -> None:
        """Answer, unless the client never reads the answers."""
        super().handle_ping()
        if self.transport.get_write_buffer_size() > MOST_UNREAD:
            self.transport.abort()

    def cut(self, code: int, reason: str) -> None:
        """Say why behind all that waits, and end the connection soon, read or not."""
        if not self.close_sent and not self.transport.is_closing():
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.end_soon()

    def end_soon(self) -> None:
        """End the connection in a moment, whatever still waits in it."""
        self.stop_keepalive()
        self.loop.call_later(LINGER_S, self.transport.abort)

    async def run_asgi(self) -> None:
        """Run the application; when it is over, so is the connection soon."""
        try:
            await super().run_asgi()
        finally:
            self.end_soon()

    def keepalive_timeout(self) -> None:
        """End the connection of a client that answered no ping."""
        super().keepalive_timeout()
        self.end_soon()
