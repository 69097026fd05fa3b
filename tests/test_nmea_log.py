"""The log says what the columns say: pyais reads every field of it back, and our own decoder the same rows."""

from __future__ import annotations

import math
import re
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyais import decode

from anchorwatch import schema
from anchorwatch.decode import Options
from anchorwatch.decode.nmea import NMEA
from anchorwatch.trials import traffic
from anchorwatch.trials.layouts import nmea_log
from anchorwatch.trials.plan import Who
from tries import tries

NAN = float("nan")
ALPHABET = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -/.")


def words(most: int) -> st.SearchStrategy[str]:
    return st.text(ALPHABET, max_size=most).map(str.strip)


whos = st.builds(
    Who,
    mmsi=st.integers(200_000_000, 775_999_999),
    name=words(20),
    callsign=words(7),
    imo=st.integers(0, 9_999_999),
    ship_type=st.sampled_from([0, 30, 36, 40, 50, 52, 55, 60, 70, 79, 80, 89, 90, 99]),  # types that pyais names
    length_m=st.integers(0, 400),
    beam_m=st.integers(0, 60),
    draught_m=st.integers(0, 255).map(lambda d: d / 10),
    destination=words(20),
    class_b=st.booleans(),
)
rows = st.fixed_dictionaries(
    {
        "lon_deg": st.floats(-180, 180) | st.just(NAN),
        "lat_deg": st.floats(-90, 90),
        "sog_kn": st.integers(0, 1022).map(lambda s: s / 10) | st.just(NAN),
        "cog_deg": st.integers(0, 3599).map(lambda c: c / 10) | st.just(NAN),
        "heading_deg": st.integers(0, 359).map(float) | st.just(NAN),
        "rot_deg_min": st.floats(-700, 700) | st.just(NAN),
        "nav_status": st.integers(0, 15),
        "step_s": st.integers(0, 400),
    }
)


def made_of(who: Who, said: list[dict[str, Any]]) -> traffic.Traffic:
    """Traffic of one ship, rounded as `traffic` rounds it."""
    frame = pl.DataFrame(said)
    time_s = traffic.START_US // 1_000_000 + np.cumsum(frame["step_s"].to_numpy())
    lost = frame["lon_deg"].is_nan().to_numpy()
    columns: dict[str, Any] = {
        **frame.drop("step_s").to_dict(as_series=True),
        "time_us": time_s * 1_000_000,
        "mmsi": np.full(frame.height, who.mmsi),
        "lon_deg": traffic.told_deg(frame["lon_deg"].to_numpy()),
        "lat_deg": np.where(lost, np.nan, traffic.told_deg(frame["lat_deg"].to_numpy())),
        "rot_deg_min": traffic.told_turn(frame["rot_deg_min"].to_numpy()) + (NAN if who.class_b else 0.0),
        "source": np.zeros(frame.height),
        "line": np.arange(1, frame.height + 1),
        "ship": np.zeros(frame.height),
        "station": np.zeros(frame.height),
        "second": time_s % 60,
    }
    kinds = {**schema.POSITIONS, **traffic.EXTRA}
    positions = pl.DataFrame({name: pl.Series(columns[name]).cast(kind) for name, kind in kinds.items()})
    if who.class_b:
        positions = positions.with_columns(nav_status=pl.lit(schema.NAV_STATUS_UNDEFINED, pl.Int8))
    return traffic.Traffic(positions, [who], ["cargo"], [0], ("Raahe",))


def checksum(text: str) -> str:
    return f"{reduce(lambda total, letter: total ^ ord(letter), text, 0):02X}"


def sentences(log: list[str]) -> list[Any]:
    """Messages of the log, after the form of each line was checked."""
    messages, first = [], b""
    for line in log:
        parts = re.fullmatch(r"\\(.*)\*(..)\\!(AIVDM,(\d),(\d),(\d?),[AB],.*)\*(..)", line)
        assert parts, line
        assert (checksum(parts[1]), checksum(parts[3])) == (parts[2], parts[7])
        sentence = line.split("\\")[2]
        assert len(sentence) <= 80  # IEC 61162-1: 82 with the end of the line
        if parts[4] == "2" and parts[5] == "1":
            first = sentence.encode()
        else:
            messages.append(decode(*([first] if parts[4] == "2" else []), sentence.encode()).asdict())
    return messages


@tries(60)
@given(whos, st.lists(rows, min_size=1, max_size=6))
def test_pyais_reads_every_field_back(who: Who, said: list[dict[str, Any]]) -> None:
    made = made_of(who, said)
    messages = sentences(list(nmea_log.lines(made)))
    positions = [m for m in messages if m["msg_type"] in (1, 18)]
    assert len(positions) == made.positions.height
    for row, m in zip(made.positions.iter_rows(named=True), positions, strict=True):
        lost = math.isnan(row["lon_deg"])
        expected = {
            "mmsi": who.mmsi,
            "lon": 181.0 if lost else row["lon_deg"],
            "lat": 91.0 if lost else row["lat_deg"],
            "speed": 102.3 if math.isnan(row["sog_kn"]) else row["sog_kn"],
            "course": 360.0 if math.isnan(row["cog_deg"]) else row["cog_deg"],
            "heading": 511 if math.isnan(row["heading_deg"]) else row["heading_deg"],
            "second": 60 if lost else row["second"],
        }
        assert {name: m[name] for name in expected} == pytest.approx(expected, abs=2e-6)
        if who.class_b:
            assert m["msg_type"] == 18
            assert (m["cs"], m["display"], m["dsc"], m["band"], m["msg22"], m["assigned"]) == (1, 0, 1, 1, 1, 0)
        else:
            assert m["status"] == row["nav_status"]
            turn = float(m["turn"])
            assert (turn == -128) == math.isnan(row["rot_deg_min"])
            assert turn == -128 or turn == pytest.approx(row["rot_deg_min"], abs=0.6)


@tries(60)
@given(whos)
def test_pyais_reads_who_it_is(who: Who) -> None:
    still = {"lon_deg": 20.0, "lat_deg": 59.0, "sog_kn": 0.0, "cog_deg": NAN, "heading_deg": NAN, "nav_status": 5}
    made = made_of(who, [{**still, "rot_deg_min": 0.0, "step_s": 180}] * 9)
    told = [m for m in sentences(list(nmea_log.lines(made))) if m["msg_type"] in (5, 24)]
    assert len(told) == (10 if who.class_b else 5)  # at once, within six minutes, then every six minutes
    m = {k: v for part in told[:2] for k, v in part.items()} if who.class_b else told[0]
    said = {"mmsi": who.mmsi, "shipname": who.name, "callsign": who.callsign, "ship_type": who.ship_type}
    assert {name: m[name] for name in said} == said
    assert m["to_bow"] + m["to_stern"] == who.length_m
    assert m["to_port"] + m["to_starboard"] == who.beam_m
    if not who.class_b:
        assert (m["imo"], m["draught"], m["destination"]) == (who.imo, who.draught_m, who.destination)


@tries(40)
@given(whos, st.lists(rows, min_size=1, max_size=6))
def test_our_decoder_reads_the_same_rows(who: Who, said: list[dict[str, Any]]) -> None:
    made = made_of(who, said)
    text = b"".join(nmea_log.chunks(made))
    decoded, _ = NMEA.decode(text, NMEA.start(Options()))
    columns = [name for name in schema.POSITIONS if name not in ("source", "line")]
    assert decoded.rejects.height == 0
    assert decoded.positions.select(columns).equals(made.positions.select(columns))
    static = decoded.statics.row(0, named=True)
    assert (static["mmsi"], static["name"]) == (who.mmsi, who.name)


def test_pieces_of_any_size_make_the_same_log(monkeypatch: pytest.MonkeyPatch) -> None:
    still = {"lon_deg": 20.0, "lat_deg": 59.0, "sog_kn": 9.1, "cog_deg": 20.0, "heading_deg": NAN, "nav_status": 0}
    who = Who(230_999_001, "KELP LIGHT", "OHAB", 3_000_007, 70, 100, 15, 6.5, "HANKO")
    made = made_of(who, [{**still, "rot_deg_min": 3.0, "step_s": 11}] * 200)
    whole = b"".join(nmea_log.chunks(made))
    monkeypatch.setattr(nmea_log, "SLICE", 7)
    assert b"".join(nmea_log.chunks(made)) == whole
