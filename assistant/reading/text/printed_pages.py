"""Printed pages inside a text file: what form feeds part is freed of running heads, page numbers and job numbers.

A form feed is no page of the document (only lines `[page N]` are), but it shows where heads and feet stood.
"""

import re
from collections import Counter

from assistant.reading.blocks.cleaning import clean_code

Sheet = list[str]

SHORTEST_HEAD, LONGEST_HEAD = 4, 100  # characters
HEAD_LINES, FOOT_LINES = 2, 4  # at the edges of a sheet, among which furniture is looked for
TITLE_LINES = 12  # of the first sheet: what stands there and again at the top of another sheet is a running head
_FOOT = re.compile(
    r"(?:[-–] ?)?\d{1,4}(?:/\d{1,4})?(?: ?[-–])?"  # 3, 2/6, - 4 -
    r"|[Pp]age \d+(?: of \d+)?"
    r"|(?:\d{1,4}(?:/\d{1,4})? )?\d\d-\d{5}\b.{0,25}|\*\d{7}\*"  # job numbers of United Nations documents
    r"|/?\.\.\.|[-_=*`~]{3,}"
)
_JOB_NUMBER = re.compile(r"\d\d-\d{5}\*? \([A-Z]\).{0,25}|\*\d{7}\*")
_PAGE = re.compile(r"\s*(?:English)?\s*(?:[Pp]age\s*)?\d+\Z")
_STARRED = re.compile(r"\*+ (?=[A-Z])")


def sheets_of(text: str) -> tuple[list[Sheet], list[str]]:
    """The lines of each sheet without its furniture, and the starred notes of the first, as they stand.

    A starred line is a note only where a line of the title ends with a star; else it is an item of a list.
    """
    sheets = [clean_code(sheet).expandtabs(4).split("\n") for sheet in text.split("\f")]
    single = len(sheets) == 1
    running = set() if single else _running_heads(sheets)
    kept = sheets[:1] + [_without_head(sheet, running) for sheet in sheets[1:]]
    kept = [_without_foot(sheet, _JOB_NUMBER if single else _FOOT, running) for sheet in kept]
    notes: list[str] = []
    if any(line.endswith("*") for line in _said(kept[0])[:TITLE_LINES]):
        while (last := _said(kept[0])[-1:]) and _STARRED.match(last[0]):
            notes.insert(0, last[0])
            kept[0] = _without_foot(kept[0][: _last(kept[0])], _JOB_NUMBER if single else _FOOT, running)
    return kept, notes


def _running_heads(sheets: list[Sheet]) -> set[str]:
    """Lines that stand at the edge of two sheets, or at the top of one and in the title of the first."""
    titles = [_bare(line) for line in _said(sheets[0])[:TITLE_LINES]]
    edges = Counter(line for sheet in sheets[1:] for line in {_bare(said) for said in _at_edges(sheet)})
    return {
        line
        for line, times in edges.items()
        if SHORTEST_HEAD <= len(line) <= LONGEST_HEAD and (times > 1 or any(line in title for title in titles))
    }


def _at_edges(sheet: Sheet) -> list[str]:
    said = _said(sheet)
    return said[:HEAD_LINES] + said[HEAD_LINES:][-FOOT_LINES:]


def _without_head(sheet: Sheet, running: set[str]) -> Sheet:
    for _ in range(HEAD_LINES):
        first = next((place for place, line in enumerate(sheet) if line.strip()), None)
        if first is None or not (_bare(sheet[first]) in running or _FOOT.fullmatch(sheet[first].strip())):
            break
        sheet = sheet[first + 1 :]
    return sheet


def _without_foot(sheet: Sheet, foot: re.Pattern[str], running: set[str]) -> Sheet:
    for _ in range(FOOT_LINES):
        last = sheet[_last(sheet)].strip() if _said(sheet) else ""
        if not (last and (foot.fullmatch(last) or _bare(last) in running)):
            break
        sheet = sheet[: _last(sheet)]
    return sheet


def _last(sheet: Sheet) -> int:
    """Where the last line stands that says something."""
    return max(place for place, line in enumerate(sheet) if line.strip())


def _said(sheet: Sheet) -> list[str]:
    return [line.strip() for line in sheet if line.strip()]


def _bare(line: str) -> str:
    """A line without its page number, in capitals, so that heads which differ in these are the same."""
    return _PAGE.sub("", line.strip().rstrip("*")).upper()
