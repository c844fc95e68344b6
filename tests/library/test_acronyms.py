import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.acronyms import acronyms_in, most_frequent


@pytest.mark.parametrize(
    ("text", "acronym", "expansion"),
    [
        ("the security sector reform (SSR) of", "SSR", "security sector reform"),
        (
            "of disarmament, demobilization\nand reintegration (DDR)",
            "DDR",
            "disarmament, demobilization and reintegration",
        ),
        ("the United Nations Mission in Liberia (UNMIL)", "UNMIL", "United Nations Mission in Liberia"),
        (
            "in the Economic Community of West African States (ECOWAS)",
            "ECOWAS",
            "Economic Community of West African States",
        ),
        ("led by the Kosovo Force (KFOR)", "KFOR", "Kosovo Force"),
        ("and non-governmental organizations (NGOs)", "NGO", "non-governmental organizations"),
        ("watched by closed-circuit television (CCTV)", "CCTV", "closed-circuit television"),
        ("the human rights due diligence policy (HRDDP)", "HRDDP", "human rights due diligence policy"),
    ],
)
def test_an_acronym_is_taken_with_the_words_whose_letters_it_is(text: str, acronym: str, expansion: str) -> None:
    assert dict(acronyms_in(text)) == {(acronym, expansion): 1}


@pytest.mark.parametrize(
    "text",
    ["the report (AIR)", "adopted (2014)", "as follows: (a)", "the mission (MINUSMA)", "(SSR)", "reform. Sector (SSR)"],
)
def test_brackets_that_do_not_fit_the_words_before_are_left_out(text: str) -> None:
    assert not acronyms_in(text)


@given(st.lists(st.from_regex(r"[a-r]z{3,8}", fullmatch=True), min_size=2, max_size=6))
def test_the_initials_of_any_words_are_found(words: list[str]) -> None:
    acronym = "".join(word[0] for word in words).upper()
    assert acronyms_in(f". {' '.join(words)} ({acronym})") == {(acronym, " ".join(words)): 1}


def test_the_most_frequent_expansion_wins_whatever_its_capitals() -> None:
    counts = {
        ("SSR", "security sector reform"): 3,
        ("SSR", "Security Sector Reform"): 2,
        ("SSR", "some such reform"): 4,
    }
    assert most_frequent(counts) == {"SSR": "security sector reform"}


def test_text_made_to_be_slow_is_not() -> None:
    start = time.perf_counter()
    acronyms_in(("aa" + " a" * 44 + " (AAAAAAAAAAAB) ") * 200)
    assert time.perf_counter() - start < 2
