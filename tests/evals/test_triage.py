"""Feedback written by the page's own code, reviewed on the terminal, asked again as a case."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.records import Filters, Turn
from assistant.settings import Settings
from assistant.ui.logbook import Feedback, write_feedback
from evals import cases, triage

QUOTE = "The mission trained 3,500 officers of the Liberia National Police by July 2007."


@pytest.fixture
def state(tmp_path: Path, assistant: Assistant) -> Path:
    answer = assistant.ask("What is vetting?")
    folder = tmp_path / "state"
    write_feedback(folder, Feedback("good", answer, (), Filters(), "up"))
    asked = replace(answer, question="How many police were trained \x1b[31mthere?")
    history = (Turn("What happened to the police of Liberia?", "It was vetted."),)
    write_feedback(folder, Feedback("bad", asked, history, Filters(), "down", "wrong-source", "Not this one."))
    abstain = replace(answer, question="Who is the best minister?")
    write_feedback(folder, Feedback("worse", abstain, (), Filters(), "down", "should-have-abstained"))
    return folder


@pytest.fixture
def settings(asked_settings: Settings, assistant: Assistant) -> Settings:
    return asked_settings


def review(state: Path, settings: Settings, target: Path, typed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    triage.main(["--state", str(state), "--library", str(settings.library), "--cases", str(target)])


def listed(state: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    triage.main(["--json", "--state", str(state)])
    return [entry["id"] for entry in json.loads(capsys.readouterr().out)]


ACCEPT = ["c", "", "follow-up", "cases/liberia.md", "1", QUOTE, "", "3,500|3500"]


def test_thumbs_down_wait_first(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(state, capsys) == ["bad", "worse", "good"]


def test_a_list_obeys_no_control_characters(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    triage.main(["--list", "--state", str(state)])
    out = capsys.readouterr().out
    assert "\x1b" not in out and "wrong-source" in out and out.count("\n") == 3


def test_an_accepted_entry_is_a_case_that_the_suite_can_ask(
    state: Path, settings: Settings, assistant: Assistant, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    target = tmp_path / "feedback.jsonl"
    reworded = [ACCEPT[0], "How many police were trained there?", *ACCEPT[2:]]
    review(state, settings, target, [*reworded, "q"], monkeypatch)
    (case,) = cases.load(target)
    cases.verify([case], assistant.library)
    assert (case.kind, case.split, case.key_facts) == ("follow-up", "dev", ("3,500|3500",))
    assert case.question == "How many police were trained there?"
    assert case.history[0].question == "What happened to the police of Liberia?"
    assert listed(state, capsys) == ["worse", "good"]


def test_a_quote_is_taken_only_where_it_stands_in_the_page(
    state: Path, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    target = tmp_path / "feedback.jsonl"
    wrong = [("cases/liberia.md", "1", "Nobody was trained."), ("cases/liberia.md", "9", QUOTE), ("../x", "1", QUOTE)]
    typed = ["c", "", "follow-up", *(part for place in wrong for part in place), *ACCEPT[3:], "q"]
    review(state, settings, target, typed, monkeypatch)
    assert capsys.readouterr().out.count("does not stand there") == 3
    (case,) = cases.load(target)
    assert [gold.quote for gold in case.gold] == [QUOTE]


def test_what_should_have_been_turned_down_becomes_a_case_without_gold(
    state: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "feedback.jsonl"
    review(state, settings, target, ["l", "c", "", "", "q"], monkeypatch)
    (case,) = cases.load(target)
    assert (case.kind, case.gold) == ("near-miss", ())


def test_dismissed_is_remembered_and_later_is_not(
    state: Path, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    review(state, settings, tmp_path / "feedback.jsonl", ["d", "l"], monkeypatch)  # and then the input ends
    assert listed(state, capsys) == ["worse", "good"]
    assert not (tmp_path / "feedback.jsonl").exists()


def test_of_two_judgements_of_an_answer_the_last_counts(
    state: Path, assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    write_feedback(state, Feedback("good", assistant.ask("What is vetting?"), (), Filters(), "down", "outdated"))
    triage.main(["--list", "--state", str(state)])
    assert "outdated" in capsys.readouterr().out


def test_a_torn_line_is_passed_over_and_counted(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (state / "feedback.jsonl").open("ab") as file:
        file.write(b'{"id": "torn", "quest\n[1]\n\xff\n')
    triage.main(["--list", "--state", str(state)])
    captured = capsys.readouterr()
    assert captured.out.count("\n") == 3 and captured.err.startswith("3 lines")


def test_an_empty_state_folder_waits_for_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert triage.main(["--list", "--state", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "Nothing waits.\n"
