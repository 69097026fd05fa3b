"""Units and currencies as they are written, and what each is called in a record."""

from __future__ import annotations

import re

# Written form (a regular expression) -> unit of the record.
_UNITS: dict[str, str] = {
    r"percentage\spoints?": "percentage points",
    r"%|percent|per\s?cent|pct": "%",
    r"MW|megawatts?": "MW", r"GW|gigawatts?": "GW", r"kW|kilowatts?": "kW",
    r"TWh|terawatt[- ]hours?": "TWh", r"GWh|gigawatt[- ]hours?": "GWh", r"MWh|megawatt[- ]hours?": "MWh",
    r"kWh|kilowatt[- ]hours?": "kWh", r"kV|kilovolts?": "kV", r"Hz|hertz": "Hz", r"mHz|millihertz": "mHz",
    r"Tbit/s|Tbps|terabits?\sper\ssecond": "Tbit/s", r"Gbit/s|Gbps|gigabits?\sper\ssecond": "Gbit/s",
    r"(?:square\s(?:kilomet(?:er|re)s?|km)|km2|km²)": "km2", r"hectares?": "ha",
    r"(?:billion\s)?cubic\smet(?:er|re)s?|m3|m³": "m3", r"bcm": "bcm",
    r"km/h|kph|kilomet(?:er|re)s?\s(?:per|an)\shour": "km/h", r"m/s|met(?:er|re)s?\sper\ssecond": "m/s",
    r"nautical\smiles?|nm|NM|nmi": "nm", r"knots?|kn|kts?": "kn",
    r"km|kilomet(?:er|re)s?": "km", r"met(?:er|re)s?|m": "m", r"cm|centimet(?:er|re)s?": "cm",
    r"mm|millimet(?:er|re)s?": "mm", r"miles?": "miles", r"feet|foot|ft": "ft", r"inch(?:es)?": "in",
    r"tonnes?|tons?|metric\stons?|t": "tonnes", r"kg|kilograms?|kilos?": "kg", r"lit(?:er|re)s?": "l",
    r"barrels?": "barrels",
    r"°C|degrees?(?:\s(?:Celsius|Fahrenheit))?|°": "°",
    r"seconds?": "seconds", r"minutes?|mins?": "minutes", r"hours?|hrs?": "hours", r"days?": "days", r"weeks?": "weeks",
    r"months?": "months", r"years?|yrs?": "years", r"decades?": "decades",
}  # fmt: skip
_MONEY: dict[str, str] = {
    r"euros?|EUR|€": "EUR",
    r"(?:US\s|U\.S\.\s|American\s)?dollars?|USD|US\$|\$": "USD",
    r"(?:pounds?\ssterling|(?:British\s)?pounds?|GBP|£)": "GBP",
    r"Danish\s(?:kroner?|crowns?)|DKK": "DKK", r"Norwegian\s(?:kroner?|crowns?)|NOK": "NOK",
    r"Swedish\s(?:kron(?:or|a|er)|crowns?)|kronor|SEK": "SEK", r"Czech\s(?:crowns?|koruna)|koruny?|CZK": "CZK",
    r"kroner?|krone|krona|crowns?": "",  # whose, the rest of the text says
    r"(?:Polish\s)?(?:zlot(?:ys?|ies)|złot(?:ych|ys?))|PLN|zł": "PLN",
    r"(?:Ukrainian\s)?hryv?nias?|hryvnya|UAH|₴": "UAH", r"(?:Russian\s)?rou?bles?|RUB|₽": "RUB",
    r"(?:Swiss\s)?francs?|CHF": "CHF", r"(?:Japanese\s)?yen|JPY|¥": "JPY", r"(?:Chinese\s)?yuan|CNY": "CNY",
    r"forints?|HUF": "HUF", r"(?:Turkish\s)?liras?|TRY": "TRY", r"lei|RON": "RON", r"won|KRW": "KRW",
    r"Canadian\sdollars?|CAD|C\$": "CAD", r"Australian\sdollars?|AUD|A\$": "AUD",
}  # fmt: skip

DURATIONS = frozenset({"seconds", "minutes", "hours", "days", "weeks", "months", "years", "decades"})
CAPACITIES = frozenset({"MW", "GW", "kW", "TWh", "GWh", "MWh", "kWh", "kV", "Tbit/s", "Gbit/s", "m3", "bcm", "barrels"})
CURRENCIES = frozenset(_MONEY.values()) - {""}

BEFORE = r"(?:US\$|A\$|C\$|[€$£¥₴₽]|(?:EUR|USD|GBP|DKK|NOK|SEK|PLN|UAH|CHF|CZK))"
_ALL = sorted([*_UNITS, *_MONEY], key=len, reverse=True)
# Short forms are as case-sensitive as physics: mHz is not MHz.
AFTER = rf"(?:(?:\s?|-)(?:{'|'.join(f'(?:{one})' for one in _ALL)})(?![^\W_]))"
_NAMED = [(re.compile(rf"(?:{form})\Z"), name) for form, name in {**_UNITS, **_MONEY}.items()]
_known: dict[str, str] = {}

KRONER_WITHIN = 2000  # characters from the beginning in which a country is looked for
_GDP = re.compile(
    r"\s{0,3}of\s(?:(?:its|their|the|our|national|annual|own|country\u2019s|country's)\s){0,3}"
    r"(?:GDP|gross\sdomestic\sproduct|GNP|GNI|gross\snational\s(?:product|income))\b"
)
_WHOSE_KRONER = re.compile(
    r"(?P<NOK>\b(?:Norw|Oslo|Storting|Støre))|(?P<DKK>\b(?:Danish|Denmark|Copenhagen|Danes))"
    r"|(?P<SEK>\b(?:Swed|Stockholm|Riksdag))|(?P<CZK>\b(?:Czech|Prague))|(?P<ISK>\b(?:Iceland|Reykjav))"
)


def unit_of(written: str) -> str:
    """Return the unit's name in a record; "" for kroner and crowns of nobody."""
    key = written.strip(" \t\r\n\u00a0\u202f-")
    if key not in _known:
        name = next((name for form, name in _NAMED if form.match(key)), None)
        if name is None:
            return key
        if len(_known) < 1000:
            _known[key] = name
    return _known[key]


def gdp_end(text: str, at: int) -> int:
    """Return where " of GDP" that begins at `at` ends, or `at` where there is none."""
    match = _GDP.match(text, at)
    return match.end() if match else at


def whose_kroner(text: str, written: str) -> str | None:
    """Return the currency that "kroner" or "crowns" mean here: of the first country of such money in the text."""
    theirs = (
        ("NOK", "DKK") if "kron" in written and not written.endswith("kronor") else ("NOK", "DKK", "SEK", "CZK", "ISK")
    )
    named = [match.lastgroup for match in _WHOSE_KRONER.finditer(text, 0, KRONER_WITHIN)]
    return next((name for name in named if name in theirs), named[0] if named else None)
