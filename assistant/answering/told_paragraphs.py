"""What a note tells of an operative paragraph of a resolution, where the library does not hold the resolution itself.

Such a note opens each paragraph by its number and the resolution's ("Operative paragraph 7 (OP 7) of resolution 2151
(2014) stresses ..."); what follows up to the next one is of that paragraph.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.answering.excerpts import Excerpt
from assistant.answering.sorts import number_of
from assistant.query.recognition import operative_paragraphs
from assistant.records import Passage, Query, Reading

if TYPE_CHECKING:
    from assistant.library import Library

_OPENING = re.compile(r"\(OP (\d{1,2})\)")
_LOOKED_AT = 30  # passages that name the paragraph


def told_paragraphs(query: Query, library: "Library") -> list[Excerpt]:
    """The sentences that tell of each operative paragraph asked for, in order; [] where no note does."""
    found: list[Excerpt] = []
    for symbol in query.symbols:
        for number in operative_paragraphs(query.text):
            found += _told(number, number_of(symbol), library)
    return found


def untold(query: Query, readings: Sequence[Reading]) -> str:
    """The operative paragraph that is asked for ("paragraph 7") where none of the passages that were read names it; ""
    where one does, or where none is asked for."""
    for symbol in query.symbols:
        for number in operative_paragraphs(query.text):
            named = re.compile(rf"\b(?:OP|para(?:graphs?|s)?\.?)\s+{number}\b", re.IGNORECASE)
            texts = (f"{' '.join(reading.passage.section)} {reading.passage.text}" for reading in readings)
            if not any(named.search(text) and number_of(symbol) in text for text in texts):
                return f"paragraph {number}"
    return ""


def _told(number: str, resolution: str, library: "Library") -> list[Excerpt]:
    opening = re.compile(rf"\(OP {number}\),? of (?:[Ss]ecurity Council )?resolution {re.escape(resolution)}\b")
    keys = [key for key, _ in library.full_text([f"OP {number}"], _LOOKED_AT)]
    first = next((p for p in library.passages(keys) if any(map(opening.search, _sentences(p)))), None)
    if first is None:
        return []
    excerpts: list[Excerpt] = []
    is_open = False
    for passage in library.passages_of(first.source):
        indices = []
        for index, sentence in enumerate(_sentences(passage)):
            if opened := _OPENING.search(sentence):
                is_open = opened[1] == number
            if is_open and passage.section == first.section and passage.sentences[index].kind != "heading":
                indices.append(index)
        if indices:
            is_list = any(passage.sentences[index].kind == "item" for index in indices)
            excerpts.append(Excerpt(passage, tuple(indices), indices[0], 1.0, is_list))
    return excerpts


def _sentences(passage: Passage) -> Iterator[str]:
    return (" ".join(passage.sentence_text(sentence).split()) for sentence in passage.sentences)
