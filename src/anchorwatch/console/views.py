"""What one client sees of the picture: the view that was asked for, and what must be sent to bring it up to date."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from anchorwatch.console import binary
from anchorwatch.console.binary import Columns
from anchorwatch.errors import BadInput
from anchorwatch.picture.latest import Box, Latest, inside

Array = np.ndarray[Any, Any]
Mask = npt.NDArray[np.bool_]

# No screen shows more than so many marks, and no message is larger than 1.2 MB.
MOST_SENT = 50_000
LEAST_EVERY_S, MOST_EVERY_S = 1.0, 60.0
DEEPEST = 24.0  # zoom at which a pixel is a centimetre
# A vessel that moved less than half a pixel is not worth sending, but after so long its time is: a class A vessel
# under way reports at least every 10 s, so that a mark older than this is old for another reason.
AGAIN_S = 30
NEXT = "See docs/streams.md."


class View(NamedTuple):
    """What a client asked to see."""

    box: Box
    zoom: float = DEEPEST  # of a web map of 256-pixel tiles
    every_s: float = LEAST_EVERY_S

    @property
    def half_pixel(self) -> int:
        """Half a pixel at the equator in 1e-7 degrees; 0 at the deepest zoom: everything counts."""
        return 0 if self.zoom >= DEEPEST else int(0.5 * 360e7 / (256 * 2**self.zoom))


def view_of(asked: dict[str, Any]) -> View:
    """Understand {"view": [w, s, e, n], "zoom": z, "every_s": s}; BadInput says what is wrong with it."""
    unknown = sorted(set(asked) - {"view", "zoom", "every_s"})
    if unknown:
        raise BadInput(f"unknown field {unknown[0]!r}", "view", NEXT)
    corners = asked.get("view")
    if not isinstance(corners, list) or len(corners) != 4:
        raise BadInput("a view is [west, south, east, north]", "view", NEXT)
    west, south, east, north = (_number(corner, "view", -720.0, 720.0) for corner in corners)
    if not -90.0 <= south <= north <= 90.0:
        raise BadInput("south lies above north, or beyond a pole", "view", NEXT)
    box = (-180.0, south, 180.0, north) if east - west >= 360.0 else (_turned(west), south, _turned(east), north)
    zoom = _number(asked.get("zoom", DEEPEST), "zoom", 0.0, DEEPEST)
    every_s = _number(asked.get("every_s", LEAST_EVERY_S), "every_s", LEAST_EVERY_S, MOST_EVERY_S)
    return View(box, zoom, every_s)


def _number(value: object, where: str, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput("not a number", where, NEXT)
    if not least <= value <= most:  # nor is NaN
        raise BadInput(f"not between {least:g} and {most:g}", where, NEXT)
    return float(value)


def _turned(lon_deg: float) -> float:
    """The same longitude between -180 and 180."""
    return lon_deg if -180.0 <= lon_deg <= 180.0 else (lon_deg + 180.0) % 360.0 - 180.0


class Look(NamedTuple):
    """The whole picture at one moment, ready to be sent; shared by all clients. In order of MMSI."""

    version: int
    time_us: int
    rows: Array
    columns: Columns


def look(latest: Latest, time_us: int) -> Look:
    """Copy the picture and turn it into what is sent."""
    version, rows = latest.changed_since(-1)
    rows = rows[np.argsort(rows["mmsi"])]
    return Look(version, time_us, rows, binary.columns_of(rows, time_us))


class Sent(NamedTuple):
    """What a client was last told of each vessel that it shows, in order of MMSI."""

    mmsi: Array  # u4
    version: Array  # i8, as are times and places
    time_us: Array  # of the picture when it was sent
    lon: Array
    lat: Array
    looks: Array  # u4: class, status, marks, length: what the mark on the map looks like


NOBODY = Sent(*(np.zeros(0, code) for code in ("u4", "i8", "i8", "i8", "i8", "u4")))


@dataclass
class Client:
    """What one client shows."""

    view: View | None = None
    number: int = 0  # of the view: grows with each that is asked for
    fresh: bool = True  # the next message is a snapshot
    sent: Sent = field(default=NOBODY)

    def ask(self, view: View) -> None:
        """Show another view from now on."""
        self.view, self.number, self.fresh = view, self.number + 1, True

    def message(self, now: Look) -> bytes:
        """Return what brings the client up to date: a snapshot where it has none of this view, else a diff."""
        assert self.view is not None
        seen = inside(now.rows, self.view.box)
        in_view = int(seen.sum())
        if in_view > MOST_SENT:
            seen = _most_telling(now, seen)
        here = np.flatnonzero(seen)
        told = _sent(now, here)
        if self.fresh:
            self.fresh, self.sent = False, told
            columns = now.columns.pick(here)
            return binary.encode(binary.SNAPSHOT, now.time_us, self.number, columns, in_view=in_view)
        tell, before = self._news(told, now.time_us)
        gone = self.sent.mmsi[~_among(self.sent.mmsi, told.mmsi)[0]]
        columns = now.columns.pick(here[tell])
        self.sent = Sent._make(np.where(tell, *pair) for pair in zip(told, before, strict=True))
        return binary.encode(binary.DIFF, now.time_us, self.number, columns, gone, in_view)

    def _news(self, told: Sent, time_us: int) -> tuple[Mask, Sent]:
        """Mask over the vessels now in view: those to be told; and what was told of each before."""
        assert self.view is not None
        known, place = _among(told.mmsi, self.sent.mmsi)
        before = Sent(*(column[place] for column in self.sent)) if len(self.sent.mmsi) else told
        pixel = self.view.half_pixel
        moved = (np.abs(told.lon - before.lon) > pixel) | (np.abs(told.lat - before.lat) > pixel // 2)
        due = time_us - before.time_us >= AGAIN_S * 1_000_000
        news = (told.version > before.version) & (moved | due | (told.looks != before.looks) | (pixel == 0))
        return ~known | news, before


def _among(these: Array, those: Array) -> tuple[Mask, npt.NDArray[np.int64]]:
    """Which of `these` are in `those`, and where; both sorted."""
    if not len(those):
        return np.zeros(len(these), bool), np.zeros(len(these), np.int64)
    place = np.minimum(np.searchsorted(those, these), len(those) - 1)
    return those[place] == these, place


def _sent(now: Look, here: npt.NDArray[np.int64]) -> Sent:
    c = now.columns
    craft, mark, length = (column[here].astype(np.uint32) for column in (c.craft, c.mark, c.length))
    return Sent(
        c.mmsi[here],
        now.rows["version"][here],
        np.full(len(here), now.time_us),
        c.lon[here].astype(np.int64),
        c.lat[here].astype(np.int64),
        craft | (mark << 8) | (length << 16),
    )


def _most_telling(now: Look, seen: Mask) -> Mask:
    """Where more are in view than can be shown: those with alerts, then a choice that stays the same."""
    here = np.flatnonzero(seen)
    spread = (now.columns.mmsi[here].astype(np.uint64) * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    chosen = here[np.lexsort((spread, -now.rows["level"][here].astype(int)))[:MOST_SENT]]
    mask = np.zeros(len(seen), bool)
    mask[chosen] = True
    return mask
