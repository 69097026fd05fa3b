"""What `--feed` takes, and what it refuses without repeating a secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import SCHEMES, open_feed, open_feeds, parse
from anchorwatch.edges.records import plain
from anchorwatch.errors import BadUse
from feed_peers import CLOCK

NONE = Secrets({})
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@pytest.mark.parametrize(
    ("url", "name", "host", "port", "path"),
    [
        ("tcp://Rx.example:5631", "tcp-rx-example-5631", "rx.example", 5631, ""),
        ("tcp://[::1]:5631?hold=5", "tcp-1-5631", "::1", 5631, ""),
        ("hut-2=tcp://10.0.0.1:1", "hut-2", "10.0.0.1", 1, ""),
        ("udp://239.192.0.4:60004?interface=eth0", "udp-239-192-0-4-60004", "239.192.0.4", 60004, ""),
        ("serial:/dev/ttyUSB0?baud=38400", "serial-ttyusb0", "", 0, "/dev/ttyUSB0"),
        ("file:/var/log/ais.log?hold=1", "file-ais-log", "", 0, "/var/log/ais.log"),
        ("file:///var/log/a?b.log", "file-a-b-log", "", 0, "/var/log/a?b.log"),
        ("file:100%.log", "file-100-log", "", 0, "100%.log"),
        ("file:a@b=c.log", "file-a-b-c-log", "", 0, "a@b=c.log"),
        ("stdin:", "stdin", "", 0, ""),
    ],
)
def test_a_url_says_where(url: str, name: str, host: str, port: int, path: str) -> None:
    told = parse(url)
    assert (told.name, told.host, told.port, told.path) == (name, host, port, path)


def test_options_of_all_kinds_have_defaults() -> None:
    direct, service = parse("tcp://h:1"), parse("stdin:")
    assert (direct.hold_back_s, direct.silent_after_s, direct.format) == (30.0, 120.0, "")
    assert service.hold_back_s == 120.0
    told = parse("udp://h:1?hold=1.5&silent=20&format=aiscatcher")
    assert (told.hold_back_s, told.silent_after_s, told.format) == (1.5, 20.0, "aiscatcher")


@pytest.mark.parametrize(
    "url",
    [
        "", "x", ":", "tcp", "tcp:", "tcp://", "tcp://h", "tcp://h:", "tcp://h:0", "tcp://h:99999", "tcp://h:x",
        "tcp://h:1/path", "tcp://h:1#x", "tcp://h h:1", "tcp://[::1:1", "http://h:1", "loop://", "spy:///dev/x",
        "serial:", "file:", "file:a\0b", "stdin:x", "tcp://h:1?", "tcp://h:1?hold", "tcp://h:1?hold=", "tcp://h:1?hold=-1",
        "tcp://h:1?hold=nan", "tcp://h:1?hold=1e3", "tcp://h:1?hold=1&hold=2", "tcp://h:1?baud=1", "tcp://h:1?silent=0",
        "tcp://h:1?format=x", "tcp://h:1?format=aisstream-document", "A B=tcp://h:1", "=tcp://h:1", "UP=tcp://h:1",
        "-x=tcp://h:1", "tcp://a..b:1", "tcp://" + "x" * 64 + ":1", "file:\ud800", "x" * 50 + "=tcp://h:1",
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused(url: str) -> None:
    with pytest.raises(BadUse):
        parse(url)


@pytest.mark.parametrize(
    "url",
    [
        "tcp://me:s3cr3t@h:1",
        "tcp://s3cr3t@h:1",
        "tcp://h:1?key=s3cr3t",
        "udp://h:1?api_key=s3cr3t",
        "tcp://h:1?password=s3cr3t",
        "stdin:?token=s3cr3t",
        "tcp://h:1?client_id=s3cr3t&hold=1",
        "nothing://me:s3cr3t@h:1",
        "s3cr3t",
        "tcp://h:1?hold=s3cr3t",
        "tcp://h:s3cr3t",
    ],
)
def test_a_secret_in_a_url_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BadUse) as raised:
        parse(url)
    error: BaseException | None = raised.value
    assert "s3cr3t" not in str(error)
    assert error is not None and (error.__cause__ is None)


def test_who_names_no_kind_is_told_all_of_them() -> None:
    with pytest.raises(BadUse) as raised:
        parse("gopher://h:1")
    assert all(scheme.shape in str(raised.value) for scheme in SCHEMES.values())


@given(
    st.text(max_size=60) | st.sampled_from(list(SCHEMES)).flatmap(lambda s: st.text(max_size=40).map(f"{s}:".__add__))
)
def test_any_text_is_an_address_or_a_clear_line(text: str) -> None:
    try:
        told = parse(text)
    except BadUse as error:
        assert "\n" not in str(error) and "\x1b" not in str(error)
    else:
        assert NAME.fullmatch(told.name)
        assert plain(told.url) == told.url


def test_names_are_unique_and_the_same_in_every_run(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    urls = [f"file:{tmp_path}/a/ais.log", f"file:{tmp_path}/b/ais.log", "file-ais-log-2=tcp://h:1", "tcp://h:2"]
    names = [f.name for f in open_feeds(urls, CLOCK, NONE)]
    assert names == ["file-ais-log", "file-ais-log-3", "file-ais-log-2", "tcp-h-2"]
    assert names == [f.name for f in open_feeds(urls, CLOCK, NONE)]


@pytest.mark.parametrize("urls", [["tcp://h:1", "tcp://h:1"], ["a=tcp://h:1", "a=tcp://h:2"]])
def test_a_feed_is_named_once(urls: list[str]) -> None:
    with pytest.raises(BadUse):
        open_feeds(urls, CLOCK, NONE)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("tcp-listen://0.0.0.0:5000", "open=yes"),
        ("tcp-listen://192.0.2.1:5000?open=no", "open=yes"),
        ("tcp-listen://127.0.0.1:5000?open=perhaps", "yes or no"),
        ("tcp-listen://a.example:5000", "not a name"),
        ("tcp-listen://127.0.0.1:5000?from=a.example", "addresses"),
        ("udp://a.example:5000", "not a name"),
        ("serial:/dev/ttyUSB0?baud=fast", "baud"),
        ("serial:/dev/ttyUSB0?baud=1", "baud"),
        ("file:/nowhere/at/all.log", "folder"),
        ("file:/", "plain file"),
    ],
)
def test_a_kind_refuses_what_it_cannot_do(url: str, why: str) -> None:
    with pytest.raises(BadUse, match=why):
        open_feed(url, CLOCK, secrets=NONE)


def test_listening_to_all_needs_a_word() -> None:
    assert open_feed("tcp-listen://0.0.0.0:5000?open=yes&from=192.0.2.5", CLOCK, secrets=NONE).name
    assert open_feed("tcp-listen://127.0.0.1:5000", CLOCK, secrets=NONE).name
    assert open_feed("tcp-listen://[::1]:5000", CLOCK, secrets=NONE, name="mast").name == "mast"


def test_a_compressed_file_cannot_be_followed(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"\x1f\x8b\x08\x00" + bytes(20))
    with pytest.raises(BadUse, match="--replay"):
        open_feed(f"file:{tmp_path}/a.gz", CLOCK, secrets=NONE)
