import json
from collections.abc import Callable
from pathlib import Path

import pytest
from catalogues import DISARMAMENT, VETTING

from assistant.assistant import Assistant
from assistant.encoder import Encoder
from assistant.library import Library
from assistant.library.indexing import ingest
from assistant.library.prepared import find_quote, prepared_questions
from assistant.settings import Settings

Put = Callable[[str, str], Path]
ASKED = "Who says whether a policeman may stay in the service?"
QUOTE = "A vetting commission decides who may serve."


def line(question: str = ASKED, source: str = "a.txt", quote: str = QUOTE) -> str:
    return json.dumps({"question": question, "language": "en", "source": source, "quote": quote}) + "\n"


@pytest.fixture
def led(settings: Settings, put: Put) -> Settings:
    """A library of two documents with one prepared question."""
    put("a.txt", VETTING)
    put("b.txt", DISARMAMENT)
    put("questions/some.jsonl", line())
    report = ingest(settings)
    assert report.notes == ()
    assert [file.path for file in report.files] == ["a.txt", "b.txt"]  # questions are no document
    return settings


def test_a_prepared_question_leads_to_its_place(led: Settings) -> None:
    with Library.open(led.library) as library:
        [place] = library.prepared_places()
        assert library.full_document("a.txt").text[place.start : place.end] == QUOTE
        [passage] = library.passages(place.passages)
        assert QUOTE in passage.text
        vector = Encoder.load(led).encode_query(ASKED).vector
        [(nearest, cosine)] = library.nearest_questions(vector, 5)
        assert nearest == place and cosine == pytest.approx(1, abs=1e-3)


def test_the_question_is_answered_from_its_place_and_the_answer_says_so(led: Settings) -> None:
    answer = Assistant.open(led).ask("Who says whether a policeman may stay in service?")
    assert answer.claims[0].text == QUOTE
    assert [note.code for note in answer.notes] == ["prepared-question"]
    assert ASKED in answer.notes[0].message


def test_without_prepared_questions_nothing_leads(led: Settings) -> None:
    without = Assistant.open(led.model_copy(update={"prepared_questions": False}))
    answer = without.ask("Who says whether a policeman may stay in service?")
    assert "prepared-question" not in [note.code for note in answer.notes]


def test_what_is_asked_elsewhere_is_not_led_astray(led: Settings) -> None:
    answer = Assistant.open(led).ask("What did Nepal do with weapons?")
    assert "prepared-question" not in [note.code for note in answer.notes]


def test_a_changed_question_makes_a_generation_without_embedding_passages(
    led: Settings, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Encoder, "encode_passages", None)
    assert not ingest(led).switched
    put(
        "questions/some.jsonl",
        line() + line("What did Liberia do in 2005?", quote="Liberia vetted its police in 2005."),
    )
    assert ingest(led).switched
    assert len(Library.open(led.library).prepared_places()) == 2


def test_a_quote_that_stands_nowhere_is_named_and_leads_nowhere(settings: Settings, put: Put) -> None:
    put("a.txt", VETTING)
    put("questions/some.jsonl", line(quote="Not in it.") + line("Why?", source="gone.txt") + "{}\n\n")
    report = ingest(settings)
    assert any("2 prepared questions" in note and ASKED in note for note in report.notes)
    assert any("some.jsonl, line 3" in note for note in report.notes)
    assert Library.open(settings.library).prepared_places() == []


def test_a_withdrawn_document_takes_its_questions_along(led: Settings) -> None:
    (led.corpus / "a.txt").unlink()
    ingest(led)
    with Library.open(led.library) as library:
        assert library.prepared_places() == []
        assert library.nearest_questions(Encoder.load(led).encode_query(ASKED).vector, 5) == []


def test_a_quote_may_run_over_a_line_end() -> None:
    assert find_quote("A (first)\n  quote. More.", "A (first) quote.") == (0, 18)
    assert find_quote("Another text.", "A (first) quote.") is None
    assert find_quote("Another text.", "") is None


def test_the_questions_of_the_shipped_corpus_are_whole() -> None:
    questions, complaints = prepared_questions(Path("corpus"))
    assert complaints == []
    assert len(questions) > 2000
    other = [one for one in questions if one.language != "en"]
    assert len(other) > len(questions) / 6
