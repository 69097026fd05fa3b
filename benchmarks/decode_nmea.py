"""NMEA sentences a second, to finished frames, beside pyais and marlin-py on the same bytes.

The sentences are made here: 77 in 100 class A positions, the rest class B, base stations and static
messages, some in two parts, as in a coastal log. Half of the runs carry a tag block before each sentence.
"""

from __future__ import annotations

import importlib.util
import random
import time
from collections.abc import Callable

from pyais.encode import encode_dict
from pyais.stream import IterMessages

from anchorwatch.decode import Options
from anchorwatch.decode.nmea import NMEA
from benchmarks.table import Figure, millions, speed, times

MADE, REPEATS, PEER_SENTENCES, RUNS, BLOCK = 20_000, 60, 60_000, 5, 16 << 20
MARLIN_CHUNK = 32 << 10  # its buffer is bounded, it skips what is more
BAR = 3e6


Said = dict[str, str | int | float | bytes | bool]


def _message(chance: random.Random, k: int) -> Said:
    """Return what one vessel or station says, as pyais takes it."""
    mmsi = chance.randint(201_000_000, 775_999_999)
    kind = chance.choices((1, 3, 18, 4, 5, 24), (70, 7, 10, 5, 4, 4))[0]
    if kind == 4:
        return {"type": 4, "mmsi": 2_300_000 + k % 50, "lon": 20.0, "lat": 60.0, "year": 2023}
    if kind == 5:
        said: Said = {"callsign": f"OJ{k % 1000}", "shipname": f"SHIP {k}", "destination": "HELSINKI", "imo": 9074729}
        return {"type": 5, "mmsi": mmsi, "ship_type": 70, "to_bow": 100, "to_stern": 20, "draught": 7.5, **said}
    if kind == 24:
        return {"type": 24, "mmsi": mmsi, "partno": 0, "shipname": f"BOAT {k}"}
    place: Said = {"lon": chance.uniform(9, 30), "lat": chance.uniform(54, 66), "speed": chance.uniform(0, 25)}
    way: Said = {"course": chance.uniform(0, 359), "heading": chance.randint(0, 359), "turn": chance.randint(-100, 100)}
    return {"type": kind, "mmsi": mmsi, "status": 0, **place, **(way if kind < 4 else {"course": way["course"]})}


def sentences(tagged: bool) -> list[bytes]:
    """Return whole lines."""
    chance, lines = random.Random(1), []
    for k in range(MADE):
        for sentence in encode_dict(_message(chance, k), radio_channel="AB"[k % 2], seq_id=k % 10):
            body, total = f"s:2573{k % 300:03d},c:{1_700_000_000 + k // 100}", 0
            for char in body:
                total ^= ord(char)
            lines.append((f"\\{body}*{total:02X}\\" if tagged else "").encode() + sentence.encode() + b"\r\n")
    return lines


def _ours(text: bytes) -> int:
    """Return the rows in `text`, read block by block."""
    memory, rows, at = NMEA.start(Options(date_us=1_700_000_000_000_000)), 0, 0
    while at < len(text):
        end = text.rfind(b"\n", at, at + BLOCK) + 1
        decoded, memory = NMEA.decode(text[at:end], memory)
        rows += decoded.positions.height + decoded.statics.height + decoded.others.height
        at = end
    return rows


def _pyais(lines: list[bytes]) -> int:
    return sum(sentence.decode() is not None for sentence in IterMessages(lines))


def _marlin(text: bytes) -> int:
    from marlin.ais import AisParser  # not a dependency; measured if it is there

    parser = AisParser.streaming()
    found = 0
    for at in range(0, len(text), MARLIN_CHUNK):
        parser.feed(text[at : at + MARLIN_CHUNK])
        found += sum(1 for _ in parser)
    return found


def _seconds(work: Callable[[], int], runs: int = RUNS) -> list[float]:
    """Return seconds of processor time: more cores would not help, and other work on the machine does not count."""
    taken = []
    for _ in range(runs):
        began = time.process_time()
        assert work() > 0
        taken.append(time.process_time() - began)
    return taken


def _figure(tagged: bool) -> Figure:
    lines = sentences(tagged)
    text = b"".join(lines) * REPEATS
    few = (lines * (PEER_SENTENCES // len(lines) + 1))[:PEER_SENTENCES]
    _ours(text[: text.index(b"\n") + 1])  # compile outside the timing
    ours = speed(len(lines) * REPEATS, _seconds(lambda: _ours(text)))
    pyais = speed(len(few), _seconds(lambda: _pyais(few), 3))
    peers = [f"pyais {pyais / 1e6:.2f} M/s"]
    if importlib.util.find_spec("marlin"):
        marlin = speed(len(lines) * 10, _seconds(lambda: _marlin(b"".join(lines) * 10), 3))
        peers.append(f"marlin-py {marlin / 1e6:.2f} M/s")
    return Figure(
        what=f"NMEA decode, {'with' if tagged else 'without'} tag blocks",
        measured=millions(ours, "sentences"),
        bar="3 M sentences/s, one core",
        holds=ours >= BAR,
        peer=", ".join(peers),
        ratio=times(ours, pyais),
        note=f"{len(lines) * REPEATS} sentences of pyais.encode, bytes to finished frames, blocks of 16 MiB",
    )


def measure() -> list[Figure]:
    """Return the figures of the table."""
    return [_figure(tagged) for tagged in (False, True)]


if __name__ == "__main__":
    from benchmarks.table import as_text

    print(as_text(measure()))
