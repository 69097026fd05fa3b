"""What people and machines read of an alert, and that a vessel's name has no power over any of them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts_at_work import HOSTILE, MINUTE, T0, an_alert, next_word
from anchorwatch.edges.alerts import to_json
from anchorwatch.edges.notify import cot, words
from anchorwatch.edges.notify.broker import notice
from anchorwatch.edges.notify.channel import Failed, Message, Note
from anchorwatch.edges.records import json_line
from anchorwatch.judgement.work import Event, Work
from anchorwatch.model import Alert, AlertAsset, Vessel
from tries import tries

NAMES = [
    HOSTILE, "A\r\nBcc: all@example.org", "@everyone", "<!channel>", "[X](http://evil.example)", "</remarks><event/>",
    "&lt;b&gt; &#10;", "*B* _I_ `C` ~S~ #T", "EVIL.EXAMPLE", "%0d%0aX: 1", "\ud800\udfff\ufffe\x00\x9b31m",
    "${HOME} {id} \\u000a",
]  # fmt: skip
LINK = "https://watch.example.org/alerts/{id}"


def note(alert: Alert, verb: str = "raised", actor: str = "watch", before: bool = False, **data: Any) -> Note:
    event = Event(7, alert.raised_us, alert.id, actor, verb, data or {"level": alert.level})
    record: dict[str, Any] = json.loads(json_line(to_json(alert)))
    return Note(event, record, Work(alert.id).as_dict(), before)


def test_a_message_says_what_an_officer_needs() -> None:
    vessel = Vessel(518998865, 9329760, "EAGLE S", "E5U4", "CK", 80, "tanker", 228.0)
    asset = AlertAsset("estlink-2", "Estlink 2", "power_cable", 0.0, T0, 41.2, "schematic")
    said = words.message([note(an_alert(1, "alarm", vessel=vessel, assets=(asset,)))], LINK)
    assert said.title == "ALARM anchor drag: EAGLE S, Estlink 2"
    assert said.body.split("\n") == [
        "Raised at 2024-12-25 10:27 UTC.",
        "Vessel: EAGLE S, MMSI 518998865, IMO 9329760, call sign E5U4, flag CK, 228 m",
        "Asset: Estlink 2 (power cable), 0 m off, crossed 2024-12-25 10:26 UTC, route known roughly only",
        "Since: 2024-12-25 10:17 UTC",
        "Position: 59°54.0'N 025°36.0'E",
        "Why: Slows to 7.4 kn over Estlink 2.",
        "Could also be: engine trouble (check: call the vessel)",
        "Work: new",
        "Alert: https://watch.example.org/alerts/a1-0000000000000001",
    ]


def test_the_first_line_says_what_is_new() -> None:
    alarm = next_word(an_alert(), "alarm")
    said = words.message([note(alarm, "changed", level="alarm", was="warning")])
    assert said.body.startswith("Now alarm, before warning, at 2024-12-25 10:27 UTC.")
    gone = words.message([note(next_word(alarm, "withdrawn"), "withdrawn", level="withdrawn", was="alarm")])
    assert gone.title.startswith("WITHDRAWN anchor drag")
    told = words.message([note(alarm, "escalate", "anna", to="coast guard", reason="no answer on 16")])
    assert told.title.startswith("ALARM (escalated)")
    assert told.body.startswith("Escalated to coast guard by anna at 2024-12-25 10:27 UTC: no answer on 16")
    assert "may have been sent before" in words.message([note(alarm, before=True)]).body


def test_an_alert_of_no_vessel_and_no_asset() -> None:
    bare = an_alert(vessel=Vessel(0), assets=(), alternatives=(), explanation="", lon_deg=float("nan"))
    said = words.message([note(bare)])
    assert said.title == "WARNING anchor drag: no vessel named"
    assert "Vessel" not in said.body
    assert "None" not in said.body
    with pytest.raises(Failed, match="no place"):
        cot.event(note(bare), T0)


def test_a_digest_names_the_worst_first_and_not_all() -> None:
    notes = [note(an_alert(n, "alarm" if n == 40 else "caution")) for n in range(1, 41)]
    said = words.message(notes, LINK)
    lines = said.body.split("\n")
    assert said.title == "40 messages on alerts, the worst: ALARM"
    assert lines[0] == "2024-12-25 11:06 UTC ALARM anchor drag: SHIP 40, Estlink 2 (new)"
    assert lines[-2:] == ["... and 20 more", "Alerts: https://watch.example.org/alerts/"]
    assert len(said.body) < 4096  # what Telegram takes at most


def hostile(name: str) -> Alert:
    asset = AlertAsset(name, name, "power_cable", 1.0)
    vessel = Vessel(230_000_001, name=name, callsign=name, flag=name)
    return replace(an_alert(), vessel=vessel, assets=(asset,), explanation=name)


def checked(message: Message) -> None:
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]", message.title)
    body = message.body.replace(LINK.replace("{id}", "a1-0000000000000001"), "")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]", body)
    for text in (message.title, body):
        assert not set("<>&@*_`~|#[]\\") & set(text)
        assert "://" not in text
        assert not re.search(r"[^\W\d]\.[^\W\d]", text)
    assert len(body.split("\n")) <= 9  # no line more than there are


@given(st.text(max_size=80))
@example(NAMES[0])
def test_no_name_has_power_over_people(name: str) -> None:
    for text in (name, *NAMES):
        checked(words.message([note(hostile(text))], LINK))


@tries(15)
@given(st.text(max_size=80))
@example(NAMES[5])
def test_no_name_has_power_over_machines(name: str) -> None:
    for text in (name, *NAMES):
        data = cot.event(note(hostile(text * 20), before=True), T0)
        assert len(data) <= 1400  # one packet
        event = ET.fromstring(data)
        assert "may have been sent before" in str(event.findtext("detail/remarks"))
        assert [child.tag for child in event] == ["point", "detail"]
        assert [child.tag for child in event[1]] == ["remarks", "contact"]
        published = json_line(notice("duty", note(hostile(text)), T0))
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", published)
        assert json.loads(published)["alert"]["vessel"]["mmsi"] == 230_000_001


def test_a_point_on_the_map_is_always_of_unknown_affiliation() -> None:
    alert = an_alert(level="alarm")
    event = ET.fromstring(cot.event(note(alert), T0 + 5 * MINUTE))
    assert event.attrib == {
        "version": "2.0", "uid": "MMSI-230000001", "type": "a-u-S-X-M", "how": "m-g",
        "time": "2024-12-25T10:31:10Z", "start": "2024-12-25T10:27:10Z", "stale": "2024-12-25T11:31:10Z",
    }  # fmt: skip
    point, contact = event.find("point"), event.find("detail/contact")
    assert point is not None
    assert contact is not None
    assert (point.get("lat"), point.get("lon"), point.get("ce")) == ("59.9", "25.6", "9999999.0")
    assert contact.get("callsign") == "SHIP 1"
    assert "Could also be: engine trouble" in str(event.findtext("detail/remarks"))
    over = ET.fromstring(cot.event(note(next_word(alert, status="ended"), "ended"), T0 + 9 * MINUTE))
    assert over.get("stale") == over.get("time")
