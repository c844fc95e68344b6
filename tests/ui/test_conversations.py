"""Conversations on disk, and what is written down beside them."""

import json
import os
import stat
import threading
from pathlib import Path

import pytest
from samples import EVIL, answer, citation, hostile_abstention, hostile_answer

from assistant.records import Filters, Turn
from assistant.ui.conversations import Conversation, ConversationStore, Exchange, new_id
from assistant.ui.logbook import Feedback, write_feedback, write_question


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "conversations", keep_days=30)


def test_a_conversation_comes_back_as_it_was(store: ConversationStore) -> None:
    kept = Conversation().with_exchange(Exchange(answer(), Filters(country=("Mali",), year_from=2001)))
    kept = kept.with_exchange(Exchange(hostile_answer())).with_exchange(Exchange(hostile_abstention()))
    store.save(kept)
    assert store.load(kept.id) == kept


def test_ids_cannot_be_guessed_and_never_name_another_file(store: ConversationStore, tmp_path: Path) -> None:
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(one.isalnum() for one in made), "a component of Streamlit refuses a key with two underscores"
    (tmp_path / "secret.json").write_text(json.dumps({"id": "secret"}))
    for hostile in ("../secret", "..%2fsecret", "/etc/passwd", "", ".", "a" * 33, "a" * 31 + "\n", "é" * 32):
        assert store.load(hostile) is None
        store.delete(hostile)
    assert (tmp_path / "secret.json").exists()


def test_only_this_account_reads_a_conversation(store: ConversationStore, tmp_path: Path) -> None:
    store.save(Conversation())
    folder = tmp_path / "conversations"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_a_conversation_that_is_damaged_is_as_if_it_were_gone(store: ConversationStore, tmp_path: Path) -> None:
    kept = Conversation().with_exchange(Exchange(answer()))
    store.save(kept)
    path = tmp_path / "conversations" / f"{kept.id}.json"
    path.write_bytes(path.read_bytes()[:100])
    assert store.load(kept.id) is None


def test_a_deleted_conversation_is_gone(store: ConversationStore) -> None:
    kept = Conversation()
    store.save(kept)
    store.delete(kept.id)
    assert store.load(kept.id) is None
    store.delete(kept.id)


def test_what_is_past_its_days_is_deleted_and_the_rest_stays(store: ConversationStore, tmp_path: Path) -> None:
    old, new = Conversation(), Conversation()
    store.save(old)
    store.save(new)
    path = tmp_path / "conversations" / f"{old.id}.json"
    long_ago = path.stat().st_mtime - 31 * 86_400
    os.utime(path, (long_ago, long_ago))
    assert store.prune() == 1
    assert store.load(old.id) is None
    assert store.load(new.id) == new


def test_an_exchange_takes_the_place_of_the_last_one_only(store: ConversationStore) -> None:
    first, second, third = Exchange(answer("One?")), Exchange(answer("Two?")), Exchange(answer("Three?"))
    both = Conversation().with_exchange(first).with_exchange(second)
    assert both.with_exchange(third, instead_of=second.id).exchanges == (first, third)
    assert both.with_exchange(third, instead_of=first.id).exchanges == (first, second, third)


def test_a_question_answered_again_stays_where_it_was() -> None:
    first, second, third = Exchange(answer("One?")), Exchange(answer("Two?")), Exchange(answer("One?"))
    both = Conversation().with_exchange(first).with_exchange(second)
    assert both.answered_again(third, instead_of=first.id).exchanges == (third, second)


def test_the_title_is_the_first_question_until_it_has_a_name() -> None:
    kept = Conversation().with_exchange(Exchange(answer("Who\nwas vetted?")))
    assert kept.title == "Who was vetted?"
    assert kept.renamed("  Police\n work " + "x" * 100).title == ("Police work " + "x" * 100)[:80]


def test_feedback_is_one_line_with_all_that_triage_needs(tmp_path: Path) -> None:
    feedback = Feedback(
        "f1", answer(), [Turn("Before?", "Yes.")], Filters(), "down", "outdated", EVIL + "\n\ud800second line"
    )
    write_feedback(tmp_path, feedback)
    write_feedback(tmp_path, feedback)
    lines = (tmp_path / "feedback.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 2
    record = json.loads(lines[0])
    assert record["question"] == "Who was vetted?"
    assert (record["thumb"], record["reason"], record["generation"]) == ("down", "outdated", "20260101T000000Z-abc")
    assert record["history"] == [{"question": "Before?", "answer": "Yes."}]
    assert record["answer"]["claims"][0]["citations"] == [1]


def test_the_log_of_questions_says_nothing_of_who_asked(tmp_path: Path) -> None:
    write_question(tmp_path, answer("Who?", rewritten="Who was vetted?", citations=(citation(1), citation(2))))
    assert json.loads((tmp_path / "questions.jsonl").read_text()) == {
        "question": "Who was vetted?",
        "status": "answered",
        "sources": ["a.pdf"],
    }


def test_lines_of_several_writers_do_not_mix(tmp_path: Path) -> None:
    long = answer("x" * 20_000)
    writers = [threading.Thread(target=write_question, args=(tmp_path, long)) for _ in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    lines = (tmp_path / "questions.jsonl").read_text().splitlines()
    assert [len(json.loads(line)["question"]) for line in lines] == [20_000] * 20
