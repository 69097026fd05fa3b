"""The rules of events, read from versioned TOML files that a user may add to: rules/*.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from anchorwatch.desk import rule_shapes
from anchorwatch.desk.cues import Lexicon, compiled
from anchorwatch.desk.report import EVENT_TYPES, MODALITIES
from anchorwatch.errors import BadUse

KINDS = ("verbs", "nouns", "words")
TABLES = frozenset({"version", "near", "rule", "topics", "irregular", "relevance", "points", "hides", *KINDS})
NEAR = 12  # words: about half a sentence of the news


class Rule(NamedTuple):
    """One way to know one type of event in one sentence."""

    id: str
    type: str
    weight: float
    trigger: tuple[str, ...]  # groups: any of them is the event word
    others: tuple[tuple[str, ...], ...]  # one of each must stand near it
    near: int
    order: str  # "any", "after", "before"
    without: tuple[str, ...]
    modality: str = "fact"  # of MODALITIES, where no word of the sentence says it


@dataclass(frozen=True, eq=False)
class Rules:
    """All rules, compiled."""

    lexicon: Lexicon
    by_trigger: Mapping[str, tuple[Rule, ...]]
    topics: tuple[tuple[str, str], ...]  # group, topic
    subjects: Lexicon  # of relevance
    points: Mapping[str, float]
    hides: Mapping[str, frozenset[str]]  # by type, the types that it takes with it in its sentence
    relevant_from: float
    half: float


def load(texts: Mapping[str, str]) -> Rules:
    """Return the rules in some TOML texts by name; a later text adds to the ones before it, or changes them."""
    groups: dict[str, dict[str, dict[str, None]]] = {kind: {} for kind in KINDS}
    merged: dict[str, dict[str, Any]] = {"irregular": {}, "topics": {}, "relevance": {}, "points": {}, "hides": {}}
    rules: dict[str, Rule] = {}
    of_file: dict[str, str] = {}
    for name, text in texts.items():
        table = _read(name, text)
        for kind in KINDS:
            for group, members in table.get(kind, {}).items():
                _add(groups[kind].setdefault(group, {}), members)
        for key, values in merged.items():
            values.update(table.get(key, {}))
        for row in table.get("rule", ()):
            rule = _rule(name, row, table.get("near", NEAR))
            rules[rule.id] = rule
            of_file[rule.id] = name
    for rule in rules.values():
        _check_groups(of_file[rule.id], rule, groups)
    return _compiled(groups, merged, list(rules.values()))


def _read(name: str, text: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadUse(str(error), name, "Correct that line") from None
    unknown = sorted(table.keys() - TABLES)
    if unknown:
        raise BadUse(f"there is no table called {unknown[0]}", name, f"Use one of {', '.join(sorted(TABLES))}")
    rule_shapes.check(name, table)
    return table


def _add(group: dict[str, None], members: list[str]) -> None:
    for member in members:
        if member.startswith("-"):
            group.pop(member[1:], None)
        else:
            group[member] = None


def _rule(name: str, row: Mapping[str, Any], near: int) -> Rule:
    said = row.get("id", "without an id")
    if row.get("type") not in EVENT_TYPES:
        raise BadUse(f"the rule {said} has no type that is known", name, f"Use one of {', '.join(EVENT_TYPES)}")
    if "id" not in row or not row.get("words"):
        raise BadUse(f"the rule {said} needs an id and words", name, "Give both")
    if row.get("order", "any") not in ("any", "after", "before"):
        raise BadUse(f"the rule {said} has an order that is not known", name, "Use any, after or before")
    if row.get("modality", "fact") not in MODALITIES:
        raise BadUse(f"the rule {said} has a modality that is not known", name, f"Use one of {', '.join(MODALITIES)}")
    first, *others = (tuple(group.split("|")) for group in row["words"])
    return Rule(
        str(said), row["type"], float(row.get("weight", 4.0)), first, tuple(others), int(row.get("near", near)),
        row.get("order", "any"), tuple(row.get("without", ())), row.get("modality", "fact"),
    )  # fmt: skip


def _check_groups(name: str, rule: Rule, groups: Mapping[str, Mapping[str, object]]) -> None:
    """Refuse a rule that asks for a group of words that no file has."""
    for group in (*rule.trigger, *(g for alternatives in rule.others for g in alternatives), *rule.without):
        if not group.startswith("@") and not any(group in kind for kind in groups.values()):
            raise BadUse(
                f"the rule {rule.id} asks for words called {group}, which there are not", name, "Add the group"
            )


def _compiled(
    groups: dict[str, dict[str, dict[str, None]]], merged: dict[str, dict[str, Any]], rules: list[Rule]
) -> Rules:
    by_trigger: dict[str, list[Rule]] = {}
    for rule in rules:
        for group in rule.trigger if rule.weight else ():
            by_trigger.setdefault(group, []).append(rule)
    subject, event = (
        {k: {g: w for g, w in v.items() if g.startswith("r_") is of} for k, v in groups.items()} for of in (True, False)
    )
    irregular = merged["irregular"]
    return Rules(
        compiled(event["verbs"], event["nouns"], event["words"], irregular),
        {group: tuple(some) for group, some in by_trigger.items()},
        tuple(merged["topics"].items()),
        compiled(subject["verbs"], subject["nouns"], subject["words"], irregular),
        merged["points"],
        {type_: frozenset(hidden) for type_, hidden in merged["hides"].items()},
        float(merged["relevance"].get("from", 0.35)),
        float(merged["relevance"].get("half", 4.0)),
    )


@cache
def packaged() -> Rules:
    """Return the rules that come with the program."""
    return load(packaged_texts())


def packaged_texts() -> dict[str, str]:
    """Return the texts of the packaged rules by file name, for a user who wants to add to them."""
    folder = resources.files("anchorwatch.desk") / "rules"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {f.name: f.read_text(encoding="utf-8") for f in files}
