"""Made traffic as a receiver's log: NMEA 0183 sentences with tag blocks that carry the time of receipt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anchorwatch.trials.traffic import Traffic
from anchorwatch.trials.voyages import Ship

STATIC_EVERY_S = 360  # message 5 and 24 come every six minutes (ITU-R M.1371, 3.3.8)


def lines(made: Traffic, station: str = "made1") -> Iterator[str]:
    """Yield the lines of the log, in the order of receipt. A few thousand a second: for small files."""
    told: dict[int, int] = {}
    columns = ("time_us", "ship", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "nav_status")
    for time_us, number, lon, lat, sog, cog, heading, status in made.positions.select(columns).iter_rows():
        ship, second = made.ships[number], time_us // 1_000_000
        if second - told.get(number, -STATIC_EVERY_S) >= STATIC_EVERY_S:
            told[number] = second
            yield from _sentences(_static(ship), second, station, number)
        said = {"mmsi": ship.mmsi, "lon": lon, "lat": lat, "speed": sog, "course": cog, "heading": int(heading)}
        kind = {"type": 18} if ship.class_b else {"type": 1, "status": status}
        yield from _sentences({**said, **kind, "second": second % 60}, second, station, number)


def _static(ship: Ship) -> dict[str, Any]:
    size = {
        "to_bow": ship.length_m - ship.length_m // 4,
        "to_stern": ship.length_m // 4,
        "to_port": ship.beam_m // 2,
        "to_starboard": ship.beam_m - ship.beam_m // 2,
    }
    said = {"mmsi": ship.mmsi, "shipname": ship.name, "callsign": ship.callsign, "ship_type": ship.ship_type}
    if ship.class_b:
        return {"type": 24, "partno": 0, "mmsi": ship.mmsi, "shipname": ship.name}
    return {
        "type": 5,
        **said,
        **size,
        "imo": ship.imo,
        "draught": ship.draught_m,
        "destination": ship.destination,
    }


def _sentences(message: dict[str, Any], second: int, station: str, number: int) -> Iterator[str]:
    from pyais import encode_dict

    sentences = encode_dict(
        message, talker_id="AI", sentence_type="VDM", radio_channel="AB"[number % 2], seq_id=number % 10
    )
    tag = f"s:{station},c:{second}"
    check = 0
    for letter in tag:
        check ^= ord(letter)
    for n, sentence in enumerate(sentences):
        yield f"\\{tag}*{check:02X}\\{sentence}" if n == 0 else sentence
