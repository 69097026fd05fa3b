"""What the user brings to the desk: word lists and rules beside those of the package, figures of countries.

A watch's folder may hold them, too: `words/`, `rules/` and `countries.toml`.
"""

from __future__ import annotations

from pathlib import Path

from anchorwatch.desk.ledgers import figures
from anchorwatch.desk.ledgers.figures import Figures
from anchorwatch.errors import BadInput

MOST_BYTES = 4 << 20  # of one list; the longest of ours has under 100 KB
MOST_FILES = 100
WORDS, RULES, COUNTRIES = "words", "rules", "countries.toml"  # in the folder of a watch


def texts(folder: str | None) -> dict[str, str]:
    """Return the texts of the .toml files of a folder by their path, in the order of their names. Raises BadInput."""
    if folder is None:
        return {}
    where = Path(folder)
    if not where.is_dir():
        raise BadInput("there is no such folder", folder, "Name a folder with .toml files")
    paths = sorted(p for p in where.glob("*.toml") if p.is_file())
    if not paths:
        raise BadInput("there is no .toml file in it", folder, "docs/desk_words.md shows what they look like")
    if len(paths) > MOST_FILES:
        raise BadInput(f"more than {MOST_FILES} files", folder, "Put them together")
    return {str(path): _text(path) for path in paths}


def kept(folder: Path | None, name: str) -> dict[str, str]:
    """Return the texts of WORDS or RULES that a watch's folder holds; none where it has no such folder."""
    where = None if folder is None else folder / name
    return texts(str(where)) if where is not None and where.is_dir() and any(where.glob("*.toml")) else {}


def countries(path: str | Path) -> Figures:
    """Return the figures of countries of a file. Raises BadInput, BadUse."""
    where = Path(path)
    if not where.is_file():
        raise BadInput("there is no such file", str(path), "Name a .toml file as docs/ledgers.md has it")
    return figures.read(_text(where), str(path))


def countries_kept(folder: Path | None) -> Figures:
    """Return the figures that a watch's folder holds; none where it has no such file."""
    return countries(folder / COUNTRIES) if folder is not None and (folder / COUNTRIES).is_file() else Figures()


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("this file is too large for a list", str(path), f"At most {MOST_BYTES >> 20} MB")
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadInput("this is no UTF-8 text", str(path), "Save it as UTF-8") from None
    except OSError as error:
        raise BadInput(f"it cannot be read ({error.strerror})", str(path), "Check its rights") from None
