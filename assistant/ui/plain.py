"""Words of strangers made safe for the parts of the page that read Markdown, and for lines that mix directions."""

import re

_MARKDOWN = frozenset("\\`*_{}[]()#+-.!|<>~$:&")
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def plain(words: str) -> str:
    """One line for a part that reads Markdown (a label, a caption), in which nothing counts as mark-up.

    >>> plain("a *b* [c](d)")
    'a \\\\*b\\\\* \\\\[c\\\\]\\\\(d\\\\)'
    """
    return "".join(f"\\{c}" if c in _MARKDOWN else c for c in isolated(words))


def isolated(words: str) -> str:
    """One line that cannot turn the words around it: marks of direction are gone, and text written from right to
    left stands between isolates."""
    line = _BIDI_CONTROLS.sub("", " ".join(words.split()))
    return f"\u2068{line}\u2069" if _RIGHT_TO_LEFT.search(line) else line


def shortened(words: str, most: int) -> str:
    """One line of at most `most` characters, cut after a word."""
    line = " ".join(words.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0] + "…"
