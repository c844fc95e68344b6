import pytest

from assistant.answering.quotable import is_lead_in, is_quotable, leans
from assistant.records import BlockKind, Passage, Sentence, Span


def passage(text: str, kind: BlockKind = "paragraph", section: tuple[str, ...] = ()) -> Passage:
    spans = (Span(1, 0, len(text), text),)
    return Passage("id", "a.md", 0, len(text), text, spans, section, sentences=(Sentence(0, len(text), kind),))


def quotable(text: str, kind: BlockKind = "paragraph", section: tuple[str, ...] = ()) -> bool:
    made = passage(text, kind, section)
    return is_quotable(made, made.sentences[0])


@pytest.mark.parametrize(
    "text",
    [
        "Vetting is a formal check of past conduct.",
        "It is important that parliaments see the budget.",
        "Adopted by the Security Council at its 4213th meeting, on 31 October 2000",
        "Liberia vetted its police between 2004 and 2007;",
        "The following year the mission left Liberia for good, and nobody: returned.",
        "Expressing concern that most victims of conflict are women and children,",
        "Deeply concerned by the growing number of attacks on police stations in the north,",
    ],
)
def test_a_sentence_that_says_something_is_quoted(text: str) -> None:
    assert quotable(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is the role of the security sector?",
        "See IDDRS 4.20 on demobilization for more.",
        "(see Annex B for the full list of terms)",
        "This section describes how vetting is done.",
        "The present report covers six months of work.",
        "Annex A contains a list of terms and definitions.",
        "The note on vetting draws the lessons in detail.",
        "Audits are treated in the note on transparency.",
        "The steps are described below in their order.",
        "For more information on this subject write to us.",
        "the effective and accountable security sector.",
        "Security sector reform",
        "A sentence that was cut off in the",
        "During the first months of the year, and after a long debate in the parliament,",
        "Contents ......................... 12",
        "Yes, it is.",
    ],
)
def test_what_points_elsewhere_asks_or_is_broken_is_not_quoted(text: str) -> None:
    assert not quotable(text)


def test_headings_captions_and_back_matter_are_not_quoted() -> None:
    sentence = "Vetting is a formal check of past conduct."
    assert not quotable(sentence, "heading")
    assert not quotable(sentence, "caption")
    assert not quotable(sentence, section=("Vetting", "Endnotes"))
    assert not quotable(sentence, section=("Annex B: Bibliography",))


def test_a_row_is_quoted_when_it_has_cells() -> None:
    assert quotable("2003 | The mission begins", "table")
    assert not quotable("2003", "table")


@pytest.mark.parametrize(
    "text",
    [
        "It also covers the courts.",
        "These steps take years.",
        "However, the police refused.",
        "In this regard, the mission failed.",
        "Such bodies exist in Mali.",
        "Trust is the second reason for reform.",
        "Reform is therefore slow.",
        "The latter was never built.",
        "As such, the rule applies.",
        "For example, Liberia did it.",
    ],
)
def test_a_sentence_that_leans_on_another_is_seen(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vetting covers the courts.",
        "It is necessary to pay soldiers on time.",
        "There are four steps.",
        "Both Kosovo and Liberia vetted officers.",
        "Those who serve must be paid.",
        "Italy sent trainers.",
    ],
)
def test_a_sentence_that_stands_alone_is_seen(text: str) -> None:
    assert not leans(text)


def test_a_lead_in_ends_with_a_colon() -> None:
    made = passage("The mission shall:")
    assert is_lead_in(made, made.sentences[0])


def test_a_section_of_links_is_not_quoted() -> None:
    text = "Vetting is tested in the transitions of many missions."
    made = [
        passage(text, section=(heading,)) for heading in ("How vetting links to other topics", "How vetting is done")
    ]
    assert [is_quotable(one, one.sentences[0]) for one in made] == [False, True]
