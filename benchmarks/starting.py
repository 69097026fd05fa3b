"""How soon the package answers."""

from __future__ import annotations

from statistics import median

from benchmarks.children import python, run
from benchmarks.table import Figure


def measure(runs: int = 7) -> list[Figure]:
    """Time an import and `--help`, each in a fresh process."""
    bare = median(run(python("-c", "pass")).seconds for _ in range(runs))
    imported = median(run(python("-c", "import anchorwatch")).seconds for _ in range(runs)) - bare
    helped = median(run(python("-m", "anchorwatch", "--help")).seconds for _ in range(runs))
    polars = median(run(python("-c", "import polars")).seconds for _ in range(3)) - bare
    return [
        Figure(
            "import anchorwatch",
            f"{imported * 1000:.0f} ms",
            "under 300 ms",
            imported < 0.3,
            f"import polars {polars * 1000:.0f} ms",
        ),
        Figure(
            "anchorwatch --help",
            f"{helped * 1000:.0f} ms",
            "under 500 ms",
            helped < 0.5,
            f"python alone {bare * 1000:.0f} ms",
        ),
    ]
