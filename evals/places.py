"""Where the right place comes when people ask in their own words, step by step.

    python -m evals retrieval --questions FILE.jsonl[.gz] [--library DIR] [--json]

Each line is `{"question", "gold": [{"source", "quote"}]}`; the place is found when a passage of that document comes
that holds the quote, or its beginning. A row of the table adds one step to the row above: the usual passage vectors
alone, with full text, with vectors of sentences, with what the catalogue knows of names, and the reader's order.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from tqdm import tqdm

from assistant import Assistant
from assistant.answering.citations import one_line
from assistant.errors import UsageError
from assistant.query import understand
from assistant.records import Filters, Query
from assistant.retrieval import fuse, question_vector, text_for_model
from assistant.settings import Settings
from evals.lines import read_lines
from evals.statistics import Figure, bootstrap, mean
from evals.tables import figures_table

DEPTH = 50
RANKS = (1, 5, 10, 50)
QUOTE = 60  # characters of a quote that a passage must hold


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the places that answer it: (source, quote)."""

    question: str
    gold: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, number: int, row: Mapping[str, Any]) -> Self:
        """Raises UsageError naming the line when a field is missing."""
        try:
            gold = tuple((str(place["source"]), str(place["quote"])) for place in row["gold"])
            return cls(str(row["question"]), gold)
        except (KeyError, TypeError) as error:
            raise UsageError(f"Line {number} must hold a question and gold places with source and quote.") from error


def load(path: Path) -> list[Asked]:
    """The questions that have a place. Raises UsageError when the file cannot be read."""
    asked = [Asked.of(number, row) for number, row in read_lines(path)]
    return [one for one in asked if one.gold]


class Steps:
    """The steps of finding, each giving passage ids, best first."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._library = assistant.library
        assistant.reader  # noqa: B018  # loads the models, so that no step is charged for it

    def rankings(self, question: str) -> Iterator[tuple[str, list[str], float]]:
        """Name of the step, its ranking, and the milliseconds that it took."""
        query = understand(question, (), Filters(), self._library)
        yield _timed("passage vectors", lambda: self._dense(query))
        yield _timed("+ full text", lambda: _ids(fuse([self._dense(query), self._words(query)])))
        yield _timed(
            "+ sentence vectors",
            lambda: _ids(fuse([self._dense(query), self._sentences(query), self._words(query)])),
        )
        yield _timed("+ names", lambda: [hit.passage.id for hit in self._assistant.retriever.hits(query, DEPTH)])
        yield _timed("+ reader", lambda: [read.passage.id for read in self._assistant.search(question, DEPTH)])

    def _dense(self, query: Query) -> list[str]:
        vector = question_vector(self._assistant.embedding, text_for_model(query))
        return [key for key, _ in self._library.nearest(vector, DEPTH)]

    def _sentences(self, query: Query) -> list[str]:
        vector = question_vector(self._assistant.embedding, text_for_model(query))
        found = self._library.nearest_sentences(vector, 2 * DEPTH)
        return list(dict.fromkeys(key for key, _, _ in found))[:DEPTH]

    def _words(self, query: Query) -> list[str]:
        return [key for key, _ in self._library.full_text([*query.terms, *query.expansions], DEPTH)]


def evaluate(asked: Sequence[Asked], settings: Settings) -> dict[str, dict[str, Any]]:
    """By step: recall@1, 5, 10 and 50 as figures clustered by document, and the median of its milliseconds."""
    assistant = Assistant.open(settings)
    steps = Steps(assistant)
    ranks: dict[str, list[int | None]] = {}
    spent: dict[str, list[float]] = {}
    for one in tqdm(asked, unit="question"):
        gold = gold_passages(one, assistant)
        for name, found, milliseconds in steps.rankings(one.question):
            places = [rank for rank, key in enumerate(found[:DEPTH], 1) if key in gold]
            ranks.setdefault(name, []).append(min(places, default=None))
            spent.setdefault(name, []).append(milliseconds)
    clusters = [one.gold[0][0] for one in asked]
    return {
        name: {f"recall@{k}": _recall(of_step, k, clusters) for k in RANKS} | {"ms": float(np.median(spent[name]))}
        for name, of_step in ranks.items()
    }


def _recall(ranks: Sequence[int | None], k: int, clusters: Sequence[str]) -> Figure:
    return bootstrap(mean([float(rank is not None and rank <= k) for rank in ranks]), list(clusters))


def gold_passages(asked: Asked, assistant: Assistant) -> set[str]:
    """Passages that hold a gold quote. Raises UsageError when none does."""
    found = {
        passage.id
        for source, quote in asked.gold
        for passage in assistant.library.passages_of(source)
        if one_line(quote)[:QUOTE] in one_line(passage.text)
    }
    if not found:
        raise UsageError(f"No passage of {asked.gold[0][0]} holds “{asked.gold[0][1][:QUOTE]}”.")
    return found


def _ids(fused: Sequence[tuple[str, float]]) -> list[str]:
    return [key for key, _ in fused][:DEPTH]


def _timed(name: str, step: Callable[[], list[str]]) -> tuple[str, list[str], float]:
    question_vector.cache_clear()
    start = time.perf_counter()
    found = step()
    return name, found, 1000 * (time.perf_counter() - start)


def as_table(figures: Mapping[str, Mapping[str, Any]], count: int) -> str:
    """Recall by step, and what a step costs with those above it."""
    rows = {
        f"{name} ({of_step['ms']:.0f} ms)": {k: v for k, v in of_step.items() if isinstance(v, Figure)}
        for name, of_step in figures.items()
    }
    return figures_table(f"{count} questions", rows)
