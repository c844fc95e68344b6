"""What the reader learns from: questions, passages whose sentences are labelled, and passages that do not answer.

Every file holds lines as `evals reader` reads them. A passage longer than the model reads is cut between sentences; a
part without a labelled sentence is one that does not answer. Further ones are searched: the nearest passages of the
same file that hold none of the question's answers.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import Embedding, PassageInput, count_tokens
from assistant.query.words import content_terms, stem, stems
from assistant.reader.floor import SHORT
from assistant.reader.network import Seen
from assistant.reading.cleaning import clean
from evals.lines import read_lines

PART_TOKENS = 210
NEAREST = 60  # passages searched for each question
SKIPPED = 2  # nearest ones left out where the file names no answers: they may answer too
NEAR, FAR = 6, 3  # of those that are searched, how many of the nearest and of the others are kept

Floats = NDArray[np.float32]
Labels = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """As much of a passage as the model reads, as offsets of sentences into its text."""

    header: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what the network sees of passages that answer it (with labels) and of others."""

    group: str
    answering: tuple[tuple[Seen, Labels], ...]
    others: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    group: str
    answering: tuple[tuple[int, Labels], ...]  # number of the part
    given: tuple[int, ...]  # parts of the same passage, or of an unanswerable row
    answers: tuple[str, ...]


def load(path: Path, embedding: Embedding, most: int | None = None, seed: int = 0) -> list[Example]:
    """The examples of a file; at most about `most`, drawn by group."""
    rows = [row for _, row in read_lines(path) if row.get("labels") is not None and row["sentences"]]
    parts, asked = _split(_drawn(rows, most, random.Random(seed)))
    encoded = embedding.encode_passages([PassageInput(part.header, part.text, part.sentences) for part in parts])
    questions = embedding.encode_texts([one.question for one in asked])
    rarity = _rarity(parts)
    rng = random.Random(seed)
    examples = []
    for one, question in zip(asked, questions, strict=True):
        weights = _weights(one.question, rarity)

        def see(number: int, question: Floats = question, weights: Mapping[str, float] = weights) -> Seen:
            vectors = encoded.sentence_vectors[number].astype(np.float32)
            return look(question, encoded.vectors[number], vectors, parts[number], weights)

        others = _others(one, question, encoded.vectors, parts, rng)
        answering = tuple((see(number), labels) for number, labels in one.answering[:2])
        examples.append(Example(one.group, answering, tuple(map(see, others))))
    return examples


def _drawn(rows: list[dict[str, Any]], most: int | None, rng: random.Random) -> list[dict[str, Any]]:
    if most is None or len(rows) <= most:
        return rows
    by_group: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_group.setdefault(str(row.get("group")), []).append(row)
    limit = max(3, 2 * most // len(by_group))
    kept = [row for group in sorted(by_group) for row in by_group[group][:limit]]
    return rng.sample(kept, min(most, len(kept)))


def _split(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Part], list[_Asked]]:
    numbers: dict[Part, int] = {}
    asked = []
    for row in rows:
        answering, given = [], []
        for part, labels in _parts(row):
            number = numbers.setdefault(part, len(numbers))
            if any(labels):
                answering.append((number, labels))
            else:
                given.append(number)
        if answering or not row.get("answerable"):
            answers = tuple(str(answer).casefold() for answer in row.get("answers") or ())
            asked.append(_Asked(row["question"], str(row.get("group")), tuple(answering), tuple(given), answers))
    return list(numbers), asked


def _parts(row: Mapping[str, Any]) -> Iterator[tuple[Part, Labels]]:
    sentences = [clean(str(sentence)) for sentence in row["sentences"]]
    starts, used = [0], 0
    for i, sentence in enumerate(sentences):
        size = count_tokens(sentence)
        if used and used + size > PART_TOKENS:
            starts.append(i)
            used = 0
        used += size
    for first, last in pairwise([*starts, len(sentences)]):
        offsets, at = [], 0
        for sentence in sentences[first:last]:
            offsets.append((at, at + len(sentence)))
            at += len(sentence) + 1
        part = Part(clean(str(row.get("title") or "")), " ".join(sentences[first:last]), tuple(offsets))
        yield part, tuple(int(bool(label)) for label in row["labels"][first:last])


def _others(one: _Asked, question: Floats, vectors: Floats, parts: Sequence[Part], rng: random.Random) -> list[int]:
    """Parts that do not answer: given ones, the nearest that hold no answer, and some further ones."""
    own = {number for number, _ in one.answering} | set(one.given)
    nearest = [int(i) for i in np.argsort(-(vectors @ question), kind="stable")[:NEAREST] if int(i) not in own]
    if one.answers:
        nearest = [i for i in nearest if not any(answer in parts[i].text.casefold() for answer in one.answers)]
    else:
        nearest = nearest[SKIPPED:]
    far = nearest[NEAR:]
    return [*one.given[:3], *nearest[:NEAR], *rng.sample(far, min(FAR, len(far)))]


def _rarity(parts: Sequence[Part]) -> dict[str, float]:
    """How rare each stem is among the passages, as the floor has it: 0 where it stands in all of them."""
    counts: dict[str, int] = {}
    for part in parts:
        for word in stems(f"{part.header} {part.text}"):
            counts[word] = counts.get(word, 0) + 1
    size = len(parts)
    return {word: log((size + 1) / (count + 0.5)) / log(2 * size + 2) for word, count in counts.items()}


def _weights(question: str, rarity: Mapping[str, float]) -> dict[str, float]:
    return {stem(term): rarity.get(stem(term), 1.0) for term in content_terms(question)}


def look(question: Floats, passage: Floats, sentences: Floats, part: Part, weights: Mapping[str, float]) -> Seen:
    """What the network sees; the same features as `assistant.reader.floor` gives in use."""
    total = sum(weights.values()) or 1.0

    def share(text: str) -> float:
        return sum(weights[word] for word in weights.keys() & stems(text)) / total

    said = [part.text[start:end] for start, end in part.sentences]
    cosines, shares = sentences @ question, np.array([share(text) for text in said], np.float32)
    nearest, fullest = float(cosines.max(initial=-1.0)), float(shares.max(initial=0.0))
    of_passage = (float(passage @ question), nearest, share(f"{part.header} {part.text}"), fullest)
    opens, short = np.arange(len(said)) == 0, [len(text.split()) < SHORT for text in said]
    of_sentences = np.stack([cosines, cosines - nearest, shares, shares - fullest, opens, np.array(short)], axis=1)
    return Seen(question, passage, sentences, np.array(of_passage, np.float32), of_sentences.astype(np.float32))
