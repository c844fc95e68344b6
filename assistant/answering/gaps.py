"""What a question names that nothing quoted has: the sign of a near miss, where text close by does not answer.

Only signals that harmed no answer, or hardly any, on the dev cases: the sort of thing asked for (no number for "how
many"), a year, a country, a name of several words. Cities and acronyms are no signal: documents call them otherwise
("Brussels" for the European Union).
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale

from assistant.answering.excerpts import Excerpt
from assistant.answering.sorts import Sort, asked_sort, holds, number_of
from assistant.query.words import stems
from assistant.records import Query

if TYPE_CHECKING:
    from assistant.library import Library

# A year that is one end of a stretch ("after 1999", "2011-2013") need not stand in the answer.
_EXACT_YEAR = re.compile(
    r"(?<!after )(?<!since )(?<!before )(?<!until )(?<!around )(?<!by )(?<!from )(?<![\d/.(–-])"
    r"\b(?:19|20)\d\d\b(?![\d/)–-]| to | and )",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d(?:[\d,.]*\d)?")
_NEAR_BEST = 1.0  # how much less good than the best excerpt one may be that has the sort asked for
_NAME_OF_WORDS = re.compile(r"(?<=[\w,;:] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})+")
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # codes of groups and of none


def lacks_what_is_asked(query: Query, chosen: Sequence[Excerpt], around: str, library: "Library") -> bool:
    """Whether what is quoted lacks the sort, year, country or name in the question.

    `around`: titles, places and sections of what is quoted.
    """
    best = max(excerpt.score for excerpt in chosen)
    lines = [" ".join(excerpt.text.split()) for excerpt in chosen if excerpt.score >= best - _NEAR_BEST]
    sort = asked_sort(query.text)
    if sort not in (None, "name") and not any(holds(sort, _said_anew(query, sort, line)) for line in lines):
        return True
    if sort == "vote" and any(
        not any(number_of(symbol) in line and holds(sort, line) for line in lines) for symbol in query.symbols
    ):
        return True
    near = " ".join([around, *(excerpt.passage.text for excerpt in chosen)])
    years = _EXACT_YEAR.findall(query.text)
    if any(year not in near for year in years):
        return True
    sources = {excerpt.passage.source for excerpt in chosen}
    own = {name.casefold() for name in query.names}
    if any(name.casefold() not in own and not library.full_text([name], 1, sources) for name in countries(query.text)):
        return True
    return any(_is_unknown(name[0], near) for name in _NAME_OF_WORDS.finditer(query.text))


def _said_anew(query: Query, sort: Sort, line: str) -> str:
    """A line without the numbers of the question, which are no answer to "how many of the 5,883"."""
    if sort not in ("count", "share", "money"):
        return line
    asked = set(_DIGITS.findall(query.text))
    return _DIGITS.sub(lambda match: "" if match[0] in asked else match[0], line)


def _is_unknown(name: str, near: str) -> bool:
    held = stems(near)
    return sum(not stems(word) <= held for word in name.split()) > 1


def countries(text: str) -> Iterator[str]:
    """The countries of the world that a text names in English, by their usual names.

    >>> list(countries("From South Sudan to Yemen"))
    ['South Sudan', 'Yemen']
    """
    yield from (match[0] for match in _countries().finditer(text))


@cache
def _countries() -> re.Pattern[str]:
    territories = Locale("en").territories
    names = [
        name.partition(" (")[0].replace("’", "'")
        for code, name in territories.items()
        if code.isalpha() and code not in _NO_COUNTRIES and " - " not in name
    ]
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
