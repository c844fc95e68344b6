import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.query.followups import complete
from assistant.query.recognition import Names
from assistant.query.words import word_set
from assistant.records import Turn

NAMES = Names.known({"country": ("Kosovo", "Liberia", "Haiti", "Burundi"), "mission": ("UNMIL",), "organisation": ()})


def completed(question: str, *before: str) -> str:
    return complete(question, [Turn(text) for text in before], NAMES).text


def test_without_a_conversation_a_question_stays_as_it_is() -> None:
    assert completed("And in Liberia?") == "And in Liberia?"
    assert completed("thanks, who pays") == "thanks, who pays"


@pytest.mark.parametrize(
    "question",
    [
        "Why?",
        "how many?",
        "Who paid for it?",
        "What lessons were learned?",
        "and the courts?",
        "did it say that the police is too small, or what did they want",
        "tell me more",
    ],
)
def test_a_follow_up_has_the_question_before_it_behind_it(question: str) -> None:
    whole = completed(question, "How was the police reformed in Haiti?")
    assert whole == f"{question.rstrip('?')}? (How was the police reformed in Haiti)"


def test_the_two_latest_questions_of_a_thread_are_told_and_its_first_each_once() -> None:
    thread = ["What is UNMIL?", "Who led it?", "When did it leave?", "Why?", "Why?"]
    assert completed("And then?", *thread) == "And then? (Why; When did it leave; What is UNMIL)"


def test_a_new_topic_begins_a_new_thread() -> None:
    whole = completed("Who does it?", "How was the police reformed in Haiti?", "What is vetting?")
    assert whole == "Who does it? (What is vetting)"


def test_thanks_between_two_questions_are_no_part_of_the_thread() -> None:
    assert completed("Who does it?", "What is vetting?", "thank you very much") == "Who does it? (What is vetting)"


def test_a_long_question_is_cut_to_what_it_asks_where_it_stands_behind_another() -> None:
    story = "We have been in the country for three years and the police has been paid late in each and every month. "
    assert completed("Why?", f"{story}Who should tell the ministry?") == "Why? (Who should tell the ministry)"


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("How was the police reformed in Kosovo?", "And in Liberia?", "How was the police reformed in Liberia?"),
        ("How was the police reformed in Kosovo?", "what about Liberia", "How was the police reformed in Liberia?"),
        ("How was the police reformed in Kosovo?", "Same for Liberia?", "How was the police reformed in Liberia?"),
        (
            "How was the police reformed in Kosovo?",
            "I mean Liberia not Kosovo",
            "How was the police reformed in Liberia?",
        ),
        ("What does resolution 2151 (2014) say?", "and 2553?", "What does resolution 2553 say?"),
        ("Comment la police du Kosovo est née ?", "et en Haiti ?", "Comment la police du Haiti est née ?"),
        ("How many women served in 2010?", "And in 2015?", "How many women served in 2015?"),
        (
            "What does paragraph 12 of resolution 2553 ask for?",
            "And paragraph 14?",
            "What does paragraph 14 of resolution 2553 ask for?",
        ),
    ],
)
def test_another_country_year_or_number_takes_the_place_of_the_one_before(
    before: str, question: str, whole: str
) -> None:
    assert completed(question, before) == whole


def test_another_country_takes_its_place_in_the_whole_thread() -> None:
    whole = completed("And in Burundi?", "What went wrong with police reform in Haiti?", "What lessons were learned?")
    assert whole == "What lessons were learned? (What went wrong with police reform in Burundi)"


def test_of_two_countries_none_is_replaced() -> None:
    whole = completed("And Burundi?", "Is the police of Haiti like that of Kosovo?")
    assert whole == "And Burundi? (Is the police of Haiti like that of Kosovo)"


def test_a_piece_asks_for_what_the_question_before_asked() -> None:
    turns = [Turn("How many soldiers were demobilised in Liberia?")]
    assert complete("And the police?", turns, NAMES).asking == "How many soldiers were demobilised in Liberia?"
    assert complete("And who paid the police?", turns, NAMES).asking == "who paid the police?"


@pytest.mark.parametrize(
    "opening", ["Now something else: ", "Different question, ", "ok thanks. another question: ", "By the way, "]
)
def test_a_change_of_topic_carries_nothing(opening: str) -> None:
    question = "how is it regulated?"
    assert completed(opening + question, "What happened to the police of Burundi?") == question


@pytest.mark.parametrize(
    "question",
    [
        "What is gender-responsive reform?",
        "How did UNMIL train the police of Liberia?",
        "What does resolution 2151 say about women?",
        "Is it possible to reform a police service in Haiti?",
        "Define lustration",
        "list the phases of ddr",
        "timeline of Haiti",
        "Which missions were in Burundi?",
        "difference between vetting and lustration",
        "What is the difference between DDR and SSR?",
        "can a peace agreement give amnesty for rape or for using child soldiers",
        "Comment les tribunaux militaires fonctionnent-ils après un conflit armé interne ?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert completed(question, "What is vetting?", "Who does it?") == question


def test_a_follow_up_in_another_language_has_the_question_before_it_too() -> None:
    before = "Que fait la police à Haïti ?"
    assert completed("Et pourquoi ?", before) == "Et pourquoi? (Que fait la police à Haïti)"


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_gives_some_question(question: str, before: list[str]) -> None:
    assert isinstance(completed(question, *before), str)


TYPED = word_set("and in Liberia? it its there what about who the commission that , why ' 2004 12")
WORDS = st.sampled_from(sorted(TYPED))


@given(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), st.lists(WORDS, max_size=8).map(" ".join))
def test_no_order_of_words_breaks_it(question: str, before: str) -> None:
    assert completed(question, before).strip()
