"""Paragraphs of a text that the library does not hold, as a note tells of them by their numbers."""

import pytest

from assistant.assistant import Assistant
from tests.answering.conftest import AskedOf

NOTE = """---
title: Resolution 2151 (2014), paragraph by paragraph
kind: doctrine
year: 2014
---

# Resolution 2151 (2014), paragraph by paragraph

## What it is

The resolution was adopted in April 2014. Its preamble has these points:

1. Peace needs police.
2. Reform takes long.

## What its paragraphs ask

Operative paragraph 1 (OP 1) of resolution 2151 (2014) recalls an earlier text.

Operative paragraph 2 (OP 2) of resolution 2151 (2014) repeats that ownership is central. The host decides which help it
receives.

Operative paragraph 3 (OP 3) of resolution 2151 (2014) asks for two steps:

- OP 3 (a) asks for a vision of reform.
- OP 3 (b) asks for a report each year.
"""


@pytest.fixture(scope="module")
def with_note(asked_of: AskedOf) -> Assistant:
    return asked_of({"note": NOTE})


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("what does OP 2 of 2151 ask?", ["ownership is central", "The host decides"]),
        ("What does paragraph 3 of resolution 2151 say?", ["two steps", "OP 3 (a)", "OP 3 (b)"]),
        ("What do OP 1 and OP 2 of resolution 2151 (2014) say?", ["recalls an earlier", "ownership", "host decides"]),
    ],
)
def test_what_a_note_tells_of_a_paragraph_is_quoted_and_nothing_else(
    with_note: Assistant, question: str, told: list[str]
) -> None:
    answer = with_note.ask(question)
    assert len(answer.claims) == len(told)
    assert all(words in claim.text for words, claim in zip(told, answer.claims, strict=True))
    assert "second-hand" in [note.code for note in answer.notes]


def test_points_that_a_note_numbers_itself_are_not_taken_for_paragraphs_of_the_text(with_note: Assistant) -> None:
    answer = with_note.ask("What does OP 2 of resolution 2553 (2020) say?")
    assert answer.status == "abstained"


def test_a_paragraph_that_the_text_does_not_have_is_not_answered_out_of_others(with_note: Assistant) -> None:
    answer = with_note.ask("What does OP 40 of resolution 2151 ask?")
    assert (answer.status, answer.reason) == ("abstained", "paragraph-missing")
    assert "do not tell of paragraph 40" in answer.text
