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
        (
            "How was the new army of Liberia trained?",
            "Who paid for it?",
            "Who paid for the training of the new army of Liberia?",
        ),
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


def test_one_word_asks_it_of_the_whole_clause_also_where_somebody_unknown_did_it() -> None:
    assert completed("and when?", "Who ended the mission in Liberia?") == "When was the mission in Liberia ended?"
    assert completed("By which resolution?", "When was UNMIL set up?") == "By which resolution was UNMIL set up?"


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        (
            "What does paragraph 12 of resolution 2553 ask for?",
            "And paragraph 14?",
            "What does paragraph 14 of resolution 2553 ask for?",
        ),
        ("What is the first phase of the plan?", "And the second one?", "What is the second phase of the plan?"),
        ("How many died by early 2018?", "and until October 2021?", "How many died until October 2021?"),
        ("Is there a guidance note on defence?", "And one on police?", "Is there a guidance note on police?"),
        (
            "What is vetting in Liberia?",
            "any examples?",
            "Are there any examples of vetting in Liberia?",
        ),
        (
            "What is UNMIL?",
            "and its budget?",
            "What about the budget of UNMIL?",
        ),
        (
            "When may police use firearms?",
            "and if the suspect is a child",
            "What if the suspect is a child (when may police use firearms)?",
        ),
    ],
)
def test_other_pieces_find_their_place_or_stand_before_the_question(before: str, question: str, whole: str) -> None:
    assert completed(question, before) == whole


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        (
            "Which agreement ended the war in Liberia?",
            "What did it say about the police?",
            "What did the agreement that ended the war in Liberia say about the police?",
        ),
        (
            "How many soldiers were demobilised in Liberia?",
            "How many of them were women?",
            "How many of the soldiers that were demobilised in Liberia were women?",
        ),
        (
            "Which tasks did UNMIL have in Liberia?",
            "Were they carried out?",
            "Were the tasks that UNMIL had in Liberia carried out?",
        ),
    ],
)
def test_what_was_asked_for_is_described_by_the_question_that_asked(before: str, question: str, whole: str) -> None:
    assert completed(question, before) == whole


def test_what_was_asked_for_has_the_name_that_the_answer_gives() -> None:
    whole = completed(
        "Who chairs it?",
        "Which body coordinates reform?",
        answer="The Inter-Agency Task Force coordinates the work. [1]",
    )
    assert whole == "Who chairs the Inter-Agency Task Force (the body that coordinates reform)?"


def test_a_person_is_named_from_the_answer_or_described() -> None:
    before = "Who led the mission in Liberia?"
    assert completed("When did he leave?", before, answer="Jacques Paul Klein led it. [1]") == (
        "When did Jacques Paul Klein leave (Liberia)?"
    )
    assert completed("When did she leave?", before) == "When did the person who led the mission in Liberia leave?"
    role = "What are the responsibilities of a police commissioner?"
    assert completed("Whom does he report to?", role) == "Whom does the police commissioner report to?"


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("When did the former close?", "When did MINUSMA close?"),
        ("And how long did the latter last?", "How long did MINUSCA last?"),
        ("Which of the two is bigger?", "Which of the two (MINUSMA and MINUSCA) is bigger?"),
    ],
)
def test_one_of_two_is_told_from_the_other(question: str, whole: str) -> None:
    assert completed(question, "What is the difference between MINUSMA and MINUSCA?") == whole


def test_both_of_two_keep_what_they_share() -> None:
    before = "Compare the reform of the police in Haiti and in Kosovo."
    assert completed("How long did the latter take?", before) == (
        "How long did the reform of the police in Kosovo take?"
    )


def test_that_is_done_again_with_the_deed_of_the_question_before() -> None:
    whole = completed("How can parliament do that?", "Who oversees the intelligence services?")
    assert whole == "How can parliament oversee the intelligence services?"


def test_a_short_name_becomes_the_one_that_was_given_before() -> None:
    whole = completed(
        "How many police officers does the mission have?", "Why was the United Nations Mission in Liberia created?"
    )
    assert whole == "How many police officers does the United Nations Mission in Liberia have?"


@pytest.mark.parametrize(
    "opening", ["Now something else: ", "Different question, ", "ok thanks. another question: ", "By the way, "]
)
def test_a_change_of_topic_carries_nothing(opening: str) -> None:
    question = "How are private companies regulated?"
    assert completed(opening + question.lower(), "What happened to the police of Burundi?") == question


def test_bodies_of_people_are_they_and_things_are_it() -> None:
    before = "Which resolution set up the panel of experts on Liberia?"
    assert completed("What did they find?", before) == "What did the panel of experts on Liberia find?"
    before = "Who are the members of a vetting board?"
    assert completed("Is it independent?", before) == "Is the vetting board independent?"


def test_a_question_without_its_object_gets_it_in_brackets() -> None:
    assert (
        completed("Has China signed?", "What is the Arms Trade Treaty?") == "Has China signed (the Arms Trade Treaty)?"
    )


@pytest.mark.parametrize(
    "question",
    [
        "What is gender-responsive reform?",
        "How did UNMIL train the police of Liberia?",
        "What does resolution 2151 say?",
        "Is it possible to reform a police service in Haiti?",
        "Define lustration",
        "list the phases of ddr",
        "difference between vetting and lustration",
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
