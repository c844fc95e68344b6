"""Primary or note: is a document the text itself, or somebody's account of it?

What a document's metadata says of its kind decides. Where they are silent, a symbol of the United Nations or a title
like those of laws makes it a primary text; of any other it is not known.
"""

import re
from typing import get_args

from assistant.records import Metadata, NoteKind, PrimaryKind, SourceType

_SYMBOL = re.compile(r"(?:[SAE]|ST|JIU|PBC|CEDAW|CRC|CCPR)/[\w.()-]+(?:/[\w.() -]+)*")
_TITLE_OF_LAW = re.compile(  # "Police Act, 2005", "Law No. 2/2004", "Constitution of Liberia", not "The rule of law"
    r"(?:.{0,60}\b(?:act|law|decree|ordinance|code|statute|resolution|regulation)\b[ ,]*"
    r"(?:no\.? ?\d.*|(?:of )?\(?\d[\d/(). -]*)"
    r"|(?:the )?constitution of .+|.{0,40}\b(?:peace agreement|convention on|protocol to)\b.*)",
    re.IGNORECASE,
)


def source_type(metadata: Metadata) -> SourceType | None:
    """Whether a document is a primary text or a note on one; None where nothing tells.

    >>> source_type(Metadata(title="Police Act, 2005")), source_type(Metadata(kind="case-study"))
    ('primary', 'note')
    """
    if metadata.kind in get_args(NoteKind):
        return "note"
    if metadata.kind in get_args(PrimaryKind) or _SYMBOL.fullmatch(metadata.symbol or ""):
        return "primary"
    return "primary" if _TITLE_OF_LAW.fullmatch(metadata.title or "") else None


def bare_symbol(symbol: str) -> str:
    """A symbol of the United Nations as questions name it: without spaces and the year of a resolution.

    >>> bare_symbol("S/RES/2151 (2014)"), bare_symbol("A/81/6 (Sect. 5)")
    ('S/RES/2151', 'A/81/6(Sect.5)')
    """
    return re.sub(r"\((?:19|20)\d\d\)$", "", "".join(symbol.split()))
