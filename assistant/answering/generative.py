"""An answer written by a chat model, streamed, each sentence judged as it ends; the extractive answer when it fails.

The model is given the question as it stands alone and the best passages, nothing else. What no passage supports is
marked, or in strict mode left out; whatever the model writes, each quote is an exact slice of a page.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langchain_core.messages import BaseMessage

from assistant.answering.abstention import ANSWERS, abstain
from assistant.answering.calibration import Calibration
from assistant.answering.chat_model import ChatModel
from assistant.answering.citations import text_of
from assistant.answering.draft import Draft
from assistant.answering.prompts import Requests, answering
from assistant.answering.sheet import Sheet
from assistant.answering.shown import LITTLE, MUCH, Shown, shown
from assistant.answering.translation import Translator
from assistant.answering.written import Sentences, WrittenSentence, without_thoughts
from assistant.encoder import Encoder
from assistant.errors import ChatModelError
from assistant.grounding import Judge
from assistant.query.language import ENGLISH
from assistant.records import Claim, NoteOnAnswer, Query, Reading, Writing

if TYPE_CHECKING:
    from assistant.library import Library

ASKS = 0.5 * ANSWERS  # best score below which the model is not asked: nothing in the library is near the question
LONGEST = 8000  # characters of an answer: a model that goes on is cut off
SURE = 0.8  # score from which on the reader is believed where the chat model finds no answer
DECLINED = (
    "The chat model finds no answer in these passages. The documents' own words are given: see whether they answer."
)
BRIDGE = "In the documents' own words:"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes answers with a chat model. `calibration`: what was measured of its yes, None where nothing was; then it
    may decline in words. `strict`: what is not supported is left out instead of marked."""

    model: ChatModel
    judge: Judge
    encoder: Encoder
    library: "Library"
    calibration: Calibration | None = None
    strict: bool = False

    def write(
        self, query: Query, readings: Sequence[Reading], extractive: Draft
    ) -> Generator[Writing | Claim | Draft, None, None]:
        """The answer as it comes, and last the whole of it. `extractive`, with its claims judged, is what is given
        when the model fails or need not be asked."""
        seen = shown(readings, extractive.citations, self.library, LITTLE if self.model.reads_slowly else MUCH)
        is_near = bool(extractive.claims) or (query.type != "small-talk" and readings and readings[0].score >= ASKS)
        if not seen or not is_near or extractive.reason == "premise-denied":
            yield from extractive.claims
            yield extractive
            return
        sheet, failure = yield from self._asked(query, seen, may_copy=bool(extractive.claims))
        if sheet.declined and not failure and not sheet.is_supported:
            yield from self._declined(query, readings, extractive, sheet)
        elif sheet.is_supported and not failure:
            yield _draft(sheet)
        else:
            yield from _rescued(sheet, extractive, _note(failure, sheet, extractive, self.model.name), bool(failure))

    def _asked(
        self, query: Query, seen: Sequence[Shown], may_copy: bool
    ) -> Generator[Writing | Claim, None, tuple[Sheet, ChatModelError | None]]:
        """Have the model say whether the passages answer, and if they do, answer; where nothing supports what it wrote,
        have it copy what answers. What it wrote, and the error, if there was one. It `may_copy` only where the
        documents' own words answer: what is copied is always supported, whether it answers or not."""
        documents = {info.source: info.metadata for info in self.library.documents()}
        requests = answering(query.text, seen, documents, may_decline=self.calibration is None)
        sheet = self._sheet(query, seen)
        try:
            sheet.declined = self._says_no(requests)
        except ChatModelError as error:
            return sheet, error
        if sheet.declined:
            return sheet, None
        failure = yield from self._written(requests.answer, sheet)
        is_wrong = bool(sheet.says_something or sheet.dropped) and not (sheet.is_supported or sheet.declined)
        if failure or not is_wrong or not may_copy:
            return sheet, failure
        copied = self._sheet(query, seen, copies=True)
        failure = yield from self._written(requests.copy, copied)
        return (copied, failure) if copied.is_supported else (sheet, None)

    def _sheet(self, query: Query, seen: Sequence[Shown], copies: bool = False) -> Sheet:
        translator = None
        if query.language != ENGLISH:
            translator = Translator(self.model, self.encoder, query.language)
        return Sheet([each.passage for each in seen], self.judge, self.library, self.strict, copies, translator)

    def _says_no(self, requests: Requests) -> bool:
        """Whether a model whose yes is worth asking for says that the passages do not answer. Raises ChatModelError."""
        if self.calibration is None or not self.calibration.is_usable:
            return False
        probability = self.model.probability_of_yes(requests.is_answered)
        return probability is not None and probability < self.calibration.threshold

    def _declined(
        self, query: Query, readings: Sequence[Reading], extractive: Draft, sheet: Sheet
    ) -> Iterator[Claim | Draft]:
        """What is given where the model finds no answer: an abstention, unless the reader is sure of the contrary."""
        if not extractive.claims:
            yield replace(extractive, notes=(*extractive.notes, *sheet.notes()), by_model=True)
        elif readings[0].score >= SURE:
            yield from extractive.claims
            yield replace(extractive, notes=(NoteOnAnswer("chat-model-declined", DECLINED), *extractive.notes))
        else:
            abstention = abstain("declined-by-model", query, readings, self.library)
            yield replace(abstention, notes=(*abstention.notes, *sheet.notes()), by_model=True)

    def _written(
        self, request: Sequence[BaseMessage], sheet: Sheet
    ) -> Generator[Writing | Claim, None, ChatModelError | None]:
        """What the model writes, put on the sheet sentence by sentence; the error, if it did not come to its end."""
        sentences, length = Sentences(), 0
        failure = None
        try:
            with closing(self.model.stream(request)) as pieces:
                for piece in without_thoughts(pieces):
                    for sentence in sentences.feed(piece[: LONGEST - length]):
                        yield from sheet.take(sentence)
                    if sentences.pending and not self.strict and not sheet.translator:
                        yield Writing(sentences.pending)
                    length += len(piece)
                    if length > LONGEST:
                        raise ChatModelError(f"{self.model.name} did not come to an end.")
        except ChatModelError as error:
            failure = error
        for sentence in _last(sentences.finish(), is_cut=failure is not None):
            yield from sheet.take(sentence)
        return failure


def _last(sentences: list[WrittenSentence], is_cut: bool) -> list[WrittenSentence]:
    """What was left in the end; where the model broke off in a sentence, that can be seen."""
    if is_cut and sentences and not sentences[-1].text.endswith((".", "!", "?")):
        sentences[-1] = replace(sentences[-1], text=f"{sentences[-1].text} …")
    return sentences


def _draft(sheet: Sheet, notes: Sequence[NoteOnAnswer] = (), complete: bool = True) -> Draft:
    claims, citations = tuple(sheet.claims), tuple(sheet.citations)
    every = (*notes, *sheet.notes())
    return Draft(text_of(claims), claims, citations, notes=every, complete=complete, by_model=True)


def _rescued(sheet: Sheet, extractive: Draft, note: NoteOnAnswer, is_cut: bool) -> Iterator[Claim | Draft]:
    """The extractive answer, behind what the model wrote where that says something.

    Where the library does not answer either, unsupported sentences are not kept: an abstention has no claims.
    """
    if sheet.is_supported and not extractive.claims:
        yield _draft(sheet, [note], complete=not is_cut)
    elif sheet.says_something and extractive.claims:
        bridge = Claim(BRIDGE, state="no_claim")
        sheet.claims.append(bridge)
        yield bridge
        yield from sheet.add(extractive)
        yield _draft(sheet, [note, *extractive.notes], complete=not is_cut)
    else:
        yield from extractive.claims
        yield replace(extractive, notes=(note, *extractive.notes, *sheet.notes()))


def _note(failure: ChatModelError | None, sheet: Sheet, extractive: Draft, name: str) -> NoteOnAnswer:
    """Why the extractive answer is given."""
    instead = "The answer in the documents' own words is given."
    if not extractive.claims:
        instead = "The documents' own words do not answer the question either."
    if failure and sheet.says_something:
        return NoteOnAnswer("chat-model-cut-off", f"{failure} What it wrote before is not complete. {instead}")
    if failure:
        return NoteOnAnswer("chat-model-failed", f"{failure} {instead}")
    if sheet.claims or sheet.dropped:
        return NoteOnAnswer("nothing-supported", f"No source supports what {name} wrote. {instead}")
    return NoteOnAnswer("chat-model-empty", f"{name} wrote nothing. {instead}")
