"""The way in and out for people: login, logout, the local key; and the plain status page behind it."""

from __future__ import annotations

import asyncio
import json
import math
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from anchorwatch.console import page, pages
from anchorwatch.console.errors import RESPONSES, Refusal
from anchorwatch.console.limits import LoginThrottle, address_key
from anchorwatch.console.routes.counter import Reading
from anchorwatch.console.security import NEEDS, Person, person_of
from anchorwatch.console.sessions import Entrance, address_of
from anchorwatch.console.settings import is_loopback
from anchorwatch.edges.store import names
from anchorwatch.edges.store.people import LOCAL, User
from anchorwatch.judgement.work import STATES
from anchorwatch.watch.room import Room

WRONG = "name or password is wrong"  # the same whether or not there is such a user
MOST_WAITING = 8  # password checks at a time take turns; more than these are told to come again
MOST_ALERTS = 100

router = APIRouter()


def _behind_the_watch() -> None:
    """Give this thread a third of what the watch has: on Linux priority is a matter of threads.

    No less than that, for it holds locks that the watch waits for.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + 5)


@dataclass
class Door:
    """Checks passwords one after the other in a thread behind the watch: a flood of logins leaves the rest alone."""

    entrance: Entrance
    throttle: LoginThrottle
    waiting: int = 0
    thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, "passwords", initializer=_behind_the_watch)
    )

    async def check(self, name: str, password: str, address: str) -> User:
        """Return the user; Refusal 401 where name or password is wrong, 429 after too many tries."""
        client, folded = address_key(address), names.folded(name)
        wait_s = self.throttle.wait_s(folded, client)
        if wait_s > 0:
            seconds = math.ceil(wait_s)
            raise Refusal(429, "too many tries", "", f"Wait {seconds} s.", {"Retry-After": str(seconds)})
        if self.waiting >= MOST_WAITING:
            raise Refusal(503, "too many log in at once", "", "Try again in some seconds.", {"Retry-After": "3"})
        self.waiting += 1
        try:
            loop = asyncio.get_running_loop()
            user = await loop.run_in_executor(self.thread, self._checked, name, password, address)
        finally:
            self.waiting -= 1
        if user is None:
            raise Refusal(401, WRONG)
        self.throttle.succeeded(folded, client)
        return user

    def close(self) -> None:
        """End the thread."""
        self.thread.shutdown(wait=False)

    def _checked(self, name: str, password: str, address: str) -> User | None:
        people = self.entrance.people
        user = people.check_password(name, password)
        # What is typed as a name that nobody has is often a password; the audit keeps everything for good.
        tried = name[:64] if user or people.known(name) else "a name that nobody has"
        people.audit(user.name if user else "nobody", "login" if user else "login failed", tried, address)
        return user


class Session(BaseModel):
    """Who is logged in."""

    name: str
    role: str
    may: list[str] = Field(description="read, work, supervise, admin, metrics")
    csrf: str = Field(description="Send as X-CSRF-Token with what changes something; empty for a token or the key")


@router.get("/plain.css", include_in_schema=False)
def style() -> Response:
    """Return the style sheet of the plain pages."""
    return Response(pages.style(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


@router.get("/login", include_in_schema=False)
def login_page(next: str = "/") -> HTMLResponse:
    """Return the login page."""
    return HTMLResponse(pages.login(inside(next)))


@router.post("/login", include_in_schema=False)
async def login(request: Request) -> Response:
    """Log in: a form from the login page, or JSON {"name", "password"} from a program."""
    entrance: Entrance = request.app.state.entrance
    door: Door = request.app.state.door
    form = not request.headers.get("content-type", "").startswith("application/json")
    given = _given(await request.body(), form)
    try:
        if not entrance.secure(request.scope) and not is_loopback(address_of(request.scope)):
            raise Refusal(403, "a password would go over the network in the clear", "", "Use https.")
        user = await door.check(given["name"], given["password"], address_of(request.scope))
    except Refusal as refusal:
        if not form:
            raise
        said = f"{refusal.what}. {refusal.next_step}".strip()
        return HTMLResponse(pages.login(inside(given["next"]), said), refusal.status, refusal.headers)
    cookie, csrf = await to_thread.run_sync(entrance.open_cookie, user.name, request.scope)
    response: Response = RedirectResponse(inside(given["next"]), 303)
    if not form:
        response = JSONResponse({"name": user.name, "role": user.role, "csrf": csrf})
    response.headers["Set-Cookie"] = cookie
    return response


@router.post("/logout", include_in_schema=False)
def logout(request: Request) -> Response:
    """End the session."""
    person = person_of(request)
    entrance: Entrance = request.app.state.entrance
    response = RedirectResponse("/login", 303)
    if person is not None and person.how == "session":
        response.headers["Set-Cookie"] = entrance.close_cookie(request.scope)
        entrance.people.audit(person.name, "logout", "", person.address)
    return response


@router.get("/api/v1/session", operation_id="get_session", tags=["session"], responses=RESPONSES)
def session(request: Request) -> Session:
    """Return who is logged in, what they may do, and the token that forms carry."""
    person = person_of(request)
    assert person is not None  # the guard lets nobody else come here
    may = [need for need in NEEDS if person.may(need)]
    return Session(name=person.name, role=person.role, may=may, csrf=person.csrf)


@router.get("/", include_in_schema=False)
def first_page(request: Request, key: str = "") -> Response:
    """Return the console; with the local key, log in first and go on without it in the address."""
    entrance: Entrance = request.app.state.entrance
    if key:
        return _by_key(request, entrance, key)
    person = person_of(request)
    if person is None:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse("/login" + (f"?next={quote('/' + query, safe='')}" if query else ""), 303)
    return page.document() if page.is_built() and person.may("read") else status_page(request)


@router.get("/plain", include_in_schema=False)
def status_page(request: Request) -> Response:
    """Return how the watch is without scripts: for a terminal's browser, or where the console is not built."""
    person = person_of(request)
    assert person is not None  # the guard and the first page send strangers away
    if not person.may("read"):
        raise Refusal(403, "this token may not read")
    return HTMLResponse(_status(person, request.app.state.room))


def inside(path: str) -> str:
    """Return a path of this watch to go on to; anything else becomes the first page."""
    safe = path.startswith("/") and not path.startswith("//") and path.isascii() and path.isprintable()
    return path if safe and "\\" not in path and len(path) < 2000 else "/"


def _by_key(request: Request, entrance: Entrance, key: str) -> Response:
    # 256 bits are not guessed. To slow down wrong keys would let any web page, by images that point here, keep out
    # the person at this machine.
    if not entrance.is_local_key(key):
        return HTMLResponse(pages.login("/", "This key is not, or no longer, good."), 401)
    cookie, _ = entrance.open_cookie(LOCAL, request.scope)
    entrance.people.audit(LOCAL, "login", "by the local key", address_of(request.scope))
    return RedirectResponse("/", 303, {"Set-Cookie": cookie})


def _given(body: bytes, form: bool) -> dict[str, str]:
    if form:
        try:
            fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10, keep_blank_values=True)
        except ValueError:
            fields = {}
        return {word: fields.get(word, [""])[0] for word in ("name", "password", "next")}
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or not all(isinstance(said.get(w), str) for w in ("name", "password")):
        raise Refusal(422, "not a login", "body", 'Send {"name": ..., "password": ...}.')
    return {"name": said["name"], "password": said["password"], "next": "/"}


def _status(person: Person, room: Room) -> str:
    p = room.progress
    told: list[tuple[str, object]] = [
        ("Watch", f"replay of {p.replay_of}" if p.replay_of else "live" if p.caught_up else "catching up"),
        ("Time of the picture", pages.moment(p.now_us)),
        ("Judged up to", pages.moment(p.settled_us)),
        ("Behind by", f"{p.lag_s:.1f} s"),
        ("Vessels", len(room.latest)),
    ]
    if p.trouble:
        told.insert(0, ("Trouble", p.trouble))
    items = room.store.alerts(state=[s for s in STATES if s != "closed"], order="level", limit=MOST_ALERTS)
    Reading(person, room).saw_alerts(item.alert for item in items)
    shown = [{**item.alert, "state": item.work["state"] + (", silenced" if item.silenced else "")} for item in items]
    return pages.status(person.name, person.role, person.csrf, told, _feeds(room), shown)


def _feeds(room: Room) -> Iterator[tuple[Any, ...]]:
    for feed in room.feeds:
        health = feed.health
        silent_s = health.silent_s(room.clock.now_us())
        silent = health.state == "connected" and silent_s > feed.silent_after_s
        state = f"silent for {silent_s:.0f} s" if silent else health.state
        yield feed.name, state, pages.moment(health.last_us), health.lines, health.trouble
