"""Is a claim supported by what it cites? Offline, calibrated, and the same for the chat and for the evaluation.

A claim that repeats whole sentences of what it cites is supported without any model. Any other is compared with its
evidence by words and by vectors (features.py), a cross-encoder says whether it follows from the nearest sentences
(entailment.py), and a small model (scorer.py) turns that into a probability. `weights/judge/README.md` says how often
it is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.encoder import MINILM, Encoder
from assistant.grounding.entailment import Entailment
from assistant.grounding.enumerations import is_item
from assistant.grounding.evidence import read_evidence
from assistant.grounding.features import ClaimText, EvidenceVectors, Measured, measure
from assistant.grounding.scorer import Scorer
from assistant.grounding.words import CITATION_MARK
from assistant.records import Answer, Citation, Claim, Passage
from assistant.rows import is_said
from assistant.sentences import split_sentences
from assistant.settings import Settings

WEIGHTS = Path(__file__).parent.parent / "weights" / "judge" / "judge.json"
Pair = tuple[str, str]  # premise, claim
_PREMISES_AT_ONCE = 32


class Passages(Protocol):
    """What the judge needs of a library."""

    def passages(self, ids: Sequence[str]) -> list[Passage]: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a premise supports a claim: a probability, the decision at the shipped threshold, and the stretch
    `premise[start:end]` that speaks most for it (None where the premise says nothing)."""

    support: float
    supported: bool
    stretch: tuple[int, int] | None


class Judge:
    """Scores claims against their evidence.

    >>> judge = Judge.load()  # doctest: +SKIP
    >>> judge.support([("The mission closed in 2005.", "The mission ended in 2005.")])  # doctest: +SKIP
    array([0.79])
    """

    def __init__(self, scorer: Scorer, encoder: Encoder) -> None:
        self._scorer = scorer
        self._encoder = encoder

    @cached_property
    def _entailment(self) -> Entailment:
        """Read when a first claim has to be compared: whole sentences of the evidence need no model. Raises
        ModelError."""
        return Entailment()

    @classmethod
    def load(cls, settings: Settings | None = None, encoder: Encoder | None = None) -> "Judge":
        """The shipped judge. An `encoder` already loaded is shared where it is the model that the judge was
        trained with; another model that the settings name is not used here. Raises ModelError when that is missing."""
        if encoder is None or encoder.name != MINILM:
            encoder = Encoder.load((settings or Settings()).model_copy(update={"encoder": MINILM}))
        return cls(Scorer.load(WEIGHTS), encoder)

    @property
    def threshold(self) -> float:
        """The support from which on a claim counts as supported."""
        return self._scorer.threshold

    @property
    def floor_thresholds(self) -> Mapping[str, float]:
        """The thresholds of the untrained floors, chosen on the same data as the judge's own."""
        return self._scorer.floors

    def support(self, pairs: Sequence[Pair]) -> NDArray[np.float64]:
        """The probability that each premise supports its claim: float64 array of shape (n_pairs,)."""
        return self.score(self.measure(pairs))

    def score(self, measured: Sequence[Measured]) -> NDArray[np.float64]:
        """Probabilities of pairs already measured."""
        return self._scorer([list(pair.features.values()) for pair in measured])

    def verdicts(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """The same with the decision and the stretch of the premise that speaks most for the claim."""
        measured = self.measure(pairs)
        return [
            Verdict(float(support), bool(support >= self.threshold), pair.stretch)
            for support, pair in zip(self.score(measured), measured, strict=True)
        ]

    def measure(self, pairs: Sequence[Pair]) -> list[Measured]:
        """The features of each pair. Premises and claims that repeat are read once."""
        by_premise: dict[str, list[int]] = {}
        for i, (premise, _) in enumerate(pairs):
            by_premise.setdefault(premise, []).append(i)
        found: dict[int, Measured] = {}
        for premises in _batched(by_premise, _PREMISES_AT_ONCE):
            numbers = [i for premise in premises for i in by_premise[premise]]
            found |= zip(numbers, self._measure_batch([pairs[i] for i in numbers]), strict=True)
        return [found[i] for i in range(len(pairs))]

    def _measure_batch(self, pairs: Sequence[Pair]) -> Iterator[Measured]:
        texts = list(dict.fromkeys(CITATION_MARK.sub("", claim) for _, claim in pairs))
        claims = dict(zip(texts, map(ClaimText, texts, self._encoder.encode_tokens(texts)), strict=True))
        evidence = {premise: read_evidence(premise, self._encoder.count_tokens) for premise, _ in pairs}
        judged = [(evidence[premise], claims[CITATION_MARK.sub("", claim)]) for premise, claim in pairs]
        chosen = [read.likeliest_windows(claim.weights) for read, claim in judged]
        wanted = list(
            dict.fromkeys(
                read.window_text(window)
                for (read, _), windows in zip(judged, chosen, strict=True)
                for window in windows
            )
        )
        encoded = dict(zip(wanted, self._encoder.encode_tokens(wanted), strict=True))
        for (read, claim), windows in zip(judged, chosen, strict=True):
            vectors = EvidenceVectors.of(read, windows, [encoded[read.window_text(window)] for window in windows])
            yield measure(claim, read, vectors, self._entailment.log_odds)

    def check(self, answer: Answer, library: Passages | None = None) -> Answer:
        """The answer with state, support and supported set on each claim, as `judged` does."""
        return replace(answer, claims=self.judged(answer.claims, answer.citations, library))

    def judged(
        self, claims: Sequence[Claim], citations: Sequence[Citation], library: Passages | None = None
    ) -> tuple[Claim, ...]:
        """The claims with state, support and supported set on each.

        A claim is judged against all that it cites together: the passages of its citations, or without a library
        their quotes. A claim without a citation, or with a number that stands for none, is unsupported.
        """
        cited = _Cited(citations, library)
        states = [_state(claim, cited) for claim in claims]
        judged = [i for i, claim in enumerate(states) if claim.state == "judged"]
        pairs = [(cited.evidence(states[i]), states[i].text) for i in judged]
        for i, verdict in zip(judged, self.verdicts(pairs) if pairs else [], strict=True):
            states[i] = replace(states[i], support=round(verdict.support, 4), supported=verdict.supported)
        return tuple(states)


class _Cited:
    """What the citations of an answer quote, and the passages that the quotes stand in."""

    def __init__(self, citations: Sequence[Citation], library: Passages | None) -> None:
        self._by_number = {citation.number: citation for citation in citations}
        self._library = library

    @cached_property
    def _passages(self) -> dict[str, Passage]:
        if self._library is None:
            return {}
        ids = list(dict.fromkeys(citation.passage_id for citation in self._by_number.values()))
        return dict(zip(ids, self._library.passages(ids), strict=True))

    def knows(self, number: int) -> bool:
        return number in self._by_number

    def quotes(self, claim: Claim) -> list[str]:
        return [_quote(self._by_number[number]) for number in claim.citations]

    def evidence(self, claim: Claim) -> str:
        """The text of the passages cited, each once, with the lead-in of a list or the header of a table."""
        parts: list[str] = []
        for number in claim.citations:
            citation = self._by_number[number]
            passage = self._passages.get(citation.passage_id)
            parts += [passage.context, passage.text] if passage else []
            if passage is None:
                parts.append(_quote(citation))
        return "\n".join(part for part in dict.fromkeys(parts) if part)


def _state(claim: Claim, cited: _Cited) -> Claim:
    """The claim with what can be said without a model; state "judged" where that is not enough.

    A composer that marked its claim as verbatim is taken at its word only where the quote holds the claim.
    """
    if claim.state == "no_claim":
        return replace(claim, support=None, supported=None)
    if not claim.citations:
        return replace(claim, state="no_citation", support=0.0, supported=False)
    if not all(map(cited.knows, claim.citations)):
        return replace(claim, state="unknown_citation", support=0.0, supported=False)
    quoted = claim.state == "verbatim" and any(_one_line(claim.text) in quote for quote in cited.quotes(claim))
    evidence = cited.evidence(claim)
    if quoted or stands_in(claim.text, evidence) or is_said(claim.text, evidence):
        return replace(claim, state="verbatim", support=1.0, supported=True)
    return replace(claim, state="judged")


def _quote(citation: Citation) -> str:
    """All of a quote, over however many pages it runs, on one line."""
    return _one_line(" ".join(span.text for span in citation.spans)) or citation.quote


def stands_in(claim: str, evidence: str) -> bool:
    """Whether a claim is whole sentences, lines or items of a list of the evidence, word for word."""
    return repeats(claim, evidence) or is_item(claim, evidence)


def repeats(claim: str, evidence: str) -> bool:
    """Whether a claim is whole sentences or lines of the evidence, word for word.

    Part of a sentence is not enough: "the police were vetted" stands in "nobody says that the police were vetted".

    >>> repeats("It closed.", "The mission began in 1999. It closed.")
    True
    """
    wanted = _one_line(claim)
    lines = [_one_line(line) for line in evidence.splitlines() if line.strip()]
    return bool(wanted) and any(_is_run(wanted, _sentences(texts)) for texts in (lines, [" ".join(lines)]))


def _is_run(wanted: str, sentences: Sequence[str]) -> bool:
    for first, sentence in enumerate(sentences):
        run = sentence
        for following in sentences[first + 1 :]:
            if len(run) >= len(wanted):
                break
            run = f"{run} {following}"
        if run == wanted:
            return True
    return False


def _sentences(texts: Iterable[str]) -> list[str]:
    return [text[start:end] for text in texts for start, end in split_sentences(text)]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _batched(items: Iterable[str], size: int) -> Iterator[list[str]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
