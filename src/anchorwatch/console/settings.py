"""How the watch listens and how much it bears from one client."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from anchorwatch.errors import BadUse

PORT = 8741


@dataclass(frozen=True)
class Settings:
    """Where to listen and the limits. The defaults are for a watch floor of some ten officers."""

    host: str = "127.0.0.1"
    port: int = PORT
    data: Path | None = None  # folder of the local key; None = there is no local key
    allow_hosts: tuple[str, ...] = ()  # further names under which clients reach the watch
    public_url: str = ""  # https address of a proxy on this machine that speaks TLS for us
    tls_cert: Path | None = None
    tls_key: Path | None = None
    body_bytes: int = 1 << 20
    header_bytes: int = 16 << 10
    header_s: float = 10.0  # all headers of a request must have come within so long (nginx: 60, Apache: 20 to 40)
    body_s: float = 30.0  # and its body
    write_s: float = 30.0  # a client that takes nothing of an answer for so long is cut off
    idle_s: int = 15  # a connection kept open without a request
    connections: int = 512
    connections_each: int = 64  # of one address; a browser opens 6, a proxy on this machine is let have all
    sockets: int = 64
    sockets_each: int = 16  # of one person
    recheck_s: float = 15.0  # how long a stream may go on after its person has been removed or has logged out
    requests_per_s: float = 50.0  # of one address, on average
    requests_burst: int = 300

    @property
    def public_host(self) -> str:
        """Return the name in the public address, in small letters."""
        return (urlsplit(self.public_url).hostname or "").lower()

    @property
    def public_origin(self) -> str:
        """Return scheme://host[:port] of the public address, as a browser writes it; "" = none."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""

    @property
    def loopback(self) -> bool:
        """Return whether only this machine can reach the watch."""
        return is_loopback(self.host)

    @property
    def alone(self) -> bool:
        """Return whether nobody but the person at this machine can reach the watch: no proxy brings others."""
        return self.loopback and not self.public_url

    def check(self) -> None:
        """Raise BadUse where the options do not fit together."""
        if self.public_url and not (self.public_url.startswith("https://") and self.public_host):
            raise BadUse("the public address must begin with https://", self.public_url)
        if (self.tls_cert is None) != (self.tls_key is None):
            raise BadUse("TLS needs both the certificate and its key", next_step="Give both files.")


def is_loopback(host: str) -> bool:
    """Return whether a host name or address stands for this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
