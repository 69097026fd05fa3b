"""Stands before every route and socket: nothing gets past it that has no business here.

In this order: is it meant for us (Host, Origin), is it of a decent size, is it not too often, who is it, was it meant
(CSRF). A route that forgets to ask `security.needs` is still closed to strangers. Every answer gets the strict headers.
"""

from __future__ import annotations

import asyncio
import hmac
import math
from functools import partial
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect
from uvicorn.protocols.utils import ClientDisconnected

from anchorwatch.console import errors
from anchorwatch.console.errors import Refusal
from anchorwatch.console.limits import Places, Rate, address_key
from anchorwatch.console.origin import SAFE, host_is_ours, origin_is_ours
from anchorwatch.console.security import BEARER, Person
from anchorwatch.console.sessions import Entrance, address_of
from anchorwatch.edges.clock import Clock
from anchorwatch.errors import BadStore

OPEN = frozenset({"/", "/login", "/plain.css", "/healthz", "/readyz"})  # "/" sends strangers to /login itself
PROBES = OPEN - {"/", "/login"}  # answered the same to all, also while the store is in trouble
ELSEWHERE = ("cross-site", "same-site")  # the other ports of this machine are of the same site
MOST_HEADERS, MOST_URL = 100, 8 << 10

STRICT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# A worker has the policy that its own file came with: that of the map fetches the land.
SCRIPT_POLICY = POLICY.replace("'none';", "'none'; connect-src 'self';", 1)
POLICIES = {"text/html": PAGE_POLICY, "text/javascript": SCRIPT_POLICY}


class Guard:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp, entrance: Entrance, clock: Clock) -> None:
        """Take the application within, the ways in, and the clock for the limits."""
        self._app, self._entrance, self._settings = app, entrance, entrance.settings
        self._rate = Rate(self._settings.requests_per_s, self._settings.requests_burst, clock)
        self._sockets = Places(self._settings.sockets, self._settings.sockets_each)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        answered = Answered(send, secure=self._entrance.secure(scope))
        try:
            await self._admit(scope, receive, answered)
        except (WebSocketDisconnect, ClientDisconnected):  # gone, the second before the stream stood
            return
        except Exception as error:
            response = errors.of(error)
            if answered.started:  # too late for an answer: the connection is cut
                raise ConnectionAbortedError from None
            await response(scope, receive, answered)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._check_shape(scope)
        self._check_rate(scope)
        _check_asked_here(scope)
        person = None if scope["path"] in PROBES else await run_in_threadpool(self._entrance.who, scope)
        scope.setdefault("state", {})["person"] = person
        if person is None and scope["path"] not in OPEN:
            stranger = _stranger(scope)
            if stranger is None:
                raise Refusal(401, "no valid credential", "", "Log in, or send Authorization: Bearer TOKEN.", BEARER)
            await stranger(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send, person)
        else:
            await self._request(scope, receive, send, person)

    def _check_shape(self, scope: Scope) -> None:
        headers = scope["headers"]
        if len(headers) > MOST_HEADERS or sum(len(k) + len(v) for k, v in headers) > self._settings.header_bytes:
            raise Refusal(431, "the headers of the request are too large")
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MOST_URL:
            raise Refusal(414, "the address of the request is too long")
        if not host_is_ours(scope, self._settings):
            raise Refusal(421, "this watch does not go by that name", "Host", "Use its address, or --allow-host NAME.")
        unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
        if unsafe and not origin_is_ours(scope, self._settings):
            raise Refusal(403, "the request comes from another site", "Origin", "Use the watch's own page.")
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or len(length) > 15 or int(length) > self._settings.body_bytes:
            raise Refusal(413, f"the body is larger than {self._settings.body_bytes} bytes")

    def _check_rate(self, scope: Scope) -> None:
        # Web pages elsewhere that ask from the officer's browser must not use up what the officer may ask.
        elsewhere = Headers(scope=scope).get("sec-fetch-site") in ELSEWHERE
        wait_s = self._rate.wait_s(address_key(address_of(scope)) + " elsewhere" * elsewhere)
        if wait_s > 0:
            raise Refusal(429, "too many requests", "", "Wait a little.", {"Retry-After": str(math.ceil(wait_s))})

    async def _socket(self, scope: Scope, receive: Receive, send: Send, person: Person | None) -> None:
        headers = Headers(scope=scope)
        if person is not None and person.how == "session" and "origin" not in headers:
            raise Refusal(403, "a browser says where it comes from", "Origin", "Programs use a token.")
        key = person.name if person else address_key(address_of(scope))
        if not self._sockets.take(key):
            raise Refusal(503, "too many streams are open", "", "Close one.")
        serving = asyncio.ensure_future(self._app(scope, receive, send))
        try:
            while not (await asyncio.wait([serving], timeout=self._settings.recheck_s))[0]:
                if not await self._still(scope, person):
                    serving.cancel()
                    await asyncio.wait([serving])
                    await send({"type": "websocket.close", "code": 1008, "reason": "no longer logged in"})
                    return
            serving.result()
        finally:
            self._sockets.leave(key)
            serving.cancel()

    async def _still(self, scope: Scope, person: Person | None) -> bool:
        """Return whether the credentials of an open stream still name the same person with the same rights."""
        try:
            return await run_in_threadpool(partial(self._entrance.who, scope, use=False)) == person
        except BadStore:
            return True  # trouble with the disk must not end the officers' view

    async def _request(self, scope: Scope, receive: Receive, send: Send, person: Person | None) -> None:
        body = await _whole_body(receive, self._settings.body_bytes)
        if body is None:
            return  # the client has gone
        acts = scope["method"] not in SAFE and scope["path"] != "/login"  # that one proves itself by the password
        if acts and person is not None and person.how == "session":
            _check_meant(Headers(scope=scope), body, person)
        await self._app(scope, _Replay(body, receive), send)


class Answered:
    """The way out: adds the strict headers, and remembers whether an answer has begun."""

    def __init__(self, send: Send, *, secure: bool) -> None:
        """Take the way out of the server."""
        self._send, self._secure = send, secure
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Send one message."""
        kind = message["type"]
        if kind in ("http.response.start", "websocket.http.response.start"):
            self._strict(MutableHeaders(raw=message.setdefault("headers", [])))
        self.started = self.started or kind.startswith(("http.response", "websocket"))
        await self._send(message)

    def _strict(self, headers: MutableHeaders) -> None:
        for name, value in STRICT.items():
            headers[name] = value
        kind = headers.get("content-type", "").split(";")[0]
        headers["Content-Security-Policy"] = POLICIES.get(kind, POLICY)
        headers.setdefault("Cache-Control", "no-store")
        if self._secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"


class _Replay:
    """Gives the application the body that has been read, then waits for the client to go."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _whole_body(receive: Receive, most: int) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > most:
            raise Refusal(413, f"the body is larger than {most} bytes")
        if not message.get("more_body", False):
            return bytes(body)


def _check_asked_here(scope: Scope) -> None:
    """Refuse what a page elsewhere asks for by itself: it may not read the answer, but it could ask without end.

    A click on a link is a step of the person: a document to navigate to. Programs send no such headers.
    """
    headers = Headers(scope=scope)
    step = headers.get("sec-fetch-mode", "navigate"), headers.get("sec-fetch-dest", "document")
    if headers.get("sec-fetch-site") in ELSEWHERE and step != ("navigate", "document"):
        raise Refusal(403, "the request comes from another site", "Sec-Fetch-Site", "Use the watch's own page.")


def _check_meant(headers: Headers, body: bytes, person: Person) -> None:
    """Refuse what another site may have made a browser send: our own page adds what another cannot."""
    if headers.get("x-anchorwatch") == "1":
        return  # a page elsewhere may not add a header of its own without our leave, which we never give
    given = headers.get("x-csrf-token", "")
    if not given and headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        given = parse_qs(body.decode("utf-8", "replace"), max_num_fields=100).get("csrf", [""])[0]
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), person.csrf.encode()):
        raise Refusal(403, "the request does not show that it was meant", "", "Send the header X-Anchorwatch: 1.")


def _stranger(scope: Scope) -> Response | None:
    """Return what a browser without a session gets for a page; None for a program."""
    headers = Headers(scope=scope)
    if scope["type"] != "http" or scope["method"] not in SAFE or "text/html" not in headers.get("accept", ""):
        return None
    path = quote("/" + scope["path"].lstrip("/"), safe="/")  # two slashes would name another host
    if scope["query_string"]:  # a view of the console is a link with all that it shows
        path += "?" + quote(scope["query_string"].decode("latin-1"), safe="=&,.:;/+-_~%")
    if headers.get("sec-fetch-site") == "cross-site":
        # A strict cookie is not sent with a click on a link in a mail, but with the step from our own page.
        page = f'<!doctype html><meta http-equiv="refresh" content="0;url={path}"><title>Anchorwatch</title>'
        return Response(page, media_type="text/html")
    return RedirectResponse(f"/login?next={quote(path, safe='')}", 303)
