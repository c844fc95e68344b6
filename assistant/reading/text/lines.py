"""Lines of a text file become paragraphs.

Two kinds of files exist, and most are wholly of one: every line is a paragraph, or lines are wrapped at a width
and a blank line parts the paragraphs. A line that begins with a small letter goes on with the one before, in both.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.reading.blocks.numbering import number_of

NARROWEST_WRAP, WIDEST_WRAP = 30, 140  # characters; lines of other widths were not wrapped by anyone
FULL = 0.88  # share of the wrapping width from which a line counts as full
MOSTLY = 0.6  # share of line breaks at full lines from which a file counts as wrapped
LONG_ENOUGH = 60  # characters: a line so long that ends without a stop was cut off by the end of its page
_PAGE_MARK = re.compile(r"\[page (\d{1,6})\]\Z")
_RULE = re.compile(r"([=\-~^\"'`#*+_:.])\1{2,}\Z")
_ENDS = re.compile(r"""[.:;!?…][)\]"'”’»]*\Z|[。！？]\Z""")
_CJK = re.compile(r"[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its indentation. `gap`: a blank line stands before it; `turn`: a page ended before it.

    `level`: of a heading that is underlined, as reStructuredText and many plain texts have it; else 0.
    """

    text: str
    page: int = 1
    indent: int = 0
    gap: bool = False
    turn: bool = False
    level: int = 0


def lines_of(sheets: Sequence[Sequence[str]]) -> Iterator[Line]:
    """The lines that say something. Marks `[page N]` number them; those that go backwards number nothing."""
    page, gap = 1, False
    for sheet in sheets:
        turn = True
        for raw in sheet:
            text = raw.strip()
            if mark := _PAGE_MARK.match(text):
                page, turn = max(page, int(mark[1])), True
            elif not text:
                gap = True
            else:
                yield Line(text, page, len(raw) - len(raw.lstrip()), gap, turn)
                gap = turn = False


def with_underlined_headings(lines: Sequence[Line]) -> list[Line]:
    """The lines without rules; a line with a rule under it is a heading, deeper with each new kind of rule."""
    kinds: list[str] = []
    kept: list[Line] = []
    ruled = False
    for place, line in enumerate(lines):
        if _RULE.match(line.text):
            if not (kept and _is_underlined(lines, place)):
                ruled = True
                continue
            over = place > 1 and not lines[place - 1].gap and bool(_RULE.match(lines[place - 2].text))
            kind = line.text[0] * (2 if over else 1)
            kinds += [kind] if kind not in kinds else []
            kept[-1] = replace(kept[-1], level=kinds.index(kind) + 1)
        else:
            kept.append(replace(line, gap=True) if ruled else line)
        ruled = bool(_RULE.match(line.text))
    return kept


def paragraphs_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Group lines into paragraphs: each group is one paragraph, heading, item or line that stands alone."""
    width = wrapping_width(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and goes_on(groups[-1][-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def joined(lines: Iterable[str]) -> str:
    """Lines as one text: a space between them, none where both sides are Chinese or Japanese."""
    text = ""
    for line in lines:
        glue = "" if not text or (_CJK.match(text[-1]) and _CJK.match(line)) else " "
        text += glue + line
    return text


def wrapping_width(lines: Sequence[Line]) -> int | None:
    """The width at which the lines are wrapped, None where they are not."""
    breaks = [(line, after) for line, after in pairwise(lines) if not (after.gap or after.turn)]
    if not breaks:
        return None
    widths = sorted(_width(line) for line, _ in breaks)
    width = widths[len(widths) * 9 // 10]
    full = sum(_is_full(line, after, width) for line, after in breaks)
    ended = sum(ends(line.text) for line, _ in breaks)
    wrapped = NARROWEST_WRAP <= width <= WIDEST_WRAP and full >= MOSTLY * len(breaks) and ended < MOSTLY * len(breaks)
    return width if wrapped else None


def goes_on(line: Line, after: Line, width: int | None) -> bool:
    """Does `after` belong to the paragraph of the line before it, in a file wrapped at `width` or not at all?"""
    if (after.gap and not after.turn) or line.level or after.level:
        return False
    small = after.text[0].islower()
    ended = ends(line.text)
    if width is not None and not after.turn and _is_full(line, after, width):
        return not ended or number_of(after.text) is None
    if number_of(after.text):
        return False
    if after.turn:
        return not ended and (small or (len(line.text) >= LONG_ENOUGH and not line.text.endswith(",")))
    return small and not ended


def ends(text: str) -> bool:
    """Does the text end with a stop, closing quotes and brackets aside?"""
    return bool(_ENDS.search(text))


def _is_underlined(lines: Sequence[Line], place: int) -> bool:
    rule, above = lines[place], lines[place - 1]
    return not rule.gap and not _RULE.match(above.text) and len(rule.text) >= len(above.text) - 2


def _is_full(line: Line, after: Line, width: int) -> bool:
    """Would the first word of the next line not have fit?"""
    return _width(line) + 1 + len(after.text.split(" ", 1)[0]) > FULL * width


def _width(line: Line) -> int:
    return line.indent + len(line.text)
