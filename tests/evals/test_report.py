"""The report of a run: what a maintainer finds in it, and that nothing in it comes alive."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from evals import figures, report
from tests.evals.test_figures import abstained, record

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} \" onmouseover='x'"


def with_details(case: dict[str, Any]) -> dict[str, Any]:
    """What a run keeps beyond what the figures need."""
    case["answer"] |= {"rewritten": None}
    for number, citation in enumerate(case["answer"]["citations"], start=1):
        citation |= {"number": number, "page": 1}
    for claim in case["answer"]["claims"]:
        claim.setdefault("support", 1.0)
    plain = {"found": [{"id": "q", "source": "a.md", "page": 2}], "text": "Nobody knows."}
    return case | {"history": [], "top_score": 0.6, "plain": plain}


def cases() -> list[dict[str, Any]]:
    lost = record("lost", key_facts=["500", "by the mission"], question="Who vetted them?")
    lost["answer"]["claims"].append(
        {"text": "A Dane led it.", "citations": [1], "state": "judged", "support": 0.07, "supported": False}
    )
    unanswerable = record("answered", kind="near-miss", gold=[], key_facts=[], question="What did it cost?")
    withheld = abstained("withheld", question="When was it?")
    return [with_details(case) for case in (record("kept"), lost, unanswerable, withheld)]


def written(folder: Path, records: list[dict[str, Any]], **options: Path) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "records.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), "utf-8")
    (folder / "figures.json").write_text(json.dumps(figures.measure(records), sort_keys=True), "utf-8")
    about = {"library": "abc", "chat_model": None, "packages": {"torch": "2"}, "python": "3.11"}
    (folder / "run.json").write_text(json.dumps(about), "utf-8")
    (folder / "latency.json").write_text(json.dumps({"read": {"median": 2.0, "p95": 9.0, "n": 4}}), "utf-8")
    given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    report.main(["--run", str(folder), *(given or ["--baseline", str(folder / "none"), "--judge", str(folder / "no")])])
    return (folder / "report.html").read_text("utf-8")


@pytest.fixture
def html(tmp_path: Path) -> str:
    return written(tmp_path / "run", cases())


def test_a_failed_case_says_what_went_wrong_and_what_is_missing(html: str) -> None:
    assert "Who vetted them?" in html and "the first gold page came at rank 1" in html
    assert "the answer lacks “by the mission”" in html and "✗ missing: by the mission" in html
    assert "still the answer was withheld" in html
    assert "the assistant should have said so" in html


def test_a_sentence_that_nothing_supports_is_marked_in_words_too(html: str) -> None:
    assert re.search(r'class="claim unsupported">A Dane led it\.</span>.*?✗ not supported, 0\.070', html, re.DOTALL)
    assert "✓ word for word" in html


def test_cases_that_came_out_right_are_not_listed_as_failed(html: str) -> None:
    assert "Failed cases (3 of 4)" in html and ">factoid · kept<" not in html


def test_figures_stand_beside_their_floors(tmp_path: Path) -> None:
    html = written(tmp_path, cases())
    measured = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert measured["floors"]["recall@1"] == 0.0  # the plain answer stands on the wrong page
    assert measured["floors"]["withheld or answered rightly"] == 0.5
    assert 'class="floor"' in html
    row = html[html.index('<th scope="row">recall@1') :]
    assert row.index("<b>1.000</b>") < row.index('<td class="number">0.000</td>')


def test_the_page_is_one_file_that_fetches_nothing(html: str) -> None:
    assert html.lstrip().lower().startswith("<!doctype html>")
    assert "<script" not in html and "<link" not in html and "url(http" not in html
    assert not re.search(r"""\s(?:src|href|xlink:href)=["'](?!#)""", html)
    assert html.count('<svg role="img" aria-label=') == 4


def test_strangers_words_stay_words(tmp_path: Path) -> None:
    evil = with_details(record("evil", question=EVIL, key_facts=[EVIL]))
    for part in (*evil["answer"]["claims"], *evil["gold"]):
        part |= {name: EVIL for name in ("text", "quote", "source") if name in part}
    html = written(tmp_path, [*cases(), evil | {"kind": "<b>kind", "history": [EVIL]}])
    assert (
        "<script" not in html and "<img" not in html and "<b>kind" not in html and "49" not in html.split("Failed")[-1]
    )
    assert "&lt;script&gt;" in html


def test_a_baseline_run_shows_what_moved(tmp_path: Path) -> None:
    before = [with_details(case) for case in (abstained("kept"), *cases()[1:])]
    written(tmp_path / "before", before)
    html = written(tmp_path / "after", cases(), baseline=tmp_path / "before", judge=tmp_path / "none")
    assert "Against the baseline" in html
    data = json.loads((tmp_path / "after" / "report.json").read_text("utf-8"))
    assert data["differences"]["right place cited"].startswith("0.333")


def test_the_judges_calibration_is_drawn_where_it_was_measured(tmp_path: Path) -> None:
    figure = {"value": 0.8, "low": 0.7, "high": 0.9}
    bins = [{"n": 0, "probability": None, "share": None}, {"n": 5, "probability": 0.15, "share": 0.2}]
    (tmp_path / "judge.json").write_text(
        json.dumps({"n": 5, "claims": {"auroc": figure, "ece": figure}, "calibration": bins}), "utf-8"
    )
    html = written(tmp_path / "run", cases(), baseline=tmp_path / "none", judge=tmp_path / "judge.json")
    assert "AUROC 0.800 [0.700, 0.900]" in html and html.count("<svg") == 5


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    assert written(tmp_path / "a", cases()) == written(tmp_path / "b", cases())
