import pytest

from assistant.answering.sorts import Sort, asked_sort, counts_what_is_asked, holds


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("When did the mission end?", "date"),
        ("In which year was the army abolished?", "date"),
        ("In the head count of 2008, what share of the army were officers?", "share"),
        ("How much did the mission cost Australia?", "money"),
        ("What was the monthly wage of a constable?", "money"),
        ("Which resolution set up the mission?", "resolution"),
        ("How strong was the police in 2005?", "count"),
        ("Who led the mission?", "name"),
        ("How much money was missing for the vote?", "money"),
        ("Since when has the mission been there?", "date"),
        ("When is a plot of ground a poor kind of support?", None),
        ("Which goods could be sold under the resolution?", "name"),
        ("Why did the reform fail?", None),
    ],
)
def test_the_sort_of_thing_asked_for_is_known(question: str, sort: Sort | None) -> None:
    assert asked_sort(question) == sort


@pytest.mark.parametrize(
    ("sort", "line", "held"),
    [
        ("date", "The mission closed on 30 March 2018.", True),
        ("date", "The mission closed early.", False),
        ("count", "A panel of three citizens looked at officers.", True),
        ("count", "On 25 February 2014 order number 144 dissolved the unit.", False),
        ("share", "Of them 42 per cent were officers.", True),
        ("money", "ECOWAS approved US$63 million.", True),
        ("money", "ECOWAS approved the fund.", False),
    ],
)
def test_a_sentence_holds_the_sort_or_not(sort: Sort, line: str, held: bool) -> None:
    assert holds(sort, line) is held


def test_a_number_of_the_very_thing_counts_most() -> None:
    question = "How many officers were trained?"
    assert counts_what_is_asked(question, "About 3,500 new officers were trained.")
    assert not counts_what_is_asked(question, "Officers came from 15 States.")


@pytest.mark.parametrize("number", ["thirteen", "nineteen", "seventy", "eighty-five", "ninety"])
def test_numbers_written_out_are_counts(number: str) -> None:
    assert holds("count", f"The customs service hired {number} inspectors in March 2011.")
