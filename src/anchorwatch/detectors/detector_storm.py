"""One detector finds far more than usual within ten minutes: the cause is one, and one alert is enough.

New findings of one detector that could become alerts are counted. More of them in ten minutes than
`findings_least`, and than `share` of the vessels in the picture, are a storm; judgement then holds back further
alerts of that detector (`judgement.storm`). It ends when ten minutes brought half of that.

Limits: in the first two hours of a picture everything that lies still is found at once, and no storm is seen. A
storm is closed by the next finding of any detector. Detectors of areas find one thing for many
vessels and have no storms.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector, discover
from anchorwatch.detectors._run import minutes
from anchorwatch.model import Alternative, Finding, Reason

Array = np.ndarray[Any, Any]


class Params(NamedTuple):
    """What is a storm. An officer handles one alert in a minute at best: ten in ten minutes are the most [K]."""

    window_s: float = 600.0
    findings_least: float = 10.0
    share: float = 0.02  # of the vessels heard: 40 of 2,000, which is a day's worth of alerts in ten minutes


# A finding counted lately, an open storm, and the newest word seen.
RECENT, STORM, NEWEST = range(3)
MEMORY = np.dtype(
    [
        ("what", np.uint8),
        ("time_us", np.int64),  # counted, or the last one counted
        ("detector", np.int64),
        ("track", np.int64),
        ("start_us", np.int64),
        ("raised_us", np.int64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("limit", np.float64),  # of a storm: more than this in the window
        ("counted", np.float64),
        ("told", np.float64),
    ]
)
SAME = ("detector", "track", "start_us")


class Sky:
    """The memory while it is being scanned: what counts, by detector and in order of time, and open storms."""

    def __init__(self, memory: Array | None) -> None:
        """Recall."""
        before = np.zeros(0, MEMORY) if memory is None else memory
        self.counting: dict[int, dict[tuple[int, int], Any]] = {}
        for record in before[before["what"] == RECENT]:
            self.counting.setdefault(int(record["detector"]), {})[key_of(record)] = record.copy()
        self.storms = {int(s["detector"]): s.copy() for s in before[before["what"] == STORM]}
        last = before[before["what"] == NEWEST]
        self.newest = tuple(last[0][["time_us", *SAME]].tolist()) if len(last) else (-1, 0, 0, 0)

    def expire(self, code: int, oldest_us: int) -> dict[tuple[int, int], Any]:
        """Return what still counts of a detector."""
        mine = self.counting.setdefault(code, {})
        while mine and int(next(iter(mine.values()))["time_us"]) < oldest_us:
            del mine[next(iter(mine))]
        return mine

    def remembered(self, window_us: int) -> Array:
        """Return the memory as plain records."""
        recent = [r for code in sorted(self.counting) for r in self.expire(code, self.newest[0] - window_us).values()]
        last = np.zeros(1, MEMORY)
        last["what"] = NEWEST
        for name, value in zip(("time_us", *SAME), self.newest, strict=True):
            last[name] = value
        storms = np.array([self.storms[c] for c in sorted(self.storms)], MEMORY)
        return np.concatenate([np.array(recent, MEMORY), storms, last])


def key_of(record: Any) -> tuple[int, int]:
    """Which finding of its detector this is."""
    return int(record["track"]), int(record["start_us"])


def scan(rows: Array, memory: Array | None, params: Params) -> tuple[Array, Array]:
    """Count new findings, word by word."""
    sky, window_us = Sky(memory), int(params.window_s * 1e6)
    found: list[Array] = []
    for i, (at_us, code, track, start_us, raised_us) in enumerate(rows[["time_us", *SAME, "raised_us"]].tolist()):
        if (at_us, code, track, start_us) <= sky.newest:
            continue
        sky.newest = at_us, code, track, start_us
        for stormy, storm in list(sky.storms.items()):
            if len(sky.expire(stormy, at_us - window_us)) <= storm["limit"] / 2:
                found.append(word(sky.storms.pop(stormy), at_us, 0))
        if at_us - raised_us <= window_us and (track, start_us) not in sky.expire(code, at_us - window_us):
            sky.counting[code][track, start_us] = counted(rows[i])
            found += swell(sky, rows[i], params)
    return np.concatenate(found) if found else np.zeros(0, DETECTOR.found), sky.remembered(window_us)


def counted(row: Any) -> Any:
    """Return a finding as it is remembered while it counts."""
    record = np.zeros(1, MEMORY)[0]
    for name in ("time_us", *SAME, "lon_deg", "lat_deg"):
        record[name] = row[name]
    return record


def swell(sky: Sky, row: Any, params: Params) -> list[Array]:
    """Let one more finding begin a storm, or swell it; return what is to be told."""
    code, at_us = int(row["detector"]), int(row["time_us"])
    if code in sky.storms:
        storm = sky.storms[code]
        storm["counted"] += 1.0
        storm["time_us"] = at_us
    else:
        picture = float(row["picture"])
        limit = max(params.findings_least, params.share * picture) if picture == picture else math.inf
        if not len(sky.counting[code]) > limit:  # never where the picture is not known
            return []
        storm = sky.storms[code] = begun(list(sky.counting[code].values()), row, limit)
    if storm["counted"] < 2.0 * storm["told"]:
        return []
    storm["told"] = storm["counted"]
    return [word(storm, at_us, 1)]


def begun(mine: list[Any], row: Any, limit: float) -> Any:
    """Return a new storm of the findings that count."""
    storm = counted(row)
    storm["what"], storm["limit"], storm["counted"], storm["raised_us"] = STORM, limit, len(mine), row["time_us"]
    storm["track"], storm["start_us"] = row["detector"], mine[0]["time_us"]
    for name in ("lon_deg", "lat_deg"):
        storm[name] = sum(float(r[name]) for r in mine) / len(mine)
    return storm


def word(storm: Any, at_us: int, still_on: int) -> Array:
    """Write what is known of a storm."""
    found = np.zeros(1, DETECTOR.found)
    found["track"], found["at_us"], found["open"] = storm["track"], at_us, still_on
    found["start_us"], found["end_us"], found["raised_us"] = storm["start_us"], storm["time_us"], storm["raised_us"]
    found["at_sog_kn"], found["at_cog_deg"] = math.nan, math.nan
    found["asset"], found["asset_m"], found["kp_km"] = -1, math.nan, math.nan
    for name in ("lon_deg", "lat_deg"):
        found[name], found[f"at_{name}"] = storm[name], storm[name]
    found["findings"], found["limit"], found["code"] = storm["counted"], storm["limit"], storm["detector"]
    return found


@cache
def names() -> dict[int, str]:
    """Names of detectors by their codes."""
    return {schema.code_of(name): name for name in discover()}


def explain(finding: Finding) -> str:
    """Say which detector found how much."""
    v = finding.values
    length = minutes(max(60.0, (finding.end_us - finding.start_us) / 1e6))
    return (
        f"{v['findings']:.0f} findings of {names().get(int(v['code']), 'one detector')} within {length}, where "
        f"{v['limit']:.0f} in ten minutes are the most: further alerts of its kind are held back and counted here. "
        "A fault of a feed, heavy weather or an event that concerns all vessels would look the same."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """A caution: no vessel can be called."""
    v = finding.values
    return (Reason("findings_at_once", v["findings"], "1", 1.4),)


DETECTOR = Detector(
    name="detector_storm",
    key="area",
    reads=("time_us", "detector", "track", "start_us", "raised_us", "lon_deg", "lat_deg", "picture"),
    params=Params(),
    memory=MEMORY,
    measures=("findings", "limit", "code"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("a fault of a receiver or a feed", "look at the station; compare with another feed"),
        Alternative("weather or an order that concerns all", "look at the weather and at navigational warnings"),
    ),
    scan=scan,
    takes="findings",
)
