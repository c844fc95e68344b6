"""How far a quote goes on: the sentence that answers with what stands around it, as the author wrote it."""

from collections.abc import Iterator

from assistant.answering.excerpts import Excerpt
from assistant.answering.quotable import is_lead_in, is_quotable, leans


def onward(excerpt: Excerpt, words: int) -> Excerpt:
    """An excerpt with the sentences that follow it, while there is room for so many words."""
    return _grown(excerpt, words, steps=(1,))


def stretch(excerpt: Excerpt, words: int) -> Excerpt:
    """An excerpt with the sentences that follow it, then those before it, while there is room for so many words. It
    begins with no sentence that leans on one that is left out."""
    grown = _grown(excerpt, words, steps=(1, -1))
    first = next(i for i in grown.indices if i in excerpt.indices or not leans(_text(grown, i)))
    return Excerpt(excerpt.passage, tuple(i for i in grown.indices if i >= first), excerpt.best, excerpt.score)


def _grown(excerpt: Excerpt, words: int, steps: tuple[int, ...]) -> Excerpt:
    """The excerpt with what stands beside it: after it (step 1), before it (-1), in the order of the steps."""
    indices = excerpt.indices
    for step in steps:
        for index in _beside(excerpt, step):
            longer = Excerpt(excerpt.passage, tuple(sorted({*indices, index})), excerpt.best, excerpt.score)
            if longer.words > words:
                break
            indices = longer.indices
    return Excerpt(excerpt.passage, indices, excerpt.best, excerpt.score)


def _beside(excerpt: Excerpt, step: int) -> Iterator[int]:
    """The sentences after an excerpt (step 1) or before it (-1) that go on with it: prose with prose. Items and rows
    stand by themselves."""
    passage = excerpt.passage
    index = excerpt.indices[-1] + 1 if step > 0 else excerpt.indices[0] - 1
    while 0 <= index < len(passage.sentences):
        sentence = passage.sentences[index]
        is_prose = sentence.kind == passage.sentences[excerpt.best].kind == "paragraph"
        if not is_prose or not is_quotable(passage, sentence) or is_lead_in(passage, sentence):
            return
        yield index
        index += step


def _text(excerpt: Excerpt, index: int) -> str:
    return excerpt.passage.sentence_text(excerpt.passage.sentences[index])
