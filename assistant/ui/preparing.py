"""“This answers it”: staff show the place that answers a question which got no answer, and both are kept.

The form stands under the passage in the viewer, for staff and at an abstention only. What is kept is a prepared
question: the next update of the library leads questions like it to the place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from assistant.errors import AssistantError
from assistant.library import Library
from assistant.library.prepared import PreparedQuestion
from assistant.library.question_files import LONGEST_QUESTION, keep_prepared_question
from assistant.query.language import language_of
from assistant.records import Document, Nearest
from assistant.settings import Settings
from assistant.ui import staff
from assistant.ui.access import staff_access
from assistant.ui.languages import text
from assistant.ui.plain import isolated, plain
from assistant.ui.viewer import Viewed, citation_of, close_viewer, open_citation, view

_MOST_SENTENCES = 60  # on a page: of one with more, such as a whole web page, one section at a time is shown


@dataclass(frozen=True, slots=True)
class _Choice:
    """A sentence that can be ticked: the slice `text` of the document from `start` to `end`. `is_quoted`: it is of the
    quote that was opened. `key`: of its box."""

    text: str
    start: int
    end: int
    section: tuple[str, ...]
    is_quoted: bool
    key: str


def offer_to_keep(viewed: Viewed, library: Library) -> None:
    """Draw the form, or what was kept with it, where staff look at a place for a question that got no answer."""
    if viewed.unanswered is None or staff_access() != "open":
        return
    if viewed.kept is None:
        st.subheader(text("preparing.heading"))
        _choose_place(viewed, library)
        _form(viewed, viewed.unanswered, library)
        return
    st.success(text("preparing.kept"))
    st.text(isolated(viewed.kept))
    if st.button(text("preparing.to_staff")):
        close_viewer()
        st.switch_page(staff.as_page())


def _choose_place(viewed: Viewed, library: Library) -> None:
    """Another document, another page."""
    infos = {info.source: info for info in library.documents()}
    titles = {source: isolated(f"{info.metadata.title or source} – {source}") for source, info in infos.items()}
    shown = viewed.citation.source if viewed.citation.source in infos else None
    pages = _pages(shown, library) if shown else []

    def open_document() -> None:
        if info := infos.get(st.session_state.place_document):
            first = min(_pages(info.source, library), default=1)
            beginning = Nearest(info.source, info.metadata.title, first, (), "", 0.0)
            open_citation(citation_of(beginning, library), viewed.unanswered)

    def open_page() -> None:
        view(replace(viewed, page=st.session_state.place_page))

    to_document, to_page = st.columns([3, 1])
    st.session_state.place_document = shown
    to_document.selectbox(
        text("preparing.document"),
        list(titles),
        index=0 if shown else None,
        format_func=titles.__getitem__,
        key="place_document",
        on_change=open_document,
    )
    if len(pages) > 1:
        st.session_state.place_page = min(max(viewed.page, pages[0]), pages[-1])
        to_page.number_input(text("preparing.page"), pages[0], pages[-1], key="place_page", on_change=open_page)


def _pages(source: str, library: Library) -> list[int]:
    return [page.number for page in library.full_document(source).pages]


def _form(viewed: Viewed, question: str, library: Library) -> None:
    """The wording of the question, and the sentences of the page to be ticked."""
    try:
        document = library.full_document(viewed.citation.source)
    except KeyError:  # withdrawn meanwhile, which the viewer says
        return
    choices = _one_section(_choices(viewed, document, library), viewed)
    if not choices:
        st.info(text("preparing.no_sentences"))
        return
    with st.form("this_answers_it", border=False, enter_to_submit=False):
        st.text_input(text("preparing.question"), value=question, max_chars=LONGEST_QUESTION, key="place_question")
        st.caption(text("preparing.help"))
        with st.container(border=True, gap="xsmall"):
            for choice in choices:
                st.checkbox(plain(choice.text), value=choice.is_quoted, key=choice.key)
        st.form_submit_button(text("preparing.keep"), on_click=_keep, args=(viewed, document, choices, library))
    if refused := st.session_state.pop("place_refused", None):
        st.error(plain(refused))


def _keep(viewed: Viewed, document: Document, choices: Sequence[_Choice], library: Library) -> None:
    """Keep the question with the text from the first sentence ticked to the last; what is refused is said below the
    form."""
    asked: str = st.session_state.place_question
    ticked = [choice for choice in choices if st.session_state[choice.key]]
    quote = document.text[ticked[0].start : ticked[-1].end] if ticked else ""
    question = PreparedQuestion(asked, language_of(asked), document.source, quote)
    try:
        keep_prepared_question(Settings().corpus, library, question)
    except AssistantError as error:
        st.session_state.place_refused = str(error)
    else:
        view(replace(viewed, kept=quote))


def _choices(viewed: Viewed, document: Document, library: Library) -> list[_Choice]:
    """The sentences that stand on the page, also those that begin or end on another."""
    page = next((page for page in document.pages if page.number == viewed.page), None)
    if page is None:
        return []
    quoted = [
        (page.start + span.start, page.start + span.end)
        for span in viewed.citation.spans
        if span.page == page.number and document.page_text(page)[span.start : span.end] == span.text
    ]
    return [
        _Choice(
            passage.sentence_text(s),
            s.start,
            s.end,
            passage.section,
            is_quoted=any(s.start < end and s.end > start for start, end in quoted),
            key=f"sentence_{document.sha256}_{page.number}_{s.start}",
        )
        for passage in library.passages_of(document.source)
        for s in passage.sentences
        if s.start < page.end and s.end > page.start
    ]


def _one_section(choices: list[_Choice], viewed: Viewed) -> list[_Choice]:
    """Of many sentences those of one section: that of the quote, or the one chosen."""
    sections = list(dict.fromkeys(choice.section for choice in choices))
    if len(choices) <= _MOST_SENTENCES or len(sections) == 1:
        return choices
    quoted = next((sections.index(choice.section) for choice in choices if choice.is_quoted), 0)
    chosen = st.selectbox(
        text("preparing.section"),
        sections,
        index=quoted,
        format_func=lambda section: " › ".join(isolated(part) for part in section),
        key=f"section_{viewed.citation.source}_{viewed.page}",
    )
    return [choice for choice in choices if choice.section == chosen]
