"""PDF: pages of clean text in reading order, with their structure, their notes and the place of each character.

PDFium reads characters with boxes; `layout` and its neighbours make lines, columns, tables and paragraphs of
them. A page that PDFium cannot read, or reads as nonsense, is read by pypdf, without places. One bad page never
loses the document.
"""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.losses import Losses
from assistant.reading.pdf import bookmarks
from assistant.reading.pdf.fallback import Fallback, sheet_of
from assistant.reading.pdf.fields import flattened, set_beside_labels, with_choices
from assistant.reading.pdf.furniture import SheetLines, furniture, printed_labels
from assistant.reading.pdf.glyphs import RawPage, read_page
from assistant.reading.pdf.headings import headings_of
from assistant.reading.pdf.joining import Joiner
from assistant.reading.pdf.layout import Sheet, lay_out
from assistant.reading.pdf.metadata import metadata
from assistant.reading.pdf.notes import take_notes, take_typed_notes
from assistant.reading.pdf.ocr import recognise
from assistant.reading.pdf.paragraphs import Measures, paragraphs_of
from assistant.reading.pdf.repair import is_nonsense, repair_tables
from assistant.reading.pdf.strikes import struck_by_reviewers
from assistant.reading.pdf.writing import Writer
from assistant.reading.refusals import Refused
from assistant.records import Document

logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)  # it reports loops in an outline; they do no harm

MOST_PAGES = 25_000  # the page tree of a broken file may lie about millions
FEW_LETTERS = 12  # enough to call a short text nonsense
LONGEST_NOTICE = 1000  # characters
_NAMES_PROGRAM = re.compile(r"adobe\.com|Adobe Reader|Acrobat Reader|PDF viewer", re.IGNORECASE)
PAGES_TRIED = 20  # by the fallback before a file is given up
MOST_LISTED = 12  # pages in a warning


def read_pdf(data: bytes, source: str, sha256: str, *, ocr: bool = False) -> Document:
    """Read a PDF; Refused as `encrypted`, `damaged`, `too-large` or `no-text`. With `ocr`, pages without text are
    read by character recognition."""
    if not data:
        raise Refused("empty", "is empty. Copy it again from where it came from.")
    fallback = Fallback(data)
    document = _opened(data)
    _refuse_notice(document)
    count = len(document) if document else fallback.page_count()
    if count == 0:
        raise Refused("damaged", "is broken, or no PDF at all. Save it again from the program that made it.")
    if count > MOST_PAGES:
        raise Refused("too-large", f"has {count:,} pages. Split it into parts of at most {MOST_PAGES:,}.")
    builder = DocumentBuilder(source, sha256)
    sheets = _sheets(document, count, fallback, builder, ocr=ocr)
    taken = _take_furniture(sheets)
    measures = Measures.of(sheets)
    notes = take_notes(sheets, measures.size)
    joiner = Joiner(line for sheet in sheets for line in sheet.lines())
    paragraphs, typed_notes = take_typed_notes(paragraphs_of(sheets, measures, joiner))
    if not paragraphs:
        raise Refused("no-text", "shows pictures of text. Run with --ocr to have them read, or add a copy with text.")
    headings = headings_of(paragraphs, measures, bookmarks.titles(document))
    writer = Writer(builder, sheets, joiner, paragraphs, notes + typed_notes, headings)
    for sheet, printed in zip(sheets, printed_labels(taken), strict=True):
        label = (document.get_page_label(sheet.index) if document else None) or printed
        size = (None, None) if sheet.reader == "pypdf" else (sheet.raw.width, sheet.raw.height)
        builder.start_page(
            sheet.index + 1,
            label=label,
            reader=sheet.reader,
            width=size[0],
            height=size[1],
            confidence=sheet.confidence,
        )
        writer.page(sheet.index)
    writer.finish()
    shown = {sheet.index: " ".join(line.text for line in sheet.lines()) for sheet in sheets}
    for index, title in bookmarks.titles_not_shown(document, shown):
        builder.note("bookmark", title, page=index + 1)
    title = document.get_metadata_value("Title") if document else ""
    known = metadata(title, _most_frequent(taken), paragraphs, measures)
    if sheets[0].reader == "ocr":  # a scanned cover reads too badly to name the document
        known = replace(known, title=title.strip() or None)
    return builder.build(known)


def _opened(data: bytes) -> Any:
    """The file in PDFium, None when PDFium finds no document in it; Refused when it wants a password."""
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()
        return document
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            message = "is protected by a password. Save a copy without it and add that."
            raise Refused("encrypted", message) from error
        return None


def _refuse_notice(document: Any) -> None:
    """Refused when all that can be read is a notice that another program is needed: a form made with XFA."""
    kind = document.get_formtype() if document else raw.FORMTYPE_NONE
    if kind not in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND) or len(document) > 1:
        return
    text = document[0].get_textpage().get_text_bounded()
    # Other XFA files may hold the text itself, too.
    is_notice = kind == raw.FORMTYPE_XFA_FULL or _NAMES_PROGRAM.search(text)
    if is_notice and len(text) < LONGEST_NOTICE:
        message = "is a form (XFA) that only Adobe Reader shows. Open it there, print it as PDF, and add that."
        raise Refused("no-text", message)


def _sheets(document: Any, count: int, fallback: Fallback, builder: DocumentBuilder, *, ocr: bool) -> list[Sheet]:
    """All pages laid out, the bad ones by the fallback or empty; `builder` is told which these are."""
    pages = [_read(document, index) for index in range(count)]
    if not any(pages) and not any(fallback.text(index) for index in range(min(count, PAGES_TRIED))):
        raise Refused("damaged", "has no page that can be read. Save it again from the program that made it.")
    repair_tables([page for page in pages if page])
    if len(pages) == 1 and pages[0] and is_nonsense(pages[0].glyphs.codes, FEW_LETTERS):
        pages = [None]
    sheets: list[Sheet] = []
    for index, page in enumerate(pages):
        sheets.append(
            _second_try(fallback, index) if page is None or is_nonsense(page.glyphs.codes) else lay_out(page, index)
        )
        if ocr and document and not sheets[-1].columns:
            sheets[-1] = recognise(document, index) or sheets[-1]
        pages[index] = None  # laid out: its characters live on in the sheet alone
    _tell(builder, "words across the text, as of a stamp, were left out", [s.index for s in sheets if s.is_stamped])
    Losses(
        chart=sum(sheet.charts for sheet in sheets),
        struck=sum(sheet.struck for sheet in sheets),
        marked=sum(sheet.raw.struck_by_reviewers for sheet in sheets),
    ).tell(builder)
    _tell(builder, "no text that can be read", [sheet.index for sheet in sheets if not sheet.columns])
    _tell(builder, "read by character recognition", [sheet.index for sheet in sheets if sheet.reader == "ocr"])
    _tell(
        builder, "text without places", [sheet.index for sheet in sheets if sheet.columns and sheet.reader == "pypdf"]
    )
    return sheets


def _read(document: Any, index: int) -> RawPage | None:
    if document is None:
        return None
    try:
        page = document[index]
        marked = struck_by_reviewers(page)
        page, fields = flattened(document, page, index)
        read = read_page(page, [field.area for field in fields])
        page.close()
        set_beside_labels(read.glyphs, read.fields)
        return replace(read, glyphs=with_choices(read.glyphs, read.fields, fields), struck_by_reviewers=marked)
    except pdfium.PdfiumError:
        return None


def _second_try(fallback: Fallback, index: int) -> Sheet:
    """What pypdf reads on a page that PDFium does not; an empty sheet when that is nonsense too."""
    text = fallback.text(index)
    if is_nonsense(np.array([ord(letter) for letter in text if not letter.isspace()], np.int64), FEW_LETTERS):
        text = ""
    return sheet_of(text, index)


def _tell(builder: DocumentBuilder, what: str, indices: Sequence[int]) -> None:
    if indices:
        listed = ", ".join(str(index + 1) for index in indices[:MOST_LISTED])
        more = f" and {len(indices) - MOST_LISTED} more" if len(indices) > MOST_LISTED else ""
        builder.warn(f"{'Page' if len(indices) == 1 else 'Pages'} {listed}{more}: {what}.")


def _take_furniture(sheets: Sequence[Sheet]) -> list[list[str]]:
    """Take running heads, page numbers and masthead out of the sheets; gives their texts, page by page."""
    found = furniture(
        [SheetLines([*sheet.free_lines(), *sheet.turned], sheet.height, sheet.table_lines()) for sheet in sheets]
    )
    texts = [[line.text for line in sheet.lines() if id(line) in found] for sheet in sheets]
    for sheet in sheets:
        sheet.keep({id(line) for line in sheet.lines()} - found)
        sheet.turned = [line for line in sheet.turned if id(line) not in found]
    return texts


def _most_frequent(texts: Sequence[Sequence[str]]) -> list[str]:
    return [text for text, _ in Counter(text for page in texts for text in page).most_common()]
