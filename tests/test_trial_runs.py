"""Trials from end to end: the folder that is written, the same bytes for the same seed, what is said of each."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from anchorwatch import cli
from anchorwatch.errors import AnchorwatchError
from anchorwatch.trials import draw
from anchorwatch.trials import run as trials
from anchorwatch.trials.scenario import Scenario
from anchorwatch.trials.scenario.read import built_in, load, read
from anchorwatch.trials.score.records import read_trial
from test_scenario_files import TEXT

FILES = {
    "alerts.jsonl", "assets.geojson", "faults.json", "report.html", "scenario.toml", "traffic.csv", "traffic.nmea",
    "traffic.parquet", "truth.json", "zones.geojson",
}  # fmt: skip
# A few vessels and a few hours: quick.
SMALL = TEXT.replace("vessels = 20", "vessels = 6")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("trials")
    (folder / "my.toml").write_text(SMALL)
    run = CliRunner().invoke(cli.root, ["trial", "run", str(folder / "my.toml"), "--out", str(folder)])
    assert run.exit_code == 0, run.output + repr(run.exception)
    return folder / "my-drag", run.output


def test_the_folder_holds_what_any_system_needs(ran: tuple[Path, str]) -> None:
    folder, _ = ran
    assert {p.name for p in folder.iterdir()} == FILES
    truth = json.loads((folder / "truth.json").read_text())
    (actor,) = truth["actors"]
    assert actor["mmsis"] == [236999001] and actor["class"] == "steady_drag" and actor["start"].endswith("01:30:00Z")
    assert actor["deficit"] > 0.02 and [c["asset"] for c in actor["crossings"]] == ["estlink-1"]
    for name, digest in truth["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert (folder / "scenario.toml").read_text() == SMALL
    heard = pl.read_parquet(folder / "traffic.parquet")
    assert sum(truth["vessel_hours"].values()) > 10 and heard["mmsi"].n_unique() > 5
    assert "estlink-1" in (folder / "assets.geojson").read_text()
    assert '"port"' in (folder / "zones.geojson").read_text()
    assert read_trial(folder).actors[0].crossings


def test_what_was_expected_and_what_was_said_is_told(ran: tuple[Path, str]) -> None:
    folder, said = ran
    assert "EXAMPLE COASTER (threat, steady drag)" in said and "crosses Estlink 1" in said
    assert re.search(r"(?m)^  (met     |NOT MET )  ?EXAMPLE COASTER warning", said)
    alerts = [json.loads(line) for line in (folder / "alerts.jsonl").read_text().splitlines()]
    mine = [a for a in alerts if a["vessel"]["mmsi"] == 236999001]
    assert ("nothing was said of it" in said) is not bool(mine)


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(ran: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = ran
    trials.run(read(SMALL), tmp_path / "again")
    for name in FILES - {"report.html"}:
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name
    trials.run(read(SMALL), tmp_path / "other", seed=99, formats=("parquet",), watch=False)
    assert (folder / "traffic.parquet").read_bytes() != (tmp_path / "other" / "traffic.parquet").read_bytes()
    assert {p.name for p in (tmp_path / "other").iterdir()} == FILES - {
        "alerts.jsonl", "report.html", "traffic.csv", "traffic.nmea",
    }  # fmt: skip


def test_against_none_is_the_same_sea_with_no_actor(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text(SMALL)
    words = ["trial", "run", str(tmp_path / "my.toml"), "--out", str(tmp_path), "--format", "parquet"]
    run = CliRunner().invoke(cli.root, [*words, "--no-scan", "--against-none", "--json"])
    assert run.exit_code == 0, run.output + repr(run.exception)
    said = [json.loads(line) for line in run.output.splitlines()]
    assert [s["trial"] for s in said] == ["my-drag", "my-drag-none"]
    with_it, without = (pl.read_parquet(tmp_path / s["trial"] / "traffic.parquet") for s in said)
    others = with_it.filter(pl.col("mmsi") != 236999001)
    assert others.height == without.height < with_it.height
    assert json.loads((tmp_path / "my-drag-none" / "truth.json").read_text())["actors"] == []


def test_sea_and_hours_of_drawn_trials_are_as_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def drawn(seed: int, **how: Any) -> Scenario:
        asked.append({"seed": seed, **how})
        return read(SMALL.replace('"my-drag"', f'"random-{seed}"'))

    monkeypatch.setattr(draw, "draw", drawn)
    words = ["trial", "run", "--random", "2", "--seed", "3", "--sea", "kattegat", "--hours", "9.5", "--no-scan"]
    run = CliRunner().invoke(cli.root, [*words, "--out", str(tmp_path), "--format", "parquet", "--quiet"])
    assert run.exit_code == 0, run.output + repr(run.exception)
    assert asked == [{"seed": seed, "hours": 9.5, "sea": "kattegat"} for seed in (3, 4)]
    assert (tmp_path / "random-4" / "truth.json").exists()


@pytest.mark.slow
def test_drawn_trials_are_run_by_their_seed(tmp_path: Path) -> None:
    words = ["trial", "run", "--random", "1", "--seed", "3", "--out", str(tmp_path), "--format", "parquet"]
    run = CliRunner().invoke(cli.root, [*words, "--no-scan", "--json"])
    assert run.exit_code == 0, run.output + repr(run.exception)
    said = json.loads(run.output)
    assert said["positions"] > 10_000 and said["vessel_hours"] > 100
    again = load(str(tmp_path / said["trial"] / "scenario.toml"))
    assert again.name == said["trial"] and again.actors


def test_actors_are_put_into_an_archive(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    trials.run(trials.without_actors(read(SMALL)), archive, formats=("parquet",), watch=False)
    text = SMALL.replace("vessels = 6", 'file = "archive/traffic.parquet"').replace("seed = 7", "")
    (tmp_path / "my.toml").write_text(text)
    done = trials.run(load(str(tmp_path / "my.toml")), tmp_path / "in", formats=("parquet",), watch=False)
    asked = trials.with_traffic(read(SMALL), str(archive / "traffic.parquet"))
    trials.run(asked, tmp_path / "asked", formats=("parquet",), watch=False)
    assert (tmp_path / "asked" / "traffic.parquet").read_bytes() == (tmp_path / "in" / "traffic.parquet").read_bytes()
    assert (tmp_path / "asked" / "scenario.toml").read_text().startswith("# Run with --traffic ")
    both, before = (pl.read_parquet(tmp_path / f / "traffic.parquet") for f in ("in", "archive"))
    assert both.filter(pl.col("mmsi") == 236999001).height > 100
    assert both.filter(pl.col("mmsi") != 236999001).height == before.height
    assert done.truth["actors"][0]["crossings"]
    (tmp_path / "my.toml").write_text(text.replace("archive/", "nowhere/"))
    with pytest.raises(AnchorwatchError, match=r"my\.toml:\d+: traffic\.file: there is no archive"):
        trials.run(load(str(tmp_path / "my.toml")), tmp_path / "in", watch=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "names, or --random N"),
        (["eagle-s-2024", "--random", "2"], "names, or --random N"),
        (["eagle-s-2024", "--format", "xml"], "no format 'xml'"),
        (["eagle-s-2024", "eagle-s-2024"], "same name"),
        (["eagle-s-2024", "--out", "file/below"], "cannot be written"),
        (["eagle-s-2024", "--traffic", "nowhere.csv"], "no archive 'nowhere.csv'"),
        (["--random", "1", "--sea", "north"], "no sea 'north' to draw in"),
        (["--random", "1", "--hours", "3"], "--hours: 3 hours"),
        (["--random", "1", "--hours", "nan"], "--hours: nan hours"),
        (["eagle-s-2024", "--sea", "kattegat"], "--sea: only made trials"),
        (["--random", "1", "--traffic", "nowhere.csv", "--hours", "9"], "--hours: only made trials"),
    ],
)
def test_bad_use_is_one_clear_line(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(cli.root, ["trial", "run", *words])
    assert isinstance(run.exception, AnchorwatchError) and said in str(run.exception), run.output


def test_every_built_in_trial_is_listed_and_shown() -> None:
    listed = CliRunner().invoke(cli.root, ["trial", "list", "--json"])
    assert [entry["name"] for entry in json.loads(listed.output)] == built_in()
    table = CliRunner().invoke(cli.root, ["trial", "list"]).output
    for name in built_in():
        assert name in table
    shown = CliRunner().invoke(cli.root, ["trial", "show", "eagle-s-2024"]).output
    for part in ("Known facts", "Assumed", "The truth", "What a good watch says", "Nobody is accused"):
        assert part in shown


# What is expected and not met, by trial: reported as it is, and noticed when it changes.
NOT_MET: dict[str, set[str]] = {
    # One of the four that crossed slows down by a fifth on its way into Liepaja; trawlers at work over a pipeline.
    "liepaja-2026": {"no vessel warned of at the failed asset"},
    "nord-stream-2022": {"no vessel warned of at the failed asset"},
}
KNOWN = [n for n in built_in() if load(n).kind in ("reconstruction", "near_miss", "abstention")]


@pytest.mark.slow
@pytest.mark.parametrize("name", KNOWN)
def test_a_reconstruction_ends_as_recorded(name: str, tmp_path: Path) -> None:
    outcome = trials.run(load(name), tmp_path, formats=("parquet",))
    unmet = {k.wanted for k in outcome.kept if not k.met}
    assert unmet == NOT_MET.get(name, set()), [k for k in outcome.kept if not k.met]
