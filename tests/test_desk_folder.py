"""What lies in a watch's folder is used by its commands: corrections, lists, rules, figures; incidents are opened."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alerts_at_work import StandingClock
from anchorwatch import cli
from anchorwatch.desk.corrections import Correction
from anchorwatch.desk.report import Item
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.store.reports import Reports
from anchorwatch.errors import AnchorwatchError, BadInput, BadUse
from anchorwatch.watch.press import Press
from api_room import a_chart
from room import room_in

CUT = "The Estlink 2 power cable between Finland and Estonia was cut last night, the operator Fingrid said."
GIFT = "Norway will give Ukraine 80 billion kroner for air defense this year."
FIGURES = "[countries.Norway]\ngdp_usd = 500e9\npopulation = 5_000_000\n[usd_per]\nNOK = 0.1\n"
LIST = 'version = "1"\ntype = "organisation"\nentries = [{name = "Bakery of the Town", also = ["Bakery"]}]\n'


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.root, list(words))


def good(*words: str) -> Result:
    done = run(*words)
    assert done.exit_code == 0, (done.output, done.exception)
    return done


@pytest.fixture
def texts(tmp_path: Path) -> str:
    path = tmp_path / "texts.txt"
    path.write_text(f"{CUT}\n{GIFT}\nThe Bakery has won a prize for its rye bread.\n", "utf-8")
    return str(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "watch"
    path.mkdir()
    return path


# ---- incidents


def test_a_command_opens_incidents_where_no_watch_runs_and_says_that_nobody_looked_back(
    texts: str, folder: Path
) -> None:
    first = good("reports", texts, "--data", str(folder))
    assert "1 incident was opened or joined; the archive is looked back over" in first.stderr
    with closing(Reports.open(folder, SystemClock())) as kept:
        (incident,) = kept.incidents()
        assert (incident.asset, incident.state, incident.looked_back) == ("estlink-2", "reported", {})
    again = good("reports", texts, "--data", str(folder))
    assert "No incident was opened or joined." in again.stderr
    with closing(Reports.open(folder, SystemClock())) as kept:
        assert len(kept.incidents()) == 1


def test_a_watch_that_runs_does_it_itself(texts: str, folder: Path) -> None:
    with closing(Reports.open(folder, SystemClock(), alone=True)) as kept:
        done = good("reports", texts, "--data", str(folder))
        assert "A watch runs on this folder" in done.stderr
        assert kept.incidents() == [] and kept.count() == 3


# ---- figures


def test_shares_by_the_users_figures(texts: str, folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(FIGURES)
    said = good("reports", texts, "--ledger", "assistance", "--figures", str(own), "--quiet").stdout
    assert "1.6" in said and "1,600" in said  # 8 of 500 thousand million dollars; a head
    assert "no GDP is given" in good("reports", texts, "--ledger", "assistance", "--quiet").stdout
    (folder / "countries.toml").write_text(FIGURES)
    assert "1,600" in good("reports", texts, "--ledger", "assistance", "--quiet", "--data", str(folder)).stdout


def test_figures_that_cannot_be_used_are_one_clear_line(texts: str, tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text("[countries.Norway]\ngdp_usd = -1\n")
    assert isinstance(run("reports", texts, "--ledger", "assistance", "--figures", str(own)).exception, BadUse)
    none = run("reports", texts, "--ledger", "assistance", "--figures", str(tmp_path / "none.toml"))
    assert isinstance(none.exception, BadInput)
    assert isinstance(run("reports", texts, "--figures", str(own)).exception, BadUse)


def test_a_watch_uses_the_figures_of_its_folder_as_they_are_now(folder: Path) -> None:
    with room_in(folder, StandingClock(), a_chart()) as (room, _):
        press = Press(room)
        try:
            press.take([Item(GIFT)])

            def shares() -> tuple[object, str]:
                built = press.ledgers.get("assistance")
                part = next(p for p in built.parts if p.name.endswith("shares"))
                return part.rows[0].cells["of_gdp"], " ".join(built.notes)

            assert shares()[0] is None
            (folder / "countries.toml").write_text(FIGURES)
            assert shares()[0] == 1.6
            (folder / "countries.toml").write_text("no = toml = at all")
            assert shares()[0] is None and "countries.toml is not used" in shares()[1]
        finally:
            press.close()


# ---- word lists, rules, corrections


def test_word_lists_of_the_folder_are_used_by_all(texts: str, folder: Path) -> None:
    (folder / "words").mkdir()
    (folder / "words" / "mine.toml").write_text(LIST)
    lines = good("reports", texts, "--data", str(folder), "--json", "--quiet").stdout.splitlines()
    assert "Bakery of the Town" in [e["name"] for e in json.loads(lines[2])["entities"]]
    with room_in(folder, StandingClock(), a_chart()) as (room, _):
        press = Press(room)
        try:
            kept = press.take([Item("The Bakery of the navy bakes bread for the frigate in the Baltic Sea.")])
            record = press.reports.several(kept.fresh)[kept.fresh[0]]
            assert "Bakery of the Town" in [e["name"] for e in record["entities"]]
        finally:
            press.close()


def test_lists_that_cannot_be_read_end_a_command_and_no_watch(texts: str, folder: Path) -> None:
    for name in ("words", "rules"):
        (folder / name).mkdir()
        (folder / name / "mine.toml").write_text("no = toml = at all")
    assert isinstance(run("reports", texts, "--data", str(folder)).exception, AnchorwatchError)
    with room_in(folder, StandingClock(), a_chart()) as (room, _):
        press = Press(room)
        try:
            assert press.take([Item(CUT)]).fresh
            press.refresh()
            assert "not used" in room.progress.troubles["words"] and "not used" in room.progress.troubles["rules"]
        finally:
            press.close()


def test_the_brief_of_a_watch_and_a_file_knows_what_was_put_right(texts: str, folder: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.txt"
    text = "The navy of Sweden has sent two ships to the Baltic Sea."
    more.write_text(text + "\n")
    with closing(Reports.open(folder, SystemClock())) as kept:
        kept.keep([])
        kept.correct(Correction(Item(text).id, "relevant", relevant=False), "ben")
    page = good("brief", str(more), "--data", str(folder), "--quiet").stdout
    assert "two ships" not in page.split("## What was said")[1].split("## What is new")[0]
    assert "two ships" in good("brief", str(more), "--quiet").stdout
