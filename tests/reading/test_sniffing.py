"""The content of a file decides how it is read; what is not read is refused with its reason and a way out."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.reading import digest, read, shown
from assistant.records import Document, Refusal
from tests.reading.making.archive import rewritten
from tests.reading.making.epub import epub
from tests.reading.making.odt import odt
from tests.reading.making.xlsx import xlsx

DocumentOf = Callable[[bytes | str, str], Document]
ReadBytes = Callable[[bytes, str], Document | Refusal]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def reason_of(result: Document | Refusal) -> str:
    assert isinstance(result, Refusal)
    return result.reason


def test_html_under_another_name_is_read_as_html(read_bytes: ReadBytes) -> None:
    result = read_bytes(b"<!DOCTYPE html>\n<html><body><p>Police reform</p></body></html>", "page.txt")

    assert isinstance(result, Document)
    assert result.text == "Police reform"


def test_markdown_and_text_are_told_apart_by_name(read_bytes: ReadBytes) -> None:
    as_markdown, as_text = read_bytes(b"*Reform*", "a.md"), read_bytes(b"*Reform*", "a.TXT")

    assert isinstance(as_markdown, Document)
    assert isinstance(as_text, Document)
    assert (as_markdown.text, as_text.text) == ("Reform", "*Reform*")


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "empty.pdf", "empty"),
        (b"", "empty.txt", "empty"),
        (b" \n\t ", "blank.txt", "no-text"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture.pdf", "unsupported"),
        (b"{\\rtf1 }", "letter.rtf", "no-text"),
        (b"This was never RTF.", "letter.rtf", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.doc", "unsupported"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "secret.docx",
            "encrypted",
        ),
        (b"date,event\n2003,UNMIL\n", "table.csv", "unsupported"),
        (b"This was never a PDF.", "report.pdf", "damaged"),
        (b"PK\x03\x04 and then the disk was full", "report.docx", "damaged"),
        (bytes(range(256)) * 40, "noise.txt", "damaged"),
        (zipped(notes=b"hello"), "report.docx", "damaged"),
        (zipped(notes=b"hello"), "bundle.zip", "unsupported"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "letter.odt", "damaged"),
        (zipped(mimetype=b"application/epub+zip"), "book.epub", "damaged"),
        (zipped(notes=b"hello"), "book.epub", "damaged"),
        (zipped(mimetype=b"application/x-\x07unheard-of"), "odd.zip", "unsupported"),
        (
            zipped(**{"[Content_Types].xml": b'<x ContentType="a.spreadsheetml.sheet.main+xml"/>'}),
            "table.xlsx",
            "damaged",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    read_bytes: ReadBytes, data: bytes, name: str, reason: str
) -> None:
    result = read_bytes(data, name)

    assert reason_of(result) == reason
    assert isinstance(result, Refusal)
    assert result.message.startswith(f"{name} ")
    assert result.message.endswith(".")


@pytest.mark.parametrize(
    ("data", "name", "way_out"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), "old.doc", "Save it as .docx or PDF"),
        (OLE + "Workbook".encode("utf-16-le"), "old.xls", "Save it as .xlsx"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "old.ppt", "Save it as .pptx"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "table.ods", "Save it as .xlsx"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.presentation"), "show.odp", "Save it as .pptx"),
        (zipped(**{"[Content_Types].xml": b"ms-excel.sheet.binary.macroEnabled.main"}), "t.xlsb", "Save it as .xlsx"),
        (b"date,event\n2003,UNMIL\n", "table.csv", "save it as .xlsx"),
        (b"\x89PNG\r\n\x1a\n", "scan.png", "make a PDF of it with OCR"),
        (b"BM pixels", "scan.bmp", "make a PDF of it with OCR"),
        (b"\x1f\x8b\x08", "bundle.tar.gz", "Unpack it"),
        (zipped(notes=b"hello"), "bundle.zip", "Unpack it"),
        (zipped(notes=b"hello"), "text.pages", "Export it as .docx or PDF"),
        (b"BOOKMOBI", "book.mobi", "Convert it to .epub"),
        (b"ID3", "talk.mp3", "transcript"),
        (b"something", "thing.xyz", "Save it as .docx or PDF"),
    ],
)
def test_the_way_out_fits_what_the_file_is(read_bytes: ReadBytes, data: bytes, name: str, way_out: str) -> None:
    result = read_bytes(data, name)

    assert reason_of(result) == "unsupported"
    assert isinstance(result, Refusal)
    assert way_out.casefold() in result.message.casefold()
    assert result.message.isprintable()


@pytest.mark.parametrize(
    ("content", "name"), [("odt", "letter.docx"), ("epub", "book.zip"), ("xlsx", "report.pdf"), ("rtf", "notes.txt")]
)
def test_new_formats_are_known_by_their_content(document_of: DocumentOf, content: str, name: str) -> None:
    text = "Police reform"
    made = {
        "odt": lambda: odt(f"<text:p>{text}</text:p>"),
        "epub": lambda: rewritten(epub({"a.xhtml": f"<p>{text}</p>"}), "mimetype", lambda _: ""),
        "xlsx": lambda: xlsx(lambda _, sheet: sheet.write("A1", text)),
        "rtf": lambda: f"{{\\rtf1 {text}}}".encode(),
    }

    assert text in document_of(made[content](), name).text


def test_a_bomb_is_refused_before_it_is_unpacked(read_bytes: ReadBytes) -> None:
    bomb = zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"\0" * (150 << 20)})

    assert len(bomb) < 200_000
    assert reason_of(read_bytes(bomb, "bomb.docx")) == "too-large"


def test_a_packing_that_inflates_unasked_is_refused(read_bytes: ReadBytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("word/document.xml", b"<x/>")

    assert reason_of(read_bytes(buffer.getvalue(), "odd.docx")) == "damaged"


def test_a_file_that_may_not_be_opened_is_unreadable(tmp_path: Path) -> None:
    assert reason_of(read(tmp_path / "gone.txt", "gone.txt")) == "unreadable"
    assert reason_of(read(tmp_path, "folder.txt")) == "unreadable"


def test_a_pipe_is_unreadable_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")

    refusal = read(tmp_path / "pipe.txt", "pipe.txt")

    assert reason_of(refusal) == "unreadable"
    assert isinstance(refusal, Refusal)
    assert refusal.sha256 == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "closed.txt"
    path.write_text("text")
    path.chmod(0)

    assert reason_of(read(path, "closed.txt")) == "unreadable"


def test_a_file_above_the_limit_is_too_large_and_keeps_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"a" * ((1 << 20) + 1))

    refusal = read(path, "large.txt", max_file_mb=1)

    assert reason_of(refusal) == "too-large"
    assert isinstance(refusal, Refusal)
    assert refusal.sha256 == digest(path)


@pytest.mark.parametrize(
    "name", ["-rf.txt", "résumé – отчёт 数据 🎈.txt", "x" * 240 + ".txt", "a b (1).txt", "%s{}.txt"]
)
def test_odd_names_are_names_like_any_other(read_bytes: ReadBytes, name: str) -> None:
    result = read_bytes(b"Some text.", name)

    assert isinstance(result, Document)
    assert result.source == name


def test_a_name_that_is_no_unicode_is_shown_with_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_bytes(b"")

    refusal = read(path, path.name)

    assert isinstance(refusal, Refusal)
    assert refusal.source == r"caf\xe9.txt"
    assert shown("ordinary.txt") == "ordinary.txt"
    refusal.message.encode()
