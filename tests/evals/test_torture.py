"""The run over hostile files says which did not end as expected, and fails below its floors."""

from pathlib import Path

import pytest

from evals import torture

HEADER = "path,kind,expected,must_contain,must_not_contain\n"


def made(folder: Path, rows: list[str]) -> list[str]:
    files = folder / "files"
    files.mkdir()
    (files / "good.txt").write_text("The police\nwere vetted.")
    (files / "empty.txt").write_text("")
    (files / "odd name.html").write_text("<html><p>Shown</p><p hidden>secret</p></html>")
    (folder / "manifest.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return ["--files", str(files), "--manifest", str(folder / "manifest.csv")]


def test_all_as_expected_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        "files/good.txt,txt,indexed,police were vetted,",
        "empty.txt,txt,refused:empty,,",
        "odd name.html,html,indexed,Shown,secret",
        "good.txt,txt,either,,",
    ]

    assert torture.main(made(tmp_path, rows)) == 0
    assert "as expected 4 of 4" in capsys.readouterr().out


@pytest.mark.parametrize(
    "row",
    [
        "good.txt,txt,refused:damaged,,",
        "empty.txt,txt,indexed,,",
        "good.txt,txt,indexed,army was paid,",
        "good.txt,txt,indexed,,were vetted",
    ],
)
def test_one_that_ends_otherwise_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str) -> None:
    assert torture.main(made(tmp_path, [row])) == 1
    assert row.split(",")[0] in capsys.readouterr().out


def test_phrases_are_compared_without_what_nobody_sees() -> None:
    assert torture.comparable("ﬁrst\u00ad \n sec\u200fond") == "first second"
    assert torture.comparable("治 安\n部門") == "治安部門"
