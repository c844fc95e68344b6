"""Word documents: structure by style, numbers as printed, changes as accepted, notes outside the text."""

import io
import re
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from laws import assert_lawful, outline

from assistant.records import Document, Refusal

DocumentOf = Callable[[bytes | str, str], Document]
ReadBytes = Callable[[bytes, str], Document | Refusal]
W = nsdecls("w")


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
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden</w:t></w:r><w:r><w:t>Shown</w:t></w:r></w:p>", "Shown"),
        ("<w:p><w:r><w:instrText> PAGE </w:instrText><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t></w:r></w:p>", "a-b"),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>Framed</w:t></w:r></w:p></w:sdtContent></w:sdt>", "Framed"),
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


def test_a_document_without_text_has_none(read_bytes: ReadBytes) -> None:
    refusal = read_bytes(saved(docx.Document()), "blank.docx")

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "no-text"
