"""The console's page: the built files of the package. Every view of it is a URL, and all of them are one document."""

from __future__ import annotations

import mimetypes
import re
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse, Response

from anchorwatch.console.errors import Refusal

router = APIRouter(include_in_schema=False)

FOLDER = "built"  # made by `make page` from the folder page/ of a checkout; part of every wheel
# What the page shows by address, beside "/". The page itself says where there is nothing to be shown.
VIEWS = (
    "/alerts", "/vessels", "/assets", "/zones", "/feeds", "/search", "/timeline", "/welcome",
    "/reports", "/stories", "/ledgers", "/incidents", "/brief",
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,150}")
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)  # q=0: anything but this
# The name of a built file holds a hash of its content.
FOR_LONG = "private, max-age=31536000, immutable"
mimetypes.add_type("text/javascript", ".mjs")


def is_built() -> bool:
    """Return whether the page is there; a checkout has it after `make page`."""
    return _folder().joinpath("index.html").is_file()


def document() -> HTMLResponse:
    """Return the page; the same for every view."""
    return HTMLResponse(_folder().joinpath("index.html").read_bytes())


@router.get("/static/{name}")
def static(name: Annotated[str, Path(max_length=200)], request: Request) -> Response:
    """Return a built file: packed, where the client takes that."""
    packed = _GZIP.search(request.headers.get("accept-encoding", "")) is not None
    body, zipped = _file(name, packed)
    if body is None:
        raise Refusal(404, "no such file", name, "Load the page anew.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Cache-Control": FOR_LONG, "Vary": "Accept-Encoding"}
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=kind, headers=headers)


def view(request: Request) -> Response:
    """Return the page for one of its views."""
    if not is_built():
        raise Refusal(404, "this installation has no console page", "", "Run `make page`; / shows how the watch is.")
    return document()


for _path in VIEWS:
    router.add_api_route(_path, view, methods=["GET"])
    router.add_api_route(_path + "/{rest:path}", view, methods=["GET"])


def _folder() -> Traversable:
    return files("anchorwatch.console").joinpath(FOLDER)


@lru_cache(maxsize=256)  # of any name that is asked for, there or not
def _file(name: str, packed: bool) -> tuple[bytes | None, bool]:
    """Return a built file, and whether it is packed; None = there is none."""
    if not _NAME.fullmatch(name):
        return None, False
    folder = _folder().joinpath("static")
    zipped = folder.joinpath(name + ".gz")
    if packed and zipped.is_file():
        return zipped.read_bytes(), True
    plain = folder.joinpath(name)
    return (plain.read_bytes(), False) if plain.is_file() else (None, False)
