from dataclasses import replace

import numpy as np
import pytest

from assistant.encoder import MINILM, Encoder
from assistant.grounding import Judge, repeats
from assistant.records import Answer, Citation, Claim, Passage, Span
from assistant.settings import Settings

QUOTE = "The mission closed in 2005. It had trained 3,500 police officers."
PASSAGE = f"Sierra Leone. {QUOTE} Nobody says that the army was vetted."


class OnePassage:
    """All of a library that the judge needs."""

    def passages(self, ids: list[str]) -> list[Passage]:
        return [Passage(key, "a.md", 0, len(PASSAGE), PASSAGE, (Span(1, 0, len(PASSAGE), PASSAGE),)) for key in ids]


def citation(number: int) -> Citation:
    return Citation(
        number, "a.md", None, None, None, None, None, None, 1, 1, None, (), None, QUOTE, 14, 14 + len(QUOTE),
        (Span(1, 14, 14 + len(QUOTE), QUOTE),), "p1",
    )  # fmt: skip


def answer(*claims: Claim) -> Answer:
    return Answer("?", None, "answered", "", claims, (citation(1),), (), (), True, "g", None, {})


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge.load()


def test_a_claim_that_repeats_whole_sentences_is_supported_without_a_model() -> None:
    encoder = Encoder.load(Settings(encoder=MINILM))
    checked = Judge.load(encoder=encoder).check(answer(Claim(QUOTE, (1,), state="judged")), OnePassage())
    assert checked.claims[0] == Claim(QUOTE, (1,), "verbatim", 1.0, True)
    assert "_network" not in vars(encoder), "the weights were loaded"


def test_a_composers_word_that_a_claim_is_verbatim_is_looked_into(judge: Judge) -> None:
    invented = Claim("Liberia's parliament abolished the ministry of defence in 1847.", (1,), state="verbatim")
    [claim] = judge.check(answer(invented), OnePassage()).claims
    assert claim.state == "judged" and claim.supported is False


def test_part_of_a_sentence_is_not_verbatim_support(judge: Judge) -> None:
    [claim] = judge.check(answer(Claim("the army was vetted.", (1,), state="judged")), OnePassage()).claims
    assert claim.state == "judged"


def test_a_claim_without_a_citation_or_with_one_that_is_not_there_is_unsupported(judge: Judge) -> None:
    bare, lost = judge.check(answer(Claim(QUOTE), Claim(QUOTE, (1, 9))), OnePassage()).claims
    assert (bare.state, bare.supported, bare.support) == ("no_citation", False, 0.0)
    assert (lost.state, lost.supported, lost.citations) == ("unknown_citation", False, (1, 9))


def test_a_sentence_that_claims_nothing_has_no_verdict(judge: Judge) -> None:
    [claim] = judge.check(answer(Claim("Here is what the library says.", state="no_claim")), OnePassage()).claims
    assert claim.support is None and claim.supported is None


def test_without_a_library_a_claim_is_judged_against_the_quote(judge: Judge) -> None:
    [claim] = judge.check(answer(Claim(QUOTE, (1,), state="judged"))).claims
    assert claim.state == "verbatim"


def test_everything_but_the_verdicts_stays_as_it_was(judge: Judge) -> None:
    before = answer(Claim("The mission ended in 2005.", (1,), state="judged", item=True))
    after = judge.check(before, OnePassage())
    assert replace(after, claims=before.claims) == before
    assert replace(after.claims[0], support=None, supported=None) == before.claims[0]


@pytest.mark.parametrize(
    ("supported", "unsupported"),
    [
        ("The mission ended in 2005.", "The bakery opened on Monday."),
        ("3,500 police officers had been trained.", "9,100 police officers had been trained."),
        ("The mission had trained police officers.", "The mission had trained customs inspectors in Nairobi."),
        ("Police were trained by the mission.", "Judges were dismissed by the parliament."),
    ],
)
def test_what_the_evidence_says_scores_above_what_it_does_not(judge: Judge, supported: str, unsupported: str) -> None:
    high, low = judge.support([(PASSAGE, supported), (PASSAGE, unsupported)])
    assert high > low


def test_evidence_deep_in_a_long_page_is_found(judge: Judge) -> None:
    filler = " ".join(f"The committee met in room {i} to discuss the budget of the garden." for i in range(200))
    page = f"{filler} {QUOTE} {filler}"
    claim = "The mission had trained 3,500 officers of the police."
    verdict, without = judge.verdicts([(page, claim), (filler, claim)])
    assert verdict.support > without.support
    assert verdict.stretch and "3,500" in page[slice(*verdict.stretch)]


@pytest.mark.parametrize(
    "pair", [("", "A claim."), ("A premise.", ""), ("", ""), ("...", "?!"), ("x" * 3000, "y" * 3000)]
)
def test_odd_texts_give_a_probability_all_the_same(judge: Judge, pair: tuple[str, str]) -> None:
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        [support] = judge.support([pair])
    assert 0 <= support <= 1


def test_no_pairs_give_no_probabilities(judge: Judge) -> None:
    assert judge.support([]).shape == (0,)


def test_a_pair_scores_the_same_alone_and_among_others(judge: Judge) -> None:
    pairs = [(PASSAGE, "The mission ended in 2005."), (QUOTE, "Officers were trained."), (PASSAGE, "The army left.")]
    alone = np.concatenate([judge.support([pair]) for pair in pairs])
    assert np.abs(judge.support(pairs) - alone).max() < 0.01


def test_marks_of_citations_in_a_claim_change_nothing(judge: Judge) -> None:
    plain, marked = judge.support([(PASSAGE, "The mission ended."), (PASSAGE, "The mission ended [1], [12].")])
    assert plain == pytest.approx(marked, abs=0.05)


@pytest.mark.parametrize(
    ("claim", "evidence", "expected"),
    [
        ("It closed.", "The mission began. It closed. All left.", True),
        ("It closed. All left.", "The mission began.\nIt  closed.\nAll left.", True),
        ("(a) Police;", "Measures:\n(a) Police;\n(b) Justice.", True),
        ("police were vetted.", "Nobody says that the police were vetted.", False),
        ("The mission", "The mission began.", False),
        ("", "The mission began.", False),
    ],
)
def test_only_whole_sentences_or_lines_count_as_repeated(claim: str, evidence: str, expected: bool) -> None:
    assert repeats(claim, evidence) is expected
