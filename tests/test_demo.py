"""The demo shows what it says: its four threats are found, and the page and the records are there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from anchorwatch import cli
from anchorwatch.trials import story

EXPECTED = {0: {"anchor_drag"}, 1: {"loitering"}, 2: {"ais_gap"}, 3: {"anchored_on_asset"}}


@pytest.mark.slow
def test_the_demo_finds_the_four_and_leaves_the_others(tmp_path: Path) -> None:
    run = CliRunner().invoke(cli.root, ["demo", "--out", str(tmp_path / "demo")])
    assert run.exit_code == 0, run.output + repr(run.exception)
    alerts = [json.loads(line) for line in (tmp_path / "demo" / "alerts.jsonl").read_text().splitlines()]
    ships = story.story(story.waters()).ships
    loud = {(a["vessel"]["mmsi"], a["kind"]) for a in alerts if a["level"] in ("warning", "alarm")}
    for k, kinds in EXPECTED.items():
        assert {kind for mmsi, kind in loud if mmsi == ships[k].mmsi} & kinds, story.DOES[k]
    innocent = {mmsi for mmsi, _ in loud} - {s.mmsi for s in ships[: len(EXPECTED)]}
    assert len(innocent) <= 2, innocent  # of 76 in eight hours
    assert "<html" in (tmp_path / "demo" / "report.html").read_text()
    assert ships[0].name in run.output


def test_the_drag_is_nothing_that_a_limit_on_speed_would_see() -> None:
    made = story.story(story.waters())
    drag = made.positions.filter(made.positions["mmsi"] == made.ships[0].mmsi)
    speeds = drag["sog_kn"].to_numpy()
    assert speeds.min() > 8
    before, after = np.median(speeds[:200]), np.median(speeds[-200:])
    assert 0.12 <= 1 - after / before <= 0.22


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = CliRunner().invoke(cli.root, ["demo", "--out", str(tmp_path / "file" / "below")])
    assert run.exit_code != 0
    assert "Name another with --out" in str(run.exception)
