"""What sources leave out by rule."""

from __future__ import annotations

from math import nan

import pytest

from anchorwatch import schema
from anchorwatch.picture import policy


@pytest.mark.parametrize(
    ("source", "ship_class", "length_m", "class_b", "carried"),
    [
        ("digitraffic", schema.CARGO, 100.0, False, True),
        ("digitraffic", schema.CARGO, nan, False, True),
        ("digitraffic", schema.CARGO, 20.0, True, False),
        ("digitraffic", schema.FISHING, 60.0, False, False),
        ("digitraffic", schema.UNKNOWN, 60.0, False, None),
        ("kystverket", schema.FISHING, 14.0, False, False),
        ("kystverket", schema.FISHING, 15.0, False, True),
        ("kystverket", schema.FISHING, nan, False, None),
        ("barentswatch", schema.PLEASURE, 44.0, True, False),
        ("barentswatch", schema.UNKNOWN, 50.0, False, True),
        ("barentswatch", schema.UNKNOWN, 30.0, False, None),
        ("aisstream", schema.UNKNOWN, nan, True, True),
        ("tcp", schema.FISHING, 8.0, True, True),
    ],
)
def test_who_is_carried(source: str, ship_class: int, length_m: float, class_b: bool, carried: bool | None) -> None:
    assert policy.of(source).carries(ship_class, length_m, class_b) is carried


def test_every_service_says_it_in_words() -> None:
    assert all(one.text and "\n" not in one.text for one in policy.POLICIES.values())
    assert policy.of("udp").text == ""
