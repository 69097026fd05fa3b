"""The page reads the bytes that the watch writes: both are held against the same golden message.

page/src/api/vessel_bytes.golden.json holds a message and what it says; vessel_bytes.golden.test.ts reads it.
After a deliberate change of the form: PYTHONPATH=src:tests python tests/test_page_bytes.py
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from anchorwatch.console import binary
from anchorwatch.picture.latest import NEWEST

GOLDEN = Path(__file__).parent.parent / "page/src/api/vessel_bytes.golden.json"
TIME_US = 1_735_122_370_123_000  # 25 Dec 2024


def message() -> bytes:
    """A diff of three vessels: one that says all, one that says nothing, one at the ends of all ranges."""
    rows = np.zeros(3, NEWEST)
    said = {
        "mmsi": [230123456, 999999999, 1],
        "lon_deg": [25.1234567, -180.0, 180.0],
        "lat_deg": [59.7654321, -90.0, 90.0],
        "time_us": [TIME_US - 12_400_000, TIME_US, TIME_US - 10**13],
        "sog_kn": [8.94, np.nan, 102.3],
        "cog_deg": [84.24, np.nan, 359.97],
        "heading_deg": [91.0, np.nan, 0.0],
        "ship_class": [2, 0, 10],
        "nav_status": [0, 15, 1],
        "level": [3, 0, 1],
        "silenced": [0, 0, 1],
        "length_m": [228.0, np.nan, 9999.0],
        "asset_m": [430.0, np.nan, 12_700.0],
    }
    for name, values in said.items():
        rows[name] = values
    gone = np.array([219000001, 4_000_000_000], np.uint32)
    return binary.encode(binary.DIFF, TIME_US, 7, binary.columns_of(rows, TIME_US), gone, 60_000)


def golden() -> dict[str, Any]:
    body = message()
    read = binary.decode(body)
    vessels = {name: [_plain(value) for value in column.tolist()] for name, column in read.vessels().items()}
    head = {"kind": read.kind, "time_us": read.time_us, "view": read.view, "in_view": read.in_view}
    return {"hex": body.hex(), **head, "gone": read.gone.tolist(), "vessels": vessels}


def _plain(value: float) -> float | None:
    return None if isinstance(value, float) and math.isnan(value) else value


def test_the_watch_writes_the_golden_message() -> None:
    assert golden() == json.loads(GOLDEN.read_text("utf-8"))


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), indent=1) + "\n", "utf-8")
