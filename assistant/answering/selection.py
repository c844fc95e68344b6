"""Which excerpts go together into an answer: best first, none twice, while there is room."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from assistant.answering.excerpts import Excerpt

WORDS = 160  # of an answer, unless a list needs more
PLACES = 4  # passages, at most
# By how much, on the scale of an excerpt's score, another may be less good than the best one.
WORTH = 2.0
WORTH_ELSEWHERE = 1.0  # what stands in another document, where one thing is asked for
_WORTH_OF_ROW = 1.0  # a row of a table or a numbered step, which read badly among sentences
_NUMBER = re.compile(r"\d[\w/-]*")
_ALIKE = 82.0  # token set ratio (0 to 100) from which two excerpts say the same


def added(chosen: list[Excerpt], candidates: Sequence[Excerpt], words: int, elsewhere: float = WORTH) -> list[Excerpt]:
    """Further excerpts put to the chosen ones, best first, while worth it, new, and there is room. `elsewhere`: by
    how much one of another document may be less good."""
    best = max(excerpt.score for excerpt in chosen)
    for excerpt in sorted(candidates, key=lambda excerpt: -excerpt.score):
        is_elsewhere = excerpt.passage.source != chosen[0].passage.source
        worth = _WORTH_OF_ROW if excerpt.is_row_or_step else elsewhere if is_elsewhere else WORTH
        if excerpt.is_list or excerpt.score < best - worth:
            continue
        fits = sum(e.words for e in chosen) + excerpt.words <= words
        places = {e.passage.id for e in [*chosen, excerpt]}
        if fits and len(places) <= PLACES and not any(repeats(excerpt, other) for other in chosen):
            chosen = [*chosen, excerpt]
    return chosen


def repeats(excerpt: Excerpt, other: Excerpt) -> bool:
    """Whether an excerpt says what another says already, with the same numbers, or shares a sentence with it."""
    if excerpt.passage.id == other.passage.id and set(excerpt.indices) & set(other.indices):
        return True
    if not set(_NUMBER.findall(excerpt.text)) <= set(_NUMBER.findall(other.text)):
        return False
    return fuzz.token_set_ratio(excerpt.text.casefold(), other.text.casefold()) >= _ALIKE


def ordered(chosen: Sequence[Excerpt], first: Excerpt | None = None) -> list[Excerpt]:
    """By passage, the one of the best excerpt first; within a passage as the text has it, after `first`."""
    passages = list(dict.fromkeys(excerpt.passage.id for excerpt in chosen))
    return sorted(chosen, key=lambda e: (passages.index(e.passage.id), e is not first, e.indices[0]))
