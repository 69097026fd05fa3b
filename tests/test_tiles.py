"""The user's own charts: PMTiles archives, listed and sent in the ranges that their readers ask for; and depths."""

from __future__ import annotations

import gzip
import json
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from click.testing import CliRunner

from alerts_at_work import HOSTILE
from anchorwatch import cli
from anchorwatch.chart import Raster
from anchorwatch.console import depth_bytes
from anchorwatch.edges import tile_files
from anchorwatch.errors import BadInput
from api_room import Desk, desk_in
from test_ogc import served

SIZE = 5000


def archive(path: Path, said: Any = None, version: int = 3, kind: int = 1, bounds: tuple[float, ...] = (10, 54, 30, 66),
            zooms: tuple[int, int] = (0, 9), longer: int = 0, packed: int = 2) -> Path:  # fmt: skip
    """Write an archive with no tiles that would be understood, but a right header (PMTiles 3, section 3)."""
    text = json.dumps(said or {}).encode() if not isinstance(said, bytes) else said
    described = gzip.compress(text) if packed == 2 else text
    begin = 127 + len(described)
    places = (127, 0, 127, len(described), begin, 0, begin, SIZE - begin + longer, 1, 1, 1)
    corners = [round(b * 1e7) for b in bounds]
    head = struct.pack("<7sB11Q6B4iB2i", b"PMTiles", version, *places, 1, packed, 2, kind, *zooms, *corners, 0, 0, 0)
    assert len(head) == 127
    path.write_bytes((head + described).ljust(SIZE, b"\x5a"))
    return path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("charts")
    layers = [{"id": "DEPARE"}, {"id": "LNDARE"}, {"id": 7}, "x", {"id": "y" * 500}]
    archive(folder / "ENC Baltic.pmtiles", {"name": HOSTILE, "attribution": "The Office", "vector_layers": layers})
    archive(folder / "photo.pmtiles", kind=2, bounds=(0, 0, 0, 0))
    (folder / "secret.txt").write_text("no chart")
    with desk_in(tmp_path_factory.mktemp("room")) as opened:
        opened.room.tiles = tile_files.load([str(folder / "ENC Baltic.pmtiles"), str(folder / "photo.pmtiles")])
        yield opened


def test_charts_are_listed_with_what_they_say_of_themselves(desk: Desk) -> None:
    said = desk.get("/api/v1/tiles", "guest")
    first, second = said["tiles"]
    assert (first["name"], first["url"], first["format"]) == ("enc-baltic", "/tiles/enc-baltic.pmtiles", "mvt")
    assert (first["bounds"], first["min_zoom"], first["max_zoom"]) == ([10, 54, 30, 66], 0, 9)
    assert first["layers"] == ["DEPARE", "LNDARE"] and first["attribution"] == "The Office"
    assert "\x1b" not in first["title"] and "\u202e" not in first["title"]
    assert (second["title"], second["format"], second["layers"]) == ("photo", "png", [])
    assert second["bounds"] == [-180.0, -85.051128, 180.0, 85.051128]  # it says none
    assert said["depth"] is None


def test_two_files_of_one_name_are_two_charts(tmp_path: Path) -> None:
    paths = []
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
        paths.append(str(archive(tmp_path / folder / "Karta.pmtiles")))
    assert list(tile_files.load([*paths, str(archive(tmp_path / "\u6d77.pmtiles"))])) == [
        "karta", "karta-2", "karta-3", "chart"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-126", 0, 126), ("bytes=0-0", 0, 0), ("bytes=4990-", 4990, 4999), ("bytes=-7", 4993, 4999),
     ("bytes=-9999", 0, 4999), ("bytes=4000-999999999999999999", 4000, 4999), ("bytes= 5-9 ", 5, 9)],
)  # fmt: skip
def test_a_range_comes_alone(desk: Desk, asked: str, first: int, last: int) -> None:
    whole = desk.room.tiles["enc-baltic"].path.read_bytes()
    answer = desk.ask("GET", "/tiles/enc-baltic.pmtiles", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, whole[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["content-length"] == str(last - first + 1)
    assert answer.headers["content-type"] == "application/vnd.pmtiles"


@pytest.mark.parametrize(
    "asked", ["", "bytes=", "bytes=-", "bytes=9-5", "bytes=a-b", "bytes=0-1,5-6", "lines=0-5", "bytes=--5",
              "bytes=0-1;x", "bytes=\u0665-9", "bytes=" + "9" * 30 + "-"]
)  # fmt: skip
def test_of_a_range_that_makes_no_sense_and_of_several_all_comes(desk: Desk, asked: str) -> None:
    answer = desk.ask("GET", "/tiles/enc-baltic.pmtiles", headers={"Range": asked.encode()})
    assert (answer.status_code, len(answer.content)) == (200, SIZE)
    assert "content-range" not in answer.headers and answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=5000-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_behind_the_end_is_refused_with_the_length(desk: Desk, asked: str) -> None:
    answer = desk.ask("GET", "/tiles/enc-baltic.pmtiles", headers={"Range": asked})
    assert answer.status_code == 416 and answer.headers["content-range"] == f"bytes */{SIZE}"
    assert answer.json()["error"]["what"] == "the archive has 5000 bytes"


def test_a_changed_archive_has_another_tag_and_one_that_is_gone_is_said(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.pmtiles")
    with desk_in(tmp_path) as desk:
        desk.room.tiles = tile_files.load([str(path)])
        tag = desk.ask("GET", "/tiles/a.pmtiles").headers["etag"]
        part = {"Range": "bytes=0-9"}
        assert desk.ask("GET", "/tiles/a.pmtiles", headers={"If-None-Match": tag}).status_code == 304
        assert desk.ask("GET", "/tiles/a.pmtiles", headers=part | {"If-Range": tag}).status_code == 206
        os.utime(path, ns=(1, 1))
        changed = desk.ask("GET", "/tiles/a.pmtiles", headers=part | {"If-Range": tag})
        assert (changed.status_code, len(changed.content)) == (200, SIZE) and changed.headers["etag"] != tag
        path.unlink()
        assert desk.get("/tiles/a.pmtiles", status=503)["error"]["next"] == "Look at the disk."


@pytest.mark.parametrize(
    "name", ["secret.txt", "..%2fsecret.txt", "%2e%2e%2fENC%20Baltic", "ENC%20Baltic", "enc-baltic%00", "enc-baltic/x"]
)
def test_a_name_is_looked_up_and_never_a_path(desk: Desk, name: str) -> None:
    assert desk.ask("GET", f"/tiles/{name}.pmtiles").status_code in (400, 404)


def test_charts_are_for_those_who_may_read(desk: Desk) -> None:
    for path in ("/api/v1/tiles", "/tiles/enc-baltic.pmtiles", "/api/v1/depth"):
        assert desk.ask("GET", path, who="").status_code == 401
        assert desk.ask("GET", path, who="scraper").status_code == 403


def test_over_a_real_connection(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {desk.tokens['anna']}"}
    with served(desk) as url, httpx.Client(base_url=url, headers=headers) as client:
        answer = client.get("/tiles/enc-baltic.pmtiles", headers={"Range": "bytes=0-6"})
        assert (answer.status_code, answer.content) == (206, b"PMTiles")
        assert len(client.get("/tiles/enc-baltic.pmtiles").content) == SIZE


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda p: None, "no such file"),
    "folder": (lambda p: p.mkdir(), "no such file"),
    "empty": (lambda p: p.write_bytes(b""), "no PMTiles archive"),
    "other": (lambda p: p.write_bytes(b"SQLite format 3\0" * 20), "no PMTiles archive"),
    "short": (lambda p: p.write_bytes(b"PMTiles\x03" + b"\0" * 50), "or cut"),
    "old": (lambda p: archive(p, version=2), "PMTiles of version 2"),
    "cut": (lambda p: archive(p, longer=1), "the archive is cut"),
    "kind": (lambda p: archive(p, kind=99), "of a kind that is not known"),
    "zooms": (lambda p: archive(p, zooms=(9, 3)), "zooms make no sense"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path, what: str) -> None:
    make, said = BAD[what]
    path = tmp_path / "x.pmtiles"
    make(path)
    with pytest.raises(BadInput, match=said) as refused:
        tile_files.load([str(path)])
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("said", [b"no json", b"[" * 3000, b'{"vector_layers": {"id": 1}, "name": 5}', b"[]"])
def test_an_archive_that_says_nonsense_of_itself_is_shown_all_the_same(tmp_path: Path, said: bytes) -> None:
    for packed in (1, 2, 4):
        found = tile_files.load([str(archive(tmp_path / "a.pmtiles", said, packed=packed))])["a"]
        assert (found.title, found.layers) == ("a", ())


def test_the_command_takes_charts_and_says_which_is_none(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pmtiles"
    wrong.write_bytes(b"x")
    words = ["watch", "--feed", "tcp://127.0.0.1:1", "--data", str(tmp_path / "d"), "--tiles", str(wrong)]
    run = CliRunner().invoke(cli.root, words)
    assert isinstance(run.exception, BadInput) and str(wrong) in str(run.exception)  # main() says it in one line


# ---- depths


def a_raster(lon0: float = 20.0) -> Raster:
    """Depth is ten times the degrees north of 59, unknown in the last column."""
    lats = 59.0 + 0.1 * np.arange(11)
    values = np.repeat(((lats - 59.0) * 10.0)[:, None], 21, axis=1).astype(np.float32)
    values[:, -1] = np.nan
    return Raster(lon0, 59.0, 0.1, 0.1, values)


@pytest.fixture
def deep(desk: Desk) -> Iterator[Desk]:
    before = desk.room.chart
    desk.room.chart = replace(before, depth=a_raster())
    yield desk
    desk.room.chart = before


def test_depths_come_as_a_picture_for_a_web_map(deep: Desk) -> None:
    answer = deep.ask("GET", "/api/v1/depth?bbox=20,59,22,60&width=40")
    grid = depth_bytes.decode(answer.content)
    assert len(answer.content) == 48 + 2 * grid.depth_m.size
    assert np.allclose(grid.box, (20, 59, 22, 60))
    assert grid.depth_m.shape == (39, 40)  # a degree of latitude at 59.5 N is 1.97 of longitude on a web map
    rows = grid.depth_m[:, 0]
    assert (np.diff(rows) <= 0).all() and rows[0] > 9.8 and rows[-1] < 0.2  # the north first
    assert np.isnan(grid.depth_m[:, -1]).all() and not np.isnan(grid.depth_m[:, :38]).any()
    middle = np.degrees(
        np.arctan(np.sinh((np.arcsinh(np.tan(np.radians(60))) + np.arcsinh(np.tan(np.radians(59)))) / 2))
    )
    assert abs(rows[19] - (middle - 59) * 10) < 0.06  # rows are even in Mercator, not in degrees
    assert deep.get("/api/v1/tiles")["depth"] == pytest.approx([20, 59, 22, 60])


@pytest.mark.parametrize(
    ("lon0", "asked", "box"),
    [(20.0, "-180,-90,180,90", (20, 59, 22, 60)), (20.0, "21,58,40,59.5", (21, 59, 22, 59.5)),
     (179.0, "179.5,59,-179.5,60", (179.5, 59, 180.5, 60)), (179.0, "-179.5,59,-179,60", (180.5, 59, 181, 60)),
     (340.0, "-20,59,-19,60", (340, 59, 341, 60)), (20.0, "170,59,21,60", (20, 59, 21, 60))],
)  # fmt: skip
def test_a_box_is_cut_to_where_depths_are_known(desk: Desk, lon0: float, asked: str, box: tuple[float, ...]) -> None:
    before = desk.room.chart
    desk.room.chart = replace(before, depth=a_raster(lon0))
    try:
        answer = desk.ask("GET", f"/api/v1/depth?bbox={asked}&width=16")
        grid = depth_bytes.decode(answer.content)
        assert np.allclose(grid.box, box)
        assert (~np.isnan(grid.depth_m[:, 0])).all()
    finally:
        desk.room.chart = before


def test_where_there_are_no_depths_it_is_said(desk: Desk, deep: Desk) -> None:
    assert deep.get("/api/v1/depth?bbox=0,0,1,1", status=404)["error"]["what"] == "there are no depths in this box"
    for query in ("width=1", "width=5000", "width=x"):
        deep.get(f"/api/v1/depth?{query}", status=422)
    deep.get("/api/v1/depth?bbox=1,2,3", status=400)
    deep.get("/api/v1/depth?wide=3", status=400)
    assert len(deep.ask("GET", "/api/v1/depth?width=2048").content) < 2 * 2048 * 2048 + 100


def test_bytes_that_are_no_grid_are_refused() -> None:
    for wrong in (b"", b"AWDG", b"AWVS" + bytes(100), depth_bytes.encode(a_raster(), (20, 59, 21, 60), 8, 99) + b"x"):
        with pytest.raises(ValueError, match="no grid"):
            depth_bytes.decode(wrong)
