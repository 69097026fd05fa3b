"""The country that an MMSI begins with."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path


@lru_cache(1 << 16)
def flag_of(mmsi: int) -> str:
    """Country of an MMSI's identification digits, ISO 3166 alpha-2, or empty."""
    code, country = countries().get(mmsi // 10 ** max(0, len(str(mmsi)) - 3), ("NA", "Unknown"))
    return "" if country == "Unknown" else "GB" if code == "UK" else code  # "NA" is also Namibia


@cache
def countries() -> dict[int, tuple[str, str]]:
    """Return ITU's table of identification digits as pyais has it: code and name of the country.

    Only the one file is loaded: all of pyais takes a fifth of a second, a fifth of what a scan needs to start.
    """
    found = find_spec("pyais")
    folder = next(iter((found and found.submodule_search_locations) or ()), "")
    spec = spec_from_file_location("anchorwatch_pyais_constants", Path(folder) / "constants.py")
    if spec is None or spec.loader is None or not Path(folder, "constants.py").is_file():
        from pyais.constants import COUNTRY_MAPPING

        return dict(COUNTRY_MAPPING)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.COUNTRY_MAPPING)
