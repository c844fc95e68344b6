"""How far a quote goes on: the sentence that answers with what stands around it, as the author wrote it."""

from collections.abc import Sequence

from assistant.answering.excerpts import Excerpt
from assistant.answering.quotable import is_lead_in, is_quotable, leans


def onward(best: Excerpt, words: int) -> Excerpt:
    """An excerpt with the sentences that follow it, while there is room for so many words."""
    chosen = list(best.indices)
    while _goes_with(best, chosen[-1] + 1) and _words(best, {*chosen, chosen[-1] + 1}) <= words:
        chosen.append(chosen[-1] + 1)
    return Excerpt(best.passage, tuple(chosen), best.best, best.score)


def stretch(best: Excerpt, others: Sequence[Excerpt], words: int) -> Excerpt:
    """The best excerpt of a passage with others of it, best first, and then with the sentences between and around
    them, while there is room for so many words. Sentences before it that lean on what is not quoted are left out."""
    chosen = set(best.indices)
    for excerpt in sorted(others, key=lambda excerpt: -excerpt.score):
        if not excerpt.is_list and not excerpt.is_row_or_step and _words(best, chosen | set(excerpt.indices)) <= words:
            chosen |= set(excerpt.indices)
    while (index := _next(best, chosen)) is not None and _words(best, chosen | {index}) <= words:
        chosen.add(index)
    while min(chosen) < min(best.indices) and leans(_text(best, min(chosen))):
        chosen.remove(min(chosen))
    return Excerpt(best.passage, tuple(sorted(chosen)), best.best, best.score)


def _next(excerpt: Excerpt, chosen: set[int]) -> int | None:
    """The sentence by which a quote grows: one that is left out between two, else the following one, else the one
    before."""
    first, last = min(chosen), max(chosen)
    between = [index for index in range(first, last) if index not in chosen]
    return next((index for index in [*between, last + 1, first - 1] if _goes_with(excerpt, index)), None)


def _goes_with(excerpt: Excerpt, index: int) -> bool:
    """Whether a sentence goes on with what is quoted: prose with prose. Items and rows stand by themselves."""
    passage = excerpt.passage
    if not 0 <= index < len(passage.sentences):
        return False
    sentence = passage.sentences[index]
    is_prose = sentence.kind == passage.sentences[excerpt.best].kind == "paragraph"
    return is_prose and is_quotable(passage, sentence) and not is_lead_in(passage, sentence)


def _words(excerpt: Excerpt, indices: set[int]) -> int:
    return sum(len(_text(excerpt, index).split()) for index in indices)


def _text(excerpt: Excerpt, index: int) -> str:
    return excerpt.passage.sentence_text(excerpt.passage.sentences[index])
