"""What a made voyage is told with: who sails, in which hull, the steps of the voyage, what happens on the way.

Everything that makes traffic (fleets, scenarios, random trials) writes these; the ship model sails them.
Times are seconds since the start of the trial (`_s`); speeds through water unless a name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

# How a step is done. SAIL goes to its place; the others stay where the vessel is until `until_s`.
SAIL, MOORED, ANCHORED, ADRIFT = range(4)

# What may happen at a time, whatever step the vessel is in, and what `value` then means.
EVENTS = (
    "anchor_drop",  # let go under way: value = metres of chain out
    "anchor_up",
    "engine_stop",
    "engine_start",  # back to what was ordered
    "dip",  # something more holds the ship back until `until_s` (an anchor caught on a cable): value = knots lost
    "order",  # engine order: value = knots through water from now on, instead of what the steps say; NaN = as they say
    "order_share",  # engine order: value = share of what the steps (or an `order`) say, from now on
    "ais_off",
    "ais_on",
    "nav_status",  # value = ITU-R M.1371 table 45, whatever the crew forgot to change
    "identity",  # `who` from now on
    "spoof_offset",  # positions are shown away from the truth until `until_s`: value east, value2 north, metres
    "spoof_place",  # positions are shown about one place until `until_s`: value lon, value2 lat
)


class Who(NamedTuple):
    """What a vessel says of itself."""

    mmsi: int
    name: str
    callsign: str
    imo: int
    ship_type: int
    length_m: int
    beam_m: int
    draught_m: float
    destination: str
    class_b: bool = False


class Step(NamedTuple):
    """One part of a voyage. A voyage whose steps are all done is over: the vessel has left the trial."""

    how: int  # SAIL, MOORED, ANCHORED, ADRIFT
    lon_deg: float = 0.0  # SAIL: where to
    lat_deg: float = 0.0
    kn: float = float("nan")  # SAIL: engine order; NaN = service speed
    made: bool = False  # `kn` is the known speed over ground, to be made good whatever holds the ship back
    until_s: float = float("nan")  # SAIL: arrive then (speed follows; `made`); others: stay until then
    nav_status: int = -1  # -1 = as a careful crew would set it


class Event(NamedTuple):
    """Something that happens on the way."""

    at_s: float
    what: str  # one of EVENTS
    value: float = 0.0
    value2: float = 0.0
    until_s: float = float("nan")
    who: Who | None = None


@dataclass(frozen=True)
class Voyage:
    """One vessel's part in a trial, from `start_s` (where it lies or is already under way) to `end_s`."""

    who: Who
    ship_class: str  # schema.SHIP_CLASSES: the hull and its handling follow from class and length
    start_s: float
    end_s: float
    lon_deg: float
    lat_deg: float
    steps: tuple[Step, ...]
    events: tuple[Event, ...] = ()
    service_kn: float = float("nan")  # NaN = usual for the class and length
    anchor_t: float = float("nan")  # mass of one bower anchor; NaN = usual for the length
    depth_m: float = float("nan")  # NaN = the sea's
    labels: dict[str, str] = field(default_factory=dict)  # trade, lane, ...: for people and for scoring


class Weather(NamedTuple):
    """Wind and current, the same all over the trial's sea, from a time on."""

    from_s: float
    wind_kn: float = 8.0
    wind_from_deg: float = 240.0
    current_kn: float = 0.1
    current_to_deg: float = 60.0


class Station(NamedTuple):
    """A shore station that hears what is sent within its reach."""

    name: str
    lon_deg: float
    lat_deg: float
    range_km: float = 75.0
    clock_s: float = 0.0  # how wrong its clock is
    silent_s: tuple[tuple[float, float], ...] = ()  # when it is down


class Interference(NamedTuple):
    """Satellite navigation jammed or spoofed for all within a circle."""

    from_s: float
    until_s: float
    lon_deg: float
    lat_deg: float
    radius_km: float
    manner: str = "scatter"  # scatter (each its own), offset (all the same way), lost (no position at all)
    offset_km: float = 20.0


class Water(NamedTuple):
    """The sea of a trial."""

    depth_m: float = 60.0
    bottom: str = "clay"  # clay, sand, mud, rock
    weather: tuple[Weather, ...] = (Weather(0.0),)
    stations: tuple[Station, ...] = ()  # none = everything that is sent is heard once
    interference: tuple[Interference, ...] = ()
