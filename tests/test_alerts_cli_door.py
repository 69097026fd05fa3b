"""The way to the watch from a terminal: who asks, what goes wrong, drops of the connection, texts of any kind."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from alert_desk_room import Floor, at_home, floor_in, hostile_alert, made_alert
from anchorwatch.cli import alert_show, watch_client
from anchorwatch.cli.alert_stream import Teller, follow
from anchorwatch.cli.alert_words import cells, fitted, place, span
from anchorwatch.cli.seen import Seen
from anchorwatch.cli.watch_client import Credential, WatchClient
from anchorwatch.console import local_key
from anchorwatch.errors import BadUse
from anchorwatch.judgement.work import Action, Actor

BEN = Actor("ben", "officer")
ONE = made_alert(1).id
ENV = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path), PYTHONWARNINGS="error")


@pytest.fixture
def floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Floor]:
    at_home(monkeypatch, tmp_path)
    monkeypatch.setattr("anchorwatch.cli.alert_stream.FIRST_WAIT_S", 0.05)
    with floor_in(tmp_path, made_alert(1), hostile_alert(0xABC)) as floor:
        yield floor


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answering(answer: bytes, times: int = 9) -> Iterator[str]:
    """A server that says the same to everybody."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            for _ in range(times):
                with suppress(OSError), listening.accept()[0] as connection:
                    connection.settimeout(5)
                    connection.recv(65536)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)  # wakes the thread, which closing does not
        thread.join(10)


def test_no_watch_and_no_credential_are_said_with_what_to_do(floor: Floor, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    for who in ("anna", ""):  # also with no credential: the first thing to know is that no watch runs
        said = floor.bad("list", "--data", str(tmp_path), url=nobody, who=who)
        assert "no watch is running there" in said
        assert "anchorwatch watch --feed digitraffic:" in said
    said = floor.bad("list", "--data", str(tmp_path / "nowhere"), who="")
    assert "no usable local key in" in said
    assert "anchorwatch users token" in said
    said = floor.bad("list", who="aw_wrong_token")
    assert "does not accept the credential from ANCHORWATCH_TOKEN" in said
    assert "aw_wrong" not in said


@pytest.mark.parametrize(
    "url",
    ["http://192.0.2.7:8741", "http://anna:geheim@127.0.0.1:1", "http://127.0.0.1:1/?key=geheim", "ftp://127.0.0.1",
     "127.0.0.1:8741", "http://", "http://[", "http://127.0.0.1:99999999", "\x1b[2J", "http://127.0.0.1/alerts",
     "http://127.0.0.1.example.net:8741"],
)  # fmt: skip
def test_a_token_goes_nowhere_that_it_should_not(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(monkeypatch, tmp_path)
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("something was sent"))
    said = Floor(None, None, tmp_path, {}).bad("list", url=url, who="aw_token")  # type: ignore[arg-type]
    assert "geheim" not in said
    assert said.strip().isprintable()


def test_a_token_may_lie_in_a_file_of_ones_own(floor: Floor, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(floor.tokens["anna"] + "\n")
    path.chmod(0o640)
    assert "others may read this token" in floor.bad("list", "--token-file", str(path), who="")
    path.chmod(0o600)
    assert floor.run("list", "--token-file", str(path), who="")[0] == 0
    path.write_text("a b\x1b[2J")
    assert "no token in it" in floor.bad("list", "--token-file", str(path), who="")
    assert "cannot be read" in floor.bad("list", "--token-file", str(tmp_path / "none"), who="")
    assert "no file" in floor.bad("list", "--token-file", str(tmp_path), who="")


def test_the_local_key_lets_in_on_this_machine_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(monkeypatch, tmp_path)
    key = local_key.read_or_make(tmp_path)
    assert watch_client.credential("http://127.0.0.1:8741", None, tmp_path).secret == key
    with pytest.raises(BadUse, match="no credential"):
        watch_client.credential("https://watch.example:8741", None, tmp_path)
    (tmp_path / "local_key").chmod(0o644)
    with pytest.raises(BadUse, match="no credential"):
        watch_client.credential("http://127.0.0.1:8741", None, tmp_path)
    assert key not in repr(Credential(key, "somewhere"))


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
     b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n<a>",
     b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.7/\r\nContent-Length: 0\r\n\r\n",
     b"HTTP/1.1 500 \x1b[2J\r\nContent-Length: 4\r\n\r\nnull", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}",
     b'HTTP/1.1 403 No\r\nContent-Length: 28\r\n\r\n{"error": {"what":"\\u001b["}}'],
)  # fmt: skip
def test_something_else_that_answers_is_no_traceback(
    body: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home(monkeypatch, tmp_path)
    with contextmanager(answering)(body) as url:
        said = Floor(None, None, tmp_path, {}).bad("list", url=url, who="aw_token")  # type: ignore[arg-type]
    assert said.strip().isprintable()


def test_a_watch_of_another_version_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(monkeypatch, tmp_path)
    status: dict[str, Any] = {
        "me": {"name": "anna"},
        "time": "2024-12-25T10:26:00Z",
        "feeds": [],
        "next": None,
        "events": 3,
    }
    answers: list[Any] = [[{"alert": {"id": "a1-00001234"}}], 5, [[]], [{"alert": {"id": "a1-00001234"}, "seq": "x"}]]
    for alerts in answers:
        body = json.dumps(status | {"alerts": alerts}).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        with contextmanager(answering)(head % len(body) + body) as url:
            floor = Floor(None, None, tmp_path, {})  # type: ignore[arg-type]
            assert "not understood" in floor.bad("list", url=url, who="aw_token")
            assert "not understood" in floor.bad("show", "00001234", url=url, who="aw_token")


def test_an_answer_that_was_lost_does_nothing_twice(floor: Floor) -> None:
    """A proxy carries the first action to the watch, and loses the answer."""
    posts = list[str]()

    def ask(client: socket.socket, onward: socket.socket) -> None:
        with suppress(OSError):
            while asked := client.recv(1 << 16):
                if asked.startswith(b"POST"):
                    posts.append("sent")
                onward.sendall(asked)

    def carry(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", floor.stand.serving.port), 5) as onward:
            threading.Thread(target=ask, args=(client, onward), daemon=True).start()
            with suppress(OSError):
                while answer := onward.recv(1 << 16):
                    if posts == ["sent"]:
                        client.shutdown(socket.SHUT_RDWR)
                        return
                    client.sendall(answer)

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    carry(listening.accept()[0])

        threading.Thread(target=serve, daemon=True).start()
        code, out, err = floor.run("take", ONE, url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        listening.shutdown(socket.SHUT_RDWR)
    assert (code, err, len(posts)) == (0, "", 2)
    assert out.startswith("in hand: anna")
    assert [e.verb for e in floor.stand.room.store.history(ONE)] == ["raised", "take"]


def heard(messages: Iterator[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(m for m in messages if m["type"] == kind)


def test_the_stream_goes_on_after_a_drop_without_loss_or_repetition(floor: Floor) -> None:
    store = floor.stand.room.store
    with WatchClient(floor.url, Credential(floor.tokens["anna"], "test")) as watch:
        messages = follow(watch, 0)
        assert [heard(messages, "event")["verb"] for _ in range(2)] == ["raised", "raised"]
        store.act(ONE, Action("take"), BEN)
        assert heard(messages, "event")["verb"] == "take"
        floor.drop()
        store.act(ONE, Action("note", {"text": "while away"}), BEN)
        heard(messages, "lost")
        heard(messages, "back")
        assert heard(messages, "event")["verb"] == "note"
        store.act(ONE, Action("note", {"text": "again"}), BEN)
        assert heard(messages, "event")["data"]["text"] == "again"
        messages.close()  # type: ignore[attr-defined]


def test_the_stream_ends_where_the_credential_does_not_hold(floor: Floor) -> None:
    with (
        WatchClient(floor.url, Credential("aw_wrong", "test")) as watch,
        pytest.raises(watch_client.Answered, match="does not accept the credential from test"),
    ):
        next(follow(watch, None))
    with (
        WatchClient(f"http://127.0.0.1:{free_port()}", Credential("aw_wrong", "test")) as watch,
        pytest.raises(watch_client.NotHere),
    ):
        next(follow(watch, None))


def test_following_ends_well_with_ctrl_c_and_shows_no_harm(floor: Floor, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "anchorwatch", "alerts", "watch", "--after", "0"]
    env = ENV | {"ANCHORWATCH_TOKEN": floor.tokens["anna"], "ANCHORWATCH_URL": floor.url, "HOME": str(tmp_path)}
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        timer = threading.Timer(20, process.kill)
        timer.start()
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(3)]
            process.send_signal(signal.SIGINT)
            rest, err = process.communicate(timeout=10)
        finally:
            timer.cancel()
    assert (process.returncode, rest, err) == (0, "", "")
    assert sum("raised" in line for line in lines) == 2
    assert "the watch is well" in lines[2]
    assert all(line.rstrip("\n").isprintable() for line in lines)


@pytest.mark.parametrize("words", [("show", ONE), ("watch", "--after", "0", "--json")])
def test_a_reader_that_leaves_and_a_poor_alphabet_are_no_traceback(
    words: tuple[str, ...], floor: Floor, tmp_path: Path
) -> None:
    floor.stand.room.store.act(ONE, Action("note", {"text": "\u05d0 \U0001f6a2 \xe4"}), BEN)
    env = ENV | {"ANCHORWATCH_TOKEN": floor.tokens["anna"], "ANCHORWATCH_URL": floor.url, "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "anchorwatch", "alerts", *words]
    with subprocess.Popen(
        command, env=env | {"PYTHONIOENCODING": "ascii"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().isascii()
        process.stdout.close()
        if words[0] == "watch":
            floor.stand.room.store.act(ONE, Action("note", {"text": "x"}), BEN)
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(20) == 0


def test_health_is_told_when_it_changes() -> None:
    beat = {"type": "heartbeat", "time": "2024-12-25T10:26:00Z", "replay_of": "", "caught_up": True, "trouble": "",
            "feeds": [{"name": "mast", "healthy": True, "why": ""}]}  # fmt: skip
    sick = beat | {"feeds": [{"name": "mast\x1b[2J", "healthy": False, "why": "silent\n"}]}
    teller = Teller()
    said = [[line for line, _ in teller.lines(message)] for message in (beat, beat, sick, sick, beat)]
    assert [len(lines) for lines in said] == [1, 0, 1, 0, 1]
    assert "mast\\u001b[2J: silent\\u000a" in said[2][0]
    assert "well again" in said[4][0]


def test_tls_is_checked(floor: Floor, tmp_path: Path) -> None:
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    (tmp_path / "ca.pem").write_bytes(ca.cert_pem.bytes())
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            for _ in range(2):
                with suppress(OSError), context.wrap_socket(listening.accept()[0], server_side=True) as connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        assert "certificate is not trusted" in floor.bad("list", url=url)
        assert "something else than a watch" in floor.bad("list", "--ca", str(tmp_path / "ca.pem"), url=url)
    assert "no certificates in this file" in floor.bad("list", "--ca", str(tmp_path / "none.pem"), url=url)


def test_what_was_shown_is_remembered_and_damage_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a" / "seen.json"
    first, other = Seen("anna", path), Seen("anna", path)
    first.upto("a1-1", 5)
    other.upto("a1-2", 7)
    first.keep()
    other.keep()
    assert (Seen("anna", path).of("a1-1"), Seen("anna", path).of("a1-2"), Seen("ben", path).of("a1-1")) == (5, 7, None)
    assert path.stat().st_mode & 0o077 == 0
    for damage in ("[1]", '{"anna": {"a1-1": "x", "a1-2": -1}}', '{"anna": 3}', "\x00", "[" * 100_000):
        path.write_text(damage)
        assert Seen("anna", path).of("a1-1") is None
    (tmp_path / "file").write_text("")
    nowhere = Seen("anna", tmp_path / "file" / "seen.json")
    nowhere.upto("a1-1", 1)
    nowhere.keep()


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=60)
@given(st.lists(st.tuples(ANY, ANY, ANY, ANY), min_size=1, max_size=4), st.integers(80, 200))
def test_whatever_the_texts_every_line_fits_and_is_harmless(
    texts: list[tuple[str, str, str, str]], columns: int
) -> None:
    from anchorwatch.edges.alerts import to_json

    now_us = made_alert(0).raised_us
    items = []
    for number, (name, asset, why, who) in enumerate(texts):
        record = json.loads(json.dumps(to_json(made_alert(number))))
        record["vessel"]["name"], record["assets"][0]["name"], record["explanation"] = name, asset, why
        work = {"state": "in_hand", "assigned_to": who, "escalated_to": "", "disposition": ""}
        items.append({"alert": record, "work": work, "silenced": None, "seq": number})
    for line, _ in alert_show.table(items, now_us, columns):
        assert line.isprintable() or not any(c in line for c in "\r\n\x1b\u202e")
        assert cells(line) <= columns


@given(ANY, st.integers(8, 40), st.integers(0, 5))
def test_a_fitted_text_takes_just_its_columns(text: str, columns: int, keep: int) -> None:
    assert cells(fitted(text, columns, keep)) == columns


def test_spans_and_places_in_words() -> None:
    assert [span(s) for s in (-5, 0, 59.9, 60, 3599, 3600, 86_399, 86_400, 9e6)] == [
        "0s", "0s", "59s", "1m", "59m", "1h00", "23h59", "1d", "104d"]  # fmt: skip
    assert place({"lat": 59.99999, "lon": -0.5}) == "60 00.00 N  000 30.00 W"
    assert place({"lat": -17.5, "lon": 179.999}) == "17 30.00 S  179 59.94 E"
    assert place(None) == "not known"


def test_ids_are_shortened_only_as_far_as_they_differ() -> None:
    ids = ["a1-123456789", "a1-123456999", "a1-ffffffff", "a1-12"]
    assert alert_show.short_ids(ids) == dict(zip(ids, ["a1-1234567", "a1-1234569", "a1-ffffff", "a1-12"], strict=True))
