"""The bytes of the stream of vessels say what was meant, within the stated steps, and stay small."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.console import binary
from anchorwatch.picture.latest import NEWEST

NOW_US = 1_764_000_000_000_000
floats = st.floats(width=32, allow_subnormal=False)


@st.composite
def records(draw: st.DrawFn) -> Any:
    """Records as the picture may hold them, and worse: speeds and lengths beyond anything."""
    rows = np.zeros(draw(st.integers(0, 20)), NEWEST)
    for row in rows:
        row["mmsi"] = draw(st.integers(0, 999_999_999))
        row["time_us"] = NOW_US - draw(st.integers(-100_000_000, 200_000_000_000))
        row["lon_deg"], row["lat_deg"] = draw(st.floats(-180, 180)), draw(st.floats(-90, 90))
        for name in ("sog_kn", "cog_deg", "heading_deg", "length_m", "asset_m"):
            row[name] = draw(floats)
        row["nav_status"], row["ship_class"] = draw(st.integers(0, 15)), draw(st.integers(0, 10))
        row["level"], row["silenced"] = draw(st.integers(0, 3)), draw(st.integers(0, 1))
    return rows


def near(got: Any, meant: Any, step: float, most: float, least: float = 0.0) -> None:
    """`got` is `meant` to half a step, held between the least and the most that can be said; NaN stays NaN."""
    assert (np.isnan(got) == np.isnan(meant)).all()
    told = ~np.isnan(meant)
    wanted = np.clip(meant[told].astype(float), least, most)
    digits = 4 * np.finfo(meant.dtype).eps * (1 + np.abs(wanted))  # what the picture itself cannot hold
    assert (np.abs(got[told] - wanted) <= step / 2 + digits).all()


@given(records())
def test_every_column_comes_back_within_its_step(rows: Any) -> None:
    gone = rows["mmsi"][:3] + 1
    message = binary.decode(binary.encode(binary.DIFF, NOW_US, 7, binary.columns_of(rows, NOW_US), gone, 99))
    assert (message.kind, message.time_us, message.view, message.in_view) == (binary.DIFF, NOW_US, 7, 99)
    assert message.gone.tolist() == gone.tolist()
    got = message.vessels()
    for name in ("mmsi", "nav_status", "ship_class", "level", "silenced"):
        assert got[name].tolist() == rows[name].tolist()
    near(got["lon_deg"], rows["lon_deg"], 1e-7, 180, -180)
    near(got["lat_deg"], rows["lat_deg"], 1e-7, 90, -90)
    near(got["age_s"], (NOW_US - rows["time_us"]) / 1e6, 1.0, 65535)
    near(got["sog_kn"], finite(rows["sog_kn"]), 0.1, 6553.4)
    near(got["length_m"], rows["length_m"], 2.0, 510, 2.0)
    near(got["asset_m"], rows["asset_m"], 50.0, 12_700)
    for name in ("cog_deg", "heading_deg"):
        assert (np.isnan(got[name]) == ~np.isfinite(rows[name])).all()
        plain = (rows[name] >= 0) & (rows[name] <= 360)
        turned = np.abs(got[name][plain] - rows[name][plain])
        assert (np.minimum(turned, 360 - turned) <= 0.05 + 1e-4).all()


def finite(values: Any) -> Any:
    return np.where(np.isfinite(values), values, np.nan)


def test_the_bytes_are_where_the_documentation_says() -> None:
    rows = np.zeros(2, NEWEST)
    rows["mmsi"], rows["lon_deg"], rows["lat_deg"] = [230_000_001, 518_998_865], [25.5, -0.25], [59.9, -60.0]
    rows["time_us"], rows["sog_kn"], rows["cog_deg"] = NOW_US - 12_000_000, [7.2, np.nan], [359.96, 90.0]
    rows["heading_deg"], rows["nav_status"], rows["ship_class"] = [np.nan, 271.0], [0, 15], [2, 1]
    rows["length_m"], rows["level"], rows["silenced"], rows["asset_m"] = [228.0, np.nan], [3, 1], [0, 1], [480, np.nan]
    message = binary.encode(binary.DIFF, NOW_US, 4, binary.columns_of(rows, NOW_US), np.array([219_000_009]))
    wanted = struct.pack("<4sBBHqIIII", b"AWVS", 1, 2, 32, NOW_US, 4, 2, 1, 2)
    wanted += struct.pack("<2I", 230_000_001, 518_998_865)
    wanted += struct.pack("<2i", 255_000_000, -2_500_000) + struct.pack("<2i", 599_000_000, -600_000_000)
    wanted += struct.pack("<I", 219_000_009)
    wanted += struct.pack("<2H", 12, 12) + struct.pack("<2H", 72, 65535) + struct.pack("<2H", 0, 900)
    wanted += struct.pack("<2H", 65535, 2710)
    wanted += bytes([2 << 4, 1 << 4 | 15, 3, 1 | 4, 114, 0, 10, 255])
    assert message == wanted
    assert len(message) == 32 + 2 * 24 + 4


@given(st.binary(max_size=200))
def test_what_is_no_message_is_a_value_error(data: bytes) -> None:
    for text in (data, b"AWVS\x01\x01\x20\x00" + data, b"AWVS\x01\x02\x20\x00" + bytes(12) + data):
        try:
            binary.decode(text)
        except ValueError as error:
            assert str(error)


def test_a_message_cut_short_is_refused() -> None:
    whole = binary.encode(binary.SNAPSHOT, NOW_US, 1, binary.columns_of(np.ones(3, NEWEST), NOW_US))
    assert len(binary.decode(whole).columns.mmsi) == 3
    for end in range(len(whole)):
        with pytest.raises(ValueError, match=r"bytes|message"):
            binary.decode(whole[:end])


def test_twenty_thousand_vessels_stay_under_half_a_megabyte() -> None:
    rows = np.zeros(20_000, NEWEST)
    rows["mmsi"] = 200_000_000 + np.arange(20_000)
    assert len(binary.encode(binary.SNAPSHOT, NOW_US, 1, binary.columns_of(rows, NOW_US))) == 480_032


def test_the_page_names_every_column_with_its_type() -> None:
    page = (Path(__file__).resolve().parents[1] / "docs" / "streams.md").read_text().split("### Byte by byte")[1]
    page = page.split("\n## ")[0]  # behind it are the forms of other answers
    rows = re.findall(r"^\| (\(?\w+\)?) \| ([ui])(8|16|32) \|", page, re.MULTILINE)
    listed = [(name, np.dtype(f"{kind}{int(bits) // 8}")) for name, kind, bits in rows if not name.isdigit()]
    wanted = list(zip(binary.Columns._fields, binary.DTYPES, strict=True))
    wanted.insert(binary.WIDE, ("(gone)", np.dtype("u4")))
    assert listed == wanted
    offsets = [int(at) for at in re.findall(r"^\| (\d+) \| (?:4 bytes|[ui]\d+) \|", page, re.MULTILINE)]
    sizes = [struct.calcsize(f"<{code}") for code in ("4s", "B", "B", "H", "q", "I", "I", "I", "I")]
    assert offsets == [sum(sizes[:n]) for n in range(len(sizes))]
