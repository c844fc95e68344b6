"""A number in a cell as the spreadsheet shows it: 0.25 as 25%, 40000 as 6 July 2009, 1234.5 as 1,234.50.

Dates are written with the name of their month, for 3/4/2009 is one day in London and another in New York.
"""

import datetime
import re

BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "d/m/yyyy"},
    **{15: "d/m/yy", 16: "d/m", 17: "m/yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "d/m/yy h:mm"},
    **dict.fromkeys((37, 38), "#,##0;(#,##0)"),
    **dict.fromkeys((39, 40, 43, 44), "#,##0.00;(#,##0.00)"),
    **dict.fromkeys((41, 42), "#,##0;(#,##0)"),
    **{45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0"},
    **dict.fromkeys((*range(27, 32), 36, *range(50, 59)), "yyyy/m/d"),  # Chinese, Japanese and Korean dates
    **dict.fromkeys((32, 33, 34, 35), "h:mm"),
}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<elapsed>[hms]+)\]|\[[^\]]*\]'
    r"|(?P<clock>am/pm|a/p)|(?P<general>general)|(?P<time>y+|m+|d+|h+|s+|e+(?![+-]))"
    r"|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+)(?P<power>e[+-]0+)?|(?P<percent>%)|(?P<other>.)",
    re.I | re.S,
)
_SECTIONS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*\Z)')  # for positive numbers, negative ones, zero, text
_TIMES = ("time", "elapsed")
_LONGEST_CODE = 300  # characters; Excel allows 255
_MOST_PLACES = 15
_LAST_DAY = 2958465  # 31 December 9999


def shown(value: float, code: str, *, from_1904: bool = False) -> str:
    """The number as its format shows it; "" where the format hides it.

    >>> shown(0.256, "0.0%"), shown(41757, "d mmm yyyy"), shown(-1234.5, '#,##0.00 "km"'), shown(0.1 + 0.2, "General")
    ('25.6%', '28 April 2014', '-1,234.50 km', '0.3')
    """
    sections = _SECTIONS.split(code[:_LONGEST_CODE])
    which = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    parts = list(_PART.finditer(sections[which]))
    if is_date(code):
        if not 0 <= value <= _LAST_DAY:
            return _general(value)
        return _date(value, [part[0].lower() for part in parts if part.lastgroup in _TIMES], from_1904)
    places = sum(part["digits"] is not None for part in parts)  # fractions and telephone numbers have several
    if places > 1 or (not places and any(part["general"] or part["other"] == "@" for part in parts)):
        return _general(value)
    return _number(abs(value) if which == 1 else value, parts)


def is_date(code: str) -> bool:
    """Does the format show a date or a time?"""
    first = _SECTIONS.split(code[:_LONGEST_CODE])[0]
    return any(part.lastgroup in _TIMES for part in _PART.finditer(first))


def _general(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.10g}"


def _number(value: float, parts: list[re.Match[str]]) -> str:
    """The digits in their place among the words and signs round them."""
    value *= 100 ** sum(part.lastgroup == "percent" for part in parts)
    digits = next((_digits(value, part) for part in parts if part["digits"]), "")
    said = "".join(digits if part["digits"] else "".join(filter(None, part.groups())) for part in parts)
    return ("-" if value < 0 and digits.strip("0.,") else "") + said.strip()


def _digits(value: float, part: re.Match[str]) -> str:
    whole, _, fraction = part["digits"].partition(".")
    places, least = min(len(fraction), _MOST_PLACES), fraction.count("0")
    if part["power"]:
        return f"{abs(value):.{places}E}"
    scale = 1000.0 ** (len(whole) - len(whole.rstrip(",")))
    comma = "," if "," in whole.strip(",") else ""
    before, _, after = f"{abs(value) / scale:{comma}.{places}f}".partition(".")
    after = after[:least] + after[least:].rstrip("0")
    return before.rjust(whole.count("0"), "0") + (f".{after}" if after else "")


def _date(value: float, names: list[str], from_1904: bool) -> str:
    """What the format asks of the day and of the clock; `names` are its letters: "d", "mmm", "yyyy", "h", "mm"."""
    letters = [name.strip("[]")[0] for name in names]
    round_it = list(zip(["", *letters], letters, [*letters[1:], ""], strict=False))
    months = [now == "m" and before != "h" and after != "s" for before, now, after in round_it]
    seconds = round(value * 86400)
    if any(name.startswith("[") for name in names):  # time that has gone by
        return f"{seconds // 3600}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if "s" in letters else "")
    first = datetime.datetime(1904, 1, 1) if from_1904 else datetime.datetime(1899, 12, 30 if value >= 60 else 31)
    moment = first + datetime.timedelta(seconds=seconds)
    said = [str(moment.day)] if "d" in names or "dd" in names else []
    said += [_MONTHS[moment.month - 1]] if any(months) else []
    said += [str(moment.year)] if set(letters) & {"y", "e"} else []
    said += [f"{moment:%H:%M:%S}" if "s" in letters else f"{moment:%H:%M}"] if set(letters) & {"h", "s"} else []
    return " ".join(said) or f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
