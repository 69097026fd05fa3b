"""The report: one HTML page that needs no network, for the watch officer and for the investigator."""

from __future__ import annotations

from anchorwatch.edges.report.content import Crossing, Summary, TrackPlot
from anchorwatch.edges.report.page import write_report

__all__ = ["Crossing", "Summary", "TrackPlot", "write_report"]
