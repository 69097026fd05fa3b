"""The watch sits its examination: threats and innocents injected into real days, with a seed it was not tuned on."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.injections import run
from benchmarks.injections.make import REPORT_SEEDS

# One set holds some 90 threats: its recall has a standard error of 0.03, that of a class 0.1. The bars themselves
# (0.9 of all, 0.6 of each class) are measured over many sets by `make bench`.
ALL_LEAST, CLASS_LEAST = 0.84, 0.5


@pytest.mark.slow
def test_threats_are_found_and_innocents_left_alone(shared: Path, tmp_path: Path) -> None:
    exam = run.evaluate_by_kind(REPORT_SEEDS[:1], tmp_path, shared, ["minute"])["all"]
    assert exam.share("all") >= ALL_LEAST
    assert {row["class"] for row in exam.figures["threats"] if row["share"] < CLASS_LEAST} == set()
    assert exam.share("all", "hard_negatives") <= 0.15


@pytest.mark.slow
def test_the_real_days_stay_within_the_alert_budget(shared: Path, tmp_path: Path) -> None:
    false = run.evaluate_plain(tmp_path, shared).figures["false_warnings"]
    assert false["vessel_hours"] > 400
    assert false["per_1000_vessel_hours"] <= 5
