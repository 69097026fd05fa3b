"""The brief as a PDF: set by typst with the fonts inside of it, without the network, without a file of the machine."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from anchorwatch.desk.brief import typeset
from anchorwatch.desk.brief.page import Brief
from anchorwatch.desk.brief.words import bounded
from anchorwatch.model import utc


def pdf(brief: Brief) -> bytes:
    """Return the page as PDF; the same brief gives the same bytes."""
    with TemporaryDirectory(prefix="anchorwatch-brief-") as folder:
        only = Path(folder)  # all that typst may read: its own source, the same every time
        source = only / "brief.typ"
        source.write_text(typeset.SOURCE, encoding="utf-8")
        made = typst.compile(
            source,
            root=only,
            package_path=only,
            package_cache_path=only,
            font_paths=[],
            ignore_system_fonts=True,  # the page looks the same everywhere
            sys_inputs={"brief": typeset.data(brief)},
            # Typst takes no parts of a second.
            timestamp=utc(bounded(brief.at_us)).astimezone(UTC).replace(microsecond=0),
            format="pdf",
        )
    return made
