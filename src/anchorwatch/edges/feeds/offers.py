"""The open feeds that a person may switch on while the watch runs: a fixed list, and which of them were chosen.

The choice is kept in `feeds.toml` of the data folder. It holds names of this list and nothing else: no file and no
request can make the watch connect anywhere else.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.errors import BadInput, BadStore, BadUse
from anchorwatch.picture import policy

FILE = "feeds.toml"
MOST_BYTES = 64 << 10  # four names have some tens of bytes
NEXT = "Switch the feeds on again in the console, or remove the file"
HEAD = "# Open feeds that were switched on in the console; `anchorwatch watch` connects to them at its start.\n"


class Offer(NamedTuple):
    """One open feed."""

    name: str  # of the feed; its folder in the raw log
    title: str
    area: str  # where it hears
    licence: str
    keys: tuple[str, ...] = ()  # names of the secrets that it needs
    account: str = ""  # where these come from

    @property
    def url(self) -> str:
        """Return what `--feed` would be given."""
        return f"{self.name}:"

    @property
    def policy(self) -> str:
        """Return what it leaves out by rule."""
        return policy.of(self.name).text

    def needs(self, secrets: Secrets) -> str:
        """Return what is missing before it can be heard, and where to put it; "" = nothing."""
        try:
            missing = [key for key in self.keys if secrets.get(key) is None]
        except BadUse as error:  # a file that others can read, or with no key in it
            return str(error)
        if not missing:
            return ""
        try:
            secrets.need(missing[0], self.url)
        except BadUse as error:
            others = "".join(f", likewise {key}" for key in missing[1:])
            return f"{error.what}. {error.next_step}{others}. {self.account}"
        return ""


# As docs/feeds.md: licences as the services state them, areas as their stations hear.
OFFERS = (
    Offer("digitraffic", "Fintraffic, Digitraffic", "Finnish waters and the northern Baltic", "CC BY 4.0"),
    Offer("kystverket", "Norwegian Coastal Administration", "Norwegian waters", "NLOD"),
    Offer(
        "barentswatch",
        "BarentsWatch",
        "Norwegian waters",
        "NLOD",
        ("BARENTSWATCH_CLIENT_ID", "BARENTSWATCH_CLIENT_SECRET"),
        "A client is made on barentswatch.no, My page",
    ),
    Offer(
        "aisstream",
        "aisstream.io, receivers of volunteers",
        "the Baltic and the Skagerrak, where a volunteer listens",
        "none stated: do not pass raw data on",
        ("AISSTREAM_KEY",),
        "A key is made on aisstream.io",
    ),
)
BY_NAME = {offer.name: offer for offer in OFFERS}


def chosen(folder: Path) -> tuple[str, ...]:
    """Return the names that are switched on, in order of the list. Raises BadInput where the file cannot be read."""
    path = folder / FILE
    try:
        with path.open("rb") as file:
            said = tomllib.loads(file.read(MOST_BYTES).decode()).get("on", [])
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise BadInput(f"cannot be read ({error.strerror})", str(path), NEXT) from None
    except (ValueError, RecursionError):  # also UnicodeDecodeError and TOMLDecodeError
        raise BadInput("this is not TOML", str(path), NEXT) from None
    if not isinstance(said, list) or any(name not in BY_NAME for name in map(str, said)):
        raise BadInput(f"`on` is no list of {', '.join(BY_NAME)}", str(path), NEXT)
    return tuple(name for name in BY_NAME if name in said)


def keep(folder: Path, names: Iterable[str]) -> None:
    """Write down which are switched on: whole, or not at all. Raises BadStore."""
    path = folder / FILE
    quoted = ", ".join(f'"{name}"' for name in BY_NAME if name in set(names))
    new = path.with_suffix(".new")
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(f"{HEAD}on = [{quoted}]\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise BadStore(f"cannot be written ({error.strerror})", str(path), "Make room; then try again") from None
