"""Draft texts for a person to send: a VHF call to a vessel, a navigational warning to everybody.

Nothing here is ever sent by the machine, and nothing accuses: the call gives facts and asks, the warning names
neither vessel nor asset. Phrases and markers: IMO SMCP, resolution A.918(22); shape of the warning: the Joint
IMO/IHO/WMO Manual on Maritime Safety Information, MSC.1/Circ.1310.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from anchorwatch.model import LEVELS, utc

STATION = "[YOUR STATION]"
KEEP_OFF_NM = 1  # usual in warnings about damaged cables; whoever sends the warning decides
MOST_HOURS = 72  # a warning that is to last longer is written by a person from the beginning

_ALPHABET = (
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliet Kilo Lima Mike November Oscar Papa Quebec Romeo"
    " Sierra Tango Uniform Victor Whisky X-ray Yankee Zulu zero one two three four five six seven eight nine"
)
_SPELLED = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", _ALPHABET.split(), strict=True))
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_THINGS = {
    "power_cable": "submarine power cable",
    "telecom_cable": "submarine cable",
    "pipeline": "submarine pipeline",
    "platform": "offshore platform",
    "wind_farm": "wind farm",
}
# What to ask, by kind of alert: the question that an innocent crew answers at once comes first.
_ANCHOR = ("Is your anchor clear of the water?", "Are you dragging anchor?", "Is your anchor cable secured?")
_STATE = ("What is your present course and speed?", "What are your intentions?")
_GEAR = ("Are you fishing?", "Is your fishing gear in contact with the seabed?")
_STOPPED = (
    "Do you have problems with your engine or steering gear?",
    "Are you at anchor?",
    "What are your intentions?",
)
_QUESTIONS = {
    "anchor_drag": (
        "What is the reason for your reduced speed?",
        "Do you have problems with your engine or steering gear?",
        *_ANCHOR,
        *_STATE,
    ),
    "anchored_on_asset": ("Are you at anchor?", "How long do you intend to stay in this position?"),
    "slow_crossing": ("What is the reason for your reduced speed?", *_ANCHOR, *_STATE),
    "trawling": (*_GEAR, "What are your intentions?"),
    "loitering": _STOPPED,
    "following_asset": ("What work do you carry out in this position?", *_STATE),
    "approach": (*_ANCHOR, *_STATE),
    "ais_gap": ("Is your AIS transponder working?", "What is your position?", *_STATE),
    "position_jump": ("What is your position?", "Do you have problems with your GNSS receiver?"),
    "identity_change": ("What is your call sign and IMO number?", "Is your AIS transponder set to the correct data?"),
    "rendezvous": ("Do you have another vessel alongside?", *_STATE),
    "zone_breach": _STATE,
}
_ADVICE = {
    "anchored_on_asset": "Tell us before you heave up anchor. The safety of your vessel comes first.",
    "trawling": "Keep your fishing gear clear of the seabed in this area.",
    "ais_gap": "Keep your AIS transponder switched on.",
}
_NOT_SEEN = {
    "ais_gap": "we received no AIS signal from your vessel",
    "position_jump": "the positions in your AIS signal were not possible",
}
_TAMPERING = frozenset({"anchor_drag", "anchored_on_asset", "slow_crossing", "loitering", "trawling", "approach"})


def vhf_call(alert: Mapping[str, Any], work: Mapping[str, Any] | None = None, *, station: str = STATION) -> str:
    """Return the draft of a call to the vessel of an alert (`anchorwatch.alert/1`; `work` as in the store)."""
    vessel = alert["vessel"]
    if not vessel["mmsi"]:
        return "DRAFT. There is no one vessel to call: this alert is about an area or a feed.\n"
    name = vessel_name(vessel)
    questions = _QUESTIONS.get(alert["kind"], _STATE)
    cause = alert["alternatives"][0] if alert["alternatives"] else None
    lines = [
        "DRAFT for a person to read out. Nothing has been sent. Check name, position and time first.",
        f"Vessel: {name}, MMSI {vessel['mmsi']}" + (f", call sign {_call_sign(vessel)}" if _call_sign(vessel) else ""),
        f"Seen: {_time(alert['start']):%Y-%m-%d %H:%M} to {_time(alert['end']):%Y-%m-%d %H:%M} UTC",
        f"Why: {_one_line(alert['explanation'])}",
        *([f"It may be innocent: {_one_line(cause['cause'])}."] if cause else []),
        *_already(work),
        "",
        "On VHF channel 16:",
        f"    {name}, {name}{_spelled_call_sign(vessel)}.",
        f"    This is {station}, {station}. Over.",
        "    (When answered) Change to VHF channel [..]. Over.",
        "",
        "On the working channel:",
        f"    {name}, this is {station}.",
        *(f"    {line}" for line in _facts(alert)),
        *(f"    QUESTION. {question}" for question in questions),
        *(f"    ADVICE. {line}" for line in (_ADVICE.get(alert["kind"]),) if line),
        "    Over.",
        "",
        # ITU Radio Regulations, article 57: three calls two minutes apart, then a pause of three minutes.
        "No answer: call three times, two minutes apart; then DSC to the MMSI, then the owner or agent.",
        "Write the answer down as it was given (radio). An answer does not close the alert: see what the vessel does.",
    ]
    return "\n".join(lines) + "\n"


def navigational_warning(
    alert: Mapping[str, Any], work: Mapping[str, Any] | None = None, *, now_us: int, hours: int = 24,
    sea: str = "BALTIC SEA",
) -> str:  # fmt: skip
    """Return the draft of a warning to all mariners, for the national coordinator to number and send.

    now_us: time of origin; hours: how long it is to stand, 1..72.
    """
    body = _subject(alert, (work or {}).get("disposition") == "confirmed_damage")
    if body is None:
        return "DRAFT. No warning is suggested: as it stands, other mariners need do nothing because of this alert.\n"
    until = utc(now_us) + timedelta(hours=max(1, min(hours, MOST_HOURS)))
    rough = any(a.get("geometry") == "schematic" for a in alert["assets"][:1])
    lines = [
        "DRAFT for the national coordinator of navigational warnings. Nothing has been sent.",
        "Set series, number and locality; check the place on the chart and decide how far and how long.",
        *(["The route of the asset is known only roughly here: take the place from its owner."] if rough else []),
        "",
        _group(utc(now_us)),
        "[SERIES] NAV WARN [NUMBER]",
        f"{_navtex(sea)}. [LOCALITY].",
        *body,
        f"CANCEL THIS MSG {_group(until)}.",
    ]
    return "\n".join(lines) + "\n"


def vessel_name(vessel: Mapping[str, Any]) -> str:
    """Return what to call a vessel by: its name in capitals, else its MMSI. The name comes from the air."""
    name = _navtex(str(vessel.get("name") or ""))[:40].strip()
    return name or f"MMSI {vessel['mmsi']}"


def _subject(alert: Mapping[str, Any], damaged: bool) -> list[str] | None:
    """Hazard, place and remarks of a warning; None where there is nothing to say to others."""
    place = alert["position"]
    if place is None:
        return None
    where = _navtex_place(place)
    if alert["kind"] == "interference_area":
        return [
            f"INTERFERENCE TO GNSS REPORTED IN VICINITY {where}.",
            "POSITIONS BY GNSS AND AIS MAY BE UNRELIABLE. VESSELS ADVISED TO USE OTHER MEANS OF NAVIGATION.",
        ]
    pressing = alert["level"] == LEVELS[-1] and alert["status"] != "withdrawn" and alert["kind"] in _TAMPERING
    if not alert["assets"] or not (damaged or pressing):
        return None
    thing = _thing(alert["assets"][0]).upper()
    head = f"{thing} REPORTED DAMAGED IN VICINITY {where}." if damaged else f"{thing} IN VICINITY {where}."
    return [head, f"VESSELS REQUESTED NOT TO ANCHOR, TRAWL OR DREDGE WITHIN {KEEP_OFF_NM} NM."]


def _facts(alert: Mapping[str, Any]) -> list[str]:
    """What was observed, and nothing that was concluded from it."""
    start, end = _time(alert["start"]), _time(alert["end"])
    when = f"Between {start:%H%M} UTC and {end:%H%M} UTC" if f"{start:%H%M}" != f"{end:%H%M}" else f"At {end:%H%M} UTC"
    facts, place = [], alert["position"]
    if alert["kind"] in _NOT_SEEN:  # then the place in the alert is not one where it was
        facts.append(f"INFORMATION. {when} {_NOT_SEEN[alert['kind']]}.")
    elif place is not None:
        spoken = f"{_degrees(place['lat'], 'North', 'South', 2)}, {_degrees(place['lon'], 'East', 'West', 3)}"
        facts.append(f"INFORMATION. {when} your vessel was near position {spoken}.")
    for asset in alert["assets"][:1]:
        facts.append(f"INFORMATION. {_thing(asset).capitalize()} in this area.")
    return facts


def _already(work: Mapping[str, Any] | None) -> list[str]:
    calls = (work or {}).get("radio", 0)
    return [f"Calls written down so far: {calls}. Read them first."] if calls else []


def _thing(asset: Mapping[str, Any]) -> str:
    return _THINGS.get(asset["kind"], "submarine installation")


def _call_sign(vessel: Mapping[str, Any]) -> str:
    return re.sub("[^A-Z0-9]", "", str(vessel.get("callsign") or "").upper())[:8]


def _spelled_call_sign(vessel: Mapping[str, Any]) -> str:
    sign = _call_sign(vessel)
    return ", call sign " + " ".join(_SPELLED[c] for c in sign) if sign else ""


def _navtex(text: str) -> str:
    """Capitals, figures and plain punctuation: all that NAVTEX and a name need."""
    return re.sub(r"[^A-Z0-9 .,'()/&+-]+", " ", text.upper()).strip()


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()


def _minutes(degrees: float) -> tuple[int, float]:
    """Whole degrees and minutes to a tenth: rounded first, so that no 60.0 minutes come out."""
    tenths = round(abs(degrees) * 600)
    return tenths // 600, tenths % 600 / 10


def _degrees(value: float, positive: str, negative: str, digits: int) -> str:
    whole, minutes = _minutes(value)
    return f"{whole:0{digits}d} degrees {minutes:04.1f} minutes {positive if value >= 0 else negative}"


def _navtex_place(place: Mapping[str, float]) -> str:
    (lat, lat_min), (lon, lon_min) = _minutes(place["lat"]), _minutes(place["lon"])
    south, west = place["lat"] < 0, place["lon"] < 0
    return f"{lat:02d}-{lat_min:04.1f}{'NS'[south]} {lon:03d}-{lon_min:04.1f}{'EW'[west]}"


def _group(moment: datetime) -> str:
    """Date-time group, e.g. `251026 UTC DEC 24`; month names do not follow the machine's language."""
    return f"{moment:%d%H%M} UTC {_MONTHS[moment.month - 1]} {moment:%y}"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
