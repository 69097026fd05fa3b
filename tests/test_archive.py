"""Files in every wrapping and in every state of decay: rows, rejects, or one clear line; never a hang."""

from __future__ import annotations

import gzip
import io
import lzma
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.decode import Decoded, Options, rows
from anchorwatch.edges import blocks, unpack
from anchorwatch.edges.ahead import ahead
from anchorwatch.edges.archive import open_source
from anchorwatch.edges.unpack import Stream
from anchorwatch.errors import BadInput
from tries import tries

HEADER = "time,mmsi,lon_deg,lat_deg,name\n"
TABLE = HEADER + "".join(
    f"2025-01-01T00:{i // 60:02}:{i % 60:02}Z,21900000{i % 7},25.{i:03},59.9,N{i % 3}\n" for i in range(600)
)


def whole(path: str | Path, size: int = 1 << 20, options: Options | None = None) -> Decoded:
    """Read a file whole."""
    return rows.together(list(open_source(str(path), options or Options()).blocks(size)))


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("day.csv", data)
    return out.getvalue()


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gz": gzip.compress,
    "zip": zipped,
    "zst": lambda data: zstandard.compress(data),
    "zst_without_size": lambda data: zstandard.ZstdCompressor(write_content_size=False).compress(data),
    "xz": lzma.compress,
    "two_gz": lambda data: gzip.compress(data[:777]) + gzip.compress(data[777:]),
    "two_zst": lambda data: zstandard.compress(data[:777]) + zstandard.compress(data[777:]),
}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("size", [1000, 5000, 1 << 20])
def test_every_packing_and_block_size_gives_the_same(tmp_path: Path, packing: str, size: int) -> None:
    (tmp_path / "plain").write_text(TABLE)
    (tmp_path / "packed").write_bytes(PACKINGS[packing](TABLE.encode()))
    plain, packed = whole(tmp_path / "plain"), whole(tmp_path / "packed", size)
    assert plain.positions.height == 600
    for one, two in zip(plain, packed, strict=True):
        assert one.equals(two)


@pytest.mark.parametrize("packing", ["gz", "zip", "zst", "xz"])
def test_a_cut_off_file_gives_its_rows_and_says_so(tmp_path: Path, packing: str) -> None:
    noise = "".join(f"2025-01-01T00:00:00Z,219000001,25.{hash((i, 'x')) % 10**6:06},59.9,N\n" for i in range(20_000))
    packed = PACKINGS[packing]((HEADER + noise).encode())
    path = tmp_path / "cut"
    path.write_bytes(packed[: len(packed) * 2 // 3])
    if packing == "zip":  # the list of members is at the end
        with pytest.raises(BadInput, match="damaged"):
            whole(path)
        return
    got = whole(path)
    assert 1000 < got.positions.height < 20_000
    assert "damaged_file" in got.rejects["reason"].to_list()


def test_a_zip_of_several_files(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.writestr("__MACOSX/._a.csv", b"\0\1\2")
        archive.writestr("readme.txt", "Nothing to see here.")
        archive.writestr("b.csv", TABLE)
    got = whole(path)
    assert got.positions.height == 1200
    assert got.rejects.select("reason", "source").rows() == [("unknown_member", f"{path}:readme.txt")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (gzip.compress(b""), "empty inside"),
        (b"\x1f\x8b\x08\0garbage", "damaged"),
        (b"PK\x03\x04garbage", "damaged"),
        (b"PAR1garbage", "Parquet file cannot be read"),
        (bytes(range(256)) * 40, "binary"),
        ("time,mmsi\n".encode("utf-16"), "UTF-16"),
        (b"Dear sir,\n\nplease find attached\n", "Dear sir"),
        (b'{"type": "FeatureCollection", "features": []}', "FeatureCollection"),
        (gzip.compress(gzip.compress(b"x" * 100)), "inside the compressed file"),
        (b"mmsi,imo,name\n219000001,1,A\n", "no column for time, lon_deg, lat_deg"),
        (b"\n" * 5000, "no AIS format"),
    ],
    ids=range(12),  # packed bytes have the time in them: two processes would not collect the same
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=message) as error:
        whole(path)
    assert error.value.next_step and "\n" not in str(error.value)


def test_folders_and_missing_files(tmp_path: Path) -> None:
    for path, message in ((tmp_path, "folder"), (tmp_path / "no", "no such file"), ("a\0b", "cannot be opened")):
        with pytest.raises(BadInput, match=message):
            open_source(str(path), Options())


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for packing in ("plain", "gz", "zst", "xz"):
        packed = io.BufferedReader(io.BytesIO(PACKINGS[packing](TABLE.encode())))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(packed))
        assert whole("-").positions.height == 600
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PACKINGS["zip"](TABLE.encode()))))
    with pytest.raises(BadInput, match="pipe"):
        whole("-")


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "table"
    frame = pl.read_csv(io.StringIO(TABLE), try_parse_dates=True)
    frame.write_parquet(path, row_group_size=100)
    got, text = whole(path), rows.together([whole_text(tmp_path)])
    assert got.positions.drop("line").equals(text.positions.drop("line"))
    assert got.statics.drop("line").equals(text.statics.drop("line"))
    frame.drop("lat_deg").write_parquet(path)
    with pytest.raises(BadInput, match="lat_deg"):
        whole(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BadInput, match="cannot be read"):
        whole(path)


def whole_text(folder: Path) -> Decoded:
    (folder / "text").write_text(TABLE)
    return whole(folder / "text")


@pytest.mark.parametrize("size", [1000, 1 << 18, 1 << 24])
@pytest.mark.parametrize("last", [b"\n", b""])
def test_a_line_too_long_is_cut_out_and_keeps_its_number(tmp_path: Path, size: int, last: bytes) -> None:
    first, *others = TABLE.encode().splitlines(keepends=True)
    giant = b"x" * (3 << 20)
    path = tmp_path / "long"
    path.write_bytes(first + others[0] + giant + b"\n" + others[1] + giant + last)
    got = whole(path, size)
    assert got.positions["line"].to_list() == [2, 4]
    assert got.rejects.select("reason", "line").rows() == [("line_too_long", 3), ("line_too_long", 5)]


class Endless:
    """A line without an end, of which at most `high` bytes are ever held."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int) -> bytes:
        take = min(size, self.left, 1 << 16)
        self.left -= take
        return b"y" * take


def test_a_line_of_gigabytes_is_never_held() -> None:
    endless = Endless(200 << 20)
    got = list(blocks.cut(Stream("endless", endless.read), 1 << 20))
    assert endless.left == 0
    assert sum(len(b.data) for b in got) < 10
    assert [line for b in got for line, _ in b.long] == [1]


@tries(200)
@given(st.lists(st.integers(0, 40), max_size=30), st.integers(1, 60), st.integers(1, 9))
def test_cutting_loses_nothing(lengths: list[int], size: int, step: int) -> None:
    data = b"\n".join(b"a" * n for n in lengths)
    read = io.BytesIO(data)
    limit, blocks.MAX_LINE = blocks.MAX_LINE, 20
    try:
        got = list(blocks.cut(Stream("x", lambda n: read.read(min(n, step))), size))
    finally:
        blocks.MAX_LINE = limit
    expected = b"\n".join(b"" if n > 20 else b"a" * n for n in lengths)
    assert b"".join(b.data for b in got).rstrip(b"\n") == expected.rstrip(b"\n")
    assert [line for b in got for line, _ in b.long] == [i + 1 for i, n in enumerate(lengths) if n > 20]
    assert all(b.data.endswith(b"\n") for b in got[:-1])


def test_a_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "BOMB_BYTES", 1 << 20)
    for packing in ("zip", "zst"):
        path = tmp_path / packing
        path.write_bytes(PACKINGS[packing]((HEADER + "\n" * (64 << 20)).encode()))
        with pytest.raises(BadInput, match="1000 times"):
            whole(path)


def test_a_block_of_nothing_but_line_ends_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_text(HEADER + "x\n" * 1_200_000)
    parts = list(open_source(str(path), Options()).blocks(1 << 24))
    assert max(p.rejects.height for p in parts) <= blocks.MAX_LINES
    assert sum(p.rejects.height for p in parts) == 1_200_000


def test_working_ahead_passes_errors_and_stops_when_left() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise BadInput("broken")

    items = ahead(broken())
    assert next(items) == 1
    with pytest.raises(BadInput, match="broken"):
        next(items)

    closed = []

    def long() -> Iterator[int]:
        try:
            yield from range(1_000_000)
        finally:
            closed.append(True)

    endless = ahead(long())
    assert next(endless) == 0
    before = time.monotonic()
    endless.close()  # type: ignore[attr-defined]  # a generator
    assert closed and time.monotonic() - before < 5


@tries(80)
@given(st.binary(max_size=400), st.sampled_from(["", HEADER, "!AIVDM,1,1,,A,13mB7d001E1dDH0`KlKBjB?<0490,0*34\n"]))
def test_any_file_ends_as_rows_rejects_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, head: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz"
    path.write_bytes(head.encode() + data)
    try:
        got = whole(path, 64, Options(date_us=1_700_000_000_000_000))
    except BadInput as error:
        assert "\n" not in str(error)
    else:
        assert all(len(t) <= 200 and not set(t) & set(map(chr, range(32))) for t in got.rejects["text"])
