import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.query.deeds import event_of
from assistant.query.phrases import phrases_of, tokens_of
from assistant.query.verbs import base_of, deed, participle, past


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ("What is MONUSCO's mandate on security sector reform?", ["MONUSCO's mandate on security sector reform"]),
        ("Do parliaments control intelligence services?", ["parliaments", "intelligence services"]),
        ("Who trained armed groups in Liberia?", ["armed groups in Liberia"]),
        (
            "What did the Secretary-General's report of 2013 recommend on SSR?",
            ["the Secretary-General's report of 2013", "SSR"],
        ),
        ("Who led the UN mission in 2004?", ["the UN mission"]),
        ("What did the Truth and Reconciliation Commission find?", ["the Truth and Reconciliation Commission"]),
        ("Why is the commission important?", ["the commission"]),
    ],
)
def test_noun_phrases_are_as_long_as_they_go(question: str, phrases: list[str]) -> None:
    assert [phrase.text for phrase in phrases_of(question)] == phrases


def test_a_phrase_knows_whether_it_is_several() -> None:
    several = [phrases_of(f"What are {text}?")[0].is_plural for text in ("officers", "the police", "NATO and Kosovo")]
    assert several == [True, True, True]
    assert not any(phrases_of(f"What is {text}?")[0].is_plural for text in ("the Protection Corps", "a crisis"))


@given(st.text(max_size=120))
def test_phrases_are_slices_of_any_text(text: str) -> None:
    for token in tokens_of(text):
        assert text[token.start : token.end] == token.text
    for phrase in phrases_of(text):
        assert text[phrase.start : phrase.end] == phrase.text
        assert phrase.head
        assert all(phrase.text.endswith(tail.text) for tail in phrase.tails())


@pytest.mark.parametrize(
    ("question", "event"),
    [
        ("How was the police rebuilt in Kosovo?", "the rebuilding of the police in Kosovo"),
        ("Did Liberia vet its police?", "the vetting of its police by Liberia"),
        ("Why did the army collapse?", "the collapse of the army"),
        ("How should weapons be stored?", "the storing of weapons"),
        ("Who set up the court?", "the setting up of the court"),
        ("What is vetting?", None),
        ("Where does the money come from?", None),
    ],
)
def test_a_deed_becomes_a_noun(question: str, event: str | None) -> None:
    assert event_of(question) == event


def test_verbs_have_their_forms() -> None:
    assert [base_of(word) for word in ("carried", "oversaw", "chairs", "police")] == ["carry", "oversee", "chair", None]
    assert [deed(word) for word in ("paid", "dissolved", "agreed")] == ["paying", "dissolving", "agreeing"]
    assert [past(word) for word in ("have", "plan", "carry", "oversee")] == ["had", "planned", "carried", "oversaw"]
    assert [participle(word) for word in ("wrote", "ended")] == ["written", "ended"]
