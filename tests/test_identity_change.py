"""A change of identity from raw static reports to the alert: noise stays quiet, what goes to and fro is told."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import schema
from anchorwatch.detectors import identity_change
from anchorwatch.engine import batch
from anchorwatch.picture import identity, statements
from made_sea import MINUTE_US, START_US, lat_of, lon_of, position_frame, scan, sea, static_frame, traffic_of

MMSI = 671_756_000
HONG_TAI, OTHER = 9_074_729, 9_329_760
KNOWN = {"name": "HONG TAI 58", "imo": HONG_TAI, "callsign": "5VAB1", "length_m": 90.0}
NEW = {"name": "JIN LONG 389", "imo": OTHER, "callsign": "5VAB1", "length_m": 90.0}


def watched(reports: list[tuple[float, dict[str, Any]]], hours: float = 30.0, kn: float = 0.5) -> batch.Result:
    """Scan one vessel near the cable that says this, each at its minute, among others that keep time going."""
    minutes = np.arange(0.0, hours * 60, 2.0)
    x = 200.0 * np.sin(minutes / 60.0)
    rows = [
        position_frame(
            time_us=START_US + (minutes * MINUTE_US).astype(np.int64), mmsi=mmsi, lon_deg=lon_of(0) + (x + x0) / 61_000,
            lat_deg=lat_of(y), sog_kn=kn, cog_deg=90.0, nav_status=0,
        )
        for mmsi, x0, y in ((MMSI, 0.0, -900.0), (MMSI + 1, 30_000.0, 9_000.0))
    ]  # fmt: skip
    said = [{"time_us": START_US + int(m // 2 * 2 * MINUTE_US), "mmsi": MMSI} | r for m, r in reports]
    return scan(traffic_of(pl.concat(rows), said))


def told(result: batch.Result) -> list[tuple[str, str]]:
    return [(a.kind, a.level) for a in result.alerts if a.kind == "identity_change"]


def each(minutes: range, report: dict[str, Any]) -> list[tuple[float, dict[str, Any]]]:
    return [(float(m), report) for m in minutes]


def test_to_and_fro_beside_a_cable_is_told_with_both_names() -> None:
    said = each(range(0, 300, 6), KNOWN) + each(range(300, 900, 6), NEW) + each(range(900, 1500, 6), KNOWN)
    alert = next(a for a in watched(said).alerts if a.kind == "identity_change")
    assert alert.level == "warning"
    assert {"new_name", "new_imo", "to_and_fro"} <= {r.name for r in alert.reasons}
    assert (alert.vessel.name, alert.extra["identity"]["before"]["name"]) == ("HONG TAI 58", "HONG TAI 58")
    assert "9074729" not in alert.vessel.name
    shown = [line["at"] for line in alert.extra["levels"]]
    assert len(shown) == 2  # a caution with the first change, a warning when it changed back
    assert [a.kind for a in alert.assets] == ["power_cable"]


def test_a_change_adds_to_what_the_vessel_does() -> None:
    said = each(range(0, 300, 6), KNOWN) + each(range(300, 1500, 6), NEW)
    with_it, without = watched(said), watched(each(range(0, 1500, 6), KNOWN))
    others = {a.kind: a.score for a in without.alerts if a.vessel.mmsi == MMSI}
    assert others
    for alert in with_it.alerts:
        if alert.kind in others:
            assert "identity_changed" in {r.name for r in alert.reasons}
            assert alert.score > others[alert.kind]
    assert told(with_it) == [("identity_change", "caution")]


@pytest.mark.parametrize(
    "noise",
    [
        [(100.0, NEW)],  # heard once: a corrupt message that passed its checksum
        each(range(100, 400, 6), KNOWN | {"name": "HONG TAI 58@@@@"}),
        each(range(100, 400, 6), KNOWN | {"name": "hong  tai 58 "}),
        each(range(100, 400, 6), KNOWN | {"name": "HONG TAI"}),
        each(range(100, 400, 6), KNOWN | {"draught_m": 5.0, "destination": "KAOHSIUNG", "ship_type": 79}),
        each(range(100, 400, 6), {"callsign": "5VAB1", "ship_type": 70}),  # type 24 B
        each(range(100, 400, 6), {"name": "HONG TAI 58"}),  # type 24 A
        each(range(100, 400, 6), KNOWN | {"imo": 9_074_728}),  # cannot be one
        each(range(100, 400, 6), KNOWN | {"imo": 0, "length_m": math.nan, "callsign": ""}),
    ],
    ids=["once", "padding", "case", "cut short", "voyage", "24 B", "24 A", "bad imo", "nothing"],
)
def test_noise_is_no_change(noise: list[tuple[float, dict[str, Any]]]) -> None:
    result = watched(each(range(0, 100, 6), KNOWN) + noise + each(range(400, 500, 6), KNOWN))
    assert [f for f in result.findings if f.detector == "identity_change"] == []


def test_an_ordinary_renaming_is_a_finding_and_no_alert() -> None:
    renamed = KNOWN | {"name": "SEA BREEZE"}
    result = watched(each(range(0, 300, 6), KNOWN) + each(range(300, 900, 6), renamed))
    (finding,) = (f for f in result.findings if f.detector == "identity_change")
    assert finding.values["changes"] == 1.0
    assert told(result) == []


def test_two_sets_that_take_turns_every_few_minutes_stay_low() -> None:
    said = [(float(m), KNOWN if m % 12 < 6 else KNOWN | {"name": "PILOT BOAT"}) for m in range(0, 900, 6)]
    assert told(watched(said)) in ([], [("identity_change", "caution")])


def test_a_statement_says_where_the_vessel_was() -> None:
    reports = static_frame([{"time_us": t, "mmsi": MMSI, "name": " Eagle  s@@"} for t in (10, 20, 30)])
    places = np.array([(20, MMSI, lon_of(0.0), lat_of(-500.0))], statements.SPOKE)
    sightings = identity.add(identity.start(), [reports])
    (row,) = statements.statements(sightings, 0, 100, places, sea())
    assert (row["time_us"], row["name"], row["asset"]) == (20, b"EAGLE S", 0)
    assert row["asset_m"] == pytest.approx(500.0, rel=0.01)
    assert statements.statements(sightings, 21, 100, places, sea()).size == 0
    (nowhere,) = statements.statements(sightings, 0, 100, places[:0], sea())
    assert nowhere["asset"] == -1 and math.isnan(nowhere["lon_deg"])


def test_the_names_of_real_vessels_are_not_taken_for_each_other(shared: Path) -> None:
    """Names that are near each other in a real register: few of different ships pass for spellings of one."""
    vessels = json.loads((shared / "ais/digitraffic_identities_2025-12-11.json").read_text(encoding="utf-8"))["vessels"]
    names = sorted({statements.tidied(str(v.get("name") or ""))[:20] for v in vessels} - {b""})
    tidy = [identity_change.letters(n) for n in names]
    assert len(tidy) > 1000
    pairs = list(pairwise(tidy))  # neighbours in the alphabet are the most alike
    same = [p for p in pairs if min(map(len, p)) >= 4 and not identity_change.other_name(*p, 0.25)]
    assert len(same) < 0.15 * len(pairs)
    far = list(zip(tidy, tidy[len(tidy) // 2 :], strict=False))
    assert sum(not identity_change.other_name(*p, 0.25) for p in far) < 0.01 * len(far)


@given(imo=st.integers(-10, 10_000_010))
def test_the_check_digit_is_that_of_the_registry(imo: int) -> None:
    assert identity_change.valid_imo(imo) == identity.valid_imo(imo)


def test_statement_layout_is_what_ais_sends() -> None:
    assert schema.STATEMENT["name"].itemsize == 20 and schema.STATEMENT["callsign"].itemsize == 7
