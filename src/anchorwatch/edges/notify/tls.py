"""TLS of channels: the certificates of this machine's system, or those that the rules name."""

from __future__ import annotations

import ssl

from anchorwatch.edges.notify.channel import Channel
from anchorwatch.errors import BadInput


def context(channel: Channel) -> ssl.SSLContext:
    """Return a context that checks the other side. Of its files authority, certificate, key each may be missing."""
    files = channel.files
    authority, certificate, key = (files.get(n) for n in ("authority", "certificate", "key"))
    try:
        made = ssl.create_default_context(cafile=authority)
        if certificate is not None:
            made.load_cert_chain(certificate, key, password=_no_password)
    except (OSError, ssl.SSLError, ValueError) as error:
        raise BadInput(f"the certificates cannot be used ({_why(error)})", channel.where, "Give PEM files") from None
    return made


def _no_password() -> str:
    """Stand in for a person at the terminal: without this, OpenSSL would ask there and wait."""
    raise ValueError("the key has a password; keep it without one, readable by the watch alone")


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return str(reason).replace("\n", " ")[:200]
