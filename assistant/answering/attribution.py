"""Which of the passages shown to a chat model its sentence rests on: found by us. What the model names is a hint."""

from collections.abc import Iterator, Sequence

from assistant.answering.additions import share_in_order
from assistant.answering.citations import one_line
from assistant.grounding import Judge, stands_in
from assistant.query.words import stems
from assistant.records import Passage

COMPARED = 3  # passages that hold most of the sentence's words; the judge compares these
COPIED = 0.6  # share of a copy's words that a sentence holds in order
FEWEST_ADDED = 3  # words that a second passage must add, numbers not counted: a sentence merged from two has more


def attributed(
    text: str, passages: Sequence[Passage], named: Sequence[Passage], judge: Judge
) -> Iterator[Sequence[Passage]]:
    """The passages that may support a sentence, the likeliest first; few, for each try is a chance to be wrong.

    Those that say it word for word, what the model named, the best by the judge, and that with the one that holds the
    words it lacks.
    """
    yield from ([passage] for passage in passages if stands_in(text, passage.text))
    if named:
        yield named
    held = {passage.id: stems(passage.text) for passage in passages}
    wanted = {stem for stem in stems(text) if stem.isalpha()}
    nearest = sorted(passages, key=lambda passage: -len(held[passage.id] & wanted))
    compared = nearest[:COMPARED]
    best = compared[int(judge.support([(passage.text, text) for passage in compared]).argmax())]
    if [best] != [*named]:
        yield [best]
    lacking = wanted - held[best.id]
    second = max(nearest, key=lambda passage: len(held[passage.id] & lacking))
    if len(held[second.id] & lacking) >= FEWEST_ADDED:
        yield [best, second]


def as_it_stands(copy: str, passages: Sequence[Passage]) -> str:
    """The sentence that a model copied, or of which it copied a part, as it stands in the passages; the copy itself
    where there is none."""
    sentences = [one_line(passage.sentence_text(one)) for passage in passages for one in passage.sentences]
    likeness = [(share_in_order(copy, sentence), share_in_order(sentence, copy)) for sentence in sentences]
    nearest = max(range(len(sentences)), key=likeness.__getitem__)
    return sentences[nearest] if likeness[nearest][0] >= COPIED else copy
