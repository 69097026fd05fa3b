"""Scenario files: what is wrong is one line with file, line and key; built-in trials sail as they say."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import cli
from anchorwatch.errors import AnchorwatchError, BadInput
from anchorwatch.trials import truth
from anchorwatch.trials.scenario import Scenario
from anchorwatch.trials.scenario import voyages as scenario_voyages
from anchorwatch.trials.scenario.checks import inland
from anchorwatch.trials.scenario.read import built_in, load, read
from anchorwatch.trials.scenario.track import Lines, Track
from tries import tries

PAGE = Path(__file__).resolve().parents[1] / "docs" / "trials.md"
EXAMPLE = re.search(r"^```toml scenario\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
assert EXAMPLE is not None
TEXT = EXAMPLE[1]
SECOND = """[[actor]]
id = "other" #id
name = "OTHER"
mmsi = 236999002 #mmsi
class = "cargo"
length_m = 100
role = "innocent"
at = [25.5, 59.9]
steps = [ { to = [25.0, 59.85] } ]

[[truth]]"""

# What is changed, into what (the line of the error is marked with #!), the key that is named, a part of what is said.
WRONG: dict[str, tuple[str, str, str, str]] = {
    "unknown key": ("length_m = 120", "lenght_m = 120 #!", "actor[1].lenght_m", "Did you mean 'length_m'?"),
    "unknown key in a step": ("kn = 12 },\n]", "knots = 12 }, #!\n]", "actor[1].steps[2].knots", "Did you mean"),
    "no asset": ('[[asset]]\ncatalogue = "estlink-1"\nerror_m = 300', "", "asset", "nothing to guard"),
    "no steps": (
        "[[truth]]",
        SECOND.replace("steps = [ { to = [25.0, 59.85] } ]", "steps = []"),
        "actor[2]",
        "no steps",
    ),
    "unknown table": ("[sea]", "[see] #!", "see", "unknown key"),
    "missing key": ('id = "coaster"', "", "actor[1]", "'id' is missing"),
    "text for a number": ("length_m = 120", 'length_m = "long" #!', "actor[1].length_m", "a text, not a number"),
    "number for a text": ('name = "my-drag"', "name = 5 #!", "name", "a number, not a text"),
    "true for a number": ("depth_m = 60", "depth_m = true #!", "sea.depth_m", "not a number"),
    "not finite": ("depth_m = 60", "depth_m = nan #!", "sea.depth_m", "finite"),
    "huge": ("depth_m = 60", f"depth_m = {'9' * 500} #!", "sea.depth_m", "finite"),
    "negative speed": ("kn = 12 },\n]", "kn = -3 }, #!\n]", "actor[1].steps[2].kn", "negative"),
    "no speed": ("kn = 12 },\n]", "kn = 0 }, #!\n]", "actor[1].steps[2].kn", "never over"),
    "beyond the hull": ("kn = 12 },\n]", "kn = 29 }, #!\n]", "actor[1].steps[2].kn", "beyond this hull"),
    "too far by then": (
        "kn = 12 },\n]",
        "by = 2025-12-01T00:30:00Z }, #!\n]",
        "actor[1].steps[2].by",
        "beyond this hull",
    ),
    "no such asset": ('catalogue = "estlink-1"', 'catalogue = "eastlink-1" #!', "asset[1].catalogue", "'estlink-1'?"),
    "asset not here": (
        'asset = "estlink-1"\nfrom',
        'asset = "estlink-2" #!\nfrom',
        "truth[1].asset",
        'Add [[asset]] catalogue = "estlink-2"',
    ),
    "asset named twice": ("[[actor]]", '[[asset]] #!\ncatalogue = "estlink-1"\n[[actor]]', "asset[2]", "named twice"),
    "on land": ("at = [25.9, 59.9]", "at = [25.9, 61.0] #!", "actor[1].at", "on land"),
    "over land": ("to = [24.9, 59.83]", "to = [24.6, 59.0]", "actor[1].steps[1].to", "on land"),
    "way over land": ("to = [23.6, 59.62]", "to = [23.6, 57.9]", "actor[1].steps[2].to", "over land at"),
    "latitude first": ("at = [25.9, 59.9]", "at = [59.9, 125.9] #!", "actor[1].at", "Longitude"),
    "no place": ("at = [25.9, 59.9]", "at = [25.9] #!", "actor[1].at", "not a place"),
    "end before start": ("end = 2025-12-01T06", "end = 2025-11-30T06:00:00Z #!\n#", "end", "not after the start"),
    "no time zone": ("end = 2025-12-01T06:00:00Z", "end = 2025-12-01T06:00:00 #!", "end", "no zone"),
    "time in quotes": ("end = 2025-12-01T06:00:00Z", 'end = "2025-12-01" #!', "end", "not a time"),
    "event before the trial": ("01T01:30:00Z, anchor", "01T07:30:00Z, anchor", "events[1].at", "outside"),
    "truth backwards": ("until = 2025-12-01T05:30:00Z", "until = 2025-12-01T01:00:00Z #!", "truth[1].until", "before"),
    "steps out of order": (
        "kn = 12 },\n]",
        "by = 2025-12-01T05:00:00Z },\n{ adrift_until = 2025-12-01T04:00:00Z }, #!\n]",
        "actor[1].steps[3].adrift_until",
        "before the step before",
    ),
    "actor named twice": ("[[truth]]", SECOND.replace('"other" #id', '"coaster" #!'), "actor[2].id", "also that of"),
    "one number twice": ("[[truth]]", SECOND.replace("2 #mmsi", "1 #!"), "actor[2].mmsi", "also that of"),
    "two culprits": (
        "[[expect]]",
        SECOND.replace("[[truth]]", "")
        + '\n[[truth]] #!\nwhat = "damage"\nactor = "other"\nasset = "estlink-1"\n'
        + "from = 2025-12-01T03:00:00Z\nuntil = 2025-12-01T04:00:00Z\n[[expect]]",
        "truth[2]",
        "contradicts line",
    ),
    "nobody and somebody": (
        "[[expect]]",
        '[[truth]] #!\nwhat = "none"\nasset = "estlink-1"\n'
        + "from = 2025-12-01T03:00:00Z\nuntil = 2025-12-01T04:00:00Z\n[[expect]]",
        "truth[2]",
        "contradicts line",
    ),
    "somebody without a name": ('actor = "coaster"\nasset', "asset", "truth[1].what", "needs an actor"),
    "no such actor": ('actor = "coaster"\nlevel', 'actor = "coster" #!\nlevel', "expect[1].actor", "'coaster'?"),
    "expects nothing": ('level = "warning"\nkinds = ["anchor_drag"]\n', "", "expect[1]", "Give one of level"),
    "no such alert": ('["anchor_drag"]', '["anchor_drags"] #!', "expect[1].kinds[1]", "'anchor_drag'?"),
    "loud and quiet": (
        "spare_min = 10",
        'spare_min = 10\n[[expect]] #!\nactor = "coaster"\nat_most = "caution"',
        "expect[2]",
        "contradicts",
    ),
    "blames nobody": (
        "spare_min = 10",
        "spare_min = 10\n[[expect]]\nno_vessel = true #!",
        "expect[2].no_vessel",
        "damaged",
    ),
    "two things at once": ('"drop",', '"drop", engine = "stop",', "events[1].engine", "do not go"),
    "key beside the wrong step": ("kn = 12 },\n]", "kn = 12, tow_km = 3 }, #!\n]", "steps[2].tow_km", "means nothing"),
    "dip without an end": ("for_min = 5, ", "", "events[2]", "no end"),
    "not our schema": ("scenario/1", "scenario/9", "schema", "anchorwatch.scenario/1"),
    "no TOML": ("depth_m = 60", "depth_m = = 60 #!", "", "no TOML"),
    "unclosed": ("spare_min = 10", 'spare_min = """\n10', "", "no TOML"),
    "rule of a zone": (
        "[[actor]]",
        '[[zone]]\nid = "z"\nkind = "control_zone"\npolygon = [[25, 59.7], [25.1, 59.7], [25, 59.8]]\n'
        + "rules = { max_knots = 5 } #!\n[[actor]]",
        "zone[1].rules.max_knots",
        "unknown key",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_line_with_file_line_and_key(case: str) -> None:
    old, new, key, said = WRONG[case]
    assert TEXT.count(old) == 1 or old == "[[actor]]", old
    text = TEXT.replace(old, new, 1)
    with pytest.raises(BadInput) as caught:
        read(text, "my.toml")
    message = str(caught.value)
    assert "\n" not in message and said in message, message
    found = re.match(r"my\.toml:(\d+)(?:: ([^ :]+))?: ", message)
    assert found is not None, message
    assert (found[2] or "").endswith(key), message
    if "#!" in text:
        assert int(found[1]) == text[: text.index("#!")].count("\n") + 1, message


def test_a_truth_that_was_not_sailed_is_said_with_its_line_and_when_it_would_be_true() -> None:
    text = TEXT.replace("until = 2025-12-01T05:30:00Z", "until = 2025-12-01T02:31:00Z")
    made = read(text, "my.toml")
    with pytest.raises(
        BadInput, match=r"my\.toml:\d+: truth\[1\]: 'coaster', as sailed, does not cross .* but at 2025"
    ):
        truth.check(made, scenario_voyages.sail(made, made.seed))


def test_a_crossing_that_never_comes_is_said_with_its_line() -> None:
    text = TEXT.replace("to = [24.9, 59.83]", "to = [25.6, 59.9]").replace("to = [23.6, 59.62]", "to = [25.3, 59.85]")
    made = read(text, "my.toml")
    with pytest.raises(BadInput, match=r"my\.toml:\d+: actor\[1\]\.events\[2\]\.crossing: .* never crosses"):
        scenario_voyages.sail(made, made.seed)


def test_what_shows_only_at_sea_is_said_with_its_line() -> None:
    wrong = {
        r"actor\[1\]\.events\[1\]\.at: the steps .* are over": ("{ to = [23.6, 59.62], kn = 12 },", ""),
        r"actor\[1\]: .* is on land at 2025": (
            "{ to = [23.6, 59.62], kn = 12 },",
            "{ tow_min = 200, kn = 4, course_deg = 170, tow_km = 150 },",
        ),
        r"expect\[1\]\.before_asset: .* never crosses": ("[[actor]]", OTHER_ASSET + "[[actor]]"),
    }
    for said, (old, new) in wrong.items():
        text = TEXT.replace(old, new, 1).replace('crossing = "estlink-1"', "at = 2025-12-01T02:00:00Z")
        if "events" in said:
            text = text.replace("T01:30:00Z, anchor", "T05:30:00Z, anchor")
        if "expect" in said:
            text = text.replace('before_asset = "estlink-1"', 'before_asset = "far"')
        made = read(text, "my.toml")
        with pytest.raises(BadInput, match=r"my\.toml:\d+: " + said):
            truth.check(made, scenario_voyages.sail(made, made.seed))


OTHER_ASSET = """[[asset]]
id = "far"
name = "Far"
kind = "telecom_cable"
route = [[20.0, 58.0], [20.5, 58.2]]
"""


def test_a_dip_at_a_crossing_is_where_the_actor_crosses_once_it_dips() -> None:
    made = read(TEXT)
    (sailed,) = scenario_voyages.sail(made, made.seed)
    crossings = Lines(made).crossings(sailed.track)
    (dip,) = (e for e in sailed.voyage.events if e.what == "dip")
    assert abs(dip.at_s - crossings[0].time_s) < 30
    assert abs(inland_free_speed(sailed.track, dip.at_s - 600) - inland_free_speed(sailed.track, dip.at_s + 150)) > 0.6


def inland_free_speed(track: Track, at_s: float) -> float:
    """Speed made good in the two minutes after a time."""
    speed = truth.median_kn(track, at_s - 240, at_s + 360)
    within = (track.time_s[:-1] >= at_s) & (track.time_s[1:] <= at_s + 120)
    assert speed is not None and within.any()
    return float(track.made_kn()[within].mean())


def test_a_drag_has_the_deficit_that_was_sailed_and_a_free_ship_has_none() -> None:
    made = read(TEXT)
    (sailed,) = scenario_voyages.sail(made, made.seed)
    lost = truth.deficit(sailed, made, *truth.behaviour_s(sailed, made), made.seed)
    assert lost is not None and 0.02 < lost < 0.6
    free = read(re.sub(r"^events = \[.*?^\]", "", TEXT, flags=re.MULTILINE | re.DOTALL))
    (other,) = scenario_voyages.sail(free, free.seed)
    assert truth.deficit(other, free, 3600, 7200, free.seed) is None


def test_a_deficit_is_of_the_time_in_which_both_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    made = read(TEXT)
    (sailed,) = scenario_voyages.sail(made, made.seed)
    first_s, last_s = truth.behaviour_s(sailed, made)
    held = truth.median_kn(sailed.track, first_s + 600, first_s + 2400)
    assert held is not None

    def lost(under_way_s: float) -> float | None:
        """Against a ship that is not held back, makes 12 knots, and then has arrived."""
        time_s = np.arange(0.0, 6 * 3600.0, 10.0)
        east_m = 12 * 1852 / 3600 * np.minimum(time_s, first_s + under_way_s)
        free = Track(time_s, 25.9 - east_m / (111_195 * np.cos(np.radians(59.9))), np.full(len(time_s), 59.9))
        monkeypatch.setattr(truth, "_free_track", lambda *_: free)
        return truth.deficit(sailed, made, first_s, last_s, made.seed)

    assert lost(2400.0) == pytest.approx(1 - held / 12, abs=0.02)
    assert lost(1100.0) is None, "less than ten minutes after it has settled"


def test_a_deficit_is_also_of_the_time_after_a_stop() -> None:
    stop = """{ at = 2025-12-01T01:42:00Z, engine = "stop" }, { at = 2025-12-01T02:00:00Z, engine = "start" },
      { crossing"""
    made = read(TEXT.replace("{ crossing", stop))
    (sailed,) = scenario_voyages.sail(made, made.seed)
    lost = truth.deficit(sailed, made, *truth.behaviour_s(sailed, made), made.seed)
    assert lost is not None and 0.02 < lost < 0.6


def test_stays_last_as_long_as_they_say_and_steps_after_them_begin_then() -> None:
    steps = """steps = [ { to = [25.6, 59.9] }, { adrift_min = 30 }, { to_and_fro_min = 60, kn = 3, radius_m = 800 },
      { tow_min = 40, kn = 3.5, course_deg = 90 }, { to = [25.0, 59.85], by = 2025-12-01T05:00:00Z } ]"""
    text = re.sub(r"^steps = \[.*?^\]", steps, TEXT, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^events = \[.*?^\]", "", text, flags=re.MULTILINE | re.DOTALL)
    made = read(text)
    (sailed,) = scenario_voyages.sail(made, made.seed)
    reached, drifted, strolled, towed, arrived = sailed.ends_s
    assert drifted - reached == pytest.approx(1800) and strolled - drifted == pytest.approx(3600)
    assert towed - strolled == pytest.approx(2400) and abs(arrived - 5 * 3600) < 60
    there = sailed.track.metres_from((25.6, 59.9))
    strolling = (sailed.track.time_s > drifted + 600) & (sailed.track.time_s < strolled)
    assert there[strolling].max() < 4000
    speed = truth.median_kn(sailed.track, drifted + 600, strolled)
    assert speed is not None and 2.0 < speed < 4.0


@pytest.mark.parametrize(
    "stay",
    [
        "to_and_fro_min = 300, kn = 1.2, radius_m = 900, centre = [25.615, 59.905]",
        "to_and_fro_min = 300, kn = 2, radius_m = 1500, centre = [25.62, 59.9]",
        "tow_min = 300, kn = 3, course_deg = 60, tow_km = 6",
    ],
)
def test_a_ship_that_turns_early_has_arrived_though_it_passes_nearer_later(stay: str) -> None:
    """It sails straight there: 19.6 km at 12 knots, give or take a turn."""
    text = re.sub(r"^steps = \[.*?^\]", f"steps = [ {{ to = [25.6, 59.9], kn = 12 }}, {{ {stay} }} ]", TEXT,
                  flags=re.MULTILINE | re.DOTALL)  # fmt: skip
    text = re.sub(r"^events = \[.*?^\]", "", text, flags=re.MULTILINE | re.DOTALL)
    made = read(text.replace("length_m = 120", "length_m = 230").replace("at = [25.9, 59.9]", "at = [25.95, 59.9]"))
    (sailed,) = scenario_voyages.sail(made, made.seed)
    begin = made.seconds(sailed.actor.start_us)
    assert sailed.ends_s[0] - begin == pytest.approx(19_600 / (12 * 1852 / 3600), abs=600)


def test_the_same_file_sails_the_same_way() -> None:
    made = read(TEXT)
    one, two = (scenario_voyages.sail(made, 5)[0] for _ in range(2))
    assert repr(one.voyage) == repr(two.voyage) and (one.track.lon_deg == two.track.lon_deg).all()


@pytest.mark.parametrize(
    ("lon", "lat", "on_land"),
    [(26.7, 58.4, True), (25.9, 61.0, True), (24.95, 60.16, False), (25.5, 59.8, False), (120.0, 23.0, False)],
)
def test_land_is_land_and_a_harbour_is_not(lon: float, lat: float, on_land: bool) -> None:
    assert inland(lon, lat) is on_land


BYTES = st.sampled_from(
    [b"", b"\x00", b"\xff", b'"', b"'''", b"[", b"]]", b"{", b"}", b"=", b"\n", b"-", b"9" * 20, b"nan"]
)


@tries(250)
@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 40), BYTES), min_size=1, max_size=4))
def test_mangled_files_never_end_in_a_traceback(cuts: list[tuple[int, int, bytes]]) -> None:
    data = TEXT.encode()
    for at, size, put in cuts:
        data = data[:at] + put + data[at + size :]
    _no_traceback(data)


@tries(100)
@given(st.data())
def test_values_of_any_type_never_end_in_a_traceback(data: st.DataObject) -> None:
    values = ["-1", "0", "1e400", "true", '""', "[]", "{}", "[[1, 2]]", "2025-12-01", "2025-12-01T00:00:00Z", "[1, 2]"]
    spots = [m for m in re.finditer(r"(?<= = )[^,\n#}]+", TEXT)]
    text = TEXT
    for spot in sorted(data.draw(st.lists(st.sampled_from(spots), min_size=1, max_size=3)), key=lambda m: -m.start()):
        text = text[: spot.start()] + data.draw(st.sampled_from(values)) + text[spot.end() :]
    _no_traceback(text.encode())


def _no_traceback(data: bytes) -> None:
    try:
        made = read(data, "my.toml")
    except AnchorwatchError as error:
        assert str(error).startswith("my.toml") and "\n" not in str(error)
    else:
        assert isinstance(made, Scenario)


@pytest.mark.parametrize("name", built_in())
def test_a_built_in_trial_sails_as_its_truths_say(name: str) -> None:
    made = load(name)
    assert made.name == name
    assert made.facts or made.kind in ("made", "exercise"), "a trial about something that happened has facts"
    truth.check(made, scenario_voyages.sail(made, made.seed))


def test_a_file_that_is_not_there_is_one_clear_line() -> None:
    run = CliRunner().invoke(cli.root, ["trial", "show", "eagle-s-2042"])
    assert isinstance(run.exception, AnchorwatchError) and "eagle-s-2024" in str(run.exception)
    run = CliRunner().invoke(cli.root, ["trial", "run", "nothing.toml"])
    assert isinstance(run.exception, AnchorwatchError) and "nothing.toml" in str(run.exception)
