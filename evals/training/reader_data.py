"""What the reader is trained on: questions, each with a passage, its sentences, and others that do not answer.

Public sets bring their own passages; the own questions (`questions.jsonl.gz`) and the prepared ones of the corpus are
asked of the passages of a library. The others are the nearest by vector and by words among all passages of the same set
or library, without those that hold an answer's words or nearly repeat the passage.
"""

import gzip
import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from tqdm import tqdm

from assistant.answering.citations import one_line
from assistant.encoder import Encoder, PassageInput, TokenVectors, sentences_of_pieces
from assistant.library import Library
from assistant.passages import embedded_text
from assistant.query.words import content_terms, stem, stems
from assistant.retrieval import fuse
from evals.lines import read_lines

OWN = Path(__file__).parent / "questions.jsonl.gz"
# File and the most questions of it that are drawn.
TRAIN = {
    "squadshifts_new_wiki": 3600,
    "squadshifts_reddit": 900,
    "squadshifts_amazon_reviews": 400,
    "policyqa": 900,
    "nq_gold_passages": 2400,
    "qed": 300,
    "selqa": 2200,
    "trecqa": 200,
    "subjqa": 300,
}
LEFT_OUT = {"covidqa": 500, "wikiqa": 1000, "multispanqa": 600, "xquad_en": 500}
WORDS = 180  # of a public passage; a longer one is cut around its answer
OTHERS = 24
TWINS = 0.965  # cosine from which another passage repeats this one
ONE_IN = 10  # documents of the own questions that are left out
_AT_ONCE = 512  # passages encoded before they are put on disk


@dataclass(frozen=True)
class Given:
    """A passage as it is encoded, with the group (article, document) that it is of."""

    group: str
    header: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass
class Pool:
    """Passages that are searched together, encoded. `folder` holds their vectors."""

    given: Sequence[Given]
    folder: Path

    @classmethod
    def of(cls, given: Sequence[Given], cache: Path, encoder: Encoder) -> "Pool":
        """Encode the passages, or take them from the cache."""
        described = json.dumps([[g.header, g.text, g.sentences] for g in given])
        name = hashlib.sha256(f"{encoder.identity} {described}".encode()).hexdigest()[:16]
        pool = cls(given, cache / name)
        if not (pool.folder / "vectors.npy").is_file():
            pool.folder.mkdir(exist_ok=True)
            pool._encode(encoder)
        return pool

    def _encode(self, encoder: Encoder) -> None:
        inputs = [PassageInput(g.header, g.text, g.sentences) for g in self.given]
        vectors, lengths = [], []
        with (self.folder / "tokens.bin").open("wb") as tokens, (self.folder / "places.bin").open("wb") as places:
            for start in tqdm(range(0, len(inputs), _AT_ONCE), unit=f" × {_AT_ONCE} passages", desc="encoding"):
                part = inputs[start : start + _AT_ONCE]
                encoded = encoder.encode_passages(part)
                vectors.append(encoded.vectors)
                for one, given in zip(encoded.tokens, part, strict=True):
                    tokens.write(one.tokens.astype(np.float16).tobytes())
                    places.write(sentences_of_pieces(one, given).tobytes())
                    lengths.append(len(one.ids))
        np.save(self.folder / "lengths.npy", np.array(lengths))
        np.save(self.folder / "vectors.npy", np.concatenate(vectors))

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """float32 array of shape (n_passages, dimension)."""
        return cast("NDArray[np.float32]", np.load(self.folder / "vectors.npy"))

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(np.load(self.folder / "lengths.npy"))])

    @cached_property
    def _tokens(self) -> NDArray[np.float16]:
        return np.memmap(self.folder / "tokens.bin", np.float16, "r").reshape(-1, self.vectors.shape[1])

    @cached_property
    def _places(self) -> NDArray[np.int16]:
        return np.memmap(self.folder / "places.bin", np.int16, "r")

    def tokens(self, index: int) -> NDArray[np.float32]:
        """float32 array of shape (n_pieces, dimension) of a passage."""
        return self._tokens[self._ends[index] : self._ends[index + 1]].astype(np.float32)

    def sentence_of(self, index: int) -> NDArray[np.int16]:
        """The sentence of each word piece of a passage, -1 outside."""
        return self._places[self._ends[index] : self._ends[index + 1]]

    def some_tokens(self, count: int, seed: int) -> NDArray[np.float32]:
        rows = np.random.default_rng(seed).integers(0, len(self._tokens), count)
        return self._tokens[np.sort(rows)].astype(np.float32)

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        return [stems(f"{g.header} {g.text}") for g in self.given]

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        counts: dict[str, int] = {}
        for held in self._stems:
            for word in held:
                counts[word] = counts.get(word, 0) + 1
        total = len(self.given)
        return {word: max(0.0, log((total + 1) / (n + 0.5)) / log(2 * total + 2)) for word, n in counts.items()}

    def share_of_words(self, question: str, index: int) -> float:
        """As `reader.look.Words` has it: the share of the question's words in a passage, rare ones counting more."""
        rarity = {word: self._rarity.get(word, 1.0) for word in map(stem, content_terms(question))}
        total = sum(rarity.values())
        return sum(rare for word, rare in rarity.items() if word in self._stems[index]) / total if total else 0.0

    @cached_property
    def _words(self) -> tuple[TfidfVectorizer, Any]:
        vectorizer = TfidfVectorizer(sublinear_tf=True)
        return vectorizer, vectorizer.fit_transform([f"{g.header} {g.text}" for g in self.given])

    def near(self, question: str, vector: NDArray[np.float32], among: NDArray[np.int64]) -> list[int]:
        """The passages nearest to a question, by vector and by words, best first."""
        vectorizer, rows = self._words
        of_words = np.asarray((rows[among] @ vectorizer.transform([question]).T).todense()).ravel()
        rankings = [among[np.argsort(-scores)[:60]] for scores in (self.vectors[among] @ vector, of_words)]
        return [int(key) for key, _ in fuse([[str(i) for i in ranking] for ranking in rankings])]


@dataclass
class Example:
    """A question with the passage that was read for it and `others` that do not answer, hardest first. `labels`: of
    each sentence of the passage, whether it is of the answer."""

    set: str
    is_own: bool
    is_left_out: bool
    question: str
    asked: TokenVectors = field(repr=False)
    pool: Pool = field(repr=False)
    passage: int
    labels: tuple[int, ...]
    others: list[int]

    @property
    def is_answerable(self) -> bool:
        return any(self.labels)

    def passages_with(self, others: Sequence[int]) -> tuple[list[int], list[float]]:
        """The passage and others, and the share of the question's words in each."""
        passages = [self.passage, *others]
        return passages, [self.pool.share_of_words(self.question, i) for i in passages]


@dataclass(frozen=True)
class _Row:
    set: str
    question: str
    passage: int
    labels: tuple[int, ...]
    answers: tuple[str, ...]
    is_left_out: bool


def load(data: Path, library: Path, cache: Path, encoder: Encoder, limit: int | None) -> list[Example]:
    """All examples, encoded."""
    rng = random.Random(0)
    examples = []
    for name, most in {**TRAIN, **LEFT_OUT}.items():
        given, rows = _public(data / f"{name}.jsonl.gz", name, min(most, limit or most), rng)
        examples += _examples(rows, Pool.of(given, cache, encoder), encoder, is_own=False)
    with Library.open(library) as opened:
        given, rows = _own(opened, encoder)
    rows = rng.sample(rows, min(len(rows), limit or len(rows)))
    return examples + _examples(rows, Pool.of(given, cache, encoder), encoder, is_own=True)


def _examples(rows: Sequence[_Row], pool: Pool, encoder: Encoder, *, is_own: bool) -> list[Example]:
    encoded = encoder.encode_queries([row.question for row in rows])
    everything = np.arange(len(pool.given))
    lower = [given.text.casefold() for given in pool.given]
    examples = []
    for row, asked in zip(rows, tqdm(encoded, desc=rows[0].set if rows else "", unit="question"), strict=True):
        found = [i for i in pool.near(row.question, asked.vector, everything) if i != row.passage]
        cosines = pool.vectors[found] @ pool.vectors[row.passage]
        others = [
            i
            for i, cosine in zip(found, cosines, strict=True)
            if cosine < TWINS and not any(answer in lower[i] for answer in row.answers)
        ]
        if others:
            examples.append(
                Example(
                    row.set, is_own, row.is_left_out, row.question, asked, pool, row.passage, row.labels,
                    others[:OTHERS],
                )
            )  # fmt: skip
    return examples


def _public(path: Path, name: str, most: int, rng: random.Random) -> tuple[list[Given], list[_Row]]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for _, row in read_lines(path):
        if row.get("labels"):
            groups.setdefault((str(row["group"]), " ".join(row["sentences"])), []).append(row)
    shuffled = list(groups.values())
    rng.shuffle(shuffled)
    given: dict[Given, int] = {}
    rows: list[_Row] = []
    for row in (row for group in shuffled for row in group[:6]):
        if len(rows) == most:
            break
        sentences, labels = _cut(row["sentences"], row["labels"], rng)
        header = str(row.get("title") or "")[:120]
        passage = Given(str(row["group"]), header, " ".join(sentences), tuple(_offsets(sentences)))
        answers = tuple(answer.casefold() for answer in row.get("answers") or () if len(answer) > 2)
        index = given.setdefault(passage, len(given))
        rows.append(_Row(name, row["question"], index, tuple(labels), answers, name in LEFT_OUT))
    return list(given), rows


def _cut(sentences: list[str], labels: list[int], rng: random.Random) -> tuple[list[str], list[int]]:
    """Sentences around an answer, of at most WORDS words where the passage is longer."""
    words = [len(sentence.split()) for sentence in sentences]
    if sum(words) <= WORDS:
        return sentences, labels
    right = [i for i, label in enumerate(labels) if label] or list(range(len(sentences)))
    first = last = rng.choice(right)
    while True:
        beside = [i for i in (first - 1, last + 1) if 0 <= i < len(sentences)]
        beside = [i for i in beside if sum(words[first : last + 1]) + words[i] <= WORDS]
        if not beside:
            return sentences[first : last + 1], labels[first : last + 1]
        chosen = rng.choice(beside)
        first, last = min(first, chosen), max(last, chosen)


def _offsets(sentences: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for sentence in sentences:
        yield start, start + len(sentence)
        start += len(sentence) + 1


def _own(library: Library, encoder: Encoder) -> tuple[list[Given], list[_Row]]:
    """The passages of a library, and the own and prepared questions that one of them answers (or nearly does)."""
    given: list[Given] = []
    by_source: dict[str, list[int]] = {}
    places: dict[str, int] = {}
    for info in library.documents():
        for passage in library.passages_of(info.source):
            header, text = embedded_text(passage, info.metadata.title, encoder.count_tokens, encoder.room)
            sentences = tuple((s.start - passage.start, s.end - passage.start) for s in passage.sentences)
            places[passage.id] = len(given)
            by_source.setdefault(info.source, []).append(len(given))
            given.append(Given(info.source, header, text, sentences))
    rows = []
    with gzip.open(OWN, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            wanted = {one_line(s) for s, label in zip(row["sentences"], row["labels"], strict=True) if label}
            shown = {one_line(s) for s in row["sentences"]}
            found = [(i, _texts(given[i])) for i in by_source.get(row["group"], ())]
            best = max(found, key=lambda one: (len(wanted & set(one[1])), len(shown & set(one[1]))), default=None)
            if best is not None and shown & set(best[1]) and wanted <= set(best[1]):
                labels = tuple(int(text in wanted) for text in best[1])
                rows.append(_Row("own", row["question"], best[0], labels, (), _is_left_out(row["group"])))
    for place in library.prepared_places():
        for key in place.passages[:1]:
            passage = library.passages([key])[0]
            labels = tuple(int(s.start < place.end and s.end > place.start) for s in passage.sentences)
            rows.append(_Row("prepared", place.question, places[key], labels, (), _is_left_out(place.source)))
    return given, rows


def _texts(given: Given) -> list[str]:
    return [one_line(given.text[start:end]) for start, end in given.sentences]


def _is_left_out(source: str) -> bool:
    return int(hashlib.sha256(source.encode()).hexdigest(), 16) % ONE_IN == 0
