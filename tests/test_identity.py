"""Who a vessel says it is: believed when heard twice, checked where it can be, and as it was known at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.picture import identity
from anchorwatch.picture.flags import flag_of
from made_sea import static_frame
from tries import tries

MMSI = 518_998_865


def registry(*records: dict[str, Any]) -> identity.Registry:
    """A registry of reports; the time is in the record."""
    return identity.Registry(identity.add(identity.start(), [static_frame([{"mmsi": MMSI} | r for r in records])]))


def test_a_name_is_accepted_when_it_was_heard_twice() -> None:
    known = registry(
        {"time_us": 10, "name": "EAGLE S"}, {"time_us": 20, "name": "EAGLE S"}, {"time_us": 30, "name": "EAGLF S"},
        {"time_us": 40, "name": "EAGLE S"},
    )  # fmt: skip
    assert known.vessel(MMSI, 100).name == "EAGLE S"
    changes = [c for c in known.history(MMSI, 100) if c.field == "name"]
    assert [(c.time_us, c.value, c.confirmed) for c in changes] == [(20, "EAGLE S", True), (30, "EAGLF S", False)]


def test_the_same_report_twice_at_one_time_is_one_report() -> None:
    """Two receivers hear one transmission: that confirms nothing."""
    known = registry({"time_us": 10, "name": "EAGLF S"}, {"time_us": 10, "name": "EAGLF S"},
                     {"time_us": 20, "name": "EAGLE S"},
                     {"time_us": 30, "name": "EAGLE S"})  # fmt: skip
    assert known.vessel(MMSI, 25).name == "EAGLF S"  # the first stands in until one is confirmed
    assert known.vessel(MMSI, 30).name == "EAGLE S"
    assert not any(c.confirmed for c in known.history(MMSI, 29))


def test_a_confirmed_change_replaces_what_was_known() -> None:
    known = registry(*({"time_us": t, "name": name} for t, name in ((1, "OLD"), (2, "OLD"), (50, "NEW"), (60, "NEW"))))
    assert [known.vessel(MMSI, t).name for t in (0, 1, 2, 50, 59, 60, 99)] == [
        "",
        "OLD",
        "OLD",
        "OLD",
        "OLD",
        "NEW",
        "NEW",
    ]


def test_what_is_not_said_is_not_known() -> None:
    vessel = registry({"time_us": 5, "callsign": "OXYZ"}, {"time_us": 6, "ship_type": 80}).vessel(MMSI, 9)
    assert (vessel.callsign, vessel.ship_type, vessel.ship_class) == ("OXYZ", 80, "tanker")
    assert (vessel.name, vessel.imo, vessel.length_m) == ("", None, None)
    assert registry().vessel(219_000_001, 9).flag == "DK"


@pytest.mark.parametrize(
    ("imo", "good"),
    [(9_074_729, True), (9_329_760, True), (9_074_728, False), (907_472, False), (0, False), (99_074_729, False)],
)
def test_imo_check_digit(imo: int, good: bool) -> None:
    assert identity.valid_imo(imo) is good
    assert registry({"time_us": 1, "imo": imo}).vessel(MMSI, 2).imo == (imo if good else None)


@pytest.mark.parametrize(
    ("mmsi", "flag"),
    [(518_998_865, "CK"), (219_000_001, "DK"), (273_000_001, "RU"), (230_000_001, "FI"), (100_000_001, "")],
)
def test_flag_by_identification_digits(mmsi: int, flag: str) -> None:
    assert flag_of(mmsi) == flag


reports = st.lists(
    st.tuples(
        st.integers(1, 9),
        st.sampled_from((MMSI, 219_000_001, 230_000_001)),
        st.sampled_from(("A", "B", "")),
        st.sampled_from((0.0, 90.0)),
    ),
    max_size=20,
)


@tries(60)
@given(made=reports, cut=st.integers(0, 10), seed=st.integers(0, 99))
def test_any_order_and_any_split_in_time_give_the_same_sightings(
    made: list[tuple[int, int, str, float]], cut: int, seed: int
) -> None:
    frame = static_frame([{"time_us": t, "mmsi": m, "name": n, "length_m": x} for t, m, n, x in made])
    whole = identity.add(identity.start(), [frame])
    shuffled = frame[np.random.default_rng(seed).permutation(frame.height)] if frame.height else frame
    early, late = (shuffled.filter(pl.col("time_us") < cut), shuffled.filter(pl.col("time_us") >= cut))
    split = identity.add(identity.add(identity.start(), [early]), [late, frame[:0]])
    assert split.equals(whole, null_equal=True)
    assert whole.schema == pl.Schema(identity.SIGHTINGS)
    again = identity.add(whole, [frame])  # a file scanned twice adds nothing
    assert again.equals(whole)
    for mmsi in {m for _, m, _, _ in made}:
        said = {n for _, m, n, _ in made if m == mmsi}
        assert identity.Registry(whole).vessel(mmsi, 9).name in said - ({""} if said != {""} else set())


@tries(60)
@given(made=reports, forgot=st.integers(0, 10), at=st.integers(0, 10))
def test_what_is_forgotten_is_not_missed(made: list[tuple[int, int, str, float]], forgot: int, at: int) -> None:
    """Whoever asks for a time since then gets the same answer, also after more was heard."""
    frame = static_frame([{"time_us": t, "mmsi": m, "name": n, "length_m": x} for t, m, n, x in made])
    early, late = (frame.filter(pl.col("time_us") < forgot), frame.filter(pl.col("time_us") >= forgot))
    kept = identity.forget(identity.add(identity.start(), [early]), forgot)
    whole, part = (identity.Registry(identity.add(s, [late])) for s in (identity.add(identity.start(), [early]), kept))
    for mmsi in {m for _, m, _, _ in made}:
        assert whole.vessel(mmsi, max(at, forgot)) == part.vessel(mmsi, max(at, forgot))


def test_a_change_back_is_seen() -> None:
    said = ((1, "A"), (2, "A"), (50, "B"), (55, "B"), (60, "A"), (70, "B"))
    known = registry(*({"time_us": t, "name": name} for t, name in said))
    assert [known.vessel(MMSI, t).name for t in (2, 54, 55, 59, 60, 69, 70)] == ["A", "A", "B", "B", "A", "A", "B"]
