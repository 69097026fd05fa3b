"""Watch lists: every public layout is read, hostile files cost a counted row, and a listing accuses nobody alone."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from math import exp
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import cli
from anchorwatch.cli import doctor
from anchorwatch.edges import listings, watch_lists
from anchorwatch.edges.alerts import to_json
from anchorwatch.errors import BadInput
from anchorwatch.judgement.judge import LEVEL_AT, PRIOR, Docket, judge, level_of, score_of
from anchorwatch.judgement.watch_list import MOST, Entry, WatchList, WatchLists
from anchorwatch.model import Alert, Vessel
from anchorwatch.picture.flags import flag_of
from made_sea import START_US
from test_judge import DETECTORS, MMSI, context, finding
from tries import tries

IMO = 9_074_729
DAY_US = 86_400_000_000
NOW = START_US + 30 * DAY_US

OWN = "imo,mmsi,name,flag,list,date,note\n9074729,,EXAMPLE STAR,PA,harbour office,2024-05-01,look at papers\n"
SIMPLE = (
    '"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions","phones","emails",'
    '"program_ids","dataset","first_seen","last_seen","last_change"\n'
    '"a","Vessel","EXAMPLE STAR","","","pa","","IMO9074729;123456789","2024-05-01;Article 3s","","","EU-RUS",'
    '"EU Journal","2024-05-02T00:00:00","2025-01-02T00:00:00","2024-06-01T00:00:00"\n'
    '"b","Person","EXAMPLE STAR","","","pa","","","","","","","EU Journal","","2025-01-02T00:00:00",""\n'
)
MARITIME = (
    "type,caption,imo,risk,countries,flag,mmsi,id,url,datasets,aliases\n"
    "VESSEL,EXAMPLE STAR,IMO9074729,mare.detained;reg.warn,pa,pa,351000001;273000009,x,u,paris_mou,\n"
    "ORGANIZATION,EXAMPLE LINE,IMO9074729,sanction,pa,,,y,u,us_ofac_sdn,\n"
)
SDN = (
    '4243,"EXAMPLE STAR","vessel","CUBA",-0- ,-0- ,"Cargo",-0- ,-0- ,"Panama",-0- ,'
    "\"Vessel Registration Identification IMO 9074729; MMSI 351000001; f.k.a. 'OLD'.\"\n"
    '306,"BANK",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"a.k.a. \'B\'."\n\x1a\n'
)
UK = (
    "Report Date: 13-Feb-2026\nLast Updated,Unique ID,Name 6,Name 1,Name type,Regime Name,Designation Type,"
    "Date Designated,IMO number,Current believed flag of ship\n"
    "31/07/2024,RUS1,EXAMPLE STAR,,Primary Name,Russia,Ship,31/07/2024,IMO9074729,Panama\n"
    "31/07/2024,RUS2,SOMEBODY,,Primary Name,Russia,Individual,31/07/2024,,\n"
)
OFSI = (
    "Last Updated,03/06/2025\nName 6,Name 1,Name 2,Name 3,Name 4,Name 5,Other Information,Group Type,Alias Type,"
    "Regime,Listed On,Last Updated,Group ID\n"
    "EXAMPLE STAR,,,,,,(IMO number):9074729 (Current owners):X (Flag of ship):Panama,Ship,Primary name,DPRK,"
    "30/03/2018,31/12/2020,1\n"
)
LAYOUTS = {
    "own layout": (OWN, "harbour office", "2024-05-01"),
    "OpenSanctions targets.simple": (SIMPLE, "EU Journal", "2024-05-01"),
    "OpenSanctions maritime": (MARITIME, "paris_mou", None),
    "OFAC SDN": (SDN, "OFAC SDN", None),
    "UK Sanctions List": (UK, "UK Sanctions List", "2024-07-31"),
    "OFSI consolidated list": (OFSI, "UK OFSI", "2018-03-30"),
}


def written(folder: Path, text: str | bytes, name: str = "list.csv") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


# ---- layouts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_gives_the_same_ship(layout: str, tmp_path: Path) -> None:
    text, who, listed = LAYOUTS[layout]
    source = watch_lists.read(written(tmp_path, text))
    (entry,) = source.entries
    assert (source.layout, entry.list, entry.imo, entry.name, entry.flag) == (layout, who, IMO, "EXAMPLE STAR", "PA")
    assert entry.listed_us == (listings.time_of(listed) if listed else 0)
    passed_over = ("ORG", "Person", "Individual", "BANK")
    assert source.counts == ({"not_a_vessel": 1} if any(w in text for w in passed_over) else {})


def test_the_age_of_a_list_is_that_of_its_contents_where_it_says_so(tmp_path: Path) -> None:
    dates = {"OpenSanctions targets.simple": "2025-01-02", "UK Sanctions List": "2026-02-13",
             "OFSI consolidated list": "2025-06-03"}  # fmt: skip
    for layout, date in dates.items():
        source = watch_lists.read(written(tmp_path, LAYOUTS[layout][0]))
        assert (listings.date_of(source.dated_us), source.dated_by) == (date, "contents")
    assert watch_lists.read(written(tmp_path, SDN)).dated_by == "file"


def test_all_mmsis_of_a_reflagged_ship_are_kept(tmp_path: Path) -> None:
    (entry,) = watch_lists.read(written(tmp_path, MARITIME)).entries
    assert entry.mmsis == (351_000_001, 273_000_009)
    assert "mare.detained" in entry.note  # a detention for deficient lifeboats is no sanction: in the list's own words


def test_real_lists_are_read(shared: Path) -> None:
    source = watch_lists.read(str(shared / "registry" / "sanctioned_vessels_ofac_uk.csv"))
    assert len(source.entries) > 1500
    assert sum(bool(e.imo) for e in source.entries) > 1500
    assert source.counts["not_a_vessel"] == 138
    lists = WatchLists((source,))
    assert {h.entry.list for h in lists.hits(Vessel(351_000_001, imo=7_406_784), NOW)} == {"OFAC_SDN"}


@pytest.mark.parametrize(
    ("text", "code"),
    [("PA", "PA"), ("pa", "PA"), ("Panama", "PA"), ("St. Kitts & Nevis", "KN"), ("Cook Islands", "CK"),
     ("Democratic People's Republic of Korea", "KP"), ("Atlantis", ""), ("", ""), ("Unknown", "")],
)  # fmt: skip
def test_flags_by_code_or_name(text: str, code: str) -> None:
    assert listings.flag_code(text) == code


# ---- hostile files --------------------------------------------------------------------------------


def test_a_number_that_cannot_be_one_matches_nobody(tmp_path: Path) -> None:
    text = OWN + "9074728,219000001,TYPING ERROR,PA,x,,\n1234568,12,,,x,,\n,,ONLY A NAME,,x,,\n"
    source = watch_lists.read(written(tmp_path, text))
    assert [e.imo for e in source.entries] == [IMO, 0]
    assert source.counts == {"bad_imo": 2, "bad_mmsi": 1, "nothing_to_match_on": 2}


@pytest.mark.parametrize("cell", ["IMO 9074729", "9074729.0", '="9074729"', " 9074729 ", "imo9074729"])
def test_numbers_as_spreadsheets_leave_them(cell: str, tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["IMO", "Name"], [cell, "=HYPERLINK(A1)\x1b[2J"]])
    (entry,) = watch_lists.read(written(tmp_path, out.getvalue())).entries
    assert entry.imo == IMO
    assert "\x1b" not in entry.name


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(coding: str, tmp_path: Path) -> None:
    (entry,) = watch_lists.read(written(tmp_path, OWN.replace("STAR", "ÅSE").encode(coding))).entries
    assert entry.name == "EXAMPLE ÅSE"


def test_a_huge_cell_costs_its_row_only(tmp_path: Path) -> None:
    text = OWN + f"9187629,,{'A' * 200_000},PA,x,,\n" + "9187643,,BEHIND IT,PA,x,,\n"
    source = watch_lists.read(written(tmp_path, text))
    assert {IMO, 9_187_643} <= {e.imo for e in source.entries}
    assert source.counts == {"too_long": 1}


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "a,b\n1,2\n", "imo,mmsi,name\n", "\x00\x01\x02PNG", "<html><body>Service unavailable</body></html>",
     "name,name\nA,B\n", '"never ends\n' * 3],
)  # fmt: skip
def test_what_is_no_list_is_said_in_one_line(text: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as told:
        watch_lists.read(written(tmp_path, text))
    assert told.value.where and "\n" not in str(told.value) and "docs/watch_lists.md" in str(told.value)


@pytest.mark.parametrize("path", ["nowhere.csv", ".", "-"])
def test_no_file(path: str) -> None:
    with pytest.raises(BadInput):
        watch_lists.read(path)


@given(st.binary(max_size=300), st.sampled_from([t[0] for t in LAYOUTS.values()]))
@tries(60)
def test_garbage_after_a_header_never_breaks_it(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "garbage.csv"
    path.write_bytes(text.encode() + tail)
    try:
        assert any(e.imo == IMO for e in watch_lists.read(str(path)).entries)
    except BadInput:
        assert b"\0" in tail  # bytes that no text has


# ---- matching -------------------------------------------------------------------------------------


def listed(*entries: Entry) -> WatchLists:
    return WatchLists((WatchList("list.csv", "own layout", NOW, "contents", "abc", entries),))


FLAG = flag_of(MMSI)
ENTRY = Entry("EU", IMO, (MMSI,), "Example Star", FLAG)


@pytest.mark.parametrize(
    ("vessel", "by", "sure"),
    [
        (Vessel(1, imo=IMO), "imo", True),
        (Vessel(MMSI, imo=IMO, name="EXAMPLE STAR", flag=FLAG), "imo", True),
        (Vessel(MMSI), "mmsi", True),
        (Vessel(MMSI, imo=9_187_629), "mmsi", False),  # the number went to another hull, or the hull lies
        (Vessel(1, name="M/V EXAMPLE-STAR", flag=FLAG), "name_and_flag", False),
    ],
)  # fmt: skip
def test_matched_on_imo_first_then_mmsi_then_possibly_by_name(vessel: Vessel, by: str, sure: bool) -> None:
    assert [(h.by, h.sure) for h in listed(ENTRY).hits(vessel, NOW)] == [(by, sure)]


@pytest.mark.parametrize(
    "vessel",
    [Vessel(1), Vessel(1, name="EXAMPLE STAR"), Vessel(1, name="EXAMPLE STAR", flag="XX"),
     Vessel(1, imo=9_187_629, name="EXAMPLE STAR", flag=FLAG)],
)  # fmt: skip
def test_a_name_alone_or_of_another_hull_is_no_match(vessel: Vessel) -> None:
    assert listed(ENTRY).hits(vessel, NOW) == ()


def test_a_watch_knows_no_listing_before_its_day() -> None:
    later = listed(ENTRY._replace(listed_us=NOW + 1))
    assert later.hits(Vessel(MMSI), NOW) == ()
    assert len(later.hits(Vessel(MMSI), NOW + 1)) == 1


# ---- what a listing may do (design.md section 5) ---------------------------------------------------


def judged(w: float, lists: WatchLists = WatchLists(), **report: Any) -> Alert | None:  # noqa: B008
    said = [{"mmsi": MMSI, "time_us": START_US + k, "ship_class": 1} | report for k in (1, 2)]
    around = context(reports=said)._replace(watch_lists=lists)
    alerts, _ = judge([finding(w=w)], DETECTORS, around, Docket())
    return alerts[0] if alerts else None


@given(st.floats(-6, 8))
@tries(150)
def test_a_listing_changes_nothing_but_just_below_caution_to_caution(w: float) -> None:
    alone, with_list = judged(w), judged(w, listed(ENTRY))
    behaviour = PRIOR + w
    if alone is not None:  # behaviour raised it: same level, same score
        assert with_list is not None
        assert (with_list.level, with_list.score) == (alone.level, alone.score)
        assert "watch_lists" in with_list.extra and "watch_lists" not in alone.extra
        assert [r.log_odds for r in with_list.reasons if r.name == "on_watch_list"] == [0.0]
    elif with_list is not None:
        assert with_list.level == "caution"
        assert level_of(1 / (1 + exp(-behaviour))) is None
        (reason,) = [r for r in with_list.reasons if r.name == "on_watch_list"]
        assert 0 < reason.log_odds <= MOST
        assert with_list.score == pytest.approx(LEVEL_AT["caution"], abs=1e-3)
        assert with_list.score == pytest.approx(score_of(with_list.reasons), abs=1e-4)


def test_just_below_is_half_a_unit_of_log_odds_and_no_evidence_is_not_near() -> None:
    assert judged(0.5, listed(ENTRY)) is not None
    assert judged(0.5) is None
    for w in (0.0, 0.3, -3.0):
        assert judged(w, listed(ENTRY, *(ENTRY._replace(list=f"list {k}") for k in range(20)))) is None


def test_a_possible_match_is_shown_and_weighs_nothing() -> None:
    by_name = listed(Entry("EU", 0, (), "EXAMPLE STAR", FLAG))
    assert judged(0.5, by_name, name="EXAMPLE STAR") is None
    alert = judged(4.0, by_name, name="EXAMPLE STAR")
    assert alert is not None
    (reason,) = [r for r in alert.reasons if r.name == "possibly_on_watch_list"]
    assert (reason.value, reason.log_odds) == ("EU", 0.0)
    assert "name and flag only" in str(reason.baseline)


def test_an_alert_says_which_list_of_what_date_matched_on_what() -> None:
    alert = judged(4.0, listed(ENTRY), imo=IMO)
    assert alert is not None
    (hit,) = json.loads(json.dumps(to_json(alert)))["extra"]["watch_lists"]
    assert (hit["list"], hit["file"], hit["matched_on"], hit["sure"]) == ("EU", "list.csv", "imo", True)
    assert hit["dated"][:10] == listings.date_of(NOW)
    reason = next(r for r in alert.reasons if r.name == "on_watch_list")
    assert reason.baseline == f"by IMO number {IMO}, list of {listings.date_of(NOW)}"


def test_the_other_vessel_of_a_pair_is_shown_and_weighs_nothing() -> None:
    met = finding(w=0.5, name="loitering", values={"w": 0.5, "other_mmsi": 219_000_777.0})
    other = listed(Entry("EU", 0, (219_000_777,)))
    around = context()._replace(watch_lists=other)
    assert judge([met], DETECTORS, around, Docket())[0] == []  # its own behaviour alone counts
    (alert,), _ = judge([replace(met, values={"w": 4.0, "other_mmsi": 219_000_777.0})], DETECTORS, around, Docket())
    assert [(h["mmsi"], h["list"]) for h in alert.extra["watch_lists"]] == [(219_000_777, "EU")]
    assert not [r for r in alert.reasons if "watch_list" in r.name]


def test_registry_facts_are_notes_never_reasons() -> None:
    good, wrong, silent = judged(4.0, imo=IMO), judged(4.0, imo=IMO - 1), judged(4.0)
    assert good and wrong and silent
    assert good.extra["registry"] == {"flag": FLAG, "imo_said": IMO, "imo_valid": True}
    assert wrong.extra["registry"]["notes"] == [f"IMO number {IMO - 1} fails its check digit"]
    assert silent.extra["registry"]["imo_valid"] is None
    assert good.score == wrong.score == silent.score
    assert wrong.vessel.imo is None


# ---- the command line -----------------------------------------------------------------------------


def test_doctor_says_how_many_were_read_or_what_is_wrong(tmp_path: Path) -> None:
    good, bad = written(tmp_path, OWN), written(tmp_path, "a,b\n", "bad.csv")
    run = CliRunner().invoke(doctor.command, ["--watch-list", good, "--watch-list", bad])
    assert "1 vessels (1 by IMO number), own layout" in run.output
    assert "NO  watch list" in run.output and run.exit_code == 2


def test_scan_shows_listings_with_alerts_and_says_what_it_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(
        f"2024-01-01T{h:02}:{m:02}:00Z,219000001,24.{h:02},59.5,10.0,90\n" for h in range(4) for m in range(60)
    )
    traffic = written(tmp_path, "time,mmsi,lon_deg,lat_deg,sog_kn,cog_deg\n" + rows, "traffic.csv")
    monkeypatch.setattr("sys.argv", ["anchorwatch", "scan", traffic, "--watch-list", written(tmp_path, UK), "--json"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    said = json.loads(capfd.readouterr().err)["watch_lists"]
    assert [(w["file"], w["vessels"], w["not_used"]) for w in said] == [("list.csv", 1, {"not_a_vessel": 1})]
