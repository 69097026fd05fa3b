"""Elements of the page as text: tags that cannot be broken out of, plots with axes, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import isfinite, isnan
from typing import NamedTuple

from anchorwatch.edges.records import plain
from anchorwatch.trials.score.bootstrap import Estimate

SERIES = 6  # styles in page.css: beyond that they come round again
PX_A_LETTER = 7.2  # of 12 px sans, broad letters among them


def words(text: str) -> str:
    """Return text for HTML: no tag, no control character."""
    return escape(plain(text), quote=True)


def tag(name: str, content: str = "", /, **attributes: object) -> str:
    """Return one element; `content` is HTML already, attributes are escaped, `class_` is class."""
    said = "".join(f' {k.rstrip("_").replace("_", "-")}="{words(str(v))}"' for k, v in attributes.items())
    return f"<{name}{said}>{content}</{name}>"


class Scale(NamedTuple):
    """From a figure to pixels."""

    low: float
    high: float
    from_px: float
    to_px: float

    def __call__(self, value: float) -> float:
        """Return the place of a figure, at the edge where it lies beyond it."""
        span = (self.high - self.low) or 1.0
        share = min(1.0, max(0.0, (value - self.low) / span)) if isfinite(value) else float(value > 0)
        return round(self.from_px + share * (self.to_px - self.from_px), 1)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Return a straight line."""
    return tag("path", d=f"M{x1} {y1}L{x2} {y2}", class_=kind)


def label(x: float, y: float, text: str, kind: str = "small", anchor: str = "start") -> str:
    """Return a text in a plot."""
    return tag("text", words(text), x=x, y=y, class_=kind, text_anchor=anchor)


def svg(width: float, height: float, parts: Sequence[str], says: str) -> str:
    """Return a plot; `says` is read out in its place."""
    return tag("svg", "".join(parts), class_="plot", viewBox=f"0 0 {width:g} {height:g}", role="img", aria_label=says)


def figure(
    title: str, says: str, plot: str, rows: Sequence[Sequence[str]], head: Sequence[str], wide: bool = False
) -> str:
    """Return a plot with its title, what it shows, and its figures as a table behind it."""
    behind = tag("details", tag("summary", "Figures") + table(head, rows))
    caption = tag("figcaption", tag("h3", words(title)) + tag("p", words(says), class_="quiet"))
    return tag("figure", caption + plot + behind, class_="wide" if wide else "half")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> str:
    """Return a table; the first cell of each row is its head."""
    top = tag("thead", tag("tr", "".join(tag("th", words(h), scope="col") for h in head)))
    body = "".join(
        tag("tr", tag("th", words(r[0]), scope="row") + "".join(tag("td", words(cell)) for cell in r[1:])) for r in rows
    )
    return tag("div", tag("table", top + tag("tbody", body), class_=kind), class_="scroll")


def legend(names: Sequence[str], dots: bool = False) -> str:
    """Return the names of the series beside their marks."""
    mark = '<circle class="dot s{0}" cx="13" cy="6" r="4.5"/>' if dots else '<path class="curve s{0}" d="M0 6H26"/>'
    return tag(
        "p",
        "".join(
            tag("span", f'<svg width="26" height="12" aria-hidden="true">{mark.format(k % SERIES)}</svg>' + words(name))
            for k, name in enumerate(names)
        ),
        class_="legend",
    )


class Bars(NamedTuple):
    """Rows of a plot of intervals: a name, and for each series an estimate (n = 0: none)."""

    name: str
    estimates: tuple[Estimate, ...]


def intervals(rows: Sequence[Bars], high: float, show: Callable[[float], str], says: str, width: int = 520) -> str:
    """Return dots with their intervals, one row a name, series under one another."""
    left = min(210.0, 14 + PX_A_LETTER * max((len(r.name) for r in rows), default=0))
    x = Scale(0.0, high, left, width - 44)
    parts, y = [], 10.0
    ticks = [high * k / 4 for k in range(5)]
    for row in rows:
        known = [(k, e) for k, e in enumerate(row.estimates) if e.n]
        tall = max(1, len(known)) * 13.0
        parts.append(label(left - 8, y + tall / 2 + 4, shortened(row.name), "name", "end"))
        for place, (k, e) in enumerate(known):
            parts += _interval(x, y + 6.5 + place * 13, k, e, show)
        y += tall + 9
    grid = [line(x(t), 4, x(t), y, "rule") + label(x(t), y + 13, show(t), "small", "middle") for t in ticks]
    return svg(width, y + 20, [*grid, *parts], says)


def _interval(x: Scale, y: float, series: int, e: Estimate, show: Callable[[float], str]) -> list[str]:
    style = f"s{series % SERIES}"
    beyond = " >" if e.value > x.high else ""  # the dot stands at the edge, the figure lies beyond it
    end = x(max(e.value, e.high if not isnan(e.high) else e.value))
    return [
        line(x(e.low), y, x(e.high), y, f"interval {style}") if not isnan(e.low) else "",
        tag("circle", cx=x(e.value), cy=y, r=4, class_=f"dot {style}"),
        label(end + 7, y + 4, show(e.value) + beyond, "value"),
    ]


class Line(NamedTuple):
    """One series of a plot of curves."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    steps: bool = False


class Axes(NamedTuple):
    """What the axes of a plot of curves say."""

    x_name: str
    y_name: str
    x_low: float = 0.0
    x_high: float = 1.0
    x_ticks: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)


def curves(
    lines: Sequence[Line], axes: Axes, says: str, extra: Callable[[Scale, Scale], list[str]] | None = None
) -> str:
    """Return curves over 0..1 upward; `extra` adds what belongs to one plot alone."""
    width, height = 520, 340
    x, y = Scale(axes.x_low, axes.x_high, 46, width - 16), Scale(0.0, 1.0, height - 44, 26)
    parts = []
    for t in axes.x_ticks:
        parts += [line(x(t), y(0), x(t), y(1), "rule"), label(x(t), y(0) + 15, f"{t:g}", "small", "middle")]
    for t in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            line(x.from_px, y(t), x.to_px, y(t), "rule"),
            label(x.from_px - 6, y(t) + 4, f"{t:g}", "small", "end"),
        ]
    parts.append(label((x.from_px + x.to_px) / 2, height - 8, axes.x_name, "axis", "middle"))
    parts.append(label(x.from_px - 30, 13, axes.y_name, "axis"))
    parts += extra(x, y) if extra else []
    parts += [tag("path", d=_path(s, x, y), class_=f"curve s{k % SERIES}") for k, s in enumerate(lines) if len(s.x)]
    return svg(width, height, parts, says)


def _path(series: Line, x: Scale, y: Scale) -> str:
    out = ""
    for k, (a, b) in enumerate(zip(series.x, series.y, strict=True)):
        if isnan(a) or isnan(b):
            continue
        out += f"M{x(a)} {y(b)}" if not out else f"H{x(a)}V{y(b)}" if series.steps and k else f"L{x(a)} {y(b)}"
    return out


def shortened(name: str, letters: int = 31) -> str:
    """Return a name that fits beside a plot; the table behind it has it whole."""
    return name if len(name) <= letters else name[: letters - 1] + "…"
