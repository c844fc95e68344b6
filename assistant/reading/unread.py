"""Kinds of files that are not read: how each is known, what it is called, and the way out that fits it."""

from assistant.reading.refusals import Refused

_AS_TEXT = "Save it as .docx or PDF and add that."
_AS_SHEET = "Save it as .xlsx and add that."
_AS_SLIDES = "Save it as .pptx and add that."
_AS_READABLE_PDF = "If it shows text, make a PDF of it with OCR and add that."
_UNPACKED = "Unpack it and add the documents in it."
_AS_BOOK = "Convert it to .epub, for example with Calibre, and add that."
_PICTURE = ("a picture", _AS_READABLE_PDF)
_RECORDING = ("a recording", "Add a transcript of it as text.")

_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", _AS_READABLE_PDF),
    (b"\xff\xd8\xff", "a picture (JPEG)", _AS_READABLE_PDF),
    (b"GIF8", "a picture (GIF)", _AS_READABLE_PDF),
    (b"II*\x00", "a picture (TIFF)", _AS_READABLE_PDF),
    (b"MM\x00*", "a picture (TIFF)", _AS_READABLE_PDF),
    (b"AT&TFORM", "a scan (DjVu)", _AS_READABLE_PDF),
    (b"%!PS", "a PostScript file", "Convert it to PDF and add that."),
    (b"\x1f\x8b", "a compressed file (gzip)", _UNPACKED),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7-Zip)", _UNPACKED),
    (b"Rar!\x1a\x07", "an archive (RAR)", _UNPACKED),
    (b"\xffWPC", "a WordPerfect document", f"Open it in LibreOffice. {_AS_TEXT}"),
)
_STREAMS: tuple[tuple[str, str, str], ...] = (  # of old Office files, by which they are told apart
    ("WordDocument", "a Word document of the old kind (.doc)", _AS_TEXT),
    ("PowerPoint Document", "a presentation of the old kind (.ppt)", _AS_SLIDES),
    ("Workbook", "a spreadsheet of the old kind (.xls)", _AS_SHEET),
    ("__properties_version1.0", "a message of Outlook (.msg)", _AS_TEXT),
    ("Book", "a spreadsheet of the old kind (.xls)", _AS_SHEET),
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream that holds a protected .docx, .pptx or .xlsx
_IN_ARCHIVES: tuple[tuple[str, str, str], ...] = (  # what a mimetype has in it
    ("spreadsheet", "a spreadsheet of LibreOffice or OpenOffice", _AS_SHEET),
    ("calc", "a spreadsheet of OpenOffice", _AS_SHEET),
    ("presentation", "a presentation of LibreOffice or OpenOffice", _AS_SLIDES),
    ("impress", "a presentation of OpenOffice", _AS_SLIDES),
    ("graphics", "a drawing of LibreOffice or OpenOffice", "Export it as PDF and add that."),
    ("writer", "a document of OpenOffice 1", _AS_TEXT),
)
_NAMES: dict[str, tuple[str, str]] = {
    ".csv": ("a table as text", f"Open it in a spreadsheet program. {_AS_SHEET}"),
    ".tsv": ("a table as text", f"Open it in a spreadsheet program. {_AS_SHEET}"),
    ".fods": ("a spreadsheet of LibreOffice", _AS_SHEET),
    ".fodp": ("a presentation of LibreOffice", _AS_SLIDES),
    ".numbers": ("a spreadsheet of Apple Numbers", "Export it as .xlsx and add that."),
    ".key": ("a presentation of Apple Keynote", "Export it as .pptx and add that."),
    ".pages": ("a document of Apple Pages", "Export it as .docx or PDF and add that."),
    ".mobi": ("an e-book for Kindle", _AS_BOOK),
    ".azw": ("an e-book for Kindle", _AS_BOOK),
    ".azw3": ("an e-book for Kindle", _AS_BOOK),
    ".fb2": ("an e-book (FictionBook)", _AS_BOOK),
    ".eml": ("a message", "Print it to PDF and add that."),
    ".mht": ("a web archive", "Save the page as .html or PDF and add that."),
    ".mhtml": ("a web archive", "Save the page as .html or PDF and add that."),
    **dict.fromkeys((".bmp", ".webp", ".heic", ".svg"), _PICTURE),
    **dict.fromkeys((".mp3", ".m4a", ".wav", ".mp4", ".mov", ".avi"), _RECORDING),
}


def refusal_by_beginning(data: bytes) -> Refused | None:
    """The refusal of what its first bytes show to be of a kind that is not read."""
    found = ((kind, way_out) for beginning, kind, way_out in _BEGINNINGS if data.startswith(beginning))
    return next((_not_read(*which) for which in found), None)


def refusal_of_old_office(data: bytes) -> Refused:
    """The refusal of an OLE file: what Office wrote before 2007, or wraps round a file with a password today."""
    if _ENCRYPTED in data:
        return Refused("encrypted", "is protected by a password. Save a copy without it and add that.")
    found = ((kind, way_out) for stream, kind, way_out in _STREAMS if stream.encode("utf-16-le") in data)
    return next((_not_read(*which) for which in found), _not_read("an Office file of the old kind", _AS_TEXT))


def refusal_of_archive(content_types: bytes, mimetype: str) -> Refused | None:
    """The refusal of a ZIP that says what it is, by its list of types or its mimetype, and is not read."""
    if b"sheet.binary" in content_types:
        return _not_read("a binary spreadsheet (.xlsb)", _AS_SHEET)
    found = ((kind, way_out) for part, kind, way_out in _IN_ARCHIVES if part in mimetype)
    named = "".join(filter(str.isprintable, mimetype))[:80]
    unknown = Refused("unsupported", f"is of a kind that is not read ({named}). {_AS_TEXT}") if named else None
    return next((_not_read(*which) for which in found), unknown)


def refusal_by_name(suffix: str, content: str = "") -> Refused:
    """The refusal of what only its name tells about, or else nothing but that it is an archive (`content`)."""
    if suffix in _NAMES:
        return _not_read(*_NAMES[suffix])
    if content:
        return _not_read(content, _UNPACKED)
    return Refused("unsupported", f"is of a kind that is not read ({suffix}). {_AS_TEXT}")


def _not_read(kind: str, way_out: str) -> Refused:
    return Refused("unsupported", f"is {kind}, which is not read. {way_out}")
