"""Rules of zones: read with clear errors, kept through files, and held against the vessels that they bind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anchorwatch import chart, schema
from anchorwatch.chart import rules
from anchorwatch.detectors import discover
from anchorwatch.edges import chart_files, chart_writing
from anchorwatch.edges.memory import chart_hash
from anchorwatch.engine import batch
from anchorwatch.errors import BadChart
from anchorwatch.picture.weave import blank
from made_sea import lat_of, lon_of, position_frame, scan, sea, traffic_of

RING = [[11.0, 57.0], [11.2, 57.0], [11.2, 57.1], [11.0, 57.1], [11.0, 57.0]]


def zone(name: str = "z", ring: Any = RING, **said: Any) -> chart.Zone:
    return chart.Zone(name, name.upper(), "control_zone", ((np.array(ring),),), "zones.geojson", said)


def table(**said: Any) -> Any:
    made = rules.build((zone(**said),))
    assert made is not None
    return made.table[0]


def test_a_zone_without_rules_asks_nothing() -> None:
    assert rules.ruled((zone(), zone(rule_enter=True), zone(rule_max_kn=None), zone(name="x", note="rule"))) == ()
    assert chart.make((), (zone(),)).rules is None


def test_each_rule_is_read_however_the_file_kept_it() -> None:
    for no in (False, "false", "no", 0, 0.0):
        assert table(rule_enter=no)["closed"] == 1
    one = table(rule_max_kn="8", rule_min_kn=2, rule_dwell_min=60.0, rule_heading_deg=70, rule_min_length_m=50)
    assert (one["max_kn"], one["min_kn"], one["dwell_s"], one["heading_deg"], one["within_deg"]) == (8, 2, 3600, 70, 45)
    cargo_and_tanker = (1 << schema.CARGO) | (1 << schema.TANKER)
    for words in (["cargo", "tanker"], "cargo, tanker", '[ "cargo", "tanker" ]', np.array(["cargo", "tanker"])):
        assert table(rule_enter=False, rule_classes=words)["classes"] == cargo_and_tanker
        assert table(rule_enter=False, rule_exempt=words)["classes"] & cargo_and_tanker == 0


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"rule_speed": 8}, "rule_speed is not a rule"),
        ({"rule_max_kn": "fast"}, "rule_max_kn is 'fast'"),
        ({"rule_max_kn": -1}, "rule_max_kn is -1"),
        ({"rule_max_kn": True}, "rule_max_kn is True"),
        ({"rule_enter": "maybe"}, "rule_enter is 'maybe'"),
        ({"rule_classes": "cargo"}, "rule_classes asks nothing by itself"),
        ({"rule_enter": False, "rule_classes": "boats"}, "rule_classes names 'boats'"),
        ({"rule_enter": False, "rule_exempt": "[1"}, "rule_exempt is '[1'"),
        ({"rule_min_kn": 9, "rule_max_kn": 8}, "rule_min_kn is above rule_max_kn"),
        ({"rule_heading_deg": 400}, "rule_heading_deg is 400"),
    ],
)
def test_a_bad_rule_names_file_zone_and_key(said: dict[str, Any], says: str) -> None:
    with pytest.raises(BadChart) as error:
        chart.make((), (zone(**said),))
    assert says in str(error.value) and "zones.geojson, zone z" in str(error.value)


def test_more_ruled_zones_than_fit_are_refused() -> None:
    with pytest.raises(BadChart, match="32 zones have rules"):
        chart.make((), tuple(zone(f"z{k}", rule_enter=False) for k in range(32)))


@pytest.mark.parametrize("ending", ["geojson", "gpkg"])
def test_rules_come_through_files(tmp_path: Path, ending: str) -> None:
    said = [{"name": "Closed", "rule_enter": False}, {"name": "Slow", "rule_max_kn": 8, "rule_classes": ["cargo"]}]
    features = [
        {"type": "Feature", "properties": p | {"zone_kind": "lane"} if k else p,
         "geometry": {"type": "Polygon", "coordinates": [RING]}} for k, p in enumerate(said)
    ]  # fmt: skip
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    first = chart_files.load(None, [str(path)])
    assert [(z.name, z.kind) for z in first.ruled] == [("Closed", "control_zone"), ("Slow", "lane")]
    again = tmp_path / f"again.{ending}"
    chart_writing.write(chart.make((), first.zones), str(again))
    second = chart_files.load(None, [str(again)])
    assert second.rules.table.tobytes() == first.rules.table.tobytes()


def test_the_first_zone_that_binds_the_vessel_counts() -> None:
    """Against every zone looked at one by one, over places in and about overlapping zones."""
    draws = np.random.default_rng(4)
    boxes = [(11.0, 57.0, 11.2, 57.2), (11.1, 57.1, 11.3, 57.3), (11.05, 57.05, 11.15, 57.15)]
    asked: list[dict[str, Any]] = [{"rule_classes": "cargo"}, {"rule_min_length_m": 100}, {"rule_exempt": "fishing"}]
    zones = [
        zone(f"z{k}", [[a, b], [c, b], [c, d], [a, d], [a, b]], rule_max_kn=5 + k, **asked[k])
        for k, (a, b, c, d) in enumerate(boxes)
    ]
    made = rules.build(tuple(zones))
    assert made is not None
    rows = blank(3000).rows
    rows.lon_deg[:], rows.lat_deg[:] = draws.uniform(10.95, 11.35, 3000), draws.uniform(56.95, 57.35, 3000)
    rows.ship_class[:] = draws.choice([schema.UNKNOWN, schema.CARGO, schema.FISHING], 3000)
    rows.length_m[:] = draws.choice([50.0, 100.0, np.nan], 3000)
    rows.kind[:] = draws.choice([schema.POSITION, schema.TICK], 3000, p=[0.9, 0.1])
    rules.fill(made, rows)
    for i in range(3000):
        binds = [rows.ship_class[i] == schema.CARGO, rows.length_m[i] >= 100, rows.ship_class[i] != schema.FISHING]
        inside = [a <= rows.lon_deg[i] < c and b <= rows.lat_deg[i] < d for a, b, c, d in boxes]
        within = [k for k in range(3) if inside[k] and binds[k] and rows.kind[i] == schema.POSITION]
        assert rows.rule_zone[i] == (within[0] if within else -1)
        assert np.isnan(rows.rule_max_kn[i]) if not within else rows.rule_max_kn[i] == 5 + within[0]
    assert {-1, 0, 1, 2} == set(rows.rule_zone.tolist())


def test_an_alert_names_the_zone() -> None:
    minutes = np.arange(120)
    frame = position_frame(
        time_us=1_700_000_000_000_000 + minutes * 60_000_000, mmsi=219_000_009, lat_deg=lat_of(2500.0),
        lon_deg=np.array([lon_of(36_000.0 + 200.0 * m) for m in minutes]), sog_kn=6.5, cog_deg=90.0, nav_status=0,
    )  # fmt: skip
    said = [{"time_us": int(frame["time_us"][k]), "mmsi": 219_000_009, "ship_class": schema.CARGO} for k in (0, 1)]
    traffic = traffic_of(frame, said)
    (alert,) = [a for a in scan(traffic).alerts if a.kind == "zone_breach"]
    assert (alert.level, alert.extra["zone"]) == ("warning", "Zone 0") and "Zone 0" in alert.explanation
    tug = traffic_of(frame, [s | {"ship_class": schema.SERVICE} for s in said])
    assert [a for a in scan(tug).alerts if a.kind == "zone_breach" and a.extra["zone"] == "Zone 0"] == []
    nowhere = chart.make(sea().assets)
    assert [a.kind for a in scan(traffic, over=batch.Job(nowhere, discover())).alerts if a.kind == "zone_breach"] == []


def test_a_memory_made_with_other_rules_is_refused() -> None:
    hashes = {chart_hash(chart.make((), zones)) for zones in ((), (zone(rule_max_kn=8),), (zone(rule_max_kn=9),))}
    assert len(hashes) == 3
