"""The brief for typst: a source that never changes, and the texts beside it as data, so that no text is ever markup."""

from __future__ import annotations

import json

from anchorwatch.desk.brief.page import Brief, Numbered, Section, Sentence, numbers
from anchorwatch.desk.brief.words import bounded
from anchorwatch.model import utc

# typst gives `sys.inputs.brief` as a string; what is shown of it are JSON strings, which typst sets letter by letter.
SOURCE = r"""
#let brief = json(bytes(sys.inputs.brief))
#let ink = (alarm: rgb("#a90f15"), warning: rgb("#8a4b00"), caution: rgb("#6b5700"))
#let quiet = rgb("#44515c")
#set document(title: brief.title + ", " + brief.span, date: datetime(..brief.date))
#set page(paper: "a4", margin: (x: 17mm, top: 14mm, bottom: 13mm), footer: context {
  let pages = counter(page).final().first()
  if pages > 1 { align(center, text(7.5pt, fill: quiet)[#counter(page).display() / #pages]) }
})
#set text(font: "Libertinus Serif", lang: "en", region: "GB", hyphenate: true)

#let mark(n) = super(typographic: false, size: 0.66em, link(label("s" + str(n)), str(n)))
#let told(s) = {
  let fill = ink.at(s.level, default: black)
  text(weight: "semibold", fill: fill, s.strong)
  s.rest
  if s.numbers.len() > 0 { sym.wj; s.numbers.map(mark).join(super(size: 0.66em)[,]) }
}
#let part(section, size) = {
  block(above: 1.15 * size, below: 0.62 * size, sticky: true, stroke: (bottom: 0.4pt + quiet), inset: (bottom: 2.4pt),
    width: 100%, heading(level: 2, text(1.08 * size, weight: "semibold", section.title)))
  for run in section.runs {
    if run.group != "" {
      block(above: 0.62 * size, below: 0.36 * size, sticky: true,
        heading(level: 3, text(0.88 * size, style: "italic", weight: "regular", fill: quiet, run.group)))
    }
    for s in run.sentences {
      block(above: 0.46 * size, below: 0.46 * size, par(hanging-indent: 0.9em, justify: false, told(s)))
    }
  }
  if section.more != "" { block(above: 0.5 * size, text(0.84 * size, style: "italic", fill: quiet, section.more)) }
}
#let foot(size, columns) = {
  set text(0.7 * size, fill: quiet, hyphenate: false)
  set par(leading: 0.38em)
  block(above: 1.1 * size, below: 0.6 * size, stroke: (top: 0.8pt + black), inset: (top: 3pt), width: 100%, {
    for note in brief.notes { block(above: 0.45 * size, below: 0.45 * size, note) }
  })
  let each = calc.max(1, calc.ceil(brief.sources.len() / columns))
  grid(columns: (1fr,) * columns, column-gutter: 8pt, ..brief.sources.chunks(each).map(chunk => {
    for s in chunk {
      block(above: 0.32 * size, below: 0.32 * size, grid(columns: (1.5em, 1fr), column-gutter: 3pt,
        align(right)[#str(s.number)#label("s" + str(s.number))], s.label))
    }
  }))
}
#let all(size) = {
  set text(size)
  set par(leading: 0.5em)
  block(below: 0.62 * size, heading(level: 1, text(1.9 * size, weight: "semibold", brief.title)))
  block(below: 0.9 * size, text(0.95 * size, fill: quiet, brief.span))
  for section in brief.sections { part(section, size) }
  foot(size, if brief.sources.len() > 10 { 3 } else { 2 })
}
#layout(size => {
  let sizes = (10.5pt, 10pt, 9.5pt, 9pt, 8.5pt, 8.1pt)
  let fit = sizes.find(s => measure(block(width: size.width, all(s))).height <= size.height)
  all(if fit == none { 9pt } else { fit })
})
"""


def data(brief: Brief) -> str:
    """Return the texts of a brief as JSON, for `sys.inputs.brief`."""
    sources = brief.sources()
    at = utc(bounded(brief.at_us))
    return json.dumps(
        {
            "title": brief.title,
            "span": brief.span,
            "date": {"year": at.year, "month": at.month, "day": at.day,
                     "hour": at.hour, "minute": at.minute, "second": at.second},
            "sections": [_section(section, sources) for section in brief.sections if section.sentences],
            "notes": list(brief.notes),
            "sources": [{"number": n, "label": ref.label} for n, ref in sources.values()],
        }
    )  # fmt: skip


def _section(section: Section, sources: Numbered) -> dict[str, object]:
    runs: list[tuple[str, list[dict[str, object]]]] = []
    for sentence in section.sentences:
        if not runs or runs[-1][0] != sentence.group:
            runs.append((sentence.group, []))
        runs[-1][1].append(_sentence(sentence, sources))
    told = [{"group": group, "sentences": sentences} for group, sentences in runs]
    return {"title": section.title, "more": section.more, "runs": told}


def _sentence(sentence: Sentence, sources: Numbered) -> dict[str, object]:
    return {
        "strong": sentence.text[: sentence.strong],
        "rest": sentence.text[sentence.strong :],
        "level": sentence.level,
        "numbers": numbers(sentence, sources),
    }
