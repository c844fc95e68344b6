"""Pages of PDFs as tesseract reads them against what is stored: a false text layer is found, a faithful one is not."""

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from evals.__main__ import main
from evals.fidelity import drawing, sight
from evals.fidelity.sampling import Source, sample
from tests.reading.making.pdf import HEIGHT, Draw, lines, pdf_of, raised, rule, wrapped

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is missing: apt-get install tesseract-ocr"
)
BODIES = (
    "The vetting board of Ruritania heard 1,325 officers in nineteen towns, among them 211 women, and it kept a public "
    "record of each peace-keeping decision. The law of 14 March 2004 gave it four years and $12.5 million.",
    "An appeal body reviewed every decision within thirty days. Of 406 officers who had been turned down, 38 were "
    "taken back, and 17.5 per cent of the others found work with the help of the resettlement office.",
    "The registry of weapons was opened in the old customs house. It lists 9,842 rifles by number, and the keeper of "
    "the registry reports to the parliament twice a year, as resolution S/RES/2151 recommends.",
)
EVIL = "<script>alert(1)</script>"


def page_of(body: str, number: int) -> Draw:
    """A page with a running head, its body, a footnote at "record", and its number."""

    def draw(canvas: Canvas) -> None:
        lines(canvas, ["Vetting in Ruritania: a report of the board"], top=50, size=9)
        end = lines(canvas, wrapped(body, 80), top=120, size=12, pitch=16)
        lines(canvas, wrapped(body.replace("The", "Then the"), 80), top=end + 16, size=12, pitch=16)
        lines(canvas, [f"Page {number}"], left=280, top=800)

    return draw


def with_note(canvas: Canvas) -> None:
    """A number at which a note's mark stands, and an exponent that is none."""
    first = "The board met in a town of 35 km"
    lines(canvas, [first], size=12)
    raised(canvas, "2", 72 + canvas.stringWidth(first, "Times-Roman", 12), 100, size=8)
    lines(
        canvas,
        wrapped(f"{BODIES[0]} The towns were chosen by lot in the year 2005", 80)[:3],
        top=120,
        size=12,
        pitch=16,
    )
    last = "and the lot was drawn again in the year 2006"
    lines(canvas, [last], top=200, size=12)
    raised(canvas, "1", 72 + canvas.stringWidth(last, "Times-Roman", 12), 200, size=8)
    rule(canvas, 72, 200, 700)
    raised(canvas, "1", 72, 715, size=6)
    lines(canvas, ["See the report of the board for the years before."], left=80, top=715, size=9)


def scan_with_layer(shown: str, layer: str) -> bytes:
    """A picture of a text, and over it, unseen, another text, as a scanner's own recognition leaves it."""
    with pdfium.PdfDocument(pdf_of(lambda canvas: lines(canvas, wrapped(shown, 70), size=12, pitch=16))) as document:
        picture: Image.Image = document[0].render(scale=250 / 72, grayscale=True).to_pil()

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        text = canvas.beginText(72, HEIGHT - 100)
        text.setTextRenderMode(3)
        text.setFont("Times-Roman", 12)
        text.setLeading(16)
        text.textLines(wrapped(layer, 70))
        canvas.drawText(text)

    return pdf_of(draw)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pdfs")
    pages = [page_of(body, number) for number, body in enumerate(BODIES, start=1)]
    (made / "faithful.pdf").write_bytes(pdf_of(*pages))
    (made / "note.pdf").write_bytes(pdf_of(with_note))
    false = BODIES[0].replace("1,325", "1,352").replace("nineteen", EVIL)
    (made / "false.pdf").write_bytes(scan_with_layer(BODIES[0], false))
    (made / "white.pdf").write_bytes(pdf_of(lambda canvas: lines(canvas, ["Annex"])))
    (made / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")
    return made


@pytest.fixture(scope="module")
def out(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("out")
    assert main(["fidelity", str(folder), "--out", str(made)]) == 0
    return made


def read_pages(out: Path) -> dict[tuple[str, int], dict[str, Any]]:
    found = map(json.loads, (out / "pages.jsonl").read_text("utf-8").splitlines())
    return {(page["source"], page["page"]): page for page in found}


@needs_tesseract
def test_a_faithful_page_has_all_its_words(out: Path) -> None:
    for number in (1, 2, 3):
        page = read_pages(out)["faithful.pdf", number]
        assert page["word recall"] == page["number recall"] == page["order"] == 1.0
        assert not page["added"] and not page["changed"]


@needs_tesseract
def test_running_heads_and_page_numbers_are_left_out_and_listed(out: Path) -> None:
    page = read_pages(out)["faithful.pdf", 2]
    assert page["left_out"] == ["Vetting in Ruritania: a report of the board", "Page 2"]


@needs_tesseract
def test_a_false_text_layer_is_found(out: Path) -> None:
    page = read_pages(out)["false.pdf", 1]
    assert page["changed"] == [["1,325", "1,352"]]
    assert page["missing"] == ["1,325", "nineteen"] and "script" in page["added"]
    assert 0.9 < page["word recall"] < 1 and page["number recall"] < 1


@needs_tesseract
def test_marks_of_notes_and_exponents_are_no_changes_where_both_are_read_rightly(out: Path) -> None:
    page = read_pages(out)["note.pdf", 1]
    assert not page["changed"] and not page["missing"]


@needs_tesseract
def test_pages_without_words_and_files_without_pages_are_counted(out: Path) -> None:
    measured = json.loads((out / "figures.json").read_text("utf-8"))
    assert measured["pages"] == {"compared": 5, "few words": 1}
    assert measured["not opened"] == ["broken.pdf"]
    recall = measured["figures"]["word recall"]
    assert (recall["n"], recall["undefined"]) == (5, 1)
    assert recall["median page"]["value"] == 1.0 and recall["worst twentieth"]["value"] < 1


@needs_tesseract
def test_the_report_shows_the_false_page_first_and_escapes_what_strangers_wrote(out: Path) -> None:
    page = (out / "fidelity.html").read_text("utf-8")
    assert page.index("false.pdf, page 1") < page.index("faithful.pdf, page 1")
    assert "shown 1,325, stored 1,352" in page and "data:image/jpeg;base64," in page
    assert "<script" not in page and "&lt;script&gt;" in page
    assert '<i title="nineteen"' in page and "<mark>1,352</mark>" in page


@needs_tesseract
def test_what_tesseract_has_read_is_not_read_again(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read_pages(out)
    monkeypatch.setattr(sight, "look", lambda picture, dpi: pytest.fail("read again"))
    assert main(["fidelity", str(folder), "--out", str(out)]) == 0
    assert read_pages(out) == before


def test_without_tesseract_it_says_what_to_install(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["fidelity", str(folder), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "apt-get install tesseract-ocr" in said and len(said.splitlines()) == 1


@needs_tesseract
def test_a_folder_without_pdfs_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fidelity", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "holds no PDF" in capsys.readouterr().err


def test_a_huge_page_is_drawn_coarser(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "huge.pdf"), pagesize=(14_400, 14_400))
    canvas.showPage()
    canvas.save()
    picture = drawing.picture(tmp_path / "huge.pdf", 1, 250, most_pixels=1_000_000)
    assert picture is not None
    width, height = Image.open(BytesIO(picture)).size
    assert 0.9e6 < width * height < 1.1e6


def test_a_file_that_pdfium_cannot_open_has_no_pages_and_no_picture(folder: Path) -> None:
    broken = folder / "broken.pdf"
    assert drawing.page_count(broken) is None and drawing.picture(broken, 1, 100) is None
    assert drawing.edge_lines(broken, 1, 1) == []


def test_a_sample_is_the_same_each_time_and_a_larger_one_holds_it() -> None:
    counted = [(Source(Path(name), name, name), 50) for name in "abc"]
    small, large = sample(counted, 20), sample(counted, 60)
    assert small == sample(counted, 20) and set(small) < set(large) and len(small) == 20
    assert len(sample(counted, 0)) == 150 == len(sample(counted, 1_000))
