"""What is measured of a claim and its evidence: words found, small words that turn a meaning, vectors compared, and
whether the claim follows from the sentences nearest to it.

The strongest single measure is a soft recall: each word piece of the claim takes the cosine of its nearest word
piece in the evidence, both in their contexts, and the mean is weighted by how rare the piece is (BERTScore's
recall; Zhang et al., ICLR 2020). It costs nothing beyond the vectors that the cosine of sentences needs anyway.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log1p

import numpy as np
from numpy.typing import NDArray

from assistant.encoder import TokenVectors
from assistant.grounding.evidence import Evidence
from assistant.grounding.words import (
    HEDGES,
    NEGATIONS,
    RARE_WEIGHT,
    STOP_WORDS,
    is_number,
    name_forms,
    normal_form,
    opposite_words,
    piece_weight,
    words,
)

Floats = NDArray[np.float32]

# Name and the direction in which a feature can only speak: 1 for support, -1 against it, 0 either way.
FEATURES = {
    "word_recall": 1,
    "weighted_recall": 1,
    "sentence_recall": 1,
    "two_sentence_recall": 1,
    "missing_words": -1,
    "heaviest_missing": -1,
    "pair_recall": 1,
    "longest_run": 1,
    "missing_numbers": -1,
    "distant_numbers": -1,
    "missing_names": -1,
    "negation_added": 0,
    "negation_dropped": 0,
    "hedge_dropped": 0,
    "hedge_added": 0,
    "opposites": -1,
    "evidence_length": 0,
    "claim_length": 0,
    "sentence_cosine": 1,
    "two_sentence_cosine": 1,
    "window_cosine": 1,
    "soft_recall": 1,
    "plain_soft_recall": 1,
    "sentence_soft_recall": 1,
    "two_sentence_soft_recall": 1,
    "weakest_piece": 1,
    "weakest_pieces": 1,
    "weak_quarter": 1,
    "entailment": 1,
}
Entails = Callable[[str, str], float]  # premise and claim to log-odds


@dataclass(frozen=True)
class ClaimText:
    """A claim as it is compared: its words, their weights, its word pieces with vectors."""

    text: str
    vectors: TokenVectors

    @cached_property
    def words(self) -> list[str]:
        return words(self.text)

    @cached_property
    def forms(self) -> list[str]:
        return [normal_form(word) for word in self.words]

    @cached_property
    def content(self) -> list[str]:
        """The normal forms that carry content; all of them where none does."""
        kept = [form for word, form in zip(self.words, self.forms, strict=True) if word not in STOP_WORDS]
        return kept or self.forms

    @cached_property
    def names(self) -> list[str]:
        return name_forms(self.text)

    @cached_property
    def weights(self) -> dict[str, float]:
        """The weight of each content word: that of its piece, or of a rare word where it has several."""
        weights: dict[str, float] = {}
        pieces = dict(zip(self.vectors.offsets, self.piece_weights, strict=True))
        for (start, end), weight in pieces.items():
            weights[normal_form(self.text[start:end].lower())] = float(weight)
        return {form: weights.get(form, RARE_WEIGHT) for form in self.content}

    @cached_property
    def piece_weights(self) -> Floats:
        """float32 array of shape (n_pieces,): 0 for punctuation."""
        shown = (any(map(str.isalnum, self.text[a:b])) for a, b in self.vectors.offsets)
        weights = [piece_weight(i) if is_word else 0.0 for i, is_word in zip(self.vectors.ids, shown, strict=True)]
        return np.array(weights, np.float32)

    @cached_property
    def telling_pieces(self) -> NDArray[np.bool_]:
        """Which pieces are neither punctuation nor part of a common word."""
        common = [self.text[a:b].lower() in STOP_WORDS for a, b in self.vectors.offsets]
        telling: NDArray[np.bool_] = (self.piece_weights > 0) & ~np.array(common, bool)
        return telling


@dataclass(frozen=True)
class EvidenceVectors:
    """The sentences of the evidence that were read: `sentences` their numbers; `starts` where the pieces of each
    begin among `pieces`, rows of unit length; `means` their vectors; `windows` the vectors of their windows."""

    sentences: tuple[int, ...]
    starts: tuple[int, ...]
    pieces: Floats
    means: Floats
    windows: Floats

    @classmethod
    def of(cls, evidence: Evidence, windows: Sequence[range], encoded: Sequence[TokenVectors]) -> "EvidenceVectors":
        sentences: list[int] = []
        groups: list[Floats] = []
        for window, vectors in zip(windows, encoded, strict=True):
            shift = evidence.sentences[window[0]][0]
            starts = np.array([start + shift for start, _ in vectors.offsets])
            for i in window:
                start, end = evidence.sentences[i]
                inside = (starts >= start) & (starts < end)
                if inside.any():
                    sentences.append(i)
                    groups.append(vectors.tokens[inside])
        if not groups:
            empty = np.zeros((0, 1), np.float32)
            return cls((), (), empty, empty, empty)
        firsts = np.cumsum([0, *(len(group) for group in groups[:-1])])
        means = _unit(np.stack([group.mean(axis=0) for group in groups]))
        pooled = np.stack([vectors.vector for vectors in encoded])
        return cls(tuple(sentences), tuple(firsts.tolist()), _unit(np.concatenate(groups)), means, pooled)


@dataclass(frozen=True, slots=True)
class Measured:
    """The features by name, and the stretch `evidence.text[start:end]` of at most two sentences that is nearest to
    the claim, None where the evidence has no words."""

    features: Mapping[str, float]
    stretch: tuple[int, int] | None


def measure(claim: ClaimText, evidence: Evidence, vectors: EvidenceVectors, entails: Entails) -> Measured:
    """All features of a claim and its evidence. Evidence without a word supports nothing: its recalls are 0. `entails`
    is asked about the stretch alone."""
    held = np.array([[form in forms for form in claim.content] for forms in evidence.form_sets], np.float32)
    held = held.reshape(len(evidence.sentences), len(claim.content)).T
    best = _best_start(held, _weights(claim))
    nearness = _nearness(claim, vectors)
    features = dict(_word_features(claim, evidence, held, best))
    features |= _turning_features(claim, evidence, best)
    features |= _vector_features(claim, vectors, nearness)
    stretch = _stretch(claim, evidence, vectors, nearness)
    features["entailment"] = entails(evidence.text[slice(*stretch)] if stretch else "", claim.text)
    return Measured({name: features[name] for name in FEATURES}, stretch)


def _stretch(
    claim: ClaimText, evidence: Evidence, vectors: EvidenceVectors, nearness: Floats
) -> tuple[int, int] | None:
    if not vectors.sentences:
        return None
    first = _best_start(nearness, claim.piece_weights)
    read = vectors.sentences[first : first + 2]
    last = read[-1] if read[-1] - read[0] == 1 else read[0]  # the two windows read need not be neighbours
    return evidence.sentences[read[0]][0], evidence.sentences[last][1]


def _word_features(claim: ClaimText, evidence: Evidence, held: Floats, best: int) -> Iterator[tuple[str, float]]:
    weights = _weights(claim)
    found = held.max(axis=1, initial=0)
    all_forms = [form for forms in evidence.forms for form in forms]
    everywhere, near = set(all_forms), frozenset().union(*evidence.form_sets[best : best + 2])
    numbers = [form for form in claim.content if is_number(form)]
    pairs = list(pairwise(claim.forms))
    stated = set(pairwise(all_forms))
    yield "word_recall", _mean(found)
    yield "weighted_recall", _weighted(found, weights)
    yield "sentence_recall", _best_stretch(held, weights, 1)
    yield "two_sentence_recall", _best_stretch(held, weights, 2)
    yield "missing_words", log1p(float((1 - found).sum()))
    yield "heaviest_missing", float((weights * (1 - found)).max(initial=0))
    yield "pair_recall", _mean([pair in stated for pair in pairs] or found)
    yield "longest_run", longest_run(claim.forms, all_forms) / max(1, len(claim.forms))
    yield "missing_numbers", sum(number not in everywhere for number in numbers)
    yield "distant_numbers", sum(number in everywhere and number not in near for number in numbers)
    yield "missing_names", sum(name not in everywhere for name in claim.names)
    yield "evidence_length", log1p(len(all_forms))
    yield "claim_length", log1p(len(claim.forms))


def _turning_features(claim: ClaimText, evidence: Evidence, best: int) -> dict[str, float]:
    """Words that turn a meaning, compared with the two sentences that hold most of the claim's words."""
    said = set(claim.words)
    stated = {word for sentence in evidence.words[best : best + 2] for word in sentence}
    negated, denied = bool(said & NEGATIONS), bool(stated & NEGATIONS)
    hedged, guarded = bool(said & HEDGES), bool(stated & HEDGES)
    return {
        "negation_added": float(negated and not denied),
        "negation_dropped": float(denied and not negated),
        "hedge_dropped": float(guarded and not hedged),
        "hedge_added": float(hedged and not guarded),
        "opposites": float(opposite_words(said - stated, stated - said)),
    }


def _vector_features(claim: ClaimText, vectors: EvidenceVectors, nearness: Floats) -> dict[str, float]:
    cosines = np.sort(vectors.means @ claim.vectors.vector)[::-1] if vectors.sentences else np.zeros(1)
    windows = vectors.windows @ claim.vectors.vector if vectors.sentences else np.zeros(1)
    weights, nearest = claim.piece_weights, nearness.max(axis=1, initial=0)
    telling = np.sort(nearest[claim.telling_pieces])
    telling = telling if telling.size else np.zeros(1)
    return {
        "sentence_cosine": float(cosines[0]),
        "two_sentence_cosine": _mean(cosines[:2]),
        "window_cosine": float(windows.max()),
        "soft_recall": _weighted(nearest, weights),
        "plain_soft_recall": _mean(nearest),
        "sentence_soft_recall": _best_stretch(nearness, weights, 1),
        "two_sentence_soft_recall": _best_stretch(nearness, weights, 2),
        "weakest_piece": float(telling[0]),
        "weakest_pieces": _mean(telling[:3]),
        "weak_quarter": float(np.quantile(telling, 0.25)),
    }


def _nearness(claim: ClaimText, vectors: EvidenceVectors) -> Floats:
    """float32 array of shape (n_pieces, n_sentences): the cosine of each piece of the claim with the nearest piece
    of each sentence."""
    if not vectors.sentences or not claim.vectors.ids:
        return np.zeros((len(claim.vectors.ids), len(vectors.sentences)), np.float32)
    cosines = _products(_unit(claim.vectors.tokens), vectors.pieces)
    return np.maximum.reduceat(cosines, vectors.starts, axis=1)


def _products(some: Floats, others: Floats) -> Floats:
    """`some @ others.T` on torch's threads, which the encoder has just used. NumPy's own wait for theirs: on two busy
    cores 28 ms for 30 by 250 rows, here 0.05."""
    import torch

    found: Floats = (torch.from_numpy(some) @ torch.from_numpy(others).T).numpy()
    return found


def longest_run(some: Sequence[str], others: Sequence[str]) -> int:
    """The most words in a row that both sequences share."""
    places: dict[str, list[int]] = {}
    for i, word in enumerate(others):
        places.setdefault(word, []).append(i)
    longest = 0
    ending: dict[int, int] = {}
    for word in some:
        ending = {i: ending.get(i - 1, 0) + 1 for i in places.get(word, ())}
        longest = max(longest, *ending.values()) if ending else longest
    return longest


def _weights(claim: ClaimText) -> Floats:
    return np.array([claim.weights[form] for form in claim.content], np.float32)


def _stretches(held: Floats, weights: Floats, length: int) -> list[float]:
    """The weighted recall of each stretch of `length` sentences; `held` is of shape (n_parts, n_sentences)."""
    last = max(1, held.shape[1] - length + 1)
    return [_weighted(held[:, i : i + length].max(axis=1, initial=0), weights) for i in range(last)]


def _best_stretch(held: Floats, weights: Floats, length: int) -> float:
    return max(_stretches(held, weights, length))


def _best_start(held: Floats, weights: Floats) -> int:
    """Where the two neighbouring sentences begin that hold most."""
    return int(np.argmax(_stretches(held, weights, 2)))


def _weighted(values: Floats, weights: Floats) -> float:
    total = float(weights.sum())
    return float(values @ weights) / total if total else 0.0


def _mean(values: "Sequence[float] | Floats | NDArray[np.float64]") -> float:
    return float(np.mean(values)) if len(values) else 0.0


def _unit(rows: Floats) -> Floats:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)  # type: ignore[no-any-return]
