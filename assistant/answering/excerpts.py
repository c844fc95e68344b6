"""What can be quoted from a passage: a sentence with what it leans on, or a list whole with its lead-in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.quotable import is_lead_in, is_quotable, leans
from assistant.query.recognition import defined_term
from assistant.query.words import stem, stems
from assistant.records import Passage, Query, Reading

_IN_PASSING = 0.05  # what a sentence gains that says what the term is, but not at its beginning
_ANNOUNCEMENT = 10  # words of a sentence that only announces
FARTHEST = 2  # sentences back that a leaning sentence may reach for what it leans on
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b(?:1[89]|20)\d\d\b|\b\d{{1,2}} (?:{_MONTH})\b")
_NUMBER_WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|million|half"
_NUMBER = rf"(?:\d[\d,.]*|{_NUMBER_WORDS})"
_COUNT = re.compile(rf"\b{_NUMBER}\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"how (?:many|much) (?:(?:new|old|former|women|female|police|civilian|armed|local) )*(?P<noun>[\w-]+)"
)
_NAME = re.compile(r"(?<=\s)[A-Z][\w’'-]+")
_RESOLUTION = re.compile(r"\bresolutions? \d|S/RES/")
_REASON = re.compile(
    r"\b(?:because|since|so that|in order to|therefore|reasons?|leads? to|prevents?|ensures?|helps?|allows?|without)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(r"\b(?:and not|not just|not only|rather than|but not|more than)\b", re.IGNORECASE)
_DEFINING_VERB = (
    r"(?:\s*\([^)]*\))?(?:,[^,]{0,60},)?\s+(?:(?:is|are)\s+(?!not\b|critical|essential|important|central|vital|"
    r"necessary|often|usually|key\b|also\b|therefore|\w+ly\b|\w+ed\b)|means?\b|refers? to\b|describes?\b|denotes?\b|"
    r"can be (?:defined|understood) as\b|is defined as\b|consists? of\b|comprises?\b|encompasses\b)"
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Sentences of a passage to be quoted together, by index; `best` is the one that made it worth quoting."""

    passage: Passage
    indices: tuple[int, ...]
    best: int
    score: float
    is_list: bool = False

    @property
    def words(self) -> int:
        return sum(len(self.passage.sentence_text(self.passage.sentences[i]).split()) for i in self.indices)

    @property
    def text(self) -> str:
        return " ".join(self.passage.sentence_text(self.passage.sentences[i]) for i in self.indices)


def excerpts(query: Query, reading: Reading) -> Iterator[Excerpt]:
    """The excerpts of a passage, each scored for the question, in the order of the text."""
    passage = reading.passage
    listed: set[int] = set()
    for indices in _lists(passage):
        listed.update(indices)
        yield _list_excerpt(query, reading, indices)
    for index, sentence in enumerate(passage.sentences):
        if index in listed or not is_quotable(passage, sentence) or is_lead_in(passage, sentence):
            continue
        indices = with_antecedent(passage, index)
        if indices:
            fit = fitness(query, passage, passage.sentence_text(sentence))
            if fit <= 0 and _announces(passage, index):
                indices = (*indices, index + 1)
            score = reading.sentence_scores[index] + fit - 0.15 * (sentence.kind == "table")
            yield Excerpt(passage, indices, index, score)


def with_antecedent(passage: Passage, index: int) -> tuple[int, ...]:
    """A sentence with those before it that it leans on, by index; none when what it leans on cannot be quoted."""
    first = index
    while leans(passage.sentence_text(passage.sentences[first])):
        first -= 1
        if first < 0 or index - first > FARTHEST:
            return ()
        before = passage.sentences[first]
        if before.kind != "paragraph" or is_lead_in(passage, before) or not is_quotable(passage, before):
            return ()
    return tuple(range(first, index + 1))


def _announces(passage: Passage, index: int) -> bool:
    """Whether a short sentence ("The core rule is short.") announces the next one, which can be quoted with it."""
    sentence = passage.sentences[index]
    if index + 1 == len(passage.sentences) or len(passage.sentence_text(sentence).split()) > _ANNOUNCEMENT:
        return False
    following = passage.sentences[index + 1]
    between = passage.text[sentence.end - passage.start : following.start - passage.start]
    return following.kind == "paragraph" and "\n" not in between and is_quotable(passage, following)


def _lists(passage: Passage) -> Iterator[tuple[int, ...]]:
    """Runs of items with their lead-in, where they have one in this passage or stand below one cut off from them."""
    run: list[int] = []
    for index, sentence in enumerate(passage.sentences):
        if sentence.kind == "item":
            if not run and index and is_lead_in(passage, passage.sentences[index - 1]):
                run.append(index - 1)
            run.append(index)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _list_excerpt(query: Query, reading: Reading, indices: tuple[int, ...]) -> Excerpt:
    """A list scores as its lead-in, or as the best of its items, whichever is more."""
    passage, scores = reading.passage, reading.sentence_scores
    best = max(indices, key=lambda i: scores[i])
    lead = indices[0] if passage.sentences[indices[0]].kind == "paragraph" else None
    score = scores[best] if lead is None else max(scores[lead], 0.9 * scores[best])
    if query.type == "list":
        score += 0.3 if lead is not None or passage.context else 0.1
    elif query.type in ("factoid", "yes-no"):
        score -= 0.1
    return Excerpt(passage, indices, best, score, is_list=True)


def fitness(query: Query, passage: Passage, text: str) -> float:
    """How well the form of a sentence suits the kind of question, to be added to its score."""
    line, opening = " ".join(text.split()), query.text.casefold()
    if query.type == "definition":
        return definition_fitness(query, passage, line)
    if query.type == "factoid":
        return _factoid_fitness(opening, line)
    if query.type == "explanation" and "why" in opening:
        return 0.15 if _REASON.search(line) else 0.0
    if query.type == "chronology":
        return 0.15 if _DATE.search(line) else -0.1
    return 0.0


def _factoid_fitness(opening: str, line: str) -> float:
    """Whether a sentence holds what could answer: a date, a count, a resolution, a name."""
    if re.match(r"(?:\w+ )?when\b|.*\b(?:year|date|day|month)\b", opening):
        return 0.15 if _DATE.search(line) else -0.25
    if re.match(r"(?:\w+ )?how (?:many|much|large|big)\b|.*\b(?:number|size|share|percentage)\b", opening):
        return _count_fitness(opening, _DATE.sub("", line))
    if re.match(r"(?:\w+ )?(?:which|what) (?:\w+ )*resolution", opening):
        return 0.15 if _RESOLUTION.search(line) else -0.25
    if re.match(r"(?:\w+ )?(?:who|whom|whose|which|where)\b", opening):
        return 0.05 if _NAME.search(line) else -0.1
    return 0.0


def _count_fitness(opening: str, line: str) -> float:
    """Most for a number of what is counted ("about 7,000 officers"), least without any number."""
    counted = _COUNTED.search(opening)
    if counted:
        for found in re.finditer(rf"\b{_NUMBER}((?:\s+[\w’'-]+){{1,4}})", line, re.IGNORECASE):
            if stem(counted["noun"]) in stems(found[1]):
                return 0.3
    return 0.0 if _COUNT.search(line) else -0.25


def definition_fitness(query: Query, passage: Passage, line: str) -> float:
    """How much a sentence reads as the definition of what the question asks for."""
    term = defined_term(query.text)
    if term is None:
        return 0.0
    places = [found.start() for form in (term, *query.expansions) if (found := _defining(form).search(line))]
    if not places:
        return -0.1
    if min(places) > 4:
        return _IN_PASSING
    opens_section = passage.sentence_text(passage.sentences[0]) in line
    return 0.4 + 0.1 * opens_section - 0.2 * bool(_CONTRAST.search(line))


def defines(query: Query, excerpt: Excerpt) -> bool:
    """Whether an excerpt defines what the question asks for."""
    line = " ".join(excerpt.passage.sentence_text(excerpt.passage.sentences[excerpt.best]).split())
    return definition_fitness(query, excerpt.passage, line) > _IN_PASSING


@lru_cache(maxsize=256)
def _defining(form: str) -> re.Pattern[str]:
    words = re.escape(form).replace(r"\ ", r"[\s,-]+")
    return re.compile(rf"\b{words}{_DEFINING_VERB}", re.IGNORECASE)


def whole_list(excerpt: Excerpt, passages: Sequence[Passage]) -> list[Excerpt]:
    """The parts of a list that is spread over passages, in order. `passages`: all of the document, in order."""
    at = next(i for i, passage in enumerate(passages) if passage.id == excerpt.passage.id)
    first = last = at
    while first and _goes_on(passages[first - 1], passages[first]):
        first -= 1
    while last + 1 < len(passages) and _goes_on(passages[last], passages[last + 1]):
        last += 1
    parts = []
    for passage in passages[first : last + 1]:
        runs = list(_lists(passage))
        if passage.id == excerpt.passage.id:
            parts.append(excerpt)
        elif runs:
            run = runs[-1] if passage.start < excerpt.passage.start else runs[0]
            parts.append(Excerpt(passage, run, run[0], excerpt.score, is_list=True))
    return parts


def _goes_on(passage: Passage, following: Passage) -> bool:
    """Whether the list at the end of a passage goes on in the next one."""
    if not following.context or following.section != passage.section:
        return False
    lead = following.context.split("\n")[0].removesuffix(" …")
    return lead in " ".join(passage.text.split()) or passage.context.split("\n")[0].removesuffix(" …") == lead
