import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.excerpts import Excerpt
from assistant.answering.stretches import onward, stretch
from assistant.records import BlockKind, Passage, Sentence

PROSE = [
    "The old army was dissolved in 2005.",
    "It had served one man.",
    "A new army of 2,000 was recruited.",
    "Contractors trained it for four years.",
    "Parliament had no say in this.",
]


def passage(lines: list[str], kinds: list[BlockKind] | None = None) -> Passage:
    sentences, start = [], 0
    for line, kind in zip(lines, kinds or ["paragraph"] * len(lines), strict=True):
        sentences.append(Sentence(start, start + len(line), kind))
        start += len(line) + 1
    text = " ".join(lines)
    return Passage("p", "a.md", 0, len(text), text, (), sentences=tuple(sentences))


def excerpt(of: Passage, *indices: int, score: float = 0.0) -> Excerpt:
    return Excerpt(of, indices, indices[-1], score)


def test_a_fact_goes_on_with_what_follows_while_there_is_room() -> None:
    best = excerpt(passage(PROSE), 2)
    assert onward(best, 20).indices == (2, 3, 4)
    assert onward(best, 13).indices == (2, 3)
    assert onward(best, 3).indices == (2,), "the best sentence is quoted however long it is"


def test_a_stretch_goes_on_with_what_follows_and_then_with_what_comes_before() -> None:
    best = excerpt(passage(PROSE), 2)
    assert stretch(best, 20).indices == (2, 3, 4)
    assert stretch(best, 100).indices == (0, 1, 2, 3, 4)


def test_a_stretch_begins_with_no_sentence_that_leans_on_what_is_left_out() -> None:
    assert stretch(excerpt(passage(PROSE), 4), 16).indices == (3, 4)
    assert stretch(excerpt(passage(PROSE), 2), 24).indices == (2, 3, 4), "not from 'It had served one man.' on"


@pytest.mark.parametrize("kind", ["item", "table", "heading", "caption"])
def test_prose_does_not_go_on_with_anything_else(kind: BlockKind) -> None:
    mixed = passage(PROSE[:3], ["paragraph", kind, "paragraph"])
    assert onward(excerpt(mixed, 0), 100).indices == (0,)
    assert onward(excerpt(mixed, 1), 100).indices == (1,)


@given(st.integers(0, 4), st.integers(1, 60))
def test_the_laws_of_a_stretch(best: int, words: int) -> None:
    found = stretch(excerpt(passage(PROSE), best), words)
    assert best in found.indices
    assert list(found.indices) == list(range(found.indices[0], found.indices[-1] + 1))
    assert found.words <= max(words, len(PROSE[best].split()))
