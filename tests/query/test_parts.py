import pytest

from assistant.library import Library
from assistant.query import understand
from assistant.records import Filters


def parts(library: Library, question: str) -> list[str]:
    return [part.text for part in understand(question, (), Filters(), library).parts]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        (
            "What room did old officers get in Kosovo, and what did Liberia do?",
            "What room did old officers get in Kosovo",
            "and what did Liberia do? (What room did old officers get in Kosovo)",
        ),
        ("Who ran the police school of Kosovo, and what is vetting?", "Who ran the police school of Kosovo", None),
    ],
)
def test_the_second_of_two_questions_has_the_first_behind_it_unless_it_defines(
    asked_library: Library, question: str, first: str, second: str | None
) -> None:
    assert parts(asked_library, question) == [first, second or "what is vetting?"]


def test_one_question_has_no_parts(asked_library: Library) -> None:
    assert parts(asked_library, "Who trained and paid the police of Liberia?") == []
