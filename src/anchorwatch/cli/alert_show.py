"""The list of alerts as a table, and one alert on a page: all that an officer needs to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from anchorwatch.cli import alert_words as words
from anchorwatch.edges.records import plain, time_us

SHORTEST = 9  # characters of an id in a table: a1- and six
BAR = 16  # columns of the longest bar
ONE_LINE = 140  # columns from which the reason fits beside the rest
MOST_WHY = 60  # columns kept for it there
LEAST = 8  # columns of a name: fewer say nothing
HEAD = ("ID", "LEVEL", "AGE", "NEXT IN", "STATE", "VESSEL", "ASSET")
Item = Mapping[str, Any]


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """Return for each id its shortest beginning, of SHORTEST or more, that no other of them has."""
    ordered, shared = sorted(set(ids)), dict.fromkeys(ids, 0)
    for one, other in pairwise(ordered):
        same = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
        shared[one], shared[other] = max(shared[one], same), max(shared[other], same)
    return {i: i[: max(SHORTEST, shared[i] + 1)] for i in ids}


def table(items: Sequence[Item], now_us: int, columns: int) -> Iterator[tuple[str, str]]:
    """Yield (line, level) of the table of alerts; the level is for its colour, "" = none."""
    rows = list(_rows(items, now_us))
    texts = [(*HEAD, "WHY"), *rows]
    wide = _widths(texts, columns)
    for text, level in zip(texts, ["", *(i["alert"]["level"] for i in items)], strict=True):
        yield _row(text, wide), level
        if len(wide) < len(text) and text is not texts[0]:
            left = wide[0] + 2
            yield " " * left + words.fitted(text[-1], columns - left).rstrip(), ""


def _rows(items: Sequence[Item], now_us: int) -> Iterator[tuple[str, ...]]:
    ids = short_ids([i["alert"]["id"] for i in items])
    for item in items:
        alert = item["alert"]
        ahead = words.ahead(alert, now_us)
        yield (
            ids[alert["id"]], alert["level"].upper(), words.span(words.since_s(alert["raised"], now_us)),
            ahead[1] if ahead else "-", words.state(item["work"]), words.vessel(alert), words.asset(alert),
            words.reason(item),
        )  # fmt: skip


def _widths(texts: Sequence[Sequence[str]], columns: int) -> list[int]:
    """Return the widths of the columns: as wide as they need; the widest made narrower until all fit, assets last."""
    wide = [max(words.cells(text[k]) for text in texts) for k in range(len(HEAD))]
    room = columns - 2 * (len(HEAD) - 1) - (MOST_WHY + 2 if columns >= ONE_LINE else 0)
    while sum(wide) > room:
        widest = max(range(4, len(HEAD)), key=lambda k: wide[k] - (6 if k == len(HEAD) - 1 else 0))
        if wide[widest] <= LEAST:
            break
        wide[widest] -= 1
    return [*wide, columns - sum(wide) - 2 * len(wide)] if columns >= ONE_LINE else wide


def _row(texts: Sequence[str], wide: Sequence[int]) -> str:
    # Names of assets often differ at their end only: "Connection 1", "Connection 2".
    keeps = (w // 2 if k == len(HEAD) - 1 else 0 for k, w in enumerate(wide))
    return "  ".join(map(words.fitted, map(plain, texts), wide, keeps)).rstrip()


def page(item: Item, events: Sequence[Mapping[str, Any]], now_us: int, columns: int) -> Iterator[str]:
    """Yield the lines of one alert."""
    alert = item["alert"]
    yield from _head(item, now_us)
    yield ""
    yield from words.wrapped(alert["explanation"], columns, "")
    yield from _assets(alert, columns)
    yield from _reasons(alert, columns)
    yield from _alternatives(alert, columns)
    yield from _next(alert, now_us)
    yield "\nHISTORY"
    for event in events:
        yield from words.wrapped(words.event_line(event), columns, " " * 24, f"  {words.moment(event['at'])}  ")


def _head(item: Item, now_us: int) -> Iterator[str]:
    alert, work = item["alert"], item["work"]
    status = "" if alert["status"] == "open" else f" ({alert['status']})"
    yield f"{alert['level'].upper()}{status}  {plain(alert['kind'].replace('_', ' '))}  {plain(alert['id'])}"
    yield f"  vessel    {_vessel(alert)}"
    yield f"  position  {words.place(alert['position'])}"
    age = words.span(words.since_s(alert["raised"], now_us))
    yield f"  raised    {words.moment(alert['raised'])}, {age} ago; seen from {words.moment(alert['start'])}"
    yield f"  state     {words.state(work)}{_worked(work)}"
    silence = item["silenced"]
    if silence:
        until = words.moment(silence["until"])
        yield plain(f"  silenced  by {silence['by']} until {until}: {silence['reason']}")


def _vessel(alert: Mapping[str, Any]) -> str:
    its = alert["vessel"]
    known = [f"MMSI {its['mmsi']}"] if its["mmsi"] and its["name"].strip() else []
    known += [f"{name} {its[key]}" for name, key in (("IMO", "imo"), ("call sign", "callsign")) if its[key]]
    known += [f"flag {its['flag']}"] if its["flag"] else []
    known += [f"{its['length_m']:.0f} m"] if its["length_m"] else []
    known += [its["ship_class"].replace("_", " ")] if its.get("ship_class") else []
    return plain(", ".join([words.vessel(alert), *known]))


def _worked(work: Mapping[str, Any]) -> str:
    said = [f"acknowledged by {work['acknowledged_by']}"] if work["acknowledged_by"] else []
    said += [f"in hand: {work['assigned_to']}"] if work["assigned_to"] and work["state"] == "escalated" else []
    said += [f"cause {work['cause']}"] if work["cause"] else []
    said += [f"handed to {work['handed_to']}"] if work["handed_to"] else []
    said += [f"closed by {work['closed_by']}"] if work["closed_by"] else []
    said += [f"reopened {work['reopened']} times"] if work["reopened"] else []
    return plain("".join(f", {s}" for s in said))


def _assets(alert: Mapping[str, Any], columns: int) -> Iterator[str]:
    yield "\nASSETS" if alert["assets"] else "\nASSETS  none"
    for its in alert["assets"]:
        said = [its["kind"].replace("_", " ")]
        known = its["distance_m"] is not None and its["distance_m"] >= 0  # -1 where it was never measured
        said += [f"{its['distance_m']:.0f} m off"] if known else []
        said += [f"crossed {words.moment(its['crossed'])}"] if its["crossed"] else []
        said += [f"at km {its['kp_km']:.1f}"] if its["kp_km"] is not None else []
        said += [f"route {its['geometry']}"] if its.get("geometry") else []
        yield from words.wrapped(f"{its['name']} ({its['id']}): {', '.join(said)}", columns, "    ", "  ")


def _reasons(alert: Mapping[str, Any], columns: int) -> Iterator[str]:
    yield "\nWHY  (+ speaks for it, - against it; natural log odds)"
    most = max([abs(r["log_odds"] or 0.0) for r in alert["reasons"]], default=0.0)
    space = columns - BAR - 11
    for its in alert["reasons"]:
        weight = its["log_odds"]
        length = 0 if not weight or not most else max(1, round(BAR * abs(weight) / most))
        bar = ("+" if (weight or 0) > 0 else "-") * length
        number = "" if weight is None else f"{weight:+.1f}"
        lines = words.wrapped(_term(its), space + 2, "    ", "  ")
        yield f"{words.fitted(lines[0], space + 2)}  {number:>5}  {bar}".rstrip()
        yield from lines[1:]
    if alert["score"] is not None:
        total = sum(r["log_odds"] or 0.0 for r in alert["reasons"])
        together = words.fitted(f"  together (score {alert['score']:.2f})", space + 2)
        yield f"{together}  {total:>+5.1f}"


def _term(reason: Mapping[str, Any]) -> str:
    value = reason["value"]
    shown = f"{value:.4g}" if isinstance(value, int | float) else str(value if value is not None else "")
    said = f"{reason['name'].replace('_', ' ')} {shown.replace('_', ' ')} {reason['unit']}".strip()
    said = said.removesuffix(" 1") if reason["unit"] == "1" else said  # a plain number
    return said + (f" (usual: {reason['baseline']})" if reason.get("baseline") else "")


def _alternatives(alert: Mapping[str, Any], columns: int) -> Iterator[str]:
    if alert["alternatives"]:
        yield "\nIT MAY BE INNOCENT  (what would confirm it)"
    for its in alert["alternatives"]:
        yield from words.wrapped(f"{its['cause']}: {its['check']}", columns, "    ", "  - ")


def _next(alert: Mapping[str, Any], now_us: int) -> Iterator[str]:
    if alert["next"]:
        yield "\nNEXT ASSETS"
    for its in alert["next"]:
        left_s = (time_us(its["eta"]) - now_us) / 1e6
        when = f"in {words.span(left_s)}" if left_s > 0 else f"{words.span(-left_s)} ago as foreseen"
        sure = "" if its["confidence"] is None else f", {its['confidence']:.0%} sure"
        yield plain(f"  {its['asset']}: {words.moment(its['eta'])}, {when}{sure}")


def _plain_row(texts: Sequence[str], wide: Sequence[int]) -> str:
    return "  ".join(map(words.fitted, map(plain, texts), wide)).rstrip()


def feeds(found: Sequence[Mapping[str, Any]], now_us: int, columns: int) -> Iterator[str]:
    """Yield the lines of a table of feeds; what is wrong with one stands below it."""
    name = min(max([4, *(words.cells(plain(f["name"])) for f in found)]), columns - 58)
    wide = (name, 7, 6, 10, 9, 8, 6)
    yield _plain_row(("FEED", "HEALTH", "LAST", "ROWS", "REJECTS", "LATE", "CLOCK"), wide)
    for feed in found:
        error_s = feed["clock_error_s"]
        last = words.span(words.since_s(feed["last"], now_us)) if feed["last"] else "never"
        rejects = sum(feed["rejects"].values())
        clock = "-" if error_s is None else f"{error_s:+.1f}s"
        healthy = "well" if feed["healthy"] else "NOT"
        rows = (f"{feed['rows']:,}", f"{rejects:,}", f"{feed['late']:,}")
        yield _plain_row((feed["name"], healthy, last, *rows, clock), wide)
        if feed["why"]:
            yield from words.wrapped(feed["why"], columns, "    ")
        if feed["policy"]:
            yield from words.wrapped(f"leaves out: {feed['policy']}", columns, "    ")
