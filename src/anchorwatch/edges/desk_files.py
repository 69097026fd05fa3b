"""The user's own word lists and rules: folders of TOML files, beside those of the package."""

from __future__ import annotations

from pathlib import Path

from anchorwatch.errors import BadInput

MOST_BYTES = 4 << 20  # of one list; the longest of ours has under 100 KB
MOST_FILES = 100


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


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("this file is too large for a list", str(path), f"At most {MOST_BYTES >> 20} MB")
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadInput("this is no UTF-8 text", str(path), "Save it as UTF-8") from None
    except OSError as error:
        raise BadInput(f"it cannot be read ({error.strerror})", str(path), "Check its rights") from None
