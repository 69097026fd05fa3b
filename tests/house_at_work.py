"""A whole watch in this process, for tests of what goes wrong: as `anchorwatch watch`, without its command line."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from anchorwatch.detectors import discover
from anchorwatch.edges import chart_files
from anchorwatch.edges.alerts import to_json
from anchorwatch.edges.clock import Clock, SystemClock
from anchorwatch.edges.feeds import Piece
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import open_feeds
from anchorwatch.engine.batch import Block
from anchorwatch.engine.feed_time import FeedTime
from anchorwatch.engine.job import Job
from anchorwatch.engine.live import Live
from anchorwatch.picture.latest import Latest
from anchorwatch.watch.desk import Desk
from anchorwatch.watch.house import House, Orders
from anchorwatch.watch.steady_clock import SteadyClock
from watching import command


class Warned(House):
    """A house that keeps what it warned of."""

    def __init__(self, orders: Orders, clock: SteadyClock) -> None:
        super().__init__(orders, clock, lambda alerts, events: None, lambda *visit: None)
        self.said: list[str] = []
        self.warn = self.said.append

    def recorded(self) -> bool:
        """Tell whether all that was heard was judged, and written down."""
        keeper = self.keeper
        rows = asked(self.orders.data, "select seq, data from progress")
        live, log = keeper.live, keeper.kept.log
        if not rows or log is None or self.intake.bytes or keeper.seq < log.last_seq:
            return False
        return bool(live.watermark_us == live.settled_us == json.loads(rows[0][1])["settled_us"])

    def standing(self) -> dict[str, Any]:
        """The alerts it remembers, by id."""
        return {key: to_json(alert) for key, alert in self.keeper.live.memory.docket.alerts.items()}


def made_sea(folder: Path, vessels: int = 40) -> Path:
    """A day of the Gulf of Finland with a ship that drags her anchor: few others, NMEA with times, and its chart."""
    told = resources.files("anchorwatch.trials").joinpath("scenarios/eagle-s-2024.toml").read_text(encoding="utf-8")
    fewer = re.sub(r"^vessels = \d+$", f"vessels = {vessels}", told, count=1, flags=re.MULTILINE)
    (folder / "few.toml").write_text(fewer, encoding="utf-8")
    made = command("trial", "run", str(folder / "few.toml"), "--out", str(folder), "--format", "nmea", "--no-scan")
    assert made.returncode == 0, made.stderr
    return folder / "eagle-s-2024"


def compile_for(job: Job, file: Path) -> None:
    """Let lines through all that is compiled: on a fresh clone that takes longer than a test waits for its watch."""
    lines = b"".join(file.read_bytes().splitlines(keepends=True)[:4000])
    decoded, at_us = Desk().read([Piece("first", "nmea", SystemClock().now_us(), lines)])
    live = Live(job, feeds={0: FeedTime(0)})
    kept = live.hear(0, Block(decoded.positions, decoded.statics), int(at_us[0]), at_us)
    assert live.turn() is not None
    Latest().update(kept, decoded.statics, 0)


@cache
def job_of(sea: Path, *less: str) -> Job:
    """The watch over a sea's chart; without the assets named in `less`."""
    assets = sea / "assets.geojson"
    if less:
        told = json.loads(assets.read_text(encoding="utf-8"))
        told["features"] = [f for f in told["features"] if f["properties"]["id"] not in less]
        assets = sea / f"without-{len(less)}.geojson"
        assets.write_text(json.dumps(told), encoding="utf-8")
    job = Job(chart_files.load([str(assets)], [str(sea / "zones.geojson")], None), discover())
    compile_for(job, sea / "traffic.nmea")
    return job


def watch(
    job: Job, data: Path, urls: Sequence[str], until: Callable[[Warned], bool], clock: Clock | None = None,
    timeout_s: float = 60.0, **orders: Any,
) -> Warned:  # fmt: skip
    """Keep watch until `until` says so, then end as after Ctrl-C; returns the house as it was left."""
    steady = SteadyClock(clock or SystemClock())
    data.mkdir(parents=True, exist_ok=True)
    feeds = open_feeds(list(urls), steady, Secrets({}, None))
    asked = replace(Orders(job, data, feeds, stay=False), **orders)
    house = Warned(asked, steady)

    async def kept() -> None:
        running = asyncio.create_task(house.run())
        async with asyncio.timeout(timeout_s):
            while not running.done() and not await asyncio.to_thread(until, house):
                await asyncio.sleep(0.02)
        if not running.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await running

    asyncio.run(kept())
    return house


def read_up_to(*files: Path) -> Callable[[Warned], bool]:
    """Until files are read to their ends and all of it has gone through the engine."""

    def done(house: Warned) -> bool:
        keeper, feeds = house.keeper, house.room.feeds
        reached = {feed.name: getattr(feed, "reached", 0) for feed in feeds}
        if [mark & ((1 << 40) - 1) for mark in reached.values()] != [file.stat().st_size for file in files]:
            return False
        return all(keeper.reached.get(n) == mark for n, mark in reached.items()) and house.recorded()

    return done


def asked(data: Path, question: str) -> list[tuple[Any, ...]]:
    """Ask the database of a watch."""
    with closing(sqlite3.connect(f"file:{data / 'store.sqlite'}?mode=ro", uri=True)) as database:
        return database.execute(question).fetchall()


def alerts_in(data: Path) -> dict[str, Any]:
    """Every alert that is kept, by id."""
    return {key: json.loads(record) for key, record in asked(data, "select id, record from alerts")}


def raised_in(data: Path) -> list[tuple[Any, ...]]:
    """Which alerts the history says were raised, each once."""
    return sorted(asked(data, "select alert_id, actor, verb from history where verb = 'raised'"))


def differences(mine: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """In what two sets of alerts differ, a line each."""
    found = [f"{key}: only {'first' if key in mine else 'second'}" for key in mine.keys() ^ theirs.keys()]
    for key in mine.keys() & theirs.keys():
        a, b = mine[key], theirs[key]
        found += [f"{key} {n}: {a.get(n)} != {b.get(n)}" for n in a.keys() | b.keys() if a.get(n) != b.get(n)]
    return found


def learnt_anew(job: Job, data: Path, folder: Path, urls: Sequence[str], **orders: Any) -> dict[str, Any]:
    """What a watch says that has nothing but the raw log of another: its state follows from the log alone."""
    shutil.copytree(data / "raw", folder / "raw")
    watch(job, folder, urls, lambda house: house.room.progress.caught_up, **orders)
    return alerts_in(folder)


# ---- made once for several files of tests


@cache
def sea_of(folder: Path) -> Path:
    """A sea with its traffic and its chart, in the folder of all tests of a run."""
    (folder / "sea").mkdir()
    return made_sea(folder / "sea")


@cache
def calm_of(folder: Path) -> Path:
    """The folder of a watch over it that nobody disturbed."""
    data, file = folder / "calm", sea_of(folder) / "traffic.nmea"
    watch(job_of(sea_of(folder)), data, [f"file:{file}?format=nmea"], read_up_to(file))
    assert len(alerts_in(data)) >= 10
    return data


def said(house: Warned) -> str:
    """All that a watch warned of."""
    return " | ".join(house.said)
