import pytest

from assistant.answering.additions import adds

QUOTE = "The mission trained 3,500 officers in Liberia by July 2007 and left seven posts to the UN."
ACRONYMS = {"UN": ("United Nations",), "LNP": ("Liberia National Police",)}


@pytest.mark.parametrize(
    "claim",
    [
        "The mission trained 3,600 officers in Liberia.",
        "By July 2008 it had trained officers.",
        "It left nine posts.",
        "The mission trained 3,500 officers in Peru.",
        "In July 2007 the OSCE left.",
        "The mission had not trained 3,500 officers in Liberia.",
        "Nobody said that the mission, led by Norway, left.",
    ],
)
def test_a_number_a_name_or_a_negation_that_is_not_there_is_seen(claim: str) -> None:
    assert adds(claim, QUOTE, QUOTE, ACRONYMS)


@pytest.mark.parametrize(
    "claim",
    [
        "By July 2007, 3500 Liberian officers had been trained.",
        "Training was one of the tasks; 7 posts went to the United Nations.",
        "2. Training of officers in Liberia ended in 2007.",
        "Officers were trained by the mission.",
        "It left seven posts to the UN's police.",
    ],
)
def test_what_is_there_in_other_forms_is_no_addition(claim: str) -> None:
    assert not adds(claim, QUOTE, f"{QUOTE} UN Police in Liberia", ACRONYMS)


def test_an_acronym_stands_for_what_is_spelt_out() -> None:
    assert not adds("Officers of the LNP left.", "Officers left.", "Officers of the Liberia National Police", ACRONYMS)


def test_what_is_known_of_the_document_counts_for_names_but_not_for_negations() -> None:
    assert not adds("Officers left in Kosovo.", "Officers left.", "Officers left. Kosovo: no police", {})
    assert adds("Officers have not left.", "Officers left.", "Officers left. Kosovo: no police", {})
