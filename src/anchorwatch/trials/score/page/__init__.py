"""The score as one HTML page: drawn here as inline SVG, so that it needs no network and no script."""

from __future__ import annotations

from anchorwatch.trials.score.page.page import render, write_page

__all__ = ["render", "write_page"]
