"""Train late interaction and the reader's weights, on public and own questions.

    python -m evals.training.reader --data FOLDER --library DIR --cache FOLDER [--minutes N] [--write]

`--data` holds the public sets (`reader_data.py` names them), `--library` the documents of the own questions. The
encoder stays as it is: what is learnt is a projection of its token vectors, how much each word piece of a question
counts, and how maximal similarity, cosines and words are mixed. The mix begins where the untrained floor is, so it can
hardly end below it. What was encoded is kept in the cache, and so is the state of the training every few minutes: the
same command goes on from there.
"""

import argparse
import hashlib
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from assistant.encoder import Encoder, TokenVectors
from assistant.late_interaction import WEIGHTS as LATE
from assistant.reader import PASSAGE, SENTENCE
from assistant.reader import WEIGHTS as READER
from assistant.reader.look import AS_NEAR, WEAKEST
from assistant.settings import Settings
from evals.training.reader_data import Example, Pool, load

WIDTH = 128
NEGATIVES = 8  # passages that do not answer, of each question
QUESTIONS_A_STEP = 16
RATE = 1e-3
NOISE = 0.02  # about what storing vectors as int8 costs
SEED = 0
SAVE_S = 150
# Where the mix begins: what the words of PASSAGE and SENTENCE count, untrained.
FLOOR = (25.0, 10.0, 5.0, 5.0, 0.0, 1.0, -35.0)
SENTENCE_FLOOR = (2.0, 9.0, 0.0, 2.0, -7.0)


class Mix(nn.Module):
    """The projection, the weights of word pieces, and the mix of what is seen of a passage and of a sentence."""

    def __init__(self, projection: NDArray[np.float32]) -> None:
        super().__init__()
        self.projection = nn.Parameter(torch.from_numpy(projection))
        self.weighting = nn.Linear(len(projection), 1)
        nn.init.zeros_(self.weighting.weight)
        nn.init.constant_(self.weighting.bias, 0.5413)  # softplus of it is 1
        self.passage = nn.Parameter(torch.tensor(FLOOR))
        self.sentence = nn.Parameter(torch.tensor(SENTENCE_FLOOR))

    def forward(self, asked: TokenVectors, seen: "Seen", noise: float = 0.0) -> tuple[Tensor, Tensor]:
        """Logits of the passages of one question (n,) and of their sentences (n, most), -1e4 where there is none."""
        question = _unit(torch.from_numpy(asked.tokens))
        weights = functional.softplus(self.weighting(question).squeeze(-1))
        weights = weights / weights.sum()
        pieces = _unit(seen.pieces @ self.projection)
        if noise:
            pieces = _unit(pieces + noise * torch.randn_like(pieces))
        similar = torch.einsum("qw,npw->nqp", _unit(question @ self.projection), pieces)
        similar = similar.masked_fill(~seen.is_piece[:, None], -1.0)
        best = similar.max(2).values
        within = _by_sentence(similar, seen)
        of_sentence = torch.einsum("nqs,q->ns", within, weights)
        maxsim = best @ weights
        weakest = best.topk(min(WEAKEST, best.shape[1]), dim=1, largest=False).values.mean(1)
        is_sentence = seen.lengths > 0
        looks = torch.stack(
            [
                maxsim,
                of_sentence.masked_fill(~is_sentence, -1.0).max(1).values,
                seen.cosine,
                seen.sentence_cosines.masked_fill(~is_sentence, -1.0).max(1).values,
                weakest,
                seen.words,
                torch.ones_like(maxsim),
            ],
            dim=1,
        )
        lengths = torch.log1p(seen.lengths.float())
        holds = torch.einsum("nqs,q->ns", (within >= best[:, :, None] - AS_NEAR).float(), weights)
        seen_of_sentences = [seen.sentence_cosines, of_sentence, lengths, holds, torch.ones_like(lengths)]
        sentences = torch.stack(seen_of_sentences, dim=2)
        return looks @ self.passage, (sentences @ self.sentence).masked_fill(~is_sentence, -1e4)


@dataclass(frozen=True, slots=True)
class Seen:
    """Passages beside a question, padded: `pieces` (n, most, dimension) of unit length, `sentence_of` (n, most),
    `lengths` of sentences in word pieces (n, most), their cosines, and of each passage cosine and share of words."""

    pieces: Tensor
    is_piece: Tensor
    sentence_of: Tensor
    lengths: Tensor
    cosine: Tensor
    sentence_cosines: Tensor
    words: Tensor

    @classmethod
    def of(cls, asked: TokenVectors, pool: Pool, passages: Sequence[int], words: Sequence[float]) -> "Seen":
        rows = [torch.from_numpy(pool.tokens(i)) for i in passages]
        places = [torch.from_numpy(pool.sentence_of(i).astype(np.int64)) for i in passages]
        pieces = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        sentence_of = nn.utils.rnn.pad_sequence(places, batch_first=True, padding_value=-1)
        is_piece = torch.arange(pieces.shape[1])[None] < torch.tensor([len(row) for row in rows])[:, None]
        inside = functional.one_hot(sentence_of + 1)[:, :, 1:].float()  # (n, most, sentences)
        means = _unit(torch.einsum("nps,npd->nsd", inside, pieces))
        question = torch.from_numpy(asked.vector)
        cosine = torch.from_numpy(pool.vectors[list(passages)]) @ question
        lengths = inside.sum(1).long()
        return cls(_unit(pieces), is_piece, sentence_of, lengths, cosine, means @ question, torch.tensor(words))


def _by_sentence(similar: Tensor, seen: Seen) -> Tensor:
    """The best similarity of each word piece of the question within each sentence: (n, pieces, sentences)."""
    count = seen.lengths.shape[1]
    index = torch.where(seen.sentence_of >= 0, seen.sentence_of, count)[:, None].expand(-1, similar.shape[1], -1)
    empty = similar.new_full((*similar.shape[:2], count + 1), -1.0)
    return empty.scatter_reduce(2, index, similar, "amax")[:, :, :count]


def _unit(rows: Tensor) -> Tensor:
    return functional.normalize(rows, dim=-1)


def principal_axes(pools: Sequence[Pool], width: int) -> NDArray[np.float32]:
    """The directions of most of the token vectors' length: float32 array of shape (dimension, width)."""
    rows = np.concatenate([pool.some_tokens(50_000, SEED) for pool in pools])
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    _, axes = np.linalg.eigh(rows.T @ rows)
    return np.ascontiguousarray(axes[:, ::-1][:, :width], np.float32)


def train(mix: Mix, examples: Sequence[Example], minutes: float, state: Path) -> None:
    """Learn for so long, going on from `state` where it is there. Losses: which passage answers (listwise and each by
    itself), and which of its sentences."""
    own = {"projection": 0.3, "passage": 10.0, "sentence": 10.0}
    groups = [{"params": [parameter], "lr": RATE * own.get(name, 1.0)} for name, parameter in mix.named_parameters()]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    rates = [group["lr"] for group in optimizer.param_groups]
    step, spent = 0, 0.0
    if state.is_file():
        saved = torch.load(state)
        mix.load_state_dict(saved["mix"])
        optimizer.load_state_dict(saved["optimizer"])
        step, spent = saved["step"], saved["spent"]
    rng = random.Random(f"{SEED} {step}")
    by_set: dict[str, list[Example]] = {}
    for example in examples:
        by_set.setdefault(example.set, []).append(example)
    weights = [len(rows) ** 0.75 * (2.0 if rows[0].is_own else 1.0) for rows in by_set.values()]
    progress = tqdm(total=round(minutes * 60), initial=round(spent), unit="s", desc="training")
    start = saved_at = time.monotonic()
    before = spent
    while spent < minutes * 60:
        share = spent / (minutes * 60)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * min(1.0, (step + 1) / 40) * max(0.03, 1 - share)
        chosen = [rng.choice(rows) for rows in rng.choices(list(by_set.values()), weights, k=QUESTIONS_A_STEP)]
        loss = torch.stack([_loss(mix, example, rng) for example in chosen]).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(mix.parameters(), 1.0)
        optimizer.step()
        step, now = step + 1, time.monotonic()
        progress.update(round(before + now - start) - progress.n)
        progress.set_postfix(step=step, loss=f"{loss.item():.2f}")
        spent = before + now - start
        if now - saved_at > SAVE_S or spent >= minutes * 60:
            saved_at = now
            torch.save(
                {"mix": mix.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "spent": spent}, state
            )


def _loss(mix: Mix, example: Example, rng: random.Random) -> Tensor:
    others = rng.sample(example.others[:6], min(3, len(example.others[:6])))
    others += [i for i in rng.sample(example.others, min(NEGATIVES, len(example.others))) if i not in others]
    passages, words = example.passages_with(others[:NEGATIVES])
    logits, sentences = mix(example.asked, Seen.of(example.asked, example.pool, passages, words), NOISE)
    truth = torch.zeros(len(logits))
    truth[0] = float(example.is_answerable)
    importance = torch.full((len(logits),), 0.5)
    importance[0] = 2.0
    loss = 0.5 * functional.binary_cross_entropy_with_logits(logits, truth, weight=importance)
    if example.is_answerable:
        loss = loss + functional.cross_entropy(logits[None], torch.tensor([0]))
    labels = torch.tensor(example.labels, dtype=torch.float32)
    own = sentences[0][: len(labels)]
    loss = loss + 0.4 * functional.binary_cross_entropy_with_logits(own.clamp(min=-30), labels)
    if labels.sum() > 0:
        loss = loss - 0.4 * (labels * functional.log_softmax(own, 0)).sum() / labels.sum()
    return loss


@torch.inference_mode()
def measured(mix: Mix, examples: Sequence[Example]) -> Iterator[dict[str, float]]:
    """Of each question with its first candidates: whether the right passage and the right sentence come first, the
    logit of the best passage, and whether that answers."""
    for example in examples:
        passages, words = example.passages_with(example.others[:12])
        logits, sentences = mix(example.asked, Seen.of(example.asked, example.pool, passages, words))
        best = int(logits.argmax())
        top = int(sentences[0][: len(example.labels)].argmax())
        yield {
            "answerable": float(example.is_answerable),
            "first": float(example.is_answerable and best == 0),
            "sentence": float(example.labels[top]),
            "logit": float(logits[best]),
        }


def calibrated(rows: Sequence[dict[str, float]]) -> tuple[float, float]:
    """Slope and constant that make the best passage's logit the probability that it answers (Platt, 1999)."""
    fitted = LogisticRegression(C=1e6).fit([[row["logit"]] for row in rows], [row["first"] for row in rows])
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def write(mix: Mix, encoder: Encoder, calibration: tuple[float, float]) -> None:
    """The weights as the assistant reads them."""
    write_late(encoder.name, mix.projection, mix.weighting)
    shipped = json.loads(READER.read_text("utf-8"))
    said: dict[str, Any] = {
        "passage": dict(zip(PASSAGE, (round(value, 3) for value in mix.passage.tolist()), strict=True)),
        "sentence": dict(zip(SENTENCE, (round(value, 4) for value in mix.sentence.tolist()), strict=True)),
        "rank": shipped["rank"],  # chosen on our own cases, like the last: lists of the training have no ranking
        "calibration": [round(value, 4) for value in calibration],
        "fall": shipped["fall"],
    }
    READER.write_text(json.dumps(said, indent=2) + "\n", "utf-8")


def write_late(name: str, projection: Tensor, weighting: nn.Linear) -> None:
    """How word pieces are compared, as late interaction reads it for the encoder of this name."""
    weights = {"projection": projection, "weighting": torch.cat([weighting.weight[0], weighting.bias])}
    halved = {key: tensor.detach().numpy().astype(np.float16) for key, tensor in weights.items()}
    save_file(halved, LATE / f"{name}.safetensors")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.training.reader", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--library", type=Path, required=True, help="library of the own questions' documents")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what is kept between runs")
    parser.add_argument("--minutes", type=float, default=20, help="how long to train")
    parser.add_argument("--limit", type=int, help="only so many questions of each set, to try the program")
    parser.add_argument("--write", action="store_true", help="put the weights in the place of the shipped ones")
    arguments = parser.parse_args(argv)
    torch.manual_seed(SEED)
    encoder = Encoder.load(Settings())
    arguments.cache.mkdir(parents=True, exist_ok=True)
    examples = load(arguments.data, arguments.library, arguments.cache, encoder, arguments.limit)
    kept = [example for example in examples if not example.is_left_out]
    left_out = [example for example in examples if example.is_left_out]
    pools = list({id(example.pool): example.pool for example in kept}.values())
    mix = Mix(principal_axes(pools, WIDTH))
    identity = hashlib.sha256(f"{encoder.identity} {len(kept)} {arguments.minutes}".encode()).hexdigest()[:12]
    untrained = list(measured(mix, left_out))
    train(mix, kept, arguments.minutes, arguments.cache / f"state-{identity}.pt")
    trained = list(measured(mix, left_out))
    for name in sorted({example.set for example in left_out}):
        chosen = [i for i, example in enumerate(left_out) if example.set == name and example.is_answerable]
        figures = [
            f"{label} {np.mean([rows[i][label] for i in chosen]):.3f}"
            for rows in (untrained, trained)
            for label in ("first", "sentence")
        ]
        print(f"{name:<24} n {len(chosen):>5}  untrained {figures[0]} {figures[1]}, trained {figures[2]} {figures[3]}")
    calibration = calibrated(trained)
    print(f"passage {mix.passage.tolist()}\nsentence {mix.sentence.tolist()}\ncalibration {calibration}")
    if arguments.write:
        write(mix, encoder, calibration)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
