import json
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import UsageError
from assistant.library import Library
from assistant.records import Turn
from assistant.settings import Settings
from evals.followups import FollowUp, added, compare, held, load, main, recall

ROW = {
    "group": "a",
    "history": ["How was the police reformed in Kosovo?"],
    "last_turn": "And in Liberia?",
    "rewrite": "How was the police reformed in Liberia?",
}


def test_the_shares_count_content_words_whatever_their_endings() -> None:
    assert held("Reforming police", "How were the police reformed in Liberia?") == pytest.approx(2 / 3)
    assert added("Reforming police in Liberia", "How were the police reformed?") == pytest.approx(1 / 3)
    assert held("Why?", "What is it?") is None


def test_our_rewrite_lies_between_the_last_turn_and_all_that_was_said(asked_library: Library) -> None:
    figures = compare([FollowUp.of(1, ROW)], asked_library)
    shares = [
        figures[name]["held"].value for name in ("last turn as asked", "our rewrite", "with all questions before")
    ]
    assert shares == [pytest.approx(1 / 3), 1.0, 1.0]
    assert figures["our rewrite"]["added"].value == 0.0


def test_histories_come_as_questions_or_with_answers(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with_answer = {"history": [{"question": "Who?", "answer": "NATO."}], "question": "Why?"}
    path.write_text("\n".join(json.dumps(row) for row in (ROW, with_answer, {"question": "No history?"})))
    first, second = load([path])
    assert first.history == (Turn("How was the police reformed in Kosovo?"),)
    assert second.history == (Turn("Who?", "NATO."),)


def test_a_conversation_lies_in_one_half_only() -> None:
    rows = [FollowUp.of(1, ROW | {"id": str(number)}) for number in range(5)]
    assert len({row.split for row in rows}) == 1
    assert {FollowUp.of(1, ROW | {"group": str(number)}).split for number in range(20)} == {"dev", "test"}


def test_a_line_without_a_question_is_named() -> None:
    with pytest.raises(UsageError, match="Line 7"):
        FollowUp.of(7, {"history": ["Who?"]})


def test_a_completed_follow_up_finds_the_place_that_the_last_turn_alone_names_no_topic_of(assistant: Assistant) -> None:
    gold = [{"source": "cases/kosovo.md", "quote": "The Kosovo police school opened in Vushtrri"}]
    row = {"history": ["Where did the Kosovo police school open?"], "last_turn": "When was that?", "gold": gold}
    figures = recall([FollowUp.of(1, row)], assistant)
    assert figures["our rewrite"]["recall@5"].value == 1.0
    assert "human rewrite" not in figures


def test_the_shipped_dialogues_can_be_measured(asked_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    rows = load([Path("evals/followups.jsonl")])
    assert len({row.group for row in rows}) == 40
    assert {row.split for row in rows} == {"dev", "test"} and all(row.rewrite for row in rows)
    assert main(["--data", "evals/followups.jsonl", "--library", str(asked_settings.library), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["words"]["our rewrite"]["held"]["value"] > 0.5
