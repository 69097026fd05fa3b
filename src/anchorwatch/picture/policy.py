"""What a source leaves out by rule: not heard there is then not "dark", and no gap.

Own receivers hear whatever is in reach: a source that is not listed here leaves nothing out that we know of.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isnan

from anchorwatch import schema


@dataclass(frozen=True)
class Policy:
    """What a source carries. `text` says it to an officer in one line; empty = nothing is known to be left out."""

    text: str = ""
    class_b: bool = True  # whether stations of class B are carried
    fishing_from_m: float = 0.0  # fishing vessels from this length are carried; inf = none
    pleasure_from_m: float = 0.0
    exact_types: bool = True  # False: ship types are rounded to tens, the digit of hazardous cargo is lost

    def carries(self, ship_class: int, length_m: float, class_b: bool = False) -> bool | None:
        """Tell whether it carries such a vessel (code of schema.SHIP_CLASSES, NaN = length not known); None = may be.

        A vessel of unknown class can be of any: where any class is left out, nobody knows.
        """
        if class_b and not self.class_b:
            return False
        least = {schema.FISHING: self.fishing_from_m, schema.PLEASURE: self.pleasure_from_m}
        if ship_class == schema.UNKNOWN:
            return None if any(_outcome(from_m, length_m) is not True for from_m in least.values()) else True
        return _outcome(least.get(ship_class, 0.0), length_m)


def _outcome(from_m: float, length_m: float) -> bool | None:
    if from_m in (0.0, inf):
        return from_m == 0.0
    return None if isnan(length_m) or length_m <= 0 else length_m >= from_m


# Length limits of the Norwegian Coastal Administration, which both Norwegian services state.
_NORWAY = "no fishing vessels under 15 m, no pleasure craft under 45 m; Norwegian waters only"

POLICIES = {
    # Fintraffic, marine traffic documentation and source: class A only, type 30 removed, types rounded to tens.
    "digitraffic": Policy(
        "class A only, no fishing vessels; ship types are rounded to tens, so hazardous cargo does not show",
        class_b=False,
        fishing_from_m=inf,
        exact_types=False,
    ),
    # Volunteers' receivers: nothing is left out by rule.
    "aisstream": Policy("volunteers' receivers: coverage varies and nobody guarantees it; nothing left out by rule"),
    "barentswatch": Policy(_NORWAY, fishing_from_m=15.0, pleasure_from_m=45.0),
    "kystverket": Policy(_NORWAY, fishing_from_m=15.0, pleasure_from_m=45.0),
}


def of(scheme: str) -> Policy:
    """Return the policy of a kind of feed by the scheme of its URL."""
    return POLICIES.get(scheme, Policy())
