"""The words of a text, asked for by its symbol and answered out of notes on it: that is said."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.provenance import bare_symbol, source_type
from assistant.query.recognition import asks_what_it_says
from assistant.records import Citation, NoteOnAnswer, Query

if TYPE_CHECKING:
    from assistant.library import Library


def texts_themselves(query: Query, library: "Library") -> frozenset[str]:
    """The documents that are the texts whose words a question asks for by their symbols."""
    symbols = _asked_for(query)
    return frozenset(
        info.source
        for info in (library.documents() if symbols else ())
        if source_type(info.metadata) == "primary" and bare_symbol(info.metadata.symbol or "") in symbols
    )


def second_hand(query: Query, citations: Sequence[Citation], library: "Library") -> Iterator[NoteOnAnswer]:
    """A note where the words of a text are asked for, and only notes on it are cited."""
    if not citations or any(citation.source_type != "note" for citation in citations):
        return
    for symbol in _asked_for(query):
        held = texts_themselves(replace(query, symbols=(symbol,)), library)
        where = "is in the library, but was not quoted" if held else "is not in the library"
        yield NoteOnAnswer("second-hand", f"The text of {symbol} itself {where}: what is quoted are notes.")


def _asked_for(query: Query) -> tuple[str, ...]:
    return query.symbols if query.type == "paragraph" or asks_what_it_says(query.text) else ()
