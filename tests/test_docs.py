"""The documentation is true: its commands run, its detector works, and no command or option is left out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
import types
from collections.abc import Iterator
from pathlib import Path

import click
import polars as pl
import pytest
from click.testing import CliRunner

from anchorwatch import cli
from anchorwatch.detectors import Detector
from anchorwatch.trials import traffic
from anchorwatch.trials.layouts import nmea_log
from anchorwatch.trials.layouts import own as own_layout

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
CABLES = """{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"name": "Test Link", "kind": "power_cable", "geometry": "charted"},
  "geometry": {"type": "LineString", "coordinates": [[24.5, 60.1], [24.4, 59.8], [24.6, 59.4]]}},
 {"type": "Feature", "properties": {"name": "Test Line", "kind": "telecom_cable"},
  "geometry": {"type": "LineString", "coordinates": [[22.0, 59.0], [20.0, 58.2], [18.4, 57.9]]}}]}"""

NEWS = """The cable Estlink 2 between Finland and Estonia was damaged, Fingrid said. Repairs will take seven months.
Estonia's Navy will step up patrols in the Gulf of Finland after the damage to the Estlink 2 cable.
"""


def fences(page: Path, info: str) -> Iterator[str]:
    """Code blocks of a page with this info string, e.g. `sh runnable`."""
    yield from (m["code"] for m in FENCE.finditer(page.read_text()) if m["info"].strip() == info)


def runnable() -> list[tuple[Path, str]]:
    return [(page, "".join(fences(page, "sh runnable"))) for page in PAGES if any(fences(page, "sh runnable"))]


@pytest.fixture(scope="module")
def made() -> traffic.Traffic:
    return traffic.day(rows=8_000, vessels=40, hours=6.0, seed=11)


@pytest.fixture
def workplace(made: traffic.Traffic, tmp_path: Path) -> Path:
    """A folder with the files that the pages speak of, and `anchorwatch` on the path."""
    traffic.write(made, tmp_path / "traffic.csv")
    middle = made.positions["time_us"].median()
    for name, part in (("day1", pl.col("time_us") < middle), ("day2", pl.col("time_us") >= middle)):
        traffic.write(made._replace(positions=made.positions.filter(part)), tmp_path / f"{name}.csv")
    few = made._replace(positions=made.positions.head(1500))
    (tmp_path / "log.nmea").write_text("\n".join(nmea_log.lines(few)) + "\n")
    pl.concat(own_layout.frames(few)).write_csv(tmp_path / "own.csv")
    (tmp_path / "cables.geojson").write_text(CABLES)
    (tmp_path / "news.txt").write_text(NEWS)
    command = tmp_path / "bin" / "anchorwatch"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -W error -m anchorwatch "$@"\n')
    command.chmod(0o755)
    return tmp_path


def run_line(line: str, workplace: Path) -> tuple[int, str]:
    """Run one line as a reader would; ours within this process, which saves the start of another."""
    words = shlex.split(line)
    if words[0] == "anchorwatch" and not {"|", "<", ">", "&&"} & set(words):
        run = CliRunner().invoke(cli.root, words[1:])
        return run.exit_code, run.output + (repr(run.exception) if run.exception else "")
    path = os.pathsep.join([str(workplace / "bin"), os.environ["PATH"]])
    sources = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": sources}
    shell = subprocess.run(
        ["sh", "-ec", line], cwd=workplace, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    return shell.returncode, shell.stdout + shell.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("page", "commands"), runnable(), ids=lambda x: x.stem if isinstance(x, Path) else "")
def test_the_commands_of_a_page_run(
    page: Path, commands: str, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workplace)
    for line in commands.splitlines():
        code, said = run_line(line, workplace)
        assert code == 0, f"{page.name}: {line}\n{said[-3000:]}"
        for written in re.findall(r"--(?:out|findings|report|rejects) (\S+\.\w+)", line):
            assert (workplace / written).exists(), f"{page.name}: {line}: no {written}"


def options(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """Yield (command, option) of a command and its sub-commands; option is "" for the command itself."""
    yield name, ""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield name, max(parameter.opts, key=len)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            assert found is not None
            yield from options(found, f"{name} {sub}")


def test_every_command_and_option_is_in_the_docs() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    missing = []
    for name, option in options(cli.root, "anchorwatch"):
        if option in ("--help", "--version"):
            continue
        if option and not re.search(rf"{option}\b", text):
            missing.append(f"{name} {option}")
        # `anchorwatch chart import|list|show` counts for each
        if not option and not re.search(rf"anchorwatch {name.removeprefix('anchorwatch').strip()}\b", text):
            missing.append(name)
    assert not missing, "not in README.md or docs/: " + ", ".join(missing)


def test_every_command_of_the_list_exists() -> None:
    context = click.Context(cli.root)
    for name in cli.root.list_commands(context):
        assert cli.root.get_command(context, name) is not None, name


def test_every_detector_is_in_the_docs() -> None:
    from anchorwatch.detectors import discover

    text = (ROOT / "docs" / "judgement.md").read_text()
    assert [name for name in discover() if f"`{name}`" not in text] == []


def test_the_pages_stay_short_and_their_links_lead_somewhere() -> None:
    assert (ROOT / "README.md").read_text().count("\n") <= 120
    for page in PAGES:
        text = re.sub(r"<!--.*?-->", "", page.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_page_is_in_the_list_of_pages() -> None:
    listed = (ROOT / "docs" / "README.md").read_text()
    assert [p.name for p in (ROOT / "docs").glob("*.md") if p.name != "README.md" and p.name not in listed] == []


def example() -> tuple[Detector, list[dict[str, object]]]:
    """The detector of docs/detector.md and its cases."""
    page = ROOT / "docs" / "detector.md"
    module = types.ModuleType("late_crossing")
    sys.modules[module.__name__] = module
    exec("".join(fences(page, "python late_crossing")), module.__dict__)
    return module.DETECTOR, tomllib.loads("".join(fences(page, "toml late_crossing")))["case"]


def test_the_example_detector_fires_and_stays_silent_as_the_page_says() -> None:
    from test_scenarios import DETECTORS
    from test_scenarios import test_scenario as holds

    detector, cases = example()
    assert {case["fires"] for case in cases} == {True, False}
    DETECTORS[detector.name] = detector
    try:
        for case in cases:
            holds(detector.name, case)
    finally:
        del DETECTORS[detector.name]
