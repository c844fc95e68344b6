"""One detail of a sentence, exchanged for another of its sort: a number, a date, a name, a country.

What takes its place stands in the passage of the sentence itself, in another passage that is shown, or in none that is
shown: the nearer it stands, the harder the change is to see.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Literal

from babel import Locale

from assistant.answering.citations import one_line
from assistant.answering.gaps import countries
from assistant.grounding.words import WORD, normal_form, words
from assistant.query.words import MONTHS, STOP_WORDS, stems, word_set
from assistant.records import Passage
from evals.attribution.scenes import Scene, Sentence, small_words

From = Literal["own", "other", "none"]
Place = tuple[int, int]
Places = Callable[[str, Scene], Iterator[Place]]
Rule = Callable[[Sentence, Scene, Random], str | None]

_MONTH = rf"(?:{'|'.join(MONTHS)})"
_YEAR = r"(?:19\d\d|20[0-3]\d)"
_DATE = re.compile(rf"(?<![\w/.,$-]){_YEAR}(?![\w/-]|,\d)|\b{_MONTH}\b(?= \d)|(?<=\d ){_MONTH}\b")
_NUMBER = re.compile(rf"(?<![\w/.,-])(?!{_YEAR}(?!,\d))\d+(?:,\d{{3}})*(?:\.\d+)?(?![\w/-]|[.,]\d| {_MONTH})")
_CAPITALISED = re.compile(r"[A-Z][\w-]*\w(?:(?: of(?: the)?| for)? [A-Z][\w-]*\w)*")
_WITHIN = re.compile(r"[\w,;:)] $")  # what stands before a word that does not begin a sentence
_GOES_ON = re.compile(r"[$/’']| \d")  # "US$5", "ST/SGB", "King's", "Act 5"
_NO_NAMES = frozenset(MONTHS) | word_set(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday African Africans American Americans Arab Arabs British
    Danish Dutch European Europeans French Irish Spanish Swedish Swiss Turkish Herzegovina UN State States Government
    Council Assembly Parliament President Minister"""
)
_ROOT = 5  # letters that "Liberia" and "Liberian" share
_COUNTRY_ROOTS = frozenset(name.split()[0][:_ROOT] for name in Locale("en").territories.values())


@dataclass(frozen=True, slots=True)
class Detail:
    """A sort of detail: its `places` in a sentence, what can take its place `among` a text, and whether a new one
    `fits` there for an old one."""

    places: Places
    among: Places
    fits: Callable[[str, str, Scene], bool]


def exchanged(detail: Detail, source: From) -> Rule:
    """The rule that puts another detail in the place of one; it gives None where there is none to take."""

    def rule(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
        text = sentence.text
        others = [new for new in _candidates(detail, source, sentence, scene) if not _stands_in(new, text)]
        options = [
            (start, end, fitting)
            for start, end in detail.places(text, scene)
            if (fitting := [new for new in others if detail.fits(text[start:end], new, scene)])
        ]
        if not options:
            return None
        start, end, fitting = draw.choice(options)
        return text[:start] + draw.choice(fitting) + text[end:]

    return rule


def _candidates(detail: Detail, source: From, sentence: Sentence, scene: Scene) -> list[str]:
    """What could take the place of a detail, each once, in alphabetical order."""
    barred: Sequence[Passage] = ()
    if source == "own":
        passages: Sequence[Passage] = sentence.homes
    elif source == "other":
        passages, barred = scene.beside(sentence), sentence.homes
    else:
        passages, barred = scene.beyond, scene.shown
    found = {new for passage in passages for new in _held(detail.among, passage, scene)}
    return sorted(new for new in found if not any(_stands_in(new, passage.text) for passage in barred))


@lru_cache(maxsize=1000)
def _held(among: Places, passage: Passage, scene: Scene) -> frozenset[str]:
    """The details of a sort that the sentences of a passage hold, its headings and tables left out."""
    lines = [one_line(passage.sentence_text(one)) for one in passage.sentences if one.kind in ("paragraph", "item")]
    return frozenset(line[start:end] for line in lines for start, end in among(line, scene))


def _stands_in(detail: str, text: str) -> bool:
    """Whether a text holds a detail, also a number in another form."""
    if re.fullmatch(WORD, detail):
        return normal_form(detail.lower()) in _forms(text)
    return detail.casefold() in one_line(text).casefold()


@lru_cache(maxsize=1000)
def _forms(text: str) -> frozenset[str]:
    return frozenset(map(normal_form, words(text)))


def _numbers(text: str, scene: Scene) -> Iterator[Place]:
    """Numbers that are no years, no days of a date and no part of a symbol."""
    yield from (match.span() for match in _NUMBER.finditer(text))


def _dates(text: str, scene: Scene) -> Iterator[Place]:
    """Years, and the months of dates."""
    yield from (match.span() for match in _DATE.finditer(text))


def names(text: str, scene: Scene) -> Iterator[Place]:
    """Names within sentences that are no countries and no peoples."""
    small = scene.small_words.union(small_words(text))
    for match in _CAPITALISED.finditer(text):
        parts = match[0].split()
        is_common = len(parts) == 1 and parts[0].lower() in small
        is_other = any(part in _NO_NAMES or part[:_ROOT] in _COUNTRY_ROOTS for part in parts)
        is_whole = _WITHIN.search(text[: match.start()]) and not _GOES_ON.match(text, match.end())
        if is_whole and not is_common and not is_other:
            yield match.span()


def opening_name(text: str, scene: Scene) -> Iterator[Place]:
    """The name that begins a sentence: one that stands within another sentence of what is shown."""
    start = len("The ") if text.startswith("The ") else 0
    known = {name for passage in scene.shown for name in _held(names, passage, scene)}
    begun = [name for name in known if re.match(rf"{re.escape(name)}(?!\w)", text[start:])]
    if begun:
        yield start, start + len(max(begun, key=len))


def country_places(text: str, scene: Scene) -> Iterator[Place]:
    """Names of countries, not as adjectives and without an article."""
    for name in dict.fromkeys(countries(text)):
        for match in re.finditer(rf"(?<![\w-])(?<!\b[Tt]he ){re.escape(name)}(?![\w-])", text):
            yield match.span()


def _of_like_size(old: str, new: str, scene: Scene) -> bool:
    """Whether the digits before the point differ in number by one at most."""
    return abs(len(normal_form(old).partition(".")[0]) - len(normal_form(new).partition(".")[0])) <= 1


def _of_like_sort(old: str, new: str, scene: Scene) -> bool:
    """A year for a year, a month for a month."""
    return old[0].isdigit() == new[0].isdigit()


def names_differ(one: str, other: str, scene: Scene) -> bool:
    """Whether two names are of different things, so far as their words, also spelt out, and their initials tell."""
    spelt = [_spelt_out(name, scene) for name in (one, other)]
    initials = ["".join(re.findall(r"\b[A-Z]", name)) for name in (one, other)]
    return not spelt[0] & spelt[1] and one != initials[1] and other != initials[0]


def _spelt_out(name: str, scene: Scene) -> frozenset[str]:
    said = [name, *(long for part in name.split() for long in scene.acronyms.get(part, ()))]
    return stems(" ".join(word for word in " ".join(said).split() if word.lower() not in STOP_WORDS))


NUMBER = Detail(_numbers, _numbers, _of_like_size)
DATE = Detail(_dates, _dates, _of_like_sort)
NAME = Detail(names, names, names_differ)
OPENING_NAME = Detail(opening_name, names, names_differ)
COUNTRY = Detail(country_places, country_places, names_differ)
