"""What the user says of countries: GDP, population, what a currency is worth. Nothing is built in."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anchorwatch.errors import BadUse

_KEYS = ("gdp_usd", "population")


@dataclass(frozen=True)
class Figures:
    """Figures by the full name of a country, and dollars per unit of a currency."""

    gdp_usd: Mapping[str, float] = field(default_factory=dict)
    population: Mapping[str, float] = field(default_factory=dict)
    usd_per: Mapping[str, float] = field(default_factory=dict)  # "EUR" -> 1.08

    def in_usd(self, amount: float, unit: str | None) -> float | None:
        """Return the amount in dollars; None where no rate is given."""
        rate = 1.0 if unit == "USD" else self.usd_per.get(unit or "")
        return None if rate is None else amount * rate


def read(text: str, where: str = "countries.toml") -> Figures:
    """Return the figures of a TOML text; raises BadUse.

    [countries.Norway]
    gdp_usd = 485e9
    population = 5_550_000
    [usd_per]
    NOK = 0.093
    """
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadUse(f"is no TOML: {str(error)[:100]}", where, "See docs/ledgers.md") from None
    countries = _table(said.get("countries", {}), "countries", where)
    by_key: dict[str, dict[str, float]] = {key: {} for key in _KEYS}
    for name, own in countries.items():
        for key, value in _table(own, name, where).items():
            if key not in _KEYS:
                raise BadUse(f"{name}: {key!r} is not known", where, f"Known are {', '.join(_KEYS)}")
            by_key[key][name] = _positive(value, f"{name}: {key}", where)
    rates = _table(said.get("usd_per", {}), "usd_per", where)
    return Figures(**by_key, usd_per={k: _positive(v, f"usd_per: {k}", where) for k, v in rates.items()})


def _table(value: Any, name: str, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadUse(f"{name[:40]!r} is no table", where, "See docs/ledgers.md")
    return value


def _positive(value: Any, name: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise BadUse(f"{name[:60]} is no number over 0", where, "Give a number")
    return float(value)
