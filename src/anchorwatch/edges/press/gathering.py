"""Files and addresses of one command, read together: the same words once, whatever they stand in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from anchorwatch.desk.reading import About, Reading, Tally, read
from anchorwatch.desk.report import Item
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.press.addresses import is_url, named, parse
from anchorwatch.edges.press.fetch import Failed, Fetcher
from anchorwatch.edges.press.files import read_bytes
from anchorwatch.edges.records import plain
from anchorwatch.errors import BadInput


@dataclass
class Gathered:
    """What was read of everything that was named."""

    items: list[Item] = field(default_factory=list)
    copies: list[Item] = field(default_factory=list)  # of items of another file
    forms: dict[str, int] = field(default_factory=dict)  # sources by format
    rejects: Tally = field(default_factory=Tally)
    notes: Tally = field(default_factory=Tally)

    def add(self, reading: Reading, where: str) -> None:
        """Add what one source said; where: its name, for messages."""
        self.forms[reading.form] = self.forms.get(reading.form, 0) + 1
        for mine, those in ((self.rejects, reading.rejects), (self.notes, reading.notes)):
            for reason, number in those.counts.items():
                line, text = those.examples[reason]
                mine.add(reason, 0, f"{where}:{line}: {text}" if line else f"{where}: {text}", number)
        known = {item.id for item in self.items}
        for item in reading.items:
            if item.id in known:
                self.copies.append(item)
                self.notes.add("copies", 0, f"{where}: {item.text}")
            else:
                self.items.append(item)


def gather(
    names: Sequence[str], about: About, clock: Clock, fetcher: Fetcher | None = None
) -> Gathered:  # fmt: skip
    """Read files, `-` and URLs. Raises BadInput where one of them gives nothing at all."""
    gathered = Gathered()
    for name in names:
        if is_url(name):
            source, url = named(name)
            where = parse(url).shown
            mine = replace(about, source=about.source or source, file=where, url=where)
            data, cut = asyncio.run(_fetched(url, fetcher or Fetcher(clock)))
        else:
            where = "standard input" if name == "-" else plain(name)
            mine = replace(about, file=where)
            data, more = read_bytes(name)
            cut = "it is too long" if more else ""
        reading = read(data, mine)
        if cut:
            reading.notes.add("file_cut", 0, cut)
        _check(reading, where)
        gathered.add(reading, where)
    return gathered


async def _fetched(url: str, fetcher: Fetcher) -> tuple[bytes, str]:
    address = parse(url)
    try:
        came = await fetcher.get(address)
    except Failed as failed:
        raise BadInput(failed.why, address.shown, "Check the address, or save the page and give the file") from None
    return came.data, came.cut


def _check(reading: Reading, where: str) -> None:
    """Raise BadInput for a source that is empty or not understood at all."""
    known = {
        "empty": ("there is nothing in it", "Check that it was written or fetched whole"),
        "unknown_json": ("this is JSON of a kind that is not known", "docs/reports.md lists what can be read"),
        "no_feed": ("this is XML, but neither RSS nor Atom", "docs/reports.md lists what can be read"),
    }
    for reason, (what, next_step) in known.items():
        if reason in reading.rejects.counts and not reading.items:
            raise BadInput(what, where, next_step)
    if "gdelt_error" in reading.rejects.counts and not reading.items:
        raise BadInput(f"GDELT answers: {plain(reading.rejects.examples['gdelt_error'][1])}", where, "Ask otherwise")
