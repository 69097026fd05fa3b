"""Bytes to items: what is read is recognised by its content, whatever the file or the feed is called.

Pure: nothing is fetched, no file is opened, no clock is read. What is not understood is counted by reason.
"""

from __future__ import annotations

from anchorwatch.desk.reading.about import About, Reading, Tally
from anchorwatch.desk.reading.recognise import read

__all__ = ["About", "Reading", "Tally", "read"]
