import subprocess
import sys

import pytest

from assistant import Answer, Assistant, Library, Settings
from assistant.errors import NoLibrary, UsageError
from assistant.records import Filters, Turn


def test_importing_the_package_loads_no_model() -> None:
    code = (
        "import sys, assistant, assistant.assistant; "
        "print([name for name in ('torch', 'chromadb', 'sentence_transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_follow_up_is_understood_and_shown(assistant: Assistant) -> None:
    answer = assistant.ask("And in Kosovo?", [Turn("How was the police of Liberia trained?")])
    assert answer.rewritten == "How was the police of Kosovo trained?"
    assert {citation.source for citation in answer.citations} == {"cases/kosovo.md"}


def test_a_question_that_stands_alone_is_not_rewritten(assistant: Assistant) -> None:
    assert assistant.ask(" What  is vetting? ").rewritten is None


def test_filters_decide_which_documents_answer(assistant: Assistant) -> None:
    answer = assistant.ask("How was the police trained?", filters=Filters(country=("Liberia",)))
    assert {citation.source for citation in answer.citations} == {"cases/liberia.md"}


@pytest.mark.parametrize("question", ["  ", "\x00\x1b", "\udcff\udcfe"])
def test_an_empty_question_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        assistant.ask(question)


def test_of_a_long_text_the_question_in_it_is_asked(assistant: Assistant) -> None:
    notes = "We met the staff of the ministry again and wrote down what they said. " * 40
    assert assistant.ask(f"{notes}What is vetting?").rewritten == "What is vetting?"


def test_characters_that_cannot_be_seen_do_not_change_a_question(assistant: Assistant) -> None:
    assert assistant.ask("What is\tvet\x01ting?").text == assistant.ask("What is vetting?").text


def test_the_times_of_an_answer_are_told_by_step(assistant: Assistant) -> None:
    times = assistant.ask("What is vetting?").timings_ms
    assert set(times) == {"query", "retrieve", "read", "compose", "ground", "total"}
    assert times["total"] >= times["retrieve"] > 0


def test_streaming_gives_the_claims_and_then_the_answer(assistant: Assistant) -> None:
    *claims, answer = assistant.stream("What are the steps of vetting?")
    assert isinstance(answer, Answer)
    assert tuple(claims) == answer.claims


def test_it_runs_as_a_langchain_runnable(assistant: Assistant) -> None:
    [answer] = assistant.as_runnable().batch(["What is vetting?"])
    assert answer["status"] == "answered"
    again = assistant.as_runnable().invoke(
        {"question": "And in Kosovo?", "history": [Turn("Who trained Liberia's police?")]}
    )
    assert "Kosovo" in again["rewritten"]


def test_without_a_library_it_says_so(tmp_path: object) -> None:
    with pytest.raises(NoLibrary):
        Assistant.open(Settings(library=f"{tmp_path}/none"))


def test_the_names_of_the_package_are_found_lazily() -> None:
    import assistant as package

    assert package.Library is Library
    with pytest.raises(AttributeError, match="nothing"):
        _ = package.nothing
