from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.edges.report import Summary, TrackPlot, write_report
from anchorwatch.edges.report.geography import steps
from anchorwatch.edges.report.page import embedded
from anchorwatch.edges.report.thin import gaps, thin
from anchorwatch.errors import BadUse
from anchorwatch.model import Vessel
from made_up import ISLAND, SUMMARY, alert, chart, track
from tries import tries

SIX = [alert(n) for n in range(6)]
EVIL = "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>\u2028\u202e\x00&"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "page.html"
    write_report(path, SIX, {a.vessel.mmsi: track(a) for a in SIX}, chart(), SUMMARY, [ISLAND])
    return path.read_text(encoding="utf-8")


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_page_loads_nothing_from_anywhere(page: str) -> None:
    assert re.findall(r"(?i)\b(?:src|href|action)\s*=|@import|url\(|<link|<iframe|<base", page) == []
    assert set(re.findall(r"https?://[^\"'\s<>]+", page)) == {"http://www.w3.org/2000/svg"}  # a name, not an address


def test_only_our_script_and_style_may_run(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none';")
    assert "unsafe" not in policy[1]
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert (len(scripts), len(styles)) == (1, 1)
    for text in scripts + styles:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy[1]


def test_the_page_holds_alerts_tracks_assets_and_what_was_watched(page: str) -> None:
    data = data_of(page)
    assert [a["id"] for a in data["alerts"]] == [a.id for a in SIX]
    assert set(data["tracks"]) == {str(a.vessel.mmsi) for a in SIX}
    assert {a["id"]: a["geometry"] for a in data["assets"]}["amber"] == "schematic"
    assert {a["id"]: a["error_m"] for a in data["assets"]}["amber"] == 10_000
    assert {z["kind"] for z in data["zones"]} == {"fishing_ground", "lane"}
    assert len(data["coast"]) == 1
    assert data["summary"]["files"] == list(SUMMARY.files)
    assert data["summary"]["rejects"] == SUMMARY.rejects
    assert data["summary"]["schematic"] == 1
    assert data["summary"]["assets"] == {"pipeline": 1, "platform": 1, "power_cable": 1, "telecom_cable": 1}


def test_tracks_come_back_as_they_were_drawn(page: str) -> None:
    drawn, plot = data_of(page)["tracks"][str(SIX[0].vessel.mmsi)], track(SIX[0])
    lon = np.cumsum(drawn["lon"]) / 1e5
    sog = np.cumsum(drawn["sog"]) / 10
    at = np.searchsorted(plot.time_us, np.cumsum(drawn["t"]) * 1_000_000)
    assert np.abs(lon - plot.lon_deg[at]).max() <= 0.6e-5
    assert np.abs(sog - plot.sog_kn[at]).max() <= 0.051
    assert min(sog) == pytest.approx(plot.sog_kn.min(), abs=0.06)


def test_hostile_texts_stay_inside_the_data(tmp_path: Path) -> None:
    one = alert(0, vessel=Vessel(211000001, name=EVIL + "x" * 5000), explanation=EVIL)
    write_report(tmp_path / "p.html", [one], {}, chart(), replace(SUMMARY, files=(EVIL,)), [ISLAND])
    text = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert text.count("</script>") == 2
    assert "<img" not in text
    assert not set(text) & {"\u2028", "\u202e", "\x00"}
    name = data_of(text)["alerts"][0]["vessel"]["name"]
    assert name.startswith("<img src=x")
    assert len(name) == 600


@tries(50)
@given(st.recursive(st.text() | st.floats() | st.none(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_embedded_data_is_ascii_without_markup(value: Any) -> None:
    text = embedded({"value": value})
    assert text.isascii()
    assert not set(text) & set("<>&\n")
    assert list(json.loads(text)) == ["value"]


def test_no_alerts_no_rows_no_assets(tmp_path: Path) -> None:
    nothing = Summary((), None, None, 0, 0, 0.0, "sha256:0")
    empty = replace(chart(), assets=(), zones=())
    write_report(tmp_path / "p.html", [], {}, empty, nothing, [])
    data = data_of((tmp_path / "p.html").read_text(encoding="utf-8"))
    assert (data["alerts"], data["tracks"], data["assets"], data["coast"]) == ([], {}, [], [])
    assert data["summary"]["since"] is None
    assert all(math.isfinite(x) for x in data["view"])


def test_an_alert_without_place_or_track_is_shown(tmp_path: Path) -> None:
    one = alert(0, kind="feed_silence", vessel=Vessel(0), lon_deg=math.nan, lat_deg=math.nan, assets=())
    write_report(tmp_path / "p.html", [one], {}, chart(), SUMMARY, [ISLAND])
    assert data_of((tmp_path / "p.html").read_text(encoding="utf-8"))["alerts"][0]["position"] is None


def test_a_hundred_alerts_stay_under_a_megabyte(tmp_path: Path) -> None:
    many = [alert(n, vessel=Vessel(200_000_000 + n, name=f"SHIP {n}")) for n in range(100)]
    tracks = {a.vessel.mmsi: track(a) for a in many}
    ring = np.column_stack([19 + 2 * np.cos(np.linspace(0, 6.283, 90_000)), 57 + np.sin(np.linspace(0, 6.283, 90_000))])
    ring += np.random.default_rng(1).normal(0, 0.01, ring.shape)
    write_report(tmp_path / "p.html", many, tracks, chart(), SUMMARY, [np.vstack([ring, ring[:1]])])
    assert (tmp_path / "p.html").stat().st_size < 1_100_000


def test_the_old_page_survives_a_failure(tmp_path: Path) -> None:
    with pytest.raises(BadUse):
        write_report(tmp_path / "none" / "p.html", [], {}, chart(), SUMMARY, [])


def test_thinning_keeps_ends_extremes_and_moments() -> None:
    one = alert(2)  # a silence across the cable
    plot = track(one, minutes=2_000, step_s=10)
    few = thin(plot, 400, [(one.start_us, one.end_us)])
    assert len(few) <= 400
    assert (np.diff(few.time_us) > 0).all()
    assert (few.time_us[0], few.time_us[-1]) == (plot.time_us[0], plot.time_us[-1])
    assert few.sog_kn.min() == plot.sog_kn.min()
    assert few.sog_kn.max() == plot.sog_kn.max()
    assert gaps(plot)[0] in set(zip(few.time_us.tolist(), few.time_us[1:].tolist(), strict=False))
    for crossing in plot.crossings:
        assert np.abs(few.time_us - crossing.time_us).min() == np.abs(plot.time_us - crossing.time_us).min()


@tries(60)
@given(st.integers(0, 300), st.integers(8, 60), st.integers(0, 2**31), st.booleans())
def test_thinning_never_exceeds_its_limit(points: int, limit: int, seed: int, blind: bool) -> None:
    rng = np.random.default_rng(seed)
    speed = np.full(points, np.nan) if blind else rng.uniform(0, 20, points)
    time_us = np.cumsum(rng.integers(1, 900_000_000, points))
    plot = TrackPlot(time_us, rng.uniform(9, 30, points), rng.uniform(53, 66, points), speed, speed)
    few = thin(plot, limit, [(int(time_us[0]), int(time_us[-1]))] if points else [])
    assert min(points, 2) <= len(few) <= limit
    assert set(few.time_us.tolist()) <= set(time_us.tolist())


def test_silences_are_measured_against_the_usual_interval() -> None:
    sparse = np.arange(0, 40) * 3_600_000_000
    flat = np.zeros(200)
    assert gaps(TrackPlot(sparse, flat[:40], flat[:40], flat[:40], flat[:40])) == []
    dense = np.concatenate([np.arange(100), 2_000 + np.arange(100)]) * 10_000_000
    assert gaps(TrackPlot(dense, flat, flat, flat, flat)) == [(990_000_000, 20_000_000_000)]


def test_lines_travel_as_differences() -> None:
    assert steps(np.array([[18.0, 57.0], [18.00015, 56.9999]])) == [180_000, 570_000, 2, -1]
