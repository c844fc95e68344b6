"""From a document to passages: structure first, size second.

A passage never crosses a document or a section. A list stays with its lead-in, a table with its caption and
header, a numbered paragraph with its number. What is small joins its neighbours of the same section; what is
long is parted between items, rows or sentences, and the later parts carry the lead-in, caption or header as
`context`, which the models read and which is no part of the text. Sizes are in word pieces of the library's encoder.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.records import Block, BlockKind, Document, Passage, Sentence, Span
from assistant.sentences import split_sentences

SPLITTER_VERSION = "2"
# Of 110, 160, 200 and 260 words, passages of about 200 have the right one first most often (docs/decisions.md).
TARGET = 240  # word pieces of a passage that is put together or parted
MOST = 280  # word pieces of any passage's text
CONTEXT = 40  # word pieces of lead-in, caption or header repeated with a later part
HEADINGS = 40  # word pieces of title and section that are read with a passage
_NUMBER = 10  # word pieces that the number of a paragraph or a footnote's mark may add to a sentence
_RUNT = 40  # what is smaller goes with a neighbour even beyond the target
_ONE_SENTENCE = 60  # an item up to here is one sentence; a longer one is prose
_CHARACTERS_A_TOKEN = 8  # bounds text of which the tokenizer makes few word pieces, such as debris

Path = tuple[str, ...]


def split_into_passages(
    document: Document, count_tokens: Callable[[str], int], room: int = MOST + CONTEXT + HEADINGS
) -> list[Passage]:
    """The passages of a document, in order, none overlapping. `count_tokens` counts word pieces of a text, `room` is
    how many the model reads: where it is less than the usual passage needs, passages are smaller.

    A section with a heading and no body gives no passage, unless the whole document would give none: slides
    with titles only are found by their titles.
    """
    splitter = _Splitter(document.text, count_tokens, min(MOST, room - CONTEXT - HEADINGS))
    passages = [
        _passage(document, path, unit)
        for path, blocks in _sections(document)
        for unit in splitter.joined([unit for group in _groups(blocks) for unit in splitter.units(group)])
    ]
    if not passages:
        headings = [unit for block in document.blocks for unit in splitter.units([block])]
        passages = [_passage(document, (), unit) for unit in splitter.joined(headings)]
    return passages


def embedded_text(
    passage: Passage, title: str | None, count_tokens: Callable[[str], int], room: int
) -> tuple[str, str]:
    """What the model reads of a passage: (header, text). The header is "title > heading path" and, on a line of
    its own, the context; both are shortened to what is worth reading, and further where all together would be more
    than `room`, the word pieces that the model reads."""
    room -= count_tokens(passage.text)
    context = _shortened(passage.context, min(room, CONTEXT), count_tokens)
    room = min(room - count_tokens(context), HEADINGS)
    headings = [title or "", *(h for h in passage.section if _folded(h) != _folded(title or ""))]
    kept = [""] * len(headings)
    # The nearest heading says most, then the title, then the headings between from within.
    for index in sorted(range(len(headings)), key=lambda i: (i != len(headings) - 1, i != 0, -i)):
        kept[index] = _shortened(headings[index], room, count_tokens)
        room -= count_tokens(kept[index]) + 1
    path = " > ".join(heading for heading in kept if heading)
    return "\n".join(part for part in (path, context) if part), passage.text


def paragraph_at(passage: Passage, index: int) -> str | None:
    """The number of the paragraph in which a sentence of the passage stands, where several short ones share it."""
    numbers = (passage.paragraph or "").split(", ")
    if len(numbers) == 1:
        return passage.paragraph
    found, before = numbers[0], passage.start
    for sentence in passage.sentences[: index + 1]:
        gap = passage.text[before - passage.start : sentence.start - passage.start].strip(" \n()[].")
        found = gap if gap in numbers else found
        before = sentence.end
    return found


def item_number(passage: Passage, index: int) -> str | None:
    """The number of an item of a numbered list, as in "3. Decides ..."; None for any other sentence."""
    sentence = passage.sentences[index]
    mark = re.match(r"[(\[]?(\d{1,3})[.)\]]", passage.sentence_text(sentence)) if sentence.kind == "item" else None
    return mark[1] if mark else None


def gives_reasons(passage: Passage) -> bool:
    """Whether the heading over a passage says so: "4. Why oversight is weak after war"."""
    return _is_headed(passage, "why")


def tells_how(passage: Passage) -> bool:
    """Whether the heading over a passage says so: "How vetting is done"."""
    return _is_headed(passage, "how")


def _is_headed(passage: Passage, word: str) -> bool:
    return bool(passage.section) and bool(re.match(rf"[\W\d]*{word}\b", passage.section[-1], re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence and the stretch of text that goes with it, of `size` word pieces."""

    start: int
    end: int
    size: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class _Unit:
    """Pieces that stand together, at most `MOST` word pieces."""

    pieces: tuple[_Piece, ...]
    number: str | None = None
    context: str = ""

    @property
    def size(self) -> int:
        return sum(piece.size for piece in self.pieces)


def _sections(document: Document) -> Iterator[tuple[Path, list[Block]]]:
    """Runs of blocks between headings, each with its heading path."""
    path: list[tuple[int, str]] = []
    body: list[Block] = []
    for block in document.blocks:
        if block.kind != "heading":
            body.append(block)
            continue
        if body:
            yield tuple(heading for _, heading in path), body
            body = []
        while path and path[-1][0] >= block.level:
            path.pop()
        path.append((block.level, " ".join(document.text[block.start : block.end].split())))
    if body:
        yield tuple(heading for _, heading in path), body


def _groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks that belong together: a list with its lead-in, a table with what introduces it."""
    group: list[Block] = []
    for index, block in enumerate(blocks):
        following = blocks[index + 1].kind if index + 1 < len(blocks) else None
        if group and not _belongs(group[-1].kind, block.kind, following):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _belongs(last: BlockKind, kind: BlockKind, following: BlockKind | None) -> bool:
    """Whether a block of this kind belongs to the group that ends with a block of the kind `last`."""
    if kind == "item":
        return last in ("paragraph", "item")
    if kind == "table":
        return last in ("paragraph", "caption")
    return kind == "caption" and last == "table" and following != "table"


class _Splitter:
    """Cuts the blocks of one text into units of at most `most` word pieces."""

    def __init__(self, text: str, count_tokens: Callable[[str], int], most: int) -> None:
        self._text = text
        self._count_tokens = count_tokens
        self._most = most
        self._target = min(TARGET, most)
        self._cutter = RecursiveCharacterTextSplitter(
            separators=[r"(?<=[;:—])\s", r"(?<=,)\s", r"\s", ""],
            is_separator_regex=True,
            keep_separator="end",
            chunk_size=self._target,
            chunk_overlap=0,
            length_function=self._size,
            add_start_index=True,
        )

    def units(self, group: Sequence[Block]) -> Iterator[_Unit]:
        """The units of blocks that belong together: one where they fit, else parts."""
        number = group[0].number if group[0].kind == "paragraph" else None
        pieces = [self._pieces(block) for block in group]
        flat = [piece for block in pieces for piece in block]
        if not flat:
            return
        if sum(piece.size for piece in flat) <= self._most:
            yield _Unit(tuple(flat), number)
        elif len(group) == 1 and group[0].kind not in ("item", "table"):
            yield from (_Unit(tuple(part), number) for part in self._parted([[piece] for piece in flat]))
        else:
            yield from self._listed(group, pieces, number)

    def _listed(self, group: Sequence[Block], pieces: list[list[_Piece]], number: str | None) -> Iterator[_Unit]:
        """A list or table that is too long: parted between items or rows, with the lead-in or header repeated."""
        is_lead = [block.kind in ("paragraph", "caption") for block in group]
        leading = is_lead.index(False)
        lead = [piece for block in pieces[:leading] for piece in block]
        rest = [piece for block in pieces[leading:] for piece in block]
        before, lead = lead[:-1], lead[-1:]
        if before:
            yield from (_Unit(tuple(part), number) for part in self._parted([[piece] for piece in before]))
        while rest and rest[0].sentence.kind == "heading":  # header rows of a table
            lead.append(rest.pop(0))
        levels = {block.start: block.level for block in group if block.kind == "item"}
        for part in self._parted(self._with_lead(lead, rest)):
            is_first = part[0] is (lead or rest)[0]
            context = "" if is_first else self._context([*lead, *_parents(rest, part[0], levels)])
            yield _Unit(tuple(part), number, context)

    def _context(self, pieces: Sequence[_Piece]) -> str:
        """Lead-in, header and items above, each shortened so that all together keep to the limit."""
        each = CONTEXT // max(1, len(pieces))
        texts = (" ".join(self._text[piece.start : piece.end].split()) for piece in pieces)
        return "\n".join(_shortened(text, each, self._count_tokens) for text in texts)

    def _pieces(self, block: Block) -> list[_Piece]:
        """The sentences of a block, each with the text up to the next, none longer than a passage may be."""
        sentences = [cut for sentence in self._sentences(block) for cut in self._cut(sentence)]
        pieces = []
        for index, sentence in enumerate(sentences):
            start = sentence.start if index else block.start
            until = sentences[index + 1].start if index + 1 < len(sentences) else sentence.end
            pieces.append(_Piece(start, sentence.end, self._size(self._text[start:until]), sentence))
        return pieces

    def _sentences(self, block: Block) -> Iterator[Sentence]:
        text = self._text[block.start : block.end]
        if block.kind == "table":
            rows = [row for row in re.finditer(r"[^\n]+", text) if row[0].strip()]
            for index, row in enumerate(rows):
                yield self._trimmed(block, row.span(), "heading" if index < block.header_rows else "table")
        elif block.kind == "code":
            for row in re.finditer(r"[^\n]*\S[^\n]*", text):
                yield self._trimmed(block, row.span(), "code")
        elif block.kind == "paragraph" or (block.kind == "item" and self._size(text) > _ONE_SENTENCE):
            prose = _after_number(text, block) if block.kind == "paragraph" else 0
            for start, end in split_sentences(text[prose:]):
                yield Sentence(block.start + prose + start, block.start + prose + end, block.kind)
        elif text.strip():
            yield self._trimmed(block, (0, len(text)), block.kind)

    def _trimmed(self, block: Block, span: tuple[int, int], kind: BlockKind) -> Sentence:
        start, end = block.start + span[0], block.start + span[1]
        text = self._text[start:end]
        return Sentence(end - len(text.lstrip()), start + len(text.rstrip()), kind)

    def _cut(self, sentence: Sentence) -> Iterator[Sentence]:
        """A sentence longer than a passage may be, cut at clauses or words; any other as it is."""
        text = self._text[sentence.start : sentence.end]
        if self._size(text) <= self._most - _NUMBER:
            yield sentence
            return
        for part in self._cutter.create_documents([text]):
            start = sentence.start + part.metadata["start_index"]
            yield Sentence(start, start + len(part.page_content), sentence.kind)

    def _size(self, text: str) -> int:
        return max(self._count_tokens(text), ceil(len(text) / _CHARACTERS_A_TOKEN))

    def _with_lead(self, lead: list[_Piece], rest: list[_Piece]) -> list[list[_Piece]]:
        """What may be parted: the lead-in stays with the first item where both fit one passage."""
        if lead and rest and sum(piece.size for piece in [*lead, rest[0]]) <= self._most:
            return [[*lead, rest[0]], *([piece] for piece in rest[1:])]
        return [[piece] for piece in [*lead, *rest]]

    def _parted(self, atoms: Sequence[list[_Piece]]) -> Iterator[list[_Piece]]:
        """Runs of atoms of about even size near the target; none above the most unless a single atom is."""
        sizes = [sum(piece.size for piece in atom) for atom in atoms]
        aim = sum(sizes) / max(1, ceil(sum(sizes) / self._target))
        part: list[_Piece] = []
        filled = 0
        for atom, size in zip(atoms, sizes, strict=True):
            if part and (filled + size > self._most or filled + size / 2 > aim):
                yield part
                part, filled = [], 0
            part = [*part, *atom]
            filled += size
        if part:
            yield part

    def joined(self, units: Sequence[_Unit]) -> list[_Unit]:
        """Small neighbours put together up to the target size."""
        joined: list[_Unit] = []
        for unit in units:
            if joined and self._may_join(joined[-1], unit):
                numbers = dict.fromkeys(n for n in (joined[-1].number, unit.number) if n)
                joined[-1] = replace(
                    joined[-1], pieces=joined[-1].pieces + unit.pieces, number=", ".join(numbers) if numbers else None
                )
            else:
                joined.append(unit)
        return joined

    def _may_join(self, last: _Unit, unit: _Unit) -> bool:
        if last.context or unit.context:
            return False
        is_small = min(last.size, unit.size) < _RUNT
        return last.size + unit.size <= (self._most if is_small else self._target)


def _after_number(text: str, block: Block) -> int:
    """Where the words of a numbered paragraph begin: its number is no part of a sentence."""
    found = re.match(rf"\s*[(\[]?{re.escape(block.number)}[.)\]]*\s+(?=\S)", text) if block.number else None
    return found.end() if found else 0


def _parents(items: Sequence[_Piece], first: _Piece, levels: dict[int, int]) -> list[_Piece]:
    """The items that the item `first` stands under, outermost first."""
    above = [item for item in items if item.start < first.start and item.start in levels]
    level = levels.get(first.start, levels[above[-1].start] + 1 if above else 0)
    found: list[_Piece] = []
    for item in reversed(above):
        if levels[item.start] < level:
            level = levels[item.start]
            found.insert(0, item)
    return found


def _passage(document: Document, path: Path, unit: _Unit) -> Passage:
    start, end = unit.pieces[0].start, unit.pieces[-1].end
    start += len(document.text[start:end]) - len(document.text[start:end].lstrip())
    text = document.text[start:end]
    identity = f"{document.source}\n{start}\n{end}\n{text}".encode()
    return Passage(
        id=hashlib.sha256(identity).hexdigest()[:20],
        source=document.source,
        start=start,
        end=end,
        text=text,
        spans=_spans(document, start, end),
        section=path,
        paragraph=unit.number,
        context=unit.context,
        sentences=tuple(piece.sentence for piece in unit.pieces),
    )


def _spans(document: Document, start: int, end: int) -> tuple[Span, ...]:
    """The stretch page by page, without white space at the ends, pages that hold none of it left out."""
    spans = []
    first = max(0, bisect_right(document.pages, start, key=lambda page: page.start) - 1)
    for page in document.pages[first:]:
        if page.start >= end:
            break
        cut = document.text[max(start, page.start) : min(end, page.end)]
        at = max(start, page.start) + len(cut) - len(cut.lstrip()) - page.start
        if cut.strip():
            spans.append(Span(page.number, at, at + len(cut.strip()), cut.strip()))
    return tuple(spans)


def _shortened(text: str, most: int, count_tokens: Callable[[str], int]) -> str:
    """The first words of a text, at most `most` word pieces, "…" after them where some are left out."""
    if count_tokens(text) <= most:
        return text
    words = text.split()
    while words and count_tokens(" ".join(words) + " …") > most:
        words.pop()
    return " ".join(words) + " …" if words else ""


def _folded(heading: str) -> str:
    return " ".join(heading.casefold().split())
