"""Sentences of a chat model as they come: where each ends, which passages it names, and what is only mark-up.

What comes out does not depend on how the text was cut into pieces on its way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.reading.blocks.cleaning import clean
from assistant.sentences import split_sentences

_LONGEST_RANGE = 20  # passages: [1-3] names three, [1-999] only its two ends
_NUMBERS = r"(?:passages?|sources?)?\s*\d{1,3}(?:\s*(?:[,;–-]|and)\s*(?:passages?\s*)?\d{1,3})*"
_MARK = rf"(?:\[{_NUMBERS}\]|【{_NUMBERS}[^】\n]{{0,40}}】)"
# A mark, or several in a row, with the space before it; or the signs of bold type and of code.
_MARKS = re.compile(rf"[ \t]*{_MARK}(?:[ \t]*(?:,|and|&)?[ \t]*{_MARK})*|\*\*|`+", re.IGNORECASE)
_OPEN_MARK = re.compile(r"(?:\[[^\]\n]{0,40}|【[^】\n]{0,40})$")  # the beginning of a mark, the rest still to come
_MAY_END = re.compile(r"[.!?…。！？\n]")
_ITEM = re.compile(r"[ \t]*(?:(?:[-*•–][ \t]+)|(?=(?:\d{1,2}|[a-z])[.)][ \t]|\([a-z\d]{1,2}\)[ \t]))")
_HEADING = re.compile(r"^#{1,6}\s+")
_SAYS_SO = re.compile(
    r"^(?:answer:|(?:the|these) passages?(?: \d)? (?:states?|says?|mentions?|explains?) that"
    r"|according to (?:the|these) passages?(?: \d)?,)\s+(?=\S)",
    re.IGNORECASE,
)
# A sentence that only announces ("Here is what the library says:") is made of these words alone, so that no claim can
# hide in one.
_ANNOUNCING = re.compile(
    r"""(?:(?:a|according|answers?|are|as|based|below|can|documents?|following|follows|found|from|here|in|is|it|library
    |on|passages?|question|says?|shown|sources?|summary|that|the|these|they|this|to|what|your)\b[\s,]*)+:""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence without marks on one line, the numbers that it names in order, and whether it is of a list."""

    text: str
    numbers: tuple[int, ...] = ()
    item: bool = False


@dataclass(frozen=True, slots=True)
class _Stripped:
    """Text without marks; for each character where it stood, and each mark's place in `text` with its numbers."""

    text: str
    origin: list[int]
    marks: list[tuple[int, tuple[int, ...]]]


class Sentences:
    """Takes the text of a chat model piece by piece and gives its sentences as they end.

    >>> sentences = Sentences()
    >>> [*sentences.feed("Vetting is a check. [1, "), *sentences.feed("2] It takes "), *sentences.finish()]
    [WrittenSentence(text='Vetting is a check.', numbers=(1, 2), item=False), \
WrittenSentence(text='It takes', numbers=(), item=False)]
    """

    def __init__(self) -> None:
        self._raw = ""  # what has come since the last sentence that was given out
        self._in_item = False  # whether `_raw` goes on in the line of an item

    @property
    def pending(self) -> str:
        """What has come of the sentence that is being written, without marks."""
        return _plain(_MARKS.sub("", _OPEN_MARK.sub("", self._raw)))

    def feed(self, piece: str) -> list[WrittenSentence]:
        """The sentences that ended with this piece of text."""
        found: list[WrittenSentence] = []
        for word in re.findall(r"\S+|\s", piece):
            self._raw += word
            # A sentence has ended when the next one has its first word: "No." may go on with "4".
            if word.isspace() and _MAY_END.search(self._raw) and not _OPEN_MARK.search(self._raw[-50:]):
                found += self._taken(keep=1)
        return found

    def finish(self) -> list[WrittenSentence]:
        """What is left when nothing more comes."""
        found = self._taken(keep=0)
        self._raw = ""
        return found

    def _taken(self, keep: int) -> list[WrittenSentence]:
        stripped = _stripped(self._raw)
        places = _places(stripped.text)
        ended = places[: len(places) - keep]
        found = []
        for index, (start, end) in enumerate(ended):
            numbers = _numbers_of(index, places, stripped)
            text = _plain(stripped.text[start:end])
            item = self._is_item(stripped.text, start)
            if re.search(r"\w", text):
                found.append(WrittenSentence(text, numbers, item))
        if ended:
            rest = places[len(ended)][0] if len(ended) < len(places) else len(stripped.text)
            self._in_item = self._is_item(stripped.text, rest) if rest < len(stripped.text) else False
            self._raw = self._raw[stripped.origin[rest] :]
        return found

    def _is_item(self, text: str, start: int) -> bool:
        line = text.rfind("\n", 0, start) + 1
        return bool(_ITEM.match(text, line)) or (line == 0 and self._in_item)


def _stripped(raw: str) -> _Stripped:
    text, at = "", 0
    origin: list[int] = []
    marks: list[tuple[int, tuple[int, ...]]] = []
    for match in [*_MARKS.finditer(raw), None]:
        until = match.start() if match else len(raw)
        text += raw[at:until]
        origin += range(at, until)
        if match:
            marks.append((len(text), _numbers(match[0])))
            at = match.end()
            if marks[-1][1] and raw[at : at + 1].isalnum():  # "so.[1]It" are two sentences
                text, origin = text + " ", [*origin, at]
    return _Stripped(text, [*origin, len(raw)], marks)


def _numbers(mark: str) -> tuple[int, ...]:
    """The numbers that a mark names.

    >>> _numbers("[1][3-5]"), _numbers("[2 and 7]"), _numbers("[5-3]")
    ((1, 3, 4, 5), (2, 7), (5, 3))
    """
    found: list[int] = []
    for first, last in re.findall(r"(\d{1,3})(?:\s*[–-]\s*(\d{1,3}))?", re.sub("†[^】]*", "", mark)):
        start, end = int(first), int(last or first)
        found += range(start, end + 1) if start <= end < start + _LONGEST_RANGE else (start, end)
    return tuple(dict.fromkeys(found))


def _places(text: str) -> list[tuple[int, int]]:
    """Sentences as offsets; the end of a line ends one, and the bullet of an item is none of it."""
    places: list[tuple[int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        bullet = _ITEM.match(line)
        begin = bullet.end() if bullet else 0
        places += [(at + begin + start, at + begin + end) for start, end in split_sentences(line[begin:])]
        at += len(line)
    return places


def _numbers_of(index: int, places: list[tuple[int, int]], stripped: _Stripped) -> tuple[int, ...]:
    """The numbers of the marks in a sentence or behind it; a mark that opens a line belongs to what follows there."""
    numbers: list[int] = []
    for at, named in stripped.marks:
        owner = max((i for i, (start, _) in enumerate(places) if start < at), default=0)
        following = places[owner + 1][0] if owner + 1 < len(places) else len(stripped.text)
        opens_line = "\n" in stripped.text[places[owner][1] : at] and "\n" not in stripped.text[at:following]
        if opens_line and owner + 1 < len(places):
            owner += 1
        numbers += named if owner == index else ()
    return tuple(dict.fromkeys(numbers))


def _plain(text: str) -> str:
    """The text on one line, without what only says that it comes from the passages.

    >>> _plain("The passage states that vetting is a check."), _plain("According to the passages, it ended.")
    ('Vetting is a check.', 'It ended.')
    """
    line = " ".join(clean(_HEADING.sub("", text)).split())
    bare = _SAYS_SO.sub("", line)
    return bare if bare == line else bare[:1].upper() + bare[1:]


def makes_no_claim(text: str) -> bool:
    """Whether a sentence only announces what follows.

    >>> makes_no_claim("Here is what the library says:"), makes_no_claim("The mission failed as follows:")
    (True, False)
    """
    return bool(_ANNOUNCING.fullmatch(text))


def without_thoughts(pieces: Iterator[str]) -> Iterator[str]:
    """The text without the thoughts that some models write first, between <think> and </think>."""
    held = ""
    for piece in pieces:
        held += piece
        opening = held.lstrip()
        if "<think>".startswith(opening[:7]):
            if "</think>" not in opening:
                continue
            held = opening.partition("</think>")[2]
        yield held
        yield from pieces
        return
    if not held.lstrip().startswith("<think>"):
        yield held
