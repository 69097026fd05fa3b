"""The line of every key of a TOML text is found, whatever its shape."""

from __future__ import annotations

import tomllib
from pathlib import Path as FilePath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.edges.toml_lines import Path, lines
from tries import tries

ROOT = FilePath(__file__).resolve().parents[1]
TEXT = '''# a comment with "quotes" and [brackets]
title = "x" # 2
"quoted key" = 'literal # none' # 3
when = 2024-12-25 10:00:00Z
long = """
[[actor]]
id = "not a key" \\""" still in ""
"""
raw = \'\'\'
kn = 1\'\'\'
a.b."c.d" = 1

[[actor]] # 13
id = "one"
steps = [ # 15
  { to = [1.0, 2.0], kn = 9 }, { to = [
    3.0, 4.0] },
  # between
  { adrift_min = 27 }]
[actor.hull]
length_m = 100
[[actor.hull.part]]
n = 1
[[actor]]
id = "two"
[sea]
box = [1, 2,
  3, 4]
'''


def test_each_key_is_found_on_its_line() -> None:
    found = lines(TEXT)
    wanted: dict[Path, int] = {
        ("title",): 2,
        ("quoted key",): 3,
        ("when",): 4,
        ("long",): 5,
        ("raw",): 9,
        ("a", "b", "c.d"): 11,
        ("actor",): 13,
        ("actor", 0): 13,
        ("actor", 0, "id"): 14,
        ("actor", 0, "steps", 0, "to", 1): 16,
        ("actor", 0, "steps", 1, "to"): 16,
        ("actor", 0, "steps", 1, "to", 0): 17,
        ("actor", 0, "steps", 2, "adrift_min"): 19,
        ("actor", 0, "hull", "length_m"): 21,
        ("actor", 0, "hull", "part", 0, "n"): 23,
        ("actor", 1): 24,
        ("actor", 1, "id"): 25,
        ("sea", "box", 2): 28,
    }
    assert {path: found.get(path) for path in wanted} == wanted
    assert set(found) == set(paths(tomllib.loads(TEXT)))


@pytest.mark.parametrize(
    "path",
    sorted(ROOT.glob("src/anchorwatch/**/*.toml")) + sorted(ROOT.glob("tests/scenarios/*.toml")),
    ids=lambda p: p.stem,
)
def test_each_key_of_the_files_of_this_repository_is_on_its_line(path: FilePath) -> None:
    text = path.read_text("utf-8")
    found, written = lines(text), text.split("\n")
    assert set(found) == set(paths(tomllib.loads(text)))
    for place, line in found.items():
        if isinstance(place[-1], str):
            assert place[-1] in written[line - 1], place


def paths(value: Any, path: Path = ()) -> list[Path]:
    """Every path of a document."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [p for key, inner in below for p in ((*path, key), *paths(inner, (*path, key)))]


KEY = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=0, max_size=5)
SCALAR = st.one_of(st.integers(-9, 9), st.booleans(), KEY, st.floats(allow_nan=False, allow_infinity=False))
VALUE = st.recursive(SCALAR, lambda v: st.lists(v, max_size=3) | st.dictionaries(KEY, v, max_size=3), max_leaves=6)
BREAK = st.sampled_from(["", "\n", "\r\n", " # , ] } \n\n", "\t"])


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Writer:
    """Writes a document and keeps the line on which it put each path."""

    def __init__(self, draw: Any) -> None:
        self.draw, self.text, self.put = draw, "", dict[Path, int]()

    def mark(self, path: Path) -> None:
        self.put[path] = self.text.count("\n") + 1

    def value(self, value: Any, path: Path) -> None:
        if isinstance(value, dict):
            self.text += "{"
            for number, (key, inner) in enumerate(value.items()):
                self.text += ", " if number else " "
                self.mark((*path, key))
                self.text += f"{quoted(key)} = "
                self.value(inner, (*path, key))
            self.text += " }"
        elif isinstance(value, list):
            self.text += "[" + self.draw(BREAK)
            for number, inner in enumerate(value):
                self.mark((*path, number))
                self.value(inner, (*path, number))
                self.text += "," + self.draw(BREAK)
            self.text += "]"
        elif isinstance(value, str):
            styles = [quoted(value), '"""\n' + quoted(value)[1:-1] + '\n"""']
            styles += [f"'''\n{value}'''"] if "'" not in value else []
            self.text += self.draw(st.sampled_from(styles))
        else:
            self.text += str(value).lower()


@tries(150)
@given(st.lists(st.dictionaries(KEY, VALUE, max_size=4), min_size=1, max_size=3), st.data())
def test_every_path_of_any_document_is_found_where_it_was_written(tables: list[Any], data: st.DataObject) -> None:
    writer = Writer(data.draw)
    for number, table in enumerate(tables):
        writer.mark(("t", number))
        writer.text += "[[t]]\n"
        for key, value in table.items():
            writer.mark(("t", number, key))
            writer.text += f"{quoted(key)} = "
            writer.value(value, ("t", number, key))
            writer.text += data.draw(st.sampled_from(["\n", " # x\n", "\r\n\n"]))
    document = tomllib.loads(writer.text)
    found = lines(writer.text)
    assert {p: n for p, n in found.items() if p != ("t",)} == writer.put
    assert set(found) == set(paths(document))
