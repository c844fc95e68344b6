"""Typeset the Markdown masters of this folder as PDF documents of the corpus, the same bytes every time.

    python corpus/_masters/typeset.py          write the PDF of every master
    python corpus/_masters/typeset.py --check  exit 1 when one is missing or not the bytes that its master gives

A master `_masters/cases/liberia.md` becomes `cases/liberia.pdf`: running heads, page labels (i, 1, 2 ...), numbered
paragraphs, footnotes at the foot of the page that cites them first, tables whose header repeats.
"""

import argparse
import io
import re
import sys
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path

import matplotlib
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

MASTERS = Path(__file__).parent
LEFT, RIGHT, TOP, BOTTOM = 2.6 * cm, 2.6 * cm, 2.9 * cm, 2.4 * cm
WIDTH = A4[0] - LEFT - RIGHT
NOTE_DEFINITION = re.compile(r"^\[\^(\w+)\]:[ \t]*(.+)$", re.M)
NOTE_MARK = re.compile(r"\[\^(\w+)\]")

BODY = ParagraphStyle("body", fontName="Serif", fontSize=10.5, leading=14.5, spaceAfter=7, allowWidows=0)
ITEM = ParagraphStyle("item", parent=BODY, leftIndent=22, bulletIndent=8, spaceAfter=4)
HEADING = ParagraphStyle("heading", parent=BODY, fontName="Serif-Bold", fontSize=13, leading=17, spaceBefore=10)
SUBHEADING = ParagraphStyle("subheading", parent=HEADING, fontSize=11, leading=15, spaceBefore=6)
TITLE = ParagraphStyle("title", parent=BODY, fontName="Serif-Bold", fontSize=24, leading=30, spaceAfter=18)
NOTE = ParagraphStyle("note", parent=BODY, fontSize=8, leading=10, spaceAfter=1)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=9.5, leading=12.5, spaceAfter=0)
HEAD_CELL = ParagraphStyle("head-cell", parent=CELL, fontName="Serif-Bold")


@dataclass
class Master:
    """A master: what its front matter says, its body as Markdown tokens, its footnotes by mark."""

    title: str
    front: dict[str, object]
    tokens: list[Token]
    notes: dict[str, str]


@dataclass
class Sheet:
    """The page being filled: how far down it is used, and the footnotes that it must carry."""

    y: float = A4[1] - TOP
    notes: list[str] = field(default_factory=list)


def read_master(path: Path) -> Master:
    """Parse a master; footnote definitions leave the body, and with them the heading "Sources"."""
    front, body = path.read_text("utf-8").removeprefix("---\n").split("\n---\n", 1)
    data = yaml.safe_load(front)
    notes = dict(NOTE_DEFINITION.findall(body))
    body = NOTE_DEFINITION.sub("", body)
    body = re.sub(r"(?m)^## Sources\s*\Z", "", body.rstrip())
    return Master(data["title"], data, MarkdownIt().enable("table").parse(body), notes)


def inline(token: Token) -> str:
    """Inline Markdown as reportlab's markup: emphasis, the words of a link, footnote marks raised."""
    tags = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>"}
    parts = []
    for child in token.children or []:
        if child.type in tags:
            parts.append(tags[child.type])
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.content:
            marked = NOTE_MARK.sub(r'<super size="7">\1</super>', escape(child.content, quote=False))
            parts.append(marked.replace('</super><super size="7">', ","))  # neighbours would run into one number
    return "".join(parts)


def flowables(master: Master) -> list[Flowable]:
    """The body as reportlab flowables; paragraphs outside lists and tables are numbered through."""
    made: list[Flowable] = []
    tokens, index, number, depth, ordinals = master.tokens, 0, 0, 0, []
    while index < len(tokens):
        token = tokens[index]
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
            ordinals.append(0 if token.type == "ordered_list_open" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
            ordinals.pop()
        elif token.type == "heading_open" and token.tag != "h1":
            made.append(Paragraph(inline(tokens[index + 1]), HEADING if token.tag == "h2" else SUBHEADING))
        elif token.type == "table_open":
            end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
            made.append(table(tokens[index:end]))
            index = end
        elif token.type == "paragraph_open" and depth:
            if ordinals[-1] is not None:
                ordinals[-1] += 1
            bullet = "•" if ordinals[-1] is None else f"({ordinals[-1]})"
            made.append(Paragraph(inline(tokens[index + 1]), ITEM, bulletText=bullet))
        elif token.type == "paragraph_open":
            number += 1
            made.append(Paragraph(f"{number}.&nbsp;&nbsp;&nbsp;{inline(tokens[index + 1])}", BODY))
        index += 1
    return made


def table(tokens: list[Token]) -> Table:
    """A Markdown table; a narrow first column, as a chronology has."""
    rows: list[list[Paragraph]] = []
    head = True
    for before, token in pairwise(tokens):
        if before.type == "tr_open":
            rows.append([])
        elif before.type == "thead_close":
            head = False
        if token.type == "inline":
            rows[-1].append(Paragraph(inline(token), HEAD_CELL if head else CELL))
    columns = len(rows[0])
    widths = [WIDTH * 0.24, *[WIDTH * 0.76 / (columns - 1)] * (columns - 1)]
    ruled = TableStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    made = Table(rows, colWidths=widths, repeatRows=1, style=ruled)
    made.spaceAfter = 10
    return made


def marks_of(flowable: Flowable | list[Flowable] | tuple[Flowable, ...]) -> list[str]:
    """The footnote marks that stand in a flowable, in order; kept, because wrapping rewrites the fragments."""
    if isinstance(flowable, Table):
        return [mark for row in flowable._cellvalues for cell in row for mark in marks_of(cell)]
    if isinstance(flowable, (list, tuple)):  # how a table keeps a cell once it was wrapped
        return [mark for part in flowable for mark in marks_of(part)]
    if not hasattr(flowable, "marks"):
        raised = [frag.text for frag in flowable.frags if getattr(frag, "rise", 0)]
        flowable.marks = [mark for text in raised for mark in text.split(",") if mark.strip()]
    return list(flowable.marks)


class Typesetter:
    """Fills pages with flowables and sets under each the footnotes that it cites."""

    def __init__(self, master: Master, target: io.BytesIO) -> None:
        self.master = master
        self.canvas = Canvas(target, pagesize=A4, invariant=1, pageCompression=1)
        self.canvas.setTitle(master.title)
        self.canvas.setAuthor(str(master.front["publisher"]))
        self.sheet = Sheet()
        self.printed = 0
        self.noted: set[str] = set()  # notes that stand on a page before this one

    def set_all(self) -> None:
        self.cover()
        for flowable in flowables(self.master):
            self.place(flowable)
        self.finish_page()
        self.canvas.save()

    def cover(self) -> None:
        self.canvas.addPageLabel(0, style="ROMAN_LOWER")
        front = self.master.front
        lines = [Paragraph(escape(self.master.title, quote=False), TITLE)]
        shown = {"Kind": front["kind"], "Describes": front["edition"], "Status": front["status"]}
        shown |= {"Period": front["period"], "Published by": f"{front['publisher']}, {front['year']}"}
        shown |= {"Licence": front["licence"]}
        lines += [
            Paragraph(f"{name}: {escape(str(value), quote=False)}", BODY) for name, value in shown.items() if value
        ]
        y = A4[1] - 7 * cm
        for line in lines:
            _, height = line.wrap(WIDTH, y)
            line.drawOn(self.canvas, LEFT, y - height)
            y -= height + line.getSpaceAfter()
        self.foot("i")
        self.canvas.showPage()
        self.canvas.addPageLabel(1, style="ARABIC", start=1)

    def place(self, flowable: Flowable) -> None:
        """Set a flowable on this page, or as much of it as fits and the rest on the next."""
        before = flowable.getSpaceBefore() if self.sheet.y < A4[1] - TOP else 0
        needed = self.notes_height(marks_of(flowable))
        room = self.sheet.y - before - BOTTOM - needed
        _, height = flowable.wrap(WIDTH, room)
        is_heading = isinstance(flowable, Paragraph) and flowable.style in (HEADING, SUBHEADING)
        kept_with = 4 * BODY.leading if is_heading else 0  # a heading stays with the first lines under it
        if height + kept_with <= room:
            self.draw(flowable, before, height)
            return
        parts = flowable.split(WIDTH, room) if room > 3 * BODY.leading else []
        if len(parts) < 2:
            self.finish_page()
            self.place(flowable)
            return
        if isinstance(flowable, Paragraph):  # the parts of a paragraph do not know which words are raised
            for part in parts:
                part.marks = marks_of(flowable) if part is parts[0] else []
        _, height = parts[0].wrap(WIDTH, room)
        self.draw(parts[0], before, height)
        self.finish_page()
        for part in parts[1:]:
            self.place(part)

    def draw(self, flowable: Flowable, before: float, height: float) -> None:
        self.sheet.y -= before + height
        flowable.drawOn(self.canvas, LEFT, self.sheet.y)
        self.sheet.y -= flowable.getSpaceAfter()
        known = self.noted.union(self.sheet.notes)
        self.sheet.notes += [mark for mark in dict.fromkeys(marks_of(flowable)) if mark not in known]

    def notes_height(self, new: list[str]) -> float:
        marks = [mark for mark in dict.fromkeys([*self.sheet.notes, *new]) if mark not in self.noted]
        return sum(self.note(mark).wrap(WIDTH, A4[1])[1] + NOTE.spaceAfter for mark in marks) + 10 * bool(marks)

    def note(self, mark: str) -> Paragraph:
        words = MarkdownIt().parseInline(self.master.notes[mark])[0]
        return Paragraph(f'<super size="6">{mark}</super> {inline(words)}', NOTE)

    def finish_page(self) -> None:
        """Footnotes, running head and page number; then a new page."""
        y = BOTTOM + self.notes_height([]) - 8
        if self.sheet.notes:
            self.canvas.setLineWidth(0.5)
            self.canvas.line(LEFT, y + 3, LEFT + 4 * cm, y + 3)
        for mark in self.sheet.notes:
            note = self.note(mark)
            _, height = note.wrap(WIDTH, A4[1])
            y -= height
            note.drawOn(self.canvas, LEFT, y)
            y -= NOTE.spaceAfter
        self.noted.update(self.sheet.notes)
        self.printed += 1
        self.canvas.setFont("Serif", 8)
        self.canvas.drawString(LEFT, A4[1] - 1.7 * cm, "SSR Assistant library")
        self.canvas.drawRightString(A4[0] - RIGHT, A4[1] - 1.7 * cm, self.master.title)
        self.foot(str(self.printed))
        self.canvas.showPage()
        self.sheet = Sheet()

    def foot(self, label: str) -> None:
        self.canvas.setFont("Serif", 8)
        self.canvas.drawCentredString(A4[0] / 2, 1.4 * cm, label)


def typeset(path: Path) -> bytes:
    """The PDF of one master."""
    target = io.BytesIO()
    Typesetter(read_master(path), target).set_all()
    return target.getvalue()


def register_fonts() -> None:
    rl_config.invariant = 1
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    names = {"Serif": "", "Serif-Bold": "-Bold", "Serif-Italic": "-Italic", "Serif-BoldItalic": "-BoldItalic"}
    for name, suffix in names.items():
        pdfmetrics.registerFont(TTFont(name, folder / f"DejaVuSerif{suffix}.ttf"))
    pdfmetrics.registerFontFamily("Serif", "Serif", "Serif-Bold", "Serif-Italic", "Serif-BoldItalic")


def main() -> int:
    """Write or check every PDF; the exit code."""
    parser = argparse.ArgumentParser(description="Typeset the masters as PDF.")
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    check = parser.parse_args().check
    register_fonts()
    stale = []
    for master in sorted(MASTERS.rglob("*.md")):
        target = MASTERS.parent / master.relative_to(MASTERS).with_suffix(".pdf")
        made = typeset(master)
        if not target.exists() or target.read_bytes() != made:
            stale.append(target)
            if not check:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(made)
    for target in stale:
        print(f"{'is not what its master gives' if check else 'written'}: {target.relative_to(MASTERS.parent)}")
    return int(bool(stale) and check)


if __name__ == "__main__":
    sys.exit(main())
