"""`anchorwatch convert`: any AIS file to tidy Parquet, CSV, JSON lines, GeoJSON or GeoParquet."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import polars as pl

    from anchorwatch.decode import Decoded
    from anchorwatch.edges.archive import Source
    from anchorwatch.edges.rejects import Rejects

PROGRESS_AFTER_S = 1.0


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--out", required=True, metavar="PATH", help="Ends in .parquet .csv .jsonl .geojson or .geoparquet; - is stdout."
)
@click.option(
    "--since", metavar="TIME", help="Keep what is from this time on (UTC), e.g. 2024-12-25 or 2024-12-25T10:00Z."
)
@click.option("--until", metavar="TIME", help="Keep what is before this time.")
@click.option("--date", metavar="TIME", help="When lines without a time were received.")
@click.option(
    "--rejects", "rejects_path", metavar="PATH", help="Write every rejected line here (.csv .jsonl .parquet)."
)
@click.option("--quiet", is_flag=True, help="Print nothing on stderr.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(
    files: tuple[str, ...],
    out: str,
    since: str | None,
    until: str | None,
    date: str | None,
    rejects_path: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Decode AIS files of any kind to one tidy table; PATH.static holds names, sizes and destinations.

    Rows keep the order of arrival. Exact repeats, impossible rows and what is not a vessel are left out
    and counted. FILE `-` is standard input.
    """
    from anchorwatch.cli.times import time_us
    from anchorwatch.decode import Options
    from anchorwatch.edges.archive import open_source
    from anchorwatch.edges.rejects import Rejects

    span = (time_us(since, "--since"), time_us(until, "--until"))
    date_us = time_us(date, "--date")
    run = Run(span)
    with ExitStack() as stack:
        rejects = stack.enter_context(Rejects(rejects_path, files))
        outputs = Outputs(stack, out)
        for number, path in enumerate(files):
            source = open_source(path, Options(date_us=date_us))
            for decoded in run.shown(source, (number, len(files)), quiet or as_json):
                outputs.write(*run.tidied(decoded, number, rejects))
    _tell(run, rejects, out, quiet, as_json)


class Outputs:
    """The table of positions, and beside it the table of static data."""

    def __init__(self, stack: ExitStack, out: str) -> None:
        """Open both; the stack closes them."""
        from anchorwatch import schema
        from anchorwatch.decode import empty
        from anchorwatch.edges.tables import TableFile, ending_of, for_users

        positions = {
            **schema.POSITIONS,
            "ship_class": schema.STATICS["ship_class"],
            "length_m": schema.STATICS["length_m"],
        }
        self.positions = stack.enter_context(TableFile(out, dict(for_users(empty(positions)).schema)))
        self.statics: TableFile | None = None
        if out != "-":
            columns = dict(for_users(empty(schema.STATICS)).schema)
            self.statics = stack.enter_context(TableFile(f"{out}.static", columns, ending_of(out)))

    def write(self, positions: pl.DataFrame, statics: pl.DataFrame) -> None:
        """Write one block."""
        from anchorwatch.edges.tables import for_users

        self.positions.write(for_users(positions))
        if self.statics:
            self.statics.write(for_users(statics))


@dataclass
class Run:
    """What is remembered and counted from block to block."""

    span: tuple[int | None, int | None]
    counts: dict[str, int] = field(default_factory=dict)
    began_s: float = field(default_factory=time.monotonic)
    known: Any = None  # static data told last of each vessel
    heard: Any = None

    def count(self, name: str, rows: int) -> None:
        """Add to a count."""
        self.counts[name] = self.counts.get(name, 0) + rows

    def shown(self, source: Source, which: tuple[int, int], quiet: bool) -> Iterator[Decoded]:
        """Give the blocks of a source; on a terminal show how far it is, once it takes more than a second."""
        visible = not quiet and sys.stderr.isatty()
        for decoded in source.blocks():
            yield decoded
            if visible and time.monotonic() - self.began_s > PROGRESS_AFTER_S:
                done = source.done()
                share = f"{(which[0] + done) / which[1]:4.0%}" if done == done else "    "
                click.echo(f"\r{share} {self.counts.get('positions', 0):,} positions ", err=True, nl=False)
        if visible and time.monotonic() - self.began_s > PROGRESS_AFTER_S:
            click.echo("\r" + " " * 60 + "\r", err=True, nl=False)

    def tidied(self, decoded: Decoded, number: int, rejects: Rejects) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the positions and static data to write; count the rest."""
        import polars as pl

        from anchorwatch.decode.repeats import Heard, without_repeats
        from anchorwatch.picture.tidy import tidy

        self.heard = self.heard or Heard()
        rejects.add(decoded.rejects)
        kept, others, impossible = tidy(decoded.positions.with_columns(source=pl.lit(number, pl.Int16)))
        rejects.add(impossible)
        kept, statics = (self._within(frame) for frame in (kept, decoded.statics))
        fresh = without_repeats(kept, self.heard)
        self.count("positions", fresh.height)
        self.count("repeats", kept.height - fresh.height)
        self.count("not_vessels", others.height + decoded.others.height)
        self.count("statics", statics.height)
        return self._with_class(fresh, statics), statics

    def _within(self, frame: pl.DataFrame) -> pl.DataFrame:
        import polars as pl

        since, until = self.span
        if since is not None:
            frame = frame.filter(pl.col("time_us") >= since)
        return frame.filter(pl.col("time_us") < until) if until is not None else frame

    def _with_class(self, positions: pl.DataFrame, statics: pl.DataFrame) -> pl.DataFrame:
        """Join class and length as they were known when the row arrived."""
        import polars as pl

        said = statics.select(
            "mmsi",
            "line",
            ship_class=pl.when(pl.col("ship_class") != 0).then("ship_class"),
            length_m=pl.col("length_m").fill_nan(None),
        )
        if self.known is not None:
            said = pl.concat([self.known, said])
        said = said.with_columns(pl.col("ship_class", "length_m").forward_fill().over("mmsi"))
        self.known = said.group_by("mmsi", maintain_order=True).last().with_columns(line=pl.lit(0, pl.Int64))
        joined = positions.join_asof(
            said.sort("line", maintain_order=True), on="line", by="mmsi", check_sortedness=False
        )
        return joined.with_columns(pl.col("ship_class").fill_null(0), pl.col("length_m").fill_null(float("nan")))


def _tell(run: Run, rejects: Rejects, out: str, quiet: bool, as_json: bool) -> None:
    """Print what became of the input."""
    seconds = time.monotonic() - run.began_s
    if as_json:
        click.echo(json.dumps({"out": out, **run.counts, "rejects": rejects.counts}), err=out == "-")
        return
    if quiet:
        return
    n = {"positions": 0, "statics": 0, "repeats": 0, "not_vessels": 0} | run.counts
    click.echo(
        f"{n['positions']:,} positions and {n['statics']:,} static reports in {seconds:.1f} s; left out "
        f"{n['repeats']:,} repeats and {n['not_vessels']:,} rows of things that are not vessels.",
        err=True,
    )
    for line in rejects.summary():
        click.echo(line, err=True)
