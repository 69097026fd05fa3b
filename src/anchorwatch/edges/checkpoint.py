"""Checkpoints of a watch: its whole memory and how far it was in the raw log. Three are kept.

    FOLDER/<number of the last piece in it>/{the files of edges.memory, checkpoint.json}

`checkpoint.json` is written last and holds a hash of every other file: a checkpoint is whole, or it is passed over.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from anchorwatch.edges import memory as remembered
from anchorwatch.edges.raw_folder import folder_to_disk
from anchorwatch.engine import batch
from anchorwatch.errors import AnchorwatchError, BadMemory, BadStore

KEPT = 3
MANIFEST = "checkpoint.json"


class Loaded(NamedTuple):
    """What a checkpoint held."""

    memory: batch.Memory
    extra: dict[str, Any]
    seq: int  # number of the last piece of the raw log that is in the memory
    forgotten: list[str]  # detectors whose rules or memory are others now: theirs begins anew


def copied(memory: batch.Memory) -> batch.Memory:
    """Return a copy that stays as it is while the watch goes on, to be saved in another thread.

    Arrays are copied as far as they are used. Frames, findings and alerts are never changed in place, and are shared.
    """
    picture = memory.tracks.picture
    vessels, tracks = int(picture.sizes[0]), int(picture.sizes[1])
    used = picture._replace(
        vessels=picture.vessels[:vessels].copy(), tracks=picture.tracks[:tracks].copy(),
        sizes=picture.sizes.copy(), places=picture.places.copy(), held=picture.held.copy(),
    )  # fmt: skip
    singles = {name: array[:tracks].copy() for name, array in memory.tracks.tracks.items()}
    return replace(
        memory,
        tracks=memory.tracks._replace(picture=used, tracks=singles),
        areas=copy.deepcopy(memory.areas),
        waiting=copy.deepcopy(memory.waiting),
        coverage=copy.deepcopy(memory.coverage),
        silences=memory.silences.copy(),
        docket=memory.docket.copy(),
        pending=list(memory.pending),
    )


def save(memory: batch.Memory, job: batch.Job, folder: Path, extra: dict[str, Any], seq: int) -> None:
    """Write a checkpoint, whole or not at all, and forget all but the newest three; raises BadStore.

    `extra` is anything that JSON can say; `seq` is the number of the last piece of the raw log in the memory.
    """
    place = folder / f"{seq:012}"
    fresh, old = place.with_suffix(".new"), place.with_suffix(".old")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _tidy(folder)
        remembered.save(memory, job, fresh)
        _seal(fresh, {"seq": seq, "extra": extra})
        if place.exists():
            place.rename(old)
        fresh.rename(place)
        folder_to_disk(folder)
        # those numbered beyond this one were passed over, but may fit another chart
        for gone in [old, *[p for p in _all(folder) if int(p.name) <= seq][KEPT:]]:
            shutil.rmtree(gone, ignore_errors=True)
    except (OSError, pl.exceptions.PolarsError, BadMemory) as error:
        _tidy(folder)
        why = getattr(error, "strerror", None) or getattr(error, "what", None) or str(error).split("\n", 1)[0]
        raise BadStore(f"the checkpoint cannot be written ({why})", str(folder), "Free the disk") from None


def _seal(folder: Path, said: dict[str, Any]) -> None:
    """Write the file that makes a checkpoint whole."""
    text = json.dumps({**said, "files": {p.name: _hash(p) for p in sorted(folder.iterdir())}})
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    folder_to_disk(folder)


def _tidy(folder: Path) -> None:
    """Remove what a killed process left half done."""
    for path in folder.glob("*"):
        if path.is_dir() and path.name.partition(".")[0].isdigit() and path.suffix in (".new", ".old"):
            shutil.rmtree(path, ignore_errors=True)


def needed_from(folder: Path) -> int:
    """Return the first piece of the raw log that is needed beside the oldest checkpoint kept; 1 where there is none."""
    return min((int(p.name) + 1 for p in _all(folder)), default=1)


def load(job: batch.Job, folder: Path, passed_over: list[str] | None = None) -> Loaded | None:
    """Return the newest checkpoint that is whole and fits; None where there is none.

    `passed_over` is given one line for each newer one that could not be used.
    """
    for place in _all(folder):
        try:
            text = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
            for name, digest in text["files"].items():
                if _hash(place / name) != digest:
                    raise ValueError(f"{name} is damaged")
            if int(text["seq"]) != int(place.name):
                raise ValueError("it is in the wrong place")
            return Loaded(
                remembered.load(job, place), text["extra"], int(text["seq"]), remembered.forgotten(job, place)
            )
        except (AnchorwatchError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            if passed_over is not None:
                passed_over.append(f"checkpoint {place} passed over: {error}")
    return None


def _all(folder: Path) -> list[Path]:
    """Return the finished checkpoints, the newest first."""
    return sorted((p for p in folder.glob("*") if p.name.isdigit() and p.is_dir()), reverse=True)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
