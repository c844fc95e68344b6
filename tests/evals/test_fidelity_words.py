"""How words are levelled and compared before a difference counts as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.blocks.document import DocumentBuilder
from assistant.records import Metadata
from evals.fidelity.comparing import Comparison, compare
from evals.fidelity.furniture import furniture
from evals.fidelity.readings import Reading
from evals.fidelity.sides import Stored, seen_side, stored_side
from evals.fidelity.sight import SeenWord, words_of
from evals.fidelity.words import tokens_of, words_in

texts = st.lists(
    st.sampled_from(["board", "officer", "vetted", "1,325", "35", "s/res/1325", "town", "law"]), max_size=60
)


def seen(text: str, confidence: float = 0.96, top: float = 0.5) -> list[SeenWord]:
    """Words as tesseract gives them, a line of the text a line of the page."""
    return [
        SeenWord(
            word,
            confidence,
            number,
            1,
            (0.1 + place / 50, top + number / 50, 0.11 + place / 50, top + 0.01 + number / 50),
        )
        for number, line in enumerate(text.splitlines())
        for place, word in enumerate(line.split())
    ]


def compared(shown: str, stored: str) -> Comparison:
    return compare(seen_side(seen(shown), (), Stored()), list(tokens_of(stored)))


def words(comparison: Comparison, side: str) -> list[str]:
    return [token.text for token in getattr(comparison, side)]


@pytest.mark.parametrize(
    ("chunk", "expected"),
    [
        ("ﬁrst,", ["first"]),
        ("Council’s", ["council's"]),
        ("“Côte”", ["cote"]),
        ("peace‑keeping", ["peacekeeping"]),
        ("and/or", ["and", "or"]),
        ("end—start", ["end", "start"]),
        ("1,325", ["1,325"]),
        ("(12.5%),", ["12.5%"]),
        ("$2.4", ["$2.4"]),
        ("S/RES/1325(2000)", ["s/res/1325", "2000"]),
        ("2005–2006", ["2005-2006"]),
        ("km²", ["km2"]),
        ("Council.3", ["council", "3"]),
        ("5.I.35", ["5.1.35"]),
        ("···•", []),
    ],
)
def test_words_are_levelled_and_numbers_kept_whole(chunk: str, expected: list[str]) -> None:
    assert words_in(chunk) == expected


@given(texts)
def test_a_text_equals_itself(found: list[str]) -> None:
    made = compared(" ".join(found), " ".join(found))
    assert not made.missing and not made.added and not made.changed
    assert made.order in (None, 1.0)


@given(texts, st.data())
def test_a_word_taken_out_is_the_one_that_is_missing(found: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(found)))
    made = compared(" ".join([*found[:gone], "Ruritania", *found[gone:]]), " ".join(found))
    assert words(made, "missing") == ["ruritania"] and not made.added


def test_an_exponent_that_is_lost_is_a_number_that_changed() -> None:
    made = compared("an area of 35 km2 in the north", "an area of 35 km in the north")
    assert [(before.text, after.text) for before, after in made.changed] == [("km2", "km")]


def test_a_symbol_that_changed_is_named_whole() -> None:
    made = compared("as resolution S/RES/1325 asks for", "as resolution S/RES/1352 asks for")
    assert [(before.text, after.text) for before, after in made.changed] == [("s/res/1325", "s/res/1352")]


def test_words_broken_at_a_line_end_are_whole() -> None:
    made = compared("former combat-\nants of Timor-\nLeste and peace-\nkeeping in 2005-\n2006", "former combatants of "
                    "Timor-Leste and peace-keeping in 2005-2006")  # fmt: skip
    assert not made.missing and not made.added and not made.parted


def test_a_broken_word_is_whole_where_a_note_in_the_margin_stands_between() -> None:
    stored = "an unlawful seizure of property by the army 10 USC 931"
    made = compared("an unlawful seizure of prop- 10 USC 931\nerty by the army", stored)
    assert not made.missing and not made.added


def test_a_word_broken_by_a_page_end_is_missing_nowhere() -> None:
    builder = DocumentBuilder("a.pdf", sha256="")
    for number, text in enumerate(("The reform of the departments", "went on."), start=1):
        builder.start_page(number)
        builder.add("paragraph", text)
    document = builder.build(Metadata())
    for page, shown in zip(document.pages, ("The reform of the depart-", "ments went on."), strict=True):
        stored = stored_side(document, page)
        made = compare(seen_side(seen(shown), (), stored), stored.tokens)
        assert not made.missing and not made.added


def test_words_that_differ_only_in_blanks_are_counted_apart() -> None:
    made = compared("the counter-unmanned systems ofthe army", "the counter- unmanned systems of the army")
    assert not made.missing and not made.added
    assert words(made, "parted") == ["counter", "unmanned", "of", "the"]


def test_what_tesseract_makes_of_foreign_letters_is_no_difference_but_another_word_is() -> None:
    made = compared("Mr. Lourengo of the board", "Mr. Lourenço of the board")
    assert not made.missing and not made.added
    assert words(compared("the tule of law", "the rule of law"), "missing") == ["tule"]


def test_words_that_tesseract_is_not_sure_of_are_not_held_against_the_reader() -> None:
    unsure = seen_side(seen("the b0ard met", confidence=0.5), (), Stored())
    made = compare(unsure, list(tokens_of("the board met")))
    assert not made.seen and not made.missing and words(made, "added") == ["board"]


def test_text_in_another_order_has_all_its_words_and_less_order() -> None:
    column = [f"word{number}" for number in range(40)]
    made = compared(" ".join(column), " ".join(column[20:] + column[:20]))
    assert not made.missing and made.order == 0.5


def test_a_mark_that_tesseract_read_into_a_number_is_parted_from_it() -> None:
    builder = DocumentBuilder("a.pdf", sha256="")
    builder.start_page(1)
    start = builder.add("paragraph", "It was drawn in 2005. It ended.")
    builder.note("12", "See the report.", anchor=start + len("It was drawn in 2005"))
    document = builder.build(Metadata())
    stored = stored_side(document, document.pages[0])
    shown = seen("It was drawn in 2005.12 It ended.\n12 See the report.")
    made = compare(seen_side(shown, (), stored), stored.tokens)
    assert not made.missing and not made.added


def test_a_note_that_goes_on_overleaf_is_missing_nowhere() -> None:
    builder = DocumentBuilder("a.pdf", sha256="")
    for number, text in enumerate(("One page.", "Another page."), start=1):
        builder.start_page(number)
        builder.add("paragraph", text)
    builder.note("1", "A long note that goes on overleaf.", page=1)
    document = builder.build(Metadata())
    for page, shown in zip(
        document.pages, ("One page.\n1 A long note", "Another page.\nthat goes on overleaf."), strict=True
    ):
        stored = stored_side(document, page)
        made = compare(seen_side(seen(shown), (), stored), stored.tokens)
        assert not made.missing and not made.added


def left_out(words: list[SeenWord], around: list[list[str]], page: int = 5) -> list[str]:
    return list(furniture(Reading(words, around), page).values())


def test_a_line_at_the_edge_that_returns_with_other_numbers_is_furniture() -> None:
    around = [[f"Annual report, page {number}"] for number in range(5)] + [["Something else"]] * 8
    assert left_out(seen("Annual report, page 9", top=0.05), around) == ["Annual report, page 9"]
    assert left_out(seen("Annual repart, page 9", top=0.05), around) == ["Annual repart, page 9"]
    assert not left_out(seen("Annual report, page 9", top=0.4), around)
    assert not left_out(seen("Annual report, page 9", top=0.05), around[2:])


def test_lone_page_numbers_and_codes_are_furniture_and_rows_of_figures_are_not() -> None:
    for text in ("17", "- iv -", "12/38 26-04697", "02-41127(E) 100602", "S/2005/302", "Page 2", "Please recycle"):
        assert left_out(seen(text, top=0.93), []) == [text]
    assert not left_out(seen("12 17 211", top=0.93), [])
    assert not left_out(seen("17", top=0.5), [])


def test_the_masthead_ends_above_the_title() -> None:
    text = (
        "United Nations S/2012/889\nSecurity Council Distr.: General\n28 November 2012\nOriginal: English\n\n3 to 6 May"
    )
    assert left_out(seen(text, top=0.1), [], page=1) == text.splitlines()[:4]


HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def table(*rows: tuple[int, int, str, float]) -> str:
    """Tesseract's table of words: (line, left, text, confidence)."""
    page = "1\t1\t0\t0\t0\t0\t0\t0\t1000\t1000\t-1\t\n"
    words = "".join(
        f"5\t1\t1\t1\t{line}\t1\t{left}\t{20 * line}\t40\t10\t{conf}\t{text}\n" for line, left, text, conf in rows
    )
    return HEADER + page + words


def test_a_second_look_fills_gaps_and_mends_what_was_unsure() -> None:
    first = table((1, 0, "Travel", 96), (1, 100, "l2", 40), (2, 0, "Total", 96), (2, 100, "9", 95))
    second = table((1, 100, "12", 95), (1, 200, "17", 95), (1, 300, "x", 20), (2, 100, "8", 95))
    assert [word.text for word in words_of([first, second])] == ["Travel", "12", "17", "Total", "9"]
