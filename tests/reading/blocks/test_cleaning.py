import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.blocks.cleaning import clean, clean_code, clean_with_map

odd_text = st.text(
    st.characters(exclude_categories=()) | st.sampled_from(" \t\n\r\x00\xad\ufb01\u0301e\u1100\u1161\u11a8")
)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("A\x00B\x07", "AB"),
        ("lone \ud800surrogate", "lone surrogate"),
        ("secu\u00adrity", "security"),
        ("o\ufb03cial \ufb02ag", "official flag"),
        ("cafe\u0301", "café"),
        ("law\u2011enforcement", "law-enforcement"),
        ("para.\u00a0 17", "para. 17"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("  lead \n trail  ", "lead\ntrail"),
        ("\u202bשלום\u202c", "שלום"),
        ("\ufefftext", "text"),
        ("\uf0b7 item", "• item"),
        ("\ufe8d\ufedf\ufea4", "الح"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_stored_text_is_clean(raw: str, stored: str) -> None:
    assert clean(raw) == stored


def test_code_keeps_its_indentation() -> None:
    assert clean_code("if x:\n    y\x00  \n\tz") == "if x:\n    y\n\tz"


@given(odd_text)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in once if character != "\n")


@given(odd_text)
def test_the_map_says_where_each_character_stood(text: str) -> None:
    cleaned, index = clean_with_map(text)
    assert cleaned == clean(text)
    assert len(index) == len(cleaned)
    assert index == sorted(index)
    assert all(0 <= place < len(text) for place in index)
    assert all(
        text[place] == kept
        for place, kept in zip(index, cleaned, strict=True)
        if kept.isascii() and kept.isalnum() and text[place].isascii()
    )
