"""The library and its overview, without a browser."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.settings import Settings
from assistant.ui.overview import read_log


@pytest.fixture
def at_library(asked_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    monkeypatch.setenv("SSR_LIBRARY", str(asked_settings.library))
    monkeypatch.setenv("SSR_CORPUS", str(asked_settings.corpus))
    monkeypatch.setenv("SSR_STATE", str(tmp_path))
    st.cache_resource.clear()


def library_page() -> AppTest:
    def script() -> None:
        from assistant.ui import library

        library.page()

    return AppTest.from_function(script, default_timeout=60)


def overview_page() -> AppTest:
    def script() -> None:
        from assistant.ui import overview

        overview.page()

    return AppTest.from_function(script, default_timeout=60)


def test_all_documents_are_listed_and_a_search_leaves_those_that_fit(at_library: None) -> None:
    page = library_page().run()
    assert not page.exception
    assert len(page.dataframe[0].value) == 4
    page.text_input[0].input("unmil liberia").run()
    assert list(page.dataframe[0].value["File"]) == ["cases/liberia.md"]
    page.text_input[0].input("nowhere").run()
    assert not page.exception and not page.dataframe and page.info


READING_LIST = """symbol,title,year,publisher,address,licence,why,notes
S/RES/2151 (2014),Security sector reform,2014,UN,https://undocs.org/S/RES/2151(2014),free,It is <b>the</b> text.,
,"Police Act, 2005",2005,A State,javascript:alert(1),not stated,It rules the police.,
"""


def test_primary_texts_to_get_are_listed_and_those_in_the_library_ticked_off(
    at_library: None, asked_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not library_page().run().expander  # no list, nothing to show
    (tmp_path / "reading-list.csv").write_text(READING_LIST)
    monkeypatch.setenv("SSR_CORPUS", str(tmp_path))
    page = library_page().run()
    assert not page.exception
    assert "2 primary texts, 1 of them in the library" in page.expander[0].label
    shown = page.dataframe[1].value
    assert list(shown["In the library"]) == [True, False]
    assert list(shown["Address"].dropna()) == ["https://undocs.org/S/RES/2151(2014)"]


def test_documents_are_sorted_as_asked(at_library: None) -> None:
    page = library_page().run()
    page.selectbox(key="library_sort").select("year").run()
    years = list(page.dataframe[0].value["Year"])
    assert years == sorted(years, reverse=True)


def test_a_document_shows_its_text_in_passages(at_library: None) -> None:
    page = library_page().run()
    page.selectbox(key="library_open").select("doctrine/vetting.md").run()
    assert not page.exception
    assert page.query_params["document"] == "doctrine/vetting.md"
    assert page.title[0].value == "Vetting of officers"
    assert any("Vetting is a formal check" in text.value for text in page.text)
    assert any(caption.value.startswith("Passage 1") for caption in page.caption)
    page.button[0].click().run()
    assert "document" not in page.query_params and page.dataframe


def test_a_document_shows_the_warnings_of_its_reader_as_plain_words() -> None:
    def script() -> None:
        from samples import EVIL

        from assistant.library import DocumentInfo
        from assistant.records import Metadata
        from assistant.ui.document_view import _warnings

        _warnings(DocumentInfo("a.pdf", "0", Metadata(), 3, (2,), 5, ("Slide 3 was left out.", EVIL)))

    page = AppTest.from_function(script).run()
    assert not page.exception
    empty, left_out, evil = [warning.value for warning in page.warning]
    assert "2" in empty and left_out == "Slide 3 was left out\\."
    assert "\\<img" in evil and "\\[x\\]\\(javascript" in evil and "\u202e" not in evil


def test_a_document_that_is_gone_is_said_in_words(at_library: None) -> None:
    page = library_page()
    page.query_params["document"] = "../../etc/passwd"
    page.run()
    assert not page.exception and page.warning and page.dataframe


def test_without_a_library_the_page_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    st.cache_resource.clear()
    monkeypatch.setenv("SSR_LIBRARY", str(tmp_path / "none"))
    page = library_page().run()
    assert not page.exception and "python ingest.py" in page.text[0].value


def test_the_overview_counts_themes_and_what_was_asked(at_library: None, tmp_path: Path) -> None:
    lines = [
        {"question": "What is vetting?", "status": "answered", "sources": ["doctrine/vetting.md"]},
        {"question": "Who won <b>the</b> cup?", "status": "abstained", "sources": []},
    ]
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"question": ')
    page = overview_page().run()
    assert not page.exception
    themes = page.table[0].value.set_index("Theme")
    assert themes.loc["Liberia", "Documents"] == 1 and themes.loc["Best practices", "Passages"] == 0
    assert any(text.value == "1 × Who won <b>the</b> cup?" for text in page.text)


def test_a_broken_log_is_counted_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    log = tmp_path / "questions.jsonl"
    log.write_bytes(b'\xff\n[]\n{"question": "q", "status": "answered", "sources": 3}\n')
    assert read_log(log).questions == 0
    assert read_log(tmp_path / "none").questions == 0
