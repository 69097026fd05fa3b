"""NMEA logs: equal to pyais field for field, in every shape of line, whatever the blocks, whatever the bytes."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from pyais.encode import encode_dict

import ais_oracle
from anchorwatch import schema
from anchorwatch.decode import Decoded, Options
from anchorwatch.decode.nmea import NMEA, counts, looks_like_nmea, sentences_of_json

DAY_US = 1_700_000_000_000_000
NO_DATE = Options(source="log")
DATED = Options(source="log", date_us=DAY_US)
ONE = b"!AIVDM,1,1,,B,13P;DhPP@M0RrVfOmDm=`9BJ00S;,0*42"
PARTS = (
    b"!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C",
    b"!AIVDM,2,2,1,A,88888888880,2*25",
)


def read(text: bytes, options: Options = DATED, cuts: list[int] | None = None) -> tuple[Decoded, dict[str, int]]:
    """Decode a log, cut into blocks behind the given lines."""
    lines = text.splitlines(keepends=True)
    edges = [0, *sorted(cuts or []), len(lines)]
    memory, got = NMEA.start(options), []
    for first, last in itertools.pairwise(edges):
        decoded, memory = NMEA.decode(b"".join(lines[first:last]), memory)
        got.append(decoded)
    got.append(NMEA.finish(memory))
    whole = [pl.concat([getattr(d, name) for d in got]) for name in Decoded._fields]
    return Decoded(*whole), counts(memory)


def checked(body: str) -> bytes:
    """Return a sentence or tag block with its checksum."""
    total = 0
    for char in body.encode():
        total ^= char
    return f"{body}*{total:02X}".encode()


def tag(body: str) -> bytes:
    return b"\\" + checked(body) + b"\\"


# --- the oracle


def compare(text: bytes) -> Decoded:
    decoded, _ = read(text)
    positions, statics, others = ais_oracle.expected(text.splitlines())
    assert ais_oracle.rows(decoded.positions, ais_oracle.POSITION_FIELDS) == positions
    assert ais_oracle.rows(decoded.statics, ais_oracle.STATIC_FIELDS) == statics
    named = decoded.others.filter(pl.col("what") != "other")
    mine = ais_oracle.rows(named, ais_oracle.OTHER_FIELDS)
    assert others - mine == {}, "a base station, aircraft or aid that pyais sees and we do not"
    return decoded


SAMPLES = (
    "dma_aislib_decode_encode_messages.txt", "dma_aislib_stream_example.txt", "libais_tagblock.nmea",
    "libais_test.aivdm", "libais_typeexamples.nmea", "pyais_ais_test_messages", "pyais_gatehouse.nmea",
    "pyais_messages.ais", "pyais_mixed.txt", "pyais_nmea_data_sample.txt", "pyais_sample.ais", "pyais_timestamped.ais",
)  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_equal_to_pyais(shared: Path, name: str) -> None:
    folder = shared / "ais" / "nmea"
    assert {p.name for p in folder.iterdir() if p.suffix != ".json"} == set(SAMPLES)
    text = (folder / name).read_bytes()
    assert looks_like_nmea(text)
    assert compare(text).positions.height > 0


names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789.-/@", max_size=20)
common = {
    "mmsi": st.integers(0, 999_999_999),
    "lon": st.floats(-181, 181),
    "lat": st.floats(-91, 91),
    "speed": st.integers(0, 1023).map(lambda v: v / 10),
    "course": st.integers(0, 4095).map(lambda v: v / 10),
    "heading": st.integers(0, 511),
    "status": st.integers(0, 15),
    "turn": st.integers(-700, 700).map(float),
    "imo": st.integers(0, 9_999_999),
    "callsign": names.map(lambda v: v[:7]),
    "shipname": names,
    "name": names,
    "destination": names,
    "ship_type": st.integers(0, 99),
    "to_bow": st.integers(0, 511),
    "to_stern": st.integers(0, 511),
    "to_port": st.integers(0, 63),
    "to_starboard": st.integers(0, 63),
    "draught": st.integers(0, 255).map(lambda v: v / 10),
    "month": st.integers(0, 15),
    "day": st.integers(0, 31),
    "hour": st.integers(0, 31),
    "minute": st.integers(0, 63),
    "partno": st.integers(0, 1),
}
kinds = st.sampled_from((1, 2, 3, 4, 5, 9, 11, 18, 19, 21, 24, 27))


def sentences(said: dict[str, Any], seq: int = 1) -> list[bytes]:
    said = dict(said)
    if said["type"] == 27:
        said |= {"speed": int(said["speed"]) % 64, "course": int(said["course"])}
    if said["type"] == 9:
        said["speed"] = int(said["speed"])
    if said["type"] in (4, 11, 21):
        said.pop("status"), said.pop("turn")
    return [s.encode() for s in encode_dict(said, seq_id=seq)]


@given(st.lists(st.fixed_dictionaries({"type": kinds, **common}), min_size=1, max_size=6))
def test_generated_sentences_are_equal_to_pyais(said: list[dict[str, Any]]) -> None:
    compare(b"\n".join(s for k, one in enumerate(said) for s in sentences(one, k % 10)))


def test_what_is_not_available_is_missing() -> None:
    said = {"type": 1, "mmsi": 230000000, "lon": 181, "lat": 91, "speed": 102.3, "course": 360, "heading": 511}
    row = read(sentences(said | {"status": 15, "turn": -128.0})[0])[0].positions.row(0, named=True)
    gone = ("lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "rot_deg_min")
    assert all(row[name] != row[name] for name in gone)
    assert row["nav_status"] == schema.NAV_STATUS_UNDEFINED


# --- the shapes of lines

SHAPES = {
    "tag, seconds": (tag("s:2573555,c:1707873398") + ONE, 1_707_873_398_000_000),
    "tag, milliseconds": (tag("c:1707873398123,s:rX") + ONE, 1_707_873_398_123_000),
    "tag with a wrong checksum": (rb"\s:1,c:1707873398*00" + b"\\" + ONE, 1_707_873_398_000_000),
    "two tag blocks": (tag("g:1-1-5") + tag("c:1707873398") + ONE, 1_707_873_398_000_000),
    "epoch and blank": (b"1707873398 " + ONE, 1_707_873_398_000_000),
    "epoch and tab": (b"1707873398.25\t" + ONE, 1_707_873_398_250_000),
    "epoch and comma": (b"1707873398," + ONE, 1_707_873_398_000_000),
    "epoch and semicolon": (b"1707873398123;" + ONE, 1_707_873_398_123_000),
    "ISO": (b"2024-02-14T01:16:38Z " + ONE, 1_707_873_398_000_000),
    "ISO with a blank, comma behind": (b"2024-02-14 01:16:38.5," + ONE, 1_707_873_398_500_000),
    "ISO of another zone": (b"2024-02-14T03:16:38+02:00;" + ONE, 1_707_873_398_000_000),
    "ISO in brackets": (b"[2024/02/14 01:16:38] " + ONE, 1_707_873_398_000_000),
    "a name before the time": (b"station7\t1707873398\t" + ONE, 1_707_873_398_000_000),
    "USCG": (ONE + b",rRSTN1,1707873398", 1_707_873_398_000_000),
    "USCG, all fields": (
        ONE + b",d-109,S2105,t050056.00,T56.1,r003669946,1707873398,1707873339", 1_707_873_398_000_000
    ),
    "wrapper": (b"$PGHP,1,2024,2,14,1,16,38,250,338,2,,1,5C*1B\n" + ONE, 1_707_873_398_250_000),
    "wrapper, other sentences between": (
        b"$PGHP,1,2024,2,14,1,16,38,0,338,2,,1,5C*1B\n\n# x\n$GPZDA,*00\n" + ONE, 1_707_873_398_000_000
    ),
    "nothing but the option": (ONE, DAY_US),
    "tag beats prefix, tail and wrapper": (
        b"$PGHP,1,2020,2,14,1,16,38,0,338,2,,1,5C*1B\n1600000000 " + tag("c:1707873398") + ONE + b",r1,1500000000",
        1_707_873_398_000_000,
    ),
    "prefix beats tail": (b"1707873398 " + ONE + b",r1,1500000000", 1_707_873_398_000_000),
    "tail beats wrapper": (
        b"$PGHP,1,2020,2,14,1,16,38,0,338,2,,1,5C*1B\n" + ONE + b",r1,1707873398", 1_707_873_398_000_000
    ),
    "a tag time of year 2363 is none": (tag("c:12415440354") + ONE, DAY_US),
    "byte order mark and line end of Windows": (
        b"\xef\xbb\xbf" + tag("c:1707873398") + ONE + b"\r", 1_707_873_398_000_000
    ),
    "AIS-catcher": (
        b'{"class":"AIS","rxuxtime":1707873398.5,"nmea":["' + ONE + b'"],"type":1,"mmsi":1}', 1_707_873_398_500_000
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_time_of_a_line(shape: str) -> None:
    line, time_us = SHAPES[shape]
    decoded, _ = read(line + b"\n")
    assert decoded.positions["time_us"].to_list() == [time_us]
    assert decoded.rejects.height == 0


@pytest.mark.parametrize("talker", ["AIVDM", "AIVDO", "BSVDM", "B2VDM", "ABVDM", "SAVDM"])
def test_every_talker(talker: str) -> None:
    body = f"{talker},1,1,,B,13P;DhPP@M0RrVfOmDm=`9BJ00S;,0"
    assert read(b"!" + checked(body))[0].positions.height == 1


def test_without_a_time_a_line_is_rejected() -> None:
    decoded, said = read(ONE + b"\n" + b"\n".join(PARTS), NO_DATE)
    assert decoded.rejects["reason"].to_list() == ["no_time", "no_time"]
    assert decoded.positions.height == decoded.statics.height == 0
    assert said == {"no_time": 2, "part": 1}


def test_wrapper_belongs_to_one_sentence() -> None:
    wrapper = b"$PGHP,1,2024,2,14,1,16,38,250,338,2,,1,5C*1B\n"
    decoded, _ = read(wrapper + ONE + b"\n" + ONE, NO_DATE)
    assert decoded.positions.height == 1
    assert decoded.rejects.row(0) == ("no_time", "log", 3, ONE.decode())


BAD = {
    "bad_checksum": ONE[:-2] + b"00",
    "truncated": ONE[:30],
    "empty_payload": b"!" + checked("AIVDM,1,1,,B,,0"),
    "bad_payload": b"!" + checked("AIVDM,1,1,,B,13P;Dh\x7f,0"),
    "bad_sentence": b"!" + checked("AIVDM,1,1,,B"),
    "unknown_type": b"!" + checked("AIVDM,1,1,,B,w3P;DhPP@M0RrVfOmDm=`9BJ00S;,0"),
    "bad_tag_block": b"\\c:1707873398*00" + ONE,
    "not_ais": b"foobar",
    "fragment_missing": PARTS[0],
    "line_too_long": b"x" * 100_000 + ONE,
}


@pytest.mark.parametrize("reason", BAD)
def test_rejects_say_why_and_where(reason: str) -> None:
    decoded, said = read(b"# a comment\n" + BAD[reason] + b"\n" + ONE + b"\n")
    assert decoded.positions.height == 1
    text = BAD[reason].decode("latin-1").replace("\x7f", r"\x7f")[: schema.REJECT_TEXT]
    assert decoded.rejects.rows() == [(reason, "log", 2, text)]
    assert said[reason] == 1


# --- messages in parts

TWO = tuple(sentences({"type": 5, "mmsi": 230000001, "shipname": "ONE", "destination": "TURKU"}, 3))
ANOTHER = tuple(sentences({"type": 5, "mmsi": 230000002, "shipname": "TWO", "destination": "RAUMA"}, 4))


def test_parts_interleaved_and_out_of_order() -> None:
    text = b"\n".join([TWO[0], ANOTHER[1], b"$GPZDA,*00", ONE, TWO[1], ANOTHER[0]])
    decoded, _ = read(text)
    assert decoded.statics["name"].to_list() == ["ONE", "TWO"]
    assert decoded.rejects.height == 0


def test_time_of_a_group_stands_on_its_first_part() -> None:
    first, second = tag("g:1-2-1604,s:rX,c:1707873398") + TWO[0], tag("g:2-2-1604") + TWO[1]
    for order in ([first, second], [second, first]):
        decoded, _ = read(b"\n".join(order), NO_DATE)
        assert decoded.statics["time_us"].to_list() == [1_707_873_398_000_000]


def test_parts_of_two_stations_with_the_same_number_stay_apart() -> None:
    same = tuple(sentences({"type": 5, "mmsi": 230000002, "shipname": "TWO", "destination": "RAUMA"}, 3))
    here, there = tag("s:1,c:1707873398"), tag("s:2,c:1707873398")
    decoded, _ = read(b"\n".join([here + TWO[0], there + same[0], here + TWO[1], there + same[1]]), NO_DATE)
    said = decoded.statics.select("name", "destination").rows()
    assert said == [("ONE", "TURKU"), ("TWO", "RAUMA")]


def test_parts_far_apart_are_not_joined() -> None:
    late = [tag("c:1707873398") + TWO[0], tag("c:1707873498") + TWO[1]]
    decoded, _ = read(b"\n".join(late))
    assert decoded.statics.height == 0
    assert decoded.rejects["reason"].to_list() == ["fragment_missing"] * 2


def test_parts_that_wait_are_bounded_and_rejected_with_their_line() -> None:
    lines = [b"!" + checked(f"AIVDM,2,1,{k % 10},A,55?MbV02;H;s<Ht{k % 10},0") for k in range(3000)]
    decoded, said = read(b"\n".join(lines), cuts=[7, 1500, 1501])
    assert decoded.rejects["line"].to_list() == list(range(1, 3001))
    assert decoded.rejects["text"].to_list() == [line.decode() for line in lines]
    assert said == {"part": 3000, "fragment_missing": 3000}


def test_what_is_no_ship_goes_to_others() -> None:
    said = {"type": 1, "lon": 20.0, "lat": 60.0}
    numbers = {970123456: "distress_beacon", 111265001: "sar_aircraft", 992301234: "aid_to_navigation", 0: "other"}
    decoded, _ = read(b"\n".join(sentences(said | {"mmsi": mmsi})[0] for mmsi in (*numbers, 230000001)))
    assert dict(decoded.others.select("mmsi", "what").rows()) == numbers
    assert decoded.positions["mmsi"].to_list() == [230000001]


def test_json_lines_of_ais_catcher() -> None:
    line = b'{"class":"AIS","rxtime":"20240214011638","nmea":["%s","%s"]}' % (TWO[0], TWO[1])
    nmea = sentences_of_json(line)
    assert nmea == b"20240214011638 " + TWO[0] + b" " + TWO[1]
    assert read(line, NO_DATE)[0].statics["time_us"].to_list() == [1_707_873_398_000_000]
    for other in (b"{", b"{}", b'{"nmea":1}', b'{"nmea":[1]}', b"[" * 100_000, b'{"nmea":["x"],"rxtime":{}}'):
        assert sentences_of_json(other) is None


def test_recognition() -> None:
    assert looks_like_nmea(b"# log\n\n" + tag("c:1") + ONE)
    assert looks_like_nmea(b"$GPGGA,184353.07,1929.045,S,02410.506,E,1,04,2.6,100.00,M,-33.9,M,,0000*6D\r\n")
    json, table = b'{"nmea":["' + ONE + b'"]}', b"# Timestamp,Type of mobile,MMSI\n"
    for other in (b"", b"\x00\xff" * 100, table, json, b"PK\x03\x04"):
        assert not looks_like_nmea(other)


# --- laws

LINES = [
    ONE, b"", b"# comment", b"foobar", *PARTS, *TWO, *ANOTHER, BAD["bad_checksum"], BAD["truncated"],
    b"$PGHP,1,2024,2,14,1,16,38,250,338,2,,1,5C*1B", tag("c:1707873398") + ONE, ONE + b",r1,1707873398",
    tag("g:1-2-7,c:1707873398") + TWO[0], tag("g:2-2-7") + TWO[1], BAD["line_too_long"], SHAPES["AIS-catcher"][0],
    *(s for k, kind in enumerate((4, 9, 18, 19, 21, 24, 27)) for s in sentences(
        {"type": kind, "mmsi": 230000000 + kind, "lon": 20, "speed": 5, "course": 7, "status": 0, "turn": 0}, k
    )),
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=40), st.data())
def test_blocks_change_nothing_and_every_line_is_counted(lines: list[bytes], data: st.DataObject) -> None:
    text = b"\n".join(lines) + (b"\n" if lines and not lines[-1] else b"")
    cuts = data.draw(st.lists(st.integers(0, len(lines)), max_size=6))
    for options in (NO_DATE, DATED):
        whole, said = read(text, options)
        parts, said_again = read(text, options, [min(c, text.count(b"\n")) for c in cuts])
        for name in Decoded._fields:
            assert_frame_equal(getattr(whole, name), getattr(parts, name))
        assert said == said_again
        assert sum(said.values()) - said.get("fragment_missing", 0) == len(text.splitlines())
        assert whole.rejects.height == sum(said.get(r, 0) for r in REASONS)


REASONS = (*BAD, "no_time")


@given(st.lists(st.one_of(st.binary(max_size=120), st.sampled_from(LINES)), max_size=12), st.randoms())
def test_any_bytes_give_rows_or_rejects(lines: list[bytes], chance: random.Random) -> None:
    text = bytearray(b"\n".join(lines))
    for _ in range(chance.randrange(6) if text else 0):
        text[chance.randrange(len(text))] = chance.randrange(256)
    for options in (NO_DATE, DATED):
        decoded, _ = read(bytes(text), options)
        for name, wanted in zip(
            Decoded._fields, (schema.POSITIONS, schema.STATICS, schema.OTHERS, schema.REJECTS), strict=True
        ):
            frame: pl.DataFrame = getattr(decoded, name)
            assert dict(frame.schema) == wanted
            assert sum(frame.null_count().row(0)) == 0
        assert decoded.rejects["text"].str.len_chars().fill_null(0).max() in (None, *range(schema.REJECT_TEXT + 1))


@pytest.mark.parametrize("char", [b"!", b"\\", b"$", b"*", b",", b"1", b"{", b"\n", b"\x00", b"!AIVDM,", b"1\\g:"])
def test_repeated_characters_end_soon(char: bytes) -> None:
    decoded, _ = read(char * 200_000)
    assert decoded.positions.height == 0
