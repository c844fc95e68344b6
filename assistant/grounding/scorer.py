"""The learned part of the judge: features to a probability, from a JSON file, in a few lines of NumPy.

A linear score and the sum of small decision trees are standardised, mixed and put through a logistic curve that was
fitted on sources which neither had seen. `evals/training/judge.py` writes the file; `weights/judge/README.md` says
from what.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.grounding.features import FEATURES

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trees:
    """Binary decision trees as arrays of shape (n_trees, n_nodes), the root first. A row goes to `left` where its
    `feature` is at most `threshold`; a leaf leads to itself. `value` counts at leaves."""

    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats
    depth: int

    def __call__(self, rows: Floats) -> Floats:
        """The sum over trees for each row: float64 array of shape (n_rows,)."""
        trees = np.arange(len(self.feature))
        node = np.zeros((len(rows), len(trees)), np.int64)
        for _ in range(self.depth):
            seen = np.take_along_axis(rows, self.feature[trees, node], axis=1)
            node = np.where(seen <= self.threshold[trees, node], self.left[trees, node], self.right[trees, node])
        return self.value[trees, node].sum(axis=1)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Scorer:
    """`threshold`: the support from which on a claim counts as supported. `floors`: the threshold of each floor,
    chosen on the same data."""

    center: Floats
    scale: Floats
    weights: Floats
    trees: Trees
    tree_weight: float
    tree_center: float
    tree_scale: float
    slope: float
    intercept: float
    threshold: float
    encoder: str
    floors: dict[str, float]

    @classmethod
    def load(cls, path: Path) -> "Scorer":
        """Raises ValueError when the file is for other features than this code measures."""
        data = json.loads(path.read_text("utf-8"))
        if data["features"] != list(FEATURES):
            raise ValueError(f"{path} was trained on other features. Run: python -m evals.training.judge")
        trees = Trees(**{key: np.array(value) for key, value in data["trees"].items()}, depth=data["tree_depth"])
        arrays: dict[str, Any] = {name: np.array(data[name]) for name in ("center", "scale", "weights")}
        kept = {field.name for field in fields(cls)} - {"trees", *arrays}
        return cls(trees=trees, **arrays, **{name: data[name] for name in kept})

    def raw(self, rows: Floats) -> Floats:
        """The mixed score before calibration; `rows` of shape (n_rows, n_features)."""
        linear = np.clip((rows - self.center) / self.scale, -3, 3) @ self.weights
        return linear + self.tree_weight * (self.trees(rows) - self.tree_center) / self.tree_scale

    def __call__(self, rows: Sequence[Sequence[float]] | Floats) -> Floats:
        """The probability that each claim is supported."""
        if not len(rows):
            return np.zeros(0)
        return 1 / (1 + np.exp(-(self.slope * self.raw(np.asarray(rows, float)) + self.intercept)))
