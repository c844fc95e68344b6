"""A question being answered in a thread of its own, whatever the page does meanwhile.

Streamlit runs a page anew at every click. What has come of an answer is kept here, so that the next run goes on where
the one before was, and no click costs the work of a chat model. When it is stopped, or when nobody has looked for a
while because the page was left, the stream is closed as soon as it gives its next event, and with it the connection to
a chat model.
"""

import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from time import monotonic

from assistant.errors import ChatModelError
from assistant.records import Answer, Claim, Filters, NoteOnAnswer, Quoted, StreamEvent, Writing
from assistant.ui.turn import Asked

_LEFT_S = 20.0  # a page that lost its connection is back within seconds


@dataclass(frozen=True, slots=True)
class Progress:
    """What has come of an answer. `model_since`: when it became a chat model's turn (monotonic seconds), None before
    and without one. `claims` and `pending`: what that has written so far."""

    model_since: float | None = None
    quoted: Answer | None = None
    claims: tuple[Claim, ...] = ()
    pending: str = ""
    answer: Answer | None = None

    @property
    def is_being_written(self) -> bool:
        return bool(self.claims or self.pending)


class Underway:
    """A question under way: what was asked, within which filters, and how far its answer has come."""

    def __init__(self, asked: Asked, chosen: Filters, typed: Filters, events: Iterator[StreamEvent]) -> None:
        self.asked = asked
        self.chosen = chosen
        self.typed = typed
        self.progress = Progress()
        self._error: Exception | None = None
        self._news = threading.Event()
        self._given_up = threading.Event()
        self._looked = monotonic()
        threading.Thread(target=self._work, args=(events,), name="question", daemon=True).start()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.progress.answer is not None or self._error is not None or self.is_given_up

    @property
    def is_given_up(self) -> bool:
        """Whether it was stopped, or left for so long that it ended by itself."""
        return self._given_up.is_set()

    def look(self, wait_s: float = 0.0) -> Progress:
        """What has come so far; something new is waited for, up to `wait_s`. Raises what the stream raised."""
        self._looked = monotonic()
        self._news.wait(wait_s)
        self._news.clear()
        if self._error:
            raise self._error
        return self.progress

    def stop(self) -> None:
        """Have the stream closed as soon as it gives its next event."""
        self._given_up.set()

    def _work(self, events: Iterator[StreamEvent]) -> None:
        try:
            for event in events:
                self._take(event)
                if self.is_given_up:
                    break
        except ChatModelError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001  # whatever it is, the page's own thread deals with it
            self._error = error
        finally:
            if isinstance(events, Generator):
                events.close()
            self._news.set()

    def _take(self, event: StreamEvent) -> None:
        now = monotonic()
        match event:
            case Quoted():
                self.progress = Progress(now, quoted=event.answer)
            case Writing():
                since = now if self.progress.model_since is None else self.progress.model_since
                self.progress = replace(self.progress, model_since=since, pending=event.text)
            case Claim():
                self.progress = replace(self.progress, claims=(*self.progress.claims, event), pending="")
            case Answer():
                self.progress = replace(self.progress, answer=event)
        if self.progress.answer is None and now - self._looked > _LEFT_S:
            self.stop()
        self._news.set()

    def _fail(self, error: ChatModelError) -> None:
        """A chat model that cannot be opened costs only a note where the documents' own words answer."""
        quoted = self.progress.quoted
        if quoted is None:
            self._error = error
            return
        note = NoteOnAnswer("chat-model-failed", str(error))
        self.progress = replace(self.progress, answer=replace(quoted, notes=(*quoted.notes, note)))
