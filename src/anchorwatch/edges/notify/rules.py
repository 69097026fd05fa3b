"""Notification rules: a TOML file with a `[[channel]]` for each place where alerts are told (docs/notify.md)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import quote, unquote, urlsplit

from anchorwatch.edges.notify import quiet
from anchorwatch.edges.notify.channel import EVENTS, FOR_MACHINES, FOR_PEOPLE, Channel, is_for_machines
from anchorwatch.edges.toml_table import Place, Table, nearest, parsed
from anchorwatch.errors import BadInput
from anchorwatch.model import ALERT_KINDS, LEVELS

LARGEST_BYTES = 1 << 20
MOST_CHANNELS = 100
KEYS = (
    "name", "url", "at_least", "kinds", "assets", "events", "quiet", "quiet_alarms", "most_per_hour", "limit_s",
    "authority", "certificate", "key",
)  # fmt: skip
TLS_FILES = ("authority", "certificate", "key")
COT = ("cot+udp", "cot+tcp", "cot+tls")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SECRET = re.compile(r"\$\{([A-Z][A-Z0-9_]{0,63})\}")


class Keys(Protocol):
    """Where secrets come from (edges.feeds.secrets.Secrets)."""

    def get(self, name: str) -> str | None:
        """Return a secret, None where there is none."""


class Rules(NamedTuple):
    """What the file says."""

    channels: tuple[Channel, ...]
    link: str = ""  # with {id}: where a person finds the alert; "" = nowhere


def read(path: str | Path, secrets: Keys) -> Rules:
    """Read a file of rules; BadInput names file, line and key."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise BadInput(f"the file cannot be read ({error.strerror})", str(path), "Check its name") from None
    if len(data) > LARGEST_BYTES:
        raise BadInput("the file is too large for notification rules", str(path), "At most 1 MiB")
    return of_text(data, str(path), secrets)


def of_text(text: str | bytes, file: str, secrets: Keys) -> Rules:
    """Return the rules of a TOML text."""
    said, place, _ = parsed(text, file, "docs/notify.md shows how rules are written")
    top = Table(said, place, ("link", "channel"))
    tables = list(top.tables("channel", KEYS))
    if not 0 < len(tables) <= MOST_CHANNELS:
        raise place.wrong(f"there are {len(tables)} channels", f"Write 1 to {MOST_CHANNELS} tables [[channel]]")
    channels: dict[str, Channel] = {}
    for table in tables:
        channel = _channel(table, secrets)
        if channel.name in channels:
            raise table.place.of("name").wrong(f"there is a channel {channel.name!r} already", "Give it another name")
        channels[channel.name] = channel
    return Rules(tuple(channels.values()), _link(top))


def _link(top: Table) -> str:
    link = top.text("link", "")
    if link and (not link.startswith(("http://", "https://")) or link.count("{id}") != 1 or re.search(r"\s", link)):
        raise top.place.of("link").wrong("this cannot lead to an alert", 'Write "https://HOST/.../{id}"')
    return link


def _channel(table: Table, secrets: Keys) -> Channel:
    name = table.text("name")
    if not _NAME.fullmatch(name) or len(name) > 60:
        raise table.place.of("name").wrong("this cannot be a name", "Use small letters, digits and hyphens")
    written = table.text("url")
    url = _filled(written, secrets, table.place.of("url"))
    scheme = url.partition("://")[0].lower()
    if is_for_machines(scheme):
        _only_for_people(table, scheme)
    return Channel(
        name=name,
        url=url,
        shown=_checked(url, written, table.place.of("url")),
        at_least=table.choice("at_least", LEVELS, "warning"),
        kinds=_words(table, "kinds", ALERT_KINDS),
        assets=table.texts("assets"),
        events=_words(table, "events", EVENTS) or (FOR_MACHINES if is_for_machines(scheme) else FOR_PEOPLE),
        quiet=_quiet(table),
        quiet_alarms=table.flag("quiet_alarms"),
        most_per_hour=table.whole("most_per_hour", least=1, most=3600) if "most_per_hour" in table else None,
        limit_s=table.number("limit_s", 30, 1, 300),
        where=table.place.of("url").where,
        files=_files(table, scheme),
    )


def _only_for_people(table: Table, scheme: str) -> None:
    for key in ("quiet", "quiet_alarms", "most_per_hour"):
        if key in table:
            raise table.place.of(key).wrong(f"{key!r} does not go with {scheme}: a machine is told at once", "Leave it")


def _filled(written: str, secrets: Keys, place: Place) -> str:
    """Put secrets in the place of ${NAME}. A whole URL is taken as it is, a part of one is percent-encoded."""

    def secret(match: re.Match[str]) -> str:
        value = secrets.get(match[1])
        if not value:
            raise place.wrong(
                f"the secret {match[1]} is not given", f"Set ANCHORWATCH_{match[1]} or ANCHORWATCH_{match[1]}_FILE"
            )
        return value.strip() if match[0] == written else quote(value.strip(), safe="")

    url = _SECRET.sub(secret, written)
    if "${" in _SECRET.sub("", written):
        raise place.wrong("this ${...} is no name of a secret", "Use capital letters, digits and _: ${MAIL_PASSWORD}")
    return url


def _checked(url: str, written: str, place: Place) -> str:
    """Return what a URL may be shown as; BadInput where it cannot be used."""
    scheme, mark, rest = url.partition("://")
    if not mark or not rest or re.search(r"[\x00-\x20\x7f]", url):
        raise place.wrong("this is no URL", 'Write "mqtt://HOST/TOPIC", "cot+udp://HOST:PORT" or an apprise URL')
    if _literal_password(written):
        raise place.wrong("a password stands in this file", "Write ${NAME} and set ANCHORWATCH_NAME or ..._FILE")
    if is_for_machines(scheme.lower()):
        return _machine(url, place)
    return scheme.lower()  # more could be a token: slack://TOKEN/...


def _literal_password(written: str) -> bool:
    authority = re.split(r"[/?#]", _SECRET.sub("", written).partition("://")[2])[0]
    password = authority.rpartition("@")[0].partition(":")[2]
    return bool(password)


def _machine(url: str, place: Place) -> str:
    scheme = url.partition("://")[0].lower()
    if scheme.startswith("cot+") and scheme not in COT:
        raise place.wrong(f"{scheme!r} is not known here", nearest(scheme, COT))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise place.wrong("host and port cannot be read", "Write HOST:PORT, a port from 1 to 65535") from None
    if not host or port == 0 or parts.query or parts.fragment:
        raise place.wrong("this needs a host and a port, and takes nothing after ? or #", "Write SCHEME://HOST:PORT")
    topic = unquote(parts.path[1:])
    if scheme in COT:
        if not port or topic or parts.username:
            raise place.wrong(
                "Cursor-on-Target takes a host and a port and nothing else", f'Write "{scheme}://HOST:PORT"'
            )
        return f"{scheme}://{_bracketed(host)}:{port}"
    if not topic or re.search(r"[+#\x00-\x1f\ufffd]", topic) or len(topic.encode()) > 60_000 or topic.startswith("$"):
        raise place.wrong("this is no topic to publish to", f'Write "{scheme}://HOST/TOPIC" without + and #')
    return f"{scheme}://{_bracketed(host)}{f':{port}' if port else ''}/{topic}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _words(table: Table, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    words = table.texts(key)
    for number, word in enumerate(words):
        if word not in known:
            raise table.place.of(key, number).wrong(f"{word!r} is not known here", nearest(word, known))
    return words


def _quiet(table: Table) -> quiet.Quiet | None:
    if "quiet" not in table:
        return None
    try:
        return quiet.read(table.text("quiet"))
    except ValueError as error:
        raise table.place.of("quiet").wrong(
            str(error), 'Write "22:00-06:00" or "22:00-06:00 Europe/Helsinki"'
        ) from None


def _files(table: Table, scheme: str) -> dict[str, Path]:
    files = {key: Path(table.text(key)).expanduser() for key in TLS_FILES if key in table}
    for key, path in files.items():
        if scheme not in ("cot+tls", "mqtts"):
            raise table.place.of(key).wrong(f"{key!r} goes with cot+tls and mqtts only", "Leave it out")
        if not path.is_file():
            raise table.place.of(key).wrong(f"there is no file {str(path)!r}", "Check its name")
    if "key" in files and "certificate" not in files:
        raise table.place.of("key").wrong("a key needs its certificate", "Add certificate = ...")
    return files
