"""What the check makes of a sentence that names no passage: whether it counts as supported, and what it cites."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant import Library
from assistant.answering.sheet import Sheet
from assistant.answering.written import WrittenSentence
from assistant.encoder import MINILM, Encoder, TokenVectors, find
from assistant.grounding import Judge
from evals.attribution.variants import Trial

_MOST_KEPT = 1000  # texts of which the vectors are kept: about 200 MB


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a trial's text counts as supported; `cited` are the ids of the passages that it then cites."""

    trial: Trial
    supported: bool
    cited: frozenset[str]

    @property
    def cites_its_passages(self) -> bool:
        """Whether each part of the text cites a passage that it rests on."""
        return all(part & self.cited for part in self.trial.rests_on)

    @property
    def is_right(self) -> bool:
        return self.supported == self.trial.is_true and (not self.supported or self.cites_its_passages)


def tied(trial: Trial, judge: Judge, library: Library) -> Outcome:
    """A trial on a sheet of its own."""
    sheet = Sheet(trial.shown, judge, library)
    [claim] = sheet.take(WrittenSentence(trial.text))
    cited = frozenset(one.passage_id for one in sheet.citations if one.number in claim.citations)
    return Outcome(trial, bool(claim.supported), cited if claim.supported else frozenset())


class RememberingEncoder(Encoder):
    """Reads a text once: variants of a sentence are compared with the same passages. Eight times as fast."""

    def __init__(self) -> None:
        super().__init__(find(MINILM))
        self._vectors: dict[str, TokenVectors] = {}
        self._counts: dict[str, int] = {}

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        if len(self._vectors) > _MOST_KEPT:
            self._vectors.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        self._vectors |= zip(new, super().encode_tokens(new), strict=True)
        return [self._vectors[text] for text in texts]

    def count_tokens(self, text: str) -> int:
        if text not in self._counts:
            self._counts[text] = super().count_tokens(text)
        return self._counts[text]
