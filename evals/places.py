"""Where the right place comes for questions that other people wrote, step by step.

    python -m evals retrieval --questions FILE.jsonl ... [--library DIR] [--json]

The files are read as `questions.py` says. A row of the table adds one step to the row above: the usual passage vectors
alone, with full text, with vectors of sentences, with documents, paragraphs and terms that the question names, and the
reader's order; last the same with the prepared questions of the library. Questions without a place of their own (`best`
sections only) are measured by the key facts that the first passages hold.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from tqdm import tqdm

from assistant import Assistant
from assistant.query import understand
from assistant.records import Filters, Passage, Query
from assistant.retrieval import encoded_question, fuse
from assistant.settings import Settings
from evals.questions import Question
from evals.statistics import Figure, bootstrap, mean
from evals.tables import figures_table

DEPTH = 50
RANKS = (1, 5, 10, 50)
OF_PAGES = (1, 5)
OF_FACTS = (1, 3)


class Steps:
    """The steps of finding, each giving passages, best first."""

    def __init__(self, settings: Settings) -> None:
        self._assistant = Assistant.open(settings.model_copy(update={"prepared_questions": False}))
        self._with_prepared = Assistant.open(settings.model_copy(update={"prepared_questions": True}))
        self._library = self._assistant.library
        self._has_prepared = bool(self._library.prepared_questions())
        self._assistant.search("Which models are loaded before any step is timed?")

    def rankings(self, asked: Question) -> Iterator[tuple[str, list[Passage], float]]:
        """Name of the step, its ranking, and the milliseconds that it took."""
        query = understand(asked.question, asked.history, Filters(), self._library)
        yield self._timed("passage vectors", lambda: self._dense(query))
        yield self._timed("+ full text", lambda: _ids(fuse([self._dense(query), self._words(query)])))
        yield self._timed(
            "+ sentence vectors",
            lambda: _ids(fuse([self._dense(query), self._sentences(query), self._words(query)])),
        )
        yield self._timed("+ symbols", lambda: [hit.passage.id for hit in self._assistant.retriever.hits(query, DEPTH)])
        yield self._timed("+ reader", lambda: self._read(self._assistant, asked))
        if self._has_prepared:
            yield self._timed("+ prepared questions", lambda: self._read(self._with_prepared, asked))

    def _dense(self, query: Query) -> list[str]:
        vector = encoded_question(self._assistant.encoder, query.text).vector
        return [key for key, _ in self._library.nearest(vector, DEPTH)]

    def _sentences(self, query: Query) -> list[str]:
        vector = encoded_question(self._assistant.encoder, query.text).vector
        found = self._library.nearest_sentences(vector, 2 * DEPTH)
        return list(dict.fromkeys(key for key, _, _ in found))[:DEPTH]

    def _words(self, query: Query) -> list[str]:
        return [key for key, _ in self._library.full_text([*query.terms, *query.expansions], DEPTH)]

    def _read(self, assistant: Assistant, asked: Question) -> list[str]:
        return [reading.passage.id for reading in assistant.search(asked.question, DEPTH, asked.history)]

    def _timed(self, name: str, step: Callable[[], list[str]]) -> tuple[str, list[Passage], float]:
        encoded_question.cache_clear()
        start = time.perf_counter()
        found = step()
        milliseconds = 1000 * (time.perf_counter() - start)
        return name, self._library.passages(found[:DEPTH]), milliseconds


def evaluate(questions: Sequence[Question], settings: Settings) -> dict[str, dict[str, Any]]:
    """By step: recall of the place and of its page at several depths, the share of key facts in the first passages, as
    figures clustered by document; and the median and 95th percentile of its milliseconds."""
    steps = Steps(settings)
    asked = [question for question in questions if question.answerable]
    values: dict[str, dict[str, list[tuple[str, float]]]] = {}
    spent: dict[str, list[float]] = {}
    for question in tqdm(asked, unit="question"):
        for name, found, milliseconds in steps.rankings(question):
            spent.setdefault(name, []).append(milliseconds)
            of_step = values.setdefault(name, {})
            for measure, value in _measured(question, found):
                of_step.setdefault(measure, []).append((question.document, value))
    return {
        name: {
            measure: bootstrap(mean([value for _, value in rows]), [document for document, _ in rows])
            for measure, rows in of_step.items()
        }
        | {"ms": float(np.median(spent[name])), "ms_p95": float(np.percentile(spent[name], 95))}
        for name, of_step in values.items()
    }


def _measured(question: Question, found: Sequence[Passage]) -> Iterator[tuple[str, float]]:
    """(measure, value) of one question; a question without gold places has none of the recalls."""
    if question.gold:
        rank, of_page = question.rank(found), question.rank_of_page(found)
        yield from ((f"recall@{k}", float(rank is not None and rank <= k)) for k in RANKS)
        yield from ((f"page@{k}", float(of_page is not None and of_page <= k)) for k in OF_PAGES)
    for k in OF_FACTS:
        held = question.facts_held("\n".join(passage.text for passage in found[:k]))
        if held is not None:
            yield f"facts@{k}", held


def _ids(fused: Sequence[tuple[str, float]]) -> list[str]:
    return [key for key, _ in fused][:DEPTH]


def as_table(figures: Mapping[str, Mapping[str, Any]], count: int) -> str:
    """The figures by step, and what a step costs with those above it."""
    rows = {
        f"{name} ({of_step['ms']:.0f} ms)": {k: v for k, v in of_step.items() if isinstance(v, Figure)}
        for name, of_step in figures.items()
    }
    return figures_table(f"{count} questions", rows)
