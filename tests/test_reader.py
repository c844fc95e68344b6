import pytest

from assistant.assistant import Assistant
from assistant.library import Library
from assistant.query import understand
from assistant.reader.years import fit_of_years
from assistant.records import Filters, Metadata, Passage, Query, Reading, Span


def read(assistant: Assistant, library: Library, question: str) -> list[Reading]:
    query = understand(question, (), Filters(), library)
    return assistant.reader.read(query, assistant.retriever.hits(query))


@pytest.mark.parametrize("question", ["What is vetting?", "Compare the police of Kosovo and Liberia", "xyzzy", "???"])
def test_scores_lie_between_0_and_1_and_fall(assistant: Assistant, asked_library: Library, question: str) -> None:
    readings = read(assistant, asked_library, question)
    scores = [reading.score for reading in readings]
    assert scores == sorted(scores, reverse=True)
    for reading in readings:
        assert len(reading.sentence_scores) == len(reading.passage.sentences)
        assert all(0 <= score <= 1 for score in (reading.score, *reading.sentence_scores))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What does lustration do to groups?", "Vetting differs from lustration"),
        ("How many officers were trained in Liberia by 2007?", "The mission trained 3,500"),
        ("Where did the police school of Kosovo open?", "The Kosovo police school opened"),
    ],
)
def test_the_sentence_that_answers_scores_best(
    assistant: Assistant, asked_library: Library, question: str, sentence: str
) -> None:
    best = read(assistant, asked_library, question)[0]
    top = max(range(len(best.sentence_scores)), key=lambda i: best.sentence_scores[i])
    assert best.passage.sentence_text(best.passage.sentences[top]).startswith(sentence)


def test_what_the_library_holds_scores_above_what_it_does_not(assistant: Assistant, asked_library: Library) -> None:
    held = [
        read(assistant, asked_library, q)[0].score for q in ("What is vetting?", "Who ran the Kosovo police school?")
    ]
    absent = [read(assistant, asked_library, q)[0].score for q in ("How do I bake bread?", "What is the navy of Peru?")]
    assert min(held) > 0.5 > max(absent)


def test_each_side_of_a_comparison_is_read_by_itself(assistant: Assistant, asked_library: Library) -> None:
    readings = read(assistant, asked_library, "How do the police of Kosovo and of Liberia differ?")
    assert {reading.passage.source for reading in readings[:2]} == {"cases/kosovo.md", "cases/liberia.md"}


def test_no_hits_give_no_readings(assistant: Assistant, asked_library: Library) -> None:
    assert assistant.reader.read(understand("vetting", (), Filters(), asked_library), []) == []


def test_a_passage_of_the_year_asked_about_comes_before_those_of_other_years() -> None:
    query = Query("?", "How many were trained in 2004?", years=(2004,))
    said, silent = passage("In 2004 the school trained 500."), passage("The school trained 500.")
    of_2004, of_2009 = Metadata(symbol="S/2004/972"), Metadata(title="Report of 2009", year=2009)
    places = [(said, of_2004), (silent, of_2004), (said, of_2009), (silent, of_2009)]
    fits = [fit_of_years(query, *place) for place in places]
    assert fits == sorted(fits, reverse=True)
    assert len(set(fits)) == 4
    assert fits[-1] == 0


def test_a_question_that_names_no_year_prefers_none() -> None:
    assert fit_of_years(Query("?", "How many were trained?"), passage("In 2004, 500."), Metadata(year=2004)) == 0


def test_a_year_is_no_part_of_a_longer_number() -> None:
    assert fit_of_years(Query("?", "In 2004?", years=(2004,)), passage("Some 120045 forms."), Metadata()) == 0


def passage(text: str) -> Passage:
    return Passage("id", "a.md", 0, len(text), text, (Span(1, 0, len(text), text),), ())
