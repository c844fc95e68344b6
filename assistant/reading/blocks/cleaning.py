"""The laws of stored text, common to all formats: what a character may be, and how spaces stand.

Removed: NUL and other control characters (SQLite loses what follows a NUL), lone surrogates, soft hyphens,
zero-width and bidirectional marks, byte order marks. Opened: Latin and Arabic ligatures, which NFC leaves
closed. One kind of space, of hyphen, of line end and of bullet; the rest is NFC. The joiners U+200C and
U+200D stay: Persian and Indian words need them.

Cleaning twice is cleaning once. `clean_with_map` says for each kept character where it stood, so that boxes
on a page can follow the text.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

_Rule = tuple[re.Pattern[str], Callable[[str], str]]

_REMOVED = (
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_CHARACTERS: tuple[_Rule, ...] = (
    (re.compile(_REMOVED), lambda _: ""),
    (re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"), lambda _: "\n"),
    (re.compile(r"[\ufb00-\ufb06\ufb1d-\ufdff\ufe70-\ufefc]"), lambda found: unicodedata.normalize("NFKC", found)),
    (re.compile(r"[\u2010\u2011]"), lambda _: "-"),
    (re.compile(r"[\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf06e]"), lambda _: "•"),  # Symbol, Wingdings
)
_ONE_SPACE: _Rule = (re.compile(r"[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"), lambda _: " ")
_NO_TRAILING_SPACE: _Rule = (re.compile(r"[ \t]+(?=\n|\Z)"), lambda _: "")
_SPACES: tuple[_Rule, ...] = (
    _ONE_SPACE,
    (re.compile(r" {2,}"), lambda _: " "),
    _NO_TRAILING_SPACE,
    (re.compile(r"(?:\A|(?<=\n)) +"), lambda _: ""),
)


def clean(text: str) -> str:
    """The text as it may be stored: one space between words, none at line ends, "\\n" between lines.

    >>> clean("\\ufb01rst\\x00  of\\u00a0all ")
    'first of all'
    """
    return _apply((*_CHARACTERS, *_SPACES), text, None)


def clean_code(text: str) -> str:
    """The same laws for text whose spaces mean something: indentation and runs of spaces stay."""
    return _apply((*_CHARACTERS, _NO_TRAILING_SPACE), text, None)


def clean_with_map(text: str) -> tuple[str, list[int]]:
    """`clean(text)`, and for each of its characters the offset in `text` of the character it came from.

    >>> clean_with_map("a  \\ufb01")
    ('a fi', [0, 1, 3, 3])
    """
    index = list(range(len(text)))
    return _apply((*_CHARACTERS, *_SPACES), text, index), index


def _apply(rules: tuple[_Rule, ...], text: str, index: list[int] | None) -> str:
    for pattern, replacement in rules:
        if pattern.search(text):
            text = _rewrite([(m.start(), m.end(), replacement(m.group())) for m in pattern.finditer(text)], text, index)
    if unicodedata.is_normalized("NFC", text):
        return text
    changes = []
    for start, end in _clusters(text):
        composed = unicodedata.normalize("NFC", text[start:end])
        if composed != text[start:end]:
            changes.append((start, end, composed))
    return _rewrite(changes, text, index)


def _rewrite(changes: list[tuple[int, int, str]], text: str, index: list[int] | None) -> str:
    """The text with each stretch [start, end) replaced; `index`, where there is one, follows in place."""
    pieces, kept, last = [], [], 0
    for start, end, new in changes:
        pieces += [text[last:start], new]
        if index is not None:
            kept += index[last:start] + [index[start]] * len(new)
        last = end
    if index is not None:
        index[:] = kept + index[last:]
    return "".join([*pieces, text[last:]])


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that NFC changes only within themselves: a starter with what may combine with it."""
    start = 0
    for place in range(1, len(text)):
        if not _combines(text[place]):
            yield start, place
            start = place
    if text:
        yield start, len(text)


def _combines(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"  # Hangul vowels, finals
