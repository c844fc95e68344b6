import pytest

from assistant.library import Library
from assistant.query import typed_plainly, understand
from assistant.records import Filters, Turn


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


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Ｗｈａｔ ｉｓ ｆｏｒｍ ＫＤ－４４７１－Ｂ？", "What is form KD-4471-B?"),
        ("Article Ⅷ, post nº 67 (２００４)", "Article VIII, post no 67 (2004)"),
        ("ｶﾞｰﾄﾞ　とは", "ガード とは"),
        ("l´état d’urgence – “ordre”", "l´état d’urgence – “ordre”"),
    ],
)
def test_forms_of_compatibility_are_opened_and_other_signs_stay(typed: str, plain: str) -> None:
    assert typed_plainly(typed) == plain
    assert typed_plainly(plain) == plain


def test_a_question_in_full_width_names_and_asks_the_same(asked_library: Library) -> None:
    wide, plain = "Did ＵＮＭＩＬ use form ＫＤ－４４７１－Ｂ in ２００４？", "Did UNMIL use form KD-4471-B in 2004?"
    found, same = (understand(text, (), Filters(), asked_library) for text in (wide, plain))
    assert found.question == wide and found.text == plain
    for name in ("asking", "terms", "identifiers", "years", "names", "type"):
        assert getattr(found, name) == getattr(same, name), name
    followed = [understand("And who paid?", [Turn(text)], Filters(), asked_library).text for text in (wide, plain)]
    assert followed[0] == followed[1]
