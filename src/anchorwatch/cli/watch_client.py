"""How a command asks the running watch: its address, the credential, and every failure as one clear line."""

from __future__ import annotations

import os
import ssl
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from anchorwatch.cli import data_folder
from anchorwatch.console import local_key
from anchorwatch.console.settings import is_loopback
from anchorwatch.edges.records import plain
from anchorwatch.errors import AnchorwatchError, BadUse

TOKEN = "ANCHORWATCH_TOKEN"
MOST_TOKEN = 4096  # bytes of a file that holds one
WAIT = httpx.Timeout(30.0, connect=10.0)
BROKE = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)  # in the middle: it may have been done
MOST_WAIT_S, TRIES = 10, 5  # when the watch says that we ask too often
NO_WATCH = "something else than a watch answers here"
START = "Start one (anchorwatch watch --feed digitraffic:), or give its address with --url"
HOW_TOKEN = "Give --token-file FILE or ANCHORWATCH_TOKEN (anchorwatch users token NAME --scope work), or --data DIR"


class NotHere(AnchorwatchError):
    """No watch answers; it may later."""


class Answered(AnchorwatchError):
    """The watch answered that it does not do this."""

    def __init__(self, status: int, what: str, where: str = "", next_step: str = "") -> None:
        """Take the HTTP status and the usual three."""
        super().__init__(what, where, next_step)
        self.status = status


@dataclass(frozen=True)
class Credential:
    """What we show at the door, and where it came from, to be said when it is not accepted."""

    secret: str
    source: str

    def __repr__(self) -> str:
        """Say where it is from, never what it is."""
        return f"Credential(from {self.source})"


def checked_url(text: str) -> str:
    """Return scheme://host[:port]; BadUse where a token must not be sent, or where nobody could answer."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if "@" in text or (parts.query or parts.fragment):  # not shown again: it may hold a password or a key
        raise BadUse("an address must hold no name, password or key", "--url", HOW_TOKEN)
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/"):
        raise BadUse("this is no address of a watch", f"--url {plain(text)[:80]}", "Like http://127.0.0.1:8741")
    if parts.scheme == "http" and not is_loopback(host):
        raise BadUse(
            "a token is not sent over the network in the clear", f"--url {plain(text)[:80]}",
            "Use https, or a tunnel: ssh -L 8741:127.0.0.1:8741 HOST",
        )  # fmt: skip
    return f"{parts.scheme}://{parts.netloc}"


def credential(url: str, token_file: Path | None, data: Path | None) -> Credential:
    """Find the credential: a file, the environment, else the key of this machine (to this machine only)."""
    if token_file is not None:
        return Credential(_of_file(token_file), str(token_file))
    token = os.environ.get(TOKEN, "").strip()
    if token:
        return Credential(_shaped(token, TOKEN), TOKEN)
    folder = data_folder.usual() if data is None else data
    key = local_key.read(folder / local_key.NAME) if is_loopback(urlsplit(url).hostname or "") else None
    if key is None:
        raise BadUse(f"no credential: there is no usable local key in {plain(str(folder))}", url, HOW_TOKEN)
    return Credential(key, str(folder / local_key.NAME))


def _of_file(path: Path) -> str:
    where = plain(str(path))
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise BadUse(f"the file cannot be read ({error.strerror})", where, HOW_TOKEN) from None
    try:
        mode = os.fstat(file).st_mode
        if not stat.S_ISREG(mode):
            raise BadUse("this is no file", where, HOW_TOKEN)
        if stat.S_IMODE(mode) & 0o077:
            raise BadUse("others may read this token", where, f"chmod 600 {where}, and make a new token")
        return _shaped(os.read(file, MOST_TOKEN).decode("ascii", "replace").strip(), where)
    finally:
        os.close(file)


def _shaped(token: str, where: str) -> str:
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise BadUse("there is no token in it", where, "Put the token in, on one line, and nothing else")
    return token


class WatchClient:
    """Asks one watch. To be closed; or used with `with`."""

    def __init__(self, url: str, shown: Credential, ca: Path | None = None) -> None:
        """Take a checked address, the credential, and a file of certificates to trust (None = those of the system)."""
        self.url, self._shown = url, shown
        self.tls = _tls(ca) if url.startswith("https") else None
        # Nothing of the environment: no proxy is shown the token, and no .netrc puts another in its place.
        self._client = httpx.Client(
            base_url=url, headers=self.headers, timeout=WAIT, trust_env=False,
            verify=self.tls if self.tls is not None else True,
        )  # fmt: skip
        self.told_us = 0  # what the clock of the watch's machine said with its last answer, to the second

    @property
    def headers(self) -> dict[str, str]:
        """What shows who we are."""
        return {"Authorization": f"Bearer {self._shown.secret}"}

    def __enter__(self) -> WatchClient:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self._client.close()

    def must_run(self) -> None:
        """Return if something answers, with no credential shown, and close; NotHere says how to start."""
        with self:
            try:
                self._client.get("/healthz", headers={"Authorization": ""})
            except httpx.HTTPError as error:
                raise self._not_here(error) from None

    def get(self, *path: str, **asked: Any) -> Any:
        """Return the JSON of an answer; parameters that are None are left out."""
        return self._json(self._ask("GET", path, asked))

    def text(self, *path: str, **asked: Any) -> str:
        """Return an answer as plain text."""
        return self._ask("GET", path, asked, accept="text/plain").text

    def post(self, *path: str, said: Mapping[str, Any]) -> Any:
        """Send JSON and return that of the answer."""
        return self._json(self._ask("POST", path, {}, said))

    def delete(self, *path: str) -> Any:
        """Delete something and return the JSON of the answer."""
        return self._json(self._ask("DELETE", path, {}))

    def _ask(
        self, method: str, path: tuple[str, ...], asked: Mapping[str, Any], said: Mapping[str, Any] | None = None,
        accept: str = "application/json",
    ) -> httpx.Response:  # fmt: skip
        address = "/api/v1/" + "/".join(quote(part, safe="") for part in path)
        params = {name: value for name, value in asked.items() if value is not None and value != ()}
        for left in reversed(range(TRIES)):
            try:
                answer = self._client.request(method, address, params=params, json=said, headers={"Accept": accept})
            except httpx.HTTPError as error:
                if left and (said or {}).get("key") and isinstance(error, BROKE):
                    continue  # the action has a key of its own: sent twice, it is done once
                raise self._not_here(error) from None
            if answer.status_code == 429 and left:
                wait = answer.headers.get("Retry-After", "1")
                time.sleep(min(int(wait) if wait.isdecimal() else 1, MOST_WAIT_S))
                continue
            break
        return self._good(answer)

    def _good(self, answer: httpx.Response) -> httpx.Response:
        try:
            self.told_us = round(parsedate_to_datetime(answer.headers.get("Date", "")).timestamp() * 1e6)
        except (ValueError, TypeError):
            self.told_us = time.time_ns() // 1000
        if answer.is_success:
            return answer
        raise self.refusal(answer.status_code, answer.content)

    def _json(self, answer: httpx.Response) -> Any:
        try:
            return answer.json()
        except ValueError:
            raise Answered(answer.status_code, NO_WATCH, self.url, START) from None

    def refusal(self, status: int, body: bytes) -> Answered:
        """Return the error of an answer that is one."""
        import json

        try:
            said = json.loads(body)["error"]
            what, where, next_step = (plain(str(said.get(n, ""))) for n in ("what", "where", "next"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return Answered(status, f"{NO_WATCH} (status {status})", self.url, START)
        if status == 401:
            what = f"the watch does not accept the credential from {plain(self._shown.source)}"
            where, next_step = self.url, HOW_TOKEN
        return Answered(status, what, where, next_step.rstrip("."))

    def _not_here(self, error: Exception) -> NotHere:
        if isinstance(error, httpx.TimeoutException):
            return NotHere("the watch does not answer in time", self.url, "Try again; see whether its machine is busy")
        if "CERTIFICATE" in str(error).upper():
            return NotHere("its certificate is not trusted", self.url, "Give --ca FILE with the one that signed it")
        if isinstance(error, httpx.ConnectError):
            return NotHere("no watch is running there", self.url, START)
        return NotHere("the connection broke", self.url, "Try again; `anchorwatch alerts` shows what was done")


def _tls(ca: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if ca is None else str(ca))
    except (OSError, ssl.SSLError):
        raise BadUse("there are no certificates in this file", plain(str(ca)), "Give a PEM file") from None
