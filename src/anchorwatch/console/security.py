"""Who a request comes from and what they may do. Routes and sockets ask here, and nowhere else.

@router.get("/alerts")
def alerts(person: Annotated[Person, Depends(needs("read"))]) -> ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from anchorwatch.console.errors import Refusal

if TYPE_CHECKING:
    from anchorwatch.edges.store.people import People

ROLES = ("viewer", "officer", "supervisor", "admin")  # each may what those before it may

# need -> (least role, scope). A session has the scopes of its role, a token those that it was made with.
NEEDS = {
    "read": ("viewer", "read"),
    "metrics": ("viewer", "metrics"),
    "work": ("officer", "work"),
    "supervise": ("supervisor", "work"),
    "admin": ("admin", "admin"),
}
IMPLIED = {"work": ("read",), "admin": ("read", "work", "metrics")}


@dataclass(frozen=True)
class Person:
    """Who a request comes from."""

    name: str
    role: str
    scopes: frozenset[str]
    how: str = "session"  # session, token or key
    address: str = ""
    csrf: str = field(default="", repr=False)  # of a session: to be sent with a form
    people: People | None = field(default=None, repr=False, compare=False)

    def may(self, need: str) -> bool:
        """Return whether both the role and the scopes allow it."""
        role, scope = NEEDS[need]
        return ROLES.index(self.role) >= ROLES.index(role) and scope in self.scopes


def scopes_of(role: str) -> frozenset[str]:
    """Return what a person of this role may do in a session."""
    allowed = {scope for least, scope in NEEDS.values() if ROLES.index(role) >= ROLES.index(least)}
    return frozenset(allowed)


def with_implied(scopes: Iterable[str]) -> frozenset[str]:
    """Return the scopes of a token with those that they imply: who may work may read."""
    given = set(scopes)
    return frozenset(given.union(*(IMPLIED.get(scope, ()) for scope in given)))


@cache
def needs(what: str) -> Callable[[HTTPConnection], Person]:
    """Return the dependency that lets in who may do `what`: read, work, supervise, admin or metrics."""
    role, scope = NEEDS[what]

    def person(connection: HTTPConnection) -> Person:
        someone = person_of(connection)
        if someone is None:
            raise Refusal(401, "no valid credential", "", "Log in, or send Authorization: Bearer TOKEN.", BEARER)
        if not someone.may(what):
            raise Refusal(403, f"this needs the role {role} or above, and of a token the scope {scope}")
        return someone

    person.__name__ = f"needs_{what}"
    return person


def person_of(connection: HTTPConnection) -> Person | None:
    """Return who the guard has found this request to come from."""
    someone = connection.scope.get("state", {}).get("person")
    return someone if isinstance(someone, Person) else None


def audit(person: Person, what: str, about: str = "") -> None:
    """Note for good that a person did something."""
    if person.people is not None:
        person.people.audit(person.name, what, about, person.address)


def audit_reading(person: Person, what: str, about: str) -> None:
    """Note that a person read something restricted; the same again within ten minutes is noted once."""
    if person.people is not None:
        person.people.audit_reading(person.name, what, about, person.address)


BEARER = {"WWW-Authenticate": "Bearer"}
