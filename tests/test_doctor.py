from __future__ import annotations

import errno
import json
import os
import socket
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from alert_desk_room import floor_in
from anchorwatch.cli import doctor, doctor_watch


def test_it_names_every_part_and_ends_well_or_says_the_next_step() -> None:
    run = CliRunner().invoke(doctor.command, ["--json"])
    found = {c["name"]: c for c in json.loads(run.stdout)}
    assert {
        "port",
        "data folder",
        "clock",
        "live parts",
        "python",
        "machine",
        "compiler",
        "catalogue",
        "drivers",
        *doctor.LIBRARIES,
    } <= set(found)
    assert run.exit_code == (0 if all(c["right"] for c in found.values()) else 2)


def test_what_fails_is_reported_with_a_next_step_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> doctor.Check:
        raise OSError("no such driver")

    monkeypatch.setattr(doctor, "_drivers", broken)
    run = CliRunner().invoke(doctor.command, [])
    assert run.exit_code == 2
    assert "NO  drivers" in run.output
    assert "next step" in run.output
    assert "Traceback" not in run.output


def test_the_libraries_are_those_the_package_declares() -> None:
    import tomllib
    from pathlib import Path

    declared = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]["dependencies"]
    assert sorted(d.split(">")[0] for d in declared) == sorted(doctor.LIBRARIES)


def test_the_port_is_free_or_a_watch_has_it_or_something_else(tmp_path: Path) -> None:
    with floor_in(tmp_path) as floor:
        number = floor.stand.serving.port
        found = doctor_watch.port(number)
        assert found.right
        assert found.value == f"a watch is running at 127.0.0.1:{number}"
    found = doctor_watch.port(number)
    assert found.right
    assert found.value == f"127.0.0.1:{number} is free"
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            with suppress(OSError):
                for _ in range(2):
                    with listening.accept()[0] as connection:
                        connection.sendall(b"220 hello\r\n")

        threading.Thread(target=serve, daemon=True).start()
        number = listening.getsockname()[1]
        found = doctor_watch.port(number)
    assert not found.right
    assert found.next_step.endswith(f"--listen 127.0.0.1:{number + 1}")


def test_the_folder_is_to_be_ours_alone_and_writable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    assert doctor_watch.folder(data).value.endswith("will be made")
    data.mkdir(mode=0o700)
    found = doctor_watch.folder(data)
    assert "GB free" in found.value
    assert list(data.iterdir()) == []
    data.chmod(0o750)
    assert doctor_watch.folder(data).next_step == f"chmod 700 {data}"
    data.chmod(0o700)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    found = doctor_watch.folder(data)
    assert not found.right
    assert "No space left" in found.value
    (tmp_path / "file").write_text("")
    assert not doctor_watch.folder(tmp_path / "file").right
    assert not doctor_watch.folder(tmp_path / "file" / "data").right


def test_a_clock_that_cannot_be_right_is_told(tmp_path: Path) -> None:
    assert doctor_watch.clock(tmp_path).right
    assert not doctor_watch.clock(tmp_path, 0).right
    (tmp_path / "store.sqlite").write_text("")
    written_us = (tmp_path / "store.sqlite").stat().st_mtime_ns // 1000
    assert doctor_watch.clock(tmp_path, written_us).right
    found = doctor_watch.clock(tmp_path, written_us - 3_600_000_000)
    assert not found.right
    assert "3600 s later" in found.value


def test_a_part_that_does_not_load_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor_watch.parts().right
    monkeypatch.setattr(doctor_watch, "PARTS", ("json", "no_such_part"))
    assert doctor_watch.parts().value == "no_such_part (ModuleNotFoundError) cannot be loaded"
