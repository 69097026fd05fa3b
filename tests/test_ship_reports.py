"""What the AIS sets of made ships send: the standard's intervals, sensors, identities, spoofing."""

from __future__ import annotations

import numpy as np
import pytest

from afloat import CALM, M_PER_DEG, at, east, voyage, who
from anchorwatch.trials.plan import ADRIFT, MOORED, SAIL, Event, Step, Voyage, Water
from anchorwatch.trials.ship.motion import sail
from anchorwatch.trials.ship.reporting import interval_s

TABLE = [  # ITU-R M.1371-5, annex 1, tables 1 and 2: class B, status, knots, turning, seconds
    (0, 1, 0.0, False, 180), (0, 5, 3.0, False, 180), (0, 1, 3.1, False, 10), (0, 5, 12.0, True, 10),
    (0, 0, 0.0, False, 10), (0, 0, 14.0, False, 10), (0, 0, 14.0, True, 10 / 3), (0, 0, 14.1, False, 6),
    (0, 0, 23.0, False, 6), (0, 0, 23.0, True, 2), (0, 0, 23.1, False, 2), (0, 0, 23.1, True, 2),
    (0, 7, 4.0, False, 10), (0, 2, 0.5, False, 10), (1, 15, 2.0, False, 180), (1, 15, 2.1, False, 30),
    (1, 15, 25.0, True, 30),
]  # fmt: skip


@pytest.mark.parametrize(("class_b", "status", "sog_kn", "turning", "seconds"), TABLE)
def test_intervals_are_those_of_the_standard(
    class_b: int, status: int, sog_kn: float, turning: bool, seconds: float
) -> None:
    assert interval_s(float(class_b), status, sog_kn, turning) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("made", "seconds"),
    [
        (voyage(Step(SAIL, *east(90), 12.0)), 10.0),
        (voyage(Step(SAIL, *east(90), 17.5), service_kn=18.0), 6.0),
        (voyage(Step(SAIL, *east(150), 30.0), service_kn=30.0, ship_class="high_speed", length_m=80), 2.0),
        (voyage(Step(MOORED), hours=24.0), 180.0),
        (voyage(Step(SAIL, *east(90), 9.0), class_b=True, length_m=20, ship_class="pleasure", service_kn=9.0), 30.0),
        (voyage(Step(MOORED), hours=24.0, class_b=True, length_m=10, ship_class="pleasure"), 180.0),
    ],
)
def test_reports_come_at_those_intervals_within_a_slot_s_choice(made: Voyage, seconds: float) -> None:
    gaps = np.diff(sail([made], CALM, seed=1).time_us) / 1e6
    assert np.mean(gaps) == pytest.approx(seconds, rel=0.02)
    assert gaps.max() <= 1.2 * seconds + 0.1
    assert gaps.min() >= 0.8 * seconds - 0.1
    scaled = np.diff(sail([made], CALM, seed=1, interval_scale=3.0).time_us) / 1e6
    assert np.mean(scaled) == pytest.approx(3 * seconds, rel=0.05)


def test_a_turning_ship_reports_three_times_as_often() -> None:
    sent = sail([voyage(Step(SAIL, *east(10), 11.0), Step(SAIL, *east(10, 15), 11.0), length_m=180)], CALM, seed=2)
    assert np.diff(sent.time_us).min() / 1e6 < 4.1
    assert np.median(np.diff(sent.time_us)) / 1e6 == pytest.approx(10.0, abs=0.5)


def test_a_silent_set_sends_nothing() -> None:
    events = (Event(1_000.0, "ais_off"), Event(3_000.0, "ais_on"))
    t = at(sail([voyage(Step(SAIL, *east(90), 12.0), events=events)], Water(), seed=1))
    assert not np.any((t > 1_010) & (t < 3_000))
    assert np.any(t < 1_000) and np.any((t > 3_000) & (t < 3_030))


def test_shown_values_are_as_coarse_and_as_noisy_as_the_standard_and_sensors_make_them() -> None:
    sent = sail([voyage(Step(SAIL, *east(300), 12.0), hours=12.0)], CALM, seed=1)
    assert np.allclose(sent.sog_kn * 10, np.round(sent.sog_kn * 10))
    assert np.allclose(sent.cog_deg * 10, np.round(sent.cog_deg * 10))
    assert np.all((sent.cog_deg >= 0) & (sent.cog_deg < 360))
    assert np.all((sent.heading_deg == np.round(sent.heading_deg)) & (sent.heading_deg >= 0) & (sent.heading_deg < 360))
    off_m = (sent.lat_deg - sent.true_lat_deg) * M_PER_DEG
    assert 1.0 < off_m.std() < 5.0
    assert np.abs(off_m).max() < 20
    assert 0.3 < np.std((sent.cog_deg - 90 + 180) % 360 - 180) < 3.0


def test_status_is_a_careful_crew_s_unless_the_plan_says_otherwise() -> None:
    steps = (Step(ADRIFT, until_s=600.0), Step(SAIL, *east(5), 10.0, nav_status=7), Step(SAIL, *east(15), 10.0))
    sent = sail([voyage(*steps)], CALM, seed=1)
    said = sent.nav_status[np.flatnonzero(np.diff(sent.nav_status, prepend=-1))]
    assert list(said) == [2, 7, 0]
    forgot = sail([voyage(*steps, events=(Event(300.0, "nav_status", 5.0),))], CALM, seed=1)
    assert set(forgot.nav_status[at(forgot) > 310]) == {5}
    assert set(sail([voyage(*steps, class_b=True)], CALM, seed=1).nav_status) == {15}


def test_identities_count_up() -> None:
    events = (Event(1_000.0, "identity", who=who(2)), Event(2_000.0, "identity", who=who(3)))
    sent = sail([voyage(Step(MOORED), events=events)], Water(), seed=1)
    assert set(sent.who) == {0, 1, 2}
    assert np.all(np.diff(sent.who) >= 0)


def test_spoofed_places_are_shown_and_the_true_ones_are_not_touched() -> None:
    plain = voyage(Step(SAIL, *east(90), 12.0))
    events = (Event(1_000.0, "spoof_offset", 5_000.0, -3_000.0, until_s=2_000.0),
              Event(3_000.0, "spoof_place", 22.0, 57.0, until_s=4_000.0))  # fmt: skip
    told = voyage(Step(SAIL, *east(90), 12.0), events=events)
    truth, sent = sail([plain], CALM, seed=1), sail([told], CALM, seed=1)
    x = np.interp(at(sent), at(truth), truth.true_lon_deg)
    assert np.abs(sent.true_lon_deg - x).max() < 1e-3
    t = at(sent)
    offset = (t > 1_020) & (t < 1_990)
    shown_e = (sent.lon_deg - sent.true_lon_deg) * M_PER_DEG * np.cos(np.radians(58.0))
    assert np.allclose(shown_e[offset], 5_000, atol=25)
    place = (t > 3_020) & (t < 3_990)
    assert np.allclose(sent.lon_deg[place], 22.0, atol=0.001)
    assert sent.sog_kn[place].max() < 1.0
    assert np.abs(shown_e[(t < 990) | ((t > 2_020) & (t < 2_990)) | (t > 4_020)]).max() < 25
