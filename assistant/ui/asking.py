"""A question being answered, as it is drawn: what is going on, what has come so far, and a button that stops it.

Until the documents' own words stand, the run of the page looks in ten times a second; each look is a moment at which
Streamlit can end the run, because somebody pressed "Stop" or something else. While a chat model writes after that,
which may take long, the run is over: a part of the page looks in by itself, so that sources can be opened and read.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from time import monotonic

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant.assistant import Assistant
from assistant.records import Answer, Claim, Filters, Turn
from assistant.retrieval import CANDIDATES
from assistant.ui.answer_form import last_writing_s
from assistant.ui.answer_view import show_answer
from assistant.ui.conversations import Conversation, Exchange
from assistant.ui.languages import text
from assistant.ui.plain import plain
from assistant.ui.turn import Asked
from assistant.ui.typed_filters import both, typed_filters
from assistant.ui.underway import Progress, Underway
from assistant.ui.viewer import open_citation

_LOOK_S = 0.1
_LOOK_AT_WRITING_S = 0.3


def is_answered(
    asked: Asked, conversation: Conversation, chosen: Filters, assistant: Assistant, on_stop: Callable[[], None]
) -> bool:
    """Draw how a question is answered. Whether the answer is there; else a chat model writes it, and the page runs
    again when that has ended. Raises as `Assistant.ask`.

    It is looked for within the filters that the question states, and where those leave nothing, without them. It goes
    on from an earlier run of the page that asked the same.
    """
    before = _exchange_before(asked, conversation)
    chosen = before.chosen if before else chosen
    history = [] if asked.alone else _history(asked, conversation)
    standing = before.answer if before and before.answer.model is None else None
    work: Underway | None = st.session_state.get("underway")
    if work is None or work.is_given_up or (work.asked, work.chosen) != (asked, chosen):
        typed = typed_filters(asked.question, chosen, assistant.library) if asked.typed is None else asked.typed
        work = _begin(asked, chosen, typed, history, assistant)
    answer = _followed(work, assistant, on_stop, "first", standing)
    if answer and answer.status == "abstained" and work.typed != Filters() and asked.typed is None:
        work = _begin(asked, chosen, Filters(), history, assistant)
        answer = _followed(work, assistant, on_stop, "wider")
    return answer is not None


def _begin(asked: Asked, chosen: Filters, typed: Filters, history: Sequence[Turn], assistant: Assistant) -> Underway:
    """Set a question going, in the place of what was under way."""
    before: Underway | None = st.session_state.get("underway")
    if before:
        before.stop()
    events = assistant.stream(asked.question, history, both(chosen, typed), written=asked.written is not False)
    st.session_state.underway = work = Underway(asked, chosen, typed, events)
    return work


def _exchange_before(asked: Asked, conversation: Conversation) -> Exchange | None:
    """The exchange whose question is asked again as it was."""
    same = (exchange for exchange in conversation.exchanges if exchange.id == asked.instead_of)
    return next(same, None) if asked.as_before else None


def _history(asked: Asked, conversation: Conversation) -> list[Turn]:
    """What a question may go on from: all but the exchange whose place its answer takes, and for a question that is
    asked as before, nothing after that."""
    earlier: Iterable[Exchange] = conversation.exchanges
    if asked.as_before:
        earlier = takewhile(lambda exchange: exchange.id != asked.instead_of, earlier)
    return [Turn(one.answer.question, one.answer.text) for one in earlier if one.id != asked.instead_of]


# How it is drawn


def _followed(
    work: Underway, assistant: Assistant, on_stop: Callable[[], None], key: str, standing: Answer | None = None
) -> Answer | None:
    """The answer, drawn until it is there; None from when a chat model writes. `key` is used once in a run of the page.
    `standing`: the quoted answer, where it stood before."""
    place = st.empty()
    with place.container():
        quoted = st.empty()
        if standing:
            _show_quoted(quoted, standing, key)
        at_work = st.empty()
        with at_work.container(), _row():
            doing = st.empty()  # made anew for each change: `update` would take away what stands in a status
            _stop_button(on_stop, f"stop_{key}")
        searching = _searching(assistant, both(work.chosen, work.typed))
        progress = work.look()
        while progress.model_since is None and not work.has_ended:
            doing.status(searching)  # Streamlit ends a run only where something is drawn
            progress = work.look(_LOOK_S)
        if progress.answer is None:
            at_work.empty()
            if progress.quoted and not standing:
                _show_quoted(quoted, progress.quoted, key)
            _watch_writing(work, assistant, on_stop, f"stop_writing_{key}")
            return None
    place.empty()
    return progress.answer


@st.fragment(run_every=_LOOK_AT_WRITING_S)
def _watch_writing(work: Underway, assistant: Assistant, on_stop: Callable[[], None], key: str) -> None:
    """What a chat model does, and its sentences as they come; when that has ended, the whole page runs again."""
    if work.has_ended:
        st.rerun()
    progress = work.look()
    with _row():
        st.status(_doing(progress, assistant))
        _stop_button(on_stop, key)
    if progress.is_being_written:
        st.text(_so_far(progress.claims, progress.pending))


def _show_quoted(place: DeltaGenerator, answer: Answer, key: str) -> None:
    """The answer in the documents' own words; its sources can be opened while a chat model writes."""
    citations = {citation.number: citation for citation in answer.citations}
    with place.container():
        st.caption(text("form.meanwhile"))
        show_answer(answer, f"meanwhile_{key}", lambda number: open_citation(citations[number]))


def _row() -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center")


def _stop_button(on_stop: Callable[[], None], key: str) -> None:
    st.button(text("chat.stop"), key=key, icon=":material/stop_circle:", on_click=on_stop)


def _searching(assistant: Assistant, filters: Filters) -> str:
    """How much is searched and read, in the numbers of this library."""
    allowed = assistant.library.select(filters)
    documents = assistant.library.documents()
    searched = [info for info in documents if allowed is None or info.source in allowed]
    passages = min(CANDIDATES, sum(info.passages for info in searched))
    return plain(text("chat.working", documents=len(searched), passages=passages))


def _doing(progress: Progress, assistant: Assistant) -> str:
    """What a chat model does, and for how many seconds: in the page's own words alone, so that nothing is marked up."""
    seconds = int(monotonic() - (progress.model_since or monotonic()))
    last = last_writing_s()
    if progress.is_being_written:
        return text("form.writing", claims=len(progress.claims), seconds=seconds)
    if not assistant.is_chat_model_open:
        return text("form.loading", seconds=seconds)
    return text("form.reading_last" if last else "form.reading", seconds=seconds, last=last)


def _so_far(claims: Sequence[Claim], pending: str) -> str:
    """The sentences so far; one that its sources do not support says so at once."""
    lines = [
        f"{claim.text} ({text('support.unsupported_mark')})" if claim.supported is False else claim.text
        for claim in claims
    ]
    return "\n".join([*lines, f"{pending} …"] if pending else lines)
