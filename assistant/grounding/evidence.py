"""The evidence for a claim, cut into sentences and into windows that the embedding model reads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.grounding.words import normal_form, words
from assistant.sentences import split_sentences

# Read for one claim at most. Mean AUROC on sets left out: 3 windows of 126 word pieces .714, 2 of 254 .713; all windows
# of a long page gain less than .003 more and cost several times as much.
WINDOW_TOKENS = 126
WINDOWS = 3


@dataclass(frozen=True)
class Evidence:
    """A premise. `sentences` are offsets into `text`, none longer than a window; `windows` are ranges of sentences,
    in order, that together hold them all."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    windows: tuple[range, ...]

    @cached_property
    def words(self) -> list[list[str]]:
        """The words of each sentence."""
        return [words(self.text[start:end]) for start, end in self.sentences]

    @cached_property
    def forms(self) -> list[list[str]]:
        """The normal forms of the words of each sentence."""
        return [[normal_form(word) for word in sentence] for sentence in self.words]

    @cached_property
    def form_sets(self) -> list[frozenset[str]]:
        return [frozenset(sentence) for sentence in self.forms]

    def window_text(self, window: range) -> str:
        return self.text[self.sentences[window[0]][0] : self.sentences[window[-1]][1]]

    def likeliest_windows(self, weights: Mapping[str, float], count: int = WINDOWS) -> list[range]:
        """The windows that hold most of the weight of a claim's words, in the order of the text."""
        if len(self.windows) <= count:
            return list(self.windows)
        held = [frozenset().union(*(self.form_sets[i] for i in window)) for window in self.windows]
        found = [sum(weight for form, weight in weights.items() if form in forms) for forms in held]
        best = sorted(range(len(held)), key=lambda i: -found[i])[:count]
        return [self.windows[i] for i in sorted(best)]


def read_evidence(premise: str, count_tokens: Callable[[str], int]) -> Evidence:
    """Cut a premise. A line end that parts items or paragraphs ends a sentence too."""
    sentences: list[tuple[int, int]] = []
    counts: list[int] = []
    start = 0
    for line in premise.splitlines(keepends=True):
        for a, b in split_sentences(line):
            for piece in _short_enough(premise, start + a, start + b, count_tokens):
                sentences.append(piece)
                counts.append(count_tokens(premise[piece[0] : piece[1]]))
        start += len(line)
    return Evidence(premise, tuple(sentences), tuple(_windows(counts)))


def _short_enough(text: str, start: int, end: int, count_tokens: Callable[[str], int]) -> list[tuple[int, int]]:
    """A sentence, or where it is longer than a window its halves, cut between words."""
    if end - start <= WINDOW_TOKENS or count_tokens(text[start:end]) <= WINDOW_TOKENS:
        return [(start, end)]
    space = text.rfind(" ", start + 1, (start + end) // 2)
    middle = space if space > start else (start + end) // 2
    right = middle + (len(text[middle:end]) - len(text[middle:end].lstrip()))
    return _short_enough(text, start, middle, count_tokens) + _short_enough(text, right, end, count_tokens)


def _windows(counts: Sequence[int]) -> list[range]:
    """Sentences taken together while they fit."""
    windows: list[range] = []
    first = used = 0
    for i, count in enumerate(counts):
        if i > first and used + count > WINDOW_TOKENS:
            windows.append(range(first, i))
            first, used = i, 0
        used += count
    return [*windows, range(first, len(counts))] if counts else []
