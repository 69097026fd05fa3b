"""`anchorwatch users`: the way in that a person sets up at the machine, also while the watch runs."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alerts_at_work import HOSTILE
from anchorwatch import cli
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.store import Store
from anchorwatch.edges.store.people import People
from anchorwatch.errors import AnchorwatchError, BadUse
from room import PASSWORD

pytestmark = pytest.mark.usefixtures("quick_passwords")


def run(folder: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli.root, ["users", *words, "--data", str(folder)], input=typed)


def said(result: Result) -> str:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


def test_from_nobody_to_somebody_and_back(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert "may come in as officer" in said(run(folder, "add", "Åsa", "--role", "officer", typed=PASSWORD + "\n"))
    assert folder.stat().st_mode & 0o077 == 0
    assert "admin now" in said(run(folder, "role", "åsa", "admin"))
    made = run(folder, "token", "Åsa", "--scope", "read", "--scope", "metrics", "--days", "7")
    text = made.stdout.strip()
    assert text.startswith("aw_") and "not shown again" in made.stderr
    secret = text.split("_", 2)[2]  # it may hold a _ itself
    (line,) = said(run(folder, "list", "--json")).splitlines()
    record = json.loads(line)
    assert (record["name"], record["role"]) == ("Åsa", "admin")
    assert record["tokens"][0]["scopes"] == ["metrics", "read"] and secret not in line
    shown = said(run(folder, "list"))
    assert "Åsa" in shown and record["tokens"][0]["id"] in shown and secret not in shown
    said(run(folder, "password", "Åsa", typed="quite another long one\n"))
    said(run(folder, "revoke", record["tokens"][0]["id"]))
    assert "token" not in said(run(folder, "list"))
    said(run(folder, "remove", "Åsa"))
    assert "No users" in said(run(folder, "list"))
    audit = [json.loads(line) for line in said(run(folder, "audit")).splitlines()]
    assert [a["what"] for a in audit] == [
        "user added", "role changed", "token made", "password changed", "token removed", "user removed",
    ]  # fmt: skip
    assert all(a["actor"].startswith("command line") for a in audit)
    assert PASSWORD not in str(audit) and secret not in str(audit)


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (["add", HOSTILE, "--role", "officer"], PASSWORD, "a user name has"),
        (["add", "local", "--role", "admin"], PASSWORD, "kept for the watch"),
        (["add", "anna", "--role", "officer"], "short\n", "12 to 256"),
        (["add", "anna", "--role", "officer"], "", "no password on standard input"),
        (["add", "anna", "--role", "officer"], "\n", "no password on standard input"),
        (["remove", HOSTILE], "", "no such user"),
        (["password", "nobody"], PASSWORD, "no such user"),
        (["role", "nobody", "admin"], "", "no such user"),
        (["token", "nobody", "--scope", "read"], "", "no such user"),
        (["revoke", "\udcff\x1b"], "", "no such token"),
    ],
)
def test_what_will_not_do_is_told_in_one_plain_line(tmp_path: Path, words: list[str], typed: str, told: str) -> None:
    result = run(tmp_path, *words, typed=typed)
    assert isinstance(result.exception, AnchorwatchError)
    line = str(result.exception)
    assert told in line and line.isprintable() and "Traceback" not in result.output


def test_no_such_folder_is_told_and_not_made(tmp_path: Path) -> None:
    result = run(tmp_path / "missing", "list")
    assert isinstance(result.exception, BadUse) and "no such folder" in str(result.exception)
    assert not (tmp_path / "missing").exists()


def test_it_works_beside_a_watch_that_runs_and_holds_at_once(tmp_path: Path) -> None:
    clock = SystemClock()
    store = Store.open(tmp_path, clock)  # alone: as the watch opens it
    try:
        people = People(store, clock)
        session = people.open_session("local")
        said(run(tmp_path, "add", "anna", "--role", "officer", typed=PASSWORD))
        assert people.session(session) is None
        found = people.check_password("anna", PASSWORD)
        assert found is not None and found.role == "officer"
    finally:
        store.close()


@pytest.mark.slow
def test_a_password_typed_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    def typed(*lines: str) -> tuple[int, str]:
        master, slave = pty.openpty()
        command = [sys.executable, "-m", "anchorwatch", "users", "add", "anna", "--role", "viewer"]
        environment = {**os.environ, "PYTHONPATH": "src"}
        with subprocess.Popen(
            [*command, "--data", str(tmp_path)], stdin=slave, stdout=slave, stderr=slave, env=environment,
            start_new_session=True, cwd=Path(__file__).parents[1],
        ) as process:  # fmt: skip
            os.close(slave)
            shown = ""
            for line in lines:
                prompt = ""
                while not prompt.rstrip().endswith(":"):
                    prompt += read(master)
                os.write(master, line.encode() + b"\n")
                shown += prompt
            while more := read(master):
                shown += more
            os.close(master)
            return process.wait(timeout=20), shown

    code, shown = typed(PASSWORD, PASSWORD + "x")
    assert code == 2 and "not the same" in shown and PASSWORD not in shown
    code, shown = typed(PASSWORD, PASSWORD)
    assert code == 0 and "may come in as viewer" in shown and PASSWORD not in shown


def read(master: int) -> str:
    """Read what a terminal shows; "" at the end."""
    ready, _, _ = select.select([master], [], [], 20.0)
    try:
        return os.read(master, 4096).decode() if ready else ""
    except OSError:  # the other side has closed
        return ""
