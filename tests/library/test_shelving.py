"""Files put into the corpus folder and taken out of it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.library import shelving
from assistant.library.corpus import descriptions, files_of
from assistant.records import Metadata

HOSTILE = [
    "../../x.md",
    "..\\..\\x.md",
    "/etc/passwd",
    "<img src=x onerror=alert(1)>.md",
    "a\u202efdp.exe",
    "x" * 300 + ".pdf",
    "é" * 300 + ".pdf",
    "CON",
    "nul.txt",
    ".hidden.md",
    "_draft.md",
    "README.md",
    "sources.csv",
    "a\0b\n.md",
    "...",
    "",
    "\ud800.md",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_becomes_a_plain_name_of_a_document(name: str, tmp_path: Path) -> None:
    source = shelving.free_name(tmp_path, "", name)
    path = shelving.put(tmp_path, source, b"text", None)
    assert path.parent == tmp_path and path.read_bytes() == b"text"
    assert list(files_of(tmp_path)) == [source]
    assert len(source.encode()) <= shelving.LONGEST_NAME
    assert not set("<>\u202e\0\n/\\") & set(source)


@given(st.text(max_size=400))
def test_a_safe_name_is_safe_again(name: str) -> None:
    safe = shelving.safe_name(name)
    assert safe == shelving.safe_name(safe)
    assert safe and "/" not in safe and not safe.startswith((".", "_"))


@pytest.mark.parametrize("source", ["../x.md", "/x.md", "_withdrawn/x.md", "a/.b/x.md", "sources.csv", "", "link/x.md"])
def test_nothing_is_written_outside_the_corpus_or_where_no_documents_are(source: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    (tmp_path / "elsewhere").mkdir()
    corpus.mkdir()
    (corpus / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError):
        shelving.put(corpus, source, b"text", None)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["corpus", "elsewhere", "link"]


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("first")
    with pytest.raises(UsageError, match="another name"):
        shelving.put(tmp_path, "a.md", b"second", Metadata(title="Second"))
    assert (tmp_path / "a.md").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
    assert shelving.free_name(tmp_path, "", "a.md") == "a (2).md"
    assert shelving.free_name(tmp_path, "", "a.md", ["a (2).md"]) == "a (3).md"


def test_a_row_of_sources_csv_replaces_its_own_row_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text('source,title,remark\nold.md,"Old, kept",mine\nnew.md,Before,\n')
    (tmp_path / "old.md").write_text("text")
    said = Metadata(title="After", kind="law", year=2020, country=("Chad", "Niger"))
    shelving.put(tmp_path, "new.md", b"text", said)
    described = descriptions(tmp_path)
    assert described.metadata["new.md"] == said and described.metadata["old.md"].title == "Old, kept"
    assert described.sha256["new.md"] and not described.complaints
    assert "mine" in (tmp_path / "sources.csv").read_text()


def test_a_withdrawn_file_is_kept_where_no_documents_are_and_can_come_back(tmp_path: Path) -> None:
    shelving.put(tmp_path, "a.md", b"text", None)
    moved = shelving.withdraw(tmp_path, "a.md")
    assert moved.read_bytes() == b"text" and files_of(tmp_path) == {}
    shelving.put_back(tmp_path, "a.md", moved)
    assert list(files_of(tmp_path)) == ["a.md"]


def test_an_upload_that_was_killed_is_no_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(hidden: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shelving, "_appear", die)
    with pytest.raises(KeyboardInterrupt):
        shelving.put(tmp_path, "a.md", b"text", Metadata(title="A"))
    assert files_of(tmp_path) == {}
    assert descriptions(tmp_path).metadata["a.md"].title == "A"


@pytest.mark.parametrize("name", ["two\nlines.md", "\x1b[31m.md", os.fsdecode(b"caf\xe9/caf\xe9.md")])
def test_a_document_with_hidden_characters_in_its_name_is_withdrawn_and_comes_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("text")
    [source] = files_of(tmp_path)
    assert source.isprintable() and all(folder.isprintable() for folder in shelving.folders_of(tmp_path))
    moved = shelving.withdraw(tmp_path, source)
    assert files_of(tmp_path) == {} and shelving.withdrawn_sources(tmp_path) >= {source}
    shelving.put_back(tmp_path, source, moved)
    assert path.read_text() == "text" and list(files_of(tmp_path)) == [source]
