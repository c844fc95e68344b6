from collections.abc import Callable
from pathlib import Path

import pytest
from catalogues import DISARMAMENT, PARLIAMENT, VETTING

from assistant.library.indexing import ingest
from assistant.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty corpus and a library beside it."""
    (tmp_path / "corpus").mkdir()
    return Settings(corpus=tmp_path / "corpus", library=tmp_path / "library")


@pytest.fixture
def put(settings: Settings) -> Callable[[str, str], Path]:
    """Writes a file into the corpus."""

    def write(source: str, text: str) -> Path:
        path = settings.corpus / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A library of three documents that tests only read."""
    folder = tmp_path_factory.mktemp("made_once")
    corpus = folder / "corpus"
    (corpus / "law").mkdir(parents=True)
    (corpus / "vetting.txt").write_text(VETTING)
    (corpus / "ddr.txt").write_text(DISARMAMENT)
    (corpus / "law" / "parliament.txt").write_text(PARLIAMENT)
    (corpus / "empty.txt").write_text("")
    (corpus / "sources.csv").write_text(
        "path,title,symbol,kind,country,mission,organisations,year\n"
        "vetting.txt,Vetting in Liberia,S/RES/1509,case-study,Liberia,UNMIL,United Nations,2005\n"
        "ddr.txt,,,doctrine,Nepal;Sudan,UNMIN,,\n"
    )
    (corpus / "glossary.csv").write_text(
        "term,expansion,meaning,document\nDDR,disarmament demobilisation reintegration,A process.,ddr.txt\n"
    )
    settings = Settings(corpus=corpus, library=folder / "library")
    ingest(settings)
    return settings
