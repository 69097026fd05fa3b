from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from anchorwatch.edges import compile_cache


@pytest.fixture
def nothing_writable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv(compile_cache.VARIABLE, raising=False)
    monkeypatch.setattr(compile_cache, "_writable", lambda _folder: False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_writable_package_needs_no_other_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(compile_cache.VARIABLE, raising=False)
    monkeypatch.setattr(compile_cache, "_writable", lambda _folder: True)
    compile_cache.ensure_writable()
    assert compile_cache.VARIABLE not in os.environ


def test_a_place_the_user_chose_stays(monkeypatch: pytest.MonkeyPatch, nothing_writable: Path) -> None:
    monkeypatch.setenv(compile_cache.VARIABLE, "/chosen")
    compile_cache.ensure_writable()
    assert os.environ[compile_cache.VARIABLE] == "/chosen"


def test_a_read_only_checkout_compiles_into_a_private_folder_and_finds_it_again(nothing_writable: Path) -> None:
    compile_cache.ensure_writable()
    first = os.environ.pop(compile_cache.VARIABLE)
    compile_cache.ensure_writable()
    assert os.environ.pop(compile_cache.VARIABLE) == first
    assert Path(first).parent == nothing_writable
    assert Path(first).stat().st_mode & 0o077 == 0


def test_a_folder_that_others_can_write_is_not_trusted(nothing_writable: Path) -> None:
    compile_cache.ensure_writable()
    first = Path(os.environ.pop(compile_cache.VARIABLE))
    first.chmod(0o777)
    compile_cache.ensure_writable()
    assert os.environ.pop(compile_cache.VARIABLE) != str(first)


def test_whether_a_folder_can_be_written_is_tried(tmp_path: Path) -> None:
    assert compile_cache._writable(tmp_path / "not" / "yet")
    (tmp_path / "file").touch()
    assert not compile_cache._writable(tmp_path / "file" / "below")
    assert not compile_cache._writable(Path("/proc/nothing/here"))
