"""The header of the first page: what it adds to the text, and what it only repeats."""

import pytest

from assistant.reading.blocks.flow import FlowBlock, Piece
from assistant.reading.blocks.letterhead import names_file, with_letterhead


def blocks(*texts: str) -> list[FlowBlock]:
    return [FlowBlock("paragraph", [Piece(1, text)]) for text in texts]


def test_a_header_stands_before_the_text_and_below_a_title() -> None:
    title = FlowBlock("heading", [Piece(1, "Patrols")], 1)

    assert [block.text for block in with_letterhead(blocks("Text."), blocks("Ref. 7"))] == ["Ref. 7", "Text."]
    assert [block.text for block in with_letterhead([title, *blocks("Text.")], blocks("Ref. 7", "Patrols"))] == [
        "Patrols",
        "Ref. 7",
        "Text.",
    ]


@pytest.mark.parametrize("page", ["3", "- 3 -", "Page 1 of 3", "p. 3", "3/12", "Page 1 de 3", "", "—" * 20_000])
def test_the_number_of_a_page_is_left_out(page: str) -> None:
    assert [block.text for block in with_letterhead(blocks("Text."), blocks(page))] == ["Text."]


@pytest.mark.parametrize("text", ["Page of honour", "3 May 2014", "." * 20_000 + "x"])
def test_what_says_more_than_a_page_is_kept(text: str) -> None:
    assert [block.text for block in with_letterhead(blocks("Text."), blocks(text))] == [text, "Text."]


@pytest.mark.parametrize(
    ("text", "is_named"),
    [("File OS-1187/44", True), ("file 88-C/Blankets", True), ("Page 1/3, 12-03-2014", False), ("Tel. B 12", False)],
)
def test_a_reference_has_letters_and_figures_round_a_stroke(text: str, is_named: bool) -> None:
    assert names_file(text) == is_named
