"""A look back: lower thresholds over a stretch of archive, what it tells, and what it must never do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from anchorwatch import schema
from anchorwatch.desk.report import Incident
from anchorwatch.detectors import discover
from anchorwatch.edges.records import json_line
from anchorwatch.engine import batch, look_back
from anchorwatch.engine.batch import Block
from anchorwatch.engine.look_back import LOWER, Asked, Limits, as_record, in_words, lowered
from anchorwatch.watch.look_backs import asked_of
from made_sea import DAY_US, HOUR_US, START_US, blocks, job, lat_of, position_frame, sea, two_days

CABLE = "long-cable"
ALL = Asked((CABLE,), START_US, START_US + 2 * DAY_US)
NO_STATICS = pl.DataFrame(schema=schema.STATICS)


def a_passage(
    mmsi: int = 230_111_000, usual_kn: float = 12.0, over_kn: float = 8.5, hours: float = 6.0
) -> pl.DataFrame:
    """A ship that sails north over the cable, slower for an hour about it than all hours before."""
    times = START_US + np.arange(0, int(hours * 3600), 20, dtype=np.int64) * 1_000_000
    seconds = (times - START_US) / 1e6
    slow = np.abs(seconds - hours * 2700) < 1800
    sog = np.where(slow, over_kn, usual_kn)
    along = np.concatenate([[0.0], np.cumsum(sog[:-1] * 1852 / 3600 * 20)])
    middle = along[np.argmin(np.abs(seconds - hours * 2700))]
    lat = np.array([lat_of(float(y)) for y in along - middle])
    n = len(times)
    return position_frame(
        time_us=times, mmsi=np.full(n, mmsi, np.int32), lon_deg=np.full(n, sea().assets[0].lines[0][16, 0] + 0.01),
        lat_deg=lat, sog_kn=sog, cog_deg=np.zeros(n), heading_deg=np.zeros(n), nav_status=np.zeros(n, np.int8),
    )  # fmt: skip


def of_frame(frame: pl.DataFrame) -> list[Block]:
    return [Block(frame, NO_STATICS)]


def test_every_threshold_that_is_lowered_exists_and_asks_for_less() -> None:
    known = discover()
    for name, lower in LOWER.items():
        usual = known[name].params._asdict()
        assert set(lower) <= set(usual), name
        assert all(value != usual[key] for key, value in lower.items())
    before = {name: detector.params for name, detector in known.items()}
    lowered(known)
    assert {name: detector.params for name, detector in known.items()} == before  # the watch's own stay


def test_what_was_too_weak_for_the_watch_is_found_and_nobody_is_accused() -> None:
    watched = batch.run(job(), [of_frame(a_passage())])
    assert not [f for f in watched.findings if f.detector == "slow_crossing"]
    seen = look_back.look_back(job(), of_frame(a_passage()), ALL)
    assert [f.detector for f, _ in seen.findings].count("slow_crossing") == 1
    assert (seen.crossed_by, seen.passages) == (1, 1) and not seen.nobody
    record = as_record(seen, job(), START_US)
    assert record["findings"][0]["measures"] and record["thresholds"]["slow_crossing"]["share"] == {
        "here": 0.75,
        "watch": 0.6,
    }
    assert "230111000" not in record["text"] and "level" not in json.dumps(record["findings"])
    for word in ("suspect", "culprit", "sabotag", "guilty", "alarm"):
        assert word not in json_line(record).casefold()


def test_nobody_is_a_result_and_says_how_far_it_can_be_trusted() -> None:
    seen = look_back.look_back(job(), [], ALL)
    assert seen.nobody and not seen.rows and seen.heard_share == 0.0
    assert "holds no position of anybody" in in_words(seen) and "says little" in in_words(seen)
    away = a_passage().with_columns(pl.col("lat_deg") + 0.15)  # within the box, never over the cable before its end
    seen = look_back.look_back(job(), of_frame(away.head(400)), Asked((CABLE,), START_US, START_US + 2 * HOUR_US))
    assert seen.rows and not seen.passages and "Nobody that was heard crossed it" in in_words(seen)


def test_it_finds_what_the_watch_finds_and_more() -> None:
    watched = {f.id: f for f in batch.run(job(), [blocks(two_days())]).findings if f.asset == CABLE}
    seen = look_back.look_back(job(), blocks(two_days(), 20_000), ALL)
    kinds = {f.detector for f, _ in seen.findings}
    assert {"anchor_drag", "slow_crossing", "anchored_on_asset"} & kinds
    assert len(seen.findings) <= look_back.MOST_FINDINGS and seen.more >= 0
    crossings = [f for f in watched.values() if f.detector == "crossing" and f.start_us < ALL.until_us]
    assert seen.passages == len(crossings) > 50
    scores = [score for _, score in seen.findings]
    assert scores == sorted(scores, reverse=True) and min(scores) >= look_back.LEAST_SCORE
    assert isfinite(seen.heard_share) and 0.0 < seen.heard_share <= 1.0


def test_only_what_lies_about_the_assets_is_read() -> None:
    far = look_back.look_back(job(), of_frame(a_passage().with_columns(pl.col("lat_deg") - 5.0)), ALL)
    assert far.rows == 0 and far.nobody
    unknown = look_back.look_back(job(), of_frame(a_passage()), Asked(("no-such",), START_US, START_US + DAY_US))
    assert unknown.incomplete == "the chart knows none of the assets"


@pytest.mark.parametrize(("limits", "why"), [
    (Limits(rows=100), "more than 100 positions"), (Limits(over=lambda: True), "time that a look back may take"),
])  # fmt: skip
def test_it_is_bounded_and_says_what_was_not_looked_at(limits: Limits, why: str) -> None:
    asked = 0

    def endless() -> Iterator[Block]:
        nonlocal asked
        while True:
            asked += 1
            yield from of_frame(a_passage(hours=0.2))

    seen = look_back.look_back(job(), endless(), ALL, limits)
    assert why in seen.incomplete and why in in_words(seen)
    assert asked < 10


def test_where_and_when_is_looked_for_an_incident() -> None:
    at = START_US + 10 * DAY_US
    unknown = Incident("i1-1", "estlink-2", "Estlink 2", None, None, "", opened_us=at)
    asked = asked_of(unknown)
    assert asked == Asked(("estlink-2",), at - 2 * DAY_US, at)
    known = Incident("i1-1", None, "a cable", at - 3 * HOUR_US, at - HOUR_US, "", opened_us=at, candidates=("a", "b"))
    assert asked_of(known) == Asked(("a", "b"), at - 9 * HOUR_US, at + 5 * HOUR_US)
    long = Incident("i1-1", "a", "A", at - 30 * DAY_US, at, "", opened_us=at)
    asked = asked_of(long)
    assert asked is not None and asked.until_us - asked.since_us == look_back.LONGEST_US
    assert asked_of(Incident("i1-1", None, "a cable", None, None, "", opened_us=at)) is None


def test_no_judgement_reads_what_the_desk_says() -> None:
    """A text never raises the level of an alert: nothing that judges or detects imports the desk or names attention."""
    root = Path(batch.__file__).resolve().parents[1]
    files = [f for part in ("judgement", "detectors", "picture") for f in (root / part).rglob("*.py")]
    files += [root / "engine" / f"{name}.py" for name in ("scan", "settle", "live", "batch", "job", "findings")]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "anchorwatch.desk" not in text and "attention" not in text.casefold(), file
