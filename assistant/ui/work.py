"""Work on the library in the background: it goes on when the page is left, and any page of the process sees it."""

import threading
from collections.abc import Callable

import streamlit as st

from assistant.errors import AssistantError
from assistant.library.reports import IngestReport, Listener, Progress

Task = Callable[[Listener], IngestReport]


class Work:
    """One piece of work at a time. `progress` while it runs; `report` or `error` of the last that ended."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._thread: threading.Thread | None = None
        self.progress: Progress | None = None
        self.report: IngestReport | None = None
        self.error: str | None = None

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, task: Task) -> bool:
        """Begin, unless something is under way; whether it began."""
        with self._mutex:
            if self.is_running:
                return False
            self.progress, self.report, self.error = None, None, None
            self._thread = threading.Thread(target=self._run, args=(task,), name="library work")
            self._thread.start()
            return True

    def wait(self) -> None:
        """Until what runs has ended."""
        if self._thread:
            self._thread.join()

    def forget(self) -> None:
        """Drop the outcome of the last work."""
        self.report, self.error = None, None

    def _run(self, task: Task) -> None:
        try:
            self.report = task(self._listen)
        except (AssistantError, OSError) as error:
            self.error = str(error)

    def _listen(self, progress: Progress) -> None:
        self.progress = progress


@st.cache_resource(show_spinner=False)
def work() -> Work:
    """The work of this process."""
    return Work()
