"""The nouns of the assistant: plain frozen records that travel between its rooms.

Two laws hold everywhere. Offsets count Unicode code points. Text shown as a quote is a slice of a stored
page: for every `Span` of a passage or a citation, `page_text[span.start:span.end] == span.text`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

NoteKind = Literal["doctrine", "practice-note", "case-study", "lesson"]
PrimaryKind = Literal["resolution", "report", "law", "policy", "standard", "manual"]
Kind = Literal[NoteKind, PrimaryKind, "other"]
BlockKind = Literal["heading", "paragraph", "item", "table", "caption", "code"]
Reason = Literal["encrypted", "no-text", "damaged", "empty", "unsupported", "too-large", "timeout", "unreadable"]
SourceType = Literal["primary", "note"]
QuestionType = Literal[
    "definition", "list", "factoid", "explanation", "comparison", "chronology", "yes-no", "paragraph", "small-talk"
]
ClaimState = Literal["verbatim", "judged", "no_claim", "no_citation", "unknown_citation"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document beyond its text. Unknown is None or empty, never guessed.

    `checked`: the month up to which its facts were checked, as in "2026-11".
    """

    title: str | None = None
    kind: Kind | None = None
    symbol: str | None = None
    publisher: str | None = None
    organisations: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    mission: tuple[str, ...] = ()
    period: str | None = None
    year: int | None = None
    checked: str | None = None
    edition: str | None = None
    status: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the slice `document.text[start:end]`.

    `number` counts from 1: the physical page of a PDF, the slide, or N of a line `[page N]`; else 1.
    `label` is the printed page number where the file states one. `boxes` is a float32 array of shape
    (end - start, 4), in points from the top left corner (left, top, right, bottom) of the page as shown
    (`width`, `height` in points), a row of NaN for a character that stands nowhere on the page; None where
    the reader knows no places. `reader` names what read it ("pypdfium2", "pypdf", "ocr", ...).
    """

    number: int
    start: int
    end: int
    label: str | None = None
    reader: str = ""
    width: float | None = None
    height: float | None = None
    boxes: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    confidence: float | None = None  # mean word confidence of OCR, 0 to 1


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of structure: the slice `document.text[start:end]`, in reading order, never overlapping.

    `level`: depth of a heading from 1, or of a list item from 1. `number`: the printed number of a numbered
    paragraph, heading or item ("17", "1-64", "(a)"), which also stands in the text. A `table` block holds
    its rows as lines, cells parted by " | "; `header_rows` of them are header.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    number: str | None = None
    header_rows: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote: outside the body text, tied to the place where its mark stood.

    `anchor` is an offset into `document.text`, None where the mark was not found.
    """

    page: int
    mark: str
    text: str
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file as the assistant reads it: one text, its pages, its structure.

    Pages and blocks are in order and slice `text`; between two pages stands one "\\n" that belongs to
    neither. `source` is the path relative to the corpus folder, with "/"; `format` names the reader.
    """

    source: str
    sha256: str
    text: str = field(repr=False)
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...] = field(repr=False)
    metadata: Metadata
    notes: tuple[Note, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = ()
    format: str = ""

    def page_text(self, page: Page) -> str:
        return self.text[page.start : page.end]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be read: why, and the way out, as a sentence for a person. `format` names the reader, where
    it came to one."""

    source: str
    sha256: str
    reason: Reason
    message: str
    format: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one page: `page_text[start:end] == text`."""

    page: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as offsets into `document.text`, with the kind of block it stands in."""

    start: int
    end: int
    kind: BlockKind = "paragraph"


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded, found and cited: a contiguous stretch of one section of one document.

    `document.text[start:end] == text`; `spans` are the same stretch page by page. `section` is the heading
    path, outermost first. `context` (lead-in of a list, caption and header of a table, cut off from this
    part of it) is read by the models with the text but is no part of it. `id` is a digest of the document's
    source and the passage's place and text: the same corpus gives the same ids on every machine.
    """

    id: str
    source: str
    start: int
    end: int
    text: str
    spans: tuple[Span, ...]
    section: tuple[str, ...] = ()
    paragraph: str | None = None
    context: str = ""
    sentences: tuple[Sentence, ...] = ()

    def sentence_text(self, sentence: Sentence) -> str:
        return self.text[sentence.start - self.start : sentence.end - self.start]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer: OR within a field, AND between fields; empty means all."""

    kind: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    mission: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier turn of a conversation. The question after it is understood without its answer."""

    question: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question that stands alone, and what was recognised in it.

    `text` is the question as understood (follow-ups completed), `asking` the part of it that asks; `terms` its content
    words in order; `expansions` the other forms of acronyms in it ("SSR" -> "security sector reform"); `names`
    countries, missions and organisations of the library that it names; `symbols` document symbols ("S/RES/2151");
    `identifiers` codes and numbers of things ("post 67"); `language` the two-letter code of the language that it is in;
    `parts` the two questions of a text that asks two.
    """

    question: str
    text: str
    asking: str
    terms: tuple[str, ...] = ()
    expansions: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    type: QuestionType = "explanation"
    filters: Filters = Filters()
    language: str = "en"
    parts: "tuple[Query, ...]" = ()


@dataclass(frozen=True, slots=True)
class PreparedPlace:
    """Where a prepared question leads: `document.text[start:end]`, which stands in the passages with these ids."""

    question: str
    source: str
    start: int
    end: int
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that retrieval found, with its fused score; `ranks` says at which rank each list had it. `prepared`:
    the prepared question close to what is asked that leads here."""

    passage: Passage
    score: float
    ranks: Mapping[str, int] = field(default_factory=dict)
    prepared: PreparedPlace | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A hit as the reader scored it: `score` in 0..1 that the answer is here, one score for each sentence."""

    passage: Passage
    score: float
    sentence_scores: tuple[float, ...]
    prepared: PreparedPlace | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim stands: one contiguous quote of one document; page and offsets are those of the first span.

    `source_type` says whether the document is the text itself or a note on it, `checked` up to which month its facts
    were checked; None where that is not known. `footnotes` are those whose marks stand in the quote: what a note rests
    on. `ocr_confidence` is 0 to 1 where the page was read by character recognition, else None.
    """

    number: int
    source: str
    title: str | None
    publisher: str | None
    year: int | None
    symbol: str | None
    kind: str | None
    status: str | None
    page: int
    page_end: int
    page_label: str | None
    section: tuple[str, ...]
    paragraph: str | None
    quote: str
    start: int
    end: int
    spans: tuple[Span, ...]
    passage_id: str
    ocr_confidence: float | None = None
    source_type: SourceType | None = None
    checked: str | None = None
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, without markers, with the numbers of the citations it rests on.

    `item` says that it is one of a list, to be shown on a line of its own, `opens_paragraph` that it comes from
    another place than the claim before it. `original` is the sentence that was judged, where `text` is a translation.
    """

    text: str
    citations: tuple[int, ...] = ()
    state: ClaimState = "verbatim"
    support: float | None = None
    supported: bool | None = None
    item: bool = False
    opens_paragraph: bool = False
    original: str | None = None


# Why a question is not answered, or not as it was asked (premise-denied). Missing can be the document or paragraph that
# it names, the sort of thing that it asks for, its year, its country, another name or code in it.
AbstentionReason = Literal[
    "small-talk",
    "premise-denied",
    "nothing-near",
    "nothing-quotable",
    "declined-by-model",
    "document-missing",
    "paragraph-missing",
    "thing-missing",
    "year-missing",
    "country-missing",
    "name-missing",
    "identifier-missing",
]


@dataclass(frozen=True, slots=True)
class Nearest:
    """A passage named in an abstention: near the question, though it does not answer it."""

    source: str
    title: str | None
    page: int
    section: tuple[str, ...]
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class NoteOnAnswer:
    """Something the reader of an answer should know: a stable code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the trainee gets. `text` is the claims with " [n]" after each, or the abstention sentence; `reason` says why
    it is one."""

    question: str
    rewritten: str | None
    status: Literal["answered", "abstained"]
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Nearest, ...]
    notes: tuple[NoteOnAnswer, ...]
    complete: bool
    generation: str
    model: str | None
    timings_ms: Mapping[str, float]
    reason: AbstentionReason | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """The answer in the documents' own words, whole and judged, that can be read while a chat model writes."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Writing:
    """What a chat model has written since the last Claim, as far as it has come, without marks of citations.

    Each one replaces the one before, and the next Claim replaces them all. Nobody has judged it yet.
    """

    text: str


StreamEvent = Quoted | Writing | Claim | Answer
