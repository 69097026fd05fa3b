"""The memory of a watch on disk: one folder, written whole or not at all, continued by the next run.

Arrow files for the columns, one JSON file for what judgement remembers, and a manifest with the version,
the rules and the chart it belongs to. If a detector's layout or thresholds changed, only its own memory is forgotten.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from anchorwatch.chart import Chart, rules
from anchorwatch.edges.alerts import from_json, to_json
from anchorwatch.engine import batch, scan, streams, tables
from anchorwatch.errors import BadMemory
from anchorwatch.judgement.judge import Docket
from anchorwatch.model import Finding
from anchorwatch.picture import coverage, state, suspicion
from anchorwatch.picture.statements import SPOKE

VERSION = 3
SAID = tuple(field.name for field in fields(Finding))
START_ANEW = "Delete the folder to start anew, or name another"


def save(memory: batch.Memory, job: batch.Job, folder: Path) -> None:
    """Write the memory beside the old one and put it in its place."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(parents=True)
        _write(memory, job, fresh)
        old = folder.with_name(f"{folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise BadMemory(
            f"the memory cannot be written ({error.strerror})", str(folder), "Name another folder"
        ) from None


def load(job: batch.Job, folder: Path) -> batch.Memory:
    """Read the memory of an earlier run; a folder that does not exist is a new watch."""
    if not folder.exists():
        old = folder.with_name(f"{folder.name}.old")
        if not old.exists():
            return batch.start(job)
        old.rename(folder)  # a crash between two renames left the older whole copy
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["version"] != VERSION:
            raise BadMemory(f"it was written by version {manifest['version']}", str(folder), START_ANEW)
        if manifest["chart"] != chart_hash(job.chart):
            raise BadMemory("it was made with other assets or zones", str(folder), START_ANEW)
        return _read(job, folder, manifest)
    except (OSError, LookupError, ValueError, TypeError, AttributeError, pl.exceptions.PolarsError) as error:
        raise BadMemory(f"this is not a memory folder, or it is damaged ({error})", str(folder), START_ANEW) from None


def chart_hash(chart: Chart) -> str:
    """Hash of what the numbers of assets and of ruled zones in memory mean."""
    digest = hashlib.sha256()
    for asset in chart.assets:
        digest.update(f"{asset.id} {asset.error_m}".encode())
        for line in asset.lines:
            digest.update(line.tobytes())
    for zone in chart.ruled:  # their numbers are remembered too
        digest.update(f"{zone.id} {sorted(rules.said_of(zone).items())!r}".encode())
    return digest.hexdigest()


def _rules(job: batch.Job) -> dict[str, str]:
    """What each detector's memory depends on: its thresholds and its layout; suspicion, on who may suspect."""
    rules = {name: f"{d.params!r} {d.memory.descr!r}" for name, d in job.detectors.items()}
    return rules | {suspicion.KEY: f"{list(job.detectors)} {suspicion.SUSPICION.descr!r}"}


def forgotten(job: batch.Job, folder: Path) -> list[str]:
    """Name the detectors of which a folder has no memory that can be used, though they keep one."""
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["rules"]
    first = {name for name, d in job.detectors.items() if d.step is not None} | {suspicion.KEY}
    return [name for name, rule in _rules(job).items() if said.get(name, rule if name not in first else "") != rule]


def _write(memory: batch.Memory, job: batch.Job, folder: Path) -> None:
    picture = memory.tracks.picture
    frames = {
        "vessels": tables.to_frame(picture.vessels[: int(picture.sizes[0])]),
        "tracks": tables.to_frame(picture.tracks[: int(picture.sizes[1])]),
        "held": tables.to_frame(picture.held),
        "sightings": memory.sightings,
        "silences": tables.to_frame(memory.silences),
        "coverage": pl.DataFrame(
            {**{f"k{i}": memory.coverage.keys[:, i] for i in range(3)}, "vessels": memory.coverage.vessels}
        ),
        **{f"detector.{n}": tables.to_frame(a[: int(picture.sizes[1])]) for n, a in memory.tracks.tracks.items()},
        **{f"area.{n}": tables.to_frame(a) for n, a in memory.areas.items()},
        **_waiting_frames(memory.waiting or streams.start(job.detectors)),
    }
    for name, frame in frames.items():
        path = folder / f"{name}.arrow"
        frame.write_ipc(path, compression="zstd")
        _to_disk(path)
    _write_docket(memory, folder / "docket.json")
    manifest = {
        "version": VERSION,
        "settled_us": int(picture.sizes[2]),
        "chart": chart_hash(job.chart),
        "rules": {n: rule for n, rule in _rules(job).items() if n in memory.tracks.tracks or n in memory.areas},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    _to_disk(folder / "docket.json")
    _to_disk(folder / "manifest.json")


def _write_docket(memory: batch.Memory, path: Path) -> None:
    """Write what judgement remembers, a record at a time: a watch goes on meanwhile, and waits for none of it long."""
    docket = memory.docket
    facts = {  # a finding holds nothing that JSON does not know: no copy is needed
        "areas": docket.areas.values(),
        "crossings": chain.from_iterable(docket.crossings.values()),
        "doings": chain.from_iterable(docket.doings.values()),
        "approaching": docket.approaching.values(),
        "pending": memory.pending,
    }
    with path.open("w", encoding="utf-8") as file:
        file.write('{"alerts": [' + ", ".join(json.dumps(to_json(a)) for a in docket.alerts.values()))
        file.write('], "behind": {' + ", ".join(f"{json.dumps(k)}: {_said(f)}" for k, f in docket.behind.items()) + "}")
        for name, those in facts.items():
            file.write(f', "{name}": [' + ", ".join(map(_said, those)) + "]")
        file.write("}")


def _said(finding: Finding) -> str:
    return json.dumps({name: getattr(finding, name) for name in SAID})


def _waiting_frames(waiting: streams.Raw) -> dict[str, pl.DataFrame]:
    return {
        **{f"waiting.{n}": tables.to_frame(a) for n, a in waiting.marked.items()},
        "waiting-notes": pl.DataFrame({f"k{i}": waiting.notes[:, i] for i in range(3)}),
        "waiting-reports": waiting.reports,
        "waiting-spoke": tables.to_frame(waiting.spoke),
    }


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _read(job: batch.Job, folder: Path, manifest: dict[str, Any]) -> batch.Memory:
    def array(name: str, dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
        return tables.to_array(pl.read_ipc(folder / f"{name}.arrow"), dtype)

    vessels, tracks = array("vessels", state.VESSEL), array("tracks", state.TRACK)
    sizes = np.array([len(vessels), len(tracks), manifest["settled_us"]], np.int64)
    index = state.reindex(vessels, len(vessels))
    picture = state.Picture(vessels, tracks, sizes, index, array("held", state.EVENT))
    same = {name for name, rule in _rules(job).items() if manifest["rules"].get(name) == rule}
    singles = {
        name: array(f"detector.{name}", d.memory) if name in same else np.zeros(len(tracks), d.memory)
        for name, d in job.detectors.items()
        if d.step is not None
    }
    known = suspicion.KEY in same
    nobody = np.zeros(len(tracks), suspicion.SUSPICION)
    singles[suspicion.KEY] = array(f"detector.{suspicion.KEY}", suspicion.SUSPICION) if known else nobody
    areas = {n: array(f"area.{n}", d.memory) for n, d in job.detectors.items() if d.scan is not None and n in same}
    empty = streams.start(job.detectors)
    waiting = streams.Raw(
        {n: array(f"waiting.{n}", a.dtype) if n in same else a for n, a in empty.marked.items()},
        np.ascontiguousarray(pl.read_ipc(folder / "waiting-notes.arrow").to_numpy()).reshape(-1, 3),
        pl.read_ipc(folder / "waiting-reports.arrow"),
        array("waiting-spoke", SPOKE),
    )
    notes = pl.read_ipc(folder / "coverage.arrow")
    keys = np.ascontiguousarray(notes.select("k0", "k1", "k2").to_numpy()).reshape(-1, 3)
    return batch.Memory(
        tracks=scan.Memory(picture, singles),
        areas=areas,
        waiting=waiting,
        coverage=coverage.Coverage(keys, notes["vessels"].to_numpy().copy()),
        silences=array("silences", coverage.SILENCE),
        sightings=pl.read_ipc(folder / "sightings.arrow"),
        **_docket(json.loads((folder / "docket.json").read_text(encoding="utf-8"))),
    )


def _docket(text: dict[str, Any]) -> dict[str, Any]:
    """What judgement remembers, from JSON."""
    by_track: dict[str, dict[int, list[Finding]]] = {"crossings": {}, "doings": {}}
    for name, tracks in by_track.items():
        for fact in text[name]:
            tracks.setdefault(fact["track"], []).append(Finding(**fact))
    docket = Docket(
        {record["id"]: from_json(record) for record in text["alerts"]},
        {key: Finding(**f) for key, f in text["behind"].items()},
        {f["id"]: Finding(**f) for f in text["areas"]},
        by_track["crossings"],
        by_track["doings"],
        {f["track"]: Finding(**f) for f in text["approaching"]},
    )
    return {"docket": docket, "pending": [Finding(**f) for f in text["pending"]]}
