import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score

from evals import statistics
from evals.statistics import Figure, bootstrap

rows = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8)), min_size=2, max_size=40).filter(
    lambda found: len({label for label, _ in found}) == 2
)


def at_weight_one(statistic: statistics.Statistic, n: int) -> float:
    return float(statistic(np.ones((1, n)))[0])


@given(rows)
def test_auroc_is_that_of_scikit_learn_ties_included(found: list[tuple[int, int]]) -> None:
    labels, scores = [label for label, _ in found], [score / 8 for _, score in found]
    assert at_weight_one(statistics.auroc(labels, scores), len(found)) == pytest.approx(roc_auc_score(labels, scores))


@given(rows)
def test_a_weight_of_two_counts_a_row_twice(found: list[tuple[int, int]]) -> None:
    labels, scores = [label for label, _ in found], [score / 8 for _, score in found]
    weights = np.ones((1, len(found)))
    weights[0, 0] = 2
    twice = roc_auc_score([*labels, labels[0]], [*scores, scores[0]])
    assert statistics.auroc(labels, scores)(weights)[0] == pytest.approx(twice)


@given(rows)
def test_balanced_accuracy_and_f1_are_those_of_scikit_learn(found: list[tuple[int, int]]) -> None:
    labels, supported = [label for label, _ in found], [score >= 4 for _, score in found]
    assert at_weight_one(statistics.balanced_accuracy(labels, supported), len(found)) == pytest.approx(
        balanced_accuracy_score(labels, supported)
    )
    assert at_weight_one(statistics.f1(labels, supported, positive=0), len(found)) == pytest.approx(
        f1_score(labels, supported, pos_label=0)
    )


@given(st.lists(st.integers(0, 8), min_size=1, max_size=40), st.sampled_from([0.05, 0.5, 0.95]), st.data())
def test_a_quantile_is_that_of_numpy(found: list[int], q: float, data: st.DataObject) -> None:
    weights = np.array([data.draw(st.lists(st.integers(0, 3), min_size=len(found), max_size=len(found)))], float)
    weights[0, 0] += 1
    drawn = np.repeat(found, weights[0].astype(int))
    assert statistics.quantile(found, q)(weights)[0] == np.quantile(drawn, q, method="inverted_cdf")


def test_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    labels, probabilities = [1, 0, 1, 1], [0.95, 0.91, 0.2, 1.0]  # bins .9-1: .667 against .953; .2-.3: 1 against .2
    expected = 3 / 4 * abs(2 / 3 - (0.95 + 0.91 + 1.0) / 3) + 1 / 4 * 0.8
    assert at_weight_one(statistics.calibration_error(labels, probabilities), 4) == pytest.approx(expected)


def test_calibration_counts_each_row_in_its_bin() -> None:
    bins = statistics.calibration([1, 0, 1], [0.05, 0.06, 1.0])
    assert [found["n"] for found in bins] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert bins[0] == {"n": 2, "probability": 0.055, "share": 0.5}
    assert bins[1]["share"] is None


@given(rows)
def test_bins_of_equal_number_are_those_of_scikit_learn(found: list[tuple[int, int]]) -> None:
    labels, scores = [label for label, _ in found], [score / 8 for _, score in found]
    shares, probabilities = calibration_curve(labels, scores, n_bins=10, strategy="quantile")
    bins = [one for one in statistics.calibration(labels, scores, statistics.bins_of_equal_number) if one["n"]]
    assert [one["share"] for one in bins] == pytest.approx(shares, abs=1e-4)
    assert [one["probability"] for one in bins] == pytest.approx(probabilities, abs=1e-4)


def test_bins_of_equal_number_hold_as_many_rows_each() -> None:
    scores = [0.5 + number / 1000 for number in range(40)]  # one bin of equal width
    assert [one["n"] for one in statistics.calibration([1] * 40, scores, statistics.bins_of_equal_number)] == [4] * 10
    labels = [number // 4 % 2 for number in range(40)]  # bin by bin all 0 or all 1
    error = at_weight_one(statistics.calibration_error(labels, scores, statistics.bins_of_equal_number), 40)
    assert error == pytest.approx(np.abs(np.array(labels) - scores).mean())


def test_what_one_class_leaves_undefined_is_none_and_not_nan() -> None:
    assert bootstrap(statistics.auroc([1, 1], [0.2, 0.3]), ["a", "b"]) == Figure(None, None, None)
    assert bootstrap(statistics.mean([]), []).to_json() == {"value": None, "low": None, "high": None}


def test_rows_of_a_cluster_are_drawn_together() -> None:
    values = [0.0, 1.0] * 50
    apart = bootstrap(statistics.mean(values), list(range(100)))
    together = bootstrap(statistics.mean(sorted(values)), ["low"] * 50 + ["high"] * 50)
    assert together.low == 0 and together.high == 1
    assert apart.low is not None and apart.low > 0.35


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    samples = [rng.normal(size=60) for _ in range(200)]
    figures = [bootstrap(statistics.mean(sample.tolist()), range(60), samples=400) for sample in samples]
    covered = sum(figure.low <= 0 <= figure.high for figure in figures if figure.low is not None and figure.high)
    assert 0.88 <= covered / 200 <= 0.99


def test_the_same_rows_give_the_same_figure() -> None:
    statistic = statistics.mean([0.1, 0.5, 0.9])
    assert bootstrap(statistic, "abc") == bootstrap(statistic, "abc")


def test_many_rows_are_drawn_in_parts_and_stay_one_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.linspace(0, 1, 30).tolist()
    whole = bootstrap(statistics.mean(values), range(30), samples=50)
    monkeypatch.setattr(statistics, "_CELLS_AT_ONCE", 31)
    parted = bootstrap(statistics.mean(values), range(30), samples=50)
    # Sums made in another order differ in the last digits, and which order is made depends on the processor.
    assert (parted.value, parted.low, parted.high) == pytest.approx((whole.value, whole.low, whole.high), rel=1e-12)
