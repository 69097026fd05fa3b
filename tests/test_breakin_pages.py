"""Pages and answers that show what hostile vessels say: nothing of it runs, in a real browser; no text has power."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from alerts_at_work import HOSTILE
from anchorwatch.console.settings import Settings
from anchorwatch.edges.records import tame
from watch_room import Web, bearer, with_web

pytestmark = pytest.mark.usefixtures("quick_passwords")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-dev-shm-usage", "--enable-logging=stderr", "--dump-dom", "--virtual-time-budget=3000"]


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no chromium or chrome on the PATH to show the pages in")
def test_nothing_that_a_vessel_says_runs_in_a_browser(tmp_path: Path) -> None:
    async def shown(web: Web, path: str) -> tuple[str, list[str]]:
        command = [BROWSER or "", *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", web.serving.url[:-1] + path]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]

    async def test(web: Web) -> None:
        console, _ = await shown(web, web.serving.visit.removeprefix(web.serving.url[:-1]))
        assert "Anchorwatch</title>" in console and "<img" not in console and "Secret Cable" not in console
        page, complaints = await shown(web, "/plain")
        assert "<title>Anchorwatch</title>" in page and "Secret Cable" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;\\u001b[2J\\u202e" in page and "<img" not in page
        assert complaints == []  # neither an error nor a breach of the policy
        handover, complaints = await shown(web, "/handover?since=2024-12-25T00:00:00Z&until=2024-12-26T00:00:00Z")
        assert "SHIFT HANDOVER" in handover and "<img" not in handover and complaints == []
        login, complaints = await shown(web, '/login?next=/"><script>alert(1)</script>')
        assert "<script" not in login and "Log in" in login and complaints == []

    with_web(tmp_path, test, seconds=120.0)


def test_every_answer_shows_control_characters_and_sends_none(tmp_path: Path) -> None:
    """Also where a person looks at an answer on a terminal."""

    async def test(web: Web) -> None:
        key = bearer((tmp_path / "local_key").read_text().strip())
        alert = "/api/v1/alerts/a1-00000000000000aa"
        meant = {"verb": "note", "text": f"first line\nsecond {HOSTILE}\x9b31m"}
        assert (await web.client.post(f"{alert}/actions", json=meant, headers=key)).status_code == 200
        for path in ("/api/v1/alerts", alert, f"{alert}/history", "/ogc/collections/alerts/items", "/api/v1/handover"):
            text = (await web.client.get(path, headers=key)).text
            assert not [c for c in text if not c.isprintable()], path
            if "handover" not in path:
                assert "<img src=x onerror=alert(1)>\\\\u001b[2J\\\\u202e" in text, path
        history = (await web.client.get(f"{alert}/history", headers=key)).json()["events"]
        assert history[-1]["data"]["text"] == f"first line\nsecond {HOSTILE_SHOWN}\\u009b31m"

    with_web(tmp_path, test)


HOSTILE_SHOWN = "<img src=x onerror=alert(1)>\\u001b[2J\\u202e"


def test_a_text_is_tamed_and_nothing_else_is_changed() -> None:
    said = {"a\x1b": ["ä \u00ad\ud800", 1, None, True, {"b": "x\n\ty\r"}], "ship": "ÅLAND 東"}
    assert tame(said) == {
        "a\\u001b": ["ä \\u00ad\\ud800", 1, None, True, {"b": "x\n\ty\\u000d"}], "ship": "ÅLAND 東",
    }  # fmt: skip
    assert json.loads(json.dumps(tame(said))) == tame(said)


def test_a_web_page_elsewhere_cannot_use_up_what_the_officer_may_ask(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        for site in ("cross-site", "same-site"):
            codes = [
                (await web.client.get("/api/v1/status", headers={"Sec-Fetch-Site": site})).status_code for _ in range(8)
            ]
            assert codes[-1] == 429 and web.client.cookies == {}
        assert (await web.client.get(web.serving.visit, headers={"Sec-Fetch-Site": "none"})).status_code == 303

    with_web(tmp_path, test, Settings(requests_per_s=0.01, requests_burst=4))


def test_a_web_page_elsewhere_cannot_keep_out_the_person_at_this_machine(tmp_path: Path) -> None:
    """Images in it that point at the watch with wrong keys once slowed down the right one, for minutes."""

    async def test(web: Web) -> None:
        for n in range(40):
            answer = await web.client.get(f"/?key=wrong{n}", headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 401
        assert (await web.client.get(web.serving.visit)).status_code == 303

    with_web(tmp_path, test)
