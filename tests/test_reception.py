"""Laws of what shore stations receive, and of disturbed satellite navigation."""

from __future__ import annotations

import numpy as np
import pytest

from afloat import as_bytes
from anchorwatch.trials.plan import MOORED, SAIL, Interference, Station, Step, Voyage, Water, Who
from anchorwatch.trials.reception import receive
from anchorwatch.trials.ship.motion import Sent, sail

M_PER_DEG = 111_195.0


def lying(mmsi: int, lon: float, lat: float, hours: float = 4.0) -> Voyage:
    told = Who(mmsi, "TEST", "OABC", 0, 70, 120, 18, 6.0, "")
    return Voyage(told, "cargo", 0.0, hours * 3600, lon, lat, (Step(SAIL, lon + 3, lat, 10.0),))


@pytest.fixture(scope="module")
def sent() -> Sent:
    return sail([lying(1, 20.0, 58.0), lying(2, 20.0, 58.3), lying(3, 20.0, 60.0)], Water(), seed=1)


def test_without_stations_everything_is_heard_once(sent: Sent) -> None:
    got = receive(sent, seed=1)
    assert len(got.voyage) == len(sent.voyage)
    assert np.all(np.diff(got.received_us) >= 0)
    order = np.lexsort((got.time_us, got.voyage))
    assert np.array_equal(got.lon_deg[order], sent.lon_deg)
    assert set(got.station) == {0}


def test_stations_hear_the_near_lose_a_few_and_never_the_far(sent: Sent) -> None:
    got = receive(sent, [Station("a", 20.3, 58.1, 75.0)], seed=1)
    share = [np.mean(np.isin(sent.time_us[sent.voyage == k], got.time_us[got.voyage == k])) for k in range(3)]
    assert share[2] == 0.0
    assert 0.9 < share[0] < 0.995


def test_the_chance_falls_with_distance(sent: Sent) -> None:
    shares = []
    for away_km in (20, 65, 80, 100, 140):
        station = Station("a", 20.3, 58.0 - away_km * 1000 / M_PER_DEG, 80.0)
        got = receive(sent, [station], seed=1)
        shares.append(np.mean(got.voyage == 0) * len(got.voyage) / np.sum(sent.voyage == 0) if len(got.voyage) else 0)
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.9
    assert shares[-1] == 0.0


def test_copies_by_several_stations_and_their_clocks(sent: Sent) -> None:
    two = [Station("a", 20.3, 58.1, 90.0), Station("b", 20.4, 58.1, 90.0, clock_s=-37.5)]
    got = receive(sent, two, seed=1)
    near = got.voyage == 0
    assert 1.8 < np.sum(near) / np.sum(sent.voyage == 0) < 2.0
    late = (got.received_us - got.time_us) / 1e6
    assert np.all((late[got.station == 0] >= -0.001) & (late[got.station == 0] < 0.7))
    assert np.all((late[got.station == 1] > -37.6) & (late[got.station == 1] < -36.8))
    assert np.all(got.received_us % 1000 == 0)
    true_receipt = got.received_us + np.where(got.station == 1, 37_500_000, 0)
    assert np.all(np.diff(true_receipt) >= -1000)


def test_a_silent_station_hears_nothing(sent: Sent) -> None:
    down = Station("a", 20.3, 58.1, 90.0, silent_s=((1_000.0, 2_000.0), (5_000.0, 6_000.0)))
    t = receive(sent, [down], seed=1).time_us / 1e6
    assert not np.any((t > 1_000) & (t < 2_000)) and not np.any((t > 5_000) & (t < 6_000))
    assert np.any((t > 2_000) & (t < 2_060))


def test_the_same_seed_receives_the_same(sent: Sent) -> None:
    stations = [Station("a", 20.3, 58.1), Station("b", 20.9, 58.1)]
    area = [Interference(0.0, 7_200.0, 20.0, 58.0, 60.0)]
    one, two, other = (receive(sent, stations, area, seed=s) for s in (7, 7, 8))
    assert as_bytes(one) == as_bytes(two)
    assert len(one.voyage) != len(other.voyage) or one.lon_deg.tobytes() != other.lon_deg.tobytes()


@pytest.mark.parametrize("manner", ["scatter", "offset", "lost"])
def test_interference_moves_what_is_shown_there_and_then_and_never_the_truth(sent: Sent, manner: str) -> None:
    area = Interference(3_600.0, 7_200.0, 20.3, 58.0, 20.0, manner, 20.0)
    got = receive(sent, (), [area], seed=1)
    t = got.time_us / 1e6
    east_km = (got.true_lon_deg - 20.3) * np.cos(np.radians(58.0)) * M_PER_DEG / 1000
    inside = np.hypot(east_km, (got.true_lat_deg - 58.0) * M_PER_DEG / 1000) <= 20.0
    hit = inside & (t >= 3_600) & (t < 7_200)
    shown_e = (got.lon_deg - got.true_lon_deg) * M_PER_DEG * np.cos(np.radians(58.0))
    shown_n = (got.lat_deg - got.true_lat_deg) * M_PER_DEG
    far = np.hypot(shown_e, shown_n)
    assert np.all(far[~hit] < 40)
    plain = receive(sent, (), (), seed=1)
    if manner == "lost":
        assert not hit.any()
        assert len(got.voyage) < len(plain.voyage)
        return
    assert np.array_equal(got.true_lon_deg, plain.true_lon_deg)
    assert far[hit].max() < 21_000
    assert np.median(far[hit]) > 5_000
    spread = np.std(np.arctan2(shown_e[hit], shown_n[hit]))
    assert spread < 0.01 if manner == "offset" else spread > 0.5


def test_a_vessel_that_is_never_heard_leaves_no_rows() -> None:
    alone = sail([Voyage(Who(1, "A", "", 0, 70, 50, 9, 3.0, ""), "cargo", 0.0, 3600.0, 20.0, 58.0, (Step(MOORED),))],
                 Water(), seed=1)  # fmt: skip
    assert len(receive(alone, [Station("a", 10.0, 50.0)], seed=1).voyage) == 0
