"""A file becomes a Document, or a Refusal that says why not and what to do.

`read` runs in this process; `isolation.ReadingWorker` runs it in another, which is what the library does. A new
kind of document is one module here and one line in `READERS` (and its names in `sniffing`).
"""

import hashlib
import stat
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path, PurePosixPath

from assistant.reading.names import shown as shown  # also for those who name files and read none
from assistant.reading.refusals import Refused
from assistant.reading.sniffing import Format, sniff
from assistant.reading.versions import version_of
from assistant.records import Document, Reason, Refusal

MAX_FILE_MB = 200

Reader = Callable[[bytes, str, str], Document]

READERS: dict[Format, tuple[str, str]] = {
    "pdf": ("assistant.reading.pdf.reader", "read_pdf"),
    "word": ("assistant.reading.office.word", "read_word"),
    "odt": ("assistant.reading.office.odt", "read_odt"),
    "rtf": ("assistant.reading.office.rtf", "read_rtf"),
    "slides": ("assistant.reading.office.slides", "read_slides"),
    "spreadsheet": ("assistant.reading.office.spreadsheet", "read_spreadsheet"),
    "epub": ("assistant.reading.web.epub", "read_epub"),
    "web": ("assistant.reading.web.page", "read_web"),
    "markdown": ("assistant.reading.text.markdown", "read_markdown"),
    "plain": ("assistant.reading.text.plain", "read_plain"),
}


def read(path: Path, source: str, *, max_file_mb: int = MAX_FILE_MB, ocr: bool = False) -> Document | Refusal:
    """Read the file at `path`, known as `source` (its path below the corpus folder, as the disk has it), whatever it
    is.

    With `ocr`, pages of a PDF without text are read by character recognition, where tesseract is installed.

    The only exception it lets through is one that ends the process.
    """
    try:
        data = _bytes_of(path, max_file_mb)
        format_ = sniff(data, path.name)
        return replace(_read(data, format_, path, source, ocr=ocr), format=format_)
    except Refused as refused:
        return refuse(path, source, refused.reason, refused.message)
    except MemoryError:
        return refuse(path, source, "too-large", "needs more memory than reading a file may take. Split it into parts.")
    except Exception as error:  # noqa: BLE001  a stranger's file in a stranger's library: anything may come
        message = f"is broken inside ({type(error).__name__}). Save it again from the program that made it."
        return refuse(path, source, "damaged", message)


def _read(data: bytes, format_: Format, path: Path, source: str, *, ocr: bool) -> Document | Refusal:
    try:
        document = _reader_for(format_, ocr=ocr)(data, shown(source), hashlib.sha256(data).hexdigest())
        if not document.text.strip():
            raise Refused("no-text", "has no text in it. If it shows pictures of text, make a copy with OCR.")
        return document
    except Refused as refused:
        return refuse(path, source, refused.reason, refused.message)


def reader_versions() -> dict[str, str]:
    """The version of the reader of each format; under "" that of all of them, for files that came to none."""
    of_formats: dict[str, str] = {name: version_of(module) for name, (module, _) in READERS.items()}
    return {"": version_of(f"{__name__}.sniffing", *(module for module, _ in READERS.values())), **of_formats}


def refuse(path: Path, source: str, reason: Reason, message: str) -> Refusal:
    """The Refusal for a file, with its digest (of "nothing" when it cannot be opened) and its name in the sentence."""
    name = PurePosixPath(shown(source)).name
    return Refusal(shown(source), digest(path), reason, f"{name} {message}")


def digest(path: Path) -> str:
    """The sha256 of a file's bytes in hexadecimal, "" for what cannot be opened or is no file (a pipe would hang)."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _bytes_of(path: Path, max_file_mb: int) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Refused("unreadable", "is no ordinary file. Put the document itself there.")
        if status.st_size > max_file_mb << 20:
            raise Refused(
                "too-large", f"is larger than {max_file_mb} MiB. Split it into parts, or raise SSR_MAX_FILE_MB."
            )
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused(
            "unreadable", f"cannot be opened ({reason}). Check who may read it and that it is still there."
        ) from error
    if not data:
        raise Refused("empty", "has nothing in it: 0 bytes. Copy it here again.")
    return data


def _reader_for(format_: Format, *, ocr: bool) -> Reader:
    module, function = READERS[format_]
    reader = getattr(import_module(module), function)
    chosen: Reader = partial(reader, ocr=True) if ocr and format_ == "pdf" else reader
    return chosen
