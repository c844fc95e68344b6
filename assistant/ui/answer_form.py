"""Quoted or written: where a chat model is set, each question may be answered in either form.

Quoted are the documents' own words, at once; written is the prose of the chat model, which may take long. So the page
says how long it took the last time.
"""

from typing import Literal, get_args

import streamlit as st

from assistant.records import Answer
from assistant.settings import Settings
from assistant.ui.conversations import Conversation
from assistant.ui.languages import text
from assistant.ui.plain import plain

Form = Literal["quoted", "written"]


def can_write() -> bool:
    """Whether there is a chat model to choose."""
    return bool(Settings().chat_model)


def is_written_chosen() -> bool:
    """Whether the chat model writes the next answer; so it does until somebody chooses otherwise."""
    form: Form = st.session_state.get("answer_form", "written")
    return form == "written"


def choose_form() -> None:
    """Draw the choice over the box for questions, where there is one. Choosing disturbs nothing that goes on: it holds
    for the next question."""
    if not can_write():
        return
    forms: tuple[Form, ...] = get_args(Form)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="form"):
        st.radio(
            text("form.label"),
            forms,
            index=forms.index("written"),
            format_func=lambda form: text(f"form.{form}"),
            key="answer_form",
            horizontal=True,
            label_visibility="collapsed",
            width="content",
            on_change="ignore",
            persist_state="session",
        )
        if seconds := last_writing_s():
            st.caption(plain(text("form.last_time", seconds=seconds)), width="content")


def note_writing(answer: Answer) -> None:
    """Remember how long a chat model took."""
    if seconds := _writing_s(answer):
        st.session_state.writing_s = seconds


def last_writing_s() -> int | None:
    """Seconds that the chat model took for the last answer of this session, or of the conversation that is open."""
    if "writing_s" in st.session_state:
        return int(st.session_state.writing_s)
    conversation: Conversation | None = st.session_state.get("conversation")
    exchanges = reversed(conversation.exchanges) if conversation else ()
    return next(filter(None, (_writing_s(exchange.answer) for exchange in exchanges)), None)


def _writing_s(answer: Answer) -> int | None:
    """At least 1; None for an answer that the chat model of now did not write."""
    if answer.model is None or answer.model != Settings().chat_model or "write" not in answer.timings_ms:
        return None
    return max(1, round(answer.timings_ms["write"] / 1000))
