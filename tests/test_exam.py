"""The watch sits its examination: threats and innocents injected into real days it was not tuned on."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import exam


@pytest.mark.slow
def test_the_bars_of_the_exam_hold(shared: Path) -> None:
    figures = exam.measure(sets=1)
    assert len(figures) == 4
    missed = [f"{figure.what}: {figure.measured} ({figure.bar})" for figure in figures if not figure.holds]
    # One set holds few of each class: the class found worst may miss its bar by chance, the others may not.
    assert [m for m in missed if "found worst" not in m] == []
