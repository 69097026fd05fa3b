"""Figures for Prometheus: read from the room at each scrape, nothing is counted here.

Names end in their unit as Prometheus wants it; times are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric

from anchorwatch import __version__
from anchorwatch.edges.feeds import CONNECTED, Feed, unhealthy
from anchorwatch.model import LEVELS
from anchorwatch.watch.room import FeedTimes, Room

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "anchorwatch_"
STATES = ("new", "acknowledged", "in_hand", "escalated", "closed")


def text(room: Room) -> bytes:
    """Return all figures in the text format of Prometheus, version 0.0.4."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(room))
    return generate_latest(registry)


class _Figures:
    """What the library asks for figures."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def collect(self) -> Iterable[Metric]:
        """Return the figures of now."""
        yield InfoMetricFamily(PREFIX + "build", "Version of the program", value={"version": __version__})
        yield from _watch(self._room)
        yield _alerts(self._room)
        yield from _feeds(self._room)


def _watch(room: Room) -> Iterable[Metric]:
    p = room.progress
    yield _gauge("caught_up", "1 = not reading the raw log again after a start", p.caught_up)
    yield _gauge("trouble", "1 = the watch has something that an officer must know", bool(p.trouble))
    yield _gauge("lag_seconds", "From arrival to having gone through the detectors", p.lag_s)
    yield _gauge("queue_bytes", "Received and waiting", p.queue_bytes)
    yield _gauge("vessels", "Vessels in the picture", len(room.latest))
    for name, said, time_us in (
        ("start_time_seconds", "Start of the watch", p.started_us),
        ("picture_time_seconds", "Time of the picture", p.now_us),
        ("settled_time_seconds", "Everything before this is judged", p.settled_us),
        ("checkpoint_time_seconds", "The newest checkpoint", p.checkpoint_us),
    ):
        yield _gauge(name, said, time_us / 1e6)
    yield _counter("positions", "Positions taken in", p.positions)


def _alerts(room: Room) -> Metric:
    """Return alerts by level and state, also where there are none: a line that comes and goes makes no graph."""
    family = GaugeMetricFamily(PREFIX + "alerts", "Alerts in the store", labels=("level", "state"))
    counts = room.store.counts()
    for level in LEVELS:
        for state in STATES:
            family.add_metric((level, state), counts.get((level, state), 0))
    return family


# name, meaning, whether it only grows, value of (feed, times)
_OF_FEED: tuple[tuple[str, str, bool, Callable[[Feed, FeedTimes], float]], ...] = (
    ("lines", "Lines received", True, lambda f, t: f.health.lines),
    ("received_bytes", "Bytes received", True, lambda f, t: f.health.bytes),
    ("connects", "Times it connected", True, lambda f, t: f.health.connects),
    ("rows", "Positions decoded", True, lambda f, t: t.rows),
    ("duplicate_rows", "Rows that another feed had brought", True, lambda f, t: t.duplicates),
    ("late_rows", "Rows that came after their time was judged", True, lambda f, t: t.late),
    ("connected", "1 = connected", False, lambda f, t: f.health.state == CONNECTED),
    ("last_received_time_seconds", "When something last came, 0 = never", False, lambda f, t: f.health.last_us / 1e6),
    ("newest_row_time_seconds", "Newest time that its rows state", False, lambda f, t: t.newest_us / 1e6),
    ("watermark_time_seconds", "Nothing before this is waited for", False, lambda f, t: t.watermark_us / 1e6),
)  # fmt: skip


def _feeds(room: Room) -> Iterable[Metric]:
    known = [(f, room.progress.feeds.get(f.name, FeedTimes())) for f in room.feeds]
    for name, said, grows, value in _OF_FEED:
        kind = CounterMetricFamily if grows else GaugeMetricFamily
        family = kind(f"{PREFIX}feed_{name}", said, labels=("feed",))
        for feed, times in known:
            family.add_metric((feed.name,), float(value(feed, times)))
        yield family
    healthy = GaugeMetricFamily(PREFIX + "feed_healthy", "1 = connected and not silent", labels=("feed",))
    error = GaugeMetricFamily(PREFIX + "feed_clock_error_seconds", "How far its times are ahead", labels=("feed",))
    rejects = CounterMetricFamily(
        PREFIX + "feed_rejects", "Lines that could not be read, by reason", labels=("feed", "reason")
    )
    now_us = room.clock.now_us()
    for feed, times in known:
        healthy.add_metric((feed.name,), not unhealthy(feed, now_us))
        if isfinite(times.clock_error_s):
            error.add_metric((feed.name,), times.clock_error_s)
        for reason, count in dict(times.rejects).items():
            rejects.add_metric((feed.name, reason), count)
    yield from (healthy, error, rejects)


def _gauge(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(PREFIX + name, said, value=float(value))


def _counter(name: str, said: str, value: float) -> Metric:
    return CounterMetricFamily(PREFIX + name, said, value=float(value))
