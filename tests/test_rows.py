from hypothesis import given
from hypothesis import strategies as st

from assistant.records import Passage, Sentence, Span
from assistant.rows import header_of, is_said, read_out

TABLE = "Country | Police | Year\nLiberia | 4,000 | 2009\nKosovo | 7,000 | 2011"


def passage(text: str, kinds: list[str], context: str = "") -> Passage:
    sentences, at = [], 0
    for line, kind in zip(text.split("\n"), kinds, strict=True):
        sentences.append(Sentence(at, at + len(line), kind))  # type: ignore[arg-type]
        at += len(line) + 1
    spans = (Span(1, 0, len(text), text),)
    return Passage("p", "a.md", 0, len(text), text, spans, context=context, sentences=tuple(sentences))


def test_a_row_has_the_header_of_its_table() -> None:
    assert header_of(passage(TABLE, ["heading", "table", "table"]), 2) == "Country | Police | Year"


def test_a_later_part_of_a_table_has_its_header_from_the_context() -> None:
    later = passage("Kosovo | 7,000 | 2011", ["table"], context="Table 2. Strength\nCountry | Police | Year")
    assert header_of(later, 0) == "Country | Police | Year"


def test_a_first_row_with_values_is_no_header() -> None:
    table = "31 July 1994 | A resolution authorises a force.\n1995 | The army is dismantled."
    assert header_of(passage(table, ["heading", "table"]), 1) == ""


def test_a_row_without_a_header_gives_its_values() -> None:
    assert read_out("Liberia | 4,000", header_of(passage("Liberia | 4,000", ["table"]), 0)) == "Liberia; 4,000"


def test_a_cell_that_is_empty_is_left_out_and_a_column_without_name_gives_its_value_alone() -> None:
    assert read_out("Liberia | | 2009", " | Police | Year") == "Liberia; Year: 2009"


CELLS = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=3, max_size=5)


@given(CELLS.flatmap(lambda names: st.tuples(st.just(names), st.lists(st.sampled_from(names), min_size=3, max_size=5))))
def test_what_is_read_out_of_a_table_is_said_by_it(table: tuple[list[str], list[str]]) -> None:
    header, row = (" | ".join(cells) for cells in table)
    said = read_out(row, header)
    assert all(cell in said for cell in table[1])
    if len(table[0]) == len(table[1]):
        assert is_said(said, f"{header}\n{row}")
    assert not is_said(f"{said} and more", f"{header}\n{row}")
