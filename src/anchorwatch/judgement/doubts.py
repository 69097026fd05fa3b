"""Which findings put a vessel under suspicion: those that go on, and could become an alert. Pure.

Most findings never could: one cable crossing in twelve comes after some loss of speed. Leaving them out keeps the rows
under suspicion few, and loses nothing: an approach is only an alert where another alert stands.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from anchorwatch.detectors import FOUND, Detector
from anchorwatch.judgement.context import of_route
from anchorwatch.judgement.judge import MOST_FROM_CONTEXT, PRIOR, level_of, score_of
from anchorwatch.model import Finding, Reason

Array = np.ndarray[Any, Any]
COMMON = [name for name, *_ in FOUND]


def suspected(detector: Detector, found: Array) -> Array:
    """Return findings with `open` left only where they put their vessel under suspicion."""
    going_on = np.flatnonzero(found["open"])
    if not len(going_on):
        return found
    marked = found.copy()
    for i, record in zip(going_on.tolist(), found[going_on].tolist(), strict=True):
        common = dict(zip(COMMON, record, strict=False))
        asset = "" if common.pop("asset") >= 0 else None
        values = dict(zip(detector.measures, record[len(COMMON) :], strict=True))
        finding = Finding(id="", detector=detector.name, asset=asset, values=values, **common)
        marked["open"][i] = _could_be_an_alert(finding, detector)
    return marked


def _could_be_an_alert(finding: Finding, detector: Detector) -> bool:
    """Tell it from the finding alone: what else surrounds a finding speaks for it only where it is a silence."""
    reasons = [Reason("prior", detector.name, "", PRIOR), *detector.weigh(finding)]
    if detector.name == "ais_gap":
        reasons.append(MOST_FROM_CONTEXT)
    elif "error_m" in finding.values:
        reasons += of_route(finding, finding.values["error_m"])
    return level_of(score_of(reasons)) is not None
