"""Lesson sheets are in the library, and their made-up cases are not quoted as facts."""

import pytest

from assistant.assistant import Assistant
from assistant.records import Filters
from tests.answering.conftest import AskedOf

LESSON = """---
title: "Lesson 7: complaints"
kind: lesson
---

# Lesson 7: complaints

## Exercise

In the exercise a market woman of Zamora says that two soldiers took her phone at a checkpoint.
"""
NOTE = """---
title: Complaints about soldiers
kind: practice-note
---

# Complaints about soldiers

An ombuds office takes complaints about soldiers from the public and from soldiers themselves.
"""


@pytest.fixture(scope="module")
def with_lesson(asked_of: AskedOf) -> Assistant:
    return asked_of({"lesson": LESSON, "note": NOTE})


def test_an_exercise_answers_no_question_of_fact(with_lesson: Assistant) -> None:
    question = "What did two soldiers take from a woman at a checkpoint?"
    assert "lesson.md" not in {hit.passage.source for hit in with_lesson.search(question)}
    assert not any(citation.source == "lesson.md" for citation in with_lesson.ask(question).citations)


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("Which exercise on complaints at a checkpoint can a trainer use?", Filters()),
        ("What did two soldiers take from a woman at a checkpoint?", Filters(kind=("lesson",))),
    ],
)
def test_who_asks_for_teaching_finds_the_lesson(with_lesson: Assistant, question: str, filters: Filters) -> None:
    assert with_lesson.search(question, filters=filters)[0].passage.source == "lesson.md"
