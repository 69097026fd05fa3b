"""`anchorwatch chart`: import, list and show the assets to protect."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from anchorwatch.chart import Asset, Chart

FILES = click.option(
    "--assets",
    "files",
    multiple=True,
    metavar="FILE",
    help="Your own assets; without it the built-in Baltic catalogue.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
WIDEST = 120


@click.group()
def command() -> None:
    """Import, list and show the assets to protect."""


@command.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--out", required=True, metavar="PATH", help="Ends in .geojson or .gpkg.")
@click.option("--quiet", is_flag=True, help="Print nothing on stderr.")
def import_(files: tuple[str, ...], out: str, quiet: bool) -> None:
    """Read charts of cables, pipelines and zones, and write them as one file for `scan --assets`.

    Reads GeoJSON, GeoPackage, Shapefile, KML, S-57 and CSV points (cable_id,point_order,lat,lon), with the
    names of OpenStreetMap, EMODnet or our own. What was repaired or left out is said on stderr.
    """
    from anchorwatch.edges import chart_files, chart_writing

    chart = chart_files.load(list(files))
    chart_writing.write(chart, out)
    if not quiet:
        for note in chart.warnings:
            click.echo(f"note: {note}", err=True)
        click.echo(f"{len(chart.assets)} assets and {len(chart.zones)} zones written to {out}", err=True)


@command.command("list")
@FILES
@JSON
def list_(files: tuple[str, ...], as_json: bool) -> None:
    """List the assets, and how far each route can be trusted."""
    chart = _chart(files, as_json)
    if as_json:
        click.echo(json.dumps([_short(a) for a in chart.assets], ensure_ascii=False, indent=1))
        return
    click.echo("\n".join(_table(chart, min(WIDEST, shutil.get_terminal_size((100, 24)).columns))))


@command.command()
@click.argument("asset_id", metavar="ID")
@FILES
@JSON
def show(asset_id: str, files: tuple[str, ...], as_json: bool) -> None:
    """Show all that is known of one asset."""
    from anchorwatch.edges import chart_writing
    from anchorwatch.errors import BadUse

    chart = _chart(files, as_json)
    if asset_id not in chart.index:
        near = [a.id for a in chart.assets if asset_id.lower() in (a.id + " " + a.name).lower()][:5]
        hint = f"Did you mean {', '.join(near)}?" if near else "`anchorwatch chart list` shows the ids"
        raise BadUse(f"no asset {asset_id}", "", hint)
    asset = chart.asset(asset_id)
    if as_json:
        features = chart_writing.of_asset(asset)
        click.echo(json.dumps({**_short(asset), "geometry": [f["geometry"] for f in features]}, ensure_ascii=False))
        return
    click.echo("\n".join(_page(asset)))


def _chart(files: tuple[str, ...], quiet: bool) -> Chart:
    """Return the chart; its notes go to stderr."""
    from anchorwatch.edges import chart_files

    chart = chart_files.load(list(files))
    for note in () if quiet else chart.warnings:
        click.echo(f"note: {note}", err=True)
    return chart


def _short(asset: Asset) -> dict[str, Any]:
    """Return an asset without its geometry."""
    from anchorwatch.edges import chart_writing

    return {**chart_writing.said_of(asset), "endpoints": list(asset.endpoints), "drawn_km": _drawn_km(asset)}


def _drawn_km(asset: Asset) -> float | None:
    """Return the length of the route on the chart."""
    from anchorwatch.chart import geodesy

    return round(geodesy.length_km(asset.lines), 1) if asset.lines else None


def _table(chart: Chart, width: int) -> list[str]:
    """Return the list, one asset a line, as wide as the terminal."""
    wide = width >= 100  # below that there is no room for the capacity
    ids = min(max((len(a.id) for a in chart.assets), default=2), 28 if wide else 24)
    names = max(14, width - ids - (53 if wide else 37))
    room = 14 if wide else 0
    lines = [_row(("ID", "NAME", "KIND", "CAPACITY", "KM", "ROUTE"), ids, names, room)]
    for a in chart.assets:
        km = _drawn_km(a)
        length, error = f"{km:.0f}" if km is not None else "", f"± {a.error_m / 1000:.3g} km"
        lines.append(_row((a.id, a.name, a.kind.replace("_", " "), a.capacity, length, error), ids, names, room))
    kinds = sorted({a.kind for a in chart.assets})
    counts = ", ".join(f"{sum(a.kind == k for a in chart.assets)} {k.replace('_', ' ')}" for k in kinds)
    lines.append(f"\n{len(chart.assets)} assets: {counts}; {len(chart.zones)} zones.")
    if any(a.geometry == "schematic" for a in chart.assets):
        lines.append(
            "ROUTE says how far the true route may be from the drawn one; schematic routes are kilometres off."
        )
    return lines


def _row(cells: tuple[str, ...], ids: int, names: int, room: int) -> str:
    """Return one line of the list."""
    name, title, kind, capacity, km, error = cells
    middle = f"  {_cut(capacity, room):{room}}" if room else ""
    return f"{_cut(name, ids):{ids}}  {_cut(title, names):{names}}  {kind:15}{middle} {km:>6}  {error:>9}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _page(asset: Asset) -> list[str]:
    """Return all that is known of one asset, one fact a line."""
    km = _drawn_km(asset)
    facts = (
        ("name", asset.name),
        ("kind", asset.kind.replace("_", " ")),
        ("owner", asset.owner),
        ("capacity", asset.capacity),
        ("from, to", " - ".join(asset.endpoints)),
        ("in use since", str(asset.year or "")),
        ("length", f"{asset.length_km:g} km as published" if asset.length_km else ""),
        ("drawn", f"{km:g} km in {len(asset.lines)} part(s)" if km is not None else ""),
        ("places", "; ".join(f"{lon:.4f} E {lat:.4f} N" for lon, lat in asset.points)),
        ("route", f"{asset.geometry}, true route within {asset.error_m / 1000:g} km of it"),
        ("releasability", asset.releasability),
        ("source", asset.source),
    )
    return [asset.id, *(f"  {label + ':':16}{value}" for label, value in facts if value)]
