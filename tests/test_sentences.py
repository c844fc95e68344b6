import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "The Council recalled decision No. 4 of the Committee.",
        "Art. 3 and Arts. 4 and 5 apply, e.g. to Liberia, i.e. to its police.",
        "S/RES/2151 (2014) was adopted under Chapter VI of the Charter.",
        "The U.N. Police and the U.S. Government agreed on 22 U.S.C. 2403 at 3 p.m. local time.",
        "See para. 17, pp. 3-4 and vol. II of the report.",
        "J. P. Smith met Gen. Obasanjo, Dr. Sirleaf and Mr. Annan.",
        "The cost was 3.5 million and IDDRS 4.20 The Board names it.",
        "17. The Secretary-General reported on Liberia.",
        "1-64. The term is defined here.",
        "(a) Strengthen the comprehensive approach.",
        "The report says that reform “is political. It takes time” and money.",
        "Reform (see Module 4.20. It says more.) goes on.",
        'Asked "Who decides?" the minister did not answer.',
        "The text reads: security is ... The State alone provides it.",
        "The police [...] The army left.",
        "The sentence goes on over\na page and\nends here.",
        "On Jan. 5 and Sept. 11 the mission reported.",
        "It cites Smith et al. (2014) on the matter.",
    ],
)
def test_one_sentence_stays_whole(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reform began in 2014. 15 officers left.", ["Reform began in 2014.", "15 officers left."]),
        ("It adopted S/RES/2151 (2014). Next.", ["It adopted S/RES/2151 (2014).", "Next."]),
        ("Police came from the U.N. The Council met.", ["Police came from the U.N.", "The Council met."]),
        ("He asked “Who pays?” Nobody knew.", ["He asked “Who pays?”", "Nobody knew."]),
        ("(It was late.) The vote passed!", ["(It was late.)", "The vote passed!"]),
        ("Is it? It is! Good…", ["Is it?", "It is!", "Good…"]),
        ("Guns, knives, etc. The rest was kept.", ["Guns, knives, etc.", "The rest was kept."]),
        ("See Annex A. The list is long.", ["See Annex A.", "The list is long."]),
        ("It ends. (b) The second begins.", ["It ends.", "(b) The second begins."]),
        ("安全部门改革。这是一个过程！", ["安全部门改革。", "这是一个过程！"]),
        ("It ended. 17. The Council met.", ["It ended.", "17. The Council met."]),
    ],
)
def test_sentences_are_parted(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_the_mark_of_a_footnote_belongs_to_no_sentence() -> None:
    assert sentences("It is reform (SSR).1 The aim is peace.2 Trust grows.3") == [
        "It is reform (SSR).",
        "The aim is peace.",
        "Trust grows.",
    ]


@pytest.mark.parametrize("text", [".0", " .5", "!12"])
def test_a_number_after_a_bare_stop_is_no_mark_of_a_footnote(text: str) -> None:
    assert sentences(text) == [text.strip()]


def test_a_long_quotation_is_split_like_other_prose() -> None:
    quotation = "“" + "The State provides security to all. " * 30 + "”"
    assert len(sentences(quotation)) == 30


WORDS = st.sampled_from(
    ["The", "reform", "No.", "4", "U.N.", "(", ")", "“", "”", '"', "...", "e.g.", "It", "?", "\n", "."]
)


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join), st.lists(WORDS).map("".join)))
def test_sentences_are_trimmed_ordered_and_leave_out_only_space_and_marks(text: str) -> None:
    at = 0
    for start, end in split_sentences(text):
        assert at <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert re.fullmatch(r"(\d{1,3}|[⁰¹²³⁴-⁹]+)?\s*", text[at:start])
        at = end
    assert re.fullmatch(r"(\d{1,3}|[⁰¹²³⁴-⁹]+)?\s*", text[at:])


@given(st.lists(st.sampled_from(["Reform takes time", "The police left Liberia", "It cost 3.5 million"]), min_size=1))
def test_plain_sentences_are_found_however_many(parts: list[str]) -> None:
    assert sentences(" ".join(f"{part}." for part in parts)) == [f"{part}." for part in parts]
