"""What staff do to the library: who may, what a trial shows, and that the library is the one ingest.py makes."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
import streamlit as st
from filelock import FileLock
from samples import EVIL as EVIL_WORDS
from streamlit.testing.v1 import AppTest

from assistant.assistant import Assistant
from assistant.errors import LibraryLocked
from assistant.library import Library
from assistant.library.generations import Generations, Manifest
from assistant.library.indexing import ingest
from assistant.library.reports import FileReport, IngestReport
from assistant.records import Metadata
from assistant.settings import Settings
from assistant.ui import staff_tasks
from assistant.ui.access import is_local
from assistant.ui.previews import previews_of
from assistant.ui.work import Work

ROOT = Path(__file__).parents[2]
CUSTOMS = b"# Customs reform\n\nThe customs service of Ruritania hired ninety inspectors in March 2011.\n"
EVIL = b"# <img src=x onerror=alert(1)>\n\n<script>alert(1)</script> Border guards of Ruritania patrol in pairs.\n"


def encrypted_pdf() -> bytes:
    writer, file = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret")
    writer.write(file)
    return file.getvalue()


@pytest.fixture
def settings(asked_settings: Settings, tmp_path: Path) -> Settings:
    """A copy of the small library that a test may change."""
    shutil.copytree(asked_settings.corpus, tmp_path / "corpus")
    shutil.copytree(asked_settings.library, tmp_path / "library")
    return Settings(corpus=tmp_path / "corpus", library=tmp_path / "library", state=tmp_path / "state")


def quiet(_: object) -> None:
    """Nobody listens."""


def content(settings: Settings) -> str:
    generations = Generations(settings.library)
    return Manifest.read(generations.folder(generations.current())).content


# Who may


@pytest.mark.parametrize(
    ("address", "headers", "may"),
    [
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, True),
        ("localhost", {"Host": "localhost:8501"}, True),
        ("127.0.0.1", {"host": "[::1]:8501"}, True),
        (None, {"Host": "127.0.0.1:8501"}, False),
        ("0.0.0.0", {"Host": "127.0.0.1:8501"}, False),
        ("127.0.0.1", {"Host": "127.0.0.1:8501", "x-forwarded-for": "10.0.0.1"}, False),
        ("127.0.0.1", {"Host": "127.0.0.1:8501", "Forwarded": "for=10.0.0.1"}, False),
        ("127.0.0.1", {"Host": "rebound.example:8501"}, False),
    ],
)
def test_only_this_very_machine_is_local(address: str | None, headers: dict[str, str], may: bool) -> None:
    assert is_local(address, headers) is may


def staff_page() -> AppTest:
    def script() -> None:
        from assistant.ui import staff

        staff.page()

    return AppTest.from_function(script, default_timeout=60)


@pytest.fixture
def served(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings as the environment of the page."""
    st.cache_resource.clear()
    monkeypatch.setenv("SSR_LIBRARY", str(settings.library))
    monkeypatch.setenv("SSR_CORPUS", str(settings.corpus))
    monkeypatch.delenv("SSR_STAFF_PASSWORD", raising=False)
    return settings


def test_the_page_is_closed_where_the_server_is_not_bound_to_its_own_machine(served: Settings) -> None:
    page = staff_page().run()
    assert not page.exception and "SSR_STAFF_PASSWORD" in page.info[0].value and not page.button


def test_a_wrong_password_opens_nothing_and_the_right_one_stays_out_of_the_session(
    served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSR_STAFF_PASSWORD", "correct horse")
    page = staff_page().run()
    assert not page.tabs
    page.text_input[0].input("wrong")
    page.button[0].click().run()
    assert page.error and not page.tabs
    page.text_input[0].input("correct horse")
    page.button[0].click().run()
    assert not page.exception and len(page.tabs) == 4
    assert "correct horse" not in str(page.session_state)
    assert "correct horse" not in str(page.query_params)


# What they do


def test_a_trial_names_what_it_found_and_refuses_with_a_way_out(settings: Settings) -> None:
    with Library.open(settings.library) as library:
        known = library.documents()
    same = (settings.corpus / "cases/liberia.md").read_bytes()
    files = {
        "good": ("Customs.md", CUSTOMS),
        "locked": ("locked.pdf", encrypted_pdf()),
        "program": ("report.pdf", b"MZ\x90\x00" + bytes(500)),
        "same": ("copy.md", same),
        "hostile": ("../../<img src=x onerror=alert(1)>.md", EVIL),
    }
    previews = previews_of(files, known, settings, ocr=False)
    assert previews["good"].metadata.title == "Customs reform" and previews["good"].refused is None
    assert "password" in (previews["locked"].refused or "")
    assert previews["program"].refused
    assert previews["same"].same_as == "cases/liberia.md"
    assert "<" not in previews["hostile"].name
    assert sorted(path.name for path in settings.corpus.iterdir()) == ["cases", "doctrine", "resolutions"]


@pytest.mark.slow
def test_files_added_on_the_page_make_the_library_that_ingest_makes(settings: Settings, tmp_path: Path) -> None:
    said = Metadata(title="Customs reform in Ruritania", kind="case-study", year=2012, country=("Ruritania",))
    files = [
        staff_tasks.NewFile("cases/customs.md", CUSTOMS, said),
        staff_tasks.NewFile("guards.md", EVIL, None),
    ]
    report = staff_tasks.adding(settings, files, [said, Metadata()], ocr=False)(quiet)
    assert report.counts["added"] == 2 and report.switched
    other = tmp_path / "other"
    command = [sys.executable, "ingest.py", "--corpus", str(settings.corpus), "--library", str(other)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert content(settings) == content(Settings(library=other))
    with Library.open(settings.library) as library:
        assert library.document("cases/customs.md").metadata == said


@pytest.mark.slow
def test_what_was_added_is_cited_then_withdrawn_then_there_again_after_going_back(settings: Settings) -> None:
    before = content(settings)
    staff_tasks.adding(settings, [staff_tasks.NewFile("customs.md", CUSTOMS, None)], [Metadata()], ocr=False)(quiet)
    question = "How many inspectors did the customs service of Ruritania hire?"
    assistant = Assistant.open(settings)
    assert "customs.md" in {citation.source for citation in assistant.ask(question).citations}
    added = content(settings)
    report = staff_tasks.withdrawing(settings, "customs.md")(quiet)
    assert report.counts["withdrawn"] == 1 and content(settings) == before
    assert "customs.md" not in {citation.source for citation in assistant.ask(question).citations}
    assert [path.read_bytes() for path in (settings.corpus / "_withdrawn").rglob("customs.md")] == [CUSTOMS]
    staff_tasks.rolling_back(settings)(quiet)
    assert content(settings) == added
    assert "customs.md" in {citation.source for citation in assistant.ask(question).citations}
    assistant.library.close()


def test_a_document_stays_where_it_is_when_the_library_cannot_follow(settings: Settings) -> None:
    with (
        FileLock(settings.library / "locks" / "writer.lock"),
        pytest.raises(LibraryLocked),
    ):
        staff_tasks.withdrawing(settings, "cases/liberia.md")(quiet)
    assert (settings.corpus / "cases/liberia.md").is_file()


def test_two_pieces_of_work_never_run_at_once(settings: Settings) -> None:
    work = Work()
    assert work.start(lambda listener: ingest(settings, progress=listener))
    began = work.start(staff_tasks.rolling_back(settings))
    work.wait()
    assert not began and work.error is None and work.report is not None


def test_going_back_without_an_earlier_state_is_said_in_words(settings: Settings) -> None:
    work = Work()
    work.start(staff_tasks.rolling_back(settings))
    work.wait()
    assert work.report is None and "no generation before" in (work.error or "")


@pytest.mark.slow
def test_the_page_withdraws_a_document_and_says_what_happened(
    served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSR_STAFF_PASSWORD", "secret")
    page = staff_page()
    page.session_state["is_staff"] = True
    page.run()
    assert not page.exception
    page.selectbox(key="withdraw_which").select("cases/kosovo.md").run()
    page.checkbox(key="withdraw_sure").check().run()
    next(button for button in page.button if button.label == "Withdraw the document").click().run()
    from assistant.ui.work import work

    work().wait()
    page.run()
    assert not page.exception
    assert "1 withdrawn" in page.success[0].value
    assert not (served.corpus / "cases/kosovo.md").exists()


def test_the_page_names_rows_of_sources_csv_that_fit_no_file(served: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSR_STAFF_PASSWORD", "secret")
    (served.corpus / "sources.csv").write_text("path,title\ncases/kosovo.md,K\ncases/<b>gone</b>.md,G\n")
    page = staff_page()
    page.session_state["is_staff"] = True
    page.run()
    assert not page.exception
    [warning] = [one.value for one in page.warning if "1 row" in one.value]
    assert "gone" in warning and "\\<b\\>" in warning and "kosovo" not in warning


def test_the_page_tells_the_warnings_of_what_was_read(served: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.ui.work import work

    monkeypatch.setenv("SSR_STAFF_PASSWORD", "secret")
    warned = FileReport("cases/a.pdf", "added", warnings=("Pages 3, 4: no text that can be read.", EVIL_WORDS))
    work().report = IngestReport("g", (warned, FileReport("b.pdf", "unchanged", warnings=("Old.",))), 1.0)
    page = staff_page()
    page.session_state["is_staff"] = True
    page.run()
    assert not page.exception
    [told] = [one for one in page.expander if "2 warnings" in one.label]
    assert "cases/a" in told.label and [line.value for line in told.text] == [
        "Pages 3, 4: no text that can be read.",
        EVIL_WORDS.replace("\u202e", "").replace("\u2066", ""),
    ]
    assert not any("Old." in line.value for line in page.text)
