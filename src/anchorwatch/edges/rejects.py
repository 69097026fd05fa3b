"""What was rejected: counted by reason, and written to a file where the user wants to see the lines."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import polars as pl

from anchorwatch import schema
from anchorwatch.edges.records import plain
from anchorwatch.edges.tables import TableFile, harmless

_SHOWN = 60

# What a user can do about a reason.
ADVICE = {
    "no_time": "give `--date` if the file has no times",
    "damaged_file": "fetch the file again",
    "ragged_line": "lines with too few or too many cells",
}


class Rejects:
    """Counts by reason, one example of each, and a file of all lines if `path` is given. Use it in a `with`."""

    def __init__(self, path: str | Path | None = None, names: Sequence[str] = ()) -> None:
        """Start with nothing counted."""
        self.names = names  # of the sources, for frames that hold their numbers
        self.counts: dict[str, int] = {}
        self.examples: dict[str, tuple[str, int, str]] = {}
        self._stack = ExitStack()
        self._file = TableFile(path, schema.REJECTS) if path is not None else None

    def __enter__(self) -> Rejects:
        """Open the file."""
        if self._file:
            self._stack.enter_context(self._file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the file in its place."""
        self._stack.__exit__(kind, error, trace)

    def add(self, frame: pl.DataFrame) -> None:
        """Count rejects of schema.REJECTS; `source` may also be a number of a source."""
        if frame.height == 0:
            return
        if frame.schema["source"] != pl.String:
            names = dict(enumerate(self.names))
            source = frame["source"].cast(pl.Int64)
            named = source.replace_strict(names, default=None, return_dtype=pl.String) if names else source
            frame = frame.with_columns(named.cast(pl.String).fill_null("").alias("source"))
        for reason, count in frame["reason"].value_counts().iter_rows():
            self.counts[reason] = self.counts.get(reason, 0) + count
            if reason not in self.examples:
                first = frame.row(by_predicate=None, index=int((frame["reason"] == reason).arg_max() or 0), named=True)
                self.examples[reason] = (first["source"], first["line"], first["text"])
        if self._file:
            self._file.write(harmless(frame))

    @property
    def total(self) -> int:
        """Return how many were rejected."""
        return sum(self.counts.values())

    def summary(self) -> list[str]:
        """Return lines for stderr: the most frequent reason first, each with its first line."""
        lines = [f"rejected {self.total:,}:"] if self.counts else []
        for reason, count in sorted(self.counts.items(), key=lambda c: (-c[1], c[0])):
            source, line, text = self.examples[reason]
            advice = f" ({ADVICE[reason]})" if reason in ADVICE else ""
            where = f"{source}:{line}" if line else source
            lines.append(plain(f"  {count:>12,} {reason}{advice}, first at {where}: {text[:_SHOWN]}"))
        return lines
