"""The demo opens the console shortly before its first alert, or says all at once; and says what it is."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from importlib import resources
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import polars as pl
import pytest
from click.testing import CliRunner

from anchorwatch import chart, cli
from anchorwatch.cli import demo, watch
from anchorwatch.cli.demo_report import TRIAL
from anchorwatch.console import settings
from anchorwatch.decode import Options
from anchorwatch.engine.job import Job
from anchorwatch.model import rfc3339
from anchorwatch.trials import run as trials
from anchorwatch.trials import traffic
from anchorwatch.trials.scenario.read import load
from anchorwatch.watch.replay import Replay
from house_at_work import Warned
from watch_room import SetClock
from watching import ENV


@pytest.mark.slow
def test_the_demo_warns_of_its_ship_and_says_that_it_is_a_reconstruction(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    run = CliRunner().invoke(cli.root, ["demo", "--report", "--out", str(folder)])
    assert run.exit_code == 0, run.output + repr(run.exception)
    alerts = [json.loads(line) for line in (folder / "alerts.jsonl").read_text().splitlines()]
    truth = json.loads((folder / "truth.json").read_text())
    acting = {m for a in truth["actors"] if a["role"] == "threat" for m in a["mmsis"]}
    assert acting & {a["vessel"]["mmsi"] for a in alerts if a["level"] in ("warning", "alarm")}
    assert "<html" in (folder / "report.html").read_text()
    assert "reconstruction" in run.output and "accuses nobody" in " ".join(run.output.split())
    assert (folder / "traffic.csv").exists() and not (folder / "traffic.nmea").exists()


def test_the_demo_prints_the_alerts_alone_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def instead(made: object, folder: Path, **_: object) -> trials.Outcome:
        folder.mkdir()
        (folder / "alerts.jsonl").write_text('{"id": "a1"}\n')
        return trials.Outcome(load(TRIAL), folder, 0, 0, {})

    monkeypatch.setattr(trials, "run", instead)
    run = CliRunner().invoke(cli.root, ["demo", "--json", "--out", str(tmp_path / "demo")])
    assert (run.exit_code, run.output) == (0, '{"id": "a1"}\n')


def test_a_replay_is_fast_up_to_a_time_waits_and_then_keeps_its_pace(tmp_path: Path) -> None:
    made = traffic.day(rows=2_000, vessels=10, hours=6.0, seed=3)
    traffic.write(made, tmp_path / "traffic.csv")
    times = made.positions["time_us"].sort()
    from_us, clock = int(times[1_000]), SetClock()
    replay = Replay([str(tmp_path / "traffic.csv")], Job(chart.make(()), {}), 60.0, clock, Options(), from_us)
    looked = [False]
    replay.go = lambda: looked[0]
    parts, leading = [], []
    while (block := replay.take()) is not None:
        leading.append(replay.leading)
        parts.append(block.positions)
    assert all(leading)
    assert (pl.concat(parts)["time_us"] < from_us).all()
    assert replay.positions == (times < from_us).sum()
    clock.forward(3600.0)
    assert replay.take() is None, "nobody has looked"
    assert (replay.leading, replay.over) == (False, False)
    looked[0] = True
    replay.take()
    clock.forward(10.0)
    due = replay.take()
    assert due is not None
    assert due.positions["time_us"].is_between(from_us, int(times[1_000]) + 660_000_000).all()
    assert replay.positions < len(times)
    clock.forward(7 * 3600.0)
    while not replay.over:
        replay.take()
    assert replay.positions == len(times)


def few(folder: Path) -> Path:
    """The trial of the demo with few others in it."""
    told = resources.files("anchorwatch.trials").joinpath(f"scenarios/{TRIAL}.toml").read_text(encoding="utf-8")
    path = folder / "few.toml"
    path.write_text(re.sub(r"^vessels = \d+$", "vessels = 12", told, count=1, flags=re.MULTILINE), encoding="utf-8")
    return path


def test_the_picture_waits_until_somebody_looks_and_the_ship_is_warned_of_when_it_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "TRIAL", str(few(tmp_path)))
    monkeypatch.setattr(demo, "LEAD_S", 1.0)
    clock, data = watch.steady_clock(), tmp_path / "data"
    data.mkdir()
    voice = demo.Voice(quiet=True, data=data, browser=False)
    orders = demo._orders(600.0, "127.0.0.1:0", data, clock, voice)
    house = Warned(orders, clock)
    visits: list[Any] = []
    house.serving = lambda web, warnings: visits.append(web)

    async def shown() -> None:
        running = asyncio.create_task(house.run())
        try:
            while not visits and not running.done():
                await asyncio.sleep(0.01)
            begun_us = house.room.progress.now_us
            await asyncio.sleep(0.3)
            assert house.room.progress.now_us == begun_us, "nobody has looked"
            assert orders.replay is not None
            assert 0 < orders.replay.from_us - begun_us < 60_000_000
            key = {"Authorization": "Bearer " + (data / "local_key").read_text().strip()}
            async with httpx.AsyncClient(base_url=visits[0].url, headers=key) as client:
                said = (await client.get("/api/v1/status")).json()
                about = said["demo"]
                assert (about["ship_name"], about["speed"]) == ("EAGLE S", 600.0)
                assert "reconstruction" in about["text"]
                assert "accuses nobody" in about["text"]
                assert said["time"] < about["first_alert_expected"]
                of_her = f"/api/v1/alerts?mmsi={about['ship_mmsi']}&level=warning"
                while not (found := (await client.get(of_her)).json()["alerts"]):
                    await asyncio.sleep(0.02)
                raised = found[-1]["alert"]["raised"]
                assert orders.demo is not None
                assert raised == rfc3339(orders.demo.first_alert_us - 120_000_000)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            await running

    async def bounded() -> None:
        async with asyncio.timeout(60.0):
            await shown()

    asyncio.run(bounded())


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "none"])
def test_the_key_is_printed_on_a_terminal_only(
    terminal: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(demo, "_has_screen", lambda: True)
    voice = demo.Voice(quiet=False, data=tmp_path, browser=True)
    voice.demo = demo._demo_of(load(TRIAL), 0, 30.0)
    web: Any = SimpleNamespace(url="http://127.0.0.1:1/", visit="http://127.0.0.1:1/?key=abc")
    voice.say("what it is")
    voice.serving(web, [])
    said = capsys.readouterr().out
    if terminal:
        assert "Opening http://127.0.0.1:1/?key=abc" in said
        assert "warns of EAGLE S" in said
    else:
        assert said == f"Listening on {web.url}; the key is in {tmp_path / 'local_key'}. Ctrl-C ends the demo.\n"
    deadline = time.monotonic() + 5.0
    while terminal and not opened and time.monotonic() < deadline:
        time.sleep(0.01)
    assert opened == [web.visit] * terminal


def test_a_port_that_is_taken_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(settings, "PORT", port)
        found = demo._free_port()
        assert found != port
        assert found == 0 or port < found < port + demo.PORTS_TRIED


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--listen", "none"], "anchorwatch demo --report"),
        (["--out", "/proc/nowhere"], "Name another with --out"),
        (["--out", "FILE/below", "--report"], "Name another with --out"),
    ],
    ids=["nowhere to look", "no folder", "no folder for the report"],
)
def test_bad_use_is_one_clear_line(words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = CliRunner().invoke(cli.root, ["demo", *(w.replace("FILE", str(tmp_path / "file")) for w in words)])
    assert run.exit_code != 0
    assert said in str(run.exception)
    assert "\n" not in str(run.exception)


@pytest.mark.slow
def test_the_demo_runs_without_a_terminal_until_it_is_stopped_and_leaves_nothing(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "anchorwatch", "demo", "--listen", "127.0.0.1:0"]
    environment = ENV | {"TMPDIR": str(tmp_path)}
    child = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert child.stdout is not None
        found = re.fullmatch(r"Listening on (\S+); the key is in (\S+)\. Ctrl-C .*\n", child.stdout.readline())
        assert found is not None
        key = {"Authorization": "Bearer " + Path(found[2]).read_text().strip()}

        def asked(path: str) -> Any:
            with urllib.request.urlopen(urllib.request.Request(found[1] + path, headers=key), timeout=10) as answer:
                return json.load(answer)

        about, began = asked("api/v1/status")["demo"], time.monotonic()
        while not asked(f"api/v1/alerts?mmsi={about['ship_mmsi']}")["alerts"]:
            assert time.monotonic() - began < 60.0  # 20 s where nobody else works on the machine
            time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        assert (child.communicate(timeout=30)[0], child.returncode) == ("", 0)
        assert list(tmp_path.iterdir()) == []
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        child.wait()
