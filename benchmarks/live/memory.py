"""What a watch holds after each day of a week, played as fast as it goes."""

from __future__ import annotations

import shutil
import sys
import time
from datetime import datetime
from pathlib import Path

from benchmarks.children import python, run
from benchmarks.live import sea
from benchmarks.live.watching import running
from benchmarks.table import Figure

VESSELS, DAYS = 400, 7
GROWTH = 1.15  # of any later day over the most of the first three: blocks that are read come and go


def week() -> Path:
    """A week of traffic, kept from run to run."""
    path = sea.FOLDER / f"week-{VESSELS}.parquet"
    if not path.exists():
        sea.FOLDER.mkdir(parents=True, exist_ok=True)
        print(f"making {path} ...", file=sys.stderr)
        part = path.with_name("part-" + path.name)
        fleet = ("--vessels", str(VESSELS), "--hours", str(24 * DAYS))
        run(python("-m", "anchorwatch.trials.traffic", *fleet, "--out", str(part)))
        part.rename(path)
    return path


def held() -> list[float]:
    """MiB at the end of each day."""
    data = sea.FOLDER / "week"
    shutil.rmtree(data, ignore_errors=True)
    seen: dict[int, list[float]] = {}
    with running(data, "--replay", str(week()), "--speed", "0", "--checkpoint-s", "5") as watch:
        watch.until_listening()
        before, same, first_s = 0.0, 0, 0.0
        while same < 20:
            status = watch.status()
            now_s = datetime.fromisoformat(status["settled"]).timestamp() if status["settled"] else 0.0
            first_s = first_s or now_s
            same = same + 1 if now_s == before and now_s else 0
            before = now_s
            if now_s:
                seen.setdefault(int((now_s - first_s) / 86_400), []).append(watch.rss_mib())
            time.sleep(0.1)
    # the most within the last quarter of each day: what is read ahead comes and goes
    return [max(day[-max(1, len(day) // 4) :]) for _, day in sorted(seen.items())]


def measure() -> list[Figure]:
    """Return the figure of the table."""
    days = held()
    return [
        Figure(
            f"memory over {DAYS} days, {VESSELS} vessels",
            f"{days[2]:.0f} MiB, then at most {max(days[2:]):.0f} MiB",
            "flat from the third day on",
            len(days) >= DAYS and max(days[2:]) <= GROWTH * max(days[:3]),
            note="MiB after each day: " + ", ".join(f"{mib:.0f}" for mib in days),
        )
    ]


if __name__ == "__main__":
    from benchmarks.table import as_text

    print(as_text(measure()))
