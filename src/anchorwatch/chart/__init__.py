"""Assets, zones, coast and depth, and the compiled kernels that measure distance to them."""

from __future__ import annotations

from anchorwatch.chart import grid as _grid
from anchorwatch.chart import rules as _rules
from anchorwatch.chart import zone_grid as _zone_grid
from anchorwatch.chart.assets import (
    ASSET_KINDS,
    ERROR_M,
    GEOMETRIES,
    Asset,
    Chart,
    Grid,
    Raster,
    Zone,
    ZoneGrid,
    no_raster,
    slug,
    unique_ids,
)
from anchorwatch.chart.catalogue import baltic
from anchorwatch.chart.crossing import crossings_one
from anchorwatch.chart.nearest import REACH_M, nearest, nearest_one
from anchorwatch.chart.raster import depth_at, shore_at, values_on
from anchorwatch.chart.shoreline import coast, shore
from anchorwatch.chart.zone_grid import zone_at, zones_at


def make(
    assets: tuple[Asset, ...],
    zones: tuple[Zone, ...] = (),
    depth: Raster | None = None,
    shoreline: Raster | None = None,
    warnings: tuple[str, ...] = (),
) -> Chart:
    """Return a chart with its grids built; the distance to shore comes with the package."""
    ruled = _rules.ruled(zones)
    return Chart(
        assets,
        zones,
        _grid.build(assets),
        _zone_grid.build(zones),
        depth if depth is not None else no_raster(),
        shoreline if shoreline is not None else shore(),
        ruled,
        _rules.build(ruled),
        warnings,
    )


__all__ = [
    "ASSET_KINDS",
    "ERROR_M",
    "GEOMETRIES",
    "REACH_M",
    "Asset",
    "Chart",
    "Grid",
    "Raster",
    "Zone",
    "ZoneGrid",
    "baltic",
    "coast",
    "crossings_one",
    "depth_at",
    "make",
    "nearest",
    "nearest_one",
    "no_raster",
    "shore",
    "shore_at",
    "slug",
    "unique_ids",
    "values_on",
    "zone_at",
    "zones_at",
]
