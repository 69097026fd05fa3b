"""Memory on disk: what is read is what was written, and what cannot be continued is refused with a next step."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from anchorwatch import chart
from anchorwatch.edges import memory as remembered
from anchorwatch.edges.alerts import to_json
from anchorwatch.engine import batch
from anchorwatch.errors import BadMemory
from made_sea import alerts_of, cut, job, scan, sea, two_days


@pytest.fixture(scope="session")
def first() -> batch.Result:
    """The watch over the first part of the made days, with much still going on."""
    part = cut(two_days(), [two_days().positions.height * 3 // 5])[0]
    result = scan(part)
    memory = result.memory
    assert memory.docket.alerts and memory.docket.crossings and memory.docket.areas
    assert memory.tracks.picture.held.size and memory.silences.size and len(memory.areas["interference_area"])
    return result


@pytest.fixture
def folder(first: batch.Result, tmp_path: Path) -> Path:
    """That memory on disk."""
    remembered.save(first.memory, job(), tmp_path / "memory")
    return tmp_path / "memory"


def assert_same(one: Any, other: Any, where: str = "memory") -> None:
    """Assert that two memories are equal, part by part; NaN equals NaN."""
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, where
        for name in one.dtype.names or ("",):
            np.testing.assert_array_equal(
                one[name] if name else one, other[name] if name else other, err_msg=f"{where}.{name}"
            )
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            assert_same(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, pl.DataFrame):
        assert one.equals(other), where
    elif isinstance(one, tuple):
        assert len(one) == len(other), where
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{where}.{n}")
    else:
        assert one == other, where


def test_what_is_read_is_what_was_written(first: batch.Result, folder: Path) -> None:
    before, after = first.memory, remembered.load(job(), folder)
    (vessels, tracks), used = before.tracks.picture[:2], before.tracks.picture.sizes
    assert_same((vessels[: used[0]], tracks[: used[1]]), after.tracks.picture[:2])
    assert_same(before.tracks.picture.sizes, after.tracks.picture.sizes)
    assert_same(before.tracks.picture.held, after.tracks.picture.held)
    assert_same({n: a[: used[1]] for n, a in before.tracks.tracks.items()}, after.tracks.tracks)
    assert_same(before.areas, after.areas)
    assert_same(before.waiting, after.waiting)
    for part in ("keys", "vessels"):
        assert_same(getattr(before.coverage, part), getattr(after.coverage, part), part)
    assert_same(before.silences, after.silences)
    assert before.sightings.equals(after.sightings)
    assert repr(before.pending) == repr(after.pending)
    for part in ("behind", "areas", "crossings"):
        assert repr(getattr(before.docket, part)) == repr(getattr(after.docket, part)), part
    assert {k: to_json(a) for k, a in before.docket.alerts.items()} == {
        k: to_json(a) for k, a in after.docket.alerts.items()
    }


def test_saving_what_was_read_writes_the_same_again(folder: Path, tmp_path: Path) -> None:
    remembered.save(remembered.load(job(), folder), job(), tmp_path / "again")
    names = sorted(p.name for p in folder.iterdir())
    assert names == sorted(p.name for p in (tmp_path / "again").iterdir())
    for name in names:
        one, other = ((place / name).read_bytes() for place in (folder, tmp_path / "again"))
        assert one == other or json.loads(one) == json.loads(other), name  # 3 comes back as 3.0


def test_a_folder_that_does_not_exist_is_a_new_watch(tmp_path: Path) -> None:
    fresh = remembered.load(job(), tmp_path / "none")
    assert fresh.tracks.picture.sizes.tolist() == [0, 0, 0]
    assert not fresh.docket.alerts


def refused(folder: Path, over: batch.Job | None = None) -> None:
    with pytest.raises(BadMemory) as error:
        remembered.load(over or job(), folder)
    assert error.value.where == str(folder)
    assert error.value.next_step
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "docket.json",
        "tracks.arrow",
        "coverage.arrow",
        "sightings.arrow",
        "detector.ais_gap.arrow",
        "silences.arrow",
    ],
)
@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "noise"])
def test_a_damaged_file_is_refused(folder: Path, name: str, damage: str) -> None:
    path = folder / name
    whole = path.read_bytes()
    path.unlink()
    if damage != "gone":
        path.write_bytes({"empty": b"", "cut": whole[: len(whole) // 2], "noise": bytes(range(256)) * 20}[damage])
    refused(folder)


@pytest.mark.parametrize(
    "change", [{"version": 99}, {"version": None}, {"chart": "other"}, {"settled_us": "soon"}, {"rules": None}]
)
def test_a_manifest_that_does_not_fit_is_refused(folder: Path, change: dict[str, Any]) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    refused(folder)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "7",
        '"x"',
        "null",
        '{"alerts": 3}',
        '{"alerts": [{}], "behind": {}, "areas": [], "crossings": [], "pending": []}',
    ],
)
def test_json_of_another_shape_is_refused(folder: Path, text: str) -> None:
    (folder / "docket.json").write_text(text)
    refused(folder)
    (folder / "manifest.json").write_text(text)
    refused(folder)


def test_another_chart_is_refused(folder: Path) -> None:
    cable = sea().assets[0]
    refused(folder, job()._replace(chart=chart.make((replace(cable, lines=(cable.lines[0] + 0.001,)),))))
    refused(folder, job()._replace(chart=chart.make((replace(cable, error_m=500.0),))))


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, first: batch.Result) -> None:
    (tmp_path / "memory").write_text("a file")
    refused(tmp_path / "memory")


def test_changed_thresholds_forget_only_that_detector(first: batch.Result, folder: Path) -> None:
    gap = job().detectors["ais_gap"]
    changed = job()._replace(
        detectors=job().detectors | {"ais_gap": replace(gap, params=gap.params._replace(silence_s=900.0))}
    )
    after = remembered.load(changed, folder)
    assert not after.tracks.tracks["ais_gap"]["seen_us"].any()
    used = int(first.memory.tracks.picture.sizes[1])
    assert len(after.tracks.tracks["ais_gap"]) == used
    for name, kept in first.memory.tracks.tracks.items():
        if name != "ais_gap":
            assert_same(kept[:used], after.tracks.tracks[name], name)
    assert_same(first.memory.areas, after.areas)
    assert batch.run(changed, [[]], after).memory.docket.alerts  # and the watch goes on


def test_a_new_detector_begins_with_nothing(first: batch.Result, tmp_path: Path) -> None:
    fewer = job()._replace(
        detectors={n: d for n, d in job().detectors.items() if n not in ("crossing", "interference_area")}
    )
    result = scan(cut(two_days(), [1000])[0], over=fewer)
    remembered.save(result.memory, fewer, tmp_path / "memory")
    after = remembered.load(job(), tmp_path / "memory")
    assert len(after.tracks.tracks["crossing"]) == int(after.tracks.picture.sizes[1])
    assert "interference_area" not in after.areas
    assert batch.run(job(), [[]], after).memory.tracks.tracks.keys() == first.memory.tracks.tracks.keys()


def test_a_crash_between_the_two_renames_recovers(first: batch.Result, folder: Path) -> None:
    """The old memory was moved aside, and the new one was not yet in its place."""
    folder.rename(folder.with_name("memory.old"))
    after = remembered.load(job(), folder)
    assert after.docket.alerts.keys() == first.memory.docket.alerts.keys()
    assert folder.exists() and not folder.with_name("memory.old").exists()


def test_a_crash_while_writing_leaves_the_old_memory(
    first: batch.Result, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        if path.name == "docket.json":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(remembered, "_to_disk", full)
    with pytest.raises(BadMemory, match="No space left"):
        remembered.save(batch.start(job()), job(), folder)
    monkeypatch.undo()
    assert remembered.load(job(), folder).docket.alerts.keys() == first.memory.docket.alerts.keys()
    remembered.save(batch.start(job()), job(), folder)  # and what was left lying about is no hindrance
    assert not remembered.load(job(), folder).docket.alerts
    assert [p.name for p in folder.parent.iterdir()] == ["memory"]


def test_nothing_new_changes_nothing(first: batch.Result, folder: Path) -> None:
    memory = remembered.load(job(), folder)
    again = batch.run(job(), [[]], memory)
    assert again.memory.docket.alerts.keys() == first.memory.docket.alerts.keys()
    shown = alerts_of(first)
    assert all(shown[key] == alert for key, alert in alerts_of(again).items())
