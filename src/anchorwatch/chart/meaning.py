"""What a feature of somebody's map is to us: kind, name, owner, capacity, from the properties it carries.

Understood: OpenStreetMap tags (and seamark:*), EMODnet Human Activities, S-57 object classes (as layer
names), and our own names, which come first.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from anchorwatch import schema
from anchorwatch.chart.assets import ASSET_KINDS

Said = dict[str, Any]


class Feature(NamedTuple):
    """One feature of a file: a shapely shape in WGS84, lon before lat, and what is said of it."""

    shape: Any
    said: Said  # keys in lower case
    layer: str
    number: int  # in its layer, from 1


# Names of layers: object classes of S-57, and EMODnet's.
ASSET_LAYERS = {
    "pipsol": "pipeline",
    "pipare": "pipeline",
    "ofsplf": "platform",
    "pcables": "power_cable",
    "contiscables": "telecom_cable",
    "sigcables": "telecom_cable",
    "pipelines": "pipeline",
    "platforms": "platform",
    "windfarmspoly": "wind_farm",
}
ZONE_LAYERS = {
    "achare": "anchorage",
    "achbrt": "anchorage",
    "tsslpt": "lane",
    "tsezne": "lane",
    "tssbnd": "lane",
    "tsscrs": "lane",
    "tssron": "lane",
    "twrtpt": "lane",
    "dwrtpt": "lane",
    "fairwy": "lane",
    "rctlpt": "lane",
    "pilbop": "pilot_station",
    "hrbare": "port",
    "hrbfac": "port",
    "docare": "port",
    "mipare": "exercise_area",
    "fshgrd": "fishing_ground",
    "resare": "control_zone",
    "ctsare": "control_zone",
}
SEAMARK_ZONES = {
    "anchorage": "anchorage",
    "anchor_berth": "anchorage",
    "separation_lane": "lane",
    "separation_zone": "lane",
    "separation_boundary": "lane",
    "separation_line": "lane",
    "separation_crossing": "lane",
    "separation_roundabout": "lane",
    "two-way_route": "lane",
    "recommended_traffic_lane": "lane",
    "fairway": "lane",
    "pilot_boarding": "pilot_station",
    "harbour": "port",
    "harbour_basin": "port",
    "dock": "port",
    "military_area": "exercise_area",
    "fishing_facility": "fishing_ground",
    "restricted_area": "control_zone",
}
OTHER_NAMES = {"gas_pipeline": "pipeline", "oil_pipeline": "pipeline", "cable": "", "fibre": "telecom_cable"}
NOT_BUILT = ("planned", "approved", "dismantled", "proposed", "abandoned", "decommissioned")
POWER_CATEGORIES = ("power", "transmission", "1", "3")  # words of OpenStreetMap, CATCBL of S-57
TELECOM_CATEGORIES = ("telephone", "telegraph", "optical", "fibre_optic", "4", "5")


def text(said: Said, *names: str) -> str:
    """Return the first of these properties that says something."""
    for name in names:
        value = said.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # GDAL gives whole numbers as floats where some are missing
        if value is not None and value == value and str(value).strip() not in ("", "None", "nan", "[]"):
            return str(value).strip()
    return ""


def number(said: Said, *names: str) -> float | None:
    """Return the first of these properties that is a number above 0 (EMODnet writes 0 for unknown)."""
    for name in names:
        found = re.match(r"\s*(\d+(?:\.\d+)?)", text(said, name))
        if found and float(found[1]) > 0:
            return float(found[1])
    return None


def asset_kind(feature: Feature) -> str:
    """Return one of ASSET_KINDS, or "" for what is not an asset."""
    said, layer = feature.said, feature.layer.lower().split(":")[-1]
    own = text(said, "kind", "asset_kind").lower()
    if own in ASSET_KINDS or OTHER_NAMES.get(own):
        return OTHER_NAMES.get(own, own)
    if is_zone(feature) or text(said, "location").lower() in ("overhead", "overground"):
        return ""
    if text(said, "seamark:type") in ("cable_submarine", "cable_area") or layer in ("cblsub", "cblare"):
        return _cable(said)
    by_tag = (
        (text(said, "man_made") == "pipeline", "pipeline"),
        (text(said, "communication") in ("line", "cable") or text(said, "telecom") in ("line", "cable"), TELECOM),
        (text(said, "power") in ("cable", "minor_cable"), "power_cable"),
        (text(said, "seamark:type") in PIPES, "pipeline"),
        (text(said, "man_made") == "offshore_platform" or text(said, "seamark:type") == "platform", "platform"),
        (text(said, "n_turbines", "type_inst") != "" or "windfarm" in layer, "wind_farm"),
        (text(said, "power") in ("plant", "substation"), "energy_facility"),
    )
    for applies, kind in by_tag:
        if applies:
            return kind
    for part, of_layer in ASSET_LAYERS.items():
        if part in layer:
            return of_layer
    if re.fullmatch(r"[A-Z]{6}|[A-Z]_[A-Z]{4}", feature.layer):
        return ""  # another object class of S-57: depth contours, coasts
    lines = feature.shape is not None and feature.shape.geom_type in ("LineString", "MultiLineString")
    return _by_name(said) if lines and not foreign(said) else ""


TELECOM = "telecom_cable"
PIPES = ("pipeline_submarine", "pipeline_area")


def foreign(said: Said) -> bool:
    """Tell lines that clearly mean something else: boundaries, coasts, roads, power lines in the air."""
    return any(key in said for key in ("boundary", "admin_level", "natural", "highway", "waterway", "country")) or text(
        said, "power"
    ) in ("line", "minor_line")


def _cable(said: Said) -> str:
    """Return the kind of a charted cable by its category; mooring chains are none of ours."""
    category = text(said, "seamark:cable_submarine:category", "seamark:cable_area:category", "catcbl").lower()
    if category in POWER_CATEGORIES or "power" in said or "voltage" in said:
        return "power_cable"
    if category in TELECOM_CATEGORIES or "communication" in said:
        return TELECOM
    if category in ("mooring", "6", "ferry"):
        return ""
    return _by_name(said)


def _by_name(said: Said) -> str:
    """Return the kind of a line that says no kind, by the words of its name; else a telecom cable."""
    words = text(said, "name", "seamark:name", "objnam", "description").lower()
    if re.search(r"pipe|gas|nord stream|oil", words):
        return "pipeline"
    if re.search(r"hvdc|power|[kmg]v\b|[kmg]w\b|\bnordbalt\b|\bestlink\b|interconnector", words):
        return "power_cable"
    return TELECOM


def is_zone(feature: Feature) -> bool:
    """Tell whether a feature is an area with a meaning."""
    return zone_kind(feature) != "" and text(feature.said, "kind") not in ASSET_KINDS


def zone_kind(feature: Feature) -> str:
    """Return one of schema.ZONE_KINDS, or "" for what is not a zone."""
    said, layer = feature.said, feature.layer.lower().split(":")[-1]
    own = text(said, "zone_kind", "zone").lower()
    if own in schema.ZONE_KINDS:
        return own
    if text(said, "kind").lower() in set(schema.ZONE_KINDS) - {"wind_farm"}:
        return text(said, "kind").lower()
    if text(said, "seamark:type") in SEAMARK_ZONES:
        return SEAMARK_ZONES[text(said, "seamark:type")]
    if text(said, "landuse") in ("port", "harbour") or text(said, "industrial") == "port" or "harbour" in said:
        return "port"
    if text(said, "landuse", "military") in ("military", "danger_area", "range", "training_area"):
        return "exercise_area"
    ruled = any(key.startswith("rule_") and text(said, key) for key in said)
    return ZONE_LAYERS.get(layer, "control_zone" if ruled else "")


def not_built(said: Said) -> bool:
    """Tell things that are only planned, or gone."""
    return text(said, "status", "state").lower() in NOT_BUILT


def name(said: Said) -> str:
    """Return what people call it, "" if it has no name."""
    return text(said, "name", "seamark:name", "objnam", "cable_name", "cable_id", "loc_name", "seamark:anchorage:name")


def reference(said: Said) -> str:
    """Return its short mark, with the owner, whose marks they are."""
    ref = text(said, "ref", "designation", "local_ref")
    return f"{ref} ({owner(said)})" if ref and owner(said) else ref


def owner(said: Said) -> str:
    """Return its owner or operator."""
    return text(said, "owner", "operator", "owners")


def capacity(said: Said) -> str:
    """Return its capacity in words."""
    rated = text(said, "capacity", "rating")
    if rated:
        return rated
    megawatts, volts = number(said, "power_mw"), text(said, "voltage")
    if megawatts:
        return f"{megawatts:g} MW"
    kilovolts = sorted({int(v) // 1000 for v in re.findall(r"\d{4,7}", volts)})
    return " and ".join(f"{kv} kV" for kv in kilovolts)


def year(said: Said) -> int | None:
    """Return the year in which it went into use."""
    found = re.search(r"\b(1[89]\d\d|20\d\d)\b", text(said, "year", "start_date", "rfs", "year_inst"))
    return int(found[1]) if found else None


def own_id(said: Said) -> str:
    """Return an id of our own kind (`estlink-2`); row numbers and keys of other systems are not one."""
    found = text(said, "asset_id", "id")
    return found if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found) and not found.isdigit() else ""


def source_id(feature: Feature) -> str:
    """Return the id that the source gave it, "" if none."""
    return text(feature.said, "id", "osm_id", "@id", "cable_id", "lnam", "gml_id", "fid").replace("/", "-")
