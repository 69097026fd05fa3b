"""How many incidents one source may open: a feed that makes up damage floods neither their list nor the looks back."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence

from anchorwatch.desk.report import Incident
from anchorwatch.edges.records import plain

DAY_S = 86_400.0
MOST_OF_SOURCE = 20  # a day; on the worst days of the Baltic so far, one paper told of five
MOST = 100  # a day, of all sources
PASTED = "pasted text"


class Openings:
    """Counts what was opened within a day. What opens no incident stays among the reports, and is said."""

    def __init__(self) -> None:
        """Begin with none."""
        self._opened: deque[tuple[float, str]] = deque()
        self._refused: deque[tuple[float, str]] = deque(maxlen=100_000)

    def of(
        self, changed: Sequence[Incident], known: Sequence[Incident], sources: Mapping[str, str | None], now_s: float
    ) -> list[Incident]:
        """Return the incidents that are kept: those that were known, and as many new ones as may be opened.

        sources: the feed or the file of each report.
        """
        self._forget(now_s)
        before = {incident.id for incident in known}
        return [i for i in changed if i.id in before or self._may(i, sources, now_s)]

    def _may(self, incident: Incident, sources: Mapping[str, str | None], now_s: float) -> bool:
        source = plain(next((s for r in incident.reports if (s := sources.get(r))), PASTED))[:200]
        mine = sum(s == source for _, s in self._opened)
        may = mine < MOST_OF_SOURCE and len(self._opened) < MOST
        (self._opened if may else self._refused).append((now_s, source))
        return may

    def trouble(self, now_s: float) -> str:
        """Return what is to be said; "" where nothing was left out for a day."""
        self._forget(now_s)
        if not self._refused:
            return ""
        source, number = Counter(s for _, s in self._refused).most_common(1)[0]
        others = len(self._refused) - number
        more = f", and {others:,} of others" if others else ""
        return (
            f"{number:,} reports of damage from {source}{more} opened no incident and no look back: at most "
            f"{MOST_OF_SOURCE} of one source and {MOST} in all within a day. They are among the reports"
        )

    def _forget(self, now_s: float) -> None:
        for line in (self._opened, self._refused):
            while line and now_s - line[0][0] >= DAY_S:
                line.popleft()
