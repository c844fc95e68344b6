import json
from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.settings import Settings
from evals.places import Asked, as_table, evaluate, load

QUESTIONS = [
    ("How many officers did the mission train in Liberia?", "cases/liberia.md", "The mission trained 3,500 officers"),
    ("Who ran the Kosovo police school?", "cases/kosovo.md", "The Kosovo police school opened in Vushtrri"),
]


@pytest.fixture
def asked() -> list[Asked]:
    return [Asked(question, ((source, quote),)) for question, source, quote in QUESTIONS]


def test_each_step_finds_the_place_at_some_rank(asked: list[Asked], asked_settings: Settings) -> None:
    steps = evaluate(asked, asked_settings)
    assert list(steps) == ["passage vectors", "+ full text", "+ sentence vectors", "+ names", "+ reader"]
    for figures in steps.values():
        values = [figures[f"recall@{k}"].value for k in (1, 5, 10, 50)]
        assert values == sorted(values) and values[-1] == 1.0
    assert steps["+ reader"]["recall@1"].value == 1.0
    assert "recall@50" in as_table(steps, len(asked))


def test_a_place_that_no_passage_holds_is_a_usage_error(asked_settings: Settings) -> None:
    with pytest.raises(UsageError, match="holds"):
        evaluate([Asked("Who?", (("cases/kosovo.md", "nowhere to be read"),))], asked_settings)


def test_questions_without_a_place_are_left_out_and_bad_lines_named(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"question": "Why?", "gold": []}) + "\n")
    assert load(path) == []
    path.write_text(json.dumps({"question": "Why?"}) + "\n")
    with pytest.raises(UsageError, match="Line 1"):
        load(path)
