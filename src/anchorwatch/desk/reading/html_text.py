"""HTML to plain text: what a reader would see of it. Scripts, styles and forms are dropped, nothing is fetched.

The parser of the standard library takes a minute for 80,000 characters of unclosed tags; this one looks at each once.
"""

from __future__ import annotations

import re
from html import unescape

from anchorwatch.desk.report import MOST_TEXT

MOST_HTML = 10 * MOST_TEXT  # characters of HTML that are looked at: of a page with its scripts, a tenth is text
_TAGS = (
    "a|abbr|article|aside|b|base|blockquote|body|br|button|center|code|div|dl|dt|em|embed|figcaption|figure|font|"
    "footer|form|frame|h[1-6]|head|header|hr|html|i|iframe|img|input|label|li|link|main|meta|nav|noscript|object|ol|"
    "option|p|pre|script|section|select|small|span|strong|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|"
    "title|tr|u|ul|video"
)
_KNOWN = re.compile(rf"</?(?:{_TAGS})(?:[\s/][^<>]*)?>|<(?:script|style|iframe|!--)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})(?![a-zA-Z0-9:-])[^<>]*>")
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,}")
# What is inside is not read out: everything up to the end of the element.
_SILENT = frozenset(
    ("script", "style", "noscript", "template", "iframe", "object", "svg", "textarea", "select", "head")
)
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "figcaption", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol"),
        *("option", "p", "pre", "section", "table", "td", "th", "title", "tr", "ul"),
    )
)
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


def has_html(text: str) -> bool:
    """Tell whether a text holds tags of HTML; "5 < 6" does not."""
    return "<" in text and _KNOWN.search(text) is not None


def plain_text(markup: str, lines: bool = False) -> str:
    """Return what is seen of a piece of HTML, on one line, or with the line ends of its blocks."""
    markup = markup[:MOST_HTML]
    text = "".join(_seen(markup)) if "<" in markup else markup
    if "&" in text:
        text = unescape(_LONG_NUMBER.sub("\ufffd", text))
    text = _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()
    return text if lines else text.replace("\n", " ")


def _seen(markup: str) -> list[str]:
    """Return the pieces of text between the tags."""
    pieces: list[str] = []
    lower = markup.lower() if len(markup.lower()) == len(markup) else markup
    at = 0
    while (less := markup.find("<", at)) >= 0:
        pieces.append(markup[at:less])
        if markup.startswith("<!--", less):
            at = _behind(markup, "-->", less)
        elif tag := _TAG.match(markup, less):
            name = tag[2].lower()
            if name in _BLOCKS:
                pieces.append("\n")
            at = _behind(lower, f"</{name}", tag.end()) if name in _SILENT and not tag[1] else tag.end()
        elif declaration := _DECLARATION.match(markup, less):
            at = declaration.end()
        else:
            pieces.append("<")
            at = less + 1
    return [*pieces, markup[at:]]


def _behind(text: str, end: str, start: int) -> int:
    """Return where to go on behind an end mark: the end of the text where there is none."""
    found = text.find(end, start)
    if found < 0:
        return len(text)
    return found + len(end) if end == "-->" else found  # a closing tag is read as any other
