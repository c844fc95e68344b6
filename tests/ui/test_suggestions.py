"""Filters in the words of a question, and questions made from headings, over a small library."""

import pytest

from assistant.assistant import Assistant
from assistant.library import Library
from assistant.records import Filters
from assistant.ui.suggestions import question_from, suggested_questions
from assistant.ui.typed_filters import both, typed_filters, without

NONE = Filters()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How was the police vetted in Liberia?", Filters(country=("Liberia",))),
        ("Was more achieved in Liberia than Kosovo?", Filters(country=("Liberia", "Kosovo"))),
        ("What did Liberia do?", NONE),
        ("What is said since 2020?", Filters(year_from=2020)),
        ("Reports published before 2015 on children", Filters(year_to=2015)),
        ("What happened before 2015?", NONE),
        ("What is said since 1990?", NONE),
        ("What is said since 2050?", NONE),
        ("What is vetting in Mali?", NONE),
    ],
)
def test_a_question_states_its_filters(question: str, expected: Filters, asked_library: Library) -> None:
    assert typed_filters(question, NONE, asked_library) == expected


def test_what_is_chosen_in_the_sidebar_is_not_widened_by_words(asked_library: Library) -> None:
    chosen = Filters(country=("Kosovo",))
    assert typed_filters("Who was vetted in Liberia?", chosen, asked_library) == NONE


def test_filters_join_and_come_off_one_by_one() -> None:
    typed = Filters(country=("Liberia",), year_from=2014)
    assert both(Filters(kind=("report",)), typed) == Filters(kind=("report",), country=("Liberia",), year_from=2014)
    assert without(typed, "year_from") == Filters(country=("Liberia",))
    assert without(typed, "country") == Filters(year_from=2014)


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("How the army and the militias were handled", "How were the army and the militias handled?"),
        ("II. What mission staff can learn from Nepal", "What can mission staff learn from Nepal?"),
        ("What vetting means", "What does vetting mean?"),
        ("What NATO did in Kosovo", None),
        ("How old officers were checked, and what the courts did", None),
        ("Which practices have proved their worth", None),
        ("Who did what in Afghanistan", "Who did what in Afghanistan?"),
        ("Why it matters?", "Why it matters?"),
        ("Chronology of reform in Liberia", "What do the documents say about “Chronology of reform in Liberia”?"),
        ("Why the forces collapsed", None),
        ("Why it had to start from zero", None),
        ("Annex A: forms", None),
        ("Introduction", None),
        ("", None),
    ],
)
def test_a_heading_becomes_a_plain_question_or_none(heading: str, question: str | None) -> None:
    assert question_from(heading) == question


def test_every_suggested_question_is_new_and_answered(assistant: Assistant) -> None:
    answer = assistant.ask("What is vetting?")
    asked = ["What is vetting?", "What does vetting mean?"]
    found = suggested_questions(answer, NONE, asked, assistant)
    assert found
    assert not set(found) & set(asked)
    assert all(assistant.ask(question).status == "answered" for question in found)


def test_suggestions_stay_within_the_filters(assistant: Assistant) -> None:
    answer = assistant.ask("Who won the football world cup in 1998?")
    filters = Filters(country=("Liberia",))
    for question in suggested_questions(answer, filters, [], assistant):
        sources = {citation.source for citation in assistant.ask(question, filters=filters).citations}
        assert sources == {"cases/liberia.md"}
