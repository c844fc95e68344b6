"""The trained part of the reader: does this passage answer this question, and which of its sentences?

It reads no words. It takes what the library holds already, the vectors of the passage and of its sentences in
context, with the vector of the question, and what the plain floor sees. Learnt projections of both are multiplied, so
that the network can tell "answers" from "is about the same"; the floor joins at the end, so that an untrained network
is the floor. As in Provence (Chirkova et al., ICLR 2025, arXiv 2501.16214) one pass scores the passage and each of
its sentences; unlike there, nothing is encoded when a question comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

WIDTH = 384
PROJECTED = 64
SORTS = 64
PASSAGE_FEATURES = 4  # cosine of passage, best sentence's cosine, share of words in passage, in its fullest sentence
SENTENCE_FEATURES = 6  # cosine, below the best, share of words, below the fullest, opens the passage, is short
_SPREAD = 4.0  # products of projections of unit vectors are small
_ABSENT = -1e4

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seen:
    """A question and a passage: vectors (384,), (384,) and (n_sentences, 384); features (4,) and (n_sentences, 6)."""

    question: Floats
    passage: Floats
    sentences: Floats
    passage_features: Floats
    sentence_features: Floats


class AnswerNetwork(nn.Module):
    """Scores passages and their sentences, as logits."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.question = nn.Linear(WIDTH, PROJECTED)
        self.question_of_passage = nn.Linear(WIDTH, PROJECTED)
        self.sentence = nn.Linear(WIDTH, PROJECTED)
        self.passage = nn.Linear(WIDTH, PROJECTED)
        self.sort_asked = nn.Linear(WIDTH, SORTS)
        self.sort_said = nn.Linear(WIDTH, SORTS)
        self.features = nn.Linear(PASSAGE_FEATURES + SENTENCE_FEATURES, 32)
        self.of_sentence = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(WIDTH + 2 * PROJECTED + SORTS + 32, 64),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(64, 1),
        )
        self.of_passage = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * PROJECTED, 64), nn.GELU(), nn.Linear(64, 1))
        self.sentence_floor = nn.Linear(SENTENCE_FEATURES, 1)
        self.passage_floor = nn.Linear(PASSAGE_FEATURES, 1)
        self.best_sentence = nn.Parameter(torch.ones(1))

    def forward(self, seen: Sequence[Seen]) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of the passages (n,), of their sentences (n, most), and which of those are sentences (n, most)."""
        question = _stack([one.question for one in seen])
        passage = _stack([one.passage for one in seen])
        of_passage = _stack([one.passage_features for one in seen])
        # Sentences of all passages one below the other; `row` says to which passage each belongs.
        row = torch.repeat_interleave(torch.tensor([len(one.sentences) for one in seen]))
        sentence = torch.from_numpy(np.concatenate([one.sentences for one in seen]))
        of_sentence = torch.from_numpy(np.concatenate([one.sentence_features for one in seen]))
        near = self.question(question)[row] * self.sentence(sentence) * _SPREAD
        whole = self.question_of_passage(question) * self.passage(passage) * _SPREAD
        sort = self.sort_asked(question)[row] * self.sort_said(sentence)
        floor = self.features(torch.cat([of_sentence, of_passage[row]], dim=-1))
        joined = torch.cat([question[row] * sentence * 10, near, whole[row], sort, floor], dim=-1)
        flat = (self.of_sentence(joined) + self.sentence_floor(of_sentence)).squeeze(-1)
        is_sentence = _mask([len(one.sentences) for one in seen])
        sentences = flat.new_full(is_sentence.shape, _ABSENT).masked_scatter(is_sentence, flat)
        share = sentences.softmax(dim=1)
        best = self.best_sentence * (share * sentences.clamp(-20, 20)).sum(dim=1)
        chosen = torch.zeros_like(whole).index_add(0, row, near * share[is_sentence][:, None])
        passages = self.passage_floor(of_passage) + self.of_passage(torch.cat([whole, chosen], dim=-1))
        return passages.squeeze(-1) + best, sentences, is_sentence


def _stack(rows: Sequence[Floats]) -> Tensor:
    return torch.from_numpy(np.stack(rows).astype(np.float32))


def _mask(lengths: Sequence[int]) -> Tensor:
    return torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]
