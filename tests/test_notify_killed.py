"""Killed between "sending" and "sent": every alert is told, and what comes twice says so."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.store import Store
from notify_child import ALERTS
from notify_receivers import Sink, Webhook, listening, until

ROOT = Path(__file__).resolve().parents[1]
AGAIN = "may have been sent before"


async def child(folder: Path, url: str) -> asyncio.subprocess.Process:
    """Start a watch; it has its store open when this returns."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "tests" / "notify_child.py"), str(folder), url,
        stdout=asyncio.subprocess.PIPE, cwd=ROOT, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    assert await process.stdout.readline() == b"open\n"
    return process


async def kill(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGKILL)
    await process.communicate()


def told(sink: Sink) -> list[tuple[str, bool]]:
    """Which vessel each whole message was about, and whether it said that it may have come before."""
    whole = [data for data in sink.got if data.rstrip().endswith(b"</event>")]
    events = [ET.fromstring(data) for data in whole]
    return [(str(e.get("uid")), AGAIN in str(e.findtext("detail/remarks"))) for e in events]


async def killed_in_between(folder: Path) -> Webhook:
    """The receiver has it and has not answered yet."""
    hook = Webhook(status=0)
    async with asyncio.timeout(30), listening(hook.talk) as port:
        first = await child(folder, f"json://127.0.0.1:{port}/")
        await until(lambda: hook.asked == 1, 20)
        await kill(first)
        hook.status = 200
        second = await child(folder, f"json://127.0.0.1:{port}/")
        await until(lambda: len(hook.got) >= 1, 20)
        await kill(second)
    return hook


def test_killed_between_sending_and_sent(tmp_path: Path) -> None:
    hook = asyncio.run(killed_in_between(tmp_path))
    again = [said for said in hook.got if AGAIN in said["message"]]
    assert len(again) == 1
    assert "SHIP 1," in again[0]["message"]


async def killed_often(folder: Path, times: int, chance: random.Random) -> Sink:
    sink = Sink(slow_s=0.05)
    async with listening(sink.talk) as port:
        for _ in range(times):
            process = await child(folder, f"cot+tcp://127.0.0.1:{port}")
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            await kill(process)
        process = await child(folder, f"cot+tcp://127.0.0.1:{port}")
        await until(lambda: len({uid for uid, _ in told(sink)}) == ALERTS, 90)
        await asyncio.sleep(2)
        await kill(process)
    return sink


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path) -> None:
    sink = asyncio.run(killed_often(tmp_path, 10, random.Random(4)))
    messages = told(sink)
    first_words = Counter(uid for uid, again in messages if not again)
    assert any(again for _, again in messages)  # else no kill came between
    assert max(first_words.values()) == 1  # nothing comes twice without saying so
    assert len({uid for uid, _ in messages}) == ALERTS  # nothing is lost
    store = Store.open(tmp_path / "store.sqlite", SystemClock())
    states = Counter(letter.state for letter in store.letters())
    store.close()
    assert states["sent"] + states["sending"] == ALERTS
