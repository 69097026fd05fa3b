"""Was the request meant for us, and does it come from our own page? Against DNS rebinding and forged requests."""

from __future__ import annotations

import re
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

from anchorwatch.console.settings import Settings, is_loopback

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?(?::(?P<port>[0-9]{1,5}))?")


def host_is_ours(scope: Scope, settings: Settings) -> bool:
    """Return whether the Host header names this watch.

    A page elsewhere can point a name of its own at this machine (DNS rebinding); then the Host header holds that name.
    It cannot do so with an address, so the address that the connection came in at is always right, on any port
    (a tunnel changes the port).
    """
    hosts = Headers(scope=scope).getlist("host")
    match = _HOST.fullmatch(hosts[0].lower()) if len(hosts) == 1 else None
    if match is None:
        return False
    name = match["name"].strip("[]")
    named = {
        "localhost",
        settings.host.lower().strip("[]"),
        settings.public_host,
        *map(str.lower, settings.allow_hosts),
    }
    if name in named - {"", "0.0.0.0", "::"}:
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    here = str((scope.get("server") or ("", 0))[0])
    return (address.is_loopback and is_loopback(here)) or str(address) == here.removeprefix("::ffff:")


def origin_is_ours(scope: Scope, settings: Settings) -> bool:
    """Return whether a browser sent this from our own page; also where no browser sent it."""
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")  # a page cannot set this header
    if site not in (None, "same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    if origin == "null":  # so a form is sent from a page with Referrer-Policy: no-referrer
        return site == "same-origin"
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    ours = {f"{scheme}://{headers.get('host', '').lower()}", settings.public_origin}
    return origin != "" and origin.lower() in ours
