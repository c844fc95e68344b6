"""What a chat model writes is tied to the passages that support it, whether it names them, names others, or none."""

import pytest

from assistant.records import Answer
from tests.answering.conftest import Scripted

VERBATIM = "It protects the public from known abusers."
REWORDED = "By July 2007 the mission had trained 3,500 officers of the Liberia National Police."
QUESTION = "How were the police of Liberia and of Kosovo trained?"


def cited_by(answer: Answer, place: int) -> list[str]:
    numbers = answer.claims[place].citations
    return [citation.source for citation in answer.citations if citation.number in numbers]


@pytest.mark.parametrize("mark", ["", " [1]", " [2]", " [3]", " [2][3]"])
def test_a_sentence_of_a_passage_cites_that_passage_whatever_number_it_has(scripted: Scripted, mark: str) -> None:
    answer = scripted([f"{VERBATIM}{mark}"]).ask("What is vetting?")
    assert [(claim.state, claim.supported) for claim in answer.claims] == [("verbatim", True)]
    assert [citation.quote for citation in answer.citations] == [VERBATIM]


def test_a_sentence_in_other_words_needs_no_number(scripted: Scripted) -> None:
    answer = scripted([REWORDED]).ask(QUESTION)
    assert (answer.claims[0].supported, cited_by(answer, 0)) == (True, ["cases/liberia.md"])


def test_a_sentence_merged_from_two_documents_cites_both(scripted: Scripted) -> None:
    merged = (
        "The mission trained 3,500 officers of the Liberia National Police by July 2007, and the Kosovo police school "
        "opened in Vushtrri in September 1999."
    )
    answer = scripted([merged]).ask(QUESTION)
    assert answer.claims[0].supported
    assert set(cited_by(answer, 0)) == {"cases/liberia.md", "cases/kosovo.md"}


@pytest.mark.parametrize(
    "changed",
    [
        REWORDED.replace("3,500", "1,509"),  # stands in another passage of the same document
        REWORDED.replace("July 2007", "September 1999"),  # in another document
        REWORDED.replace("Liberia", "Kosovo"),
        "The astronauts of the mission planted a flag of cheese.",
    ],
)
def test_what_another_passage_says_of_something_else_supports_nothing(scripted: Scripted, changed: str) -> None:
    answer = scripted([f"{VERBATIM} {changed}"]).ask(QUESTION)
    assert [claim.supported for claim in answer.claims[:2]] == [True, False]
    assert answer.claims[1].citations == ()
