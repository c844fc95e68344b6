"""Sentence boundaries with offsets, for the prose of United Nations documents.

A full stop ends a sentence less often than it does elsewhere: "No. 4", "Art. 3", "para. 17", "U.N. Police",
"pp. 3-4", "J. Smith". The rules look at the word before the stop and the one after it; where both readings are
possible, the sentence goes on, since half a sentence is a worse quote than two.
"""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from operator import itemgetter

_STOP = re.compile(
    r"(?P<stop>\.{2,}|[.!?…]+)(?P<close>[\"'”’»)\]]*)(?P<mark>\d{1,3}|[⁰¹²³⁴-⁹]+)?(?=\s|$)"
    r"|(?P<wide>[。！？]+[」』”）]*)"
)
_NEXT = re.compile(r"\s*(?:(?P<item>\([a-z0-9]{1,4}\)\s)|[\"'“‘«(\[]*(?P<word>\w[\w’'-]*|§)?)")
_LAST_WORD = re.compile(r"[^\s(\[“\"‘'/]+$")
_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}(?:[.-]\d{1,3})*|[A-Za-z]|[ivxlcIVXLC]{1,6})[)\]]?\.?")
_DOTTED = re.compile(r"(?:\w\.)+\w")  # U.N, U.S.C, a.m
_PAIRS = re.compile(r"[()\[\]“”]|(?<![^\s(\[])\"(?=\S)|(?<=\S)\"(?=[\s.,;:!?)\]]|$)")
_LONGEST_ASIDE = 400  # characters: a longer bracket or quotation is split as if it were not one
_DEEPEST = 32  # brackets open at once: more are debris


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER_LAST = _words(
    "e.g i.e cf viz vs v ca mr mrs ms dr prof gen maj col lt capt cpt sgt brig adm hon rev st messrs mme approx"
)
_BEFORE_A_NUMBER = _words(
    "no nos art arts para paras par p pp vol vols ch chap chaps sec sect sects fig figs add corr res rev ed app "
    "annex doc docs suppl c cl cls reg regs op jan feb mar apr jun jul aug sep sept oct nov dec"
)
_SELDOM_LAST = _words("inc ltd co corp al eds dept govt est bros jr sr univ")
_STARTERS = _words(
    "a after all also although an and another any as at because before both but by consequently despite during each "
    "finally first for from further furthermore given he hence her here his how however i if in indeed it its last "
    "many meanwhile moreover most nevertheless no none not nor of on once one only or other our over several she "
    "since so some such that the their then there therefore these they this those through throughout thus to "
    "together two under unless until upon we what when where whereas whether which while who why will with within "
    "without yet you"
)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of a stretch of prose as (start, end) offsets, in order, without white space at their ends.

    What lies between two of them is white space, or the mark of a footnote stuck to a full stop. A line end
    is white space like any other: a sentence may go on over a page.

    >>> [("U.N. Police, see No. 4. It left."[a:b]) for a, b in split_sentences("U.N. Police, see No. 4. It left.")]
    ['U.N. Police, see No. 4.', 'It left.']
    """
    asides = _asides(text)
    sentences: list[tuple[int, int]] = []
    start = _skip_space(text, 0)
    for match in _STOP.finditer(text):
        end = match.end("close") if match["wide"] is None else match.end()
        if start <= match.start() and not _inside(asides, match.start(), end) and _ends(text, start, match):
            sentences.append((start, end))
            start = _skip_space(text, match.end())
    rest = len(text.rstrip())
    if start < rest:
        sentences.append((start, rest))
    return sentences


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the stop that `match` found ends the sentence begun at `start`."""
    if match["wide"] is not None:
        return True
    before = text[start : match.start()]
    if match["mark"] and not (before and (before[-1].isalpha() or before[-1] in ")]”’\"'%")):
        return False  # "IDDRS 4.20", not a footnote's mark
    following = _NEXT.match(text, match.end())
    word = following and (following["item"] or following["word"])
    if following is None or word is None or word[0].islower():
        return following is not None and following.end() == len(text)
    if match["stop"] in ("...", "…"):
        return not before[-1:].isspace() and not before.endswith(("[", "("))
    return match["stop"] != "." or _full_stop_ends(before, word, closed=bool(match["close"]))


def _full_stop_ends(before: str, word: str, closed: bool) -> bool:
    """Whether a full stop after `before` (the sentence so far) ends it, when `word` comes next."""
    if _ENUMERATOR.fullmatch(before) or before.endswith((" .", "\n.")):
        return False
    found = _LAST_WORD.search(before[-40:])
    last = found[0] if found else ""
    key = last.casefold()
    if key in _NEVER_LAST and not closed:
        return False
    if key in _BEFORE_A_NUMBER and (word[0].isdigit() or re.fullmatch(r"[IVXLC]+|[A-Z]", word)):
        return False
    if key in _SELDOM_LAST or _DOTTED.fullmatch(last) or (len(last) == 1 and last.isupper()):
        return word.casefold() in _STARTERS or closed
    return True


def _asides(text: str) -> list[tuple[int, int]]:
    """Outermost brackets and double quotations that are closed and not long, as (start, end), in order."""
    found: list[tuple[int, int]] = []
    for start, end in _pairs(text):
        if end - start <= _LONGEST_ASIDE:
            while found and found[-1][0] > start:
                found.pop()
            found.append((start, end))
    return found


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    closes = {")": "(", "]": "[", "”": "“"}
    open_: deque[tuple[str, int]] = deque(maxlen=_DEEPEST)
    for match in _PAIRS.finditer(text):
        mark, at = match[0], match.start()
        opener = closes.get(mark)
        if mark == '"':
            opener = '"' if any(m == '"' for m, _ in open_) else None
        if opener is None:
            open_.append((mark, at))
        elif any(m == opener for m, _ in open_):
            while open_[-1][0] != opener:
                open_.pop()
            yield open_.pop()[1], match.end()


def _inside(asides: list[tuple[int, int]], at: int, end: int) -> bool:
    """Whether the offset `at` lies in an aside that goes on after `end`."""
    index = bisect_right(asides, at, key=itemgetter(0)) - 1
    return index >= 0 and asides[index][0] < at and asides[index][1] > end
