"""Reads the next files while the ones before are split and embedded, so that neither waits for the other.

Reading runs in the child process of `ReadingWorker`, embedding in this one; a thread between them keeps a few
documents ready and no more, for a long document with its boxes takes a hundred megabytes.
"""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.library.corpus import CorpusFile
from assistant.reading.isolation import ReadingWorker
from assistant.reading.names import as_named
from assistant.records import Document, Refusal
from assistant.settings import Settings

_READY = 4  # documents kept ready


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file, what became of it, and how long reading it took."""

    file: CorpusFile
    result: Document | Refusal
    seconds: float


@contextmanager
def reading_ahead(
    files: Sequence[CorpusFile], settings: Settings, *, ocr: bool = False
) -> Iterator[Iterator[ReadFile]]:
    """Iterate over what became of the files, in their order. Leaving the block ends the reading."""
    timeout_s = settings.ocr_timeout_s if ocr else settings.read_timeout_s
    worker = ReadingWorker(timeout_s, settings.read_memory_mb, settings.max_file_mb, ocr=ocr)
    with worker, ThreadPoolExecutor(1, "reading") as thread:
        waiting = deque(files)
        ready: deque[Future[ReadFile]] = deque()

        def results() -> Iterator[ReadFile]:
            while waiting or ready:
                while waiting and len(ready) < _READY:
                    ready.append(thread.submit(_read, worker, waiting.popleft()))
                yield ready.popleft().result()

        try:
            yield results()
        finally:
            thread.shutdown(wait=False, cancel_futures=True)
            worker.close()  # ends what is being read and no longer wanted


def _read(worker: ReadingWorker, file: CorpusFile) -> ReadFile:
    start = time.perf_counter()
    result = worker.read(file.path, as_named(file.source))
    return ReadFile(file, result, time.perf_counter() - start)
