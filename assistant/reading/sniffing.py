"""What a file really is: its content decides, its name only where the content does not say.

A PDF that is called report.docx is read as a PDF; a picture called report.pdf is no PDF. Text says little about
itself, so there the name counts: Markdown is Markdown because it is called .md.
"""

import re
from pathlib import PurePosixPath
from typing import Literal

from assistant.reading.archive import open_archive, read_member
from assistant.reading.refusals import Refused

Format = Literal["pdf", "word", "slides", "web", "markdown", "plain"]

WAY_OUT = "Save it as .docx or PDF and add that."
PDF_WITHIN = 1024  # PDF viewers accept so many bytes of junk before "%PDF-"

_TEXT_NAMES: dict[str, Format] = {
    "": "plain",
    ".txt": "plain",
    ".text": "plain",
    ".rst": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "web",
    ".htm": "web",
    ".xhtml": "web",
}
_BINARY_NAMES = {".pdf": "a PDF", ".docx": "a Word document", ".pptx": "a presentation"}
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7-Zip)"),
    (b"Rar!\x1a\x07", "an archive (RAR)"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # the stream that holds a protected .docx or .pptx
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MAIN_PART = re.compile(rb"(word|presentation|powerpoint|spreadsheet|excel)[\w.-]*\.main\+xml")
_OFFICE: dict[bytes, Format] = {b"word": "word", b"presentation": "slides", b"powerpoint": "slides"}
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)


def sniff(data: bytes, name: str) -> Format:
    """Say which reader a file needs, from its bytes and its name; Refused when there is none for it."""
    if b"%PDF-" in data[:PDF_WITHIN]:
        return "pdf"
    if data.startswith(_OLE):
        raise _old_office(data)
    suffix = PurePosixPath(name).suffix.lower()
    if data.startswith(_ZIP):
        return _sniff_archive(data, suffix)
    for magic, kind in _OTHER_KINDS:
        if data.startswith(magic):
            raise Refused("unsupported", f"is {kind}, which is not read. {WAY_OUT}")
    return _sniff_text(data, suffix)


def _old_office(data: bytes) -> Refused:
    if _ENCRYPTED_PACKAGE in data:
        return Refused("encrypted", "is protected by a password. Save a copy without it and add that.")
    return Refused("unsupported", f"is an Office file of the old kind (.doc, .xls, .ppt). {WAY_OUT}")


def _sniff_archive(data: bytes, suffix: str) -> Format:
    archive = open_archive(data)
    main = _MAIN_PART.search(read_member(archive, "[Content_Types].xml"))
    if main and main[1] in _OFFICE:
        return _OFFICE[main[1]]
    if main:
        raise Refused("unsupported", f"is a spreadsheet, which is not read. {WAY_OUT}")
    kind = read_member(archive, "mimetype")
    if kind:  # OpenDocument and EPUB say so in their first member
        raise Refused(
            "unsupported", f"is of a kind that is not read ({kind[:80].decode('ascii', 'replace')}). {WAY_OUT}"
        )
    if suffix in _BINARY_NAMES:
        raise Refused("damaged", f"is no {_BINARY_NAMES[suffix].split(' ', 1)[1]}, though its name says so.")
    raise Refused("unsupported", "is an archive (ZIP). Unpack it and add the documents in it.")


def _sniff_text(data: bytes, suffix: str) -> Format:
    if _HTML.match(data):
        return "web"
    if suffix in _TEXT_NAMES:
        return _TEXT_NAMES[suffix]
    if suffix in _BINARY_NAMES:
        raise Refused(
            "damaged", f"is not {_BINARY_NAMES[suffix]}, though its name says so. Get it again, or save it again."
        )
    raise Refused("unsupported", f"is of a kind that is not read ({suffix}). {WAY_OUT}")
