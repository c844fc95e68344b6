"""Train the reader: the network on public and own questions, then the order on searches in a library.

    python -m evals.training.reader --data FOLDER --library DIR --cache FOLDER [--write]

`--data` holds the public sets, `--library` the documents of the own questions (`questions.jsonl.gz`). Sets and
documents left out of training measure it. Examples are kept in the cache; the whole takes about half an hour.
"""

import argparse
import hashlib
import json
import pickle
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn

from assistant.answering.citations import one_line
from assistant.assistant import Assistant
from assistant.embedding import Embedding
from assistant.query import understand
from assistant.reader import FLOOR, ORDER, Reader, trained
from assistant.reader.network import AnswerNetwork, Seen
from assistant.records import Filters, Passage
from assistant.retrieval import CANDIDATES
from assistant.settings import Settings
from evals.lines import read_lines
from evals.statistics import auroc, bootstrap, mean
from evals.training import reader_data
from evals.training.reader_data import Example, Labels, load

OWN = Path(__file__).parent / "questions.jsonl.gz"
# File and the most questions of it that are drawn.
TRAIN = {
    "squadshifts_new_wiki": 3000,
    "squadshifts_reddit": 2500,
    "squadshifts_amazon_reviews": 1500,
    "squad_sentences": 4000,
    "selqa": 2360,
    "qed": 1005,
    "nq_gold_passages": 2591,
    "policyqa": 3000,
    "subjqa": 2000,
    "trecqa": 269,
}
LEFT_OUT = {"wikiqa": 700, "covidqa": 400, "multispanqa": 400, "xquad_en": 400}
STEPS = 1200
QUESTIONS_A_STEP = 32
OTHERS_A_QUESTION = 5
OWN_WEIGHT = 3.0
RATE = 1e-3
DECAY = 0.05
DROPOUT = 0.4
ORDER_PENALTY = 1e-3
SEARCHED = 800  # own questions that the order is learnt from
SEED = 0


def untrained() -> AnswerNetwork:
    """A network that begins as the plain floor."""
    network = AnswerNetwork(DROPOUT)
    for head in (network.of_sentence, network.of_passage):
        nn.init.normal_(head[-1].weight, std=0.01)  # type: ignore[arg-type]
    network.sentence_floor.weight.data = torch.tensor([[3.0, 7.0, 0.8, 1.3, 0.5, -0.9]])
    network.sentence_floor.bias.data.fill_(-1.5)
    network.passage_floor.weight.data = torch.tensor([[4.0, 4.0, 2.0, 0.5]])
    network.passage_floor.bias.data.fill_(-4.5)
    return network


def drawn(sets: Sequence[Sequence[Example]], weights: Sequence[float], rng: random.Random) -> Iterator[list[Any]]:
    """For each question of a step the passages shown: (what is seen, labels or None), the answering one first."""
    for examples in rng.choices(sets, weights, k=QUESTIONS_A_STEP):
        example = rng.choice(examples)
        first: list[tuple[Seen, Labels | None]] = [rng.choice(example.answering)] if example.answering else []
        others = rng.sample(example.others, min(OTHERS_A_QUESTION, len(example.others)))
        yield [*first, *((seen, None) for seen in others)]


def loss_of(network: AnswerNetwork, questions: Sequence[list[tuple[Seen, Labels | None]]]) -> Tensor:
    """Sentences: cross-entropy of each label. Passages: cross-entropy of "answers", and of being first."""
    shown = [one for question in questions for one in question]
    passages, sentences, is_sentence = network([seen for seen, _ in shown])
    answers = torch.tensor([float(labels is not None) for _, labels in shown])
    right = nn.utils.rnn.pad_sequence(
        [torch.tensor(labels or [0] * len(seen.sentences), dtype=torch.float32) for seen, labels in shown],
        batch_first=True,
    )
    weight = torch.where(answers > 0, 1.0, 0.15)[:, None] * is_sentence / is_sentence.sum(1, keepdim=True)
    entropy = nn.functional.binary_cross_entropy_with_logits
    of_sentences: Tensor = (entropy(sentences, right, reduction="none") * weight).sum() / len(shown)
    of_passages = entropy(passages, 0.03 + 0.94 * answers, weight=torch.where(answers > 0, 3.0, 1.0))
    firsts, start = [], 0
    for question in questions:
        if question and question[0][1] is not None and len(question) > 1:
            firsts.append(-passages[start : start + len(question)].log_softmax(0)[0])
        start += len(question)
    loss: Tensor = 3 * of_sentences + 0.5 * of_passages + torch.stack(firsts).mean()
    return loss


def train(sets: Mapping[str, Sequence[Example]], steps: int = STEPS) -> AnswerNetwork:
    """A network trained on the sets, each drawn by the square root of its size, the own ones more often."""
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    network = untrained()
    names = [name for name in sets if sets[name]]
    weights = [len(sets[name]) ** 0.5 * (OWN_WEIGHT if name == "own" else 1.0) for name in names]
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / 100) * max(0.02, 1 - step / steps)
    )
    losses: list[float] = []
    for step in range(1, steps + 1):
        loss = loss_of(network, list(drawn([sets[name] for name in names], weights, rng)))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % 250 == 0:
            print(f"step {step}: loss {np.mean(losses[-250:]):.4f}", file=sys.stderr, flush=True)
    return network.eval()


def measure(network: AnswerNetwork, examples: Sequence[Example]) -> dict[str, Any]:
    """Figures of the network and of the floor (cosine in context) on one set, clustered by group."""
    shown: list[tuple[Seen, Labels | None, str]] = []
    for example in examples:
        shown += [(*one, example.group) for one in example.answering[:1]]
        shown += [(seen, None, example.group) for seen in example.others[:1]]
    passages, sentences = scores(network, [seen for seen, _, _ in shown])
    answering = [i for i, (_, labels, _) in enumerate(shown) if labels]
    labels = [label for i in answering for label in shown[i][1] or ()]
    clusters = [shown[i][2] for i in answering for _ in shown[i][1] or ()]
    cosines = [seen.sentence_features[:, 0] for seen, _, _ in shown]
    answers = [int(labels is not None) for _, labels, _ in shown]
    figures: dict[str, Any] = {"n": len(examples)}
    for name, of_passages, of_sentences in (
        ("network", passages, [s + p for p, s in zip(passages, sentences, strict=True)]),
        ("cosine", [float(c.max()) for c in cosines], cosines),
    ):
        tops = [float((shown[i][1] or ())[int(np.argmax(of_sentences[i]))]) for i in answering]
        pooled = [float(value) for i in answering for value in of_sentences[i]]
        figures[name] = {
            "passage_auroc": bootstrap(auroc(answers, list(of_passages)), [group for _, _, group in shown]).to_json(),
            "sentence_auroc": bootstrap(auroc(labels, pooled), clusters).to_json(),
            "top_sentence": bootstrap(mean(tops), [shown[i][2] for i in answering]).to_json(),
        }
    return figures


def scores(network: AnswerNetwork, seen: Sequence[Seen]) -> tuple[list[float], list[NDArray[np.float32]]]:
    """The log-probability that each passage answers, and that of each of its sentences in it."""
    passages: list[float] = []
    sentences: list[NDArray[np.float32]] = []
    with torch.inference_mode():
        for start in range(0, len(seen), 256):
            chunk = seen[start : start + 256]
            of_passages, of_sentences, _ = network(chunk)
            passages += nn.functional.logsigmoid(of_passages).tolist()
            rows = nn.functional.logsigmoid(of_sentences).numpy()
            sentences += [row[: len(one.sentences)] for row, one in zip(rows, chunk, strict=True)]
    return passages, sentences


def kept(path: Path, embedding: Embedding, most: int | None, cache: Path) -> list[Example]:
    """The examples of a file, from the cache where this very code has made them before."""
    code = Path(reader_data.__file__ or "").read_bytes()
    digest = hashlib.sha256(b"".join([code, path.read_bytes(), str(most).encode()])).hexdigest()[:12]
    target = cache / f"{path.name.split('.')[0]}-{digest}.pickle"
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True)
        target.write_bytes(pickle.dumps(load(path, embedding, most)))
    examples: list[Example] = pickle.loads(target.read_bytes())  # noqa: S301  # our own file
    return examples


def is_held(group: str) -> bool:
    """Whether a document of the own questions is left out of training: about one in six, by its name."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % 6 == 0


def searched(rows: Sequence[Mapping[str, Any]], assistant: Assistant, network: Path) -> Iterator["Searched"]:
    """What a search for each own question brings, as the reader sees it with a network."""
    library = assistant.library
    with reading_with(network):
        reader = Reader(assistant.embedding, library)
        for row in rows:
            query = understand(row["question"], (), Filters(), library)
            hits = assistant.retriever.hits(query, CANDIDATES)
            right = {s for s, label in zip(row["sentences"], row["labels"], strict=True) if label}
            gold = [_holds(hit.passage, row["group"], right) for hit in hits]
            yield Searched(row["group"], reader.features(query, hits), np.array(gold, bool), bool(right))


@dataclass(frozen=True, slots=True)
class Searched:
    """Features (n_hits, ORDER) of what was found, which of it is right, and whether anything answers."""

    group: str
    features: NDArray[np.float64]
    gold: NDArray[np.bool_]
    answerable: bool


def _holds(passage: Passage, source: str, sentences: set[str]) -> bool:
    """Whether a passage is of that document and holds one of the sentences."""
    return passage.source == source and any(sentence in one_line(passage.text) for sentence in sentences)


@contextmanager
def reading_with(network: Path) -> Iterator[None]:
    """The reader with other weights than those shipped; its mixture is not looked at."""
    before = trained.WEIGHTS
    trained.WEIGHTS = network
    try:
        yield
    finally:
        trained.WEIGHTS = before


def fit_order(found: Sequence[Searched]) -> NDArray[np.float64]:
    """Weights of the ORDER features under which a right passage comes first most likely (listwise softmax)."""
    lists = [one for one in found if one.gold.any()]
    stacked = np.concatenate([one.features for one in lists])
    center, scale = stacked.mean(axis=0), stacked.std(axis=0) + 1e-6
    rows = nn.utils.rnn.pad_sequence([torch.tensor((o.features - center) / scale) for o in lists], batch_first=True)
    gold = nn.utils.rnn.pad_sequence([torch.tensor(one.gold) for one in lists], batch_first=True)
    real = nn.utils.rnn.pad_sequence([torch.ones(len(o.gold), dtype=torch.bool) for o in lists], batch_first=True)
    weights = torch.zeros(ORDER, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=300)

    def closure() -> Tensor:
        optimizer.zero_grad()
        places = (rows @ weights).masked_fill(~real, -1e9)
        right = places.masked_fill(~gold, -1e9).logsumexp(1)
        loss: Tensor = (places.logsumexp(1) - right).mean() + ORDER_PENALTY * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    fitted: NDArray[np.float64] = weights.detach().numpy() / scale
    return fitted


def recall(found: Sequence[Searched], order: NDArray[np.float64]) -> dict[str, float]:
    """Share of the answerable of which a right passage comes among the first k."""
    ranks = [np.flatnonzero(one.gold[np.argsort(-(one.features @ order), kind="stable")]) for one in found]
    places = [
        int(rank[0]) if rank.size else CANDIDATES for rank, one in zip(ranks, found, strict=True) if one.answerable
    ]
    return {f"recall@{k}": round(float(np.mean([place < k for place in places])), 3) for k in (1, 5, 10)}


def save(network: AnswerNetwork, path: Path) -> None:
    """The network in float16."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in network.state_dict().items()}, path)


def half(group: str) -> int:
    """0 or 1: in which half of the own documents one lies."""
    return int(hashlib.sha256(f"half {group}".encode()).hexdigest(), 16) % 2


def main() -> None:
    """Train, measure, and write with --write."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.reader", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--library", type=Path, required=True, help="library of the documents of the own questions")
    parser.add_argument("--cache", type=Path, required=True, help="folder for examples made ready")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    assistant = Assistant.open(Settings(library=arguments.library))
    embedding, cache = assistant.embedding, arguments.cache

    def ready(name: str, most: int) -> list[Example]:
        return kept(arguments.data / f"{name}.jsonl.gz", embedding, most, cache)

    public = {name: ready(name, most) for name, most in TRAIN.items()}
    held = {name: ready(name, most) for name, most in LEFT_OUT.items()}
    own = [example for example in kept(OWN, embedding, None, cache) if not is_held(example.group)]
    held["own"] = [example for example in kept(OWN, embedding, None, cache) if is_held(example.group)]
    rows = [row for _, row in read_lines(OWN) if not is_held(row["group"])]
    rows = random.Random(SEED).sample(rows, min(SEARCHED, len(rows)))
    found: list[Searched] = []
    for part in (0, 1):  # each half is searched with a network that has not seen it
        path = cache / f"half-{part}.safetensors"
        save(train({**public, "own": [example for example in own if half(example.group) != part]}), path)
        found += searched([row for row in rows if half(row["group"]) == part], assistant, path)
    order = fit_order(found)
    network = train({**public, "own": own})
    path = trained.WEIGHTS if arguments.write else cache / "reader.safetensors"
    save(network, path)
    mixture = {"order": order.round(4).tolist()}
    path.with_suffix(".json").write_text(json.dumps(mixture, indent=1) + "\n", "utf-8")
    report = {name: measure(network, examples) for name, examples in held.items()}
    on_held = list(searched([r for _, r in read_lines(OWN) if is_held(r["group"])], assistant, path))
    report["own, searched"] = {
        "n": len(on_held),
        "floor": recall(on_held, np.array(FLOOR.order)),
        "trained": recall(on_held, order),
    }
    print(json.dumps({"mixture": mixture, "measured": report}, indent=1))


if __name__ == "__main__":
    main()
