"""Plain text: paragraphs, headings, numbers and notes out of nothing but lines."""

from collections.abc import Callable
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.refusals import Refused
from assistant.reading.text.plain import read_plain
from assistant.records import Document
from tests.reading.laws import assert_lawful, outline, texts

DocumentOf = Callable[[bytes | str, str], Document]

RESOLUTION = """\
United Nations
Security Council

S/RES/1509 (2003)*
Distr.: General 19 September 2003

Resolution 1509 (2003)
Adopted by the Security Council at its 4830th meeting, on 19 September 2003
The Security Council,
Recalling its previous resolutions and statements by its President on Liberia, and stressing the need for the continued
03-52570 (E)
*0352570*

* Reissued for technical reasons.
\fS/RES/1509 (2003)
operation of the mission,
Welcoming the Secretary-General's report of 11 September 2003 (S/2003/875) and its recommendations,
Political process
1. Decides to establish the United Nations Mission in Liberia (UNMIL) for a period of 12 months;
2. Decides that UNMIL shall have the following mandate:
(a) to observe and monitor the implementation of the ceasefire agreement;
(i) on land;
(ii) at sea;
(b) to assist in the maintenance of law and order;
2
\fS/RES/1509 (2003)
3. Decides to remain actively seized of the matter.
"""


def test_a_resolution_names_itself(document_of: DocumentOf) -> None:
    metadata = document_of(RESOLUTION, "r.txt").metadata

    assert (metadata.title, metadata.symbol) == ("Security Council resolution 1509 (2003)", "S/RES/1509 (2003)")
    assert (metadata.kind, metadata.year, metadata.publisher) == ("resolution", 2003, "United Nations")


def test_a_document_that_speaks_of_a_resolution_is_none(document_of: DocumentOf) -> None:
    metadata = document_of("Notes of a meeting\n\nResolution 1325 (2000) was discussed.\n", "n.txt").metadata

    assert (metadata.kind, metadata.symbol) == (None, None)


def test_running_heads_and_page_numbers_are_nowhere(document_of: DocumentOf) -> None:
    document = document_of(RESOLUTION, "r.txt")

    assert document.text.count("S/RES/1509 (2003)") == 1
    assert "03-52570" not in document.text
    assert "0352570" not in document.text
    assert not any(text.strip() == "2" for text in texts(document, "paragraph"))


def test_a_paragraph_goes_on_over_the_end_of_a_page(document_of: DocumentOf) -> None:
    paragraphs = texts(document_of(RESOLUTION, "r.txt"), "paragraph")

    assert any(text.endswith("the need for the continued operation of the mission,") for text in paragraphs)


def test_numbered_paragraphs_keep_their_numbers_and_lists_their_levels(document_of: DocumentOf) -> None:
    document = document_of(RESOLUTION, "r.txt")

    numbered = [(block.number, block.kind, block.level) for block in document.blocks if block.number]
    assert numbered == [
        ("1", "paragraph", 0),
        ("2", "paragraph", 0),
        ("(a)", "item", 1),
        ("(i)", "item", 2),
        ("(ii)", "item", 2),
        ("(b)", "item", 1),
        ("3", "paragraph", 0),
    ]


def test_the_headings_of_a_resolution_are_its_title_and_short_lines_above_paragraphs(document_of: DocumentOf) -> None:
    assert texts(document_of(RESOLUTION, "r.txt"), "heading") == ["Resolution 1509 (2003)", "Political process"]


def test_a_starred_line_at_the_foot_is_a_note(document_of: DocumentOf) -> None:
    document = document_of(RESOLUTION, "r.txt")

    (note,) = document.notes
    assert (note.mark, note.text) == ("*", "Reissued for technical reasons.")
    assert note.anchor is not None
    assert document.text[: note.anchor].endswith("S/RES/1509 (2003)")


def test_wrapped_lines_become_paragraphs(document_of: DocumentOf) -> None:
    text = (
        "The political variable describes the distribution of\n"
        "responsibility and power at all levels of governance. It\n"
        "includes formally constituted authorities and informal\n"
        "ones as well.\n"
        "\n"
        "Governments with these traits have lost historically\n"
        "where they faced an insurgency of some strength:\n"
        "\n"
        "* Government sponsors unpopular arrangements or cultural\n"
        "  institutions.\n"
        "* Government is corrupt.\n"
    )

    assert outline(document_of(text, "fm.rst"))[1:] == [
        ("paragraph", "Governments with these traits have lost historically where they faced an insurgency of some "
         "strength:"),
        ("item", "Government sponsors unpopular arrangements or cultural institutions."),
        ("item", "Government is corrupt."),
    ]  # fmt: skip


def test_lines_that_are_not_wrapped_stay_apart(document_of: DocumentOf) -> None:
    text = "First sentence of a list.\nSecond sentence of it.\nThird and longer sentence of it.\n"

    assert len(document_of(text, "a.txt").blocks) == 3


def test_underlined_lines_are_headings_by_kind_of_line(document_of: DocumentOf) -> None:
    text = "=====\nTitle\n=====\n\nPart\n====\n\nSection\n-------\n\nSome text stands here.\n"
    document = document_of(text, "a.rst")

    assert [(block.kind, block.level) for block in document.blocks] == [
        ("heading", 1),
        ("heading", 2),
        ("heading", 3),
        ("paragraph", 0),
    ]


def test_capitals_make_a_heading(document_of: DocumentOf) -> None:
    assert texts(document_of("POLICE REFORM\n\nPolice reform takes years.\n", "a.txt"), "heading") == ["POLICE REFORM"]


def test_carriage_returns_alone_end_lines(document_of: DocumentOf) -> None:
    assert len(document_of("One paragraph.\r\rAnother paragraph.\r", "mac.txt").blocks) == 2


def test_page_marks_number_pages_and_leave_the_text(document_of: DocumentOf) -> None:
    document = document_of("[page 3]\nThe third page ends in the middle\n[page 4]\nof a sentence.\n\nMore.\n", "a.txt")

    assert [page.number for page in document.pages] == [3, 4]
    assert outline(document)[0] == ("paragraph", "The third page ends in the middle\nof a sentence.")
    assert "[page" not in document.text


def test_page_marks_that_go_backwards_number_nothing(document_of: DocumentOf) -> None:
    document = document_of("[page 3]\nThree.\n\n[page 2]\nTwo.\n\n[page 4]\nFour.\n", "a.txt")

    assert [page.number for page in document.pages] == [3, 4]
    assert "Two." in document.page_text(document.pages[0])


def test_endnotes_become_notes_at_their_marks(document_of: DocumentOf) -> None:
    text = (
        "The Council considered the report of the Secretary-General1 on the Congo.\n\n"
        "It recalled the request of the President,2 and document S/5348/Rev.1 as well.\n\n"
        "1 Official Records of the Security Council, Fifteenth Year.\n"
        "2 Ibid., document S/4382.\n"
    )
    document = document_of(text, "a.txt")

    assert "Secretary-General on the Congo" in document.text
    assert "President, and document S/5348/Rev.1 as" in document.text
    assert [(note.mark, note.text) for note in document.notes] == [
        ("1", "Official Records of the Security Council, Fifteenth Year."),
        ("2", "Ibid., document S/4382."),
    ]
    assert document.text[: document.notes[1].anchor].endswith("of the President,")


def test_figures_of_formulas_roads_and_units_are_no_marks(document_of: DocumentOf) -> None:
    text = (
        "The camp1 covers 35 km2 and gives off CO2 all winter.\n\nThe gate2 lies on road B3.\n\n"
        "The board3 met.\n\n1 Census.\n2 Map of the district.\n3 Minutes.\n"
    )
    document = document_of(text, "a.txt")

    assert "The camp covers 35 km2 and gives off CO2 all winter." in document.text
    assert "The gate lies on road B3." in document.text
    assert [note.mark for note in document.notes] == ["1", "2", "3"]


def test_codes_in_the_text_make_no_notes_of_the_list_at_the_end(document_of: DocumentOf) -> None:
    text = "Pier A1 is open, road B2 is closed and road C3 is mined.\n\n1. Halve the toll.\n2. Mend B2.\n3. Clear C3.\n"
    document = document_of(text, "a.txt")

    assert "Pier A1 is open, road B2 is closed and road C3 is mined." in document.text
    assert document.notes == ()


def test_a_numbered_list_at_the_end_is_no_list_of_notes(document_of: DocumentOf) -> None:
    text = "Three tasks were set:\n\n1. Count the weapons.\n2. Train the police.\n3. Pay the soldiers.\n"
    document = document_of(text, "a.txt")

    assert document.notes == ()
    assert len(texts(document, "item")) == 3


def test_japanese_lines_are_joined_without_spaces(document_of: DocumentOf) -> None:
    text = "治安部門改革は民主的な監視を必要とする。文民が軍を統制するのが原則であ\nる。" * 8

    assert "である" in document_of(text, "ja.txt").text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_every_text_gives_a_lawful_document(text: str) -> None:
    with suppress(Refused):  # what is all control characters is no text
        assert_lawful(read_plain(text.encode(), "a.txt", ""))


@given(st.lists(st.sampled_from([*RESOLUTION.splitlines(), "", "[page 2]", "[page 5]", "\f"]), max_size=40))
def test_lines_in_any_order_give_a_lawful_document(lines: list[str]) -> None:
    assert_lawful(read_plain("\n".join(lines).encode(), "a.txt", ""))
