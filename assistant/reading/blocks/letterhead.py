"""The header of the first page, where a letter has its reference: it comes before the text, or below its title."""

import re
from collections.abc import Sequence

from assistant.reading.blocks.flow import FlowBlock

_WORDS = re.compile(r"[^\W_]+")
_PAGE = re.compile(r"(?:(?:page|p) ?)?(?:\d+(?: (?:(?:of|de) )?\d+)?)?", re.I)  # the words of the number of a page
_PARTS = (r"\w[/-]\w", r"\d", r"[^\W\d_]")  # of a reference


def with_letterhead(blocks: Sequence[FlowBlock], header: Sequence[FlowBlock]) -> list[FlowBlock]:
    """The blocks with what stands in the header and not in them. A title keeps its letterhead and text together.

    A header over nothing is left out: that document has no text.
    """
    if not blocks:
        return []
    said = {block.text.strip() for block in blocks}
    added = [block for block in header if block.text.strip() not in said and not _is_page(block.text)]
    opening = 1 if blocks[0].kind == "heading" else 0
    return [*blocks[:opening], *added, *blocks[opening:]]


def names_file(text: str) -> bool:
    """Is the reference of a file in the text: a word of letters and figures with a stroke or hyphen?

    >>> names_file("Post box 12, file 88-C/Blankets"), names_file("Page 1/3")
    (True, False)
    """
    return any(all(re.search(part, word) for part in _PARTS) for word in text.split())


def _is_page(text: str) -> bool:
    return bool(_PAGE.fullmatch(" ".join(_WORDS.findall(text))))
