"""What a client is told when something is refused or fails: what, where, what to do next. Never a traceback."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError, WebSocketRequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from anchorwatch.edges.records import plain
from anchorwatch.errors import AnchorwatchError, BadStore

log = logging.getLogger("anchorwatch.console")


class Refusal(AnchorwatchError):
    """A request that is refused, with the HTTP status to answer with."""

    def __init__(
        self, status: int, what: str, where: str = "", next_step: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        """Take the status and the usual three; `headers` go into the answer."""
        super().__init__(what, where, next_step)
        self.status, self.headers = status, dict(headers or {})


class ErrorSaid(BaseModel):
    """What went wrong, for a person."""

    what: str
    where: str = ""
    next: str = ""


class ErrorBody(BaseModel):
    """The body of every answer that is an error."""

    error: ErrorSaid


def answer(status: int, what: str, where: str = "", next_step: str = "", **headers: str) -> Response:
    """Return an error as every client gets it."""
    said = {"what": plain(what), "where": plain(where)[:200], "next": plain(next_step)}
    return JSONResponse({"error": said}, status, {k.replace("_", "-"): v for k, v in headers.items()})


def of(error: Exception) -> Response:
    """Return the answer to an error; a defect of ours is logged in one line and told without its details."""
    if isinstance(error, Refusal):
        response = answer(error.status, error.what, error.where, error.next_step)
        response.headers.update(error.headers)
        return response
    if isinstance(error, BadStore):
        log.error("%s", plain(str(error)))
        return answer(503, "the watch cannot write its store", "", "Look at /readyz and at the disk.")
    if isinstance(error, AnchorwatchError):
        return answer(400, error.what, error.where, error.next_step)
    log.error("%s", plain(_one_line(error)))
    return answer(500, "a defect in the watch; it is in its log", "", "Please report it.")


def _one_line(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return f"defect {type(error).__name__} at {where}"  # not its text: it may hold what a client sent


def install(app: FastAPI) -> None:
    """Let the app answer with our errors instead of its own."""
    app.add_exception_handler(AnchorwatchError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(WebSocketRequestValidationError, _invalid)


async def _ours(connection: HTTPConnection, error: Exception) -> Response:
    return of(error)


async def _http(connection: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = answer(error.status_code, str(error.detail).lower(), connection.url.path)
    response.headers.update(error.headers or {})
    return response


async def _invalid(connection: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError | WebSocketRequestValidationError)
    first = next(iter(error.errors()), {"loc": (), "msg": "not understood"})
    where = ".".join(str(part) for part in first["loc"])
    return answer(422, str(first["msg"])[:200], where, "See /api/v1/openapi.json.")


RESPONSES: dict[int | str, dict[str, object]] = {
    status: {"model": ErrorBody, "description": text}
    for status, text in {
        400: "Bad request",
        401: "No valid credential",
        403: "Not allowed to this person",
        404: "No such thing",
        409: "Somebody else was first",
        413: "Too large",
        414: "The address is too long",
        422: "Not understood",
        429: "Too many requests",
        503: "Not ready",
    }.items()
}
