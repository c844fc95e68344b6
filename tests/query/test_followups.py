import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.query.followups import complete
from assistant.query.recognition import Names
from assistant.records import Turn

NAMES = Names.known({"country": ("Kosovo", "Liberia", "Haiti", "Burundi"), "mission": ("UNMIL",), "organisation": ()})


def completed(question: str, *before: str, answer: str | None = None) -> str:
    turns = [Turn(text) for text in before]
    if answer and turns:
        turns[-1] = Turn(before[-1], answer)
    return complete(question, turns, NAMES)


def test_without_a_conversation_a_question_stays_as_it_is() -> None:
    assert completed("And in Liberia?") == "And in Liberia?"


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("How was the police reformed in Kosovo?", "And in Liberia?", "How was the police reformed in Liberia?"),
        ("How was the police reformed in Kosovo?", "What about the army?", "How was the army reformed in Kosovo?"),
        ("How many women served in 2010?", "And in 2015?", "How many women served in 2015?"),
        (
            "What does resolution 2151 say about police?",
            "And about women?",
            "What does resolution 2151 say about women?",
        ),
        ("What did NATO do in Kosovo?", "And the European Union?", "What did the European Union do in Kosovo?"),
    ],
)
def test_a_piece_of_a_question_takes_the_rest_from_the_one_before(before: str, question: str, whole: str) -> None:
    assert completed(question, before) == whole


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("What is vetting?", "Why is it important?", "Why is vetting important?"),
        ("How was the new army of Liberia trained?", "Who paid for it?", "Who paid for the training of the new army of Liberia?"),
        ("When was UNMIL created?", "When did it leave?", "When did UNMIL leave?"),
        (
            "What is security sector reform?",
            "What are its main principles?",
            "What are the main principles of security sector reform?",
        ),
        ("What are the challenges of DDR?", "How can they be met?", "How can the challenges of DDR be met?"),
        (
            "What is the Kosovo Protection Corps?",
            "When was it dissolved?",
            "When was the Kosovo Protection Corps dissolved?",
        ),
    ],
)
def test_a_pronoun_is_replaced_by_what_was_spoken_of(before: str, question: str, whole: str) -> None:
    assert completed(question, before) == whole


def test_why_alone_takes_the_clause_before() -> None:
    assert completed("Why?", "Did Liberia vet its police?") == "Why did Liberia vet its police?"


def test_a_question_that_names_nothing_gets_topic_and_place() -> None:
    whole = completed("What lessons were learned?", "What went wrong with police reform in Haiti?")
    assert whole == "What lessons were learned (police reform in Haiti)?"


def test_the_topic_is_carried_over_several_turns() -> None:
    whole = completed("And in Burundi?", "What went wrong with police reform in Haiti?", "What lessons were learned?")
    assert whole == "What lessons were learned (police reform in Burundi)?"


def test_a_body_gets_its_full_name_from_the_answer() -> None:
    whole = completed(
        "Who led the commission?",
        "What did Liberia do about the past?",
        answer="Liberia set up a Truth and Reconciliation Commission in 2005. [1]",
    )
    assert "the Truth and Reconciliation Commission" in whole


@pytest.mark.parametrize(
    "question",
    [
        "What is gender-responsive reform?",
        "How did UNMIL train the police of Liberia?",
        "What does resolution 2151 say?",
        "Is it possible to reform a police service in Haiti?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert completed(question, "What is vetting?", "Who does it?") == question


def test_more_asks_the_same_again() -> None:
    assert completed("Tell me more", "What is vetting?") == "What is vetting?"


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_gives_some_question(question: str, before: list[str]) -> None:
    assert isinstance(complete(question, [Turn(text) for text in before], NAMES), str)


WORDS = st.sampled_from(
    [
        "and",
        "in",
        "Liberia?",
        "it",
        "its",
        "there",
        "what",
        "about",
        "who",
        "the",
        "commission",
        "that",
        ",",
        "why",
        "'",
    ]
)


@given(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), st.lists(WORDS, max_size=8).map(" ".join))
def test_no_order_of_words_breaks_it(question: str, before: str) -> None:
    assert complete(question, [Turn(before)], NAMES).strip()
