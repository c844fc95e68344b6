"""Figures with their uncertainty: each is a value and a 95% interval, and what is undefined is None, never NaN.

The interval comes from a cluster bootstrap: rows that share a document or a conversation are drawn together, since
they err together. A draw is a weight for each row (how often its cluster was drawn), and a statistic takes a
matrix of such weights at once, so that 2,000 draws cost a few array operations. scipy and scikit-learn have no
clustered form; the tests hold the statistics to scikit-learn's values.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Statistic = Callable[
    [Floats], Floats
]  # weights of shape (n_draws, n_rows) to values of shape (n_draws,), NaN undefined
Bins = NDArray[np.int_]  # of shape (n_rows,): the number of each row's bin, from 0
Binning = Callable[[Sequence[float]], Bins]

SAMPLES = 2000
CALIBRATION_BINS = 10
_CELLS_AT_ONCE = 4_000_000  # weights held in memory, as float64: 32 MB


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with the ends of its 95% interval; None where it is undefined."""

    value: float | None
    low: float | None
    high: float | None

    def to_json(self) -> dict[str, float | None]:
        """Four digits: more would be noise."""
        return {"value": _rounded(self.value), "low": _rounded(self.low), "high": _rounded(self.high)}

    def __str__(self) -> str:
        if self.value is None:
            return "undefined"
        return f"{self.value:.3f}" + ("" if self.low is None else f" [{self.low:.3f}, {self.high:.3f}]")


UNDEFINED = Figure(None, None, None)


def bootstrap(statistic: Statistic, clusters: Sequence[object], samples: int = SAMPLES, seed: int = 0) -> Figure:
    """The statistic of all rows, with its percentile interval over draws of whole clusters.

    `clusters` names the cluster of each row. Draws in which the statistic is undefined (one class only) are
    left out of the interval. The same input gives the same figure.
    """
    if not clusters:
        return UNDEFINED
    value = float(statistic(np.ones((1, len(clusters))))[0])
    if np.isnan(value):
        return UNDEFINED
    drawn = np.concatenate([statistic(weights) for weights in _draws(clusters, samples, seed)])
    drawn = drawn[~np.isnan(drawn)]
    if not drawn.size:
        return Figure(value, None, None)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(value, float(low), float(high))


def _draws(clusters: Sequence[object], samples: int, seed: int) -> Iterator[Floats]:
    """Weight matrices that together hold `samples` draws with replacement of as many clusters as there are."""
    numbers = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    of_row = np.array([numbers[cluster] for cluster in clusters])
    rng = np.random.default_rng(seed)
    chunk = max(1, _CELLS_AT_ONCE // len(clusters))
    for start in range(0, samples, chunk):
        size = min(chunk, samples - start)
        counts = rng.multinomial(len(numbers), np.full(len(numbers), 1 / len(numbers)), size=size)
        yield counts[:, of_row].astype(np.float64)


def auroc(labels: Sequence[int], scores: Sequence[float]) -> Statistic:
    """Chance that a row of label 1 scores above one of label 0, ties counting half."""
    order = np.argsort(np.asarray(scores), kind="stable")
    positive = np.asarray(labels)[order] == 1
    values = np.asarray(scores)[order]
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else np.array([], int)

    def statistic(weights: Floats) -> Floats:
        weights = weights[:, order]
        ones = np.add.reduceat(weights * positive, starts, axis=1)
        zeros = np.add.reduceat(weights * ~positive, starts, axis=1)
        below = np.cumsum(zeros, axis=1) - zeros / 2
        return _ratio((ones * below).sum(axis=1), ones.sum(axis=1) * zeros.sum(axis=1))

    return statistic


def mean(values: Sequence[float]) -> Statistic:
    """The mean over rows."""
    row_values = np.asarray(values, float)
    return lambda weights: _ratio(weights @ row_values, weights.sum(axis=1))


def quantile(values: Sequence[float], q: float) -> Statistic:
    """The smallest value that at least the share `q` of the rows does not exceed."""
    order = np.argsort(np.asarray(values, float), kind="stable")
    ordered = np.asarray(values, float)[order]

    def statistic(weights: Floats) -> Floats:
        up_to = np.cumsum(weights[:, order], axis=1)
        reached = up_to >= q * up_to[:, -1:] - 1e-9  # sums of whole numbers, but q is no whole number
        found: Floats = ordered[np.argmax(reached & (weights[:, order] > 0), axis=1)]
        return found

    return statistic


def share(part: Sequence[bool], whole: Sequence[bool]) -> Statistic:
    """Of the rows in `whole`, the share that is in `part` too."""
    inside = np.asarray(whole, float)
    both = inside * np.asarray(part, float)
    return lambda weights: _ratio(weights @ both, weights @ inside)


def ratio(numerators: Sequence[float], denominators: Sequence[float]) -> Statistic:
    """Sum over sum: what "micro" means."""
    above, below = np.asarray(numerators, float), np.asarray(denominators, float)
    return lambda weights: _ratio(weights @ above, weights @ below)


def balanced_accuracy(labels: Sequence[int], predicted: Sequence[bool]) -> Statistic:
    """The mean of the shares found right among label 1 and among label 0."""
    truth, said = np.asarray(labels) == 1, np.asarray(predicted, bool)
    sensitivity, specificity = share(said.tolist(), truth.tolist()), share((~said).tolist(), (~truth).tolist())
    return lambda weights: (sensitivity(weights) + specificity(weights)) / 2


def f1(labels: Sequence[int], predicted: Sequence[bool], positive: int = 1) -> Statistic:
    """F1 of the class `positive`; `predicted` says which rows are predicted to be of label 1."""
    truth = np.asarray(labels) == positive
    said = np.asarray(predicted, bool) == bool(positive)
    return ratio((2.0 * (truth & said)).tolist(), (truth.astype(float) + said).tolist())


def bins_of_equal_width(probabilities: Sequence[float]) -> Bins:
    """For each row, which tenth of 0..1 its probability lies in."""
    bins: Bins = np.minimum((np.asarray(probabilities) * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return bins


def bins_of_equal_number(probabilities: Sequence[float]) -> Bins:
    """For each row, which tenth of the rows it belongs to by its probability. Equal ones share a bin, so that bins
    differ in number where many are equal, and some may be empty."""
    if not len(probabilities):
        return np.array([], int)
    edges = np.quantile(probabilities, np.arange(1, CALIBRATION_BINS) / CALIBRATION_BINS)
    bins: Bins = np.searchsorted(edges, probabilities)
    return bins


def calibration_error(
    labels: Sequence[int], probabilities: Sequence[float], binned: Binning = bins_of_equal_width
) -> Statistic:
    """Expected calibration error with ten bins: mean |share of label 1 - mean probability|."""
    bins = binned(probabilities)
    gaps = np.zeros((len(bins), CALIBRATION_BINS))
    gaps[np.arange(len(bins)), bins] = np.asarray(labels, float) - np.asarray(probabilities)
    return lambda weights: _ratio(np.abs(weights @ gaps).sum(axis=1), weights.sum(axis=1))


def calibration(
    labels: Sequence[int], probabilities: Sequence[float], binned: Binning = bins_of_equal_width
) -> list[dict[str, float | int | None]]:
    """For each of the ten bins: mean probability, share of label 1 and number of rows; None if empty."""
    kept: list[list[tuple[float, int]]] = [[] for _ in range(CALIBRATION_BINS)]
    for bin_, probability, label in zip(binned(probabilities), probabilities, labels, strict=True):
        kept[bin_].append((probability, label))
    return [
        {
            "n": len(rows),
            "probability": round(float(np.mean([probability for probability, _ in rows])), 4) if rows else None,
            "share": round(float(np.mean([label for _, label in rows])), 4) if rows else None,
        }
        for rows in kept
    ]


def _ratio(above: Floats, below: Floats) -> Floats:
    undefined: Floats = np.full(len(above), np.nan)
    np.divide(above, below, out=undefined, where=below > 0)
    return undefined


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
