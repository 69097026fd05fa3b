"""The brief as one HTML file: no script, nothing from elsewhere, to be read on a phone and on paper."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from anchorwatch.desk.brief.page import Brief, Numbered, Section, Sentence, numbers

STYLE = """
:root { color-scheme: light dark; --ink: #16202a; --quiet: #55636f; --paper: #fff; --rule: #d5dbe0;
  --alarm: #a90f15; --warning: #8a4b00; --caution: #6b5700; --link: #0b5394 }
@media (prefers-color-scheme: dark) { :root { --ink: #dde4ea; --quiet: #93a2ae; --paper: #0d1318; --rule: #2a3640;
  --alarm: #ff8077; --warning: #ffb55e; --caution: #f2d96b; --link: #7db8f0 } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1.2rem 1rem 2rem; max-width: 46rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.45 "Source Serif 4", "Libertinus Serif", Georgia, "Times New Roman", serif; overflow-wrap: anywhere }
header { border-bottom: 2px solid var(--ink); margin-bottom: 1rem }
h1 { font-size: 1.7rem; line-height: 1.15; margin: 0 }
header p { margin: .15rem 0 .5rem; color: var(--quiet) }
h2 { font-size: 1.05rem; margin: 1.3rem 0 .35rem; padding-bottom: .15rem; border-bottom: 1px solid var(--rule) }
h3 { font-size: .85rem; margin: .7rem 0 .15rem; color: var(--quiet); font-weight: 600; letter-spacing: .02em }
ul { margin: 0; padding: 0; list-style: none }
li { margin: .3rem 0 }
sup { line-height: 0; font-size: .68em; margin-left: .15em; white-space: nowrap }
a { color: var(--link); text-decoration: none } a:hover, a:focus { text-decoration: underline }
sup a { padding: .5em .12em }
.alarm > strong { color: var(--alarm) } .warning > strong { color: var(--warning) }
.caution > strong { color: var(--caution) }
.more, .note { color: var(--quiet); font-size: .88rem; margin: .35rem 0 }
footer { margin-top: 1.5rem; padding-top: .4rem; border-top: 2px solid var(--ink) }
footer ol { margin: .3rem 0 0; padding-left: 2rem; font-size: .8rem; color: var(--quiet); columns: 2 17rem;
  column-gap: 2rem }
footer li { margin: .1rem 0; break-inside: avoid } footer li:target, li:target { outline: 2px solid var(--link) }
@page { size: A4; margin: 10mm 14mm }
@media print { :root { --ink: #000; --quiet: #333; --paper: #fff; --rule: #999; --link: #000; --alarm: #a90f15;
  --warning: #8a4b00; --caution: #6b5700 }
  body { max-width: none; padding: 0; font-size: 8pt; line-height: 1.22 } h1 { font-size: 15pt }
  header { border-width: 1pt; margin-bottom: 2mm } header p { margin: 0 0 1mm }
  h2 { font-size: 9.6pt; margin: 2mm 0 .8mm; padding: 0; break-after: avoid }
  h3 { font-size: 7.8pt; margin: .8mm 0 0; break-after: avoid }
  li { margin: .4mm 0; break-inside: avoid } sup a { padding: 0 } .more, .note { font-size: 7.5pt; margin: 1mm 0 }
  footer { margin-top: 2mm; padding-top: .5mm; border-width: 1pt }
  footer ol { font-size: 6pt; line-height: 1.2; columns: 3 9rem; margin: 0 } footer li { margin: 0 } }
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'"
)
FRAME = """<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}"><meta name="referrer" content="no-referrer">
<title>{title}</title><style>{style}</style></head>
<body><header><h1>{heading}</h1><p>{span}</p></header>
<main>
{sections}</main>
<footer>
{notes}{foot}</footer></body></html>
"""


def render(brief: Brief) -> str:
    """Return the page as HTML."""
    sources = brief.sources()
    foot = "".join(f'<li id="s{n}" value="{n}">{_text(ref.label)}</li>\n' for n, ref in sources.values())
    return FRAME.format(
        policy=escape(POLICY),
        style=STYLE,
        title=_text(f"{brief.title}, {brief.span}"),
        heading=_text(brief.title),
        span=_text(brief.span),
        sections="".join(_section(section, sources) for section in brief.sections if section.sentences),
        notes="".join(f'<p class="note">{_text(note)}</p>\n' for note in brief.notes),
        foot=f"<ol>\n{foot}</ol>\n" if foot else "",
    )


def _section(section: Section, sources: Numbered) -> str:
    key = escape(section.key)
    parts = [f'<section aria-labelledby="{key}"><h2 id="{key}">{_text(section.title)}</h2>\n']
    group, is_open = "", False
    for sentence in section.sentences:
        if sentence.group != group or not is_open:
            head = f"<h3>{_text(sentence.group)}</h3>\n" if sentence.group else ""
            parts.append(("</ul>\n" if is_open else "") + head + "<ul>\n")
            group, is_open = sentence.group, True
        parts.append(_sentence(sentence, sources))
    parts.append("</ul>\n" if is_open else "")
    more = f'<p class="more">{_text(section.more)}</p>\n' if section.more else ""
    return "".join(parts) + more + "</section>\n"


def _sentence(sentence: Sentence, sources: Numbered) -> str:
    strong, rest = sentence.text[: sentence.strong], sentence.text[sentence.strong :]
    notes = " ".join(f'<a href="#s{n}">{n}</a>' for n in numbers(sentence, sources))
    level = f' class="{_text(sentence.level)}"' if sentence.level else ""
    lead = f"<strong>{_text(strong)}</strong>" if strong else ""
    return f"<li{level}>{lead}{_text(rest)}{f'<sup>{notes}</sup>' if notes else ''}</li>\n"


def _text(text: str) -> str:
    return escape(text, quote=True)
