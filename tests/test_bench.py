"""The instruments of `make bench` measure what they say."""

from __future__ import annotations

import sys

import pytest

from benchmarks import children
from benchmarks.table import Figure, as_text, millions, speed

ALLOCATE = "import time; held = bytearray(150 << 20); time.sleep(0.4)"


@pytest.mark.skipif(sys.platform != "linux", reason="memory of a process tree is read from /proc")
def test_memory_is_that_of_the_whole_process_tree() -> None:
    alone = children.run(children.python("-c", "import time; time.sleep(0.2)"))
    nested = (
        f"import subprocess, sys; held = bytearray(100 << 20); subprocess.run([sys.executable, '-c', {ALLOCATE!r}])"
    )
    both = children.run(children.python("-c", nested))
    assert 230 < both.peak_mib - alone.peak_mib < 400
    assert both.seconds > 0.4


def test_a_program_that_fails_is_an_error_with_what_it_said() -> None:
    with pytest.raises(RuntimeError, match="no such sea"):
        children.run(children.python("-c", "raise SystemExit('no such sea')"))


def test_the_table_shows_what_does_not_hold() -> None:
    text = as_text(
        [Figure("fast", "1", "at least 2", False, note="slow today"), Figure("sure", "3", "at least 2", True)]
    )
    rows = [line.split("|") for line in text.splitlines() if line.startswith("|")]
    assert [row[4].strip() for row in rows[2:]] == ["NO", "ok"]
    assert "- fast: slow today" in text


def test_speeds_are_medians() -> None:
    assert speed(100, [1.0, 2.0, 50.0]) == 50
    assert millions(4_210_000, "rows") == "4.21 M rows/s"
    assert millions(4_100, "rows") == "4.1 k rows/s"
