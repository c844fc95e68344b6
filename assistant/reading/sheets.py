"""Printed pages inside a text file: what form feeds part is freed of running heads, page numbers and job numbers.

A form feed is no page of the document (only lines `[page N]` are), but it shows where heads and feet stood.
"""

import re
from collections import Counter

from assistant.reading.cleaning import clean_code

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
    """The lines of each sheet without its furniture, and the starred notes found at the feet, as they stand."""
    sheets = [clean_code(sheet).expandtabs(4).split("\n") for sheet in text.split("\f")]
    if len(sheets) == 1:
        return [_without_foot(sheets[0], _JOB_NUMBER, set())[0]], []
    running = _running_heads(sheets)
    found: list[str] = []
    kept = [sheets[0]] + [_without_head(sheet, running) for sheet in sheets[1:]]
    for place, sheet in enumerate(kept):
        kept[place], notes = _without_foot(sheet, _FOOT, running)
        found += notes
    return kept, found


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


def _without_foot(sheet: Sheet, foot: re.Pattern[str], running: set[str]) -> tuple[Sheet, list[str]]:
    notes: list[str] = []
    for _ in range(FOOT_LINES):
        while sheet and not sheet[-1].strip():
            sheet = sheet[:-1]
        last = sheet[-1].strip() if sheet else ""
        if _STARRED.match(last):
            notes.insert(0, last)
        elif not (last and (foot.fullmatch(last) or _bare(last) in running)):
            break
        sheet = sheet[:-1]
    return sheet, notes


def _said(sheet: Sheet) -> list[str]:
    return [line.strip() for line in sheet if line.strip()]


def _bare(line: str) -> str:
    """A line without its page number, in capitals, so that heads which differ in these are the same."""
    return _PAGE.sub("", line.strip().rstrip("*")).upper()
