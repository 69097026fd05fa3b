"""Incidents: which reports open one, which join, what assets are meant, how much attention they get."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.chart import Chart, baltic, make
from anchorwatch.desk import attention as attentions
from anchorwatch.desk import incidents as rules
from anchorwatch.desk.attention import HALF_LIFE_US, LEAST, attention
from anchorwatch.desk.incidents import DAY_US, SLACK_US, Told, take, told
from anchorwatch.desk.meant import area_of, candidates, kinds_of, pairs
from anchorwatch.desk.report import MODALITIES, Claim, Entity, Incident, Item, Report, When
from anchorwatch.model import Fault
from tries import tries

NOW = 1_735_689_600_000_000  # 2025-01-01
CODES = {"Estonia": "EE", "Finland": "FI", "Germany": "DE", "Sweden": "SE", "Lithuania": "LT"}
PLACES = ("Helsinki", "Rostock", "Tallinn", "Gulf of Finland", "Baltic Sea")
CHART = make(baltic())
ACCUSING = ("suspect", "culprit", "guilty", "sabotage", "perpetrator", "blame")


def entities(text: str) -> tuple[Entity, ...]:
    """The places and countries of a text, and the assets of the chart by name."""
    found = [
        Entity(w, text.index(w), text.index(w) + len(w), "country", w, None, c) for w, c in CODES.items() if w in text
    ]
    found += [Entity(w, text.index(w), text.index(w) + len(w), "place", w) for w in PLACES if w in text]
    for asset in CHART.assets:
        if asset.name in text and asset.lines:
            found.append(
                Entity(
                    asset.name,
                    text.index(asset.name),
                    text.index(asset.name) + len(asset.name),
                    "asset",
                    asset.name,
                    None,
                    asset.id,
                )
            )
    inside = [e for e in found if any(o.start <= e.start and e.end <= o.end and o != e for o in found)]
    return tuple(sorted((e for e in found if e not in inside), key=lambda e: e.start))


def report(
    text: str, days_ago: float = 0.0, kind: str = "infrastructure_damage", modality: str = "fact", **more: Any
) -> Report:
    """A report of one claim over all of its text, told so many days ago."""
    named = entities(text)
    assets = tuple(e.id for e in named if e.type == "asset" and e.id)
    place = next((e.text for e in named if e.type == "place"), None)
    claim = Claim(kind, modality, text, 0, len(text), place=place, assets=assets)
    claim = replace(claim, **{k: v for k, v in more.items() if hasattr(claim, k)})
    item = Item(text, published_us=NOW - round(days_ago * DAY_US))
    dates = more.get("dates", ())
    return Report(item, entities=named, claims=(claim,), assets=assets, ledgers=("incidents",), dates=dates)


def opened(*reports: Report, known: tuple[Incident, ...] = (), chart: Chart = CHART) -> dict[str, Incident]:
    """The incidents after reports, one after the other."""
    kept = {i.id: i for i in known}
    for one in reports:
        kept |= {i.id: i for i in take(list(kept.values()), told(one, chart, NOW), chart)}
    return kept


def only(incidents: dict[str, Incident]) -> Incident:
    assert len(incidents) == 1
    return next(iter(incidents.values()))


def test_a_report_about_damage_opens_an_incident_that_nobody_observed() -> None:
    one = report("The Estlink 2 cable was cut.")
    incident = only(opened(one))
    assert (incident.asset, incident.asset_said, incident.state) == ("estlink-2", "Estlink 2", "reported")
    assert incident.reports == (one.id,) and incident.id.startswith("i1-")
    assert incident.from_us is None and rules.span(incident) == (NOW - 2 * DAY_US, NOW)
    assert opened(one) == opened(one)  # the same in every run


@pytest.mark.parametrize("modality", MODALITIES)
def test_what_is_planned_or_asked_for_opens_nothing(modality: str) -> None:
    happened = opened(report("Estlink 2 is believed to have been cut.", modality=modality))
    assert bool(happened) == (modality in ("fact", "estimate", "opinion"))
    assert not opened(report("Estlink 2 may face an attack.", modality="opinion"))


@pytest.mark.parametrize("text", [
    "A power plant on land was hit by a drone.", "An airport terminal was damaged by a storm.", "A bridge collapsed.",
])  # fmt: skip
def test_what_does_not_lie_on_the_seabed_opens_nothing(text: str) -> None:
    assert not opened(report(text))


def test_what_is_not_relevant_opens_nothing() -> None:
    assert not opened(replace(report("The Estlink 2 cable was cut."), ledgers=()))


def test_other_types_of_event_open_nothing() -> None:
    assert not opened(report("NATO patrols along Estlink 2.", kind="presence"))


def test_a_cable_between_two_countries_has_candidates_and_none_is_chosen() -> None:
    incident = only(opened(report("An undersea cable between Estonia and Finland was damaged.")))
    assert incident.asset is None and {"estlink-1", "estlink-2", "fec-1"} <= set(incident.candidates)
    assert "balticconnector" not in incident.candidates  # a pipeline
    power = only(opened(report("A power cable between Estonia and Finland was damaged.")))
    assert set(power.candidates) == {"estlink-1", "estlink-2"}
    pipe = only(opened(report("A gas pipeline between Finland and Estonia was damaged.")))
    assert pipe.candidates == ("balticconnector",) and pipe.asset is None
    cities = only(opened(report("The data cable between Helsinki and Rostock was severed.")))
    assert cities.candidates == ("c-lion1",)


def test_who_is_named_beside_is_no_end_of_a_cable() -> None:
    text = "Germany says that a telecommunications cable between Sweden and Lithuania was damaged."
    assert set(only(opened(report(text))).candidates) == {"bcs-east-west-interlink"}
    many = "Germany, Sweden, Lithuania and Estonia speak of a damaged cable."
    assert len(only(opened(report(many))).candidates) <= 12


def test_one_place_that_is_named_chooses_by_reach() -> None:
    found = only(opened(report("An undersea power cable was cut in the Gulf of Finland.", place="Gulf of Finland")))
    assert set(found.candidates) == {"estlink-1", "estlink-2"}
    assert only(opened(report("A power cable was cut off Taiwan.", place="Taiwan"))).candidates == ()


def test_later_reports_join_and_repeated_ones_change_nothing() -> None:
    first = report("A power cable between Estonia and Finland was damaged.", 1.0)
    named = report("Estlink 2 is out of service after damage.", 0.9)
    other = report("An undersea cable between Finland and Estonia was hit, police say.", 0.5)
    incident = only(opened(first, named, other, first, named))
    assert incident.asset == "estlink-2" and incident.candidates == ()
    assert incident.reports == (first.id, named.id, other.id)
    assert not [n for n in incident.notes if n.startswith(rules.NO_NAME)]
    assert take([incident], told(named, CHART, NOW), CHART) == []


def test_another_asset_or_another_time_is_another_incident() -> None:
    both = opened(report("Estlink 2 was cut."), report("C-Lion1 was cut."))
    assert {i.asset for i in both.values()} == {"estlink-2", "c-lion1"}
    apart = opened(report("Estlink 2 was cut, and repaired.", 30.0), report("Estlink 2 was cut."))
    assert len(apart) == 2
    together = report("The Estlink 2 and Estlink 1 cables were both cut.")
    assert {i.asset for i in opened(together).values()} == {"estlink-1", "estlink-2"}


def test_a_time_that_is_said_is_kept_and_a_differing_one_is_noted() -> None:
    when = When("on Sunday", 0, 9, NOW - 3 * DAY_US, NOW - 2 * DAY_US)
    first = report("Estlink 2 was cut on Sunday.", when="on Sunday", dates=(when,))
    later = (
        replace(when, from_us=NOW - DAY_US, until_us=NOW)
        if False
        else when._replace(from_us=NOW - DAY_US, until_us=NOW)
    )
    second = report("Estlink 2 was cut on Tuesday.", when="on Sunday", dates=(later,))
    incident = only(opened(first, second))
    assert (incident.from_us, incident.until_us) == (NOW - 3 * DAY_US, NOW - 2 * DAY_US)
    assert any("gives another time" in note for note in incident.notes)


LATE = 253_370_764_800_000_000  # year 9999
IMPOSSIBLE = [
    When("9999", 0, 4, LATE, LATE + 30 * DAY_US),
    When("next week", 0, 9, NOW + DAY_US, NOW + 8 * DAY_US),
    When("1850", 0, 4, -3_786_825_600_000_000, -3_755_289_600_000_000),
    When("last year", 0, 9, NOW - 366 * DAY_US, NOW),
    When("nonsense", 0, 8, NOW, NOW - DAY_US),
]


@pytest.mark.parametrize("when", IMPOSSIBLE, ids=lambda when: when.text)
def test_times_that_cannot_be_looked_at_are_not_known(when: When) -> None:
    incident = only(opened(report("Estlink 2 was cut.", when=when.text, dates=(when,))))
    assert incident.from_us is None and rules.span(incident) == (NOW - 2 * DAY_US, NOW)


def test_a_report_dated_in_the_future_was_told_now() -> None:
    assert only(opened(report("Estlink 2 was cut.", days_ago=-3000.0))).opened_us == NOW


def test_an_operators_notice_joins_and_names_the_asset() -> None:
    incident = only(opened(report("A power cable between Estonia and Finland was damaged.")))
    fault = Fault("estlink-2", NOW - DAY_US, NOW - DAY_US, NOW - DAY_US + 1, 25.5, 59.8, 10.0)
    after = rules.with_notices(incident, [fault], NOW)
    assert (after.state, after.asset, after.candidates) == ("noticed", "estlink-2", ())
    assert after.notices and after.lon_deg == 25.5 and any("operator" in n for n in after.notes)
    assert rules.with_notices(incident, [fault], NOW - 2 * DAY_US) == incident  # not known then
    elsewhere = replace(fault, asset="c-lion1")
    assert rules.with_notices(incident, [elsewhere], NOW) == incident
    long_ago = replace(fault, from_us=NOW - 40 * DAY_US, until_us=NOW - 39 * DAY_US)
    assert rules.with_notices(incident, [long_ago], NOW) == incident


def test_alerts_are_linked_once_and_accuse_nobody() -> None:
    incident = only(opened(report("Estlink 2 was cut.")))
    after = rules.with_alerts(rules.with_alerts(incident, ["a1-1"]), ["a1-1", "a1-2"])
    assert after.alerts == ("a1-1", "a1-2") and after.state == "reported"
    assert not any(word in str(replace(after, reports=())).casefold() for word in ACCUSING)


def test_an_incident_whose_reports_speak_of_something_else_is_closed_and_joined_no_more() -> None:
    one = report("Estlink 2 was cut.")
    incident = only(opened(one))
    closed = rules.rebuilt(incident, [])
    assert closed.state == "closed" and closed.reports == () and closed.notes
    again = opened(report("Estlink 2 was cut again."), known=(closed,))
    assert len(again) == 2
    assert rules.rebuilt(incident, told(one, CHART, NOW)) == incident


def test_more_than_many_reports_are_no_burden() -> None:
    incident = only(opened(report("Estlink 2 was cut.")))
    known: list[Incident] = [incident]
    for n in range(300):
        known = take(known, told(report(f"Estlink 2 was cut, says source {n}."), CHART, NOW), CHART) or known
    assert len(known) == 1 and len(known[0].reports) == rules.MOST_REPORTS


# ---- what words mean


@pytest.mark.parametrize(("words", "kinds"), [
    ("an undersea power cable", ("power_cable",)), ("a fibre-optic cable", ("telecom_cable",)),
    ("submarine cables", ("power_cable", "telecom_cable")), ("the gas pipeline", ("pipeline",)),
    ("infrastructure on the seabed", ("power_cable", "telecom_cable", "pipeline")), ("a power station", ()),
    ("a cable car", ("power_cable", "telecom_cable")),
])  # fmt: skip
def test_kinds_of_words(words: str, kinds: tuple[str, ...]) -> None:
    assert kinds_of(words) == kinds


def test_areas_are_known_by_several_spellings() -> None:
    assert area_of("the Gulf of Finland") == area_of("gulf of finland") == area_of("Gulf  of Finland")
    assert area_of("Øresund").radius_km == area_of("the Sound").radius_km
    assert str(area_of("Atlantis").lon_deg) == str(area_of(None).lon_deg) == "nan"


def test_hostile_lengths_take_no_time() -> None:
    began = time.perf_counter()
    for piece in ("cable ", "undersea ", "between ", "a" * 50, "-", "Estonia and Finland ", "was ", "  "):
        text = (piece * 20_000)[:20_000]
        claim = Claim("infrastructure_damage", "opinion", text, 0, len(text), place=text)
        many = tuple(Entity("x", n * 2, n * 2 + 1, "country", "x", None, "EE") for n in range(5_000))
        told(Report(Item(text), entities=many, claims=(claim,), ledgers=("incidents",)), CHART, NOW)
        pairs(text, many)
        candidates(Report(Item(text), entities=many), claim, CHART.assets)
    assert time.perf_counter() - began < 5.0


# ---- attention


def test_attention_fades_by_half_in_three_days_and_ends() -> None:
    reports = [report("Estlink 2 was cut.")]
    fresh = attention(reports, opened(*reports).values(), NOW)["estlink-2"]
    later = attention(reports, opened(*reports).values(), NOW + HALF_LIFE_US)["estlink-2"]
    assert 0.7 < fresh.level <= 1.0 and fresh.why[0].text == attentions.INCIDENT
    for before, after in zip(fresh.why, later.why, strict=True):
        assert after.weight == pytest.approx(before.weight / 2, abs=2e-3)
    assert attention(reports, (), fresh.until_us + 30 * DAY_US) == {}


def test_attention_does_not_add_up_over_copies_of_one_story() -> None:
    many = [report(f"Estlink 2 was cut, says paper {n}.") for n in range(50)]
    one = attention(many[:1], (), NOW)["estlink-2"]
    all_of_them = attention(many, (), NOW)["estlink-2"]
    assert one.level == all_of_them.level and len(all_of_them.why[0].reports) <= attentions.MOST_IDS


def test_candidates_get_less_attention_and_a_date_far_ahead_gives_no_more() -> None:
    one = report("A power cable between Estonia and Finland was damaged.")
    meant = attention([one], opened(one).values(), NOW)
    assert set(meant) == {"estlink-1", "estlink-2"} and all(a.level < 0.5 for a in meant.values())
    ahead = report("Estlink 2 was cut.", days_ago=-3_000_000.0)
    assert attention([ahead], (), NOW)["estlink-2"].level <= 0.4


@tries(100)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["estlink-2", "c-lion1"]), st.floats(-400, 400), st.sampled_from(sorted(attentions.BY_TYPE))
        )
    ),
    st.integers(0, 400),
)
def test_attention_stays_between_nothing_and_one(said: list[tuple[str, float, str]], days: int) -> None:
    reports = [
        replace(report(f"{asset} {n}", ago), assets=(asset,), claims=(Claim(kind, "fact", "x", 0, 1, assets=(asset,)),))
        for n, (asset, ago, kind) in enumerate(said)
    ]
    for one in attention(reports, (), NOW + days * DAY_US).values():
        assert LEAST <= one.level <= 1.0 and one.why and one.until_us >= NOW
        assert [w.weight for w in one.why] == sorted((w.weight for w in one.why), reverse=True)


def test_the_window_about_an_incident_is_three_days() -> None:
    incident = only(opened(report("Estlink 2 was cut.")))
    first, last = rules.span(incident)
    for at, joins in ((last + SLACK_US, True), (last + SLACK_US + 1, False), (first - SLACK_US, True)):
        one = Told("r1-2", "estlink-2", "Estlink 2", (), (), at, at, "", area_of(None), at, None)
        assert bool(take([incident], [one], CHART)[0].id == incident.id) is joins
