from assistant.answering.arrangement import by_date, doctrine_first, first_case, remarks
from assistant.answering.excerpts import Excerpt
from assistant.records import Metadata, Passage, Query, QuestionType, Sentence, Span

DOCUMENTS = {"doctrine.md": Metadata(kind="doctrine"), "case.md": Metadata(kind="case-study")}


def quoted(text: str, source: str = "doctrine.md") -> Excerpt:
    sentence = Sentence(0, len(text))
    passage = Passage(text, source, 0, len(text), text, (Span(1, 0, len(text), text),), sentences=(sentence,))
    return Excerpt(passage, (0,), 0, 1.0)


def asked(text: str, kind: QuestionType = "explanation", **more: tuple[str, ...]) -> Query:
    return Query(text, text, text, type=kind, **more)  # type: ignore[arg-type]


def test_a_chronology_follows_the_dates() -> None:
    chosen = [quoted("It ended on 30 March 2018."), quoted("In May 2004 it grew."), quoted("It began on 2 May 2004.")]
    assert [e.text for e in by_date(chosen)] == [chosen[1].text, chosen[2].text, chosen[0].text]


def test_doctrine_comes_before_cases_where_a_question_names_no_place() -> None:
    case, doctrine = quoted("Soldiers waited for pay.", "case.md"), quoted("Pay should come first.")
    query = asked("why should pay come first?")
    assert doctrine_first(query, [case, doctrine], DOCUMENTS) == [doctrine, case]
    assert first_case(query, [doctrine, case], DOCUMENTS) == 1


def test_a_question_about_a_place_keeps_its_order_and_has_no_introduction_of_cases() -> None:
    case, doctrine = quoted("Soldiers waited for pay.", "case.md"), quoted("Pay should come first.")
    query = asked("Why was pay late in Monrovia?")
    assert doctrine_first(query, [case, doctrine], DOCUMENTS) == [case, doctrine]
    assert first_case(query, [doctrine, case], DOCUMENTS) is None


def test_different_numbers_of_two_documents_for_one_thing_are_said_to_differ() -> None:
    query = asked("How many soldiers did the mission train?", "factoid", terms=("soldiers", "mission", "train"))
    here, there = (
        quoted("The mission trained 3,400 soldiers."),
        quoted("The mission trained 9,000 soldiers.", "case.md"),
    )
    assert [note.code for note in remarks(query, [here, there])] == ["sources-differ"]
    assert not list(remarks(query, [here, quoted("The mission trained 3,400 soldiers.", "case.md")]))


def test_a_vote_against_that_was_none_is_said_to_be_none() -> None:
    query = asked("Which State voted against resolution 2151?", "factoid", symbols=("S/RES/2151",))
    assert [n.code for n in remarks(query, [quoted("Resolution 2151 was adopted unanimously.")])] == ["premise"]
    assert not list(remarks(query, [quoted("Resolution 9 was adopted unanimously.")]))
