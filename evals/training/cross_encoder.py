"""Train a judge that reads evidence and claim together: all-MiniLM-L6-v2 as a cross-encoder.

    python -m evals.training.cross_encoder --data FOLDER --manuals FOLDER --cache FOLDER --left-out a,b [--minutes 75]

It learns from couples of one group (document, question, premise), a supported claim and one that is not, so that what
tells them apart is what the evidence says. Time is the processor's own: a process that is paused loses nothing. The
state is kept in the cache every five minutes, and the same command goes on from there.
"""

import argparse
import hashlib
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from assistant.encoder import MINILM, find
from assistant.grounding import Judge
from assistant.grounding.evidence import read_evidence
from assistant.grounding.features import FEATURES
from assistant.grounding.words import RARE_WEIGHT, STOP_WORDS, normal_form, piece_weight, words
from evals.judge import FLOORS, load_pairs
from evals.statistics import auroc
from evals.training.judge import SEED, SETS, sample
from evals.training.near_misses import JUDGED, default_files, make_pairs, read_sources

LONGEST = 160  # word pieces of evidence, claim and marks together
LONGEST_CLAIM = 64
PIECES_A_STEP = 2400
COUPLES_AT_ONCE = 256  # drawn together and then sorted by length, so that a step pads little
RATE, HEAD_RATE = 8e-5, 8e-4  # of the last layer and of the head
DECAY = 0.85  # of the rate, from each layer to the one below it
WARM_UP = 0.06  # of the time
MARGIN = 0.5  # what a couple's order counts beside its labels
DROPOUT = 0.1
SAVE_SECONDS = 300
HELD_BACK = 10  # one group of so many of a set learnt from is kept for the stack
NEAR_MISSES = "near_misses"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A claim and its evidence as the model reads them. `ids`: word pieces of both with marks; the claim's own begin at
    `claim_at` and run to the mark at the end."""

    premise: str
    claim: str
    label: int
    set: str
    group: str
    ids: list[int]
    claim_at: int


class Reader:
    """Chooses the evidence that a claim is read with, and makes word pieces of both."""

    def __init__(self) -> None:
        self._tokenizer: Tokenizer = find(MINILM).tokenizer()
        self._vocabulary = self._tokenizer.get_vocab()

    def row(self, premise: str, claim: str, label: int, set_: str, group: str) -> Row:
        own = self._tokenizer.encode(claim, add_special_tokens=False).ids[:LONGEST_CLAIM]
        room = LONGEST - 3 - len(own)
        evidence = self._tokenizer.encode(self.evidence(premise, claim, room), add_special_tokens=False).ids[:room]
        cls, sep = self._vocabulary["[CLS]"], self._vocabulary["[SEP]"]
        return Row(premise, claim, label, set_, group, [cls, *evidence, sep, *own, sep], len(evidence) + 2)

    def evidence(self, premise: str, claim: str, room: int) -> str:
        """The sentences that hold most of the weight of the claim's words, and those beside them, in the order of the
        text: as many as fit."""
        if self._count(premise) <= room:
            return premise
        read = read_evidence(premise, self._count)
        weights = self._weights(claim)
        held = [sum(weights.get(form, 0.0) for form in forms) for forms in read.form_sets]
        beside = [(a + c) / 2 for a, c in zip([0, *held[:-1]], [*held[1:], 0], strict=True)]
        order = sorted(range(len(held)), key=lambda i: -(held[i] + beside[i] / 2))
        chosen: list[int] = []
        for i in order:
            start, end = read.sentences[i]
            length = self._count(premise[start:end])
            if length <= room or not chosen:  # the first may be cut
                chosen.append(i)
                room -= length
        return " ".join(premise[slice(*read.sentences[i])] for i in sorted(chosen))

    def _count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _weights(self, claim: str) -> dict[str, float]:
        """How much each word of a claim tells: the rarer, the more."""
        numbers = {word: self._vocabulary.get(word) for word in words(claim) if word not in STOP_WORDS}
        return {normal_form(word): piece_weight(n) if n else RARE_WEIGHT for word, n in numbers.items()}


class CrossEncoder(nn.Module):
    """The encoder and a head over the mean and the maximum of the claim's word pieces: one word can turn a claim."""

    def __init__(self) -> None:
        super().__init__()
        folder = str(find(MINILM).path.parent)
        self.encoder: BertModel = BertModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
        self.encoder.embeddings.requires_grad_(False)
        size = self.encoder.config.hidden_size
        self.dropout, self.head = nn.Dropout(DROPOUT), nn.Linear(2 * size, 1)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, rows: Sequence[Row]) -> Tensor:
        """The logit of each row that its claim is supported: (n,)."""
        ids = nn.utils.rnn.pad_sequence([torch.tensor(row.ids) for row in rows], batch_first=True)
        places = torch.arange(ids.shape[1])
        ends = torch.tensor([len(row.ids) for row in rows])[:, None]
        in_claim = (places >= torch.tensor([row.claim_at for row in rows])[:, None]) & (places < ends - 1)
        types = (places >= torch.tensor([row.claim_at for row in rows])[:, None]).long()
        with torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported()):
            read = self.encoder(ids, attention_mask=(places < ends).long(), token_type_ids=types).last_hidden_state
        read = read.float()
        inside = in_claim[:, :, None]
        mean = (read * inside).sum(1) / inside.sum(1).clamp(min=1)
        highest = read.masked_fill(~inside, -1e4).max(1).values
        logits: Tensor = self.head(self.dropout(torch.cat([mean, highest], dim=1))).squeeze(1)
        return logits

    def rates(self) -> list[tuple[float, list[nn.Parameter]]]:
        """The rate of each part that learns."""
        layers = list(self.encoder.encoder.layer)
        parts = [(RATE * DECAY ** (len(layers) - 1 - i), list(layer.parameters())) for i, layer in enumerate(layers)]
        return [*parts, (HEAD_RATE, list(self.head.parameters()))]

    @torch.inference_mode()
    def scores(self, rows: Sequence[Row]) -> Floats:
        """Logits, in batches of like length."""
        self.eval()
        found = np.zeros(len(rows))
        order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
        for at in range(0, len(order), 16):
            chosen = order[at : at + 16]
            found[chosen] = self([rows[i] for i in chosen]).numpy()
        return found


Couple = tuple[Row, Row, bool]  # supported, not supported, whether both are of one group


class Couples:
    """Draws couples of a set without end; `weight` is how often the set is drawn."""

    def __init__(self, rows: Sequence[Row], weight: float) -> None:
        self.weight = weight
        self._rows = list(rows)
        self._by_label = [[row for row in rows if row.label == label] for label in (0, 1)]
        self._partners: dict[tuple[str, int], list[Row]] = {}
        for row in rows:
            self._partners.setdefault((row.group, row.label), []).append(row)

    def draw(self, rng: random.Random) -> Couple:
        row = rng.choice(self._by_label[rng.randrange(2)])
        near = self._partners.get((row.group, 1 - row.label))
        other = rng.choice(near or self._by_label[1 - row.label])
        return (row, other, bool(near)) if row.label else (other, row, bool(near))


def steps(sets: Sequence[Couples], rng: random.Random) -> Iterator[list[Couple]]:
    """Couples of like length that hold about `PIECES_A_STEP` word pieces together, without end."""
    while True:
        drawn = [chosen.draw(rng) for chosen in rng.choices(sets, [one.weight for one in sets], k=COUPLES_AT_ONCE)]
        drawn.sort(key=_length)
        ready: list[list[Couple]] = [[]]
        for couple in drawn:
            if 2 * _length(couple) * (len(ready[-1]) + 1) > PIECES_A_STEP and ready[-1]:
                ready.append([])
            ready[-1].append(couple)
        yield from rng.sample(ready, len(ready))


def _length(couple: Couple) -> int:
    return max(len(couple[0].ids), len(couple[1].ids))


def loss(model: CrossEncoder, couples: Sequence[Couple]) -> Tensor:
    """That of the labels and, for couples of one group, of their order."""
    logits = model([row for supported, missed, _ in couples for row in (supported, missed)]).view(-1, 2)
    labels = torch.tensor([1.0, 0.0]).expand_as(logits)
    of_one_group = torch.tensor([near for _, _, near in couples]).float()
    order = (functional.softplus(logits[:, 1] - logits[:, 0]) * of_one_group).mean()
    return functional.binary_cross_entropy_with_logits(logits, labels) + MARGIN * order


def train(
    model: CrossEncoder, sets: Sequence[Couples], seconds: float, state: Path, clock: Callable[[], float]
) -> None:
    """Learn for so many seconds of the clock, going on from `state` where it is there."""
    parts = model.rates()
    optimizer = torch.optim.AdamW([{"params": own} for _, own in parts], weight_decay=0.01)
    rng, spent, step = random.Random(SEED), 0.0, 0
    if state.is_file():
        saved = torch.load(state)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        spent, step = saved["spent"], saved["step"]
        rng.seed(SEED + step)
    kept, lost, drawn = spent, 0.69, steps(sets, rng)
    while spent < seconds:
        model.train()
        begun, done = clock(), spent / seconds
        share = min(done / WARM_UP, (1 - done) / (1 - WARM_UP)) if done else 0.01
        for group, (rate, _) in zip(optimizer.param_groups, parts, strict=True):
            group["lr"] = rate * share
        found = loss(model, next(drawn))
        optimizer.zero_grad()
        found.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([own for _, of_part in parts for own in of_part], 1.0)
        optimizer.step()
        step, spent, lost = step + 1, spent + clock() - begun, 0.98 * lost + 0.02 * found.item()
        if step % 50 == 0:
            print(f"step {step}, {spent / 60:.1f} of {seconds / 60:.0f} minutes, loss {lost:.3f}", flush=True)
        if spent - kept >= SAVE_SECONDS or spent >= seconds:
            kept = spent
            what = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "spent": spent, "step": step}
            torch.save(what, state.with_suffix(".part"))
            state.with_suffix(".part").replace(state)


def load_rows(name: str, data: Path, manuals: Path, reader: Reader) -> list[Row]:
    """All rows of a set, or the near misses."""
    if name == NEAR_MISSES:
        made = make_pairs(read_sources(default_files(manuals)))
        return [reader.row(pair.premise, pair.claim, pair.label, name, str(pair.twin)) for pair in made]
    pairs = load_pairs(data / f"{name}.jsonl.gz")
    return [reader.row(pair.premise, pair.claim, pair.label, name, pair.group) for pair in pairs]


def is_held_back(row: Row) -> bool:
    """Whether a row of a set learnt from is kept for the stack: whole groups, the same ones each time."""
    return int(hashlib.sha256(row.group.encode()).hexdigest(), 16) % HELD_BACK == 0


def area(labels: Sequence[int], scores: Floats) -> float:
    return float(auroc(labels, scores.tolist())(np.ones((1, len(labels))))[0])


class Stack:
    """Logistic regression over the cross-encoder's logit and the measures of today's judge, each set the same."""

    def __init__(self, scores: Floats, measures: Floats, rows: Sequence[Row]) -> None:
        columns = self._columns(scores, measures)
        self._center, self._scale = columns.mean(axis=0), np.maximum(columns.std(axis=0), 1e-6)
        sizes: dict[tuple[str, int], int] = {}
        for row in rows:
            sizes[row.set, row.label] = sizes.get((row.set, row.label), 0) + 1
        weights = np.array([1 / sizes[row.set, row.label] for row in rows])
        self._model = LogisticRegression(C=0.02, max_iter=5000)
        standard = (columns - self._center) / self._scale
        self._model.fit(standard, [row.label for row in rows], sample_weight=weights / weights.mean())

    def __call__(self, scores: Floats, measures: Floats) -> Floats:
        found: Floats = self._model.decision_function((self._columns(scores, measures) - self._center) / self._scale)
        return found

    @staticmethod
    def _columns(scores: Floats, measures: Floats) -> Floats:
        return np.hstack([scores[:, None], measures])


def measures_of(rows: Sequence[Row], judge: Judge) -> Floats:
    """The measures of today's judge: (n, n_features)."""
    measured = judge.measure([(row.premise, row.claim) for row in rows])
    return np.array([list(one.features.values()) for one in measured])


def figures(rows: Sequence[Row], scores: Floats, measures: Floats, stack: Stack) -> dict[str, float]:
    """AUROC of the floors, of the cross-encoder, and of it together with them."""
    labels = [row.label for row in rows]
    floors = {name: measures[:, list(FEATURES).index(feature)] for name, feature in FLOORS.items()}
    ranks = [rankdata(floor) for floor in floors.values()]
    told = {**floors, "mean_rank": np.mean(ranks, axis=0), "cross_encoder": scores}
    told["with_floors"] = np.mean([rankdata(scores), *ranks], axis=0)
    told["with_cosine"] = rankdata(scores) + ranks[-1]
    told["stack"] = stack(scores, measures)
    return {name: area(labels, np.asarray(values, float)) for name, values in told.items()}


def report(model: CrossEncoder, tested: Mapping[str, Sequence[Row]], held_back: Sequence[Row]) -> None:
    """Print AUROC on each set that was not learnt from, with the time that a claim takes, and the mean of the sets left
    out."""
    judge = Judge.load()
    stack = Stack(model.scores(held_back), measures_of(held_back, judge), held_back)
    found: dict[str, dict[str, float]] = {}
    for name, rows in tested.items():
        started = time.perf_counter()
        scores = model.scores(rows)
        spent = 1000 * (time.perf_counter() - started) / len(rows)
        found[name] = figures(rows, scores, measures_of(rows, judge), stack)
        print(f"{name:<28} n {len(rows):>4}  {_told(found[name])}  ({spent:.0f} ms a claim)", flush=True)
    of_sets = [values for name, values in found.items() if name != JUDGED.stem]
    if of_sets:
        means = {key: float(np.mean([values[key] for values in of_sets])) for key in of_sets[0]}
        print(f"{'mean of the sets left out':<36}  {_told(means)}")


def _told(values: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {value:.3f}" for name, value in values.items())


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.training.cross_encoder", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled sets (.jsonl.gz)")
    parser.add_argument("--manuals", type=Path, required=True, help="folder of the DDR standards, for near misses")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what is kept between runs")
    parser.add_argument("--left-out", default="", help="sets not to learn from, with commas between them")
    parser.add_argument("--minutes", type=float, default=75, help="how long to learn, in minutes of the processor")
    arguments = parser.parse_args(argv)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    left_out = [name for name in arguments.left_out.split(",") if name]
    reader, model = Reader(), CrossEncoder()
    learnt = [name for name in (*SETS, NEAR_MISSES) if name not in left_out]
    rows = {name: load_rows(name, arguments.data, arguments.manuals, reader) for name in learnt}
    kept = {name: [row for row in own if not is_held_back(row)] for name, own in rows.items()}
    sets = [Couples(own, weight(name, len(own))) for name, own in kept.items()]
    told = hashlib.sha256(" ".join(learnt).encode()).hexdigest()[:12]  # with fewer minutes it ends sooner
    arguments.cache.mkdir(parents=True, exist_ok=True)
    train(model, sets, 60 * arguments.minutes, arguments.cache / f"cross_encoder-{told}.pt", time.process_time)
    tested = {name: sample_rows(name, arguments.data, reader) for name in left_out}
    judged = [reader.row(p.premise, p.claim, p.label, "ssr", p.group) for p in load_pairs(JUDGED)]
    held_back = [row for own in rows.values() for row in own if is_held_back(row)]
    for name, own in rows.items():
        held = [row for row in own if is_held_back(row)][:300]
        print(f"held back of {name:<28} n {len(held):>4}  {area([r.label for r in held], model.scores(held)):.3f}")
    of_sets = [row for name in learnt if name != NEAR_MISSES for row in held_back if row.set == name]
    report(model, {**tested, JUDGED.stem: judged}, of_sets)
    return 0


def weight(name: str, size: int) -> float:
    """How often a set is drawn: small ones more often than their size says, but not so often that they are learnt by
    heart; near misses like two sets of their size."""
    return float(size**0.5) * (2 if name == NEAR_MISSES else 1)


def sample_rows(name: str, data: Path, reader: Reader) -> list[Row]:
    """The rows of a set left out that the judge of features is measured on, too."""
    pairs = sample(load_pairs(data / f"{name}.jsonl.gz"))
    return [reader.row(pair.premise, pair.claim, pair.label, name, pair.group) for pair in pairs]


if __name__ == "__main__":
    raise SystemExit(main())
