import base64
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from catalogues import DISARMAMENT, PARLIAMENT, VETTING

from assistant.encoder import Encoded, Encoder, PassageInput
from assistant.errors import LibraryError, LibraryMismatch, SelfCheckFailed, TooManyWithdrawn, UsageError
from assistant.library import Library, indexing, new_generation
from assistant.library.checking import check_generation
from assistant.library.generations import Generations, Manifest, digest_of
from assistant.library.indexing import ingest, rebuild_vectors, roll_back
from assistant.library.new_generation import NewGeneration
from assistant.library.reports import IngestReport, Progress
from assistant.passages import split_into_passages
from assistant.records import Document, Passage
from assistant.settings import Settings

Put = Callable[[str, str], Path]


def statuses(report: IngestReport) -> dict[str, str]:
    return {file.path: file.status for file in report.files}


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collects the texts that the model embeds."""
    texts: list[str] = []
    encode = Encoder.encode_passages

    def watched(self: Encoder, passages: Sequence[PassageInput]) -> Encoded:
        texts.extend(passage.text for passage in passages)
        return encode(self, passages)

    monkeypatch.setattr(Encoder, "encode_passages", watched)
    return texts


def test_files_are_added_updated_left_alone_and_withdrawn(settings: Settings, put: Put, embedded: list[str]) -> None:
    put("a.txt", VETTING)
    put("b/b.txt", DISARMAMENT)
    first = ingest(settings)
    assert statuses(first) == {"a.txt": "added", "b/b.txt": "added"}
    assert first.switched
    assert embedded
    embedded.clear()

    second = ingest(settings)
    assert statuses(second) == {"a.txt": "unchanged", "b/b.txt": "unchanged"}
    assert (second.generation, second.switched) == (first.generation, False)

    put("a.txt", VETTING + "\nKosovo vetted judges in 2010.\n")
    put("c.txt", PARLIAMENT)
    (settings.corpus / "b" / "b.txt").unlink()
    third = ingest(settings)
    assert statuses(third) == {"a.txt": "updated", "b/b.txt": "withdrawn", "c.txt": "added"}
    assert [info.source for info in Library.open(settings.library).documents()] == ["a.txt", "c.txt"]
    assert not any("rifles" in text for text in embedded)
    assert third.checked is not None
    assert third.checked.searched == Library.open(settings.library).manifest.counts["passages"]


@pytest.mark.slow
def test_a_file_that_was_only_touched_is_not_read_again(
    settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put("a.txt", VETTING)
    ingest(settings)
    os.utime(path, ns=(10**18, 10**18))
    monkeypatch.setattr(indexing, "reading_ahead", None)
    assert statuses(ingest(settings)) == {"a.txt": "unchanged"}


def test_a_file_that_changed_without_a_sign_is_read_when_it_is_named_or_all_are_verified(
    settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(source: str, text: str) -> None:
        os.utime(put(source, text.ljust(400)), ns=(10**18, 10**18))

    write("a.txt", VETTING)
    write("b.txt", DISARMAMENT)
    ingest(settings)
    write("a.txt", PARLIAMENT)
    assert statuses(ingest(settings)) == {"a.txt": "unchanged", "b.txt": "unchanged"}
    report = ingest(settings, [settings.corpus / "a.txt"])
    assert statuses(report) == {"a.txt": "updated"}
    assert any("changed since the last ingest" in note and "a.txt" in note for note in report.notes)
    write("a.txt", VETTING)
    report = ingest(settings, verify=True)
    assert statuses(report) == {"a.txt": "updated", "b.txt": "unchanged"}
    monkeypatch.setattr(indexing, "reading_ahead", None)
    assert ingest(settings, verify=True).notes == ()


def test_names_with_hidden_characters_stand_in_the_library_as_they_are_shown(settings: Settings, put: Put) -> None:
    put("two\nlines.txt", VETTING)
    put("two\\x0alines.txt", DISARMAMENT)  # a backslash in the name itself
    names = [r"two\\x0alines.txt", r"two\x0alines.txt"]
    for status in ("added", "unchanged"):
        assert statuses(ingest(settings)) == dict.fromkeys(names, status)
    with Library.open(settings.library) as library:
        assert [info.source for info in library.documents()] == names
        assert "rifles" in library.full_document(names[0]).text


def test_a_bad_file_is_refused_with_its_reason_and_the_others_are_in(settings: Settings, put: Put) -> None:
    put("good.txt", VETTING)
    put("empty.txt", "")
    (settings.corpus / "bad.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    (settings.corpus / "broken link.txt").symlink_to("nowhere")
    report = ingest(settings)
    assert report.counts["added"] == 1
    refused = {file.path: file for file in report.files if file.status == "refused"}
    assert set(refused) == {"empty.txt", "bad.pdf", "broken link.txt"}
    assert refused["empty.txt"].reason == "empty"
    assert refused["broken link.txt"].reason == "unreadable"
    again = ingest(settings)
    assert {file.path: file.reason for file in again.files if file.status == "refused"} == {
        path: file.reason for path, file in refused.items()
    }


def test_a_lock_file_that_was_refused_by_an_earlier_version_is_named_no_more(
    settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("good.txt", VETTING)
    put("~$good.docx", "owner")
    monkeypatch.setattr("assistant.library.corpus._is_left_out", lambda name: False)
    assert ingest(settings).counts["refused"] == 1
    monkeypatch.undo()
    for _ in range(2):
        assert statuses(ingest(settings)) == {"good.txt": "unchanged"}
    assert not Library.open(settings.library).refusals()


def test_a_picture_in_letters_makes_no_passage_and_is_told(settings: Settings, put: Put, embedded: list[str]) -> None:
    picture = base64.b64encode(bytes(range(256)) * 200).decode()
    put("a.txt", f"A convoy has an escort of sixteen riders.\n\n{picture}\n\nThe escort turns back at the ford.\n")
    [file] = ingest(settings).files
    assert (file.status, file.passages) == ("added", 1)
    assert file.warnings == (f"1 stretch of {len(picture):,} characters without words was left out.",)
    assert embedded == ["A convoy has an escort of sixteen riders.\nThe escort turns back at the ford."]


@pytest.mark.slow
def test_a_new_version_that_cannot_be_read_leaves_the_old_one_in_the_library(settings: Settings, put: Put) -> None:
    put("a.txt", VETTING)
    ingest(settings)
    put("a.txt", "")
    for _ in range(2):
        [file] = ingest(settings).files
        assert (file.status, file.reason) == ("refused", "empty")
        assert "stays in the library" in str(file.message)
        assert Library.open(settings.library).full_text(["vetting"], 1)
    put("a.txt", PARLIAMENT)
    assert statuses(ingest(settings)) == {"a.txt": "updated"}
    assert not Library.open(settings.library).refusals()


def test_the_same_text_twice_stands_in_the_library_once(settings: Settings, put: Put) -> None:
    put("b.txt", VETTING)
    put("c.txt", VETTING)
    put("d.txt", VETTING.replace("\n", "\r\n"))
    report = ingest(settings)
    assert statuses(report) == {"b.txt": "added", "c.txt": "duplicate", "d.txt": "duplicate"}
    assert {file.same_as for file in report.files[1:]} == {"b.txt"}
    assert statuses(ingest(settings)) == {"b.txt": "unchanged", "c.txt": "duplicate", "d.txt": "duplicate"}

    put("a.txt", VETTING)  # the first in the alphabet stands for all
    assert statuses(ingest(settings)) == {
        "a.txt": "added",
        "b.txt": "duplicate",
        "c.txt": "duplicate",
        "d.txt": "duplicate",
    }
    (settings.corpus / "a.txt").unlink()
    assert statuses(ingest(settings)) == {
        "a.txt": "withdrawn",
        "b.txt": "updated",
        "c.txt": "duplicate",
        "d.txt": "duplicate",
    }
    put("b.txt", PARLIAMENT)
    assert statuses(ingest(settings, [settings.corpus / "b.txt"])) == {
        "b.txt": "updated",
        "c.txt": "updated",
        "d.txt": "duplicate",
    }


@pytest.mark.slow
def test_the_same_corpus_gives_the_same_library_whatever_came_before(
    settings: Settings, put: Put, tmp_path: Path
) -> None:
    put("z.txt", PARLIAMENT)
    put("b.txt", DISARMAMENT)
    put("gone.txt", "This will go.\n\nSoon.\n")
    ingest(settings)
    (settings.corpus / "gone.txt").unlink()
    put("a.txt", PARLIAMENT)
    put("b.txt", VETTING)
    ingest(settings)
    fresh = Settings(corpus=settings.corpus, library=tmp_path / "fresh")
    ingest(fresh)
    one, other = Library.open(settings.library), Library.open(fresh.library)
    assert one.manifest.content == other.manifest.content
    assert one.generation[-8:] == other.generation[-8:]
    assert one.passages_of("b.txt") == other.passages_of("b.txt")
    assert one.full_text(["parliament", "liberia"], 9) == other.full_text(["parliament", "liberia"], 9)


@pytest.mark.slow
def test_what_the_model_has_read_before_is_not_embedded_again(
    settings: Settings, put: Put, embedded: list[str]
) -> None:
    put("a.txt", VETTING)
    put("b.txt", DISARMAMENT)
    ingest(settings)
    embedded.clear()
    (settings.corpus / "a.txt").rename(settings.corpus / "moved.txt")
    report = ingest(settings)
    assert statuses(report) == {"a.txt": "withdrawn", "b.txt": "unchanged", "moved.txt": "added"}
    assert embedded == []


def test_another_title_in_sources_csv_embeds_that_document_again_and_reads_none(
    settings: Settings, put: Put, embedded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.txt", VETTING)
    put("b.txt", DISARMAMENT)
    ingest(settings)
    embedded.clear()
    put("sources.csv", "path,title,country,sha256\na.txt,Integrity of officials,Liberia,0123\n")
    monkeypatch.setattr("assistant.reading.isolation.ReadingWorker.read", None)
    report = ingest(settings)
    assert statuses(report) == {"a.txt": "updated", "b.txt": "unchanged"}
    assert embedded
    assert not any("rifles" in text for text in embedded)
    assert any("not the file that sources.csv describes" in note for note in report.notes)
    library = Library.open(settings.library)
    assert library.document("a.txt").metadata.country == ("Liberia",)
    assert library.full_text(["integrity of officials"], 1)


@pytest.mark.slow
def test_another_glossary_is_taken_over(settings: Settings, put: Put, embedded: list[str]) -> None:
    put("a.txt", VETTING)
    first = ingest(settings)
    embedded.clear()
    put("glossary.csv", "term,expansion,meaning,document\nSSR,security sector reform,Change.,a.txt\n")
    second = ingest(settings)
    assert second.generation != first.generation
    assert embedded == []
    assert Library.open(settings.library).acronyms()["SSR"] == ("security sector reform",)


@pytest.mark.slow
def test_another_splitter_or_model_reads_nothing_again(
    settings: Settings, put: Put, embedded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.txt", VETTING)
    ingest(settings)
    embedded.clear()
    monkeypatch.setattr("assistant.reading.isolation.ReadingWorker.read", None)
    monkeypatch.setattr(indexing, "SPLITTER_VERSION", "another")
    assert statuses(ingest(settings)) == {"a.txt": "updated"}
    assert embedded == []  # the passages are the same, and so are their vectors
    monkeypatch.setattr(Encoder, "identity", "another/bfloat16")
    assert statuses(ingest(settings)) == {"a.txt": "updated"}
    assert embedded


@pytest.mark.slow
def test_only_the_paths_named_are_taken_in(settings: Settings, put: Put) -> None:
    put("a.txt", VETTING)
    put("b.txt", DISARMAMENT)
    ingest(settings)
    put("a.txt", PARLIAMENT)
    put("c/c.txt", "Border guards\n\nGuards of the border were trained.\n")
    (settings.corpus / "b.txt").unlink()
    report = ingest(settings, [settings.corpus / "c"])
    assert statuses(report) == {"c/c.txt": "added"}
    library = Library.open(settings.library)
    assert [info.source for info in library.documents()] == ["a.txt", "b.txt", "c/c.txt"]
    assert library.full_text(["vetting"], 1)


@pytest.mark.slow
def test_a_corpus_that_is_gone_stops_the_ingest_unless_that_is_meant(settings: Settings, put: Put) -> None:
    for number in range(6):
        put(f"{number}.txt", f"Title {number}\n\nParagraph number {number} of the report.\n")
    before = ingest(settings).generation
    for number in range(5):
        (settings.corpus / f"{number}.txt").unlink()
    with pytest.raises(TooManyWithdrawn, match="5 of 6"):
        ingest(settings)
    shutil.move(settings.corpus, settings.corpus.with_name("elsewhere"))
    with pytest.raises(TooManyWithdrawn, match="does not exist"):
        ingest(settings)
    settings.corpus.mkdir()
    with pytest.raises(TooManyWithdrawn, match="no documents"):
        ingest(settings)
    assert Generations(settings.library).current() == before
    assert ingest(settings, withdraw=True).counts["withdrawn"] == 6
    assert Library.open(settings.library).documents() == []


def test_a_rehearsal_writes_and_reads_nothing(settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("a.txt", VETTING)
    monkeypatch.setattr(indexing, "reading_ahead", None)
    report = ingest(settings, dry_run=True)
    assert (report.dry_run, report.generation, statuses(report)) == (True, None, {"a.txt": "added"})
    assert report.notes[-1] == indexing.NOT_OPENED
    assert not settings.library.exists()
    monkeypatch.undo()
    ingest(settings)
    put("a.txt", PARLIAMENT)
    put("empty.txt", "")
    before = sorted(settings.library.rglob("*"))
    assert statuses(ingest(settings, dry_run=True)) == {"a.txt": "updated", "empty.txt": "added"}
    assert sorted(settings.library.rglob("*")) == before


def test_a_library_inside_the_corpus_is_refused(settings: Settings) -> None:
    with pytest.raises(UsageError, match="inside the corpus"):
        ingest(Settings(corpus=settings.corpus, library=settings.corpus / "library"))


@pytest.mark.slow
def test_progress_tells_each_stage_and_each_file(settings: Settings, put: Put) -> None:
    put("a.txt", VETTING)
    put("b.txt", DISARMAMENT)
    told: list[Progress] = []
    ingest(settings, progress=told.append)
    assert [progress.stage for progress in told if not progress.done] == [
        "looking",
        "reading",
        "indexing",
        "checking",
        "switching",
    ]
    assert [progress.source for progress in told if progress.done] == ["a.txt", "b.txt"]


@pytest.mark.slow
def test_going_back_and_forth(settings: Settings, put: Put) -> None:
    put("a.txt", VETTING)
    first = ingest(settings).generation
    put("a.txt", PARLIAMENT)
    second = ingest(settings).generation
    assert roll_back(settings).generation == first
    assert Library.open(settings.library).full_text(["vetting"], 1)
    third = ingest(settings)
    assert third.switched
    assert third.generation not in (first, second)
    assert not Library.open(settings.library).full_text(["vetting"], 1)


@pytest.mark.slow
def test_vectors_are_made_again_without_reading_or_embedding(
    settings: Settings, put: Put, embedded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.txt", VETTING)
    generation = ingest(settings).generation
    embedded.clear()
    chroma = settings.library / "generations" / str(generation) / "chroma"
    (chroma / "chroma.sqlite3").write_bytes(b"garbage" * 100)
    monkeypatch.setattr("assistant.reading.isolation.ReadingWorker.read", None)
    assert rebuild_vectors(settings).generation == generation
    assert embedded == []
    assert len(Library.open(settings.library).nearest(np.ones(384, np.float32), 50)) > 0


@pytest.mark.slow
def test_a_library_of_another_version_is_made_anew(settings: Settings, put: Put) -> None:
    put("a.txt", VETTING)
    generation = str(ingest(settings).generation)
    manifest = settings.library / "generations" / generation / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"layout": 3', '"layout": 0'))
    with pytest.raises(LibraryMismatch):
        Library.open(settings.library)
    report = ingest(settings)
    assert statuses(report) == {"a.txt": "added"}
    assert any("Everything is read again" in note for note in report.notes)
    assert Library.open(settings.library).documents()


@pytest.mark.slow
def test_a_library_of_the_first_version_is_upgraded_from_its_stored_texts(
    settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.txt", VETTING)
    generation = str(ingest(settings).generation)
    _make_old(settings.library / "generations" / generation)
    with pytest.raises(LibraryMismatch):
        Library.open(settings.library)
    monkeypatch.setattr("assistant.reading.isolation.ReadingWorker.read", None)
    report = ingest(settings)
    assert (statuses(report), report.notes) == ({"a.txt": "updated"}, ())
    with Library.open(settings.library) as library:
        vector = library.vectors([library.passages_of("a.txt")[0].id]).popitem()[1]
        assert library.nearest(vector, 1) and library.nearest_sentences(vector, 1)


@pytest.mark.slow
def test_a_library_of_the_second_version_gets_its_notes_without_being_read_again(
    settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.md", "# Vetting\n\nA board decides who may serve in the police.[^1]\n\n[^1]: Said in the annual gazette.\n")
    folder = settings.library / "generations" / str(ingest(settings).generation)
    catalogue = sqlite3.connect(folder / "catalogue.sqlite")
    catalogue.executescript(
        "DROP TABLE passage_index; DROP VIEW passage_texts; ALTER TABLE notes DROP COLUMN passage;"
        "CREATE VIEW passage_texts AS SELECT 1; CREATE TABLE passage_index (row); PRAGMA user_version = 2;"
    )
    catalogue.close()
    _relabel(folder, layout=2)
    monkeypatch.setattr("assistant.reading.isolation.ReadingWorker.read", None)
    assert ingest(settings).switched
    with Library.open(settings.library) as library:
        [passage] = library.passages_of("a.md")
        assert [key for key, _ in library.full_text(["gazette"], 5)] == [passage.id]
        assert [note.text for note in library.notes_of(passage.id)] == ["Said in the annual gazette."]


def _relabel(generation: Path, **said: object) -> None:
    manifest = json.loads((generation / "manifest.json").read_text()) | said
    manifest["files"]["catalogue.sqlite"] = digest_of(generation / "catalogue.sqlite")
    (generation / "manifest.json").write_text(json.dumps(manifest))


def _make_old(generation: Path) -> None:
    """Turn a generation into one as the first version made it: with other vectors, and no prepared questions."""
    catalogue = sqlite3.connect(generation / "catalogue.sqlite")
    catalogue.executescript(
        "CREATE TABLE old (passage INTEGER PRIMARY KEY, vector BLOB NOT NULL, sentences BLOB NOT NULL);"
        "DROP TABLE passage_index; DROP VIEW passage_texts;"
        "CREATE VIEW passage_texts AS SELECT 1; CREATE TABLE passage_index (row);"
        "INSERT INTO old SELECT passage, vector, sentences FROM vectors; DROP TABLE vectors; DROP TABLE questions;"
        "ALTER TABLE old RENAME TO vectors; ALTER TABLE notes DROP COLUMN passage; PRAGMA user_version = 1;"
    )
    catalogue.close()
    manifest = json.loads((generation / "manifest.json").read_text())
    manifest |= {"layout": 1, "embedding": "53aa51172d142c89/bfloat16", "precision": "bfloat16"}
    del manifest["encoder"]
    (generation / "manifest.json").write_text(json.dumps(manifest))
    _relabel(generation)


@pytest.mark.slow
def test_a_document_that_breaks_the_laws_costs_itself_alone(
    settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(document: Document, count_tokens: Callable[[str], int], room: int) -> list[Passage]:
        passages = split_into_passages(document, count_tokens, room)
        if document.source == "b.txt":
            return [replace(passage, text="made up") for passage in passages]
        if document.source == "c.txt":
            raise IndexError("a fault of ours")
        return passages

    monkeypatch.setattr(new_generation, "split_into_passages", careless)
    put("a.txt", VETTING)
    put("b.txt", DISARMAMENT)
    put("c.txt", PARLIAMENT)
    report = ingest(settings)
    assert statuses(report) == {"a.txt": "added", "b.txt": "refused", "c.txt": "refused"}
    assert "please report it" in str(report.files[1].message)
    assert [info.source for info in Library.open(settings.library).documents()] == ["a.txt"]


@pytest.mark.slow
def test_a_new_library_that_fails_its_check_is_thrown_away(
    settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.txt", VETTING)
    before = ingest(settings).generation
    put("b.txt", DISARMAMENT)
    monkeypatch.setattr(NewGeneration, "digest_of_input", lambda self, passage, title: b"another")
    with pytest.raises(SelfCheckFailed, match="still in use"):
        ingest(settings)
    assert Library.open(settings.library).generation == before
    assert [path.name for path in (settings.library / "generations").iterdir()] == [before]
    monkeypatch.undo()
    assert statuses(ingest(settings))["b.txt"] == "added"


DAMAGE = {
    "a page": ("UPDATE pages SET text = replace(text, 'police', 'troops')", "not the one that was read"),
    "pages that do not join": ("UPDATE pages SET text = text || '.'", "do not make up its text"),
    "a span": ("UPDATE spans SET page = 9", "contradicts itself"),
    "a sentence": ('UPDATE sentences SET "end" = 99999', "outside it"),
    "a vector": ("DELETE FROM vectors WHERE passage = 1", "vectors and"),
    "a vector of zeros": ("UPDATE vectors SET vector = zeroblob(1536) WHERE passage = 1", "length 1"),
    "two vectors swapped": (
        "UPDATE vectors SET vector = (SELECT vector FROM vectors v WHERE v.passage != vectors.passage)",
        "own vector",
    ),
    "a sentence vector": ("DELETE FROM sentences WHERE position = 0", "sentences have|outside it"),
    "a title": ("UPDATE documents SET metadata = replace(metadata, 'Vetting in Liberia', 'Wrong')", "was embedded"),
    "the full-text index": ("INSERT INTO passage_index (passage_index) VALUES ('delete-all')", "full-text index"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_the_check_notices_damage_to(made_once: Settings, tmp_path: Path, what: str) -> None:
    statement, complaint = DAMAGE[what]
    folder, manifest, digest_of_input = _copy(made_once, tmp_path)
    check_generation(folder, manifest, digest_of_input)
    with sqlite3.connect(folder / "catalogue.sqlite") as sql:
        sql.execute(statement)
    sql.close()
    manifest = replace(manifest, files={name: digest_of(folder / name) for name in manifest.files})
    with pytest.raises(SelfCheckFailed, match=complaint):
        check_generation(folder, manifest, digest_of_input)


def test_the_check_notices_files_that_are_not_those_of_the_manifest(made_once: Settings, tmp_path: Path) -> None:
    folder, manifest, digest_of_input = _copy(made_once, tmp_path)
    with (folder / "sentences.npy").open("r+b") as file:
        file.seek(200)
        file.write(b"\xff")
    with pytest.raises(LibraryError, match="changed or damaged"):
        check_generation(folder, manifest, digest_of_input)


def test_the_check_notices_a_vector_index_that_has_lost_a_passage(made_once: Settings, tmp_path: Path) -> None:
    folder, manifest, digest_of_input = _copy(made_once, tmp_path)
    shutil.rmtree(folder / "chroma")
    with pytest.raises(SelfCheckFailed, match="Chroma"):
        check_generation(folder, manifest, digest_of_input)


def _copy(settings: Settings, tmp_path: Path) -> tuple[Path, Manifest, Callable[[Passage, str | None], bytes]]:
    generations = Generations(settings.library)
    folder = tmp_path / "copy"
    shutil.copytree(generations.folder(generations.current()), folder)
    manifest = Manifest.read(folder)
    encoder = Encoder.load(settings, manifest.precision)

    def digest_of_input(passage: Passage, title: str | None) -> bytes:
        return new_generation.digest_of_input(passage, title, encoder.count_tokens, encoder.room)

    return folder, manifest, digest_of_input
