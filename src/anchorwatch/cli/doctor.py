"""`anchorwatch doctor`: what this machine has, what is missing, and the next step."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import click

from anchorwatch import __version__

LIBRARIES = (
    "aiomqtt", "apprise", "argon2-cffi", "click", "dateparser", "fastapi", "feedparser", "httpx", "icalendar",
    "jellyfish", "numba", "numpy", "polars", "prometheus-client", "py3langid", "pyais", "pyogrio", "pyproj",
    "pyserial", "pytak", "rapidfuzz", "shapely", "sqlalchemy", "typst", "uvicorn", "websockets", "zstandard",
)  # fmt: skip
DRIVERS = ("GeoJSON", "GPKG", "ESRI Shapefile", "KML", "S57")  # what `--assets` promises to read
MEMORY_GB = 3.0  # a scan of a day of a sea takes up to 2.5


class Check(NamedTuple):
    """One thing looked at. `next_step` says what to do where it is not right."""

    name: str
    right: bool
    value: str
    next_step: str = ""


def _python() -> Check:
    right = (3, 11) <= sys.version_info[:2] <= (3, 14)
    said = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Check("python", right, said, "Use Python 3.11 to 3.14")


def _libraries() -> Iterator[Check]:
    for name in LIBRARIES:
        try:
            yield Check(name, True, version(name))
        except PackageNotFoundError:
            yield Check(name, False, "missing", "Run `make demo` or `pip install anchorwatch` again")


def _machine() -> Check:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory_gb = _memory_gb()
    said = f"{cores} cores, " + (f"{memory_gb:.1f} GB of memory" if memory_gb else "memory not known")
    right = memory_gb is None or memory_gb >= MEMORY_GB
    return Check(
        "machine", right, said, f"Large files need {MEMORY_GB:g} GB; use `--jobs 1`, or scan day by day with `--memory`"
    )


def _memory_gb() -> float | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (AttributeError, OSError, ValueError):
        return None


def _compiling() -> Check:
    """Compile a small function, as every command does at its first run."""
    import numba

    from anchorwatch.edges import compile_cache

    compile_cache.ensure_writable()
    doubled = numba.njit(cache=False)(lambda x: 2 * x)
    place = os.environ.get(compile_cache.VARIABLE, "beside the package or below the home folder")
    return Check("compiler", doubled(21) == 42, f"works; compiled code is kept {place}", "Install numba again")


def _catalogue() -> Check:
    from anchorwatch.edges import chart_files

    assets = chart_files.load(None).assets
    lines = sum(bool(a.lines) for a in assets)
    return Check(
        "catalogue", lines > 0, f"{len(assets)} assets, {lines} cables and pipelines", "Install anchorwatch again"
    )


def _coast() -> Check:
    found = [p for p in (Path(__file__).parents[1] / "chart").rglob("*") if "coast" in p.name and p.suffix != ".py"]
    return Check(
        "coast", bool(found), ", ".join(sorted(p.name for p in found)) or "missing", "Install anchorwatch again"
    )


def _drivers() -> Check:
    import pyogrio

    missing = [name for name in DRIVERS if name not in pyogrio.list_drivers(read=True)]
    said = f"GDAL {'.'.join(map(str, pyogrio.__gdal_version__))}, reads " + ", ".join(
        d for d in DRIVERS if d not in missing
    )
    return Check(
        "drivers", not missing, said, f"This GDAL cannot read {', '.join(missing)}: convert such files to GeoJSON"
    )


def _looked(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Exception as error:  # the one place: a doctor reports what fails, whatever it is
        return Check(name, False, f"{type(error).__name__}: {error}", "Run `make clean` and set up again")


def _watch_list(path: str) -> Check:
    from anchorwatch.edges import watch_lists
    from anchorwatch.errors import BadInput

    try:
        (said,) = watch_lists.summary(watch_lists.load([path]))
    except BadInput as error:
        return Check("watch list", False, f"{path}: {error.what}", error.next_step)
    return Check("watch list", True, said)


def checks(watch_lists: tuple[str, ...] = (), data: Path | None = None) -> list[Check]:
    """Look at everything; data: the folder of the watch, None = the usual one."""
    from anchorwatch.cli import data_folder, doctor_watch

    data = data_folder.usual() if data is None else data
    rest: tuple[tuple[str, Callable[[], Check]], ...] = (
        ("machine", _machine),
        ("compiler", _compiling),
        ("catalogue", _catalogue),
        ("coast", _coast),
        ("drivers", _drivers),
        ("live parts", doctor_watch.parts),
        ("port", doctor_watch.port),
        ("data folder", partial(doctor_watch.folder, data)),
        ("clock", partial(doctor_watch.clock, data)),
        *(("watch list", partial(_watch_list, path)) for path in watch_lists),
    )
    return [Check("anchorwatch", True, __version__), _python(), *_libraries(), *(_looked(n, look) for n, look in rest)]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option("--watch-list", "watch_lists", multiple=True, metavar="FILE", help="Also read this list of vessels.")
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="As given to `anchorwatch watch`.")
def command(as_json: bool, watch_lists: tuple[str, ...], data: Path | None) -> None:
    """Check that this machine has what the watch needs. Exit code 2 if something is missing."""
    found = checks(watch_lists, data)
    if as_json:
        click.echo(json.dumps([c._asdict() for c in found], ensure_ascii=False))
    else:
        for check in found:
            click.echo(f"{'ok ' if check.right else 'NO '} {check.name:<17} {check.value}")
            if not check.right:
                click.echo(f"    {'':<17} next step: {check.next_step}.")
    if not all(check.right for check in found):
        raise click.exceptions.Exit(2)
    if not as_json:
        click.echo("All is well. Try `anchorwatch demo`.")
