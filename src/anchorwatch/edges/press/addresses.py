"""Addresses of feeds: what may be asked, what is shown of it, and which machines a redirect may lead to."""

from __future__ import annotations

import base64
import ipaddress
import re
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from anchorwatch.edges.records import plain
from anchorwatch.errors import BadUse

MOST_URL = 2000  # characters; so much any server takes
_SECRET = re.compile(
    r"([?&#;](?:[^=&#;]*(?:key|token|user|login|pass|pwd|secret|credential|auth|sig|session|access|jwt|bearer)[^=&#;]*"
    r"|k|sid|uid|code|hash|policy)=)[^&#;]*",
    re.IGNORECASE,
)
_HOST = re.compile(r"[A-Za-z0-9_.-]{1,253}|[0-9A-Fa-f:.]{2,45}")
_NAMED = re.compile(r"([^=:/?#@]{1,60})=(https?://.*)", re.IGNORECASE | re.DOTALL)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64 (RFC 6052): an IPv4 address is in its last four bytes


class Address(NamedTuple):
    """One URL, taken apart."""

    scheme: str
    host: str  # as it is looked up: ASCII
    port: int
    target: str  # path and query
    shown: str  # without user, password, or what looks like a key
    authorization: str  # of the HTTP header; "" = none

    @property
    def place(self) -> str:
        """Return host and port as the Host header says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _usual(self.scheme) else f"{host}:{self.port}"

    def at(self, ip: str) -> str:
        """Return the URL with a machine's number in place of its name."""
        return f"{self.scheme}://{f'[{ip}]' if ':' in ip else ip}:{self.port}{self.target}"


def is_url(text: str) -> bool:
    """Tell whether a word of the command line is a URL and no file."""
    return re.match(r"(?:[^=:/?#@]{1,60}=)?https?:", text, re.IGNORECASE) is not None


def named(text: str) -> tuple[str | None, str]:
    """Return (name, URL) of `NAME=URL` or `URL`."""
    match = _NAMED.fullmatch(text)
    return (plain(match[1]).strip() or None, match[2]) if match else (None, text)


def parse(url: str) -> Address:
    """Return an address. Raises BadUse that repeats no secret."""
    where = shown(url)
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:
        raise BadUse("this address cannot be read", where, "Write it like https://HOST/PATH") from None
    if parts.scheme not in ("http", "https"):
        raise BadUse("only http and https are fetched", where, "Write it like https://HOST/PATH")
    if not _HOST.fullmatch(host) or port == 0 or len(url) > MOST_URL or not url.isprintable() or "\\" in url:
        raise BadUse("this address cannot be read", where, "Write it like https://HOST/PATH")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if parts.username is None and parts.password is None:
        said = ""
    else:
        user = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        said = "Basic " + base64.b64encode(user.encode()).decode()
    return Address(parts.scheme, host, port or _usual(parts.scheme), _quoted(target), where, said)


def shown(url: str) -> str:
    """Return a URL as it may be printed and kept: no user, no password, no key."""
    bare = re.sub(r"^([^/?#]*//)[^/?#]*@", r"\1", url.strip())
    return plain(_SECRET.sub(r"\1***", bare))[:MOST_URL]


def _usual(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _quoted(target: str) -> str:
    """Return path and query as they may stand in a request: a blank or a letter of no ASCII would end it early."""
    return re.sub(r"[^!-~]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode("utf-8", "replace")), target)


def next_of(here: Address, location: str, given: Address) -> Address | str:
    """Return where a redirect leads, or why it is not followed. given: what the user said."""
    try:
        base = f"{here.scheme}://{here.place}{here.target}"
        there = parse(urljoin(base, location.strip()[:MOST_URL]))
    except (BadUse, ValueError):
        return "it is redirected to what is no http address"
    if there.authorization:
        return "it is redirected to an address with a password in it"
    if here.scheme == "https" and there.scheme == "http":
        return "it is redirected from https to http"
    same = (there.scheme, there.host, there.port) == (given.scheme, given.host, given.port)
    return there._replace(authorization=given.authorization) if same else there


def is_users_own(there: Address, given: Address) -> bool:
    """Tell whether an address is the very place that the user gave, or that place by https: it may be local."""
    if there.host != given.host:
        return False
    return there.port == given.port or (given.scheme, given.port, there.scheme, there.port) == (
        "http",
        80,
        "https",
        443,
    )


def is_public(number: str) -> bool:
    """Tell whether a machine's number is one of the open Internet, in every disguise that it may come in."""
    try:
        ip = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if int(ip) >> 32 == 0:  # the old form of an IPv4 address inside
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
