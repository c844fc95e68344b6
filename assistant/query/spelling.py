"""Typing errors in a question, mended only when sure.

A word that stands in the library is never touched. Any other is replaced only by a word of the library's own
titles, headings and names that is one or two keystrokes away, begins alike, and has no rival.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.query.words import STOP_WORDS

if TYPE_CHECKING:
    from assistant.library import Library

_WORD = re.compile(r"[^\W\d_]{5,}")
_SURE = 0.84  # similarity: one keystroke in seven letters, two in thirteen
_MARGIN = 0.04  # by which the best must lead another word


def correct(text: str, library: "Library") -> str:
    """The text with typing errors mended; what is not sure stays as it was typed."""
    return _WORD.sub(lambda match: _corrected(match, library), text)


def _corrected(match: re.Match[str], library: "Library") -> str:
    word = match[0]
    folded = word.casefold()
    is_name = word[0].isupper() and match.start() > 0
    if folded in STOP_WORDS or word.isupper() or (is_name and len(word) < 8):  # "Iceland" is not "Ireland"
        return word
    if library.full_text([word], 1):
        return word
    found = process.extract(
        folded, _words(library), scorer=OSA.normalized_similarity, limit=3, score_cutoff=_SURE - _MARGIN
    )
    near = [(other, score) for other, score, _ in found if other[0] == folded[0]]
    if not near or near[0][1] < _SURE or (len(near) > 1 and near[0][1] - near[1][1] < _MARGIN):
        return word
    return near[0][0].capitalize() if word[0].isupper() else near[0][0]


def _words(library: "Library") -> tuple[str, ...]:
    return _words_of_generation(library, library.generation)


@lru_cache(maxsize=2)
def _words_of_generation(library: "Library", generation: str) -> tuple[str, ...]:
    """Words of titles, names and acronyms' long forms, lower case, in order of the alphabet."""
    texts = [info.metadata.title or "" for info in library.documents()]
    texts += [name for names in library.names().values() for name in names]
    texts += [form for forms in library.acronyms().values() for form in forms]
    return tuple(sorted({word.casefold() for text in texts for word in _WORD.findall(text)}))
