"""File names as they can be shown, and back.

Linux lets any bytes be a name: a line end, the ESC that colours a terminal, marks that turn the order of letters,
bytes that are no UTF-8. Shown, each of these is written as "\\x1b" or "\\u202e". A backslash that could be read as the
beginning of that is doubled, so that no two files share a shown name; other names are shown as they are.
"""

import os
import re

_HIDDEN = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # controls, line ends, marks of direction
_BROKEN = "\udc80-\udcff"  # how Python carries bytes that are no UTF-8
_HIDDEN_ONE = re.compile(f"[{_HIDDEN}]")
_NAME_PART = re.compile(rf"[{_HIDDEN}{_BROKEN}]|\\(?=[\\xu{_HIDDEN}{_BROKEN}])")
_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-f]{2})|u([0-9a-f]{4}))")


def shown(name: str) -> str:
    """A file name as valid Unicode in which every character can be seen.

    >>> shown("a\\x1b[31m.txt"), shown("plain\\\\name.txt")
    ('a\\\\x1b[31m.txt', 'plain\\\\name.txt')
    """
    text = os.fsencode(name).decode("utf-8", "surrogateescape")
    return _NAME_PART.sub(lambda found: "\\\\" if found[0] == "\\" else _escape(found[0]), text)


def as_named(source: str) -> str:
    """The file name that is shown so: what `shown` did, undone."""
    text = _ESCAPE.sub(_unescape, source)
    return os.fsdecode(text.encode("utf-8", "surrogateescape"))


def escaped(words: str) -> str:
    """Words for one line of a terminal: characters that would do something there are written out."""
    return _HIDDEN_ONE.sub(lambda found: _escape(found[0]), words)


def _escape(character: str) -> str:
    code = ord(character)
    if "\udc80" <= character <= "\udcff":
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}"


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        code = int(found[1], 16)
        return chr(code if code < 0x80 else 0xDC00 + code)
    return chr(int(found[2], 16)) if found[2] else "\\"
