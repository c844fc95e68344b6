"""Train the encoder's last layers for late interaction, with the projection and the weights of word pieces.

    python -m evals.training.encoder --data FOLDER --library DIR --cache FOLDER [--steps N] [--write]

The questions are those of the reader (`reader_data.py`). The model begins as its package has it, how word pieces are
compared as it is shipped; words and lower layers stay as they are. Learnt is which passage answers, by MaxSim and by
cosine, among the passages of all questions of a step, and which of its sentences. The state is kept in the cache: the
same command goes on from there.
"""

import argparse
import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from assistant.encoder import E5, Encoder, Model, PassageInput, find
from assistant.encoder.models import ADAPTED
from assistant.encoder.network import Network
from assistant.late_interaction import WEIGHTS as LATE
from evals.training.reader import write_late
from evals.training.reader_data import TWINS, Example, Given, Pool, load

TOP = 4  # layers that learn
STEPS = 280
WARM_UP = 30  # steps
SAVE_STEPS = 50
SETS_A_STEP = 4
QUESTIONS_A_SET = 4  # of one set together, so that the passages of one are near the others'
NEGATIVES = 2  # passages that do not answer, of each question; those of the others of a step come to them
NEAR = 14  # the hardest, of which negatives are drawn
RATES = {"network": 3e-5, "projection": 1e-4, "weighting": 1e-3, "sharpness": 1e-3}
SHARPNESS = (3.2, 3.2, 2.7)  # where MaxSim, cosine and sentences begin: logarithms of inverse temperatures
DENSE, SENTENCES = 0.5, 0.5  # what these losses count beside that of MaxSim
SENTENCE_COSINE = 0.7  # what a sentence's cosine counts beside its MaxSim
SEED = 0
TEXTS_AT_ONCE = 16
MEASURED = 50  # questions of each set left out: with their passages they take minutes on one core
OTHERS = 12  # passages that the right one is measured among


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the network reads it. `vector`: (dimension,), of unit length. Of its word pieces, marks and prefix left
    out: `pieces` (n_pieces, dimension), not of unit length, and `narrow` (n_pieces, width), of unit length."""

    vector: Tensor
    pieces: Tensor
    narrow: Tensor


class Learner(nn.Module):
    """The encoder as it learns, and how word pieces are compared. Reads texts as the encoder does, in float32."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.model, self.encoder = model, Encoder(model)
        self.tokenizer = model.tokenizer()
        self.tokenizer.enable_truncation(model.longest)
        self.network = cast(Network, model.network(torch.float32)).requires_grad_(False)
        self.network.layers[-TOP:].requires_grad_(True)
        late = {name: tensor.float() for name, tensor in load_file(LATE / f"{model.name}.safetensors").items()}
        self.projection = nn.Parameter(late["projection"])
        self.weighting = nn.Linear(model.dimension, 1)
        self.weighting.load_state_dict({"weight": late["weighting"][None, :-1], "bias": late["weighting"][-1:]})
        self.sharpness = nn.Parameter(torch.tensor(SHARPNESS))

    def learnt(self) -> dict[str, Tensor]:
        """What training changes, by name."""
        return {name: parameter for name, parameter in self.named_parameters() if parameter.requires_grad}

    def questions(self, texts: Sequence[str]) -> list[Read]:
        prefix = self.model.query_prefix
        return self._read([(prefix + text, len(prefix)) for text in texts])

    def passages(self, given: Sequence[Given]) -> list[Read]:
        """Passages, read window by window."""
        windows = [self._windows(passage) for passage in given]
        read = iter(self._read([window for own in windows for window in own]))
        return [_joined([next(read) for _ in own]) for own in windows]

    def _windows(self, given: Given) -> list[tuple[str, int]]:
        """Each window behind prefix and header, and where its own word pieces begin: the header is the first one's."""
        prefix = self.model.passage_prefix
        before = f"{prefix}{given.header}\n" if given.header else prefix
        windows = self.encoder.windows(PassageInput(given.header, given.text, given.sentences))
        return [(before + given.text[start:end], len(before if start else prefix)) for start, end in windows]

    def _read(self, texts: Sequence[tuple[str, int]]) -> list[Read]:
        """Texts, each with the place where its own word pieces begin."""
        encodings = self.tokenizer.encode_batch([text for text, _ in texts])
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        found: dict[int, Read] = {}
        for at in range(0, len(order), TEXTS_AT_ONCE):
            batch = order[at : at + TEXTS_AT_ONCE]
            for i, vectors in zip(batch, self([encodings[i].ids for i in batch]), strict=True):
                pieces = vectors[torch.tensor([end > texts[i][1] for _, end in encodings[i].offsets])]
                found[i] = Read(_unit(vectors.mean(0)), pieces, _unit(_unit(pieces) @ self.projection))
        return [found[i] for i in range(len(texts))]

    def forward(self, ids: Sequence[list[int]]) -> list[Tensor]:
        """The vectors of the word pieces of each text, as Network has them; only the last layers can learn."""
        padded = nn.utils.rnn.pad_sequence([torch.tensor(row) for row in ids], batch_first=True)
        lengths = torch.tensor([len(row) for row in ids])
        seen = (torch.arange(padded.shape[1]) < lengths[:, None])[:, None, None, :]
        with torch.no_grad():
            x = self.network.norm(self.network.words(padded) + self.network.places.weight[: padded.shape[1]])
            for layer in self.network.layers[:-TOP]:
                x = layer(x, seen)
        for layer in self.network.layers[-TOP:]:
            x = layer(x, seen)
        return [row[: len(own)] for row, own in zip(x, ids, strict=True)]

    def maxsim(self, question: Read, texts: Sequence[Tensor]) -> Tensor:
        """How near each text, given by its narrow word pieces, is to the question: (n,), -1 for one without any."""
        weights = functional.softplus(self.weighting(_unit(question.pieces)).squeeze(-1))
        similar = torch.split(question.narrow @ torch.cat(list(texts)).T, [len(text) for text in texts], dim=1)
        best = [functional.pad(own, (0, 1), value=-1.0).max(1).values for own in similar]
        return torch.stack(best) @ (weights / weights.sum())

    def sentences(self, question: Read, passage: Read, example: Example) -> Tensor:
        """How near each sentence of the example's passage is to the question: (n,)."""
        of_piece = torch.from_numpy(example.pool.sentence_of(example.passage).astype(np.int64))
        inside = [of_piece == index for index in range(len(example.labels))]
        cosines = _unit(torch.stack([passage.pieces[own].sum(0) for own in inside])) @ question.vector
        return self.maxsim(question, [passage.narrow[own] for own in inside]) + SENTENCE_COSINE * cosines


def _joined(windows: Sequence[Read]) -> Read:
    vector = _unit(torch.stack([one.vector for one in windows]).mean(0))
    return Read(vector, torch.cat([one.pieces for one in windows]), torch.cat([one.narrow for one in windows]))


def _unit(rows: Tensor) -> Tensor:
    return functional.normalize(rows, dim=-1)


def loss(learner: Learner, examples: Sequence[Example], rng: random.Random) -> Tensor:
    """That of one step: each right passage among all passages of the step, and its sentences."""
    columns = [(example.pool, example.passage) for example in examples]
    for example in examples:
        near = example.others[:NEAR]
        columns += [(example.pool, index) for index in rng.sample(near, min(NEGATIVES, len(near)))]
    questions = learner.questions([example.question for example in examples])
    passages = learner.passages([pool.given[index] for pool, index in columns])
    maxsim = torch.stack([learner.maxsim(question, [one.narrow for one in passages]) for question in questions])
    cosine = torch.stack([one.vector for one in questions]) @ torch.stack([one.vector for one in passages]).T
    sharp = learner.sharpness.exp()
    repeats, right = _repeats(columns, len(examples)), torch.arange(len(examples))
    listwise = functional.cross_entropy((sharp[0] * maxsim).masked_fill(repeats, -1e4), right)
    dense = functional.cross_entropy((sharp[1] * cosine).masked_fill(repeats, -1e4), right)
    of_sentences = list(_sentence_losses(learner, examples, questions, passages))
    total = listwise + DENSE * dense
    return total + SENTENCES * torch.stack(of_sentences).mean() if of_sentences else total


def _repeats(columns: Sequence[tuple[Pool, int]], count: int) -> Tensor:
    """Which passages are, or nearly repeat, the right one of each of `count` questions in a place that is not its own:
    (count, n)."""
    vectors = torch.from_numpy(np.stack([pool.vectors[index] for pool, index in columns]))
    return (vectors[:count] @ vectors.T >= TWINS).fill_diagonal_(False)


def _sentence_losses(
    learner: Learner, examples: Sequence[Example], questions: Sequence[Read], passages: Sequence[Read]
) -> Iterator[Tensor]:
    """Of each question whose passage has both sentences that answer and others."""
    for example, question, passage in zip(examples, questions, passages, strict=False):  # the right ones come first
        if 0 < sum(example.labels) < len(example.labels):
            logits = learner.sharpness[2].exp() * learner.sentences(question, passage, example)
            labels = torch.tensor(example.labels, dtype=torch.float32)
            yield functional.cross_entropy(logits, labels / labels.sum())


def train(learner: Learner, examples: Sequence[Example], steps: int, state: Path) -> None:
    """Learn, going on from `state` where it is there."""
    learnt = learner.learnt()
    rates = [RATES[name.split(".")[0]] for name in learnt]
    optimizer = torch.optim.AdamW([{"params": [one]} for one in learnt.values()], betas=(0.9, 0.98), weight_decay=0.01)
    rng, step = random.Random(SEED), 0
    if state.is_file():
        saved = torch.load(state)
        learner.load_state_dict(saved["learnt"], strict=False)
        optimizer.load_state_dict(saved["optimizer"])
        rng.setstate(saved["rng"])
        step = saved["step"]
    sets = list(by_set(examples).values())
    weights = [len(rows) ** 0.75 * (2.0 if rows[0].is_own else 1.0) for rows in sets]
    progress = tqdm(total=steps, initial=step, unit="step", desc="training")
    while step < steps:
        share = min(1.0, (step + 1) / WARM_UP) * max(0.05, 1 - step / steps)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * share
        drawn = rng.choices(sets, weights, k=SETS_A_STEP)
        chosen = [example for rows in drawn for example in rng.sample(rows, min(QUESTIONS_A_SET, len(rows)))]
        lost = loss(learner, chosen, rng)
        optimizer.zero_grad()
        lost.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learnt.values(), 1.0)
        optimizer.step()
        step += 1
        progress.update()
        progress.set_postfix(loss=f"{lost.item():.2f}")
        if step % SAVE_STEPS == 0 or step == steps:
            kept = {"learnt": learnt, "optimizer": optimizer.state_dict(), "step": step, "rng": rng.getstate()}
            torch.save(kept, state.with_suffix(".part"))
            state.with_suffix(".part").replace(state)


def by_set(examples: Sequence[Example]) -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {}
    for example in examples:
        found.setdefault(example.set, []).append(example)
    return found


@torch.inference_mode()
def measured(learner: Learner, examples: Sequence[Example]) -> list[float]:
    """How often the right passage comes first among itself and the first others, by MaxSim and by cosine, and how often
    one of its right sentences does."""
    rows = []
    for example in examples:
        [question] = learner.questions([example.question])
        among = (example.passage, *example.others[:OTHERS])
        passages = learner.passages([example.pool.given[index] for index in among])
        maxsim = learner.maxsim(question, [one.narrow for one in passages])
        cosine = torch.stack([one.vector for one in passages]) @ question.vector
        top = int(learner.sentences(question, passages[0], example).argmax())
        rows.append([int(maxsim.argmax()) == 0, int(cosine.argmax()) == 0, example.labels[top]])
    return [float(share) for share in np.mean(rows, axis=0)]


def write(learner: Learner) -> None:
    """The weights as the assistant reads them."""
    layers = {name: one.detach().half() for name, one in learner.network.named_parameters() if one.requires_grad}
    save_file(layers, ADAPTED / f"{learner.model.name}.safetensors")
    write_late(learner.model.name, learner.projection, learner.weighting)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.training.encoder", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--library", type=Path, required=True, help="library of the own questions' documents")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what is kept between runs")
    parser.add_argument("--steps", type=int, default=STEPS, help="how long to train")
    parser.add_argument("--limit", type=int, help="only so many questions of each set, to try the program")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="cores to use")
    parser.add_argument("--write", action="store_true", help="put the weights in the place of the shipped ones")
    arguments = parser.parse_args(argv)
    torch.set_num_threads(arguments.threads)
    model = replace(find(E5), adapted=None)
    arguments.cache.mkdir(parents=True, exist_ok=True)
    learner = Learner(model)
    examples = load(arguments.data, arguments.library, arguments.cache, learner.encoder, arguments.limit)
    kept = [example for example in examples if example.is_answerable and not example.is_left_out]
    left_out = by_set([example for example in examples if example.is_answerable and example.is_left_out])
    drawn = {name: random.Random(SEED).sample(rows, min(MEASURED, len(rows))) for name, rows in left_out.items()}
    before = {name: measured(learner, rows) for name, rows in drawn.items()}
    told = f"{learner.encoder.identity} {len(kept)} {arguments.steps}"
    state = arguments.cache / f"encoder-{hashlib.sha256(told.encode()).hexdigest()[:12]}.pt"
    train(learner, kept, arguments.steps, state)
    for name, rows in drawn.items():
        figures = zip(("MaxSim", "cosine", "sentence"), before[name], measured(learner, rows), strict=True)
        print(f"{name:<24} n {len(rows):>3}", *(f"{label} {a:.3f} -> {b:.3f}" for label, a, b in figures), sep="  ")
    if arguments.write:
        write(learner)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
