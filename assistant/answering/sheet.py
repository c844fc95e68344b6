"""What a chat model's sentences become: claims, each judged, each tied to quotes of the passages that support it.

A passage that supports a sentence becomes the citation of those of its own sentences that speak most for it; so one
passage may give several citations, and the numbers in the answer are not those that the model wrote. A number that
the model invented keeps its place among the claim's citations and is never given to a quote.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from assistant.answering.additions import adds, share_in_order
from assistant.answering.attribution import as_it_stands, attributed
from assistant.answering.citations import Quote, cite
from assistant.answering.draft import Draft
from assistant.answering.exchanges import exchanges
from assistant.answering.prompts import NOT_IN_PASSAGES
from assistant.answering.translation import Translator
from assistant.answering.written import WrittenSentence, makes_no_claim
from assistant.grounding import Judge
from assistant.grounding.enumerations import is_item
from assistant.grounding.words import STOP_WORDS, words
from assistant.query.words import stems
from assistant.records import Citation, Claim, NoteOnAnswer, Passage

if TYPE_CHECKING:
    from assistant.library import Library


# The judge's support from which on a sentence of a chat model counts as supported. Its own threshold weighs false
# warnings like false acceptances; here a warning costs less (docs/chat-models.md).
SUPPORTED = 0.6
FEWEST_WORDS = 3  # telling words of a sentence: a bare name says nothing that could be checked
NEARLY_ALL = 0.85  # share of a sentence's words that stand in its quotes in this order: then that threshold does


@dataclass(slots=True)
class Sheet:
    """The claims of an answer while a chat model writes it. `passages` are those it was shown, from [1] on.

    `strict` leaves out what is not supported and counts it in `dropped`. `copies`: the model was asked to copy, after
    nothing supported what it wrote; its sentences are put down as they stand in the passages. `translator` says what is
    supported in the reader's language. `unknown` are the numbers, as the model wrote them, that name no passage;
    `declined` says that the model found no answer.
    """

    passages: Sequence[Passage]
    judge: Judge
    library: "Library"
    strict: bool = False
    copies: bool = False
    translator: Translator | None = None
    claims: list[Claim] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    unknown: dict[int, int] = field(default_factory=dict)
    dropped: int = 0
    declined: bool = False

    @property
    def is_supported(self) -> bool:
        """Whether any claim is."""
        return any(claim.supported for claim in self.claims)

    @property
    def says_something(self) -> bool:
        return any(claim.state != "no_claim" for claim in self.claims)

    def take(self, sentence: WrittenSentence) -> Iterator[Claim]:
        """The judged claim of a sentence; none when it is left out."""
        if self.copies:
            sentence = replace(sentence, text=as_it_stands(sentence.text, self.passages))
        declines = _letters(sentence.text) == _letters(NOT_IN_PASSAGES)
        self.declined = self.declined or declines
        cited: list[Citation] = []
        claim = Claim(sentence.text, state="no_claim", item=sentence.item)
        if not declines and (sentence.numbers or not makes_no_claim(sentence.text)):
            claim, cited = self._judged(sentence)
        if self.strict and claim.supported is False:
            self.dropped += 1
            return
        claim = self._in_readers_language(claim)
        self.claims.append(claim)
        self._keep(cited)
        yield claim

    def add(self, extractive: Draft) -> Iterator[Claim]:
        """The claims of an extractive answer behind those of the model, with their citations numbered on."""
        numbers = {}
        for citation in extractive.citations:
            numbered = self._numbered(citation)
            numbers[citation.number] = numbered.number
            self._keep([numbered])
        for claim in extractive.claims:
            self.claims.append(replace(claim, citations=tuple(numbers[number] for number in claim.citations)))
            yield self.claims[-1]

    def notes(self) -> Iterator[NoteOnAnswer]:
        """What was copied, left out or translated, and which numbers name nothing."""
        if self.copies:
            message = "No source supports what the chat model wrote first; asked again, it copied these sentences."
            yield NoteOnAnswer("copied", message)
        if self.dropped:
            counted = "1 sentence" if self.dropped == 1 else f"{self.dropped} sentences"
            message = f"{counted} of the chat model left out: what was shown to it does not support it."
            yield NoteOnAnswer("dropped-unsupported", message)
        if self.unknown:
            marks = ", ".join(f"[{number}]" for number in sorted(self.unknown))
            message = f"The chat model named {marks}, but it was shown {len(self.passages)} passages, from [1] on."
            yield NoteOnAnswer("unknown-citation", message)
        if any(claim.original for claim in self.claims):
            message = "Written and checked in English, then translated by the chat model. The quotes are as they stand."
            yield NoteOnAnswer("translated", message)

    def _in_readers_language(self, claim: Claim) -> Claim:
        found = self.translator.translated(claim.text) if self.translator and claim.supported else None
        return replace(claim, text=found, original=claim.text) if found else claim

    def _judged(self, sentence: WrittenSentence) -> tuple[Claim, list[Citation]]:
        """The claim of a sentence with its verdict, and what it cites: the first of the passages attributed to it that
        support it, else those that the model named."""
        named = [self.passages[number - 1] for number in sentence.numbers if 0 < number <= len(self.passages)]
        lost = [self._unknown_number(number) for number in sentence.numbers if not 0 < number <= len(self.passages)]
        if not lost and self._is_bare(sentence):
            return self._weighed(sentence, ())
        of_named = None
        for passages in [named] if lost else attributed(sentence.text, self.passages, named, self.judge):
            claim, cited = self._weighed(sentence, passages, lost)
            if claim.supported:
                return claim, cited
            if passages is named:
                of_named = claim, cited
        return of_named or self._weighed(sentence, ())

    def _is_bare(self, sentence: WrittenSentence) -> bool:
        """Whether it is a bare name or number, and no item of a list that a sentence leads in, here or in a passage."""
        telling = [word for word in words(sentence.text) if word not in STOP_WORDS]
        is_led_in = any(claim.text.endswith(":") for claim in self.claims) or any(
            is_item(sentence.text, passage.text) for passage in self.passages
        )
        return len(telling) < FEWEST_WORDS and not (sentence.item and is_led_in)

    def _weighed(
        self, sentence: WrittenSentence, passages: Sequence[Passage], lost: Sequence[int] = ()
    ) -> tuple[Claim, list[Citation]]:
        """The claim of a sentence that cites these passages."""
        cited: list[Citation] = []
        for quote in self._quotes(sentence.text, passages):
            cited.append(self._numbered(cite(0, quote, self.library), cited))
        numbers = dict.fromkeys([*(citation.number for citation in cited), *lost])
        draft = Claim(sentence.text, tuple(numbers), state="judged", item=sentence.item)
        [claim] = self.judge.judged([draft], cited, _Shown(self.passages))
        if claim.state == "judged" and claim.supported:
            if self._says_otherwise(claim.text, cited):
                claim = replace(claim, support=0.0, supported=False)
            elif (claim.support or 0.0) < SUPPORTED and share_in_order(claim.text, _words_of(cited)) < NEARLY_ALL:
                claim = replace(claim, supported=False)
        return claim, cited

    def _says_otherwise(self, text: str, cited: Sequence[Citation]) -> bool:
        """Whether a sentence holds a number, a name or a small word otherwise than what it cites."""
        quotes = _words_of(cited)
        about, around = [], []
        for passage in _Shown(self.passages).passages([citation.passage_id for citation in cited]):
            data = self.library.document(passage.source).metadata
            about += [*filter(None, (data.title, data.symbol, data.publisher, data.period, str(data.year or "")))]
            about += [*data.country, *data.mission, *data.organisations, *passage.section, passage.context]
            around.append(passage.text)
        everywhere = "\n".join(passage.text for passage in self.passages)
        return adds(text, quotes, "\n".join(about), "\n".join(around), self.library.acronyms()) or exchanges(
            text, quotes, everywhere
        )

    def _quotes(self, text: str, passages: Sequence[Passage]) -> Iterator[Quote]:
        """Of each passage the sentences that speak most for the text."""
        verdicts = self.judge.verdicts([(passage.text, text) for passage in passages]) if passages else []
        for passage, verdict in zip(passages, verdicts, strict=True):
            start, end = verdict.stretch or (0, len(passage.text))
            held = [
                index
                for index, sentence in enumerate(passage.sentences)
                if sentence.start - passage.start < end and sentence.end - passage.start > start
            ]
            yield _sharpened(Quote(passage, held[0], held[-1]), text)

    def _numbered(self, citation: Citation, beside: Sequence[Citation] = ()) -> Citation:
        """The citation with the number that its quote has already, else with the next free one."""
        given = [*self.citations, *beside]
        unnumbered = replace(citation, number=0)
        for other in given:
            if replace(other, number=0) == unnumbered:
                return other
        taken = {other.number for other in given} | set(self.unknown.values())
        return replace(citation, number=next(number for number in count(1) if number not in taken))

    def _unknown_number(self, number: int) -> int:
        """The number itself; or where a quote has it by now, the next one that nothing has."""
        taken = {citation.number for citation in self.citations} | set(self.unknown.values())
        if number not in self.unknown:
            later = count(max([len(self.passages), *taken]) + 1)
            self.unknown[number] = number if number not in taken else next(later)
        return self.unknown[number]

    def _keep(self, citations: Sequence[Citation]) -> None:
        self.citations += [citation for citation in citations if citation not in self.citations]


@dataclass(frozen=True, slots=True)
class _Shown:
    """The passages that the model was shown, as the judge asks for them."""

    shown: Sequence[Passage]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        by_id = {passage.id: passage for passage in self.shown}
        return [by_id[identifier] for identifier in ids]


def _words_of(cited: Sequence[Citation]) -> str:
    return "\n".join(span.text for citation in cited for span in citation.spans)


def _sharpened(quote: Quote, text: str) -> Quote:
    """The quote without sentences at its ends that hold no word of the text beyond those that the others hold."""
    wanted = stems(text)
    held = {
        index: stems(quote.passage.sentence_text(quote.passage.sentences[index])) & wanted
        for index in range(quote.first, quote.last + 1)
    }
    for index in sorted(held, key=lambda index: len(held[index])):
        others = set().union(*(held[other] for other in held if other != index))
        if len(held) > 1 and index in (min(held), max(held)) and held[index] <= others:
            del held[index]
    return Quote(quote.passage, min(held), max(held))


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
