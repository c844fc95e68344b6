import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.grounding.features import FEATURES
from assistant.grounding.scorer import Scorer
from evals.judge import LabelledPair
from evals.training import judge as training
from evals.training.judge import Rows, best_threshold, calibrate, equal_weights, fit, sample, to_json


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Two sets of 300 rows whose labels follow the first feature, and one of which is mostly unsupported."""
    rng = np.random.default_rng(0)
    features = rng.random((600, len(FEATURES)))
    sets = np.repeat(["wice", "snli"], 300)
    labels = (features[:, 0] + 0.1 * rng.normal(size=600) > np.where(sets == "wice", 0.5, 0.8)).astype(np.int64)
    return Rows(features, labels, sets, np.arange(600).astype(str))


def test_trees_in_arrays_say_what_scikit_learns_say(rows: Rows) -> None:
    model = HistGradientBoostingClassifier(**training.TREES, random_state=0).fit(rows.features, rows.labels)
    arrays = training._as_arrays([predictor.nodes for [predictor] in model._predictors])
    difference = model.decision_function(rows.features) - arrays(rows.features)
    assert np.ptp(difference) < 1e-9  # the model's baseline is a constant


def test_the_file_reads_back_as_the_same_scorer(rows: Rows, tmp_path: Path) -> None:
    scorer = replace(fit(rows), slope=1.3, intercept=-0.2, threshold=0.4, floors={"word_overlap": 0.5})
    path = tmp_path / "judge.json"
    path.write_text(to_json(scorer))
    read = Scorer.load(path)
    assert np.abs(read(rows.features) - scorer(rows.features)).max() < 1e-4
    assert (read.threshold, read.floors) == (0.4, {"word_overlap": 0.5})


def test_weights_for_other_features_are_refused(rows: Rows, tmp_path: Path) -> None:
    data = json.loads(to_json(fit(rows)))
    path = tmp_path / "judge.json"
    path.write_text(json.dumps({**data, "features": data["features"][1:]}))
    with pytest.raises(ValueError, match="trained on other features"):
        Scorer.load(path)


def test_every_set_and_label_weighs_the_same(rows: Rows) -> None:
    weights = equal_weights(rows)
    sums = {
        (s, label): weights[(rows.sets == s) & (rows.labels == label)].sum()
        for s in ("wice", "snli")
        for label in (0, 1)
    }
    assert weights.mean() == pytest.approx(1)
    assert max(sums.values()) == pytest.approx(min(sums.values()))


def test_trees_never_use_a_feature_against_its_direction(rows: Rows) -> None:
    scorer = fit(rows)
    names = list(FEATURES)
    for name, direction in FEATURES.items():
        if direction:
            raised = rows.features.copy()
            raised[:, names.index(name)] += 0.3
            assert (direction * (scorer.trees(raised) - scorer.trees(rows.features))).min() >= -1e-12, name


def test_calibration_and_threshold_fit_the_labels(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "SETS", ("wice", "snli"))
    scores = rows.features[:, 0]
    slope, _ = calibrate(scores, rows)
    assert slope > 0 and 0.5 < best_threshold(scores, rows) < 0.8


def test_a_sample_keeps_groups_whole_and_is_the_same_each_time() -> None:
    pairs = [LabelledPair("p", f"c{i}", i % 2, f"g{i // 3}", "s", None) for i in range(99)]
    kept = sample(pairs, 30)
    assert kept == sample(pairs, 30) and 30 <= len(kept) < 33
    assert all(sum(p.group == group for p in kept) == 3 for group in {p.group for p in kept})


def test_the_shipped_weights_fit_the_code() -> None:
    from assistant.grounding import WEIGHTS

    scorer = Scorer.load(WEIGHTS)
    assert 0 < scorer.threshold < 1 and set(scorer.floors) == {"word_overlap", "sentence_cosine"}
