"""The page of a score: whole, self-contained, safe; and drawn by a real browser without a word of complaint."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from anchorwatch.trials.score import System, card, compare
from anchorwatch.trials.score.page import render, write_page
from anchorwatch.trials.score.records import read_trial
from anchorwatch.trials.score.verdict import judge
from made_trial import ORDINARY, actor, alert, write

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
EVIL = '<img src=x onerror="document.title=1">'
VOID = {"meta", "br", "!doctype"}


def systems(tmp_path: Path) -> list[System]:
    alerts = [alert(211_000_001, [("warning", 100.0)]), alert(ORDINARY, [("warning", 90.0), ("withdrawn", 95.0)])]
    expect = [{"actor": "actor-211000001", "at_most": "caution"}, {"actor": "actor-211000001", "level": "warning"}]
    actors = [actor(211_000_001), actor(211_000_002, klass=EVIL), actor(211_000_003, "cleared", name=EVIL)]
    trial = read_trial(write(tmp_path / "trial", actors, alerts, expect=expect))
    silent = trial.saying(())
    return [System("anchorwatch", "this watch", (judge(trial),), (judge(silent),)),
            System(EVIL, "another", (judge(silent),), (), (judge(trial),))]  # fmt: skip


class Nesting(HTMLParser):
    """Complains where elements do not close in the order in which they were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.linked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.linked += [str(v) for k, v in attrs if k in ("src", "href", "style") or k.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_loads_and_runs_nothing(tmp_path: Path) -> None:
    both = systems(tmp_path)
    cards = [card(s, 1) for s in both]
    page = render(cards, both, compare(both, cards, 1))
    nesting = Nesting()
    nesting.feed(page)
    assert nesting.open == []
    assert nesting.linked == []
    assert not {"script", "img", "link", "iframe", "object"} & set(nesting.seen)
    assert "&lt;img src=x" in page and "http" not in re.sub("http-equiv", "", page)
    assert nesting.seen.count("figure") >= 10
    assert nesting.seen.count("details") == nesting.seen.count("figure")  # the figures behind each plot
    assert page.count('role="img"') == nesting.seen.count("figure") == page.count("aria-label=")
    assert "NOT met: " in page and "met: ACTOR 211000001 warning" in page
    assert not re.search(r"\bnan\b|\binf\b", re.sub(r"<style>.*?</style>", "", page, flags=re.S))


def test_nothing_to_show_is_a_page_too(tmp_path: Path) -> None:
    empty = [System("anchorwatch", "this watch", (judge(read_trial(write(tmp_path / "trial", ordinary=0))),))]
    page = render([card(s, 1) for s in empty], empty, [])
    nesting = Nesting()
    nesting.feed(page)
    assert nesting.open == [] and "In 1 trial." in page


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no chromium or chrome on the PATH to show the page in")
def test_a_browser_draws_it_without_complaint(tmp_path: Path) -> None:
    assert BROWSER
    both = systems(tmp_path)
    cards = [card(s, 1) for s in both]
    write_page(tmp_path / "page.html", cards, both, compare(both, cards, 1))
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-dev-shm-usage", f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr"]
    done = subprocess.run(
        [BROWSER, *flags, "--virtual-time-budget=2000", "--dump-dom", (tmp_path / "page.html").as_uri()],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    assert "<title>Anchorwatch score</title>" in done.stdout
    assert done.stdout.count("<svg") > 10
