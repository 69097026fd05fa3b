"""A watch room with alerts behind a real server on loopback, in a thread of its own, for tests of the commands."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from click.testing import CliRunner

from alerts_at_work import HOSTILE, MINUTE, an_alert
from anchorwatch.chart import Asset
from anchorwatch.cli import alerts
from anchorwatch.edges.store import passwords
from anchorwatch.errors import AnchorwatchError
from anchorwatch.model import Alert, AlertAsset, Alternative, NextAsset, Reason, Vessel
from stream_room import Stand, standing

ROLES = {"ben": "officer", "chief": "supervisor", "guest": "viewer"}
LINE = (np.array([[24.5, 60.1], [24.4, 59.8]]),)
ASSETS = (Asset("estlink-1", "Estlink 1", "power_cable", LINE), Asset("estlink-2", "Estlink 2", "power_cable", LINE))


def made_alert(number: int, level: str = "warning", **changes: Any) -> Alert:
    """An alert of some minutes ago by the real clock, with an id like real ones."""
    import time

    now_us = time.time_ns() // 1000
    raised_us = now_us - number * 10 * MINUTE
    ahead = (NextAsset("estlink-1", now_us + 130 * MINUTE, 0.8),)
    made = {"raised_us": raised_us, "start_us": raised_us - MINUTE, "end_us": raised_us, "next": ahead}
    return an_alert(number, level, **{"id": f"a1-{number:06x}{number:010x}", **made, **changes})


def hostile_alert(number: int) -> Alert:
    """An alert whose every text from outside means harm."""
    return made_alert(
        number, "alarm", vessel=Vessel(mmsi=230_000_000 + number, name=HOSTILE, callsign="\x1b]0;x\x07"),
        assets=(AlertAsset("estlink-2", f"Estlink\r\n2{HOSTILE}", "power_cable", 12.0),),
        explanation=f"{HOSTILE}\nslows down.\u2066", alternatives=(Alternative(f"engine\x9b{HOSTILE}", "call\r her"),),
        reasons=(Reason("speed_lost", f"4\x1b[1A{HOSTILE}", "kn", 2.1), Reason("prior", "anchor_drag", "", -3.0)),
    )  # fmt: skip


@dataclass
class Floor:
    """A watch that runs, and people at terminals."""

    stand: Stand
    loop: asyncio.AbstractEventLoop
    folder: Path
    tokens: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.stand.serving.port}"

    def run(self, *words: str, who: str = "anna", columns: int = 80, url: str = "") -> tuple[int, str, str]:
        """Run `anchorwatch alerts WORDS` as a person; return exit code, stdout, stderr."""
        env = {"ANCHORWATCH_URL": url or self.url, "ANCHORWATCH_TOKEN": self.tokens.get(who, who)}
        env |= {"XDG_STATE_HOME": str(self.folder / f"state-{who[:9]}"), "COLUMNS": str(columns)}
        run = CliRunner().invoke(alerts.command, list(words), env=env)
        if isinstance(run.exception, AnchorwatchError):
            return 2, run.stdout, f"anchorwatch: {run.exception}\n"
        if run.exception is not None and not isinstance(run.exception, SystemExit):
            raise run.exception
        return run.exit_code, run.stdout, run.stderr

    def good(self, *words: str, who: str = "anna", columns: int = 80) -> str:
        """Return what a command says that must succeed and say no error."""
        code, out, err = self.run(*words, who=who, columns=columns)
        assert (code, err) == (0, ""), (code, out, err)
        return out

    def bad(self, *words: str, who: str = "anna", url: str = "") -> str:
        """Return the one line of a command that must fail."""
        code, _, err = self.run(*words, who=who, url=url)
        assert code == 2, err
        assert err.count("\n") == 1, err
        return err

    def work(self, alert_id: str) -> dict[str, Any]:
        """Return the work on an alert as the store has it."""
        item = self.stand.room.store.alert(alert_id)
        assert item is not None
        return item.work

    def drop(self) -> None:
        """Cut every connection as a network does."""

        def cut() -> None:
            for connection in self.stand.connections():
                connection.transport.abort()

        self.loop.call_soon_threadsafe(cut)


@contextmanager
def floor_in(folder: Path, *alerts: Alert) -> Iterator[Floor]:
    """Run a watch room with these alerts."""
    ready, floors, ended = threading.Event(), list[Floor](), list[asyncio.Event]()

    async def serve() -> None:
        async with standing(folder, ASSETS) as stand:
            stand.room.store.record(list(alerts), 1)
            tokens = {"anna": stand.token}
            for name, role in ROLES.items():
                with patch.object(passwords, "hashed", return_value="none"):  # takes a fifth of a second, on purpose
                    stand.people.add(name, role, "", by="test")
                tokens[name] = stand.token_for(name, "read", *(["work"] if role != "viewer" else []))
            floors.append(Floor(stand, asyncio.get_running_loop(), folder, tokens))
            ended.append(asyncio.Event())
            ready.set()
            await ended[0].wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield floors[0]
    finally:
        floors[0].loop.call_soon_threadsafe(ended[0].set)
        thread.join(20)


def at_home(monkeypatch: Any, folder: Path) -> None:
    """Let no file of the person who runs the tests play a part."""
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(folder))
    for name in [n for n in os.environ if n.startswith("ANCHORWATCH_")]:
        monkeypatch.delenv(name)
