"""kill -9 under load at random moments, while officers act and notifications go out; then everything is counted.

A file that grows is the feed: nothing is on its way when the watch dies, so what it says afterwards must be what an
undisturbed watch says, field for field.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from anchorwatch.edges.notify.words import harmless
from benchmarks.children import python, run
from benchmarks.live import sea
from benchmarks.live.receivers import Officer, Webhook
from benchmarks.live.watching import Watching, apart, running
from benchmarks.table import Figure

TRIAL = "eagle-s-2024"
KILLS, SEED = 50, 7
UP_S = (0.2, 5.0)  # how long it lives: from within its start to after a checkpoint or three
WRITE_S = 0.02


class Outcome(NamedTuple):
    """What was counted."""

    kills: int
    alerts: int
    differ: list[str]
    raised_twice: int
    acknowledged: int
    actions_lost: int
    actions_twice: int
    letters: int
    letters_lost: int
    letters_twice: int  # without a word
    said_again: int
    seconds: float


def trial() -> Path:
    """The traffic of a trial, kept from run to run."""
    folder = sea.FOLDER / "trial"
    if not (folder / TRIAL / "traffic.nmea").exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"making {folder} ...", file=sys.stderr)
        out = ("--out", str(folder), "--format", "nmea", "--no-scan")
        run(python("-m", "anchorwatch", "trial", "run", TRIAL, *out))
    return folder / TRIAL


def options(made: Path, feed: Path, folder: Path, port: int) -> list[str]:
    """How both watches are started."""
    rules = folder / "notify.toml"
    rules.write_text(
        f'[[channel]]\nname = "hook"\nurl = "json://127.0.0.1:{port}/hook"\nat_least = "caution"\nevents = ["raised"]\n'
    )
    chart = ["--assets", str(made / "assets.geojson"), "--zones", str(made / "zones.geojson")]
    return ["--feed", f"sea=file:{feed}?format=nmea", *chart, "--checkpoint-s", "1.5", "--notify", str(rules)]


def settle(watch: Watching, until_us: int = 0, timeout_s: float = 300.0) -> int:
    """Wait until everything before a time is judged; without one, until nothing moves any more. Returns that time."""
    end, before, same = time.monotonic() + timeout_s, 0, 0
    while time.monotonic() < end:
        assert watch.pid
        now = watch.settled_us()
        if until_us and now >= until_us:
            return now
        same = same + 1 if now == before and now else 0
        if not until_us and same > 13:  # progress is recorded every five seconds
            return now
        before = now
        time.sleep(1.0)
    raise RuntimeError(f"settled up to {before}, not {until_us}, within {timeout_s:g} s")


def delivered(watch: Watching, timeout_s: float = 90.0) -> None:
    """Wait until nothing is left to be sent."""
    end = time.monotonic() + timeout_s
    while watch.asked("select count(*) from outbox where state in ('waiting', 'sending')")[0][0]:
        if time.monotonic() > end:
            raise RuntimeError(f"letters wait: {watch.asked('select state, why, count(*) from outbox group by 1, 2')}")
        time.sleep(0.5)


def calm(made: Path, traffic: Path, folder: Path) -> tuple[Watching, int]:
    """What a watch says that nobody disturbs."""
    shutil.rmtree(folder / "calm", ignore_errors=True)
    hook = Webhook(0.0)
    hook.start()
    with running(folder / "calm", *options(made, traffic, folder, hook.port)) as watch:
        until_us = settle(watch)
        watch.stop()
    hook.stop()
    return watch, until_us


def disturbed(traffic: Path, growing: Path, watch: Watching, kills: int, seed: int) -> None:
    """Let the file grow, and kill the watch at random moments until all of it is there."""
    chance, data, began_s = random.Random(seed), traffic.read_bytes(), time.monotonic()
    lives = [chance.uniform(*UP_S) for _ in range(kills)]
    total_s = sum(lives) + 0.05 * kills
    written, killed, next_s = 0, 0, began_s + lives[0]
    with growing.open("ab") as file:
        while killed < kills or written < len(data):
            due = min(len(data), int(len(data) * (time.monotonic() - began_s) / total_s))
            file.write(data[written:due])  # ends within a line, mostly
            file.flush()
            written = max(written, due)
            if killed < kills and time.monotonic() >= next_s:
                watch.kill()
                killed += 1
                watch.start()
                next_s = time.monotonic() + (lives[killed] if killed < kills else 0.0)
            time.sleep(WRITE_S)


def exam(made: Path, traffic: Path, folder: Path, kills: int, seed: int = SEED) -> Outcome:
    """Run both and count."""
    began_s = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    still, until_us = calm(made, traffic, folder)
    growing = folder / "growing.nmea"
    growing.write_bytes(b"")
    shutil.rmtree(folder / "killed", ignore_errors=True)
    hook = Webhook()
    hook.start()
    with running(folder / "killed", *options(made, growing, folder, hook.port)) as watch:
        watch.until_listening()
        officer = Officer(watch, seed)
        officer.start()
        disturbed(traffic, growing, watch, kills, seed)
        settle(watch, until_us)
        officer.over.set()
        officer.join()
        delivered(watch)
        watch.stop()
    hook.stop()
    return counted(still, watch, officer, hook, kills, time.monotonic() - began_s)


def counted(still: Watching, watch: Watching, officer: Officer, hook: Webhook, kills: int, seconds: float) -> Outcome:
    """Compare what was said, done and told."""
    ours, theirs = watch.alerts(), still.alerts()
    raised = Counter(key for (key,) in watch.asked("select alert_id from history where verb = 'raised'"))
    keys = Counter(json.loads(key)[-1] for (key,) in watch.asked("select key from history where key is not null"))
    letters = watch.asked("select alert_id from outbox")
    never = Counter(still.asked("select alert_id from outbox")) - Counter(letters)
    due = Counter(vessel_of(ours[key]) for (key,) in letters)
    names = {harmless(a["vessel"]["name"], 40): vessel_of(a) for a in ours.values()}
    told = hook.told()
    plainly, again = (Counter({names.get(w, w): 0 for w in one.about}) for one in told)
    for said, one in zip((plainly, again), told, strict=True):
        for words, count in one.about.items():
            said[names.get(words, words)] += count
    unlisted = sum(one.unlisted for one in told)
    return Outcome(
        kills=kills,
        alerts=len(ours),
        differ=apart(ours, theirs),
        raised_twice=sum(n > 1 for n in raised.values()) + sum(key not in raised for key in ours),
        acknowledged=len(officer.acknowledged),
        actions_lost=sum(keys[key] == 0 for key in officer.acknowledged),
        actions_twice=sum(n > 1 for n in keys.values()),
        letters=len(letters),
        letters_lost=max(0, sum((due - (plainly + again)).values()) - unlisted) + sum(never.values()),
        letters_twice=sum((plainly - due).values()),
        said_again=sum(again.values()),
        seconds=seconds,
    )


def vessel_of(alert: dict[str, Any]) -> str:
    """Return how a message names the vessel of an alert that has no name."""
    return f"MMSI {alert['vessel']['mmsi']}" if alert["vessel"]["mmsi"] else alert["kind"]


def measure(kills: int = KILLS) -> list[Figure]:
    """Return the figures of the table."""
    made = trial()
    one = exam(made, made / "traffic.nmea", sea.FOLDER / "kills", kills)
    said = [
        (
            f"{len(one.differ)} of {one.alerts} alerts differ",
            not one.differ and not one.raised_twice and one.alerts > 0,
        ),
        (
            f"{one.actions_lost} of {one.acknowledged} actions lost, {one.actions_twice} done twice",
            not one.actions_lost and not one.actions_twice and one.acknowledged > 0,
        ),
        (
            f"{one.letters_lost} of {one.letters} notifications lost, {one.letters_twice} twice without a word",
            not one.letters_lost and not one.letters_twice and one.letters > 0,
        ),
    ]
    whats = (f"kill -9 under load, {one.kills} times: alerts", "officers' actions", "notifications to a webhook")
    bars = ("the same as undisturbed", "none lost", "none lost, none twice unsaid")
    note = f"{TRIAL}, {one.said_again} said that they may have come before; {one.seconds:.0f} s"
    return [
        Figure(what, measured, bar, holds, note=note if k == 2 else "")
        for k, (what, bar, (measured, holds)) in enumerate(zip(whats, bars, said, strict=True))
    ]


if __name__ == "__main__":
    from benchmarks.table import as_text

    print(as_text(measure()))
