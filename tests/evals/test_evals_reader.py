import json
from pathlib import Path

import pytest

from assistant.errors import UsageError
from evals.reader import LabelledPassage, Scores, figures_of, kindest_threshold, load_rows, main

ROWS = [
    {
        "question": "When did the mission close?",
        "title": "Missions",
        "sentences": ["Donors met in Paris.", "The mission closed in 2005.", "It rained."],
        "labels": [0, 1, 0],
        "answerable": True,
        "group": "a",
    },
    {
        "question": "Who vetted the police of Liberia?",
        "sentences": ["Gardens need water.", "Roses bloom in June."],
        "labels": [0, 0],
        "answerable": False,
        "group": "b",
    },
]


def rows() -> list[LabelledPassage]:
    return [LabelledPassage.of(number, row) for number, row in enumerate(ROWS, 1)]


def test_right_scores_give_full_figures() -> None:
    figures = figures_of(rows(), [Scores(0.9, (0.1, 0.8, 0.2)), Scores(0.1, (0.1, 0.1))], 0.5)
    assert {name: figure.value for name, figure in figures.items()} == {
        "passage_auroc": 1, "sentence_auroc": 1, "top_sentence": 1, "sentence_f1": 1,
    }  # fmt: skip


def test_sentences_of_unanswerable_rows_do_not_count() -> None:
    figures = figures_of(rows(), [Scores(0.9, (0.1, 0.8, 0.2)), Scores(0.1, (1.0, 1.0))], 0.5)
    assert figures["sentence_auroc"].value == 1 and figures["sentence_f1"].value == 1


def test_without_answerable_rows_sentence_figures_are_undefined() -> None:
    figures = figures_of(rows()[1:], [Scores(0.1, (0.1, 0.1))], 0.5)
    assert all(figure.value is None for figure in figures.values())


def test_the_floors_threshold_is_the_one_that_suits_them_best() -> None:
    assert kindest_threshold(rows(), [Scores(0.9, (0.3, 0.7, 0.5)), Scores(0.1, (0.9, 0.9))]) == 0.7


def test_a_row_without_as_many_labels_as_sentences_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({**ROWS[0], "labels": [1]}))
    with pytest.raises(UsageError, match="Line 1"):
        load_rows(path)


@pytest.mark.slow
def test_the_reader_finds_the_passage_and_the_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = {**ROWS[0], "sentences": ["Donors met. " * 60, "The mission closed in 2005.", "It rained. " * 90]}
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in [*ROWS, long]))
    assert main(["--data", str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"n", "passage_auroc", "sentence_auroc", "top_sentence", "sentence_f1", "floors"}
    assert report["passage_auroc"]["value"] == 1 and report["top_sentence"]["value"] == 1
    assert all(set(floor) == set(report) - {"n", "floors"} for floor in report["floors"].values())
