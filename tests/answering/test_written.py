import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.written import Sentences, WrittenSentence, makes_no_claim, without_thoughts


def read(*pieces: str) -> list[WrittenSentence]:
    sentences = Sentences()
    return [sentence for piece in pieces for sentence in sentences.feed(piece)] + sentences.finish()


def numbers(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(sentence.text, sentence.numbers) for sentence in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. [1] Two. [2]", [("One.", (1,)), ("Two.", (2,))]),
        ("One [1]. Two [2].", [("One.", (1,)), ("Two.", (2,))]),
        ("One[1]. Two.[2]", [("One.", (1,)), ("Two.", (2,))]),
        ("One.[1]Two.[2][3]", [("One.", (1,)), ("Two.", (2, 3))]),
        ("One [1][2]. Two [1, 2].", [("One.", (1, 2)), ("Two.", (1, 2))]),
        ("One [1] and [2]. Two [1], [3].", [("One.", (1, 2)), ("Two.", (1, 3))]),
        ("One [1-3]. Two [2–4].", [("One.", (1, 2, 3)), ("Two.", (2, 3, 4))]),
        ("One [1; 3]. Two [1 and 3].", [("One.", (1, 3)), ("Two.", (1, 3))]),
        ("One [passage 2]. Two [Passages 1, 2].", [("One.", (2,)), ("Two.", (1, 2))]),
        ("One 【3】. Two【4†source】.", [("One.", (3,)), ("Two.", (4,))]),
        ("One [1] goes on [2].", [("One goes on.", (1, 2))]),
        ("One.\n[1]\nTwo.", [("One.", (1,)), ("Two.", ())]),
        ("One.\n[2] Two.", [("One.", ()), ("Two.", (2,))]),
        ("[1] One. [2] Two.", [("One.", (1, 2)), ("Two.", ())]),
        ("No. 4 of resolution 2151 [2014] says so [1].", [("No. 4 of resolution 2151 [2014] says so.", (1,))]),
        ("A claim [1-900].", [("A claim.", (1, 900))]),
        ("A claim [0] [9].", [("A claim.", (0, 9))]),
    ],
)
def test_marks_are_read_in_every_form_and_place(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert numbers(text) == expected


def test_items_are_told_from_sentences_and_lose_their_bullet() -> None:
    found = read("The steps are these: [1]\n- A census. [1]\n* A hearing [2]\n1. An appeal. [2]\n\nThat is all.")
    assert [(sentence.text, sentence.item) for sentence in found] == [
        ("The steps are these:", False),
        ("A census.", True),
        ("A hearing", True),
        ("1. An appeal.", True),
        ("That is all.", False),
    ]


def test_markdown_and_characters_that_no_text_needs_are_taken_away() -> None:
    assert [s.text for s in read("## Vetting\n**Vetting** is a `check`. It\x00 \x1bends\u202e.\n---\n")] == [
        "Vetting",
        "Vetting is a check.",
        "It ends.",
    ]


def test_a_sentence_is_given_as_soon_as_the_next_one_has_begun() -> None:
    sentences = Sentences()
    assert sentences.feed("It closed in 2005. [1") == []
    assert sentences.feed(", 2] ") == []
    assert sentences.pending == "It closed in 2005."
    assert sentences.feed("Nobody") == []
    assert sentences.feed(" left") == [WrittenSentence("It closed in 2005.", (1, 2))]
    assert sentences.pending == "Nobody left"


PARTS = st.sampled_from(
    [
        "One sentence.",
        " ",
        "\n",
        "[1]",
        "[2, 3]",
        "- ",
        "No. 4",
        " and ",
        "He said “so”.",
        "[",
        "]",
        "(see A. B)",
        "**",
        "x",
    ]
)


@given(st.lists(PARTS, max_size=12).map("".join), st.data())
def test_it_does_not_matter_how_the_text_was_cut_on_its_way(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert read(*pieces) == read(text)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_no_word_and_no_number_is_lost(text: str) -> None:
    said = " ".join(sentence.text for sentence in read(text))
    assert said.count("sentence") == text.count("sentence")
    if "sentence" in text:
        assert {n for s in read(text) for n in s.numbers} >= ({1} if "[1]" in text else set())


@pytest.mark.parametrize(
    "text",
    [
        "Here is what the library says:",
        "According to the passages:",
        "In summary:",
        "Based on your question, here it is:",
    ],
)
def test_an_announcement_makes_no_claim(text: str) -> None:
    assert makes_no_claim(text)


@pytest.mark.parametrize(
    "text",
    ["The mission killed forty people:", "Here is what the library says.", "Yes:", ":", "UNMIL failed as follows:"],
)
def test_a_claim_cannot_pass_for_an_announcement(text: str) -> None:
    assert not makes_no_claim(text)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["<th", "ink>", "Hm [1].", "</think>", "So."], "So."),
        (["\n<think>a</think>b", "c"], "bc"),
        (["Plain", " text"], "Plain text"),
        (["<", "b>"], "<b>"),
        (["<think>never ends"], ""),
        ([], ""),
    ],
)
def test_thoughts_are_not_part_of_the_answer(pieces: list[str], expected: str) -> None:
    assert "".join(without_thoughts(iter(pieces))) == expected


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("The passage states that vetting is a check.", "Vetting is a check."),
        ("The passages say that it ended.", "It ended."),
        ("According to the passages, it ended.", "It ended."),
        ("Answer: It ended.", "It ended."),
        ("The passage of 2006 states that it ended.", "The passage of 2006 states that it ended."),
    ],
)
def test_that_it_comes_from_the_passages_is_not_said(written: str, shown: str) -> None:
    sentences = Sentences()
    assert [one.text for one in [*sentences.feed(written), *sentences.finish()]] == [shown]
