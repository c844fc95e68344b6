"""Names of files as they are shown: nothing hidden in them, no two alike, and the way back to the file."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.names import as_named, escaped, shown

# What a file may be called on Linux, with much of what is hard: any bytes but NUL and "/".
BYTES = st.lists(
    st.one_of(
        st.sampled_from([b"\\", b"x", b"u", b"0a", b"202e", b"\n", b"\x1b", b"\xe9", b"\xc2\x85", "\u202e".encode()]),
        st.binary(min_size=1, max_size=3),
        st.text(max_size=3).map(lambda text: text.encode("utf-8", "ignore")),
    ),
    min_size=1,
    max_size=8,
).map(lambda parts: b"".join(parts).replace(b"\0", b"").replace(b"/", b""))


@pytest.mark.parametrize(
    ("name", "is_shown_as"),
    [
        ("two\nlines.txt", r"two\x0alines.txt"),
        ("\x1b[31mred.txt", r"\x1b[31mred.txt"),
        ("report\u202etxt.exe", r"report\u202etxt.exe"),
        ("next\x85line.txt", r"next\u0085line.txt"),
        (os.fsdecode(b"caf\xe9.txt"), r"caf\xe9.txt"),
        ("Décret d’Ouédo – 改革.md", "Décret d’Ouédo – 改革.md"),
        ("back\\slash and mi\u200can.md", "back\\slash and mi\u200can.md"),
        ("really\\x0a.md", r"really\\x0a.md"),
    ],
)
def test_what_cannot_be_seen_in_a_name_is_written_out(name: str, is_shown_as: str) -> None:
    assert shown(name) == is_shown_as
    assert as_named(is_shown_as) == name


@given(BYTES)
def test_the_way_back_leads_to_the_very_file(name: bytes) -> None:
    told = shown(os.fsdecode(name))
    assert os.fsencode(as_named(told)) == name
    assert all(unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp") for letter in told)
    told.encode()


@given(BYTES, BYTES)
def test_two_files_are_never_shown_alike(one: bytes, other: bytes) -> None:
    assert (shown(os.fsdecode(one)) == shown(os.fsdecode(other))) == (one == other)


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"), exclude_characters="\\/")))
def test_a_name_in_which_all_can_be_seen_is_shown_as_it_is(name: str) -> None:
    assert shown(name) == name == escaped(name)


def test_words_for_a_terminal_do_nothing_there() -> None:
    assert escaped("\x1b]0;title\x07 a\\x1b \u2066") == r"\x1b]0;title\x07 a\x1b \u2066"
