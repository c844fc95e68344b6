import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import evals
from assistant.errors import UsageError
from assistant.grounding import Judge
from evals.judge import LabelledPair, evaluate, load_pairs, main, to_json

PREMISE = "The mission closed in 2005. It had trained 3,500 police officers. The army was not vetted."
CLAIMS = [
    ("The mission ended in 2005.", 1),
    ("The mission trained 3,500 police.", 1),
    ("The mission trained 9,000 judges in Paris.", 0),
    ("Bakers met the queen on Monday.", 0),
]
MEASURES = {"auroc", "balanced_accuracy", "f1_unsupported", "ece", "false_acceptance", "false_warning"}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


def rows(**more: Any) -> list[dict[str, Any]]:
    return [{"premise": PREMISE, "claim": claim, "label": label, **more} for claim, label in CLAIMS]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge.load()


@pytest.mark.parametrize("name", ["pairs.jsonl", "pairs.jsonl.gz"])
def test_json_has_the_shape_of_the_contract(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / name, [*rows(source="a", group="g1"), *rows(source="b", response="r")])
    assert main(["--pairs", str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["n"] == 8
    assert {"n", "claims", "responses", "per_source", "floors"} <= set(report)
    shaped = [report["claims"], report["responses"], *report["per_source"].values(), *report["floors"].values()]
    assert all(set(figures) == MEASURES for figures in shaped)
    assert all(set(figure) == {"value", "low", "high"} for figures in shaped for figure in figures.values())
    assert set(report["per_source"]) == {"a", "b"}


def test_true_claims_score_above_false_ones(judge: Judge) -> None:
    pairs = [LabelledPair.of(1, row) for row in rows()]
    assert evaluate(judge, pairs)["claims"]["auroc"].value == 1


def test_without_responses_the_response_level_is_null(judge: Judge) -> None:
    assert evaluate(judge, [LabelledPair.of(1, row) for row in rows(group="g")])["responses"] is None


def test_an_answer_is_as_weak_as_its_weakest_claim(judge: Judge) -> None:
    mixed = [{**row, "response": "good" if row["label"] else "bad"} for row in rows()]
    spoilt = [*mixed, {**mixed[0], "response": "spoilt"}, {**mixed[3], "response": "spoilt"}]
    figures = evaluate(judge, [LabelledPair.of(1, row) for row in spoilt])["responses"]
    assert figures["auroc"].value == 1 and figures["false_acceptance"].value == 0


def test_what_has_one_class_only_is_null_and_never_nan(judge: Judge) -> None:
    report = to_json(evaluate(judge, [LabelledPair.of(1, row) for row in rows() if row["label"]]))
    assert report["claims"]["auroc"] == {"value": None, "low": None, "high": None}
    assert report["claims"]["false_acceptance"]["value"] is None
    assert "NaN" not in json.dumps(report)


def test_calling_everything_unsupported_accepts_nothing_and_warns_always(judge: Judge) -> None:
    floor = evaluate(judge, [LabelledPair.of(1, row) for row in rows()])["floors"]["always_unsupported"]
    assert floor["auroc"].value == 0.5
    assert floor["false_acceptance"].value == 0 and floor["false_warning"].value == 1
    assert floor["balanced_accuracy"].value == 0.5


def test_an_empty_file_gives_undefined_figures(judge: Judge) -> None:
    report = to_json(evaluate(judge, []))
    assert report["n"] == 0 and report["claims"]["auroc"]["value"] is None


def test_running_twice_gives_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "pairs.jsonl", rows())
    main(["--pairs", str(path), "--json"])
    first = capsys.readouterr().out
    main(["--pairs", str(path), "--json"])
    assert capsys.readouterr().out == first


@pytest.mark.parametrize("line", ['{"premise": "a"}', "[1]", "no json", '{"premise":"a","claim":"b","label":2}'])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps(rows()[0]) + "\n" + line + "\n")
    with pytest.raises(UsageError, match=r"(?i)line 2"):
        load_pairs(path)


def test_the_shipped_pairs_are_balanced_and_named() -> None:
    pairs = load_pairs(Path(evals.__file__).parent / "judge_pairs" / "ssr.jsonl")
    assert len(pairs) >= 400 and sum(pair.label for pair in pairs) * 2 == len(pairs)
    assert len({(pair.premise, pair.claim) for pair in pairs}) == len(pairs)
    assert len({pair.group for pair in pairs}) > 50
