"""The web application: the guard around it, our errors, the routes and sockets that there are."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fastapi import APIRouter, FastAPI

from anchorwatch import __version__
from anchorwatch.console import errors, local_key, login, page, routes
from anchorwatch.console.guard import OPEN, Guard
from anchorwatch.console.limits import LoginThrottle
from anchorwatch.console.sessions import Entrance
from anchorwatch.console.settings import Settings
from anchorwatch.edges.history_heard import Heard
from anchorwatch.edges.store.people import People
from anchorwatch.watch.room import Room

SOCKETS = ("anchorwatch.console.vessel_socket", "anchorwatch.console.alert_socket")


def make(room: Room, people: People, settings: Settings) -> FastAPI:
    """Return the application; `app.state` holds room, people, settings and more for the routes."""
    app = FastAPI(
        title="Anchorwatch",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    entrance = Entrance(people, settings, _local_key(people, settings))
    app.state.room, app.state.people, app.state.settings, app.state.entrance = room, people, settings, entrance
    app.state.heard = Heard(room.history)  # remembers what it has counted
    app.state.door = login.Door(entrance, LoginThrottle(room.clock))
    app.add_middleware(Guard, entrance=entrance, clock=room.clock)
    errors.install(app)
    app.include_router(login.router)
    app.include_router(page.router)
    parts = [f"{routes.__name__}.{m.name}" for m in pkgutil.iter_modules(routes.__path__)]
    for name in (*sorted(parts), *(socket for socket in SOCKETS if find_spec(socket))):
        router = getattr(import_module(name), "router", None)
        if isinstance(router, APIRouter):
            app.include_router(router, responses=errors.RESPONSES)
    _document(app)
    return app


def _document(app: FastAPI) -> None:
    """Let the OpenAPI document say how to get in."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        ways: dict[str, Any] = {
            "token": {"type": "http", "scheme": "bearer", "description": "`anchorwatch users token NAME --scope read`"},
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": f"anchorwatch-{app.state.settings.port}",
                "description": "Set by POST /login. What changes something needs `X-Anchorwatch: 1`, too.",
            },
        }
        document.setdefault("components", {})["securitySchemes"] = ways
        document["security"] = [{way: []} for way in ways]
        for path in OPEN & document["paths"].keys():
            for operation in document["paths"][path].values():
                operation["security"] = []
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _local_key(people: People, settings: Settings) -> str | None:
    """Return the key of the person at this machine, made now where there is none; None where there are users."""
    if settings.data is None or not settings.alone:
        return None
    if people.any():
        local_key.remove(settings.data)
        return None
    return local_key.read_or_make(settings.data)
