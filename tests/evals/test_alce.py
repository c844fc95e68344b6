"""ALCE's citation precision on its own cases: a judge that knows which citations are needed together."""

from dataclasses import replace

import pytest

from assistant.assistant import Assistant
from assistant.grounding import Passages
from assistant.records import Answer, Claim
from evals.alce import precise_citations


class Knows:
    """Supports a claim when its citations hold one of the sets that are enough."""

    def __init__(self, *enough: set[int]) -> None:
        self._enough = enough

    def check(self, answer: Answer, library: Passages | None = None) -> Answer:
        checked = [replace(c, supported=any(e <= set(c.citations) for e in self._enough)) for c in answer.claims]
        return replace(answer, claims=tuple(checked))


def answer_with(template: Answer, *citations: int, supported: bool = True) -> Answer:
    return replace(template, claims=(Claim("Said.", citations, "judged", 0.9, supported),))


@pytest.mark.parametrize(
    ("enough", "citations", "precise"),
    [
        ([{1}], (1,), [True]),
        ([{1}], (1, 2), [True, False]),  # 2 adds nothing
        ([{1, 2}], (1, 2), [True, True]),  # each needs the other
        ([{1}, {2}], (1, 2), [True, True]),  # each is enough by itself
        ([{1, 2}], (1, 2, 3), [True, True, False]),
    ],
)
def test_a_citation_is_precise_unless_it_alone_says_nothing_and_the_others_suffice(
    assistant: Assistant, enough: list[set[int]], citations: tuple[int, ...], precise: list[bool]
) -> None:
    template = assistant.ask("What is vetting?")
    answer = answer_with(template, *citations)
    assert precise_citations(answer, Knows(*enough), assistant.library) == [precise]


def test_no_citation_of_an_unsupported_claim_is_precise(assistant: Assistant) -> None:
    answer = answer_with(assistant.ask("What is vetting?"), 1, 2, supported=False)
    assert precise_citations(answer, Knows(), assistant.library) == [[False, False]]


def test_a_verbatim_answer_is_precise_by_the_judge_itself(assistant: Assistant) -> None:
    answer = assistant.ask("What is vetting?")
    assert precise_citations(answer, assistant.judge, assistant.library) == [[True] for _ in answer.claims]
