"""`anchorwatch scan` as a user calls it: outputs, options, and one clear line for what cannot be done."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from anchorwatch import cli
from anchorwatch.edges.alerts import read_alerts
from anchorwatch.model import LEVELS
from made_sea import DAY_US, lat_of, lon_of, sea, two_days


class Said(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process."""

    def called(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["anchorwatch", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code
        assert isinstance(code, int)
        return Said(code, *capfd.readouterr())

    return called


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the made days as our own CSV, and the cable."""
    folder = tmp_path_factory.mktemp("scan")
    days = two_days()
    said = days.statics.select("line", "name", "ship_class").unique("line")
    table = days.positions.join(said, on="line", how="left", maintain_order="left").with_columns(
        time=pl.from_epoch("time_us", "us").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    )
    names = ("time", "mmsi", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "nav_status", "name")
    table.select(names).write_csv(folder / "days.csv")
    quiet = table.filter(pl.col("mmsi") == pl.col("mmsi").first()).head(12)
    quiet.select(names[:4]).write_csv(folder / "quiet.csv")
    (line,) = sea().assets[0].lines
    shape = {"type": "LineString", "coordinates": line.tolist()}
    properties = {"name": "Long Cable", "power": "cable", "id": "long-cable"}
    feature = {"type": "Feature", "properties": properties, "geometry": shape}
    (folder / "cable.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return folder


@pytest.fixture
def scan(run: Run, files: Path) -> Run:
    """Run `scan` with the cable."""
    return lambda *arguments: run("scan", *arguments, "--assets", files / "cable.geojson")


@pytest.fixture(scope="session")
def expected(files: Path) -> list[dict[str, Any]]:
    """The alerts of the made days, as a process of its own writes them: from standard input to standard output."""
    command = [sys.executable, "-m", "anchorwatch", "scan", "-", "--assets", str(files / "cable.geojson")]
    done = subprocess.run(command, input=(files / "days.csv").read_bytes(), capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    assert b"positions of" in done.stderr
    assert b"Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def alerts_in(path: Path) -> list[Any]:
    """Ids of the alerts in a file of any format."""
    if path.suffix == ".parquet":
        return pl.read_parquet(path)["id"].to_list()
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".geojson":
        return [f["properties"]["id"] for f in json.loads(text)["features"]]
    if path.suffix == ".csv":
        return [row["id"] for row in csv.DictReader(io.StringIO(text))]
    return [json.loads(line)["id"] for line in text.splitlines()]


# ---- what it writes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ending", ["jsonl", "csv", *(pytest.param(e, marks=pytest.mark.slow) for e in ("geojson", "parquet"))]
)
def test_alerts_and_findings_in_every_format(
    scan: Run, files: Path, expected: list[dict[str, Any]], tmp_path: Path, ending: str
) -> None:
    out, findings = tmp_path / f"alerts.{ending}", tmp_path / f"findings.{ending}"
    said = scan(files / "days.csv", "--out", out, "--findings", findings)
    assert (said.code, said.out) == (0, "")
    assert alerts_in(out) == [a["id"] for a in expected]
    found = alerts_in(findings)
    assert len(found) == len(set(found)) > len(expected)
    assert all(i.startswith("f1-") for i in found)


def test_standard_output_is_one_alert_a_line(
    scan: Run, files: Path, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    said = scan(files / "days.csv")
    assert said.code == 0
    assert [json.loads(line) for line in said.out.splitlines()] == expected
    assert {a["schema"] for a in expected} == {"anchorwatch.alert/1"}
    assert {a["level"] for a in expected} == set(LEVELS)
    assert any(a["vessel"]["name"].startswith("SHIP ") for a in expected)
    (tmp_path / "alerts.jsonl").write_text(said.out, encoding="utf-8")
    assert [a.id for a in read_alerts(tmp_path / "alerts.jsonl")] == [a["id"] for a in expected]


def test_the_report_is_one_page_that_names_the_alerts(
    scan: Run, files: Path, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    said = scan(files / "days.csv", "--out", tmp_path / "a.jsonl", "--report", page)
    assert said.code == 0
    assert str(page) in said.err
    text = page.read_text(encoding="utf-8")
    assert "Long Cable" in text
    assert all(a["id"] in text for a in expected)


def test_since_and_until_bound_what_is_watched(
    scan: Run, files: Path, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    times = two_days().positions["time_us"]
    middle = int(times[0]) // DAY_US * DAY_US + DAY_US
    moment = pl.Series([middle]).cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%SZ")[0]
    counts = []
    for option in ("--since", "--until"):
        said = scan(files / "days.csv", option, moment, "--json", "--out", tmp_path / f"{option}.jsonl")
        assert said.code == 0
        counts.append(json.loads(said.err)["positions"])
    assert counts == [int((times >= middle).sum()), int((times < middle).sum())]
    assert min(counts) > 1000
    for text in (tmp_path / "--until.jsonl").read_text().splitlines():
        assert json.loads(text)["raised"] < moment
    assert len(alerts_in(tmp_path / "--until.jsonl")) < len(expected)


def test_the_summary_as_json(scan: Run, files: Path, expected: list[dict[str, Any]], tmp_path: Path) -> None:
    said = scan(files / "days.csv", "--json", "--out", tmp_path / "a.jsonl")
    summary = json.loads(said.err)
    standing = [a for a in expected if a["status"] != "withdrawn"]
    assert summary["positions"] + summary["set_aside"].get("duplicate", 0) == two_days().positions.height
    assert summary["alerts"] == {level: sum(a["level"] == level for a in standing) for level in LEVELS}
    assert summary["withdrawn"] == len(expected) - len(standing)
    assert summary["vessels"] == two_days().positions["mmsi"].n_unique()
    assert summary["rejects"] == {}


def test_quiet_says_nothing_on_stderr(scan: Run, files: Path, expected: list[dict[str, Any]]) -> None:
    said = scan(files / "days.csv", "--quiet")
    assert said.err == ""
    assert len(said.out.splitlines()) == len(expected)


def test_no_alerts_is_a_good_end(scan: Run, files: Path, tmp_path: Path) -> None:
    said = scan(files / "quiet.csv", "--report", tmp_path / "page.html")
    assert (said.code, said.out) == (0, "")
    assert "12 positions of 1 vessels" in said.err
    assert "no alerts" in said.err
    assert (tmp_path / "page.html").stat().st_size > 1000


def test_nothing_in_the_time_asked_for(scan: Run, files: Path) -> None:
    said = scan(files / "quiet.csv", "--since", "2099-01-01")
    assert (said.code, said.out) == (0, "")
    assert "0 positions of 0 vessels" in said.err


def test_memory_goes_on_where_the_last_run_ended(
    scan: Run, files: Path, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    lines = (files / "days.csv").read_text().splitlines(keepends=True)
    alerts: dict[str, Any] = {}
    for n, part in enumerate((lines[1:3000], lines[3000:])):
        (tmp_path / f"{n}.csv").write_text(lines[0] + "".join(part))
        said = scan(tmp_path / f"{n}.csv", "--memory", tmp_path / "memory")
        assert said.code == 0
        alerts |= {a["id"]: a for a in map(json.loads, said.out.splitlines())}
    assert alerts == {a["id"]: a for a in expected}


def test_rejects_are_counted_and_written(scan: Run, files: Path, tmp_path: Path) -> None:
    lines = (files / "quiet.csv").read_text().splitlines()
    when, mmsi = lines[1].split(",")[:2]
    bad = {
        f"{when},0,11.0,57.0": "bad_mmsi", f"{when},{mmsi},181,91": "no_position", f"{when},{mmsi},0,0": "no_position",
        f"1970-01-01T00:00:00Z,{mmsi},11.0,57.0": "bad_time", f"2099-01-01T00:00:00Z,{mmsi},11.0,57.0": "bad_time",
    }  # fmt: skip
    (tmp_path / "bad.csv").write_text("\n".join([*lines, *bad]) + "\n")
    said = scan(tmp_path / "bad.csv", "--json", "--rejects", tmp_path / "rejects.csv")
    summary = json.loads(said.err)
    assert said.code == 0
    assert summary["positions"] == 12
    assert sum(summary["rejects"].values()) == len(bad)
    assert pl.read_csv(tmp_path / "rejects.csv").height == len(bad)


# ---- what it refuses ------------------------------------------------------------------------------


def refused(said: Said, *words: str) -> None:
    """Assert exit code 2 and exactly one clear line on stderr."""
    assert said.code == 2, said
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert said.err.startswith("anchorwatch: ")
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err, said.err


def test_inputs_that_cannot_be_read(scan: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "binary.bin").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "shopping.csv").write_text("item,price\nbread,3\n")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1" + bytes(100))
    (tmp_path / "cut.csv.gz").write_bytes(b"\x1f\x8b\x08\x00" + bytes(10))
    refused(scan(tmp_path / "nowhere.csv"), "nowhere.csv")
    refused(scan(tmp_path / "empty.csv"), "empty")
    refused(scan(tmp_path), str(tmp_path))
    refused(scan(tmp_path / "binary.bin"), "binary.bin")
    refused(scan(tmp_path / "shopping.csv"), "shopping.csv")
    refused(scan(tmp_path / "cut.parquet"), "cut.parquet")
    refused(scan(tmp_path / "cut.csv.gz"), "cut.csv.gz")


def test_assets_that_cannot_be_used(run: Run, files: Path, tmp_path: Path) -> None:
    point = {"type": "Feature", "properties": {"name": "x"}, "geometry": {"type": "Point", "coordinates": [11, 57]}}
    none: dict[str, Any] = {"type": "FeatureCollection", "features": []}
    cases = {
        "nothing.geojson": json.dumps(none), "points.geojson": json.dumps(none | {"features": [point]}),
        "empty.csv": "", "wrong.csv": "a,b\n1,2\n", "headers.csv": "cable_id,point_order,lat,lon\n", "bad.geojson": "{",
    }  # fmt: skip
    for name, text in cases.items():
        (tmp_path / name).write_text(text)
        refused(run("scan", files / "quiet.csv", "--assets", tmp_path / name), name)
    refused(run("scan", files / "quiet.csv", "--assets", tmp_path / "nowhere.geojson"), "nowhere.geojson")


def test_options_that_make_no_sense(scan: Run, files: Path, tmp_path: Path) -> None:
    traffic = files / "quiet.csv"
    refused(scan(traffic, "--since", "yesterday"), "--since", "yesterday")
    refused(scan(traffic, "--out", tmp_path / "no" / "alerts.jsonl"), str(tmp_path / "no"))
    refused(scan(traffic, "--out", tmp_path / "alerts.docx"), ".docx")
    refused(scan(traffic, "--findings", tmp_path / "findings"), "findings")
    refused(scan(traffic, "--engine", "spark"), "spark")
    (tmp_path / "memory").write_text("not a folder")
    refused(scan(traffic, "--memory", tmp_path / "memory"), "memory")


def test_an_output_nobody_can_write_is_refused_before_the_work(scan: Run, files: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    refused(scan(files / "quiet.csv", "--out", tmp_path / "alerts.docx", "--memory", memory), ".docx")
    assert not memory.exists()  # else the next run would go on as if the alerts had been seen


def test_a_vessel_outside_any_cable_is_no_alert(scan: Run, tmp_path: Path) -> None:
    rows = [f"2025-01-01T{k // 60:02d}:{k % 60:02d}:00Z,219000001,{lon_of(0)},{lat_of(500_000)}" for k in range(300)]
    (tmp_path / "far.csv").write_text("\n".join(["time,mmsi,lon_deg,lat_deg", *rows]) + "\n")
    said = scan(tmp_path / "far.csv")
    assert (said.code, said.out) == (0, "")
