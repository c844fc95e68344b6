"""The picture of a page in the viewer: drawn elsewhere, marked here, and words in its place where it fails."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from reportlab.pdfgen import canvas
from streamlit.testing.v1 import AppTest

from assistant.library import StoredPage
from assistant.library.indexing import ingest
from assistant.settings import Settings
from assistant.ui import page_image
from assistant.ui.page_image import Artist, render

QUOTE = "The police service was rebuilt by the mission."


def pdf(path: Path, size: tuple[float, float] = (595, 842)) -> Path:
    sheet = canvas.Canvas(str(path), pagesize=size)
    sheet.drawString(72, size[1] - 100, QUOTE)
    sheet.save()
    return path


def page(number: int = 1) -> StoredPage:
    boxes = np.array([[100, 200, 110, 212], [110, 200, 120, 212], [np.nan] * 4], np.float32)
    return StoredPage(number, "ab ", None, "pypdfium2", 595, 842, None, boxes)


@pytest.fixture(autouse=True)
def _nothing_drawn_before() -> Iterator[None]:
    yield
    page_image._artist().close()
    page_image._artist.clear()
    page_image._drawn.clear()


def test_the_characters_are_marked_where_they_stand(tmp_path: Path) -> None:
    picture = render(pdf(tmp_path / "a.pdf"), "0", page(), [(0, 2)])
    assert picture is not None
    scale = picture.width / 595
    assert picture.getpixel((round(110 * scale), round(206 * scale))) == (255, 226, 122)
    assert picture.getpixel((round(130 * scale), round(206 * scale))) == (255, 255, 255)


def test_a_huge_page_takes_neither_time_nor_memory_of_the_server(tmp_path: Path) -> None:
    path = pdf(tmp_path / "huge.pdf", (14_400, 14_400))
    before, start = psutil.Process().memory_info().rss, time.perf_counter()
    picture = render(path, "0", page(), [(0, 2)])
    assert picture is not None and picture.width * picture.height < 7_000_000
    assert time.perf_counter() - start < 10  # 61 s and 6.9 GB when it was drawn as it stands
    assert psutil.Process().memory_info().rss - before < 300 << 20


def test_a_page_that_ends_the_process_costs_its_picture_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    artist = Artist(Settings())
    good = pdf(tmp_path / "a.pdf")
    monkeypatch.setattr(page_image, "draw_page", os._exit)
    assert artist.draw(good, 1) is None
    monkeypatch.undo()
    assert artist.draw(good, 1) is not None
    artist.close()


def test_a_page_that_takes_too_long_is_given_up_and_not_tried_at_once_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSR_READ_TIMEOUT_S", "0.5")
    monkeypatch.setattr(page_image, "draw_page", _for_ever)
    assert render(pdf(tmp_path / "slow.pdf"), "0", page(), []) is None
    start = time.perf_counter()
    assert render(tmp_path / "slow.pdf", "0", page(), []) is None
    assert time.perf_counter() - start < 0.4


def _for_ever(path: Path, number: int) -> None:
    time.sleep(600)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The viewer's library: one PDF."""
    (tmp_path / "corpus").mkdir()
    pdf(tmp_path / "corpus" / "a.pdf")
    ingest(Settings(corpus=tmp_path / "corpus", library=tmp_path / "library"))
    monkeypatch.setenv("SSR_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("SSR_CORPUS", str(tmp_path / "corpus"))


def viewer_page() -> AppTest:
    def script() -> None:
        from pathlib import Path

        from samples import citation

        from assistant.library import Library
        from assistant.settings import Settings
        from assistant.ui.viewer import Viewed, show_passage

        settings = Settings()
        with Library.open(settings.library) as library:
            show_passage(Viewed(citation(source="a.pdf", page=1, spans=()), 1), library, Path(settings.corpus))

    return AppTest.from_function(script, default_timeout=60)


def test_the_viewer_shows_the_picture_or_says_in_words_why_there_is_only_text(
    opened: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = viewer_page().run()
    assert not seen.exception and seen.segmented_control
    assert not any("too broken" in caption.value for caption in seen.caption)
    page_image._drawn.clear()
    monkeypatch.setattr(page_image, "draw_page", os._exit)
    without = viewer_page().run()
    assert not without.exception and not without.segmented_control
    assert any("too large or too broken" in caption.value for caption in without.caption)
