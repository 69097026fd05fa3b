"""Write records (alerts, findings) as .jsonl, .geojson, .csv or .parquet, chosen by the ending; stdout is .jsonl.

Texts come from the air: a vessel can call itself anything. Every format here keeps the text and takes away
its power: no control character reaches a terminal, no cell is run as a formula, no half file is left behind.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from anchorwatch.errors import BadUse
from anchorwatch.model import rfc3339

Record = dict[str, Any]

# Valid inside JSON strings, yet able to move a terminal's cursor, turn the reading direction or hide text:
# DEL and the C1 controls, soft hyphen, zero-width and bidirectional marks, line separators, lone surrogates.
_UNRULY = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f]|" + _UNRULY.pattern)
# A spreadsheet runs a cell that begins with one of these (OWASP, CSV injection), also after blanks; where the comma is
# for decimals, as around the Baltic, it begins a new cell at every semicolon.
_FORMULA = re.compile(r"(^|;)(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def json_line(record: Any) -> str:
    """Return one line of JSON that is safe to show on a terminal and has no NaN."""
    text = json.dumps(without_nan(record), ensure_ascii=False, allow_nan=False)
    return _UNRULY.sub(_escaped, text)


def plain(text: str) -> str:
    r"""Return `text` on one line, with every control character shown as `\uXXXX`."""
    return _CONTROL.sub(_escaped, text)


def tame(value: Any) -> Any:
    r"""Return a JSON value whose every text shows its control characters as `\uXXXX`; line ends and tabs stay."""
    if isinstance(value, str):
        return (
            value if value.isprintable() else "\n".join("\t".join(map(plain, s.split("\t"))) for s in value.split("\n"))
        )
    if isinstance(value, Mapping):
        return {tame(k): tame(v) for k, v in value.items()}
    return [tame(v) for v in value] if isinstance(value, list | tuple) else value


def cell(value: Any) -> Any:
    """Return a value for a CSV cell: text on one line, quoted with ' where a spreadsheet would run it."""
    if not isinstance(value, str):
        return value
    return _FORMULA.sub(r"\1'", plain(value))


def without_nan(value: Any) -> Any:
    """Return `value` with NaN and infinities as None: JSON has no word for them."""
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if isinstance(value, Mapping):
        return {str(k): without_nan(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(v) for v in value]
    return value


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; on success it takes its place at once, else nothing changes."""
    path = Path(os.path.realpath(path))
    if not path.parent.is_dir():
        raise BadUse(f"the folder {path.parent} does not exist", str(path), "Make it first.")
    if path.is_dir():
        raise BadUse("this is a folder, not a file", str(path), "Name a file in it.")
    part = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        if path.exists() and not path.is_file():  # /dev/stdout, a pipe: nothing to replace
            yield path
            return
        part.open("xb").close()
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except OSError as error:
        raise BadUse(f"cannot write ({error.strerror or error})", str(path), "Choose another place.") from error
    finally:
        part.unlink(missing_ok=True)


def write_records(
    records: Sequence[Record], path: str | Path | None, columns: Mapping[str, Any], row: Callable[[Record], Record]
) -> None:
    """Write records to `path`; None or "-" is standard output as .jsonl.

    `columns` (name -> polars type) and `row` make the flat form for .csv and .parquet; times in rows are `_us`.
    """
    if path is None or str(path) == "-":
        sys.stdout.writelines(json_line(r) + "\n" for r in records)
        sys.stdout.flush()
        return
    target = Path(path)
    ending = ending_of(path)
    with replacing(target) as part:
        if ending == ".parquet":
            rows = [{k: plain(v) if isinstance(v, str) else v for k, v in row(r).items()} for r in records]
            pl.DataFrame(rows, schema=dict(columns)).write_parquet(part)
        else:
            part.write_text(_text(ending, records, columns, row), encoding="utf-8", newline="")


def ending_of(path: str | Path) -> str:
    """Return the ending that says the format; BadUse where it says none."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise BadUse(f"cannot tell the format from the ending {ending!r}", str(path), f"Use {', '.join(ENDINGS)}.")
    return ending


def feature_collection(records: Sequence[Record]) -> Record:
    """Return GeoJSON (RFC 7946): a point each, the record itself as properties."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": r["id"], "geometry": _point(r["position"]), "properties": r} for r in records
        ],
    }


def time_us(text: str) -> int:
    """Return int64 microseconds since 1970 of an RFC 3339 time with zone; ValueError if it is none."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"time without zone: {text!r}")
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _text(ending: str, records: Sequence[Record], columns: Mapping[str, Any], row: Callable[[Record], Record]) -> str:
    if ending == ".geojson":
        return json_line(feature_collection(records)) + "\n"
    if ending == ".jsonl":
        return "".join(json_line(r) + "\n" for r in records)
    return csv_text(columns, map(row, records))


def csv_text(columns: Mapping[str, Any], rows: Iterable[Record]) -> str:
    """Return rows as CSV with a header, no cell of which a spreadsheet would run. columns: name -> polars type."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_csv_cell(row[c], kind) for c, kind in columns.items()])
    return out.getvalue()


def _csv_cell(value: Any, kind: Any) -> Any:
    if value is not None and kind == TIME:
        return rfc3339(value)
    return cell(value)


def _point(position: Record | None) -> Record | None:
    return position and {"type": "Point", "coordinates": [position["lon"], position["lat"]]}


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


ENDINGS = (".jsonl", ".geojson", ".csv", ".parquet")
TIME = pl.Datetime("us", "UTC")
