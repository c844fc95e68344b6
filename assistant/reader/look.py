"""What is seen of a passage for a question: meaning piece by piece, meaning as a whole, and words.

Nothing here is learnt; `weights/reader/reader.json` says how much each counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.late_interaction import Pieces, QuestionPieces
from assistant.query.words import stem, stems
from assistant.records import Passage, Query

if TYPE_CHECKING:
    from assistant.library import Library

WEAKEST = 3  # word pieces of the question that find least in the passage
AS_NEAR = 1e-6  # cosines that differ by less are the same


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is compared: its vector (dimension,), its word pieces, its words."""

    vector: NDArray[np.float32]
    pieces: QuestionPieces
    words: "Words"


@dataclass(frozen=True, slots=True)
class SentenceLook:
    """What is seen of a sentence: cosine of its vector, MaxSim within it, the logarithm of its word pieces, and
    `holds`: the share of the question's word pieces that find nothing nearer in the rest of the passage."""

    cosine: float
    maxsim: float
    length: float
    holds: float


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of a passage. `maxsim`: the mean over the question's word pieces of the best cosine in the passage;
    `weakest`: the same over the three that find least; `cosine`: of the whole; `sentence_maxsim`, `sentence_cosine`: of
    the best sentence; `words`: the share of the question's words that stand in it or its headings."""

    maxsim: float
    weakest: float
    cosine: float
    sentence_maxsim: float
    sentence_cosine: float
    words: float
    sentences: tuple[SentenceLook, ...]

    @classmethod
    def at(
        cls,
        passage: Passage,
        question: Question,
        vector: NDArray[np.float32],
        sentence_vectors: NDArray[np.float32],
        pieces: Pieces,
    ) -> "Look":
        """Look at a passage with its vector (dimension,) and those of its sentences (n_sentences, dimension)."""
        cosines = sentence_vectors @ question.vector
        similar = pieces.similarities(question.pieces)
        best = similar.max(axis=1, initial=-1.0)
        sentences = []
        for index, cosine in enumerate(cosines):
            inside = similar[:, pieces.sentence_of == index]
            nearest, weights = inside.max(axis=1, initial=-1.0), question.pieces.weights
            holds = float((nearest >= best - AS_NEAR) @ weights) if inside.size else 0.0
            sentences.append(SentenceLook(float(cosine), float(nearest @ weights), log(1 + inside.shape[1]), holds))
        headings = question.words.titles.get(passage.source, ""), *passage.section, passage.context
        return cls(
            maxsim=float(best @ question.pieces.weights),
            weakest=float(np.sort(best)[:WEAKEST].mean()) if len(best) else -1.0,
            cosine=float(vector @ question.vector),
            sentence_maxsim=max((one.maxsim for one in sentences), default=-1.0),
            sentence_cosine=max((one.cosine for one in sentences), default=-1.0),
            words=question.words.share(" ".join([*headings, passage.text])),
            sentences=tuple(sentences),
        )


@dataclass(frozen=True, slots=True)
class Words:
    """The question's words by stem, with how rare each is in the library: 0 where it stands in every passage, 1
    where it stands in none; forms of its acronyms; titles by source."""

    rarity: Mapping[str, float]
    forms: tuple[tuple[str, ...], ...]
    titles: Mapping[str, str]

    @classmethod
    def of(cls, query: Query, library: "Library") -> "Words":
        documents = library.documents()
        passages = sum(info.passages for info in documents)
        counts = library.frequencies(query.terms)
        rarity: dict[str, float] = {}
        for term in query.terms:
            rare = log((passages + 1) / (counts[term] + 0.5)) / log(2 * passages + 2)
            rarity[stem(term)] = max(rarity.get(stem(term), 0.0), rare)
        titles = {info.source: f"{info.metadata.title or ''} {info.metadata.symbol or ''}" for info in documents}
        return cls(rarity, _forms(query, library), titles)

    def share(self, text: str) -> float:
        """The share of the question's words that stands in a text, rare ones counting more; 0 to 1."""
        held = self._held(text)
        total = sum(self.rarity.values())
        return sum(rare for key, rare in self.rarity.items() if key in held) / total if total else 0.0

    def _held(self, text: str) -> frozenset[str]:
        held = stems(text)
        folded = text.casefold()
        for forms in self.forms:
            if any(form.casefold() in folded for form in forms):
                held |= stems(" ".join(forms))
        return held


def _forms(query: Query, library: "Library") -> tuple[tuple[str, ...], ...]:
    """Acronyms of the question with their long forms: where one stands, the others are meant."""
    expansions = set(query.expansions)
    return tuple(
        (acronym, *long_forms)
        for acronym, long_forms in library.acronyms().items()
        if acronym in expansions or expansions.intersection(long_forms)
    )
