"""What can be quoted from a passage: a sentence with what it leans on, or a list whole with its lead-in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import log
from typing import TYPE_CHECKING

from assistant.answering.quotable import FORMULA, is_lead_in, is_quotable, leans
from assistant.answering.sorts import DATE, Sort, asked_sort, counts_what_is_asked, holds, number_of
from assistant.query.recognition import defined_term, forms_of, listed_noun
from assistant.query.words import stem, stems
from assistant.records import Passage, Query, Reading
from assistant.rows import is_header

if TYPE_CHECKING:
    from assistant.library import Library

# An excerpt's score is a mix: the logarithm of the passage's score, the logit of its best sentence within the passage,
# how well its form suits the question. Rounded from weights fitted on 1,800 training questions.
_OF_PASSAGE = 3.0
_OF_SENTENCE = 0.6
_OF_FORM = 3.0
_SMALL = 1e-4  # odds are taken of no share nearer to 0 or 1
# Below, what an excerpt gains or loses by its form, before it is mixed in.
_IN_PASSING = 0.05  # what a sentence gains that says what the term is, but not at its beginning
_ROW = 0.15  # what the row of a table loses: it reads badly by itself
# What a sentence gains that holds the sort of thing asked for, and what one loses that does not.
_HELD: dict[Sort, float] = {
    "date": 0.15,
    "count": 0.0,
    "share": 0.3,
    "money": 0.15,
    "resolution": 0.15,
    "vote": 0.3,
    "name": 0.05,
}
_NOT_HELD: dict[Sort, float] = dict.fromkeys(_HELD, -0.45) | {"name": -0.1}
_COUNTED = 0.3  # the same for a number of the very thing that is counted
_ITS_DOCUMENT = 0.2  # what a sentence gains by naming the resolution asked about, or loses by naming another
_ALL_WORDS = 0.3  # what a sentence with all words of a question after a fact gains over one with half of them
_EMPTY = 0.5  # what "Adopted by the Security Council at its 4213th meeting" loses where nobody asks for it
_INTRODUCED = 0.9  # what a list gains whose lead-in names what is asked for
_IN_A_LIST = 0.15  # what an item loses by being taken out of its list
_ANNOUNCEMENT = 12  # words of a sentence that only announces
FARTHEST = 2  # sentences back that a leaning sentence may reach for what it leans on
_FEW = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE)
_RESOLUTION = re.compile(r"\b[Rr]esolutions? \d|S/(?:RES|PRST)/")
_HYPHEN = re.compile(r"(?<=\w)[-–](?=\w)")
_STEP = re.compile(r"\(?\d{1,2}[.)]\s")
_REASON = re.compile(
    r"\b(?:because|since|so that|in order to|therefore|reasons?|leads? to|prevents?|ensures?|helps?|allows?|without)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(r"\b(?:and not|not just|not only|rather than|but not|more than)\b", re.IGNORECASE)
# What follows the term in a definition, but not in "vetting is essential" or "vetting is a contentious issue".
_DEFINING_VERB = r"""(?:\s*\([^)]*\))?(?:,[^,]{0,60},)?\s+(?:
    (?:%s)\s+(?!not\b|critical|essential|important|central|vital|necessary|often|usually|key\b|also\b|\w+ly\b|\w+ed\b|born\b
        |(?:an?|the)\s+(?:[\w-]+\s+){0,3}(?:issues?|challenges?|problems?|concerns?|matters?|priorit\w+|key|parts?|side|root)\b)
    | means?\b | refers?\sto\b | describes?\b | denotes?\b | is\sdefined\sas\b | consists?\sof\b | comprises?\b
    | can\sbe\s(?:defined|understood)\sas\b )"""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Sentences of a passage to be quoted together, by index; `best` is the one that made it worth quoting. `score` is
    a logarithm: excerpts of one question are compared by differences."""

    passage: Passage
    indices: tuple[int, ...]
    best: int
    score: float
    is_list: bool = False

    @property
    def is_row_or_step(self) -> bool:
        """Whether it is the row of a table or one numbered step of several, which read badly among sentences."""
        sentence = self.passage.sentences[self.best]
        is_step = sentence.kind == "item" and len(self.indices) == 1 and not self.passage.paragraph
        return sentence.kind == "table" or (is_step and bool(_STEP.match(self.passage.sentence_text(sentence))))

    @property
    def items(self) -> int:
        """How many items of a list or rows of a table are in it."""
        return sum(self.passage.sentences[i].kind in ("item", "table") for i in self.indices)

    @property
    def words(self) -> int:
        return sum(len(self.passage.sentence_text(self.passage.sentences[i]).split()) for i in self.indices)

    @property
    def text(self) -> str:
        return " ".join(self.passage.sentence_text(self.passage.sentences[i]) for i in self.indices)


def around(excerpt: Excerpt, library: "Library") -> str:
    """What says of which place and time an excerpt speaks: title, year, countries, missions and section."""
    metadata = library.document(excerpt.passage.source).metadata
    said = (metadata.title or "", str(metadata.year or ""), *metadata.country, *metadata.mission)
    return " ".join([*said, *excerpt.passage.section])


def places_of(query: Query, library: "Library") -> list[str]:
    """The countries and missions that a question names."""
    known = library.names()
    return [name for name in query.names if name in known["country"] or name in known["mission"]]


def is_of(excerpt: Excerpt, places: Sequence[str], library: "Library") -> bool:
    """Whether an excerpt is of one of these places, by its own words or by what is around it; true where there are
    none."""
    held = stems(f"{excerpt.text} {around(excerpt, library)}")
    return not places or any(stems(place) <= held for place in places)


def bears(excerpt: Excerpt, identifiers: Sequence[str], library: "Library") -> bool:
    """Whether a code or number that the question names stands in an excerpt, around it, or in a line over it that is no
    sentence, as the reference of a letter; "C34" is "C-34"."""
    passage = excerpt.passage
    over = [s for s in passage.sentences[: excerpt.indices[0]] if s.kind == "paragraph" and not is_quotable(passage, s)]
    lines = " ".join(map(passage.sentence_text, over))
    where = _HYPHEN.sub("", f"{excerpt.text} {around(excerpt, library)} {lines}".casefold())
    wanted = (re.escape(_HYPHEN.sub("", one.casefold())) for one in identifiers)
    return any(re.search(rf"(?<![\w/]){one}(?![\w/])", where) for one in wanted)


def excerpts(query: Query, reading: Reading) -> Iterator[Excerpt]:
    """The excerpts of a passage, each scored for the question, in the order of the text."""
    passage = reading.passage
    listed: set[int] = set()
    for indices in _lists(passage):
        listed.update(indices)
        yield from _list_excerpts(query, reading, indices)
    for index, sentence in enumerate(passage.sentences):
        if index in listed or not is_quotable(passage, sentence) or is_lead_in(passage, sentence):
            continue
        indices = with_antecedent(passage, index)
        if indices:
            fit = fitness(query, passage, passage.sentence_text(sentence))
            if fit <= 0 and _announces(passage, index):
                indices = (*indices, index + 1)
            yield Excerpt(passage, indices, index, _merit(reading, index) + _OF_FORM * fit)


def _merit(reading: Reading, index: int) -> float:
    """What speaks for a sentence whatever its form: that its passage answers, and that it does within the passage."""
    score = max(reading.score, _SMALL)
    share = min(max(reading.sentence_scores[index] / score, _SMALL), 1 - _SMALL)
    return _OF_PASSAGE * log(score) + _OF_SENTENCE * log(share / (1 - share))


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
    is_said = is_quotable(passage, following) and not is_lead_in(passage, following)
    return following.kind == "paragraph" and "\n" not in between and is_said


def _lists(passage: Passage) -> Iterator[tuple[int, ...]]:
    """Runs of items with their lead-in, where it stands in this passage, and of rows with their header."""
    for kind, run in groupby(enumerate(passage.sentences), key=lambda numbered: numbered[1].kind):
        if kind in ("item", "table"):
            indices = tuple(index for index, _ in run)
            yield (indices[0] - 1, *indices) if _introduces(passage, indices[0] - 1) else indices


def _introduces(passage: Passage, index: int) -> bool:
    """Whether a sentence is the lead-in of a list, or stands over the rows of a table: a row itself, or a header of
    several columns."""
    if index < 0:
        return False
    sentence = passage.sentences[index]
    text = passage.sentence_text(sentence)
    is_over_rows = sentence.kind == "heading" and (text.count(" | ") > 1 or (" | " in text and not is_header(text)))
    return is_over_rows or is_lead_in(passage, sentence)


def _list_excerpts(query: Query, reading: Reading, indices: tuple[int, ...]) -> Iterator[Excerpt]:
    """A list or table whole, which scores as its lead-in or as the best of its items; and its items one by one, each
    with the lead-in where it is no sentence without."""
    passage = reading.passage
    lead = indices[0] if passage.sentences[indices[0]].kind not in ("item", "table") else None
    merit = {index: _merit(reading, index) for index in indices}
    best = max(indices, key=lambda i: merit[i])
    score = merit[best]
    introduction = passage.context if lead is None else passage.sentence_text(passage.sentences[lead])
    fit = _list_fitness(query, passage, indices, introduction)
    yield Excerpt(passage, indices, best, score + _OF_FORM * fit, is_list=True)
    for index in indices if query.type != "list" else ():
        sentence = passage.sentences[index]
        text = _unmarked(passage.sentence_text(sentence))
        if index == lead or not is_quotable(passage, sentence) or leans(text):
            continue
        is_row = sentence.kind == "table"
        alone = lead is None or is_row or (text[:1].isupper() and text.rstrip().endswith("."))
        quoted = (index,) if alone else (indices[0], index)
        fit = fitness(query, passage, text) - (_ROW if is_row else _IN_A_LIST)
        yield Excerpt(passage, quoted, index, merit[index] + _OF_FORM * fit)


def _unmarked(text: str) -> str:
    """The text of an item without its mark: "(a) Police" is "Police"."""
    return re.sub(r"^(?:[(\[]?\w{1,4}[)\].]+|[-•–*▪·])\s+", "", text)


def _list_fitness(query: Query, passage: Passage, indices: Sequence[int], introduction: str) -> float:
    """A list is what a list is asked for, when what introduces it names what is asked for ("four principles"); dated
    rows or items are what a chronology is."""
    if query.type == "chronology":
        dated = [bool(DATE.search(passage.sentence_text(passage.sentences[i]))) for i in indices]
        return 0.9 if sum(dated) > max(2, 0.6 * len(dated)) else -0.1
    if query.type != "list":
        is_prose = passage.sentences[indices[-1]].kind == "item"
        return -0.1 if query.type == "explanation" and is_prose else -0.6
    named = stems(" ".join([introduction, *passage.section[-1:]]))
    wanted = listed_noun(query.asking)
    count = _FEW.search(query.asking)
    is_count_right = count is not None and stem(count[0]) in named
    if wanted and stem(wanted) not in named and not is_count_right:
        return -0.2
    return _INTRODUCED if introduction else 0.15


def fitness(query: Query, passage: Passage, text: str) -> float:
    """How well the form of a sentence suits the kind of question, to be added to its score."""
    line, opening = " ".join(text.split()), query.asking.casefold()
    formula = FORMULA.match(line)
    if formula and stem(formula[1]) not in stems(query.text):
        return -_EMPTY
    return _form_fitness(query, passage, line, opening) + _names_document(query, line)


def _names_document(query: Query, line: str) -> float:
    """A sentence that names the resolution asked about gains, one that names only another loses."""
    if not query.symbols or not _RESOLUTION.search(line):
        return 0.0
    return _ITS_DOCUMENT if any(number_of(symbol) in line for symbol in query.symbols) else -_ITS_DOCUMENT


def _form_fitness(query: Query, passage: Passage, line: str, opening: str) -> float:
    if query.type == "definition":
        return definition_fitness(query, passage, line)
    if query.type == "factoid":
        held = stems(line)
        share = sum(stem(term) in held for term in query.terms) / max(1, len(query.terms))
        return _fact_fitness(query, line) + _ALL_WORDS * (share - 0.5)
    if query.type == "list":
        wanted = listed_noun(query.asking)
        return -0.15 if wanted and stem(wanted) not in stems(line) else 0.0
    if query.type == "explanation" and "why" in opening:
        return 0.15 if _REASON.search(line) else 0.0
    if query.type == "chronology":
        return 0.15 if DATE.search(line) else -0.1
    return 0.0


def _fact_fitness(query: Query, line: str) -> float:
    """Whether a sentence holds what could answer: most for a number of the very thing that is counted."""
    sort = asked_sort(query.asking)
    if sort is None:
        return 0.0
    if sort == "count" and counts_what_is_asked(query.asking, line):
        return _COUNTED
    return _HELD[sort] if holds(sort, line) else _NOT_HELD[sort]


def definition_fitness(query: Query, passage: Passage, line: str) -> float:
    """How much a sentence reads as the definition of what the question asks for."""
    term = defined_term(query.asking)
    if term is None:
        return 0.0
    past = bool(re.search(r"\b(?:was|were)\b", query.asking)) or term[:1].isupper()
    places = [
        found.start() for form in forms_of(term, query.expansions) if (found := _defining(form, past).search(line))
    ]
    if not places:
        return -0.1
    if min(places) > 4:
        return _IN_PASSING
    opens_section = passage.sentence_text(passage.sentences[0]) in line
    introduces = bool(re.search(r"\([A-Z][\w&/-]*\)", line))  # "security sector reform (SSR) is"
    return 0.4 + 0.1 * opens_section + 0.1 * introduces - 0.35 * bool(_CONTRAST.search(line))


def defines(query: Query, excerpt: Excerpt) -> bool:
    """Whether an excerpt defines what the question asks for."""
    line = " ".join(excerpt.passage.sentence_text(excerpt.passage.sentences[excerpt.best]).split())
    return definition_fitness(query, excerpt.passage, line) > _IN_PASSING


@lru_cache(maxsize=256)
def _defining(form: str, past: bool) -> re.Pattern[str]:
    words = re.escape(form).replace(r"\ ", r"[\s,-]+")
    verb = _DEFINING_VERB % ("is|are|was|were" if past else "is|are")
    return re.compile(rf"\b{words}{verb}", re.IGNORECASE | re.VERBOSE)


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
