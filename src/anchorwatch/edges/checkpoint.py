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
from pathlib import Path
from typing import Any, NamedTuple

from anchorwatch.edges import memory as remembered
from anchorwatch.engine import batch
from anchorwatch.errors import AnchorwatchError, BadStore

KEPT = 3
MANIFEST = "checkpoint.json"


class Loaded(NamedTuple):
    """What a checkpoint held."""

    memory: batch.Memory
    extra: dict[str, Any]
    seq: int  # number of the last piece of the raw log that is in the memory


def copied(memory: batch.Memory) -> batch.Memory:
    """Return a copy that stays as it is while the watch goes on, to be saved in another thread."""
    return copy.deepcopy(memory)


def save(memory: batch.Memory, job: batch.Job, folder: Path, extra: dict[str, Any], seq: int) -> None:
    """Write a checkpoint, whole or not at all, and forget all but the newest three; raises BadStore."""
    fresh = folder / f"{seq:012}.new"
    place = folder / f"{seq:012}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)
        remembered.save(memory, job, fresh)
        hashes = {p.name: _hash(p) for p in sorted(fresh.iterdir())}
        text = json.dumps({"seq": seq, "extra": extra, "files": hashes})
        with (fresh / MANIFEST).open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        shutil.rmtree(place, ignore_errors=True)
        fresh.rename(place)
        for old in _all(folder)[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise _bad(error.strerror or str(error), folder) from None
    except AnchorwatchError as error:
        raise _bad(error.what, folder) from None


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
            return Loaded(remembered.load(job, place), text["extra"], int(text["seq"]))
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


def _bad(why: str, folder: Path) -> BadStore:
    return BadStore(f"the checkpoint cannot be written ({why})", str(folder), "Free the disk")
