"""The score against cases worked by hand, and against brute force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.errors import BadInput
from anchorwatch.trials.score import Card, System, card, compare
from anchorwatch.trials.score.bootstrap import Draws, Estimate, median, rate, share
from anchorwatch.trials.score.curves import Scored, auc, average_precision, calibration, curve
from anchorwatch.trials.score.records import read_trial
from anchorwatch.trials.score.verdict import Verdict, judge
from made_trial import FISHER, ORDINARY, actor, alert, at, write
from tries import tries

THREAT, SECOND, INNOCENT = 211_000_001, 211_000_002, 211_000_003
WARNED = [("caution", 70.0), ("warning", 100.0)]


def verdict(folder: Path, *args: Any, **kwargs: Any) -> Verdict:
    return judge(read_trial(write(folder / "trial", *args, **kwargs)))


def scored(values: list[tuple[float, bool]]) -> Scored:
    return Scored(np.array([v for v, _ in values]), np.array([t for _, t in values], np.bool_), np.arange(len(values)))


# One threat, one warning


def test_a_threat_warned_of_in_time_is_found_with_its_lead_times(tmp_path: Path) -> None:
    found = verdict(tmp_path, [actor(THREAT)], [alert(THREAT, WARNED)]).actors[0]
    assert found.found and found.right_kind
    # Cables at 120 and 121 are one trench: the second blow is at 170.
    assert found.leads_min == (20.0, 70.0)
    assert found.evidence_min == 40.0
    assert found.crossed_min == -20.0
    assert found.score == 0.7


@pytest.mark.parametrize(
    ("levels", "found", "rank"),
    [
        ([("caution", 100.0)], False, 0),  # nobody is called for a caution
        ([("warning", 209.0)], True, 1),  # 29 min after the end
        ([("warning", 211.0)], False, -1),  # too late to be about it
        ([("caution", 100.0), ("warning", 211.0)], False, 0),
        ([("warning", 100.0), ("withdrawn", 150.0)], False, -1),  # taken back
        ([("warning", 100.0), ("withdrawn", 120.0), ("alarm", 130.0)], True, 2),
        ([("warning", 10.0)], False, -1),  # over before it began
    ],
)  # fmt: skip
def test_what_counts_as_found(levels: list[tuple[str, float]], found: bool, rank: int, tmp_path: Path) -> None:
    seen = verdict(tmp_path, [actor(THREAT)], [alert(THREAT, levels)]).actors[0]
    assert (seen.found, seen.rank) == (found, rank)


def test_a_crossing_before_the_behaviour_is_nobody_s_blow(tmp_path: Path) -> None:
    early = actor(THREAT, crossings=[{"asset": "one", "time": at(30)}, {"asset": "two", "time": at(130)}])
    assert verdict(tmp_path, [early], [alert(THREAT, WARNED)]).actors[0].leads_min == (30.0,)


def test_an_asset_is_hit_once_and_none_after_the_end(tmp_path: Path) -> None:
    times = [("one", 110), ("one", 130), ("two", 150), ("three", 152), ("four", 181)]
    crossings = [{"asset": asset, "time": at(t)} for asset, t in times]
    seen = verdict(tmp_path, [actor(THREAT, crossings=crossings)], [alert(THREAT, WARNED)])
    assert seen.actors[0].leads_min == (10.0, 50.0)


def test_any_warning_on_an_innocent_counts_against_the_watch_even_if_withdrawn(tmp_path: Path) -> None:
    innocent = actor(INNOCENT, "cleared", "slow_steamer")
    seen = verdict(tmp_path, [innocent], [alert(INNOCENT, [("warning", 400.0), ("withdrawn", 410.0)])])
    assert seen.actors[0].found
    assert not seen.false  # it is an actor: not counted twice


def test_false_warnings_fishing_apart(tmp_path: Path) -> None:
    alerts = [
        alert(ORDINARY, [("warning", 100.0), ("withdrawn", 130.0)]),
        alert(ORDINARY + 1, [("caution", 100.0)]),
        alert(FISHER, [("alarm", 100.0)]),
        alert(THREAT, [("alarm", 500.0)]),  # a threat at another time: neither found nor an ordinary vessel
    ]
    seen = verdict(tmp_path, [actor(THREAT)], alerts)
    assert [(f.mmsi, f.fishing) for f in seen.false] == [(ORDINARY, False), (FISHER, True)]
    assert seen.ordinary["hours"].to_list() == pytest.approx([10.0] * 6)
    figures = card(System("watch", "", (seen,)), seed=1)
    assert figures.false["simulated"].value == pytest.approx(1000 / 50)
    assert figures.false["simulated fishing"].value == pytest.approx(1000 / 10)
    assert (figures.churn.raised, figures.churn.raised_loud) == (4, 3)
    assert figures.churn.withdrawn_loud.value == pytest.approx(1 / 3)
    assert figures.precision.value == 0.0


def test_hours_of_a_class_come_from_the_truth_where_it_says_them(tmp_path: Path) -> None:
    seen = verdict(tmp_path, vessel_hours={"cargo": 100.0, "fishing": 7.0})
    assert seen.ordinary["hours"].to_list() == pytest.approx([20.0] * 5 + [7.0])


def test_an_area_is_found_by_its_own_kind_alone(tmp_path: Path) -> None:
    area = {"id": "x", "class": "interference", "start": at(60), "end": at(120), "lon": 20.0, "lat": 57.0,
            "radius_km": 30, "mmsis": [ORDINARY, ORDINARY + 1], "expects": ["interference_area"]}  # fmt: skip
    alerts = [
        alert(None, [("caution", 80.0)], kind="interference_area", vessel=None),
        alert(ORDINARY, [("warning", 90.0)], kind="position_jump"),
        alert(None, [("warning", 400.0)], kind="feed_silence", vessel=None),
    ]
    seen = verdict(tmp_path, [], alerts, areas=[area])
    assert seen.areas[0].found and seen.areas[0].evidence_min == 20.0
    assert [(f.mmsi, f.disturbed) for f in seen.false] == [(ORDINARY, True)]
    assert seen.false_areas == 1  # no outage was true
    only_jumps = verdict(tmp_path / "jumps", [], alerts[1:], areas=[area])
    assert not only_jumps.areas[0].found


def test_expectations(tmp_path: Path) -> None:
    name = f"actor-{THREAT}"
    expect = [
        {"actor": name, "level": "warning", "kinds": ["anchor_drag"], "before_asset": "three", "spare_min": 30},
        {"actor": name, "level": "warning", "kinds": ["anchor_drag"], "before_asset": "three", "spare_min": 90},
        {"actor": name, "level": "alarm"},
        {"actor": name, "level": "warning", "before": at(101), "at_most": None},
        {"actor": name, "level": "warning", "kinds": ["loitering"]},
        {"actor": name, "at_most": "caution"},
        {"actor": f"actor-{INNOCENT}", "at_most": "caution"},
        {"actor": name, "level": "warning", "before_asset": "nine"},
        {"no_vessel": True},
    ]  # fmt: skip
    actors = [actor(THREAT), actor(INNOCENT, "cleared", "steamer")]
    alerts = [alert(THREAT, WARNED), alert(INNOCENT, [("caution", 100.0)])]
    kept = verdict(tmp_path, actors, alerts, expect=expect).kept
    assert [k.met for k in kept] == [True, False, False, True, False, False, True, False, False]
    assert "20 min too late" in kept[1].seen
    nobody = verdict(tmp_path / "b", actors, alerts[1:], expect=[{"no_vessel": True}], faults=[{"asset": "one"}])
    assert nobody.kept[0].met


def test_an_expectation_of_an_actor_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"truth.json: .*names 'ghost'"):
        verdict(tmp_path, expect=[{"actor": "ghost", "level": "warning"}])


# Pools


def pooled(tmp_path: Path, trials: int, seed: int = 1) -> tuple[Card, list[Verdict]]:
    verdicts = []
    for k in range(trials):
        alerts = [alert(THREAT, WARNED)] if k % 2 else []
        verdicts.append(verdict(tmp_path / str(k), [actor(THREAT, deficit=0.07), actor(SECOND)], alerts))
    return card(System("watch", "", tuple(verdicts)), seed), verdicts


def test_a_pool_is_the_sum_of_its_trials(tmp_path: Path) -> None:
    figures, verdicts = pooled(tmp_path, 4)
    assert figures.recall.n == sum(len(v.actors) for v in verdicts)
    assert figures.recall.value == sum(a.found for v in verdicts for a in v.actors) / figures.recall.n == 0.25
    assert figures.by_deficit["5-10 %"].value == 0.5
    assert figures.by_deficit["10 % and more"] == figures.by_deficit["15-25 %"]
    assert figures.by_level["caution"].value == 0.25
    assert figures.second.before.value == 0.25
    assert figures.second.spared.n == 8
    assert figures.resampled == "vessels"


def test_many_trials_are_drawn_as_trials_and_the_same_seed_gives_the_same(tmp_path: Path) -> None:
    figures, verdicts = pooled(tmp_path, 20)
    assert figures.resampled == "trials"
    again = card(System("watch", "", tuple(verdicts)), 1)
    assert again.recall == figures.recall and again.roc_auc == figures.roc_auc
    assert again.false == figures.false and again.second.median_min == figures.second.median_min


def test_recall_where_it_flags_no_more_innocents_than_another(tmp_path: Path) -> None:
    """Ours: threats 0.9 and 0.6, an innocent between at 0.7. The other flags one of six innocents and no threat."""
    actors = [actor(THREAT), actor(SECOND)]
    said = [(THREAT, 0.9), (ORDINARY, 0.7), (SECOND, 0.6)]
    trial = read_trial(write(tmp_path / "trial", actors, [alert(m, [("warning", 100.0)], score=x) for m, x in said]))
    other = trial.saying(a for a in trial.alerts if a.mmsis == (ORDINARY,))
    quiet = trial.saying(())
    systems = [System(name, "", (judge(t),)) for name, t in (("ours", trial), ("other", other), ("quiet", quiet))]
    cards = [card(system, 1) for system in systems]
    assert cards[1].flagged.value == pytest.approx(1 / 6)
    beside = compare(systems, cards, 1)
    assert [b.matched.value for b in beside] == [1.0, 0.5]  # no innocent allowed: only the one above 0.7 is left
    assert [b.theirs.value for b in beside] == [0.0, 0.0]
    assert beside[0].recall == "not told apart"  # two vessels prove nothing


# Statistics, against brute force

values = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.55, 0.9, 1.0]), st.booleans()), max_size=40)


def brute_auc(units: Scored) -> float:
    pairs = [(p > n) + (p == n) / 2 for p in units.score[units.threat] for n in units.score[~units.threat]]
    return float(sum(pairs) / len(pairs))


@given(values)
def test_auc_is_the_chance_that_a_threat_scores_above_an_innocent(said: list[tuple[float, bool]]) -> None:
    units, draws = scored(said), Draws(len(said), 1, 20)
    area = auc(units, draws)
    if not 0 < units.threat.sum() < len(said):
        assert area.n == 0
        return
    assert area.value == pytest.approx(brute_auc(units))
    assert 0.0 <= area.low <= area.value <= area.high <= 1.0
    line = curve(units)
    x, y = np.concatenate([[0.0], line.false_rate]), np.concatenate([[0.0], line.recall])
    assert np.trapezoid(y, x) == pytest.approx(area.value)


@given(values)
def test_ranks_alone_matter_to_auc_and_average_precision(said: list[tuple[float, bool]]) -> None:
    draws = Draws(len(said), 1, 20)
    units = scored(said)
    bent = units._replace(score=np.sqrt(units.score) * 0.5 + 0.2)
    for figure in (auc, average_precision):
        before, after = figure(units, draws), figure(bent, draws)
        assert (before.n, before.n and before.value) == (after.n, after.n and pytest.approx(after.value))


def test_average_precision_worked_by_hand() -> None:
    # threat, innocent, threat, innocent from the top: precision 1 at recall 1/2, 2/3 at recall 1.
    units = scored([(0.9, True), (0.8, False), (0.7, True), (0.1, False)])
    assert average_precision(units, Draws(4, 1, 50)).value == pytest.approx((1 + 2 / 3) / 2)
    assert curve(units).precision.tolist() == pytest.approx([1, 1 / 2, 2 / 3, 1 / 2])
    tied = scored([(0.5, True), (0.5, False), (0.5, True), (0.5, False)])
    assert average_precision(tied, Draws(4, 1, 50)).value == pytest.approx(0.5)


def test_calibration_worked_by_hand() -> None:
    units = scored([(0.2, False)] * 4 + [(0.2, True)] + [(0.85, True)] * 3 + [(0.85, False)])
    told = calibration(units, Draws(9, 1, 50))
    assert [b.right.n for b in told.bins] == [5, 4]
    assert [b.said for b in told.bins] == pytest.approx([0.2, 0.85])
    assert [b.right.value for b in told.bins] == pytest.approx([0.2, 0.75])
    assert told.error.value == pytest.approx(0.1 * 4 / 9)
    assert told.brier.value == pytest.approx((4 * 0.04 + 0.64 + 3 * 0.15**2 + 0.85**2) / 9)


def test_bounds_where_all_agree_are_exact() -> None:
    draws = Draws(50, 1, 50)
    none = share(np.zeros(50, np.bool_), np.arange(50), draws)
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1.96**2 / (50 + 1.96**2))  # Wilson
    quiet = rate(np.zeros(50), np.full(50, 20.0), np.arange(50), draws, per=1000)
    assert [quiet.value, quiet.high] == pytest.approx([0.0, 3.689], abs=1e-3)  # the rule of three, at 97.5 %


def test_medians_take_never_as_worst() -> None:
    minutes = np.array([-np.inf, -np.inf, 10.0, 20.0, 30.0])
    told = median(minutes, np.arange(5), Draws(5, 1, 200))
    assert told.value == 10.0
    assert told.low == -np.inf and told.high == 30.0
    assert median(np.zeros(0), np.zeros(0, np.int64), Draws(0, 1)).n == 0


@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_cover_the_truth_about_as_often_as_they_say(clustered: bool) -> None:
    """300 worlds with a known share of 0.7; in clusters of ten, each with a share of its own."""
    rng = np.random.default_rng(5)
    trials, inside = 40, 0
    cluster = np.repeat(np.arange(trials), 10)
    draws = Draws(trials if clustered else 400, 3, 300)
    for _ in range(300):
        chance = rng.beta(7, 3, trials)[cluster] if clustered else 0.7
        hit = rng.random(400) < chance
        told = share(hit, cluster if clustered else np.arange(400), draws)
        inside += told.low <= 0.7 <= told.high
    assert 0.89 <= inside / 300 <= 0.99


@tries(30)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=40))
def test_a_share_lies_in_its_interval(units: list[tuple[bool, int]]) -> None:
    hit, cluster = np.array([h for h, _ in units]), np.array([c for _, c in units])
    told = share(hit, cluster, Draws(5, 1, 30))
    assert told.value == hit.mean()
    assert told == Estimate(told.value, told.low, told.high, len(units))
    assert 0.0 <= told.low <= told.value <= told.high <= 1.0
