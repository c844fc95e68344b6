"""Words of strangers made safe for the parts of the page that read Markdown, and for lines that mix directions."""

import re
from urllib.parse import quote

_MARKDOWN = frozenset("\\`*_{}[]()#+-.!|<>~$:&")
WEB_ADDRESS = re.compile(r"https?://(?:[^\s<>\"'()]|\([^\s<>\"'()]*\))+")
_KEPT_IN_ADDRESSES = ":/?#&=%~+@,;$*-._"
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def plain(words: str) -> str:
    """One line for a part that reads Markdown (a label, a caption), in which nothing counts as mark-up.

    >>> plain("a *b* [c](d)")
    'a \\\\*b\\\\* \\\\[c\\\\]\\\\(d\\\\)'
    """
    return "".join(f"\\{c}" if c in _MARKDOWN else c for c in isolated(words))


def linked(words: str) -> str:
    """The same with the web addresses in it as links; no other kind of address becomes one.

    >>> linked("See https://docs.un.org/en/S/RES/2151(2014).")
    'See [https\\\\://docs\\\\.un\\\\.org/en/S/RES/2151\\\\(2014\\\\)](https://docs.un.org/en/S/RES/2151%282014%29)\\\\.'
    """
    line, made, at = " ".join(words.split()), "", 0
    for match in WEB_ADDRESS.finditer(line):
        address = match[0].rstrip(".,;:!?")
        made += f"{_kept(line[at : match.start()])}[{plain(address)}]({quote(address, safe=_KEPT_IN_ADDRESSES)})"
        at = match.start() + len(address)
    return made + _kept(line[at:])


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


def _kept(part: str) -> str:
    """Plain, with the spaces at its ends."""
    return f"{' ' if part[:1] == ' ' else ''}{plain(part)}{' ' if part[1:] and part[-1] == ' ' else ''}"
