"""The wheel: holds the page, and what the page needs, and nothing that is only built with."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from anchorwatch.console import page

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.skipif(not page.is_built(), reason="the console's page is not built: make page")
def test_the_wheel_holds_the_page(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    # built in a copy: pip leaves a folder behind that a next build would pack again
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "src"):
        subprocess.run(["cp", "-r", str(ROOT / name), str(copy / name)], check=True)
    subprocess.run([*command, "--wheel-dir", str(tmp_path), str(copy)], check=True, timeout=300)
    wheel = next(tmp_path.glob("anchorwatch-*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    document = zipfile.ZipFile(wheel).read("anchorwatch/console/built/index.html").decode()
    wanted = re.findall(r'(?:src|href)="/(static/[^"]+)"', document)
    assert len(wanted) >= 2
    assert all(f"anchorwatch/console/built/{name}" in names for name in wanted)
    assert not [name for name in names if "node_modules" in name or name.endswith((".tsx", ".ts"))]
