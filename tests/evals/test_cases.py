import json
from pathlib import Path
from typing import Any

import pytest

from evals.cases import BadCase, load


def line(**changes: Any) -> str:
    case = {
        "id": "x-1",
        "question": "What is vetting?",
        "kind": "definition",
        "gold": [{"source": "a.md", "page": 1, "quote": "Vetting is a check."}],
        "key_facts": ["check"],
        "split": "dev",
    }
    return json.dumps(case | changes) + "\n"


def test_shipped_cases_load_and_their_ids_differ() -> None:
    cases = load()
    assert len({case.id for case in cases}) == len(cases) >= 300
    assert sum(not case.answerable for case in cases) >= 70


@pytest.mark.parametrize(
    "bad",
    [line(kind="riddle"), line(split="train"), line(gold=[]), line(kind="near-miss"), line() + line(), '{"id": "y"}\n'],
)
def test_a_line_that_is_no_case_is_refused(bad: str, tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(bad)
    with pytest.raises(BadCase):
        load(tmp_path / "cases.jsonl")
