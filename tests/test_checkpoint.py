"""Checkpoints: whole or passed over, three kept, and a memory that goes on as if nothing had happened."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

import made_sea
from anchorwatch import chart
from anchorwatch.edges import checkpoint
from anchorwatch.edges import memory as edges_memory
from anchorwatch.engine import batch
from anchorwatch.errors import BadStore


@pytest.fixture(scope="module")
def halves() -> tuple[batch.Block, batch.Block]:
    """Traffic in two halves."""
    made = made_sea.two_days()
    first, second = made_sea.cut(made, [made.positions.height * 3 // 5])
    return batch.Block(*first), batch.Block(*second)


@pytest.fixture(scope="module")
def remembered(halves: tuple[batch.Block, batch.Block]) -> batch.Memory:
    """What the watch remembers after the first half."""
    return batch.run(made_sea.job(), [[halves[0]]]).memory


def said(memory: batch.Memory, folder: Path) -> dict[str, bytes]:
    """A memory as the bytes of its files: two that are equal say the same, NaN and all."""
    edges_memory.save(memory, made_sea.job(), folder)
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def alerts_after(memory: batch.Memory, halves: tuple[batch.Block, batch.Block]) -> list[str]:
    return [repr(a) for a in batch.run(made_sea.job(), [[halves[1]]], memory).alerts]


def test_a_watch_goes_on_from_a_checkpoint_as_if_nothing_had_happened(
    tmp_path: Path, remembered: batch.Memory, halves: tuple[batch.Block, batch.Block]
) -> None:
    extra = {"feeds": {"tcp-a": [1, 2.5, None]}, "settled_us": 1 << 60}
    checkpoint.save(checkpoint.copied(remembered), made_sea.job(), tmp_path, extra, 77)
    loaded = checkpoint.load(made_sea.job(), tmp_path)
    assert loaded is not None
    assert (loaded.extra, loaded.seq) == (extra, 77)
    assert said(loaded.memory, tmp_path / "a") == said(remembered, tmp_path / "b")
    alerts = alerts_after(loaded.memory, halves)
    assert alerts == alerts_after(remembered, halves)
    assert alerts


def test_a_copy_stays_as_it_is_while_the_watch_goes_on(
    tmp_path: Path, remembered: batch.Memory, halves: tuple[batch.Block, batch.Block]
) -> None:
    mine, before = checkpoint.copied(remembered), said(remembered, tmp_path / "before")
    copy = checkpoint.copied(mine)
    writer = threading.Thread(target=checkpoint.save, args=(copy, made_sea.job(), tmp_path, {}, 1))
    writer.start()
    batch.run(made_sea.job(), [[halves[1]]], mine)  # works on the arrays of `mine`
    for array in mine.tracks.tracks.values():
        array[:] = np.zeros(1, array.dtype)
    writer.join()
    loaded = checkpoint.load(made_sea.job(), tmp_path)
    assert loaded is not None
    assert said(loaded.memory, tmp_path / "after") == before


def test_three_are_kept(tmp_path: Path, remembered: batch.Memory) -> None:
    assert checkpoint.load(made_sea.job(), tmp_path / "none") is None
    assert checkpoint.needed_from(tmp_path) == 1
    (tmp_path / "000000000009.new").mkdir()  # of a killed process
    for seq in (5, 10, 10, 20, 30):
        checkpoint.save(remembered, made_sea.job(), tmp_path, {"seq": seq}, seq)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["000000000010", "000000000020", "000000000030"]
    assert checkpoint.needed_from(tmp_path) == 11


@pytest.mark.parametrize("how", ["byte", "cut", "gone", "manifest", "no manifest", "text", "moved"])
def test_a_damaged_checkpoint_is_passed_over_and_told(tmp_path: Path, remembered: batch.Memory, how: str) -> None:
    for seq in (1, 2):
        checkpoint.save(remembered, made_sea.job(), tmp_path, {}, seq)
    newest = tmp_path / "000000000002"
    path = newest / ("docket.json" if how in ("byte", "cut", "gone") else "checkpoint.json")
    content = bytearray(path.read_bytes())
    if how == "byte":
        content[len(content) // 2] ^= 1
    elif how == "cut":
        del content[-1:]
    elif how == "manifest":
        content = bytearray(json.dumps({"seq": 2, "extra": {}, "files": {"nothing": "00"}}).encode())
    elif how == "text":
        content = bytearray(b"[1, 2]")
    path.write_bytes(content)
    if how in ("gone", "no manifest"):
        path.unlink()
    if how == "moved":
        newest.rename(tmp_path / "000000000003")
    told: list[str] = []
    loaded = checkpoint.load(made_sea.job(), tmp_path, told)
    assert loaded is not None
    assert loaded.seq == 1
    assert len(told) == 1
    assert "passed over" in told[0]


def test_a_checkpoint_of_another_chart_is_passed_over(tmp_path: Path, remembered: batch.Memory) -> None:
    checkpoint.save(remembered, made_sea.job(), tmp_path, {}, 1)
    told: list[str] = []
    assert (
        checkpoint.load(made_sea.job()._replace(chart=chart.make(made_sea.sea().assets[:1], ())), tmp_path, told)
        is None
    )
    assert "other assets or zones" in told[0]


@pytest.mark.parametrize("what", ["fsync", "rename"])
def test_a_full_disk_leaves_the_last_one(
    tmp_path: Path, remembered: batch.Memory, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    checkpoint.save(remembered, made_sea.job(), tmp_path, {}, 1)

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, what, full)
        with pytest.raises(BadStore, match="No space left on device"):
            checkpoint.save(remembered, made_sea.job(), tmp_path, {}, 2)
    assert [p.name for p in tmp_path.iterdir()] == ["000000000001"]
    assert checkpoint.load(made_sea.job(), tmp_path) is not None


@pytest.mark.parametrize("step", range(6))
def test_killed_at_any_step_one_that_is_whole_is_left(tmp_path: Path, remembered: batch.Memory, step: int) -> None:
    """A process killed while it writes: what it leaves is tried by stopping it before each renaming and removal."""
    checkpoint.save(remembered, made_sea.job(), tmp_path, {}, 1)
    checkpoint.save(remembered, made_sea.job(), tmp_path, {}, 2)

    class Killed(BaseException):
        pass

    count = 0

    def counted(real: object) -> object:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal count
            count += 1
            if count > step:
                raise Killed
            return real(*args, **kwargs)  # type: ignore[operator]

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "rename", counted(os.rename))
        patch.setattr(Path, "rename", counted(Path.rename))
        patch.setattr(shutil, "rmtree", counted(shutil.rmtree))
        with contextlib.suppress(Killed):
            checkpoint.save(remembered, made_sea.job(), tmp_path, {}, 2)
    loaded = checkpoint.load(made_sea.job(), tmp_path)
    assert loaded is not None
    checkpoint.save(remembered, made_sea.job(), tmp_path, {}, 3)
    assert all(p.name.isdigit() for p in tmp_path.iterdir())
