"""Stories: reports that tell the same event are put together, those that a reader should see beside them are linked.

The memory is bounded: the last reports, compared only with those that share something rare. Nothing is
merged but the link: every report keeps its own numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from anchorwatch.desk.compared import Features, features, kin
from anchorwatch.desk.gazetteer import Words
from anchorwatch.desk.report import Report
from anchorwatch.desk.similarity import MEAN, Counts, Likeness, Sums, Term, Weighed, explained, likeness, named, weighed

WINDOW = 5_000  # reports that are remembered: two weeks of a busy desk
_RAREST = 10  # words and names by which others are looked for: what is in every text finds everything
_LATEST = 32  # of those that share one of them, so many of the latest
_COMPARED = 10  # at most; the likeliest first
_MOST_RELATED = 8
_JUDGES = 4  # members of a story that a newcomer is compared with
_NO_SUMS = Sums()


class Tie(NamedTuple):
    """Where a report belongs."""

    story: str | None  # None = it stands alone
    related: tuple[str, ...] = ()  # ids of reports outside of the story, the most alike first
    moved: tuple[str, ...] = ()  # ids of earlier reports that are in this story from now on


@dataclass
class Kept:
    """A report that is remembered."""

    features: Features
    number: int  # in the order in which they came
    sums: Sums = _NO_SUMS  # of its words and names, when it came
    story: str | None = None
    related: tuple[str, ...] = ()
    fixed: bool = False  # a person has said where it belongs


class Stories:
    """The reports of late, and what belongs together."""

    def __init__(self, words: Words | None = None, window: int = WINDOW) -> None:
        """Begin without any. words: by which a capital is known to speak for its country."""
        self.kin, self.window = kin(words), window
        self.counts = Counts()
        self.kept: dict[str, Kept] = {}  # by id, the oldest first
        self.members: dict[str, list[str]] = {}
        self._by_key: dict[str, list[str]] = {}
        self._number = 0

    def add(self, report: Report, story: str | None = None) -> Tie:
        """Take a report in. story: where a person put it; "" = nowhere."""
        one = features(report, self.kin)
        if (known := self.kept.get(one.id)) is not None:
            if story is None:
                return Tie(known.story, known.related)
            self._leave(one.id)
        else:
            known = self._keep(one)
        new = weighed(one, self.counts)
        known.sums = new.sums
        alike = self._alike(new)
        known.fixed = story is not None
        moved: tuple[str, ...] = ()
        if story is not None:
            self._enter(one.id, story)
        elif same := [other for other, like in alike if like.same and not self._apart(other)]:
            moved = self._join(new, same)
        own = set(self.members.get(known.story or "", ()))
        near = [other for other, like in alike if like.related and other not in own]
        known.related = tuple(near[:_MOST_RELATED])
        return Tie(known.story, known.related, moved)

    def story_of(self) -> dict[str, str]:
        """Return the story of every report that has one."""
        return {id_: k.story for id_, k in self.kept.items() if k.story}

    def why(self, a: str, b: str) -> tuple[Likeness, tuple[Term, ...]] | None:
        """Return how alike two reports are, and why; None where one is not remembered."""
        if a not in self.kept or b not in self.kept:
            return None
        one = self.kept[a].features
        found = self._likeness(weighed(one, self.counts), b)
        return found, explained(one, self.kept[b].features, found.parts)

    def _keep(self, one: Features) -> Kept:
        while len(self.kept) >= self.window:
            self._forget(next(iter(self.kept)))
        self._number += 1
        self.kept[one.id] = known = Kept(one, self._number)
        self.counts.count(one)
        for key in _keys(one):
            self._by_key.setdefault(key, []).append(one.id)
        return known

    def _forget(self, id_: str) -> None:
        self._leave(id_)
        gone = self.kept.pop(id_)
        self.counts.count(gone.features, -1)
        for key in _keys(gone.features):
            self._by_key[key].remove(id_)  # the oldest is the first: found at once
            if not self._by_key[key]:
                del self._by_key[key]

    def _alike(self, new: Weighed) -> list[tuple[str, Likeness]]:
        """Return those that share something rare with it, the most alike first."""
        found: dict[str, float] = {}
        for much, key in self._rarest(new):
            for other in self._by_key[key][-_LATEST:]:
                found[other] = found.get(other, 0.0) + much
        one = new.features
        for key in one.pairs:
            for other in self._by_key.get(key, ())[-_LATEST:]:
                found[other] = found.get(other, 0.0) + 0.5  # as much as a rather rare word
        found.pop(one.id, None)
        best = sorted([(much, self.kept[other].number, other) for other, much in found.items()], reverse=True)
        pairs = [(other, self._likeness(new, other)) for _, _, other in best[:_COMPARED]]
        # Rounded: sums over sets of words differ in the last digit from run to run.
        return sorted(pairs, key=lambda p: (-round(p[1].score, 9), -self.kept[p[0]].number))

    def _likeness(self, new: Weighed, other: str) -> Likeness:
        return likeness(new, self.kept[other].features, self.kept[other].sums)

    def _rarest(self, new: Weighed) -> list[tuple[float, str]]:
        """Return the rarest of its words and names that others have too, with how much each says."""
        words, names = self.counts.words, self.counts.names
        shared = [(much, w) for w, much in new.words.items() if words[w] > 1]
        shared += [(much, n) for n, much in new.names.items() if names[n] > 1]
        return sorted(shared, reverse=True)[:_RAREST]

    def _apart(self, id_: str) -> bool:
        """Return whether a person has said that it stands alone."""
        return self.kept[id_].fixed and self.kept[id_].story is None

    def _join(self, new: Weighed, same: Iterable[str]) -> tuple[str, ...]:
        """Put it together with those that tell the same; return those that have moved."""
        one, moved = new.features, list[str]()
        for other in same:
            mine, theirs = self.kept[one.id].story, self.kept[other].story
            if (mine and mine == theirs) or not self._fits(new, other):
                continue
            if mine and theirs:
                moved += self._merge(theirs, mine)
                continue
            story = mine or theirs or _story(self._older(one.id, other))
            for id_ in (other, one.id):
                if self.kept[id_].story is None:
                    self._enter(id_, story)
                    moved += [id_] if id_ != one.id else []
        return tuple(dict.fromkeys(m for m in moved if m != one.id))

    def _fits(self, new: Weighed, other: str) -> bool:
        """Return whether its story and that of the other are alike as a whole: no chain makes everything one."""
        mine, theirs = (self._with(id_) for id_ in (new.features.id, other))
        if len(mine) == len(theirs) == 1:
            return True
        heavy = [new if m == new.features.id else weighed(self.kept[m].features, self.counts) for m in mine]
        found = [self._likeness(one, t) for one in heavy for t in theirs]
        return sum(f.score for f in found) >= MEAN * len(found) and not any(f.apart for f in found)

    def _with(self, id_: str) -> list[str]:
        """Return the reports that are in one story with it, and itself; of many the latest."""
        return self.members.get(self.kept[id_].story or "", [id_])[-_JUDGES:]

    def _merge(self, a: str, b: str) -> list[str]:
        """Make one story of two, by the id that a person gave, else the older; two such ids stay two."""
        said = {s: any(self.kept[m].fixed for m in self.members[s]) for s in (a, b)}
        if all(said.values()):
            return []
        old, new = sorted((a, b), key=lambda s: (not said[s], min(self.kept[m].number for m in self.members[s]), s))
        moved = list(self.members[new])
        for id_ in moved:
            self._enter(id_, old)
        return moved

    def _enter(self, id_: str, story: str) -> None:
        self._leave(id_)
        if story:
            self.kept[id_].story = story
            self.members.setdefault(story, []).append(id_)

    def _leave(self, id_: str) -> None:
        story = self.kept[id_].story
        if story is not None:
            self.kept[id_].story = None
            self.members[story].remove(id_)
            if not self.members[story]:
                del self.members[story]

    def _older(self, a: str, b: str) -> str:
        return min(a, b, key=lambda i: self.kept[i].number)


def _story(first: str) -> str:
    """Return the id of a story: of its first report."""
    return "s1-" + first.removeprefix("r1-")


def _keys(one: Features) -> tuple[str, ...]:
    return (*one.words, *named(one), *one.pairs)
