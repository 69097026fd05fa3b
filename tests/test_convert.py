"""`anchorwatch convert` and the files it writes."""

from __future__ import annotations

import csv
import json
import struct
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from anchorwatch.cli.convert import command
from anchorwatch.decode import Options, rows
from anchorwatch.edges.archive import Source, open_source
from anchorwatch.edges.rejects import Rejects
from anchorwatch.edges.tables import TableFile, ending_of
from anchorwatch.errors import BadInput, BadUse

TABLE = """time,mmsi,lon_deg,lat_deg,sog_kn,name,ship_class,length_m
2024-12-25T10:00:00Z,219000001,25.5,59.9,8.5,,,
2024-12-25T10:00:00Z,219000001,25.5,59.9,8.5,,,
2024-12-25T10:00:10.5Z,219000001,25.6,59.9,,=CMD(),tanker,228
2024-12-25T10:00:11Z,219000002,181,91,102.3,\x1b[31m\u202eB,cargo,
2024-12-25T10:00:20Z,219000002,25.7,59.8,3,B,cargo,
bad,219000002,25.7,59.8,3,B,cargo,
2024-12-25T10:00:30Z,2190001,25.7,59.8,0,,,
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(TABLE)
    return path


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(command, [str(a) for a in args], catch_exceptions=False)


def test_parquet(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    done = run(table, "--out", out, "--rejects", tmp_path / "rejects.csv")
    assert done.exit_code == 0
    assert "3 positions and 3 static reports" in done.stderr and "1 repeats and 1 rows" in done.stderr
    assert f"1 bad_time, first at {table}:7: bad,219000002" in done.stderr
    frame = pl.read_parquet(out)
    assert frame.schema["time"] == pl.Datetime("us", "UTC")
    assert frame.select("mmsi", "sog_kn", "ship_class", "length_m").rows() == [
        (219000001, 8.5, "unknown", None),
        (219000001, None, "tanker", 228.0),
        (219000002, 3.0, "cargo", None),
    ]
    static = pl.read_parquet(tmp_path / "out.parquet.static")
    assert static.select("mmsi", "ship_class", "imo").rows()[0] == (219000001, "tanker", None)
    assert not any("\x1b" in n or "\u202e" in n for n in static["name"].drop_nulls())
    with (tmp_path / "rejects.csv").open(newline="") as file:
        reasons = {row["reason"]: row["line"] for row in csv.DictReader(file)}
    assert reasons == {"bad_time": "7", "no_position": "5"}


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "geoparquet"])
def test_what_is_written_reads_back_the_same(table: Path, tmp_path: Path, ending: str) -> None:
    run(table, "--out", tmp_path / f"once.{ending}", "--quiet")
    again = (
        rows.together(list(open_source(str(tmp_path / f"once.{ending}"), Options()).blocks()))
        if ending != "jsonl"
        else None
    )
    if again is None:
        lines = [json.loads(line) for line in (tmp_path / "once.jsonl").read_text().splitlines()]
        assert lines[1]["time"] == "2024-12-25T10:00:10.500Z" and lines[1]["sog_kn"] is None
        return
    assert again.rejects.height == 0
    first = rows.together(list(open_source(str(table), Options()).blocks())).positions
    kept = first.filter(pl.col("lon_deg").is_not_nan() & (pl.col("mmsi") > 200_000_000)).unique(
        ["mmsi", "time_us"], maintain_order=True
    )
    assert again.positions.drop("line").equals(kept.drop("line"))


def test_geojson_and_geoparquet(table: Path, tmp_path: Path) -> None:
    run(table, "--out", tmp_path / "a.geojson", "--quiet")
    run(table, "--out", tmp_path / "a.geoparquet", "--quiet")
    features = json.loads((tmp_path / "a.geojson").read_text())["features"]
    assert [f["geometry"]["coordinates"] for f in features] == [[25.5, 59.9], [25.6, 59.9], [25.7, 59.8]]
    assert features[0]["properties"]["mmsi"] == 219000001
    assert all(f["geometry"] is None for f in json.loads((tmp_path / "a.geojson.static").read_text())["features"])
    points = [struct.unpack("<BIdd", p) for p in pl.read_parquet(tmp_path / "a.geoparquet")["geometry"]]
    assert points == [(1, 1, 25.5, 59.9), (1, 1, 25.6, 59.9), (1, 1, 25.7, 59.8)]
    geo = json.loads(pl.read_parquet_metadata(tmp_path / "a.geoparquet")["geo"])
    assert geo["columns"]["geometry"]["bbox"] == [25.5, 59.8, 25.7, 59.9]


def test_a_spreadsheet_runs_no_name(table: Path, tmp_path: Path) -> None:
    run(table, "--out", tmp_path / "a.csv", "--quiet")
    with (tmp_path / "a.csv.static").open(newline="") as file:
        assert "'=CMD()" in [row["name"] for row in csv.DictReader(file)]


def test_span_date_and_json(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    done = run(table, "--out", out, "--since", "2024-12-25T10:00:05", "--until", "2024-12-25T10:00:20Z", "--json")
    assert json.loads(done.stdout)["positions"] == 1
    messages = tmp_path / "m.ndjson"
    messages.write_text('{"MessageID":1,"UserID":219000001,"Longitude":25.0,"Latitude":59.0}\n')
    assert json.loads(run(messages, "--out", out, "--json").stdout)["rejects"] == {"no_time": 1}
    assert json.loads(run(messages, "--out", out, "--json", "--date", "2024-12-25").stdout)["positions"] == 1
    assert '"time":"2024-12-25T00:00:00Z"' in out.read_text()


def test_several_files_and_standard_output(table: Path) -> None:
    done = run(table, table, "--out", "-", "--quiet")
    assert len(done.stdout.splitlines()) == 3  # the second says nothing new


def test_a_failure_leaves_the_old_file_alone(table: Path, tmp_path: Path) -> None:
    out, empty = tmp_path / "out.csv", tmp_path / "empty"
    out.write_text("old")
    empty.touch()
    with pytest.raises(BadInput, match="empty"):
        run(table, empty, "--out", out)
    assert out.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "in.csv", "out.csv"]


@pytest.mark.parametrize(
    "args", [("--out", "a.xlsx"), ("--out", "no/such/folder.csv"), ("--out", "a.csv", "--since", "noon")]
)
def test_bad_use_is_said(table: Path, args: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadUse) as error:
        run(table, *args)
    assert error.value.next_step


def test_real_log(shared: Path, tmp_path: Path) -> None:
    done = run(shared / "ais/nmea/dma_aislib_stream_example.txt", "--out", tmp_path / "a.parquet", "--json")
    counts = json.loads(done.stdout)
    assert counts["positions"] == pl.read_parquet(tmp_path / "a.parquet").height > 2900
    assert counts["statics"] == pl.read_parquet(tmp_path / "a.parquet.static").height


def test_parquet_in_several_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anchorwatch.edges.tables.GROUP_ROWS", 10)
    path = tmp_path / "a.geoparquet"
    frame = pl.DataFrame({"lon_deg": [float(i) for i in range(25)], "lat_deg": [0.0] * 25})
    with TableFile(path, dict(frame.schema)) as file:
        for i in range(0, 25, 5):
            file.write(frame[i : i + 5])
    assert pl.read_parquet(path)["lon_deg"].to_list() == frame["lon_deg"].to_list()
    assert [p.name for p in tmp_path.iterdir()] == ["a.geoparquet"]


def test_rejects_of_numbered_sources() -> None:
    rejects = Rejects(names=["a.csv", "b.csv"])
    rejects.add(
        pl.DataFrame({"reason": ["late"], "source": pl.Series([1], dtype=pl.Int16), "line": [5], "text": ["x\x1b"]})
    )
    assert rejects.summary() == ["rejected 1:", "             1 late, first at b.csv:5: x\\u001b"]


def test_endings() -> None:
    assert (
        ending_of("a.geoparquet") == ".geoparquet"
        and ending_of("a.CSV") == ".csv"
        and ending_of("a.csv.static") == ".csv"
    )


def test_blocks_of_any_size_are_converted_alike(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = shared / "ais" / "marinecadastre_sample.csv"
    log = shared / "ais" / "nmea" / "dma_aislib_stream_example.txt"
    written = []
    for size in (1 << 24, 4001):
        monkeypatch.setattr(Source, "blocks", lambda source, size=size: source.start(size))
        run(log, table, table, "--out", tmp_path / "a.csv", "--rejects", tmp_path / "r.csv", "--quiet")
        written.append([(tmp_path / name).read_bytes() for name in ("a.csv", "a.csv.static", "r.csv")])
    assert written[0] == written[1]
    assert b",cargo," in written[0][0]
