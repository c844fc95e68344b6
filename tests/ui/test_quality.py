"""The quality page over a report written by the evaluation's own code."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from evals import figures
from evals.report import main as report

EVIL = "<img src=x onerror=alert(1)> **bold** [x](http://e.test) :red[hi] \u202eevil"


def record(name: str, status: str, question: str = "How many were vetted?") -> dict[str, Any]:
    claim = {"text": "500 were vetted.", "citations": [1], "state": "judged", "supported": False, "support": 0.1}
    citation = {"number": 1, "source": "a.md", "page": 1, "spans": [{"page": 1}]}
    answered = status == "answered"
    answer = {
        "status": status,
        "text": "500 were vetted. [1]" if answered else "The library does not answer this.",
        "rewritten": None,
        "claims": [claim] if answered else [],
        "citations": [citation] if answered else [],
    }
    return {
        "id": name,
        "kind": "factoid",
        "split": "dev",
        "question": question,
        "gold": [{"source": "a.md", "page": 1, "quote": "600 were vetted."}],
        "key_facts": ["600"],
        "forbidden": [],
        "found": [{"id": "p", "source": "a.md", "page": 1}],
        "top_score": 0.5,
        "answer": answer,
        "precise": [[False]] if answered else [],
    }


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("SSR_REPORT", str(tmp_path / "report.json"))

    def script() -> None:
        from assistant.ui import quality

        quality.page()

    return AppTest.from_function(script, default_timeout=30)


def write_run(folder: Path, records: list[dict[str, Any]]) -> None:
    (folder / "records.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), "utf-8")
    (folder / "figures.json").write_text(json.dumps(figures.measure(records)), "utf-8")
    (folder / "run.json").write_text(json.dumps({"library": "abc", "chat_model": None, "packages": {}}), "utf-8")
    (folder / "latency.json").write_text("{}", "utf-8")
    report(["--run", str(folder)])


def test_without_an_evaluation_the_page_says_how_to_make_one(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert "evals run" in page.code[0].value


def test_figures_and_failed_cases_are_shown(page: AppTest, tmp_path: Path) -> None:
    write_run(tmp_path, [record("a", "answered"), record("b", "abstained")])
    page.run()
    assert not page.exception
    table = page.dataframe[0].value
    shown = dict(zip(table["Figure"], table["Value"], strict=True))
    assert shown["right place cited"] == "0.500"
    assert shown["unanswerable abstained"] == "undefined"
    first, second = (case.label for case in page.expander)
    assert "composing" in first and "abstaining" in second
    said = [element.value for element in page.text]
    assert "500 were vetted. [1]  (not supported)" in said and "600 were vetted." in said


def test_choosing_what_went_wrong_leaves_only_those_cases(page: AppTest, tmp_path: Path) -> None:
    write_run(tmp_path, [record("a", "answered"), record("b", "abstained")])
    page.run()
    page.multiselect[1].select("abstaining").run()
    assert len(page.expander) == 1 and "abstaining" in page.expander[0].label


def test_markup_in_a_question_stays_text(page: AppTest, tmp_path: Path) -> None:
    write_run(tmp_path, [record("a", "abstained", EVIL)])
    page.run()
    assert not page.exception
    assert r"\*\*bold\*\*" in page.expander[0].label and r"\<img" in page.expander[0].label
    html = (tmp_path / "report.html").read_text("utf-8")
    assert "<img src=x" not in html and "&lt;img src=x" in html
