"""Which passages answer a question, and which of their sentences.

A passage is looked at piece by piece, as a whole and by its words (look.py); how much each of these counts was fitted
on questions of public sets and of our own (`evals/training/reader.py`, `weights/reader/README.md`), and so was what
makes a probability of it. Where retrieval put a passage counts beside it: in fields far from the training its ranking
is the better one (Cranfield). Nothing of a passage is encoded when a question comes.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.encoder import Encoder
from assistant.late_interaction import LateInteraction
from assistant.passages import gives_reasons, tells_how
from assistant.query.recognition import asks_how, asks_why
from assistant.reader.look import Look, Question, SentenceLook, Words
from assistant.records import Hit, Passage, Query, Reading
from assistant.retrieval import encoded_question, without_others

if TYPE_CHECKING:
    from assistant.library import Library

WEIGHTS = Path(__file__).parent.parent / "weights" / "reader" / "reader.json"
PASSAGE = ("maxsim", "sentence_maxsim", "cosine", "sentence_cosine", "weakest", "words", "bias")
SENTENCE = ("cosine", "maxsim", "length", "holds", "bias")
ASKED_FOR = 0.99  # score of the very paragraph that the question names, and of what holds a phrase word for word
PREPARED = 0.95  # score of a place to which a prepared question like the one asked leads
IN_PLACE = 0.98  # share of that score that the sentences of the place have
# For a question why or how: times the score of a passage under "Why ..." or "How ..." as asked, and of one under "What
# ... means", or for how under "Why ..." (docs/decisions.md).
AS_ASKED, BESIDE = 1.5, 0.4
_MEANING = re.compile(r"[\W\d]*what .*\b(?:means?|is|are)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each thing that is seen counts: towards the logit that a passage answers (`passage`, by PASSAGE), and
    that a sentence is of the answer (`sentence`, by SENTENCE). `rank`: what the logarithm of its place among the hits
    takes off a passage's logit. `calibration`: slope and constant that make the best passage's logit a probability.
    `fall`: how fast the scores of others fall below it (as a power of e)."""

    passage: Mapping[str, float]
    sentence: Mapping[str, float]
    rank: float
    calibration: tuple[float, float]
    fall: float

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> "Weights":
        return _read(path)

    def of_passage(self, look: Look, place: int) -> float:
        """The logit that a passage answers, which retrieval found in this place, from 1."""
        of = self.passage
        seen = sum(of[name] * float(getattr(look, name)) for name in PASSAGE[:-1])
        return of["bias"] + seen - self.rank * log(place)

    def of_sentence(self, look: SentenceLook) -> float:
        """The logit that a sentence is of the answer, given that its passage answers."""
        of = self.sentence
        return of["bias"] + sum(of[name] * float(getattr(look, name)) for name in SENTENCE[:-1])


@cache
def _read(path: Path) -> Weights:
    said = json.loads(path.read_text("utf-8"))
    slope, constant = said["calibration"]
    return Weights(said["passage"], said["sentence"], said["rank"], (slope, constant), said["fall"])


class Reader:
    """Scores passages and sentences for a question."""

    def __init__(self, encoder: Encoder, library: "Library", weights: Weights | None = None) -> None:
        self._encoder = encoder
        self._library = library
        self._weights = weights or Weights.read()
        self._late = LateInteraction.of(encoder)

    def read(self, query: Query, hits: Sequence[Hit]) -> list[Reading]:
        """The passages with their scores, best first; ties keep the order of the hits."""
        sides = _level([self._scored(side, hits) for side in _sides(query)])
        readings = [max(of_passage, key=lambda reading: reading.score) for of_passage in zip(*sides, strict=True)]
        if asks_why(query.asking):
            return _weighed(readings, _for_why)
        if asks_how(query.asking):
            return _weighed(readings, _for_how)
        return sorted(readings, key=lambda reading: -reading.score)

    def look(self, query: Query, hits: Sequence[Hit]) -> list[Look]:
        """What is seen of each hit."""
        encoded = encoded_question(self._encoder, query.text)
        question = Question(encoded.vector, self._late.question(encoded), Words.of(query, self._library))
        ids = [hit.passage.id for hit in hits]
        vectors, sentences = self._library.vectors(ids), self._library.sentence_vectors(ids)
        pieces = self._library.pieces(ids)
        return [
            Look.at(hit.passage, question, vectors[key], sentences[key].astype("float32"), pieces[key])
            for key, hit in zip(ids, hits, strict=True)
        ]

    def _scored(self, query: Query, hits: Sequence[Hit]) -> list[Reading]:
        """A reading of each hit, in the order of the hits. The best one's score is the probability that it answers; the
        others' fall below it as their logits do."""
        looks = self.look(query, hits)
        logits = [self._weights.of_passage(look, place) for place, look in enumerate(looks, start=1)]
        best = max(logits, default=0.0)
        slope, constant = self._weights.calibration
        answers = _logistic(slope * best + constant)
        return [
            self._reading(hit, look, answers * exp(self._weights.fall * (logit - best)))
            for hit, look, logit in zip(hits, looks, logits, strict=True)
        ]

    def _reading(self, hit: Hit, look: Look, score: float) -> Reading:
        score = max(score, ASKED_FOR) if hit.ranks.keys() & {"paragraph", "phrase"} else score
        shares = [_logistic(self._weights.of_sentence(sentence)) for sentence in look.sentences]
        if hit.prepared:
            score = max(score, PREPARED)
            shares = [
                max(share, IN_PLACE) if hit.prepared.start <= s.start and s.end <= hit.prepared.end else share
                for share, s in zip(shares, hit.passage.sentences, strict=True)
            ]
        return Reading(hit.passage, score, tuple(score * share for share in shares), hit.prepared)


def _weighed(readings: Sequence[Reading], weight: Callable[[Passage], float]) -> list[Reading]:
    """The readings, best first, with what stands under a heading like the question counting for more. The best is as
    sure as the best was before."""
    best = max((reading.score for reading in readings), default=0.0)
    ranked = sorted((_scaled(r, weight(r.passage)) for r in readings), key=lambda reading: -reading.score)
    rise = best / min(ranked[0].score, best) if best else 1.0
    return [_scaled(reading, min(rise, best / reading.score)) if reading.score else reading for reading in ranked]


def _for_why(passage: Passage) -> float:
    return AS_ASKED if gives_reasons(passage) else BESIDE if _says_what_is_meant(passage) else 1.0


def _for_how(passage: Passage) -> float:
    is_beside = gives_reasons(passage) or _says_what_is_meant(passage)
    return AS_ASKED if tells_how(passage) else BESIDE if is_beside else 1.0


def _says_what_is_meant(passage: Passage) -> bool:
    return bool(passage.section and _MEANING.fullmatch(passage.section[-1]))


def _sides(query: Query) -> list[Query]:
    """A comparison of named things as one question for each: a passage on one side says nothing of the other."""
    if query.type != "comparison" or len(query.names) < 2:
        return [query]
    return [without_others(query, name) for name in query.names]


def _level(sides: Sequence[Sequence[Reading]]) -> list[list[Reading]]:
    """The sides of a comparison with the best passage of each as good as that of the others, so that none is told
    alone because its side is told more clearly."""
    best = [max((reading.score for reading in side), default=0.0) for side in sides]
    return [
        [_scaled(reading, max(best) / own) for reading in side] if own else list(side)
        for side, own in zip(sides, best, strict=True)
    ]


def _scaled(reading: Reading, factor: float) -> Reading:
    sentences = tuple(factor * score for score in reading.sentence_scores)
    return replace(reading, score=factor * reading.score, sentence_scores=sentences)


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))
