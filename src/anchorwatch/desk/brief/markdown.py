"""The brief as Markdown with numbered footnotes. Whatever a text from outside holds is shown, and marks nothing up."""

from __future__ import annotations

import re

from anchorwatch.desk.brief.page import Brief, Numbered, Section, Sentence, numbers

_SIGNS = re.compile(r"[\\`*_\[\]{}|~$^]|(?<=:)(?=//)|(?<=\b[wW]{3})\.|(?<=\w)@")
_START = re.compile(r"^(\s*)([-+#]|\d+[.)])")
_HTML = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def render(brief: Brief) -> str:
    """Return the page as Markdown."""
    sources = brief.sources()
    lines = [f"# {escaped(brief.title)}", "", f"*{escaped(brief.span)}*", ""]
    for section in brief.sections:
        if section.sentences:
            lines += _section(section, sources)
    lines += [line for note in brief.notes for line in (escaped(note), "")]
    lines += [f"[^{n}]: {escaped(ref.label)}" for n, ref in sources.values()]
    return "\n".join(lines).rstrip("\n") + "\n"


def escaped(text: str) -> str:
    """Return a text that stands for itself in Markdown: no markup, no HTML, no link."""
    line = " ".join(text.split()).translate(_HTML)
    line = _SIGNS.sub(lambda m: "\\" + m[0] if m[0] != "@" else "&#64;", line)
    return _START.sub(lambda m: m[1] + m[2][:-1] + "\\" + m[2][-1], line)


def _section(section: Section, sources: Numbered) -> list[str]:
    lines, group = [f"## {escaped(section.title)}", ""], ""
    for sentence in section.sentences:
        if sentence.group and sentence.group != group:
            lines += [*([""] if group else []), f"### {escaped(sentence.group)}", ""]
        group = sentence.group
        lines.append("- " + _sentence(sentence, sources))
    return [*lines, "", *([f"*{escaped(section.more)}*", ""] if section.more else [])]


def _sentence(sentence: Sentence, sources: Numbered) -> str:
    strong, rest = sentence.text[: sentence.strong].strip(), sentence.text[sentence.strong :]
    notes = "".join(f"[^{n}]" for n in numbers(sentence, sources))
    return (f"**{escaped(strong)}**" if strong else "") + _gap(rest) + escaped(rest) + notes


def _gap(rest: str) -> str:
    return " " if rest[:1].isspace() else ""
