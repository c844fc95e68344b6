"""Web pages: the article with its headings, lists, tables and notes. Nothing is executed and nothing is fetched."""

import contextlib
import re

from lxml import html

from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.endnotes import take_endnotes
from assistant.reading.blocks.flow import FlowBlock, Piece, write
from assistant.reading.blocks.front_page import LETTERHEAD_LINES, completed, metadata_of
from assistant.reading.blocks.losses import Losses
from assistant.reading.encodings import decode
from assistant.reading.web.article import article_of
from assistant.reading.web.markup import blocks_of, parse
from assistant.reading.web.notes import take_notes
from assistant.reading.web.visibility import keep_what_is_shown
from assistant.records import Document, Metadata

DECLARED_WITHIN = 4096  # bytes in which a page declares its encoding
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,30})""", re.I)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HIGH = re.compile(rb"[\x80-\xff]")
_LEGACY = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
           "shift_jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "gb2312": "gb18030", "gbk": "gb18030",
           "euc-kr": "cp949", "iso-8859-9": "cp1254", "tis-620": "cp874"}  # fmt: skip
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_DATES = ("article:published_time", "citation_publication_date", "dc.date", "dcterms.date", "dcterms.issued", "date")


def read_web(data: bytes, source: str, sha256: str) -> Document:
    """Read an HTML page in whatever encoding; Refused as `damaged` when the bytes are no text."""
    page = parse(_text_of(data))
    said_in_head = _metadata(page)
    losses = Losses()
    notes = take_notes(page, losses)
    keep_what_is_shown(page, losses)
    title = _only_title(page)
    blocks, endnotes = take_endnotes(blocks_of(article_of(page)))
    if title and not any(block.kind == "heading" and block.level == 1 for block in blocks):
        blocks.insert(0, FlowBlock("heading", [Piece(1, title)], level=1))
    builder = DocumentBuilder(source, sha256)
    losses.tell(builder)
    write(builder, blocks, {**endnotes, **notes}, reader="html")
    said_in_text = metadata_of([block.text.strip() for block in blocks[:LETTERHEAD_LINES]])
    return builder.build(completed(said_in_text, by=said_in_head))


def _text_of(data: bytes) -> str:
    """What is certain first (a mark, valid UTF-8), then what the page says of itself, then a guess."""
    declared = _DECLARED.search(data[:DECLARED_WITHIN])
    if declared and not data.startswith(_MARKS):
        name = declared[1].decode("ascii").lower()
        candidates = ["utf-8", _LEGACY.get(name, name)] if _HIGH.search(data) else [_LEGACY.get(name, name)]
        for encoding in candidates:
            with contextlib.suppress(UnicodeError, LookupError):
                return data.decode(encoding)
    return decode(data)[0]


def _metadata(page: html.HtmlElement) -> Metadata:
    said = {
        (meta.get("property") or meta.get("name") or "").lower(): " ".join(meta.get("content", "").split())
        for meta in page.iter("meta")
    }
    title = " ".join((page.findtext(".//title") or "").split())
    heading = _only_title(page)
    date = _YEAR.search(next((said[name] for name in _DATES if name in said), ""))
    return Metadata(
        title=(heading if heading and heading in title else None) or said.get("og:title") or title or None,
        publisher=said.get("og:site_name") or said.get("dc.publisher") or None,
        year=int(date[1]) if date else None,
    )


def _only_title(page: html.HtmlElement) -> str | None:
    """The text of the page's <h1>, if it has exactly one."""
    titles = [" ".join(heading.text_content().split()) for heading in page.iter("h1")]
    return titles[0] or None if len(titles) == 1 else None
