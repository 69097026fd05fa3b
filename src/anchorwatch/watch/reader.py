"""Reads texts by the word lists, the rules and what people put right, and remembers the stories of late."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from anchorwatch.chart import Chart
from anchorwatch.desk import corrections as put_right
from anchorwatch.desk.report import Item, Report
from anchorwatch.edges import desk_files
from anchorwatch.edges.store.reports import Reports
from anchorwatch.errors import AnchorwatchError

if TYPE_CHECKING:
    from anchorwatch.desk.event_rules import Rules
    from anchorwatch.desk.gazetteer import Words
    from anchorwatch.desk.stories import Stories
    from anchorwatch.desk.understand import Desk

REMEMBERED = 2_000  # reports whose stories are known again after a start: some days of a busy desk

Tie = tuple[str | None, tuple[str, ...]]


class Reader:
    """Made when the first text comes: the word lists take a moment. For one thread at a time."""

    def __init__(self, chart: Chart, reports: Reports) -> None:
        """Take the chart, whose assets have names, and where corrections and stories are kept."""
        self._chart, self._reports = chart, reports
        self._words: Words | None = None
        self._desk: Desk | None = None
        self._stories: Stories | None = None
        self._lock = threading.Lock()
        self.troubles: dict[str, str] = {}  # why word lists or rules of the folder are not used

    def words(self) -> Words:
        """Return the word lists of the package and of the folder, with the assets of this chart."""
        from anchorwatch.desk import gazetteer

        with self._lock:
            if self._words is None:
                try:
                    self._words = gazetteer.load(self._own(desk_files.WORDS), self._chart.assets)
                except AnchorwatchError as error:
                    self.troubles[desk_files.WORDS] = f"word lists of the folder are not used: {error}"
                    self._words = gazetteer.load({}, self._chart.assets)
            return self._words

    def rules(self) -> Rules:
        """Return the rules of the package, with those of the folder."""
        from anchorwatch.desk import event_rules

        try:
            own = self._own(desk_files.RULES)
            return event_rules.load({**event_rules.packaged_texts(), **own}) if own else event_rules.packaged()
        except AnchorwatchError as error:
            self.troubles[desk_files.RULES] = f"rules of the folder are not used: {error}"
            return event_rules.packaged()

    def _own(self, name: str) -> dict[str, str]:
        return desk_files.kept(self._reports.folder, name)

    def read(self, items: Sequence[Item]) -> list[Report]:
        """Return what texts say."""
        if not items:
            return []
        if self._desk is None:
            from anchorwatch.desk.understand import Desk

            self._desk = Desk(self.words(), self.rules(), None, self._reports.corrections())
        return self._desk.read(items)

    def forget(self) -> None:
        """Forget corrections and stories; they are read again from what is kept."""
        self._desk = self._stories = None

    def tie(self, read: Sequence[Report]) -> tuple[dict[str, Tie], dict[str, Tie]]:
        """Return the ties of new reports, and of earlier ones that are in another story from now on."""
        return self._tied(read) if read else ({}, {})

    def tie_anew(self, read: Sequence[Report]) -> tuple[dict[str, Tie], dict[str, Tie]]:
        """Return the ties of reports that were understood anew; where nobody said a story, it is found anew."""
        self._remember(without={report.id for report in read})
        return self._tied(read) if read else ({}, {})

    def _tied(self, read: Sequence[Report]) -> tuple[dict[str, Tie], dict[str, Tie]]:
        stories = self._known()
        every = self._reports.corrections()
        ties: dict[str, Tie] = {}
        moved: dict[str, Tie] = {}
        for report in read:
            said = put_right.story(put_right.in_force(every, report.id)) if every else None
            tie = stories.add(report, said)
            ties[report.id] = (tie.story, tie.related)
            for other in tie.moved:
                into = stories.kept[other].story, stories.kept[other].related
                (ties if other in ties else moved)[other] = into
        return ties, moved

    def _known(self) -> Stories:
        return self._stories if self._stories is not None else self._remember(set())

    def _remember(self, without: set[str]) -> Stories:
        """Return the stories as they are kept."""
        from anchorwatch.desk.stories import Stories

        stories = self._stories = Stories(self.words())
        fixed = {c.report for c in self._reports.corrections() if c.what == "story"}
        for report, story in self._reports.latest(REMEMBERED):
            if report.id not in without:
                stories.add(report, story or "")
                stories.kept[report.id].fixed = report.id in fixed
        return stories
