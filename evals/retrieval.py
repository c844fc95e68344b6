"""Retrieval on a collection in BEIR's layout: dense, full text, both fused, and with the reader.

    python -m evals retrieval --beir DIR [--precision float32] [--json]
    python -m evals retrieval --questions FILE.jsonl ... [--library DIR] [--json]      (see places.py)

DIR holds `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`) and `qrels/test.tsv`. Each
document is one passage of a temporary library and is searched with the assistant's own code. Dense alone equals
sentence-transformers' own evaluator on the same weights: nothing is lost on the way.
"""

import argparse
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

from assistant.encoder import Encoder
from assistant.errors import UsageError
from assistant.library import Library
from assistant.query import understand
from assistant.reader import Reader
from assistant.records import Filters, Query
from assistant.retrieval import CANDIDATES, HybridRetriever
from assistant.settings import Settings
from evals import places, questions
from evals.judge import to_json
from evals.lines import read_lines
from evals.ready_made import ReadyMade, library_of
from evals.statistics import Figure, bootstrap, mean
from evals.tables import figures_table

DEPTH = 100
MEASURES = {"ndcg@10": nDCG @ 10, "recall@10": R @ 10, "recall@100": R @ 100, "mrr@10": RR @ 10}

Rankings = dict[str, list[str]]  # document ids, best first, by query id


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents to search, queries, and which documents are relevant to which query, and how much (above 0)."""

    documents: list[ReadyMade]
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Queries without a relevant document are left out. Raises UsageError when the layout is not BEIR's."""
        qrels = folder / "qrels" / "test.tsv"
        if not qrels.is_file():
            raise UsageError(f"{qrels} is missing. Name a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv.")
        judgements: dict[str, dict[str, int]] = {}
        with qrels.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if int(row["score"]) > 0:
                    judgements.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
        queries = {str(row["_id"]): str(row["text"]) for _, row in read_lines(folder / "queries.jsonl")}
        return cls(
            [
                ReadyMade.of(str(row["_id"]), str(row.get("title", "")), str(row["text"]))
                for _, row in read_lines(folder / "corpus.jsonl")
            ],
            {key: text for key, text in queries.items() if key in judgements},
            judgements,
        )


class Search:
    """The assistant's ways of ranking, each giving document ids, best first."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._library = library
        self._encoder = encoder
        self._retriever = HybridRetriever(library=library, encoder=encoder)
        self._reader = Reader(encoder, library)

    def rankings(self, question: str) -> Iterator[tuple[str, list[str]]]:
        """The rankings of one question, by name."""
        query = understand(question, (), Filters(), self._library)
        yield "dense", self.dense(question)
        yield "full_text", [key for key, _ in self._library.full_text([*query.terms, *query.expansions], DEPTH)]
        hits = self._retriever.hits(query, DEPTH)
        yield "fused", [hit.passage.id for hit in hits]
        yield "with_reader", self._read(query, hits)

    def dense(self, question: str) -> list[str]:
        return [key for key, _ in self._library.nearest(self._encoder.encode_query(question).vector, DEPTH)]

    def _read(self, query: Query, hits: Sequence[Any]) -> list[str]:
        """The candidates in the reader's order, then what it does not read as it was."""
        read = [reading.passage.id for reading in self._reader.read(query, hits[:CANDIDATES])]
        return read + [hit.passage.id for hit in hits[CANDIDATES:]]


def evaluate(collection: Collection, encoder: Encoder) -> dict[str, dict[str, Figure]]:
    """Figures by system; `fused_gain` is fused less the better of dense and full text, query by query."""
    systems: dict[str, Rankings] = {}
    with library_of(collection.documents, encoder) as library:
        search = Search(library, encoder)
        for key, question in collection.queries.items():
            for name, ranking in search.rankings(question):
                systems.setdefault(name, {})[key] = ranking
    scores = {name: query_scores(rankings, collection.judgements) for name, rankings in systems.items()}
    queries = list(collection.queries)
    figures = {
        name: {measure: _figure(per_query, queries) for measure, per_query in of_system.items()}
        for name, of_system in scores.items()
    }
    return {**figures, "fused_gain": _gains(scores, queries)} if scores else {}


def query_scores(
    rankings: Mapping[str, Sequence[str]], judgements: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, float]]:
    """Each measure's value for each query, by ir_measures."""
    run = {key: {document: -float(rank) for rank, document in enumerate(ids)} for key, ids in rankings.items()}
    judged = {key: dict(judgements[key]) for key in rankings}
    scores: dict[str, dict[str, float]] = {name: dict.fromkeys(rankings, 0.0) for name in MEASURES}
    names = {measure: name for name, measure in MEASURES.items()}
    for found in ir_measures.iter_calc(list(MEASURES.values()), judged, run):
        scores[names[found.measure]][found.query_id] = found.value
    return scores


def _figure(per_query: Mapping[str, float], queries: Sequence[str]) -> Figure:
    return bootstrap(mean([per_query[key] for key in queries]), queries)


def _gains(scores: Mapping[str, Mapping[str, Mapping[str, float]]], queries: Sequence[str]) -> dict[str, Figure]:
    gains = {}
    for measure in MEASURES:
        alone = [scores[name][measure] for name in ("dense", "full_text")]
        better = max(alone, key=lambda per_query: np.mean([per_query[key] for key in queries]))
        fused = scores["fused"][measure]
        gains[measure] = bootstrap(mean([fused[key] - better[key] for key in queries]), queries)
    return gains


def _places(arguments: argparse.Namespace) -> int:
    settings = Settings(library=arguments.library) if arguments.library else Settings()
    reports = {}
    for path in arguments.questions:
        asked = questions.load(path)
        steps = places.evaluate(asked, settings)
        reports[path.name] = to_json(steps)
        if not arguments.json:
            print(f"{path.name}: {places.as_table(steps, sum(one.answerable for one in asked))}")
    if arguments.json:
        print(json.dumps(reports))
    return 0


def main(argv: list[str] | None = None) -> int:
    """Measure a collection; print the figures as a table or with --json as JSON."""
    parser = argparse.ArgumentParser(prog="python -m evals retrieval", description=__doc__.splitlines()[0])
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--beir", type=Path, help="folder of the collection")
    given.add_argument("--questions", type=Path, nargs="+", help="files of questions with their places")
    parser.add_argument("--library", type=Path, help="folder of generations, for --questions")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), help="of the model; the processor's own if not")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args(argv)
    if arguments.questions:
        return _places(arguments)
    collection = Collection.read(arguments.beir)
    encoder = Encoder.load(Settings(), arguments.precision)
    systems = evaluate(collection, encoder)
    counts = {"documents": len(collection.documents), "queries": len(collection.queries)}
    if arguments.json:
        print(json.dumps({**counts, "precision": encoder.precision, "systems": to_json(systems)}))
    else:
        title = f"{arguments.beir.name}: {counts['documents']} documents, {counts['queries']} queries"
        print(figures_table(title, systems))
    return 0
