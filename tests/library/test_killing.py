"""A real ingest, killed, starved of disk or interrupted: the library before must serve throughout."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.library import Library
from assistant.settings import Settings

pytestmark = pytest.mark.slow
Put = Callable[[str, str], Path]

ROOT = Path(__file__).resolve().parents[2]
STAGES = ["Looking", "Reading", "Indexing", "Checking", "Switching"]


def command(settings: Settings, *options: str) -> list[str]:
    folders = ["--corpus", str(settings.corpus), "--library", str(settings.library)]
    return [sys.executable, str(ROOT / "ingest.py"), *folders, *options]


@pytest.fixture
def grown(settings: Settings, put: Put, made_once: Settings) -> Settings:
    """A library of three documents, and a corpus with twenty more."""
    shutil.copytree(made_once.corpus, settings.corpus, dirs_exist_ok=True)
    shutil.copytree(made_once.library, settings.library)
    for number in range(20):
        lines = "\n\n".join(
            f"Report {number} counts {line} border posts of district {line * number}." for line in range(40)
        )
        put(f"new/{number:02}.txt", f"Report {number}\n\n{lines}\n")
    return settings


def is_whole(settings: Settings, documents: int) -> bool:
    with Library.open(settings.library) as library:
        infos = library.documents()
        vector = library.vectors([library.passages_of("ddr.txt")[0].id]).popitem()[1]
        return (
            len(infos) == documents
            and len(library.nearest(vector, 10_000)) == sum(info.passages for info in infos)
            and bool(library.full_text(["vetting"], 1))
            and bool(library.nearest_sentences(vector, 1))
        )


@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_ingest_leaves_the_old_library_serving(grown: Settings, stage: str) -> None:
    before = Library.open(grown.library).generation
    running = subprocess.Popen(command(grown), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT)
    assert running.stderr is not None
    assert any(line.startswith(stage) for line in running.stderr)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    switched = Library.open(grown.library).generation != before  # only the last stage may have got so far
    assert not switched or stage == "Switching"
    assert is_whole(grown, 23 if switched else 3)

    again = subprocess.run(command(grown, "--json"), capture_output=True, text=True, cwd=ROOT, check=False)
    report = json.loads(again.stdout)
    assert again.returncode == 1  # the empty file
    assert report["counts"]["added"] == (0 if switched else 20)
    assert is_whole(grown, 23)
    left = sorted(path.name for path in (grown.library / "generations").iterdir())
    assert left == [before, report["generation"]]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_ingest_cleans_up_and_says_so(grown: Settings, how: signal.Signals) -> None:
    before = Library.open(grown.library).generation
    # A job in the background ignores SIGINT, and so would the command that it starts.
    running = subprocess.Popen(
        command(grown),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        preexec_fn=lambda: signal.signal(how, signal.SIG_DFL),
    )
    assert running.stderr is not None
    assert any(line.startswith("Reading") for line in running.stderr)
    running.send_signal(how)
    said = running.communicate()[1]
    assert running.returncode == 3
    assert "Nothing was changed" in said
    assert is_whole(grown, 3)
    assert [path.name for path in (grown.library / "generations").iterdir()] == [before]


def test_a_second_ingest_at_the_same_time_is_turned_away(grown: Settings) -> None:
    first = subprocess.Popen(command(grown), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT)
    assert first.stderr is not None
    assert any(line.startswith("Reading") for line in first.stderr)
    second = subprocess.run(command(grown, "--json"), capture_output=True, text=True, cwd=ROOT, check=False)
    assert second.returncode == 3
    assert "Another ingest" in json.loads(second.stdout)["error"]
    first.communicate()
    assert first.returncode == 1
    assert is_whole(grown, 23)


@pytest.mark.parametrize("megabytes", [0.1, 1])
def test_a_file_size_limit_leaves_the_old_library_serving(grown: Settings, megabytes: float) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(megabytes * 2**20), resource.RLIM_INFINITY))

    _expect_disk_full(grown, limit)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
@pytest.mark.parametrize("free_kb", [20, 1000])
def test_a_full_disk_leaves_the_old_library_serving(grown: Settings, small_disk: Path, free_kb: int) -> None:
    library = small_disk / "library"
    shutil.copytree(grown.library, library)
    room = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    with (small_disk / "filling").open("wb") as filling:
        filling.write(b"\0" * max(0, room - free_kb * 1024))
    settings = Settings(corpus=grown.corpus, library=library)
    _expect_disk_full(settings, None)
    (small_disk / "filling").unlink()


def _expect_disk_full(settings: Settings, limit: Callable[[], None] | None) -> None:
    before = Library.open(settings.library).generation
    done = subprocess.run(
        command(settings, "--json"), capture_output=True, text=True, cwd=ROOT, check=False, preexec_fn=limit
    )
    assert done.returncode == 3, done.stdout + done.stderr
    error = json.loads(done.stdout)["error"]
    assert "is full" in error
    assert "still in use" in error
    assert [path.name for path in (settings.library / "generations").iterdir()] == [before]
    assert is_whole(settings, 3)
