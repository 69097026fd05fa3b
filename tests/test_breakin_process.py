"""A watch as a process, attacked by its feed: it goes on, its folder is its own, and its key is told nowhere."""

from __future__ import annotations

import contextlib
import json
import socket
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from anchorwatch.console import serve
from anchorwatch.console.settings import Settings
from service_peers import free_port
from watching import running

HOSTILE = ["<img src=x onerror=alert(1)>", "\x1b[2J\x9b31m\u202e", "\ud800", "=cmd|' /c calc'!A1", "N" * 9000, "\0"]


def messages(count: int) -> bytes:
    """Names and places as aisstream gives them; a feed over TCP may send those, too."""
    lines = []
    for n in range(count):
        mmsi, now = 230_000_000 + n, time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        meta = {"MMSI": mmsi, "time_utc": f"{now}.0 +0000 UTC"}
        place = {
            "MessageID": 1,
            "UserID": mmsi,
            "Valid": True,
            "Longitude": 25.0,
            "Latitude": 59.9,
            "Sog": 9.0,
            "Cog": 1,
        }
        name = HOSTILE[n % len(HOSTILE)]
        said = {"MessageID": 5, "UserID": mmsi, "Valid": True, "Name": name, "Destination": name, "CallSign": name}
        for kind, message in (("PositionReport", place), ("ShipStaticData", said)):
            lines.append(json.dumps({"MessageType": kind, "MetaData": meta, "Message": {kind: message}}))
    return "\n".join(lines).encode() + b"\n"


@pytest.mark.slow
def test_a_feed_that_is_an_attack(tmp_path: Path) -> None:
    """Bombs, poison and a line without end: the watch goes on, its folder is its owner's alone, no key is told."""
    source = socket.create_server(("127.0.0.1", 0))
    bombs = [b"[" * 60_000, b'{"a":' * 10_000, b"\xff\xfe\0", b'{"MessageType":"ShipStaticData","Message":"x"}']

    def attack() -> None:
        line, _ = source.accept()
        with line:
            line.sendall(messages(12) + b"\n".join(bombs) + b"\n")
            for _ in range(64):
                line.sendall(b"x" * (1 << 20))
            line.sendall(b"\n" + messages(13))
            ended.wait(60)

    ended, data = threading.Event(), tmp_path / "data"
    data.mkdir(mode=0o755)  # made by somebody who thought of nothing
    thread = threading.Thread(target=attack)
    thread.start()
    port, own = source.getsockname()[1], free_port()
    options = ["--feed", f"tcp://127.0.0.1:{port}", "--checkpoint-s", "0.2", "--listen", f"127.0.0.1:{own}"]
    with running(data, *options) as watching, httpx.Client(base_url=f"http://127.0.0.1:{own}") as api:
        try:
            asked(api, "/readyz", lambda said: said["ready"])
            key = (data / "local_key").read_text().strip()
            api.headers["Authorization"] = f"Bearer {key}"
            vessels = asked(api, "/api/v1/vessels", lambda said: len(said["vessels"]) == 13)["vessels"]
            names = {v["name"] for v in vessels}
            assert {"<img src=x onerror=alert(1)>", "\\u001b[2J\\u009b31m\\u202e", "?", "N" * 128} <= names
            feed = api.get("/api/v1/feeds").json()["feeds"][0]
            assert feed["healthy"] and feed["rejects"]["bad_json"] >= 3 and "not_decoded" not in feed["rejects"]
            assert watching.process is not None
            command_line = Path(f"/proc/{watching.process.pid}/cmdline")
            assert not command_line.exists() or key.encode() not in command_line.read_bytes()
            for path in ("/metrics", "/api/v1/openapi.json", "/api/v1/status", "/readyz", "/api/v1/nothing"):
                assert key not in api.get(path).text
            time.sleep(0.5)  # a checkpoint
        finally:
            ended.set()
            thread.join(30)
            source.close()
        assert watching.process is not None
        watching.process.terminate()
        code, told = watching.ended()
    assert code == 0 and "Traceback" not in told and key not in told
    for file in data.rglob("*"):
        mode = stat.S_IMODE(file.lstat().st_mode)
        assert mode & 0o077 == 0, f"{file} {mode:o}"
        if file.is_file() and file.name != "local_key":
            assert key.encode() not in file.read_bytes(), file
    assert {p.name for p in data.iterdir()} >= {"raw", "checkpoints", "store.sqlite"}


def asked(api: httpx.Client, path: str, so: Callable[[Any], bool], within_s: float = 90.0) -> Any:
    """Ask until an answer is so."""
    end, said = time.monotonic() + within_s, None
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            answer = api.get(path)
            said = answer.json() if answer.status_code == 200 else answer.text
            if answer.status_code == 200 and so(said):
                return said
        time.sleep(0.2)
    raise AssertionError(f"{path}: {str(said)[:2000]}")


def test_a_folder_that_others_can_write_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o775)
    assert "chmod go-w" in serve.warnings(Settings(data=tmp_path))[0]
    tmp_path.chmod(0o755)
    assert serve.warnings(Settings(data=tmp_path)) == []
