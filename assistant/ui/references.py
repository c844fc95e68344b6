"""How a source is named: in the list of sources, in the viewer, in what is copied and exported.

Publisher, title, symbol, year, page, paragraph: what a reader needs to find the place in the document itself.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import PurePosixPath

from babel.dates import format_date

from assistant.records import Answer, Citation
from assistant.ui.languages import current, text
from assistant.ui.plain import isolated

_PAGED = (".pdf", ".pptx")
_PARTED = (".epub", ".xlsx", ".xlsm", ".xltx", ".xltm")  # their pages are chapters and sheets: headings name them


def reference(citation: Citation) -> str:
    """The full reference on one line: "DCAF, Vetting, 2021, p. 4, para. 17".

    A year that stands in the symbol or the title is not said twice, nor a page where the file has none.
    """
    named = [citation.publisher, citation.title or citation.source, citation.symbol]
    if citation.year and not any(str(citation.year) in (part or "") for part in named):
        named.append(str(citation.year))
    return ", ".join(isolated(part) for part in [*named, *place(citation)] if part)


def place(citation: Citation) -> list[str]:
    """Where in its document a quote stands: pages and paragraph, or the section where a file has no pages."""
    has_heading = citation.section and not _has_pages(citation)
    return (
        [f"“{isolated(citation.section[-1])}”", *pages_and_paragraph(citation)]
        if has_heading
        else pages_and_paragraph(citation)
    )


def pages_and_paragraph(citation: Citation) -> list[str]:
    """The pages and the paragraph on which a quote stands, where the file has such."""
    where = []
    if _has_pages(citation):
        first = citation.page_label or str(citation.page)
        pages = first if citation.page_end == citation.page else f"{first}–{citation.page_end}"
        where.append(text("chat.page", page=pages))
    if citation.paragraph:
        where.append(text("chat.paragraph", paragraph=citation.paragraph))
    return where


def _has_pages(citation: Citation) -> bool:
    kind = PurePosixPath(citation.source).suffix.lower()
    return kind not in _PARTED and (citation.page_end > 1 or citation.page_label is not None or kind in _PAGED)


def warning(citation: Citation) -> str | None:
    """What a document's status says against relying on it; None for one in force, an account of a finished case, or
    unknown status."""
    status = (citation.status or "").strip()
    return isolated(status) if status and status.casefold() not in ("in force", "closed") else None


def standing(citation: Citation) -> str:
    """Whether the document is the text itself or a note on it, and up to which month its facts were checked; empty
    where neither is known."""
    known = [text(f"references.{citation.source_type}")] if citation.source_type else []
    if citation.checked:
        known.append(text("references.checked", month=month(citation.checked)))
    return ", ".join(known)


def month(written: str) -> str:
    """A month such as "2026-11" in words of the page's language; anything else as it is written."""
    try:
        return format_date(date.fromisoformat(f"{written}-01"), "MMMM y", current())
    except ValueError:
        return isolated(written)


def quote_with_reference(citation: Citation) -> str:
    """The quote as it is copied into a text of one's own."""
    words = " ".join(" ".join(span.text for span in citation.spans).split()) or citation.quote
    return f"“{isolated(words)}” ({reference(citation)})"


def answer_with_references(answer: Answer) -> str:
    """The answer as text, with the numbered references below it."""
    lines = [isolated(line) for line in answer.text.splitlines()]
    if answer.citations:
        lines += ["", text("chat.sources"), *numbered(answer.citations)]
    return "\n".join(lines)


def numbered(citations: Iterable[Citation]) -> list[str]:
    """One line "[n] reference" for each citation, with what it is worth."""
    return [
        " ".join([f"[{citation.number}] {reference(citation)}", *(f"({words})" for words in remarks(citation))])
        for citation in citations
    ]


def remarks(citation: Citation) -> list[str]:
    """What a source is worth: primary text or note, how far checked, the status of its document, a page read by
    character recognition."""
    found = [words] if (words := standing(citation)) else []
    if status := warning(citation):
        found.append(text("viewer.superseded", status=status))
    if citation.ocr_confidence is not None:
        found.append(text("references.by_ocr", percent=round(100 * citation.ocr_confidence)))
    return found
