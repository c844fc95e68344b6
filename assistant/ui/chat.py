"""The chat: a question, an answer made of cited sentences, and the passages behind it."""

import streamlit as st

from assistant.assistant import Assistant
from assistant.errors import AssistantError, NoLibrary
from assistant.records import Answer, Filters, Turn
from assistant.settings import Settings
from assistant.ui.answer_view import show_answer
from assistant.ui.filters import choose_filters
from assistant.ui.languages import text
from assistant.ui.viewer import open_viewer

EXAMPLES = (
    "What is security sector reform?",
    "How were police officers vetted in Liberia?",
    "What did the United Nations do about the police in Kosovo?",
    "Why does national ownership matter?",
)
_QUESTION_CHARACTERS = 1000


@st.cache_resource(show_spinner=False)
def open_assistant() -> Assistant:
    """One assistant for the whole process: models load once, the library moves on by itself."""
    return Assistant.open(Settings())


def page() -> None:
    """Draw the conversation and answer what is asked."""
    st.title(text("chat.heading"))
    try:
        assistant = open_assistant()
        assistant.library.refresh()
    except NoLibrary:
        _no_library()
        return
    except AssistantError as error:
        st.error(str(error))
        return
    filters = choose_filters(assistant.library)
    st.sidebar.caption(text("sidebar.about"))
    conversation: list[Answer] = st.session_state.setdefault("conversation", [])
    if conversation:
        st.sidebar.button(text("chat.new"), on_click=conversation.clear)
    else:
        _welcome(assistant)
    for index, answer in enumerate(conversation):
        _turn(answer, index, assistant)
    asked = st.chat_input(text("chat.placeholder"), max_chars=_QUESTION_CHARACTERS)
    question = asked or st.session_state.pop("example", None)
    if question:
        _ask(question, assistant, filters, conversation)


def _ask(question: str, assistant: Assistant, filters: Filters, conversation: list[Answer]) -> None:
    with st.chat_message("user"):
        st.text(question)
    history = [Turn(answer.question, answer.text) for answer in conversation]
    documents = len(assistant.library.documents())
    try:
        with st.spinner(text("chat.working", documents=documents)):
            conversation.append(assistant.ask(question, history, filters))
    except AssistantError as error:
        st.error(text("chat.failed", message=str(error)))
    else:
        st.rerun()


def _turn(answer: Answer, index: int, assistant: Assistant) -> None:
    with st.chat_message("user"):
        st.text(answer.question)
    with st.chat_message("assistant"):
        if answer.rewritten and answer.rewritten != answer.question:
            st.text(text("chat.understood", question=answer.rewritten))
        if answer.status == "abstained":
            _abstention(answer, index)
        else:
            _answered(answer, index, assistant)
        for note in answer.notes:
            st.info(note.message)
        if not answer.complete:
            st.warning(text("chat.incomplete"))
        seconds = f"{answer.timings_ms.get('total', 0) / 1000:.1f}"
        st.caption(text("chat.took", seconds=seconds, generation=answer.generation))


def _answered(answer: Answer, index: int, assistant: Assistant) -> None:
    opened = show_answer(answer, key=f"answer_{index}")
    citations = {citation.number: citation for citation in answer.citations}
    with st.expander(text("chat.sources")):
        for citation in answer.citations:
            where = text("chat.page", page=citation.page_label or citation.page)
            parts = [citation.title or citation.source, citation.symbol, citation.publisher, citation.year, where]
            st.text(f"[{citation.number}] " + ", ".join(str(part) for part in parts if part))
    if opened in citations:
        open_viewer(citations[opened], assistant.library, Settings().corpus)


def _abstention(answer: Answer, index: int) -> None:
    st.container(key=f"abstention_{index}").text(answer.text)
    if answer.nearest:
        st.caption(text("chat.nearest"))
        for near in answer.nearest:
            where = text("chat.page", page=near.page)
            st.text(f"{near.title or near.source}, {where}\n{' '.join(near.quote.split())}")


def _welcome(assistant: Assistant) -> None:
    documents = assistant.library.documents()
    st.write(text("chat.intro"))
    pages = sum(info.pages for info in documents)
    st.write(text("chat.library_line", documents=len(documents), pages=pages))
    st.caption(text("chat.examples"))

    def ask(question: str) -> None:
        st.session_state.example = question

    for example in EXAMPLES:
        st.button(example, on_click=ask, args=(example,), width="stretch")


def _no_library() -> None:
    st.warning(text("chat.no_library"))
    st.text(text("chat.no_library_help", corpus=str(Settings().corpus)))
