from dataclasses import replace

import pytest

from assistant.records import Answer, Writing
from tests.answering.chat_server import Step
from tests.answering.conftest import Scripted

FRENCH = "Qu'est-ce que la vérification des antécédents (vetting) des policiers ?"
TRUE = "Vetting is a formal check of a person's past conduct."
SAID = "Le vetting est un contrôle formel de la conduite passée d'une personne."


def test_a_question_in_french_is_answered_in_french_with_english_quotes(scripted: Scripted) -> None:
    chat = scripted([TRUE], [SAID])
    *events, answer = chat.assistant.stream(FRENCH)
    assert isinstance(answer, Answer)
    [claim] = answer.claims
    assert (claim.text, claim.original, claim.supported) == (SAID, TRUE, True)
    assert answer.citations[0].quote.startswith("Vetting is a formal check")
    assert [note.code for note in answer.notes] == ["translated"]
    assert not any(isinstance(event, Writing) for event in events), "English is not shown on the way"
    translating = chat.server.requests[-1]["messages"]
    assert "French" in translating[0]["content"] and translating[1]["content"] == TRUE


@pytest.mark.parametrize(
    "said",
    [
        ["Le vetting date de 1999 : un contrôle formel de la conduite passée d'une personne."],
        ["La lune est faite de fromage."],
        [f"{SAID} " * 9],
        [""],
        [SAID, Step.CUT],
    ],
)
def test_what_is_no_translation_is_not_shown(scripted: Scripted, said: list[str | Step]) -> None:
    [claim] = scripted([TRUE], said).assistant.ask(FRENCH).claims
    assert (claim.text, claim.original) == (TRUE, None)


def test_what_is_not_supported_is_not_translated(scripted: Scripted) -> None:
    chat = scripted([f"{TRUE} The moon is made of cheese."], [SAID])
    answer = chat.assistant.ask(FRENCH)
    assert [claim.supported for claim in answer.claims] == [True, False]
    assert len(chat.server.requests) == 2


def test_a_question_in_english_is_not_translated(scripted: Scripted) -> None:
    chat = scripted([TRUE], [SAID])
    [claim] = chat.ask().claims
    assert replace(claim, original=None) == claim and len(chat.server.requests) == 1
