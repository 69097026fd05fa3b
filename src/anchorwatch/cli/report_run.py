"""What `anchorwatch reports` does: gather, understand, tie to stories, keep, print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

import click

from anchorwatch.cli import report_words
from anchorwatch.cli.alert_words import say, say_json, width
from anchorwatch.desk import corrections as put_right
from anchorwatch.desk import event_rules, gazetteer, ledgers
from anchorwatch.desk.contradictions import Contradiction, contradictions
from anchorwatch.desk.ledgers import ledger as tables
from anchorwatch.desk.reading import About
from anchorwatch.desk.record import to_json
from anchorwatch.desk.report import LEDGERS, Incident, Report
from anchorwatch.desk.stories import WINDOW, Stories
from anchorwatch.desk.understand import Desk
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.desk_files import RULES, WORDS, countries, countries_kept, kept, texts
from anchorwatch.edges.press.gathering import Gathered, gather
from anchorwatch.edges.records import csv_text, plain
from anchorwatch.errors import BadUse

if TYPE_CHECKING:
    from anchorwatch.cli.reports import Progress
    from anchorwatch.desk.report import Extractor
    from anchorwatch.edges.plugged_model import PluggedModel
    from anchorwatch.edges.store.reports import Reports

MOST_TOLD = 20  # contradictions on stderr; the console shows all
# Notes of reading, as people are told.
NOTES = {
    "copies": "exact copies, taken once",
    "cut": "texts longer than 20,000 characters, cut there",
    "date_not_possible": "dates that cannot be true, left out",
    "date_not_read": "dates that cannot be read, left out",
    "encoding_guessed": "lines that are not UTF-8, their encoding guessed",
    "entities_taken_out": "feeds that declare entities, which are not expanded",
    "feed_cut": "feeds longer than is read",
    "file_cut": "files longer than is read",
    "html_taken_out": "texts with HTML in them, taken out",
    "link_dropped": "links that are no web address, left out",
    "mixed_encodings": "files with several encodings",
    "no_end": "messages without NNNN",
    "not_well_formed": "feeds with faulty XML, read as far as it goes",
    "nul": "NUL characters, taken out",
}


class Parts(NamedTuple):
    """What the desk reads by."""

    words: gazetteer.Words
    rules: event_rules.Rules
    extractor: Extractor | None
    plugged: PluggedModel | None


def desk_parts(
    words: str | None, rules: str | None, model: str | None, llm: str | None, data: str | None = None
) -> Parts:
    """Return word lists, rules and model as the user wants them, and as a watch's folder has them. Raises BadInput."""
    folder = None if data is None else Path(data)
    plugged: PluggedModel | None = None
    extractor: Extractor | None = None
    if llm:
        extractor = plugged = _plugged(llm)
    elif model is not None:
        from anchorwatch.edges import language_model

        extractor = language_model.load(Path(model) if model else None)
    mine = {**kept(folder, RULES), **texts(rules)}
    own = event_rules.load({**event_rules.packaged_texts(), **mine}) if mine else event_rules.packaged()
    lists = {**kept(folder, WORDS), **texts(words)}
    return Parts(gazetteer.load(lists) if lists else gazetteer.packaged(), own, extractor, plugged)


def _plugged(url: str) -> PluggedModel:
    import os

    from anchorwatch.edges.feeds.secrets import Secrets
    from anchorwatch.edges.plugged_model import PluggedModel

    return PluggedModel(url, Secrets(os.environ).get("LLM_KEY"))


class Run:
    """One run of the command. Use it in a `with`."""

    def __init__(self, clock: Clock, parts: Parts, data: str | None, progress: Progress) -> None:
        """Take the clock, what to read by, the folder of a watch or None, and how far it is."""
        self.clock, self.parts, self._data, self._progress = clock, parts, data, progress
        self.gathered = Gathered()
        self.reports: list[Report] = []
        self.stories = Stories(parts.words)
        self.related: dict[str, tuple[str, ...]] = {}
        self.kept: int | None = None  # how many were new in the folder of the watch
        self.tied: Sequence[Incident] | None = None  # opened or joined here; None = a watch does it, or none is asked
        self._stack = ExitStack()

    def __enter__(self) -> Run:
        """Open the folder of the watch, where there is one."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._stack.close()

    def read(self, names: Sequence[str], about: About) -> None:
        """Gather the items, and understand them."""
        self.gathered = gather(names, about, self.clock)
        store = self._opened()
        every = store.corrections() if store else []
        if store:
            for report, story in store.latest(WINDOW // 2):
                self.stories.add(report, story or "")
        desk = Desk(self.parts.words, self.parts.rules, self.parts.extractor, every)
        items = self.gathered.items
        moved: set[str] = set()
        for report in self._progress.over(desk.reading(items), len(items)):
            tie = self.stories.add(report, put_right.story(put_right.in_force(every, report.id)) if every else None)
            self.reports.append(report)
            self.related[report.id] = tie.related
            moved.update(tie.moved)
        if store:
            self._keep(store, moved)

    def _opened(self) -> Reports | None:
        if self._data is None:
            return None
        from anchorwatch.edges.store.reports import Reports

        store = Reports.open(_made(Path(self._data)), self.clock)
        self._stack.callback(store.close)
        return store

    def _keep(self, store: Reports, moved: set[str]) -> None:
        story = self.story_of
        ties = {r.id: (story.get(r.id), self.related[r.id]) for r in self.reports}
        others = {
            i: (story.get(i), self.stories.kept[i].related) for i in moved - ties.keys() if i in self.stories.kept
        }
        with store.writing():
            self.kept = len(store.keep(self.reports, ties).fresh)
            store.note_copies(self.gathered.copies)
            store.tie(others)
        self._stack.close()
        self.tied = self._tied()

    def _tied(self) -> Sequence[Incident] | None:
        from anchorwatch.edges import chart_files
        from anchorwatch.watch.tie_in import tied

        return tied(Path(str(self._data)), chart_files.load(), self.clock)

    @property
    def story_of(self) -> Mapping[str, str]:
        """Return the story of each report that has one."""
        return self.stories.story_of()

    def names(self) -> dict[str, str]:
        """Return what each item is called in lists."""
        several = len({r.item.file for r in self.reports}) > 1
        return {r.id: report_words.name_of(r, several) for r in self.reports}

    def contradictions(self) -> list[Contradiction]:
        """Return what the reports say differently: within a story, and beside what is related."""
        by_id = {r.id: r for r in self.reports}
        told: dict[tuple[str, ...], Contradiction] = {}
        for together, same in (*((s, True) for s in self._together()), *((s, False) for s in self._near())):
            for found in contradictions([by_id[i] for i in together if i in by_id], same):
                told.setdefault((found.about, *sorted(f"{s.report} {s.start}" for s in found.sides)), found)
        return list(told.values())

    def _together(self) -> Iterator[list[str]]:
        members: dict[str, list[str]] = {}
        story = self.story_of
        for report in self.reports:
            if report.id in story:
                members.setdefault(story[report.id], []).append(report.id)
        yield from members.values()

    def _near(self) -> Iterator[list[str]]:
        yield from ([id_, other] for id_, related in self.related.items() for other in related)


def _made(folder: Path) -> Path:
    """Return the folder of a watch, made where it is not there yet."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadUse(f"this cannot be a folder ({error.strerror})", str(folder), "Name another --data") from None
    return folder


def print_items(run: Run, as_json: bool, least: float) -> None:
    """Print what each item says."""
    story = run.story_of
    shown = [r for r in run.reports if r.relevance >= least]
    if as_json:
        for report in shown:
            say_json(to_json(report, story.get(report.id), run.related[report.id]))
        return
    names, columns = run.names(), width()
    for report in shown:
        mine = story.get(report.id)
        others = [names[r.id] for r in run.reports if mine and r.id != report.id and story.get(r.id) == mine]
        for line in report_words.card(report, names[report.id], others, columns):
            say(line)
        say()


def figures_of(path: str | None, data: str | None) -> ledgers.Figures:
    """Return the user's figures of countries: those of a file, else those of a watch's folder. Raises BadInput."""
    return countries(path) if path is not None else countries_kept(None if data is None else Path(data))


def print_ledger(run: Run, name: str, as_json: bool, as_csv: bool, figures: ledgers.Figures) -> None:
    """Print one ledger: a table, JSON rows, or CSV. figures: of countries, for shares."""
    made = ledgers.build(name, run.reports, run.story_of, run.clock.now_us(), figures)
    if as_json:
        for row in made.rows:
            say_json(tables.row_json(row))
    elif as_csv:
        columns, rows = tables.flat(made)
        click.echo(csv_text(dict.fromkeys(columns), rows), nl=False)
    else:
        for line in report_words.table(made, width(), run.names()):
            say(line)


def tell(run: Run) -> None:
    """Say on stderr what was read, what was left out, and what contradicts."""
    gathered, reports = run.gathered, run.reports
    forms = ", ".join(f"{n} {form}" for form, n in sorted(gathered.forms.items()))
    relevant = sum(bool(r.ledgers) for r in reports)
    several = "item" if len(reports) == 1 else "items"
    say(f"{len(reports):,} {several} of {forms}; {relevant:,} relevant.", err=True)
    if run.kept is not None:
        say(f"{run.kept:,} new in the folder of the watch, {len(reports) - run.kept:,} known there.", err=True)
        say(_incidents_told(run.tied), err=True)
    if gathered.rejects.total:
        say(f"rejected {gathered.rejects.total:,}:", err=True)
    for tally, words in ((gathered.rejects, {}), (gathered.notes, NOTES)):
        for reason, number in sorted(tally.counts.items(), key=lambda c: (-c[1], c[0])):
            first = f", first at {tally.examples[reason][1]}" if tally.examples[reason][1] else ""
            say(plain(f"  {number:>8,} {words.get(reason, reason.replace('_', ' '))}{first}"), err=True)
    filed = Counter(ledger for r in reports for ledger in r.ledgers)
    said = ", ".join(f"{name} {filed[name]}" for name in LEDGERS if filed[name])
    say(f"Ledgers: {said or 'nothing'}.", err=True)
    story = Counter(run.story_of[r.id] for r in reports if r.id in run.story_of)
    say(f"Stories told more than once: {sum(n > 1 for n in story.values())}.", err=True)
    _tell_contradictions(run)
    plugged = run.parts.plugged
    if plugged is not None:
        counts = ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in plugged.counts.items())
        say(f"Language model: {counts}{f' ({plugged.why})' if plugged.why else ''}.", err=True)


def _incidents_told(tied: Sequence[Incident] | None) -> str:
    if tied is None:
        return "A watch runs on this folder: it opens or joins incidents within a minute."
    if not tied:
        return "No incident was opened or joined."
    several = "1 incident was" if len(tied) == 1 else f"{len(tied):,} incidents were"
    return f"{several} opened or joined; the archive is looked back over for them when a watch next runs here."


def _tell_contradictions(run: Run) -> None:
    found, names = run.contradictions(), run.names()
    if found:
        say("They contradict each other:", err=True)
    for one in found[:MOST_TOLD]:
        say(plain(f"  {report_words.contradiction(one, names)}"), err=True)
    if len(found) > MOST_TOLD:
        say(f"  and {len(found) - MOST_TOLD} more", err=True)
