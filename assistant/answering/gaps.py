"""What a question names that nothing quoted has: the sign of a near miss, where text close by does not answer.

Only signals that harmed no answer, or hardly any, on the dev cases: the sort of thing asked for (no number for "how
many"), a year, a country, a name of several words. Cities and acronyms are no signal: documents call them otherwise
("Brussels" for the European Union).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale

from assistant.answering.excerpts import Excerpt, around, bears, is_of, places_of
from assistant.answering.sorts import Sort, asked_sort, holds, number_of
from assistant.query.language import ENGLISH
from assistant.query.recognition import DEMONYM
from assistant.query.words import stems
from assistant.records import AbstentionReason, Query, Reading

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
SURE = 0.6  # score of the best passage, below which every name in the question must stand in what is quoted from
# Words in capitals that do not begin the sentence.
_NAME = re.compile(r"(?<=[\w,;:] )[A-Z][a-z][\w’'-]+(?: [A-Z][a-z][\w’'-]+)*")
_NAME_OF_WORDS = re.compile(r"(?<=[\w,;:] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})+")
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # codes of groups and of none


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing from what would be quoted: of which kind, and the sort, year or name itself."""

    reason: AbstentionReason
    what: str


def gap(query: Query, best: Reading, chosen: Sequence[Excerpt], library: "Library") -> Gap | None:
    """What an answer to this question would hold and the excerpts lack. Only for questions in the language of the
    documents: in another the words are others."""
    return next(_gaps(query, best, chosen, library), None) if query.language == ENGLISH else None


def _gaps(query: Query, best: Reading, chosen: Sequence[Excerpt], library: "Library") -> Iterator[Gap]:
    near = " ".join(f"{around(excerpt, library)} {excerpt.passage.text}" for excerpt in chosen)
    asked = query.asking
    if best.score < SURE:
        known = stems(f"{near} {' '.join(query.names)}")
        yield from (Gap("name-missing", m[0]) for m in _NAME.finditer(asked) if not stems(m[0]) <= known)
    if query.identifiers and not any(bears(excerpt, query.identifiers, library) for excerpt in chosen):
        yield Gap("identifier-missing", " or ".join(query.identifiers))
    yield from _things(query, chosen)
    yield from (Gap("year-missing", year) for year in _EXACT_YEAR.findall(asked) if year not in near)
    places = places_of(query, library)
    if not any(is_of(excerpt, places, library) for excerpt in chosen):
        yield Gap("country-missing", " or ".join(places))
    sources, own = {excerpt.passage.source for excerpt in chosen}, {name.casefold() for name in query.names}
    for name in countries(asked):
        if name.casefold() not in own and not library.full_text([name], 1, sources):
            yield Gap("country-missing", name)
    yield from (Gap("name-missing", m[0]) for m in _NAME_OF_WORDS.finditer(asked) if _is_unknown(m[0], near))


def _things(query: Query, chosen: Sequence[Excerpt]) -> Iterator[Gap]:
    """The sort of thing that is asked for, where none stands near the best excerpt."""
    sort = asked_sort(query.asking)
    if sort in (None, "name"):
        return
    best = max(excerpt.score for excerpt in chosen)
    lines = [" ".join(excerpt.text.split()) for excerpt in chosen if excerpt.score >= best - _NEAR_BEST]
    holding = [line for line in lines if holds(sort, _said_anew(query, sort, line))]
    of_it = sort != "vote" or all(any(number_of(symbol) in line for line in holding) for symbol in query.symbols)
    if not holding or not of_it:
        yield Gap("thing-missing", sort)


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
    """The countries of the world that a text names in English, by their usual names, also as adjectives.

    >>> list(countries("From South Sudan to the Gambian army"))
    ['South Sudan', 'Gambia']
    """
    yield from (match["name"] for match in _countries().finditer(text))


@cache
def _countries() -> re.Pattern[str]:
    territories = Locale("en").territories
    names = [
        name.partition(" (")[0].replace("’", "'")
        for code, name in territories.items()
        if code.isalpha() and code not in _NO_COUNTRIES and " - " not in name
    ]
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])(?P<name>{'|'.join(map(re.escape, longest_first))}){DEMONYM}(?![\w-])")
