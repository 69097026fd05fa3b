"""One hash for all the rules that raised an alert: detectors, their thresholds, and judgement."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

from anchorwatch.detectors import Detector, _minutes, _run
from anchorwatch.judgement import (
    ahead,
    conditions,
    context,
    faults,
    judge,
    particulars,
    silence,
    storm,
    suspicion,
    watch_list,
)
from anchorwatch.picture import suspicion as ahead_of_suspects


def ruleset_of(detectors: Mapping[str, Detector]) -> str:
    """Return `sha256:...` over the thresholds and the text of every rule."""
    return _ruleset(tuple(detectors.values()))


@lru_cache(8)  # a live watch asks at every turn
def _ruleset(every: tuple[Detector, ...]) -> str:
    detectors = {detector.name: detector for detector in every}
    digest = hashlib.sha256()
    modules = {_run, _minutes, judge, context, ahead, watch_list, faults, suspicion, ahead_of_suspects}
    modules |= {conditions, particulars, silence, storm}
    for name in sorted(detectors):
        detector = detectors[name]
        digest.update(f"{name} {detector.params!r}\n".encode())
        for function in (detector.step, detector.scan, detector.weigh):
            if function is not None:
                digest.update(f"{function.__module__}.{function.__qualname__}\n".encode())
                modules.add(import_module(function.__module__))  # whole: a rule calls others beside it
    for module in sorted(modules, key=lambda m: m.__name__):
        digest.update(inspect.getsource(module).encode())
    return f"sha256:{digest.hexdigest()[:32]}"
