"""Quotes as numbered citations, and an answer as the JSON of the contract: one place for both.

The law: every span of a citation is a slice of its page, `page_text[start:end] == text`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from assistant.passages import paragraph_at
from assistant.provenance import source_type
from assistant.records import Answer, Citation, Claim, Note, Passage, Span

if TYPE_CHECKING:
    from assistant.library import Library


@dataclass(frozen=True, slots=True)
class Quote:
    """A contiguous run of sentences of one passage: those from `first` to `last`, both included."""

    passage: Passage
    first: int
    last: int

    @property
    def start(self) -> int:
        return self.passage.sentences[self.first].start

    @property
    def end(self) -> int:
        return self.passage.sentences[self.last].end


def spans_of(quote: Quote) -> tuple[Span, ...]:
    """Where a quote stands, page by page, without white space at the ends."""
    found = []
    at = quote.passage.start
    for span in quote.passage.spans:
        at += _space_before(quote.passage.text[at - quote.passage.start :])
        start, end = max(at, quote.start), min(at + len(span.text), quote.end)
        text = span.text[start - at : end - at] if start < end else ""
        if text.strip():
            begin = span.start + start - at + _space_before(text)
            found.append(Span(span.page, begin, begin + len(text.strip()), text.strip()))
        at += len(span.text)
    return tuple(found)


def _space_before(text: str) -> int:
    return len(text) - len(text.lstrip())


def cite(number: int, quote: Quote, library: "Library") -> Citation:
    """A quote as the citation [number]; label and confidence are those of its first page."""
    spans = spans_of(quote)
    passage = quote.passage
    metadata = library.document(passage.source).metadata
    page = library.page(passage.source, spans[0].page)
    return Citation(
        number=number,
        source=passage.source,
        title=metadata.title,
        publisher=metadata.publisher,
        year=metadata.year,
        symbol=metadata.symbol,
        kind=metadata.kind,
        status=metadata.status,
        page=spans[0].page,
        page_end=spans[-1].page,
        page_label=page.label,
        section=passage.section,
        paragraph=paragraph_at(passage, quote.first),
        quote=spans[0].text,
        start=spans[0].start,
        end=spans[0].end,
        spans=spans,
        passage_id=passage.id,
        ocr_confidence=page.confidence,
        source_type=source_type(metadata),
        checked=metadata.checked,
        footnotes=_footnotes(quote, library),
    )


def _footnotes(quote: Quote, library: "Library") -> tuple[str, ...]:
    """The footnotes whose marks stand in a quote or right behind it, in order."""
    notes = library.notes_of(quote.passage.id)
    return tuple(dict.fromkeys(n.text for n in notes if n.anchor is not None and quote.start < n.anchor <= quote.end))


def text_of(claims: Sequence[Claim]) -> str:
    """The text of an answer: its claims, each followed by its marks; items and paragraphs on lines of their own.

    >>> text_of([Claim("Vetting is a check.", (1, 2)), Claim("(a) police;", (3,), item=True)])
    'Vetting is a check. [1] [2]\\n(a) police; [3]'
    """
    text = ""
    for before, claim in zip([None, *claims], claims, strict=False):
        apart = claim.item or claim.opens_paragraph or (before is not None and before.item)
        text += ("\n" if apart else " ") if before else ""
        text += " ".join([claim.text, *(f"[{number}]" for number in claim.citations)])
    return text


def answer_to_json(answer: Answer, identifier: object = None) -> dict[str, Any]:
    """An answer as the contract has it; `identifier` is the id of the question, where it has one."""
    fields: dict[str, Any] = {} if identifier is None else {"id": identifier}
    fields.update(asdict(answer))
    fields["timings_ms"] = {name: round(value, 1) for name, value in answer.timings_ms.items()}
    return fields


def passage_to_json(passage: Passage, score: float, notes: Sequence[Note]) -> dict[str, Any]:
    """A passage that was found, as the contract has it, with the notes whose marks stand in it."""
    first = passage.spans[0]
    return {
        "id": passage.id,
        "source": passage.source,
        "page": first.page,
        "page_end": passage.spans[-1].page,
        "section": passage.section,
        "paragraph": passage.paragraph,
        "start": first.start,
        "end": first.end,
        "text": passage.text,
        "spans": [asdict(span) for span in passage.spans],
        "notes": [{"page": note.page, "mark": note.mark, "text": note.text} for note in notes],
        "score": round(score, 4),
    }


def one_line(text: str) -> str:
    """Text of a page as it is shown in a sentence: line ends are spaces."""
    return " ".join(text.split())
