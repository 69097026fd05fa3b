"""The report desk of a watch: reads what came, ties stories, keeps it, opens and joins incidents, looks back for them.

One at a time: whoever brings texts (a feed, an officer, a command) waits for the one before. What was read is kept in
one transaction with what it led to: after a kill nothing is there twice, and nothing half.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from anchorwatch.desk import attention as attentions
from anchorwatch.desk import incidents as rules
from anchorwatch.desk.attention import Attention
from anchorwatch.desk.corrections import MOST_IN_FORCE, Correction, checked
from anchorwatch.desk.report import MOST_TEXT, Item
from anchorwatch.edges.store.report_reading import Wanted
from anchorwatch.edges.store.reports import FeedState, Kept, Reports
from anchorwatch.errors import AnchorwatchError, BadUse
from anchorwatch.watch.incident_room import TROUBLE, IncidentRoom
from anchorwatch.watch.ledgers import Ledgers
from anchorwatch.watch.look_backs import LookBacks
from anchorwatch.watch.reader import Reader

if TYPE_CHECKING:
    from anchorwatch.engine.job import Job
    from anchorwatch.watch.press_poll import PressPoll
    from anchorwatch.watch.room import Room

AT_ONCE = 200  # texts of one transaction
REFRESH_S = 60.0
ATTENTION_S = 60.0  # how old an answer about attention may be
ATTENTION_US = 21 * 86_400_000_000  # seven half-lives: less than a hundredth is left
MOST_ATTENTIVE = 5_000  # reports that it is made from


class Press:
    """What the desk of one watch does. For any number of threads."""

    def __init__(self, room: Room, job: Job | None = None) -> None:
        """Take the watch. job: that of the watch, to look back with; None = made of its chart when it is needed."""
        self.room = room
        self.reports = Reports(room.store)
        self.ledgers = Ledgers(self.reports)
        self.looks = LookBacks(room, self.reports, job)
        self.incidents = IncidentRoom(room, self.reports, self.looks.ask)
        self.reader = Reader(room.chart, self.reports)
        self._lock = threading.RLock()
        self.poll: PressPoll | None = None  # feeds and files that are polled
        self._refreshed_s = float("-inf")
        self._known = (0, 0)  # state of the reports that incidents were looked for in
        self._attention: tuple[tuple[int, int], float, dict[str, Attention]] | None = None

    # ---- reports come in

    def take(
        self, items: Iterable[Item], feed: FeedState | None = None, stop: Callable[[], bool] | None = None
    ) -> Kept:
        """Read texts and keep them. feed: how far the feed is that they are from, kept with the last of them."""
        fresh: list[str] = []
        copies, waiting = 0, list(items)
        for at in range(0, max(1, len(waiting)), AT_ONCE):
            if stop is not None and stop():
                break  # the feed is asked again for what is left
            with self._lock:  # between two parts an officer's text has its turn
                kept = self._take(waiting[at : at + AT_ONCE], feed if at + AT_ONCE >= len(waiting) else None)
            fresh += kept.fresh
            copies += kept.copies
        return Kept(tuple(fresh), copies)

    def _take(self, items: Sequence[Item], feed: FeedState | None) -> Kept:
        now_us, before = self.now_us(), self.reports.state()
        cut = [i if i.received_us is not None else replace(i, received_us=now_us) for i in items]
        named = {id_of(item): item for item in reversed(cut)}
        known = self.reports.known(named)
        new = [item for id_, item in named.items() if id_ not in known][::-1]
        try:
            read = self.reader.read(new)
            ties, moved = self.reader.tie(read)
            with self.reports.writing():
                kept = self.reports.keep(read, ties, [replace(i, text=i.text[:MOST_TEXT]) for i in cut])
                self.reports.tie(moved)
                ask = self.incidents.take(read, now_us)
                if feed is not None:
                    self.reports.keep_feed(feed)
        except BaseException:
            self.reader.forget()  # what it remembers of stories may be ahead of what is kept
            raise
        if self._known == before:  # and nobody else has kept any meanwhile
            self._known = self.reports.state()
        for incident in ask:
            self.looks.ask(incident)
        return Kept(kept.fresh, len(cut) - len(kept.fresh))

    # ---- people put right

    def correct(self, correction: Correction, by: str) -> Correction:
        """Keep what a person put right, and understand the report anew; BadUse where it cannot be meant."""
        with self._lock:
            items = self.reports.items([correction.report]) if correction.report else {}
            if correction.report and correction.report not in items:
                raise BadUse("there is no such report", correction.report, "Load the list again")
            text = items[correction.report].text if correction.report else None
            if len(self.reports.corrections()) >= MOST_IN_FORCE:
                raise BadUse(f"{MOST_IN_FORCE:,} corrections are in force", "corrections", "Take back some")
            kept = self.reports.correct(checked(correction, text), by)
            self._anew(correction)
            return kept

    def take_back(self, correction_id: str, by: str) -> Correction | None:
        """Let a correction no longer hold; None where there is no such."""
        with self._lock:
            gone = self.reports.take_back(correction_id, by)
            if gone is not None:
                self._anew(gone)
            return gone

    def _anew(self, correction: Correction) -> None:
        """Understand again what a correction is about; one that holds everywhere, the reports that hold its words."""
        self.reader.forget()
        if correction.report:
            ids = [correction.report]
        else:
            found = self.reports.page(Wanted(text=correction.text), limit=AT_ONCE)
            ids = [record["id"] for record in found]
        items = list(self.reports.items(ids).values())
        read = self.reader.read(items)
        with self.reports.writing():
            before = self.reports.several(ids)
            kept = {i: (r["story"], tuple(r["related"])) for i, r in before.items()}
            self.reports.understand_anew(read, kept)
        self.reader.forget()  # its stories begin from what is kept now
        ties, moved = self.reader.tie_anew(read)
        with self.reports.writing():
            self.reports.tie(ties | moved)
            ask = self.incidents.take_anew(read, self.now_us())
        for incident in ask:
            self.looks.ask(incident)

    # ---- what follows

    def attention(self) -> dict[str, Attention]:
        """Return the attention of every asset that is spoken of, by id; a minute old at most."""
        now_s, state = self.room.clock.monotonic_s(), self.reports.state()
        kept = self._attention
        if kept is None or kept[0] != state or now_s - kept[1] > ATTENTION_S:
            now_us = self.now_us()
            wanted = Wanted(since_us=now_us - ATTENTION_US, relevant=True)
            reports = [report for report, _ in self.reports.latest(MOST_ATTENTIVE, wanted)]
            found = attentions.attention(reports, self.reports.incidents(), now_us)
            kept = self._attention = (state, now_s, found)
        return kept[2]

    def refresh(self) -> None:
        """Link alerts and notices that came since, and look back where that was not done; once a minute at most."""
        now_s = self.room.clock.monotonic_s()
        if now_s - self._refreshed_s < REFRESH_S or not self._lock.acquire(blocking=False):
            return  # who reads an incident does not wait for a feed that is being read
        try:
            self._refreshed_s = now_s
            self._catch_up()
            self.room.progress.troubles.update(self.reader.troubles)
            for incident_id in self.incidents.refresh(self.now_us()):
                self.looks.ask(incident_id)
            self.looks.resume()
        except AnchorwatchError as error:  # a disk that is full keeps nobody from reading an incident
            self.room.progress.troubles[TROUBLE] = str(error)
        finally:
            self._lock.release()

    def _catch_up(self) -> None:
        """Tie what a command has put into the store beside this watch."""
        state = self.reports.state()
        if state == self._known:
            return
        self.reader.forget()
        new = self.reports.untied(rules.TYPES, self._known[1])
        with self.reports.writing():
            ask = self.incidents.take(new, self.now_us())
        self._known = state
        for incident_id in ask:
            self.looks.ask(incident_id)

    def now_us(self) -> int:
        """Return the time of the picture: in a replay that of the data."""
        return self.room.progress.now_us or self.room.clock.now_us()

    def close(self) -> None:
        """End; what was not looked back for is asked again after the next start."""
        if self.poll is not None:
            self.poll.stop()
        self.looks.close()


def id_of(item: Item) -> str:
    """Return the id under which a text is kept: that of as much of it as is understood."""
    return item.id if len(item.text) <= MOST_TEXT else replace(item, text=item.text[:MOST_TEXT]).id


_making = threading.Lock()


def press_of(room: Room) -> Press:
    """Return the desk of a watch; a watch that polls no feed has one, too: officers bring texts."""
    with _making:
        if room.press is None:
            room.press = Press(room)
        return room.press
