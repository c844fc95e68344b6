"""In which order excerpts are said, and what a reader should be told of them: dates, doctrine before cases, sources
that differ, a premise that the library contradicts."""

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.answering.excerpts import Excerpt
from assistant.answering.sorts import Sort, asked_sort, holds, number_of, values
from assistant.query.words import stem, stems
from assistant.records import Metadata, NoteOnAnswer, Query

IN_THE_CASES = "In the cases:"  # said between doctrine ("what should be") and cases ("what was done")
_SAME_THING = 0.5  # share of the question's words in each of two sentences that give different numbers for one thing
_SINGLE: tuple[Sort, ...] = ("date", "count", "share", "money")
_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_DATED = re.compile(rf"(?:(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(_MONTHS)}) )?\b(?P<year>(?:1[89]|20)\d\d)\b")
_SAYS_THEY_DIFFER = re.compile(
    r"\b(?:by source|sources differ|differs? by source|accounts differ|figures differ)\b", re.I
)
_NAME = re.compile(r"(?<=[\w,;:] )[A-Z][a-z][\w’'-]+")  # a word in capitals that does not begin a sentence
_AGAINST = re.compile(r"\b(?:veto\w*|vot(?:ed?|es|ing) against)\b", re.IGNORECASE)
_UNANIMOUS = re.compile(r"\bunanim\w+", re.IGNORECASE)


def by_date(chosen: Sequence[Excerpt]) -> list[Excerpt]:
    """In the order of their first dates; those without a date keep their order, at the end."""
    return sorted(chosen, key=lambda excerpt: _first_date(excerpt.text))


def _first_date(text: str) -> tuple[int, int, int]:
    found = _DATED.search(" ".join(text.split()))
    if found is None:
        return (9999, 0, 0)
    return (int(found["year"]), _MONTHS.index(found["month"]) + 1 if found["month"] else 0, int(found["day"] or 0))


def doctrine_first(query: Query, chosen: Sequence[Excerpt], documents: Mapping[str, Metadata]) -> list[Excerpt]:
    """What should be before what was done, where a question that names no place is answered by both."""
    if not _is_general(query):
        return list(chosen)
    return sorted(chosen, key=lambda excerpt: is_case(excerpt, documents))


def _is_general(query: Query) -> bool:
    """Whether a question asks for an explanation and names no place or person."""
    return query.type == "explanation" and not query.names and not _NAME.search(query.text)


def first_case(query: Query, chosen: Sequence[Excerpt], documents: Mapping[str, Metadata]) -> int | None:
    """The index of the first case after doctrine, where cases are to be introduced; None where kinds do not mix."""
    if not _is_general(query):
        return None
    kinds = [is_case(excerpt, documents) for excerpt in chosen]
    return kinds.index(True) if kinds == sorted(kinds) and True in kinds and False in kinds else None


def is_case(excerpt: Excerpt, documents: Mapping[str, Metadata]) -> bool:
    """Whether an excerpt says what was done in one country."""
    return documents[excerpt.passage.source].kind == "case-study"


def remarks(query: Query, chosen: Sequence[Excerpt]) -> Iterator[NoteOnAnswer]:
    """Notes on what is quoted: that sources differ, that a premise of the question does not hold."""
    if _differ(query, chosen):
        yield NoteOnAnswer("sources-differ", "The sources do not agree on this; what each says is quoted.")
    said = " ".join(excerpt.text for excerpt in chosen)
    is_of_it = bool(query.symbols) and all(number_of(symbol) in said for symbol in query.symbols)
    if is_of_it and _AGAINST.search(query.text) and _UNANIMOUS.search(said) and not _AGAINST.search(said):
        yield NoteOnAnswer("premise", "The library records a unanimous vote; it records no vote against.")


def _differ(query: Query, chosen: Sequence[Excerpt]) -> bool:
    """Whether a quoted sentence says so, or sentences of two documents give different values for what is asked."""
    sort = asked_sort(query.asking)
    if sort not in _SINGLE:
        return False
    lines = [(excerpt.passage.source, " ".join(excerpt.text.split())) for excerpt in chosen]
    answering = [(source, line) for source, line in lines if holds(sort, line) and _share(query, line) >= _SAME_THING]
    if any(_SAYS_THEY_DIFFER.search(line) for _, line in answering):
        return True
    return any(
        source != other and not values(sort, line) & values(sort, another)
        for source, line in answering
        for other, another in answering
    )


def _share(query: Query, line: str) -> float:
    held = stems(line)
    return sum(stem(term) in held for term in query.terms) / max(1, len(query.terms))
