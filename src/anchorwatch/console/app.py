"""The web application: the guard around it, our errors, the routes and sockets that there are."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec

from fastapi import APIRouter, FastAPI

from anchorwatch import __version__
from anchorwatch.console import errors, routes
from anchorwatch.console.settings import Settings
from anchorwatch.edges.store.people import People
from anchorwatch.watch.room import Room

SOCKETS = ("anchorwatch.console.vessel_socket", "anchorwatch.console.alert_socket")


def make(room: Room, people: People, settings: Settings) -> FastAPI:
    """Return the application; `app.state` holds room, people and settings for the routes."""
    app = FastAPI(
        title="Anchorwatch",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.room, app.state.people, app.state.settings = room, people, settings
    errors.install(app)
    parts = [f"{routes.__name__}.{m.name}" for m in pkgutil.iter_modules(routes.__path__)]
    for name in (*sorted(parts), *(socket for socket in SOCKETS if find_spec(socket))):
        router = getattr(import_module(name), "router", None)
        if isinstance(router, APIRouter):
            app.include_router(router, responses=errors.RESPONSES)
    return app
