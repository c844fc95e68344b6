"""What is asked of one among its like: a numbered article, a row of a table, a form by its code."""

import pytest

from assistant.assistant import Assistant
from tests.answering.conftest import AskedOf

CRIMES = [
    "theft",
    "mutiny",
    "desertion",
    "plunder",
    "arson",
    "bribery",
    "smuggling",
    "perjury",
    "assault",
    "trespass",
    "fraud",
    "sabotage",
]
CODE = "# Military code of Ardenia\n\n" + "\n\n".join(
    f"## Article {n}\n\nA soldier found guilty of {crime} is confined for {n + 3} days."
    for n, crime in enumerate(CRIMES, 1)
)
POLICE = (
    "# Police code of Ruvania\n\n## Article 12. Arrest\n\nAn officer tells the arrested person the "
    "reason within an hour.\n\n## What an officer carries\n\n1. A whistle of brass.\n2. A lamp with oil for a night."
)
POSTS = (
    "# Fuel of the guard posts\n\n## Litres in a month\n\n| Guard post | Diesel (litres) |\n|---|---|\n"
    + "\n".join(f"| Ansel post {n} | {1000 + 7 * n} |" for n in range(50, 75))
)
FORMS = """# Forms of the quartermaster

## What each form is for

Form KD-4471-B is used for the loss of a radio. Form KD-4472-B is used for the loss of a horse.
"""
LETTER = """# Night patrols

Circular HP/C/2013/88 of 9 October 2013

The harbour police of Ruvania send two patrols each night.
"""
LICENCE = """# Licence for firearms

Name of the unit: The Kestrel Guard

Reason for the request: Convoy escort between Orle and Tamsin
"""
DUTIES = (
    "# Guard duty in Ardenia\n\n## Duties of a guard\n\nThe duties of a guard in Ardenia are these:\n\n"
    + "\n".join(
        f"{n}. Before {crime} is reported the guard writes down the hour, the place, all names and what he saw."
        for n, crime in enumerate(CRIMES * 2, 1)
    )
)


@pytest.fixture(scope="module")
def numbered(asked_of: AskedOf) -> Assistant:
    texts = {"code": CODE, "police": POLICE, "posts": POSTS, "forms": FORMS, "duties": DUTIES}
    return asked_of(texts | {"letter": LETTER, "licence": LICENCE})


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What does article 9 of the Military code of Ardenia say?", "assault is confined for 12 days"),
        ("What does Art. 12 of the military code say?", "sabotage is confined for 15 days"),
        ("What does Article 12 of the Ruvanian police code say?", "the reason within an hour"),
        ("How many litres of diesel does Ansel post 67 receive?", "Guard post: Ansel post 67; Diesel (litres): 1469"),
        ("What is form KD-4472-B used for?", "Form KD-4472-B is used for the loss of a horse."),
    ],
)
def test_the_very_one_is_quoted_and_no_neighbour(numbered: Assistant, question: str, said: str) -> None:
    answer = numbered.ask(question)
    assert len(answer.claims) == 1 and said in answer.claims[0].text


def test_two_of_them_are_both_quoted(numbered: Assistant) -> None:
    answer = numbered.ask("What is form KD-4471-B used for and what is form KD-4472-B used for?")
    assert "radio" in answer.text and "horse" in answer.text


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("What does Article 99 of the Police code of Ruvania say?", "paragraph-missing"),
        ("What does Article 2 of the Police code of Ruvania say?", "paragraph-missing"),
        ("How many litres of diesel does Ansel post 83 receive?", "identifier-missing"),
        ("What is form KD-4479-B used for?", "identifier-missing"),
    ],
)
def test_one_that_is_not_there_is_not_answered_by_its_neighbour(
    numbered: Assistant, question: str, reason: str
) -> None:
    answer = numbered.ask(question)
    assert (answer.status, answer.reason) == ("abstained", reason)


def test_a_list_that_is_cut_says_how_much_of_it_is_quoted(numbered: Assistant) -> None:
    answer = numbered.ask("What are the duties of a guard in Ardenia?")
    shown = sum(claim.text[0].isdigit() for claim in answer.claims)
    [note] = [note for note in answer.notes if note.code == "list-part"]
    assert 0 < shown < 24 and note.message == f"{shown} of the 24 items of this list are quoted."


def test_a_code_in_full_width_letters_is_found_and_the_question_stays_as_it_was_typed(numbered: Assistant) -> None:
    question = "What is form ＫＤ－４４７１－Ｂ used for？"
    answer = numbered.ask(question)
    assert "loss of a radio" in answer.text
    assert answer.text == numbered.ask("What is form KD-4471-B used for?").text
    assert (answer.question, answer.rewritten) == (question, None)


def test_the_reference_of_a_letter_names_what_stands_below_it(numbered: Assistant) -> None:
    answer = numbered.ask("What does circular HP/C/2013/88 say?")
    assert [claim.text for claim in answer.claims] == ["The harbour police of Ruvania send two patrols each night."]


def test_what_is_filled_in_behind_a_label_is_quoted(numbered: Assistant) -> None:
    answer = numbered.ask("What is the reason for the request of the Kestrel Guard?")
    assert "Reason for the request: Convoy escort between Orle and Tamsin" in answer.text


def test_how_many_documents_there_are_is_said_and_not_searched(numbered: Assistant) -> None:
    answer = numbered.ask("How many documents do you have?")
    assert answer.status == "abstained" and "7 documents" in answer.text
