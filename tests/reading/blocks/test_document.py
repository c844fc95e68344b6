import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.blocks.document import DocumentBuilder
from assistant.records import Document, Metadata

pages_of_blocks = st.lists(st.lists(st.text(max_size=12), max_size=4), min_size=1, max_size=5)


def built(pages: list[list[str]]) -> Document:
    builder = DocumentBuilder("a.txt", "0")
    for number, blocks in enumerate(pages, start=1):
        builder.start_page(number)
        for text in blocks:
            builder.add("paragraph", text)
    return builder.build(Metadata())


@given(pages_of_blocks)
def test_pages_and_blocks_slice_the_text_in_order(pages: list[list[str]]) -> None:
    document = built(pages)
    assert "\n".join(document.page_text(page) for page in document.pages) == document.text
    assert all(before.end + 1 == after.start for before, after in zip(document.pages, document.pages[1:], strict=False))
    assert all(before.end < after.start for before, after in zip(document.blocks, document.blocks[1:], strict=False))
    assert all(document.text[block.start : block.end].strip() for block in document.blocks)


def test_a_paragraph_may_go_on_over_the_page_end() -> None:
    builder = DocumentBuilder("a.pdf", "0")
    builder.start_page(1)
    builder.add("paragraph", "Security sector")
    builder.start_page(2)
    builder.add("paragraph", "reform.", continues=True)
    builder.add("paragraph", "Next.")
    document = builder.build(Metadata())
    first, second = document.blocks
    assert document.text[first.start : first.end] == "Security sector\nreform."
    assert document.text[second.start : second.end] == "Next."
    assert document.page_text(document.pages[1]) == "reform.\nNext."


def test_boxes_follow_the_characters_that_are_kept() -> None:
    builder = DocumentBuilder("a.pdf", "0")
    builder.start_page(1, width=100, height=200)
    boxes = np.arange(12, dtype=np.float32).reshape(3, 4)
    builder.add("paragraph", "a\x00\ufb01", boxes=boxes)
    builder.add("paragraph", "x")
    page = builder.build(Metadata()).pages[0]
    assert page.boxes is not None and page.boxes.dtype == np.float32
    assert page.boxes[:3, 0].tolist() == [0.0, 8.0, 8.0]
    assert np.isnan(page.boxes[3:]).all() and page.boxes.shape == (5, 4)


def test_a_page_without_boxes_has_none() -> None:
    assert built([["a"]]).pages[0].boxes is None


def test_a_note_stands_outside_the_text() -> None:
    builder = DocumentBuilder("a.md", "0")
    builder.start_page(1)
    start = builder.add("paragraph", "A claim.")
    builder.note("1", "Its  source.", anchor=start + 8)
    builder.note("2", " ")
    document = builder.build(Metadata())
    assert document.text == "A claim."
    assert [(note.page, note.mark, note.text, note.anchor) for note in document.notes] == [(1, "1", "Its source.", 8)]


def test_unlawful_use_is_refused() -> None:
    builder = DocumentBuilder("a.md", "0")
    with pytest.raises(ValueError, match="start a page"):
        builder.add("paragraph", "x")
    builder.start_page(3)
    with pytest.raises(ValueError, match="continue"):
        builder.add("paragraph", "x", continues=True)
    with pytest.raises(ValueError, match="page 3"):
        builder.start_page(3)
