"""The two sides of a comparison: what tesseract saw on a page, and what our reader stored of it, as tokens."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.records import Document, Note, Page
from evals.fidelity.sight import SeenWord
from evals.fidelity.words import Token, level, tokens_of, words_in

_HYPHENS = ("-", "‐", "‑", "\xad")
_BETWEEN = ".,;:'\"/)-"  # tesseract may read a mark as part of the word that it stands at: "2005.12"


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of a page: its text, then its notes, each begun by its mark.

    `anchors`: the words at which marks of notes stood, and these marks, both levelled. `carried`: the last word of the
    page before, since a word broken by a page end is stored whole where it begins.
    """

    text: str = ""
    tokens: list[Token] = field(default_factory=list)
    anchors: list[tuple[str, str]] = field(default_factory=list)
    carried: str = ""


def stored_side(document: Document, page: Page) -> Stored:
    """The page's slice of the document's text and its notes.

    Marks of notes match, but do not count. Nor does the last note of this page and of the page before: a note that
    goes on overleaf is stored whole where it begins. Tables and notes have no order: tesseract reads a table by rows
    or by columns, as it comes.
    """
    body = document.page_text(page)
    tables = [
        (block.start - page.start, block.end - page.start)
        for block in document.blocks
        if block.kind == "table" and block.start < page.end and block.end > page.start
    ]
    tokens = [replace(token, in_order=not _is_within(token, tables)) for token in tokens_of(body)]
    marks = list(_marks(document, page))
    anchors = [(word.text, level(mark)) for place, mark in marks if (word := _word_before(tokens, place))]
    tokens += [_loose(Token(word, place, place)) for place, mark in marks for word in words_in(mark)]
    tokens.sort(key=lambda token: token.end)
    text = body
    for note, goes_on in _notes_of(document, page):
        begin = len(text) + 1
        text += f"\n{note.mark} {note.text}"
        tokens += map(_loose, tokens_of(note.mark, begin))
        rest = tokens_of(note.text, begin + len(note.mark) + 1)
        tokens += map(_loose, rest) if goes_on else (replace(token, in_order=False) for token in rest)
    for note, _ in _notes_of(document, page, -1)[-1:]:
        tokens += [_loose(Token(token.text, len(text), len(text))) for token in tokens_of(note.text)]
    before = document.text[: page.start].split()[-1:]
    return Stored(text, tokens, anchors, (words_in(before[0]) or [""])[-1] if before else "")


def _notes_of(document: Document, page: Page, away: int = 0) -> list[tuple[Note, bool]]:
    """The notes of the page, or of one so far away, and whether it may go on overleaf."""
    notes = [note for note in document.notes if note.page == page.number + away]
    return [(note, note is notes[-1]) for note in notes]


def _loose(token: Token) -> Token:
    return replace(token, counted=False, in_order=False)


def _is_within(token: Token, stretches: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in stretches)


def _marks(document: Document, page: Page) -> Iterator[tuple[int, str]]:
    """Where in the page's text the mark of a note stood, and the mark."""
    for note in document.notes:
        if note.anchor is not None and page.start <= note.anchor <= page.end:
            yield note.anchor - page.start, note.mark


def _word_before(tokens: Sequence[Token], place: int) -> Token | None:
    return max((token for token in tokens if token.start < place), key=lambda token: token.start, default=None)


def seen_side(words: Sequence[SeenWord], left_out: Collection[int], stored: Stored) -> list[Token]:
    """The words that tesseract saw; `start` and `end` of a token slice `words`.

    Words that tesseract is not sure of and those of the lines `left_out` match, but do not count. A word broken at a
    line end is made whole, and one that a mark of a note was read into is parted from it.
    """
    tokens, taken = list[Token](), -1
    for place, word in enumerate(words):
        if place == taken:
            continue
        counted = word.is_sure and word.line not in left_out and not _is_bullet(words, place)
        text, end = word.text, place + 1
        broken = len(text) > 1 and text.endswith(_HYPHENS)
        if broken and (taken := _continued_at(words, place, left_out)) >= 0:
            counted = counted and words[taken].is_sure
            text, end, broken = text + words[taken].text, taken + 1, False
        tokens += [Token(found, place, end, counted and not broken, broken=broken) for found in words_in(text)]
    first = next((place for place, token in enumerate(tokens) if token.counted), None)
    if first is not None and stored.carried.endswith(tokens[first].text):
        tokens[first] = replace(tokens[first], counted=False)
    return [part for token in tokens for part in _without_marks(token, stored.anchors)]


def _ends_line(words: Sequence[SeenWord], place: int) -> bool:
    return place + 1 == len(words) or words[place + 1].line != words[place].line


def _is_bullet(words: Sequence[SeenWord], place: int) -> bool:
    """One letter by itself at the beginning of a line."""
    begins = place == 0 or words[place - 1].line != words[place].line
    return begins and len(words[place].text) == 1 and words[place].text.isalpha()


def _continued_at(words: Sequence[SeenWord], place: int, left_out: Collection[int]) -> int:
    """The first word of the next line where it can be the rest of a word broken at a line end, else -1."""
    if not _ends_line(words, place):
        return -1
    after = next((later for later in range(place + 1, len(words)) if words[later].line not in left_out), -1)
    if after < 0:
        return -1
    begins_as_rest = words[after].text[0].islower() or words[after].block == words[place].block
    return after if begins_as_rest else -1


def _without_marks(token: Token, anchors: Collection[tuple[str, str]]) -> Iterator[Token]:
    for word, mark in anchors:
        between = token.text[len(word) : -len(mark)] if mark else None
        if between is not None and not between.strip(_BETWEEN) and token.text == word + between + mark:
            yield replace(token, text=word)
            yield replace(token, text=mark)
            return
    yield token
