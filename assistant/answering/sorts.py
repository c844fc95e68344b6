"""The sort of thing that a question after a fact wants (a date, a number, money ...), and whether a sentence has it."""

import re
from typing import Literal

from assistant.query.words import MONTHS, stem, stems

Sort = Literal["date", "count", "share", "money", "resolution", "vote", "name"]

DATE = re.compile(rf"\b(?:1[89]|20)\d\d\b|\b\d{{1,2}} (?:{'|'.join(MONTHS)})\b")
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|million|billion|half"
    "|nobody|none"
)
_NUMBER = rf"(?:\d[\d,.]*|{_NUMBER_WORDS})(?:-\w+)?"
_COUNT = re.compile(rf"\b{_NUMBER}\b", re.IGNORECASE)
_ADJECTIVES = "new|old|former|women|female|police|civilian|armed|local|good|other|different|foreign|national"
_COUNTED = re.compile(rf"how (?:many|much) (?:of (?:the|its|their) )?(?:(?:{_ADJECTIVES}) )*(?P<noun>[\w-]+)")
_SYMBOL = re.compile(
    r"\b[A-Z]+(?:/[\w.]+)+(?: \(\d{4}\))?|\b(?:resolutions?|orders?|number|rule|article) \d+", re.IGNORECASE
)
_HOLDS: dict[Sort, re.Pattern[str]] = {
    "date": DATE,
    "count": _COUNT,
    "share": re.compile(r"\d ?%|\bper ?cent\b|\b(?:half|a (?:third|quarter|fifth|tenth)|two thirds|majority)\b", re.I),
    "money": re.compile(r"[$€£]|\b(?:dollars?|euros?|francs?|pounds?|US\$|EUR|USD)(?!\w)", re.IGNORECASE),
    "resolution": re.compile(r"\bresolutions? \d|S/RES/"),
    "vote": re.compile(r"\b(?:vot(?:e[sd]?|ing)|veto\w*|unanim\w+|referend\w+|abstain\w*)\b", re.IGNORECASE),
    "name": re.compile(r"(?<=\s)[A-Z][\w’'-]+"),
}
_ASKS: tuple[tuple[Sort, re.Pattern[str]], ...] = (
    (
        "date",  # but not "when is a plot of land of no use?"
        re.compile(
            r"(?:\w+ )?when (?:did|was|were|had|has|have|will)\b|(?:since|until|till|by|from) when\b"
            r"|(?:\w+ )?(?:what|which)(?: was the| is the)? (?:year|date|day|month)\b"
        ),
    ),
    ("share", re.compile(r".*\b(?:per ?cent|percentage|share of|proportion)\b")),
    (
        "money",
        re.compile(
            r"how much (?:money|did .*\bcost|does .*\bcost|was paid|pay)\b|what (?:did|does) .*\bcost\b"
            r"|.*\b(?:exchange rate|wages?|salary|salaries|price|budget of)\b"
        ),
    ),
    (
        "count",
        re.compile(
            r"(?:\w+ )?how (?:many|much|large|big|strong|long|old|often)\b|(?:what|which)\b.*\b(?:number|size) of\b"
        ),
    ),
    ("vote", re.compile(r".*\b(?:voted|votes?|veto\w*|by what majority|referendum)\b")),
    ("resolution", re.compile(r"(?:\w+ )?(?:which|what) (?:(?!does|did|do\b)\w+ ){0,2}resolution")),
    ("name", re.compile(r"(?:\w+ )?(?:who|whom|whose|which|where)\b")),
)


def asked_sort(asking: str) -> Sort | None:
    """The sort of thing that a clause asks for; None where no single thing will do.

    >>> asked_sort("Until when was he there?"), asked_sort("Why did it fail?")
    ('date', None)
    """
    return next((sort for sort, pattern in _ASKS if pattern.match(asking.casefold())), None)


def holds(sort: Sort, line: str) -> bool:
    """Whether a sentence holds a thing of that sort; for a count, a number that is no date and no symbol.

    >>> holds("count", "Resolution 2151 of 2014 counts nothing."), holds("count", "About 7,000 came.")
    (False, True)
    """
    return bool(_HOLDS[sort].search(_SYMBOL.sub("", DATE.sub("", line)) if sort == "count" else line))


def counts_what_is_asked(asking: str, line: str) -> bool:
    """Whether a sentence counts the very thing that a clause asks the number of: "about 7,000 officers"."""
    counted = _COUNTED.search(asking.casefold())
    if counted is None:
        return False
    rest = DATE.sub("", line)
    found = re.finditer(rf"\b{_NUMBER}((?:\s+[\w’'-]+){{1,4}})", rest, re.IGNORECASE)
    return any(stem(counted["noun"]) in stems(match[1]) for match in found)


def values(sort: Sort, line: str) -> frozenset[str]:
    """The things of a sort that a sentence gives, as written: years for a date, else numbers that are no date.

    >>> sorted(values("count", "By 2006 some 3,500 to 5,000 served."))
    ['3,500', '5,000']
    """
    if sort == "date":
        return frozenset(re.findall(r"\b(?:1[89]|20)\d\d\b", line))
    return frozenset(match[0].casefold().rstrip(".,") for match in _COUNT.finditer(_SYMBOL.sub("", DATE.sub("", line))))


def number_of(symbol: str) -> str:
    """The number by which a text calls a document: that of "S/RES/2151" is "2151"."""
    return re.findall(r"[\d.]+", symbol)[-1] if re.search(r"\d", symbol) else symbol
