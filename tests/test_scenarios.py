"""Every detector fires on the cases that it must, and is silent on those that it must not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from anchorwatch.detectors import Detector, discover
from anchorwatch.engine import lift
from anchorwatch.model import Finding
from scenario_rows import SCENARIOS, cases, rows_of, stream_of, told_of

DETECTORS = discover()
CASES = [(d, case) for d in DETECTORS for case in cases(SCENARIOS / f"{d}.toml")]


def findings(detector: Detector, case: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Run a detector of either form over a case, from an empty memory."""
    if detector.scan is None:
        rows = rows_of(case)
        return lift.run(detector, rows, np.zeros(int(rows.key.max(initial=-1)) + 1, detector.memory))
    found, _ = detector.scan(stream_of(detector, told_of(case)), np.zeros(0, detector.memory), detector.params)
    return found


def object_of(detector: Detector, record: np.void) -> Finding:
    """Make the object that explain and weigh are given."""
    common = {name: record[name].item() for name, *_ in detector.found.descr if name not in detector.measures}
    return Finding(
        **common | {"open": bool(record["open"]), "asset": "cable-1" if record["asset"] >= 0 else None},
        id="f1",
        detector=detector.name,
        values={m: float(record[m]) for m in detector.measures},
    )


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{d}: {c['name']}" for d, c in CASES])
def test_scenario(name: str, case: dict[str, Any]) -> None:
    detector = DETECTORS[name]
    found = findings(detector, case)
    if not case["fires"]:
        assert len(found) == 0
        return
    assert len(found) > 0
    for record in found:
        assert record["start_us"] <= record["end_us"] <= record["at_us"]
        assert record["start_us"] <= record["raised_us"] <= record["at_us"]
    for measure, (low, high) in case.get("expect", {}).items():
        assert low <= found[-1][measure] <= high, measure


@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_every_detector_has_both_kinds_of_case(name: str) -> None:
    fires = [case["fires"] for n, case in CASES if n == name]
    assert True in fires
    assert False in fires


@pytest.mark.parametrize(("name", "case"), [(d, c) for d, c in CASES if c["fires"]], ids=lambda x: str(x)[:20])
def test_a_finding_can_be_told_and_weighed(name: str, case: dict[str, Any]) -> None:
    detector = DETECTORS[name]
    for record in findings(detector, case):
        finding = object_of(detector, record)
        sentence = detector.explain(finding)
        assert sentence.endswith(".") and "nan" not in sentence and "inf" not in sentence
        assert detector.fact or detector.weigh(finding)
        assert all(np.isfinite(r.log_odds) for r in detector.weigh(finding))
        assert detector.fact or detector.alternatives


def test_a_finding_keeps_its_start_and_is_told_seldom() -> None:
    """Ids are made of starts; and a watch officer does not read the same finding at every row."""
    long_stay = next(c for d, c in CASES if d == "loitering" and c["name"].startswith("as Hong Tai 58"))
    found = findings(DETECTORS["loitering"], long_stay)
    assert len(set(found["start_us"])) == 1
    assert len(set(found["raised_us"])) == 1
    assert 3 <= len(found) <= 8
