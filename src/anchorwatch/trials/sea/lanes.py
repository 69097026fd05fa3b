"""Where made traffic goes: routes through water, ferry lines, fishing grounds and anchorages (lon, lat).

Drawn by hand after the public charts of the Baltic and the Kattegat, simplified; not for navigation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Point = tuple[float, float]

# Routes for cargo and tankers, sailed both ways, each way keeping to its starboard side.
# fmt: off
LANES: dict[str, tuple[Point, ...]] = {
    "gulf_of_finland": (
        (20.4, 58.75), (21.3, 59.2), (22.3, 59.42), (23.2, 59.6), (24.3, 59.78), (25.0, 59.85), (25.8, 59.93),
        (26.6, 59.95), (27.05, 59.96), (27.5, 60.07), (28.2, 60.13),
    ),
    "baltic_spine": (
        (12.15, 54.48), (12.7, 54.72), (13.5, 54.98), (14.4, 55.22), (15.2, 55.5), (16.5, 55.75), (17.6, 56.0),
        (18.8, 56.55), (19.5, 57.3), (20.0, 58.2), (20.4, 58.75), (21.3, 59.2), (22.3, 59.42), (23.2, 59.6),
    ),
    "west_of_gotland": ((14.9, 55.45), (16.3, 55.8), (17.0, 56.5), (17.6, 57.4), (18.3, 58.2), (19.2, 58.7),
        (20.0, 59.15), (21.3, 59.25), (22.3, 59.42)),
    "kattegat": ((10.75, 57.95), (11.05, 57.68), (11.3, 57.47), (11.45, 57.2), (11.35, 56.85), (11.3, 56.3),
        (11.0, 56.0), (10.85, 55.75)),
    "sound": ((10.75, 57.95), (11.05, 57.68), (11.3, 57.47), (11.45, 57.2), (11.7, 56.9), (12.1, 56.4), (12.45, 56.2)),
    "gdansk": ((14.9, 55.35), (16.3, 55.35), (17.6, 55.15), (18.6, 54.95), (18.95, 54.7), (18.85, 54.45)),
    "gdansk_north": ((18.9, 54.6), (19.0, 55.2), (19.1, 56.2), (19.5, 57.3), (20.0, 58.2)),
    "klaipeda": ((17.6, 56.0), (19.0, 55.85), (20.4, 55.75), (21.0, 55.73)),
    "riga": ((19.5, 57.3), (20.6, 57.65), (21.5, 57.85), (22.2, 57.86), (22.7, 57.84), (23.05, 57.65),
        (23.5, 57.4), (23.95, 57.15)),
    "bothnia": ((20.4, 58.75), (20.0, 59.3), (19.45, 59.75), (19.15, 60.15), (19.1, 60.6),
        (19.3, 61.5), (19.7, 62.6), (20.4, 63.2)),
    "muuga": ((24.3, 59.78), (24.75, 59.72), (25.0, 59.58)),
    "kotka": ((25.8, 59.93), (26.5, 60.1), (26.85, 60.3)),
}
# fmt: on

# From the lanes to the harbours, whose name they have; the last point is where vessels berth, the one before it
# near where the pilot boards. Where two lines share a point, routes go from one to the other.
# fmt: off
LEADS: dict[str, tuple[Point, ...]] = {
    "west": ((10.75, 57.95), (9.9, 57.85), (9.0, 57.6)),  # the Skagerrak: where the traffic's world ends
    "kiel": ((11.0, 54.6), (10.6, 54.53), (10.34, 54.53), (10.25, 54.49)),
    "lubeck": ((11.9, 54.45), (11.4, 54.2), (11.0, 54.02)),
    "rostock": ((12.15, 54.48), (12.1, 54.35), (12.09, 54.24)),
    "swinoujscie": ((14.4, 55.22), (14.35, 54.6), (14.3, 54.15), (14.28, 54.02)),
    "gdynia": ((18.95, 54.7), (18.85, 54.6), (18.7, 54.53)),
    "gdansk": ((18.95, 54.7), (18.85, 54.52), (18.78, 54.44)),
    "baltiysk": ((18.95, 54.7), (19.5, 54.72), (19.75, 54.66)),
    "klaipeda": ((20.4, 55.75), (20.85, 55.73), (21.04, 55.73)),
    "liepaja": ((19.1, 56.2), (20.7, 56.55), (20.92, 56.54)),
    "ventspils": ((20.6, 57.65), (21.3, 57.45), (21.47, 57.42)),
    "riga": ((23.5, 57.4), (23.95, 57.17), (24.0, 57.1)),
    "paldiski": ((24.3, 59.78), (24.07, 59.5), (24.08, 59.43)),
    "tallinn": ((24.3, 59.78), (24.62, 59.6), (24.73, 59.48)),
    "muuga": ((25.0, 59.85), (24.9, 59.65), (24.97, 59.53)),
    "ust_luga": ((27.5, 60.07), (28.0, 59.88), (28.3, 59.72)),
    "st_petersburg": ((28.2, 60.13), (29.0, 60.06), (29.55, 60.02)),
    "primorsk": ((28.2, 60.13), (28.45, 60.19), (28.54, 60.25)),
    "kotka": ((25.8, 59.93), (26.5, 60.1), (26.85, 60.3), (26.95, 60.42)),
    "helsinki": ((25.0, 59.85), (24.98, 60.03), (24.96, 60.12)),
    "hanko": ((23.2, 59.6), (22.98, 59.72), (22.96, 59.79)),
    "uto": ((21.3, 59.2), (21.3, 59.65), (21.35, 59.75)),
    "stockholm": ((20.0, 59.3), (19.3, 59.28), (19.1, 59.26)),
    "oxelosund": ((18.3, 58.2), (17.5, 58.52), (17.2, 58.6)),
    "gavle": ((19.1, 60.6), (17.9, 60.75), (17.4, 60.73)),
    "sundsvall": ((19.3, 61.5), (18.2, 62.15), (17.7, 62.35)),
    "pori": ((19.3, 61.5), (21.0, 61.6), (21.35, 61.62)),
    "lulea": ((20.4, 63.2), (20.75, 63.5), (21.6, 64.2), (22.3, 64.8), (22.75, 65.25), (22.42, 65.42)),
    "oulu": ((21.6, 64.2), (23.4, 64.8), (24.0, 65.0), (24.6, 65.14), (25.0, 65.12), (25.3, 65.04)),
    "karlshamn": ((15.2, 55.5), (14.95, 55.95), (14.88, 56.1)),
    "trelleborg": ((12.7, 54.72), (13.05, 55.2), (13.13, 55.33)),
    "copenhagen": ((12.75, 55.8), (12.7, 55.74), (12.65, 55.71)),
    "goteborg": ((11.05, 57.68), (11.5, 57.62), (11.68, 57.64)),
    "aarhus": ((11.0, 56.0), (10.6, 56.08), (10.3, 56.14)),
    # links between lanes
    "goteborg_south": ((11.45, 57.2), (11.52, 57.5), (11.5, 57.62)),
    "fehmarn_belt": ((10.85, 55.75), (10.9, 55.5), (10.97, 55.3), (11.08, 55.15), (11.03, 55.02),
        (10.93, 54.9), (10.94, 54.8), (11.0, 54.6), (11.35, 54.56), (11.9, 54.45), (12.15, 54.48)),
    "drogden": ((12.45, 56.2), (12.6, 56.06), (12.68, 55.96), (12.75, 55.8), (12.72, 55.6), (12.66, 55.5),
        (12.65, 55.3), (12.7, 54.95), (12.7, 54.72)),
    "west_of_gotland_link": ((15.2, 55.5), (14.9, 55.45)),
    "gdansk_link": ((14.4, 55.22), (14.9, 55.35)),
    "west_of_gotland_end": ((21.3, 59.25), (21.3, 59.2)),
}

# How many vessels call at a harbour, in parts of all; after the destinations that vessels in the Baltic state.
CALLS: dict[str, float] = {
    "west": 30.0, "kiel": 14.0, "lubeck": 3.0, "rostock": 4.0, "swinoujscie": 5.0, "gdynia": 4.5, "gdansk": 6.0,
    "baltiysk": 2.0, "klaipeda": 5.0, "liepaja": 2.0, "ventspils": 2.0, "riga": 5.0, "paldiski": 1.5, "tallinn": 2.0,
    "muuga": 3.0, "ust_luga": 8.0, "st_petersburg": 8.0, "primorsk": 6.0, "kotka": 3.0, "helsinki": 3.0, "hanko": 1.5,
    "uto": 2.0, "stockholm": 2.0, "oxelosund": 2.5, "gavle": 1.5, "sundsvall": 1.0, "pori": 1.5, "lulea": 1.0,
    "oulu": 1.0, "karlshamn": 1.5, "trelleborg": 1.0, "copenhagen": 2.5, "goteborg": 7.0, "aarhus": 2.0,
}
# fmt: on
OPEN_SEA = frozenset({"west"})  # no harbour: vessels come from there and go there

# Ferry lines, shuttled all day at the given speed.
FERRIES: dict[str, tuple[float, tuple[Point, ...]]] = {
    "helsinki_tallinn": (21.0, ((24.95, 60.11), (24.9, 59.95), (24.68, 59.62), (24.73, 59.48))),
    "kapellskar_paldiski": (17.5, ((19.3, 59.68), (20.2, 59.4), (22.0, 59.35), (23.5, 59.5), (24.0, 59.42))),
    "nynashamn_ventspils": (18.0, ((18.1, 58.75), (18.5, 58.4), (19.6, 58.05), (21.4, 57.45))),
    "visby_nynashamn": (27.0, ((18.22, 57.68), (18.1, 58.2), (18.05, 58.75))),
    "karlskrona_gdynia": (
        18.0,
        ((15.6, 56.0), (16.5, 55.4), (18.2, 54.95), (18.98, 54.68), (18.92, 54.57), (18.7, 54.53)),
    ),
    "ystad_swinoujscie": (16.5, ((13.83, 55.38), (14.1, 54.8), (14.28, 54.02))),
    "rostock_trelleborg": (18.0, ((12.1, 54.25), (12.5, 54.6), (13.1, 55.3))),
    "goteborg_frederikshavn": (17.0, ((11.6, 57.6), (11.2, 57.55), (10.62, 57.45))),
    "laeso_frederikshavn": (11.0, ((10.63, 57.42), (10.76, 57.36), (10.88, 57.32))),
    "rostock_gedser": (17.0, ((12.1, 54.26), (12.0, 54.42), (11.92, 54.53))),
    "puttgarden_rodby": (15.0, ((11.25, 54.53), (11.33, 54.62))),
    "kapellskar_mariehamn": (15.0, ((19.15, 59.7), (19.5, 59.95), (19.87, 60.03))),
    "halmstad_grenaa": (16.0, ((12.7, 56.6), (11.8, 56.5), (11.0, 56.4))),
}


class Ground(NamedTuple):
    """A box of water in which vessels trawl or lie at anchor."""

    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float


GROUNDS: dict[str, Ground] = {
    "bornholm_basin": Ground(15.4, 55.0, 16.4, 55.5),
    "gotland_east": Ground(19.45, 57.4, 20.4, 58.3),
    "kattegat_middle": Ground(11.25, 56.9, 11.7, 57.4),
    "klaipeda_bank": Ground(20.0, 55.7, 20.7, 56.3),
    "gulf_of_finland_west": Ground(22.4, 59.35, 23.4, 59.6),
    "bothnian_sea": Ground(18.6, 61.2, 20.3, 62.3),
}

ANCHORAGES: dict[str, Ground] = {
    "skagen": Ground(10.67, 57.75, 10.8, 57.85),
    "gdansk_roads": Ground(18.8, 54.42, 18.95, 54.52),
    "klaipeda_roads": Ground(20.85, 55.68, 21.0, 55.78),
    "tallinn_roads": Ground(24.62, 59.5, 24.74, 59.54),
    "riga_roads": Ground(23.8, 57.12, 24.0, 57.22),
    "kotka_roads": Ground(26.75, 60.2, 26.95, 60.28),
}

PORTS: dict[str, Ground] = {
    "tallinn": Ground(24.6, 59.43, 24.85, 59.5),
    "muuga": Ground(24.88, 59.48, 25.1, 59.6),
    "helsinki": Ground(24.85, 60.08, 25.1, 60.22),
    "kotka": Ground(26.8, 60.28, 27.05, 60.5),
}


class Sea(NamedTuple):
    """The part of the sea that traffic is made for."""

    lanes: dict[str, tuple[Point, ...]]  # and leads: between them vessels find their way
    ferries: dict[str, tuple[float, tuple[Point, ...]]]
    grounds: dict[str, Ground]
    anchorages: dict[str, Ground]
    box: Ground = Ground(8.0, 53.0, 31.0, 66.5)  # what lies outside is not made: vessels come from there


FERRY_WITHIN = 0.6  # share of a ferry line that must lie in a piece of the sea for its ferries to sail there

BALTIC = Sea({**LANES, **{f"to_{name}": lead for name, lead in LEADS.items()}}, FERRIES, GROUNDS, ANCHORAGES)


def within(box: Ground, sea: Sea = BALTIC) -> Sea:
    """Return the sea within a box. Vessels still come from the whole sea, and go there."""

    def meets(ground: Ground) -> bool:
        return (
            ground.west_deg < box.east_deg
            and ground.east_deg > box.west_deg
            and (ground.south_deg < box.north_deg and ground.north_deg > box.south_deg)
        )

    def share(line: tuple[Point, ...]) -> float:
        """How much of a line lies within."""
        step = np.hypot(*np.diff(np.array(line), axis=0).T)
        marks = np.concatenate(([0.0], np.cumsum(step)))
        lon, lat = (np.interp(np.linspace(0, marks[-1], 100), marks, axis) for axis in np.array(line).T)
        within_ = (lon > box.west_deg) & (lon < box.east_deg) & (lat > box.south_deg) & (lat < box.north_deg)
        return float(within_.mean())

    def cut(ground: Ground) -> Ground:
        return Ground(
            max(ground.west_deg, box.west_deg), max(ground.south_deg, box.south_deg),
            min(ground.east_deg, box.east_deg), min(ground.north_deg, box.north_deg),
        )  # fmt: skip

    return sea._replace(
        ferries={name: line for name, line in sea.ferries.items() if share(line[1]) >= FERRY_WITHIN},
        grounds={name: cut(ground) for name, ground in sea.grounds.items() if meets(ground)},
        anchorages={name: cut(ground) for name, ground in sea.anchorages.items() if meets(ground)},
        box=box,
    )


GULF_OF_FINLAND = within(Ground(22.3, 59.2, 28.5, 60.6))
