"""Alerts as work through the API: two officers, who may what, silences, channels, many alerts."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alerts_at_work import HOSTILE, MINUTE, an_alert
from anchorwatch.edges.alerts import from_json
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.notify import Notifier, rules
from anchorwatch.edges.records import tame
from anchorwatch.model import rfc3339
from api_room import NOW, Desk, desk_in

ALERTS = "/api/v1/alerts"
ONE, TWO, THREE = (f"a1-{n:016x}" for n in (1, 2, 3))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A room in which nothing is done, because all is refused."""
    with desk_in(tmp_path_factory.mktemp("room")) as opened:
        yield opened


def act(desk: Desk, alert: str, who: str = "anna", status: int = 200, **action: Any) -> Any:
    return desk.post(f"{ALERTS}/{alert}/actions", action, who, status)


def test_an_alert_as_it_goes_out_is_that_of_the_contracts(desk: Desk) -> None:
    item = desk.get(f"{ALERTS}/{ONE}")
    kept = desk.room.store.alert(ONE)
    assert kept is not None
    assert item["alert"] == kept.alert
    assert desk.get(ALERTS)["alerts"][2]["alert"] == kept.alert
    assert from_json(item["alert"]) == from_json(kept.alert)
    assert item["work"]["state"] == "new" and item["silenced"] is None and item["seq"] == kept.seq
    assert desk.get(f"{ALERTS}/a1-0", status=404)["error"]["what"] == "no alert 'a1-0'"


def test_two_officers_and_one_alert(desk: Desk) -> None:
    seen = desk.get(f"{ALERTS}/{ONE}")["seq"]
    taken = act(desk, ONE, "ben", verb="take", seen=seen)
    assert taken["item"]["work"]["assigned_to"] == "ben" and taken["event"]["actor"] == "ben"
    error = act(desk, ONE, "anna", 409, verb="acknowledge", seen=seen)["error"]
    assert "ben: take" in error["what"] and error["where"] == ONE and error["next"]
    assert "ben has it in hand" in act(desk, ONE, "anna", 409, verb="take", seen=taken["item"]["seq"])["error"]["what"]
    assert act(desk, ONE, "chief", verb="assign", to="anna", seen=taken["item"]["seq"])["item"]["work"][
        "assigned_to"] == "anna"  # fmt: skip
    told = desk.get(f"{ALERTS}/{ONE}/history")["events"]
    assert desk.get(f"{ALERTS}/{ONE}/as-of/{told[-1]['seq']}")["id"] == ONE
    assert [(e["actor"], e["verb"]) for e in told] == [("watch", "raised"), ("ben", "take"), ("chief", "assign")]
    assert told[1]["at"] == rfc3339(NOW)


def test_what_the_crew_says_closes_nothing(desk: Desk) -> None:
    said: dict[str, Any] = {"text": f"anchors are up {HOSTILE}", "channel": "VHF 16", "with": "the master"}
    done = act(desk, ONE, verb="radio", **said)
    assert done["event"]["data"] == tame(said) and done["item"]["work"]["state"] == "new"
    assert done["item"]["work"]["radio"] == 1


def test_the_same_action_sent_twice_is_done_once(desk: Desk) -> None:
    first = act(desk, ONE, verb="note", text="called the owner", key="k1")
    assert act(desk, ONE, verb="note", text="called the owner", key="k1")["event"] == first["event"]
    assert desk.get(f"{ALERTS}/{ONE}")["work"]["notes"] == 1


@pytest.mark.parametrize(
    ("action", "status", "said"),
    [
        ({"verb": "close", "disposition": "innocent"}, 409, "needs its cause by name"),
        ({"verb": "assign"}, 400, "assign needs to"),
        ({"verb": "take", "to": "ben"}, 400, "take takes no field 'to'"),
        ({"verb": "reopen", "reason": "why not"}, 409, "the alert is not closed"),
        ({"verb": "sink"}, 422, "Input should be 'acknowledge'"),
        ({"verb": "note", "text": "x", "colour": "red"}, 422, "Extra inputs are not permitted"),
        ({"verb": "note", "text": "x" * 5000}, 422, "at most 4000 characters"),
    ],
)
def test_what_may_not_be_done_is_said_in_words(unchanged: Desk, action: dict[str, str], status: int, said: str) -> None:
    assert said in act(unchanged, ONE, "anna", status, **action)["error"]["what"]
    assert len(unchanged.get(f"{ALERTS}/{ONE}/history")["events"]) == 1


def test_a_viewer_looks_and_does_not_act(unchanged: Desk) -> None:
    assert unchanged.get(ALERTS, who="guest")["alerts"]
    for path, said in (
        (f"{ALERTS}/{ONE}/actions", {"verb": "acknowledge"}),
        (f"{ALERTS}/actions", {"alerts": [{"id": ONE}], "action": {"verb": "acknowledge"}}),
        ("/api/v1/silences", {"until": rfc3339(NOW + MINUTE), "reason": "x", "mmsi": 230_000_001}),
        ("/api/v1/channels/mail/test", {}),
    ):
        assert "officer" in (what := unchanged.post(path, said, "guest", 403)["error"]["what"]) or "supervisor" in what
    assert unchanged.ask("DELETE", "/api/v1/silences/s1-0", "guest").status_code == 403
    assert unchanged.room.store.last_seq() == 3


def test_a_screenful_is_acknowledged_at_once(desk: Desk) -> None:
    act(desk, TWO, "ben", verb="take")
    listed = [{"id": ONE}, {"id": TWO, "seen": 2}, {"id": "a1-none"}, {"id": THREE}]
    done = desk.post(f"{ALERTS}/actions", {"alerts": listed, "action": {"verb": "acknowledge", "key": "k"}})["outcomes"]
    assert [bool(o["event"]) for o in done] == [True, False, False, True]
    assert "ben: take" in done[1]["refused"] and "no such alert" in done[2]["refused"]
    assert [i["work"]["state"] for i in desk.get(f"{ALERTS}?state=acknowledged")["alerts"]] == ["acknowledged"] * 2


def test_alerts_by_what_they_are(desk: Desk) -> None:
    act(desk, ONE, verb="close", disposition="drill")

    def ids(asked: str) -> list[str]:
        return [i["alert"]["id"] for i in desk.get(f"{ALERTS}?{asked}")["alerts"]]

    assert ids("") == [THREE, TWO, ONE] and ids("order=level") == [TWO, ONE, THREE] and ids("order=changed")[0] == ONE
    assert ids("state=open") == [THREE, TWO] and ids("state=closed") == [ONE]
    assert ids("state=open&state=closed") == [THREE, TWO, ONE] and ids("state=new&state=closed") == [THREE, TWO, ONE]
    assert ids("level=alarm&level=caution") == [THREE, TWO] and ids("kind=ais_gap") == []
    assert ids("mmsi=230000002") == [TWO] and ids("asset=estlink-2&q=ship 3") == [THREE] and ids("asset=rig") == []
    second = an_alert(2).raised_us
    assert ids(f"since={rfc3339(second)}") == [THREE, TWO] and ids(f"until={rfc3339(second)}") == [ONE]


def test_silences_come_with_an_end_and_a_reason(desk: Desk) -> None:
    wish = {"until": rfc3339(NOW + 60 * MINUTE), "reason": "survey for the owner", "mmsi": 230_000_001}
    silence = desk.post("/api/v1/silences", wish, status=201)
    assert silence["by"] == "anna" and silence["at"] == rfc3339(NOW) and silence["ended"] is None
    assert desk.get(f"{ALERTS}/{ONE}")["silenced"]["id"] == silence["id"]
    assert [s["id"] for s in desk.get("/api/v1/silences")["silences"]] == [silence["id"]]
    ended = desk.ask("DELETE", f"/api/v1/silences/{silence['id']}", "ben").json()
    assert ended["ended_by"] == "ben" and ended["ended"] == rfc3339(NOW)
    assert desk.ask("DELETE", f"/api/v1/silences/{silence['id']}").status_code == 404
    assert desk.get("/api/v1/silences")["silences"] == []
    assert len(desk.get("/api/v1/silences?ended=true")["silences"]) == 1
    for wrong, status, said in (
        ({"until": rfc3339(NOW + 1500 * MINUTE)}, 400, "within 24 hours"),
        ({"until": "soon"}, 400, "'soon' is not a time"),
        ({"level": "alarm"}, 400, "by a supervisor"),
        ({"mmsi": None}, 400, "silence for what"),
        ({"asset": "nothing"}, 404, "no asset 'nothing'"),
    ):
        assert said in desk.post("/api/v1/silences", wish | wrong, status=status)["error"]["what"]


def test_drafts_accuse_nobody_and_are_drafts(desk: Desk) -> None:
    said = desk.get(f"{ALERTS}/{ONE}/drafts?station=Turku Radio")
    assert said["vhf_call"].startswith("DRAFT") and "Turku Radio" in said["vhf_call"] and "SHIP 1" in said["vhf_call"]
    assert said["navigational_warning"].startswith("DRAFT") and "SHIP 1" not in said["navigational_warning"]


def test_a_channel_is_tried_by_a_supervisor(desk: Desk) -> None:
    assert desk.get("/api/v1/channels")["channels"] == []
    assert desk.post("/api/v1/channels/tak/test", {}, "chief", 404)["error"]["next"] == "Channels are not set"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(5)
        text = f'[[channel]]\nname = "tak"\nurl = "cot+udp://127.0.0.1:{listener.getsockname()[1]}"\n'
        made = rules.of_text(text, "notify.toml", Secrets({}, None))
        desk.room.notifier = Notifier(made.channels, desk.room.store, desk.clock)
        assert [(c["name"], c["at_least"]) for c in desk.get("/api/v1/channels")["channels"]] == [("tak", "warning")]
        tried = desk.post("/api/v1/channels/tak/test", {}, "chief")
        assert tried["sent"] and tried["channel"] == "tak", tried
        assert b"<event" in listener.recv(65536)
    assert any(e.what == "channel tested" for e in desk.people.entries())


@pytest.mark.slow
def test_five_thousand_alerts_by_page(tmp_path: Path) -> None:
    with desk_in(tmp_path, alerts=5000) as desk:
        began = time.monotonic()
        seen: list[str] = []
        after = ""
        while True:
            page = desk.get(f"{ALERTS}?limit=1000{after}")
            seen += [i["alert"]["id"] for i in page["alerts"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert len(seen) == len(set(seen)) == 5000
        assert seen == [f"a1-{n:016x}" for n in range(5000, 0, -1)]
        assert time.monotonic() - began < 20
        assert sum(len(v) for v in desk.get("/api/v1/handover")["open"].values()) == 5000
