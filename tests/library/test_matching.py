"""Which file a row of sources.csv describes, however its path is written."""

import json
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from catalogues import PARLIAMENT, VETTING
from hypothesis import given
from hypothesis import strategies as st

import ingest as command
from assistant.library import Library
from assistant.library.corpus import Descriptions, RowWithoutFile
from assistant.library.indexing import ingest
from assistant.library.matching import descriptions_of, matched, with_twins
from assistant.records import Metadata
from assistant.settings import Settings

Put = Callable[[str, str], Path]

NFD = unicodedata.normalize("NFD", "cases/décret.md")
NFC = unicodedata.normalize("NFC", NFD)


def rows(*paths: str) -> Descriptions:
    metadata = {path: Metadata(title=path) for path in paths}
    return Descriptions(metadata, dict.fromkeys(paths, "0"), lines={path: n for n, path in enumerate(paths, 2)})


def test_a_row_that_fits_no_file_is_named_with_its_line() -> None:
    found = matched(rows("a.md", "gone.md"), {"a.md", "b.md"})
    assert found.without_file == (RowWithoutFile(3, "gone.md"),)
    assert set(found.metadata) == {"a.md", "gone.md"}


@pytest.mark.parametrize(
    ("written", "named", "how"),
    [
        (NFC, NFD, "another form of Unicode"),
        (NFD, NFC, "another form of Unicode"),
        ("Cases/Note.MD", "cases/note.md", "other capitals"),
        ("cases/a b.md", "cases/a  b.md", "spaces"),
    ],
)
def test_a_path_written_otherwise_is_taken_for_its_file_with_a_warning(written: str, named: str, how: str) -> None:
    found = matched(rows(written), {named, "other.md"})
    assert found.metadata == {named: Metadata(title=written)}
    assert (found.sha256, found.without_file) == ({named: "0"}, ())
    [warning] = found.complaints
    assert f"“{written}”" in warning and f"“{named}”" in warning and how in warning and "line 2" in warning


def test_where_it_cannot_be_told_which_file_is_meant_none_is() -> None:
    found = matched(rows("NOTE.md"), {"note.md", "Note.md"})
    assert [row.path for row in found.without_file] == ["NOTE.md"]
    assert not found.complaints


def test_a_file_with_a_row_of_its_own_takes_no_other() -> None:
    found = matched(rows("Note.md", "note.md", "NOTE.md"), {"note.md", "nOte.md"})
    assert found.metadata["note.md"].title == "note.md"
    assert found.metadata["nOte.md"].title == "Note.md"  # the first that fits
    assert [row.path for row in found.without_file] == ["NOTE.md"]


@given(st.sets(st.text("aA éÉ\u0301/.", min_size=1, max_size=4)), st.lists(st.text("aA éÉ\u0301/.", max_size=4)))
def test_every_row_is_of_one_file_or_of_none_and_no_file_has_two(files: set[str], written: Sequence[str]) -> None:
    described = rows(*dict.fromkeys(written))
    found = matched(described, files)
    assert len(found.metadata) == len(described.metadata)
    assert {row.path for row in found.without_file} == set(found.metadata) - files
    assert all(found.metadata[path] == described.metadata[path] for path in files & set(described.metadata))


def test_a_row_is_that_of_the_twins_without_one_too() -> None:
    found = with_twins(rows("b.md"), {"a.md": "1", "b.md": "1", "c.md": "2", "d.md": ""})
    assert found.metadata["a.md"].title == "b.md"
    assert found.borrowed == {"a.md": "b.md"}


def test_the_row_of_a_withdrawn_file_waits_for_it(settings: Settings, put: Put) -> None:
    put("_withdrawn/20261129T100000.000000Z/cases/a.md", "text")
    put("sources.csv", "path,title\ncases/a.md,A\ncases/b.md,B\n")
    assert [row.path for row in descriptions_of(settings.corpus, {}).without_file] == ["cases/b.md"]


def test_the_report_names_rows_without_a_file(settings: Settings, put: Put, capsys: pytest.CaptureFixture[str]) -> None:
    put("a.txt", VETTING)
    put("sources.csv", "path,title\na.txt,A\ngone/b.txt,B\n")
    options = ["--corpus", str(settings.corpus), "--library", str(settings.library)]
    assert command.main(options) == 0
    assert "sources.csv has 1 row that fits no file: gone/b.txt (line 3)." in capsys.readouterr().out
    command.main([*options, "--json"])
    report = json.loads(capsys.readouterr().out)
    assert report["rows_without_file"] == [{"line": 3, "path": "gone/b.txt"}]
    command.main([*options, "--json", str(settings.corpus / "a.txt")])
    assert json.loads(capsys.readouterr().out)["rows_without_file"] == []


def test_a_file_named_in_another_form_of_unicode_has_the_metadata_of_its_row(settings: Settings, put: Put) -> None:
    put(NFD, VETTING)
    put("sources.csv", f"path,title,country\n{NFC},Decree,Liberia\n")
    report = ingest(settings)
    assert any(NFC in note and NFD in note for note in report.notes)
    with Library.open(settings.library) as library:
        assert library.document(NFD).metadata.title == "Decree"
    assert ingest(settings).counts["unchanged"] == 1


def test_of_two_files_alike_the_one_that_is_kept_has_the_row_of_the_other(settings: Settings, put: Put) -> None:
    put("order-a.md", VETTING)
    put("order-b.md", VETTING)
    put("parliament.md", PARLIAMENT)
    put("sources.csv", "path,title\norder-b.md,Order on lanterns\n")
    for _ in range(2):
        report = ingest(settings)
        assert {file.path: file.same_as for file in report.files if file.status == "duplicate"} == {
            "order-b.md": "order-a.md"
        }
        assert [note for note in report.notes if "order-b.md has the same content as order-a.md" in note]
        with Library.open(settings.library) as library:
            assert library.document("order-a.md").metadata.title == "Order on lanterns"
    assert not report.switched
    (settings.corpus / "order-b.md").unlink()
    ingest(settings)
    with Library.open(settings.library) as library:
        assert library.document("order-a.md").metadata.title != "Order on lanterns"
