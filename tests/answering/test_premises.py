import pytest

from assistant.answering.premises import denial
from assistant.query.words import content_terms
from assistant.records import Query
from tests.answering.test_arrangement import asked, quoted


def question(text: str) -> Query:
    return asked(text, terms=content_terms(text))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "Which paragraph of resolution 1740 put UNMIN in charge of army reform?",
            "No paragraph of resolution 1740 gave UNMIN a task in reform of the army.",
        ),
        ("How did the force command the police of the country?", "The force never commanded the country's police."),
        ("What did the country do as first owner of the mission fund?", "The country was not the owner of the fund."),
    ],
)
def test_a_sentence_that_denies_what_is_taken_for_granted_is_found(text: str, sentence: str) -> None:
    others = [quoted("The police of the country wore blue."), quoted(sentence)]
    assert denial(question(text), others) is others[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Why was the police never vetted?", "The police was never vetted, for want of money."),
        ("How many officers were vetted?", "Vetting took a year and officers did not like it."),
        ("How many officers were vetted in Haiti in 2005?", "No money was left."),
        ("What are the steps of vetting?", "A purge of all who belonged to a party is not vetting."),
        (
            "What does Security Council resolution 2151 say about reform?",
            "Private security companies are not named in resolution 2151 either.",
        ),
        ("Which paragraph of resolution 2151 speaks of parliament?", "No paragraph of resolution 2151 gives money."),
        (
            "Why must courts and prisons be reformed together with the police?",
            "Prison reform must go with police reform, because police arrest people whom no court can judge.",
        ),
    ],
)
def test_a_denial_of_something_else_is_none(text: str, sentence: str) -> None:
    assert denial(question(text), [quoted(sentence)]) is None


def test_a_piece_of_a_question_takes_nothing_for_granted() -> None:
    before = "How did the force command the police of the country?"
    query = Query("an example please", f"an example please? ({before})", before, terms=content_terms(before))
    assert denial(query, [quoted("The force never commanded the country's police.")]) is None


def test_a_question_that_can_be_answered_by_no_takes_nothing_for_granted() -> None:
    text = "Did the force command the police?"
    assert (
        denial(asked(text, "yes-no", terms=content_terms(text)), [quoted("The force never commanded police.")]) is None
    )
