"""Draft texts: worth reading out, never accusing, never sent, whatever a vessel calls itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts_at_work import HOSTILE, T0, an_alert
from anchorwatch.detectors import discover
from anchorwatch.edges.alerts import to_json
from anchorwatch.judgement import drafts
from anchorwatch.model import AlertAsset, Vessel

WARNING = """\
251026 UTC DEC 24
[SERIES] NAV WARN [NUMBER]
BALTIC SEA. [LOCALITY].
SUBMARINE POWER CABLE IN VICINITY 59-54.0N 025-36.0E.
VESSELS REQUESTED NOT TO ANCHOR, TRAWL OR DREDGE WITHIN 1 NM.
CANCEL THIS MSG 261026 UTC DEC 24.
"""
ACCUSING = re.compile(r"sabotage|suspect|illegal|attack|damage (by|through) you|you (have )?(cut|damaged)|shadow", re.I)


def record(**changes: Any) -> dict[str, Any]:
    return to_json(an_alert(1, **{"level": "alarm", **changes}))


def warning(alert: dict[str, Any], **more: Any) -> str:
    return drafts.navigational_warning(alert, now_us=T0, **more)


def test_a_call_that_can_be_read_out() -> None:
    lines = drafts.vhf_call(record(), station="HELSINKI RESCUE").splitlines()
    assert lines[0].startswith("DRAFT for a person to read out. Nothing has been sent.")
    assert "    SHIP 1, SHIP 1, call sign Oscar Juliet two Alfa." in lines
    assert "    This is HELSINKI RESCUE, HELSINKI RESCUE. Over." in lines
    place = "near position 59 degrees 54.0 minutes North, 025 degrees 36.0 minutes East"
    assert f"    INFORMATION. Between 1017 UTC and 1027 UTC your vessel was {place}." in lines
    questions = [line.strip() for line in lines if "QUESTION." in line]
    assert questions[0] == "QUESTION. What is the reason for your reduced speed?"  # the innocent answer first
    assert "QUESTION. Are you dragging anchor?" in questions
    assert "An answer does not close the alert" in lines[-1]
    assert "written down" not in "\n".join(lines)
    assert "Calls written down so far: 2." in drafts.vhf_call(record(), {"radio": 2})


def test_a_warning_in_the_shape_of_the_manual() -> None:
    text = warning(record())
    assert text.startswith("DRAFT for the national coordinator") and text.endswith(WARNING)
    assert "SHIP" not in text and "230000001" not in text and "Estlink" not in text.replace("ESTLINK", "Estlink")
    damaged = warning(record(), work={"disposition": "confirmed_damage"}, hours=500, sea="Gulf of Bothnia")
    assert "SUBMARINE POWER CABLE REPORTED DAMAGED IN VICINITY" in damaged
    assert "CANCEL THIS MSG 281026 UTC DEC 24." in damaged and "GULF OF BOTHNIA. [LOCALITY]." in damaged
    rough = record(assets=(AlertAsset("c", "C", "telecom_cable", 900.0, geometry="schematic"),))
    assert "known only roughly" in warning(rough) and "SUBMARINE CABLE IN VICINITY" in warning(rough)


def test_where_a_vessel_was_not_seen_no_place_is_said() -> None:
    text = drafts.vhf_call(record(kind="ais_gap"))
    assert "Between 1017 UTC and 1027 UTC we received no AIS signal from your vessel." in text
    assert "degrees" not in text and "Seen: 2024-12-25 10:17 to 2024-12-25 10:27 UTC" in text


def test_an_area_of_interference_is_told_to_everybody() -> None:
    alert = record(kind="interference_area", vessel=Vessel(mmsi=0), assets=())
    assert "no one vessel to call" in drafts.vhf_call(alert)
    assert "INTERFERENCE TO GNSS REPORTED IN VICINITY 59-54.0N 025-36.0E." in warning(alert)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "identity_change"},
        {"assets": ()},
        {"lon_deg": float("nan")},
        {"level": "warning"},
        {"status": "withdrawn"},
    ],
)
def test_no_warning_where_others_need_do_nothing(changes: dict[str, Any]) -> None:
    assert warning(record(**changes)).startswith("DRAFT. No warning is suggested")


@pytest.mark.parametrize("kind", sorted(discover()))
def test_every_kind_has_a_draft_that_accuses_nobody(kind: str) -> None:
    alert = record(kind=kind)
    for text in (drafts.vhf_call(alert), warning(alert), warning(alert, work={"disposition": "confirmed_damage"})):
        assert text.startswith("DRAFT") and not ACCUSING.search(text)


TEXT = st.text(max_size=60) | st.just(HOSTILE)


@given(TEXT, TEXT, TEXT, st.floats(-90, 90), st.floats(-180, 180))
def test_whatever_comes_from_the_air(name: str, sign: str, said: str, lat: float, lon: float) -> None:
    alert = an_alert(1, "alarm", lat_deg=lat, lon_deg=lon, explanation=said)
    text = drafts.vhf_call(to_json(replace(alert, vessel=Vessel(mmsi=230_000_001, name=name, callsign=sign))))
    assert all(c.isprintable() or c == "\n" for c in text)
    assert len(text.split("\n")) == len(drafts.vhf_call(record()).split("\n"))
    sent = warning(to_json(alert))
    assert re.search(r"VICINITY \d\d-[0-5]\d\.\dN? ?", sent.replace("S ", "N "))
    assert all(re.fullmatch(r"[A-Z0-9 .,'()/&+\-\[\]]*", line) for line in sent.splitlines()[3:])
