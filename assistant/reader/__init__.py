"""Which passages answer a question, and which of their sentences.

Two readers share this place. The plain floor mixes what needs no training: the cosine of the question with the passage
and its sentences, each seen in the context of the whole, and how much of the question's weight, in rare words more
than in common ones, stands there. The trained reader adds a small network (network.py) and mixes all by weights
learnt from questions (`evals/training/reader.py`); the floor stands in for it where the library was made with another
model than the network knows.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import exp, log
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import Embedding
from assistant.reader import trained
from assistant.reader.floor import SHORT, Look, Words
from assistant.reader.years import fit_of_years
from assistant.records import Hit, Query, Reading
from assistant.retrieval import question_vector, text_for_model, without_others

if TYPE_CHECKING:
    from assistant.library import Library

# What orders passages, in this order: the five of `Look.features`; retrieval's score as a share of the best one's; how
# high the passage stands in the rankings of sentences, of words, and best among those of named documents; the cosine
# of its second-best sentence; the logarithm of its words; whether a defining phrase found it; the network's logit of
# the passage and of its best sentence.
ORDER = 14
_LOGIT = 12
ASKED_FOR = 0.99  # score of the very paragraph that the question names
_RANK = 10  # how fast the worth of a rank falls
_FIRST = 40  # hits, in the order of retrieval, that the best one is held against


@dataclass(frozen=True, slots=True)
class Weights:
    """`order` as named above. `answers` makes a score of the best passage: its place in the floor's order; how far that
    stands out above the mean of the hits; the share of the question's words in it; the network's logit; one. `fall`: by
    how much, on the scale of the order, the score falls below the best passage's (as a power of e). `sentence`: how far
    cosine and share of a sentence lie below the passage's best, its share, whether it opens the passage, whether it is
    short, a constant."""

    order: tuple[float, ...]
    answers: tuple[float, float, float, float, float]
    fall: float
    sentence: tuple[float, ...]


# The floor. Order: by hand. Sentences: fitted on 1,300 passages of five public sets. Scores: fitted on the dev half of
# 139 questions on doctrine, against the same questions without the documents that answer them.
FLOOR = Weights(
    order=(4.0, 4.0, 2.0, 0.5, 1.0, 1.0, *[0.0] * 8),
    answers=(0.74, 0.72, 1.2, 0.0, -5.74),
    fall=0.6,
    sentence=(10.5, 2.1, 1.3, 0.5, -0.9, -0.6),
)
# With the network: how much it says in the score, and a constant that leaves as many answerable dev cases below
# `extractive.ANSWERS` as the floor does; a fall for the wider scale of the learnt order. Sentences stay the floor's:
# the network orders passages better, but not sentences (weights/reader/README.md).
ANSWERS = (0.74, 0.72, 1.2, 0.25, -5.36)
FALL = 0.23


@cache
def trained_weights(network: Path) -> Weights:
    """With the order that training wrote beside the network."""
    order = json.loads(network.with_suffix(".json").read_text("utf-8"))["order"]
    return Weights(tuple(order), ANSWERS, FALL, FLOOR.sentence)


@dataclass(frozen=True, slots=True)
class _Read:
    """A hit with what was seen of it, and its ORDER features."""

    hit: Hit
    look: Look
    order: NDArray[np.float64]


class Reader:
    """Scores passages and sentences for a question."""

    def __init__(self, embedding: Embedding, library: "Library", weights: Weights | None = None) -> None:
        self._embedding = embedding
        self._library = library
        self._given = weights
        self._uses_network = weights is None and trained.fits(embedding)

    @cached_property
    def _weights(self) -> Weights:
        return self._given or (trained_weights(trained.WEIGHTS) if self._uses_network else FLOOR)

    def read(self, query: Query, hits: Sequence[Hit]) -> list[Reading]:
        """The passages with their scores, best first; ties keep the order of the hits."""
        sides = [self._scored(side, hits) for side in _sides(query)]
        readings = [max(of_passage, key=lambda reading: reading.score) for of_passage in zip(*sides, strict=True)]
        return sorted(readings, key=lambda reading: -reading.score)

    def features(self, query: Query, hits: Sequence[Hit]) -> NDArray[np.float64]:
        """What orders the hits: float64 array of shape (n_hits, ORDER)."""
        return np.array([one.order for one in self._seen(query, hits)]).reshape(len(hits), ORDER)

    def _scored(self, query: Query, hits: Sequence[Hit]) -> list[Reading]:
        """A reading of each hit, in the order of the hits."""
        read = self._seen(query, hits)
        if not read:
            return []
        documents = {info.source: info.metadata for info in self._library.documents()}
        fall = self._weights.fall
        places = [
            fall * _mix(self._weights.order, one.order)
            + fit_of_years(query, one.hit.passage, documents[one.hit.passage.source])
            for one in read
        ]
        best = max(range(len(read)), key=lambda i: places[i])
        answers = self._confidence([one.order for one in read], read[best].order)
        return [
            self._reading(one, answers * exp(place - places[best])) for one, place in zip(read, places, strict=True)
        ]

    def _confidence(self, orders: Sequence[NDArray[np.float64]], best: NDArray[np.float64]) -> float:
        """The score of the best passage: how likely the library answers."""
        plain = [_mix(FLOOR.order, order) for order in orders[:_FIRST]]
        top = max(range(len(plain)), key=lambda i: plain[i])
        features = (plain[top], plain[top] - mean(plain), orders[top][2], best[_LOGIT], 1.0)
        return _logistic(_mix(self._weights.answers, features))

    def _seen(self, query: Query, hits: Sequence[Hit]) -> list[_Read]:
        ids = [hit.passage.id for hit in hits]
        vectors, sentences = self._library.vectors(ids), self._library.sentence_vectors(ids)
        question = question_vector(self._embedding, text_for_model(query))
        words = Words.of(query, self._library)
        looks = [
            Look.at(hit.passage, question, vectors[key], sentences[key].astype(np.float32), words)
            for key, hit in zip(ids, hits, strict=True)
        ]
        seen = [trained.seen(question, hit.passage, look) for hit, look in zip(hits, looks, strict=True)]
        said = trained.logits(seen) if self._uses_network and hits else [(None, None)] * len(hits)
        most = max((hit.score for hit in hits), default=1.0)
        return [
            _Read(hit, look, _order(hit, look, most, logit, of_sentences))
            for hit, look, (logit, of_sentences) in zip(hits, looks, said, strict=True)
        ]

    def _reading(self, one: _Read, score: float) -> Reading:
        score = max(score, ASKED_FOR) if "paragraph" in one.hit.ranks else score
        nearest, fullest = one.look.features[1], one.look.features[3]
        sentences = []
        for index, (cosine, share) in enumerate(zip(one.look.cosines, one.look.shares, strict=True)):
            words = len(one.hit.passage.sentence_text(one.hit.passage.sentences[index]).split())
            features = (cosine - nearest, share - fullest, share, float(index == 0), float(words < SHORT), 1.0)
            sentences.append(score * _logistic(_mix(self._weights.sentence, features)))
        return Reading(one.hit.passage, score, tuple(sentences))


def _order(
    hit: Hit, look: Look, most: float, logit: float | None, of_sentences: NDArray[np.float32] | None
) -> NDArray[np.float64]:
    own = {"dense", "sentences", "full text"}
    named = [rank for name, rank in hit.ranks.items() if name not in own]
    cosines = sorted(look.cosines, reverse=True)
    return np.array(
        [
            *look.features,
            hit.score / most,
            _worth(hit.ranks, "sentences"),
            _worth(hit.ranks, "full text"),
            1 / (_RANK + min(named)) if named else 0.0,
            cosines[1] if len(cosines) > 1 else 0.0,
            log(1 + len(hit.passage.text.split())),
            float("definition" in hit.ranks),
            logit or 0.0,
            float(of_sentences.max(initial=-20.0)) if of_sentences is not None else 0.0,
        ]
    )


def _worth(ranks: Mapping[str, int], name: str) -> float:
    return 1 / (_RANK + ranks[name]) if name in ranks else 0.0


def _sides(query: Query) -> list[Query]:
    """A comparison of named things as one question for each: a passage on one side says nothing of the other."""
    if query.type != "comparison" or len(query.names) < 2:
        return [query]
    return [without_others(query, name) for name in query.names]


def _mix(weights: Sequence[float], features: Sequence[float] | NDArray[np.float64]) -> float:
    return float(sum(weight * feature for weight, feature in zip(weights, features, strict=True)))


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))
