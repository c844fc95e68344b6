"""Primary texts that are worth having, as corpus/reading-list.csv names them. None is shipped and none is fetched."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from assistant.errors import UsageError
from assistant.library.corpus import table_rows
from assistant.provenance import bare_symbol
from assistant.records import Metadata

READING_LIST = "reading-list.csv"


@dataclass(frozen=True, slots=True)
class PrimaryText:
    """A row of the list: what the text is, where it can be had and on what terms, and why it matters. What the row does
    not say is empty."""

    title: str
    symbol: str
    year: str
    publisher: str
    address: str
    licence: str
    why: str

    def is_among(self, documents: Iterable[Metadata]) -> bool:
        """Whether the library holds it: a document of the same symbol, of which two bodies may each have given one
        ("A/62/659-S/2008/39"), or where it has none of the same title."""
        if wanted := _parts(self.symbol):
            return any(wanted & _parts(data.symbol or "") for data in documents)
        return any((data.title or "").casefold() == self.title.casefold() for data in documents)


def _parts(symbol: str) -> set[str]:
    return set(filter(None, re.split(r"-(?=[A-Z]+/)", bare_symbol(symbol))))


def reading_list(corpus: Path) -> list[PrimaryText]:
    """The texts of the list, in order; [] when there is none. Raises UsageError without its columns."""
    texts, names = [], [field.name for field in fields(PrimaryText)]
    for _, row in table_rows(corpus / READING_LIST):
        if not {"title", "address"} <= row.keys():
            raise UsageError(f"{READING_LIST} needs the columns `title` and `address`. Its first line must name them.")
        if row["title"]:
            texts.append(PrimaryText(**{name: row.get(name, "") for name in names}))
    return texts
