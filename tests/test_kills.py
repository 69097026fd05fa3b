"""kill -9 at random moments while officers act and a webhook is told: a shorter form of what `make bench` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.live import kills
from benchmarks.live.receivers import Told, Webhook
from house_at_work import made_sea


@pytest.mark.slow
def test_nothing_is_lost_by_six_kills(tmp_path: Path) -> None:
    (tmp_path / "sea").mkdir()
    sea = made_sea(tmp_path / "sea", vessels=16)
    one = kills.exam(sea, sea / "traffic.nmea", tmp_path, kills=6, seed=3)
    assert one.alerts >= 5
    assert (one.differ, one.raised_twice) == ([], 0)
    assert one.acknowledged > 0
    assert (one.actions_lost, one.actions_twice) == (0, 0)
    assert one.letters == one.alerts
    assert (one.letters_lost, one.letters_twice) == (0, 0)


def test_who_is_told_is_counted() -> None:
    hook = Webhook()
    hook.server.server_close()
    hook.got = [
        {"title": "WARNING anchor drag: EAGLE S, Estlink 2", "message": "Raised at 2024-12-25 10:27 UTC."},
        {"title": "CAUTION loitering: MMSI 230000001", "message": "It may have been sent before: nobody knows."},
        {
            "title": "4 messages on alerts, the worst: WARNING",
            "message": "2024-12-25 10:27 UTC WARNING ais gap: NORTH (new)\n"
            "2024-12-25 10:28 UTC CAUTION (raised again) ais gap: EAGLE S, Estlink 2 (in hand, A)\n... and 2 more",
        },
    ]
    assert hook.told() == (Told({"EAGLE S": 2, "NORTH": 1}, 2), Told({"MMSI 230000001": 1}, 0))  # type: ignore[arg-type]
