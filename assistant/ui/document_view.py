"""One document as the assistant sees it: page by page, with the borders of its passages."""

from collections.abc import Callable, Iterator

import streamlit as st

from assistant.library import DocumentInfo, Library, StoredPage
from assistant.provenance import source_type
from assistant.records import Passage
from assistant.ui.languages import text
from assistant.ui.plain import isolated, plain
from assistant.ui.references import month

_MOST_HEADINGS = 300


def show_document(info: DocumentInfo, library: Library, close: Callable[[], None]) -> None:
    """What is known of a document, what could not be read, its sections, and one page of its text."""
    st.button(text("library.back"), on_click=close, icon=":material/arrow_back:")
    st.title(plain(info.metadata.title or info.source))
    _facts(info)
    _warnings(info)
    numbers = [page.number for page in library.full_document(info.source).pages]
    if not numbers:
        return
    key = f"page_of_{info.sha256}"
    _sections(info, library, key)
    number = numbers[0]
    if len(numbers) > 1:
        number = st.selectbox(
            text("library.page"), numbers, format_func=lambda page: _page_name(page, info, len(numbers)), key=key
        )
    _page(library.page(info.source, number), library.passages_of(info.source))


def _facts(info: DocumentInfo) -> None:
    data = info.metadata
    known = {
        "kind": data.kind,
        "symbol": data.symbol,
        "publisher": data.publisher,
        "organisations": "; ".join(data.organisations),
        "country": "; ".join(data.country),
        "mission": "; ".join(data.mission),
        "year": str(data.year or ""),
        "source_type": text(f"references.{kind}") if (kind := source_type(data)) else None,
        "checked": month(data.checked) if data.checked else None,
        "status": data.status,
        "licence": data.licence,
        "source": info.source,
    }
    st.text("\n".join(f"{text(f'library.{name}')}: {isolated(value)}" for name, value in known.items() if value))
    st.caption(text("library.size", pages=info.pages, passages=info.passages))


def _warnings(info: DocumentInfo) -> None:
    if info.pages_without_text:
        listed = ", ".join(str(number) for number in info.pages_without_text)
        st.warning(text("library.without_text", pages=listed))
    for warning in info.warnings:
        st.warning(plain(warning))


def _sections(info: DocumentInfo, library: Library, key: str) -> None:
    headings = library.outline(info.source)
    if not headings:
        return

    def turn_to(page: int) -> None:
        st.session_state[key] = page

    with st.expander(text("library.sections", count=len(headings))):
        for number, heading in enumerate(headings[:_MOST_HEADINGS]):
            title = plain(f"{'– ' * (heading.level - 1)}{heading.title}")
            if info.pages == 1:
                st.markdown(title)
            else:
                label = f"{title} ({text('chat.page', page=heading.page)})"
                st.button(label, key=f"heading_{number}", on_click=turn_to, args=(heading.page,), type="tertiary")


def _page_name(page: int, info: DocumentInfo, last: int) -> str:
    name = text("viewer.page_of", page=page, pages=last)
    return f"{name} – {text('library.empty_page')}" if page in info.pages_without_text else name


def _page(page: StoredPage, passages: list[Passage]) -> None:
    """The text of a page: each passage in a frame, what belongs to none between them."""
    st.caption(text("library.frames"))
    if page.reader == "ocr":
        st.warning(text("viewer.by_ocr", percent=round(100 * (page.confidence or 0))))
    if not page.text:
        st.info(text("library.empty_page"))
    for passage, number, words in _stretches(page, passages):
        if passage is None:
            st.text(words)
            continue
        with st.container(border=True):
            section = " › ".join(isolated(part) for part in passage.section)
            st.caption(plain(text("library.passage", number=number, section=section)))
            st.text(words)
    for line in dict.fromkeys(f"{note.mark} {note.text}" for note in page.notes):
        st.caption(plain(line))


def _stretches(page: StoredPage, passages: list[Passage]) -> Iterator[tuple[Passage | None, int, str]]:
    """The text of a page in order: (passage, its number in the document from 1, words), None for what is in none."""
    at = 0
    for number, passage in enumerate(passages, start=1):
        for span in passage.spans:
            if span.page != page.number:
                continue
            if between := page.text[at : span.start].strip():
                yield None, 0, between
            yield passage, number, page.text[max(at, span.start) : span.end].strip()
            at = max(at, span.end)
    if rest := page.text[at:].strip():
        yield None, 0, rest
