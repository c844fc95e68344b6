"""What a note on a text is worth: its footnotes are shown, and that it is not the text itself is said."""

import pytest

from assistant.assistant import Assistant
from tests.answering.conftest import AskedOf

NOTE = """---
title: The resolution on reform
kind: doctrine
checked: "2026-03"
---

# The resolution on reform

Resolution 2151 (2014) asks missions to report on reform each year.[^1] States give most of the money.[^2] The rest is
the work of the host.

[^1]: United Nations, S/RES/2151 (2014), OP 7.
[^2]: World Bank, Money for reform, 2012.
"""
TEXT = """---
title: Resolution 2151 (2014)
kind: resolution
symbol: S/RES/2151 (2014)
---

# Resolution 2151 (2014)

The Security Council asks missions to report on reform each year.
"""
QUESTION = "What does resolution 2151 ask missions to do each year?"


@pytest.fixture(scope="module")
def with_note(asked_of: AskedOf) -> Assistant:
    return asked_of({"note": NOTE})


def test_a_citation_of_a_note_says_so_with_the_footnotes_of_the_quoted_sentences(with_note: Assistant) -> None:
    [first, *_] = with_note.ask(QUESTION).citations
    assert (first.source_type, first.checked) == ("note", "2026-03")
    assert first.footnotes[0] == "United Nations, S/RES/2151 (2014), OP 7."
    assert ("World Bank, Money for reform, 2012." in first.footnotes) == ("States give" in first.quote)


def test_an_answer_out_of_notes_says_that_they_are_not_the_text_that_was_asked_for(with_note: Assistant) -> None:
    [note] = [note for note in with_note.ask(QUESTION).notes if note.code == "second-hand"]
    assert "S/RES/2151" in note.message and "is not in the library" in note.message


def test_what_stands_on_another_resolution_is_no_answer(with_note: Assistant) -> None:
    answer = with_note.ask("What does resolution 2999 ask missions to do each year?")
    assert (answer.status, answer.reason) == ("abstained", "document-missing")


def test_who_gives_money_asks_nothing_of_the_text_itself(with_note: Assistant) -> None:
    assert not [note for note in with_note.ask("Who gives most of the money?").notes if note.code == "second-hand"]


def test_a_text_need_not_name_its_own_number(asked_of: AskedOf) -> None:
    other = TEXT.replace("2151", "2553").replace("report on reform each year", "count their police")
    answer = asked_of({"text": TEXT, "other": other}).ask(
        "What shall missions report on, under resolution 2151 (2014)?"
    )
    assert answer.citations[0].source == "text.md"


def test_where_the_library_holds_the_text_it_comes_first(asked_of: AskedOf) -> None:
    answer = asked_of({"a-note": NOTE, "text": TEXT}).ask(QUESTION)
    assert answer.citations[0].source == "text.md" and answer.citations[0].source_type == "primary"
    assert not [note for note in answer.notes if note.code == "second-hand"]
