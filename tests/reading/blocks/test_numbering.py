"""Numbers and headings at the start of a line, told apart by what they look like and what stands beside them."""

import pytest

from assistant.reading.blocks.headings import Heading, heading
from assistant.reading.blocks.numbering import Lists, number_of
from assistant.reading.office.word_styles import written

PROSE = (
    "The Council decides to extend the mandate of the mission until the end of the year, and asks to be told of it, "
    "in a report by the Secretary-General."
)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("17. Requests the Secretary-General", "17"),
        ("1-64. The commander", "1-64"),
        ("4.2 The mission", "4.2"),
        ("(a) to train", "(a)"),
        ("(iv) to pay", "(iv)"),
        ("b. Two appearances", "b."),
        ("1.5 million people", None),
        ("2003 was the year", None),
        ("No. 4 of the list", None),
        ("Paragraph 17.", None),
    ],
)
def test_numbers_are_told_from_figures(text: str, printed: str | None) -> None:
    number = number_of(text)

    assert (number.printed if number else None) == printed


def test_letters_hold_romans_hold_figures_and_i_may_follow_h() -> None:
    lists = Lists()
    texts = ["(a) x", "(i) x", "(1) x", "(ii) x", "(b) x", "(h) x", "(i) x", "(j) x"]

    assert [lists.place(text).level for text in texts] == [1, 2, 3, 2, 1, 1, 1, 1]


def test_figures_number_a_list_after_a_colon_and_paragraphs_elsewhere() -> None:
    lists = Lists()
    texts = ["The tasks are:", "1. Train.", "2. Pay.", "The end.", "3. Decides to remain seized."]

    assert [lists.place(text).kind for text in texts] == ["paragraph", "item", "item", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("text", "before", "after", "expected"),
    [
        ("Political process", "Decides;", "12. Requests", Heading(2)),
        ("Political process", "Decides;", PROSE, Heading(2)),
        ("Political process", "as part of the", PROSE, None),
        ("Political process", "Decides;", "Short line", None),
        ("Political process", "Decides;", None, None),
        ("II. Security process", None, PROSE, Heading(1, "II")),
        ("A. Police", "Ended.", PROSE, Heading(2, "A")),
        ("2.1 Scope of the module", "Ended.", "Text", Heading(2, "2.1")),
        ("Annex I", "Ended.", "Text", Heading(1)),
        ("POLICE REFORM", "Ended.", "Text", Heading(1)),
        ("UNITED NATIONS", None, "Security Council", None),
        ("The Security Council,", None, PROSE, None),
        ("S/RES/1509 (2003)", None, PROSE, None),
        (PROSE, "Ended.", PROSE, None),
    ],
)
def test_a_line_is_a_heading_only_when_its_neighbours_agree(
    text: str, before: str | None, after: str | None, expected: Heading | None
) -> None:
    assert heading(text, before, after) == expected


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [(3, "decimal", "3"), (3, "lowerLetter", "c"), (28, "upperLetter", "BB"), (1994, "lowerRoman", "mcmxciv")],
)
def test_numbers_are_written_as_word_writes_them(number: int, kind: str, text: str) -> None:
    assert written(number, kind) == text
