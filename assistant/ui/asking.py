"""A question being answered: what is going on, what has been written so far, and a button that stops it.

The assistant works in a thread of its own. The page looks in ten times a second, and each look is a moment at which
Streamlit can end this run of the page, because somebody pressed "Stop" or left; then the stream is closed, and with
it the connection to a chat model.
"""

import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing

import streamlit as st

from assistant.assistant import Assistant
from assistant.records import Answer, Claim, Filters, StreamEvent, Turn, Writing
from assistant.retrieval import CANDIDATES
from assistant.ui.languages import text
from assistant.ui.plain import plain

_LOOK_S = 0.1


def watched(events: Iterator[StreamEvent]) -> Generator[StreamEvent | None, None, None]:
    """The events of a stream, and None each tenth of a second while none comes. Closing it closes the stream as soon
    as that gives its next event. What the stream raises is raised here."""
    arrived: queue.SimpleQueue[StreamEvent | Exception | None] = queue.SimpleQueue()
    stopped = threading.Event()

    def work() -> None:
        try:
            for event in events:
                if stopped.is_set():
                    break
                arrived.put(event)
        except Exception as error:  # noqa: BLE001  # whatever it is, the page's own thread deals with it
            arrived.put(error)
        finally:
            if isinstance(events, Generator):
                events.close()
            arrived.put(None)

    threading.Thread(target=work, name="question", daemon=True).start()
    try:
        yield from _until_the_end(arrived)
    finally:
        stopped.set()


def _until_the_end(
    arrived: "queue.SimpleQueue[StreamEvent | Exception | None]",
) -> Iterator[StreamEvent | None]:
    while True:
        try:
            event = arrived.get(timeout=_LOOK_S)
        except queue.Empty:
            yield None
            continue
        if isinstance(event, Exception):
            raise event
        if event is None:
            return
        yield event


def ask_on_page(
    assistant: Assistant,
    question: str,
    history: Sequence[Turn],
    filters: Filters,
    on_stop: Callable[[], None],
    key: str,
) -> Answer:
    """Draw the work and return its answer; `key` is used once in a run of the page. Raises as `Assistant.ask`."""
    searching = _searching(assistant, filters)
    claims: list[Claim] = []
    pending = ""
    working = st.empty()  # made anew for each change: `update` would take away what stands in a status
    working.status(searching)
    st.button(text("chat.stop"), key=key, icon=":material/stop_circle:", on_click=on_stop)
    written = st.empty()
    with closing(watched(assistant.stream(question, history, filters))) as events:
        for event in events:
            match event:
                case Writing():
                    pending = event.text
                case Claim():
                    claims, pending = [*claims, event], ""
                case Answer():
                    return event
            # Streamlit ends a run only where something is drawn: also while nothing is written yet.
            working.status(text("chat.writing", claims=len(claims)) if claims or pending else searching)
            if claims or pending:
                written.text(_so_far(claims, pending))
    raise AssertionError("a stream ends with its answer")


def _searching(assistant: Assistant, filters: Filters) -> str:
    """How much is searched and read, in the numbers of this library."""
    allowed = assistant.library.select(filters)
    documents = assistant.library.documents()
    searched = [info for info in documents if allowed is None or info.source in allowed]
    passages = min(CANDIDATES, sum(info.passages for info in searched))
    return plain(text("chat.working", documents=len(searched), passages=passages))


def _so_far(claims: Sequence[Claim], pending: str) -> str:
    """The sentences so far; one that its sources do not support says so at once."""
    lines = [
        f"{claim.text} ({text('support.unsupported_mark')})" if claim.supported is False else claim.text
        for claim in claims
    ]
    return "\n".join([*lines, f"{pending} …"] if pending else lines)
