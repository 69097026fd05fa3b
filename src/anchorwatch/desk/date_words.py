"""The words of dates, as regular expressions and as numbers."""

from __future__ import annotations

MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
}  # fmt: skip
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}

MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?"
    r"|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER"
    r"|(?:JAN|FEB|MAR|APR|JUN|JUL|AUG|SEP|OCT|NOV|DEC)\b)"
)
WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
SEASON = r"(?:[Ss]pring|[Ss]ummer|[Aa]utumn|fall|[Ww]inter)"
YEAR = r"(?:(?:1[89][0-9]{2}|20[0-9]{2}|2100|9999|0000)(?![0-9%]|,[0-9]|\.[0-9]))"
DAY = r"(?:(?:3[0-9]|[12][0-9]|0?[0-9])(?:st|nd|rd|th)?(?![0-9%:]|\.[0-9]))"
COUNT = (
    r"(?:[0-9]{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty"
    r"|thirty|several|(?:a\s)?few|a\scouple\sof)"
)
GRAIN = r"(?:minute|hour|day|week|month|quarter|year|decade|night|weekend|century)"
EDGE = r"(?:(?:very\s)?(?:end|beginning|start|middle|close|turn|eve|(?:first|second)\shalf)\sof\s(?:the\s)?)"
EARLY = r"(?:(?:early|late|mid)[- ](?:in\s)?)"
# "can do it in two years" says how long it takes, "will do it in two years" when.
ABLE = r"\b(?:able|can|could|capable|possible|manag\w+|enough)\b[^.;]{0,90}\Z"
