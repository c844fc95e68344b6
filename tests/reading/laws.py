"""The laws of a Document that every format keeps."""

from itertools import pairwise

from assistant.reading.blocks.cleaning import clean_code
from assistant.records import Document


def assert_lawful(document: Document) -> None:
    """Pages and blocks are in order and slice the text; a newline parts pages; all is clean; anchors are inside."""
    for page, after in pairwise(document.pages):
        assert page.number < after.number
        assert document.text[page.end : after.start] == "\n"
    if document.pages:
        assert document.pages[0].start == 0
        assert document.pages[-1].end == len(document.text)
    for block in document.blocks:
        said = document.text[block.start : block.end]
        assert said.strip()
        assert said == said.strip("\n")
        if block.number is not None:
            assert block.number in said
    for block, following in pairwise(document.blocks):
        assert block.end < following.start
    assert clean_code(document.text) == document.text
    numbers = {page.number for page in document.pages}
    for note in document.notes:
        assert note.page in numbers or not document.pages
        assert note.anchor is None or 0 <= note.anchor <= len(document.text)


def outline(document: Document) -> list[tuple[str, str]]:
    """The blocks as (kind, text)."""
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def texts(document: Document, kind: str) -> list[str]:
    """The texts of the blocks of one kind."""
    return [text for block_kind, text in outline(document) if block_kind == kind]
