"""A part of the sea in which vessels are heard all the time has fallen silent: a station or a feed has failed.

How many vessels are heard in a box of the sea in ten minutes is learned as they come. Boxes that spoke in nearly
every slot, and then fall silent from one slot to the next for `silent_slots` and twice as long as ever before,
are told; neighbours that fall silent are one silence. It ends when half of what was heard there is heard again.

Time passes with whatever else is heard. A hole in everything is seen when it is over; one of more than
`pause_slots` is a pause between files and no silence, and the end of a file is none.

Limits: a station whose neighbours hear the same vessels can fail without a silence. All sources count together:
files of one receiver have numbers of their own, so a source cannot be followed from one day to the next.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import minutes
from anchorwatch.model import Alternative, Finding, Reason

Array = np.ndarray[Any, Any]
SLOT_US = 600_000_000  # as picture.coverage counts
BOX_LON_DEG, BOX_LAT_DEG = 1.0, 0.5
BOXES_ABOUT = 819  # boxes in a row of latitude, as picture.coverage numbers them


class Params(NamedTuple):
    """Thresholds of a silence. All are our own [K]: nothing is published on this."""

    known_slots: float = 36.0  # six hours: no verdict on less
    most_zero: float = 0.05  # share of slots without anything; above it the box does not usually speak
    silent_slots: float = 3.0  # half an hour: every class of vessel reports several times (ITU-R M.1371)
    longer: float = 2.0  # than the longest silence so far, which counts half after a day
    box_vessels: float = 3.0  # just before, in a box: fewer may have left together
    vessels: float = 6.0  # and in all boxes together
    sudden: float = 0.5  # just before, of the usual number: a nightly lull fades first
    pause_slots: float = 72.0  # twelve hours
    learn_slots: float = 288.0  # two days: what is older counts less


BOX, SILENCE, CLOCK = range(3)
MEMORY = np.dtype(
    [
        ("what", np.uint8),
        ("area", np.int64),  # of a silence: the box that leads it
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("now", np.float64),  # heard in the slot that is not complete yet
        ("known", np.float64),  # slots since it was first heard, and of these without anything, and heard in all
        ("zero", np.float64),
        ("total", np.float64),
        ("gap", np.float64),  # slots silent up to now
        ("longest", np.float64),
        ("recent", np.float64),  # mean of the last slots with anything, about three
        ("last_us", np.int64),  # end of the last slot with anything; CLOCK: end of the last slot; SILENCE: its start
        ("lead", np.int64),  # of a silent box: the silence it belongs to, or -1: one that is over
        ("start_us", np.int64),
        ("raised_us", np.int64),
        ("told_s", np.float64),
        ("told_boxes", np.float64),
    ]
)


def scan(rows: Array, memory: Array | None, params: Params) -> tuple[Array, Array]:
    """Take in boxes; look at each slot when it is complete."""
    before = np.zeros(0, MEMORY) if memory is None else memory
    boxes, silences = before[before["what"] == BOX].copy(), [s.copy() for s in before[before["what"] == SILENCE]]
    clock = before[before["what"] == CLOCK]
    closed_us = int(clock[0]["last_us"]) if len(clock) else 0
    found: list[Array] = []
    rows = rows[rows["time_us"] > closed_us]
    ends = np.flatnonzero(rows["area"] == schema.EVERYWHERE)
    first = 0
    for end in [*ends.tolist(), len(rows)]:
        boxes = taken_in(boxes, rows[first:end])
        if end < len(rows):
            at_us = int(rows[end]["time_us"])
            gap = (at_us - closed_us) // SLOT_US - 1 if closed_us else 0
            complete(boxes, silences, gap, at_us, params, found)
            closed_us = at_us
        first = end + 1
    after = np.zeros(1, MEMORY)
    after["what"], after["last_us"] = CLOCK, closed_us
    kept = [boxes, np.array(silences, MEMORY), after] if len(rows) or len(before) else [before]
    return np.concatenate(found) if found else np.zeros(0, DETECTOR.found), np.concatenate(kept)


def taken_in(boxes: Array, rows: Array) -> Array:
    """Note what was heard where in a slot; boxes stay in order of their numbers."""
    new = rows[~np.isin(rows["area"], boxes["area"])]
    if len(new):
        room = np.zeros(len(new), MEMORY)
        for name in ("area", "lon_deg", "lat_deg"):
            room[name] = new[name]
        boxes = np.concatenate([boxes, room])
        boxes = boxes[np.argsort(boxes["area"], kind="stable")]
    boxes["now"][np.searchsorted(boxes["area"], rows["area"])] = rows["vessels"]
    return boxes


def complete(boxes: Array, silences: list[Any], gap: int, at_us: int, params: Params, found: list[Array]) -> None:
    """Look at a slot that is complete, after so many in which nothing was heard anywhere."""
    if gap > params.pause_slots:
        boxes["gap"], gap = 0.0, 0
        boxes["lead"][boxes["lead"] > 0] = -1
    elif gap:
        pass_by(boxes, np.zeros(len(boxes), np.bool_), gap, params)
        fall_silent(boxes, silences, at_us, params, found)
    speaks = boxes["now"] > 0
    pass_by(boxes, speaks, 1, params)
    recent = boxes["recent"][speaks]
    boxes["recent"][speaks] = np.where(recent > 0, recent + (boxes["now"][speaks] - recent) / 3.0, boxes["now"][speaks])
    boxes["last_us"][speaks], boxes["lead"][speaks], boxes["now"] = at_us, 0, 0.0
    speak_again(boxes, silences, at_us, found)
    fall_silent(boxes, silences, at_us, params, found)


def pass_by(boxes: Array, speaks: Array, slots: int, params: Params) -> None:
    """Let slots pass, in which some boxes spoke."""
    boxes["longest"] = np.maximum(boxes["longest"], np.where(speaks, boxes["gap"], 0.0)) * 0.5 ** (slots / 144.0)
    boxes["gap"] = np.where(speaks, 0.0, boxes["gap"] + slots)
    boxes["known"] += slots
    boxes["zero"] += np.where(speaks, 0.0, slots)
    boxes["total"] += boxes["now"] * speaks
    old = boxes["known"] > params.learn_slots
    for name in ("known", "zero", "total"):
        boxes[name][old] /= 2.0


def speak_again(boxes: Array, silences: list[Any], at_us: int, found: list[Array]) -> None:
    """End silences of which half is heard again; what is left of one falls silent no second time."""
    for silence in list(silences):
        mine = (boxes["lead"] == silence["area"]) & (boxes["start_us"] == silence["start_us"])
        if boxes["recent"][mine].sum() < 0.5 * silence["total"]:
            silences.remove(silence)
            boxes["lead"][mine] = -1
            found.append(word(silence, at_us - SLOT_US, at_us, 0))


def fall_silent(boxes: Array, silences: list[Any], at_us: int, params: Params, found: list[Array]) -> None:
    """Begin and widen silences, and tell them again when they have doubled."""
    slots, zero = boxes["known"] - boxes["gap"], boxes["zero"] - boxes["gap"]
    quiet = (boxes["lead"] == 0) & (boxes["gap"] >= np.maximum(params.silent_slots, params.longer * boxes["longest"]))
    quiet &= (slots >= params.known_slots) & (zero <= params.most_zero * slots)
    quiet &= (boxes["recent"] >= params.box_vessels) & (boxes["recent"] * slots >= params.sudden * boxes["total"])
    for silence in silences:
        mine = (boxes["lead"] == silence["area"]) & (boxes["start_us"] == silence["start_us"])
        more = neighbours(boxes, mine, quiet)
        join(boxes, more, silence)
        quiet &= ~more
    while quiet.any():
        one = np.zeros(len(boxes), np.bool_)
        one[np.flatnonzero(quiet)[np.argmax(boxes["recent"][quiet])]] = True
        together = one | neighbours(boxes, one, quiet)
        quiet &= ~together
        if boxes["recent"][together].sum() >= params.vessels:
            silence = boxes[one][0].copy()
            silence["what"], silence["start_us"], silence["raised_us"] = SILENCE, boxes["last_us"][one][0], at_us
            silence["known"], silence["total"], silence["told_s"], silence["told_boxes"] = 0.0, 0.0, 0.0, 0.0
            join(boxes, together, silence)
            silences.append(silence)
    for silence in silences:
        silent_s = (at_us - int(silence["start_us"])) / 1e6
        if silent_s >= 2.0 * silence["told_s"] or silence["known"] >= 2.0 * silence["told_boxes"]:
            silence["told_s"], silence["told_boxes"] = silent_s, silence["known"]
            found.append(word(silence, at_us, at_us, 1))


def neighbours(boxes: Array, seed: Array, among: Array) -> Array:
    """Return those that can be reached from some boxes by steps to a neighbour."""
    row, column = boxes["area"] // BOXES_ABOUT, boxes["area"] % BOXES_ABOUT
    reached, new = np.zeros(len(boxes), np.bool_), seed
    while new.any():
        beside = np.zeros(len(boxes), np.bool_)
        for k in np.flatnonzero(new):
            beside |= (np.abs(row - row[k]) <= 1) & (np.abs(column - column[k]) <= 1)
        new = beside & among & ~reached & ~seed
        reached |= new
    return reached


def join(boxes: Array, more: Array, silence: Any) -> None:
    """Take boxes into a silence: `known` counts them, `total` what was heard there, `now` and `gap` its reach."""
    if not more.any():
        return
    boxes["lead"][more], boxes["start_us"][more] = silence["area"], silence["start_us"]
    silence["known"] += more.sum()
    silence["total"] += boxes["recent"][more].sum()
    mine = (boxes["lead"] == silence["area"]) & (boxes["start_us"] == silence["start_us"])
    lon, lat = boxes["lon_deg"][mine], boxes["lat_deg"][mine]
    silence["lon_deg"], silence["lat_deg"] = (lon.min() + lon.max()) / 2, (lat.min() + lat.max()) / 2
    silence["now"], silence["gap"] = (np.ptp(lon) + BOX_LON_DEG) / 2, (np.ptp(lat) + BOX_LAT_DEG) / 2


def word(silence: Any, end_us: int, at_us: int, still_on: int) -> Array:
    """Write what is known of a silence."""
    found = np.zeros(1, DETECTOR.found)
    found["track"], found["at_us"], found["open"] = silence["area"], at_us, still_on
    found["start_us"], found["end_us"], found["raised_us"] = silence["start_us"], end_us, silence["raised_us"]
    found["at_sog_kn"], found["at_cog_deg"] = math.nan, math.nan
    found["asset"], found["asset_m"], found["kp_km"] = -1, math.nan, math.nan
    for name in ("lon_deg", "lat_deg"):
        found[name], found[f"at_{name}"] = silence[name], silence[name]
    found["vessels"], found["boxes"] = silence["total"], silence["known"]
    found["silent_s"] = (end_us - int(silence["start_us"])) / 1e6
    found["reach_lon_deg"], found["reach_lat_deg"] = silence["now"], silence["gap"]
    return found


def explain(finding: Finding) -> str:
    """Say where, how long, and how many are not seen."""
    v = finding.values
    north, east = "N" if finding.lat_deg >= 0 else "S", "E" if finding.lon_deg >= 0 else "W"
    now = "has been heard" if finding.open else "was heard"
    return (
        f"Nothing {now} for {minutes(v['silent_s'])} around {abs(finding.lat_deg):.1f} {north} "
        f"{abs(finding.lon_deg):.1f} {east}, where about {v['vessels']:.0f} vessels were heard just before: the area "
        "is not watched. A station or a feed has failed most likely; jamming of radio would look the same."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """How many are not seen, and how long. Never more than a caution: no vessel can be called."""
    v = finding.values
    reasons = [Reason("vessels_not_seen", round(v["vessels"]), "1", round(min(1.5, 0.85 + 0.05 * v["vessels"]), 2))]
    if v["silent_s"] >= 3600.0:
        reasons.append(Reason("silent_for_long", round(v["silent_s"] / 60.0), "min", 0.3))
    return tuple(reasons)


DETECTOR = Detector(
    name="feed_silence",
    key="area",
    reads=("time_us", "area", "lon_deg", "lat_deg", "vessels"),
    params=Params(),
    memory=MEMORY,
    measures=("vessels", "boxes", "silent_s", "reach_lon_deg", "reach_lat_deg"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("a receiving station or its line has failed", "look at the station; ask its operator"),
        Alternative("the feed has changed what it carries", "ask the provider; compare with another feed"),
    ),
    scan=scan,
    takes="heard",
)
