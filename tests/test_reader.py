import pytest

from assistant.assistant import Assistant
from assistant.library import Library
from assistant.query import understand
from assistant.records import Filters, Reading


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
