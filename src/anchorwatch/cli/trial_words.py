"""What `anchorwatch trial` prints: the trials there are, what each is made from, and how it went."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anchorwatch.model import LEVELS, rfc3339, utc

if TYPE_CHECKING:
    from anchorwatch.trials.run import Outcome
    from anchorwatch.trials.scenario import Expect, Scenario, Truth
    from anchorwatch.trials.score.records import Actor, Said, Trial

WIDEST = 120
MOST_LINES = 12  # about one actor
NOTICE = (
    "The tracks of real ships are reconstructed from public facts; a ship model fills what no fact says "
    "(`anchorwatch trial show NAME`). Nobody is accused by it."
)


def width() -> int:
    """Return the width to write to."""
    return min(WIDEST, shutil.get_terminal_size((100, 24)).columns)


def facts(made: Scenario) -> dict[str, Any]:
    """Return one trial in short."""
    return {
        "name": made.name,
        "kind": made.kind,
        "title": made.title,
        "vessels": made.traffic.vessels + len(made.actors),
        "hours": round(made.hours, 2),
        "start": rfc3339(made.start_us),
        "assets": [a.id for a in made.assets],
    }


def table(found: list[Scenario]) -> str:
    """Return the trials as a table."""
    if not found:
        return "No trial comes with this version."
    wide = max(len(m.name) for m in found)
    lines = [f"{'NAME':<{wide}}  {'KIND':<14} {'VESSELS':>7} {'HOURS':>5}  WHAT"]
    for made in sorted(found, key=lambda m: (m.kind != "reconstruction", m.kind, m.name)):
        count = made.traffic.vessels + len(made.actors)
        head = f"{made.name:<{wide}}  {made.kind.replace('_', ' '):<14} {count:>7} {made.hours:>5.0f}  "
        lines.append(head + textwrap.shorten(made.title, max(30, width() - len(head)), placeholder=" ..."))
    return "\n".join([*lines, "", "anchorwatch trial show NAME | run NAME"])


def whole(made: Scenario) -> dict[str, Any]:
    """Return all that is shown of a trial."""
    return {
        **facts(made),
        "summary": made.summary,
        "facts": list(made.facts),
        "assumed": list(made.assumed),
        "actors": [
            {"id": a.id, "name": a.who.name, "mmsi": a.who.mmsi, "class": a.ship_class, "role": a.role,
             "does": a.threat, "assumed": [each.place.key for each in a.assumed]}
            for a in made.actors
        ],
        "truth": [truth_words(t, made) for t in made.truths],
        "expect": [expect_words(e, made) for e in made.expects],
    }  # fmt: skip


def page(made: Scenario) -> str:
    """Return what a trial is made from, for a reader."""
    lines = [f"{made.title}  ({made.name}, {made.kind.replace('_', ' ')})"]
    lines += [f"{day(made.start_us)} to {day(made.end_us)} UTC, {made.hours:g} hours", *_wrapped(made.summary, "  ")]
    lines += _section("Known facts it is built on", made.facts)
    lines += _section("Assumed, where no fact is known", made.assumed)
    does = [
        f"{a.who.name} (MMSI {a.who.mmsi}, {a.ship_class}, {a.who.length_m} m): {a.role}"
        + (f", {a.threat.replace('_', ' ')}" if a.threat else "")
        + (f"; {len(a.assumed)} of its steps and events are assumed" if a.assumed else "")
        for a in made.actors
    ]
    lines += _section("Actors", does)
    lines += _section("The truth of the trial", [truth_words(t, made) for t in made.truths])
    lines += _section("What a good watch says", [expect_words(e, made) for e in made.expects])
    around = f"{made.traffic.vessels} made vessels" if not made.traffic.file else f"the archive {made.traffic.file}"
    lines += _section("Around them", [around, "assets: " + ", ".join(a.name for a in made.assets)])
    return "\n".join([*lines, *_wrapped(NOTICE, "")] if made.kind in ("reconstruction", "near_miss") else lines)


def _section(head: str, items: tuple[str, ...] | list[str]) -> list[str]:
    body = [line for item in items for line in _wrapped(item, "  - ")]
    return ["", head, *(body or ["  (nothing)"])]


def _wrapped(text: str, start: str) -> list[str]:
    return textwrap.wrap(
        text, width(), initial_indent=start, subsequent_indent=" " * len(start), break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def day(time_us: int) -> str:
    """Return a time with its day."""
    return f"{utc(time_us):%Y-%m-%d %H:%M}"


def truth_words(truth: Truth, made: Scenario) -> str:
    """Return one truth as a sentence."""
    asset = next(a.name for a in made.assets if a.id == truth.asset)
    span = f"between {day(truth.from_us)} and {day(truth.until_us)}"
    if truth.what == "none":
        return f"no vessel damaged {asset} {span}"
    did = "damages" if truth.what == "damage" else "comes near to damaging"
    return f"{made.actor(truth.actor).who.name} {did} {asset} {span}"


def expect_words(expect: Expect, made: Scenario) -> str:
    """Return one expectation as a sentence."""
    if expect.no_vessel:
        return "no warning blames a vessel for the failed asset" if made.faults else "no warning blames a vessel"
    name = made.actor(expect.actor).who.name
    if expect.at_most:
        return f"nothing above {expect.at_most} about {name}"
    kinds = " or ".join(k.replace("_", " ") for k in expect.kinds) or "any kind"
    words = f"{expect.level} or more about {name} ({kinds})"
    spare = f", {expect.spare_min:g} minutes to spare" if expect.spare_min else ""
    if expect.before_us is not None:
        return f"{words} before {day(expect.before_us)}{spare}"
    if expect.before_asset:
        asset = next(a.name for a in made.assets if a.id == expect.before_asset)
        return f"{words} before it crosses {asset}{spare}"
    return words


def outcome_record(done: Outcome) -> dict[str, Any]:
    """Return how a trial went, for other programs."""
    record: dict[str, Any] = {
        "trial": done.scenario.name,
        "folder": str(done.folder),
        "seed": done.truth["seed"],
        "positions": done.positions,
        "vessels": done.vessels,
        "vessel_hours": round(sum(done.truth["vessel_hours"].values()), 1),
    }
    if done.alerts is None:
        return record
    trial = _trial(done.folder)
    record["expect"] = [k._asdict() for k in done.kept]
    record["actors"] = [
        {"id": a.id, "name": a.name, "role": a.role, "said": [s for s, _ in _said_about(a, trial, done)]}
        for a in trial.actors
    ]
    record["others"] = {level: count for level, count in _others(trial).items() if count}
    return record


def outcome(done: Outcome) -> str:
    """Return how a trial went, for a reader."""
    made = done.scenario
    hours = sum(done.truth["vessel_hours"].values())
    lines = [
        f"{made.title}  ({made.name})",
        f"  {done.positions:,} positions of {done.vessels:,} vessels in {done.folder}",
    ]
    if done.alerts is None:
        return "\n".join([*lines, "  not watched (--no-scan)", ""])
    trial = _trial(done.folder)
    for actor in trial.actors:
        lines += _actor_lines(actor, trial, done)
    for area in done.truth["areas"]:
        lines += _area_lines(area, trial, made)
    others = ", ".join(f"{n} {level}" for level, n in _others(trial).items() if n) or "nothing"
    lines.append(f"  About all others, in {hours:,.0f} vessel-hours: {others}")
    for kept in done.kept:
        lines += _wrapped(f"{kept.wanted}: {kept.seen}", "  met      " if kept.met else "  NOT MET  ")
    return "\n".join([*lines, ""])


def _area_lines(area: dict[str, Any], trial: Trial, made: Scenario) -> list[str]:
    """Return what happened to many at once, and when it was first told."""
    from anchorwatch.edges.records import time_us

    first, last = time_us(area["start"]), time_us(area["end"])
    told = [a for a in trial.alerts if a.kind in area["expects"] and a.overlaps(first, last)]
    words = f"  {area['id']} ({area['class']}) {_clock(first, made)} to {_clock(last, made)}"
    if not told:
        return [words, "    nothing was said of it"]
    alert = min(told, key=lambda a: a.shown[0][1])
    more = f", and {len(told) - 1} more" if len(told) > 1 else ""
    return [
        words,
        f"    {_clock(alert.shown[0][1], made)}  {alert.shown[0][0]:<9} {alert.kind.replace('_', ' ')}{more}",
    ]


def _trial(folder: Path) -> Trial:
    from anchorwatch.trials.score.records import read_trial

    return read_trial(folder)


def _actor_lines(actor: Actor, trial: Trial, done: Outcome) -> list[str]:
    """Return what was truly done, and what was said of it."""
    made = done.scenario
    lines = [
        f"  {actor.name} ({actor.role}{', ' + actor.klass.replace('_', ' ') if actor.klass != actor.role else ''})"
    ]
    if actor.role == "threat":
        crossed = ", ".join(f"{_name(c.asset, made)} {_clock(c.time_us, made)}" for c in actor.crossings[:6])
        lost = f", {actor.deficit:.0%} of its speed lost" if (actor.deficit or 0) >= 0.005 else ""
        lines += _wrapped(
            f"begins {_clock(actor.start_us, made)}{lost}" + (f"; crosses {crossed}" if crossed else ""), "    "
        )
    said = [words for _, words in _said_about(actor, trial, done)]
    more = [f"    and {len(said) - MOST_LINES} more, in report.html"] if len(said) > MOST_LINES else []
    return [*lines, *said[:MOST_LINES], *more] if said else [*lines, "    nothing was said of it"]


def _said_about(actor: Actor, trial: Trial, done: Outcome) -> list[tuple[dict[str, Any], str]]:
    """Return, in order of time, each time an alert rose to a level, and how long before which asset."""
    out = []
    for alert in trial.alerts:
        if actor.mmsis & set(alert.mmsis):
            out += [(at, level, alert) for level, at in _rises(alert)]
    return [_said(at, level, alert, actor, done) for at, level, alert in sorted(out, key=lambda o: o[:2])]


def _rises(alert: Said) -> list[tuple[str, int]]:
    """Return each higher level than before, and that a warning was taken back."""
    highest, out = -1, list[tuple[str, int]]()
    for level, at in alert.shown:
        if level not in LEVELS:
            out += [(level, at)] if highest >= LEVELS.index("warning") else []
            highest = -1
        elif LEVELS.index(level) > highest:
            out.append((level, at))
            highest = LEVELS.index(level)
    return out


def _said(at: int, level: str, alert: Said, actor: Actor, done: Outcome) -> tuple[dict[str, Any], str]:
    after = next((c for c in actor.crossings if c.time_us >= at), None)
    words = f"    {_clock(at, done.scenario)}  {level:<9} {alert.kind.replace('_', ' ')}"
    record: dict[str, Any] = {"level": level, "kind": alert.kind, "at": rfc3339(at)}
    if after is not None and level in LEVELS:
        minutes = (after.time_us - at) / 60e6
        words += f", {_long(minutes)} before {_name(after.asset, done.scenario)}"
        record["before"] = {"asset": after.asset, "minutes": round(minutes, 1)}
    return record, words


def _long(minutes: float) -> str:
    """Return a lead as people say it."""
    if minutes < 100:
        return f"{minutes:.0f} min"
    return f"{int(minutes // 60)} h {int(minutes % 60):02d} min" if minutes < 1440 else f"{minutes / 60:.0f} h"


def _clock(time_us: int, made: Scenario) -> str:
    """Return the time of day; with the day where the trial lasts longer than one."""
    return f"{utc(time_us):%d %b %H:%M}Z" if made.hours > 24 else f"{utc(time_us):%H:%M}Z"


def _name(asset: str, made: Scenario) -> str:
    return next((a.name for a in made.assets if a.id == asset), asset)


def _others(trial: Trial) -> dict[str, int]:
    """Count alerts about vessels that are no actors, by the highest level that was shown."""
    acting = {m for a in trial.actors for m in a.mmsis}
    counts = dict.fromkeys(reversed(LEVELS), 0)
    for alert in trial.alerts:
        if alert.mmsis and not acting & set(alert.mmsis):
            counts[LEVELS[alert.rank]] += 1
    return counts


def ending(done: list[Outcome], folder: Path) -> str:
    """Return the last lines of a run."""
    kept = [k for each in done for k in each.kept]
    met = sum(k.met for k in kept)
    lines = [f"{met} of {len(kept)} expectations met in {len(done)} trials." if kept else f"{len(done)} trials made."]
    if any(each.alerts is not None for each in done):
        lines.append(f"Each folder has a report.html. Score them: anchorwatch trial score {folder}")
    if any(each.scenario.kind in ("reconstruction", "near_miss") for each in done):
        lines += _wrapped(NOTICE, "")
    return "\n".join(lines)
