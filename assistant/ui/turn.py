"""One exchange of a conversation as it is drawn: the question, the answer or abstention, and what can be done next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from assistant.library import Library
from assistant.library.question_files import LONGEST_QUESTION
from assistant.records import Answer, Filters, Turn
from assistant.ui.answer_form import can_write, last_writing_s
from assistant.ui.answer_view import show_answer
from assistant.ui.conversations import Exchange
from assistant.ui.copying import Copied, copy_buttons
from assistant.ui.feedback import ask_for_feedback
from assistant.ui.languages import text
from assistant.ui.logbook import Thumb
from assistant.ui.plain import isolated, plain
from assistant.ui.references import answer_with_references, place
from assistant.ui.scrolling import bring_to_top
from assistant.ui.sources import draw_sources
from assistant.ui.typed_filters import FIELDS, both, without
from assistant.ui.viewer import citation_of, open_citation


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way. `alone`: it is not completed from the history. `typed`: the filters it states, None to
    look for them. `instead_of`: the id of the exchange whose place the answer takes. `written`: whether a chat model
    writes the answer, None for what is chosen over the box. `as_before`: filters, earlier questions and the place in
    the conversation are those of that exchange."""

    question: str
    alone: bool = False
    typed: Filters | None = None
    instead_of: str | None = None
    written: bool | None = None
    as_before: bool = False


@dataclass(frozen=True, slots=True)
class Actions:
    """What a drawn exchange can set off."""

    ask: Callable[[Asked], None]
    rate: Callable[[str, Thumb], None]


def draw_question(question: str, key: str, is_new: bool = False) -> None:
    """The question as the heading of its answer; a new one comes to the top of the page."""
    with st.container(key=f"question_{key}", gap=None):
        st.header(plain(question), anchor=False)
        if is_new:
            bring_to_top(key)


def draw_exchange(exchange: Exchange, history: Sequence[Turn], library: Library, actions: Actions) -> None:
    """Both sides of an exchange that has its answer."""
    answer = exchange.answer
    draw_question(answer.question, exchange.id, is_new=st.session_state.get("arrived") == exchange.id)
    _chips(exchange, actions)
    if answer.rewritten and answer.rewritten != answer.question:
        _understood(exchange, answer.rewritten, actions)
    if answer.status == "abstained":
        _abstention(exchange, library)
    else:
        _answered(exchange, library)
    if answer.model:
        st.caption(plain(text("chat.by_model", model=answer.model)))
    for note in answer.notes:
        st.info(plain(note.message))
    if not answer.complete:
        st.warning(text("chat.incomplete"))
    _other_form(exchange, actions)
    with st.container(horizontal=True, vertical_alignment="center"):
        _copying(exchange)
        _details(answer)
    ask_for_feedback(
        exchange, history, both(exchange.chosen, exchange.typed), lambda thumb: actions.rate(exchange.id, thumb)
    )


def _chips(exchange: Exchange, actions: Actions) -> None:
    """The filters that the question states, each of which can be taken away."""
    stated = [field for field in FIELDS if getattr(exchange.typed, field)]
    if not stated:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"chips_{exchange.id}"):
        for field in stated:
            value = getattr(exchange.typed, field)
            named = ", ".join(value) if isinstance(value, tuple) else str(value)
            asked = Asked(exchange.answer.question, typed=without(exchange.typed, field), instead_of=exchange.id)
            st.button(
                plain(text(f"filters.chip_{field}", value=named)),
                key=f"chip_{field}_{exchange.id}",
                icon=":material/close:",
                help=text("filters.chip_help"),
                on_click=actions.ask,
                args=(asked,),
            )


def _understood(exchange: Exchange, rewritten: str, actions: Actions) -> None:
    """The question as it was completed, and a way to put it right."""
    st.text(text("chat.understood", question=isolated(rewritten)))
    with st.popover(text("chat.correct"), icon=":material/edit:"), st.form(f"correct_{exchange.id}", border=False):
        better = st.text_input(text("chat.correct_label"), value=rewritten, max_chars=LONGEST_QUESTION)
        if st.form_submit_button(text("chat.correct_ask")) and better.strip():
            actions.ask(Asked(better, alone=True, instead_of=exchange.id))
            st.rerun()


def _answered(exchange: Exchange, library: Library) -> None:
    answer = exchange.answer
    citations = {citation.number: citation for citation in answer.citations}
    show_answer(answer, f"answer_{exchange.id}", lambda number: open_citation(citations[number]))
    draw_sources(answer.citations, exchange.id, open_citation)


def _abstention(exchange: Exchange, library: Library) -> None:
    """What was searched, and the nearest passages, each opening in its page."""
    answer = exchange.answer
    st.container(key=f"abstention_{exchange.id}").text(answer.text)
    st.caption(plain(_what_was_searched(exchange, library)))
    if answer.nearest:
        st.caption(text("chat.nearest"))
    for index, near in enumerate(answer.nearest):
        citation = citation_of(near, library)
        where = ", ".join([isolated(citation.title or citation.source), *place(citation)])
        st.button(
            plain(where),
            key=f"near_{index}_{exchange.id}",
            icon=":material/menu_book:",
            on_click=open_citation,
            args=(citation, answer.rewritten or answer.question),
            type="tertiary",
        )
        st.text(" ".join(near.quote.split()))


def _what_was_searched(exchange: Exchange, library: Library) -> str:
    filters = both(exchange.chosen, exchange.typed)
    allowed = library.select(filters)
    documents = len(library.documents())
    if allowed is None:
        return text("chat.searched_all", documents=documents)
    return text("chat.searched", documents=len(allowed), all=documents, filters=filters_in_words(filters))


def filters_in_words(filters: Filters) -> str:
    """The filters as a person would say them: "Country: Liberia; from 2014"."""
    words = [
        f"{text(f'filters.{field}')}: {', '.join(getattr(filters, field))}"
        for field in ("kind", "country", "mission", "organisation")
        if getattr(filters, field)
    ]
    words += [text("filters.chip_year_from", value=filters.year_from)] if filters.year_from else []
    words += [text("filters.chip_year_to", value=filters.year_to)] if filters.year_to else []
    return "; ".join(words)


def _other_form(exchange: Exchange, actions: Actions) -> None:
    """A button that asks the same question again: for the documents' own words instead of prose, or the reverse."""
    answer = exchange.answer
    if not _has_other_form(answer):
        return
    if answer.model:
        label, icon = text("form.show_quoted"), ":material/format_quote:"
    else:
        seconds = last_writing_s()
        label = text("form.write_out_last" if seconds else "form.write_out", seconds=seconds)
        icon = ":material/edit_note:"
    asked = Asked(
        answer.question,
        alone=exchange.alone,
        typed=exchange.typed,
        instead_of=exchange.id,
        written=answer.model is None,
        as_before=True,
    )
    st.button(plain(label), key=f"other_form_{exchange.id}", icon=icon, on_click=actions.ask, args=(asked,))


def _has_other_form(answer: Answer) -> bool:
    """Whether asking for the other form gives another answer: not where nothing can be quoted, where a denial is always
    quoted, or where the chat model has just declined."""
    if answer.model:
        return answer.status == "answered" or answer.reason == "declined-by-model"
    has_declined = any(note.code == "chat-model-declined" for note in answer.notes)
    return can_write() and answer.status == "answered" and answer.reason is None and not has_declined


def _copying(exchange: Exchange) -> None:
    link = Copied(text("copy.link"), link_query(exchange), is_link=True)
    answer = Copied(text("copy.answer"), answer_with_references(exchange.answer))
    answered = exchange.answer.status == "answered"
    copy_buttons([answer, link] if answered else [link], key=f"copy_{exchange.id}")


def link_query(exchange: Exchange) -> str:
    """The query of an address that asks this question again, standing alone, with its filters."""
    filters = exchange.chosen
    pairs: list[tuple[str, object]] = [("q", exchange.answer.rewritten or exchange.answer.question)]
    for field in ("kind", "country", "mission", "organisation"):
        pairs += [(field, value) for value in getattr(filters, field)]
    pairs += [(field, getattr(filters, field)) for field in ("year_from", "year_to") if getattr(filters, field)]
    return urlencode(pairs)


def _details(answer: Answer) -> None:
    """How long the answer took, from which library, and the sentences behind a translation."""
    with st.popover(text("chat.details"), type="tertiary"):
        seconds = f"{answer.timings_ms.get('total', 0) / 1000:.1f}"
        st.text(text("chat.took", seconds=seconds, generation=answer.generation))
        if translated := [claim.original for claim in answer.claims if claim.original]:
            st.caption(text("chat.as_checked"))
            for original in translated:
                st.text(original)
