"""Thumbs under an answer, and what was wrong with it, for the queue of the evaluation."""

from collections.abc import Callable, Sequence

import streamlit as st

from assistant.records import Filters, Turn
from assistant.settings import Settings
from assistant.ui.conversations import Exchange
from assistant.ui.languages import text
from assistant.ui.logbook import Fault, Feedback, Thumb, write_feedback
from assistant.ui.plain import plain

_FAULTS: tuple[Fault, ...] = (
    "wrong-source",
    "not-supported",
    "outdated",
    "should-have-abstained",
    "should-have-answered",
)
_COMMENT_CHARACTERS = 1000


def ask_for_feedback(
    exchange: Exchange, history: Sequence[Turn], filters: Filters, on_rated: Callable[[Thumb], None]
) -> None:
    """Draw the thumbs. A thumb down is written at once, and again with what was wrong when that is sent: of one
    answer's judgements the queue counts the last."""
    if exchange.rated:
        st.caption(text(f"feedback.thanks_{exchange.rated}"))
        return

    def is_written(thumb: Thumb, reason: Fault | None = None, comment: str = "") -> bool:
        feedback = Feedback(exchange.id, exchange.answer, history, filters, thumb, reason, comment)
        try:
            write_feedback(Settings().state, feedback)
        except OSError as error:
            st.warning(plain(text("feedback.failed", message=str(error))))
            return False
        return True

    def send(reason: Fault | None, comment: str) -> None:
        if is_written("down", reason, comment):
            on_rated("down")

    key = f"thumb_{exchange.id}"

    def note_a_thumb_down() -> None:
        if st.session_state[key] == 0:
            is_written("down")

    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(text("feedback.question"), width="content")
        thumb = st.feedback("thumbs", key=key, on_change=note_a_thumb_down)
    if thumb == 1 and is_written("up"):
        on_rated("up")
    elif thumb == 0:
        _what_was_wrong(exchange.id, send)


def _what_was_wrong(key: str, send: Callable[[Fault | None, str], None]) -> None:
    with st.form(f"fault_{key}"):
        reason = st.selectbox(
            text("feedback.reason"), _FAULTS, index=None, format_func=_in_words, placeholder=text("feedback.choose")
        )
        comment = st.text_area(text("feedback.comment"), max_chars=_COMMENT_CHARACTERS)
        if st.form_submit_button(text("feedback.send")):
            send(reason, comment.strip())


def _in_words(fault: Fault) -> str:
    return text(f"feedback.{fault.replace('-', '_')}")
