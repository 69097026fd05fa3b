"""Take the picture of the report page: the demo's with the ship of its trial chosen, as Chromium shows it.

anchorwatch demo --report && python tools/make_picture.py
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

DEMO, PICTURE = Path("out/demo"), Path("docs/report.png")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Choose the alert and take the picture."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None or not (DEMO / "report.html").exists():
        sys.exit("This needs Chromium and the demo's page: run `anchorwatch demo --report` first.")
    alerts = [json.loads(line) for line in (DEMO / "alerts.jsonl").read_text(encoding="utf-8").splitlines()]
    truth = json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))
    acting = {m for a in truth["actors"] if a["role"] == "threat" for m in a["mmsis"]}
    drags = [a for a in alerts if a["kind"] == "anchor_drag" and a["vessel"]["mmsi"] in acting]
    chosen = max(drags, key=lambda a: a["score"])["id"]
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1440,900"]
    page = f"{(DEMO / 'report.html').resolve().as_uri()}#{chosen}"
    subprocess.run([browser, *options, f"--screenshot={PICTURE.resolve()}", page], check=True, capture_output=True)
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
