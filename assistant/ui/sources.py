"""The documents that an answer quotes, below it: one card for each, with the numbers that point to it."""

from collections.abc import Callable, Sequence

import streamlit as st

from assistant.records import Citation
from assistant.ui.languages import text
from assistant.ui.plain import isolated, linked, plain
from assistant.ui.references import pages_and_paragraph, remarks

_MOST_FOOTNOTES = 3  # that a card shows; the passage shows all of its own


def draw_sources(citations: Sequence[Citation], key: str, open_citation: Callable[[Citation], None]) -> None:
    """Draw the cards in the order of their first numbers; a title opens the first passage of its document."""
    st.caption(text("chat.sources"))
    by_document: dict[str, list[Citation]] = {}
    for citation in citations:
        by_document.setdefault(citation.source, []).append(citation)
    for place, (source, own) in enumerate(by_document.items()):
        with st.container(border=True, gap=None):
            st.button(
                plain(f"{_numbers(own)} {own[0].title or source}"),
                key=f"source_{place}_{key}",
                type="tertiary",
                on_click=open_citation,
                args=(own[0],),
            )
            st.caption(plain(_known(own)))
            if footnotes := list(dict.fromkeys(note for citation in own for note in citation.footnotes)):
                rests_on = " · ".join(linked(note) for note in footnotes[:_MOST_FOOTNOTES])
                st.markdown(f":small[{text('viewer.rests_on')}: {rests_on}]")  # links in a caption are too pale


def _numbers(citations: Sequence[Citation]) -> str:
    return " ".join(f"[{citation.number}]" for citation in citations)


def _known(citations: Sequence[Citation]) -> str:
    """What a document is, and where in it the quotes stand."""
    first = citations[0]
    known = [part for part in (first.publisher, first.symbol, str(first.year or "")) if part]
    worth = [words for citation in citations for words in remarks(citation)]
    where = [", ".join([*citation.section[-1:], *pages_and_paragraph(citation)]) for citation in citations]
    return " · ".join(isolated(part) for part in dict.fromkeys([*known, *worth, *where]) if part)
