"""Take the pictures of the console for the README: the demo's first alert at dusk, an earlier hour at night.

python tools/make_console_pictures.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SHIP = "EAGLE S"
SIZE = {"width": 1280, "height": 720}
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
QUIET = "localStorage['anchorwatch-tour'] = 'done'; localStorage['anchorwatch-look'] = '{look}'"
DRAWN_MS = 8_000  # for a map without a graphics card


def main() -> None:
    """Run the demo, open its page, take the pictures."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = subprocess.Popen(
            [sys.executable, "-m", "anchorwatch", "demo", "--no-browser", "--out", folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            visit = _address(demo, Path(folder))
            _dusk(browser, visit)
            _night(browser, visit)
        finally:
            browser.close()
            demo.terminate()
            demo.wait(30)


def _address(demo: subprocess.Popen[str], folder: Path) -> str:
    assert demo.stdout is not None
    for line in demo.stdout:
        if "Listening on " in line:
            address = line.split("Listening on ", 1)[1].split(";")[0]
            key = next(folder.rglob("local_key")).read_text(encoding="ascii").strip()
            return f"{address}?key={key}"
    sys.exit("The demo did not start.")


def _page(browser: Any, look: str, visit: str) -> Any:
    context = browser.new_context(viewport=SIZE)
    context.add_init_script(QUIET.format(look=look))
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(visit)
    return page


def _dusk(browser: Any, visit: str) -> None:
    page = _page(browser, "dusk", visit)
    page.locator("[data-alert]", has_text=SHIP).first.get_by_role("link").first.click()
    page.locator(".panel", has_text=SHIP).first.wait_for()
    page.wait_for_timeout(DRAWN_MS)
    _take(page, Path("docs/console.png"))


def _night(browser: Any, visit: str) -> None:
    page = _page(browser, "night", visit)
    page.locator("[data-alert]").first.wait_for()
    address = visit.split("/?")[0]
    page.goto(f"{address}/assets/estlink-2?t=2024-12-25T09:40:00Z&span=6h&map=8/59.55/26.4")
    time.sleep(DRAWN_MS / 1000)
    _take(page, Path("docs/console_night.png"))


def _take(page: Any, picture: Path) -> None:
    page.screenshot(path=picture)
    print(f"{picture}: {picture.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
