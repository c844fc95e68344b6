"""Spreadsheets: a page a sheet, values as they are shown, nothing hidden or struck out, and an end to everything."""

import datetime
import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assistant.reading.office import sheet_cells
from assistant.reading.office.cell_formats import shown
from assistant.reading.office.spreadsheet import read_spreadsheet
from assistant.records import Document, Refusal
from tests.reading.laws import assert_lawful, outline, texts
from tests.reading.making.archive import rewritten
from tests.reading.making.xlsx import xlsx

DocumentOf = Callable[[bytes | str, str], Document]
ReadBytes = Callable[[bytes, str], Document | Refusal]
SHEET = "xl/worksheets/sheet1.xml"


def with_rows(rows: str) -> bytes:
    """A workbook whose sheet has these rows, as XML."""

    def changed(sheet: str) -> str:
        return sheet.replace("<sheetData/>", f"<sheetData>{rows}</sheetData>")

    return rewritten(xlsx(None), SHEET, changed)


def test_each_sheet_is_a_page_under_its_name(document_of: DocumentOf) -> None:
    def strength(_: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_row("B2", ["Country", "Police", "Capital"])
        sheet.write_row("B3", ["Liberia", 3500])
        sheet.write_row("B4", ["Kosovo", 7000, "Pristina"])

    def words(_: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_column("A1", ["One line.", "Another line."])

    document = document_of(xlsx(strength, None, words), "book.xlsx")

    assert [(page.number, page.label, document.page_text(page)) for page in document.pages] == [
        (1, "Sheet 1", "Sheet 1\nCountry | Police | Capital\nLiberia | 3500 |\nKosovo | 7000 | Pristina"),
        (2, "Sheet 2", ""),
        (3, "Sheet 3", "Sheet 3\nOne line.\nAnother line."),
    ]
    assert [(block.kind, block.header_rows) for block in document.blocks[:2]] == [("heading", 0), ("table", 1)]
    assert document.metadata.title == "Police strength"
    assert_lawful(document)


def test_tables_of_one_sheet_keep_their_own_headers_and_captions(document_of: DocumentOf) -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write("A1", "Table 1: Strength")
        sheet.write_row("A2", ["Country", 2009, "Change"])
        sheet.write_row("A3", ["Liberia", 3500])
        sheet.write_row("A5", ["Kosovo", 7000, "more"])
        sheet.write("A7", "Source: the ministry.")
        sheet.write_row("A9", ["Year", "Trained"])
        sheet.write_row("A10", [1999, 176])

    document = document_of(xlsx(fill), "book.xlsx")

    assert outline(document)[1:] == [
        ("caption", "Table 1: Strength"),
        ("table", "Country | 2009 | Change\nLiberia | 3500 |\nKosovo | 7000 | more"),
        ("paragraph", "Source: the ministry."),
        ("table", "Year | Trained\n1999 | 176"),
    ]
    assert [block.header_rows for block in document.blocks if block.kind == "table"] == [1, 1]


def test_values_are_read_as_they_are_shown(document_of: DocumentOf) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write("A1", 0.256, book.add_format({"num_format": "0.0%"}))
        sheet.write("B1", datetime.date(2014, 4, 28), book.add_format({"num_format": "d/m/yy"}))
        sheet.write_formula("C1", "=A1*4", book.add_format({"num_format": "#,##0.00"}), 1234.5)
        sheet.write_formula("D1", '="a"&"b"', None, "ab")
        sheet.write_boolean("E1", True)
        sheet.write("F1", 0.1 + 0.2)
        sheet.write("G1", "two\nlines")

    assert texts(document_of(xlsx(fill), "b.xlsx"), "table") == [
        "25.6% | 28 April 2014 | 1,234.50 | ab | TRUE | 0.3 | two lines"
    ]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (41757, "[$-409]mmmm yyyy;@", "April 2014"),
        (41757, "yyyy", "2014"),
        (41757.75, "dd/mm/yyyy hh:mm", "28 April 2014 18:00"),
        (0.5, "h:mm AM/PM", "12:00"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (59, "d mmm yyyy", "28 February 1900"),
        (1e9, "d mmm yyyy", "1000000000"),
        (7, "000", "007"),
        (-5, "#,##0;[Red](#,##0)", "(5)"),
        (0, '#,##0;-#,##0;"-"', "-"),
        (3, ";;;", ""),
        (3, '"S/RES/"0', "S/RES/3"),
        (12345.678, "[$€-407] #,##0.00", "€ 12,345.68"),
        (1234567, "#,##0,", "1,235"),
        (2.5, "0.##", "2.5"),
        (2, "0.##", "2"),
        (-0.001, "0.00", "0.00"),
        (0.5, "# ?/?", "0.5"),
        (1.5, "@", "1.5"),
        (1e20, "General", "1e+20"),
    ],
)
def test_number_formats(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    assert shown(0, "d mmm yyyy", from_1904=True) == "1 January 1904"


@given(
    st.floats(allow_nan=False, allow_infinity=False), st.text(alphabet='0#?.,%;"\\[]$hmsdyE+-_*@/ab红 ', max_size=30)
)
def test_no_format_breaks_a_number(value: float, code: str) -> None:
    assert isinstance(shown(value, code), str)


def test_merged_cells_say_the_same_in_each_row(document_of: DocumentOf) -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_row("A1", ["Year", "Event"])
        sheet.merge_range("A2:A3", "1999")
        sheet.write_column("B2", ["War ends", "Mission begins"])
        sheet.merge_range("A4:B5", "Later")

    assert texts(document_of(xlsx(fill), "m.xlsx"), "table") == [
        "Year | Event\n1999 | War ends\n1999 | Mission begins\nLater |"
    ]


def test_what_is_hidden_struck_out_or_wrong_is_left_out_and_counted(document_of: DocumentOf) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        struck = book.add_format({"font_strikeout": True})
        sheet.write_row("A1", ["Name", "Rank", "Secret"])
        sheet.write_row("A2", ["Hidden", "row", "x"])
        sheet.write_row("A3", ["Old", "Colonel"], struck)
        sheet.write_rich_string("A4", "Ann ", struck, "Bell ", "Cole")
        sheet.write_formula("B4", "=1/0", None, "#DIV/0!")
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("C:XFD", None, None, {"hidden": True})

    def secret(_: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write("A1", "Secret")
        sheet.hide()

    document = document_of(xlsx(fill, secret), "h.xlsx")

    assert document.text == "Sheet 1\nName | Rank\nAnn Cole |\n"
    assert document.warnings == (
        "Struck-out text was left out in 3 places.",
        "1 hidden sheet was left out.",
        "1 hidden row was left out.",
        "1 hidden column was left out.",
        "1 cell shows an error and was left out.",
    )


def test_raised_figures_stay_raised(document_of: DocumentOf) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        above, below = (book.add_format({"font_script": script}) for script in (1, 2))
        sheet.write_rich_string("A1", "4 × 10", above, "6", " m", above, "3", " of CO", below, "2")

    assert "4 × 10⁶ m³ of CO2" in document_of(xlsx(fill), "r.xlsx").text


def test_formulas_without_a_stored_value_are_said(document_of: DocumentOf) -> None:
    (warning,) = document_of(
        with_rows('<row r="1"><c r="A1" t="str"><v>Sum</v></c><c><f>1+1</f></c></row>'), "f.xlsx"
    ).warnings

    assert warning.startswith("1 formula has no stored value: open the file in Excel")


def test_a_formula_whose_value_is_empty_has_none_unless_it_gives_no_text(document_of: DocumentOf) -> None:
    cells = '<c><f>1+1</f><v></v></c><c><f>1+2</f><v/></c><c t="str"><f>""</f><v></v></c><c><v>n/a</v></c>'
    document = document_of(with_rows(f'<row r="1"><c r="A1" t="str"><v>Sum</v></c>{cells}</row>'), "f.xlsx")

    assert texts(document, "table") == ["Sum | n/a"]
    assert document.warnings[0].startswith("2 formulas have no stored values")


def test_comments_on_cells_are_notes_of_these(document_of: DocumentOf) -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_row("A1", ["Hive", "Bees"])
        sheet.write_row("A2", ["Upper", 44])
        sheet.write_comment("A2", "Stolen\nin May")
        sheet.write_comment("D9", "About nothing")

    document = document_of(xlsx(fill), "c.xlsx")
    (note,) = document.notes

    assert (note.mark, note.text) == ("Sheet 1!A2", "Stolen in May")
    assert note.anchor is not None
    assert document.text[: note.anchor].endswith("Upper")
    assert document.warnings == ("1 comment on an empty or hidden cell was left out.",)
    assert_lawful(document)


def test_pictures_and_charts_are_counted_and_boxes_and_descriptions_read(document_of: DocumentOf) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write("A1", 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='Sheet 1'!$A$1:$A$2"})
        sheet.insert_chart("D1", chart)
        sheet.insert_textbox("D20", "In the box.")
        picture = io.BytesIO()
        Image.new("RGB", (1, 1)).save(picture, "PNG")
        for place, description in enumerate(["A map of the posts", "map.png"]):
            options = {"image_data": picture, "description": description}
            sheet.insert_image(f"H{1 + place * 9}", "map.png", options)

    document = document_of(xlsx(fill), "p.xlsx")

    assert sorted(outline(document)[1:]) == [
        ("caption", "A map of the posts"),
        ("paragraph", "1"),
        ("paragraph", "In the box."),
        ("table", "1 | 1"),
    ]
    assert document.warnings == ("1 picture has no description and was not read.",)


def test_a_very_large_sheet_is_read_up_to_the_limit(document_of: DocumentOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_cells, "MOST_CELLS", 500)
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>7</v></c></row>' for n in range(1, 1000))
    document = document_of(with_rows(rows), "large.xlsx")

    assert document.warnings == ("The sheet “Sheet 1” is very large: only its first 250 rows and 2 columns were read.",)


def test_a_sheet_of_the_widest_rows_has_an_end(document_of: DocumentOf) -> None:
    cells = "".join(f"<c><v>{number}</v></c>" for number in range(16_384))
    document = document_of(with_rows(f"<row>{cells}</row><row>{cells}</row>"), "wide.xlsx")

    assert document.text.count("|") == 2 * 199
    assert "2 rows and 200 columns" in document.warnings[0]


def test_an_entity_bomb_does_not_explode(read_bytes: ReadBytes) -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE worksheet [<!ENTITY l0 "lol">{lines}]>'

    def bombed(sheet: str) -> str:
        return sheet.replace("?>\n", f"?>{bomb}", 1).replace(
            "<sheetData/>", "<sheetData><row><c><v>&l9;</v></c></row></sheetData>"
        )

    result = read_bytes(rewritten(xlsx(None), SHEET, bombed), "bomb.xlsx")

    assert isinstance(result, Refusal)


def test_a_truncated_file_is_damaged(read_bytes: ReadBytes) -> None:
    refusal = read_bytes(xlsx(None)[:-400], "cut.xlsx")

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "damaged"


CELLS = st.sampled_from(
    [
        *(
            "<c><v>1</v></c>",
            '<c t="str"><v>Text</v></c>',
            '<c r="C1"><v>2009</v></c>',
            "<c/>",
            '<c t="e"><v>#N/A</v></c>',
        ),
        *(
            '<c t="inlineStr"><is><t>In _x000D_ line</t></is></c>',
            '<c t="b"><v>1</v></c>',
            '<c t="d"><v>2014-04-28</v></c>',
        ),
        *("</row><row>", '</row><row r="9">', '</row><row hidden="1">', "<c><f>1</f></c>"),
    ]
)


@given(st.lists(CELLS, max_size=30))
def test_cells_in_any_order_give_a_lawful_document(cells: list[str]) -> None:
    assert_lawful(read_spreadsheet(with_rows(f"<row>{''.join(cells)}</row>"), "a.xlsx", ""))
