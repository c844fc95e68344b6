"""The reader against questions with labelled sentences.

    python -m evals reader --data FILE.jsonl[.gz] [--json]

Each line is `{"question", "sentences": [...], "labels": [0/1 ...], "answerable": bool, "title"?, "group"?}`. The
passages of the file make up a temporary library, so that the reader sees what it sees in use. A passage longer than
the model reads is cut between sentences; its score is that of its best part.
"""

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np

from assistant.encoder import Encoder
from assistant.errors import UsageError
from assistant.library import Library
from assistant.query import understand
from assistant.reader import Reader
from assistant.reading.blocks.cleaning import clean
from assistant.records import Filters, Hit
from assistant.settings import Settings
from evals import statistics
from evals.judge import to_json
from evals.lines import read_lines
from evals.ready_made import ReadyMade, library_of
from evals.statistics import Figure, bootstrap
from evals.tables import figures_table

PART_TOKENS = 240
# From which score on a sentence counts as part of the answer: between the best F1 on MultiSpanQA (.25) and on COVID-QA,
# WikiQA and XQuAD (.4).
SENTENCE_THRESHOLD = 0.3

Figures = dict[str, Figure]


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A question, a passage as sentences, and which of them answer (label 1)."""

    question: str
    title: str
    sentences: tuple[str, ...]
    labels: tuple[int, ...]
    answerable: bool
    group: str

    @classmethod
    def of(cls, number: int, row: Mapping[str, Any]) -> Self:
        """Raises UsageError naming the line when a field is missing or wrong."""
        sentences, labels = row.get("sentences"), row.get("labels")
        if not isinstance(row.get("question"), str) or not isinstance(sentences, list) or not isinstance(labels, list):
            raise UsageError(f"Line {number} must hold a question and lists of sentences and labels.")
        if len(sentences) != len(labels) or not sentences:
            raise UsageError(f"Line {number} must hold as many labels as sentences, and at least one.")
        return cls(
            row["question"],
            str(row.get("title") or ""),
            tuple(clean(str(sentence)) for sentence in sentences),
            tuple(map(int, labels)),
            bool(row.get("answerable", any(labels))),
            str(row.get("group", f"line {number}")),
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """What a reader says of one row: a score for the passage and one for each sentence."""

    passage: float
    sentences: tuple[float, ...]


def load_rows(path: Path) -> list[LabelledPassage]:
    """The rows of a file. Raises UsageError when it cannot be read."""
    return [LabelledPassage.of(number, row) for number, row in read_lines(path)]


def figures_of(rows: Sequence[LabelledPassage], scores: Sequence[Scores], threshold: float) -> Figures:
    """All figures; those of sentences are over answerable rows, pooled."""
    chosen = [i for i, row in enumerate(rows) if row.answerable]
    labels = [label for i in chosen for label in rows[i].labels]
    values = [score for i in chosen for score in scores[i].sentences]
    clusters = [rows[i].group for i in chosen for _ in rows[i].labels]
    top = [float(rows[i].labels[int(np.argmax(scores[i].sentences))]) for i in chosen]
    of_passages = statistics.auroc([int(row.answerable) for row in rows], [score.passage for score in scores])
    return {
        "passage_auroc": bootstrap(of_passages, [row.group for row in rows]),
        "sentence_auroc": bootstrap(statistics.auroc(labels, values), clusters),
        "top_sentence": bootstrap(statistics.mean(top), [rows[i].group for i in chosen]),
        "sentence_f1": bootstrap(statistics.f1(labels, [value >= threshold for value in values]), clusters),
    }


def evaluate(rows: Sequence[LabelledPassage], encoder: Encoder) -> dict[str, Any]:
    """Figures of the reader and of plain cosines."""
    parts = {key: _parts(key, encoder) for key in dict.fromkeys((row.title, row.sentences) for row in rows)}
    with library_of(chain.from_iterable(parts.values()), encoder) as library:
        read = [_read(row, parts[row.title, row.sentences], library, encoder) for row in rows]
        in_context = [_in_context(row, parts[row.title, row.sentences], library, encoder) for row in rows]
    alone = _alone(rows, encoder)
    return {
        "n": len(rows),
        **figures_of(rows, read, SENTENCE_THRESHOLD),
        "floors": {
            name: figures_of(rows, scores, kindest_threshold(rows, scores))
            for name, scores in (("cosine", alone), ("cosine_in_context", in_context))
        },
    }


def kindest_threshold(rows: Sequence[LabelledPassage], scores: Sequence[Scores]) -> float:
    """For a floor, which has no threshold of its own: the one with the best F1 on these very rows."""
    labels = np.array([label for row in rows if row.answerable for label in row.labels])
    values = np.array([v for row, score in zip(rows, scores, strict=True) if row.answerable for v in score.sentences])
    if not values.size:
        return 0.0
    order = np.argsort(-values, kind="stable")
    right = np.cumsum(labels[order])
    return float(values[order][np.argmax(2 * right / (np.arange(1, len(order) + 1) + labels.sum()))])


def _parts(key: tuple[str, tuple[str, ...]], encoder: Encoder) -> list[ReadyMade]:
    """A passage as what the model reads whole: neighbouring sentences while they fit."""
    title, sentences = key
    parts: list[list[str]] = []
    used = 0
    for sentence in sentences:
        tokens = encoder.count_tokens(sentence)
        if not parts or used + tokens > PART_TOKENS:
            parts.append([])
            used = 0
        parts[-1].append(sentence)
        used += tokens
    name = hashlib.sha256(json.dumps(key).encode()).hexdigest()[:16]
    return [_ready_made(f"{name}-{i}", title, part) for i, part in enumerate(parts)]


def _ready_made(key: str, title: str, sentences: Sequence[str]) -> ReadyMade:
    offsets, start = [], 0
    for sentence in sentences:
        offsets.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return ReadyMade(key, title, " ".join(sentences), tuple(offsets))


def _read(row: LabelledPassage, parts: Sequence[ReadyMade], library: Library, encoder: Encoder) -> Scores:
    """What the reader says of the passage by itself, as if retrieval had found nothing else."""
    query = understand(row.question, (), Filters(), library)
    hits = [Hit(passage, 1.0) for passage in library.passages([part.id for part in parts])]
    readings = {reading.passage.id: reading for reading in Reader(encoder, library).read(query, hits)}
    found = [readings[part.id] for part in parts]
    return Scores(max(r.score for r in found), tuple(s for r in found for s in r.sentence_scores))


def _in_context(row: LabelledPassage, parts: Sequence[ReadyMade], library: Library, encoder: Encoder) -> Scores:
    """The cosine of each sentence, pooled in the context of its passage; the passage's is that of its best one."""
    vectors = library.sentence_vectors([part.id for part in parts])
    question = encoder.encode_query(row.question).vector
    cosines = np.concatenate([vectors[part.id].astype(np.float32) @ question for part in parts])
    return Scores(float(cosines.max()), tuple(cosines.tolist()))


def _alone(rows: Sequence[LabelledPassage], encoder: Encoder) -> list[Scores]:
    """The cosine of the passage, and of each sentence by itself."""
    asked = list(dict.fromkeys(row.question for row in rows))
    questions = dict(zip(asked, (one.vector for one in encoder.encode_queries(asked)), strict=True))
    texts = list(dict.fromkeys(text for row in rows for text in (" ".join(row.sentences), *row.sentences)))
    vectors = dict(zip(texts, encoder.encode_texts(texts), strict=True))
    scores = []
    for row in rows:
        question, passage = questions[row.question], vectors[" ".join(row.sentences)]
        cosines = tuple(float(vectors[sentence] @ question) for sentence in row.sentences)
        scores.append(Scores(float(passage @ question), cosines))
    return scores


def main(argv: list[str] | None = None) -> int:
    """Score a file and print the figures, as a table or with --json as JSON."""
    parser = argparse.ArgumentParser(prog="python -m evals reader", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="JSON lines, also compressed (.gz)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args(argv)
    report = evaluate(load_rows(arguments.data), Encoder.load(Settings()))
    if arguments.json:
        print(json.dumps(to_json(report), ensure_ascii=False))
        return 0
    figures = {name: value for name, value in report.items() if isinstance(value, Figure)}
    rows = {"reader": figures, **{f"floor: {name}": floor for name, floor in report["floors"].items()}}
    print(figures_table(f"{report['n']} questions", rows))
    return 0
