"""No command ends in a traceback because of a character that the terminal cannot show."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
HARDEST = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
TERMINALS = {
    "an encoding of ASCII": {"PYTHONIOENCODING": "ascii"},
    "the locale C": {"LANG": "C", "LC_ALL": "C"},
    "the locale C and no help of Python": HARDEST,
}


def run(terminal: dict[str, str], *command: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    environment = {**kept, "COLUMNS": "100", "PYTHONPATH": os.pathsep.join(sys.path), **terminal}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, input=given, capture_output=True, check=False
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    return done


@pytest.fixture(params=TERMINALS)
def terminal(request: pytest.FixtureRequest) -> dict[str, str]:
    return TERMINALS[request.param]


def test_ingest_shows_every_name_and_its_json_is_json(terminal: dict[str, str], tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "改革 ’leer’.txt").write_text("")
    (corpus / "zwei\nZeilen \x1b[31m.txt").write_text("")
    (corpus / os.fsdecode(b"caf\xe9.txt")).write_text("")
    (corpus / "sources.csv").write_text("path,title\nDécret.md,Décret\n", encoding="utf-8")
    options = ["ingest.py", "--corpus", str(corpus), "--library", str(tmp_path / "library")]
    told = run(terminal, *options)
    assert told.returncode == 1 and told.stdout.isascii() == (b"\\u6539" in told.stdout)
    assert rb"zwei\x0aZeilen \x1b[31m.txt: empty." in told.stdout and b"\x1b" not in told.stdout
    found = json.loads(run(terminal, *options, "--json").stdout)
    assert [file["path"] for file in found["files"]] == [
        r"caf\xe9.txt",
        r"zwei\x0aZeilen \x1b[31m.txt",
        "改革 ’leer’.txt",
    ]
    assert found["rows_without_file"][0]["path"] == "Décret.md"


@pytest.mark.slow
def test_questions_are_read_and_answered_where_there_is_but_ascii(asked_settings: Settings) -> None:
    library = ["--library", str(asked_settings.library), "--corpus", str(asked_settings.corpus)]
    question = "Qu’est-ce que le vetting – l’examen des policiers ? 改革"
    told = run(HARDEST, "-m", "assistant", "ask", question, *library)
    assert told.returncode == 0 and b"[1]" in told.stdout
    answer = json.loads(run(HARDEST, "-m", "assistant", "ask", question, "--json", *library).stdout)
    assert answer["question"] == question
    lines = json.dumps({"id": "é", "question": question}, ensure_ascii=False).encode() + b"\n\xff\n"
    done = run(HARDEST, "-m", "assistant", "search", "--input", "-", *library, given=lines)
    found, bad = map(json.loads, done.stdout.splitlines())
    assert (found["id"], found["query"]) == ("é", question) and "error" in bad


def test_the_measurements_say_what_they_cannot_find(tmp_path: Path) -> None:
    done = run(HARDEST, "-m", "evals", "reader", str(tmp_path / "leider’nicht.jsonl"))
    assert done.returncode != 0
