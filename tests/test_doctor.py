from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from anchorwatch.cli import doctor


def test_it_names_every_part_and_ends_well_or_says_the_next_step() -> None:
    run = CliRunner().invoke(doctor.command, ["--json"])
    found = {c["name"]: c for c in json.loads(run.stdout)}
    assert {"python", "machine", "compiler", "catalogue", "drivers", *doctor.LIBRARIES} <= set(found)
    assert run.exit_code == (0 if all(c["right"] for c in found.values()) else 2)


def test_what_fails_is_reported_with_a_next_step_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> doctor.Check:
        raise OSError("no such driver")

    monkeypatch.setattr(doctor, "_drivers", broken)
    run = CliRunner().invoke(doctor.command, [])
    assert run.exit_code == 2
    assert "NO  drivers" in run.output
    assert "next step" in run.output
    assert "Traceback" not in run.output


def test_the_libraries_are_those_the_package_declares() -> None:
    import tomllib
    from pathlib import Path

    declared = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]["dependencies"]
    assert sorted(d.split(">")[0] for d in declared) == sorted(doctor.LIBRARIES)
