import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.library import Library
from assistant.query import understand
from assistant.records import Filters, Query
from assistant.retrieval import encoded_question, fuse, named_sources, without_others

RANKINGS = st.lists(st.lists(st.sampled_from("abcdef"), unique=True), max_size=4)


def asked(library: Library, text: str, filters: Filters = Filters()) -> Query:  # noqa: B008  frozen
    return understand(text, (), filters, library)


@given(RANKINGS)
def test_fusion_keeps_every_passage_once_best_first(rankings: list[list[str]]) -> None:
    fused = fuse(rankings)
    assert {key for key, _ in fused} == {key for ranking in rankings for key in ranking}
    assert len({key for key, _ in fused}) == len(fused)
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)


@given(RANKINGS)
def test_a_passage_ahead_in_every_ranking_is_ahead_in_the_fusion(rankings: list[list[str]]) -> None:
    fused = [key for key, _ in fuse([["best", *ranking] for ranking in rankings] or [["best"]])]
    assert fused[0] == "best"


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("What is vetting?", "doctrine/vetting.md"),
        ("How did the UN remake the police of Liberia?", "cases/liberia.md"),
        ("Who ran the police academy in Vushtrri?", "cases/kosovo.md"),
        ("What does resolution 2151 ask for children?", "resolutions/2151.md"),
    ],
)
def test_the_right_document_comes_first(assistant: Assistant, question: str, source: str) -> None:
    assert assistant.search(question)[0].passage.source == source


PHRASE = "protects the public from known abusers"


@pytest.mark.parametrize("phrase", [PHRASE, PHRASE.upper(), f"“{PHRASE}”"])
def test_words_out_of_a_document_find_their_place_first(assistant: Assistant, phrase: str) -> None:
    [first, *_] = assistant.search(phrase)
    assert PHRASE in first.passage.text and first.score > 0.9


def test_words_out_of_a_note_find_the_passage_that_it_belongs_to(assistant: Assistant) -> None:
    [first, *_] = assistant.search("log of its classes, third binder")
    assert first.passage.source == "cases/kosovo.md" and "side by side" in first.passage.text


def test_filters_shut_out_other_documents(assistant: Assistant) -> None:
    found = assistant.search("How was the police reformed?", filters=Filters(country=("Kosovo",)))
    assert {reading.passage.source for reading in found} == {"cases/kosovo.md"}


def test_the_asked_paragraph_comes_first(assistant: Assistant) -> None:
    first = assistant.search("What does paragraph 2 of resolution 2151 (2014) say?")[0]
    assert "2. Encourages Member States" in first.passage.text
    assert first.score > 0.9


def test_a_hit_says_which_rankings_found_it(assistant: Assistant, asked_library: Library) -> None:
    hit = assistant.retriever.hits(asked(asked_library, "What is vetting?"), 3)[0]
    assert hit.ranks["definition"] == 1
    assert {"dense", "sentences", "full text"} <= set(hit.ranks)


def test_the_same_question_finds_the_same_passages(assistant: Assistant, asked_library: Library) -> None:
    query = asked(asked_library, "police reform")
    assert assistant.retriever.hits(query) == assistant.retriever.hits(query)


def test_names_symbols_and_years_point_to_their_documents(asked_library: Library) -> None:
    query = asked(asked_library, "What did resolution 2151 change in Liberia in 2023?")
    assert named_sources(query, asked_library) == {
        "S/RES/2151": {"resolutions/2151.md"},
        "Liberia": {"cases/liberia.md"},
        "2023": {"cases/kosovo.md"},
    }


def test_one_side_of_a_comparison_is_asked_for_by_itself() -> None:
    text = "Compare police in Kosovo and Liberia"
    query = Query(text, text, text, terms=("police", "kosovo", "liberia"), names=("Kosovo", "Liberia"))
    side = without_others(query, "Kosovo")
    assert side.text == "Compare police in Kosovo"
    assert side.terms == ("police", "kosovo")


def test_it_is_a_langchain_retriever(assistant: Assistant) -> None:
    [document] = assistant.retriever.model_copy(update={"k": 1}).invoke("What is vetting?")
    assert document.metadata["source"] == "doctrine/vetting.md"
    assert document.metadata["page"] == 1
    assert "formal check" in document.page_content


def test_the_vector_of_a_question_is_computed_once(assistant: Assistant) -> None:
    first = encoded_question(assistant.encoder, "What is vetting?")
    assert encoded_question(assistant.encoder, "What is vetting?") is first
