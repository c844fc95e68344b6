"""A row of a table as it is read out: each value with the name of its column."""

import re
from collections.abc import Iterator

from assistant.records import Passage

_BETWEEN_CELLS = re.compile(r"(?<!\S)\|(?!\S)")
_DATE = re.compile(r"(?:(?:\d{1,2} )?[A-Z][a-z]+ )?(?:1[89]|20)\d\d(?:\s?[-–]\s?(?:(?:1[89]|20)\d\d|\d\d))?")
_FULL_DATE = re.compile(r"\d{1,2} [A-Z][a-z]+ (?:1[89]|20)\d\d")
_FIGURE = re.compile(r"[-–]?[$€£]?[\d.,]+\s?%?")
_EVENTS = {"", "event", "events"}  # columns whose name says nothing
_SENTENCE = 4  # words of a cell that ends with a full stop


def read_out(row: str, header: str = "") -> str:
    """A row with the names of its columns; without them where the header has more cells or fewer. The event of a date
    follows it.

    >>> read_out("Liberia | 4,000 | 2009", "Country | Police | Year")
    'Country: Liberia; Police: 4,000; Year: 2009'
    >>> read_out("2003 | UNMIL is set up.", "Date | Event")
    '2003: UNMIL is set up.'
    """
    names, values = _cells(header), _cells(row)
    if len(names) != len(values):
        names = [""] * len(values)
    if len(values) == 2 and _DATE.fullmatch(values[0]) and names[1].casefold() in _EVENTS:
        return ": ".join(value for value in values if value)
    return "; ".join(f"{name}: {value}" if name else value for name, value in zip(names, values, strict=True) if value)


def is_header(line: str) -> bool:
    """Whether the first row of a table can be its header: it names columns, and has no values of its own. Tables that
    go on from the page before have none.

    >>> is_header("Country | Police, 2009"), is_header("31 July 1994 | A resolution authorises a force.")
    (True, False)
    """
    cells = _cells(line)
    if any(_FULL_DATE.match(cell) or (_FIGURE.fullmatch(cell) and not _DATE.fullmatch(cell)) for cell in cells):
        return False
    return not any(cell.endswith(".") and len(cell.split()) >= _SENTENCE for cell in cells)


def header_of(passage: Passage, index: int) -> str:
    """The header of the table in which a row of a passage stands; empty where there is none."""
    above = next((s for s in reversed(passage.sentences[:index]) if s.kind != "table"), None)
    if above is None:
        found = passage.context.rpartition("\n")[2]
    else:
        found = passage.sentence_text(above) if above.kind == "heading" else ""
    return found if is_header(found) else ""


def is_said(claim: str, evidence: str) -> bool:
    """Whether a claim is a row of the evidence, read out with a line before it as its header or without."""
    return any(claim == said for said in _said(evidence.splitlines()))


def _said(lines: list[str]) -> Iterator[str]:
    headers = [""]
    for line in lines:
        if _BETWEEN_CELLS.search(line):
            yield from (read_out(line, header) for header in headers)
            headers.append(line)


def _cells(line: str) -> list[str]:
    return [" ".join(cell.split()) for cell in _BETWEEN_CELLS.split(line)]
