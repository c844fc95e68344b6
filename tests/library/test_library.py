import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from assistant.encoder import Encoder
from assistant.errors import NoLibrary
from assistant.library import Library
from assistant.library.generations import Generations
from assistant.library.indexing import ingest
from assistant.records import Filters, Passage
from assistant.settings import Settings


@pytest.fixture(scope="session")
def library(made_once: Settings) -> Library:
    return Library.open(made_once.library)


@pytest.fixture(scope="session")
def question(made_once: Settings) -> np.ndarray:
    return Encoder.load(made_once).encode_query("Who watches over the money of the army?").vector


@pytest.fixture
def copied(made_once: Settings, tmp_path: Path) -> Settings:
    """The library, to be written to."""
    shutil.copytree(made_once.library, tmp_path / "library")
    return Settings(corpus=made_once.corpus, library=tmp_path / "library")


def test_there_is_no_library_before_the_first_ingest(tmp_path: Path) -> None:
    with pytest.raises(NoLibrary, match=r"ingest\.py"):
        Library.open(tmp_path)


def test_opening_and_reading_loads_neither_the_model_nor_chroma(made_once: Settings) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant.library import Library;"
        "library = Library.open(Path(sys.argv[1])); library.full_text(['vetting'], 3); library.acronyms();"
        "print([name for name in ('torch', 'chromadb', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(made_once.library)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_documents_have_what_sources_csv_says_of_them(library: Library) -> None:
    assert [info.source for info in library.documents()] == ["ddr.txt", "law/parliament.txt", "vetting.txt"]
    vetting = library.document("vetting.txt").metadata
    assert (vetting.title, vetting.kind, vetting.year) == ("Vetting in Liberia", "case-study", 2005)
    [refusal] = library.refusals()
    assert (refusal.source, refusal.reason) == ("empty.txt", "empty")


def test_nearest_passages_and_sentences_answer_the_question(library: Library, question: np.ndarray) -> None:
    best, cosine = library.nearest(question, 1)[0]
    assert "budget of the armed forces" in library.passages([best])[0].text
    vector = library.vectors([best])[best]
    lengths = np.linalg.norm(vector) * np.linalg.norm(question)
    assert cosine == pytest.approx(float(vector @ question / lengths), abs=1e-5)
    key, place, _ = library.nearest_sentences(question, 1)[0]
    passage = library.passages([key])[0]
    assert "budget" in passage.sentence_text(passage.sentences[place])


def test_nearest_sentences_are_those_that_comparing_with_all_gives(library: Library, question: np.ndarray) -> None:
    ids = [passage.id for info in library.documents() for passage in library.passages_of(info.source)]
    cosines = {
        (key, place): float(row.astype(np.float32) @ question)
        for key, rows in library.sentence_vectors(ids).items()
        for place, row in enumerate(rows)
    }
    hits = library.nearest_sentences(question, 5)
    assert [(key, place) for key, place, _ in hits] == sorted(cosines, key=lambda at: -cosines[at])[:5]
    assert len(library.nearest_sentences(question, 1000)) == len(cosines)


def test_searches_keep_to_the_sources(library: Library, question: np.ndarray) -> None:
    for hits in (
        library.nearest(question, 5, {"ddr.txt"}),
        library.nearest_sentences(question, 5, {"ddr.txt"}),
        library.full_text(["united nations", "vetting"], 5, {"ddr.txt"}),
    ):
        assert {library.passages([hit[0]])[0].source for hit in hits} == {"ddr.txt"}
    assert library.nearest_sentences(question, 5, set()) == []


def test_titles_and_symbols_are_searched_too(library: Library) -> None:
    [(best, _), *_] = library.full_text(["S/RES/1509"], 3)
    assert library.passages([best])[0].source == "vetting.txt"


@pytest.mark.parametrize(
    ("filters", "sources"),
    [
        (Filters(), None),
        (Filters(country=("liberia", "Nepal")), {"vetting.txt", "ddr.txt"}),
        (Filters(country=("Liberia", "Nepal"), kind=("doctrine",)), {"ddr.txt"}),
        (Filters(year_from=2000), {"vetting.txt"}),
        (Filters(year_to=2004), set()),
        (Filters(mission=("UNMIL",), organisation=("united nations",)), {"vetting.txt"}),
    ],
)
def test_filters_are_or_within_a_field_and_and_between_fields(
    library: Library, filters: Filters, sources: set[str] | None
) -> None:
    assert library.select(filters) == sources


def test_acronyms_come_from_the_glossary_and_from_the_documents(library: Library) -> None:
    assert library.acronyms()["DDR"] == (
        "disarmament demobilisation reintegration",
        "Disarmament, demobilization and reintegration",
    )
    assert library.acronyms()["UNMIN"] == ("United Nations Mission in Nepal",)
    assert library.glossary()[0].meaning == "A process."
    assert library.names()["country"] == ("Liberia", "Nepal", "Sudan")


def test_a_reader_moves_to_a_new_generation_when_it_refreshes(copied: Settings, question: np.ndarray) -> None:
    library = Library.open(copied.library)
    before = library.generation
    assert not library.refresh()
    ingest(Settings(corpus=_with_another(copied), library=copied.library))
    assert library.generation == before
    assert "another.txt" not in [info.source for info in library.documents()]
    assert library.refresh()
    assert "another.txt" in [info.source for info in library.documents()]
    assert len(library.nearest(question, 100)) == library.manifest.counts["passages"]


@pytest.mark.slow
def test_a_question_ends_in_the_generation_it_began_with(copied: Settings, question: np.ndarray) -> None:
    library = Library.open(copied.library)
    began, switched = threading.Event(), threading.Event()
    seen: list[tuple[str, list[Passage], bool]] = []

    def ask() -> None:
        library.refresh()
        hits = library.nearest(question, 3)
        began.set()
        switched.wait(60)
        seen.append(
            (library.generation, library.passages([key for key, _ in hits]), library.nearest(question, 3) == hits)
        )

    asking = threading.Thread(target=ask)
    asking.start()
    began.wait(60)
    before = library.generation
    ingest(Settings(corpus=_with_another(copied), library=copied.library))
    library.refresh()
    switched.set()
    asking.join()
    [(generation, passages, same)] = seen
    assert (generation, len(passages), same) == (before, 3, True)
    assert library.generation != before
    lock = Generations(copied.library)._remove(before)
    assert lock, "the generation before is let go when its last question has ended"


@pytest.mark.parametrize("harm", ["deleted", "emptied", "garbage", "one passage lost"])
def test_a_vector_index_that_is_not_right_is_made_again(
    copied: Settings, question: np.ndarray, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    library = Library.open(copied.library)
    chroma = copied.library / "generations" / library.generation / "chroma"
    if harm == "one passage lost":
        from assistant.library.vectors import VectorIndex

        index = VectorIndex(chroma)
        index.remove([library.passages_of("ddr.txt")[0].id])
        index.close()
    elif harm == "garbage":
        for path in chroma.rglob("*.*"):
            path.write_bytes(b"garbage" * 99)
    else:
        shutil.rmtree(chroma)
        if harm == "emptied":
            chroma.mkdir()
    assert len(library.nearest(question, 100)) == library.manifest.counts["passages"]
    [said] = [record.message for record in caplog.records if "made again" in record.message]
    assert library.generation in said


def test_an_index_that_fails_in_use_is_made_again(copied: Settings, question: np.ndarray) -> None:
    library = Library.open(copied.library)
    expected = library.nearest(question, 5)
    shutil.rmtree(copied.library / "generations" / library.generation / "chroma")
    assert library.nearest(question, 5) == expected
    assert Library.open(copied.library).nearest(question, 5) == expected


@pytest.mark.slow
def test_two_processes_that_find_the_index_damaged_make_it_once(copied: Settings) -> None:
    generation = Library.open(copied.library).generation
    shutil.rmtree(copied.library / "generations" / generation / "chroma")
    code = (
        "import sys, numpy; from pathlib import Path; from assistant.library import Library;"
        "vector = numpy.ones(384, numpy.float32) / 384 ** .5;"
        "print(len(Library.open(Path(sys.argv[1])).nearest(vector, 100)))"
    )
    command = [sys.executable, "-c", code, str(copied.library)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    found = [reader.communicate() for reader in readers]
    assert len({out for out, _ in found}) == 1
    assert found[0][0].strip() not in ("", "0")
    assert sum("made again" in err for _, err in found) == 1


def test_a_library_on_a_read_only_disk_is_read(
    copied: Settings, question: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    before = _everything(copied.library)
    with Library.open(copied.library) as library:
        assert len(library.nearest(question, 3)) == 3
        assert library.nearest_sentences(question, 3)
    assert _everything(copied.library) == before


def _with_another(settings: Settings) -> Path:
    corpus = settings.library.parent / "corpus with another"
    if not corpus.exists():
        shutil.copytree(settings.corpus, corpus)
        (corpus / "another.txt").write_text("Border guards\n\nBorder guards of Tajikistan were trained in 2009.\n")
    return corpus


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
