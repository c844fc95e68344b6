"""What a file really is: its content decides, its name only where the content does not say.

A PDF that is called report.docx is read as a PDF; a picture called report.pdf is no PDF. Text says little about
itself, so there the name counts: Markdown is Markdown because it is called .md.
"""

import re
from pathlib import PurePosixPath
from typing import Literal

from assistant.reading.archive import Parts
from assistant.reading.refusals import Refused
from assistant.reading.unread import refusal_by_beginning, refusal_by_name, refusal_of_archive, refusal_of_old_office

Format = Literal["pdf", "word", "odt", "rtf", "slides", "spreadsheet", "epub", "web", "markdown", "plain"]

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
_BINARY_NAMES = {
    ".pdf": "a PDF",
    ".docx": "a Word document",
    ".odt": "an OpenDocument text",
    ".rtf": "an RTF document",
    ".pptx": "a presentation",
    ".xlsx": "a spreadsheet",
    ".epub": "an EPUB book",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MAIN_PART = re.compile(rb"(word|presentation|powerpoint|spreadsheet|excel)[\w.-]*\.main\+xml")
_OFFICE: dict[bytes, Format] = {
    b"word": "word",
    b"presentation": "slides",
    b"powerpoint": "slides",
    b"spreadsheet": "spreadsheet",
    b"excel": "spreadsheet",
}
_ODT = "application/vnd.oasis.opendocument.text"  # with "-template" or "-master" after it they are read, too
_EPUB = "application/epub+zip"
_PACKAGE_OF_A_BOOK = b"application/oebps-package+xml"
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)


def sniff(data: bytes, name: str) -> Format:
    """Say which reader a file needs, from its bytes and its name; Refused when there is none for it."""
    if b"%PDF-" in data[:PDF_WITHIN]:
        return "pdf"
    if data.startswith(_OLE):
        raise refusal_of_old_office(data)
    suffix = PurePosixPath(name).suffix.lower()
    if data.startswith(_ZIP):
        return _sniff_archive(data, suffix)
    if data[:PDF_WITHIN].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return "rtf"
    if refusal := refusal_by_beginning(data):
        raise refusal
    return _sniff_text(data, suffix)


def _sniff_archive(data: bytes, suffix: str) -> Format:
    parts = Parts(data)
    content_types = parts.read("[Content_Types].xml")
    mimetype = parts.read("mimetype").decode("ascii", "replace").strip()  # OpenDocument and EPUB say so there
    if main := _MAIN_PART.search(content_types):
        return _OFFICE[main[1]]
    if mimetype.startswith(_ODT):
        return "odt"
    if mimetype == _EPUB or _PACKAGE_OF_A_BOOK in parts.read("META-INF/container.xml"):
        return "epub"
    if refusal := refusal_of_archive(content_types, mimetype):
        raise refusal
    if suffix in _BINARY_NAMES:
        raise Refused("damaged", f"is no {_BINARY_NAMES[suffix].split(' ', 1)[1]}, though its name says so.")
    raise refusal_by_name(suffix, "an archive (ZIP)")


def _sniff_text(data: bytes, suffix: str) -> Format:
    if _HTML.match(data):
        return "web"
    if suffix in _TEXT_NAMES:
        return _TEXT_NAMES[suffix]
    if suffix in _BINARY_NAMES:
        raise Refused(
            "damaged", f"is not {_BINARY_NAMES[suffix]}, though its name says so. Get it again, or save it again."
        )
    raise refusal_by_name(suffix)
