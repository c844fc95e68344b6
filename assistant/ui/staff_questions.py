"""What staff see of prepared questions: those that they have added, those that a chat model proposes, what waits."""

from collections.abc import Callable, Sequence

import streamlit as st

from assistant.errors import AssistantError, LibraryError
from assistant.library import Library
from assistant.library.prepared import PreparedQuestion, prepared_questions
from assistant.library.question_files import keep_prepared_question, proposed_questions, staff_questions
from assistant.settings import Settings
from assistant.ui.languages import text
from assistant.ui.plain import plain

_MOST_SHOWN = 50  # of each list

_Action = Callable[[PreparedQuestion], None]


def show_questions(settings: Settings) -> None:
    """Both lists, newest first, and how many changes wait for the next update of the library."""
    added, proposed = staff_questions(settings.corpus), proposed_questions(settings.state)

    def accept(one: PreparedQuestion) -> None:
        with Library.open(settings.library) as library:
            keep_prepared_question(settings.corpus, library, one)
        proposed.remove(one)

    st.write(text("questions.help"))
    if refused := st.session_state.pop("question_refused", None):
        st.error(plain(refused))
    try:
        if waiting := _waiting(settings):
            st.info(text("questions.waiting", count=waiting))
        if new := proposed.questions():
            st.subheader(text("questions.proposed", count=len(new)))
            st.caption(text("questions.proposed_help"))
            _list(new, {"accept": accept, "drop": proposed.remove})
        kept = added.questions()
        st.subheader(text("questions.added", count=len(kept)))
        _list(kept, {"remove": added.remove})
    except LibraryError as error:
        st.error(plain(str(error)))


def _waiting(settings: Settings) -> int:
    """How many prepared questions of the corpus are not in the library as they stand there, or not any more."""
    now = {one.question: one for one in prepared_questions(settings.corpus)[0]}
    try:
        with Library.open(settings.library) as library:
            held = {one.question: one for one in library.prepared_questions()}
    except LibraryError:
        held = {}
    return sum(now.get(question) != held.get(question) for question in now.keys() | held.keys())


def _list(questions: Sequence[PreparedQuestion], actions: dict[str, _Action]) -> None:
    """Each question with its document and quote, and a button for each action."""
    for number, one in enumerate(reversed(questions[-_MOST_SHOWN:])):
        with st.container(border=True):
            st.markdown(f"**{plain(one.question)}**")
            st.caption(plain(one.source))
            st.text(one.quote)
            with st.container(horizontal=True):
                for name, action in actions.items():
                    st.button(text(f"questions.{name}"), key=f"{name}_{number}", on_click=_do, args=(action, one))
    if len(questions) > _MOST_SHOWN:
        st.caption(text("questions.more", count=len(questions) - _MOST_SHOWN))


def _do(action: _Action, one: PreparedQuestion) -> None:
    """Carry out what was pressed; what is refused is said by the next run of the page."""
    try:
        action(one)
    except AssistantError as error:
        st.session_state.question_refused = str(error)
