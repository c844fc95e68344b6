"""A change of a reader is a change of its version, whoever forgets to say so."""

import shutil
from pathlib import Path

import pytest

import assistant.reading
from assistant.reading import READERS, reader_versions
from assistant.reading.versions import _imports, version_of


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the reading room that a test may change."""
    folder = tmp_path / "reading"
    shutil.copytree(Path(assistant.reading.__file__).parent, folder)
    monkeypatch.setattr("assistant.reading.versions._FOLDER", folder)
    return folder


def now() -> dict[str, str]:
    version_of.cache_clear()
    _imports.cache_clear()
    return reader_versions()


def changed(folder: Path, module: str) -> set[str]:
    """The formats whose version changes with a module."""
    before = now()
    with (folder / module).open("a") as file:
        file.write("\nMOST = 1\n")
    after = now()
    return {name for name in before if before[name] != after[name]}


def test_only_the_formats_that_use_a_module_get_another_version(copied: Path) -> None:
    assert changed(copied, "office/word.py") == {"", "word"}
    assert changed(copied, "office/slides.py") == {"", "slides"}
    assert changed(copied, "office/drawings.py") == {"", "word", "slides", "spreadsheet"}
    assert changed(copied, "pdf/stamps.py") == {"", "pdf"}
    assert changed(copied, "blocks/document.py") == {"", *READERS}
    assert changed(copied, "blocks/debris.py") == {"", *READERS}
    assert changed(copied, "sniffing.py") == {""}


def test_the_same_modules_give_the_same_versions() -> None:
    assert now() == now()
    assert set(reader_versions()) == {"", *READERS}
