"""Fetch one address, with a limit to everything: bytes, time, redirects, and where these may lead.

The machine that a name stands for is looked up here, checked, and connected to by its number: a name that means
another machine a moment later does not help. An address that the user gave may be local; no redirect may lead there.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from anchorwatch import __version__
from anchorwatch.desk.reading.gdelt import is_of_gdelt
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.press.addresses import Address, is_public, is_users_own, next_of
from anchorwatch.edges.records import plain

if TYPE_CHECKING:
    import httpx

MOST_REDIRECTS = 5
GDELT_APART_S = 5.0  # its documentation: one request in 5 seconds
MOST_RETRY_S = 86_400.0  # a Retry-After of more than a day is a mistake
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_VALIDATOR = re.compile(r"[ !-~]{1,300}")
AGENT = f"anchorwatch/{__version__} (report desk; polls at most once a minute)"
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/xml;q=0.9, application/json;q=0.9, text/*;q=0.8, */*;q=0.1"
)


class Limits(NamedTuple):
    """How much is taken of one address."""

    bytes: int = 20 << 20  # unpacked; a feed with whole articles has under 5 MB
    total_s: float = 60.0
    silent_s: float = 20.0  # without a single byte


class Fetched(NamedTuple):
    """What an address has given."""

    data: bytes
    etag: str = ""
    modified: str = ""
    same: bool = False  # nothing new since the last time (304)
    cut: str = ""  # why it is not the whole


class Failed(Exception):
    """Nothing could be fetched: why, in one line without secrets; how long to wait, where the other side says so."""

    def __init__(self, why: str, wait_s: float = 0.0) -> None:
        """Take why, and how long to wait."""
        super().__init__(plain(why)[:300])
        self.why, self.wait_s = plain(why)[:300], wait_s


Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """Return the numbers of the machines that a name stands for. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


@dataclass
class _Body:
    """What has come so far."""

    data: bytearray
    most: int
    packed: bool

    def __post_init__(self) -> None:
        self._unpack = zlib.decompressobj(wbits=31) if self.packed else None

    def add(self, piece: bytes) -> bool:
        """Take a piece; False where there is enough. Raises zlib.error."""
        room = self.most - len(self.data)
        if self._unpack is not None:  # of a gzip bomb, no more is unpacked than there is room for
            piece = self._unpack.decompress(piece, room + 1)
        self.data += piece[:room]
        return len(piece) <= room


class Fetcher:
    """Fetches addresses, one connection each: between two polls nothing stays open."""

    def __init__(
        self, clock: Clock, limits: Limits | None = None, tls: ssl.SSLContext | None = None,
        lookup: Resolve = resolve, may_lead_to: Callable[[str], bool] = is_public,
    ) -> None:  # fmt: skip
        """Take the clock, limits, and what tests replace: certificates, names, and where redirects may lead."""
        self._clock, self._limits, self._tls = clock, limits or Limits(), tls
        self._lookup, self._may_lead_to = lookup, may_lead_to
        self._public: set[str] = set()  # names that stood for public machines only
        self._gdelt_s = float("-inf")
        self._gdelt = asyncio.Lock()

    async def get(self, given: Address, etag: str = "", modified: str = "") -> Fetched:
        """Return what is there, as much of it as comes within the limits. Raises Failed."""
        if is_of_gdelt(f"{given.scheme}://{given.host}"):
            await self._gdelt_pace()
        asked = {"If-None-Match": etag, "If-Modified-Since": modified}
        body = _Body(bytearray(), self._limits.bytes, False)
        try:
            async with asyncio.timeout(self._limits.total_s):
                return await self._follow(given, {k: v for k, v in asked.items() if v}, body)
        except TimeoutError:
            if body.data:
                return Fetched(bytes(body.data), cut=f"it did not end within {self._limits.total_s:g} s")
            raise Failed(f"no answer within {self._limits.total_s:g} s") from None

    async def _gdelt_pace(self) -> None:
        async with self._gdelt:
            wait_s = self._gdelt_s + GDELT_APART_S - self._clock.monotonic_s()
            if wait_s > 0:
                await self._clock.sleep(wait_s)
            self._gdelt_s = self._clock.monotonic_s()

    async def _follow(self, given: Address, asked: Mapping[str, str], body: _Body) -> Fetched:
        here = given
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._ask(here, await self._numbers(here, given), asked, body)
            if isinstance(answer, Fetched):
                return answer
            there = next_of(here, answer, given)
            if isinstance(there, str):
                raise Failed(there)
            here = there
        raise Failed(f"it is redirected more than {MOST_REDIRECTS} times")

    async def _numbers(self, here: Address, given: Address) -> list[str]:
        """Return the numbers to connect to: each of them has been checked."""
        try:
            found = await self._lookup(here.host, here.port)
        except (OSError, UnicodeError):
            raise Failed(f"the name {here.host} is not known") from None
        if not found:
            raise Failed(f"the name {here.host} is not known")
        if all(map(self._may_lead_to, found)):
            self._public.add(here.host)
        elif here.host in self._public:  # whoever owns the name turns it against this network
            raise Failed("its name stood for a public machine, and now for one that is not; this is not followed")
        elif not is_users_own(here, given):
            raise Failed("it is redirected to an address that is not public, which is not followed")
        return found

    async def _ask(self, here: Address, numbers: list[str], asked: Mapping[str, str], body: _Body) -> Fetched | str:
        """Return the answer, or where it is redirected to."""
        import httpx

        headers = {"Host": here.place, "User-Agent": AGENT, "Accept": ACCEPT, "Accept-Encoding": "gzip", **asked}
        if here.authorization:
            headers["Authorization"] = here.authorization
        if here.host.endswith("digitraffic.fi"):
            headers["Digitraffic-User"] = f"anchorwatch/{__version__}"
        named = {} if here.host in numbers else {"sni_hostname": here.host}
        limits = self._limits
        self._tls = self._tls or ssl.create_default_context()
        async with httpx.AsyncClient(verify=self._tls, trust_env=False, timeout=limits.silent_s) as http:
            for number in numbers[:4]:
                try:
                    async with http.stream("GET", here.at(number), headers=headers, extensions=named) as answer:
                        return await _taken(answer, body)
                except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                    why = _words(error)
                except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
                    raise Failed(_words(error)) from None
        raise Failed(why)


async def _taken(answer: httpx.Response, body: _Body) -> Fetched | str:
    """Return what an answer holds, or where it leads. Raises Failed."""
    status = answer.status_code
    if status in _REDIRECTS:
        return str(answer.headers.get("location", ""))
    if status in (429, 503):
        said = "it was asked too often (429)" if status == 429 else "it is not available (503)"
        raise Failed(said, _retry_s(answer.headers))
    etag, modified = (_validator(answer.headers.get(name, "")) for name in ("etag", "last-modified"))
    if status == 304:
        return Fetched(b"", etag, modified, same=True)
    if status != 200:
        raise Failed(f"it answers with HTTP status {status}")
    packing = answer.headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise Failed("the answer is packed in a way that was not asked for")
    whole = _Body(body.data, body.most, packing.endswith("gzip"))
    cut = await _read(answer, whole)
    if cut:  # the next time it must be fetched whole
        return Fetched(bytes(body.data), cut=cut)
    return Fetched(bytes(body.data), etag, modified)


async def _read(answer: httpx.Response, body: _Body) -> str:
    """Read the body; return why it is not the whole. Raises Failed where there is nothing."""
    import httpx

    try:
        async for piece in answer.aiter_raw():
            if not body.add(piece):
                return f"it is longer than {body.most >> 20 or body.most} {'MB' if body.most >> 20 else 'bytes'}"
    except (httpx.HTTPError, httpx.StreamError, zlib.error) as error:
        why = "it is packed wrongly" if isinstance(error, zlib.error) else _words(error)
        if not body.data:
            raise Failed(why) from None
        return why
    return ""


def _validator(said: str) -> str:
    """Return an ETag or a date as it may be sent back."""
    return said if _VALIDATOR.fullmatch(said) else ""


def _retry_s(headers: httpx.Headers) -> float:
    """Return the seconds of a Retry-After: a number, or a date beside the date of the answer."""
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", said):
        return min(float(said), MOST_RETRY_S)
    try:
        until, now = parsedate_to_datetime(said), parsedate_to_datetime(headers.get("date", ""))
        return min(max(0.0, (until - now).total_seconds()), MOST_RETRY_S)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0


def _words(error: BaseException) -> str:
    """Return why a library gave up, without the address, which may hold a key."""
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return "it does not answer"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not good ({cause.verify_message})"
        if isinstance(cause, OSError) and cause.errno:
            return f"it cannot be reached ({os.strerror(cause.errno) if cause.errno > 0 else cause.strerror})"
        cause = cause.__cause__ or cause.__context__
    return "it broke off" if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError) else "it cannot be reached"
