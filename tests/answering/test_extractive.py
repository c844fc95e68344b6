import re

import pytest

from assistant.assistant import Assistant
from assistant.library import Library
from assistant.records import Answer

QUESTIONS = [
    "What is vetting?",
    "What are the steps of vetting?",
    "How was the police of Liberia rebuilt?",
    "How many officers were trained in Liberia?",
    "How do the police of Kosovo and Liberia differ?",
    "Timeline of reform in Liberia",
    "What does paragraph 2 of resolution 2151 say?",
    "How do I bake bread?",
]


def said(answer: Answer) -> str:
    return " ".join(claim.text for claim in answer.claims)


def test_a_definition_leads_with_the_sentence_that_defines(assistant: Assistant) -> None:
    answer = assistant.ask("What is vetting?")
    assert answer.status == "answered"
    assert answer.claims[0].text.startswith("Vetting is a formal check")


def test_questions_and_pointers_are_not_quoted(assistant: Assistant) -> None:
    answer = assistant.ask("What does vetting do?")
    assert "?" not in said(answer)
    assert "annex" not in said(answer)
    assert "See also" not in said(answer)


def test_a_sentence_that_leans_comes_with_what_it_leans_on(assistant: Assistant) -> None:
    answer = assistant.ask("Does vetting protect the public from known abusers?")
    texts = [claim.text for claim in answer.claims]
    at = texts.index("It protects the public from known abusers.")
    assert texts[at - 1].startswith("Vetting is a formal check")
    assert answer.claims[at].citations == answer.claims[at - 1].citations


def test_a_list_is_quoted_whole_with_its_lead_in(assistant: Assistant) -> None:
    answer = assistant.ask("What are the steps of vetting?")
    assert [claim.item for claim in answer.claims] == [False, True, True, True, True]
    assert answer.claims[0].text == "A vetting process has four steps:"
    assert len(answer.citations) == 1
    assert answer.text.count("\n") == 4


def test_a_count_is_answered_by_the_sentence_with_the_number(assistant: Assistant) -> None:
    answer = assistant.ask("How many officers of the Liberia National Police were trained?")
    assert "3,500 officers" in answer.claims[0].text


def test_a_chronology_is_the_dated_table_in_order(assistant: Assistant) -> None:
    answer = assistant.ask("Timeline of reform in Liberia")
    assert [claim.text.split(": ")[0] for claim in answer.claims] == [
        "18 August 2003",
        "19 September 2003",
        "30 June 2016",
    ]
    assert {claim.state for claim in answer.claims} == {"verbatim"}


def test_a_comparison_cites_both_sides(assistant: Assistant) -> None:
    answer = assistant.ask("How do the police of Kosovo and the police of Liberia differ?")
    assert {citation.source for citation in answer.citations} == {"cases/kosovo.md", "cases/liberia.md"}


def test_two_questions_in_one_are_both_answered(assistant: Assistant) -> None:
    answer = assistant.ask("Who trained the Liberia National Police from 2004, and what is vetting?")
    assert {citation.source for citation in answer.citations} == {"cases/liberia.md", "doctrine/vetting.md"}
    assert "Vetting is a formal check" in said(answer)


def test_a_part_that_nothing_answers_is_named(assistant: Assistant) -> None:
    answer = assistant.ask("Who trained the Liberia National Police from 2004, and how much did the barracks cost?")
    assert "UNMIL" in said(answer)
    [note] = [note for note in answer.notes if note.code == "part-missing"]
    assert "how much did the barracks cost?" in note.message


def test_only_the_country_that_is_named_is_quoted(assistant: Assistant) -> None:
    answer = assistant.ask("How was the police of Kosovo rebuilt?")
    assert answer.citations and {citation.source for citation in answer.citations} == {"cases/kosovo.md"}


def test_the_paragraph_asked_for_is_given(assistant: Assistant) -> None:
    answer = assistant.ask("What does paragraph 2 of resolution 2151 (2014) say?")
    assert "child protection" in said(answer)
    assert "Reaffirms" not in said(answer)
    assert {citation.source for citation in answer.citations} == {"resolutions/2151.md"}


@pytest.mark.parametrize(
    "question",
    ["How do I bake bread?", "What does resolution 9999 say?", "What does paragraph 77 of resolution 2151 say?"],
)
def test_what_the_library_does_not_hold_is_not_answered(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "abstained"
    assert not answer.claims
    assert not answer.citations
    assert answer.nearest
    assert "library" in answer.text


def test_an_abstention_names_a_document_that_is_not_held(assistant: Assistant) -> None:
    assert "S/RES/9999" in assistant.ask("What does resolution 9999 say?").text


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_stands_in_its_page_and_every_claim_is_quoted(
    assistant: Assistant, asked_library: Library, question: str
) -> None:
    answer = assistant.ask(question)
    quoted = {}
    for citation in answer.citations:
        for span in citation.spans:
            assert asked_library.page(citation.source, span.page).text[span.start : span.end] == span.text
        quoted[citation.number] = " ".join(" ".join(span.text for span in citation.spans).split())
    assert list(quoted) == list(range(1, len(quoted) + 1))
    for claim in answer.claims:
        read_out = claim.text.split(": ") if claim.item else [claim.text]
        assert all(part in quoted[number] for number in claim.citations for part in read_out)
        assert not re.search(r"\[\d+\]", claim.text)
    if answer.claims:
        assert answer.text.count("[") == sum(len(claim.citations) for claim in answer.claims)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_gets_the_same_answer(assistant: Assistant, question: str) -> None:
    first, second = assistant.ask(question), assistant.ask(question)
    assert (first.text, first.citations, first.nearest) == (second.text, second.citations, second.nearest)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_short_unless_it_is_a_list(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    words = sum(len(claim.text.split()) for claim in answer.claims)
    assert words <= 160 or any(claim.item for claim in answer.claims)
