"""The command line `python ingest.py`, in this process where its output is enough, in one of its own where not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import ingest
from assistant.library.reports import FileReport, IngestReport

ROOT = Path(__file__).resolve().parents[1]
TEXT = "Vetting of the police\n\nVetting is the assessment of integrity. Liberia vetted its police in 2005.\n"


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(TEXT)
    return ["--corpus", str(tmp_path / "corpus"), "--library", str(tmp_path / "library")]


def test_the_report_says_what_became_of_each_file(
    folders: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "corpus" / "empty.md").write_text("")
    assert ingest.main(folders) == 1
    said = capsys.readouterr()
    assert said.out.startswith("1 added, 1 refused (")
    assert "empty.md: empty. " in said.out
    assert "Checking the new library ..." in said.err.splitlines()

    assert ingest.main([*folders, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert set(report) >= {"generation", "counts", "files", "seconds"}
    assert report["counts"] == {
        "added": 0,
        "updated": 0,
        "unchanged": 1,
        "withdrawn": 0,
        "refused": 1,
        "duplicate": 0,
    }
    [a, empty] = report["files"]
    assert set(a) >= {"path", "status", "reason", "pages", "pages_without_text", "passages", "seconds"}
    assert (a["path"], a["status"], a["reason"], a["pages"], a["pages_without_text"]) == (
        "a.txt",
        "unchanged",
        None,
        1,
        [],
    )
    assert (empty["path"], empty["status"], empty["reason"]) == ("empty.md", "refused", "empty")

    (tmp_path / "corpus" / "empty.md").unlink()
    assert ingest.main(folders) == 0


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["../outside.txt"], 2, "Copy it into"),
        (["a.txt", "--withdraw"], 2, "nothing is withdrawn"),
        (["--rollback", "--rebuild-vectors"], 2, "stand alone"),
        (["--rollback", "--verify"], 2, "stand alone"),
        (["--rollback"], 3, "no library"),
        (["--rebuild-vectors"], 3, "no library"),
    ],
)
def test_what_cannot_be_done_is_said_in_words_and_in_json(
    folders: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: int,
    message: str,
) -> None:
    (tmp_path.parent / "outside.txt").write_text(TEXT)
    monkeypatch.chdir(tmp_path / "corpus")
    options = [option.replace("../", "../../") for option in options]
    assert ingest.main([*folders, *options]) == code
    assert message in capsys.readouterr().err
    assert ingest.main([*folders, *options, "--json"]) == code
    assert message in json.loads(capsys.readouterr().out)["error"]


def test_an_unknown_option_is_a_matter_of_usage(folders: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        ingest.main([*folders, "--no-such-option"])
    assert exit_.value.code == 2


def test_the_folders_come_from_the_environment_too(
    folders: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SSR_CORPUS", folders[1])
    monkeypatch.setenv("SSR_LIBRARY", folders[3])
    assert ingest.main(["--dry-run", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["dry_run"], report["counts"]["added"]) == (True, 1)
    assert not Path(folders[3]).exists()


def test_with_nothing_changed_neither_the_model_nor_chroma_is_loaded(folders: list[str]) -> None:
    assert ingest.main(folders) == 0
    code = (
        "import sys, ingest; code = ingest.main(sys.argv[1:]);"
        "print([name for name in ('torch', 'chromadb', 'transformers') if name in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, *folders], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_what_was_not_read_as_it_should_be_is_told_and_stays_known(
    folders: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "corpus" / "b.md").write_text(
        "---\ntitle: [broken\n---\n\n# Budgets\n\nA parliament sees the budget.\n"
    )
    assert ingest.main(folders) == 0
    told = capsys.readouterr().out.splitlines()
    at = told.index("  b.md: added, 1 warning")
    assert told[at + 1].startswith("    The front matter is no valid YAML")
    assert ingest.main(folders) == 0
    assert "warning" not in capsys.readouterr().out
    (tmp_path / "corpus" / "c.txt").write_text("Borders\n\nGuards patrol the border.\n")
    assert ingest.main([*folders, "--json"]) == 0
    [a, b, c] = json.loads(capsys.readouterr().out)["files"]
    assert (a["warnings"], c["warnings"]) == ([], [])
    assert b["status"] == "unchanged" and len(b["warnings"]) == 1


def test_many_warnings_are_counted_and_some_of_them_shown(capsys: pytest.CaptureFixture[str]) -> None:
    warned = FileReport("a.pdf", "updated", warnings=tuple(f"Fault {number}." for number in range(40)))
    ingest._show(IngestReport("g", (warned,) * 50, 1.0), as_json=False)
    told = capsys.readouterr().out.splitlines()
    assert told.count("  a.pdf: updated, 40 warnings") == 20 and told.count("    Fault 39.") == 0
    assert told.count("    ... and 35 more; --json lists all.") == 20
    assert told[-1] == "  ... and 30 more files with warnings; --json lists all."


def test_a_linked_folder_is_said_to_be_left_out(
    folders: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "corpus" / "again").symlink_to(tmp_path / "corpus")
    assert ingest.main(folders) == 0
    assert "Linked folders are not followed: again." in capsys.readouterr().out
    assert ingest.main([*folders, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["linked_folders"], [file["path"] for file in report["files"]]) == (["again"], ["a.txt"])


@pytest.mark.slow
def test_a_thousand_documents_unchanged_take_under_three_seconds(folders: list[str], tmp_path: Path) -> None:
    for number in range(1000):
        (tmp_path / "corpus" / f"{number}.txt").write_text(
            f"Resolution {number}\n\nThe Council decides on item {number}.\n"
        )
    assert ingest.main(folders) == 0
    best = min(_seconds_of_a_run(folders) for _ in range(3))  # the machine may be busy with other things
    assert best < 3


def _seconds_of_a_run(folders: list[str]) -> float:
    command = [sys.executable, str(ROOT / "ingest.py"), *folders, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert report["counts"]["unchanged"] == 1001
    return float(report["seconds"])


def test_going_back_is_told(folders: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ingest.main(folders)
    (tmp_path / "corpus" / "b.txt").write_text("Parliaments\n\nA parliament oversees the budget.\n")
    ingest.main(folders)
    capsys.readouterr()
    assert ingest.main([*folders, "--rollback", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["switched"]
    assert report["generation"] in report["notes"][0]
    assert ingest.main([*folders, "--rebuild-vectors"]) == 0
    assert "made again" in capsys.readouterr().out
