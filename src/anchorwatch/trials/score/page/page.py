"""Put the page together: sentences, the table side by side, the plots, each trial."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from string import Template

from anchorwatch.edges.records import replacing
from anchorwatch.edges.report.page import palette
from anchorwatch.trials.score import Against, Card, System, resampling
from anchorwatch.trials.score.bootstrap import Estimate
from anchorwatch.trials.score.page.draw import legend, table, tag, words
from anchorwatch.trials.score.page.plots import all_plots
from anchorwatch.trials.score.table import DASH, ROWS, comparison, count
from anchorwatch.trials.score.verdict import Found, Verdict

FEW_LINES = 4  # of a trial that are shown one by one


def write_page(path: Path, cards: Sequence[Card], systems: Sequence[System], against: Sequence[Against]) -> None:
    """Write the page of a score; the first system is the one that it is about."""
    page = render(cards, systems, against)
    with replacing(path) as part:
        part.write_text(page, encoding="utf-8")


def render(cards: Sequence[Card], systems: Sequence[System], against: Sequence[Against]) -> str:
    """Return the page."""
    style = palette() + _part("page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Template(_part("page.html")).substitute(
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        style=style,
        summary=_summary(cards, systems, against),
        body=_body(cards, systems),
    )


def _part(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _summary(cards: Sequence[Card], systems: Sequence[System], against: Sequence[Against]) -> str:
    """Return what a reader must know who reads nothing else."""
    ours, verdicts = cards[0], systems[0].simulated
    real = "" if verdicts else f"{count(len(systems[0].real), 'real archive')}"
    sentences = [f"In {real or count(len(verdicts), 'trial')}"]
    if ours.recall.n:
        sentences[0] += f", {_share(ours.recall)} of {ours.recall.n} threats raised a warning"
    if ours.second.before.n:
        sentences.append(f"{_share(ours.second.before)} were warned of before the second asset that they crossed")
    for key, where in (("simulated", "made"), ("real", "real")):
        if ours.false[key].n:
            e = ours.false[key]
            sentences.append(
                f"{e.value:.1f} ({e.low:.1f} to {e.high:.1f}) false warnings per 1,000 vessel-hours on {where} traffic"
            )
    out = tag("p", words("; ".join(sentences) + "."))
    out += "".join(tag("p", words(said)) for said in comparison(against, ours.name))
    return out + tag("p", words(resampling(cards)), class_="quiet")


def _share(e: Estimate) -> str:
    return f"{e.value:.0%} ({e.low:.0%} to {e.high:.0%})"


def _body(cards: Sequence[Card], systems: Sequence[System]) -> str:
    rows = [[name, *(show(of(c)) for c in cards)] for name, of, show in ROWS]
    side = table(["", *(c.name for c in cards)], [r for r in rows if set(r[1:]) != {DASH}], "sidebyside")
    meanings = "; ".join(f"{c.name}: {c.meaning}" for c in cards)
    return "".join(
        [
            tag("h2", "Side by side"), side, tag("p", words(meanings + "."), class_="quiet"),
            tag("h2", "Plots"), legend([c.name for c in cards]),
            tag("div", "".join(all_plots(cards)), class_="figures"),
            tag("h2", "Trial by trial"), _trials(systems),
        ]
    )  # fmt: skip


def _trials(systems: Sequence[System]) -> str:
    head = ["trial", "kind", "threats found", "min before the second asset", "innocents warned of", "false warnings",
            "withdrawn", "expectations"]  # fmt: skip
    rows = "".join(_trial(v) for v in systems[0].simulated + systems[0].real)
    top = tag("thead", tag("tr", "".join(tag("th", words(h), scope="col") for h in head)))
    return tag("div", tag("table", top + tag("tbody", rows)), class_="scroll")


def _trial(v: Verdict) -> str:
    threats = [a for a in (*v.actors, *v.areas) if a.role in ("threat", "area")]
    innocents = [a for a in v.actors if a.role != "threat"]
    cells = [
        v.kind.replace("_", " "), _of(sum(a.found for a in threats), len(threats)), _leads(threats),
        _of(sum(a.found for a in innocents), len(innocents)), str(len(v.false)), _of(v.withdrawn, v.raised),
    ]  # fmt: skip
    said = "".join(tag("td", words(c)) for c in cells)
    return tag("tr", tag("th", words(v.trial), scope="row") + said + tag("td", _kept(v)))


def _leads(threats: Sequence[Found]) -> str:
    second = [a.leads_min[1] for a in threats if len(a.leads_min) > 1]
    if len(second) > FEW_LINES:
        return f"{sum(lead is not None and lead > 0 for lead in second)} of {len(second)} before it"
    return ", ".join("never" if lead is None else f"{lead:+.0f}" for lead in second) or DASH


def _kept(v: Verdict) -> str:
    lines = [
        tag("span", ("met: " if k.met else "NOT met: ") + words(k.wanted), class_="met" if k.met else "unmet")
        + tag("span", words(f" ({k.seen})"), class_="quiet")
        for k in v.kept
    ]
    if len(lines) <= FEW_LINES:
        return "<br>".join(lines) or DASH
    return tag("details", tag("summary", f"{sum(k.met for k in v.kept)} of {len(lines)} met") + "<br>".join(lines))


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else DASH
