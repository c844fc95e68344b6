"""EPUB books: their parts in the order in which they are read, each through the blocks of the web reader.

A part (mostly a chapter) is a page: books for screens have no printed pages, and a place is found sooner in a chapter
than in a book. Parts without text, tables of contents and other navigation are left out and not counted.
"""

import contextlib
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree, html

from assistant.reading.archive import Parts, part_at
from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.endnotes import take_endnotes
from assistant.reading.blocks.flow import FlowBlock, Piece, write
from assistant.reading.blocks.front_page import LETTERHEAD_LINES, completed, metadata_of, title_by_hand
from assistant.reading.blocks.losses import Losses
from assistant.reading.blocks.saying import captions_once
from assistant.reading.encodings import decode
from assistant.reading.refusals import Refused
from assistant.reading.safe_xml import tree_of
from assistant.reading.web.epub_parts import (
    bring_notes,
    without_navigation,
    without_struck_out,
    without_what_is_not_read,
)
from assistant.reading.web.looks import Looks
from assistant.reading.web.markup import blocks_of, parse
from assistant.reading.web.notes import take_notes
from assistant.records import Document, Metadata

_PAGES = ("application/xhtml+xml", "text/html")
_FONTS = (".otf", ".ttf", ".ttc", ".woff", ".woff2")
_ENCRYPTION = "{http://www.w3.org/2001/04/xmlenc#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_EVENT = "{http://www.idpf.org/2007/opf}event"
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w-]{2,30})""")


def read_epub(data: bytes, source: str, sha256: str) -> Document:
    """Read an .epub file; Refused as `encrypted` when its seller protects it, as `damaged` when it is no book."""
    parts = Parts(data)
    _refuse_protected(parts)
    package = _Package(parts)
    builder, losses = DocumentBuilder(source, sha256), Losses()
    pages = dict(package.pages())
    bring_notes(pages)
    first_lines: list[str] = []
    number = 1
    for name, page in pages.items():
        without_struck_out(page, package.looks, losses)
        package.looks.name_raised(page)
        notes = take_notes(page, losses)
        without_what_is_not_read(page, package.looks, losses)
        blocks, endnotes = take_endnotes(captions_once(blocks_of(page, number)))
        if blocks:
            _head(blocks, package.labels.get(name, ""))
            write(builder, blocks, {**endnotes, **notes}, reader="epub")
            first_lines += [block.text.strip() for block in blocks]
            number += 1
    for sentence in package.warnings:
        builder.warn(sentence)
    losses.tell(builder)
    return builder.build(completed(package.metadata(), by=metadata_of(first_lines[:LETTERHEAD_LINES])))


def _refuse_protected(parts: Parts) -> None:
    """Fonts may be encrypted, which protects their makers and hides no text."""
    data = parts.read("META-INF/encryption.xml")
    for reference in tree_of(data).iter(f"{_ENCRYPTION}CipherReference") if data else ():
        if not reference.get("URI", "").lower().endswith(_FONTS):
            raise Refused("encrypted", "is protected against copying (DRM). Get a copy without that and add it.")


def _head(blocks: list[FlowBlock], label: str) -> None:
    """A part without a heading gets the one that the book's contents give it."""
    if not label or any(block.kind == "heading" for block in blocks):
        return
    if blocks[0].text.strip().casefold() == label.casefold():
        blocks[0].kind, blocks[0].level = "heading", 1
    else:
        blocks.insert(0, FlowBlock("heading", [Piece(blocks[0].pieces[0].page, label)], level=1))


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the book: its name in the archive, its type, and what it is for."""

    name: str
    type: str
    properties: tuple[str, ...]


class _Package:
    """The package document: which files belong to the book, and in which order they are read."""

    def __init__(self, parts: Parts) -> None:
        self.warnings: list[str] = []
        self._parts = parts
        container = parts.read("META-INF/container.xml")
        files = tree_of(container).iter("{*}rootfile") if container else ()
        self._name = part_at("", next((file.get("full-path", "") for file in files), ""))
        data = parts.read(self._name)
        if not data:
            raise Refused("damaged", "has no book in it. Get it again, or save it again as .epub.")
        self._tree = tree_of(data)
        self._items = {item.get("id", ""): self._item(item) for item in self._tree.iterfind("{*}manifest/{*}item")}
        self.looks = Looks()
        for item in self._items.values():
            if item.type == "text/css":
                self.looks.learn(parts.read(item.name).decode("utf-8", "replace"))
        self.labels = dict(reversed(list(self._labels())))  # the first label of a part is that of its beginning

    def pages(self) -> Iterator[tuple[str, html.HtmlElement]]:
        """The parts that hold text, by name, in the order of the spine, without navigation."""
        contents = {self._at(tie.get("href", "")) for tie in self._tree.iterfind("{*}guide/{*}reference[@type='toc']")}
        lost = 0
        for place in self._tree.iterfind("{*}spine/{*}itemref"):
            item = self._items.get(place.get("idref", ""))
            data = self._parts.read(item.name) if item else b""
            if item is None or not data.strip():
                lost += 1
            elif item.type in _PAGES and "nav" not in item.properties and item.name not in contents:
                try:
                    page = parse(_text_of(data))
                except Refused:
                    lost += 1
                    continue
                for sheet in page.iter("style"):
                    self.looks.learn(sheet.text or "")
                without_navigation(page)
                yield item.name, page
        if lost:
            parts = "1 part of the book is" if lost == 1 else f"{lost} parts of the book are"
            self.warnings.append(f"{parts} missing or broken.")

    def metadata(self) -> Metadata:
        """Title, publisher and year, as far as the package document states them."""
        about = self._tree.find("{*}metadata")
        if about is None:
            return Metadata()
        dates = {date.get(_EVENT, "publication"): date.text or "" for date in reversed(list(about.iter(f"{_DC}date")))}
        year = _YEAR.search(dates.get("publication", ""))
        publisher = " ".join(about.findtext(f".//{_DC}publisher", "").split())
        title = title_by_hand(about.findtext(f".//{_DC}title"))
        return Metadata(title=title, publisher=publisher or None, year=int(year[1]) if year else None)

    def _item(self, item: etree._Element) -> _Item:
        properties = tuple(item.get("properties", "").split())
        return _Item(self._at(item.get("href", "")), item.get("media-type", ""), properties)

    def _at(self, path: str, beside: str | None = None) -> str:
        """The name in the archive of what a file of the book (else the package document) refers to."""
        folder = posixpath.dirname(self._name if beside is None else beside)
        return part_at(folder, unquote(path.partition("#")[0]))

    def _labels(self) -> Iterator[tuple[str, str]]:
        """What the contents call the parts: (name, label), in their order, from EPUB 3's navigation or EPUB 2's."""
        for item in self._items.values():
            data = self._parts.read(item.name) if "nav" in item.properties or "ncx" in item.type else b""
            with contextlib.suppress(Refused):  # what cannot be read here costs no more than a label
                if "ncx" in item.type:
                    yield from self._labels_of_ncx(tree_of(data), item.name)
                elif data:
                    yield from self._labels_of_nav(parse(_text_of(data)), item.name)

    def _labels_of_nav(self, page: html.HtmlElement, name: str) -> Iterator[tuple[str, str]]:
        for nav in page.iter("nav"):
            for link in nav.iter("a") if nav.get("epub:type", "toc") == "toc" else ():
                yield self._at(link.get("href", ""), name), " ".join(link.text_content().split())

    def _labels_of_ncx(self, tree: etree._Element, name: str) -> Iterator[tuple[str, str]]:
        for point in tree.iter("{*}navPoint"):
            source = point.find("{*}content")
            if source is not None:
                yield self._at(source.get("src", ""), name), " ".join(point.findtext("{*}navLabel/{*}text", "").split())


def _text_of(data: bytes) -> str:
    """UTF-8 or UTF-16, as the format demands; where it breaks that, what it declares; else a guess."""
    declared = _DECLARED.match(data)
    if declared and declared[1].lower() not in (b"utf-8", b"utf-16"):
        with contextlib.suppress(UnicodeError, LookupError):
            return data.decode(declared[1].decode("ascii"))
    return decode(data)[0]
