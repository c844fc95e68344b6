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
    assert adds(claim, QUOTE, "", "", ACRONYMS)


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
    assert not adds(claim, QUOTE, "", "UN Police in Liberia", ACRONYMS)


def test_an_acronym_stands_for_what_is_spelt_out() -> None:
    assert not adds(
        "Officers of the LNP left.", "Officers left.", "", "Officers of the Liberia National Police", ACRONYMS
    )


def test_what_is_known_of_the_document_counts_for_names_but_not_for_negations() -> None:
    assert not adds("Officers left in Kosovo.", "Officers left.", "Kosovo: no police", "", {})
    assert adds("Officers have not left.", "Officers left.", "Kosovo: no police", "", {})


POSTS = (
    "UNMIT identified 257 adviser posts, for which 225 candidates, including 27 women, had been selected by September. "
    "Customs duty is not applied on goods from Serbia nor on imports from Montenegro."
)


@pytest.mark.parametrize(
    "claim",
    [
        "225 adviser posts were identified by September.",
        "27 adviser posts had been identified.",
        "Customs duty is applied on goods from Serbia.",
    ],
)
def test_a_number_that_counts_another_thing_and_a_lost_not_are_seen(claim: str) -> None:
    assert adds(claim, POSTS, "", "", {})


@pytest.mark.parametrize(
    "claim",
    [
        "257 adviser posts were identified.",
        "By September 225 candidates had been selected, 27 women among them.",
        "Adviser posts were identified, 257 in all.",
        "No customs duty is applied on goods from Serbia.",
        "Candidates had been selected by September.",
    ],
)
def test_the_same_number_of_the_same_thing_is_no_addition(claim: str) -> None:
    assert not adds(claim, POSTS, "", "", {})


def test_a_number_elsewhere_in_the_passage_is_an_addition_and_one_of_the_title_is_none() -> None:
    assert adds("In 2011 candidates were selected.", POSTS, "", "It began in 2011.", {})
    assert not adds("In 2011 candidates were selected.", POSTS, "Report of 2011", "", {})


def test_of_which_column_a_number_of_a_row_is_cannot_be_told() -> None:
    row = "2023 (actual) | 2024 (actual)\n258 fighters were disarmed | 650 fighters were disarmed"
    assert adds("In 2023 650 fighters were disarmed.", row, "", "", {})
    assert adds("650 fighters were disarmed.", row, "", "", {})
    assert not adds("650 fighters were disarmed.", "Fighters disarmed | 650", "", "", {})
    assert not adds("650 fighters were disarmed.", f"{row}\nIn all 650 fighters were disarmed.", "", "", {})


@pytest.mark.parametrize(
    ("claim", "expected"),
    [("130 were rejected.", True), ("More than 130 were rejected.", False), ("All 4,510 were selected.", False)],
)
def test_a_bound_told_as_a_count_is_seen(claim: str, expected: bool) -> None:
    quotes = "All 4,510 final nominees were selected. Of those, over 130 were rejected."
    assert adds(claim, quotes, "", "", {}) is expected


@pytest.mark.parametrize("claim", ["Officers must be vetted.", "New officers were vetted by the ministry first."])
def test_a_rule_made_stronger_or_told_as_a_fact_is_seen(claim: str) -> None:
    assert adds(claim, "New officers should be vetted by the ministry first.", "", "", {})


def test_a_may_that_is_left_out_with_its_verb_is_not_missed() -> None:
    quotes = "Vetting is a check of conduct, made before that person may hold a public post."
    assert not adds("Vetting is a check of conduct before a public post.", quotes, "", "", {})


def test_the_month_of_may_is_no_chance() -> None:
    quotes = "The mission in Mali closed on 2 May 2005 and left all posts."
    assert not adds("The mission in Mali closed and left all posts.", quotes, "", "", {})
