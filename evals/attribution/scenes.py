"""What a chat model would be shown for a question, and sentences of which it is known where they come from."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant import Assistant
from assistant.answering.citations import one_line
from assistant.answering.shown import MUCH, shown
from assistant.grounding import repeats
from assistant.records import Answer, Passage, Reading
from evals.cases import Case
from evals.questions import Question

SEARCHED = 5 * MUCH.passages  # passages of a search; beyond those shown begins what is near the question and not shown
FEWEST_WORDS = 6  # of a sentence: shorter ones are headings of lists and the like


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence on one line. `homes`: the passages shown that hold it, first the one that it was taken from."""

    text: str
    homes: tuple[Passage, ...]


@dataclass(frozen=True, eq=False)
class Scene:
    """The passages shown for a question, sentences of theirs, and `beyond`: passages of documents not shown that the
    search ranked next. `acronyms` are the library's."""

    shown: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]
    beyond: tuple[Passage, ...]
    acronyms: Mapping[str, tuple[str, ...]]

    @cached_property
    def small_words(self) -> frozenset[str]:
        """The words of what is shown that begin with a small letter: none of them is a name."""
        return frozenset(word for passage in self.shown for word in small_words(passage.text))

    def beside(self, sentence: Sentence) -> list[Passage]:
        """The passages shown that do not hold a sentence."""
        return [passage for passage in self.shown if passage not in sentence.homes]


def scenes_of(assistant: Assistant, cases: Iterable[Case | Question]) -> Iterator[Scene]:
    """A scene for each case or question that is answered, with the sentences of the quoted answer."""
    for case in cases:
        answer = assistant.ask(case.question, case.history, written=False)
        if answer.claims:
            yield scene_of(assistant, answer, assistant.search(case.question, SEARCHED, case.history))


def scene_of(assistant: Assistant, answer: Answer, readings: Sequence[Reading]) -> Scene:
    """What is shown when the documents' own words give this answer, and the search these passages."""
    library = assistant.library
    passages = tuple(each.passage for each in shown(readings, answer.citations, library, MUCH))
    return Scene(passages, tuple(_quoted(answer, passages)), beyond(passages, readings), library.acronyms())


def beyond(passages: Sequence[Passage], readings: Sequence[Reading]) -> tuple[Passage, ...]:
    """The passages found that are of other documents than those shown."""
    sources = {passage.source for passage in passages}
    return tuple(reading.passage for reading in readings if reading.passage.source not in sources)


def _quoted(answer: Answer, passages: Sequence[Passage]) -> Iterator[Sentence]:
    """The sentences of an answer that are whole: no items of lists, no announcements, no rows of tables read out."""
    passage_of = {citation.number: citation.passage_id for citation in answer.citations}
    for claim in answer.claims:
        text = one_line(claim.text)
        if claim.citations and not claim.item and is_whole(text):
            home = passage_of[claim.citations[0]]
            homes = sorted(_holding(text, passages), key=lambda passage: passage.id != home)
            if homes and homes[0].id == home:
                yield Sentence(text, tuple(homes))


def sentences_in(passage: Passage, passages: Sequence[Passage]) -> list[Sentence]:
    """The whole sentences of the paragraphs of one of these passages."""
    texts = [one_line(passage.sentence_text(one)) for one in passage.sentences if one.kind == "paragraph"]
    return [Sentence(text, (passage, *_holding(text, passages, passage))) for text in texts if is_whole(text)]


def _holding(text: str, passages: Sequence[Passage], but: Passage | None = None) -> Iterator[Passage]:
    """The passages that hold a sentence word for word."""
    for passage in passages:
        if passage is not but and text in one_line(passage.text) and repeats(text, passage.text):
            yield passage


def is_whole(text: str) -> bool:
    return text.endswith(".") and text[:1].isupper() and len(text.split()) >= FEWEST_WORDS


def small_words(text: str) -> list[str]:
    return re.findall(r"\b[a-z][\w-]*", text)
