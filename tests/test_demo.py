"""The demo replays its reconstruction, says what it is, and leaves page and records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from anchorwatch import cli
from anchorwatch.cli.demo_report import TRIAL
from anchorwatch.trials import run as trials
from anchorwatch.trials.scenario.read import load


@pytest.mark.slow
def test_the_demo_warns_of_its_ship_and_says_that_it_is_a_reconstruction(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    run = CliRunner().invoke(cli.root, ["demo", "--report", "--out", str(folder)])
    assert run.exit_code == 0, run.output + repr(run.exception)
    alerts = [json.loads(line) for line in (folder / "alerts.jsonl").read_text().splitlines()]
    truth = json.loads((folder / "truth.json").read_text())
    acting = {m for a in truth["actors"] if a["role"] == "threat" for m in a["mmsis"]}
    assert acting & {a["vessel"]["mmsi"] for a in alerts if a["level"] in ("warning", "alarm")}
    assert "<html" in (folder / "report.html").read_text()
    assert "reconstruction" in run.output and "accuses nobody" in " ".join(run.output.split())
    assert (folder / "traffic.csv").exists() and not (folder / "traffic.nmea").exists()


def test_the_demo_prints_the_alerts_alone_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def instead(made: object, folder: Path, **_: object) -> trials.Outcome:
        folder.mkdir()
        (folder / "alerts.jsonl").write_text('{"id": "a1"}\n')
        return trials.Outcome(load(TRIAL), folder, 0, 0, {})

    monkeypatch.setattr(trials, "run", instead)
    run = CliRunner().invoke(cli.root, ["demo", "--json", "--out", str(tmp_path / "demo")])
    assert (run.exit_code, run.output) == (0, '{"id": "a1"}\n')


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = CliRunner().invoke(cli.root, ["demo", "--report", "--out", str(tmp_path / "file" / "below")])
    assert run.exit_code != 0
    assert "Name another with --out" in str(run.exception)
