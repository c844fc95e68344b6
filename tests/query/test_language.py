import pytest

from assistant.library import Library
from assistant.query import understand
from assistant.query.language import language_of
from assistant.records import Filters, Turn


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("what is vetting?", "en"),
        ("DDR", "en"),
        ("why SSR fail so often? in my country many partners came", "en"),
        ("Qui a payé la nouvelle armée du Libéria ?", "fr"),
        ("¿Quién pagó el nuevo ejército de Liberia?", "es"),
    ],
)
def test_the_language_of_a_question(question: str, language: str) -> None:
    assert language_of(question) == language


def test_a_question_in_another_language_is_not_spelled_anew(asked_library: Library) -> None:
    asked = "Comment les policiers ont-ils été formés au Kosovo ?"
    query = understand(asked, [Turn("What is vetting?")], Filters(), asked_library)
    assert (query.text, query.language) == (asked, "fr")
