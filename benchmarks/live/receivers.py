"""Those who are told, and those who act, while a watch is killed again and again: a webhook and a busy officer."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import httpx

from benchmarks.live.watching import Watching

AGAIN = "may have been sent before"
# "WARNING anchor drag: EAGLE S, Estlink 2 (new)"
HEAD = re.compile(r"(?:CAUTION|WARNING|ALARM|WITHDRAWN)[^:]*: (?P<who>[^,(]+?)(?:,| \(|$)")
MORE = re.compile(r"\.\.\. and (\d+) more")


class Told(NamedTuple):
    """What messages were about."""

    about: Counter[str]  # names of vessels
    unlisted: int  # alerts that digests only counted


class Webhook(threading.Thread):
    """Takes what apprise's json:// posts, and needs a moment for it."""

    def __init__(self, takes_s: float = 0.03) -> None:
        """Listen on any port."""
        super().__init__(daemon=True)
        self.got: list[dict[str, Any]] = []
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name that http.server wants
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                webhook.got.append(body)
                time.sleep(takes_s)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_said: Any) -> None:
                """Say nothing."""

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:  # the sender was killed
                    self.close_connection = True

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def run(self) -> None:
        """Serve until told otherwise."""
        self.server.serve_forever(0.1)

    def stop(self) -> None:
        """End."""
        self.server.shutdown()
        self.server.server_close()
        self.join()

    def told(self) -> tuple[Told, Told]:
        """What was said plainly, and what was said to have perhaps come before."""
        plainly, again = Told(Counter(), 0), Told(Counter(), 0)
        for message in self.got:
            lines = message["message"].splitlines()
            digest = " messages on alerts" in message["title"]
            heads = [line.partition(" UTC ")[2] for line in lines if " UTC " in line] if digest else [message["title"]]
            which = again if AGAIN in message["message"] else plainly
            which.about.update(found["who"] for head in heads if (found := HEAD.search(head)))
            more = [int(found[1]) for line in lines if (found := MORE.match(line))] if digest else []
            if which is again:
                again = again._replace(unlisted=again.unlisted + sum(more))
            else:
                plainly = plainly._replace(unlisted=plainly.unlisted + sum(more))
        return plainly, again


class Officer(threading.Thread):
    """Acts on alerts over the API, one action after the other; tries each until it is answered."""

    def __init__(self, watch: Watching, seed: int) -> None:
        """Act on the alerts of a watch that may be gone at any moment."""
        super().__init__(daemon=True)
        self.watch, self.chance = watch, random.Random(seed)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{watch.port}", timeout=5.0)
        self.acknowledged: list[str] = []  # keys of what the watch said was done
        self.refused = self.unanswered = 0
        self.over = threading.Event()

    def run(self) -> None:
        """Act until told otherwise."""
        number = 0
        while not self.over.wait(0.15):
            try:
                listed = self.client.get("/api/v1/alerts", params={"limit": 50}, headers=self.watch.headers)
                alerts = listed.json()["alerts"] if listed.status_code == 200 else []
            except (httpx.TransportError, OSError):
                continue
            if alerts:
                number += 1
                self._act(self.chance.choice(alerts)["alert"]["id"], f"officer-{number}")
        self.client.close()

    def _act(self, alert_id: str, key: str) -> None:
        said = self.chance.choice(
            (
                {"verb": "note", "text": f"note {key}"},
                {"verb": "acknowledge"},
                {"verb": "take"},
                {"verb": "radio", "text": f"says all is well {key}", "channel": "VHF 16", "with": "master"},
                {"verb": "escalate", "to": "coast guard", "reason": f"as ordered {key}"},
            )
        )
        while not self.over.is_set():
            try:
                answer = self.client.post(
                    f"/api/v1/alerts/{alert_id}/actions", json={**said, "key": key}, headers=self.watch.headers
                )
            except (httpx.TransportError, OSError):
                self.unanswered += 1
                time.sleep(0.1)
                continue
            if answer.status_code == 200:
                self.acknowledged.append(key)
            elif answer.status_code == 409:
                self.refused += 1
            elif answer.status_code >= 500 or answer.status_code == 429:
                time.sleep(0.1)
                continue
            return
