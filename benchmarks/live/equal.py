"""Live = archive: `watch --replay` and a watch over feeds say what `scan` says, on real days and on a trial."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.children import python, run
from benchmarks.live import kills, sea
from benchmarks.live.sender import seconds_of
from benchmarks.live.watching import apart, free_port, running, sending, sent
from benchmarks.table import Figure

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SPEEDS = (0.0, 3600.0, 20_000.0)


def last_words(text: str) -> dict[str, object]:
    """The last word on each alert of some lines of JSON."""
    records = [json.loads(line) for line in text.splitlines()]
    return {record["id"]: record for record in records}


def real(shared: Path, folder: Path) -> tuple[Path, list[str]]:
    """Two days of the Kattegat, and the chart over it."""
    ways = json.loads((shared / "assets/power_cables_osm.geojson").read_text(encoding="utf-8"))
    ways["features"] = [f for f in ways["features"] if "Konti-Skan" in str(f["properties"].get("name"))]
    power = folder / "konti-skan.geojson"
    power.write_text(json.dumps(ways), encoding="utf-8")
    chart = ["--assets", str(shared / "assets/kattegat_telecom_cables.csv"), "--assets", str(power)]
    return shared / "ais/kattegat_2025-11-01_02_1min.parquet", chart


def replays(paths: list[Path], chart: list[str], speeds: Sequence[float] = SPEEDS) -> tuple[int, dict[str, int]]:
    """Alerts of a scan, and how many differ in a replay, by its speed."""
    scanned = last_words(run(python("-m", "anchorwatch", "scan", *map(str, paths), *chart, "--quiet")).out)
    given = [word for path in paths for word in ("--replay", str(path))]
    differ = {}
    for speed in speeds:
        words = (*given, *chart, "--speed", str(speed), "--json", "--listen", "none")
        said = last_words(run(python("-m", "anchorwatch", "watch", *words)).out)
        differ[f"at {speed:g}" if speed else "at full speed"] = len(apart(said, scanned))
    return len(scanned), differ


def halves(traffic: Path, folder: Path) -> list[Path]:
    """The log as two stations hear it: some seconds by the one, some by the other, some by both; both hear the end."""
    chance = random.Random(3)
    paths = [folder / "west.nmea", folder / "east.nmea"]
    seconds = list(seconds_of(traffic))
    with paths[0].open("wb") as west, paths[1].open("wb") as east:
        for number, (_, lines) in enumerate(seconds):
            heard = 2 if number > len(seconds) - 20 else chance.randrange(3)
            for which, file in enumerate((west, east)):
                if heard in (which, 2):
                    file.writelines(lines)
    return paths


def feeds(traffic: Path, chart: list[str], folder: Path) -> tuple[int, dict[str, int]]:
    """Alerts of a watch over a file as a feed, and how many differ where the same lines come through a socket."""
    port = free_port()
    said = []
    for name, url in (("file", f"file:{traffic}?format=nmea"), ("tcp", f"tcp-listen://127.0.0.1:{port}?hold=120")):
        data = folder / name
        shutil.rmtree(data, ignore_errors=True)
        with running(data, "--feed", f"sea={url}", *chart, web=False) as watch:
            if name == "tcp":
                sent(sending("tcp", "127.0.0.1", port, traffic, "--rate", 30_000, "--stay", "1"))
            kills.settle(watch)
            watch.stop()
        said.append(watch.alerts())
    return len(said[0]), {"a socket, pieces as they come": len(apart(*said))}


def measure(shared: Path = SHARED) -> list[Figure]:
    """Return the figures of the table."""
    folder = sea.FOLDER / "equal"
    folder.mkdir(parents=True, exist_ok=True)
    made = kills.trial()
    chart = ["--assets", str(made / "assets.geojson"), "--zones", str(made / "zones.geojson")]
    tried = {
        f"the trial {kills.TRIAL}": replays([made / "traffic.nmea"], chart),
        "as two stations heard it": replays(halves(made / "traffic.nmea", folder), chart, SPEEDS[:1]),
        "live over a socket, or from a file": feeds(made / "traffic.nmea", chart, folder),
    }
    note = ""
    if (shared / "ais").exists():
        days, cables = real(shared, folder)
        tried = {"two real days": replays([days], cables), **tried}
    else:
        note = "the real days are not here"
    return [
        Figure(
            f"live = archive: {what}",
            f"{sum(differ.values())} of {alerts} alerts differ",
            "0 differ",
            not any(differ.values()) and alerts > 0,
            note=", ".join(f"{name}: {n}" for name, n in differ.items()) + (f"; {note}" if note else ""),
        )
        for what, (alerts, differ) in tried.items()
    ]


if __name__ == "__main__":
    from benchmarks.table import as_text

    print(as_text(measure()))
