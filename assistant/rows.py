"""A row of a table as it is read out: each value with the name of its column."""

import re
from collections.abc import Iterator

from assistant.records import Passage

_BETWEEN_CELLS = re.compile(r"(?<!\S)\|(?!\S)")
_TIMES = {"date", "dates", "year", "period", "time", "when"}


def read_out(row: str, header: str) -> str:
    """A row with the names of its columns; as it stands where the header has more cells or fewer.

    >>> read_out("Liberia | 4,000 | 2009", "Country | Police | Year")
    'Country: Liberia; Police: 4,000; Year: 2009'
    >>> read_out("2003 | UNMIL is set up.", "Date | Event")
    '2003: UNMIL is set up.'
    """
    names, values = _cells(header), _cells(row)
    if len(names) != len(values) or not any(names):
        return " ".join(row.split())
    if len(values) == 2 and names[0].casefold() in _TIMES and all(values):
        return ": ".join(values)
    return "; ".join(f"{name}: {value}" if name else value for name, value in zip(names, values, strict=True) if value)


def header_of(passage: Passage, index: int) -> str:
    """The header of the table in which a row of a passage stands; empty where there is none."""
    for sentence in reversed(passage.sentences[:index]):
        if sentence.kind == "heading":
            return passage.sentence_text(sentence)
        if sentence.kind != "table":
            return ""
    return passage.context.rpartition("\n")[2]


def is_said(claim: str, evidence: str) -> bool:
    """Whether a claim is a row of the evidence, read out with a line before it as its header."""
    return any(claim == said for said in _said(evidence.splitlines()))


def _said(lines: list[str]) -> Iterator[str]:
    headers: list[str] = []
    for line in lines:
        if _BETWEEN_CELLS.search(line):
            yield from (read_out(line, header) for header in headers)
            headers.append(line)


def _cells(line: str) -> list[str]:
    return [" ".join(cell.split()) for cell in _BETWEEN_CELLS.split(line)]
