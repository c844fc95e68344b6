"""RTF as what a reader of it needs to know, in order: text, control words, and where a destination begins and ends.

Text is decoded from whatever code page its font has. What is no text of the document (pictures, tables of fonts and
colours, footers, instructions of fields, whatever is marked `\\*` and not known here) is passed over. The library
striprtf was tried: it reads struck-out, hidden and deleted text like any other, and drops footnotes and text boxes.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from assistant.reading.blocks.saying import Look
from assistant.reading.refusals import Refused

MOST_GROUPS = 2000  # one inside the other; writers need some twenty
HEADERS = frozenset(("header", "headerf", "headerr"))  # of any page, of the first, of right pages
DESTINATIONS = HEADERS | frozenset(
    (
        *("dptxbxtext", "footnote", "listtext", "moMath", "nesttableprops", "object", "pict", "pntext", "shpinst"),
        *("shptxt", "sn", "stylesheet", "sv", "title"),
    )
)
_THROUGH = frozenset(("do", "picprop", "shppict", "ud"))  # marked `\*` and yet text of the document, or about it
_PASSED_OVER = frozenset(
    (
        *("annotation", "author", "category", "colortbl", "comment", "company", "doccomm", "fldinst", "footer"),
        *("footerf", "footerl", "footerr", "ftncn", "ftnsep", "ftnsepc", "headerl"),
        *("keywords", "manager", "mmathPict", "nonesttables", "nonshppict", "operator", "private", "rxe", "shprslt"),
        *("subject", "tc", "tcn", "template", "txe", "xe"),
    )
)
_SAID = {
    **{"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•"},
    **{"tab": " ", "emspace": " ", "enspace": " ", "qmspace": " ", "page": " ", "column": " "},
    **{"zwj": "\u200d", "zwnj": "\u200c"},
}
_SYMBOLS = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
_CHARSETS = {77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253",
             162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
             238: "cp1250", 254: "cp437", 255: "cp850"}  # fmt: skip
_SYMBOL_FONT = "symbols"
_DEFAULTS = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)",
    re.S,
)


@dataclass(slots=True)
class Group:
    """What holds between two braces; what is inside begins with the same."""

    destination: str = ""
    font: int = -1
    fallback: int = 1  # characters after a \u that stand for it in programs without Unicode
    is_passed_over: bool = False
    is_deleted: bool = False
    is_struck: bool = False
    is_hidden: bool = False
    is_bold: bool = False
    is_raised: bool = False
    is_marked: bool = False  # by `\*`
    begins: str = ""  # the destination that this very group is

    @property
    def look(self) -> Look:
        return Look(self.is_struck, self.is_hidden, self.is_bold, self.is_raised)


@dataclass(frozen=True, slots=True)
class Event:
    """Text, a control word with its number, or the begin or end of a destination (`text` is its name)."""

    kind: Literal["text", "word", "begin", "end"]
    text: str
    group: Group
    number: int | None = None


_TOGGLES = {"b": "is_bold", "strike": "is_struck", "striked": "is_struck", "v": "is_hidden", "deleted": "is_deleted",
            "mvf": "is_deleted", "super": "is_raised", "up": "is_raised"}  # fmt: skip


class Groups:
    """The groups that are open, and the text that has not been handed on."""

    def __init__(self) -> None:
        self._open = [Group()]
        self._code_page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = -1  # of text that names none
        self._bytes = bytearray()
        self._text = ""
        self._skip = 0  # characters that stand for a \u before them

    @property
    def is_cut(self) -> bool:
        """Is a group still open?"""
        return len(self._open) > 1

    def events(self, data: bytes) -> Iterator[Event]:
        """All of a file; Refused as `damaged` when its groups are nested like those of no document."""
        place = 0
        while token := _TOKEN.search(data, place):
            place = token.end()
            word, number = token["word"], token["number"]
            if word == b"bin":
                place += max(int(number or 0), 0)
            elif token["brace"]:
                yield from self._brace(token["brace"])
            elif not self._open[-1].is_passed_over:
                if word:
                    yield from self._word(word.decode("ascii"), int(number) if number else None)
                elif token["symbol"]:
                    yield from self._symbol(token["symbol"])
                else:
                    self._add(bytes.fromhex(token["hex"].decode()) if token["hex"] else token["text"])
        yield from self._said()

    def _brace(self, brace: bytes) -> Iterator[Event]:
        yield from self._said()
        self._skip = 0
        if brace == b"{":
            if len(self._open) > MOST_GROUPS:
                raise Refused("damaged", "is broken inside. Save it again from the program that made it.")
            self._open.append(replace(self._open[-1], is_marked=False, begins=""))
        elif len(self._open) > 1:
            group = self._open.pop()
            if group.begins:
                yield Event("end", group.begins, group)

    def _word(self, word: str, number: int | None) -> Iterator[Event]:
        if word == "u" and number is not None:
            self._decode()
            self._text += chr(number % 0x10000)
            self._skip = self._open[-1].fallback
            return
        self._skip = 0
        if word in _SAID:
            self._decode()
            self._text += _SAID[word]
            return
        yield from self._said()
        group = self._open[-1]
        if word in _PASSED_OVER or (group.is_marked and word not in _THROUGH and word not in DESTINATIONS):
            group.is_passed_over = True
        elif word == "ud":  # the text of an `\\upr` for programs with Unicode, read where the other would have been
            group.destination = next(outer.destination for outer in reversed(self._open) if outer.destination != "upr")
        elif word in DESTINATIONS:
            group.destination = group.begins = word
            group.is_marked = False
            yield Event("begin", word, group)
        elif not self._set(group, word, number):
            yield Event("word", word, group, number)
        group.is_marked = False

    def _set(self, group: Group, word: str, number: int | None) -> bool:
        """Carry out a word that changes how text is read; False for any other."""
        if word in _TOGGLES:
            setattr(group, _TOGGLES[word], number != 0)
        elif word in ("nosupersub", "sub"):
            group.is_raised = False
        elif word == "plain":
            group.is_struck = group.is_hidden = group.is_bold = group.is_raised = group.is_deleted = False
            group.font = self._font
        elif word == "deff":
            self._font = group.font = number or 0
        elif word in ("f", "uc") and number is not None:
            setattr(group, "font" if word == "f" else "fallback", number)
        elif word in ("fcharset", "cpg") and number is not None:
            self._fonts[group.font] = _SYMBOL_FONT if (word, number) == ("fcharset", 2) else _code_page(word, number)
        elif word in _DEFAULTS or word == "ansicpg":
            self._code_page = _DEFAULTS.get(word) or _code_page("cpg", number or 0) or self._code_page
        elif word in ("fonttbl", "upr"):
            group.destination = word  # the names of fonts, and a text for programs without Unicode, are not read
        else:
            return False
        return True

    def _symbol(self, symbol: bytes) -> Iterator[Event]:
        if symbol == b"*":
            self._open[-1].is_marked = True
        elif symbol in b"\r\n":
            yield from self._said()
            yield Event("word", "par", self._open[-1])
        elif symbol in _SYMBOLS:
            self._add(_SYMBOLS[symbol].encode("ascii"))

    def _add(self, data: bytes) -> None:
        self._bytes += data[self._skip :]
        self._skip = max(self._skip - len(data), 0)

    def _decode(self) -> None:
        data, self._bytes = bytes(self._bytes), bytearray()
        code_page = self._fonts.get(self._open[-1].font) or self._code_page
        if code_page == _SYMBOL_FONT:  # as Word keeps them: in the area of private use, where bullets are known
            self._text += "".join(chr(0xF000 + byte) if byte > 32 else " " for byte in data)
        elif data:
            self._text += data.decode(code_page, "replace")

    def _said(self) -> Iterator[Event]:
        self._decode()
        text, self._text = self._text, ""
        if text and self._open[-1].destination not in ("fonttbl", "upr"):
            whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs become characters
            yield Event("text", whole, self._open[-1])


def _code_page(word: str, number: int) -> str:
    """The codec of a code page or of a font's set of characters, "" where that of the document holds."""
    name = _CHARSETS.get(number, "") if word == "fcharset" else {10000: "mac_roman", 65001: "utf-8"}.get(number)
    name = f"cp{number}" if name is None else name
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
