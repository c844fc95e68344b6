"""Train the grounding judge: measure, fit, try on sources left out, calibrate, write weights and model card.

    python -m evals.training.judge --data FOLDER --cache FOLDER [--write]

Every figure that decides anything comes from sources which the model had not seen: each set is left out in turn. The
judge is shipped when it beats the best untrained floor there. Measured features are kept in the cache folder, so
that a run cut off goes on where it was; about fifteen minutes of one core the first time, two from the cache.
"""

import argparse
import hashlib
import json
import random
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from assistant.encoder import MINILM, Encoder, find
from assistant.grounding import WEIGHTS, Judge, entailment, evidence, features, words
from assistant.grounding.features import FEATURES
from assistant.grounding.scorer import Scorer, Trees
from assistant.settings import Settings
from evals.judge import FLOORS, LabelledPair, load_pairs
from evals.statistics import Figure, auroc, balanced_accuracy, bootstrap, calibration_error

SETS = (  # the files of README-sets.md that are free to train on
    "wice",
    "attributionbench_dev",
    "aggrefact_cliff_goyal_val",
    "summedits",
    "dialogue_begin_q2",
    "health_covidfact_healthver",
    "fever_symmetric",
    "climate_fever",
    "snli",
    "mctest_statements",
)
ROWS_A_SET = 2000
SEED = 0
ANCHOR = ("weighted_recall", "sentence_cosine", "soft_recall", "two_sentence_soft_recall")
ANCHOR_SCALE = 10.0  # how much less their common direction is held back than any other
PENALTY = 3e-4  # inverse strength, tried from 1e-4 to 1e-2
TREE_WEIGHT = 0.5
TREES: dict[str, Any] = {
    "max_iter": 150,
    "learning_rate": 0.05,
    "max_leaf_nodes": 6,
    "min_samples_leaf": 60,
    "l2_regularization": 10.0,
}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """Measured pairs: `features` of shape (n, n_features); `labels` 0 or 1; `sets` and `groups` name where each is
    from."""

    features: Floats
    labels: NDArray[np.int64]
    sets: NDArray[np.str_]
    groups: NDArray[np.str_]

    def where(self, chosen: NDArray[np.bool_]) -> "Rows":
        return Rows(self.features[chosen], self.labels[chosen], self.sets[chosen], self.groups[chosen])


def sample(pairs: Sequence[LabelledPair], size: int = ROWS_A_SET) -> list[LabelledPair]:
    """At most about `size` rows, whole groups together, the same ones each time."""
    if len(pairs) <= size:
        return list(pairs)
    groups: dict[str, list[LabelledPair]] = {}
    for pair in pairs:
        groups.setdefault(pair.group, []).append(pair)
    names = sorted(groups)
    random.Random(SEED).shuffle(names)
    kept: list[LabelledPair] = []
    for name in names:
        if len(kept) >= size:
            break
        kept += groups[name]
    return kept


def measured_sets(data: Path, cache: Path) -> Rows:
    """All sets with their features, from the cache where this very code has measured them before."""
    parts = [_measured(name, data, cache) for name in SETS]
    return Rows(*(np.concatenate([getattr(part, field) for part in parts]) for field in Rows.__dataclass_fields__))


def _measured(name: str, data: Path, cache: Path) -> Rows:
    pairs = sample(load_pairs(data / f"{name}.jsonl.gz"))
    kept = cache / f"{name}-{_code_version()}.npy"
    if not kept.exists():
        started = time.perf_counter()
        judge = Judge(_blank(), Encoder.load(Settings(encoder=MINILM)))
        found = [list(pair.features.values()) for pair in judge.measure([(p.premise, p.claim) for p in pairs])]
        cache.mkdir(parents=True, exist_ok=True)
        np.save(kept, np.array(found))
        spent = 1000 * (time.perf_counter() - started) / len(pairs)
        print(f"measured {name}: {len(pairs)} pairs, {spent:.0f} ms each", file=sys.stderr, flush=True)
    labels, groups = np.array([pair.label for pair in pairs]), np.array([pair.group for pair in pairs])
    return Rows(np.load(kept), labels, np.full(len(pairs), name), groups)


def _code_version() -> str:
    sources = [Path(module.__file__ or "").read_bytes() for module in (words, evidence, features, entailment)]
    return hashlib.sha256(b"".join(sources)).hexdigest()[:12]


def _blank() -> Scorer:
    """A scorer that says one half of everything, for measuring only."""
    zeros, node = np.zeros(len(FEATURES)), np.zeros((1, 1))
    root = node.astype(np.int64)
    trees = Trees(root, node, root, root, node, 0)
    return Scorer(zeros, zeros + 1, zeros, trees, 0, 0, 1, 1, 0, 0.5, str(find(MINILM).sha256), {})


def equal_weights(rows: Rows) -> Floats:
    """A weight a row, mean 1: every set counts the same, and so do both labels within it."""
    weights: Floats = np.zeros(len(rows.labels))
    for name in np.unique(rows.sets):
        for label in (0, 1):
            chosen = (rows.sets == name) & (rows.labels == label)
            weights[chosen] = 1 / max(1, chosen.sum())
    weights /= weights.mean()
    return weights


def fit(rows: Rows) -> Scorer:
    """The scorer of some sets, not yet calibrated."""
    center, scale = rows.features.mean(axis=0), np.maximum(rows.features.std(axis=0), 1e-6)
    weights = _fit_linear(np.clip((rows.features - center) / scale, -3, 3), rows)
    trees = _fit_trees(rows)
    linear = np.clip((rows.features - center) / scale, -3, 3) @ weights
    spread = float(linear.std())
    voted = trees(rows.features)
    return Scorer(
        center, scale, weights / spread, trees, TREE_WEIGHT, float(voted.mean()), float(voted.std()),
        1.0, 0.0, 0.5, str(find(MINILM).sha256), {},
    )  # fmt: skip


def _fit_linear(standard: Floats, rows: Rows) -> Floats:
    """Logistic regression drawn towards the floors and not towards zero: their sum is one more column, scaled up so
    that the penalty hardly touches it. A column for each set takes up that sets differ in difficulty."""
    anchored = np.array([name in ANCHOR for name in FEATURES], float) / len(ANCHOR)
    of_set = 30.0 * (rows.sets[:, None] == np.unique(rows.sets)[None])
    columns = np.hstack([standard, (standard @ anchored)[:, None] * ANCHOR_SCALE, of_set])
    model = LogisticRegression(C=PENALTY, max_iter=5000).fit(columns, rows.labels, sample_weight=equal_weights(rows))
    found = model.coef_[0]
    return found[: len(FEATURES)] + found[len(FEATURES)] * ANCHOR_SCALE * anchored  # type: ignore[no-any-return]


def _fit_trees(rows: Rows) -> Trees:
    """Boosted trees that may use a feature only in the direction in which it can speak."""
    model = HistGradientBoostingClassifier(**TREES, monotonic_cst=list(FEATURES.values()), random_state=SEED)
    model.fit(rows.features, rows.labels, sample_weight=equal_weights(rows))
    return _as_arrays([predictor.nodes for [predictor] in model._predictors])


def _as_arrays(trees: Sequence[Any]) -> Trees:
    """scikit-learn's nodes as arrays; a leaf leads to itself."""
    shape = (len(trees), max(len(nodes) for nodes in trees))
    feature, left, right = (np.zeros(shape, np.int64) for _ in range(3))
    threshold, value = np.zeros(shape), np.zeros(shape)
    for t, nodes in enumerate(trees):
        numbers = np.arange(len(nodes))
        leaf = nodes["is_leaf"].astype(bool)
        feature[t, : len(nodes)] = np.where(leaf, 0, nodes["feature_idx"])
        threshold[t, : len(nodes)] = np.where(leaf, 0, nodes["num_threshold"])
        left[t, : len(nodes)] = np.where(leaf, numbers, nodes["left"])
        right[t, : len(nodes)] = np.where(leaf, numbers, nodes["right"])
        value[t, : len(nodes)] = np.where(leaf, nodes["value"], 0)
    depth = max(int(nodes["depth"].max()) for nodes in trees)
    return Trees(feature, threshold, left, right, value, depth)


def left_out_scores(rows: Rows) -> Floats:
    """The raw score of each row from a model that saw nothing of its set."""
    scores = np.zeros(len(rows.labels))
    for name in SETS:
        inside = rows.sets == name
        scores[inside] = fit(rows.where(~inside)).raw(rows.features[inside])
    return scores


def floor_scores(rows: Rows) -> dict[str, Floats]:
    """What needs no training: word recall, best cosine of a sentence, their mean rank within the set."""
    names = list(FEATURES)
    floors = {name: rows.features[:, names.index(feature)] for name, feature in FLOORS.items()}
    ranks = np.zeros(len(rows.labels))
    for name in SETS:
        inside = rows.sets == name
        ranks[inside] = np.mean([rankdata(floor[inside]) for floor in floors.values()], axis=0)
    return {**floors, "mean_rank": ranks}


def calibrate(scores: Floats, rows: Rows) -> tuple[float, float]:
    """Slope and intercept of Platt's curve, every set counting the same, labels as common as they are."""
    sizes = {name: (rows.sets == name).sum() for name in SETS}
    weights = np.array([1 / sizes[name] for name in rows.sets])
    model = LogisticRegression(C=1e6).fit(scores[:, None], rows.labels, sample_weight=weights / weights.mean())
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_threshold(scores: Floats, rows: Rows) -> float:
    """The threshold with the best balanced accuracy in the mean over sets."""
    weights = equal_weights(rows)
    grid = np.quantile(scores, np.linspace(0.02, 0.98, 97))
    right = [(weights * ((scores >= threshold) == (rows.labels == 1))).sum() for threshold in grid]
    return float(grid[int(np.argmax(right))])


def compare(scores: Floats, floors: Mapping[str, Floats], rows: Rows) -> dict[str, dict[str, Figure]]:
    """AUROC on each set for the judge left out and for the floors, and its gain over the best of them."""
    table: dict[str, dict[str, Figure]] = {}
    for name in SETS:
        inside = rows.sets == name
        labels, clusters = rows.labels[inside].tolist(), rows.groups[inside].tolist()
        curves = {key: auroc(labels, floor[inside].tolist()) for key, floor in floors.items()}
        judge = auroc(labels, scores[inside].tolist())
        figures = {key: bootstrap(curve, clusters) for key, curve in curves.items()}
        best = curves[max(figures, key=lambda key: figures[key].value or 0)]
        table[name] = {**figures, "judge": bootstrap(judge, clusters), "gain": bootstrap(_gain(judge, best), clusters)}
    return table


def _gain(judge: Callable[[Floats], Floats], floor: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
    return lambda weights: judge(weights) - floor(weights)


def _decisions(probabilities: Floats, threshold: float, rows: Rows, inside: NDArray[np.bool_]) -> dict[str, Figure]:
    """How the judge left out decides on a set."""
    labels, chosen, clusters = rows.labels.tolist(), probabilities[inside].tolist(), rows.groups.tolist()
    right = balanced_accuracy(labels, [probability >= threshold for probability in chosen])
    return {
        "balanced_accuracy": bootstrap(right, clusters),
        "calibration_error": bootstrap(calibration_error(labels, chosen), clusters),
    }


def train(rows: Rows) -> tuple[Scorer, dict[str, dict[str, Figure]]]:
    """The scorer of all sets, calibrated on scores of models that had not seen the set, and the comparison."""
    scores, floors = left_out_scores(rows), floor_scores(rows)
    table = compare(scores, floors, rows)
    slope, intercept = calibrate(scores, rows)
    probabilities = 1 / (1 + np.exp(-(slope * scores + intercept)))
    threshold = best_threshold(probabilities, rows)
    for name, figures in table.items():
        figures |= _decisions(probabilities, threshold, rows.where(rows.sets == name), rows.sets == name)
    limits = {name: best_threshold(floors[name], rows) for name in FLOORS}
    fitted = fit(rows)
    scorer = Scorer(
        fitted.center, fitted.scale, fitted.weights, fitted.trees, fitted.tree_weight, fitted.tree_center,
        fitted.tree_scale, slope, intercept, threshold, str(find(MINILM).sha256), limits,
    )  # fmt: skip
    return scorer, table


def to_json(scorer: Scorer) -> str:
    """The file that `Scorer.load` reads."""

    def digits(values: Any, n: int = 6) -> Any:
        return np.vectorize(lambda value: float(f"{value:.{n}g}"))(values).tolist()

    trees = scorer.trees
    return json.dumps(
        {
            "features": list(FEATURES),
            "center": digits(scorer.center), "scale": digits(scorer.scale), "weights": digits(scorer.weights),
            "tree_depth": trees.depth,
            "trees": {
                "feature": trees.feature.tolist(), "threshold": trees.threshold.tolist(), "left": trees.left.tolist(),
                "right": trees.right.tolist(), "value": digits(trees.value),
            },
            **{
                name: digits(getattr(scorer, name))
                for name in ("tree_weight", "tree_center", "tree_scale", "slope", "intercept", "threshold")
            },
            "encoder": scorer.encoder,
            "floors": {name: digits(limit) for name, limit in scorer.floors.items()},
        }
    )  # fmt: skip


def markdown(table: Mapping[str, Mapping[str, Figure]], rows: Rows) -> str:
    """The comparison for the model card."""
    columns = list(next(iter(table.values())))
    lines = [
        "| set left out | n | " + " | ".join(column.replace("_", " ") for column in columns) + " |",
        "| --- | ---: |" + " ---: |" * len(columns),
    ]
    for name, figures in table.items():
        cells = [str(figures[column]).replace("0.", ".") for column in columns]
        lines.append(f"| {name} | {(rows.sets == name).sum()} | " + " | ".join(cells) + " |")
    means = [np.mean([figures[column].value for figures in table.values()]) for column in columns]
    return "\n".join([*lines, "| mean | | " + " | ".join(f"{mean:.3f}".replace("0.", ".") for mean in means) + " |"])


def main(argv: list[str] | None = None) -> int:
    """Train and print the comparison; with --write also write the weights and the table of the model card."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.judge", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled sets (.jsonl.gz)")
    parser.add_argument("--cache", type=Path, required=True, help="folder for measured features, outside the project")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name} and the table of the model card")
    arguments = parser.parse_args(argv)
    rows = measured_sets(arguments.data, arguments.cache)
    scorer, table = train(rows)
    print(markdown(table, rows))
    gain = float(np.mean([figures["gain"].value for figures in table.values()]))
    print(f"mean gain over the best floor of each set: {gain:+.3f}; threshold {scorer.threshold:.3f}", file=sys.stderr)
    if arguments.write:
        WEIGHTS.write_text(to_json(scorer) + "\n", "utf-8")
        _write_card(markdown(table, rows))
    return 0


def _write_card(table: str) -> None:
    card = WEIGHTS.with_name("README.md")
    marked = re.compile(r"(<!-- table -->\n).*?(<!-- /table -->)", re.S)
    card.write_text(marked.sub(lambda found: f"{found[1]}{table}\n{found[2]}", card.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
