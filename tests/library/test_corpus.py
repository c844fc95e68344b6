import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.library.corpus import chosen_files, descriptions, files_of, glossary, linked_folders, merged
from assistant.records import Metadata
from assistant.settings import Settings

Put = Callable[[str, str], Path]


def test_documents_are_all_files_but_hidden_ones_and_the_tables_at_the_top(settings: Settings, put: Put) -> None:
    for source in ["a.md", "cases/b.txt", "cases/README.md", "deep/er/c.pdf"]:
        put(source, "text")
    tables = ["README.md", "sources.csv", "glossary.csv", "reading-list.csv"]
    for source in [*tables, ".x", "_masters/m.md", "cases/_draft.md", ".git/config"]:
        put(source, "text")
    assert list(files_of(settings.corpus)) == ["a.md", "cases/README.md", "cases/b.txt", "deep/er/c.pdf"]


def test_what_other_programs_leave_behind_is_no_document(settings: Settings, put: Put) -> None:
    left = ["~$report.docx", ".~lock.a.odt#", "Thumbs.db", "cases/desktop.ini", ".DS_Store", "._a.md", "__MACOSX/a.md"]
    for source in ["a.md", "~notes.md", "thumbs.md", *left, "cases/THUMBS.DB"]:
        put(source, "text")
    assert list(files_of(settings.corpus)) == ["a.md", "thumbs.md", "~notes.md"]
    with pytest.raises(UsageError, match="not a document"):
        chosen_files(settings.corpus, [settings.corpus / "Thumbs.db"])


def test_a_name_that_is_no_unicode_is_shown_as_one(settings: Settings) -> None:
    Path(os.fsdecode(os.fsencode(settings.corpus) + b"/caf\xe9.txt")).write_text("text")
    [(source, file)] = files_of(settings.corpus).items()
    assert source == "caf\\xe9.txt"
    assert file.path.read_text() == "text"


def test_links_to_folders_are_not_followed_and_broken_links_are_listed(settings: Settings, put: Put) -> None:
    put("cases/a.txt", "text")
    (settings.corpus / "cases" / "loop").symlink_to(settings.corpus)
    (settings.corpus / "gone.txt").symlink_to("nowhere")
    files = files_of(settings.corpus)
    assert list(files) == ["cases/a.txt", "gone.txt"]
    assert files["gone.txt"].size == -1
    assert linked_folders(settings.corpus) == ["cases/loop"]


def test_a_linked_folder_cannot_be_named_either_nor_what_is_in_it(settings: Settings, put: Put, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "a.txt").write_text("text")
    (settings.corpus / "link").symlink_to(tmp_path / "shared")
    (settings.corpus / "b.txt").symlink_to(tmp_path / "shared" / "a.txt")
    for named in ("link", "link/a.txt"):
        with pytest.raises(UsageError, match="linked folder"):
            chosen_files(settings.corpus, [settings.corpus / named])
    assert list(chosen_files(settings.corpus, [settings.corpus / "b.txt"])) == ["b.txt"]


def test_a_corpus_that_is_a_link_itself_is_read(settings: Settings, put: Put, tmp_path: Path) -> None:
    put("cases/a.txt", "text")
    (tmp_path / "way").symlink_to(settings.corpus)
    assert list(files_of(tmp_path / "way")) == ["cases/a.txt"]
    assert list(chosen_files(tmp_path / "way", [settings.corpus / "cases"])) == ["cases/a.txt"]
    assert linked_folders(tmp_path / "way") == []


def test_chosen_files_may_be_named_from_here_or_from_the_corpus(
    settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("cases/a.txt", "text")
    put("b.txt", "text")
    monkeypatch.chdir(settings.corpus.parent)
    assert list(chosen_files(settings.corpus, [Path("corpus/b.txt")])) == ["b.txt"]
    assert list(chosen_files(settings.corpus, [Path("cases")])) == ["cases/a.txt"]
    assert list(chosen_files(Path("corpus"), [settings.corpus])) == ["b.txt", "cases/a.txt"]


@pytest.mark.parametrize(
    ("path", "hint"),
    [("../outside.txt", "Copy it into"), ("corpus/none.txt", "does not exist"), ("corpus/_draft.txt", "another name")],
)
def test_what_is_no_document_of_the_corpus_is_refused_with_a_hint(
    settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch, path: str, hint: str
) -> None:
    put("_draft.txt", "text")
    (settings.corpus.parent.parent / "outside.txt").write_text("text")
    monkeypatch.chdir(settings.corpus.parent)
    with pytest.raises(UsageError, match=hint):
        chosen_files(settings.corpus, [Path(path)])


def test_a_row_of_sources_csv_wins_over_the_file_and_an_empty_cell_says_nothing(settings: Settings, put: Put) -> None:
    put("sources.csv", "Path,Title,Country,Year,kind\n./a/b.md,Stated,Liberia; Mali ,2014,\n")
    row = descriptions(settings.corpus).metadata["a/b.md"]
    own = Metadata(title="Own", kind="law", publisher="Ministry", year=1999)
    assert merged(row, own) == Metadata(
        title="Stated", kind="law", publisher="Ministry", year=2014, country=("Liberia", "Mali")
    )
    assert merged(None, own) == own


def test_a_column_that_is_nearly_named_as_a_known_one_is_complained_of(settings: Settings, put: Put) -> None:
    put("sources.csv", "path,titel,organization,remarks of the clerk\na.txt,Vetting,UNMIL,seen\n")
    found = descriptions(settings.corpus)
    assert found.metadata["a.txt"] == Metadata()
    assert [complaint.split("If")[0].strip() for complaint in found.complaints] == [
        "sources.csv: its column “organization” is not read.",
        "sources.csv: its column “titel” is not read.",
    ]
    assert found.complaints[1].endswith("If it is the title, name it `title`.")


def test_values_that_cannot_be_are_unknown_and_complained_of(settings: Settings, put: Put) -> None:
    put("sources.csv", "path,kind,year\na.md,novel,MMXIV\n")
    found = descriptions(settings.corpus)
    assert found.metadata["a.md"] == Metadata()
    assert len(found.complaints) == 2
    assert "line 2" in found.complaints[0]


def test_tables_of_a_spreadsheet_are_read_with_mark_or_in_its_own_encoding(settings: Settings) -> None:
    table = "path,title\r\na.md,Réforme\r\n"
    for encoding in ("utf-8-sig", "cp1252"):
        (settings.corpus / "sources.csv").write_bytes(table.encode(encoding))
        assert descriptions(settings.corpus).metadata["a.md"].title == "Réforme"


@pytest.mark.parametrize(
    "table",
    [
        "path;title;year\na.txt;Vetting, in short;2004\n".encode("cp1252"),
        b"path\ttitle\tyear\na.txt\tVetting, in short\t2004\n",
        b"sep=;\r\npath;title;year\r\na.txt;Vetting, in short;2004\r\n",
        "path\ttitle\tyear\r\na.txt\tVetting, in short\t2004\r\n".encode("utf-16"),
        b'path,title,year\na.txt,"Vetting, in short",2004\n',
    ],
)
def test_a_table_may_part_its_cells_as_a_spreadsheet_saves_it(settings: Settings, put: Put, table: bytes) -> None:
    put("a.txt", "Text.")
    (settings.corpus / "sources.csv").write_bytes(table)
    metadata = descriptions(settings.corpus).metadata["a.txt"]
    assert (metadata.title, metadata.year) == ("Vetting, in short", 2004)


def test_tables_without_their_columns_are_refused(settings: Settings, put: Put) -> None:
    put("sources.csv", "name,title\na.md,A\n")
    put("glossary.csv", "word,meaning\nSSR,reform\n")
    with pytest.raises(UsageError, match="column `path`"):
        descriptions(settings.corpus)
    with pytest.raises(UsageError, match="`term`"):
        glossary(settings.corpus)


def test_the_glossary_keeps_its_order(settings: Settings, put: Put) -> None:
    put("glossary.csv", "term,expansion,meaning,document\nSSR,security sector reform,Change.,a.md\nDDR,disarmament,,\n")
    assert [entry.term for entry in glossary(settings.corpus)] == ["SSR", "DDR"]
    assert glossary(settings.corpus)[0].document == "a.md"
