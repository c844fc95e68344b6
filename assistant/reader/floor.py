"""What the plain floor sees of a passage: meaning and words, without a trained reader.

Meaning: the cosine of the question with the sentences of a passage, each seen in the context of the whole. Words: how
much of the question's weight, in rare words more than in common ones, stands in the passage and in the sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.query.words import stem, stems
from assistant.records import Passage, Query

if TYPE_CHECKING:
    from assistant.library import Library


SHORT = 8  # words below which a sentence seldom answers


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of a passage for a question.

    `vector` (384,) and `sentences` (n_sentences, 384): its vectors, float32. `cosines`, `shares`: of each sentence with
    the question. `features`: the passage's cosine, its best sentence's cosine; share of the question's words in the
    passage with its headings, in its fullest sentence, in title and headings alone.
    """

    vector: NDArray[np.float32]
    sentences: NDArray[np.float32]
    cosines: tuple[float, ...]
    shares: tuple[float, ...]
    features: tuple[float, float, float, float, float]

    @classmethod
    def at(
        cls,
        passage: Passage,
        question: NDArray[np.float32],
        vector: NDArray[np.float32],
        sentences: NDArray[np.float32],
        words: "Words",
    ) -> "Look":
        """Look at a passage with the vector of the question (384,)."""
        cosines = sentences @ question
        shares = tuple(words.share(passage.sentence_text(sentence)) for sentence in passage.sentences)
        above = " ".join([words.titles.get(passage.source, ""), *passage.section])
        text = " ".join([above, passage.context, passage.text])
        nearest, fullest = float(cosines.max(initial=-1.0)), max(shares, default=0.0)
        features = (float(vector @ question), nearest, words.share(text), fullest, words.share(above))
        return cls(vector, sentences, tuple(cosines.tolist()), shares, features)


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
