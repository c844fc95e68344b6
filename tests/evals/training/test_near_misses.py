"""Claims made by rule: what is turned is false, what is reworded is not, and nothing that judges is learnt from."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from evals.training import near_misses, wordings
from evals.training.near_misses import TURNS, MadePair, Source, make_pairs, read_sources
from evals.training.wordings import reword

PASSAGE = (
    "In March 2008 the Council created a mission of 3,500 police in Liberia. The mission trained the army after the "
    "war of 1999 and vetted 1,200 officers. Germany paid for thirty advisers, who worked with the National Police. "
    "All officers must pass a test. Some commanders may ask for help from the African Union. The police should accept "
    "formal rules."
)
SOURCE = Source("liberia", tuple(one if one.endswith(".") else f"{one}." for one in PASSAGE.split(". ")))


def turned(kind: str, claim: str, sentence: str | None = None) -> set[str | None]:
    """All that a turn makes of a claim, over many draws."""
    return {TURNS[kind](claim, sentence or claim, SOURCE, random.Random(seed)) for seed in range(60)}


@pytest.fixture(scope="module")
def pairs() -> list[MadePair]:
    files = sorted(near_misses.CORPUS.glob("cases/*.md"))[:6]
    return make_pairs(read_sources(files), twins=12)


@pytest.mark.parametrize(
    ("kind", "claim", "expected"),
    [
        ("number", "The mission vetted 1,200 officers.", "The mission vetted 3,500 officers."),
        ("date", "The war of 1999 was over.", "The war of 2008 was over."),
        ("date", "Officers were hired before the war.", "Officers were hired after the war."),
        ("name", "Advisers worked with the National Police.", "Advisers worked with the African Union."),
        ("country", "Germany paid for advisers.", "Liberia paid for advisers."),
        ("role", "The mission trained the army in 2008.", "The army trained the mission in 2008."),
        ("role", "The army was trained by the mission.", "The army trained the mission."),
        ("negation", "The police should accept the rules.", "The police should not accept the rules."),
        ("negation", "The police were not vetted.", "The police were vetted."),
        ("negation", "The police have formal rules.", "The police have informal rules."),
        ("negation", "The mission trained the army.", "The mission did not train the army."),
        ("modality", "Some commanders may ask for help.", "Some commanders must ask for help."),
        ("scope", "Some commanders ask for help.", "All commanders ask for help."),
        ("joined", "The police should accept formal rules.", None),
    ],
)
def test_a_turn_changes_one_thing(kind: str, claim: str, expected: str | None) -> None:
    assert expected in turned(kind, claim)
    assert claim not in turned(kind, claim)


def test_a_number_is_never_turned_into_what_stays_true() -> None:
    for claim, is_false in (
        ("The mission vetted more than 1,200 officers.", lambda n: n > 1200),
        ("The mission vetted up to 1,200 officers.", lambda n: n < 1200),
    ):
        found = {int(one.split()[-2].replace(",", "")) for one in turned("number", claim) if one}
        assert found and all(map(is_false, found))


def test_a_year_that_another_leaves_true_is_not_turned() -> None:
    assert turned("date", "Officers have been vetted since 1999.") == {None}


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Germany paid for thirty advisers.", "Germany paid for 30 advisers."),
        ("The mission trained the army in 2008.", "The army was trained by the mission in 2008."),
        ("The rules were adopted by the Council.", "The Council adopted the rules."),
        ("In 2008 the Council created a mission.", "The Council created a mission in 2008."),
        ("It began on 3 March 2008 in Liberia.", "It began in 2008 in Liberia."),
        ("The army of Liberia grew.", "Liberia's army grew."),
        ("It trained officers, judges and guards.", "It trained officers and guards."),
        ("The advisers, who came late, worked with the police.", "The advisers worked with the police."),
        ("The UNMIL trained the police.", "The United Nations Mission in Liberia trained the police."),
    ],
)
def test_a_claim_is_said_in_other_words(claim: str, expected: str) -> None:
    assert expected in {reword(claim, 1, random.Random(seed)) for seed in range(200)}


def test_an_item_of_a_list_is_not_dropped_where_that_makes_another_claim() -> None:
    claim = "It never trained officers, judges and guards."
    said = {reword(claim, 1, random.Random(seed)) for seed in range(200)}
    assert not any("officers and guards" in one for one in said)


def test_twins_stand_on_one_passage_and_differ_in_label(pairs: list[MadePair]) -> None:
    for supported, missed in zip(pairs[::2], pairs[1::2], strict=True):
        assert (supported.label, missed.label) == (1, 0)
        assert (supported.premise, supported.kind, supported.twin) == (missed.premise, missed.kind, missed.twin)
        assert supported.claim != missed.claim
        assert supported.claim not in supported.premise


def test_every_kind_is_made_and_none_more_than_asked_for(pairs: list[MadePair]) -> None:
    counts = Counter(pair.kind for pair in pairs)
    assert set(counts) == {*TURNS, "elsewhere"}
    assert max(counts.values()) == 24


def test_the_same_files_give_the_same_pairs(pairs: list[MadePair]) -> None:
    files = sorted(near_misses.CORPUS.glob("cases/*.md"))[:6]
    assert make_pairs(read_sources(files), twins=12) == pairs


def test_no_passage_that_judges_the_judge_is_learnt_from(tmp_path: Path) -> None:
    document = tmp_path / "notes.md"
    document.write_text(f"# Notes\n\n{PASSAGE}\n\nAnother paragraph here.\n", "utf-8")
    judged = tmp_path / "judged.jsonl"
    judged.write_text("", "utf-8")
    assert [source.text for source in read_sources([document], judged)] == [f"{PASSAGE} Another paragraph here."]
    judged.write_text(
        json.dumps({"premise": "We know that the mission trained the army after the war of 1999."}), "utf-8"
    )
    assert read_sources([document], judged) == []


def test_tables_turn_no_word_into_itself() -> None:
    for table in (wordings.SAME, wordings.OPPOSITES, wordings.MODALS, wordings.SCOPES):
        assert all(word not in others for word, others in table.items())
    turning = [
        (word, other) for table in (wordings.OPPOSITES, wordings.MODALS) for word in table for other in table[word]
    ]
    assert not any(other in wordings.SAME.get(word, ()) for word, other in turning)
