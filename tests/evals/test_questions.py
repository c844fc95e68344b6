import json
from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.records import Passage, Span
from evals.questions import Question, load, runs, same_file

QUOTE = "The mission trained 3,500 officers before it left the country"


def passage(text: str, source: str = "reports/a.pdf", page: int = 4) -> Passage:
    return Passage("id", source, 0, len(text), text, (Span(page, 0, len(text), text),))


def question(**row: object) -> Question:
    gold = [{"source": "reports/a.pdf", "page": 4, "quote": QUOTE}]
    return Question.of(1, {"question": "How many?", "answerable": True, "gold": gold} | row)


def test_a_place_is_recognised_by_its_runs_of_words() -> None:
    right = passage(f"Police. {QUOTE.replace('mission trained', 'mission  trained')}. It was late.")
    broken = passage(QUOTE.replace("the country", "th e country"))  # as another program reads the file
    part = passage("The mission trained 3,500 officers")
    other = passage(f"{QUOTE}.", source="reports/b.pdf")
    assert question().rank([other, part, broken, right]) == 3
    assert question().rank([other, part]) is None


def test_a_page_may_be_one_off_and_files_without_pages_have_none() -> None:
    assert question().rank_of_page([passage("x", page=9), passage("x", page=5)]) == 2
    gold = [{"source": "manuals/a.md", "page": 1, "quote": QUOTE}]
    assert question(gold=gold).rank_of_page([passage("x", source="manuals/a.md", page=30)]) == 1


def test_where_all_places_are_needed_the_last_counts() -> None:
    gold = [{"source": "reports/a.pdf", "page": 4, "quote": QUOTE}, {"source": "c.md", "page": 1, "quote": "Six left."}]
    found = [passage(QUOTE), passage("x"), passage("Six left.", source="c.md")]
    assert question(gold=gold).rank(found) == 1
    assert question(gold=gold, all=True).rank(found) == 3
    assert question(gold=gold, all=True).rank(found[:2]) is None


def test_a_fact_is_held_by_any_of_its_alternatives() -> None:
    asked = question(key_facts=[["3,500", "three thousand"], ["left"]])
    assert asked.facts_held("Three\nThousand officers were trained.") == 0.5
    assert question().facts_held("x") is None


def test_short_quotes_are_one_run() -> None:
    assert runs("Six left.") == {("six", "left")}
    assert len(runs(QUOTE)) == len(QUOTE.replace(",", " ").split()) - 3


def test_a_file_is_the_same_from_a_folder_further_up() -> None:
    assert same_file("un/a.pdf", "a.pdf") and same_file("a.pdf", "domain/a.pdf")
    assert not same_file("un/a.pdf", "au/a.pdf")


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"question": "Why?"}) + "\n")
    with pytest.raises(UsageError, match="Line 1"):
        load(path)
    path.write_text(json.dumps({"question": "Why?", "answerable": False, "refutation": {"quote": "q", "source": "s"}}))
    [asked] = load(path)
    assert asked.refutation is not None and asked.refutation.source == "s"
