"""The passage viewer: the page a citation stands on, with the quoted sentences marked.

A PDF page is shown as it looks, the marks drawn from the boxes of the quote's very characters; where the
catalogue has no boxes (other kinds of document, pages read by the fallback, a file changed since) the stored
page text is shown with the same characters marked. Nothing is ever searched for: a mark is an offset or absent.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from assistant.library import Library, StoredPage
from assistant.provenance import source_type
from assistant.reading.names import as_named, shown
from assistant.records import Citation, Nearest, Span
from assistant.ui import page_image
from assistant.ui.languages import text
from assistant.ui.plain import isolated, linked, plain
from assistant.ui.references import quote_with_reference, reference, standing, warning

_CSS = """
.ssr-page { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.6; color: var(--st-text-color);
  border: 1px solid var(--st-border-color, #8884); border-radius: .5rem; padding: 1rem; max-height: 60vh;
  overflow-y: auto; }
.ssr-page mark { background: #ffe27a; color: #1b1b1b; text-decoration: underline; text-underline-offset: .2em;
  border-radius: .15em; }
"""

_JS = """
export default function({ data, parentElement }) {
  let root = parentElement.querySelector('.ssr-page');
  if (!root) {
    root = document.createElement('div');
    root.className = 'ssr-page';
    root.tabIndex = 0;
    parentElement.appendChild(root);
  }
  root.setAttribute('role', 'region');
  root.setAttribute('aria-label', data.label);
  root.dir = 'auto';
  root.replaceChildren();
  const text = Array.from(data.text);  // offsets count code points, as in the catalogue
  let at = 0, first = null;
  for (const [start, end] of data.marks) {
    root.appendChild(document.createTextNode(text.slice(at, start).join('')));
    const mark = document.createElement('mark');
    mark.textContent = text.slice(start, end).join('');
    root.appendChild(mark);
    first = first || mark;
    at = end;
  }
  root.appendChild(document.createTextNode(text.slice(at).join('')));
  if (first) root.scrollTop = Math.max(0, first.offsetTop - root.offsetTop - 80);
}
"""

_PAGE_TEXT = st.components.v2.component("ssr_page_text", css=_CSS, js=_JS, isolate_styles=False)


@dataclass(frozen=True, slots=True)
class Viewed:
    """What the dialog shows: a page of a document, with the citation whose quote is marked on it. `unanswered`: the
    question that got no answer, when the page was opened to see whether it answers. `kept`: the words that do, once
    staff have kept them."""

    citation: Citation
    page: int
    unanswered: str | None = None
    kept: str | None = None


def open_citation(citation: Citation, unanswered: str | None = None) -> None:
    """Have the dialog show a citation until it is closed, however often the page runs again meanwhile."""
    view(Viewed(citation, citation.page, unanswered))


def view(viewed: Viewed) -> None:
    """Have the dialog show this instead of what it shows now."""
    st.session_state.viewed = viewed


def citation_of(near: Nearest, library: Library) -> Citation:
    """A passage that is near, as the viewer opens it; a page for itself where nothing of it is quoted. A quote is a
    slice of the page, so its place can be told."""
    try:
        metadata = library.document(near.source).metadata
        at = library.page(near.source, near.page).text.find(near.quote)
    except KeyError:
        metadata, at = None, -1
    spans = (Span(near.page, at, at + len(near.quote), near.quote),) if near.quote and at >= 0 else ()
    return Citation(
        number=0,
        source=near.source,
        title=near.title,
        publisher=metadata.publisher if metadata else None,
        year=metadata.year if metadata else None,
        symbol=metadata.symbol if metadata else None,
        kind=metadata.kind if metadata else None,
        status=metadata.status if metadata else None,
        page=near.page,
        page_end=near.page,
        page_label=None,
        section=near.section,
        paragraph=None,
        quote=near.quote,
        start=max(at, 0),
        end=max(at, 0) + len(near.quote),
        spans=spans,
        passage_id="",
        source_type=source_type(metadata) if metadata else None,
        checked=metadata.checked if metadata else None,
    )


def draw_viewer(library: Library, corpus: Path, below: Callable[[Viewed, Library], None]) -> None:
    """Draw the dialog, if a citation is open. `below` draws what stands under the passage."""
    if "viewed" not in st.session_state:
        return

    @st.dialog(text("viewer.title"), width="large", on_dismiss=close_viewer)
    def dialog() -> None:
        viewed: Viewed = st.session_state.viewed
        show_passage(viewed, library, corpus)
        below(viewed, library)

    dialog()


def close_viewer() -> None:
    st.session_state.pop("viewed", None)


def show_passage(viewed: Viewed, library: Library, corpus: Path) -> None:
    """The reference, the page with its marks, and the ways on from there; the bare quote where the page is gone."""
    citation, number = viewed.citation, viewed.page
    try:
        info = library.document(citation.source)
        page = library.page(citation.source, number)
    except KeyError:
        _gone(citation)
        return
    _heading(citation if citation.quote else replace(citation, page=number, page_end=number), page)
    marks = _marks(citation, page)
    original = corpus / as_named(citation.source)
    unchanged = _digest(original) == info.sha256
    image = page_image.render(original, info.sha256, page, marks) if unchanged else None
    title = citation.title or citation.source
    if image is not None:
        looks, words = text("viewer.as_image"), text("viewer.as_text")
        if st.segmented_control(title, [looks, words], default=looks, label_visibility="collapsed") != words:
            st.image(image, alt=text("viewer.page_image", page=page.label or number, title=title), width="stretch")
        else:
            _page_text(page, marks, title)
    else:
        if page.boxes is not None:
            st.caption(text("viewer.no_picture" if unchanged else "viewer.changed"))
        _page_text(page, marks, title)
    _notes(page)
    _turning(viewed, info.pages)
    _footnotes(citation)
    _quote(citation)
    if unchanged:
        st.download_button(
            text("viewer.open"), original.read_bytes(), file_name=shown(original.name), on_click="ignore"
        )


def _heading(citation: Citation, page: StoredPage) -> None:
    st.text(reference(citation))
    if citation.section:
        st.text(" › ".join(isolated(part) for part in citation.section))
    if words := standing(citation):
        st.caption(plain(words))
    if status := warning(citation):
        st.warning(plain(text("viewer.superseded", status=status)))
    if page.reader == "ocr":
        st.warning(text("viewer.by_ocr", percent=round(100 * (page.confidence or 0))))


def _marks(citation: Citation, page: StoredPage) -> list[tuple[int, int]]:
    """Where the quote stands on this page; nothing, said in words, where the page no longer reads so."""
    spans = [span for span in citation.spans if span.page == page.number]
    held = [(span.start, span.end) for span in spans if page.text[span.start : span.end] == span.text]
    if len(held) < len(spans):
        st.warning(text("viewer.moved"))
    return held


def _gone(citation: Citation) -> None:
    """A document that was withdrawn since the answer was given, or a page that it no longer has."""
    st.text(reference(citation))
    st.warning(text("viewer.gone"))
    _quote(citation)


def _quote(citation: Citation) -> None:
    """The quote to be copied; nothing where a page was opened for itself."""
    if not citation.quote:
        return
    st.caption(text("viewer.copy"))
    st.code(quote_with_reference(citation), language=None, wrap_lines=True)


def _footnotes(citation: Citation) -> None:
    """What the quoted sentences of a note rest on."""
    if citation.footnotes:
        st.caption(text("viewer.rests_on"))
        for footnote in citation.footnotes:
            st.markdown(linked(footnote))


def _page_text(page: StoredPage, marks: list[tuple[int, int]], title: str) -> None:
    label = text("viewer.page_image", page=page.label or page.number, title=title)
    _PAGE_TEXT(data={"text": page.text, "marks": marks, "label": label}, key="page_text")


def _notes(page: StoredPage) -> None:
    if page.notes:
        with st.expander(text("viewer.notes")):
            for line in dict.fromkeys(f"{note.mark}  {note.text}" for note in page.notes):
                st.text(line)


def _turning(viewed: Viewed, pages: int) -> None:
    def turn_to(page: int) -> None:
        view(replace(viewed, page=page))

    number, citation = viewed.page, viewed.citation
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(text("viewer.previous"), disabled=number <= 1, on_click=turn_to, args=(number - 1,))
        st.text(text("viewer.page_of", page=number, pages=pages))
        st.button(text("viewer.next"), disabled=number >= pages, on_click=turn_to, args=(number + 1,))
        if citation.quote and number != citation.page:
            st.button(text("viewer.back"), on_click=turn_to, args=(citation.page,))


@st.cache_data(show_spinner=False, max_entries=64)
def _digest_of(path: Path, modified_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(path: Path) -> str | None:
    """The sha256 of a file as it is now; None when it is gone."""
    try:
        return _digest_of(path, path.stat().st_mtime_ns)
    except OSError:
        return None
