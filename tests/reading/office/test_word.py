"""Word documents: structure by style, numbers as printed, changes as accepted, notes outside the text."""

import io
import re
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from assistant.records import Document, Refusal
from tests.reading.laws import assert_lawful, outline

DocumentOf = Callable[[bytes | str, str], Document]
ReadBytes = Callable[[bytes, str], Document | Refusal]
W = nsdecls("w")
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_body(xml: str) -> bytes:
    """A Word file whose body is the given XML (prefixes w, mc, wps, wp, a)."""
    document = docx.Document()
    namespaces = (
        f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    for element in parse_xml(f"<w:body {namespaces}>{xml}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    return saved(document)


def rewritten(data: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """The package with every part passed through `change`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return buffer.getvalue()


def a_report() -> docx.document.Document:
    report = docx.Document()
    report.core_properties.title = "Police reform in Kosovo"
    report.add_heading("Police reform", 0)
    report.add_heading("Who leads", 1)
    report.add_paragraph("The ministry leads.")
    report.add_paragraph("to train", style="List Bullet")
    report.add_paragraph("to pay", style="List Bullet 2")
    report.add_paragraph("first", style="List Number")
    report.add_paragraph("second", style="List Number")
    table = report.add_table(3, 2)
    for row, values in zip(table.rows, [("Date", "Event"), ("1999", "Mission"), ("2008", "Independence")], strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    return report


def test_structure_comes_from_styles(document_of: DocumentOf) -> None:
    document = document_of(saved(a_report()), "report.docx")

    assert outline(document) == [
        ("heading", "Police reform"),
        ("heading", "Who leads"),
        ("paragraph", "The ministry leads."),
        ("item", "to train"),
        ("item", "to pay"),
        ("item", "1. first"),
        ("item", "2. second"),
        ("table", "Date | Event\n1999 | Mission\n2008 | Independence"),
    ]
    assert document.metadata.title == "Police reform in Kosovo"
    assert_lawful(document)


def test_a_title_that_a_template_put_there_names_nothing(document_of: DocumentOf) -> None:
    report = a_report()
    report.core_properties.title = "Word Document"
    assert document_of(saved(report), "report.docx").metadata.title == "Police reform"


def test_merged_cells_say_the_same_in_each_row(document_of: DocumentOf) -> None:
    report = docx.Document()
    table = report.add_table(3, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Year", "Event"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "1999"
    table.cell(1, 1).text, table.cell(2, 1).text = "War ends", "Mission begins"

    assert document_of(saved(report), "t.docx").text == "Year | Event\n1999 | War ends\n1999 | Mission begins"


def test_a_frame_of_one_cell_is_read_as_text(document_of: DocumentOf) -> None:
    report = docx.Document()
    cell = report.add_table(1, 1).cell(0, 0)
    cell.text = "Boxed text."
    cell.add_paragraph("More of it.")

    assert outline(document_of(saved(report), "t.docx")) == [
        ("paragraph", "Boxed text."),
        ("paragraph", "More of it."),
    ]


def said(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


def control(properties: str, inside: str) -> str:
    """A field to be filled in."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def drop_cap(runs: str) -> str:
    """A paragraph with the large first letter of the next."""
    return f'<w:p><w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr>{runs}</w:p>'


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:p><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText> dropped</w:delText></w:r></w:del></w:p>", "Kept"),
        ("<w:p><w:ins><w:r><w:t>New</w:t></w:r></w:ins></w:p>", "New"),
        (
            "<w:p><w:moveFrom><w:r><w:t>Moved.</w:t></w:r></w:moveFrom></w:p><w:p><w:r><w:t>First.</w:t></w:r></w:p>"
            "<w:p><w:moveTo><w:r><w:t>Moved.</w:t></w:r></w:moveTo></w:p>",
            "First.\nMoved.",
        ),
        (
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>Two are </w:t></w:r></w:p>"
            "<w:p><w:r><w:t>now one.</w:t></w:r></w:p>",
            "Two are now one.",
        ),
        (
            f"{drop_cap('<w:r><w:t>L’</w:t></w:r>')}<w:p><w:r><w:t>escadron garde.</w:t></w:r></w:p>",
            "L’escadron garde.",
        ),
        (
            f"{drop_cap('<w:del><w:r><w:delText>A</w:delText></w:r></w:del>')}<w:p><w:r><w:t>A boat.</w:t></w:r></w:p>",
            "A boat.",
        ),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden</w:t></w:r><w:r><w:t>Shown</w:t></w:r></w:p>", "Shown"),
        ("<w:p><w:r><w:instrText> PAGE </w:instrText><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t></w:r></w:p>", "a-b"),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>Framed</w:t></w:r></w:p></w:sdtContent></w:sdt>", "Framed"),
        (f"<w:p>{said('Place: ')}{control('<w:showingPlcHdr/>', said('Click here.'))}</w:p>", "Place:"),
        (control("<w:showingPlcHdr w:val='0'/>", f"<w:p>{said('Filled in.')}</w:p>"), "Filled in."),
        (control("<w:showingPlcHdr/>", f"<w:p>{said('Click.')}</w:p>") + f"<w:p>{said('Text.')}</w:p>", "Text."),
        ("<w:p><w:hyperlink><w:r><w:t>Linked</w:t></w:r></w:hyperlink></w:p>", "Linked"),
    ],
)
def test_changes_are_read_as_accepted_and_hidden_text_is_not_read(document_of: DocumentOf, xml: str, text: str) -> None:
    assert document_of(with_body(xml), "changed.docx").text == text


def test_a_text_box_is_read_once_after_its_paragraph(document_of: DocumentOf) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"
    xml = (
        "<w:p><w:r><w:t>Beside the box.</w:t></w:r><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wp:anchor><wps:txbx>{box}</wps:txbx></wp:anchor></w:drawing>'
        "</mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )

    assert document_of(with_body(xml), "box.docx").text == "Beside the box.\nIn the box."


def test_a_group_of_boxes_says_their_tables_and_describes_its_pictures(document_of: DocumentOf) -> None:
    def box(inside: str) -> str:
        return f"<wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx>"

    def row(*cells: str) -> str:
        return f"<w:tr>{''.join(f'<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>' for cell in cells)}</w:tr>"

    pic = 'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    picture = f'<pic:pic {pic}><pic:nvPicPr><pic:cNvPr descr="The lookout in 1940"/></pic:nvPicPr></pic:pic>'
    inside = box(f"<w:tbl>{row('Night', '2')}{row('Day', '4')}</w:tbl>") + box(
        "<w:p><w:r><w:t>It burnt.</w:t></w:r></w:p>"
    )
    body = f"<w:p><w:r><w:drawing><wp:inline>{picture}{inside}</wp:inline></w:drawing></w:r></w:p>"

    assert document_of(with_body(body), "a.docx").text == "Night | 2\nDay | 4\nIt burnt.\nThe lookout in 1940"


def mark(kind: str, data: str = "") -> str:
    return f'<w:fldChar w:fldCharType="{kind}">{data}</w:fldChar>'


CHOICES = '<w:listEntry w:val="Upper Harn"/><w:listEntry w:val="Lower Harn"/>'


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (
            mark("begin")
            + mark("begin")
            + mark("separate")
            + "62"
            + mark("end")
            + mark("separate")
            + "63 men"
            + mark("end"),
            "63 men",
        ),
        (mark("begin") + mark("begin") + mark("end") + "gone" + mark("separate") + "kept" + mark("end"), "kept"),
        (mark("end") + "kept" + mark("separate"), "kept"),
        (
            mark("begin", f'<w:ffData><w:ddList><w:result w:val="1"/>{CHOICES}</w:ddList></w:ffData>') + mark("end"),
            "Lower Harn",
        ),
        (mark("begin", f"<w:ffData><w:ddList>{CHOICES}</w:ddList></w:ffData>") + mark("end"), "Upper Harn"),
        (mark("begin", '<w:ffData><w:ddList><w:result w:val="7"/></w:ddList></w:ffData>') + mark("end"), ""),
        (mark("begin", "<w:ffData><w:checkBox><w:default/></w:checkBox></w:ffData>") + mark("end"), "☒"),
        (
            mark("begin", '<w:ffData><w:checkBox><w:default/><w:checked w:val="0"/></w:checkBox></w:ffData>')
            + mark("end"),
            "☐",
        ),
    ],
)
def test_of_a_field_stands_what_is_on_the_page(document_of: DocumentOf, runs: str, text: str) -> None:
    marked = re.sub(r"(?:^|(?<=>))([\w ]+)(?=<|$)", r"<w:t>\1</w:t>", runs)
    body = with_body(f"<w:p>{said('Form: ')}<w:r>{marked}</w:r>{said('.')}</w:p>")
    assert document_of(body, "a.docx").text == f"Form: {text}."


def test_short_bold_paragraphs_are_headings_without_a_style(document_of: DocumentOf) -> None:
    report = docx.Document()
    report.add_paragraph().add_run("Findings of the team").bold = True
    report.add_paragraph().add_run("A whole sentence in bold.").bold = True

    assert outline(document_of(saved(report), "b.docx")) == [
        ("heading", "Findings of the team"),
        ("paragraph", "A whole sentence in bold."),
    ]


def test_notes_leave_the_text_and_comments_are_left_out(document_of: DocumentOf) -> None:
    report = docx.Document()
    paragraph = report.add_paragraph("The police were vetted")
    run = paragraph.add_run()
    run._r.append(parse_xml(f'<w:footnoteReference {W} w:id="2"/>'))
    paragraph.add_run(" in 2006.")
    report.add_comment(paragraph.runs[0], text="A comment by a reviewer", author="R")
    footnotes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>By the mission.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    ).encode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    tie = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode()

    def add_tie(name: str, data: bytes) -> tuple[str, bytes]:
        ties = name == "word/_rels/document.xml.rels"
        return name, data.replace(b"</Relationships>", tie) if ties else data

    data = rewritten(saved(report), add_tie)
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/footnotes.xml", footnotes)
    document = document_of(buffer.getvalue(), "notes.docx")

    assert document.text == "The police were vetted in 2006."
    (note,) = document.notes
    assert (note.mark, note.text) == ("1", "By the mission.")
    assert document.text[: note.anchor] == "The police were vetted"


def test_strict_files_are_read(document_of: DocumentOf) -> None:
    def strict(name: str, data: bytes) -> tuple[str, bytes]:
        return name, re.sub(
            rb"http://schemas\.openxmlformats\.org/(\w+)/2006/", rb"http://purl.oclc.org/ooxml/\1/", data
        )

    data = rewritten(saved(a_report()), strict)

    assert "The ministry leads." in document_of(data, "strict.docx").text


def test_the_main_part_may_have_another_name(document_of: DocumentOf) -> None:
    def renamed(name: str, data: bytes) -> tuple[str, bytes]:
        return name.replace("document.xml", "main2.xml"), data.replace(b"document.xml", b"main2.xml")

    assert "The ministry leads." in document_of(rewritten(saved(a_report()), renamed), "other.docx").text


def test_an_entity_bomb_does_not_explode(read_bytes: ReadBytes) -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY l0 "lol">{lines}]>'
        f"<w:document {W}><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>"
    ).encode()

    def bombed(name: str, data: bytes) -> tuple[str, bytes]:
        return name, bomb if name == "word/document.xml" else data

    assert isinstance(read_bytes(rewritten(saved(a_report()), bombed), "bomb.docx"), Refusal)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_damaged(read_bytes: ReadBytes, share: float) -> None:
    data = saved(a_report())
    refusal = read_bytes(data[: int(len(data) * share)], "cut.docx")

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "damaged"


@pytest.mark.parametrize("header", ["", "Circular HP/C/2013/88"])
def test_a_document_without_text_has_none(read_bytes: ReadBytes, header: str) -> None:
    blank = docx.Document()
    blank.sections[0].header.paragraphs[0].text = header
    refusal = read_bytes(saved(blank), "blank.docx")

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "no-text"


def with_chunk(name: str, chunk: bytes) -> bytes:
    """A Word file in which a part of another kind is inserted between two paragraphs."""
    document = docx.Document()
    document.add_paragraph("Before.")
    made = Part(PackURI(f"/word/{name}"), "application/octet-stream", chunk, document.part.package)
    document.part.rels.add_relationship(f"{R}/aFChunk", made, "rIdX")
    inserted = parse_xml(f'<w:altChunk {W} xmlns:r="{R}" r:id="rIdX"/>')
    document.element.body.insert(len(document.element.body) - 1, inserted)
    document.add_paragraph("After.")
    return saved(document)


MHT = b"""MIME-Version: 1.0
Content-Type: multipart/related; boundary="xx"

--xx
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<html><body><p>Inserted =C3=A9.</p></body></html>
--xx--
"""


@pytest.mark.parametrize(
    ("name", "chunk", "said"),
    [
        ("a.html", b"<html><body><h1>Annex</h1><p>Inserted.</p></body></html>", ["Annex", "Inserted."]),
        ("a.mht", MHT, ["Inserted é."]),
        ("a.txt", b"Inserted.", ["Inserted."]),
        ("a.rtf", rb"{\rtf1 Inserted.\par Caf\'e9\par}", ["Inserted.", "Café"]),
        ("a.docx", with_chunk("b.txt", b"Deeper."), ["Before.", "Deeper.", "After."]),
    ],
)
def test_inserted_parts_are_read_in_their_place(
    document_of: DocumentOf, name: str, chunk: bytes, said: list[str]
) -> None:
    document = document_of(with_chunk(name, chunk), "report.docx")
    assert [text for _, text in outline(document)] == ["Before.", *said, "After."]
    assert document.warnings == ()


def test_an_inserted_part_that_is_not_read_is_counted(document_of: DocumentOf) -> None:
    document = document_of(with_chunk("a.docx", b"PK broken"), "report.docx")
    assert [text for _, text in outline(document)] == ["Before.", "After."]
    assert document.warnings == ("1 part of another kind was inserted here and was not read.",)


def test_the_notes_of_an_inserted_part_are_notes_of_the_document(document_of: DocumentOf) -> None:
    chunk = rb"{\rtf1 Vetted{\super\chftn{\footnote By all.}} in 2003.\par {\strike Not} Here.\par}"
    document = document_of(with_chunk("a.rtf", chunk), "report.docx")

    assert [text for _, text in outline(document)] == ["Before.", "Vetted in 2003.", "Here.", "After."]
    assert [(note.mark, note.text) for note in document.notes] == [("1", "By all.")]
    assert document.warnings == ("Struck-out text was left out in 1 place.",)


def test_a_part_inserted_in_a_cell_is_read_there(document_of: DocumentOf) -> None:
    def in_a_cell(name: str, data: bytes) -> tuple[str, bytes]:
        chunk = rb'(<w:altChunk [^>]*?r:id="rIdX"[^>]*/>)'
        row = rb"<w:tbl><w:tr><w:tc>\1<w:p/></w:tc><w:tc><w:p><w:r><w:t>Mules</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        return name, re.sub(chunk, row, data)

    data = rewritten(with_chunk("a.html", b"<p>Eight.</p>"), in_a_cell)
    assert document_of(data, "report.docx").text == "Before.\nEight. | Mules\nAfter."


def test_struck_and_hidden_text_is_left_out_and_counted(document_of: DocumentOf) -> None:
    style = '<w:style w:type="character" w:styleId="Gone"><w:rPr><w:dstrike/></w:rPr></w:style>'
    body = (
        '<w:p><w:r><w:t xml:space="preserve">The right is to </w:t></w:r>'
        '<w:r><w:rPr><w:strike/></w:rPr><w:t>forty</w:t></w:r><w:r><w:t xml:space="preserve"> twenty days.</w:t></w:r>'
        '<w:r><w:rPr><w:rStyle w:val="Gone"/></w:rPr>'
        '<w:t> Leave is sold.</w:t></w:r><w:r><w:rPr><w:rStyle w:val="Gone"/><w:dstrike w:val="0"/></w:rPr>'
        "<w:t> Leave is kept.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret.</w:t></w:r></w:p>"
    )

    def with_style(name: str, data: bytes) -> tuple[str, bytes]:
        end = b"</w:styles>"
        return name, data.replace(end, style.encode() + end) if name == "word/styles.xml" else data

    document = document_of(rewritten(with_body(body), with_style), "a.docx")
    assert document.text == "The right is to twenty days. Leave is kept."
    assert document.warnings == (
        "Struck-out text was left out in 2 places.",
        "Hidden text was left out in 1 place.",
    )


def test_cells_keep_their_column_where_a_row_leaves_columns_out(document_of: DocumentOf) -> None:
    def row(*cells: str, properties: str = "") -> str:
        made = "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in cells)
        return f"<w:tr>{properties}{made}</w:tr>"

    skipping = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    body = f"<w:tbl>{row('Post', '2016', '2017')}{row('21', '6', properties=skipping)}</w:tbl>"
    assert document_of(with_body(body), "a.docx").text == "Post | 2016 | 2017\n| 21 | 6"


def test_the_reference_of_a_letter_is_read_from_its_header(document_of: DocumentOf) -> None:
    letter = docx.Document()
    letter.sections[0].header.paragraphs[0].text = "Circular HP/C/2013/88"
    letter.sections[0].header.add_paragraph("Page 1 of 3")
    letter.sections[0].header.add_paragraph("Two patrols go out.")
    letter.add_paragraph("Two patrols go out.")
    assert [text for _, text in outline(document_of(saved(letter), "a.docx"))] == [
        "Circular HP/C/2013/88",
        "Two patrols go out.",
    ]


def test_a_footer_is_read_where_it_names_a_file(document_of: DocumentOf) -> None:
    letter = docx.Document()
    letter.sections[0].footer.paragraphs[0].text = "Post box 12, file 88-C/Blankets"
    letter.sections[0].footer.add_paragraph("Confidential, 12/3")
    letter.add_paragraph("Two patrols go out.")
    assert document_of(saved(letter), "a.docx").text == "Post box 12, file 88-C/Blankets\nTwo patrols go out."


def test_raised_figures_stay_raised(document_of: DocumentOf) -> None:
    letter = docx.Document()
    paragraph = letter.add_paragraph("It covers 35 km")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run(", on the 1")
    paragraph.add_run("st").font.superscript = True
    assert document_of(saved(letter), "a.docx").text == "It covers 35 km², on the 1st"


@pytest.mark.parametrize(
    "properties", ['<w:rStyle w:val="Above"/>', '<w:position w:val="8"/><w:sz w:val="14"/>', '<w:rStyle w:val="On"/>']
)
def test_figures_raised_by_a_style_or_by_their_position_stay_raised(document_of: DocumentOf, properties: str) -> None:
    above = (
        '<w:style w:type="character" w:styleId="Above"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="On"><w:basedOn w:val="Above"/></w:style>'
    )
    body = f"<w:p><w:r><w:t>4 × 10</w:t></w:r><w:r><w:rPr>{properties}</w:rPr><w:t>6</w:t></w:r></w:p>"

    def with_style(name: str, data: bytes) -> tuple[str, bytes]:
        end = b"</w:styles>"
        return name, data.replace(end, above.encode() + end) if name == "word/styles.xml" else data

    assert document_of(rewritten(with_body(body), with_style), "a.docx").text == "4 × 10⁶"


@pytest.mark.parametrize("nonsense", ["²", "x", "-1", "9" * 5000, ""])
def test_numbers_that_are_none_cost_no_text(document_of: DocumentOf, nonsense: str) -> None:
    def paragraph(text: str) -> str:
        return f'<w:p><w:pPr><w:outlineLvl w:val="{nonsense}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'

    def row(left: str, right: str) -> str:
        span = f'<w:tcPr><w:gridSpan w:val="{nonsense}"/></w:tcPr>'
        return f"<w:tr><w:tc>{span}{paragraph(left)}</w:tc><w:tc>{paragraph(right)}</w:tc></w:tr>"

    look = f'<w:tblPr><w:tblLook w:val="{nonsense}"/></w:tblPr>'
    body = f"<w:tbl>{look}{row('Post', 'Staff')}{row('Quay', '12')}</w:tbl>{paragraph('The end.')}"
    assert document_of(with_body(body), "a.docx").text == "Post | Staff\nQuay | 12\nThe end."


M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def raised(text: str) -> str:
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{text}</w:t></w:r>'


def plain(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def in_cells(*cells: str) -> str:
    return f"<w:tbl><w:tr>{''.join(f'<w:tc><w:p>{cell}</w:p></w:tc>' for cell in cells)}</w:tr></w:tbl>"


def test_a_formula_is_a_line_or_counted(document_of: DocumentOf) -> None:
    share = "<m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>17</m:t></m:r></m:den></m:f>"
    total = "<m:nary><m:e><m:r><m:t>99</m:t></m:r></m:e></m:nary>"
    maths = [f"<m:oMath {M}>{each}</m:oMath>" for each in (share, total)]
    document = document_of(with_body(f"<w:p>{plain('About 2')}{maths[0]}{plain(' acres.')}{maths[1]}</w:p>"), "m.docx")

    assert document.text == "About 2 3/17 acres."
    assert document.warnings == ("1 mathematical formula was not read.",)


def test_what_is_raised_runs_into_no_number(document_of: DocumentOf) -> None:
    powers = (("10", "1.5"), ("10", "–4"), ("x", "n+1"), ("2", "n", "+", "1"), ("10", "1", ".", "5"))
    said = [f"{plain(f'; {base}')}{''.join(map(raised, above))}" for base, *above in powers]
    ordinals = [f"{plain(f', {base}')}{raised(above)}" for base, above in (("2", "e"), ("1", "st"), ("M", "me"))]
    text = document_of(with_body(f"<w:p>{plain('So')}{''.join(said)}{''.join(ordinals)}</w:p>"), "p.docx").text

    assert text == "So; 10^1.5; 10⁻⁴; x^(n+1); 2^(n+1); 10^1.5, 2e, 1st, Mme"


def test_letters_behind_figures_are_marks_where_a_note_says_so(document_of: DocumentOf) -> None:
    cells = in_cells(*(plain("62") + raised(mark) for mark in ("a", "b", "ii", "e", "1,2")))
    note = f"<w:p>{raised('a')}{plain(' Estimated by the reeve.')}</w:p>"

    assert document_of(with_body(cells + note), "t.docx").text == (
        "62ᵃ | 62ᵇ | 62ⁱⁱ | 62e | 62¹,²\nᵃ Estimated by the reeve."
    )
    assert document_of(with_body(cells), "t.docx").text == "62a | 62ᵇ | 62ⁱⁱ | 62e | 62¹,²"
