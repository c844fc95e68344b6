import pytest

from assistant.assistant import Assistant
from assistant.records import AbstentionReason, Filters, Turn


@pytest.mark.parametrize(
    ("question", "reason", "said"),
    [
        ("How do I bake bread?", "nothing-near", "does not answer this"),
        ("What does resolution 9999 say?", "document-missing", "S/RES/9999"),
        ("What does paragraph 77 of resolution 2151 say?", "paragraph-missing", "does not answer this"),
        ("How much did the vetting of the police of Liberia cost?", "thing-missing", "how much money"),
        ("How was the police of Liberia rebuilt in 1987?", "year-missing", "1987"),
        ("How many officers of the police were trained in Yemen?", "country-missing", "Yemen"),
    ],
)
def test_an_abstention_says_why(assistant: Assistant, question: str, reason: AbstentionReason, said: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.reason) == ("abstained", reason)
    assert said in answer.text
    assert answer.nearest


def test_an_abstention_under_filters_says_that_they_applied(assistant: Assistant) -> None:
    said = assistant.ask("What is vetting?", filters=Filters(country=("Kosovo",))).text
    assert "The filters let through 1 of its" in said


def test_an_answer_needs_no_reason(assistant: Assistant) -> None:
    assert assistant.ask("What is vetting?").reason is None


@pytest.mark.parametrize("words", ["hello, how are you today? :)", "Thank you very much!", "Bonjour", "who are you?"])
def test_small_talk_is_told_what_can_be_asked_whatever_was_asked_before(assistant: Assistant, words: str) -> None:
    answer = assistant.ask(words, [Turn("How was the police of Liberia rebuilt?")])
    assert (answer.reason, answer.rewritten, answer.nearest) == ("small-talk", None, ())
    assert "library" in answer.text


def test_what_stands_before_the_question_need_not_stand_in_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Captain Diallo told me about it yesterday. What is vetting?")
    assert answer.status == "answered"
