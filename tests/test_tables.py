"""Tables of positions: Danish, American and our own; the same answer however the bytes are cut."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import schema
from anchorwatch.decode import Decoded, Format, Options, cells, columns, danish, delimited, marinecadastre, own, rows
from anchorwatch.decode.recognise import recognise
from anchorwatch.errors import BadInput
from tries import tries

DANISH = (
    "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,"
    "Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D"
)
SHIP = (
    "01/09/2025 00:00:0{s},Class A,219024000,57.717413,10.586715,Engaged in fishing,-1.5,0.3,4.8,309,"
    "9137131,OXAB,{name},Fishing,,8,30,GPS,4.5,SKAGEN,02/09/2025 06:30:00,AIS,20,10,4,4"
)


def read(form: Format, text: str | bytes, cuts: tuple[int, ...] = ()) -> Decoded:
    """Decode text cut into blocks after the given lines."""
    data = text if isinstance(text, bytes) else text.encode()
    lines = data.splitlines(keepends=True)
    memory = form.start(Options("test"))
    parts = []
    edges = [0, *sorted(cuts), len(lines)]
    for a, b in pairwise(edges):
        if block := b"".join(lines[a:b]):
            decoded, memory = form.decode(block, memory)
            parts.append(decoded)
    return rows.together([*parts, form.finish(memory)])


def test_danish_row() -> None:
    got = read(danish.FORMAT, f"{DANISH}\r\n{SHIP.format(s=7, name='NORDIC')}\r\n")
    assert dict(got.positions.schema) == schema.POSITIONS
    assert got.positions.row(0, named=True) == {
        "time_us": int(datetime(2025, 9, 1, 0, 0, 7, tzinfo=UTC).timestamp() * 1e6),
        "mmsi": 219024000,
        "lon_deg": 10.586715,
        "lat_deg": 57.717413,
        "sog_kn": 0.3,
        "cog_deg": 4.8,
        "heading_deg": 309.0,
        "rot_deg_min": -1.5,
        "nav_status": 7,
        "source": 0,
        "line": 2,
    }
    said = got.statics.row(0, named=True)
    assert (said["imo"], said["callsign"], said["name"], said["ship_type"]) == (9137131, "OXAB", "NORDIC", 30)
    assert (said["length_m"], said["beam_m"], said["draught_m"]) == (30, 8, 4.5)
    assert (said["destination"], said["eta"]) == ("SKAGEN", "09-02 06:30")
    assert said["ship_class"] == schema.FISHING


def test_danish_22_columns_and_any_order() -> None:
    names, values = DANISH.split(","), SHIP.format(s=1, name="NORDIC").split(",")
    old = read(danish.FORMAT, ",".join(names[:22]) + "\n" + ",".join(values[:22]) + "\n")
    turned = read(danish.FORMAT, ",".join(names[::-1]) + "\n" + ",".join(values[::-1]) + "\n")
    new = read(danish.FORMAT, ",".join(names) + "\n" + ",".join(values) + "\n")
    assert old.positions.equals(new.positions) and turned.positions.equals(new.positions)
    assert old.statics.equals(new.statics) and turned.statics.equals(new.statics)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("01/09/2025 00:00:00,Class A,219024000,57.7", "ragged_line"),
        (",Class A,219024000,57.7,10.5" + "," * 21, "no_time"),
        ("31/02/2025 00:00:00,Class A,219024000,57.7,10.5" + "," * 21, "bad_time"),
        ("09/01/25,Class A,219024000,57.7,10.5" + "," * 21, "bad_time"),
        ("01/09/2025 00:00:00,Class A,2190240000,57.7,10.5" + "," * 21, "bad_mmsi"),
        ("01/09/2025 00:00:00,Class A,219024000.5,57.7,10.5" + "," * 21, "bad_mmsi"),
        ("01/09/2025 00:00:00,Class A,,57.7,10.5" + "," * 21, "bad_mmsi"),
        ("01/09/2025 00:00:00,Class A,219024000,57x,10.5" + "," * 21, "bad_number"),
        ("01/09/2025 00:00:00,Class A,219024000,6398000.0,672000.0" + "," * 21, "position_out_of_range"),
        (DANISH, "repeated_header"),
    ],
)
def test_danish_rejects(row: str, reason: str) -> None:
    got = read(danish.FORMAT, f"{DANISH}\n{SHIP.format(s=1, name='A')}\n\n{row}\n{SHIP.format(s=2, name='A')}\n")
    assert got.rejects.select("reason", "source", "line").rows() == [(reason, "test", 4)]
    assert got.rejects["text"][0] == row[: schema.REJECT_TEXT]
    assert got.positions["line"].to_list() == [2, 5]


def test_danish_not_known_and_not_vessels() -> None:
    midnight, rest = "01/09/2025 00:00:00", "Undefined,,,,GPS,,Unknown,,AIS,,,,"
    got = read(
        danish.FORMAT,
        f"{DANISH}\n"
        f"{midnight},Base Station,2190064,56.716570,11.519047,Unknown value,,,,,Unknown,Unknown,,{rest}\n"
        f"{midnight},AtoN,992190064,56.7,11.5,Unknown value,,,,,Unknown,Unknown,DROGDEN,{rest}\n"
        f"{midnight},Class B,219000001,91.000000,181.000000,Unknown value,,,360.0,511,Unknown,Unknown,,{rest}\n",
    )
    assert got.others.select("what", "mmsi", "name").rows() == [
        ("base_station", 2190064, ""),
        ("aid_to_navigation", 992190064, "DROGDEN"),
    ]
    ship = got.positions.row(0, named=True)
    assert all(math.isnan(ship[c]) for c in ("lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "rot_deg_min"))
    assert ship["nav_status"] == schema.NAV_STATUS_UNDEFINED
    assert got.statics.height == 0 and got.rejects.height == 0


def test_quotes_latin1_and_nul() -> None:
    one = SHIP.format(s=1, name='"MS ""A, B"""').encode()
    two = SHIP.format(s=2, name="M\0LLER \xd8").encode("latin-1")
    three = SHIP.format(s=3, name='"OPEN').encode()
    got = read(danish.FORMAT, b"\xef\xbb\xbf" + DANISH.encode() + b"\n" + b"\n".join([one, two, three]))
    assert got.statics["name"].to_list() == ['MS "A, B"', "MLLER \xd8", '"OPEN']
    assert got.positions.height == 3 and got.rejects.height == 0


def test_static_data_are_told_when_they_change_and_once_more() -> None:
    def row(minute: int, name: str) -> str:
        return SHIP.format(s=0, name=name).replace("00:00:00", f"00:{minute:02}:00", 1)

    seen = [(0, "A"), (1, "A"), (5, "A"), (6, "A"), (20, "A"), (21, "Unknown"), (22, "B"), (23, "A"), (24, "A")]
    got = read(danish.FORMAT, "\n".join([DANISH, *(row(*s) for s in seen)]))
    told = [(int(t // 60_000_000 % 60), n) for t, n in got.statics.select("time_us", "name").rows()]
    # The row that says only less (no name) is a change, too, and costs one row.
    assert told == [(0, "A"), (6, "A"), (21, ""), (22, "B"), (23, "A")]


def test_marinecadastre_layouts_agree() -> None:
    old = (
        "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,"
        "IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n"
        "538009563,2022-06-20T00:00:04,29.23668,-116.63519,20.4,149.9,152.0,DEL MONTE PRIDE,"
        "IMO9869693,V7A4893,70,0,192,30,7.6,70,A\n"
        "366000001,2022-06-20T00:00:05,29.2,-116.6,0.0,360.0,511.0,,,,,,,,,,B\n"
    )
    new = (
        "mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,"
        "imo,call_sign,vessel_type,status,length,width,draft,cargo,transceiver\n"
        "538009563,2022-06-20 00:00:04,-116.63519,29.23668,20.4,149.9,152,DEL MONTE PRIDE,"
        "IMO9869693,V7A4893,70,0,192,30,7.6,70,A\n"
        "366000001,2022-06-20T00:00:05,-116.6,29.2,0.0,360.0,511,,,,,,,,,,B\n"
    )
    one, two = (read(recognise(t.encode(), "x"), t) for t in (old, new))
    assert recognise(old.encode(), "x").name == recognise(new.encode(), "x").name == "marinecadastre"
    assert one.positions.equals(two.positions) and one.statics.equals(two.statics)
    assert one.positions["lon_deg"].to_list() == [-116.63519, -116.6]
    assert one.positions["nav_status"].to_list() == [0, 15]
    assert one.statics.select("imo", "ship_type", "length_m").rows() == [(9869693, 70, 192.0)]


AT_US = int(datetime(2024, 12, 25, 10, 26, 10, 500_000, tzinfo=UTC).timestamp() * 1e6)


@pytest.mark.parametrize(
    "stated",
    [
        "2024-12-25T10:26:10.5Z",
        "2024-12-25 10:26:10.500",
        "2024-12-25T12:26:10.5+02:00",
        "2024-12-25T12:26:10.5+0200",
        "2024-12-25 10:26:10.5 +0000 UTC",
        "2024-12-25T10:26:10.500000",
        "25/12/2024 10:26:10.5",
        "1735122370.5",
        "1735122370500",
        "1735122370500000",
        "1735122370500000000",
        "1735122370.5000001",
    ],
)
def test_own_times(stated: str) -> None:
    got = read(own.FORMAT, f"time;mmsi;lon_deg;lat_deg\n{stated};219000001;25.0;59.9\n")
    assert got.positions["time_us"].to_list() == [AT_US]
    table, _ = own.decode_table(
        pl.DataFrame({"time": [stated], "mmsi": ["219000001"], "lon_deg": ["25.0"], "lat_deg": ["59.9"]}),
        own.start_table(["time", "mmsi", "lon_deg", "lat_deg"], "test"),
    )
    assert table.positions.drop("line").equals(got.positions.drop("line"))


@pytest.mark.parametrize(
    "time",
    [
        pl.Series([AT_US, None], dtype=pl.Datetime("us", "UTC")),
        pl.Series([AT_US * 1000, None], dtype=pl.Datetime("ns")),
        pl.Series([AT_US // 1000, None], dtype=pl.Datetime("ms", "Europe/Helsinki")),
        pl.Series([AT_US, None], dtype=pl.Int64),
        pl.Series([AT_US / 1e6, None], dtype=pl.Float64),
    ],
)
def test_own_time_types(time: pl.Series) -> None:
    frame = pl.DataFrame({"time": time, "mmsi": [219000001, 219000001], "lon": [25.0, 25.0], "lat": [59.9, 59.9]})
    got, _ = own.decode_table(frame, own.start_table(frame.columns, "test"))
    assert got.positions["time_us"].to_list() == [AT_US]
    assert got.rejects.select("reason", "line").rows() == [("no_time", 2)]


def test_typed_tables_reject_as_text_tables_do() -> None:
    frame = pl.DataFrame(
        {
            "timestamp": [AT_US] * 5,
            "mmsi": [219000001, -1, 219000003, 219000004, 219000005],
            "lon": ["25.0", "25.0", "east", "181", "672000"],
            "lat": [59.9, 59.9, 59.9, 91.0, 59.9],
            "ship_class": ["tanker", "cargo", "cargo", None, "cargo"],
            "nav_status": ["At anchor", "Moored", None, "1", "15"],
        }
    )
    got, _ = own.decode_table(frame, own.start_table(frame.columns, "test"))
    assert got.rejects.select("reason", "line").rows() == [
        ("bad_mmsi", 2),
        ("bad_number", 3),
        ("position_out_of_range", 5),
    ]
    assert got.positions.select("mmsi", "nav_status").rows() == [(219000001, 1), (219000004, 1)]
    assert got.statics.select("mmsi", "ship_class").rows() == [(219000001, schema.TANKER)]


def test_table_without_the_columns_is_refused() -> None:
    with pytest.raises(BadInput, match="lat_deg"):
        own.start_table(["time", "mmsi", "lon"], "x.parquet")
    with pytest.raises(BadInput, match="begins with: a,b"):
        recognise(b"a,b\n1,2\n", "x.csv")


@given(st.floats(allow_nan=False, allow_infinity=False, width=64), st.integers(0, 12))
def test_numbers_are_read_as_python_reads_them(value: float, places: int) -> None:
    stated = f"{value:.{places}f}"
    data = stated.encode()
    got = cells.read_number(np.frombuffer(data + b"\n", np.uint8), 0, len(data))
    digits = len(data) - data.count(b"-") - data.count(b".")
    assert got == (float(stated) if digits <= 15 else math.inf)


@given(st.integers(0, 4_000_000_000))
def test_danish_times_are_read_as_python_reads_them(second: int) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    for stated in (moment.strftime("%d/%m/%Y %H:%M:%S"), moment.isoformat()):
        data = np.frombuffer(stated.encode() + b"\n", np.uint8)
        assert cells.read_time(data, 0, data.size - 1, np.zeros(2, np.int64)) == second * 1_000_000


CELL = (
    st.sampled_from(
        ["", "219024000", "01/09/2025 00:00:01", "01/09/2025 00:09:01", "57.7", "10.5", "91", "Class A", "Base Station"]
    )
    | st.sampled_from(["Unknown", "Moored", "NAME", '"A,B"', '"', "1e1", "x", "9137131", "\r", "\0"])
    | st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=6)
)
ROW = st.lists(CELL, min_size=0, max_size=28).map(",".join) | st.builds(
    lambda s, n: SHIP.format(s=s, name=n), st.integers(0, 9), st.sampled_from(["A", "B", "Unknown", ""])
)


@tries(150)
@given(st.lists(ROW, max_size=12), st.sets(st.integers(1, 12)))
def test_any_rows_in_any_blocks_give_the_same_and_every_line_is_accounted_for(lines: list[str], cuts: set[int]) -> None:
    data = "\n".join([DANISH, *lines]).encode("utf-8", "replace")
    count = data.count(b"\n") + 1
    whole = read_bytes(danish.FORMAT, data, set())
    parts = read_bytes(danish.FORMAT, data, {c for c in cuts if c < count})
    for one, two in zip(whole, parts, strict=True):
        assert one.equals(two)
    blank = sum(line in (b"", b"\r") for line in data.split(b"\n")[1:])
    assert whole.positions.height + whole.others.height + whole.rejects.height == count - 1 - blank


def read_bytes(form: Format, data: bytes, cuts: set[int]) -> Decoded:
    """Like `read`, but only a newline ends a line."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    memory, parts, edges = form.start(Options("test")), [], [0, *sorted(cuts), len(lines)]
    for a, b in pairwise(edges):
        if block := b"".join(lines[a:b]):
            decoded, memory = form.decode(block, memory)
            parts.append(decoded)
    return rows.together(parts)


@tries(100)
@given(st.binary(max_size=300))
def test_any_bytes_after_a_header_end_as_rows_or_rejects(data: bytes) -> None:
    got = read_bytes(own.FORMAT, b"time,mmsi,lon_deg,lat_deg,name\n" + data, set())
    blank = sum(line in (b"", b"\r") for line in data.split(b"\n"))
    assert got.positions.height + got.rejects.height == data.count(b"\n") + 1 - blank


def test_real_samples(shared: Path) -> None:
    ais = shared / "ais"
    finland = read(own.FORMAT, (ais / "aava_gulf_of_finland_2014-08-15.csv").read_bytes(), (7, 1000))
    assert finland.positions.height == 2867 and finland.rejects.height == 0
    assert finland.positions["mmsi"].n_unique() == 95
    america = read(marinecadastre.FORMAT, (ais / "marinecadastre_sample.csv").read_bytes())
    peer = pl.read_csv(ais / "marinecadastre_sample.csv")
    assert america.positions["lon_deg"].to_list() == peer["LON"].to_list()
    assert america.positions["sog_kn"].fill_nan(102.3).to_list() == peer["SOG"].to_list()
    frame = pl.read_parquet(ais / "kattegat_2025-11-01_02_1min.parquet")
    kattegat, _ = own.decode_table(frame, own.start_table(frame.columns, "kattegat"))
    assert kattegat.positions.height == frame.height
    assert kattegat.statics.select("mmsi", "ship_class").row(0) == (219115000, schema.OTHER)


def test_hashes_tell_all_known_words_apart() -> None:
    def hashed(words: Any) -> set[int]:
        return {int(cells.hash_cell(cells.eights(w.encode() + bytes(8)), 0, len(w))) for w in words}

    words = {*columns.NOT_KNOWN, *columns.STATUS_WORDS, *columns.MOBILE_WORDS, *columns.SHIP_TYPE_WORDS}
    assert len(hashed(words)) == len(words)
    assert hashed(["UNKNOWN"]) == hashed(["unknown"])


@tries(60)
@given(
    st.lists(
        st.tuples(*[st.sampled_from(["", "A", "a", "B C", '"A"', '"A', 'A"', '","', "0", "Unknown"])] * 3), min_size=2
    )
)
def test_static_cells_remembered_by_their_bytes_say_the_same(said: list[tuple[str, str, str]]) -> None:
    lines = [f"2025-01-01 00:{k % 60:02}:00,219000001,10,56,{','.join(row)},1" for k, row in enumerate(said)]
    text = "time,mmsi,lon,lat,callsign,name,destination,sog\n" + "\n".join(lines) + "\n"
    together = read(danish.FORMAT, text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_static_span", lambda _places, _kept: (-1, -1))
        apart = read(danish.FORMAT, text)
    assert together.statics.equals(apart.statics)
