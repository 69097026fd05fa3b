"""Where made traffic goes: routes through water, ferry lines, fishing grounds and anchorages (lon, lat).

Drawn by hand after the public charts of the Baltic and the Kattegat, simplified; not for navigation.
"""

from __future__ import annotations

from typing import NamedTuple

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
    "kattegat": ((10.75, 57.95), (11.0, 57.62), (11.35, 57.4), (11.35, 56.85), (11.3, 56.3),
        (11.0, 56.0), (10.85, 55.75)),
    "sound": ((10.75, 57.95), (11.1, 57.55), (11.7, 56.9), (12.1, 56.4), (12.45, 56.2)),
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

    lanes: dict[str, tuple[Point, ...]]
    ferries: dict[str, tuple[float, tuple[Point, ...]]]
    grounds: dict[str, Ground]
    anchorages: dict[str, Ground]


BALTIC = Sea(LANES, FERRIES, GROUNDS, ANCHORAGES)
GULF_OF_FINLAND = Sea(
    {name: LANES[name] for name in ("gulf_of_finland", "muuga", "kotka")},
    {name: FERRIES[name] for name in ("helsinki_tallinn",)},
    {name: GROUNDS[name] for name in ("gulf_of_finland_west",)},
    {name: ANCHORAGES[name] for name in ("tallinn_roads", "kotka_roads")},
)
