"""How well a passage fits the years that a question names: of a mission's many reports, one is of that year."""

import re

from assistant.records import Metadata, Passage, Query

# On the scale of the logarithm of a score; by hand on the dev questions that name a year (docs/evaluating.md).
_SAID = 0.25  # the passage or its headings name the year
_OF_DOCUMENT = 0.5  # the document is of the year, by its title, symbol or catalogue entry
_EITHER = 0.25


def fit_of_years(query: Query, passage: Passage, document: Metadata) -> float:
    """What the logarithm of a passage's score gains by the years in the question, 0 to 1; 0 where it names none."""
    if not query.years:
        return 0.0
    asked = {str(year) for year in query.years}
    is_said = bool(asked & _years(" ".join([passage.text, *passage.section])))
    is_of_document = bool(asked & _years(f"{document.title} {document.symbol} {document.year}"))
    return _SAID * is_said + _OF_DOCUMENT * is_of_document + _EITHER * (is_said or is_of_document)


def _years(text: str) -> set[str]:
    return set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text))
