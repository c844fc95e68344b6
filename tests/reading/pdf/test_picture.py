"""Pages of PDF files as pictures that are never larger than a screen needs."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen import canvas

from assistant.reading.pdf.picture import LONGEST_SIDE, MOST_PIXELS, SCALE, draw_page, scale_for


def pdf(path: Path, width: float, height: float) -> Path:
    sheet = canvas.Canvas(str(path), pagesize=(width, height))
    sheet.rect(0, 0, width / 2, height, stroke=0, fill=1)
    sheet.save()
    return path


@pytest.mark.parametrize(("width", "height"), [(595, 842), (14_400, 14_400), (100, 14_400), (3, 3)])
def test_a_page_of_any_size_is_drawn_whole_and_bounded(tmp_path: Path, width: float, height: float) -> None:
    drawn = draw_page(pdf(tmp_path / "a.pdf", width, height), 1)
    assert drawn is not None
    picture = Image.open(io.BytesIO(drawn.png))
    assert picture.width * picture.height <= MOST_PIXELS * 1.01 and max(picture.size) <= LONGEST_SIDE + 1
    assert picture.width == pytest.approx(width * drawn.scale, abs=1)
    colours = [picture.getpixel((share * picture.width // 4, picture.height // 2)) for share in (1, 3)]
    assert colours == [(0, 0, 0), (255, 255, 255)]


def test_a_page_of_usual_size_is_drawn_as_finely_as_ever() -> None:
    assert scale_for(842, 1191) == SCALE  # A3


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_no_page_makes_a_picture_beyond_the_limits(width: float, height: float) -> None:
    scale = scale_for(width, height)
    assert 0 < scale <= SCALE
    assert scale * max(width, height) <= LONGEST_SIDE * 1.001 and scale**2 * width * height <= MOST_PIXELS * 1.001


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 and nothing else", b"no PDF at all"])
def test_what_cannot_be_drawn_is_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bad.pdf").write_bytes(data)
    assert draw_page(tmp_path / "bad.pdf", 1) is None
    assert draw_page(tmp_path / "gone.pdf", 1) is None
    assert draw_page(pdf(tmp_path / "a.pdf", 100, 100), 2) is None


def test_what_is_filled_into_a_form_is_drawn(tmp_path: Path) -> None:
    def coloured(value: str) -> int:
        sheet = canvas.Canvas(str(tmp_path / "form.pdf"), pagesize=(200, 100))
        sheet.drawString(20, 80, "Goods seized:")
        sheet.acroForm.textfield(value=value, x=20, y=20, width=160, height=40, fontSize=24)
        sheet.save()
        drawn = draw_page(tmp_path / "form.pdf", 1)
        assert drawn is not None
        return sum(count for count, (red, _, _) in Image.open(io.BytesIO(drawn.png)).getcolors(1 << 20) if red < 60)

    assert coloured("Salt fish and tea") > 1.5 * coloured("")
