"""Questions that a chat model proposes on documents; staff confirm each before it leads anywhere.

The model sees one passage at a time, its sentences numbered, and names those that answer each question. The quote is
the document's own words from the first of them to the last. What is no such line, or nearly repeats a question that is
known, is left out and counted.
"""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answering.chat_model import ChatModel
from assistant.answering.citations import one_line
from assistant.answering.orders import holds_orders
from assistant.answering.prompts import messages_for_questions
from assistant.answering.written import without_thoughts
from assistant.errors import ChatModelError
from assistant.library.prepared import PreparedQuestion, nearly_repeated, prepared_questions
from assistant.library.question_files import LONGEST_QUESTION, QuestionFile, proposed_questions
from assistant.query.language import language_of
from assistant.reading.blocks.cleaning import clean
from assistant.records import Metadata, Passage
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.library import Library

MOST = 3  # questions on one passage
LONGEST = 8000  # characters of a reply: a model that goes on is cut off


class _Line(BaseModel):
    """A line of a reply, as JSON from outside."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: str = Field(pattern=r"\S", max_length=LONGEST_QUESTION)
    sentences: list[int] = Field(min_length=1)


@dataclass(slots=True)
class Proposer:
    """Asks a chat model about one passage after another. `waiting`: the file that takes what it proposes; `known`: the
    questions, in small letters, that none may nearly repeat."""

    model: ChatModel
    waiting: QuestionFile
    known: list[str]
    proposed: int = 0
    bad_lines: int = 0
    near_copies: int = 0

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """With the chat model of the settings, the prepared questions of the corpus and those that wait already. Raises
        ChatModelError where the model cannot be opened, LibraryError where the questions cannot be read."""
        model = ChatModel.open(settings)
        waiting = proposed_questions(settings.state)
        known = [*prepared_questions(settings.corpus)[0], *waiting.questions()]
        return cls(model, waiting, [one.question.casefold() for one in known])

    def ask(self, passage: Passage, data: Metadata) -> None:
        """Have questions proposed on a passage, and write them down at once. `data` is of its document. Raises
        ChatModelError, or LibraryError when they cannot be written."""
        new: list[PreparedQuestion] = []
        for line in self._reply(passage, data).splitlines():
            if not line.strip():
                continue
            one = _proposal(line, passage)
            if one is None or len(new) == MOST:
                self.bad_lines += 1
            elif nearly_repeated(one.question, self.known):
                self.near_copies += 1
            else:
                new.append(one)
                self.known.append(one.question.casefold())
        if new:
            self.waiting.add(new)
            self.proposed += len(new)

    def _reply(self, passage: Passage, data: Metadata) -> str:
        reply = ""
        with closing(self.model.stream(messages_for_questions(passage, data, MOST))) as pieces:
            for piece in without_thoughts(pieces):
                reply += piece
                if len(reply) > LONGEST:
                    raise ChatModelError(f"{self.model.name} did not come to an end.")
        return reply


def passages_to_ask_about(library: "Library", sources: Iterable[str]) -> list[tuple[Passage, Metadata]]:
    """The passages of documents, each with what is known of its document; none that gives orders to a model."""
    return [
        (passage, data)
        for source in sources
        for data in [library.document(source).metadata]
        for passage in library.passages_of(source)
        if passage.sentences and not holds_orders(passage, data.title)
    ]


def _proposal(line: str, passage: Passage) -> PreparedQuestion | None:
    """The question of a line with its quote; None where the line is none, or names sentences that are not there."""
    try:
        said = _Line.model_validate_json(line)
    except ValidationError:
        return None
    first, last = min(said.sentences), max(said.sentences)
    question = one_line(clean(said.question))
    if not question or first < 1 or last > len(passage.sentences):
        return None
    start, end = passage.sentences[first - 1].start, passage.sentences[last - 1].end
    quote = one_line(passage.text[start - passage.start : end - passage.start])
    return PreparedQuestion(question, language_of(question), passage.source, quote)
