"""Keys: found where they may be, refused where others can read them, shown nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.errors import BadUse

KEY = "s3cr3t-K"


def written(path: Path, text: str = KEY + "\n", mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_key_comes_from_the_environment_then_from_a_named_file_then_from_the_folder(tmp_path: Path) -> None:
    written(tmp_path / "aisstream_key", "of the folder")
    named = {"ANCHORWATCH_AISSTREAM_KEY_FILE": str(written(tmp_path / "x", "of the file\n"))}
    said = {**named, "ANCHORWATCH_AISSTREAM_KEY": "said"}
    assert Secrets(said, tmp_path).get("AISSTREAM_KEY") == "said"
    assert Secrets(named, tmp_path).get("AISSTREAM_KEY") == "of the file"
    assert Secrets({}, tmp_path).get("AISSTREAM_KEY") == "of the folder"
    assert Secrets({}, tmp_path).get("OTHER") is None
    assert Secrets({}, tmp_path / "nowhere").get("AISSTREAM_KEY") is None
    assert Secrets({}).get("AISSTREAM_KEY") is None


def test_who_needs_a_key_is_told_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(BadUse, match="ANCHORWATCH_A_KEY") as raised:
        Secrets({}, tmp_path).need("A_KEY", "aisstream:")
    assert str(tmp_path / "a_key") in str(raised.value)
    assert Secrets({"ANCHORWATCH_A_KEY": KEY}).need("A_KEY", "aisstream:") == KEY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    written(tmp_path / "a_key", mode=mode)
    with pytest.raises(BadUse, match="chmod 600"):
        Secrets({}, tmp_path).get("A_KEY")


@pytest.mark.parametrize("text", ["", "\n", "two\nlines", KEY + "\x1b[2J", "x" * 100_000])
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    written(tmp_path / "a_key", text)
    for secrets in (Secrets({}, tmp_path), Secrets({"ANCHORWATCH_A_KEY_FILE": str(tmp_path / "a_key")})):
        with pytest.raises(BadUse) as raised:
            secrets.get("A_KEY")
        assert KEY not in str(raised.value) and raised.value.__cause__ is None


def test_a_pipe_a_folder_a_binary_or_nothing_in_place_of_the_file_makes_nobody_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "binary").chmod(0o600)
    for name in ("pipe", "folder", "binary", "nothing"):
        with pytest.raises(BadUse):
            Secrets({"ANCHORWATCH_A_KEY_FILE": str(tmp_path / name)}).get("A_KEY")


@pytest.mark.parametrize("name", ["", "../x", "a_key", "A KEY", "A" * 100, "A/../B"])
def test_a_name_is_no_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadUse):
        Secrets({}, tmp_path).get(name)


def test_secrets_show_none() -> None:
    secrets = Secrets({"ANCHORWATCH_A_KEY": KEY})
    assert KEY not in repr(secrets) and KEY not in str(secrets)
