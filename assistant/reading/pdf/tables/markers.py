"""Numbers of paragraphs and bullets: what they stand before is no cell beside them."""

import re

_MARKER = re.compile(r"[(]?(?:[\dIVXLivxl]+|[A-Za-z])(?:[.-][\dIVXL]+)*[.)]*|\W{1,2}")


def is_marker(text: str) -> bool:
    """Is it a number as of a paragraph, or a bullet?

    >>> [is_marker(text) for text in ("22.", "(a)", "•", "Date")]
    [True, True, True, False]
    """
    return _MARKER.fullmatch(text) is not None
