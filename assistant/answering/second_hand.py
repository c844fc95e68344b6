"""The words of a text, asked for by its symbol and answered out of notes on it: that is said."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.provenance import source_type
from assistant.records import Citation, NoteOnAnswer, Query

if TYPE_CHECKING:
    from assistant.library import Library

# Asks what stands in the text, not when it was adopted or who voted for it.
_ITS_WORDS = re.compile(
    r"\b(?:sa(?:y|ys|id)|asks?|states?|requires?|demands?|decides?|requests?|calls? (?:for|on|upon)|defines?|urges?"
    r"|encourages?|means?|contains?|text|wording|words|paragraphs?|op|article|according to)\b",
    re.IGNORECASE,
)


def second_hand(query: Query, citations: Sequence[Citation], library: "Library") -> Iterator[NoteOnAnswer]:
    """A note where the words of a text are asked for, and only notes on it are cited."""
    asked = _ITS_WORDS.search(query.text) or query.type == "paragraph"
    if not asked or not query.symbols or any(citation.source_type != "note" for citation in citations):
        return
    held = [info for info in library.documents() if source_type(info.metadata) == "primary"]
    for symbol in query.symbols if citations else ():
        if any(_is_of(info.metadata.symbol or "", symbol) for info in held):
            message = f"What is quoted is a note on {symbol}, not the text itself, which the library holds too."
        else:
            message = f"What is quoted is a note on {symbol}, not the text itself: the library does not hold that."
        yield NoteOnAnswer("second-hand", message)


def _is_of(held: str, symbol: str) -> bool:
    """Whether the symbol of a document is the one asked for, with its year or without.

    >>> _is_of("S/RES/2151 (2014)", "S/RES/2151"), _is_of("S/RES/21512", "S/RES/2151")
    (True, False)
    """
    return bool(re.match(rf"{re.escape(symbol)}(?![\w/.])", held))
