"""What a question asks: completed from the history, with what it names recognised.

No language model: every step is a rule that can be read, and the completed question is shown to the user.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.query.followups import Completed, complete
from assistant.query.language import ENGLISH, language_of
from assistant.query.recognition import (
    Names,
    asking_clause,
    expand,
    find_identifiers,
    find_symbols,
    find_years,
    question_type,
    two_questions,
)
from assistant.query.spelling import correct
from assistant.query.words import content_terms
from assistant.reading.blocks.cleaning import clean
from assistant.records import Filters, Query, Turn

if TYPE_CHECKING:
    from assistant.library import Library

LONGEST = 1000  # characters of a question that are read; of a longer text, those of what it asks


def typed_plainly(question: str) -> str:
    """A question on one line, its letters as documents write them: full-width and other forms of compatibility are
    opened. A mark that stands for itself stays: "´" would become a space with an accent on it.

    >>> typed_plainly("form ＫＤ-４４７１-Ｂ？")
    'form KD-4471-B?'
    """
    opened = "".join(_opened(character) for character in question) if not question.isascii() else question
    return " ".join(clean(opened).split())


def understand(question: str, history: Sequence[Turn], filters: Filters, library: "Library") -> Query:
    """The question as one that stands alone. `history` is oldest first."""
    history = [replace(turn, question=typed_plainly(turn.question)) for turn in history]
    query = _understood(question, history, filters, library)
    two = two_questions(typed_plainly(question)) if query.type != "small-talk" else None
    if not two:
        return query
    first, second = two
    goes_on = second if question_type(second) == "definition" else f"and {second}"
    following = _understood(goes_on, [*history, Turn(first)], filters, library)
    parts = (_understood(first, history, filters, library), replace(following, question=second))
    return replace(query, parts=parts)


def _understood(question: str, history: Sequence[Turn], filters: Filters, library: "Library") -> Query:
    whole = typed_plainly(question)
    asked = (whole if len(whole) <= LONGEST else asking_clause(whole))[:LONGEST].strip()
    names = Names.of(library)
    language = language_of(asked)
    # The library's words would correct those of another language.
    spelled = correct(asked, library) if language == ENGLISH else asked
    is_small_talk = question_type(asked) == "small-talk"
    completed = Completed(asked, asked, asked) if is_small_talk else complete(spelled, history, names)
    text = completed.text
    found = names.find(text)
    return Query(
        question=question,
        text=text,
        asking=asking_clause(completed.asking),
        terms=content_terms(text),
        expansions=expand(text, library.acronyms()),
        symbols=find_symbols(text),
        identifiers=find_identifiers(text),
        years=find_years(text),
        names=tuple(dict.fromkeys(name.canonical for name in found)),
        type=question_type(completed.asking),
        filters=filters,
        language=language,
    )


def _opened(character: str) -> str:
    opened = unicodedata.normalize("NFKC", character)
    return character if opened[0].isspace() and len(opened) > 1 else opened
