"""The small network that reads a question and a passage together.

The lower layers of the bi-encoder read the two apart; copies of its upper layers, trained further, read them side by
side, so that each word of the one sees each word of the other (the layout of PreTTR, MacAvaney et al., SIGIR 2020,
arXiv 2004.14255). As in Provence (Chirkova et al., ICLR 2025, arXiv 2501.16214) one pass scores the passage and each
of its sentences. What the plain floor sees joins at the end, so that an untrained network is the floor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

LOWER = 3  # layers of the bi-encoder that read question and passage apart
JOINT = 3  # layers that read them together
WIDTH = 384
HEADS = 12
PASSAGE_FEATURES = 4  # cosine of passage, best sentence's cosine, share of words in passage, in its fullest sentence
SENTENCE_FEATURES = 6  # cosine, below the best, share of words, below the fullest, opens the passage, is short


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions and passages, padded. `question` float (n, q, 384) and `passage` float (n, p, 384): states after the
    lower layers; `question_mask`, `passage_mask` bool, True where a word piece stands; `pooling` float (n, s, p): the
    mean over the pieces of each sentence; `sentence_mask` bool (n, s); features float (n, 4) and (n, s, 6)."""

    question: Tensor
    question_mask: Tensor
    passage: Tensor
    passage_mask: Tensor
    pooling: Tensor
    sentence_mask: Tensor
    passage_features: Tensor
    sentence_features: Tensor


class Interaction(nn.Module):
    """Scores passages and their sentences for questions, as logits."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.kind = nn.Parameter(torch.zeros(2, WIDTH))  # question or passage
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(WIDTH, HEADS, 4 * WIDTH, dropout, "gelu", 1e-12, batch_first=True)
            for _ in range(JOINT)
        )
        self.sentence_head = _head(2 * WIDTH)
        self.passage_head = _head(3 * WIDTH)
        self.sentence_floor = nn.Linear(SENTENCE_FEATURES, 1)
        self.passage_floor = nn.Linear(PASSAGE_FEATURES, 1)
        self.best_sentence = nn.Parameter(torch.zeros(1))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Logits of the passages (n,) and of the sentences (n, s); what is no sentence has -1e4."""
        length = batch.question.shape[1]
        states = torch.cat([batch.question + self.kind[0], batch.passage + self.kind[1]], dim=1)
        absent = ~torch.cat([batch.question_mask, batch.passage_mask], dim=1)
        for layer in self.layers:
            states = layer(states, src_key_padding_mask=absent)
        states = states.float()
        asked = _mean(states[:, :length], batch.question_mask)
        read = _mean(states[:, length:], batch.passage_mask)
        said = batch.pooling @ states[:, length:]
        own = self.sentence_head(torch.cat([said, said * asked[:, None]], dim=-1)).squeeze(-1)
        sentences = own + self.sentence_floor(batch.sentence_features).squeeze(-1)
        sentences = sentences.masked_fill(~batch.sentence_mask, -1e4)
        share = sentences.softmax(dim=1)[:, None]
        chosen = (share @ said).squeeze(1)
        whole = self.passage_head(torch.cat([read * asked, chosen * asked, chosen], dim=-1)).squeeze(-1)
        best = self.best_sentence * (share.squeeze(1) * sentences.clamp(-20, 20)).sum(dim=1)
        return whole + best + self.passage_floor(batch.passage_features).squeeze(-1), sentences


def _head(width: int) -> nn.Sequential:
    """Two layers whose last one begins at zero: at first only the floor speaks."""
    last = nn.Linear(128, 1)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 128), nn.GELU(), last)


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    weights = mask.to(states.dtype)[..., None]
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)


def collate(
    questions: Sequence[Tensor],
    passages: Sequence[Tensor],
    sentences: Sequence[Sequence[tuple[int, int]]],
    passage_features: Tensor,
    sentence_features: Sequence[Tensor],
) -> Batch:
    """A batch of states (n_pieces, 384), with the pieces of each sentence as (first, end)."""
    most = max(max(map(len, sentences)), 1)
    question, question_mask = _padded(questions)
    passage, passage_mask = _padded(passages)
    pooling = torch.zeros(len(passages), most, passage.shape[1])
    sentence_mask = torch.zeros(len(passages), most, dtype=torch.bool)
    features = torch.zeros(len(passages), most, SENTENCE_FEATURES)
    for row, spans in enumerate(sentences):
        for place, (first, end) in enumerate(spans):
            pooling[row, place, first:end] = 1 / max(1, end - first)
            sentence_mask[row, place] = True
        features[row, : len(spans)] = sentence_features[row]
    return Batch(question, question_mask, passage, passage_mask, pooling, sentence_mask, passage_features, features)


def _padded(states: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    padded = nn.utils.rnn.pad_sequence([state.float() for state in states], batch_first=True)
    lengths = torch.tensor([len(state) for state in states])
    return padded, torch.arange(padded.shape[1])[None] < lengths[:, None]
