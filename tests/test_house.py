"""The house rules that a machine can check (CONTRIBUTING.md says why)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "anchorwatch"
MODULES = sorted(SOURCE.rglob("*.py"))
CODE = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]

# The floors of the house: a module imports from its own folder and from the floors below it.
# engine.scan, engine.lift and engine.streams are pure and lie under the rest of the engine, which works with the edges.
BASE = frozenset({"", "schema", "model", "errors", "config"})
PURE = frozenset({"decode", "chart", "picture", "detectors", "judgement", "response", "desk"})
SCAN = frozenset({"engine.scan", "engine.lift", "engine.streams"})
OUTER = frozenset({"engine", "edges"})
TOP = frozenset({"trials", "watch", "console", "cli", "__main__"})

# On the pure floor, who may look at which neighbour. Detectors look at nobody: geometry comes to them as columns.
NEIGHBOURS = {
    "picture": {"chart"},
    "judgement": {"chart", "detectors", "picture"},
    "response": {"chart"},
    "desk": {"chart"},
}

IMPURE_MODULES = {"asyncio", "socket", "sqlite3", "logging", "random"}
IMPURE_CALLS = {"now", "utcnow", "today"}
MAX_FILE_LINES, MAX_FUNCTION_LINES = 400, 50


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    """All of a file's syntax, read once for all rules."""
    return list(ast.walk(ast.parse(path.read_text())))


def floor_of(module: str) -> str:
    """The part of the house that `a.b.c` (below anchorwatch) belongs to."""
    for name in SCAN:
        if module == name or module.startswith(name + "."):
            return name
    return module.split(".")[0]


def may_import(floor: str) -> frozenset[str]:
    """The parts that a part may import, beside itself."""
    if floor in BASE:
        return BASE
    if floor in PURE:
        return BASE | NEIGHBOURS.get(floor, frozenset())
    if floor in SCAN:
        return BASE | PURE | SCAN
    below = BASE | PURE | SCAN | OUTER
    return below if floor in OUTER else below | TOP


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of everything a file imports; `from a import b` as a.b."""
    package = ["anchorwatch", *path.relative_to(SOURCE).parts[:-1]]
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield from (
                (node.lineno, ".".join([*base, *([node.module] if node.module else []), n.name])) for n in node.names
            )


@cache
def own_module(name: str) -> str | None:
    """The module of ours that a dotted name means, without anchorwatch; None for others' modules."""
    if name.split(".")[0] != "anchorwatch":
        return None
    inside = name.removeprefix("anchorwatch").removeprefix(".")
    while inside and not (
        SOURCE.joinpath(*inside.split(".")).is_dir() or SOURCE.joinpath(*inside.split(".")).with_suffix(".py").is_file()
    ):
        inside = inside.rpartition(".")[0]
    return inside


def shown(paths: list[str]) -> str:
    return "\n" + "\n".join(paths)


def test_imports_go_down_the_house() -> None:
    wrong = []
    for path in MODULES:
        floor = floor_of(module_name(path))
        for line, name in imports(path):
            target = own_module(name)
            if target is not None and floor_of(target) not in may_import(floor) | {floor}:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {floor or 'anchorwatch'} imports {name}")
    assert not wrong, shown(wrong)


def is_pure(path: Path) -> bool:
    floor = floor_of(module_name(path))
    return floor in PURE or floor in BASE or floor in SCAN


def test_the_pure_part_has_no_clock_no_socket_no_chance() -> None:
    wrong = []
    for path in filter(is_pure, MODULES):
        for line, name in imports(path):
            if name.split(".")[0] in IMPURE_MODULES or name.startswith("numpy.random"):
                wrong.append(f"{path.relative_to(ROOT)}:{line}: imports {name}")
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in IMPURE_CALLS:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: calls {node.func.attr}()")
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "np"
                and node.attr == "random"
            ):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: np.random")
    assert not wrong, shown(wrong)


def test_the_pure_part_opens_no_files() -> None:
    """Package data, read by chart and detectors, is the one exception; files are opened in edges."""
    wrong = []
    for path in filter(is_pure, MODULES):
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: open()")
            if isinstance(node, ast.Attribute) and node.attr in {"write_text", "write_bytes", "mkdir", "unlink"}:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.attr}")
    assert not wrong, shown(wrong)


def test_files_and_functions_stay_small() -> None:
    wrong = []
    for path in CODE:
        text = path.read_text()
        lines = text.count("\n")
        if lines > MAX_FILE_LINES:
            wrong.append(f"{path.relative_to(ROOT)}: {lines} lines, at most {MAX_FILE_LINES}")
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    wrong.append(f"{where}: {node.name} has {length} lines, at most {MAX_FUNCTION_LINES}")
    assert not wrong, shown(wrong)


PAGE_FILES = sorted(p for kind in ("ts", "tsx", "css") for p in (ROOT / "page" / "src").rglob(f"*.{kind}"))
MAX_PAGE_LINES = 300


def test_files_of_the_page_stay_small() -> None:
    long = {p.relative_to(ROOT): p.read_text().count("\n") for p in PAGE_FILES if p.name != "schema.d.ts"}
    wrong = [
        f"{path}: {lines} lines, at most {MAX_PAGE_LINES}" for path, lines in long.items() if lines > MAX_PAGE_LINES
    ]
    assert long and not wrong, shown(wrong)


FORBIDDEN_NAMES = {"manager", "util", "utils", "helper", "helpers", "common", "misc"}


def test_no_file_is_named_for_nothing() -> None:
    wrong = [str(p.relative_to(ROOT)) for p in [*CODE, *PAGE_FILES] if FORBIDDEN_NAMES & set(p.stem.lower().split("_"))]
    assert not wrong, shown(wrong)


HEAVY = ("numba", "polars", "pyogrio", "shapely", "pyproj", "numpy", "pyais")


@pytest.mark.parametrize(
    "what",
    [
        "import anchorwatch",
        "import sys; sys.argv = ['anchorwatch', '--help']; import anchorwatch.cli; anchorwatch.cli.main()",
    ],
)
def test_starting_is_light(what: str) -> None:
    """`import anchorwatch` and `--help` load no heavy library, so that they answer at once (timed in `make bench`)."""
    report = f"atexit.register(lambda: print('LOADED', *sorted(set(sys.modules) & set({HEAVY!r}))))"
    code = f"import atexit, sys\n{report}\n{what}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "LOADED"


def test_the_repository_names_no_host_of_a_registry_and_no_path_of_a_machine() -> None:
    """Locks install from whatever index the user's pip is set to."""
    wrong = []
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        for number, line in enumerate(lock.read_text().splitlines(), 1):
            if "://" in line or line.startswith(("-i", "--index", "--extra-index", "--find-links", "/", "file:")):
                wrong.append(f"{lock.relative_to(ROOT)}:{number}: {line}")
    assert not wrong, shown(wrong)
    assert "--hash=sha256:" in (ROOT / "requirements" / "runtime.txt").read_text()
