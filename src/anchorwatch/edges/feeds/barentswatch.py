"""`barentswatch:`: the Norwegian stream of AIS records, one JSON object a line. Clients log in by OAuth2."""

from __future__ import annotations

import asyncio
import json
import random
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed, Put
from anchorwatch.edges.feeds.lines import Cutter, Intake
from anchorwatch.edges.feeds.reconnect import Lost
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.services import (
    APPLICATION,
    CONNECT_S,
    MOST_ANSWER_BYTES,
    Service,
    check_packing,
    parts_of,
    refuse,
    settled,
    whole,
)
from anchorwatch.edges.feeds.urls import Address

if TYPE_CHECKING:
    import httpx

LOGIN = "https://id.barentswatch.no/connect/token"
LIVE = "https://live.ais.barentswatch.no"
# `Full` has the particulars of the vessel in each record, `Json` is one object a line.
WANTED = "?modelType=Full&modelFormat=Json"
# A token holds for an hour. A new one is fetched when a tenth of its time is left, so that the service is never asked
# with one that ends on the way.
RENEW_AT, TOKEN_LEAST_S = 0.9, 1.0
TRY_AGAIN_S = 30.0


class Stream(Service):
    """Records of Norwegian waters."""

    def __init__(
        self,
        address: Address,
        clock: Clock,
        client: tuple[str, str],
        *,
        login: str = LOGIN,
        live: str = LIVE,
        tls: ssl.SSLContext | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take what the user has said, the clock and the client's id and secret; other services for tests."""
        super().__init__(address, clock, chance)
        self._client, self._login, self._live, self._tls = client, login, live, tls
        self._token, self._renew_s = "", 0.0
        self._hidden += client

    async def session(self, put: Put) -> str:
        """Log in, and give records until the stream ends."""
        import httpx

        # Where the stream is silent, that is seen to by `give_all`.
        patience = httpx.Timeout(CONNECT_S, read=None)
        packing = {"Accept-Encoding": "gzip"}
        async with httpx.AsyncClient(verify=self._tls or True, timeout=patience, headers=packing) as http:
            try:
                async with asyncio.timeout(CONNECT_S):
                    await self._renewed(http)
                return await self._streamed(http, put)
            except (httpx.HTTPError, httpx.StreamError) as error:
                raise self.lost(error) from None

    async def _streamed(self, http: httpx.AsyncClient, put: Put) -> str:
        asked = http.build_request("GET", f"{self._live}/v1/combined{WANTED}", headers=self._bearer())
        async with asyncio.timeout(CONNECT_S):
            answer = await settled(http.send(asked, stream=True))
        try:
            if answer.status_code == 401:
                self._token = ""  # withdrawn before its time: the next connection logs in anew
            refuse(answer)
            self.connected()
            return await self.pour(
                put,
                lambda intake, gate: self._read(answer, intake, gate),
                lambda intake, gate: self._beside(http, intake, gate),
            )
        finally:
            await answer.aclose()

    async def _read(self, answer: httpx.Response, intake: Intake, gate: asyncio.Event) -> str:
        import httpx

        cutter = Cutter()
        try:
            async for chunk in answer.aiter_bytes():
                lines = cutter.cut(chunk)
                if lines.strip():  # blank lines that keep the line open are no traffic
                    intake.add(lines)
                await gate.wait()
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise self.lost(error) from None
        finally:
            intake.add(cutter.rest())  # half a record is counted as a reject
        return "the service ended the stream"

    async def _beside(self, http: httpx.AsyncClient, intake: Intake, gate: asyncio.Event) -> str:
        """Fetch the picture at start; then keep the token fresh, for the next connection."""
        await self.snapshot(lambda: self._latest(http), intake, gate)
        while True:
            await self.clock.sleep(max(TOKEN_LEAST_S, self._renew_s - self.clock.monotonic_s()))
            try:
                await self._renewed(http)
            except Lost:  # the stream goes on; where it ends, the next connection says what is wrong
                await self.clock.sleep(TRY_AGAIN_S)

    async def _latest(self, http: httpx.AsyncClient) -> AsyncIterator[bytes]:
        records = await self.fetched(http, f"{self._live}/v1/latest/combined{WANTED}", self._bearer())
        if not isinstance(records, list):
            raise Lost("the picture at start is no list")
        for part in parts_of(records):
            yield part

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", "User-Agent": APPLICATION}

    async def _renewed(self, http: httpx.AsyncClient) -> None:
        """Log in, unless the token is good for a while. Raises Lost."""
        import httpx

        if self._token and self.clock.monotonic_s() < self._renew_s:
            return
        name, secret = self._client
        form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret, "scope": "ais"}
        asking = http.stream("POST", self._login, data=form, headers={"User-Agent": APPLICATION}, timeout=CONNECT_S)
        try:
            said = await settled(_login_answer(asking))
        except httpx.HTTPError as error:
            raise self.lost(error) from None
        token, ends_s = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]{1,8192}", token):
            raise Lost("the login gives no token")
        lasts_s = float(ends_s) if isinstance(ends_s, int | float) and 0 < ends_s < 1e6 else 3600.0
        if self._token in self._hidden:
            self._hidden.remove(self._token)
        self._token, self._renew_s = token, self.clock.monotonic_s() + lasts_s * RENEW_AT
        self._hidden.append(token)


async def _login_answer(asking: AbstractAsyncContextManager[httpx.Response]) -> dict[str, object]:
    """Return what the login says. Raises Lost where it refuses."""
    async with asking as answer:
        refused = answer.status_code in (400, 401)
        if not refused:
            refuse(answer)
        check_packing(answer)
        body = await whole(answer, MOST_ANSWER_BYTES)
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        read = None
    said: dict[str, object] = read if isinstance(read, dict) else {}
    if refused:
        raise Lost(f"the service refuses the client id or its secret ({_reason(said, answer.status_code)})")
    return said


def _reason(said: dict[str, object], status: int) -> str:
    """Return the word of OAuth2 for what is wrong, as `invalid_client`, and nothing else of the answer."""
    word = said.get("error")
    return word if isinstance(word, str) and re.fullmatch("[a-z_]{1,40}", word) else str(status)


def open_barentswatch(address: Address, clock: Clock, secrets: Secrets) -> Feed:
    """Return the feed of `barentswatch:`. Raises BadUse where the client's id or secret is missing."""
    names = ("BARENTSWATCH_CLIENT_ID", "BARENTSWATCH_CLIENT_SECRET")
    client = tuple(secrets.need(name, "barentswatch:") for name in names)
    return Stream(address, clock, (client[0], client[1]))
