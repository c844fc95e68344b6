"""The question's journey: understand, retrieve, read, compose, ground. The one module that knows all the rooms."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, Self

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answering.calibration import kept
from assistant.answering.chat_model import ChatModel
from assistant.answering.citations import answer_to_json
from assistant.answering.draft import Draft
from assistant.answering.extractive import compose
from assistant.answering.generative import Writer
from assistant.answering.second_hand import second_hand
from assistant.encoder import Encoder
from assistant.errors import LibraryMismatch, UsageError
from assistant.grounding import Judge
from assistant.library import Library
from assistant.query import typed_plainly, understand
from assistant.query.words import WORD
from assistant.reader import Reader
from assistant.reading.blocks.cleaning import clean
from assistant.records import Answer, Claim, Filters, Query, Quoted, Reading, StreamEvent, Turn, Writing
from assistant.retrieval import HybridRetriever
from assistant.settings import Settings

_NO_FILTERS = Filters()


class Assistant:
    """Answers questions from a library, each sentence cited. Models load with the first question, once.

    >>> assistant = Assistant.open(Settings())                                   # doctest: +SKIP
    >>> assistant.ask("What is vetting?").text                                   # doctest: +SKIP
    'Vetting is a formal check of the past conduct and the integrity of a person, ... [1]'
    """

    def __init__(self, library: Library, settings: Settings) -> None:
        self.library = library
        self._settings = settings
        self._loading = threading.Lock()
        self._opening = threading.Lock()
        self._writer: Writer | None = None

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """The assistant of the library that the settings name. Raises NoLibrary when there is none."""
        return cls(Library.open(settings.library), settings)

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters = _NO_FILTERS, written: bool = True
    ) -> Answer:
        """The answer to a question, or an abstention. `history` is oldest first; `written`: by the chat model of the
        settings, if they name one. Raises UsageError for an empty question, ModelError when the model cannot be loaded,
        LibraryError when the library cannot be read, and ChatModelError when the chat model cannot be opened; one that
        fails costs only a note."""
        *_, answer = self.stream(question, history, filters, written)
        assert isinstance(answer, Answer)  # the last event of every stream
        return answer

    def search(
        self, question: str, k: int = 10, history: Sequence[Turn] = (), filters: Filters = _NO_FILTERS
    ) -> list[Reading]:
        """The k passages that answer best, in the order in which the answer would use them. Raises as `ask`."""
        query = self._understood(question, history, filters)
        return self.reader.read(query, self.retriever.hits(query, max(k, self.retriever.candidates)))[:k]

    def stream(
        self, question: str, history: Sequence[Turn] = (), filters: Filters = _NO_FILTERS, written: bool = True
    ) -> Iterator[StreamEvent]:
        """The claims of an answer one by one, judged, and last the whole answer. Raises as `ask`.

        Where a chat model writes, first a `Quoted` comes when the documents' own words answer, to be read meanwhile, or
        an empty `Writing` when they do not. Then a `Writing` comes with each piece of text: show it behind the claims
        so far, in place of the `Writing` before. A `Claim` takes its place when the sentence has ended and is judged.
        In strict mode no other `Writing` comes, as nothing is shown that is not supported. What holds is the answer:
        its claims are those that came, in order, unless the model failed or found no answer and the documents' own
        words or an abstention take the place of what it wrote. Closing the generator stops the chat model:

            for event in assistant.stream(question):
                match event:
                    case Quoted(answer): show(answer)
                    case Writing(text): pending = text
                    case Claim(): claims, pending = [*claims, event], ""
                    case Answer(): answer = event
        """
        watch = _Stopwatch()
        with watch.measure("query"):
            query = self._understood(question, history, filters)
        with watch.measure("retrieve"):
            hits = self.retriever.hits(query)
        with watch.measure("read"):
            readings = self.reader.read(query, hits)
            parts = [(part, self.reader.read(part, self.retriever.hits(part))) for part in query.parts]
        with watch.measure("compose"):
            draft = compose(query, readings, self.library, parts)
        with watch.measure("ground"):
            draft = replace(draft, claims=self.judge.judged(draft.claims, draft.citations, self.library))
        if not written or not self._settings.chat_model:
            yield from draft.claims
        else:
            quoted = replace(self._answer(query, draft), timings_ms=watch.timings())
            yield Quoted(quoted) if draft.claims else Writing("")
            writer = self.writer  # may have to be loaded first, which is no part of the time that writing takes
            with watch.measure("write"), closing(writer.write(query, readings, draft)) as events:
                for event in events:
                    if isinstance(event, Draft):
                        draft = event
                        continue
                    if isinstance(event, Claim):
                        watch.note("first_sentence")
                    yield event
        yield replace(self._answer(query, draft), timings_ms=watch.timings())

    def as_runnable(self) -> Runnable[str | Mapping[str, Any], dict[str, Any]]:
        """As a LangChain runnable: takes a question, or {"question", "history", "filters"} with records as values,
        and gives the answer as the JSON of the contract."""

        def run(asked: str | Mapping[str, Any]) -> dict[str, Any]:
            given = {"question": asked} if isinstance(asked, str) else asked
            return answer_to_json(self.ask(**given))

        return RunnableLambda(run)

    @cached_property
    def encoder(self) -> Encoder:
        """The model that made the library. Raises ModelError, or LibraryMismatch when another one made it."""
        manifest = self.library.manifest
        encoder = Encoder.load(self._settings, manifest.precision)
        if encoder.identity != manifest.encoder:
            raise LibraryMismatch(
                f"The library was made with another model ({manifest.encoder}, not {encoder.identity}). Run "
                "`python ingest.py` to make its vectors anew (no file is read again), or name its model in SSR_ENCODER."
            )
        return encoder

    @cached_property
    def retriever(self) -> HybridRetriever:
        """Finds passages; usable by itself as a LangChain retriever."""
        with self._loading:
            return HybridRetriever(
                library=self.library, encoder=self.encoder, with_prepared=self._settings.prepared_questions
            )

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.retriever.encoder, self.library)

    @cached_property
    def judge(self) -> Judge:
        """Says of each claim whether what it cites supports it."""
        return Judge.load(self._settings, self.encoder)

    @property
    def writer(self) -> Writer:
        """Writes answers with the chat model that the settings name, which is opened once. Raises ChatModelError."""
        with self._opening:
            if self._writer is None:
                model = ChatModel.open(self._settings)
                calibration, strict = kept(self._settings), self._settings.strict
                self._writer = Writer(model, self.judge, self.encoder, self.library, calibration, strict)
            return self._writer

    @property
    def is_chat_model_open(self) -> bool:
        """Whether the next answer is written without loading the chat model first."""
        return self._writer is not None

    def _understood(self, question: str, history: Sequence[Turn], filters: Filters) -> Query:
        if not WORD.search(clean(question)):
            raise UsageError("The question is empty. Ask something.")
        self.library.refresh()
        return understand(question, history, filters, self.library)

    def _answer(self, query: Query, draft: Draft) -> Answer:
        return Answer(
            question=query.question,
            rewritten=query.text if query.text != typed_plainly(query.question) else None,
            status="answered" if draft.claims else "abstained",
            text=draft.text,
            claims=draft.claims,
            citations=draft.citations,
            nearest=draft.nearest,
            notes=(*draft.notes, *second_hand(query, draft.citations, self.library)),
            complete=draft.complete,
            generation=self.library.generation,
            model=self._settings.chat_model if draft.by_model else None,
            timings_ms={},
            reason=draft.reason,
        )


class _Stopwatch:
    """Milliseconds of each step of a question, and until a chat model's first sentence had been judged."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._steps = dict.fromkeys(("query", "retrieve", "read", "compose", "ground"), 0.0)

    @contextmanager
    def measure(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self._steps[step] = (time.perf_counter() - start) * 1000

    def note(self, moment: str) -> None:
        """When something came for the first time, since the question."""
        self._steps.setdefault(moment, (time.perf_counter() - self._start) * 1000)

    def timings(self) -> dict[str, float]:
        return {**self._steps, "total": (time.perf_counter() - self._start) * 1000}
