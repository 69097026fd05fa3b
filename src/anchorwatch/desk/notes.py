"""What a reader must know about a text before believing it."""

from __future__ import annotations

import re

INSTRUCTION = "reads like an instruction to a program: taken as text"
# Each part is short and has no open repeat, so that it takes linear time.
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,20}\b(?:previous|prior|above|earlier|all|your|system|these)\b.{0,20}"
    r"\b(?:instructions?|prompts?|rules?|guidelines|messages?|context)\b"
    r"|\byou are (?:now )?(?:an? |the )?(?:\w{1,20} )?(?:assistant|language model|ai|chatbot|llm|gpt|agent)\b"
    r"|\b(?:system|developer|assistant) prompt\b|\bas an ai\b|<\|?(?:im_start|system|endoftext)\|?>|\[/?INST\]"
    r"|\b(?:mark|classify|label|treat|file|rate) (?:this|the) (?:item|report|text|message|article) as\b"
    r"|\b(?:respond|reply|answer|output) (?:only )?(?:with|in) (?:the |only )?(?:json|yes|no|words?)\b"
    r"|(?:^|\n)\s{0,4}(?:system|assistant|user)\s?:",
    re.IGNORECASE,
)
# In small letters, one of these stands in whatever matches: most texts are done with after they were looked for.
_SIGNS = (
    "ignore", "disregard", "forget", "override", "bypass", "you are ", " prompt", "as an ai", "<", "inst]", "item as",
    "report as", "text as", "message as", "article as", "respond ", "reply ", "answer ", "output ",
)  # fmt: skip
_SPEAKERS = ("system", "assistant", "user")  # before a colon


def notes(text: str) -> tuple[str, ...]:
    """Return the notes on a text from outside."""
    return (INSTRUCTION,) if _may_instruct(text) and _INSTRUCTION.search(text) else ()


def _may_instruct(text: str) -> bool:
    """Return False only where no instruction can be: to look for a few words is quicker than for what they make."""
    if not text.isascii():
        return True  # letters like the long s count as others
    low = text.lower()
    return any(sign in low for sign in _SIGNS) or (":" in low and any(word in low for word in _SPEAKERS))
