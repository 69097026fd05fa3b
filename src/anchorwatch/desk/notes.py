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


def notes(text: str) -> tuple[str, ...]:
    """Return the notes on a text from outside."""
    return (INSTRUCTION,) if _INSTRUCTION.search(text) else ()
