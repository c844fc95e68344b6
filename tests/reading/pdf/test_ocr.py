"""Scanned pages: a PDF that shows pictures of text, read by the real tesseract."""

import io
import shutil
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from assistant.library import Library
from assistant.library.indexing import NO_OCR, ingest
from assistant.reading import read
from assistant.reading.isolation import ReadingWorker
from assistant.reading.pdf import ocr
from assistant.records import Document, Refusal
from assistant.settings import Settings

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is missing: apt-get install tesseract-ocr"
)
LINES = (
    "The vetting board of Ruritania heard four hundred officers.",
    "It met in the town hall every Tuesday and kept a public record.",
    "An appeal body reviewed each decision within thirty days.",
)


def typed(*lines: str) -> bytes:
    file = io.BytesIO()
    page = canvas.Canvas(file, A4, invariant=True)
    for number, line in enumerate(lines):
        page.setFont("Helvetica", 12)
        page.drawString(72, 760 - 16 * number, line)
    page.showPage()
    page.save()
    return file.getvalue()


def scanned(path: Path, *pages: tuple[str, ...]) -> Path:
    """A PDF of pictures, one for each page of lines; a page without lines is white paper."""
    file = canvas.Canvas(str(path), A4, invariant=True)
    for lines in pages:
        with pdfium.PdfDocument(typed(*lines)) as document:
            picture: Image.Image = document[0].render(scale=200 / 72, grayscale=True).to_pil()
        file.drawImage(ImageReader(picture), 0, 0, *A4)
        file.showPage()
    file.save()
    return path


@needs_tesseract
def test_a_scanned_page_is_read_with_the_place_of_each_letter(tmp_path: Path) -> None:
    path = scanned(tmp_path / "scan.pdf", LINES, ())
    document = read(path, "scan.pdf", ocr=True)
    assert isinstance(document, Document)
    first, empty = document.pages
    assert first.reader == "ocr" and first.confidence is not None and 0.8 < first.confidence <= 1
    assert document.page_text(first).split() == " ".join(LINES).split()
    assert empty.start == empty.end and empty.confidence is None
    assert any("character recognition" in warning for warning in document.warnings)
    assert first.boxes is not None
    at = document.page_text(first).index("Tuesday")
    left, top, right, bottom = first.boxes[at : at + 7].T
    assert np.all(top > 842 - 756) and np.all(bottom < 842 - 738)  # the second line stands on 744
    assert 72 < left.min() < right.max() < 500


@needs_tesseract
def test_the_isolated_worker_reads_scans_only_when_told(tmp_path: Path) -> None:
    path = scanned(tmp_path / "scan.pdf", LINES)
    with ReadingWorker(60, 2048, 10, ocr=True) as worker:
        assert isinstance(worker.read(path, "scan.pdf"), Document)
    with ReadingWorker(60, 2048, 10) as worker:
        refusal = worker.read(path, "scan.pdf")
    assert isinstance(refusal, Refusal) and refusal.reason == "no-text" and "--ocr" in refusal.message


@needs_tesseract
def test_a_page_that_takes_too_long_stays_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PAGE_TIMEOUT_S", 0.001)
    refusal = read(scanned(tmp_path / "scan.pdf", LINES), "scan.pdf", ocr=True)
    assert isinstance(refusal, Refusal) and refusal.reason == "no-text"


@needs_tesseract
def test_a_library_takes_scans_in_once_and_keeps_them(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path / "corpus", library=tmp_path / "library")
    settings.corpus.mkdir()
    (settings.corpus / "note.txt").write_text("The archive keeps paper copies of every record.\n")
    scanned(settings.corpus / "scan.pdf", LINES)
    assert ingest(settings).counts["refused"] == 1
    assert ingest(settings, ocr=True).counts["added"] == 1
    assert ingest(settings, ocr=True).counts["unchanged"] == 2
    assert ingest(settings).counts["unchanged"] == 2
    with Library.open(settings.library) as library:
        assert library.page("scan.pdf", 1).reader == "ocr"
        assert "Ruritania" in library.page("scan.pdf", 1).text


def test_without_tesseract_scans_are_listed_and_the_note_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    settings = Settings(corpus=tmp_path / "corpus", library=tmp_path / "library")
    settings.corpus.mkdir()
    scanned(settings.corpus / "scan.pdf", LINES)
    report = ingest(settings, ocr=True)
    assert NO_OCR in report.notes and "apt-get install tesseract-ocr" in NO_OCR
    assert [file.reason for file in report.files] == ["no-text"]
