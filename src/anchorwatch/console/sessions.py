"""From what a request carries to the person it comes from: session cookie, token, local key."""

from __future__ import annotations

import hashlib
import hmac

from starlette.datastructures import Headers
from starlette.types import Scope

from anchorwatch.console.security import Person, scopes_of, with_implied
from anchorwatch.console.settings import Settings
from anchorwatch.edges.store.people import LOCAL, LONGEST_US, People

FORM = b"anchorwatch console form"  # what the token for forms is made of, beside the session's secret


class Entrance:
    """Knows every way in."""

    def __init__(self, people: People, settings: Settings, local_key: str | None) -> None:
        """Take the users, the settings, and the local key where there is one."""
        self.people, self.settings = people, settings
        self._local_key = local_key

    def who(self, scope: Scope, *, use: bool = True) -> Person | None:
        """Return the person whom the credentials of a request name; None where they name nobody.

        use: False only looks whether they still hold, and does not keep a session from idling.
        """
        headers, address = Headers(scope=scope), address_of(scope)
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self._bearer(given.strip(), address)
        secret = cookie(headers, self.cookie_name(scope))
        user = self.people.session(secret, use=use) if secret else None
        if user is None or (user.name == LOCAL and not self.local_open()):
            return None
        return Person(
            user.name, user.role, scopes_of(user.role), "session", address, form_token(secret), people=self.people
        )

    def local_open(self) -> bool:
        """Return whether the local key lets anybody in: only until the first user is added."""
        return self._local_key is not None and not self.people.any()

    def is_local_key(self, given: str) -> bool:
        """Return whether this is the local key, and it is open."""
        right = hmac.compare_digest((self._local_key or "").encode(), given.encode("utf-8", "surrogatepass"))
        return right and self.local_open()

    def visit(self, url: str) -> str:
        """Return what to open in a browser: with the local key where it is open. For the terminal only."""
        return f"{url}?key={self._local_key}" if self.local_open() else url

    def open_cookie(self, user: str, scope: Scope) -> tuple[str, str]:
        """Begin a session in place of the one before; return its Set-Cookie value and its token for forms."""
        before = cookie(Headers(scope=scope), self.cookie_name(scope))
        if before:
            self.people.close_session(before)
        secret = self.people.open_session(user)
        return self._cookie(scope, secret, LONGEST_US // 1_000_000), form_token(secret)

    def close_cookie(self, scope: Scope) -> str:
        """End the session of a request; return the Set-Cookie value that removes it."""
        secret = cookie(Headers(scope=scope), self.cookie_name(scope))
        if secret:
            self.people.close_session(secret)
        return self._cookie(scope, "", 0)

    def cookie_name(self, scope: Scope) -> str:
        """Return the name: __Host- pins it to this host; without TLS the port keeps two watches apart."""
        if self.secure(scope):
            return "__Host-anchorwatch"
        return f"anchorwatch-{(scope.get('server') or ('', 0))[1]}"

    def secure(self, scope: Scope) -> bool:
        """Return whether a request came encrypted, to us or to the proxy in front of us."""
        return scope.get("scheme") in ("https", "wss") or bool(self.settings.public_url)

    def _cookie(self, scope: Scope, value: str, age_s: int) -> str:
        secure = "; Secure" if self.secure(scope) else ""
        return f"{self.cookie_name(scope)}={value}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Strict{secure}"

    def _bearer(self, given: str, address: str) -> Person | None:
        if self.is_local_key(given):
            return Person(LOCAL, "supervisor", scopes_of("supervisor"), "key", address, people=self.people)
        found = self.people.token(given)
        if found is None:
            return None
        user, token = found
        return Person(user.name, user.role, with_implied(token.scopes), "token", address, people=self.people)


def address_of(scope: Scope) -> str:
    """Return the address of the client."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def cookie(headers: Headers, name: str) -> str:
    """Return the value of a cookie, "" where there is none; a name given twice is none."""
    values = []
    for line in headers.getlist("cookie"):
        for part in line.split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                values.append(value)
    return values[0] if len(values) == 1 else ""


def form_token(secret: str) -> str:
    """Return what a form of this session carries: it follows from the session and does not tell it."""
    return hmac.new(secret.encode("utf-8", "surrogatepass"), FORM, hashlib.sha256).hexdigest()
