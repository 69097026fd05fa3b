"""One hash for all the rules that raised an alert: detectors, their thresholds, and judgement."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Mapping

from anchorwatch.detectors import Detector
from anchorwatch.judgement import ahead, context, judge


def ruleset_of(detectors: Mapping[str, Detector]) -> str:
    """Return `sha256:...` over the thresholds and the text of every rule."""
    digest = hashlib.sha256()
    for name in sorted(detectors):
        detector = detectors[name]
        digest.update(f"{name} {detector.params!r}\n".encode())
        for function in (detector.step, detector.scan, detector.weigh):
            if function is not None:
                digest.update(inspect.getsource(function).encode())
    for module in (judge, context, ahead):
        digest.update(inspect.getsource(module).encode())
    return f"sha256:{digest.hexdigest()[:32]}"
