"""An answer written by a chat model, streamed, each sentence judged as it ends; the extractive answer when it fails.

The model is given the question as it stands alone and the best passages, nothing else. What no passage supports is
marked, or in strict mode left out; whatever the model writes, each quote is an exact slice of a page.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answering.abstention import ANSWERS, abstain
from assistant.answering.chat_model import ChatModel
from assistant.answering.citations import text_of
from assistant.answering.draft import Draft
from assistant.answering.orders import holds_orders
from assistant.answering.prompts import messages
from assistant.answering.sheet import Sheet
from assistant.answering.written import Sentences, WrittenSentence, without_thoughts
from assistant.errors import ChatModelError
from assistant.grounding import Judge
from assistant.records import Claim, NoteOnAnswer, Passage, Query, Reading, Writing

if TYPE_CHECKING:
    from assistant.library import Library

SHOWN = 8  # passages that the model reads: about 2,000 tokens
ASKS = 0.5 * ANSWERS  # best score below which the model is not asked: nothing in the library is near the question
LONGEST = 8000  # characters of an answer: a model that goes on is cut off
BRIDGE = "In the documents' own words:"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes answers with a chat model. `strict`: what is not supported is left out instead of marked."""

    model: ChatModel
    judge: Judge
    library: "Library"
    strict: bool = False

    def write(
        self, query: Query, readings: Sequence[Reading], extractive: Draft
    ) -> Generator[Writing | Claim | Draft, None, None]:
        """The answer as it comes, and last the whole of it. `extractive`, with its claims judged, is what is given
        when the model fails or need not be asked."""
        passages = self._shown(readings, extractive)
        is_near = bool(extractive.claims) or (query.type != "small-talk" and readings and readings[0].score >= ASKS)
        if not passages or not is_near or extractive.reason == "premise-denied":
            yield from extractive.claims
            yield extractive
            return
        sheet = Sheet(passages, self.judge, self.library, self.strict)
        failure = yield from self._written(query, sheet)
        if sheet.declined and not failure and not sheet.is_supported:
            abstention = (
                extractive if not extractive.claims else abstain("declined-by-model", query, readings, self.library)
            )
            yield replace(abstention, notes=(*abstention.notes, *sheet.notes()), by_model=True)
        elif sheet.is_supported and not failure:
            yield _draft(sheet)
        else:
            yield from _rescued(sheet, extractive, _note(failure, sheet, extractive, self.model.name), bool(failure))

    def _shown(self, readings: Sequence[Reading], extractive: Draft) -> list[Passage]:
        """What the model reads: the passages that the extractive answer quotes, then the best of the others; none that
        gives orders to it."""
        quoted = [citation.passage_id for citation in extractive.citations]
        ids = dict.fromkeys([*quoted, *(reading.passage.id for reading in readings)])
        passages = self.library.passages(list(ids)[: 2 * SHOWN])
        titles = {info.source: info.metadata.title for info in self.library.documents()}
        return [passage for passage in passages if not holds_orders(passage, titles[passage.source])][:SHOWN]

    def _written(self, query: Query, sheet: Sheet) -> Generator[Writing | Claim, None, ChatModelError | None]:
        """What the model writes, put on the sheet sentence by sentence; the error, if it did not come to its end."""
        documents = {info.source: info.metadata for info in self.library.documents()}
        sentences, length = Sentences(), 0
        failure = None
        try:
            with closing(self.model.stream(messages(query.text, sheet.passages, documents))) as pieces:
                for piece in without_thoughts(pieces):
                    for sentence in sentences.feed(piece[: LONGEST - length]):
                        yield from sheet.take(sentence)
                    if sentences.pending and not self.strict:
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
