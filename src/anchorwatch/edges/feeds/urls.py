"""`--feed URL`: what may be said, and the feed that it opens. The kinds are imported only when they are used."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.records import plain
from anchorwatch.errors import BadUse


class Scheme(NamedTuple):
    """One kind of feed."""

    opener: str  # "module:function" in this folder: (Address, Clock, Secrets) -> Feed
    shape: str  # how it is written, for messages
    options: frozenset[str] = frozenset()  # beside those of all kinds
    hold_s: float = 30.0  # receivers heard directly: their lines come within seconds
    silent_s: float = 120.0
    format: str = ""  # "" = recognised from the first lines
    host: bool = False  # //HOST:PORT is needed
    path: bool = False  # a path is needed


def options(*names: str) -> frozenset[str]:
    """Return names of options."""
    return frozenset(names)


def _service(name: str, form: str, extra: frozenset[str] = frozenset(), silent_s: float = 120.0) -> Scheme:
    """Return a service by its name: it gathers from many receivers, so its lines may come two minutes late."""
    return Scheme(f"{name}:open_{name}", f"{name}:", extra, 120.0, silent_s, form)


SCHEMES: dict[str, Scheme] = {
    "tcp": Scheme("tcp:open_client", "tcp://HOST:PORT", host=True),
    "tcp-listen": Scheme("tcp_listen:open_listener", "tcp-listen://ADDRESS:PORT", options("open", "from"), host=True),
    "udp": Scheme("udp:open_udp", "udp://ADDRESS:PORT", options("interface", "from"), host=True),
    "serial": Scheme("serial_line:open_serial", "serial:/dev/ttyUSB0", options("baud"), path=True),
    "file": Scheme("files:open_file", "file:PATH", hold_s=120.0, path=True),
    "stdin": Scheme("stdin:open_stdin", "stdin:", hold_s=120.0),
    "digitraffic": _service("digitraffic", "digitraffic", silent_s=60.0),
    "aisstream": _service("aisstream", "aisstream", options("box")),
    "barentswatch": _service("barentswatch", "barentswatch"),
    "kystverket": _service("kystverket", "nmea"),
}

EVERY = options("hold", "silent", "format")
_SECRET = re.compile(r"key|token|user|login|passw|pwd|secret|credential|client.?id|auth", re.IGNORECASE)
_NAMED = re.compile(r"(?P<name>[^=:/?#]*)=(?P<url>[A-Za-z][A-Za-z0-9+.-]*:.*)", re.DOTALL)
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
NAME_LENGTH = 40
MOST_S = 7 * 86400.0  # no traffic is put in order over more than a week


@dataclass(frozen=True)
class Address:
    """What a URL says, and what its kind adds."""

    scheme: str
    name: str
    url: str  # as shown; there are no secrets in it
    host: str
    port: int
    path: str
    options: Mapping[str, str]
    format: str
    hold_back_s: float
    silent_after_s: float

    def bad(self, what: str, next_step: str = "") -> BadUse:
        """Return an error that says where."""
        return BadUse(what, self.url, next_step)


def known() -> str:
    """Return all kinds in one line."""
    return ", ".join(scheme.shape for scheme in SCHEMES.values())


def parse(url: str, name: str = "") -> Address:
    """Return what a URL says. Raises BadUse, without repeating anything that could be a secret."""
    if not name and (named := _NAMED.fullmatch(url)) and named["url"].split(":")[0].lower() in SCHEMES:
        name, url = named["name"], named["url"]
        if not _NAME.fullmatch(name):
            raise BadUse("the name of a feed has small letters, digits and - only", f"--feed {plain(name)[:40]}=...")
    word, colon, rest = url.partition(":")
    word = word.lower()
    try:
        os.fsencode(url)
    except UnicodeError:
        raise BadUse("this is no text", "--feed", f"Known are {known()}") from None
    if not colon or word not in SCHEMES:
        shown = f" {word}:" if re.fullmatch(r"[a-z0-9+.-]{1,20}", word) and colon else ""
        raise BadUse(f"no such kind of feed{shown}", "--feed", f"Known are {known()}")
    scheme, where = SCHEMES[word], f"--feed {word}:"
    before, question, after = rest.rpartition("?") if _has_options(rest, word) else (rest, "", "")
    said = _options(after, scheme, where) if question else {}
    host, port, path = _place(before, scheme, where)
    return Address(
        word,
        name or _derived(word, host, port, path),
        plain(url),
        host,
        port,
        path,
        said,
        _format(said, scheme, where),
        _seconds(said, "hold", scheme.hold_s, where, 0.0),
        _seconds(said, "silent", scheme.silent_s, where, 1e-3),
    )


def _has_options(rest: str, word: str) -> bool:
    """Tell whether a question mark begins options; a file may have one in its name."""
    last = rest.rpartition("?")[2]
    return "?" in rest and (word != "file" or re.fullmatch(r"[a-z]+=[^/]*", last) is not None)


def _options(text: str, scheme: Scheme, where: str) -> dict[str, str]:
    said: dict[str, str] = {}
    allowed = EVERY | scheme.options
    for part in text.split("&"):
        name, equals, value = part.partition("=")
        if _SECRET.search(name) and name not in allowed:
            raise _secret(where)
        if name not in allowed or not equals or name in said:
            shown = plain(name)[:20]
            wrong = "is said twice" if name in said else "needs a value" if name in allowed else "is not known"
            raise BadUse(f"the option {shown!r} {wrong}", where, f"Its options are {', '.join(sorted(allowed))}")
        said[name] = unquote(value)
    return said


def _secret(where: str) -> BadUse:
    next_step = "Keys come from the environment or a file (docs/feeds.md), where other users cannot read them"
    return BadUse("a key, user or password does not belong into a URL", where, next_step)


def _place(text: str, scheme: Scheme, where: str) -> tuple[str, int, str]:
    """Return host, port and path."""
    wanted = f"Write it as {scheme.shape}"
    if "@" in text and not scheme.path:
        raise _secret(where)
    if scheme.path:
        path = text[2:] if text.startswith("///") else text
        if not path or "\0" in path:
            raise BadUse("there is no path", where, wanted)
        return "", 0, path
    if not scheme.host:
        if text.strip("/"):
            raise BadUse("nothing but options may follow", where, wanted)
        return "", 0, ""
    try:
        parts = urlsplit(f"x:{text}")
        host, port = parts.hostname or "", parts.port
        host.encode("idna")  # a name that cannot be looked up: an empty label, one of more than 63 bytes
    except ValueError:
        raise BadUse("the address cannot be read", where, wanted) from None
    if not host or not port or parts.path.strip("/") or parts.fragment or not re.fullmatch(r"[\w.:%-]{1,253}", host):
        raise BadUse("the address needs a host and a port, and nothing else", where, wanted)
    return host, port, ""


def _seconds(said: Mapping[str, str], name: str, otherwise: float, where: str, least: float) -> float:
    if name not in said:
        return otherwise
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,6})?", said[name]) or not least <= float(said[name]) <= MOST_S:
        raise BadUse(f"{name} needs a number of seconds", where, f"As in ?{name}=60")
    return float(said[name])


def _format(said: Mapping[str, str], scheme: Scheme, where: str) -> str:
    if "format" not in said:
        return scheme.format
    from anchorwatch.decode.recognise import JSON, TEXT, WHOLE

    names = [form.name for form in (*TEXT, *JSON) if form.name not in WHOLE]
    if said["format"] not in names:
        raise BadUse("this format is not known", where, f"Known are {', '.join(names)}")
    return said["format"]


def _derived(word: str, host: str, port: int, path: str) -> str:
    """Return a name for a feed: tcp-host-5631, serial-ttyusb0, file-ais-log, digitraffic."""
    what = f"{word}-{host}-{port}" if host else f"{word}-{path.rstrip('/').rpartition('/')[2]}"
    return re.sub(r"[^a-z0-9]+", "-", what.lower())[:NAME_LENGTH].strip("-")


def open_feed(url: str, clock: Clock, *, name: str = "", secrets: Secrets) -> Feed:
    """Return the feed that a URL says, not yet connected. Raises BadUse."""
    return _opened(parse(url, name), clock, secrets)


def _opened(address: Address, clock: Clock, secrets: Secrets) -> Feed:
    module, _, function = SCHEMES[address.scheme].opener.partition(":")
    opener: Callable[[Address, Clock, Secrets], Feed]
    opener = getattr(import_module(f"anchorwatch.edges.feeds.{module}"), function)
    return opener(address, clock, secrets)


def open_feeds(urls: Sequence[str], clock: Clock, secrets: Secrets) -> list[Feed]:
    """Return the feeds of several URLs, each `NAME=URL` or `URL`; their names are unique. Raises BadUse."""
    from dataclasses import replace

    told = [parse(url) for url in urls]
    given = [a.name for a, url in zip(told, urls, strict=True) if url.startswith(f"{a.name}=")]
    for name in given:
        if given.count(name) > 1:
            raise BadUse("two feeds have this name", f"--feed {name}=...", "Give each its own")
    shown = [a.url for a in told]
    taken, feeds = set(given), []
    for address, url in zip(told, urls, strict=True):
        if shown.count(address.url) > 1:
            raise BadUse("this feed is named twice", address.url)
        name, number = address.name, 1
        while not url.startswith(f"{address.name}=") and name in taken:
            number += 1
            name = f"{address.name[: NAME_LENGTH - 4]}-{number}"
        taken.add(name)
        feeds.append(_opened(replace(address, name=name), clock, secrets))
    return feeds
