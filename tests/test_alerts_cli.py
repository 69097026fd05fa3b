"""Alerts listed and worked from a terminal, against the real application behind a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alert_desk_room import Floor, at_home, floor_in, hostile_alert, made_alert
from alerts_at_work import next_word
from anchorwatch.cli.alert_words import cells
from anchorwatch.edges.feeds import CONNECTED, Health
from anchorwatch.judgement.work import Action, Actor
from api_room import MadeFeed

BEN = Actor("ben", "officer")
ONE, TWO, BAD = (made_alert(n).id for n in (1, 2, 0xABC))


@pytest.fixture
def floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Floor]:
    at_home(monkeypatch, tmp_path)
    with floor_in(tmp_path, made_alert(1), made_alert(2, "caution"), hostile_alert(0xABC)) as floor:
        yield floor


def harmless(text: str, columns: int = 10_000) -> None:
    """Nothing that reaches the terminal may steer it, nor be wider than it."""
    for line in text.split("\n"):
        assert all(c.isprintable() for c in line), repr(line)
        assert cells(line) <= columns, line


def test_the_list_says_what_matters_and_fits(floor: Floor) -> None:
    for columns in (80, 100, 139, 140, 200):
        out = floor.good("--state", "all", columns=columns)
        harmless(out, columns)
        lines = out.splitlines()
        assert lines[0].split() == ["ID", "LEVEL", "AGE", "NEXT", "IN", "STATE", "VESSEL", "ASSET"] + (
            ["WHY"] if columns >= 140 else []
        )
        assert lines[1].split()[1:6] == ["ALARM", "19d", "2h09", "new", "<img"]  # the worst first
        assert "Slows to 7.4 kn over Estlink 2." in out
        assert "no feed" in lines[-1]


def test_the_filters_ask_the_watch(floor: Floor) -> None:
    def ids(*words: str) -> list[str]:
        return [json.loads(line)["alert"]["id"] for line in floor.good(*words, "--json").splitlines()]

    assert ids("list") == [BAD, ONE, TWO]
    assert ids("--order", "raised") == [ONE, TWO, BAD]
    assert ids("--level", "caution", "--level", "warning", "--limit", "1") == [ONE]
    assert ids("--mmsi", "230000002") == [TWO]
    assert ids("--since", "15m") == [ONE]
    assert ids("--search", "ship 2") == [TWO]
    assert ids("--asset", "Estlink 2", "--kind", "anchor_drag") == [BAD, ONE, TWO]
    assert ids("--asset", "estlink-1") == ids("--state", "closed") == ids("--kind", "ais_gap") == []
    assert "No such alerts." in floor.good("--state", "closed")
    assert "2 assets fit. Give one of: estlink-1 (Estlink 1), estlink-2" in floor.bad("--asset", "Estlink")
    assert "no asset is called so" in floor.bad("--asset", "Nord Stream")
    assert "'yesterday' is not a time" in floor.bad("--since", "yesterday")
    assert "The first 1 only" in floor.good("--limit", "1")


def test_a_list_says_when_the_watch_hears_nothing(floor: Floor) -> None:
    feeds = (MadeFeed("mast", health=Health(CONNECTED, 1, 1)), MadeFeed("far\x1b[2J", health=Health("waiting")))
    floor.stand.room.feeds = feeds
    floor.stand.room.progress.troubles["disk"] = "the disk is full\x07"
    out = floor.good("list")
    harmless(out, 400)
    assert "0 of 2 feeds healthy" in out
    assert "TROUBLE: the disk is full" in out
    table = floor.good("feeds")
    harmless(table, 400)
    assert "not connected (waiting)" in table
    assert "leaves out: no fishing vessels" in table
    assert [json.loads(line)["name"] for line in floor.good("feeds", "--json").splitlines()] == ["mast", "far\x1b[2J"]


def test_one_alert_shows_all_that_an_officer_needs(floor: Floor) -> None:
    floor.good("radio", BAD, "--text", "Crew says\x1b[2J anchor is up", "--channel", "VHF 16", "--with", "EAGLE S")
    out = floor.good("show", "a1-000abc", "--drafts")
    harmless(out)
    for said in ("ALARM  anchor drag", "MMSI 230002748", "59 54.00 N  025 36.00 E", "12 m off", "call\\u000d her",
                 "estlink-1:", "80% sure", "anna: radio (channel VHF 16", "DRAFT: vhf call", "QUESTION."):  # fmt: skip
        assert said in out, said
    weights = [line.split()[-2:] for line in out.splitlines() if line.startswith(("  speed lost", "  prior"))]
    assert weights == [["+2.1", "+" * 11], ["-3.0", "-" * 16]]
    (together,) = [line for line in out.splitlines() if line.startswith("  together")]
    assert together.endswith("-0.9")
    record = json.loads(floor.good("show", BAD, "--json"))
    assert [e["verb"] for e in record["history"]] == ["raised", "radio"]


def test_every_verb_is_done(floor: Floor) -> None:
    assert floor.good("ack", ONE).startswith("acknowledged")
    assert floor.good("take", "000001", "--text", "calling").startswith("in hand: anna")
    floor.good("note", ONE, "--text", "no answer")
    floor.good("escalate", ONE, "--to", "coast guard", "--reason", "no answer")
    floor.good("assign", ONE, "--to", "ben")
    assert floor.work(ONE)["state"] == "escalated"
    assert floor.work(ONE)["assigned_to"] == "ben"
    assert "ben has it in hand" in floor.bad("close", ONE, "--as", "drill")
    floor.good("close", ONE, "--as", "innocent", "--cause", "engine trouble", who="chief")
    assert floor.work(ONE)["cause"] == "engine trouble"
    assert "closed: inn" in floor.good("--state", "closed")
    floor.good("reopen", ONE, "--reason", "moves again", who="chief")
    assert floor.work(ONE)["state"] == "acknowledged"
    verbs = [e.verb for e in floor.stand.room.store.history(ONE)]
    assert verbs == ["raised", "acknowledge", "take", "note", "escalate", "assign", "close", "reopen"]
    assert "an innocent alert needs its cause by name" in floor.bad("close", TWO, "--as", "innocent")
    assert "needs the role officer or above" in floor.bad("ack", TWO, who="guest")
    assert floor.work(TWO)["state"] == "new"


def test_of_several_each_is_done_or_refused_by_itself(floor: Floor) -> None:
    floor.good("ack", ONE)
    code, out, err = floor.run("ack", ONE, "a1-ffff", TWO, TWO)
    assert code == 2
    assert [line.split()[1] for line in out.splitlines()] == [TWO]
    assert "acknowledged already by anna" in err
    assert "a1-ffff: there is no such alert" in err
    assert err.count("\n") == 2


def test_an_id_is_named_by_a_beginning_that_no_other_has(floor: Floor) -> None:
    assert "2 alerts begin so" in floor.bad("ack", "a1-0000")
    for text in ("a1-", "00", "a1-%%%%", "a1-____", "\u00e4\u00e4\u00e4\u00e4\u00e4", "a1-" + "0" * 200, "\x00" * 9):
        assert "alert" in floor.bad("ack", text)
    assert floor.good("ack", BAD[:9].upper()).split()[1] == BAD


def test_who_was_overtaken_hears_by_whom_and_does_nothing(floor: Floor) -> None:
    floor.good("list")
    floor.stand.room.store.act(ONE, Action("note", {"text": "calls\x1b[2J the pilot"}), BEN)
    said = floor.bad("escalate", ONE, "--to", "navy", "--reason", "slow")
    harmless(said)
    assert "nothing was done: since you looked" in said
    assert "ben: note (calls\\u001b[2J the pilot)" in said
    assert floor.work(ONE)["state"] == "new"
    floor.good("escalate", ONE, "--to", "navy", "--reason", "slow")  # now they have heard it
    floor.good("show", TWO, who="chief")
    floor.stand.room.store.act(TWO, Action("take"), BEN)
    assert "ben: take" in floor.bad("close", TWO, "--as", "drill", who="chief")
    assert floor.work(TWO)["state"] == "in_hand"


def test_nobody_closes_over_the_last_word_of_the_watch(floor: Floor) -> None:
    floor.good("show", ONE)
    risen = next_word(made_alert(1), "alarm")
    floor.stand.room.store.record([risen], 2)
    said = floor.bad("close", ONE, "--as", "drill")
    assert "watch: changed (level alarm, was warning)" in said
    assert floor.work(ONE)["state"] == "new"
    floor.good("take", TWO, who="ben")
    said = floor.bad("take", TWO)  # no conflict, but refused: with its own reason
    assert "ben has it in hand" in said
    assert "since you looked" not in said
    floor.good("close", ONE, "--as", "drill")


def test_what_was_not_shown_before_counts_as_looked_at_now(floor: Floor, tmp_path: Path) -> None:
    floor.stand.room.store.act(ONE, Action("note", {"text": "x"}), BEN)
    (tmp_path / "state-anna" / "anchorwatch").mkdir(parents=True)
    (tmp_path / "state-anna" / "anchorwatch" / "seen.json").write_text('{"x": [')  # damaged
    floor.good("take", ONE)
    assert json.loads((tmp_path / "state-anna" / "anchorwatch" / "seen.json").read_text())


def test_silences_begin_are_listed_and_end(floor: Floor) -> None:
    out = floor.good("silence", "--mmsi", "230000001", "--hours", "2", "--reason", "known \x1b[2J to us")
    harmless(out)
    (running,) = floor.stand.room.store.silences()
    assert (running.mmsi, running.by, running.level) == (230_000_001, "anna", "warning")
    assert 1.9 < (running.until_us - running.at_us) / 3.6e9 < 2.1
    assert "(silenced)" in floor.good("--mmsi", "230000001")
    harmless(floor.good("silences"))
    floor.good("silence", "--box", "25,59,26,60", "--asset", "estlink 2", "--kind", "loitering", "--hours", "24",
               "--reason", "works")  # fmt: skip
    assert len(floor.good("silences", "--json").splitlines()) == 2
    assert "Ended." in floor.good("unsilence", running.id[:8])
    assert len(floor.stand.room.store.silences()) == 1
    assert "no such silence is in force" in floor.bad("unsilence", running.id)
    assert "alarms are silenced by a supervisor" in floor.bad(
        "silence", "--mmsi", "1", "--hours", "1", "--reason", "x", "--level", "alarm"
    )
    assert "silence for what" in floor.bad("silence", "--hours", "1", "--reason", "x")
    for box in ("1,2,3", "26,59,25,60", "nan,1,2,3", "0,95,1,96"):
        assert "box" in floor.bad("silence", "--hours", "1", "--reason", "x", "--box", box)


def test_the_handover_is_that_of_the_shift(floor: Floor) -> None:
    floor.good("note", BAD, "--text", "seen\x1b[2J")
    out = floor.good("handover", "--since", "1h")
    harmless(out)
    assert "OPEN: 1 alarm, 1 warning, 1 caution" in out
    assert "anna: 1 note" in out
    record: dict[str, Any] = json.loads(floor.good("handover", "--json"))
    assert record["schema"] == "anchorwatch.handover/1"
    assert "since is later than until" in floor.bad("handover", "--since", "1h", "--until", "2h")
