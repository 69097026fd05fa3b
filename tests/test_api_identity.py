"""Who a vessel has said it is over time: the record, and what the API makes of it with watch lists."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pyais import encode_dict

from alerts_at_work import ANNA, HOSTILE, MINUTE, T0, StandingClock, an_alert
from anchorwatch import schema
from anchorwatch.chart import make
from anchorwatch.edges import identities
from anchorwatch.edges.identities import Identities, Value
from anchorwatch.edges.watch_lists import load
from anchorwatch.engine.job import Job
from anchorwatch.errors import BadStore
from anchorwatch.judgement.work import Action
from anchorwatch.model import rfc3339
from api_room import NOW, Desk, desk_in, statics
from house_at_work import read_up_to, watch

SHIP = 273_000_001
IMO, OTHER_IMO = 9329760, 9074729
API = "/api/v1"


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def record(tmp_path: Path, clock: StandingClock) -> Iterator[Identities]:
    made = Identities(tmp_path / "identities.sqlite", clock)
    yield made
    made.close()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("room")) as desk:
        yield desk


@pytest.fixture
def desk(opened: Desk, tmp_path: Path) -> Iterator[Desk]:
    """The same room for all, with a record that knows nobody yet and no watch list."""
    room = opened.room
    before = room.identities
    room.identities, room.watch_lists = Identities(tmp_path / "identities.sqlite", opened.clock), load([])
    yield opened
    room.identities.close()
    room.identities = before


def heard(record: Identities | None, at_us: int, seq: int = 0, mmsi: int = SHIP, **fields: Any) -> None:
    assert record is not None
    record.add(statics([{"time_us": at_us, "mmsi": mmsi} | fields]), seq)


def names(record: Identities, mmsi: int = SHIP) -> list[Value]:
    return sorted((v for v in record.of(mmsi) if v.field == "name"), key=lambda v: v.since_us)


# ---- the record


def test_each_value_is_kept_with_its_times(record: Identities) -> None:
    for minute, name in enumerate(["MINERVA", "MINERVA", "EAGLE S", "MINERVA"]):
        heard(record, T0 + minute * MINUTE, name=name, length_m=228.0, beam_m=32.5, imo=IMO, ship_type=80, ship_class=2)
    assert names(record) == [Value("name", "MINERVA", T0, T0 + 3 * MINUTE, 3),
                             Value("name", "EAGLE S", T0 + 2 * MINUTE, T0 + 2 * MINUTE, 1)]  # fmt: skip
    rest = {v.field: v.value for v in record.of(SHIP) if v.field != "name"}
    assert rest == {"imo": str(IMO), "ship_type": "80", "length_m": "228", "beam_m": "32.5"}
    before = record.of(SHIP)
    record.flush()
    assert sorted(record.of(SHIP)) == sorted(before), "written or not, it is the same"


def test_what_is_not_said_is_not_kept(record: Identities) -> None:
    heard(record, T0, ship_class=schema.TANKER)
    heard(record, 0, name="NO TIME")
    record.add(statics([{"time_us": T0 + 11 * MINUTE, "mmsi": SHIP, "name": "AHEAD"}]), now_us=T0)
    assert record.of(SHIP) == [Value("ship_class", "tanker", T0, T0, 1)], "the class alone, where no type says it"


def test_it_survives_a_restart_and_counts_nothing_twice(tmp_path: Path, clock: StandingClock) -> None:
    file = tmp_path / "identities.sqlite"
    first = Identities(file, clock)
    heard(first, T0, 1, name="MINERVA")
    first.flush()
    heard(first, T0 + MINUTE, 2, name="MINERVA")
    heard(first, T0 + MINUTE, 2, name="EAGLE S")
    first.close()
    again = Identities(file, clock)
    assert again.written_seq == 2
    heard(again, T0 + MINUTE, 2, name="MINERVA")  # the raw log, heard again
    heard(again, T0 + 2 * MINUTE, 3, name="MINERVA")
    assert [(v.value, v.times) for v in names(again)] == [("MINERVA", 3), ("EAGLE S", 1)]
    again.begin_after(1)  # of another log, which is shorter
    heard(again, T0 + 3 * MINUTE, 1, name="MINERVA")
    assert names(again)[0].times == 4
    again.close()


def test_a_kill_loses_no_value(tmp_path: Path, clock: StandingClock) -> None:
    file = tmp_path / "identities.sqlite"
    killed = Identities(file, clock)
    for seq, name in enumerate(["MINERVA", "MINERVA", "EAGLE S"], 1):
        heard(killed, T0 + seq * MINUTE, seq, name=name)
        killed.flush()  # as each checkpoint does
    after = Identities(file, clock)
    assert [(v.value, v.times) for v in names(after)] == [("MINERVA", 1), ("EAGLE S", 1)], "not yet: heard once more"
    clock.us += 3600 * 1_000_000
    heard(killed, T0 + 4 * MINUTE, 4, name="EAGLE S")
    killed.flush()
    assert [(v.value, v.times) for v in names(after)] == [("MINERVA", 2), ("EAGLE S", 2)], "within the hour it is"
    killed.close()
    after.close()


def test_a_flood_of_names_is_bounded_and_leaves_the_first(record: Identities) -> None:
    for k in range(200):
        heard(record, T0 + k * MINUTE, name=f"NAME {k}", destination=f"PORT {k % 3}")
        if k % 50 == 49:
            record.flush()
    kept = [v.value for v in names(record)]
    assert kept == [f"NAME {k}" for k in (*range(5), *range(165, 200))]
    assert sum(v.field == "destination" for v in record.of(SHIP)) == 3


def test_a_full_file_forgets_who_was_not_heard_for_longest(record: Identities, monkeypatch: pytest.MonkeyPatch) -> None:
    record.add(statics([{"time_us": T0 + k, "mmsi": SHIP + k, "name": f"SHIP {k}"} for k in range(2000)]))
    record.flush()
    monkeypatch.setattr(identities, "MOST_BYTES", 50_000)
    heard(record, T0 + MINUTE, name="ONE MORE")
    record.flush()
    assert names(record, SHIP + 100) == [] and names(record, SHIP + 1999) and len(names(record)) == 1


def test_a_disk_that_refuses_is_said_and_nothing_is_lost(record: Identities, monkeypatch: pytest.MonkeyPatch) -> None:
    heard(record, T0, 1, name="MINERVA")
    with monkeypatch.context() as patch:
        patch.setattr(identities, "_put", lambda *_: (_ for _ in ()).throw(sqlite3.OperationalError("disk is full")))
        with pytest.raises(BadStore, match="disk is full"):
            record.flush()
    assert names(record)[0].times == 1 and record.written_seq == 0
    record.flush()
    assert names(record)[0].times == 1 and record.written_seq == 1


def test_a_damaged_file_is_put_aside(tmp_path: Path, clock: StandingClock) -> None:
    file = tmp_path / "identities.sqlite"
    file.write_bytes(b"no database at all" * 1000)
    made = Identities(file, clock)
    heard(made, T0, name="MINERVA")
    made.close()
    assert (tmp_path / "identities.damaged").read_bytes().startswith(b"no database")
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT value FROM said").fetchall() == [("MINERVA",)]


def test_what_is_due_is_written_by_itself(record: Identities, clock: StandingClock) -> None:
    heard(record, T0, 7, name="MINERVA")
    record.tick()
    assert record.written_seq == 0
    clock.us += 61 * 1_000_000
    record.tick()
    job = record._job
    assert job is not None
    job.result()
    record.tick()
    assert record.written_seq == 7


# ---- the API


def test_the_identity_of_a_vessel_over_time(desk: Desk) -> None:
    room = desk.room
    for minute, name in [(0, "MINERVA"), (9, HOSTILE)]:
        heard(room.identities, NOW - (90 - minute) * MINUTE, name=name, imo=IMO, destination="USTLUGA")
    heard(room.identities, NOW, mmsi=SHIP + 1, imo=IMO, name="TWIN")
    heard(room.identities, NOW, mmsi=SHIP + 2, imo=OTHER_IMO, name="STRANGER")
    answer = desk.get(f"{API}/vessels/{SHIP}/identity")
    assert [s["field"] for s in answer["said"]] == ["name", "name", "imo", "destination"]
    new, old = answer["said"][:2]
    assert old["value"] == "MINERVA" and old["until"] == rfc3339(NOW - 90 * MINUTE)
    assert "\\u001b[2J\\u202e" in new["value"] and "\x1b" not in new["value"]
    assert answer["same_imo"] == [{"mmsi": SHIP + 1, "name": "TWIN", "imo": IMO}]
    assert answer["listings"] == [] and answer["lists"] == 0


def test_an_imo_number_that_cannot_be_one_joins_nobody(desk: Desk) -> None:
    for mmsi in (SHIP, SHIP + 1):
        heard(desk.room.identities, NOW, mmsi=mmsi, imo=1_234_568)
    answer = desk.get(f"{API}/vessels/{SHIP}/identity")
    assert answer["said"][0]["value"] == "1234568" and answer["same_imo"] == []


def test_all_alerts_of_a_vessel_are_counted(desk: Desk) -> None:
    store = desk.room.store
    store.record([an_alert(n, "alarm", vessel=an_alert(77).vessel) for n in range(100, 112)], 500)
    store.act(an_alert(100).id, Action("close", {"disposition": "false_detection", "text": "a buoy"}), ANNA)
    answer = desk.get(f"{API}/vessels/{an_alert(77).vessel.mmsi}/identity")
    assert answer["alerts"] == {"caution": 0, "warning": 0, "alarm": 12}


def test_what_is_heard_of_now_is_told_where_there_is_no_record(desk: Desk) -> None:
    record, desk.room.identities = desk.room.identities, None
    said = desk.get(f"{API}/vessels/230000003/identity")["said"]
    desk.room.identities = record
    assert {s["field"]: s["value"] for s in said}["destination"] == "USTLUGA" and said[0]["until"] == rfc3339(NOW)


def test_what_it_says_now_is_said_until_its_last_place(desk: Desk) -> None:
    for name in ("OLD NAME", "EAGLE S"):  # as tables tell it: once
        heard(desk.room.identities, NOW - 60 * MINUTE, mmsi=230_000_003, name=name)
    said = desk.get(f"{API}/vessels/230000003/identity")["said"]
    untils = [(s["value"], s["until"]) for s in said]
    assert untils == [("EAGLE S", rfc3339(NOW)), ("OLD NAME", rfc3339(NOW - 60 * MINUTE))]


def test_a_vessel_that_nobody_heard_has_an_empty_record(desk: Desk) -> None:
    answer = desk.get(f"{API}/vessels/999999999/identity")
    assert answer["said"] == answer["listings"] == [] and answer["alerts"] == {"caution": 0, "warning": 0, "alarm": 0}
    assert desk.ask("GET", f"{API}/vessels/12345678901/identity").status_code == 422
    assert desk.ask("GET", f"{API}/vessels/{SHIP}/identity", who="").status_code == 401
    assert desk.ask("GET", f"{API}/vessels/{SHIP}/identity?x=1").status_code == 400


def listed(desk: Desk, folder: Path, *rows: str) -> None:
    file = folder / "ours.csv"
    file.write_text("imo,mmsi,name,flag,list,date,note\n" + "\n".join(rows) + "\n", encoding="utf-8")
    desk.room.watch_lists = load([str(file)])


def test_listings_say_by_what_they_match(desk: Desk, tmp_path: Path) -> None:
    listed(
        desk, tmp_path, f"{IMO},,EAGLE S,CK,EU Council,2024-01-01,shadow fleet", f",{SHIP},OTHER NAME,,Ours,,",
        ",,MINERVA STAR,RU,Ours by name,,\x1b[2Jpapers", f"{OTHER_IMO},,,,Not listed yet,2099-01-01,",
        "9074731,,NOBODY,,Bad number,,",
    )  # fmt: skip
    heard(desk.room.identities, NOW - 9 * MINUTE, name="MINERVA STAR", imo=IMO)
    heard(desk.room.identities, NOW, name="INNOCENT", imo=OTHER_IMO)
    answer = desk.get(f"{API}/vessels/{SHIP}/identity")
    found = [(g["list"], g["matched_by"], g["sure"], g["former"]) for g in answer["listings"]]
    assert found == [("Ours", "mmsi", True, False), ("EU Council", "imo", True, True),
                     ("Ours by name", "name_and_flag", False, True)]  # fmt: skip
    assert answer["lists"] == 1
    eu, by_name = answer["listings"][1:]
    assert (eu["file"], eu["imo"], eu["flag"], eu["since"]) == ("ours.csv", IMO, "CK", "2024-01-01T00:00:00Z")
    assert eu["dated_by"] == "file" and by_name["since"] is None and by_name["note"] == "\\u001b[2Jpapers"


# ---- the watch


@pytest.mark.slow
def test_a_watch_keeps_what_it_hears_over_restarts(tmp_path: Path, clock: StandingClock) -> None:
    file, data = tmp_path / "heard.nmea", tmp_path / "data"
    at_sea = encode_dict({"type": 1, "mmsi": SHIP, "lon": 25.0, "lat": 60.0, "speed": 9.0, "course": 90.0})
    for watches, name in enumerate(["MINERVA", "MINERVA", "EAGLE S"], 1):
        static = encode_dict({"type": 5, "mmsi": SHIP, "shipname": name, "imo": IMO, "destination": "USTLUGA"})
        with file.open("a", encoding="ascii") as growing:
            growing.writelines(line + "\n" for line in (*at_sea, *static))
        watch(Job(make(()), {}), data, [f"file:{file}"], read_up_to(file))
        kept = Identities(data / "identities.sqlite", clock)
        told = {(v.field, v.value): v.times for v in kept.of(SHIP)}
        kept.close()
        assert told["imo", str(IMO)] == told["destination", "USTLUGA"] == watches
    assert told["name", "MINERVA"] == 2 and told["name", "EAGLE S"] == 1
