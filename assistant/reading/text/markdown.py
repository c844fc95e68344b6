"""Markdown: the structure that the author marked, without the marks. Front matter becomes metadata.

Lines `[page N]` start page N and leave the text. Footnotes become notes, anchored where they are referred to.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from assistant.reading.blocks.descriptions import description
from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.endnotes import take_endnotes
from assistant.reading.blocks.flow import FlowBlock, Piece, write
from assistant.reading.blocks.front_page import LETTERHEAD_LINES, completed, metadata_of
from assistant.reading.blocks.headings import LABEL_LEVEL, is_label
from assistant.reading.blocks.losses import Losses
from assistant.reading.blocks.numbering import Lists, Place, number_of, without_bullet
from assistant.reading.blocks.superscripts import raised_after
from assistant.reading.blocks.tables import table_block
from assistant.reading.encodings import decode
from assistant.reading.text.front_matter import split_front_matter
from assistant.reading.text.lines import Line, ends, goes_on, wrapping_width
from assistant.reading.text.mending import mend
from assistant.reading.web.markup import blocks_of, parse_part
from assistant.reading.web.visibility import keep_what_is_shown
from assistant.records import Document

DEEPEST = 60  # lists and quotations inside one another; what lies deeper is lost
PROSE = 200  # mean characters of the items of a numbered list from which they are numbered paragraphs
_PAGE_MARK = re.compile(r"\[page (\d{1,6})\]\s*\Z")
_CAPTION = re.compile(r"(?:Case Study )?(?:Box|Table|Figure|Map|Chart) [\dA-Z]+\b.{0,200}\Z")
_BLOCK_BEGINS = re.compile(r"\s*(?:#{1,6} |[-*+] |\d+[.)] |>|\||```|~~~|<|\[\^)")
_STRIKE = re.compile(r"<(?P<closes>/?)(?:del|s|strike)\b", re.I)
_BREAK = re.compile(r"</?br\b", re.I)
_ABOVE = re.compile(r"<(?P<closes>/?)sup\b", re.I)
_CARETS = re.compile(r"(?<=[\w)])\^([\w+−-]{1,9})\^(?!\w)")  # as Pandoc writes what is raised: 31 km^2^, the 1^st^
_NOTES_HEADING = re.compile(r"(?:sources|references|notes|(?:foot|end)notes)\Z", re.I)


def read_markdown(data: bytes, source: str, sha256: str) -> Document:
    """Read a Markdown file in whatever encoding; Refused as `damaged` when it is no text."""
    text, _ = decode(data)
    losses = Losses()
    metadata, body, warning = split_front_matter(re.sub(r"\r*\n|\r", "\n", text))
    lines, pages = _without_page_marks(mend(body).split("\n"))
    walk = _Walk(_PARSER.parse("\n".join(lines)), pages, losses)
    blocks, endnotes = take_endnotes(walk.blocks)
    builder = DocumentBuilder(source, sha256)
    if warning:
        builder.warn(warning)
    losses.tell(builder)
    write(builder, blocks, {**endnotes, **walk.notes}, reader="markdown")
    title = next((block.text for block in blocks if block.kind == "heading"), None)
    first_page = metadata_of([block.text for block in blocks[:LETTERHEAD_LINES]], title)
    return builder.build(completed(metadata, by=first_page))


class _Parser(MarkdownIt):
    """Takes every target of a link for one: none is followed, and what is none would stand in the text, as pictures do
    that stand in the file itself."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  the library's name
        return True


_PARSER = (
    _Parser("commonmark", {"maxNesting": DEEPEST})
    .enable(["table", "strikethrough"])
    .use(footnote_plugin, inline=False, move_to_end=False)
)


def _without_page_marks(lines: Sequence[str]) -> tuple[list[str], list[int]]:
    """The lines without `[page N]`, and the page of each. Marks that go backwards number nothing.

    A mark between two lines of one paragraph leaves no gap there.
    """
    kept: list[str] = []
    pages: list[int] = []
    page = 1
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if mark := _PAGE_MARK.match(line):
            page = max(page, int(mark[1]))
            before = kept[-1].strip() if kept else ""
            if before and after.strip() and ends(before) and not _BLOCK_BEGINS.match(after):
                kept.append("")
                pages.append(page)
        else:
            kept.append(line)
            pages.append(page)
    return kept, pages


class _Walk:
    """Goes through the tokens once and gathers blocks and notes."""

    def __init__(self, tokens: Sequence[Token], pages: Sequence[int], losses: Losses) -> None:
        self.blocks: list[FlowBlock] = []
        self.notes: dict[str, str] = {}
        self._losses = losses
        self._tokens = tokens
        self._pages = pages
        self._width = wrapping_width(list(_lines_of_paragraphs(tokens)))
        self._numbering = Lists()
        self._lists: list[bool] = []  # the lists round a place: do their numbers number paragraphs?
        self._item: Place | None = None  # what the next paragraph is, at the beginning of an item
        self._struck_from: int | None = None  # the first block after a <del> that is not yet closed
        self._next = 0
        while self._next < len(tokens):
            token = tokens[self._next]
            self._next += 1
            self._take(token)

    def _take(self, token: Token) -> None:
        if token.type == "heading_open":
            self._heading(token)
        elif token.type == "paragraph_open":
            self._paragraph(self._until("paragraph_close")[0])
        elif token.type in ("fence", "code_block"):
            self.blocks.append(FlowBlock("code", [Piece(self._page(token), token.content)]))
        elif token.type == "html_block":
            self._html(token)
        elif token.type == "table_open":
            self._table(self._until("table_close"))
        elif token.type == "footnote_reference_open":
            self._note(token, self._until("footnote_reference_close"))
        else:
            self._list(token)

    def _until(self, close: str) -> list[Token]:
        """The tokens before the next one of that type; the walk goes on after it."""
        inside = list(takewhile(lambda token: token.type != close, self._tokens[self._next :]))
        self._next += len(inside) + 1
        return inside

    def _page(self, token: Token, line: int = 0) -> int:
        return self._pages[min((token.map or [0])[0] + line, len(self._pages) - 1)]

    def _heading(self, token: Token) -> None:
        pieces = self._lines(self._until("heading_close")[0])
        for other in pieces[1:]:
            pieces[0].append(other)
        number = number_of(pieces[0].text)
        self.blocks.append(FlowBlock("heading", pieces[:1], int(token.tag[1]), number.printed if number else None))

    def _list(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self._lists.append(token.type == "ordered_list_open" and self._is_prose(token))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif token.type == "list_item_open":
            number = token.info or None
            if self._lists[-1]:
                self._item = Place("paragraph", number=number)
            else:
                self._item = Place("item", len(self._lists), number)
        elif token.type == "list_item_close":
            self._item = None

    def _is_prose(self, opening: Token) -> bool:
        """Are the items of a numbered list so long that they are the numbered paragraphs of a document?"""
        inside = takewhile(
            lambda token: token.level > opening.level or token.type != "ordered_list_close", self._tokens[self._next :]
        )
        lengths = [len(token.content) for token in inside if token.type == "inline"]
        return sum(lengths) > PROSE * len(lengths)

    def _paragraph(self, inline: Token) -> None:
        groups: list[list[Piece]] = []
        for piece in self._lines(inline):
            if groups and goes_on(Line(groups[-1][-1].text), Line(piece.text), self._width):
                _add_line(groups[-1], piece)
            else:
                groups.append([piece])
        lead = False
        for group in groups:
            text = " ".join(piece.text for piece in group)
            place = self._place(text, group[0], after_lead=lead)
            if place.bullet:
                group[0].text = without_bullet(group[0].text)
            if len(groups) == 1 and place == Place() and _is_all_bold(inline) and is_label(text):
                place = Place("heading", LABEL_LEVEL)
            captioned = place == Place() and not ends(text) and bool(_CAPTION.match(text))
            self.blocks.append(FlowBlock("caption" if captioned else place.kind, group, place.level, place.number))
            lead = lead or text.endswith(":") or captioned

    def _place(self, text: str, first: Piece, *, after_lead: bool) -> Place:
        """What a paragraph is. Lines of their own after a lead-in are the items of a list that lost its bullets."""
        if item := self._item:
            self._item = None
            if item.number:
                first.prepend(f"{item.number}. ")
            return item
        place = self._numbering.place(text)
        return Place("item", 1) if after_lead and place == Place() else place

    def _lines(self, inline: Token) -> list[Piece]:
        """The lines of a paragraph as the source has them, without marks."""
        lines = [Piece(self._page(inline))]
        struck, above = 0, False
        for child in inline.children or ():
            opens, closes = _strikes(child)
            struck = max(struck + opens - closes, 0)
            self._losses["struck"] += opens
            if struck and child.type not in ("softbreak", "hardbreak"):
                continue
            if child.type in ("softbreak", "hardbreak"):
                lines.append(Piece(self._page(inline, len(lines))))
            elif child.type == "footnote_ref":
                lines[-1].mark(child.meta["label"])
            elif child.type == "text":
                lines[-1].text += (
                    raised_after(lines[-1].text, child.content) if above else _without_carets(child.content)
                )
            elif child.type == "code_inline":
                lines[-1].text += child.content
            elif child.type == "image":
                lines[-1].text += description(child.content)
            elif child.type == "html_inline" and _BREAK.match(child.content):
                lines[-1].text += " "
            elif child.type == "html_inline" and (tag := _ABOVE.match(child.content)):
                above = not tag["closes"]
        return [line for line in lines if line.text.strip()] or lines[:1]

    def _html(self, token: Token) -> None:
        """HTML between blank lines; a table with blank lines in it comes in several parts."""
        parts = [token]
        while self._next < len(self._tokens) and self._tokens[self._next].type == "html_block":
            parts.append(self._tokens[self._next])
            self._next += 1
        content = re.sub(r"(?s)<!--.*?-->", "", "".join(part.content for part in parts))
        opens, closes = _left_open(content)
        if closes:
            self._end_struck()
        page = parse_part(content)
        keep_what_is_shown(page, self._losses)
        self.blocks += blocks_of(page, self._page(token))
        if opens and self._struck_from is None:
            self._struck_from = len(self.blocks)

    def _end_struck(self) -> None:
        """Leave out the blocks since a <del> that stood by itself; one that nothing closes strikes nothing."""
        if self._struck_from is not None and self.blocks[self._struck_from :]:
            del self.blocks[self._struck_from :]
            self._losses["struck"] += 1
        self._struck_from = None

    def _table(self, inside: Sequence[Token]) -> None:
        rows: list[list[Piece]] = []
        for token in inside:
            if token.type == "tr_open":
                rows.append([])
                page = self._page(token)
            elif token.type == "inline":
                cell = Piece(page)
                for line in self._lines(token):
                    cell.append(line)
                rows[-1].append(cell)
        headed = any(cell.text.strip() for cell in rows[0])
        if block := table_block(rows, int(headed)):
            self.blocks.append(block)

    def _note(self, opening: Token, inside: Sequence[Token]) -> None:
        said = [line.text for token in inside if token.type == "inline" for line in self._lines(token)]
        self.notes[opening.meta["label"]] = " ".join(said)
        last = self.blocks[-1] if self.blocks else None
        if last and last.kind == "heading" and _NOTES_HEADING.match(last.text.strip()):
            self.blocks.pop()  # the notes leave the text, and with them the heading over them


def _strikes(token: Token) -> tuple[bool, bool]:
    """Whether a token begins struck-out text, and whether it ends it."""
    tag = _STRIKE.match(token.content) if token.type == "html_inline" else None
    return (
        token.type == "s_open" or bool(tag and not tag["closes"]),
        token.type == "s_close" or bool(tag and tag["closes"]),
    )


def _left_open(content: str) -> tuple[bool, bool]:
    """Whether HTML begins struck-out text that it does not end, and whether it ends some that it did not begin."""
    opened, closes = 0, False
    for tag in _STRIKE.finditer(content):
        closes = closes or bool(tag["closes"] and not opened)
        opened = max(opened - 1, 0) if tag["closes"] else opened + 1
    return opened > 0, closes


def _without_carets(text: str) -> str:
    return _CARETS.sub(lambda found: raised_after(text[: found.start()], found[1]), text)


def _is_all_bold(inline: Token) -> bool:
    bold, said = 0, False
    for child in inline.children or ():
        bold += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
        if child.content.strip() and not bold:
            return False
        said = said or bool(child.content.strip())
    return said


def _add_line(pieces: list[Piece], line: Piece) -> None:
    if pieces[-1].page == line.page:
        pieces[-1].append(line)
    else:
        pieces.append(line)


def _lines_of_paragraphs(tokens: Sequence[Token]) -> Iterator[Line]:
    for token in tokens:
        if token.type == "inline":
            for place, line in enumerate(token.content.split("\n")):
                yield Line(line.strip(), gap=place == 0)
