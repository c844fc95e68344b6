import pytest

from assistant.answering.gaps import countries
from assistant.assistant import Assistant


def test_countries_of_the_world_are_known_by_their_longest_name() -> None:
    assert list(countries("South Sudan, Guinea-Bissau and Yemen")) == [
        "South Sudan",
        "Guinea-Bissau",
        "Yemen",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "How many officers of the police were trained in Yemen?",
        "How much did the vetting of the police of Liberia cost?",
        "How many of the 3,500 officers of the Liberia National Police were women?",
        "How was the police of Liberia rebuilt in 1987?",
        "Which State cast the veto on resolution 2151?",
    ],
)
def test_what_lacks_the_thing_asked_for_is_no_answer(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status == "abstained"
