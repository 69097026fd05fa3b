"""`trial score` as a user meets it: other systems' alerts, spoilt files, the printed score."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from anchorwatch.cli.trial_score import command
from anchorwatch.errors import AnchorwatchError, BadInput, BadUse
from anchorwatch.trials.score import systems as score_systems
from anchorwatch.trials.score.against import read_against
from anchorwatch.trials.score.records import read_trial
from made_trial import ORDINARY, actor, alert, at, us, write

THREAT = 211_000_001
WARNED = [("caution", 70.0), ("warning", 100.0)]

# Another system


def against(tmp_path: Path, text: str, trials: tuple[str, ...] = ("trial",)) -> Any:
    path = tmp_path / "other.csv"
    path.write_text(text)
    return read_against(path, trials)


def test_another_system_is_read_and_judged_like_the_watch(tmp_path: Path) -> None:
    trial = read_trial(write(tmp_path / "trial", [actor(THREAT)], []))
    text = f"time,mmsi,asset,score\n{at(110)},{THREAT},one,0.8\n\n{at(90)},{ORDINARY},,\n"
    (tmp_path / "other.csv").write_text(text)
    seen = score_systems.against(tmp_path / "other.csv", [trial], []).simulated[0]
    assert seen.actors[0].leads_min == (10.0, 60.0)
    assert [f.mmsi for f in seen.false] == [ORDINARY]
    said = read_against(tmp_path / "other.csv", ["trial"])["trial"]
    assert [(s.score, s.shown) for s in said] == [(0.8, (("warning", us(110)),)), (0.55, (("warning", us(90)),))]


def test_a_system_that_names_no_kinds_is_not_held_to_them(tmp_path: Path) -> None:
    area = {"id": "x", "class": "outage", "start": at(60), "end": at(120), "expects": ["feed_silence"]}
    trial = read_trial(write(tmp_path / "trial", [actor(THREAT)], [], areas=[area]))
    (tmp_path / "other.csv").write_text(f"time,mmsi\n{at(80)},{THREAT}\n{at(90)},\n{at(400)},\n")
    seen = score_systems.against(tmp_path / "other.csv", [trial], []).simulated[0]
    assert seen.actors[0].right_kind and seen.areas[0].found
    assert seen.false_areas == 1
    (tmp_path / "named.csv").write_text(f"time,mmsi,kind\n{at(80)},{THREAT},loitering\n{at(90)},,interference_area\n")
    seen = score_systems.against(tmp_path / "named.csv", [trial], []).simulated[0]
    assert seen.actors[0].found and not seen.actors[0].right_kind and not seen.areas[0].found


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "other.csv:1: there is no column `time`"),
        ("time,vessel\n", "other.csv:1: there is no column `mmsi`"),
        ("time,mmsi,colour\n", "other.csv:1: unknown column 'colour'"),
        ("time,mmsi,mmsi\n", "other.csv:1: two columns `mmsi`"),
        ("time,mmsi\nyesterday,211000001\n", "other.csv:2, column time: not a time with its zone: 'yesterday'"),
        ("time,mmsi\n2025-12-01T00:00:00,211000001\n", "other.csv:2, column time: not a time with its zone"),
        (f"time,mmsi\n{at(1)},EAGLE\n", "other.csv:2, column mmsi: not an MMSI: 'EAGLE'"),
        (f"time,mmsi\n{at(1)}\n", "other.csv:2: 1 cells where the header has 2"),
        (f"time,mmsi,level\n\n{at(1)},211000001,loud\n", "other.csv:3, column level: not a level: 'loud'"),
        (f"time,mmsi,score\n{at(1)},211000001,70\n", "other.csv:2, column score: not a number from 0 to 1: '70'"),
        (f"time,mmsi,score\n{at(1)},211000001,nan\n", "other.csv:2, column score: not a number from 0 to 1: 'nan'"),
        (f"time,mmsi,end\n{at(1)},211000001,{at(0)}\n", "other.csv:2, column end: before the time of the alert"),
        (f"time,mmsi,trial\n{at(1)},211000001,x\n", "other.csv:2, column trial: no such trial is scored: 'x'"),
        ('time,mmsi\n"2025', "other.csv: cannot be read"),
    ],
)  # fmt: skip
def test_a_bad_list_of_alerts_is_one_clear_line(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        against(tmp_path, text)
    assert complaint in str(caught.value)


def test_with_several_trials_each_alert_names_its_own(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="2 trials are scored, but there is no column `trial`"):
        against(tmp_path, f"time,mmsi\n{at(1)},211000001\n", ("a", "b"))
    with pytest.raises(BadInput, match=r"other\.csv:2, column trial: empty"):
        against(tmp_path, f"time,mmsi,trial\n{at(1)},211000001,\n", ("a", "b"))
    said = against(tmp_path, f"time,mmsi,trial\n{at(1)},211000001,b\n", ("a", "b"))
    assert [len(said[name]) for name in ("a", "b")] == [0, 1]


# The command


def run(*args: object) -> tuple[str, AnchorwatchError | None]:
    done = CliRunner().invoke(command, [str(a) for a in args])
    assert done.exception is None or isinstance(done.exception, AnchorwatchError), done.exception
    return done.output, done.exception


def test_the_command_scores_a_folder_of_trials(tmp_path: Path) -> None:
    for k in range(2):
        write(tmp_path / "trials" / f"t{k}", [actor(THREAT)], [alert(THREAT, WARNED)] * k)
    (tmp_path / "peer.csv").write_text(f"time,mmsi,trial\n{at(110)},{THREAT},t0\n{at(110)},{THREAT},t1\n")
    text, error = run(tmp_path / "trials", "--against", tmp_path / "peer.csv", "--quiet")
    assert error is None
    assert "2 trials, 2 vessels that did harm or could have, 120 vessel-hours of others." in text
    assert "open tracker" in text and "peer" in text
    found = next(line for line in text.splitlines() if line.startswith("threats found"))
    assert found.split("  ")[0] == "threats found (warning or alarm)" and "0.50 [0.00, 1.00]" in found
    told, _ = run(tmp_path / "trials", "--no-baselines", "--json")
    record = json.loads(told)
    assert record["schema"] == "anchorwatch.score/1"
    assert [s["name"] for s in record["systems"]] == ["anchorwatch"]
    assert record["systems"][0]["recall"] == {"value": 0.5, "low": 0.0, "high": 1.0, "n": 2}


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda d: (d / "truth.json").write_text("{"), "truth.json: it cannot be read"),
        (lambda d: (d / "truth.json").write_text('{"schema": "x"}'), "truth.json: its schema is not"),
        (lambda d: (d / "truth.json").write_text('{"schema": "anchorwatch.truth/1"}'), "it has no 'actors'"),
        (lambda d: (d / "alerts.jsonl").write_text('{"id": "x"}\n'), "alerts.jsonl:1: not an alert"),
        (lambda d: (d / "alerts.jsonl").write_text("\n[1]\n"), "alerts.jsonl:2: not an alert"),
        (lambda d: (d / "traffic.parquet").write_bytes(b"PAR1no"), "traffic.parquet: the traffic cannot be read"),
        (lambda d: (d / "alerts.jsonl").unlink(), "no alerts.jsonl in it"),
        (lambda d: (d / "assets.geojson").unlink(), "no assets.geojson in it"),
        (lambda d: (d / "truth.json").unlink(), "no trial in it"),
    ],
)  # fmt: skip
def test_a_spoilt_trial_is_one_clear_line(spoil: Any, complaint: str, tmp_path: Path) -> None:
    spoil(write(tmp_path / "trial", [actor(THREAT)]))
    _, error = run(tmp_path / "trial", "--quiet")
    assert error is not None and complaint in str(error) and "\n" not in str(error)


def test_bad_use(tmp_path: Path) -> None:
    assert isinstance(run()[1], BadUse)
    assert isinstance(run(tmp_path / "none")[1], BadInput)
    folder = write(tmp_path / "trial")
    assert "only for --ordinary" in str(run(folder, "--assets", "x.csv")[1])
    assert "the folder does not exist" in str(run(folder, "--report", tmp_path / "no" / "page.html")[1])
    (tmp_path / "open tracker.csv").write_text("time,mmsi\n")
    assert "two systems are called 'open tracker'" in str(run(folder, "--against", tmp_path / "open tracker.csv")[1])
    write(tmp_path / "b" / "trial")
    assert "two trials are called 'trial'" in str(run(folder, tmp_path / "b", "--no-baselines")[1])
