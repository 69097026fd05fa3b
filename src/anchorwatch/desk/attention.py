"""How much attention an asset deserves for what is said of it: 0 to 1, with reasons, fading. Pure.

It is for the eyes of an officer, and for a look back. No judgement reads it: a text never raises the level of an alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp, log
from typing import NamedTuple

from anchorwatch.desk.report import Incident, Report

HALF_LIFE_US = 3 * 86_400_000_000  # a week after the last word, a fifth is left
LEAST = 0.02  # less is none
MOST_IDS = 20  # reports and incidents that are named with a reason


class Why(NamedTuple):
    """One reason, in words of ours."""

    text: str
    weight: float  # as it is now
    reports: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()


class Attention(NamedTuple):
    """Attention of one asset, and why: the strongest reason first."""

    asset: str
    level: float
    why: tuple[Why, ...]
    until_us: int  # when it has faded


# Each reason counts once, by its latest word: ten copies of one story are no ten events.
INCIDENT, CANDIDATE, NOTICE = "damage is reported", "damage is reported of an asset that it may be", "an outage notice"
WEIGHTS = {INCIDENT: 0.7, CANDIDATE: 0.3, NOTICE: 0.8}
BY_TYPE = {
    "infrastructure_damage": ("reports speak of damage", 0.4),
    "outage": ("reports speak of an outage", 0.4),
    "exercise": ("reports speak of an exercise or an attack scenario", 0.2),
    "presence": ("reports speak of forces near it", 0.15),
    "control_zone": ("reports speak of a control zone", 0.15),
    "facility_security": ("reports speak of raised security", 0.25),
    "airspace_incident": ("reports speak of an incident in the air", 0.15),
    "grid_change": ("reports speak of a change of the grid", 0.1),
}
NAMED = ("reports name it", 0.05)


class _Word(NamedTuple):
    asset: str
    text: str
    weight: float
    at_us: int
    report: str = ""
    incident: str = ""


def attention(reports: Iterable[Report], incidents: Iterable[Incident], now_us: int) -> dict[str, Attention]:
    """Return the attention of every asset that is spoken of."""
    words: dict[str, dict[str, list[_Word]]] = {}
    for word in (*_of_reports(reports, now_us), *_of_incidents(incidents, now_us)):
        words.setdefault(word.asset, {}).setdefault(word.text, []).append(word)
    found = {asset: _of_asset(asset, by_text, now_us) for asset, by_text in words.items()}
    return {asset: one for asset, one in found.items() if one.level >= LEAST}


def _of_reports(reports: Iterable[Report], now_us: int) -> Iterable[_Word]:
    for report in reports:
        times = [t for t in (report.item.published_us, report.item.received_us) if t is not None]
        at_us = min([*times, now_us])  # a feed that dates itself years ahead is not news for years
        named = dict.fromkeys((*report.assets, *(a for c in report.claims for a in c.assets)))
        for asset in named:
            about = [c for c in report.claims if asset in c.assets] or list(report.claims[:1])
            text, weight = max((BY_TYPE.get(c.type, NAMED) for c in about), key=lambda w: w[1], default=NAMED)
            yield _Word(asset, text, weight, at_us, report=report.id)


def _of_incidents(incidents: Iterable[Incident], now_us: int) -> Iterable[_Word]:
    for incident in incidents:
        at_us = min(incident.opened_us, now_us)
        if incident.asset is not None:
            text = NOTICE if incident.notices else INCIDENT
            yield _Word(incident.asset, text, WEIGHTS[text], at_us, incident=incident.id)
        for asset in incident.candidates if incident.asset is None else ():
            yield _Word(asset, CANDIDATE, WEIGHTS[CANDIDATE], at_us, incident=incident.id)


def _of_asset(asset: str, by_text: Mapping[str, list[_Word]], now_us: int) -> Attention:
    reasons, calm, until_us = [], 1.0, now_us
    for text, words in by_text.items():
        latest = max(w.at_us for w in words)
        weight = words[0].weight * exp(-log(2.0) * (now_us - latest) / HALF_LIFE_US)
        words = sorted(words, key=lambda w: -w.at_us)
        reports = tuple(dict.fromkeys(w.report for w in words if w.report))[:MOST_IDS]
        incidents = tuple(dict.fromkeys(w.incident for w in words if w.incident))[:MOST_IDS]
        reasons.append(Why(text, round(weight, 3), reports, incidents))
        calm *= 1.0 - weight
        until_us = max(until_us, latest + round(HALF_LIFE_US * log(words[0].weight / LEAST) / log(2.0)))
    reasons.sort(key=lambda w: (-w.weight, w.text))
    return Attention(asset, round(1.0 - calm, 3), tuple(reasons), until_us)
