"""Filters that a question states in words: "in Liberia", "since 2014".

They narrow the search like those of the sidebar, and are shown as chips that can be removed. One that would leave
nothing out, or nothing in, is no filter.
"""

import re
from dataclasses import replace
from typing import Literal

from assistant.library import Library
from assistant.query import typed_plainly
from assistant.query.recognition import Names
from assistant.records import Filters

Field = Literal["country", "year_from", "year_to"]
FIELDS: tuple[Field, ...] = ("country", "year_from", "year_to")

_IN = re.compile(r"\bin\s+(?:the\s+)?$", re.I)
_PUBLISHED = r"(?:published|documents?|reports?|texts?|written|sources?)\s+"
_SINCE = re.compile(rf"\b(?:since|{_PUBLISHED}(?:after|from|since))\s+(?P<year>(?:19|20)\d\d)\b", re.I)
_UNTIL = re.compile(rf"\b{_PUBLISHED}(?:before|until|up to|by)\s+(?P<year>(?:19|20)\d\d)\b", re.I)


def typed_filters(question: str, chosen: Filters, library: Library) -> Filters:
    """What the question itself says of where to look; fields that are already chosen stay out."""
    question = typed_plainly(question)
    typed = Filters()
    since, until = _SINCE.search(question), _UNTIL.search(question)
    if not chosen.country:
        typed = _if_it_narrows(replace(typed, country=_countries(question, library)), typed, chosen, library)
    if chosen.year_from is None and since:
        typed = _if_it_narrows(replace(typed, year_from=int(since["year"])), typed, chosen, library)
    if chosen.year_to is None and until:
        typed = _if_it_narrows(replace(typed, year_to=int(until["year"])), typed, chosen, library)
    return typed


def _if_it_narrows(wider: Filters, before: Filters, chosen: Filters, library: Library) -> Filters:
    with_it, without = library.select(both(chosen, wider)), library.select(both(chosen, before))
    left = len(library.documents()) if without is None else len(without)
    return wider if with_it is not None and 0 < len(with_it) < left else before


def _countries(question: str, library: Library) -> tuple[str, ...]:
    """All countries that a question names, when one of them follows "in": "more in Liberia than Kosovo" is both."""
    named = [name for name in Names.of(library).find(question) if name.kind == "country"]
    if not any(_IN.search(question[: name.start]) for name in named):
        return ()
    return tuple(dict.fromkeys(name.canonical for name in named))


def both(chosen: Filters, typed: Filters) -> Filters:
    """The filters of the sidebar with those of the question."""
    return replace(chosen, **{field: getattr(typed, field) for field in FIELDS if getattr(typed, field)})


def without(typed: Filters, field: Field) -> Filters:
    """The filters of a question less one."""
    return replace(typed, **{field: getattr(Filters(), field)})
